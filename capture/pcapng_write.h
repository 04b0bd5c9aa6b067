/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* pcapng_write.h - writes frames as one pcapng section with nanosecond times.  One interface
 * block a (source, link type), written when its first frame comes. */

#include "capture/packet.h"

#include <sys/types.h>

struct pcapng_writer;

/* Creates path with this mode (it must not exist). 0 or negative errno. */
int pcapng_writer_new(struct pcapng_writer **out, const char *path, mode_t mode,
		      const char *application) MUST_USE;
/* Writes one frame; interface (its name) and comment may be NULL, texts are cut at 65,532 bytes.
 * 0; -E2BIG: more than 256 interfaces, the frame was not written; other negative errno (-ENOSPC,
 * -EFBIG...): the file is lost, every later call gives the same.  A full disk may show only when
 * a buffer is flushed, so the last word is pcapng_writer_close(). */
int pcapng_write(struct pcapng_writer *writer, const struct frame *frame, const char *interface,
		 const char *comment) MUST_USE;
/* Flushes, syncs and closes; *error (may be NULL) gets the first failure. Returns NULL. */
struct pcapng_writer *pcapng_writer_close(struct pcapng_writer *writer, int *error);
