/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* yaml.c - builds the tree from libyaml's events.
 *
 * Nodes and texts lie in one arena.  An alias becomes a copy of the anchored node's head that
 * shares its children, so memory stays small; every node knows its weight (nodes below it with
 * all aliases written out) and height, and the caps count those. */

#include "capture/base/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define DEPTH_MAX     64
#define NODES_MAX     200000
#define FILE_SIZE_MAX (16U << 20)
#define BLOCK_SIZE    (32U << 10)

struct node {
	struct yaml_node pub; /* first, so that a child pointer is a node pointer */
	size_t weight;        /* this node and all below, aliases written out */
	unsigned height;      /* levels below */
};

struct block {
	struct block *next;
	size_t used, size;
	_Alignas(max_align_t) unsigned char bytes[];
};

struct yaml {
	char *name;
	struct block *blocks;
	const struct yaml_node **roots;
	size_t n_roots, roots_size;
};

struct anchor {
	struct anchor *next;
	const char *name;
	const struct node *node; /* NULL while the node is still open */
};

/* A list or map that is being filled. */
struct level {
	struct node *node;
	struct node *last;
	struct anchor *anchor; /* to complete when the level ends */
	const char *key;       /* map: read, and waits for its value */
	unsigned key_line, key_column;
};

struct builder {
	struct yaml *yaml;
	struct problem *problem;
	yaml_event_t *event;
	struct level levels[DEPTH_MAX];
	unsigned depth;
	struct anchor *anchors; /* of this document, newest first */
	const struct yaml_node *root;
	size_t weight; /* of all nodes so far */
};

