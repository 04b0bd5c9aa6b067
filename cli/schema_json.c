/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* schema_json.c - JSON Schema (draft 2020-12) of each kind of document.
 *
 * Nothing but what is named may be in a document: who reads one knows all of it. */

#include "cli/schema.h"

#include <stdio.h>
#include <string.h>

#define IDENTIFIER "urn:weir:schema:1:" /* counts changes that are none but additions */

/* What a value of each type is: the definitions that fields refer to. */
struct definition {
	const char *name, *type, *pattern, *format;
};

static const struct definition definitions[FIELD_TYPES] = {
	[FIELD_BOOL] = { "bool", "boolean", NULL, NULL },
	[FIELD_INT] = { "int64", "integer", NULL, NULL },
	[FIELD_UINT] = { "uint64", "integer", NULL, NULL },
	[FIELD_DOUBLE] = { "double", NULL, NULL, NULL },
	[FIELD_STRING] = { "string", "string", NULL, NULL },
	[FIELD_BYTES] = { "bytes", "string", "^([0-9a-f][0-9a-f])*$", NULL },
	[FIELD_IP] = { "ip", "string", "^[0-9a-f.:]+$", NULL },
	[FIELD_MAC] = { "mac", "string", "^[0-9A-F]{2}(-[0-9A-F]{2}){5}$", NULL },
	[FIELD_TIME] = { "time", "string", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]+Z$",
			 "date-time" },
};

static void write_alternatives(struct json *json, const char *first, const char *second)
{
	json_array(json, "type");
	json_text(json, NULL, first);
	json_text(json, NULL, second);
	json_end(json);
}

static void write_definition(struct json *json, enum field_type type)
{
	const struct definition *row = &definitions[type];

	json_object(json, row->name);
	if (row->type != NULL) {
		json_text(json, "type", row->type);
	} else {
		/* What JSON has no number for: infinity and the like. */
		write_alternatives(json, "number", "null");
	}
	if (type == FIELD_UINT) {
		json_uint(json, "minimum", 0);
	}
	if (row->pattern != NULL) {
		json_text(json, "pattern", row->pattern);
	}
	if (row->format != NULL) {
		json_text(json, "format", row->format);
	}
	json_end(json);
}

static void write_definitions(struct json *json)
{
	json_object(json, "$defs");
	for (unsigned type = 0; type < FIELD_TYPES; type++) {
		write_definition(json, (enum field_type)type);
	}
	/* One of a fixed set of words. */
	json_object(json, "word");
	json_text(json, "type", "string");
	json_text(json, "pattern", "^[0-9A-Za-z_.-]+$");
	json_end(json);
	/* Of what is secret, only that it was there is kept. */
	json_object(json, "secret");
	json_text(json, "const", "present");
	json_end(json);
	json_end(json);
}

static bool is_secret(const struct field *field)
{
	return (field->flags & FIELD_SECRET) != 0 &&
	       (field->type == FIELD_STRING || field->type == FIELD_BYTES);
}

static void write_reference(struct json *json, const struct field *field)
{
	const char *name = is_secret(field)                   ? "secret"
			   : (field->flags & FIELD_ENUM) != 0 ? "word"
							      : definitions[field->type].name;
	char text[32];

	snprintf(text, sizeof(text), "#/$defs/%s", name);
	json_text(json, "$ref", text);
}

static void write_leaf(struct json *json, const char *key, const struct schema_leaf *leaf)
{
	const struct field *field = leaf->field;
	char text[512];

	json_object(json, key);
	if ((field->flags & FIELD_LIST) != 0 && !is_secret(field)) {
		json_text(json, "type", "array");
		json_object(json, "items");
		write_reference(json, field);
		json_end(json);
	} else {
		write_reference(json, field);
	}
	snprintf(text, sizeof(text), field->unit != NULL ? "%s (%s)" : "%s", field->meaning,
		 field->unit);
	json_text(json, "description", text);
	json_end(json);
}

static bool is_always(const struct schema_leaf *leaf)
{
	return (leaf->field->flags & FIELD_ALWAYS) != 0;
}

/* The keys at `offset` below which something is that every document has. */
static void write_required(struct json *json, const struct schema_leaf *leaves, size_t n,
			   size_t offset)
{
	char before[sizeof(leaves->name)] = "", key[sizeof(before)];

	json_array(json, "required");
	for (size_t i = 0; i < n; i++) {
		const char *name = leaves[i].name + offset;

		snprintf(key, sizeof(key), "%.*s", (int)strcspn(name, ".["), name);
		if (is_always(&leaves[i]) && strcmp(key, before) != 0) {
			json_text(json, NULL, key);
			snprintf(before, sizeof(before), "%s", key);
		}
	}
	json_end(json);
}

static void begin_object(struct json *json, const struct schema_leaf *leaves, size_t n,
			 size_t offset)
{
	json_text(json, "type", "object");
	write_required(json, leaves, n, offset);
	json_bool(json, "additionalProperties", false);
	json_object(json, "properties");
}

static void open_object(struct json *json, const char *key, bool list,
			const struct schema_leaf *leaves, size_t n, size_t offset)
{
	json_object(json, key);
	if (list) {
		json_text(json, "type", "array");
		json_object(json, "items");
	}
	begin_object(json, leaves, n, offset + strcspn(leaves->name + offset, ".") + 1);
}

static void close_object(struct json *json, bool list)
{
	json_end(json);
	json_end(json);
	if (list) {
		json_end(json);
	}
}

static const struct schema_form form = { open_object, close_object, write_leaf };

static const struct kind_name {
	const char *name, *title;
	enum document_kind kind;
} kind_names[DOCUMENT_KINDS] = {
	[DOCUMENT_EVENT] = { "event",
			     "A record of Weir: transaction, item, flow, change of an asset or "
			     "conversation, breach of the policy, blind interval, or the sensor's "
			     "health",
			     DOCUMENT_EVENT },
	[DOCUMENT_ALERT] = { "alert", "An alert or finding of Weir", DOCUMENT_ALERT },
	[DOCUMENT_ASSET] = { "asset", "An asset in the inventory of Weir", DOCUMENT_ASSET },
	[DOCUMENT_CONVERSATION] = { "conversation", "Two assets of Weir and one protocol",
				    DOCUMENT_CONVERSATION },
};

static int write_schema(struct json *json, const struct field_registry *registry,
			const void *argument, struct problem *problem)
{
	const struct kind_name *name = argument;
	struct schema_leaves leaves;
	int error = schema_leaves_of(&leaves, registry, 1U << name->kind, problem);
	char identifier[64];

	if (error < 0) {
		return error;
	}
	snprintf(identifier, sizeof(identifier), IDENTIFIER "%s", name->name);
	json_text(json, "$schema", "https://json-schema.org/draft/2020-12/schema");
	json_text(json, "$id", identifier);
	json_text(json, "title", name->title);
	write_definitions(json);
	begin_object(json, leaves.items, leaves.n, 0);
	schema_walk(json, &form, leaves.items, leaves.n);
	json_end(json);
	schema_leaves_free(&leaves);
	return 0;
}

static const struct schema_file files[] = {
	{ "event", write_schema, &kind_names[DOCUMENT_EVENT] },
	{ "alert", write_schema, &kind_names[DOCUMENT_ALERT] },
	{ "asset", write_schema, &kind_names[DOCUMENT_ASSET] },
	{ "conversation", write_schema, &kind_names[DOCUMENT_CONVERSATION] },
};

const struct schema schema_json_schema = { "json-schema", files, ARRAY_SIZE(files) };
