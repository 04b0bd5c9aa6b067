/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* policy_read.c - the policy file to zones and conduits.  Every mistake is told, where it is and
 * what it should be; a policy with a mistake is not used. */

#include "capture/base/hash.h"
#include "rules/policy_reading.h"
#include "store/inventory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONES_MAX 1024
#define DEPTH_MAX 16
#define VLAN_MAX  4094

/* ---- members ---- */

static void read_networks(struct policy_reading *r, const struct yaml_node *node,
			  struct policy_member *member)
{
	struct ip_network *networks = policy_take(r, policy_count(node), sizeof(*networks));

	for (const struct yaml_node *at = policy_first(node); networks != NULL && at != NULL;
	     at = policy_next(node, at)) {
		if (at->kind != YAML_SCALAR ||
		    ip_network_parse(at->text, &networks[member->n_networks]) != 0) {
			policy_mistake(r, at,
				       "'%.60s' is no address or network such as 10.1.0.0/16",
				       at->kind == YAML_SCALAR ? at->text : "");
			continue;
		}
		member->n_networks++;
	}
	member->networks = networks;
}

static void read_vlans(struct policy_reading *r, const struct yaml_node *node,
		       struct policy_member *member)
{
	uint16_t *vlans = policy_take(r, policy_count(node), sizeof(*vlans));

	for (const struct yaml_node *at = policy_first(node); vlans != NULL && at != NULL;
	     at = policy_next(node, at)) {
		int64_t n;

		if (!yaml_as_int(at, &n) || n < 0 || n > VLAN_MAX) {
			policy_mistake(r, at, "a VLAN is a number from 0 (untagged) to %d",
				       VLAN_MAX);
			continue;
		}
		vlans[member->n_vlans++] = (uint16_t)n;
	}
	member->vlans = vlans;
}

static void read_filter(struct policy_reading *r, const struct yaml_node *node,
			struct policy_filter *filter)
{
	const char **words = policy_take(r, policy_count(node), sizeof(*words));

	for (const struct yaml_node *at = policy_first(node); words != NULL && at != NULL;
	     at = policy_next(node, at)) {
		const char *text = policy_text(r, at);

		if (text != NULL) {
			words[filter->n++] = text;
		}
	}
	filter->words = words;
}

static void read_asset(struct policy_reading *r, const struct yaml_node *node,
		       struct policy_member *member)
{
	static const char *const names[MEMBER_ATTRIBUTES] = { [MEMBER_TYPE] = "type",
							      [MEMBER_ROLE] = "role",
							      [MEMBER_VENDOR] = "vendor",
							      [MEMBER_NAME] = "name",
							      [MEMBER_LEVEL] = "level" };

	if (node->kind != YAML_MAP) {
		policy_mistake(r, node, "asset wants a map of type, role, vendor, name or level");
		return;
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		size_t i = 0;

		while (i < MEMBER_ATTRIBUTES && strcmp(names[i], at->key) != 0) {
			i++;
		}
		if (i == MEMBER_ATTRIBUTES) {
			policy_mistaken_key(r, at, "asset: type, role, vendor, name and level are");
		} else {
			read_filter(r, at, &member->filters[i]);
		}
	}
}

static void read_member(struct policy_reading *r, const struct yaml_node *node,
			struct policy_member *member)
{
	*member = (struct policy_member) { .line = node->line, .column = node->column };
	if (node->kind != YAML_MAP || node->n_children == 0) {
		policy_mistake(r, node, "a member is a map of network, vlan, asset or internet");
		return;
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		if (strcmp(at->key, "network") == 0) {
			read_networks(r, at, member);
		} else if (strcmp(at->key, "vlan") == 0) {
			read_vlans(r, at, member);
		} else if (strcmp(at->key, "asset") == 0) {
			read_asset(r, at, member);
		} else if (strcmp(at->key, "internet") == 0) {
			if (!yaml_as_bool(at, &member->internet)) {
				policy_mistake(r, at, "internet wants true or false");
			}
		} else {
			policy_mistaken_key(r, at,
					    "a member: network, vlan, asset and internet are");
		}
	}
}

static void read_members(struct policy_reading *r, const struct yaml_node *node,
			 struct policy_place *place)
{
	struct policy_member *members = policy_take(r, policy_count(node), sizeof(*members));

	if (node->kind != YAML_LIST) {
		policy_mistake(r, node, "members wants a list");
		return;
	}
	for (const struct yaml_node *at = node->child; members != NULL && at != NULL;
	     at = at->next) {
		read_member(r, at, &members[place->n_members++]);
	}
	place->members = members;
}

