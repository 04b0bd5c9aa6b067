/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_condition.c - search identifiers and the condition over them (rules specification,
 * "Detection" and "Condition"): a recursive descent over  or < and < not < x of < ( ). */

#include "rules/sigma.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define NESTING_MAX 32

/* ---- search identifiers ---- */

static struct node *new_node(struct loader *loader, enum node_kind kind)
{
	struct node *node = arena_take(&loader->set->arena, sizeof(*node));

	if (node != NULL) {
		node->kind = kind;
	} else {
		sigma_error(loader, NULL, "out of memory");
	}
	return node;
}

/* Where the node behind this one is hung. Nodes are const only to their readers. */
static const struct node **behind(const struct node *node)
{
	return &((struct node *)node)->next;
}

/* All fields of a map hold. */
static int compile_map(struct loader *loader, const struct yaml_node *map, const struct node **out)
{
	struct node *all = new_node(loader, NODE_AND);
	const struct node **end = all != NULL ? &all->child : NULL;

	if (map->n_children == 0) {
		return sigma_error(loader, map, "an empty map of fields");
	}
	for (const struct yaml_node *item = map->child; item != NULL; item = item->next) {
		struct node *node = all != NULL ? new_node(loader, NODE_TEST) : NULL;
		int error = node != NULL ? sigma_test(loader, item, node) : -ENOMEM;

		if (error != 0) {
			return error;
		}
		*end = node;
		end = &node->next;
	}
	*out = all;
	return 0;
}

/* One of the maps, or one of the keywords. */
static int compile_list(struct loader *loader, const struct yaml_node *list,
			const struct node **out)
{
	struct node *any = new_node(loader, NODE_OR);
	const struct node **end = any != NULL ? &any->child : NULL;

	if (list->n_children == 0) {
		return sigma_error(loader, list, "an empty list");
	}
	for (const struct yaml_node *item = list->child; item != NULL; item = item->next) {
		struct node *node = any != NULL ? new_node(loader, NODE_AND) : NULL;
		int error = -ENOMEM;

		if (node == NULL) {
			return error;
		}
		if (item->kind == YAML_MAP) {
			error = compile_map(loader, item, &node->child);
		} else if (item->kind == YAML_SCALAR && !yaml_is_null(item)) {
			error = sigma_keyword(loader, item, node);
		} else {
			error = sigma_error(loader, item, "expected a map of fields or a keyword");
		}
		if (error != 0) {
			return error;
		}
		*end = node;
		end = &node->next;
	}
	*out = any;
	return 0;
}

static int compile_search(struct loader *loader, struct search *search)
{
	const struct yaml_node *node = search->node;
	struct node *keyword;

	if (node->kind == YAML_MAP) {
		return compile_map(loader, node, &search->condition);
	}
	if (node->kind == YAML_LIST) {
		return compile_list(loader, node, &search->condition);
	}
	if (yaml_is_null(node)) {
		return sigma_error(loader, node, "the search identifier '%.80s' is empty",
				   search->name);
	}
	keyword = new_node(loader, NODE_TEST);
	search->condition = keyword;
	return keyword != NULL ? sigma_keyword(loader, node, keyword) : -ENOMEM;
}

/* ---- the condition ---- */

struct reader {
	struct loader *loader;
	const struct yaml_node *text;
	struct search *searches;
	size_t at;
	unsigned nesting;
};

static int refuse(struct reader *r, size_t at, const char *what)
{
	return sigma_error_at(r->loader, r->text, at, "%s", what);
}

static void skip_space(struct reader *r)
{
	while (isspace((unsigned char)r->text->text[r->at])) {
		r->at++;
	}
}

/* Length of the word at the reader's place; 0 at the end or at a bracket. */
static size_t peek_word(struct reader *r)
{
	const char *at;

	skip_space(r);
	at = r->text->text + r->at;
	return strcspn(at, " \t\r\n()|");
}

static bool take_word(struct reader *r, const char *word)
{
	size_t n = peek_word(r);

	if (n != strlen(word) || strncmp(r->text->text + r->at, word, n) != 0) {
		return false;
	}
	r->at += n;
	return true;
}

static bool take_sign(struct reader *r, char sign)
{
	skip_space(r);
	if (r->text->text[r->at] != sign) {
		return false;
	}
	r->at++;
	return true;
}

