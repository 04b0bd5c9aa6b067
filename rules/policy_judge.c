/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* policy_judge.c - whose zone, and whether the policy allows it. Looks at nothing but its
 * arguments. */

#include "rules/policy_private.h"

#include <ctype.h>
#include <string.h>

static const char *const violations[POLICY_VIOLATIONS] = {
	[POLICY_ALLOWED] = "allowed",
	[POLICY_UNDECLARED_CONDUIT] = "undeclared_conduit",
	[POLICY_PROTOCOL] = "protocol_not_allowed",
	[POLICY_OPERATION] = "operation_not_allowed",
	[POLICY_INITIATOR] = "wrong_initiator",
	[POLICY_EXPIRED] = "expired_conduit",
	[POLICY_TIME] = "outside_time",
	[POLICY_NO_ZONE] = "no_zone",
	[POLICY_ZONES_BRIDGED] = "zones_bridged",
	[POLICY_LEVEL_SKIP] = "level_skip",
	[POLICY_OT_TO_INTERNET] = "ot_to_internet",
	[POLICY_INTERNET_TO_OT] = "internet_to_ot",
};

const char *policy_violation_name(enum policy_violation violation)
{
	return violations[violation];
}

/* ---- zones ---- */

/* '*' is any number of characters, '?' one. */
static bool fits(const char *pattern, const char *text)
{
	const char *star = NULL, *mark = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			mark = text;
		} else if (*pattern == '?' ||
			   tolower((unsigned char)*pattern) == tolower((unsigned char)*text)) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star + 1;
			text = ++mark;
		} else {
			return false;
		}
	}
	while (*pattern == '*') {
		pattern++;
	}
	return *pattern == '\0';
}

static bool filter_fits(const struct policy_filter *filter, const char *text)
{
	for (size_t i = 0; text != NULL && i < filter->n; i++) {
		if (fits(filter->words[i], text)) {
			return true;
		}
	}
	return filter->n == 0;
}

/* How well a member fits: 0 not, else more for a longer network. */
static unsigned member_fits(const struct policy_member *member, const struct policy_end *end)
{
	const char *attributes[MEMBER_ATTRIBUTES] = { [MEMBER_TYPE] = end->type,
						      [MEMBER_ROLE] = end->role,
						      [MEMBER_VENDOR] = end->vendor,
						      [MEMBER_NAME] = end->name,
						      [MEMBER_LEVEL] = end->level };
	unsigned best = member->n_networks > 0 ? 0 : 1;
	bool vlan = member->n_vlans == 0;

	if (member->internet && !ip_is_public(&end->ip)) {
		return 0;
	}
	for (size_t i = 0; i < member->n_networks; i++) {
		if (ip_in_network(&end->ip, &member->networks[i]) &&
		    member->networks[i].prefix + 2U > best) {
			best = member->networks[i].prefix + 2U;
		}
	}
	for (size_t i = 0; i < member->n_vlans; i++) {
		vlan = vlan || member->vlans[i] == end->vlan;
	}
	for (size_t i = 0; i < MEMBER_ATTRIBUTES; i++) {
		if (!filter_fits(&member->filters[i], attributes[i])) {
			return 0;
		}
	}
	return vlan ? best : 0;
}

const struct policy_zone *policy_zone_of(const struct policy *policy, const struct policy_end *end)
{
	const struct policy_place *best = NULL;
	unsigned best_fit = 0;

	for (size_t i = 0; i < policy->n_places; i++) {
		const struct policy_place *place = &policy->places[i];

		for (size_t k = 0; k < place->n_members; k++) {
			unsigned fit = member_fits(&place->members[k], end);

			if (fit > 0 && (best == NULL || place->depth > best->depth ||
					(place->depth == best->depth && fit > best_fit))) {
				best = place;
				best_fit = fit;
			}
		}
	}
	return best != NULL ? &best->zone : NULL;
}

const struct policy_zone *policy_zone_named(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->n_places; i++) {
		const char *known = policy->places[i].zone.name;

		if (known != NULL && strcmp(known, name) == 0) {
			return &policy->places[i].zone;
		}
	}
	return NULL;
}

