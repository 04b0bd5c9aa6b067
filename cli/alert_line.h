/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* alert_line.h - one line an alert, for a person who watches `weir run`. */

#include "capture/base/common.h"

#include <stdio.h>

/* "2026-11-22 08:52:20 high: TITLE (10.0.0.5 -> 10.0.0.3)"; control characters from the wire are
 * shown as '?'. */
void alert_line_print(const char *json, size_t length, FILE *out);