/* A leaf that stands for a search identifier. */
static int use_search(struct reader *r, struct search *search, const struct node **out)
{
	struct node *node = new_node(r->loader, NODE_AND);

	if (node == NULL) {
		return -ENOMEM;
	}
	search->used = true;
	if (search->condition != NULL) {
		*node = *search->condition;
		node->next = NULL;
	}
	*out = node;
	return 0;
}

/* "them" is every identifier that does not begin with an underscore; a pattern may have '*'. */
static bool selects(const char *pattern, size_t n, const char *name)
{
	size_t p = 0, at = 0, star = SIZE_MAX, mark = 0;

	if (n == 4 && strncmp(pattern, "them", 4) == 0) {
		return name[0] != '_';
	}
	while (name[at] != '\0') {
		if (p < n && pattern[p] == '*') {
			star = p++;
			mark = at;
		} else if (p < n && pattern[p] == name[at]) {
			p++;
			at++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			at = ++mark;
		} else {
			return false;
		}
	}
	while (p < n && pattern[p] == '*') {
		p++;
	}
	return p == n;
}

/* What follows "1 of" and "all of". */
static int read_selection(struct reader *r, bool all, const struct node **out)
{
	struct node *group = new_node(r->loader, all ? NODE_AND : NODE_OR);
	const struct node **end = group != NULL ? &group->child : NULL;
	size_t begin, n = peek_word(r);
	int error = group != NULL ? 0 : -ENOMEM;

	begin = r->at;
	if (n == 0) {
		return refuse(r, begin, "expected 'them' or the name of search identifiers");
	}
	r->at += n;
	for (struct search *s = r->searches; s != NULL && error == 0; s = s->next) {
		if (selects(r->text->text + begin, n, s->name)) {
			error = use_search(r, s, end);
			end = error == 0 ? behind(*end) : end;
		}
	}
	if (error == 0 && group->child == NULL) {
		return sigma_error_at(r->loader, r->text, begin,
				      "'%.*s' selects no search identifier", (int)size_min(n, 80),
				      r->text->text + begin);
	}
	*out = group;
	return error;
}

static int read_or(struct reader *r, const struct node **out);

static int read_name(struct reader *r, const struct node **out)
{
	size_t n = peek_word(r), begin = r->at;
	const char *word = r->text->text + begin;

	for (struct search *s = r->searches; s != NULL; s = s->next) {
		if (strlen(s->name) == n && strncmp(s->name, word, n) == 0) {
			r->at += n;
			return use_search(r, s, out);
		}
	}
	if (*word == '|') {
		return refuse(r, begin,
			      "aggregations behind '|' are obsolete: write a correlation document");
	}
	if (n == 0) {
		return refuse(r, begin, "expected a search identifier");
	}
	return sigma_error_at(r->loader, r->text, begin, "unknown search identifier '%.*s'",
			      (int)size_min(n, 80), word);
}

static int read_primary(struct reader *r, const struct node **out)
{
	size_t begin;
	bool all;

	if (take_sign(r, '(')) {
		int error;

		if (++r->nesting > NESTING_MAX) {
			return refuse(r, r->at, "too many brackets");
		}
		error = read_or(r, out);
		r->nesting--;
		if (error == 0 && !take_sign(r, ')')) {
			return refuse(r, r->at, "expected ')'");
		}
		return error;
	}
	skip_space(r);
	begin = r->at;
	all = take_word(r, "all");
	if ((all || take_word(r, "1")) && take_word(r, "of")) {
		return read_selection(r, all, out);
	}
	r->at = begin;
	return read_name(r, out);
}

static int read_not(struct reader *r, const struct node **out)
{
	bool negated = false;
	struct node *node;
	int error;

	while (take_word(r, "not")) {
		negated = !negated;
	}
	error = read_primary(r, out);
	if (error != 0 || !negated) {
		return error;
	}
	node = new_node(r->loader, NODE_NOT);
	if (node == NULL) {
		return -ENOMEM;
	}
	node->child = *out;
	*out = node;
	return 0;
}

