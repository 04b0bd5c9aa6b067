/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* schema_elastic.c - templates of Elasticsearch and OpenSearch for the data streams
 * logs-DATASET-NAMESPACE.
 *
 * The path of a file is that of the request that installs it.  All data streams have the same
 * mapping, since an alert carries the fields of any record, and since then no two of them can
 * disagree.  A field that is not in it is kept in the document and not searched. */

#include "cli/schema.h"

#include <stdio.h>
#include <string.h>

#define NORMALIZER    "weir_lower_case"
#define PRIORITY      200 /* the templates that come with Elasticsearch have 100 */
#define PRIORITY_KEPT 250
#define FIELDS_LIMIT  5000
#define LONGEST       1024 /* bytes of a text that is searched; longer ones are only kept */

/* ---- types ---- */

/* Below "weir.", and as ECS has them. */
static const char *const types_ours[FIELD_TYPES] = {
	[FIELD_BOOL] = "boolean",  [FIELD_INT] = "long",       [FIELD_UINT] = "unsigned_long",
	[FIELD_DOUBLE] = "double", [FIELD_STRING] = "keyword", [FIELD_BYTES] = "keyword",
	[FIELD_IP] = "ip",         [FIELD_MAC] = "keyword",    [FIELD_TIME] = "date_nanos",
};

static const char *const types_ecs[FIELD_TYPES] = {
	[FIELD_BOOL] = "boolean", [FIELD_INT] = "long",       [FIELD_UINT] = "long",
	[FIELD_DOUBLE] = "float", [FIELD_STRING] = "keyword", [FIELD_BYTES] = "keyword",
	[FIELD_IP] = "ip",        [FIELD_MAC] = "keyword",    [FIELD_TIME] = "date",
};

/* ECS has a finer type for the first; for times it has "date", which would lose what is beyond
 * the millisecond. */
static const struct {
	const char *name, *type;
} exceptions[] = {
	{ "url.path", "wildcard" },
	{ "@timestamp", "date_nanos" },
	{ "event.start", "date_nanos" },
	{ "event.end", "date_nanos" },
};

static const char *type_of(const struct schema_leaf *leaf)
{
	const struct field *field = leaf->field;

	if ((field->flags & FIELD_PROSE) != 0) {
		return "match_only_text";
	}
	for (size_t i = 0; i < ARRAY_SIZE(exceptions); i++) {
		if (strcmp(exceptions[i].name, leaf->name) == 0) {
			return exceptions[i].type;
		}
	}
	return strncmp(leaf->name, "weir.", 5) == 0 ? types_ours[field->type]
						    : types_ecs[field->type];
}

/* Units as Kibana knows them. */
static const char *unit_of(const struct field *field)
{
	static const char *const units[][2] = { { "ns", "nanos" },
						{ "bytes", "byte" },
						{ "percent", "percent" } };

	for (size_t i = 0; field->unit != NULL && i < ARRAY_SIZE(units); i++) {
		if (strcmp(field->unit, units[i][0]) == 0) {
			return units[i][1];
		}
	}
	return NULL;
}

/* Sigma's texts ignore case. */
static bool ignores_case(const struct schema_leaf *leaf)
{
	return leaf->judged && leaf->field->type == FIELD_STRING;
}

static void write_leaf(struct json *json, const char *key, const struct schema_leaf *leaf)
{
	const char *type = type_of(leaf), *unit = unit_of(leaf->field);

	json_object(json, key);
	json_text(json, "type", type);
	if (strcmp(type, "keyword") == 0) {
		json_uint(json, "ignore_above", LONGEST);
		if (ignores_case(leaf)) {
			json_text(json, "normalizer", NORMALIZER);
		}
	}
	if (unit != NULL) {
		json_object(json, "meta");
		json_text(json, "unit", unit);
		json_end(json);
	}
	json_end(json);
}

/* ---- mapping ---- */

static void open_object(struct json *json, const char *key, bool list,
			const struct schema_leaf *leaves, size_t n, size_t offset)
{
	(void)list; /* a list of objects needs nothing else */
	(void)leaves;
	(void)n;
	(void)offset;
	json_object(json, key);
	json_object(json, "properties");
}

static void close_object(struct json *json, bool list)
{
	(void)list;
	json_end(json);
	json_end(json);
}

static const struct schema_form mapping = { open_object, close_object, write_leaf };

/* What stands around a document: the stream that it is sent to, and what a plant adds. */
static void write_envelope(struct json *json, const char *type)
{
	static const char *const parts[] = { "type", "dataset", "namespace" };

	json_object(json, "data_stream");
	json_object(json, "properties");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		json_object(json, parts[i]);
		json_text(json, "type", type);
		json_end(json);
	}
	json_end(json);
	json_end(json);
	json_object(json, "tags");
	json_text(json, "type", "keyword");
	json_uint(json, "ignore_above", LONGEST);
	json_end(json);
}

