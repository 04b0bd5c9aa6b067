/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_correlation.c - the correlation section of a document (correlation rules
 * specification 2.1), as far as it can be read without the rules that it counts. */

#include "rules/sigma.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static const char *const types[] = {
	[CORRELATION_EVENT_COUNT] = "event_count",
	[CORRELATION_VALUE_COUNT] = "value_count",
	[CORRELATION_TEMPORAL] = "temporal",
	[CORRELATION_TEMPORAL_ORDERED] = "temporal_ordered",
	[CORRELATION_VALUE_SUM] = "value_sum",
	[CORRELATION_VALUE_AVG] = "value_avg",
	[CORRELATION_VALUE_PERCENTILE] = "value_percentile",
};

const char *correlation_type_name(enum correlation_type type)
{
	return types[type];
}

static int take_type(struct loader *loader, const struct yaml_node *section,
		     struct correlation *out)
{
	const struct yaml_node *type = yaml_get(section, "type");

	if (type == NULL || type->kind != YAML_SCALAR) {
		return sigma_error(loader, section, "a correlation needs a type");
	}
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (strcmp(type->text, types[i]) == 0) {
			out->type = (enum correlation_type)i;
			return 0;
		}
	}
	return sigma_error(loader, type,
			   "unknown correlation type '%.40s': event_count, value_count, temporal, "
			   "temporal_ordered, value_sum, value_avg or value_percentile",
			   type->text);
}

static int take_timespan(struct loader *loader, const struct yaml_node *section,
			 struct correlation *out)
{
	static const struct {
		char letter;
		int64_t unit;
	} units[] = { { 's', NS_PER_S },
		      { 'm', NS_PER_MINUTE },
		      { 'h', NS_PER_HOUR },
		      { 'd', NS_PER_DAY },
		      { 'w', 7 * NS_PER_DAY } };
	const struct yaml_node *node = yaml_get(section, "timespan");
	size_t digits;

	if (node == NULL || node->kind != YAML_SCALAR) {
		return sigma_error(loader, section, "a correlation needs a timespan");
	}
	digits = strspn(node->text, "0123456789");
	for (size_t i = 0; digits > 0 && digits < 6 && i < ARRAY_SIZE(units); i++) {
		if (node->text[digits] == units[i].letter && node->text[digits + 1] == '\0') {
			out->timespan = strtol(node->text, NULL, 10) * units[i].unit;
		}
	}
	return out->timespan > 0
		   ? 0
		   : sigma_error(loader, node, "timespan must be a number and s, m, h, d or w");
}

/* Narrows the bounds by one criterion; false: unknown word. */
static bool add_bound(struct bounds *bounds, const char *word, double n)
{
	if (strcmp(word, "gte") == 0 || strcmp(word, "gt") == 0) {
		bounds->least = n;
		bounds->above = word[2] == '\0';
	} else if (strcmp(word, "lte") == 0 || strcmp(word, "lt") == 0) {
		bounds->most = n;
		bounds->below = word[2] == '\0';
	} else if (strcmp(word, "eq") == 0) {
		bounds->least = bounds->most = n;
	} else if (strcmp(word, "neq") == 0) {
		bounds->not_equal = n;
	} else {
		return false;
	}
	return true;
}

static int take_criterion(struct loader *loader, const struct yaml_node *node,
			  struct correlation *out, uint32_t *highest)
{
	int64_t whole = 0;
	double n = 0;

	if (correlation_counts(out) &&
	    (!yaml_as_int(node, &whole) || whole < (strcmp(node->key, "lt") == 0) ||
	     whole > CORRELATION_KEPT_MAX)) {
		return sigma_error(loader, node, "%.20s must be a number from 0 to %d", node->key,
				   CORRELATION_KEPT_MAX);
	}
	if (!correlation_counts(out) && (!yaml_as_double(node, &n) || !isfinite(n))) {
		return sigma_error(loader, node, "%.20s must be a number", node->key);
	}
	n = correlation_counts(out) ? (double)whole : n;
	if (!add_bound(&out->bounds, node->key, n)) {
		return sigma_error(loader, node,
				   "unknown criterion '%.20s': gt, gte, lt, lte, eq or neq",
				   node->key);
	}
	*highest = *highest > (uint32_t)whole ? *highest : (uint32_t)whole;
	return 0;
}

static int take_value_field(struct loader *loader, const struct yaml_node *node,
			    struct correlation *out)
{
	const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node;

	for (; at != NULL; at = node->kind == YAML_LIST ? at->next : NULL) {
		if (at->kind != YAML_SCALAR || out->n_fields == CORRELATION_FIELDS_MAX) {
			return sigma_error(loader, at, "field must be one to %d field names",
					   CORRELATION_FIELDS_MAX);
		}
		out->fields[out->n_fields] = sigma_field(loader, at, at->text, at->length);
		if (out->fields[out->n_fields++] == FIELD_NOT_FOUND) {
			return -EINVAL;
		}
	}
	return 0;
}

