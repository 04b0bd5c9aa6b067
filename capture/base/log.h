/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* log.h - how the rooms below cli/ say something to a person.
 *
 * A room gets a sink in its options and never prints by itself.  A line says what is
 * wrong, where, and what to do; no newline at its end.  A NULL sink is silent.  The
 * sink may be called from several threads; the one who provides it makes it safe. */

#include "capture/base/common.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

struct log_sink {
	void (*write)(void *context, enum log_level level, const char *line);
	void *context;
};

/* Formats and hands over one line, cut at 1,023 bytes. */
void log_say(const struct log_sink *sink, enum log_level level, const char *format, ...)
    PRINTF_LIKE(3, 4);

#define log_error(sink, ...)   log_say((sink), LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(sink, ...) log_say((sink), LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_info(sink, ...)    log_say((sink), LOG_LEVEL_INFO, __VA_ARGS__)