unsigned policy_zone_watch(const struct policy_zone *zone)
{
	while (zone != NULL && !zone->has_watch) {
		zone = zone->within;
	}
	return zone != NULL ? zone->watch : 0;
}

bool policy_watches(const struct policy *policy, unsigned watch)
{
	for (size_t i = 0; i < policy->n_places; i++) {
		if ((policy->places[i].zone.watch & watch) != 0) {
			return true;
		}
	}
	return false;
}

/* ---- conduits ---- */

static bool covers(const struct policy_zone *const *zones, size_t n, const struct policy_zone *zone)
{
	for (; zone != NULL; zone = zone->within) {
		for (size_t i = 0; i < n; i++) {
			if (zones[i] == zone) {
				return true;
			}
		}
	}
	return false;
}

/* What cannot be told yet is not held against anybody. */
static bool has_protocol(const struct policy_conduit *conduit, const char *protocol)
{
	if (protocol == NULL) {
		return true;
	}
	for (size_t i = 0; i < conduit->n_protocols; i++) {
		if (strcmp(conduit->protocols[i], protocol) == 0) {
			return true;
		}
	}
	return conduit->n_protocols == 0;
}

static bool is_open(const struct policy *policy, const struct policy_conduit *conduit, int64_t time)
{
	int64_t local = time + policy->utc_offset, day = local / NS_PER_DAY;
	int minute = (int)(local % NS_PER_DAY / NS_PER_MINUTE);
	bool over_midnight = conduit->from_minute > conduit->to_minute;
	/* 1970-01-01 was a Thursday. */
	unsigned weekday = (unsigned)((day + 3) % 7);

	if (conduit->from_minute != conduit->to_minute) {
		bool after = minute >= conduit->from_minute, before = minute < conduit->to_minute;

		if (over_midnight ? !after && !before : !after || !before) {
			return false;
		}
		/* The hours after midnight belong to the day before. */
		weekday = over_midnight && !after ? (weekday + 6) % 7 : weekday;
	}
	return conduit->days == 0 || (conduit->days >> weekday & 1) != 0;
}

/* What one conduit says; the greater, the nearer it comes. */
static enum policy_violation ask_conduit(const struct policy *policy,
					 const struct policy_conduit *conduit,
					 const struct policy_question *q,
					 const struct policy_verdict *zones)
{
	bool forward = covers(conduit->from, conduit->n_from, zones->source) &&
		       covers(conduit->to, conduit->n_to, zones->destination);
	bool backward = covers(conduit->from, conduit->n_from, zones->destination) &&
			covers(conduit->to, conduit->n_to, zones->source);

	if (!forward && !backward) {
		return POLICY_UNDECLARED_CONDUIT;
	}
	if (!forward && !conduit->any_initiator) {
		return POLICY_INITIATOR;
	}
	if (!has_protocol(conduit, q->protocol)) {
		return POLICY_PROTOCOL;
	}
	if (q->operation != OPERATIONS && (conduit->operations >> q->operation & 1) == 0) {
		return POLICY_OPERATION;
	}
	if (conduit->expires != TIME_NONE && q->time >= conduit->expires) {
		return POLICY_EXPIRED;
	}
	return is_open(policy, conduit, q->time) ? POLICY_ALLOWED : POLICY_TIME;
}

/* Which of two refusals tells more: what is nearer to be allowed. */
static unsigned nearness(enum policy_violation violation)
{
	static const uint8_t ranks[POLICY_VIOLATIONS] = {
		[POLICY_UNDECLARED_CONDUIT] = 1,
		[POLICY_INITIATOR] = 2,
		[POLICY_PROTOCOL] = 3,
		[POLICY_OPERATION] = 4,
		[POLICY_TIME] = 5,
		[POLICY_EXPIRED] = 6,
		[POLICY_ALLOWED] = 7,
	};

	return ranks[violation];
}

/* ---- levels ---- */

static double level_number(const char *level)
{
	return level != NULL && isdigit((unsigned char)level[0])
		   ? level[0] - '0' + (level[1] == '.' ? 0.5 : 0)
		   : -1;
}