static void *take(struct yaml *yaml, size_t n)
{
	struct block *block = yaml->blocks;
	size_t need = (n + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
	void *at;

	if (block == NULL || block->size - block->used < need) {
		size_t size = size_max(need, BLOCK_SIZE);

		block = malloc(sizeof(*block) + size);
		if (block == NULL) {
			return NULL;
		}
		*block = (struct block) { .next = yaml->blocks, .size = size };
		yaml->blocks = block;
	}
	at = block->bytes + block->used;
	block->used += need;
	return at;
}

static const char *take_text(struct yaml *yaml, const void *text, size_t n)
{
	char *copy = take(yaml, n + 1);

	if (copy != NULL) {
		memcpy(copy, text, n);
		copy[n] = '\0';
	}
	return copy;
}

static int refuse(struct builder *b, const char *what)
{
	const yaml_mark_t *mark = &b->event->start_mark;

	return problem_set(b->problem, -EINVAL, "%s:%zu:%zu: %s", b->yaml->name, mark->line + 1,
			   mark->column + 1, what);
}

static int out_of_memory(struct builder *b)
{
	return problem_set(b->problem, -ENOMEM, "%s: out of memory", b->yaml->name);
}

/* Explicit tags: those of the core schema are known, of which str makes a string of anything. */
static int check_tag(struct builder *b, const yaml_char_t *tag, bool *string)
{
	static const char *const known[] = { YAML_NULL_TAG,  YAML_BOOL_TAG, YAML_INT_TAG,
					     YAML_FLOAT_TAG, YAML_SEQ_TAG,  YAML_MAP_TAG };

	if (tag == NULL) {
		return 0;
	}
	if (strcmp((const char *)tag, YAML_STR_TAG) == 0 || strcmp((const char *)tag, "!") == 0) {
		*string = true;
		return 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (strcmp((const char *)tag, known[i]) == 0) {
			return 0;
		}
	}
	return refuse(b, "this tag is not supported; write the value without it");
}

/* Hangs a node below the innermost open level, or makes it the document's root. */
static int attach(struct builder *b, struct node *node)
{
	struct level *level = b->depth > 0 ? &b->levels[b->depth - 1] : NULL;

	if (level == NULL) {
		b->root = &node->pub;
		return 0;
	}
	if (level->node->pub.kind == YAML_MAP) {
		node->pub.key = level->key;
		node->pub.key_line = level->key_line;
		node->pub.key_column = level->key_column;
		level->key = NULL;
	}
	if (level->last == NULL) {
		level->node->pub.child = &node->pub;
	} else {
		level->last->pub.next = &node->pub;
	}
	level->last = node;
	level->node->pub.n_children++;
	return 0;
}

/* What a finished child adds to the level that holds it. */
static void count_child(struct builder *b, const struct node *child)
{
	if (b->depth > 0) {
		struct node *parent = b->levels[b->depth - 1].node;

		parent->weight += child->weight;
		if (parent->height < child->height + 1) {
			parent->height = child->height + 1;
		}
	}
}

static bool key_expected(const struct builder *b)
{
	const struct level *level = b->depth > 0 ? &b->levels[b->depth - 1] : NULL;

	return level != NULL && level->node->pub.kind == YAML_MAP && level->key == NULL;
}

static struct node *new_node(struct builder *b, enum yaml_kind kind)
{
	struct node *node = take(b->yaml, sizeof(*node));

	if (node != NULL) {
		*node = (struct node) {
			.pub = { .kind = kind,
				 .line = (unsigned)b->event->start_mark.line + 1,
				 .column = (unsigned)b->event->start_mark.column + 1,
				 .text = "" },
			.weight = 1,
		};
	}
	return node;
}

/* Adds to the nodes of the file, as if every alias were written out. */
static int count_weight(struct builder *b, size_t weight)
{
	b->weight += weight;
	return b->weight > NODES_MAX ? refuse(b, "more than 200,000 values in one file") : 0;
}

static int add_anchor(struct builder *b, const yaml_char_t *name, const struct node *node,
		      struct anchor **out)
{
	struct anchor *anchor;

	*out = NULL;
	if (name == NULL) {
		return 0;
	}
	anchor = take(b->yaml, sizeof(*anchor));
	if (anchor == NULL) {
		return out_of_memory(b);
	}
	*anchor = (struct anchor) { b->anchors, NULL, node };
	anchor->name = take_text(b->yaml, name, strlen((const char *)name));
	if (anchor->name == NULL) {
		return out_of_memory(b);
	}
	b->anchors = anchor;
	*out = anchor;
	return 0;
}

static int take_key(struct builder *b)
{
	const yaml_event_t *e = b->event;
	struct level *level = &b->levels[b->depth - 1];

	if (e->type != YAML_SCALAR_EVENT) {
		return refuse(b, "a key must be a plain word or a string");
	}
	if (memchr(e->data.scalar.value, '\0', e->data.scalar.length) != NULL) {
		return refuse(b, "a key with a NUL in it");
	}
	if (e->data.scalar.anchor != NULL) {
		return refuse(b, "an anchor at a key is not supported");
	}
	level->key = take_text(b->yaml, e->data.scalar.value, e->data.scalar.length);
	level->key_line = (unsigned)e->start_mark.line + 1;
	level->key_column = (unsigned)e->start_mark.column + 1;
	return level->key != NULL ? 0 : out_of_memory(b);
}

static int take_scalar(struct builder *b)
{
	const yaml_event_t *e = b->event;
	bool string = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	struct anchor *anchor;
	struct node *node;
	int error = check_tag(b, e->data.scalar.tag, &string);

	if (error != 0 || (error = count_weight(b, 1)) != 0) {
		return error;
	}
	node = new_node(b, YAML_SCALAR);
	if (node == NULL) {
		return out_of_memory(b);
	}
	node->pub.text = take_text(b->yaml, e->data.scalar.value, e->data.scalar.length);
	node->pub.length = e->data.scalar.length;
	node->pub.quoted = string;
	if (node->pub.text == NULL) {
		return out_of_memory(b);
	}
	if ((error = add_anchor(b, e->data.scalar.anchor, node, &anchor)) != 0) {
		return error;
	}
	count_child(b, node);
	return attach(b, node);
}

static int take_alias(struct builder *b)
{
	const char *name = (const char *)b->event->data.alias.anchor;
	const struct anchor *anchor = b->anchors;
	struct node *node;
	int error;

	while (anchor != NULL && strcmp(anchor->name, name) != 0) {
		anchor = anchor->next;
	}
	if (anchor == NULL) {
		return refuse(b, "an alias without an anchor of this name before it");
	}
	if (anchor->node == NULL) {
		return refuse(b, "an alias to a value that contains it");
	}
	if (b->depth + anchor->node->height + 1 > DEPTH_MAX) {
		return refuse(b, "nested more than 64 levels deep");
	}
	if ((error = count_weight(b, anchor->node->weight)) != 0) {
		return error;
	}
	node = take(b->yaml, sizeof(*node));
	if (node == NULL) {
		return out_of_memory(b);
	}
	*node = *anchor->node;
	node->pub.line = (unsigned)b->event->start_mark.line + 1;
	node->pub.column = (unsigned)b->event->start_mark.column + 1;
	node->pub.key = NULL;
	node->pub.key_line = node->pub.key_column = 0;
	node->pub.next = NULL;
	count_child(b, node);
	return attach(b, node);
}

static int open_level(struct builder *b, enum yaml_kind kind)
{
	const yaml_event_t *e = b->event;
	bool string = false, map = kind == YAML_MAP;
	const yaml_char_t *tag = map ? e->data.mapping_start.tag : e->data.sequence_start.tag;
	const yaml_char_t *name =
	    map ? e->data.mapping_start.anchor : e->data.sequence_start.anchor;
	struct anchor *anchor;
	struct node *node;
	int error = check_tag(b, tag, &string);

	if (error != 0 || (error = count_weight(b, 1)) != 0) {
		return error;
	}
	if (b->depth == DEPTH_MAX) {
		return refuse(b, "nested more than 64 levels deep");
	}
	node = new_node(b, kind);
	if (node == NULL) {
		return out_of_memory(b);
	}
	if ((error = add_anchor(b, name, NULL, &anchor)) != 0 || (error = attach(b, node)) != 0) {
		return error;
	}
	b->levels[b->depth++] = (struct level) { .node = node, .anchor = anchor };
	return 0;
}

static int by_key_and_place(const void *a, const void *b)
{
	const struct yaml_node *x = *(const struct yaml_node *const *)a;
	const struct yaml_node *y = *(const struct yaml_node *const *)b;
	int order = strcmp(x->key, y->key);

	if (order == 0) {
		order = (x->key_line > y->key_line) - (x->key_line < y->key_line);
	}
	return order != 0 ? order
			  : (x->key_column > y->key_column) - (x->key_column < y->key_column);
}

/* YAML 1.2 3.2.1.1: the keys of a mapping are unique. */
static int check_keys(struct builder *b, const struct yaml_node *map)
{
	const struct yaml_node **nodes, *at = map->child;
	int error = 0;

	if (map->n_children < 2) {
		return 0;
	}
	nodes = calloc(map->n_children, sizeof(*nodes));
	if (nodes == NULL) {
		return out_of_memory(b);
	}
	for (size_t i = 0; i < map->n_children; i++, at = at->next) {
		nodes[i] = at;
	}
	qsort(nodes, map->n_children, sizeof(*nodes), by_key_and_place);
	for (size_t i = 1; i < map->n_children && error == 0; i++) {
		if (strcmp(nodes[i - 1]->key, nodes[i]->key) == 0) {
			error = problem_set(b->problem, -EINVAL,
					    "%s:%u:%u: the key '%.100s' is there twice (first in "
					    "line %u)",
					    b->yaml->name, nodes[i]->key_line, nodes[i]->key_column,
					    nodes[i]->key, nodes[i - 1]->key_line);
		}
	}
	free(nodes);
	return error;
}

static int close_level(struct builder *b)
{
	struct level *level = &b->levels[--b->depth];
	struct node *node = level->node;

	if (level->anchor != NULL) {
		level->anchor->node = node;
	}
	count_child(b, node);
	return node->pub.kind == YAML_MAP ? check_keys(b, &node->pub) : 0;
}

static int end_document(struct builder *b)
{
	struct yaml *yaml = b->yaml;
	const struct yaml_node *root = b->root;

	if (yaml->n_roots == yaml->roots_size) {
		size_t size = yaml->roots_size * 2 + 4;
		const struct yaml_node **roots = realloc(yaml->roots, size * sizeof(*roots));

		if (roots == NULL) {
			return out_of_memory(b);
		}
		yaml->roots = roots;
		yaml->roots_size = size;
	}
	if (root != NULL && root->kind == YAML_SCALAR && !root->quoted && root->length == 0) {
		root = NULL;
	}
	yaml->roots[yaml->n_roots++] = root;
	b->root = NULL;
	b->anchors = NULL;
	return 0;
}

static int take_event(struct builder *b)
{
	yaml_event_type_t type = b->event->type;

	if (key_expected(b) && type != YAML_MAPPING_END_EVENT) {
		return take_key(b);
	}
	switch (type) {
	case YAML_DOCUMENT_END_EVENT:
		return end_document(b);
	case YAML_ALIAS_EVENT:
		return take_alias(b);
	case YAML_SCALAR_EVENT:
		return take_scalar(b);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(b, YAML_LIST);
	case YAML_MAPPING_START_EVENT:
		return open_level(b, YAML_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_level(b);
	default:
		return 0;
	}
}

static int parser_problem(struct builder *b, const yaml_parser_t *parser)
{
	const char *what = parser->problem != NULL ? parser->problem : "not YAML";

	if (parser->error == YAML_MEMORY_ERROR) {
		return out_of_memory(b);
	}
	if (parser->error == YAML_READER_ERROR) {
		return problem_set(b->problem, -EINVAL, "%s:%zu:%zu: %s (at byte %zu)",
				   b->yaml->name, parser->mark.line + 1, parser->mark.column + 1,
				   what, parser->problem_offset);
	}
	return problem_set(b->problem, -EINVAL, "%s:%zu:%zu: %s", b->yaml->name,
			   parser->problem_mark.line + 1, parser->problem_mark.column + 1, what);
}

static int build(struct builder *b, yaml_parser_t *parser)
{
	bool more = true;
	int error = 0;

	while (more && error == 0) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event)) {
			return parser_problem(b, parser);
		}
		b->event = &event;
		more = event.type != YAML_STREAM_END_EVENT;
		error = take_event(b);
		yaml_event_delete(&event);
	}
	return error;
}

