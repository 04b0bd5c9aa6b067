/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/filter.h"

#include "capture/base/address.h"
#include "cli/when.h"
#include "rules/rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FILTER_TERMS_MAX  32
#define FILTER_VALUES_MAX 64

struct filter_value {
	const char *text;
	bool is_network, is_ip, is_mac, is_number, is_level, is_time;
	struct ip_network network;
	struct ip ip;
	struct mac mac;
	double number;
	enum alert_level level;
	int64_t time;
};

struct filter_term {
	char *text;                  /* own copy of the term, cut into key and values */
	const char *key;             /* NULL: free text */
	const struct column *column; /* NULL: the key is a path */
	enum filter_operator operator;
	struct filter_value values[FILTER_VALUES_MAX];
	size_t n_values;
	bool seen; /* some document had a value there */
	bool met;  /* some document met it */
};

struct filter {
	const struct column *columns;
	size_t n_columns, n_terms;
	struct filter_term *terms[FILTER_TERMS_MAX];
	uint64_t documents;
	int64_t now;
};

static const struct {
	const char *suffix;
	enum filter_operator operator;
} comparisons[] = {
	{ ".gt", FILTER_GREATER },
	{ ".gte", FILTER_GREATER_EQUAL },
	{ ".lt", FILTER_LESS },
	{ ".lte", FILTER_LESS_EQUAL },
};

int filter_new(struct filter **out, const struct column *columns, size_t n_columns)
{
	struct filter *filter = calloc(1, sizeof(*filter));

	if (filter == NULL) {
		return -ENOMEM;
	}
	filter->columns = columns;
	filter->n_columns = n_columns;
	*out = filter;
	return 0;
}

static void term_free(struct filter_term *term)
{
	if (term != NULL) {
		free(term->text);
		free(term);
	}
}

struct filter *filter_free(struct filter *filter)
{
	for (size_t i = 0; filter != NULL && i < filter->n_terms; i++) {
		term_free(filter->terms[i]);
	}
	free(filter);
	return NULL;
}

void filter_set_now(struct filter *filter, int64_t now)
{
	filter->now = now;
	for (size_t i = 0; i < filter->n_terms; i++) {
		struct filter_term *term = filter->terms[i];

		for (size_t j = 0; j < term->n_values; j++) {
			struct filter_value *value = &term->values[j];

			value->is_time = when_parse(value->text, now, &value->time) == 0;
		}
	}
}

static struct filter_value value_of(const char *text, int64_t now)
{
	struct filter_value value = { .text = text };
	char *end;

	value.is_network = strchr(text, '/') != NULL && ip_network_parse(text, &value.network) == 0;
	value.is_ip = ip_parse(text, &value.ip) == 0;
	value.is_mac = mac_parse(text, &value.mac) == 0;
	value.number = strtod(text, &end);
	value.is_number = end != text && *end == '\0';
	value.is_level = alert_level_from_name(text, &value.level);
	value.is_time = when_parse(text, now, &value.time) == 0;
	return value;
}

/* Whether the text begins as a network does and is none: 10.1.0.0/99. */
static bool is_wrong_network(const struct filter_value *value)
{
	size_t n = strcspn(value->text, "/");
	char address[IP_TEXT_SIZE];
	struct ip ip;

	if (value->is_network || value->text[n] == '\0' || n >= sizeof(address)) {
		return false;
	}
	memcpy(address, value->text, n);
	address[n] = '\0';
	return ip_parse(address, &ip) == 0;
}

/* Cuts ".gt" and its kin off the key. */
static void comparison_cut(struct filter_term *term, char *key)
{
	size_t length = strlen(key);

	for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++) {
		size_t suffix = strlen(comparisons[i].suffix);

		if (length > suffix && strcmp(key + length - suffix, comparisons[i].suffix) == 0) {
			key[length - suffix] = '\0';
			term->operator= comparisons[i].operator;
			return;
		}
	}
}

