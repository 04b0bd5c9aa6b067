/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* policy_read_conduit.c - the conduits of a policy file. */

#include "dissectors/dissector.h"
#include "rules/policy_reading.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define CONDUITS_MAX  4096
#define MINUTES_A_DAY 1440

#define OPERATION(x) (UINT32_C(1) << OPERATION_##x)

static const struct policy_zone *const *read_ends(struct policy_reading *r,
						  const struct yaml_node *node, size_t *n)
{
	const struct policy_zone **zones = policy_take(r, policy_count(node), sizeof(*zones));

	for (const struct yaml_node *at = policy_first(node); zones != NULL && at != NULL;
	     at = policy_next(node, at)) {
		const struct policy_place *place =
		    at->kind == YAML_SCALAR ? policy_place(r, at->text) : NULL;

		if (place == NULL) {
			policy_mistake(r, at, "there is no zone '%.60s'",
				       at->kind == YAML_SCALAR ? at->text : "");
		} else {
			zones[(*n)++] = &place->zone;
		}
	}
	return zones;
}

static bool is_protocol(const char *name)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (strcmp(dissector_at(i)->name, name) == 0) {
			return true;
		}
	}
	return false;
}

/* A name of `weir protocols`; those that only nDPI names are written app:NAME. */
static void read_protocols(struct policy_reading *r, const struct yaml_node *node,
			   struct policy_conduit *conduit)
{
	const char **protocols = policy_take(r, policy_count(node), sizeof(*protocols));

	if (policy_is(node, "any")) {
		return;
	}
	for (const struct yaml_node *at = policy_first(node); protocols != NULL && at != NULL;
	     at = policy_next(node, at)) {
		const char *text = policy_text(r, at);

		if (text != NULL && strncmp(text, "app:", 4) == 0) {
			protocols[conduit->n_protocols++] = text + 4;
		} else if (text != NULL && !is_protocol(text)) {
			policy_mistake(
			    r, at,
			    "unknown protocol '%.40s' (weir protocols lists them; what only "
			    "the application says is written app:NAME)",
			    text);
		} else if (text != NULL) {
			protocols[conduit->n_protocols++] = text;
		}
	}
	conduit->protocols = protocols;
}

/* Words for several operations; a session, and what tells who is there, goes with each. */
static const struct {
	const char *word;
	uint32_t operations;
} groups[] = {
	{ "any", UINT32_MAX },
	{ "reads", OPERATION(READ) | OPERATION(IDENTIFY) | OPERATION(DIAGNOSE) |
		       OPERATION(SUBSCRIBE) | OPERATION(REPORT) | OPERATION(FILE_READ) },
	{ "writes", OPERATION(WRITE) | OPERATION(CONTROL) },
	{ "programs", OPERATION(START) | OPERATION(STOP) | OPERATION(RESTART) |
			  OPERATION(MEMORY_RESET) | OPERATION(PROGRAM_UPLOAD) |
			  OPERATION(PROGRAM_DOWNLOAD) | OPERATION(PROGRAM_DELETE) |
			  OPERATION(ONLINE_EDIT) | OPERATION(MODE_CHANGE) | OPERATION(FORCE) },
	{ "administers", OPERATION(FIRMWARE_UPDATE) | OPERATION(CONFIG_WRITE) |
			     OPERATION(ADDRESS_CHANGE) | OPERATION(TIME_SET) |
			     OPERATION(FILE_WRITE) | OPERATION(FILE_DELETE) },
};

static uint32_t operations_of(const struct yaml_node *node)
{
	enum operation operation;

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (policy_is(node, groups[i].word)) {
			return groups[i].operations;
		}
	}
	return node->kind == YAML_SCALAR && operation_from_name(node->text, &operation)
		   ? UINT32_C(1) << operation
		   : 0;
}

static void read_operations(struct policy_reading *r, const struct yaml_node *node,
			    struct policy_conduit *conduit)
{
	conduit->operations = OPERATION(SESSION) | OPERATION(AUTHENTICATE) | OPERATION(UNKNOWN);
	for (const struct yaml_node *at = policy_first(node); at != NULL;
	     at = policy_next(node, at)) {
		uint32_t operations = operations_of(at);

		if (operations == 0) {
			policy_mistake(
			    r, at,
			    "unknown operation '%.40s': read, write, program_download..., or "
			    "reads, writes, programs, administers, any",
			    at->kind == YAML_SCALAR ? at->text : "");
		}
		conduit->operations |= operations;
	}
}

/* YYYY-MM-DD; valid to the end of that day. */
static void read_expires(struct policy_reading *r, const struct yaml_node *node,
			 struct policy_conduit *conduit)
{
	struct tm tm = { .tm_mday = 0 };
	const char *end = node->kind == YAML_SCALAR ? strptime(node->text, "%Y-%m-%d", &tm) : NULL;

	if (end == NULL || *end != '\0') {
		policy_mistake(r, node, "expires wants a date YYYY-MM-DD");
		return;
	}
	conduit->expires = ((int64_t)timegm(&tm) * NS_PER_S) + NS_PER_DAY - r->policy->utc_offset;
}

