/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* log.h - what the rooms say to a person goes to standard error, one line each:
 * "weir: warning: TEXT".  Safe from several threads. */

#include "capture/base/log.h"

/* The sink that says errors, warnings and, when verbose, information. */
struct log_sink log_to_stderr(bool verbose);
