/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Rules about assets, from YAML. Texts stay in the tree of nodes, which lives as long as the rules.
 */

#include "store/kinds_private.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define RULES_MAX 4096 /* of one section */
#define WORDS_MAX 256

extern const unsigned char kinds_builtin[];
extern const size_t kinds_builtin_size;

/* Sections of rules, and the lists of words that their verdicts come from. */
static const struct {
	const char *rules, *words;
} sections[KINDS] = {
	[KIND_TYPE] = { "types", "types" },
	[KIND_ROLE] = { "roles", "roles" },
	[KIND_RISK] = { "risks", "risks" },
	[KIND_LEVEL] = { "levels", "levels" },
	[KIND_IMPORTANCE] = { "importance", "importance" },
};

struct reading {
	struct kinds *kinds;
	const char *file;
	kinds_mistake *handler;
	void *context;
	unsigned mistakes;
	bool no_memory;
};

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
	if (reading->handler != NULL) {
		reading->handler(reading->context, text);
	}
}

static void *allocate(struct reading *reading, size_t n, size_t size)
{
	void *memory = calloc(n > 0 ? n : 1, size);

	reading->no_memory = reading->no_memory || memory == NULL;
	return memory;
}

/* ---- words ---- */

const char *kinds_spelling(const struct kinds *kinds, enum kind_of of, const char *word)
{
	const struct kind_list *list = &kinds->lists[of];

	for (size_t i = 0; i < list->n_words; i++) {
		if (strcasecmp(list->words[i], word) == 0) {
			return list->words[i];
		}
	}
	return NULL;
}

bool kinds_word(const struct kinds *kinds, enum kind_of of, const char *word)
{
	return kinds_spelling(kinds, of, word) != NULL;
}

const char *kinds_word_at(const struct kinds *kinds, enum kind_of of, size_t i)
{
	return i < kinds->lists[of].n_words ? kinds->lists[of].words[i] : NULL;
}

static void word_add(struct reading *reading, struct kind_list *list, const struct yaml_node *node)
{
	const char **grown;

	if (node->kind != YAML_SCALAR || node->length == 0 || list->n_words == WORDS_MAX) {
		mistake(reading, node->line, node->column, "wants a word, at most %d of them",
			WORDS_MAX);
		return;
	}
	grown = realloc(list->words, (list->n_words + 1) * sizeof(*grown));
	if (grown == NULL) {
		reading->no_memory = true;
		return;
	}
	list->words = grown;
	grown[list->n_words++] = node->text;
}

static void words_read(struct reading *reading, const struct yaml_node *words)
{
	for (const struct yaml_node *at = words->child; at != NULL; at = at->next) {
		unsigned of = 0;

		while (of < KINDS &&
		       (at->key == NULL || strcmp(at->key, sections[of].words) != 0)) {
			of++;
		}
		if (of == KINDS || at->kind != YAML_LIST) {
			mistake(reading, at->line, at->column,
				"wants lists of words: types, roles, risks, levels, importance");
			continue;
		}
		for (const struct yaml_node *word = at->child; word != NULL; word = word->next) {
			word_add(reading, &reading->kinds->lists[of], word);
		}
	}
}

/* ---- conditions ---- */

/* "3": at least; "1-2": between. */
static bool number_read(const struct yaml_node *node, struct condition *out)
{
	char *end = NULL;

	out->most = UINT32_MAX;
	if (node->kind != YAML_SCALAR || node->text[0] < '0' || node->text[0] > '9') {
		return false;
	}
	out->least = (uint32_t)strtoul(node->text, &end, 10);
	if (*end == '-' && end[1] >= '0' && end[1] <= '9') {
		out->most = (uint32_t)strtoul(end + 1, &end, 10);
	}
	return *end == '\0' && out->least <= out->most;
}

static void operations_read(struct reading *reading, const struct yaml_node *node,
			    struct condition *out)
{
	const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node;

	for (; at != NULL; at = node->kind == YAML_LIST ? at->next : NULL) {
		enum operation operation;

		if (at->kind != YAML_SCALAR || !operation_from_name(at->text, &operation)) {
			mistake(reading, at->line, at->column, "'%s' is no operation",
				at->kind == YAML_SCALAR ? at->text : "");
		} else {
			out->mask |= UINT32_C(1) << operation;
		}
	}
}

/* Of a section that is judged before, only its words can fit; patterns may. */
static void texts_check(struct reading *reading, const struct yaml_node *node)
{
	const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node;

	if (node->kind == YAML_MAP || at == NULL) {
		mistake(reading, node->line, node->column, "wants a text, or a list of texts");
		return;
	}
	for (; at != NULL; at = node->kind == YAML_LIST ? at->next : NULL) {
		if (at->kind != YAML_SCALAR || strlen(at->text) != at->length) {
			mistake(reading, at->line, at->column, "wants a text");
		}
	}
}

