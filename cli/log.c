/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/log.h"

#include <stdio.h>
#include <unistd.h>

static const char *const level_words[] = {
	[LOG_LEVEL_ERROR] = "error: ",
	[LOG_LEVEL_WARNING] = "warning: ",
	[LOG_LEVEL_INFO] = "",
	[LOG_LEVEL_DEBUG] = "debug: ",
};

/* One fprintf() locks the stream, so lines of several threads stay whole. On a terminal the line
 * of a progress display is wiped first. */
static void line_write(enum log_level level, const char *line)
{
	const char *wipe = isatty(STDERR_FILENO) ? "\r\033[K" : "";

	fprintf(stderr, "%sweir: %s%s\n", wipe, level_words[level], line);
}

static void write_quiet(void *context, enum log_level level, const char *line)
{
	(void)context;
	if (level <= LOG_LEVEL_WARNING) {
		line_write(level, line);
	}
}

static void write_verbose(void *context, enum log_level level, const char *line)
{
	(void)context;
	if (level <= LOG_LEVEL_INFO) {
		line_write(level, line);
	}
}

struct log_sink log_to_stderr(bool verbose)
{
	return (struct log_sink) { verbose ? write_verbose : write_quiet, NULL };
}