/* ---- zones ---- */

/* FR 1 to FR 7, as the standard abbreviates them. */
static const char *const requirements[7] = { "IAC", "UC", "SI", "DC", "RDF", "TRE", "RA" };

static void read_level_of(struct policy_reading *r, const struct yaml_node *node, uint8_t *out)
{
	int64_t n;

	if (!yaml_as_int(node, &n) || n < 0 || n > 4) {
		policy_mistake(r, node, "a security level is a number from 0 to 4");
		return;
	}
	*out = (uint8_t)n;
}

/* A list of seven numbers, or a map with the abbreviations; those left out are 0. */
static void read_sl_t(struct policy_reading *r, const struct yaml_node *node,
		      struct policy_zone *zone)
{
	size_t n = 0;

	zone->has_sl_t = true;
	if (node->kind == YAML_LIST) {
		for (const struct yaml_node *at = node->child; at != NULL && n < 7; at = at->next) {
			read_level_of(r, at, &zone->sl_t[n++]);
		}
		if (node->n_children != 7) {
			policy_mistake(r, node, "sl_t wants seven levels: %s",
				       "IAC, UC, SI, DC, RDF, TRE, RA");
		}
		return;
	}
	if (node->kind != YAML_MAP) {
		policy_mistake(r, node, "sl_t wants a list of seven levels, or a map");
		return;
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		for (n = 0; n < 7 && strcmp(requirements[n], at->key) != 0; n++) {
			continue;
		}
		if (n == 7) {
			policy_mistaken_key(r, at, "sl_t: IAC, UC, SI, DC, RDF, TRE and RA are");
		} else {
			read_level_of(r, at, &zone->sl_t[n]);
		}
	}
}

static void read_level(struct policy_reading *r, const struct yaml_node *node,
		       struct policy_zone *zone)
{
	static const char *const levels[] = { "0", "1", "2", "3", "3.5", "4", "5" };

	for (size_t i = 0; node->kind == YAML_SCALAR && i < ARRAY_SIZE(levels); i++) {
		if (strcmp(node->text, levels[i]) == 0) {
			zone->level = levels[i];
			return;
		}
	}
	policy_mistake(r, node, "level wants 0, 1, 2, 3, 3.5, 4 or 5");
}

/* The baseline of a zone: {mode: strict or adaptive, rhythm: true, values: true}. */
static void read_watch(struct policy_reading *r, const struct yaml_node *node,
		       struct policy_zone *zone)
{
	static const struct {
		const char *key;
		enum zone_watch bit;
	} switches[] = { { "rhythm", ZONE_RHYTHM }, { "values", ZONE_VALUES } };

	if (node->kind != YAML_MAP) {
		policy_mistake(r, node, "baseline wants a map of mode, rhythm and values");
		return;
	}
	zone->has_watch = true;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		size_t i = 0;
		bool on;

		if (strcmp(at->key, "mode") == 0) {
			bool adaptive =
			    at->kind == YAML_SCALAR && strcmp(at->text, "adaptive") == 0;

			if (!adaptive &&
			    (at->kind != YAML_SCALAR || strcmp(at->text, "strict") != 0)) {
				policy_mistake(r, at, "mode wants strict or adaptive");
			}
			zone->watch |= adaptive ? ZONE_ADAPTIVE : 0;
			continue;
		}
		while (i < ARRAY_SIZE(switches) && strcmp(switches[i].key, at->key) != 0) {
			i++;
		}
		if (i == ARRAY_SIZE(switches)) {
			policy_mistaken_key(r, at, "baseline: mode, rhythm and values are");
		} else if (!yaml_as_bool(at, &on)) {
			policy_mistake(r, at, "%s wants true or false", at->key);
		} else {
			zone->watch |= on ? (uint8_t)switches[i].bit : 0;
		}
	}
}

static void read_zone(struct policy_reading *r, const struct yaml_node *node,
		      struct policy_place *place)
{
	place->zone.line = node->line;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		if (strcmp(at->key, "level") == 0) {
			read_level(r, at, &place->zone);
		} else if (strcmp(at->key, "sl_t") == 0) {
			read_sl_t(r, at, &place->zone);
		} else if (strcmp(at->key, "members") == 0) {
			read_members(r, at, place);
		} else if (strcmp(at->key, "baseline") == 0) {
			read_watch(r, at, &place->zone);
		} else if (strcmp(at->key, "name") != 0 && strcmp(at->key, "within") != 0 &&
			   strcmp(at->key, "description") != 0) {
			policy_mistaken_key(
			    r, at,
			    "a zone: name, description, level, sl_t, within, members and "
			    "baseline are");
		}
	}
}