static void condition_read(struct reading *reading, const struct yaml_node *node, enum kind_of of,
			   struct condition *out)
{
	*out = (struct condition) { .values = node };
	if (!fact_find(node->key, &out->fact)) {
		mistake(reading, node->key_line, node->key_column, "unknown fact '%s'", node->key);
		return;
	}
	switch (out->fact.kind) {
	case FACT_BOOL:
		if (!yaml_as_bool(node, &out->truth)) {
			mistake(reading, node->line, node->column, "%s wants true or false",
				node->key);
		}
		break;
	case FACT_NUMBER:
		if (!number_read(node, out)) {
			mistake(reading, node->line, node->column,
				"%s wants a number (at least) or a range such as 1-2", node->key);
		}
		break;
	case FACT_OPERATIONS:
		operations_read(reading, node, out);
		break;
	case FACT_VERDICT:
		if (out->fact.subject >= (unsigned)of) {
			mistake(reading, node->key_line, node->key_column,
				"%s is decided later than this section", node->key);
		}
		texts_check(reading, node);
		break;
	default:
		texts_check(reading, node);
		break;
	}
}

static void alternative_read(struct reading *reading, const struct yaml_node *node, enum kind_of of,
			     struct alternative *out)
{
	*out = (struct alternative) { .conditions = NULL };
	if (node->kind != YAML_MAP || node->n_children == 0) {
		mistake(reading, node->line, node->column, "wants facts and their values");
		return;
	}
	out->conditions = allocate(reading, node->n_children, sizeof(*out->conditions));
	if (out->conditions == NULL) {
		return;
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		condition_read(reading, at, of, &out->conditions[out->n++]);
	}
}

static void alternatives_read(struct reading *reading, const struct yaml_node *node,
			      enum kind_of of, struct alternatives *out)
{
	bool list = node->kind == YAML_LIST;
	const struct yaml_node *at = list ? node->child : node;

	out->items = allocate(reading, list ? node->n_children : 1, sizeof(*out->items));
	for (; out->items != NULL && at != NULL; at = list ? at->next : NULL) {
		alternative_read(reading, at, of, &out->items[out->n++]);
	}
}

/* ---- rules ---- */

static const char *text_of(struct reading *reading, const struct yaml_node *rule, const char *key)
{
	const struct yaml_node *node = yaml_get(rule, key);

	if (node == NULL || node->kind != YAML_SCALAR || node->length == 0) {
		mistake(reading, rule->line, rule->column, "the rule wants '%s'", key);
		return "";
	}
	return node->text;
}

static void value_read(struct reading *reading, const struct yaml_node *node, enum kind_of of,
		       struct kind_rule *out)
{
	const struct yaml_node *is = yaml_get(node, "is"), *from = yaml_get(node, "from");
	uint8_t kind = 0;

	out->from = IDENTITIES;
	if ((is == NULL) == (from == NULL)) {
		mistake(reading, node->line, node->column, "the rule wants either 'is' or 'from'");
	} else if (from != NULL) {
		if (from->kind != YAML_SCALAR || !attribute_kind_from_name(from->text, &kind)) {
			mistake(reading, from->line, from->column, "'from' wants an attribute");
		}
		out->from = (enum identity)kind;
	} else {
		out->value =
		    is->kind == YAML_SCALAR ? kinds_spelling(reading->kinds, of, is->text) : NULL;
		if (out->value == NULL) {
			mistake(reading, is->line, is->column, "'%s' is not among the words of %s",
				is->kind == YAML_SCALAR ? is->text : "", sections[of].words);
		}
	}
	if (of == KIND_RISK && from != NULL) {
		mistake(reading, from->line, from->column, "a risk has its own rule: 'is'");
	}
}

static void keys_check(struct reading *reading, const struct yaml_node *rule)
{
	static const char *const known[] = { "id", "is", "from", "because", "when", "unless" };

	for (const struct yaml_node *at = rule->child; at != NULL; at = at->next) {
		size_t i = 0;

		while (i < ARRAY_SIZE(known) && strcmp(known[i], at->key) != 0) {
			i++;
		}
		if (i == ARRAY_SIZE(known)) {
			mistake(reading, at->key_line, at->key_column, "unknown key '%s'", at->key);
		}
	}
}

static bool has_rule(const struct kind_list *list, const char *id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->rules[i].id, id) == 0) {
			return true;
		}
	}
	return false;
}

