/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/config.h"

#include "capture/base/hash.h"
#include "capture/base/time_zone.h"
#include "capture/base/yaml.h"
#include "cli/when.h"
#include "store/baseline.h"
#include "store/forwarder.h"
#include "store/network_link.h"
#include "store/syslog_message.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum key_kind {
	KEY_TEXT,
	KEY_BOOL,
	KEY_NUMBER,
	KEY_SIZE,     /* bytes: 65536, 64 KiB, 32 MiB, 1 GiB */
	KEY_DURATION, /* 90d, 1h, 60s */
	KEY_PERCENT,
	KEY_INTERFACES,
	KEY_TEXTS,
	KEY_FRAMES, /* texts: baseline_frame_parse() */
	KEY_LEVEL,  /* of alerts */
	KEY_SEND,   /* a list of names of forward_rows.h */
	KEY_OUTPUTS,
	KEY_TIME_ZONE,
};

struct key {
	const char *section, *name;
	enum key_kind kind;
	size_t offset;
	uint64_t least, most; /* of numbers and sizes */
};

#define AT(member) offsetof(struct config, member)

/* One row a key, in the order of etc/weir.yaml. */
static const struct key keys[] = {
	{ "sensor", "name", KEY_TEXT, AT(sensor.name), 0, 0 },
	{ "capture", "interfaces", KEY_INTERFACES, 0, 0, 0 },
	{ "capture", "filter", KEY_TEXT, AT(capture.filter), 0, 0 },
	{ "capture", "buffer", KEY_SIZE, AT(capture.buffer), 1 << 20, UINT64_C(1) << 31 },
	{ "capture", "snap_length", KEY_NUMBER, AT(capture.snap_length), 64, 262144 },
	{ "capture", "workers", KEY_NUMBER, AT(capture.workers), 1, 16 },
	{ "capture", "promiscuous", KEY_BOOL, AT(capture.promiscuous), 0, 0 },
	{ "capture", "hardware_time", KEY_BOOL, AT(capture.hardware_time), 0, 0 },
	{ "capture", "evidence", KEY_SIZE, AT(capture.evidence), 0, UINT64_C(1) << 32 },
	{ "store", "database", KEY_TEXT, AT(store.database), 0, 0 },
	{ "store", "keep", KEY_DURATION, AT(store.keep), 0, 0 },
	{ "store", "operations_max", KEY_NUMBER, AT(store.operations_max), 1000, 1000000000 },
	{ "rules", "folders", KEY_TEXTS, AT(rules.folders), 0, 0 },
	{ "rules", "placeholders", KEY_TEXT, AT(rules.placeholders), 0, 0 },
	{ "rules", "time_zone", KEY_TIME_ZONE, AT(rules.time_zone), 0, 0 },
	{ "rules", "exceptions", KEY_TEXT, AT(rules.exceptions), 0, 0 },
	{ "baseline", "learning", KEY_DURATION, AT(baseline.learning), 0, 0 },
	{ "baseline", "frames", KEY_FRAMES, AT(baseline.frames), 0, 0 },
	{ "policy", "file", KEY_TEXT, AT(policy.file), 0, 0 },
	{ "inventory", "roles", KEY_TEXT, AT(inventory.roles), 0, 0 },
	{ "inventory", "geoip", KEY_TEXTS, AT(inventory.geoip), 0, 0 },
	{ "output", "alerts", KEY_TEXT, AT(output.alerts), 0, 0 },
	{ "output", "events", KEY_TEXT, AT(output.events), 0, 0 },
	{ "evidence", "folder", KEY_TEXT, AT(evidence.folder), 0, 0 },
	{ "evidence", "size", KEY_SIZE, AT(evidence.size), 0, UINT64_C(1) << 40 },
	{ "evidence", "keep", KEY_DURATION, AT(evidence.keep), 0, 0 },
	{ "evidence", "before", KEY_DURATION, AT(evidence.before), 0, 0 },
	{ "evidence", "after", KEY_DURATION, AT(evidence.after), 0, 0 },
	{ "forward", "outputs", KEY_OUTPUTS, AT(forward), 0, 0 },
	{ "health", "interval", KEY_DURATION, AT(health.interval), 0, 0 },
	{ "health", "drops", KEY_PERCENT, AT(health.drops), 0, 0 },
	{ "run", "socket", KEY_TEXT, AT(run.socket), 0, 0 },
	{ "run", "user", KEY_TEXT, AT(run.user), 0, 0 },
};

#define OF(member) offsetof(struct config_output, member)