/* Names first, since zones and conduits refer to them in any order. */
static void read_names(struct policy_reading *r, const struct yaml_node *list)
{
	for (const struct yaml_node *at = list->child; at != NULL; at = at->next) {
		struct policy_place *place = &r->policy->places[r->policy->n_places];
		const struct yaml_node *name = yaml_get(at, "name");
		const char *text;

		if (at->kind != YAML_MAP || name == NULL) {
			policy_mistake(r, at, "a zone is a map with a name");
		} else if ((text = policy_text(r, name)) != NULL && policy_place(r, text) != NULL) {
			policy_mistake(r, name, "there is a zone '%.60s' already", text);
		} else {
			place->zone.name = text;
		}
		r->policy->n_places++;
	}
}

static void read_within(struct policy_reading *r, const struct yaml_node *list)
{
	size_t i = 0;

	for (const struct yaml_node *at = list->child; at != NULL; at = at->next, i++) {
		const struct yaml_node *within = yaml_get(at, "within");
		const struct policy_place *around = within != NULL && within->kind == YAML_SCALAR
							? policy_place(r, within->text)
							: NULL;

		if (within != NULL && around == NULL) {
			policy_mistake(r, within, "there is no zone '%.60s'",
				       within->kind == YAML_SCALAR ? within->text : "");
		} else if (within != NULL) {
			r->policy->places[i].zone.within = &around->zone;
		}
	}
	i = 0;
	for (const struct yaml_node *at = list->child; at != NULL; at = at->next, i++) {
		struct policy_place *place = &r->policy->places[i];
		const struct policy_zone *zone = place->zone.within;

		while (zone != NULL && place->depth <= DEPTH_MAX) {
			zone = zone->within;
			place->depth++;
		}
		if (place->depth > DEPTH_MAX) {
			policy_mistake(r, at, "zones are nested deeper than %d, or in a circle",
				       DEPTH_MAX);
			place->zone.within = NULL;
		}
	}
}

/* The same network in two zones of one depth: which of them is meant? */
static void check_overlap(struct policy_reading *r, const struct policy_place *a,
			  const struct policy_member *member, const struct ip_network *network)
{
	for (const struct policy_place *b = r->policy->places; b < a; b++) {
		for (size_t i = 0; b->depth == a->depth && i < b->n_members; i++) {
			const struct policy_member *other = &b->members[i];
			bool plain = other->n_vlans == 0 && member->n_vlans == 0;

			for (size_t k = 0; plain && k < other->n_networks; k++) {
				struct yaml_node at = { .line = member->line,
							.column = member->column };

				if (ip_equal(&other->networks[k].base, &network->base) &&
				    other->networks[k].prefix == network->prefix &&
				    memcmp(other->filters, member->filters,
					   sizeof(other->filters)) == 0) {
					policy_mistake(
					    r, &at,
					    "the same network is a member of '%.60s' (line %u)",
					    b->zone.name, other->line);
				}
			}
		}
	}
}

static void check_overlaps(struct policy_reading *r)
{
	for (size_t i = 0; i < r->policy->n_places; i++) {
		const struct policy_place *place = &r->policy->places[i];

		for (size_t k = 0; k < place->n_members; k++) {
			for (size_t n = 0; n < place->members[k].n_networks; n++) {
				check_overlap(r, place, &place->members[k],
					      &place->members[k].networks[n]);
			}
		}
	}
}

static void read_zones(struct policy_reading *r, const struct yaml_node *list)
{
	size_t i = 0;

	if (list->kind != YAML_LIST || list->n_children == 0 || list->n_children > ZONES_MAX) {
		policy_mistake(r, list, "zones wants a list of 1 to %d zones", ZONES_MAX);
		return;
	}
	r->policy->places = policy_take(r, list->n_children, sizeof(*r->policy->places));
	if (r->policy->places == NULL) {
		return;
	}
	read_names(r, list);
	read_within(r, list);
	for (const struct yaml_node *at = list->child; at != NULL; at = at->next) {
		read_zone(r, at, &r->policy->places[i++]);
	}
	check_overlaps(r);
}

/* ---- the file ---- */

