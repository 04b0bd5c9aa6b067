/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* sensor_note.h - documents in which a sensor tells of itself, and its forwarding. */

#include "capture/base/json.h"

struct sensor_note {
	const char *event;  /* weir.sensor.event */
	const char *what;   /* weir.sensor.what; NULL: nothing */
	uint64_t count;     /* weir.sensor.count, with what */
	uint64_t id;        /* event.id */
	int64_t time;       /* ns */
	const char *sensor; /* observer.name */
};

/* Begins the document, up to the open object "weir"; what is written then is of that. */
void sensor_note_begin(struct json *json, const struct sensor_note *note);
void sensor_note_end(struct json *json);
/* Adds a document that has no more as one line of JSON, with its newline. */
void sensor_note_write(struct buffer *out, const struct sensor_note *note);
