/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/config_private.h"

#include "capture/base/time_zone.h"
#include "cli/when.h"
#include "store/baseline.h"
#include "store/document_form.h"
#include "store/network_link.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	uint64_t bytes;
} size_units[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "KiB", UINT64_C(1) << 10 },
	{ "MiB", UINT64_C(1) << 20 },
	{ "GiB", UINT64_C(1) << 30 },
};

void config_mistake_at(struct reading *reading, unsigned line, unsigned column, const char *format,
		       ...)
{
	char what[400], text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	snprintf(text, sizeof(text), "%s:%u:%u: %s", reading->file, line, column, what);
	reading->mistakes++;
	reading->handler(reading->context, text);
}

/* "32 MiB" */
static int size_parse(const char *text, uint64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)*text)) {
		return -EINVAL;
	}
	errno = 0;
	unsigned long long count = strtoull(text, &end, 10);
	end += *end == ' ' ? 1 : 0;
	for (size_t i = 0; errno == 0 && i < ARRAY_SIZE(size_units); i++) {
		if (strcmp(end, size_units[i].name) == 0 &&
		    count <= UINT64_MAX / size_units[i].bytes) {
			*out = count * size_units[i].bytes;
			return 0;
		}
	}
	return -EINVAL;
}

/* "0.1 %" or "0.1" */
static int percent_parse(const char *text, double *out)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || !isdigit((unsigned char)*text) || value > 100) {
		return -EINVAL;
	}
	end += *end == ' ' ? 1 : 0;
	end += *end == '%' ? 1 : 0;
	if (*end != '\0') {
		return -EINVAL;
	}
	*out = value;
	return 0;
}

/* Copies a text of the file into a fixed member. */
static void text_read(struct reading *reading, const struct yaml_node *node, char *out)
{
	if (node->kind != YAML_SCALAR || node->length >= CONFIG_TEXT_MAX ||
	    strlen(node->text) != node->length) {
		config_mistake_at(reading, node->line, node->column, "wants a text below %d bytes",
				  CONFIG_TEXT_MAX);
		return;
	}
	memcpy(out, yaml_is_null(node) ? "" : node->text,
	       yaml_is_null(node) ? 1 : node->length + 1);
}

static void number_read(struct reading *reading, const struct key *key,
			const struct yaml_node *node, uint64_t *out)
{
	uint64_t value = 0;
	int64_t integer;
	bool right = key->kind == KEY_SIZE
			 ? node->kind == YAML_SCALAR && size_parse(node->text, &value) == 0
			 : yaml_as_int(node, &integer) && integer >= 0;

	if (right && key->kind == KEY_NUMBER) {
		value = (uint64_t)integer;
	}
	if (!right || value < key->least || value > key->most) {
		config_mistake_at(reading, node->line, node->column,
				  "%s.%s wants a %s from %" PRIu64 " to %" PRIu64, key->section,
				  key->name,
				  key->kind == KEY_SIZE ? "size (bytes, KiB, MiB, GiB)" : "number",
				  key->least, key->most);
		return;
	}
	*out = value;
}

static void duration_read(struct reading *reading, const struct key *key,
			  const struct yaml_node *node, int64_t *out)
{
	int64_t duration = 0;

	if (node->kind != YAML_SCALAR || when_parse_duration(node->text, &duration) < 0 ||
	    duration == 0) {
		config_mistake_at(reading, node->line, node->column,
				  "%s.%s wants a duration such as 60s, 1h or 90d", key->section,
				  key->name);
		return;
	}
	*out = duration;
}

static void interfaces_read(struct reading *reading, const struct key *key,
			    const struct yaml_node *node)
{
	if (node->kind != YAML_LIST && !yaml_is_null(node)) {
		config_mistake_at(reading, node->line, node->column,
				  "%s.%s wants a list: [eth1, eth2:3]", key->section, key->name);
		return;
	}
	reading->config->capture.n_interfaces = 0;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		struct problem problem = { "" };

		if (config_add_interface(reading->config, at->kind == YAML_SCALAR ? at->text : "",
					 &problem) < 0) {
			config_mistake_at(reading, at->line, at->column, "%s", problem.text);
		}
	}
}

void config_texts_read(struct reading *reading, const struct key *key, const struct yaml_node *node,
		       struct config_texts *out)
{
	bool list = node->kind == YAML_LIST;

