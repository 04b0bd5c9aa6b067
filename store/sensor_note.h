/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sensor_note.h - documents in which the forwarding tells of itself. */

#include "capture/base/buffer.h"

struct sensor_note {
	const char *event;  /* weir.sensor.event */
	const char *what;   /* weir.sensor.what; NULL: nothing */
	uint64_t count;     /* weir.sensor.count, with what */
	uint64_t id;        /* event.id */
	int64_t time;       /* ns */
	const char *sensor; /* observer.name */
};

/* Adds the document as one line of JSON, with its newline. */
void sensor_note_write(struct buffer *out, const struct sensor_note *note);
