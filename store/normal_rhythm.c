/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Polls that stop or change their pace, against the cycles of the baseline; in zones where that is
 * wanted. While the capture as a whole is silent, nobody stops. */

#include "store/baseline_private.h"
#include "store/inventory_private.h"

#include <stdio.h>

#define WATCH_INTERVAL (10 * NS_PER_S)
#define MISSED_CYCLES  5
#define PATIENCE_MIN   NS_PER_MINUTE /* a mirror that fell silent is noticed before */
#define PACE_PERCENT   50            /* a cycle that differs by more is another one */

static const struct operation_count *row_of(const struct conversation *c, uint8_t operation)
{
	return c->slot[operation] != 0 ? &c->operations[c->slot[operation] - 1] : NULL;
}

static void seconds_text(int64_t time, char out[32])
{
	snprintf(out, 32, "%.3f s", (double)time / 1e9);
}

static void tell(struct inventory *inventory, struct conversation *c,
		 const struct baseline_cycle *cycle, const char *what, int64_t seen)
{
	char expected[32], text[32];

	seconds_text(cycle->cycle, expected);
	seconds_text(seen, text);
	change_conversation_operation(inventory, c, (enum operation)cycle->operation, what,
				      expected, text);
}

static void check_stopped(struct inventory *inventory, struct conversation *c,
			  const struct operation_count *row, const struct baseline_cycle *cycle)
{
	uint32_t bit = UINT32_C(1) << cycle->operation;
	int64_t patience = time_max(MISSED_CYCLES * cycle->cycle, PATIENCE_MIN);
	int64_t since =
	    time_max(row->last, c->side[1] != NULL ? silence_attentive(inventory, c->side[1])
						   : inventory->attentive);

	if (inventory->heard - since <= patience) {
		c->normal.stopped &= ~bit;
	} else if ((c->normal.stopped & bit) == 0) {
		c->normal.stopped |= bit;
		tell(inventory, c, cycle, "poll_stopped", inventory->heard - row->last);
	}
}

static void check_pace(struct inventory *inventory, struct conversation *c,
		       const struct operation_count *row, const struct baseline_cycle *cycle)
{
	uint32_t bit = UINT32_C(1) << cycle->operation;
	int64_t pace = row->rhythm != NULL ? row->rhythm->cycle : 0;
	int64_t off = pace > cycle->cycle ? pace - cycle->cycle : cycle->cycle - pace;

	if (pace <= 0 || !rhythm_is_measured(row->rhythm) || (c->normal.stopped & bit) != 0 ||
	    operation_pattern(row) != PATTERN_CYCLIC) {
		return;
	}
	if (off <= cycle->cycle / 100 * PACE_PERCENT) {
		c->normal.paced &= ~bit;
	} else if ((c->normal.paced & bit) == 0) {
		c->normal.paced |= bit;
		tell(inventory, c, cycle, "rhythm_changed", pace);
	}
}

static void check(struct inventory *inventory, struct conversation *c)
{
	const struct baseline_talk *talk = normal_talk(inventory, c);

	for (size_t i = 0; talk != NULL && i < talk->n_cycles; i++) {
		const struct operation_count *row = row_of(c, talk->cycles[i].operation);

		if (row != NULL && row->count > 0) {
			check_stopped(inventory, c, row, &talk->cycles[i]);
			check_pace(inventory, c, row, &talk->cycles[i]);
		}
	}
}

void normal_rhythm_tick(struct inventory *inventory)
{
	if (inventory->normal.state != BASELINE_FROZEN || inventory->heard == TIME_NONE ||
	    inventory->clock - inventory->watched < WATCH_INTERVAL) {
		return;
	}
	inventory->watched = inventory->clock;
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		struct conversation *c = inventory->conversation_list[i];

		/* One that was loaded and is not heard any more stopped, too. */
		if (c->normal.generation == 0) {
			normal_judge(inventory, c);
		}
		if ((c->normal.watch & ZONE_RHYTHM) != 0) {
			check(inventory, c);
		}
	}
}
