/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* identity_world.h - scenarios of who has which address: the assets that come of them, in any order
 * of their steps. */

#include "inventory_world.h"

/* What one asset must be; addresses and MACs as they stand in the document. */
struct want {
	const char *ips, *macs, *vlans;
	bool router, uncertain, ghost, conflict;
};

static void join_list(const struct json_value *list, char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (size_t i = 0; i < json_value_count(list); i++) {
		const char *text = json_value_text(json_value_element(list, i), "");

		at += (size_t)snprintf(out + at, size - at, "%s%s", i > 0 ? " " : "", text);
	}
}

static void assert_assets(struct world *w, const struct want *want, size_t n)
{
	const char *text = world_assets(w);

	if (count_lines(text) != n) {
		print_error("%s", text);
	}
	assert_int_equal(count_lines(text), n);
	for (size_t i = 0; i < n; i++) {
		struct json_value *asset = line_at(text, i);
		char list[256];

		join_list(json_value_at(asset, "host.ip"), list, sizeof(list));
		assert_string_equal(list, want[i].ips);
		join_list(json_value_at(asset, "host.mac"), list, sizeof(list));
		assert_string_equal(list, want[i].macs);
		join_list(json_value_at(asset, "weir.asset.vlans"), list, sizeof(list));
		assert_string_equal(list, want[i].vlans != NULL ? want[i].vlans : "");
		assert_int_equal(json_value_true(asset, "weir.asset.router"), want[i].router);
		assert_int_equal(json_value_true(asset, "weir.asset.uncertain"), want[i].uncertain);
		assert_int_equal(json_value_true(asset, "weir.asset.ghost"), want[i].ghost);
		assert_int_equal(json_value_true(asset, "weir.asset.address_conflict"),
				 want[i].conflict);
		json_value_free(asset);
	}
}

/* One step of a scenario: a flow, or with arp_target an ARP frame. */
struct step {
	uint32_t vlan;
	struct end from, to;
	const char *arp_target;
	enum { ASKS, ANSWERS, IS_GIVEN } how; /* ARP request or reply; what a DHCP server says */
	int64_t after;                        /* besides the second that each step takes */
};

static void take_step(struct world *w, const struct step *step, int64_t time)
{
	w->now = time;
	if (step->arp_target != NULL && step->how == ASKS) {
		world_arp(w, step->vlan, step->from, step->arp_target);
	} else if (step->arp_target != NULL) {
		world_claim(w, step->vlan, step->from, step->how == IS_GIVEN);
	} else {
		(void)world_flow(w, step->vlan, step->from, step->to);
	}
}

/* When a step takes place. */
static int64_t time_of(const struct step *steps, size_t i)
{
	int64_t time = WORLD_START;

	for (size_t k = 0; k <= i; k++) {
		time += NS_PER_S + steps[k].after;
	}
	return time;
}

/* The next permutation in lexical order; false after the last. */
static bool permute(unsigned *order, size_t n)
{
	size_t i = n - 1, k = n - 1;
	unsigned swap;

	while (i > 0 && order[i - 1] > order[i]) {
		i--;
	}
	if (i == 0) {
		return false;
	}
	while (order[k] < order[i - 1]) {
		k--;
	}
	swap = order[i - 1], order[i - 1] = order[k], order[k] = swap;
	for (k = n - 1; i < k; i++, k--) {
		swap = order[i], order[i] = order[k], order[k] = swap;
	}
	return true;
}

/* Every order of the steps, each keeping its own time, must give the same documents. */
static void assert_order_does_not_matter(struct world *w, const struct step *steps, size_t n)
{
	unsigned order[8];
	char *first = NULL;

	assert_true(n <= ARRAY_SIZE(order));
	for (unsigned i = 0; i < n; i++) {
		order[i] = i;
	}
	do {
		const char *text;

		world_renew(w);
		for (size_t i = 0; i < n; i++) {
			take_step(w, &steps[order[i]], time_of(steps, order[i]));
		}
		w->now = time_of(steps, n - 1) + NS_PER_S;
		text = world_assets(w);
		if (first == NULL) {
			first = strdup(text);
		}
		assert_string_equal(text, first);
	} while (permute(order, n));
	free(first);
}

static void run(struct world *w, const struct step *steps, size_t n, const struct want *want,
		size_t n_want)
{
	assert_order_does_not_matter(w, steps, n);
	world_renew(w);
	for (size_t i = 0; i < n; i++) {
		take_step(w, &steps[i], time_of(steps, i));
	}
	assert_assets(w, want, n_want);
}

#define RUN(state, steps, want) run(*(state), steps, ARRAY_SIZE(steps), want, ARRAY_SIZE(want))