/* HH:MM, also 24:00; -1: neither. */
static int minutes_of(const struct yaml_node *node)
{
	const char *text = node->kind == YAML_SCALAR ? node->text : "";
	int hours, minutes;

	if (strlen(text) != 5 || text[2] != ':' || sscanf(text, "%2d:%2d", &hours, &minutes) != 2 ||
	    hours < 0 || minutes < 0 || minutes > 59 || hours * 60 + minutes > MINUTES_A_DAY) {
		return -1;
	}
	return hours * 60 + minutes;
}

static void read_days(struct policy_reading *r, const struct yaml_node *node,
		      struct policy_conduit *conduit)
{
	static const char *const days[7] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

	for (const struct yaml_node *at = policy_first(node); at != NULL;
	     at = policy_next(node, at)) {
		size_t i = 0;

		while (i < 7 && !policy_is(at, days[i])) {
			i++;
		}
		if (i == 7) {
			policy_mistake(r, at, "a day is mon, tue, wed, thu, fri, sat or sun");
		} else {
			conduit->days |= (uint8_t)(1U << i);
		}
	}
}

static void read_hours(struct policy_reading *r, const struct yaml_node *node,
		       struct policy_conduit *conduit)
{
	if (node->kind != YAML_MAP) {
		policy_mistake(r, node, "hours wants a map of days, from and to");
		return;
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		bool from = strcmp(at->key, "from") == 0;

		if (from || strcmp(at->key, "to") == 0) {
			*(from ? &conduit->from_minute : &conduit->to_minute) = minutes_of(at);
			if (minutes_of(at) < 0) {
				policy_mistake(r, at, "%s wants a time \"HH:MM\"", at->key);
			}
		} else if (strcmp(at->key, "days") == 0) {
			read_days(r, at, conduit);
		} else {
			policy_mistaken_key(r, at, "hours: days, from and to are");
		}
	}
}

static void read_initiator(struct policy_reading *r, const struct yaml_node *node,
			   struct policy_conduit *conduit)
{
	conduit->any_initiator = policy_is(node, "any");
	if (!policy_is(node, "any") && !policy_is(node, "from")) {
		policy_mistake(r, node, "initiator wants from or any");
	}
}

static void read_conduit_member(struct policy_reading *r, const struct yaml_node *at,
				struct policy_conduit *c)
{
	if (strcmp(at->key, "name") == 0) {
		c->name = policy_text(r, at);
	} else if (strcmp(at->key, "from") == 0) {
		c->from = read_ends(r, at, &c->n_from);
	} else if (strcmp(at->key, "to") == 0) {
		c->to = read_ends(r, at, &c->n_to);
	} else if (strcmp(at->key, "protocols") == 0) {
		read_protocols(r, at, c);
	} else if (strcmp(at->key, "operations") == 0) {
		read_operations(r, at, c);
	} else if (strcmp(at->key, "initiator") == 0) {
		read_initiator(r, at, c);
	} else if (strcmp(at->key, "owner") == 0) {
		c->owner = policy_text(r, at);
	} else if (strcmp(at->key, "ticket") == 0) {
		c->ticket = policy_text(r, at);
	} else if (strcmp(at->key, "expires") == 0) {
		read_expires(r, at, c);
	} else if (strcmp(at->key, "hours") == 0) {
		read_hours(r, at, c);
	} else if (strcmp(at->key, "description") != 0) {
		policy_mistaken_key(
		    r, at,
		    "a conduit: name, description, from, to, protocols, operations, "
		    "initiator, owner, ticket, expires and hours are");
	}
}

static void read_conduit(struct policy_reading *r, const struct yaml_node *node,
			 struct policy_conduit *c)
{
	*c = (struct policy_conduit) { .operations = UINT32_MAX,
				       .expires = TIME_NONE,
				       .line = node->line };
	if (node->kind != YAML_MAP) {
		policy_mistake(r, node, "a conduit is a map with name, from and to");
		return;
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		read_conduit_member(r, at, c);
	}
	if (yaml_get(node, "name") == NULL || yaml_get(node, "from") == NULL ||
	    yaml_get(node, "to") == NULL) {
		policy_mistake(r, node, "a conduit wants name, from and to");
	}
	for (const struct policy_conduit *other = r->policy->conduits; other < c; other++) {
		if (c->name != NULL && other->name != NULL && strcmp(c->name, other->name) == 0) {
			policy_mistake(r, node, "there is a conduit '%.60s' already (line %u)",
				       c->name, other->line);
		}
	}
}

void policy_read_conduits(struct policy_reading *r, const struct yaml_node *list)
{
	if (list->kind != YAML_LIST || list->n_children > CONDUITS_MAX) {
		policy_mistake(r, list, "conduits wants a list of at most %d conduits",
			       CONDUITS_MAX);
		return;
	}
	r->policy->conduits = policy_take(r, list->n_children, sizeof(*r->policy->conduits));
	for (const struct yaml_node *at = list->child; r->policy->conduits != NULL && at != NULL;
	     at = at->next) {
		read_conduit(r, at, &r->policy->conduits[r->policy->n_conduits++]);
	}
}