static void rule_read(struct reading *reading, const struct yaml_node *node, enum kind_of of)
{
	struct kind_list *list = &reading->kinds->lists[of];
	const struct yaml_node *when, *unless;
	struct kind_rule rule = { .id = NULL };
	struct kind_rule *grown;

	if (node->kind != YAML_MAP) {
		mistake(reading, node->line, node->column, "wants a rule: id, is, because, when");
		return;
	}
	keys_check(reading, node);
	rule.id = text_of(reading, node, "id");
	rule.because = text_of(reading, node, "because");
	value_read(reading, node, of, &rule);
	if (has_rule(list, rule.id)) {
		return; /* the user's own rule stands in for it */
	}
	grown = list->n < (of == KIND_RISK ? RISKS_MAX : RULES_MAX)
		    ? realloc(list->rules, (list->n + 1) * sizeof(*grown))
		    : NULL;
	if (grown == NULL) {
		mistake(reading, node->line, node->column, "no room for more rules");
		return;
	}
	list->rules = grown;
	when = yaml_get(node, "when");
	unless = yaml_get(node, "unless");
	if (when != NULL) {
		alternatives_read(reading, when, of, &rule.when);
	}
	if (unless != NULL) {
		alternatives_read(reading, unless, of, &rule.unless);
	}
	grown[list->n++] = rule;
}

static void section_read(struct reading *reading, const struct yaml_node *section)
{
	unsigned of = 0;

	if (strcmp(section->key, "words") == 0 || yaml_is_null(section)) {
		return;
	}
	while (of < KINDS && strcmp(section->key, sections[of].rules) != 0) {
		of++;
	}
	if (of == KINDS) {
		mistake(reading, section->key_line, section->key_column, "unknown section '%s'",
			section->key);
		return;
	}
	if (section->kind != YAML_LIST) {
		mistake(reading, section->line, section->column, "%s wants a list of rules",
			section->key);
		return;
	}
	for (const struct yaml_node *at = section->child; at != NULL; at = at->next) {
		rule_read(reading, at, (enum kind_of)of);
	}
}

static const struct yaml_node *root_of(struct reading *reading, const struct yaml *yaml)
{
	const struct yaml_node *root = yaml_n_documents(yaml) > 0 ? yaml_document(yaml, 0) : NULL;

	reading->file = yaml_name(yaml);
	if (root == NULL || yaml_is_null(root)) {
		return NULL;
	}
	if (root->kind != YAML_MAP) {
		mistake(reading, root->line, root->column, "wants sections such as 'types:'");
		return NULL;
	}
	return root;
}

/* Words of all files first: a rule may use those of another. */
static void files_read(struct reading *reading)
{
	struct kinds *kinds = reading->kinds;

	for (unsigned pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < ARRAY_SIZE(kinds->files); i++) {
			const struct yaml_node *root =
			    kinds->files[i] != NULL ? root_of(reading, kinds->files[i]) : NULL;
			const struct yaml_node *at = root != NULL ? root->child : NULL;
			const struct yaml_node *words =
			    root != NULL ? yaml_get(root, "words") : NULL;

			if (pass == 0 && words != NULL) {
				words_read(reading, words);
			}
			for (; pass == 1 && at != NULL; at = at->next) {
				section_read(reading, at);
			}
		}
	}
}

int kinds_read(struct kinds **out, const char *path, kinds_mistake *handler, void *context,
	       struct problem *problem)
{
	struct kinds *kinds = calloc(1, sizeof(*kinds));
	struct reading reading = { .kinds = kinds, .handler = handler, .context = context };
	struct problem syntax = { "" };
	int error = 0;

	if (kinds == NULL) {
		return -ENOMEM;
	}
	if (path != NULL) {
		error = yaml_read_file(&kinds->files[0], path, &syntax);
	}
	if (error == 0) {
		error = yaml_read_bytes(&kinds->files[1], "roles.yaml", kinds_builtin,
					kinds_builtin_size, &syntax);
	}
	if (error != 0) {
		kinds_free(kinds);
		if (error == -EINVAL && handler != NULL) {
			handler(context, syntax.text);
			return error;
		}
		return problem_set(problem, error, "%s", syntax.text);
	}
	files_read(&reading);
	if (reading.mistakes > 0 || reading.no_memory) {
		kinds_free(kinds);
		return reading.no_memory ? -ENOMEM : -EINVAL;
	}
	*out = kinds;
	return 0;
}

static void alternatives_free(struct alternatives *alternatives)
{
	for (size_t i = 0; i < alternatives->n; i++) {
		free(alternatives->items[i].conditions);
	}
	free(alternatives->items);
}

struct kinds *kinds_free(struct kinds *kinds)
{
	if (kinds == NULL) {
		return NULL;
	}
	for (unsigned of = 0; of < KINDS; of++) {
		struct kind_list *list = &kinds->lists[of];

		for (size_t i = 0; i < list->n; i++) {
			alternatives_free(&list->rules[i].when);
			alternatives_free(&list->rules[i].unless);
		}
		free(list->rules);
		free(list->words);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds->files); i++) {
		yaml_free(kinds->files[i]);
	}
	free(kinds);
	return NULL;
}