/* Operands of one operator; each operand is a node of its own, so they can be linked. */
static int read_row(struct reader *r, const char *operator, enum node_kind kind,
		    int (*operand)(struct reader *r, const struct node **out),
		    const struct node **out)
{
	struct node *row = new_node(r->loader, kind);
	const struct node **end = row != NULL ? &row->child : NULL;
	int error = row != NULL ? 0 : -ENOMEM;

	do {
		if (error == 0) {
			error = operand(r, end);
		}
		if (error != 0) {
			return error;
		}
		end = behind(*end);
	} while (take_word(r, operator));
	*out = row;
	return 0;
}

static int read_and(struct reader *r, const struct node **out)
{
	return read_row(r, "and", NODE_AND, read_not, out);
}

static int read_or(struct reader *r, const struct node **out)
{
	return read_row(r, "or", NODE_OR, read_and, out);
}

int sigma_condition(struct loader *loader, const struct yaml_node *text, struct search *searches,
		    const struct node **out)
{
	struct reader r = { .loader = loader, .text = text, .searches = searches };
	int error;

	if (text->kind != YAML_SCALAR || yaml_is_null(text)) {
		return sigma_error(loader, text, "a condition must be a text");
	}
	error = read_or(&r, out);
	skip_space(&r);
	if (error == 0 && text->text[r.at] == '|') {
		return refuse(&r, r.at,
			      "aggregations behind '|' are obsolete: write a correlation document");
	}
	if (error == 0 && text->text[r.at] != '\0') {
		return refuse(&r, r.at, "expected 'and', 'or' or the end of the condition");
	}
	return error;
}

/* ---- the section ---- */

/* A condition that is a list means any of them. */
static int read_conditions(struct loader *loader, const struct yaml_node *node,
			   struct search *searches, const struct node **out)
{
	struct node *any;
	const struct node **end;

	if (node->kind == YAML_SCALAR) {
		return sigma_condition(loader, node, searches, out);
	}
	if (node->kind != YAML_LIST || node->n_children == 0) {
		return sigma_error(loader, node, "a condition must be a text or a list of texts");
	}
	any = new_node(loader, NODE_OR);
	end = any != NULL ? &any->child : NULL;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		int error = any != NULL ? sigma_condition(loader, at, searches, end) : -ENOMEM;

		if (error != 0) {
			return error;
		}
		end = behind(*end);
	}
	*out = any;
	return 0;
}

/* Every search identifier is compiled, also behind one that is wrong, so that all errors are said
 * at once. */
static int read_searches(struct loader *loader, const struct yaml_node *detection,
			 const char *apart, struct search **out)
{
	struct search **end = out;
	int result = 0;

	for (const struct yaml_node *at = detection->child; at != NULL; at = at->next) {
		struct search *search;
		int error;

		if (strcmp(at->key, "condition") == 0 ||
		    (apart != NULL && strcmp(at->key, apart) == 0)) {
			continue;
		}
		search = arena_take(&loader->set->arena, sizeof(*search));
		if (search == NULL) {
			return -ENOMEM;
		}
		search->name = arena_text(&loader->set->arena, at->key, strlen(at->key));
		search->node = at;
		error = search->name != NULL ? compile_search(loader, search) : -ENOMEM;
		result = result == 0 ? error : result;
		*end = search;
		end = &search->next;
	}
	return result;
}

int sigma_detection(struct loader *loader, const struct yaml_node *detection, const char *apart,
		    const struct node **out)
{
	const struct yaml_node *condition = yaml_get(detection, "condition");
	struct search *searches = NULL;
	int error, second;

	if (detection->kind != YAML_MAP) {
		return sigma_error(loader, detection, "detection must be a map");
	}
	if (condition == NULL) {
		return sigma_error(loader, detection, "detection has no condition");
	}
	if (yaml_get(detection, "timeframe") != NULL) {
		return sigma_error(loader, yaml_get(detection, "timeframe"),
				   "timeframe is obsolete: write a correlation document");
	}
	error = read_searches(loader, detection, apart, &searches);
	second = read_conditions(loader, condition, searches, out);
	if (error == 0 && second == 0) {
		for (const struct search *s = searches; s != NULL; s = s->next) {
			if (!s->used) {
				sigma_warning(loader, s->node,
					      "the search identifier '%.80s' is not used", s->name);
			}
		}
	}
	return error != 0 ? error : second;
}
