/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/log.h"

#include <stdarg.h>
#include <stdio.h>

void log_say(const struct log_sink *sink, enum log_level level, const char *format, ...)
{
	char line[1024];
	va_list arguments;

	if (sink == NULL || sink->write == NULL) {
		return;
	}
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	sink->write(sink->context, level, line);
}