/* Finds the operator, and cuts the term's text there. Returns the values' text or NULL. */
static char *term_cut(struct filter_term *term)
{
	char *at = term->text + strcspn(term->text, "=!~");
	char *values = at + 1;

	if (*at == '\0' || (at == term->text && *at == '~')) {
		term->operator= FILTER_ANYWHERE;
		values = *at == '~' ? at + 1 : term->text;
		return *values != '\0' ? values : NULL;
	}
	if (at == term->text) {
		return NULL;
	}
	if (*at == '~') {
		term->operator= FILTER_CONTAINS;
	} else if (*at == '!') {
		if (at[1] != '=') {
			return NULL;
		}
		term->operator= FILTER_NOT_EQUAL;
		values = at + 2;
	}
	bool plain = *at == '=';
	*at = '\0';
	if (plain) {
		comparison_cut(term, term->text);
	}
	term->key = term->text;
	return values;
}

static const char *term_name(const struct filter_term *term)
{
	return term->key != NULL ? term->key : "text";
}

static bool is_comparison(enum filter_operator operator)
{
	return operator>= FILTER_GREATER && operator<= FILTER_LESS_EQUAL;
}

static int term_values(struct filter_term *term, char *values, int64_t now, struct problem *problem)
{
	char *rest = values;

	for (char *value = strsep(&rest, ","); value != NULL; value = strsep(&rest, ",")) {
		if (term->n_values == FILTER_VALUES_MAX) {
			return problem_set(problem, -EINVAL, "filter %s has more than %d values",
					   term_name(term), FILTER_VALUES_MAX);
		}
		if (*value == '\0' &&
		    term->operator!= FILTER_EQUAL && term->operator!= FILTER_NOT_EQUAL) {
			return problem_set(problem, -EINVAL, "filter %s has an empty value",
					   term_name(term));
		}
		term->values[term->n_values] = value_of(value, now);
		if (is_wrong_network(&term->values[term->n_values++])) {
			return problem_set(problem, -EINVAL,
					   "filter %s: '%s' is no network such as 10.1.0.0/16",
					   term_name(term), value);
		}
	}
	const struct filter_value *first = &term->values[0];
	if (is_comparison(term->operator) && !first->is_number && !first->is_level &&
	    !first->is_time) {
		return problem_set(problem, -EINVAL,
				   "filter %s wants a number, a level or a time, not '%s'",
				   term->key, first->text);
	}
	return 0;
}

static int term_read(const struct filter *filter, struct filter_term *term,
		     const struct field_registry *registry, struct problem *problem)
{
	char *values = term_cut(term);

	if (values == NULL) {
		return problem_set(problem, -EINVAL,
				   "'%s' is no filter: key=value, key!=value, key~text, key.gt=N",
				   term->text);
	}
	if (term->operator== FILTER_ANYWHERE) {
		return term_values(term, values, filter->now, problem);
	}
	term->column = column_find(filter->columns, filter->n_columns, term->key);
	if (term->column == NULL && strchr(term->key, '.') == NULL &&
	    (registry == NULL || field_find(registry, term->key) == FIELD_NOT_FOUND)) {
		return problem_set(problem, -EINVAL, "no filter key '%s'", term->key);
	}
	return term_values(term, values, filter->now, problem);
}