/* Supervision and below; higher ones are IT as often as not. */
static bool is_ot(const struct policy_end *end)
{
	double level = level_number(end->level);

	return level >= 0 && level <= 2 && !ip_is_public(&end->ip);
}

/* A workstation is called one of the office until it is seen to ask controllers: that it does so
 * for the first time is no skipped level. */
static bool is_surely_enterprise(const struct policy_end *end)
{
	return level_number(end->level) >= 4 &&
	       (end->type == NULL || strcmp(end->type, "workstation") != 0);
}

enum policy_violation policy_judge_levels(const struct policy_question *q)
{
	double to = level_number(q->destination.level);

	if (ip_is_public(&q->destination.ip) && is_ot(&q->source)) {
		return POLICY_OT_TO_INTERNET;
	}
	if (ip_is_public(&q->source.ip) && is_ot(&q->destination)) {
		return POLICY_INTERNET_TO_OT;
	}
	return is_surely_enterprise(&q->source) && to >= 0 && to <= 1 ? POLICY_LEVEL_SKIP
								      : POLICY_ALLOWED;
}

/* ---- the verdict ---- */

static void ask_conduits(const struct policy *policy, const struct policy_question *q,
			 struct policy_verdict *verdict)
{
	verdict->violation = POLICY_UNDECLARED_CONDUIT;
	for (size_t i = 0; i < policy->n_conduits; i++) {
		const struct policy_conduit *conduit = &policy->conduits[i];
		enum policy_violation answer = ask_conduit(policy, conduit, q, verdict);

		if (nearness(answer) > nearness(verdict->violation)) {
			verdict->violation = answer;
			verdict->conduit = conduit;
		}
	}
}

/* The level that the policy gives the zone or one around it; NULL: none. */
static const char *level_of(const struct policy_zone *zone)
{
	while (zone != NULL && zone->level == NULL) {
		zone = zone->within;
	}
	return zone != NULL ? zone->level : NULL;
}

/* What the policy says of the place counts more than what was inferred of the device. */
static void place(struct policy_end *end, const struct policy_zone *zone)
{
	if (level_of(zone) != NULL) {
		end->level = level_of(zone);
		end->type = NULL;
	}
}

/* Whether the zone is of the plant: all are that are not said to be the enterprise's. */
static bool is_of_plant(const struct policy_zone *zone)
{
	return zone != NULL && level_number(level_of(zone)) < 4;
}

static enum policy_violation judge_places(const struct policy_question *q,
					  const struct policy_verdict *verdict)
{
	struct policy_question placed = *q;

	place(&placed.source, verdict->source);
	place(&placed.destination, verdict->destination);
	if (is_of_plant(verdict->source) && ip_is_public(&q->destination.ip)) {
		return POLICY_OT_TO_INTERNET;
	}
	if (is_of_plant(verdict->destination) && ip_is_public(&q->source.ip)) {
		return POLICY_INTERNET_TO_OT;
	}
	return policy_judge_levels(&placed);
}

bool policy_is_undecided(const struct policy_question *q)
{
	return (ip_is_public(&q->source.ip) && q->destination.level == NULL) ||
	       (ip_is_public(&q->destination.ip) && q->source.level == NULL);
}

struct policy_verdict policy_judge(const struct policy *policy, const struct policy_question *q)
{
	struct policy_verdict verdict = {
		.source = policy_zone_of(policy, &q->source),
		.destination = policy_zone_of(policy, &q->destination),
	};
	enum policy_violation by_level;

	if (verdict.source != NULL && verdict.source == verdict.destination) {
		return verdict;
	}
	by_level = judge_places(q, &verdict);
	if (verdict.source != NULL && verdict.destination != NULL) {
		ask_conduits(policy, q, &verdict);
		/* What a conduit allows was decided; what none allows is called by its worst name.
		 */
		if (verdict.violation == POLICY_UNDECLARED_CONDUIT && by_level != POLICY_ALLOWED) {
			verdict.violation = by_level;
		}
		return verdict;
	}
	verdict.violation = by_level != POLICY_ALLOWED ? by_level : POLICY_NO_ZONE;
	return verdict;
}