int yaml_read_bytes(struct yaml **out, const char *name, const void *bytes, size_t n,
		    struct problem *problem)
{
	struct yaml *yaml = calloc(1, sizeof(*yaml));
	struct builder b = { .yaml = yaml, .problem = problem };
	yaml_parser_t parser;
	int error;

	if (yaml == NULL || (yaml->name = strdup(name)) == NULL ||
	    !yaml_parser_initialize(&parser)) {
		yaml_free(yaml);
		return problem_set(problem, -ENOMEM, "%s: out of memory", name);
	}
	yaml_parser_set_input_string(&parser, bytes, n);
	error = build(&b, &parser);
	yaml_parser_delete(&parser);
	if (error != 0) {
		yaml_free(yaml);
		return error;
	}
	*out = yaml;
	return 0;
}

/* All bytes of a stream into memory of the caller. */
static int read_all(FILE *file, char **out, size_t *n)
{
	char *bytes = NULL;
	size_t size = 0, used = 0, got;

	do {
		if (used == size) {
			char *more = size < FILE_SIZE_MAX ? realloc(bytes, size * 2 + 4096) : NULL;

			if (more == NULL) {
				free(bytes);
				return size < FILE_SIZE_MAX ? -ENOMEM : -EFBIG;
			}
			bytes = more;
			size = size * 2 + 4096;
		}
		errno = 0;
		got = fread(bytes + used, 1, size - used, file);
		used += got;
	} while (got > 0);
	if (ferror(file)) {
		free(bytes);
		return errno != 0 ? -errno : -EIO;
	}
	*out = bytes;
	*n = used;
	return 0;
}

