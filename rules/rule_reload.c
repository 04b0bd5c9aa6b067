/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_reload.c - what of a rule set is still there in another one. */

#include "rules/engine.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Rules by id: open addressing. */
struct ids {
	uint32_t *slots; /* number + 1 */
	size_t n_slots;
	const struct rule_set *set;
};

static size_t slot_of(const struct ids *ids, const char *id)
{
	size_t at = hash_bytes(id, strlen(id), 0) & (ids->n_slots - 1);

	while (ids->slots[at] != 0 && strcmp(ids->set->rules[ids->slots[at] - 1]->id, id) != 0) {
		at = (at + 1) & (ids->n_slots - 1);
	}
	return at;
}

static int ids_make(struct ids *ids, const struct rule_set *set)
{
	*ids = (struct ids) { .n_slots = 64, .set = set };
	while (ids->n_slots < 2 * set->n_rules) {
		ids->n_slots *= 2;
	}
	ids->slots = calloc(ids->n_slots, sizeof(*ids->slots));
	for (size_t i = 0; ids->slots != NULL && i < set->n_rules; i++) {
		ids->slots[slot_of(ids, set->rules[i]->id)] = (uint32_t)i + 1;
	}
	return ids->slots != NULL ? 0 : -ENOMEM;
}

static uint16_t find(const struct ids *ids, const char *id)
{
	uint32_t number = ids->slots[slot_of(ids, id)];

	return number != 0 ? (uint16_t)(number - 1) : RULE_GONE;
}

/* A correlation stands behind what it counts, so one walk settles all. */
static void compare(const struct rule_set *old, const struct rule_set *set,
		    struct rule_numbers *numbers)
{
	for (size_t i = 0; i < old->n_rules; i++) {
		const struct correlation *c = old->rules[i]->correlation;
		uint16_t now = numbers->now[i];

		numbers->same[i] = now != RULE_GONE && old->rules[i]->hash == set->rules[now]->hash;
		for (size_t k = 0; c != NULL && k < c->n_rules; k++) {
			numbers->same[i] = numbers->same[i] && numbers->same[c->rules[k]];
		}
	}
}

int rule_numbers_make(struct rule_numbers *numbers, const struct rule_set *old,
		      const struct rule_set *set)
{
	struct ids ids;
	int error = ids_make(&ids, set);

	numbers->now = calloc(old->n_rules + 1, sizeof(*numbers->now));
	numbers->same = calloc(old->n_rules + 1, sizeof(*numbers->same));
	if (error == 0 && numbers->now != NULL && numbers->same != NULL) {
		for (size_t i = 0; i < old->n_rules; i++) {
			numbers->now[i] = find(&ids, old->rules[i]->id);
		}
		compare(old, set, numbers);
	} else {
		rule_numbers_free(numbers);
		error = -ENOMEM;
	}
	free(ids.slots);
	return error;
}

void rule_numbers_free(struct rule_numbers *numbers)
{
	free(numbers->now);
	free(numbers->same);
	*numbers = (struct rule_numbers) { .now = NULL };
}

void rule_set_differences(const struct rule_set *old, const struct rule_set *set,
			  void (*handler)(void *context, const char *id, const char *what),
			  void *context)
{
	static const struct rule_set nothing;
	const struct rule_set *before = old != NULL ? old : &nothing;
	struct rule_numbers numbers, back;

	if (rule_numbers_make(&numbers, before, set) != 0) {
		return;
	}
	if (rule_numbers_make(&back, set, before) == 0) {
		for (size_t i = 0; i < before->n_rules; i++) {
			if (!numbers.same[i]) {
				handler(context, before->rules[i]->id,
					numbers.now[i] == RULE_GONE ? "removed" : "changed");
			}
		}
		for (size_t i = 0; i < set->n_rules; i++) {
			if (back.now[i] == RULE_GONE) {
				handler(context, set->rules[i]->id, "added");
			}
		}
		rule_numbers_free(&back);
	}
	rule_numbers_free(&numbers);
}
