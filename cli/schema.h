/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* schema.h - what documents may hold, in the forms in which other programs want to know it.
 *
 * A form is a list of JSON files: one file schema_FORM.c, one row in the table of
 * command_schema.c.  The fields come from the registry and from the tables of the documents; none
 * is named twice. */

#include "capture/base/json.h"
#include "capture/base/problem.h"
#include "dissectors/field.h"

enum document_kind {
	DOCUMENT_EVENT, /* every record: transactions, items, flows, changes of assets... */
	DOCUMENT_ALERT, /* findings, too */
	DOCUMENT_ASSET,
	DOCUMENT_CONVERSATION,
	DOCUMENT_KINDS
};

#define DOCUMENT_ALL ((1U << DOCUMENT_KINDS) - 1)

struct schema_leaf {
	char name[128]; /* "weir.asset.units[].id": a word with "[]" is a list of objects */
	const struct field *field;
	bool judged; /* rules may ask for it */
};

/* Sorted by name, so that what shares a prefix stands together; each name once. */
struct schema_leaves {
	struct schema_leaf *items;
	size_t n, size;
};

/* The fields of documents of these kinds, a set of bits 1 << DOCUMENT_X. -EINVAL: a name has two
 * types, or is leaf and object; -ENOMEM. */
int schema_leaves_of(struct schema_leaves *out, const struct field_registry *registry,
		     unsigned kinds, struct problem *problem) MUST_USE;
void schema_leaves_free(struct schema_leaves *leaves);

/* How a form writes the tree that the names make. Keys are without "[]". */
struct schema_form {
	/* Opens an object, or a list of objects, of which these are the leaves; the last word of
	 * their prefix, which is the key, begins at `offset` of their names. */
	void (*open)(struct json *json, const char *key, bool list,
		     const struct schema_leaf *leaves, size_t n, size_t offset);
	void (*close)(struct json *json, bool list);
	void (*leaf)(struct json *json, const char *key, const struct schema_leaf *leaf);
};

/* Writes all leaves into the object that is open. */
void schema_walk(struct json *json, const struct schema_form *form,
		 const struct schema_leaf *leaves, size_t n);

/* A file of a form: its path without ".json", and what writes it into the object that is open. */
struct schema_file {
	const char *path;
	int (*write)(struct json *json, const struct field_registry *registry, const void *argument,
		     struct problem *problem);
	const void *argument;
};

struct schema {
	const char *name;
	const struct schema_file *files;
	size_t n_files;
};

extern const struct schema schema_elasticsearch, schema_opensearch, schema_json_schema;

/* Appends compact JSON as lines for a person: what fits a line stands in one. */
void schema_layout(struct buffer *out, const char *json, size_t length);