/* The same of one output. */
static const struct key output_keys[] = {
	{ "output", "name", KEY_TEXT, OF(name), 0, 0 },
	{ "output", "file", KEY_TEXT, OF(path), 0, 0 },
	{ "output", "syslog", KEY_TEXT, OF(syslog), 0, 0 },
	{ "output", "transport", KEY_TEXT, OF(transport), 0, 0 },
	{ "output", "form", KEY_TEXT, OF(form), 0, 0 },
	{ "output", "facility", KEY_NUMBER, OF(facility), 0, 23 },
	{ "output", "ca", KEY_TEXT, OF(ca), 0, 0 },
	{ "output", "certificate", KEY_TEXT, OF(certificate), 0, 0 },
	{ "output", "key", KEY_TEXT, OF(key), 0, 0 },
	{ "output", "server_name", KEY_TEXT, OF(server_name), 0, 0 },
	{ "output", "send", KEY_SEND, OF(send), 0, 0 },
	{ "output", "level", KEY_LEVEL, OF(level), 0, 0 },
	{ "output", "backlog", KEY_BOOL, OF(backlog), 0, 0 },
	{ "output", "rotate_size", KEY_SIZE, OF(rotate_size), 0, UINT64_C(1) << 40 },
	{ "output", "rotate_every", KEY_DURATION, OF(rotate_every), 0, 0 },
	{ "output", "keep", KEY_NUMBER, OF(keep), 0, 1000000 },
	{ "output", "compress", KEY_BOOL, OF(compress), 0, 0 },
};

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

struct reading {
	struct config *config;
	const char *file;
	config_mistake *handler;
	void *context;
	unsigned mistakes;
};

struct config config_defaults(void)
{
	return (struct config) {
		.capture = { .buffer = 32 << 20,
			     .snap_length = 262144,
			     .workers = 1,
			     .evidence = 8 << 20,
			     .promiscuous = true,
			     .hardware_time = true },
		.store = { .database = "/var/lib/weir/weir.db",
			   .keep = 90 * NS_PER_DAY,
			   .operations_max = 5000000 },
		.rules = { .time_zone = "UTC" },
		.baseline = { .learning = 7 * NS_PER_DAY },
		.evidence = { .size = 256 << 20,
			      .keep = 30 * NS_PER_DAY,
			      .before = NS_PER_MINUTE,
			      .after = 10 * NS_PER_S },
		.health = { .interval = NS_PER_MINUTE, .drops = 0.1 },
		.run = { .socket = "/run/weir/weir.sock", .user = "" },
	};
}

static void mistake(struct reading *reading, unsigned line, unsigned column, const char *format,
		    ...) PRINTF_LIKE(4, 5);

static void mistake(struct reading *reading, unsigned line, unsigned column, const char *format,
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
		mistake(reading, node->line, node->column, "wants a text below %d bytes",
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
		mistake(reading, node->line, node->column,
			"%s.%s wants a %s from %" PRIu64 " to %" PRIu64, key->section, key->name,
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
		mistake(reading, node->line, node->column,
			"%s.%s wants a duration such as 60s, 1h or 90d", key->section, key->name);
		return;
	}
	*out = duration;
}

static void interfaces_read(struct reading *reading, const struct key *key,
			    const struct yaml_node *node)
{
	if (node->kind != YAML_LIST && !yaml_is_null(node)) {
		mistake(reading, node->line, node->column, "%s.%s wants a list: [eth1, eth2:3]",
			key->section, key->name);
		return;
	}
	reading->config->capture.n_interfaces = 0;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		struct problem problem = { "" };

		if (config_add_interface(reading->config, at->kind == YAML_SCALAR ? at->text : "",
					 &problem) < 0) {
			mistake(reading, at->line, at->column, "%s", problem.text);
		}
	}
}

static void texts_read(struct reading *reading, const struct key *key, const struct yaml_node *node,
		       struct config_texts *out)
{
	if (node->kind != YAML_LIST && !yaml_is_null(node)) {
		mistake(reading, node->line, node->column, "%s.%s wants a list", key->section,
			key->name);
		return;
	}
	out->n = 0;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		if (out->n == CONFIG_TEXTS_MAX) {
			mistake(reading, at->line, at->column, "more than %d in the list",
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
			mistake(reading, at->line, at->column, "%s", problem.text);
		}
		if (++n == BASELINE_FRAMES_MAX) {
			mistake(reading, at->line, at->column, "more than %d times",
				BASELINE_FRAMES_MAX - 1);
		}
	}
}

static void time_zone_check(struct reading *reading, const struct yaml_node *node, const char *name)
{
	struct problem problem = { "" };
	struct time_zone *zone = NULL;

	if (node->kind == YAML_SCALAR && time_zone_read(&zone, name, &problem) < 0) {
		mistake(reading, node->line, node->column, "%s", problem.text);
	}
	time_zone_free(zone);
}

