/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* exception_load.c - an exceptions file to the entries of each rule. */

#include "capture/base/hash.h"
#include "rules/exceptions_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One entry at work: which rules it is about. */
struct choice {
	bool *rules; /* of each rule of the set */
	bool any;    /* a selector was given */
};

/* ---- which rules ---- */

static bool is_called(const struct sigma_text *text, const char *name)
{
	return name != NULL && sigma_text_matches(text, name, strlen(name), false);
}

static bool names_rule(const struct sigma_text *text, const struct rule *rule)
{
	return is_called(text, rule->id) || is_called(text, rule->uuid) ||
	       is_called(text, rule->name) || is_called(text, rule->title);
}

static bool has_tag(const struct sigma_text *text, const struct rule *rule)
{
	for (size_t i = 0; i < rule->tags.n; i++) {
		if (is_called(text, rule->tags.items[i])) {
			return true;
		}
	}
	return false;
}

static bool has_level(const struct sigma_text *text, const struct rule *rule)
{
	return is_called(text, alert_level_name(rule->level));
}

static const struct selector {
	const char *key, *what;
	bool (*chooses)(const struct sigma_text *text, const struct rule *rule);
} selectors[] = {
	{ "rules", "no loaded rule has this id, name or title", names_rule },
	{ "levels", "no loaded rule has this level", has_level },
	{ "tags", "no loaded rule has this tag", has_tag },
};

/* Marks the rules that one text of a selector names; an error when there is none. */
static int choose_one(struct loader *loader, const struct rule_exceptions *exceptions,
		      const struct selector *selector, const struct yaml_node *node, bool *chosen)
{
	const struct rule_set *set = exceptions->set;
	struct arena *arena = &loader->set->arena;
	struct sigma_text text;
	bool found = false;

	if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
		return sigma_error(loader, node, "%s must be texts", selector->key);
	}
	if (!sigma_text_read(arena, node->text, node->length, &text) ||
	    !sigma_text_fold(arena, &text)) {
		return sigma_error(loader, node, "out of memory");
	}
	for (size_t i = 0; i < set->n_rules; i++) {
		if (selector->chooses(&text, set->rules[i])) {
			chosen[i] = found = true;
		}
	}
	return found ? 0 : sigma_error(loader, node, "'%.80s': %s", node->text, selector->what);
}

/* One selector: what it names; a rule must be in each that is given. */
static int choose(struct loader *loader, const struct rule_exceptions *exceptions,
		  const struct selector *selector, const struct yaml_node *node,
		  struct choice *choice)
{
	size_t n = exceptions->set->n_rules;
	bool *chosen = calloc(n + 1, sizeof(*chosen));
	int result = chosen != NULL ? 0 : -ENOMEM;

	choice->any = true;
	for (const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node;
	     result != -ENOMEM && at != NULL; at = node->kind == YAML_LIST ? at->next : NULL) {
		int error = choose_one(loader, exceptions, selector, at, chosen);

		result = result != 0 ? result : error;
	}
	for (size_t i = 0; chosen != NULL && i < n; i++) {
		choice->rules[i] = choice->rules[i] && chosen[i];
	}
	free(chosen);
	return result;
}

static int choose_rules(struct loader *loader, const struct rule_exceptions *exceptions,
			const struct yaml_node *root, struct choice *choice)
{
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(selectors); i++) {
		const struct yaml_node *node = yaml_get(root, selectors[i].key);
		int error =
		    node != NULL ? choose(loader, exceptions, &selectors[i], node, choice) : 0;

		result = result != 0 ? result : error;
	}
	if (!choice->any) {
		return sigma_error(loader, root,
				   "an exception needs rules, levels or tags (rules: '*' is all)");
	}
	return result;
}

/* ---- an entry ---- */

static int take_text(struct loader *loader, const struct yaml_node *root, const char *key,
		     const char **out)
{
	const struct yaml_node *node = yaml_get(root, key);

	if (node != NULL && strcmp(key, "name") == 0 && node->length >= EXCEPTION_NAME_SIZE) {
		return sigma_error(loader, node, "a name has at most %d bytes",
				   EXCEPTION_NAME_SIZE - 1);
	}
	if (node == NULL || node->kind != YAML_SCALAR || node->length == 0 || yaml_is_null(node)) {
		return sigma_error(loader, node != NULL ? node : root, "an exception needs %s: %s",
				   key,
				   strcmp(key, "name") == 0 ? "what it is called"
				   : key[0] == 'o'          ? "who answers for it"
							    : "why it was made");
	}
	*out = arena_text(&loader->set->arena, node->text, node->length);
	return *out != NULL ? 0 : -ENOMEM;
}

