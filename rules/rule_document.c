/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/rule_document.h"

#include "dissectors/dissector.h"
#include "rules/attack.h"
#include "rules/iec62443.h"
#include "rules/iso27001.h"
#include "rules/rule.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PREFIX_LEAST 4

size_t rule_set_count(const struct rule_set *set)
{
	return set->n_rules;
}

enum alert_level rule_set_level(const struct rule_set *set, size_t rule)
{
	return set->rules[rule]->level;
}

bool rule_set_needs_baseline(const struct rule_set *set, size_t rule)
{
	return set->rules[rule]->requires_baseline;
}

size_t rule_set_of_baseline(const struct rule_set *set)
{
	size_t n = 0;

	for (size_t i = 0; i < set->n_rules; i++) {
		n += set->rules[i]->requires_baseline && !set->rules[i]->silent;
	}
	return n;
}

int rule_find(const struct rule_set *set, const char *text, size_t *out)
{
	size_t n = strlen(text), found = 0;

	for (size_t i = 0; i < set->n_rules; i++) {
		const struct rule *rule = set->rules[i];

		if (strcmp(rule->id, text) == 0 || strcasecmp(rule->title, text) == 0 ||
		    (rule->name != NULL && strcmp(rule->name, text) == 0)) {
			*out = i;
			return 0;
		}
		if (n >= PREFIX_LEAST && strncmp(rule->id, text, n) == 0) {
			*out = i;
			found++;
		}
	}
	return found == 1 ? 0 : found == 0 ? -ENOENT : -EEXIST;
}

/* ---- the condition as lines of text ---- */

static void put_lines(struct buffer *out, const struct node *node, unsigned depth);

static void put_indent(struct buffer *out, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++) {
		buffer_text(out, "  ");
	}
}

static void put_test(struct buffer *out, const struct test *test)
{
	buffer_text(out, test->key[0] != '\0' ? test->key : "message (keyword)");
	if (test->exists) {
		buffer_text(out, test->wanted ? ": true" : ": false");
		return;
	}
	buffer_text(out, ": ");
	for (size_t i = 0; i < test->n; i++) {
		const struct match *match = &test->values[i];

		/* A value that stands for several texts is said once. */
		if (i > 0 && match->text_form == test->values[i - 1].text_form) {
			continue;
		}
		buffer_text(out, i == 0 ? "" : test->all ? " and " : ", ");
		buffer_text(out, match->kind == MATCH_NULL ? "null" : match->text_form);
	}
}

static void put_group(struct buffer *out, const struct node *node, unsigned depth)
{
	/* A group of one is that one. */
	if (node->child != NULL && node->child->next == NULL) {
		put_lines(out, node->child, depth);
		return;
	}
	put_indent(out, depth);
	buffer_text(out, node->kind == NODE_AND ? "all of" : "any of");
	for (const struct node *at = node->child; at != NULL; at = at->next) {
		buffer_text(out, "\n");
		put_lines(out, at, depth + 1);
	}
}

static void put_lines(struct buffer *out, const struct node *node, unsigned depth)
{
	switch (node->kind) {
	case NODE_TEST:
		put_indent(out, depth);
		put_test(out, node->test);
		break;
	case NODE_NOT:
		put_indent(out, depth);
		buffer_text(out, "not\n");
		put_lines(out, node->child, depth + 1);
		break;
	default:
		put_group(out, node, depth);
		break;
	}
}

/* ---- where it looks ---- */

static void put_set(struct json *json, const char *key, uint32_t set, unsigned n,
		    const char *(*name)(unsigned))
{
	uint32_t all = n >= 32 ? UINT32_MAX : (UINT32_C(1) << n) - 1;

	if ((set & all) == all) {
		return;
	}
	json_array(json, key);
	for (unsigned i = 0; i < n; i++) {
		if ((set >> i & 1) != 0) {
			json_text(json, NULL, name(i));
		}
	}
	json_end(json);
}

static const char *kind_of(unsigned i)
{
	return record_kind_name((enum record_kind)i);
}

static const char *operation_of(unsigned i)
{
	return operation_name((enum operation)i);
}

static const char *outcome_of(unsigned i)
{
	return outcome_name((enum outcome)i);
}

static void put_protocols(struct json *json, const struct scope *scope)
{
	size_t n = 0;

	for (size_t i = 0; i < dissector_count(); i++) {
		n += scope->protocols[i / 64] >> i % 64 & 1;
	}
	if (n == dissector_count()) {
		return;
	}
	json_array(json, "protocols");
	for (size_t i = 0; i < dissector_count(); i++) {
		if ((scope->protocols[i / 64] >> i % 64 & 1) != 0) {
			json_text(json, NULL, dissector_at(i)->name);
		}
	}
	json_end(json);
}

/* What narrows the rule before its condition is judged; what is absent narrows nothing. */
static void put_scope(struct json *json, const struct rule_set *set, const struct rule *rule)
{
	const struct scope *scope = &rule->scope;
	uint32_t answers =
	    (scope->answers | scope->answers >> OUTCOMES) & ((UINT32_C(1) << OUTCOMES) - 1);

	json_object(json, "index");
	put_set(json, "kinds", scope->kinds, RECORD_KINDS, kind_of);
	put_protocols(json, scope);
	put_set(json, "operations", scope->operations, OPERATIONS, operation_of);
	put_set(json, "outcomes", answers, OUTCOMES, outcome_of);
	if (rule->anchor_field != FIELD_NOT_FOUND) {
		json_text(json, "anchor", field_by_id(set->registry, rule->anchor_field)->name);
		json_uint(json, "anchor_values", rule->n_anchors);
	}
	json_text(json, "judged",
		  rule->names_phase     ? "every record"
		  : rule->names_outcome ? "complete transactions"
					: "the first record of a transaction");
	json_end(json);
}

