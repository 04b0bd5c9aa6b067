/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* exception_view.h - the exceptions as `weir rules exceptions` shows them: from the running sensor,
 * from a replay, or from a file alone. */

#include "cli/request.h"
#include "rules/exceptions.h"

/* {"command":"exceptions"}: {"exceptions":[{...}]}, with what each was used for since the sensor
 * started. */
request_function exceptions_answer;

/* Writes an entry's members into the open object. used: the counts mean something. */
void exception_view_write(struct json *json, const struct rule_exception_info *info, bool used);