static int take_action(struct loader *loader, const struct yaml_node *root, struct exception *out)
{
	const struct yaml_node *node = yaml_get(root, "action"), *threshold, *level;

	threshold = yaml_get(root, "threshold");
	level = yaml_get(root, "level");
	if (node == NULL || node->kind != YAML_SCALAR) {
		return sigma_error(loader, node != NULL ? node : root,
				   "an exception needs an action: suppress, threshold or level");
	}
	if (strcmp(node->text, "suppress") == 0) {
		out->action = EXCEPTION_SUPPRESS;
	} else if (strcmp(node->text, "threshold") == 0) {
		out->action = EXCEPTION_THRESHOLD;
	} else if (strcmp(node->text, "level") == 0) {
		out->action = EXCEPTION_LEVEL;
	} else {
		return sigma_error(loader, node, "action must be suppress, threshold or level");
	}
	if ((out->action == EXCEPTION_THRESHOLD) != (threshold != NULL) ||
	    (out->action == EXCEPTION_LEVEL) != (level != NULL)) {
		return sigma_error(loader, node,
				   "action '%s' and the key of its name go together: threshold "
				   "with threshold, level with level, suppress with neither",
				   node->text);
	}
	if (threshold != NULL) {
		return exception_read_threshold(loader, threshold, out);
	}
	if (level != NULL &&
	    (level->kind != YAML_SCALAR || !alert_level_from_name(level->text, &out->level))) {
		return sigma_error(loader, level,
				   "level must be informational, low, medium, high "
				   "or critical");
	}
	return 0;
}

static int take_assets(struct loader *loader, const struct yaml_node *root, struct exception *out)
{
	static const char *const keys[] = { "source", "destination", "either" };
	struct exception_ends *ends[] = { &out->source, &out->destination, &out->either };
	const struct yaml_node *assets = yaml_get(root, "assets");
	int result;

	if (assets == NULL) {
		return 0;
	}
	if (assets->kind != YAML_MAP || assets->n_children == 0) {
		return sigma_error(loader, assets,
				   "assets must be a map of source, destination, either");
	}
	result = exception_check_keys(loader, assets, keys, ARRAY_SIZE(keys));
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct yaml_node *node = yaml_get(assets, keys[i]);
		int error = node != NULL ? exception_read_ends(loader, node, ends[i]) : 0;

		result = result != 0 ? result : error;
	}
	return result;
}

static int take_rest(struct loader *loader, const struct yaml_node *root, struct exception *out)
{
	const struct yaml_node *expires = yaml_get(root, "expires"), *when = yaml_get(root, "when"),
			       *detection = yaml_get(root, "detection"),
			       *correlations = yaml_get(root, "correlations");
	int result = expires != NULL ? exception_read_expires(loader, expires, out)
				     : sigma_error(loader, root,
						   "an exception needs expires: its last day, "
						   "YYYY-MM-DD");
	bool seen = true;

	if (when != NULL && exception_read_when(loader, when, out) != 0) {
		result = -EINVAL;
	}
	if (detection != NULL && sigma_detection(loader, detection, NULL, &out->condition) != 0) {
		result = -EINVAL;
	}
	if (correlations != NULL && !yaml_as_bool(correlations, &seen)) {
		return sigma_error(loader, correlations,
				   "correlations must be true (they count what is held back) or "
				   "false");
	}
	out->hides = !seen;
	return result;
}

static int check_name(struct loader *loader, const struct yaml_node *root,
		      const struct rule_exceptions *exceptions, const struct exception *entry)
{
	for (size_t i = 0; i < exceptions->n; i++) {
		if (strcmp(exceptions->items[i].name, entry->name) == 0) {
			return sigma_error(loader, yaml_get(root, "name"),
					   "the exception in line %u is called '%.60s' already",
					   exceptions->items[i].line, entry->name);
		}
	}
	return 0;
}

/* Adds the entry's number to the lists of its rules. */
static int list_entry(struct rule_exceptions *exceptions, const struct choice *choice,
		      struct exception *entry)
{
	for (size_t i = 0; i < exceptions->set->n_rules; i++) {
		struct exception_list *list = &exceptions->of_rule[i];
		uint16_t *items;

		if (!choice->rules[i]) {
			continue;
		}
		items = realloc(list->items, (list->n + 1) * sizeof(*items));
		if (items == NULL) {
			return -ENOMEM;
		}
		items[list->n++] = (uint16_t)exceptions->n;
		list->items = items;
		entry->n_rules++;
	}
	return 0;
}

static int read_parts(struct loader *loader, const struct rule_exceptions *exceptions,
		      const struct yaml_node *root, struct exception *entry, struct choice *choice)
{
	static const char *const keys[] = { "name",   "rules",     "levels",       "tags",
					    "assets", "when",      "detection",    "action",
					    "level",  "threshold", "correlations", "owner",
					    "reason", "expires" };
	int errors[] = {
		exception_check_keys(loader, root, keys, ARRAY_SIZE(keys)),
		take_text(loader, root, "name", &entry->name),
		take_text(loader, root, "owner", &entry->owner),
		take_text(loader, root, "reason", &entry->reason),
		choose_rules(loader, exceptions, root, choice),
		take_assets(loader, root, entry),
		take_action(loader, root, entry),
		take_rest(loader, root, entry),
	};
	int result = 0;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		result = errors[i] == -ENOMEM || result == 0 ? errors[i] : result;
	}
	return result == 0 ? check_name(loader, root, exceptions, entry) : result;
}

