/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* pcapng_write.h - writes frames as one pcapng section with nanosecond times.  One interface
 * block a (source, link type), written when its first frame comes. */

#include "capture/packet.h"

struct pcapng_writer;

/* Creates path (must not exist, mode 0640). 0 or negative errno. */
int pcapng_writer_new(struct pcapng_writer **out, const char *path,
		      const char *application) MUST_USE;
/* Writes one frame; comment may be NULL. 0 or negative errno (-ENOSPC...). */
int pcapng_write(struct pcapng_writer *writer, const struct frame *frame, const char *interface,
		 const char *comment) MUST_USE;
/* Flushes, syncs and closes; *error (may be NULL) gets the first failure. Returns NULL. */
struct pcapng_writer *pcapng_writer_close(struct pcapng_writer *writer, int *error);
