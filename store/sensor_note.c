/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/sensor_note.h"

#include "store/document.h"

#include <inttypes.h>
#include <stdio.h>

void sensor_note_begin(struct json *json, const struct sensor_note *note)
{
	char id[17];

	snprintf(id, sizeof(id), "%016" PRIx64, note->id);
	json_object(json, NULL);
	json_time(json, "@timestamp", note->time);
	json_object(json, "event");
	json_text(json, "id", id);
	json_text(json, "kind", "metric");
	json_array(json, "category");
	json_text(json, NULL, "host");
	json_end(json);
	json_array(json, "type");
	json_text(json, NULL, "info");
	json_end(json);
	json_text(json, "dataset", "weir.sensor");
	json_end(json);
	json_object(json, "ecs");
	json_text(json, "version", ECS_VERSION);
	json_end(json);
	json_object(json, "observer");
	json_text(json, "name", note->sensor);
	json_text(json, "type", "ids");
	json_end(json);
	json_object(json, "weir");
	json_text(json, "kind", "sensor");
	json_object(json, "sensor");
	json_text(json, "event", note->event);
	if (note->what != NULL) {
		json_uint(json, "count", note->count);
		json_text(json, "what", note->what);
	}
	json_end(json);
}

void sensor_note_end(struct json *json)
{
	json_end(json);
	json_end(json);
}

void sensor_note_write(struct buffer *out, const struct sensor_note *note)
{
	struct json json = json_to(out);

	sensor_note_begin(&json, note);
	sensor_note_end(&json);
	buffer_text(out, "\n");
}