static void level_read(struct reading *reading, const struct key *key, const struct yaml_node *node,
		       uint64_t *out)
{
	enum alert_level level;

	if (node->kind != YAML_SCALAR || !alert_level_from_name(node->text, &level)) {
		mistake(reading, node->line, node->column,
			"%s.%s wants informational, low, medium, high or critical", key->section,
			key->name);
		return;
	}
	*out = level;
}

static void send_read(struct reading *reading, const struct key *key, const struct yaml_node *node,
		      bool *out)
{
	if (node->kind != YAML_LIST) {
		mistake(reading, node->line, node->column, "%s.%s wants a list", key->section,
			key->name);
		return;
	}
	memset(out, 0, FORWARD_TABLES * sizeof(*out));
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		enum forward_table table;

		if (at->kind == YAML_SCALAR && forward_table_from_name(at->text, &table)) {
			out[table] = true;
		} else {
			mistake(reading, at->line, at->column,
				"%s.%s wants alerts, changes and operations", key->section,
				key->name);
		}
	}
}

static void outputs_read(struct reading *reading, const struct yaml_node *node,
			 struct config_outputs *out);

static void key_read(struct reading *reading, const struct key *key, void *base,
		     const struct yaml_node *node)
{
	void *slot = (char *)base + key->offset;

	switch (key->kind) {
	case KEY_TEXT:
		text_read(reading, node, slot);
		break;
	case KEY_BOOL:
		if (!yaml_as_bool(node, slot)) {
			mistake(reading, node->line, node->column, "%s.%s wants true or false",
				key->section, key->name);
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
			mistake(reading, node->line, node->column,
				"%s.%s wants a share such as 0.1 %%", key->section, key->name);
		}
		break;
	case KEY_INTERFACES:
		interfaces_read(reading, key, node);
		break;
	case KEY_TEXTS:
		texts_read(reading, key, node, slot);
		break;
	case KEY_FRAMES:
		texts_read(reading, key, node, slot);
		frames_check(reading, node);
		break;
	case KEY_LEVEL:
		level_read(reading, key, node, slot);
		break;
	case KEY_SEND:
		send_read(reading, key, node, slot);
		break;
	case KEY_OUTPUTS:
		outputs_read(reading, node, slot);
		break;
	case KEY_TIME_ZONE:
		text_read(reading, node, slot);
		time_zone_check(reading, node, slot);
		break;
	}
}

static struct config_output output_defaults(void)
{
	return (struct config_output) {
		.transport = "tls",
		.form = "json",
		.facility = 16, /* local0 */
		.send = { true, true, true },
		.level = LEVEL_INFORMATIONAL,
		.rotate_size = 100 << 20,
		.rotate_every = NS_PER_DAY,
		.keep = 30,
		.compress = true,
	};
}

static bool is_output_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < FORWARD_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
		   n;
}

static void syslog_check(struct reading *reading, const struct yaml_node *node,
			 const struct config_output *output)
{
	char host[CONFIG_TEXT_MAX], port[CONFIG_TEXT_MAX];
	enum link_transport transport;
	enum syslog_form form;

	if (!config_host_port(output->syslog, host, port)) {
		mistake(reading, node->line, node->column, "syslog wants HOST:PORT, not '%s'",
			output->syslog);
	}
	if (!link_transport_from_name(output->transport, &transport)) {
		mistake(reading, node->line, node->column, "transport is tls, tcp or udp, not '%s'",
			output->transport);
	}
	if (!syslog_form_from_name(output->form, &form)) {
		mistake(reading, node->line, node->column, "form is json or cef, not '%s'",
			output->form);
	}
}

static void output_check(struct reading *reading, const struct yaml_node *node,
			 const struct config_outputs *outputs, const struct config_output *output)
{
	if (!is_output_name(output->name)) {
		mistake(reading, node->line, node->column,
			"an output wants a name of letters, digits, '-' and '_', shorter than %d",
			FORWARD_NAME_MAX);
	}
	if ((output->path[0] == '\0') == (output->syslog[0] == '\0')) {
		mistake(reading, node->line, node->column,
			"an output wants either a file: PATH or a syslog: HOST:PORT");
	}
	if (output->syslog[0] != '\0') {
		syslog_check(reading, node, output);
	}
	for (size_t i = 0; i < outputs->n; i++) {
		if (strcmp(outputs->items[i].name, output->name) == 0 ||
		    (output->path[0] != '\0' &&
		     strcmp(outputs->items[i].path, output->path) == 0)) {
			mistake(reading, node->line, node->column,
				"two outputs have the name or the file of '%s'", output->name);
		}
	}
}

