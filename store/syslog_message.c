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

static const char *const forms[SYSLOG_FORMS] = { [SYSLOG_JSON] = "json", [SYSLOG_CEF] = "cef" };

/* Of levels: severity in syslog (0 to 7, the worst first) and in CEF (0 to 10). */
static const struct {
	const char *level;
	unsigned syslog, cef;
} severities[] = {
	{ "critical", 2, 10 }, { "high", 3, 8 },          { "medium", 4, 5 },
	{ "low", 5, 3 },       { "informational", 6, 1 },
};

const char *syslog_form_name(enum syslog_form form)
{
	return forms[form];
}

bool syslog_form_from_name(const char *name, enum syslog_form *out)
{
	for (size_t i = 0; i < SYSLOG_FORMS; i++) {
		if (strcmp(name, forms[i]) == 0) {
			*out = (enum syslog_form)i;
			return true;
		}
	}
	return false;
}

static unsigned severity_of(const struct json_value *document, bool cef)
{
	const char *level = json_value_text(document, "weir.level");

	for (size_t i = 0; level != NULL && i < ARRAY_SIZE(severities); i++) {
		if (strcmp(level, severities[i].level) == 0) {
			return cef ? severities[i].cef : severities[i].syslog;
		}
	}
	return cef ? 0 : 6;
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
	buffer_format(out, "<%u>1 ", options->facility * 8 + severity_of(document, false));
	put_time(out, json_value_text(document, "@timestamp"));
	buffer_text(out, " ");
	put_word(out, options->host, HOSTNAME_MAX);
	buffer_text(out, " weir " NIL " ");
	put_word(out, json_value_text(document, "event.dataset"), MSGID_MAX);
	buffer_text(out, " " NIL " ");
}

/* ---- CEF ---- */

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
	bool told = false;

	put_extension(out, "rt", json_value_text(document, "@timestamp"));
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

static void put_cef(struct buffer *out, const struct json_value *document)
{
	const char *id = json_value_text(document, "rule.uuid");
	const char *name = json_value_text(document, "rule.name");
	const char *dataset = json_value_text(document, "event.dataset");

	buffer_text(out, "CEF:0|Weir|Weir|" WEIR_VERSION "|");
	put_escaped(out, id != NULL ? id : dataset != NULL ? dataset : NIL, '|');
	buffer_text(out, "|");
	name = name != NULL ? name : json_value_text(document, "weir.asset.change");
	name = name != NULL ? name : json_value_text(document, "weir.operation");
	put_escaped(out, name != NULL ? name : dataset != NULL ? dataset : NIL, '|');
	buffer_format(out, "|%u|", severity_of(document, true));
	put_extensions(out, document);
}

/* ---- JSON ---- */

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
	if (options->form == SYSLOG_CEF) {
		put_cef(out, document);
	} else if (options->most > 0 && out->length - begin + length > options->most) {
		put_short(out, document);
	} else {
		buffer_add(out, json, length);
	}
	json_value_free(document);
}