int yaml_read_file(struct yaml **out, const char *path, struct problem *problem)
{
	FILE *file = fopen(path, "re");
	char *bytes = NULL;
	size_t n = 0;
	int error = file != NULL ? read_all(file, &bytes, &n) : -errno;

	if (file != NULL) {
		fclose(file);
	}
	if (error != 0) {
		return problem_set(problem, error, "%s: %s", path, strerror(-error));
	}
	error = yaml_read_bytes(out, path, bytes, n, problem);
	free(bytes);
	return error;
}

struct yaml *yaml_free(struct yaml *yaml)
{
	if (yaml != NULL) {
		while (yaml->blocks != NULL) {
			struct block *next = yaml->blocks->next;

			free(yaml->blocks);
			yaml->blocks = next;
		}
		free(yaml->roots);
		free(yaml->name);
		free(yaml);
	}
	return NULL;
}

size_t yaml_n_documents(const struct yaml *yaml)
{
	return yaml->n_roots;
}

const struct yaml_node *yaml_document(const struct yaml *yaml, size_t i)
{
	return i < yaml->n_roots ? yaml->roots[i] : NULL;
}

const char *yaml_name(const struct yaml *yaml)
{
	return yaml->name;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *at = map != NULL && map->kind == YAML_MAP ? map->child : NULL;

	while (at != NULL && strcmp(at->key, key) != 0) {
		at = at->next;
	}
	return at;
}
