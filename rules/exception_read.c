/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* exception_read.c - the parts of an entry: assets, hours, thresholds, the last day. */

#include "rules/exceptions_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 48

static const char *const actions[] = {
	[EXCEPTION_SUPPRESS] = "suppress",
	[EXCEPTION_THRESHOLD] = "threshold",
	[EXCEPTION_LEVEL] = "level",
};

const char *exception_action_name(enum exception_action action)
{
	return actions[action];
}

int exception_check_keys(struct loader *loader, const struct yaml_node *map,
			 const char *const *keys, size_t n_keys)
{
	int result = 0;

	for (const struct yaml_node *at = map->child; at != NULL; at = at->next) {
		struct yaml_node place = *at;
		bool known = false;

		for (size_t i = 0; i < n_keys && !known; i++) {
			known = strcmp(keys[i], at->key) == 0;
		}
		if (!known) {
			place.line = at->key_line;
			place.column = at->key_column;
			result = sigma_error(loader, &place, "unknown key '%.60s'", at->key);
		}
	}
	return result;
}

/* ---- assets ---- */

/* "role=plc": the field of that name that either end has. */
static int read_field(struct loader *loader, const struct yaml_node *node,
		      struct exception_end *out)
{
	const struct field_registry *registry = loader->set->registry;
	struct arena *arena = &loader->set->arena;
	const char *equal = strchr(node->text, '=');
	int length = (int)(equal - node->text);
	char name[KEY_MAX + 32];

	out->kind = END_FIELD;
	snprintf(name, sizeof(name), "weir.source.%.*s", length > KEY_MAX ? KEY_MAX : length,
		 node->text);
	out->source = field_find(registry, name);
	snprintf(name, sizeof(name), "weir.destination.%.*s", length > KEY_MAX ? KEY_MAX : length,
		 node->text);
	out->destination = field_find(registry, name);
	if (length == 0 || length > KEY_MAX ||
	    (out->source == FIELD_NOT_FOUND && out->destination == FIELD_NOT_FOUND)) {
		return sigma_error(loader, node,
				   "'%.60s': no asset has '%.*s' (name, role, type, level, vendor, "
				   "zone...: what follows weir.source. in weir fields)",
				   node->text, length, node->text);
	}
	return sigma_text_read(arena, equal + 1, strlen(equal + 1), &out->text) &&
		       sigma_text_fold(arena, &out->text)
		   ? 0
		   : sigma_error(loader, node, "out of memory");
}

static int read_end(struct loader *loader, const struct yaml_node *node, struct exception_end *out)
{
	if (node->kind != YAML_SCALAR || node->length == 0 || strlen(node->text) != node->length) {
		return sigma_error(loader, node, "an asset must be an address or KEY=VALUE");
	}
	if (strchr(node->text, '=') != NULL) {
		return read_field(loader, node, out);
	}
	if (mac_parse(node->text, &out->mac) == 0) {
		out->kind = END_MAC;
	} else if (ip_parse(node->text, &out->ip) == 0) {
		out->kind = END_IP;
	} else if (ip_network_parse(node->text, &out->network) == 0) {
		out->kind = END_NETWORK;
	} else {
		return sigma_error(loader, node,
				   "'%.60s' is no address, no network such as 10.1.0.0/16, and no "
				   "KEY=VALUE",
				   node->text);
	}
	return 0;
}

int exception_read_ends(struct loader *loader, const struct yaml_node *node,
			struct exception_ends *out)
{
	const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node;
	size_t n = node->kind == YAML_LIST ? node->n_children : 1;
	int result = 0;

	out->items = arena_take(&loader->set->arena, (n + 1) * sizeof(*out->items));
	if (out->items == NULL) {
		return sigma_error(loader, node, "out of memory");
	}
	if (n == 0) {
		return sigma_error(loader, node, "%.20s names nobody", node->key);
	}
	for (; at != NULL; at = node->kind == YAML_LIST ? at->next : NULL) {
		int error = read_end(loader, at, &out->items[out->n++]);

		result = result != 0 ? result : error;
	}
	return result;
}