/* What is computed with must be numbers, of one field. */
static int check_fields(struct loader *loader, const struct yaml_node *condition,
			const struct correlation *c)
{
	bool wanted = !correlation_is_temporal(c) && c->type != CORRELATION_EVENT_COUNT;
	enum field_type type;

	if (wanted != (c->n_fields > 0)) {
		return sigma_error(loader, condition,
				   wanted ? "%s needs a field in its condition"
					  : "%s has no field in its condition",
				   types[c->type]);
	}
	if (!correlation_is_numeric(c) || loader->any_product) {
		return 0;
	}
	type = field_by_id(loader->set->registry, c->fields[0])->type;
	if (c->n_fields > 1) {
		return sigma_error(loader, condition, "%s has one field", types[c->type]);
	}
	return type == FIELD_INT || type == FIELD_UINT || type == FIELD_DOUBLE
		   ? 0
		   : sigma_error(loader, condition, "%s needs a field that is a number",
				 types[c->type]);
}

static int take_percentile(struct loader *loader, const struct yaml_node *node,
			   struct correlation *out)
{
	if (out->type != CORRELATION_VALUE_PERCENTILE || !yaml_as_double(node, &out->percentile) ||
	    !(out->percentile > 0 && out->percentile <= 100)) {
		return sigma_error(
		    loader, node, "percentile is a number above 0, up to 100, of value_percentile");
	}
	return 0;
}

static int take_criteria(struct loader *loader, const struct yaml_node *condition,
			 struct correlation *out, uint32_t *highest)
{
	uint32_t criteria = 0;

	for (const struct yaml_node *at = condition->child; at != NULL; at = at->next) {
		bool field = strcmp(at->key, "field") == 0;
		bool percentile = strcmp(at->key, "percentile") == 0;
		int error = field        ? take_value_field(loader, at, out)
			    : percentile ? 0
					 : take_criterion(loader, at, out, highest);

		if (error != 0) {
			return error;
		}
		criteria += !field && !percentile;
	}
	return criteria > 0 ? 0 : sigma_error(loader, condition, "the condition has no criterion");
}

/* A temporal correlation without a condition wants all of its rules: how many they are is known
 * when it is linked. */
static int take_condition(struct loader *loader, const struct yaml_node *section,
			  struct correlation *out)
{
	const struct yaml_node *condition = yaml_get(section, "condition");
	const struct yaml_node *percentile = yaml_get(condition, "percentile");
	uint32_t highest = 0;
	int error = 0;

	out->bounds = (struct bounds) { .least = -INFINITY, .most = INFINITY, .not_equal = NAN };
	if (condition == NULL && correlation_is_temporal(out)) {
		return 0;
	}
	if (condition == NULL || condition->kind != YAML_MAP) {
		return sigma_error(loader, condition != NULL ? condition : section,
				   "a correlation needs a condition, such as 'gte: 10'");
	}
	if (percentile != NULL) {
		error = take_percentile(loader, percentile, out);
	}
	error = error == 0 ? take_criteria(loader, condition, out, &highest) : error;
	out->keep = correlation_counts(out) ? highest + 1 : CORRELATION_KEPT_MAX;
	return error == 0 ? check_fields(loader, condition, out) : error;
}

static const char *const section_words[] = { "type",     "rules",    "aliases",
					     "group-by", "timespan", "condition" };

static int check_words(struct loader *loader, const struct yaml_node *section)
{
	for (const struct yaml_node *at = section->child; at != NULL; at = at->next) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(section_words); i++) {
			known = known || strcmp(section_words[i], at->key) == 0;
		}
		if (!known) {
			return sigma_error(loader, at, "unknown word '%.40s' in a correlation",
					   at->key);
		}
	}
	return 0;
}

int sigma_correlation(struct loader *loader, const struct yaml_node *root, struct rule *rule)
{
	const struct yaml_node *section = yaml_get(root, "correlation");
	struct correlation *out = arena_take(&loader->set->arena, sizeof(*out));
	int error;

	if (out == NULL) {
		return -ENOMEM;
	}
	if (section->kind != YAML_MAP) {
		return sigma_error(loader, section, "correlation must be a map");
	}
	if ((error = check_words(loader, section)) != 0 ||
	    (error = take_type(loader, section, out)) != 0 ||
	    (error = take_timespan(loader, section, out)) != 0 ||
	    (error = take_condition(loader, section, out)) != 0) {
		return error;
	}
	rule->correlation = out;
	return 0;
}