static void write_meta(struct json *json, const char *description)
{
	json_object(json, "_meta");
	json_text(json, "description", description);
	json_text(json, "made_by", "weir " WEIR_VERSION);
	json_end(json);
}

static int write_mappings(struct json *json, const struct field_registry *registry,
			  const void *argument, struct problem *problem)
{
	struct schema_leaves leaves;
	int error = schema_leaves_of(&leaves, registry, DOCUMENT_ALL, problem);

	if (error < 0) {
		return error;
	}
	json_object(json, "template");
	json_object(json, "mappings");
	json_bool(json, "dynamic", false);
	json_bool(json, "date_detection", false);
	json_object(json, "properties");
	write_envelope(json, argument);
	schema_walk(json, &mapping, leaves.items, leaves.n);
	json_end(json);
	json_end(json);
	json_end(json);
	write_meta(json, "Fields of all documents of Weir");
	schema_leaves_free(&leaves);
	return 0;
}

/* ---- settings ---- */

/* Where words without a field name are searched: in all fields would be too many. */
static const char *const searched[] = {
	"message",
	"event.action",
	"rule.name",
	"source.ip",
	"source.mac",
	"destination.ip",
	"destination.mac",
	"host.name",
	"host.ip",
	"host.mac",
	"device.manufacturer",
	"device.product.name",
	"device.model.name",
	"device.model.identifier",
	"device.serial_number",
	"network.protocol",
	"threat.technique.id",
	"threat.technique.name",
	"weir.alert.explanation",
	"weir.alert.id",
	"weir.operation",
	"weir.function",
	"weir.target",
	"weir.source.name",
	"weir.destination.name",
	"weir.asset.id",
	"weir.asset.type",
	"weir.asset.zone",
};

static void write_normalizer(struct json *json)
{
	json_object(json, "analysis");
	json_object(json, "normalizer");
	json_object(json, NORMALIZER);
	json_text(json, "type", "custom");
	json_array(json, "filter");
	json_text(json, NULL, "lowercase");
	json_end(json);
	json_end(json);
	json_end(json);
	json_end(json);
}

static int write_settings(struct json *json, const struct field_registry *registry,
			  const void *argument, struct problem *problem)
{
	(void)registry;
	(void)argument;
	(void)problem;
	json_object(json, "template");
	json_object(json, "settings");
	json_object(json, "index");
	json_text(json, "codec", "best_compression");
	json_object(json, "mapping");
	/* A value that does not fit is not searched; the document is not refused for it. */
	json_bool(json, "ignore_malformed", true);
	json_object(json, "total_fields");
	json_uint(json, "limit", FIELDS_LIMIT);
	json_end(json);
	json_end(json);
	json_object(json, "query");
	json_array(json, "default_field");
	for (size_t i = 0; i < ARRAY_SIZE(searched); i++) {
		json_text(json, NULL, searched[i]);
	}
	json_end(json);
	json_end(json);
	write_normalizer(json);
	json_end(json);
	json_end(json);
	json_end(json);
	write_meta(json, "Settings of the data streams of Weir");
	return 0;
}

/* ---- which streams, and for how long ---- */

struct family {
	const char *name;
	const char *patterns[8]; /* of data streams */
	unsigned priority;
	const char *rollover, *size, *keep;
};

/* What is told of single messages and flows is much. */
static const struct family traffic = {
	"logs-weir", { "logs-weir.*-*" }, PRIORITY, "7d", "50gb", "90d",
};

static const struct family kept = {
	"logs-weir.kept",
	{ "logs-weir.alert-*", "logs-weir.finding-*", "logs-weir.asset-*",
	  "logs-weir.conversation-*", "logs-weir.policy-*", "logs-weir.sensor-*",
	  "logs-weir.blind-*" },
	PRIORITY_KEPT,
	"30d",
	"50gb",
	"730d",
};

static void write_patterns(struct json *json, const struct family *family)
{
	json_array(json, "index_patterns");
	for (size_t i = 0; i < ARRAY_SIZE(family->patterns) && family->patterns[i] != NULL; i++) {
		json_text(json, NULL, family->patterns[i]);
	}
	json_end(json);
}

static void write_texts(struct json *json, const char *key, const char *const *texts, size_t n)
{
	json_array(json, key);
	for (size_t i = 0; i < n; i++) {
		json_text(json, NULL, texts[i]);
	}
	json_end(json);
}

/* What Elasticsearch and OpenSearch have in common of an index template. */
static void write_template(struct json *json, const struct family *family)
{
	write_patterns(json, family);
	json_uint(json, "priority", family->priority);
	json_object(json, "data_stream");
	json_end(json);
	write_meta(json, "Documents of Weir, an OT network monitor");
}