	if (!list &&
	    (node->kind != YAML_SCALAR || (key->kind != KEY_RECEIVER && !yaml_is_null(node)))) {
		config_mistake_at(reading, node->line, node->column, "%s.%s wants a list",
				  key->section, key->name);
		return;
	}
	out->n = 0;
	if (!list && !yaml_is_null(node)) {
		text_read(reading, node, out->items[out->n++]);
	}
	for (const struct yaml_node *at = list ? node->child : NULL; at != NULL; at = at->next) {
		if (out->n == CONFIG_TEXTS_MAX) {
			config_mistake_at(reading, at->line, at->column, "more than %d in the list",
					  CONFIG_TEXTS_MAX);
			return;
		}
		text_read(reading, at, out->items[out->n++]);
	}
}

static void frames_check(struct reading *reading, const struct yaml_node *node)
{
	size_t n = 0;

	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		struct problem problem = { "" };
		struct baseline_frame frame;

		if (at->kind == YAML_SCALAR &&
		    baseline_frame_parse(at->text, &frame, &problem) < 0) {
			config_mistake_at(reading, at->line, at->column, "%s", problem.text);
		}
		if (++n == BASELINE_FRAMES_MAX) {
			config_mistake_at(reading, at->line, at->column, "more than %d times",
					  BASELINE_FRAMES_MAX - 1);
		}
	}
}

static void time_zone_check(struct reading *reading, const struct yaml_node *node, const char *name)
{
	struct problem problem = { "" };
	struct time_zone *zone = NULL;

	if (node->kind == YAML_SCALAR && time_zone_read(&zone, name, &problem) < 0) {
		config_mistake_at(reading, node->line, node->column, "%s", problem.text);
	}
	time_zone_free(zone);
}

static void level_read(struct reading *reading, const struct key *key, const struct yaml_node *node,
		       uint64_t *out)
{
	enum alert_level level;

	if (node->kind != YAML_SCALAR || !alert_level_from_name(node->text, &level)) {
		config_mistake_at(reading, node->line, node->column,
				  "%s.%s wants informational, low, medium, high or critical",
				  key->section, key->name);
		return;
	}
	*out = level;
}

static void unknown_table(struct reading *reading, const struct key *key,
			  const struct yaml_node *node)
{
	char names[160] = "";
	size_t n = 0;

	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		n += (size_t)snprintf(names + n, sizeof(names) - n, "%s%s", i > 0 ? ", " : "",
				      forward_table_name((enum forward_table)i));
	}
	config_mistake_at(reading, node->line, node->column, "%s.%s wants of these: %s",
			  key->section, key->name, names);
}

static void transport_read(struct reading *reading, const struct yaml_node *node, uint64_t *out)
{
	enum link_transport transport;

	if (node->kind == YAML_SCALAR && link_transport_from_name(node->text, &transport)) {
		*out = transport;
	} else {
		config_mistake_at(reading, node->line, node->column,
				  "transport is tls, tcp or udp");
	}
}

static void form_read(struct reading *reading, const struct yaml_node *node, uint64_t *out)
{
	enum document_form form;

	if (node->kind == YAML_SCALAR && document_form_from_name(node->text, &form)) {
		*out = form;
	} else {
		config_mistake_at(reading, node->line, node->column, "form is json, cef or ocsf");
	}
}

static void send_read(struct reading *reading, const struct key *key, const struct yaml_node *node,
		      bool *out)
{
	if (node->kind != YAML_LIST) {
		config_mistake_at(reading, node->line, node->column, "%s.%s wants a list",
				  key->section, key->name);
		return;
	}
	memset(out, 0, FORWARD_TABLES * sizeof(*out));
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		enum forward_table table;

		if (at->kind == YAML_SCALAR && forward_table_from_name(at->text, &table)) {
			out[table] = true;
		} else {
			unknown_table(reading, key, at);
		}
	}
}

void config_value_read(struct reading *reading, const struct key *key, void *base,
		       const struct yaml_node *node)
{
	void *slot = (char *)base + key->offset;

	switch (key->kind) {
	case KEY_TEXT:
		text_read(reading, node, slot);
		break;
	case KEY_BOOL:
		if (!yaml_as_bool(node, slot)) {
			config_mistake_at(reading, node->line, node->column,
					  "%s.%s wants true or false", key->section, key->name);
		}
		break;
	case KEY_NUMBER:
	case KEY_SIZE:
		number_read(reading, key, node, slot);
		break;
	case KEY_DURATION:
		duration_read(reading, key, node, slot);
		break;
	case KEY_PERCENT:
		if (node->kind != YAML_SCALAR || percent_parse(node->text, slot) < 0) {
			config_mistake_at(reading, node->line, node->column,
					  "%s.%s wants a share such as 0.1 %%", key->section,
					  key->name);
		}
		break;
	case KEY_INTERFACES:
		interfaces_read(reading, key, node);
		break;
	case KEY_TEXTS:
		config_texts_read(reading, key, node, slot);
		break;
	case KEY_FRAMES:
		config_texts_read(reading, key, node, slot);
		frames_check(reading, node);
		break;
	case KEY_LEVEL:
		level_read(reading, key, node, slot);
		break;
	case KEY_SEND:
		send_read(reading, key, node, slot);
		break;
	case KEY_OUTPUTS:
		config_outputs_read(reading, node, slot);
		break;
	case KEY_TRANSPORT:
		transport_read(reading, node, slot);
		break;
	case KEY_FORM:
		form_read(reading, node, slot);
		break;
	case KEY_RECEIVER:
		break;
	case KEY_TIME_ZONE:
		text_read(reading, node, slot);
		time_zone_check(reading, node, slot);
		break;
	}
}