/* ---- what it is about ---- */

static void put_texts(struct json *json, const char *key, const struct texts *texts)
{
	if (texts->n == 0) {
		return;
	}
	json_array(json, key);
	for (size_t i = 0; i < texts->n; i++) {
		json_text(json, NULL, texts->items[i]);
	}
	json_end(json);
}

/* A tag with the name of what it points at. */
static const char *tag_text(const char *tag, char *out, size_t size)
{
	const struct attack_technique *technique =
	    strncmp(tag, "attack.", 7) == 0 ? attack_technique(tag + 7) : NULL;
	const struct attack_tactic *tactic =
	    strncmp(tag, "attack.", 7) == 0 ? attack_tactic(tag + 7) : NULL;
	const struct iec62443_requirement *requirement =
	    strncmp(tag, "iec62443.", 9) == 0 ? iec62443_requirement(tag + 9) : NULL;

	if (technique != NULL) {
		snprintf(out, size, "ATT&CK %s %s", technique->id, technique->name);
	} else if (tactic != NULL) {
		snprintf(out, size, "ATT&CK tactic %s", tactic->name);
	} else if (requirement != NULL) {
		snprintf(out, size, "IEC 62443-3-3 %s %s", requirement->id, requirement->title);
	} else if (strncmp(tag, "iso27001.a-", 11) == 0) {
		const struct iso27001_control *control = iso27001_control(tag + 9);

		snprintf(out, size, "ISO/IEC 27001 A.%s %s", tag + 11,
			 control != NULL ? control->title : "");
	} else {
		snprintf(out, size, "%s", tag);
	}
	return out;
}

static void put_tags(struct json *json, const struct texts *tags)
{
	char text[256];

	json_array(json, "mappings");
	for (size_t i = 0; i < tags->n; i++) {
		json_text(json, NULL, tag_text(tags->items[i], text, sizeof(text)));
	}
	json_end(json);
}

static void put_bound(struct buffer *out, const char *word, double bound)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%s %.10g", out->length > 0 ? ", " : "", word, bound);
	buffer_text(out, text);
}

static void put_correlation(struct json *json, const struct rule_set *set,
			    const struct correlation *c)
{
	struct buffer bounds = { 0 };

	json_object(json, "correlation");
	json_text(json, "type", correlation_type_name(c->type));
	json_uint(json, "timespan", (uint64_t)c->timespan);
	json_array(json, "rules");
	for (size_t i = 0; i < c->n_rules; i++) {
		json_text(json, NULL, set->rules[c->rules[i]]->title);
	}
	json_end(json);
	json_array(json, "group_by");
	for (size_t i = 0; i < c->n_group_by; i++) {
		json_text(json, NULL, field_by_id(set->registry, c->group_by[i])->name);
	}
	json_end(json);
	if (!isinf(c->bounds.least)) {
		put_bound(&bounds, c->bounds.above ? "more than" : "at least", c->bounds.least);
	}
	if (!isinf(c->bounds.most)) {
		put_bound(&bounds, c->bounds.below ? "less than" : "at most", c->bounds.most);
	}
	if (!isnan(c->bounds.not_equal)) {
		put_bound(&bounds, "not", c->bounds.not_equal);
	}
	json_string(json, "condition", bounds.data, bounds.length);
	json_end(json);
	buffer_free(&bounds);
}

static void put_head(struct json *json, const struct rule *rule)
{
	json_text(json, "id", rule->id);
	json_text(json, "title", rule->title);
	json_text(json, "level", alert_level_name(rule->level));
	if (rule->name != NULL) {
		json_text(json, "name", rule->name);
	}
	if (rule->status != NULL) {
		json_text(json, "status", rule->status);
	}
	if (rule->version != NULL) {
		json_text(json, "version", rule->version);
	}
	if (rule->author != NULL) {
		json_text(json, "author", rule->author);
	}
	if (rule->license != NULL) {
		json_text(json, "license", rule->license);
	}
	if (rule->description != NULL) {
		json_text(json, "description", rule->description);
	}
	if (rule->next_step != NULL) {
		json_text(json, "next_step", rule->next_step);
	}
}

void rule_document(struct buffer *out, const struct rule_set *set, size_t number)
{
	const struct rule *rule = set->rules[number];
	struct json json = json_to(out);
	struct buffer lines = { 0 };

	json_object(&json, NULL);
	put_head(&json, rule);
	json_text(&json, "service", rule->service != NULL ? rule->service : "");
	put_texts(&json, "falsepositives", &rule->falsepositives);
	put_texts(&json, "references", &rule->references);
	put_texts(&json, "tags", &rule->tags);
	put_tags(&json, &rule->tags);
	json_bool(&json, "silent", rule->silent);
	json_array(&json, "needs");
	if (rule->requires_baseline) {
		json_text(&json, NULL, "baseline");
	}
	if (rule->requires_complete) {
		json_text(&json, NULL, "complete_capture");
	}
	json_end(&json);
	put_texts(&json, "filters", &rule->filters);
	if (rule->condition != NULL) {
		put_lines(&lines, rule->condition, 0);
		json_string(&json, "condition", lines.data, lines.length);
		put_scope(&json, set, rule);
	}
	if (rule->correlation != NULL) {
		put_correlation(&json, set, rule->correlation);
	}
	json_text(&json, "file", rule->file);
	json_uint(&json, "line", rule->line);
	json_end(&json);
	buffer_free(&lines);
}
