/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* yaml.h - YAML documents as a tree of nodes that know where they stand (libyaml below).
 *
 * Read once, then walked; everything is owned by struct yaml and lives until yaml_free().
 * Aliases are resolved (depth and total size are capped, so a bomb is an error); duplicate
 * keys in a mapping are an error.  Depth at most 64, nodes at most 200,000 a file. */

#include "capture/base/problem.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	unsigned line, column;         /* 1-based, where the value begins */
	unsigned key_line, key_column; /* where its key begins; 0 outside maps */
	const char *key;               /* in a map: the key; else NULL */
	const char *text;              /* scalar: NUL-terminated, never NULL */
	size_t length;                 /* scalar: bytes of text (may hold NULs) */
	bool quoted;                   /* scalar: quoted or block, so always a string */
	const struct yaml_node *child; /* list, map: first child */
	const struct yaml_node *next;  /* sibling */
	size_t n_children;
};

struct yaml;

/* Reads all documents of a file, or of n bytes that are called `name` in messages.
 * 0; -ENOENT, -EACCES, -EIO...; -EINVAL with problem "name:line:column: what". */
int yaml_read_file(struct yaml **out, const char *path, struct problem *problem) MUST_USE;
int yaml_read_bytes(struct yaml **out, const char *name, const void *bytes, size_t n,
		    struct problem *problem) MUST_USE;
/* Hidden because libyaml exports a function of this name, which must stay its own. */
__attribute__((visibility("hidden"))) struct yaml *yaml_free(struct yaml *yaml);

size_t yaml_n_documents(const struct yaml *yaml);
/* The root of document i; NULL for an empty document. */
const struct yaml_node *yaml_document(const struct yaml *yaml, size_t i);
const char *yaml_name(const struct yaml *yaml);

/* The child of a map with this key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* Core-schema meaning of a plain scalar (YAML 1.2 10.3.2). False when it is another thing. */
bool yaml_is_null(const struct yaml_node *node);
bool yaml_as_bool(const struct yaml_node *node, bool *out);
bool yaml_as_int(const struct yaml_node *node, int64_t *out);
bool yaml_as_double(const struct yaml_node *node, double *out);