static int write_elasticsearch_template(struct json *json, const struct field_registry *registry,
					const void *argument, struct problem *problem)
{
	static const char *const parts[] = { "logs-weir@settings", "logs-weir@mappings",
					     "logs-weir@custom" };
	const struct family *family = argument;

	(void)registry;
	(void)problem;
	write_template(json, family);
	write_texts(json, "composed_of", parts, ARRAY_SIZE(parts));
	write_texts(json, "ignore_missing_component_templates", parts + 2, 1);
	json_object(json, "template");
	json_object(json, "settings");
	json_text(json, "index.lifecycle.name", family->name);
	json_end(json);
	json_end(json);
	return 0;
}

static int write_opensearch_template(struct json *json, const struct field_registry *registry,
				     const void *argument, struct problem *problem)
{
	static const char *const parts[] = { "logs-weir@settings", "logs-weir@mappings" };

	(void)registry;
	(void)problem;
	write_template(json, argument);
	write_texts(json, "composed_of", parts, ARRAY_SIZE(parts));
	return 0;
}

/* Index lifecycle management of Elasticsearch. */
static int write_lifecycle(struct json *json, const struct field_registry *registry,
			   const void *argument, struct problem *problem)
{
	const struct family *family = argument;

	(void)registry;
	(void)problem;
	json_object(json, "policy");
	json_object(json, "phases");
	json_object(json, "hot");
	json_object(json, "actions");
	json_object(json, "rollover");
	json_text(json, "max_age", family->rollover);
	json_text(json, "max_primary_shard_size", family->size);
	json_end(json);
	json_end(json);
	json_end(json);
	json_object(json, "delete");
	json_text(json, "min_age", family->keep);
	json_object(json, "actions");
	json_object(json, "delete");
	json_end(json);
	json_end(json);
	json_end(json);
	json_end(json);
	write_meta(json, "How long documents of Weir are kept");
	json_end(json);
	return 0;
}

static void write_hot_state(struct json *json, const struct family *family)
{
	json_object(json, NULL);
	json_text(json, "name", "hot");
	json_array(json, "actions");
	json_object(json, NULL);
	json_object(json, "rollover");
	json_text(json, "min_index_age", family->rollover);
	json_text(json, "min_primary_shard_size", family->size);
	json_end(json);
	json_end(json);
	json_end(json);
	json_array(json, "transitions");
	json_object(json, NULL);
	json_text(json, "state_name", "delete");
	json_object(json, "conditions");
	json_text(json, "min_rollover_age", family->keep);
	json_end(json);
	json_end(json);
	json_end(json);
	json_end(json);
}

static void write_delete_state(struct json *json)
{
	json_object(json, NULL);
	json_text(json, "name", "delete");
	json_array(json, "actions");
	json_object(json, NULL);
	json_object(json, "delete");
	json_end(json);
	json_end(json);
	json_end(json);
	json_array(json, "transitions");
	json_end(json);
	json_end(json);
}

/* Index state management of OpenSearch. */
static int write_states(struct json *json, const struct field_registry *registry,
			const void *argument, struct problem *problem)
{
	const struct family *family = argument;

	(void)registry;
	(void)problem;
	json_object(json, "policy");
	json_text(json, "description", "How long documents of Weir are kept");
	json_text(json, "default_state", "hot");
	json_array(json, "states");
	write_hot_state(json, family);
	write_delete_state(json);
	json_end(json);
	json_array(json, "ism_template");
	json_object(json, NULL);
	write_patterns(json, family);
	json_uint(json, "priority", family->priority);
	json_end(json);
	json_end(json);
	json_end(json);
	return 0;
}

static const struct schema_file elasticsearch_files[] = {
	{ "_component_template/logs-weir@settings", write_settings, NULL },
	{ "_component_template/logs-weir@mappings", write_mappings, "constant_keyword" },
	{ "_ilm/policy/logs-weir", write_lifecycle, &traffic },
	{ "_ilm/policy/logs-weir.kept", write_lifecycle, &kept },
	{ "_index_template/logs-weir", write_elasticsearch_template, &traffic },
	{ "_index_template/logs-weir.kept", write_elasticsearch_template, &kept },
};

const struct schema schema_elasticsearch = {
	"elasticsearch",
	elasticsearch_files,
	ARRAY_SIZE(elasticsearch_files),
};

/* There, a constant keyword must be told its value. */
static const struct schema_file opensearch_files[] = {
	{ "_component_template/logs-weir@settings", write_settings, NULL },
	{ "_component_template/logs-weir@mappings", write_mappings, "keyword" },
	{ "_index_template/logs-weir", write_opensearch_template, &traffic },
	{ "_index_template/logs-weir.kept", write_opensearch_template, &kept },
	{ "_plugins/_ism/policies/logs-weir", write_states, &traffic },
	{ "_plugins/_ism/policies/logs-weir.kept", write_states, &kept },
};

const struct schema schema_opensearch = {
	"opensearch",
	opensearch_files,
	ARRAY_SIZE(opensearch_files),
};
