/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/cef_document.h"

#include "store/json_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NIL "-"

/* Of levels: severity, 0 to 10. */
static const struct {
	const char *level;
	unsigned severity;
} severities[] = {
	{ "critical", 10 }, { "high", 8 }, { "medium", 5 }, { "low", 3 }, { "informational", 1 },
};

static unsigned severity_of(const struct json_value *document)
{
	const char *level = json_value_text(document, "weir.level");

	for (size_t i = 0; level != NULL && i < ARRAY_SIZE(severities); i++) {
		if (strcmp(level, severities[i].level) == 0) {
			return severities[i].severity;
		}
	}
	return 0;
}

/* In the header '|' and '\' are escaped, in an extension '=', '\' and ends of lines. */
static void put_escaped(struct buffer *out, const char *text, char special)
{
	for (; *text != '\0'; text++) {
		bool line = *text == '\n' || *text == '\r';

		if (line) {
			buffer_text(out, special == '=' ? "\\n" : " ");
			continue;
		}
		if (*text == special || *text == '\\') {
			buffer_text(out, "\\");
		}
		buffer_add(out, text, 1);
	}
}

static const struct {
	const char *key, *path;
	bool number;
} extensions[] = {
	{ "externalId", "event.id", false },
	{ "act", "weir.operation", false },
	{ "outcome", "event.outcome", false },
	{ "src", "source.ip", false },
	{ "spt", "source.port", true },
	{ "smac", "source.mac", false },
	{ "shost", "weir.source.name", false },
	{ "dst", "destination.ip", false },
	{ "dpt", "destination.port", true },
	{ "dmac", "destination.mac", false },
	{ "dhost", "weir.destination.name", false },
	{ "app", "network.protocol", false },
	{ "cnt", "weir.alert.count", true },
	{ "dvchost", "observer.name", false },
	{ "start", "weir.alert.first", false },
	{ "end", "weir.alert.last", false },
	{ "cs1", "weir.alert.id", false },
	{ "cs2", "weir.source.zone", false },
	{ "cs3", "weir.destination.zone", false },
	{ "msg", "weir.alert.explanation", false },
	{ "msg", "message", false },
};

static const char *const labels[] = { "cs1Label=weir.alert.id", "cs2Label=weir.source.zone",
				      "cs3Label=weir.destination.zone" };

/* Link addresses stand with colons there. */
static void put_extension(struct buffer *out, const char *key, const char *text)
{
	bool link = strcmp(key, "smac") == 0 || strcmp(key, "dmac") == 0;

	buffer_format(out, " %s=", key);
	for (; link && *text != '\0'; text++) {
		buffer_add(out, *text == '-' ? ":" : text, 1);
	}
	put_escaped(out, text, '=');
}

static void put_extensions(struct buffer *out, const struct json_value *document)
{
	const char *time = json_value_text(document, "@timestamp");
	bool told = false;

	if (time != NULL) {
		put_extension(out, "rt", time);
	}
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++) {
		const char *key = extensions[i].key;
		const char *text = json_value_text(document, extensions[i].path);
		char number[24];

		if (extensions[i].number) {
			int64_t value = json_value_int(document, extensions[i].path, -1);

			snprintf(number, sizeof(number), "%" PRId64, value);
			text = value >= 0 ? number : NULL;
		}
		/* Of two texts for a person the first. */
		if (text == NULL || (strcmp(key, "msg") == 0 && told)) {
			continue;
		}
		told = told || strcmp(key, "msg") == 0;
		put_extension(out, key, text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		buffer_format(out, " %s", labels[i]);
	}
}

void cef_document_write(struct buffer *out, const char *json, size_t length)
{
	struct json_value *document = json_value_parse(json, length);
	const char *id = json_value_text(document, "rule.uuid");
	const char *name = json_value_text(document, "rule.name");
	const char *dataset = json_value_text(document, "event.dataset");

	buffer_text(out, "CEF:0|Weir|Weir|" WEIR_VERSION "|");
	put_escaped(out, id != NULL ? id : dataset != NULL ? dataset : NIL, '|');
	buffer_text(out, "|");
	name = name != NULL ? name : json_value_text(document, "weir.asset.change");
	name = name != NULL ? name : json_value_text(document, "weir.operation");
	put_escaped(out, name != NULL ? name : dataset != NULL ? dataset : NIL, '|');
	buffer_format(out, "|%u|", severity_of(document));
	put_extensions(out, document);
	json_value_free(document);
}