/* ---- writing ---- */

/* There only the quote itself is special. */
void config_text_write(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text != '\0'; text++) {
		fputs(*text == '\'' ? "''" : (char[]) { *text, '\0' }, out);
	}
	fputc('\'', out);
}

static void interfaces_write(const struct config *config, FILE *out)
{
	char text[CONFIG_TEXT_MAX + 8];

	fputc('[', out);
	for (size_t i = 0; i < config->capture.n_interfaces; i++) {
		const struct config_interface *interface = &config->capture.interfaces[i];

		fputs(i > 0 ? ", " : "", out);
		snprintf(text, sizeof(text), "%s:%u", interface->name, interface->domain);
		config_text_write(out, text);
	}
	fputc(']', out);
}

void config_texts_write(const struct config_texts *texts, FILE *out)
{
	fputc('[', out);
	for (size_t i = 0; i < texts->n; i++) {
		fputs(i > 0 ? ", " : "", out);
		config_text_write(out, texts->items[i]);
	}
	fputc(']', out);
}

struct unit {
	const char *name;
	int64_t size;
};

/* In the largest unit that leaves no fraction. */
static void with_unit_write(FILE *out, int64_t value, const struct unit *units)
{
	while (units->size > 1 && (value == 0 || value % units->size != 0)) {
		units++;
	}
	fprintf(out, "%" PRId64 "%s", value / units->size, units->name);
}

static void duration_write(FILE *out, int64_t ns)
{
	static const struct unit units[] = {
		{ "d", NS_PER_DAY / NS_PER_MS },
		{ "h", NS_PER_HOUR / NS_PER_MS },
		{ "m", NS_PER_MINUTE / NS_PER_MS },
		{ "s", NS_PER_S / NS_PER_MS },
		{ "ms", 1 },
	};

	with_unit_write(out, ns / NS_PER_MS, units);
}

static void size_write(FILE *out, int64_t bytes)
{
	static const struct unit units[] = {
		{ " GiB", 1 << 30 }, { " MiB", 1 << 20 }, { " KiB", 1 << 10 }, { "", 1 }
	};

	with_unit_write(out, bytes, units);
}

static void send_write(const bool *send, FILE *out)
{
	const char *between = "";

	fputc('[', out);
	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		if (send[i]) {
			fprintf(out, "%s%s", between, forward_table_name((enum forward_table)i));
			between = ", ";
		}
	}
	fputc(']', out);
}

void config_value_write(const void *base, const struct key *key, FILE *out)
{
	const void *slot = (const char *)base + key->offset;

	switch (key->kind) {
	case KEY_TEXT:
	case KEY_TIME_ZONE:
		config_text_write(out, slot);
		break;
	case KEY_BOOL:
		fputs(*(const bool *)slot ? "true" : "false", out);
		break;
	case KEY_NUMBER:
		fprintf(out, "%" PRIu64, *(const uint64_t *)slot);
		break;
	case KEY_SIZE:
		size_write(out, *(const int64_t *)slot);
		break;
	case KEY_DURATION:
		duration_write(out, *(const int64_t *)slot);
		break;
	case KEY_PERCENT:
		fprintf(out, "%.9g", *(const double *)slot);
		break;
	case KEY_INTERFACES:
		interfaces_write(base, out);
		break;
	case KEY_TEXTS:
	case KEY_FRAMES:
		config_texts_write(slot, out);
		break;
	case KEY_LEVEL:
		fputs(alert_level_name((enum alert_level) * (const uint64_t *)slot), out);
		break;
	case KEY_SEND:
		send_write(slot, out);
		break;
	case KEY_OUTPUTS:
		config_outputs_write(slot, out);
		break;
	case KEY_TRANSPORT:
		fputs(link_transport_name((enum link_transport) * (const uint64_t *)slot), out);
		break;
	case KEY_FORM:
		fputs(document_form_name((enum document_form) * (const uint64_t *)slot), out);
		break;
	case KEY_RECEIVER:
		break;
	}
}
