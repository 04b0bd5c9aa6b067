/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Whether a rule fits what is known of an asset. */

#include "store/kinds_private.h"
#include "store/vendor.h"

#include <stdio.h>
#include <stdlib.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool pattern_fits(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			resume = text;
		} else if (*pattern != '\0' &&
			   (*pattern == '?' || lower(*pattern) == lower(*text))) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*') {
		pattern++;
	}
	return *pattern == '\0';
}

static const struct yaml_node *first_value(const struct condition *condition)
{
	return condition->values->kind == YAML_LIST ? condition->values->child : condition->values;
}

static const struct yaml_node *next_value(const struct condition *condition,
					  const struct yaml_node *value)
{
	return condition->values->kind == YAML_LIST ? value->next : NULL;
}

static bool text_fits(const struct condition *condition, const char *text)
{
	const struct yaml_node *value = first_value(condition);

	for (; text != NULL && value != NULL; value = next_value(condition, value)) {
		if (pattern_fits(value->text, text)) {
			return true;
		}
	}
	return false;
}

static bool names_fit(const struct condition *condition, const struct facts *facts)
{
	const struct name_set *set =
	    (const struct name_set *)((const char *)facts + condition->fact.offset);

	for (unsigned i = 1; i < facts->inventory->n_names; i++) {
		if (name_set_has(set, (uint8_t)i) &&
		    text_fits(condition, name_text(facts->inventory, (uint8_t)i))) {
			return true;
		}
	}
	return false;
}

static bool ports_fit(const struct condition *condition, const struct facts *facts)
{
	char text[8];

	for (size_t i = 0; i < facts->n_ports; i++) {
		snprintf(text, sizeof(text), "%u", facts->ports[i]);
		if (text_fits(condition, text)) {
			return true;
		}
	}
	return false;
}

/* Any value, of any source, that the asset has of this kind. */
static bool attributes_fit(const struct condition *condition, const struct facts *facts)
{
	bool of_unit = condition->fact.kind == FACT_UNIT;

	for (const struct binding *b = facts->asset->members; b != NULL; b = b->asset_next) {
		int32_t only = attribute_only_unit(b);

		for (size_t i = 0; i < b->n_attributes; i++) {
			const struct attribute *a = &b->attributes[i];

			if (a->kind == condition->fact.subject &&
			    (a->itself || a->unit == only) != of_unit &&
			    text_fits(condition, a->value)) {
				return true;
			}
		}
	}
	return false;
}

static bool vendors_fit(const struct condition *condition, const struct facts *facts)
{
	for (const struct binding *b = facts->asset->members; b != NULL; b = b->asset_next) {
		for (size_t i = 0; i < b->n_attributes; i++) {
			const struct attribute *a = &b->attributes[i];

			if (a->kind == IDENTITY_VENDOR && a->itself &&
			    text_fits(condition, vendor_canonical(a->value))) {
				return true;
			}
		}
	}
	return text_fits(condition, facts->asset->verdict.vendor);
}

/* Of risks there may be several. */
static bool verdict_fits(const struct condition *condition, const struct facts *facts)
{
	const struct kind_list *risks = &facts->inventory->kinds->lists[KIND_RISK];

	if (condition->fact.subject != KIND_RISK) {
		return text_fits(condition, facts->verdicts[condition->fact.subject]);
	}
	for (size_t i = 0; i < risks->n; i++) {
		if ((facts->risks >> i & 1) != 0 && text_fits(condition, risks->rules[i].value)) {
			return true;
		}
	}
	return false;
}

static bool condition_fits(const struct condition *condition, const struct facts *facts)
{
	const void *slot = (const char *)facts + condition->fact.offset;

	switch (condition->fact.kind) {
	case FACT_BOOL:
		return *(const bool *)slot == condition->truth;
	case FACT_NUMBER:
		return *(const uint32_t *)slot >= condition->least &&
		       *(const uint32_t *)slot <= condition->most;
	case FACT_OPERATIONS:
		return (*(const uint32_t *)slot & condition->mask) != 0;
	case FACT_NAMES:
		return names_fit(condition, facts);
	case FACT_PORTS:
		return ports_fit(condition, facts);
	case FACT_VENDOR:
		return vendors_fit(condition, facts);
	case FACT_NAME:
		return text_fits(condition, asset_name(facts->asset));
	case FACT_VERDICT:
		return verdict_fits(condition, facts);
	case FACT_ATTRIBUTE:
	case FACT_UNIT:
		return attributes_fit(condition, facts);
	}
	return false;
}

static bool any_fits(const struct alternatives *alternatives, const struct facts *facts)
{
	for (size_t i = 0; i < alternatives->n; i++) {
		const struct alternative *all = &alternatives->items[i];
		size_t k = 0;

		while (k < all->n && condition_fits(&all->conditions[k], facts)) {
			k++;
		}
		if (k == all->n) {
			return true;
		}
	}
	return false;
}

/* The best value of the attribute that is a word of this section, or NULL. */
static const char *taken_value(const struct kinds *kinds, enum kind_of of, enum identity from,
			       const struct asset *asset)
{
	const char *best = NULL;
	unsigned confidence = 0;

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		for (size_t i = 0; i < b->n_attributes; i++) {
			const struct attribute *a = &b->attributes[i];
			const char *word = a->kind == (uint8_t)from && a->itself
					       ? kinds_spelling(kinds, of, a->value)
					       : NULL;

			if (word != NULL &&
			    (best == NULL || a->confidence > confidence ||
			     (a->confidence == confidence && strcmp(word, best) < 0))) {
				best = word;
				confidence = a->confidence;
			}
		}
	}
	return best;
}

bool kind_rule_fits(const struct kinds *kinds, enum kind_of of, const struct kind_rule *rule,
		    const struct facts *facts, const char **value)
{
	if ((rule->when.n > 0 && !any_fits(&rule->when, facts)) || any_fits(&rule->unless, facts)) {
		return false;
	}
	*value = rule->from == IDENTITIES ? rule->value
					  : taken_value(kinds, of, rule->from, facts->asset);
	return *value != NULL;
}