/* ---- hours ---- */

static const char *const day_names[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static int read_day(struct loader *loader, const struct yaml_node *node, struct exception *out)
{
	for (unsigned i = 0; node->kind == YAML_SCALAR && i < ARRAY_SIZE(day_names); i++) {
		if (strcmp(day_names[i], node->text) == 0) {
			out->days |= (uint8_t)(1U << i);
			return 0;
		}
	}
	return sigma_error(loader, node, "a day must be mon, tue, wed, thu, fri, sat or sun");
}

static int read_days(struct loader *loader, const struct yaml_node *node, struct exception *out)
{
	int result = 0;

	out->days = 0;
	for (const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node; at != NULL;
	     at = node->kind == YAML_LIST ? at->next : NULL) {
		int error = read_day(loader, at, out);

		result = result != 0 ? result : error;
	}
	if (result == 0 && out->days == 0) {
		return sigma_error(loader, node, "days names no day");
	}
	return result;
}

/* "07:30"; moves *at behind it. */
static bool read_minute(const char **at, unsigned hours_max, uint16_t *out)
{
	const char *t = *at;

	for (unsigned i = 0; i < 5; i++) {
		if (i == 2 ? t[i] != ':' : !isdigit((unsigned char)t[i])) {
			return false;
		}
	}
	unsigned hours = (unsigned)(t[0] - '0') * 10 + (unsigned)(t[1] - '0');
	unsigned minutes = (unsigned)(t[3] - '0') * 10 + (unsigned)(t[4] - '0');
	*out = (uint16_t)(hours * 60 + minutes);
	*at = t + 5;
	return minutes < 60 && hours * 60 + minutes <= hours_max * 60;
}

static int read_hours(struct loader *loader, const struct yaml_node *node, struct exception *out)
{
	const char *at = node->text;

	if (node->kind != YAML_SCALAR || !read_minute(&at, 24, &out->from) || *at++ != '-' ||
	    !read_minute(&at, 24, &out->until) || *at != '\0' ||
	    out->from == EXCEPTION_MINUTES_OF_DAY || out->from == out->until) {
		return sigma_error(loader, node,
				   "time must be two times of the day: '22:00-04:30'");
	}
	return 0;
}

static int read_offset(struct loader *loader, const struct yaml_node *node, struct exception *out)
{
	const char *at = node->text;
	uint16_t minutes;

	if (node->kind == YAML_SCALAR && strcmp(node->text, "Z") == 0) {
		return 0;
	}
	if (node->kind != YAML_SCALAR || (*at != '+' && *at != '-')) {
		return sigma_error(loader, node, "offset must be the clock's from UTC: '+01:00'");
	}
	at++;
	if (!read_minute(&at, 14, &minutes) || *at != '\0') {
		return sigma_error(loader, node, "offset must be the clock's from UTC: '+01:00'");
	}
	out->offset = (node->text[0] == '-' ? -1 : 1) * minutes * NS_PER_MINUTE;
	return 0;
}

int exception_read_when(struct loader *loader, const struct yaml_node *node, struct exception *out)
{
	static const char *const keys[] = { "days", "time", "offset" };
	static int (*const readers[])(struct loader *, const struct yaml_node *,
				      struct exception *) = { read_days, read_hours, read_offset };
	int result;

	if (node->kind != YAML_MAP) {
		return sigma_error(loader, node, "when must be a map of days, time, offset");
	}
	result = exception_check_keys(loader, node, keys, ARRAY_SIZE(keys));
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct yaml_node *at = yaml_get(node, keys[i]);
		int error = at != NULL ? readers[i](loader, at, out) : 0;

		result = result != 0 ? result : error;
	}
	return result;
}

/* ---- thresholds ---- */

