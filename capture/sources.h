/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sources.h - the interfaces that capture files announce, numbered for the run.
 *
 * At most PACKET_SOURCE_MAX; all beyond share the last one, which the log is told once.  An
 * interface that a file announces again (its next section) keeps its number. */

#include "capture/file.h"
#include "capture/reader.h"

/* Who announced it: the file's path (by address, it must outlive the table) and the interface's
 * index in its section. */
struct source_origin {
	const char *path;
	uint32_t interface;
};

/* Zero-initialise but for the log, which may be NULL. */
struct sources {
	const struct log_sink *log;
	struct capture_source items[PACKET_SOURCE_MAX];
	struct source_origin origins[PACKET_SOURCE_MAX];
	size_t n;
	bool full_told;
};

/* Sets interface->source, adding a source if it is a new one; name may be empty. 0 or -ENOMEM. */
int sources_add(struct sources *sources, struct source_origin origin,
		struct reader_interface *interface, struct cursor name) MUST_USE;
void sources_free(struct sources *sources);
