/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/syslog_message.h"

#include "capture/base/json.h"
#include "store/json_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HOSTNAME_MAX 255
#define MSGID_MAX    32
#define NIL          "-"

/* Of levels: severity (RFC 5424, table 2). */
static const struct {
	const char *level;
	unsigned severity;
} severities[] = {
	{ "critical", 2 }, { "high", 3 }, { "medium", 4 }, { "low", 5 }, { "informational", 6 },
};

static unsigned severity_of(const struct json_value *document)
{
	const char *level = json_value_text(document, "weir.level");

	for (size_t i = 0; level != NULL && i < ARRAY_SIZE(severities); i++) {
		if (strcmp(level, severities[i].level) == 0) {
			return severities[i].severity;
		}
	}
	return 6;
}

/* ---- the header ---- */

/* PRINTUSASCII of a text, at most so many; "-" for none. */
static void put_word(struct buffer *out, const char *text, size_t most)
{
	size_t n = 0;

	for (; text != NULL && text[n] != '\0' && n < most; n++) {
		char c = text[n] > ' ' && text[n] < 0x7f ? text[n] : '_';

		buffer_add(out, &c, 1);
	}
	if (n == 0) {
		buffer_text(out, NIL);
	}
}

/* RFC 5424 6.2.3: a fraction has at most six digits. */
static void put_time(struct buffer *out, const char *time)
{
	const char *dot = time != NULL ? strchr(time, '.') : NULL;
	size_t digits = dot != NULL ? strspn(dot + 1, "0123456789") : 0;

	if (time == NULL || strchr(time, 'T') == NULL) {
		buffer_text(out, NIL);
	} else if (digits <= 6) {
		buffer_text(out, time);
	} else {
		buffer_add(out, time, (size_t)(dot - time) + 7);
		buffer_text(out, dot + 1 + digits);
	}
}

static void put_header(struct buffer *out, const struct syslog_options *options,
		       const struct json_value *document)
{
	buffer_format(out, "<%u>1 ", options->facility * 8 + severity_of(document));
	put_time(out, json_value_text(document, "@timestamp"));
	buffer_text(out, " ");
	put_word(out, options->host, HOSTNAME_MAX);
	buffer_text(out, " weir " NIL " ");
	put_word(out, json_value_text(document, "event.dataset"), MSGID_MAX);
	buffer_text(out, " " NIL " ");
}

/* ---- the body ---- */

/* What a short document has of a long one. */
static const char *const short_paths[] = {
	"@timestamp",      "event.id",          "event.action",  "event.dataset", "rule.name",
	"rule.uuid",       "observer.name",     "source.ip",     "source.mac",    "destination.ip",
	"destination.mac", "network.protocol",  "weir.level",    "weir.alert.id", "weir.operation",
	"weir.asset.id",   "weir.asset.change", "event.outcome",
};

static void put_short(struct buffer *out, const struct json_value *document)
{
	struct json_value *text = json_value_parse("{}", 2);

	for (size_t i = 0; text != NULL && i < ARRAY_SIZE(short_paths); i++) {
		(void)!json_value_take(text, document, short_paths[i]);
	}
	if (text != NULL) {
		json_value_write(text, out);
	}
	json_value_free(text);
}

void syslog_message_write(struct buffer *out, const struct syslog_options *options,
			  const char *json, size_t length)
{
	struct json_value *document = json_value_parse(json, length);
	size_t begin = out->length;

	put_header(out, options, document);
	if (options->form != FORM_JSON) {
		document_form_write(out, options->form, json, length);
	} else if (options->most > 0 && out->length - begin + length > options->most) {
		put_short(out, document);
	} else {
		buffer_add(out, json, length);
	}
	json_value_free(document);
}