static void output_read(struct reading *reading, const struct yaml_node *node,
			struct config_output *out)
{
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		const struct key *key = NULL;

		for (size_t i = 0; i < ARRAY_SIZE(output_keys); i++) {
			key = strcmp(output_keys[i].name, at->key) == 0 ? &output_keys[i] : key;
		}
		if (key == NULL) {
			mistake(reading, at->key_line, at->key_column,
				"unknown key '%s' of an output", at->key);
		} else {
			key_read(reading, key, out, at);
		}
	}
}

static void outputs_read(struct reading *reading, const struct yaml_node *node,
			 struct config_outputs *out)
{
	if (node->kind != YAML_LIST && !yaml_is_null(node)) {
		mistake(reading, node->line, node->column, "forward.outputs wants a list");
		return;
	}
	out->n = 0;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		struct config_output output = output_defaults();

		if (at->kind != YAML_MAP) {
			mistake(reading, at->line, at->column, "an output is a map of keys");
		} else if (out->n == CONFIG_OUTPUTS_MAX) {
			mistake(reading, at->line, at->column, "more than %d outputs",
				CONFIG_OUTPUTS_MAX);
			return;
		} else {
			output_read(reading, at, &output);
			output_check(reading, at, out, &output);
			out->items[out->n++] = output;
		}
	}
}

static const struct key *key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].section, section) == 0 &&
		    (name == NULL || strcmp(keys[i].name, name) == 0)) {
			return &keys[i];
		}
	}
	return NULL;
}

static void section_read(struct reading *reading, const struct yaml_node *section)
{
	if (key_find(section->key, NULL) == NULL) {
		mistake(reading, section->key_line, section->key_column, "unknown section '%s'",
			section->key);
		return;
	}
	if (section->kind != YAML_MAP && !yaml_is_null(section)) {
		mistake(reading, section->line, section->column, "section %s wants keys below it",
			section->key);
		return;
	}
	for (const struct yaml_node *at = section->child; at != NULL; at = at->next) {
		const struct key *key = key_find(section->key, at->key);

		if (key == NULL) {
			mistake(reading, at->key_line, at->key_column, "unknown key '%s.%s'",
				section->key, at->key);
		} else {
			key_read(reading, key, reading->config, at);
		}
	}
}

static void document_read(struct reading *reading, const struct yaml *yaml)
{
	const struct yaml_node *root = yaml_n_documents(yaml) > 0 ? yaml_document(yaml, 0) : NULL;

	if (yaml_n_documents(yaml) > 1) {
		mistake(reading, 1, 1, "more than one document");
	}
	if (root == NULL || yaml_is_null(root)) {
		return; /* an empty file means the defaults */
	}
	if (root->kind != YAML_MAP) {
		mistake(reading, root->line, root->column, "wants sections such as 'capture:'");
		return;
	}
	for (const struct yaml_node *at = root->child; at != NULL; at = at->next) {
		section_read(reading, at);
	}
}

int config_read(struct config *config, const char *path, config_mistake *handler, void *context,
		struct problem *problem)
{
	struct config result = config_defaults();
	struct reading reading = { &result, path, handler, context, 0 };
	struct yaml *yaml = NULL;
	struct problem syntax = { "" };
	int error = yaml_read_file(&yaml, path, &syntax);

	if (error == -EINVAL) {
		handler(context, syntax.text);
		return error;
	}
	if (error < 0) {
		return problem_set(problem, error, "%s", syntax.text);
	}
	document_read(&reading, yaml);
	yaml_free(yaml);
	if (reading.mistakes > 0) {
		return -EINVAL;
	}
	*config = result;
	return 0;
}

int config_add_interface(struct config *config, const char *text, struct problem *problem)
{
	const char *colon = strrchr(text, ':');
	size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);
	unsigned long domain = 0;
	char *end;

	if (config->capture.n_interfaces == CONFIG_INTERFACES_MAX) {
		return problem_set(problem, -ENOSPC, "more than %d interfaces",
				   CONFIG_INTERFACES_MAX);
	}
	if (colon != NULL) {
		domain = strtoul(colon + 1, &end, 10);
		if (!isdigit((unsigned char)colon[1]) || *end != '\0' || domain > UINT16_MAX) {
			return problem_set(problem, -EINVAL,
					   "'%s': the domain is a number from 0 to 65535", text);
		}
	}
	if (length == 0 || length >= CONFIG_TEXT_MAX) {
		return problem_set(problem, -EINVAL, "'%s' is no interface: IFACE[:DOMAIN]", text);
	}
	struct config_interface *added =
	    &config->capture.interfaces[config->capture.n_interfaces++];
	memcpy(added->name, text, length);
	added->name[length] = '\0';
	added->domain = (uint16_t)domain;
	return 0;
}