int filter_add(struct filter *filter, const char *text, const struct field_registry *registry,
	       struct problem *problem)
{
	if (filter->n_terms == FILTER_TERMS_MAX) {
		return problem_set(problem, -EINVAL, "more than %d filters", FILTER_TERMS_MAX);
	}
	struct filter_term *term = calloc(1, sizeof(*term));
	if (term == NULL || (term->text = strdup(text)) == NULL) {
		term_free(term);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	int error = term_read(filter, term, registry, problem);
	if (error < 0) {
		term_free(term);
		return error;
	}
	filter->terms[filter->n_terms++] = term;
	return 0;
}

bool filter_names(const struct filter *filter, const char *column)
{
	const struct column *wanted = column_find(filter->columns, filter->n_columns, column);

	for (size_t i = 0; wanted != NULL && i < filter->n_terms; i++) {
		const struct filter_term *term = filter->terms[i];

		if (term->column == wanted || (term->column == NULL && term->key != NULL &&
					       strcmp(term->key, wanted->paths[0]) == 0)) {
			return true;
		}
	}
	return false;
}

static bool equal(const struct filter_value *wanted, const char *text)
{
	struct ip ip;
	struct mac mac;

	if (strcasecmp(wanted->text, text) == 0) {
		return true;
	}
	if (wanted->is_mac) {
		return mac_parse(text, &mac) == 0 && mac_equal(&mac, &wanted->mac);
	}
	if ((!wanted->is_ip && !wanted->is_network) || ip_parse(text, &ip) != 0) {
		return false;
	}
	return wanted->is_ip ? ip_equal(&ip, &wanted->ip) : ip_in_network(&ip, &wanted->network);
}

/* -1, 0, 1 as the document's value stands to the wanted one; 2 when they do not compare. */
static int compare(const struct filter_value *wanted, const struct tree_value *value)
{
	enum alert_level level;
	int64_t time;

	if (value->is_number) {
		return !wanted->is_number
			   ? 2
			   : (value->number > wanted->number) - (value->number < wanted->number);
	}
	if (wanted->is_level && alert_level_from_name(value->text, &level)) {
		return (level > wanted->level) - (level < wanted->level);
	}
	if (wanted->is_time && when_parse_iso(value->text, &time) == 0) {
		return (time > wanted->time) - (time < wanted->time);
	}
	return 2;
}

static bool holds(enum filter_operator operator, const struct filter_value * wanted,
		  const struct tree_value *value)
{
	int order;

	switch (operator) {
	case FILTER_EQUAL:
	case FILTER_NOT_EQUAL:
		return equal(wanted, value->text);
	case FILTER_CONTAINS:
		return strcasestr(value->text, wanted->text) != NULL;
	case FILTER_ANYWHERE:
		return wanted->is_ip || wanted->is_network || wanted->is_mac
			   ? equal(wanted, value->text)
			   : strcasestr(value->text, wanted->text) != NULL;
	default:
		order = compare(wanted, value);
		break;
	}
	switch (operator) {
	case FILTER_GREATER:
		return order == 1;
	case FILTER_GREATER_EQUAL:
		return order == 0 || order == 1;
	case FILTER_LESS:
		return order == -1;
	default:
		return order == 0 || order == -1;
	}
}

/* Stops (false) at the first value that one of the term's values meets. */
static bool term_visit(void *context, const struct tree_value *value)
{
	struct filter_term *term = context;

	term->seen = true;
	for (size_t i = 0; i < term->n_values; i++) {
		if (holds(term->operator, & term->values[i], value)) {
			return false;
		}
	}
	return true;
}

static bool met_at(struct filter_term *term, const char *const *paths, const struct tree *document)
{
	for (size_t i = 0; i < COLUMN_PATHS && paths[i] != NULL; i++) {
		if (!tree_visit(document, paths[i], term_visit, term)) {
			return true;
		}
	}
	return false;
}

/* Whether a column of words holds the text. */
static bool met_anywhere(const struct filter *filter, struct filter_term *term,
			 const struct tree *document)
{
	for (size_t i = 0; i < filter->n_columns; i++) {
		if (filter->columns[i].format <= CELL_LEVEL &&
		    met_at(term, filter->columns[i].paths, document)) {
			return true;
		}
	}
	return false;
}

static bool term_matches(const struct filter *filter, struct filter_term *term,
			 const struct tree *document)
{
	const char *const key[COLUMN_PATHS] = { term->key };

	if (term->operator== FILTER_ANYWHERE) {
		return met_anywhere(filter, term, document);
	}
	bool met = met_at(term, term->column != NULL ? term->column->paths : key, document);
	return term->operator== FILTER_NOT_EQUAL ? !met : met;
}

bool filter_matches(struct filter *filter, const struct tree *document)
{
	bool all = true;

	filter->documents++;
	for (size_t i = 0; i < filter->n_terms; i++) {
		bool met = term_matches(filter, filter->terms[i], document);

		filter->terms[i]->met = filter->terms[i]->met || met;
		all = all && met;
	}
	return all;
}

const char *filter_never_met(const struct filter *filter)
{
	for (size_t i = 0; i < filter->n_terms; i++) {
		if (filter->terms[i]->operator== FILTER_ANYWHERE && !filter->terms[i]->met) {
			return filter->terms[i]->values[0].text;
		}
	}
	return NULL;
}

const char *filter_never_seen(const struct filter *filter)
{
	for (size_t i = 0; filter->documents > 0 && i < filter->n_terms; i++) {
		if (filter->terms[i]->key != NULL && !filter->terms[i]->seen) {
			return filter->terms[i]->key;
		}
	}
	return NULL;
}
