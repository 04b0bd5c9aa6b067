/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/hec_event.h"

#include "capture/base/json.h"
#include "store/document_scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_TIME, VALUE_KIND, VALUE_DATASET, VALUE_CONVERSATION, VALUES };

static const struct document_value wanted[VALUES] = {
	[VALUE_TIME] = { .path = "@timestamp" },
	[VALUE_KIND] = { .path = "event.kind" },
	[VALUE_DATASET] = { .path = "event.dataset" },
	[VALUE_CONVERSATION] = { .path = "weir.conversation.id" },
};

/* The last that fits stands, as in etc/splunk/TA-weir/default/transforms.conf. */
static const struct {
	size_t value;
	const char *text; /* NULL: any */
	const char *sourcetype;
} kinds[] = {
	{ VALUE_DATASET, "weir.alert", "weir:alert" },
	{ VALUE_DATASET, "weir.finding", "weir:alert" },
	{ VALUE_KIND, "asset", "weir:asset" },
	{ VALUE_CONVERSATION, NULL, "weir:conversation" },
};

static bool is_text(const struct document_value *value, const char *text)
{
	return value->text != NULL &&
	       (text == NULL ||
		(strlen(text) == value->length && memcmp(text, value->text, value->length) == 0));
}

static const char *sourcetype_of(const struct document_value *values)
{
	const char *sourcetype = "weir:event";

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (is_text(&values[kinds[i].value], kinds[i].text)) {
			sourcetype = kinds[i].sourcetype;
		}
	}
	return sourcetype;
}

/* Seconds since 1970, with every digit that the document has behind them. */
static void put_time(struct json *event, const struct document_value *time)
{
	int64_t ms = time->text != NULL ? document_time_ms(time->text, time->length) : -1;
	const char *dot = ms >= 0 ? memchr(time->text, '.', time->length) : NULL;
	char text[48];

	if (dot != NULL) {
		snprintf(text, sizeof(text), "%" PRId64 "%.*s", ms / 1000,
			 (int)(time->text + time->length - 1 - dot), dot);
		json_raw(event, "time", text);
	}
}

void hec_event_write(struct buffer *out, const struct hec_event *options, const char *json,
		     size_t length)
{
	struct document_value values[VALUES];
	struct json event = json_to(out);

	memcpy(values, wanted, sizeof(values));
	document_scan(json, length, values, VALUES);
	json_object(&event, NULL);
	put_time(&event, &values[VALUE_TIME]);
	json_text(&event, "host", options->host);
	json_text(&event, "source", "weir");
	json_text(&event, "sourcetype", sourcetype_of(values));
	if (options->index != NULL && options->index[0] != '\0') {
		json_text(&event, "index", options->index);
	}
	buffer_text(out, ",\"event\":");
	buffer_add(out, json, length);
	json_end(&event);
	buffer_text(out, "\n");
}