/* In single quotes, where only the quote itself is special. */
static void quoted_write(FILE *out, const char *text)
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
		quoted_write(out, text);
	}
	fputc(']', out);
}

static void texts_write(const struct config_texts *texts, FILE *out)
{
	fputc('[', out);
	for (size_t i = 0; i < texts->n; i++) {
		fputs(i > 0 ? ", " : "", out);
		quoted_write(out, texts->items[i]);
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

static void outputs_write(const struct config_outputs *outputs, FILE *out);

static void key_write(const void *base, const struct key *key, FILE *out)
{
	const void *slot = (const char *)base + key->offset;

	switch (key->kind) {
	case KEY_TEXT:
	case KEY_TIME_ZONE:
		quoted_write(out, slot);
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
		texts_write(slot, out);
		break;
	case KEY_LEVEL:
		fputs(alert_level_name((enum alert_level) * (const uint64_t *)slot), out);
		break;
	case KEY_SEND:
		send_write(slot, out);
		break;
	case KEY_OUTPUTS:
		outputs_write(slot, out);
		break;
	}
}

static void outputs_write(const struct config_outputs *outputs, FILE *out)
{
	fputc('[', out);
	for (size_t i = 0; i < outputs->n; i++) {
		fputs(i > 0 ? ", {" : "{", out);
		for (size_t k = 0; k < ARRAY_SIZE(output_keys); k++) {
			fprintf(out, "%s%s: ", k > 0 ? ", " : "", output_keys[k].name);
			key_write(&outputs->items[i], &output_keys[k], out);
		}
		fputc('}', out);
	}
	fputc(']', out);
}

void config_write(const struct config *config, FILE *out)
{
	const char *section = "";

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].section, section) != 0) {
			section = keys[i].section;
			fprintf(out, "%s:\n", section);
		}
		fprintf(out, "  %s: ", keys[i].name);
		key_write(config, &keys[i], out);
		fputc('\n', out);
	}
}

static void first_mistake(void *context, const char *text)
{
	problem_set(context, -EINVAL, "%s", text);
}

bool config_host_port(const char *text, char *host, char *port)
{
	const char *colon = strrchr(text, ':');
	const char *end = colon;

	if (colon == NULL || colon == text || strlen(text) >= CONFIG_TEXT_MAX || colon[1] == '\0' ||
	    colon[1 + strspn(colon + 1, "0123456789")] != '\0') {
		return false;
	}
	if (text[0] == '[' && end[-1] == ']') {
		text++;
		end--;
	} else if (memchr(text, ':', (size_t)(end - text)) != NULL) {
		return false;
	}
	memcpy(host, text, (size_t)(end - text));
	host[end - text] = '\0';
	memcpy(port, colon + 1, strlen(colon + 1) + 1);
	return host[0] != '\0';
}

int config_hash(const struct config *config, char out[17])
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	bool failed = file == NULL;

	if (file != NULL) {
		config_write(config, file);
		failed = ferror(file) != 0;
		failed = fclose(file) != 0 || failed;
	}
	if (!failed) {
		uint64_t h = hash_stable(HASH_STABLE_START, text, length);

		snprintf(out, 17, "%016llx", (unsigned long long)hash_stable_end(h));
	}
	free(text);
	return failed ? -ENOMEM : 0;
}

void config_evidence_folder(const struct config *config, char out[CONFIG_TEXT_MAX])
{
	char path[CONFIG_TEXT_MAX];

	memcpy(out, config->evidence.folder, CONFIG_TEXT_MAX);
	if (config->evidence.size == 0) {
		out[0] = '\0';
	} else if (out[0] == '\0' && config->store.database[0] != '\0') {
		memcpy(path, config->store.database, sizeof(path));
		/* A path too long for its folder is none. */
		if (snprintf(out, CONFIG_TEXT_MAX, "%s/evidence", dirname(path)) >=
		    CONFIG_TEXT_MAX) {
			out[0] = '\0';
		}
	}
}

int config_database(char *out, struct problem *problem)
{
	struct config config = config_defaults();
	int error = config_read(&config, CONFIG_PATH, first_mistake, problem, problem);

	if (error < 0 && error != -ENOENT) {
		return error;
	}
	if (error == -ENOENT && problem != NULL) {
		problem->text[0] = '\0';
	}
	memcpy(out, config.store.database, CONFIG_TEXT_MAX);
	return 0;
}