static int read_entry(struct loader *loader, struct rule_exceptions *exceptions,
		      const struct yaml_node *root)
{
	size_t n = exceptions->set->n_rules;
	struct exception entry = { .line = root->line,
				   .column = root->column,
				   .days = EXCEPTION_ALL_DAYS };
	struct choice choice = { .rules = malloc(n + 1) };
	int error;

	if (choice.rules == NULL) {
		return -ENOMEM;
	}
	memset(choice.rules, true, n + 1);
	error = root->kind == YAML_MAP ? read_parts(loader, exceptions, root, &entry, &choice)
				       : sigma_error(loader, root,
						     "an exception must be a map with name, rules, "
						     "action, owner, reason and expires");
	if (error == 0) {
		error = list_entry(exceptions, &choice, &entry);
	}
	if (error == 0) {
		exceptions->items[exceptions->n++] = entry;
		exceptions->hash += sigma_hash(root);
	}
	free(choice.rules);
	return error;
}

/* ---- the file ---- */

static int read_document(struct loader *loader, struct rule_exceptions *exceptions)
{
	const struct yaml *yaml = loader->yaml;
	const struct yaml_node *root = yaml_n_documents(yaml) > 0 ? yaml_document(yaml, 0) : NULL;
	int error = 0;

	if (yaml_n_documents(yaml) > 1) {
		return sigma_error(loader, NULL, "more than one document");
	}
	if (root == NULL || yaml_is_null(root)) {
		return 0; /* no exceptions */
	}
	if (root->kind != YAML_LIST) {
		return sigma_error(loader, root, "exceptions must be a list");
	}
	if (root->n_children > EXCEPTIONS_MAX) {
		return sigma_error(loader, root, "more than %d exceptions", EXCEPTIONS_MAX);
	}
	exceptions->items = calloc(root->n_children + 1, sizeof(*exceptions->items));
	if (exceptions->items == NULL) {
		return -ENOMEM;
	}
	for (const struct yaml_node *at = root->child; error != -ENOMEM && at != NULL;
	     at = at->next) {
		error = read_entry(loader, exceptions, at);
	}
	return error;
}

static int make(struct rule_exceptions **out, const char *path, const struct rule_set *set)
{
	struct rule_exceptions *exceptions = calloc(1, sizeof(*exceptions));

	if (exceptions == NULL) {
		return -ENOMEM;
	}
	exceptions->set = set;
	exceptions->shell = calloc(1, sizeof(*exceptions->shell));
	exceptions->of_rule = calloc(set->n_rules + 1, sizeof(*exceptions->of_rule));
	if (exceptions->shell != NULL) {
		exceptions->shell->registry = set->registry;
		exceptions->shell->special = set->special;
		exceptions->file = arena_text(&exceptions->shell->arena, path, strlen(path));
	}
	if (exceptions->of_rule == NULL || exceptions->file == NULL) {
		rule_exceptions_free(exceptions);
		return -ENOMEM;
	}
	*out = exceptions;
	return 0;
}

int rule_exceptions_load(struct rule_exceptions **out, const char *path, const struct rule_set *set,
			 rule_problem_handler *handler, void *context, unsigned *errors)
{
	struct rule_exceptions *exceptions = NULL;
	struct rule_counts counts = { 0 };
	struct problem problem = { "" };
	struct yaml *yaml = NULL;
	int error = yaml_read_file(&yaml, path, &problem);

	*out = NULL;
	*errors = error == -EINVAL;
	if (error == -EINVAL && handler != NULL) {
		handler(context, problem.text);
	}
	if (error != 0) {
		return error == -EINVAL ? 0 : error;
	}
	error = make(&exceptions, path, set);
	if (error == 0) {
		struct loader loader = { .set = exceptions->shell,
					 .counts = &counts,
					 .handler = handler,
					 .context = context,
					 .yaml = yaml };

		error = read_document(&loader, exceptions);
		snprintf(exceptions->hash_text, sizeof(exceptions->hash_text), "%016llx",
			 (unsigned long long)hash_stable_end(exceptions->hash));
	}
	yaml_free(yaml);
	*errors = counts.errors;
	if (error == -ENOMEM || counts.errors > 0) {
		rule_exceptions_free(exceptions);
		return error == -ENOMEM ? error : 0;
	}
	*out = exceptions;
	return 0;
}

struct rule_exceptions *rule_exceptions_free(struct rule_exceptions *exceptions)
{
	if (exceptions != NULL) {
		for (size_t i = 0; exceptions->of_rule != NULL && i < exceptions->set->n_rules;
		     i++) {
			free(exceptions->of_rule[i].items);
		}
		free(exceptions->of_rule);
		free(exceptions->items);
		rule_set_free(exceptions->shell);
		free(exceptions);
	}
	return NULL;
}

size_t rule_exceptions_count(const struct rule_exceptions *exceptions)
{
	return exceptions->n;
}

const char *rule_exceptions_hash(const struct rule_exceptions *exceptions)
{
	return exceptions->hash_text;
}
