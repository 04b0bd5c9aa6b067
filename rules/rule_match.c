/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_match.c - judges a condition against one event. Allocates nothing. */

#include "rules/rule.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#define TEXT_MAX          1024
#define REGEX_MATCH_LIMIT 100000
#define REGEX_DEPTH_LIMIT 1000

int judge_init(struct judge *judge, const struct field_registry *registry)
{
	*judge = (struct judge) { .registry = registry };
	judge->match_data = pcre2_match_data_create(1, NULL);
	judge->match_context = pcre2_match_context_create(NULL);
	if (judge->match_data == NULL || judge->match_context == NULL) {
		judge_end(judge);
		return -ENOMEM;
	}
	pcre2_set_match_limit(judge->match_context, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(judge->match_context, REGEX_DEPTH_LIMIT);
	return 0;
}

void judge_end(struct judge *judge)
{
	pcre2_match_data_free(judge->match_data);
	pcre2_match_context_free(judge->match_context);
	*judge = (struct judge) { .registry = NULL };
}

bool judge_field(const struct judge *judge, const struct event *event, uint16_t field,
		 struct field_value *out)
{
	if (field == FIELD_TIMESTAMP) {
		out->type = FIELD_TIME;
		out->list = false;
		out->count = 1;
		return field_is_time(out, event->record->time);
	}
	return field_get(judge->registry, event, field, out);
}

static long double number_of(enum field_type type, const struct field_scalar *scalar)
{
	switch (type) {
	case FIELD_BOOL:
		return scalar->boolean;
	case FIELD_INT:
	case FIELD_TIME:
		return scalar->integer;
	case FIELD_DOUBLE:
		return scalar->real;
	default:
		return scalar->natural;
	}
}

/* Modifiers appendix, "Time Modifiers": as clocks show it in the zone; weeks as ISO 8601 counts
 * them. */
static long double part_of(enum time_part part, int64_t time, const struct time_zone *zone)
{
	int64_t utc = time / NS_PER_S - (time % NS_PER_S < 0);
	time_t seconds = (time_t)(utc + time_zone_offset(zone, utc));
	struct tm tm;
	char text[8];
	int week = 0;

	gmtime_r(&seconds, &tm);
	switch (part) {
	case PART_MINUTE:
		return tm.tm_min;
	case PART_HOUR:
		return tm.tm_hour;
	case PART_DAY:
		return tm.tm_mday;
	case PART_WEEK:
		strftime(text, sizeof(text), "%V", &tm);
		return sscanf(text, "%d", &week) == 1 ? week : 0;
	case PART_MONTH:
		return tm.tm_mon + 1;
	default:
		return tm.tm_year + 1900;
	}
}

static bool compare(enum comparison comparison, long double value, long double with)
{
	switch (comparison) {
	case COMPARE_LT:
		return value < with;
	case COMPARE_LTE:
		return value <= with;
	case COMPARE_GT:
		return value > with;
	case COMPARE_GTE:
		return value >= with;
	default:
		return value >= with && value <= with;
	}
}

/* A value's text: where it lies, or made in `space` (TEXT_MAX bytes). */
static struct sigma_bytes {
	const char *at;
	size_t n;
} text_of(enum field_type type, const struct field_scalar *scalar, char *space)
{
	if (type == FIELD_STRING) {
		return (struct sigma_bytes) { scalar->bytes, scalar->length };
	}
	return (struct sigma_bytes) { space, field_scalar_text(type, scalar, space, TEXT_MAX) };
}

static bool text_matches(const struct judge *judge, const struct test *test,
			 const struct match *match, enum field_type type,
			 const struct field_scalar *scalar)
{
	char space[TEXT_MAX];
	struct sigma_bytes text = text_of(type, scalar, space);

	if (match->kind == MATCH_TEXT) {
		return sigma_text_matches(&match->text, text.at, text.n, test->cased);
	}
	return pcre2_match(match->regex, (PCRE2_SPTR)text.at, text.n, 0, 0, judge->match_data,
			   judge->match_context) >= 0;
}

static bool element_matches(const struct judge *judge, const struct test *test,
			    const struct match *match, enum field_type type,
			    const struct field_scalar *scalar)
{
	switch (match->kind) {
	case MATCH_NUMBER:
		return compare((enum comparison)test->comparison,
			       test->part == PART_NONE ? number_of(type, scalar)
						       : part_of((enum time_part)test->part,
								 scalar->integer, judge->time_zone),
			       match->number);
	case MATCH_IP:
		return ip_equal(&scalar->ip, &match->ip);
	case MATCH_MAC:
		return mac_equal(&scalar->mac, &match->mac);
	case MATCH_NETWORK:
		return ip_in_network(&scalar->ip, &match->network);
	case MATCH_TEXT:
	case MATCH_REGEX:
		return text_matches(judge, test, match, type, scalar);
	default:
		return false;
	}
}

static bool same_text(struct sigma_bytes a, struct sigma_bytes b, bool cased)
{
	return a.n == b.n &&
	       (cased ? memcmp(a.at, b.at, a.n) == 0 : strncasecmp(a.at, b.at, a.n) == 0);
}

/* fieldref: some element of one field equals some element of the other. */
static bool fields_agree(const struct judge *judge, const struct event *event,
			 const struct test *test, const struct match *match,
			 const struct field_value *value)
{
	char space_a[TEXT_MAX], space_b[TEXT_MAX];
	struct field_value other;

	if (!judge_field(judge, event, match->field, &other)) {
		return false;
	}
	for (unsigned i = 0; i < value->count; i++) {
		struct field_scalar a = field_at(value, i);
		struct sigma_bytes text = text_of(value->type, &a, space_a);

		for (unsigned k = 0; k < other.count; k++) {
			struct field_scalar b = field_at(&other, k);

			if (same_text(text, text_of(other.type, &b, space_b), test->cased)) {
				return true;
			}
		}
	}
	return false;
}

static bool value_matches(const struct judge *judge, const struct event *event,
			  const struct test *test, const struct match *match,
			  const struct field_value *value)
{
	if (match->kind == MATCH_NULL) {
		return value == NULL;
	}
	if (value == NULL) {
		return false;
	}
	if (match->kind == MATCH_FIELD) {
		return fields_agree(judge, event, test, match, value);
	}
	for (unsigned i = 0; i < value->count; i++) {
		struct field_scalar scalar = field_at(value, i);

		if (element_matches(judge, test, match, value->type, &scalar)) {
			return true;
		}
	}
	return false;
}

static bool test_holds(const struct judge *judge, const struct event *event,
		       const struct test *test)
{
	struct field_value value;
	bool present = judge_field(judge, event, test->field, &value);
	bool holds = test->all;

	if (test->exists) {
		return (present == test->wanted) != test->negate;
	}
	for (size_t i = 0; i < test->n && holds == test->all; i++) {
		holds =
		    value_matches(judge, event, test, &test->values[i], present ? &value : NULL);
	}
	return holds != test->negate;
}

/* Conditions nest as deep as their author's brackets, which the compiler caps. */
bool judge_condition(const struct judge *judge, const struct event *event,
		     const struct node *condition)
{
	const struct node *child = condition->child;
	bool all = condition->kind == NODE_AND;

	if (condition->kind == NODE_TEST) {
		return test_holds(judge, event, condition->test);
	}
	if (condition->kind == NODE_NOT) {
		return !judge_condition(judge, event, child);
	}
	for (; child != NULL; child = child->next) {
		if (judge_condition(judge, event, child) != all) {
			return !all;
		}
	}
	return all;
}