static void read_offset(struct policy_reading *r, const struct yaml_node *node)
{
	const char *text = node->kind == YAML_SCALAR ? node->text : "";
	int hours, minutes;

	if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
	    sscanf(text + 1, "%2d:%2d", &hours, &minutes) != 2 || hours > 14 || minutes > 59) {
		policy_mistake(r, node, "utc_offset wants \"+01:00\" and the like");
		return;
	}
	r->policy->utc_offset =
	    (text[0] == '-' ? -1 : 1) * (hours * NS_PER_HOUR + minutes * NS_PER_MINUTE);
}

static void read_default(struct policy_reading *r, const struct yaml_node *node)
{
	r->policy->deny = policy_is(node, "deny");
	if (!policy_is(node, "deny") && !policy_is(node, "report")) {
		policy_mistake(r, node, "default wants deny or report");
	}
}

static void read_root(struct policy_reading *r, const struct yaml_node *root)
{
	static const char *const keys[] = { "version", "default", "utc_offset", "zones",
					    "conduits" };

	for (const struct yaml_node *at = root->child; at != NULL; at = at->next) {
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			known = known || strcmp(keys[i], at->key) == 0;
		}
		if (!known) {
			policy_mistaken_key(r, at,
					    "a policy: version, default, utc_offset, zones and "
					    "conduits are");
		}
	}
	if (yaml_get(root, "version") == NULL || !policy_is(yaml_get(root, "version"), "1")) {
		policy_mistake(r, root, "a policy begins with version: 1");
	}
	if (yaml_get(root, "default") != NULL) {
		read_default(r, yaml_get(root, "default"));
	}
	if (yaml_get(root, "utc_offset") != NULL) {
		read_offset(r, yaml_get(root, "utc_offset"));
	}
	if (yaml_get(root, "zones") == NULL) {
		policy_mistake(r, root, "a policy wants zones");
	} else {
		read_zones(r, yaml_get(root, "zones"));
	}
	if (yaml_get(root, "conduits") != NULL) {
		policy_read_conduits(r, yaml_get(root, "conduits"));
	}
}

/* Order-free over keys, so that the layout does not matter. */
static uint64_t hash_node(const struct yaml_node *node)
{
	uint64_t h = hash_stable(HASH_STABLE_START, node->text,
				 node->kind == YAML_SCALAR ? node->length : 0);
	uint64_t sum = 0;

	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		uint64_t child = hash_node(at);

		if (at->key != NULL) {
			sum += hash_stable_end(hash_stable(child, at->key, strlen(at->key)));
		} else {
			h = hash_stable(h, &child, sizeof(child));
		}
	}
	return hash_stable_end(hash_stable(h, &sum, sizeof(sum)));
}

int policy_read(struct policy **out, const char *path, policy_problem_handler *handler,
		void *context, struct problem *problem)
{
	struct policy *policy = calloc(1, sizeof(*policy));
	struct policy_reading r = {
		.policy = policy, .file = path, .handler = handler, .context = context
	};
	struct yaml *yaml = NULL;
	const struct yaml_node *root;
	int error;

	if (policy == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	policy->deny = true;
	error = yaml_read_file(&yaml, path, problem);
	if (error == 0) {
		root = yaml_document(yaml, 0);
		if (root == NULL || root->kind != YAML_MAP) {
			error = problem_set(problem, -EINVAL, "%s:1:1: a policy is a map", path);
		} else {
			read_root(&r, root);
			policy->hash = hash_node(root);
			snprintf(policy->hash_text, sizeof(policy->hash_text), "%016llx",
				 (unsigned long long)policy->hash);
		}
	}
	yaml_free(yaml);
	if (error == 0 && r.mistakes > 0) {
		error = problem_set(problem, -EINVAL, "%s: %u mistake%s", path, r.mistakes,
				    r.mistakes == 1 ? "" : "s");
	}
	if (error < 0) {
		policy_free(policy);
		return error;
	}
	*out = policy;
	return 0;
}

struct policy *policy_free(struct policy *policy)
{
	if (policy != NULL) {
		arena_free(&policy->arena);
		free(policy);
	}
	return NULL;
}

const char *policy_hash(const struct policy *policy)
{
	return policy->hash_text;
}

bool policy_denies(const struct policy *policy)
{
	return policy->deny;
}

size_t policy_zones(const struct policy *policy)
{
	return policy->n_places;
}

const struct policy_zone *policy_zone(const struct policy *policy, size_t i)
{
	return &policy->places[i].zone;
}

size_t policy_conduits(const struct policy *policy)
{
	return policy->n_conduits;
}

const struct policy_conduit *policy_conduit(const struct policy *policy, size_t i)
{
	return &policy->conduits[i];
}
