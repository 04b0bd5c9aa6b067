/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/config_private.h"

#include "capture/base/hash.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT(member) offsetof(struct config, member)

/* One row a key, in the order of etc/weir.yaml. */
static const struct key keys[] = {
	{ "sensor", "name", KEY_TEXT, AT(sensor.name), 0, 0, 0 },
	{ "capture", "interfaces", KEY_INTERFACES, 0, 0, 0, 0 },
	{ "capture", "filter", KEY_TEXT, AT(capture.filter), 0, 0, 0 },
	{ "capture", "buffer", KEY_SIZE, AT(capture.buffer), 1 << 20, UINT64_C(1) << 31, 0 },
	{ "capture", "snap_length", KEY_NUMBER, AT(capture.snap_length), 64, 262144, 0 },
	{ "capture", "workers", KEY_NUMBER, AT(capture.workers), 1, 16, 0 },
	{ "capture", "promiscuous", KEY_BOOL, AT(capture.promiscuous), 0, 0, 0 },
	{ "capture", "hardware_time", KEY_BOOL, AT(capture.hardware_time), 0, 0, 0 },
	{ "capture", "evidence", KEY_SIZE, AT(capture.evidence), 0, UINT64_C(1) << 32, 0 },
	{ "store", "database", KEY_TEXT, AT(store.database), 0, 0, 0 },
	{ "store", "keep", KEY_DURATION, AT(store.keep), 0, 0, 0 },
	{ "store", "operations_max", KEY_NUMBER, AT(store.operations_max), 1000, 1000000000, 0 },
	{ "rules", "folders", KEY_TEXTS, AT(rules.folders), 0, 0, 0 },
	{ "rules", "placeholders", KEY_TEXT, AT(rules.placeholders), 0, 0, 0 },
	{ "rules", "time_zone", KEY_TIME_ZONE, AT(rules.time_zone), 0, 0, 0 },
	{ "rules", "exceptions", KEY_TEXT, AT(rules.exceptions), 0, 0, 0 },
	{ "baseline", "learning", KEY_DURATION, AT(baseline.learning), 0, 0, 0 },
	{ "baseline", "frames", KEY_FRAMES, AT(baseline.frames), 0, 0, 0 },
	{ "policy", "file", KEY_TEXT, AT(policy.file), 0, 0, 0 },
	{ "inventory", "roles", KEY_TEXT, AT(inventory.roles), 0, 0, 0 },
	{ "inventory", "geoip", KEY_TEXTS, AT(inventory.geoip), 0, 0, 0 },
	{ "output", "alerts", KEY_TEXT, AT(output.alerts), 0, 0, 0 },
	{ "output", "events", KEY_TEXT, AT(output.events), 0, 0, 0 },
	{ "evidence", "folder", KEY_TEXT, AT(evidence.folder), 0, 0, 0 },
	{ "evidence", "size", KEY_SIZE, AT(evidence.size), 0, UINT64_C(1) << 40, 0 },
	{ "evidence", "keep", KEY_DURATION, AT(evidence.keep), 0, 0, 0 },
	{ "evidence", "before", KEY_DURATION, AT(evidence.before), 0, 0, 0 },
	{ "evidence", "after", KEY_DURATION, AT(evidence.after), 0, 0, 0 },
	{ "forward", "outputs", KEY_OUTPUTS, AT(forward), 0, 0, 0 },
	{ "health", "interval", KEY_DURATION, AT(health.interval), 0, 0, 0 },
	{ "health", "drops", KEY_PERCENT, AT(health.drops), 0, 0, 0 },
	{ "run", "socket", KEY_TEXT, AT(run.socket), 0, 0, 0 },
	{ "run", "user", KEY_TEXT, AT(run.user), 0, 0, 0 },
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
		config_mistake_at(reading, section->key_line, section->key_column,
				  "unknown section '%s'", section->key);
		return;
	}
	if (section->kind != YAML_MAP && !yaml_is_null(section)) {
		config_mistake_at(reading, section->line, section->column,
				  "section %s wants keys below it", section->key);
		return;
	}
	for (const struct yaml_node *at = section->child; at != NULL; at = at->next) {
		const struct key *key = key_find(section->key, at->key);

		if (key == NULL) {
			config_mistake_at(reading, at->key_line, at->key_column,
					  "unknown key '%s.%s'", section->key, at->key);
		} else {
			config_value_read(reading, key, reading->config, at);
		}
	}
}

static void document_read(struct reading *reading, const struct yaml *yaml)
{
	const struct yaml_node *root = yaml_n_documents(yaml) > 0 ? yaml_document(yaml, 0) : NULL;

	if (yaml_n_documents(yaml) > 1) {
		config_mistake_at(reading, 1, 1, "more than one document");
	}
	if (root == NULL || yaml_is_null(root)) {
		return; /* an empty file means the defaults */
	}
	if (root->kind != YAML_MAP) {
		config_mistake_at(reading, root->line, root->column,
				  "wants sections such as 'capture:'");
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

void config_write(const struct config *config, FILE *out)
{
	const char *section = "";

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strcmp(keys[i].section, section) != 0) {
			section = keys[i].section;
			fprintf(out, "%s:\n", section);
		}
		fprintf(out, "  %s: ", keys[i].name);
		config_value_write(config, &keys[i], out);
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

void config_sensor_name(const struct config *config, char out[CONFIG_TEXT_MAX])
{
	memcpy(out, config->sensor.name, CONFIG_TEXT_MAX);
	if (out[0] == '\0' && gethostname(out, CONFIG_TEXT_MAX - 1) < 0) {
		snprintf(out, CONFIG_TEXT_MAX, "sensor");
	}
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
