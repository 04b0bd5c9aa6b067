/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* document.h - an event as one ECS JSON object on one line, from the field registry alone.
 *
 * Used for `--events`, the stored operations and the evidence inside alerts.  Nothing in it
 * depends on the wall clock.  event.id is a stable hash of sensor id, interface, time, packet
 * number, kind and order. */

#include "capture/base/json.h"
#include "dissectors/field.h"

/* Of the Elastic Common Schema; in ecs.version. */
#define ECS_VERSION "9.4.0"

struct document_options {
	uint64_t sensor_id;
	const char *sensor_name; /* observer.name; NULL: not written */
	const struct field_registry *registry;
	const char *configuration_hash; /* of the sensor, for alerts; NULL: there is none */
};

/* The id of the document of this record; out has 17 bytes. */
const char *document_id(const struct document_options *options, const struct record *record,
			char *out);

/* Writes the fields of the event into the object that is open in *json, in registry order, nested
 * ("source.ip" becomes "source":{"ip":...}). Begins with @timestamp, event.id, event.kind,
 * event.category, event.type, event.dataset, ecs.version when whole is true. */
void document_fields(struct json *json, const struct document_options *options,
		     const struct event *event, bool whole);

/* One whole line, newline included. */
void document_line(struct buffer *out, const struct document_options *options,
		   const struct event *event);