static int read_timespan(struct loader *loader, const struct yaml_node *node, int64_t *out)
{
	static const struct {
		char letter;
		int64_t unit;
	} units[] = {
		{ 's', NS_PER_S }, { 'm', NS_PER_MINUTE }, { 'h', NS_PER_HOUR }, { 'd', NS_PER_DAY }
	};
	size_t digits = node->kind == YAML_SCALAR ? strspn(node->text, "0123456789") : 0;

	for (size_t i = 0; digits > 0 && digits < 8 && i < ARRAY_SIZE(units); i++) {
		if (node->text[digits] == units[i].letter && node->text[digits + 1] == '\0') {
			*out = strtol(node->text, NULL, 10) * units[i].unit;
		}
	}
	return *out > 0 && *out <= EXCEPTION_TIMESPAN_MAX
		   ? 0
		   : sigma_error(loader, node,
				 "timespan must be a number and s, m, h or d, at most 366d");
}

static int read_number(struct loader *loader, const struct yaml_node *node, uint32_t least,
		       uint32_t *out)
{
	int64_t n;

	if (!yaml_as_int(node, &n) || n < least || n > EXCEPTION_COUNT_MAX) {
		return sigma_error(loader, node, "%.10s must be a number from %u to %d", node->key,
				   least, EXCEPTION_COUNT_MAX);
	}
	*out = (uint32_t)n;
	return 0;
}

static int read_by(struct loader *loader, const struct yaml_node *node, enum exception_by *out)
{
	static const char *const words[] = { [BY_RULE] = "rule",
					     [BY_SOURCE] = "source",
					     [BY_DESTINATION] = "destination",
					     [BY_BOTH] = "both" };

	for (size_t i = 0; node->kind == YAML_SCALAR && i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], node->text) == 0) {
			*out = (enum exception_by)i;
			return 0;
		}
	}
	return sigma_error(loader, node, "by must be rule, source, destination or both");
}

int exception_read_threshold(struct loader *loader, const struct yaml_node *node,
			     struct exception *out)
{
	static const char *const keys[] = { "count", "limit", "timespan", "by" };
	const struct yaml_node *count, *limit, *timespan, *by;
	int result;

	if (node->kind != YAML_MAP) {
		return sigma_error(loader, node,
				   "threshold must be a map: count or limit, "
				   "timespan, by");
	}
	count = yaml_get(node, "count");
	limit = yaml_get(node, "limit");
	timespan = yaml_get(node, "timespan");
	by = yaml_get(node, "by");
	result = exception_check_keys(loader, node, keys, ARRAY_SIZE(keys));
	if ((count == NULL) == (limit == NULL)) {
		result = sigma_error(loader, node,
				     "a threshold needs either count (alert from the Nth hit on) "
				     "or limit (alert for at most N hits)");
	} else {
		int error = count != NULL ? read_number(loader, count, 2, &out->count)
					  : read_number(loader, limit, 1, &out->limit);

		result = result != 0 ? result : error;
	}
	if (timespan == NULL) {
		result = sigma_error(loader, node, "a threshold needs a timespan");
	} else if (read_timespan(loader, timespan, &out->timespan) != 0) {
		result = -EINVAL;
	}
	if (by != NULL && read_by(loader, by, &out->by) != 0) {
		result = -EINVAL;
	}
	return result;
}

/* ---- the last day ---- */

/* Days since 1970-01-01 of a date in the Gregorian calendar; March is the first month. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = y / 400, of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_date(int year, int month, int day)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return year >= 1970 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= lengths[month - 1] + (month == 2 && leap);
}

int exception_read_expires(struct loader *loader, const struct yaml_node *node,
			   struct exception *out)
{
	static const char form[] = "dddd-dd-dd";
	int year = 0, month = 0, day = 0;
	bool right = node->kind == YAML_SCALAR;

	for (size_t i = 0; right && i < sizeof(form); i++) {
		right = form[i] == 'd' ? isdigit((unsigned char)node->text[i]) != 0
				       : node->text[i] == form[i];
	}
	if (!right || sscanf(node->text, "%d-%d-%d", &year, &month, &day) != 3 ||
	    !is_date(year, month, day)) {
		return sigma_error(loader, node,
				   "expires must be the last day on which it applies: YYYY-MM-DD");
	}
	out->expires = (days_of(year, month, day) + 1) * NS_PER_DAY;
	return 0;
}
