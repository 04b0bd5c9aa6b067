/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Who fell silent, and who is back: each device against its own rhythm.
 *
 * A device that was heard again and again with pauses of at most G is silent after five times G, a
 * minute at least.  While the capture as a whole is silent, and for the time that the sensor did
 * not run, nobody is. */

#include "store/inventory_private.h"

#include <stdio.h>

#define SILENT_GAPS     5
#define SILENT_MIN      NS_PER_MINUTE
#define RHYTHM_GAPS     10 /* heard for so many of its longest pauses */
#define LISTEN_INTERVAL (10 * NS_PER_S)
#define DEAF            (30 * NS_PER_S) /* a capture that brings nothing for so long */
#define LONG_SILENCE    NS_PER_DAY

static void say_back(struct inventory *inventory, const struct asset *asset, int64_t silence)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld s", (long long)(silence / NS_PER_S));
	change_asset(inventory, asset, "reappeared", text, NULL);
}

void silence_pause(struct inventory *inventory, struct binding *b, int64_t gap)
{
	struct asset *asset = b->asset;
	bool long_away = gap >= LONG_SILENCE && b->gap < gap / SILENT_GAPS;

	if (asset != NULL && (b->evidence & ~(EVIDENCE_ASKED | EVIDENCE_NAMED)) != 0 &&
	    (asset->silent || long_away)) {
		asset->silent = false;
		say_back(inventory, asset, gap);
		return;
	}
	/* What was missed while nobody listened is no pause of the device. */
	if (b->last >= inventory->attentive) {
		b->gap = gap;
	}
}

void silence_heard(struct inventory *inventory, int64_t at)
{
	if (inventory->heard == TIME_NONE || at - inventory->heard > DEAF) {
		inventory->attentive = at;
	}
	inventory->heard = at;
}

/* The binding by which the asset was last heard; NULL: by none. */
static const struct binding *latest(const struct asset *asset)
{
	const struct binding *last = NULL;

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		if ((b->evidence & ~(EVIDENCE_ASKED | EVIDENCE_NAMED)) != 0 &&
		    (last == NULL || b->last > last->last)) {
			last = b;
		}
	}
	return last;
}

static bool is_overdue(const struct inventory *inventory, const struct binding *b)
{
	int64_t since = time_max(b->last, inventory->attentive);
	int64_t patience = time_max(b->gap * SILENT_GAPS, SILENT_MIN);

	return b->gap > 0 && b->last - b->first >= b->gap * RHYTHM_GAPS &&
	       inventory->heard - since > patience;
}

void silence_tick(struct inventory *inventory)
{
	if (inventory->heard == TIME_NONE ||
	    (inventory->listened != TIME_NONE &&
	     inventory->clock - inventory->listened < LISTEN_INTERVAL)) {
		return;
	}
	inventory->listened = inventory->clock;
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *asset = inventory->key_list[i];
		const struct binding *b = asset->silent ? NULL : latest(asset);
		char text[32];

		if (b != NULL && is_overdue(inventory, b)) {
			asset->silent = true;
			snprintf(text, sizeof(text), "%lld s",
				 (long long)((inventory->heard - b->last) / NS_PER_S));
			change_asset(inventory, asset, "gone_silent", NULL, text);
		}
	}
}
