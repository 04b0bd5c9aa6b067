/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Who fell silent, and who is back: each device against its own rhythm.
 *
 * A device that was heard again and again with pauses of at most G is silent after five times G, a
 * minute at least.  While the capture as a whole is silent, and for the time that the sensor did
 * not run, nobody is.
 *
 * Devices that are heard every few seconds tell within half a minute whether a mirror still brings
 * them: when most of those of one interface fall silent at once, the mirror did (or a switch),
 * which is said once, and nobody behind it is called silent until most of them are back. */

#include "store/inventory_private.h"

#include <stdio.h>

#define SILENT_GAPS     5
#define SILENT_MIN      NS_PER_MINUTE
#define RHYTHM_GAPS     10 /* heard for so many of its longest pauses */
#define LISTEN_INTERVAL (10 * NS_PER_S)
#define DEAF            (30 * NS_PER_S) /* a capture that brings nothing for so long */
#define LONG_SILENCE    NS_PER_DAY

#define MIRROR_DEAF        (30 * NS_PER_S) /* less than any device's patience */
#define MIRROR_DEVICES_MIN 3               /* fewer are devices */
#define MIRROR_LOST        75              /* percent of them that are not heard */
#define MIRROR_BACK        50

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
	if (b->last >= silence_attentive(inventory, b)) {
		b->gap = gap;
	}
}

int64_t silence_attentive(const struct inventory *inventory, const struct binding *b)
{
	return time_max(inventory->attentive, inventory->mirrors[b->source].attentive);
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

/* Heard again and again: how long it pauses is known. */
static bool has_rhythm(const struct binding *b)
{
	return b->gap > 0 && b->last - b->first >= b->gap * RHYTHM_GAPS;
}

static bool is_overdue(const struct inventory *inventory, const struct binding *b)
{
	int64_t since = time_max(b->last, silence_attentive(inventory, b));
	int64_t patience = time_max(b->gap * SILENT_GAPS, SILENT_MIN);

	return has_rhythm(b) && inventory->heard - since > patience;
}

/* ---- mirrors ---- */

/* The devices of one mirror that are heard every few seconds. */
struct audience {
	uint64_t lively; /* and were, for so long that their mirror may be judged by them */
	uint64_t quiet;  /* of these */
	uint64_t heard;  /* of all, in the last half minute */
	int64_t last;    /* when a quiet one was heard */
};

static void count_device(const struct inventory *inventory, const struct binding *b,
			 struct audience *audience)
{
	int64_t steady = time_max(b->first, inventory->attentive);
	bool heard = inventory->clock - b->last <= MIRROR_DEAF;

	audience->heard += heard;
	if (b->last - time_max(steady, inventory->mirrors[b->source].attentive) < MIRROR_DEAF) {
		return;
	}
	audience->lively++;
	if (!heard && inventory->clock - inventory->began > MIRROR_DEAF) {
		audience->quiet++;
		audience->last = time_max(audience->last, b->last);
	}
}

static void count_devices(const struct inventory *inventory, struct audience *audiences)
{
	for (size_t i = 0; i < inventory->n_keys; i++) {
		const struct asset *asset = inventory->key_list[i];
		const struct binding *b = asset->silent ? NULL : latest(asset);

		if (b != NULL && has_rhythm(b) && b->gap * SILENT_GAPS <= SILENT_MIN) {
			count_device(inventory, b, &audiences[b->source]);
		}
	}
}

static void judge_silent(struct inventory *inventory, size_t source,
			 const struct audience *audience)
{
	struct mirror *mirror = &inventory->mirrors[source];

	mirror->attentive = inventory->clock;
	if (audience->heard * 100 >= mirror->devices * MIRROR_BACK) {
		mirror->silent = false;
		change_mirror(inventory, source, "mirror_back", audience->heard,
			      100.0 * (double)audience->heard / (double)mirror->devices);
	}
}

static void judge_mirror(struct inventory *inventory, size_t source,
			 const struct audience *audience)
{
	struct mirror *mirror = &inventory->mirrors[source];

	if (mirror->silent) {
		judge_silent(inventory, source, audience);
	} else if (audience->lively >= MIRROR_DEVICES_MIN &&
		   audience->quiet * 100 >= audience->lively * MIRROR_LOST) {
		*mirror = (struct mirror) {
			.silent = true,
			.since = audience->last,
			.attentive = inventory->clock,
			.devices = audience->lively,
		};
		change_mirror(inventory, source, "mirror_silent", audience->quiet,
			      100.0 * (double)audience->quiet / (double)audience->lively);
	}
}

static void judge_mirrors(struct inventory *inventory)
{
	struct audience audiences[PACKET_SOURCE_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(audiences); i++) {
		audiences[i] = (struct audience) { .last = TIME_NONE };
	}
	count_devices(inventory, audiences);
	for (size_t i = 0; i < ARRAY_SIZE(audiences); i++) {
		judge_mirror(inventory, i, &audiences[i]);
	}
}

/* ---- devices ---- */

static void judge_device(struct inventory *inventory, struct asset *asset)
{
	const struct binding *b = asset->silent ? NULL : latest(asset);
	char text[32];

	if (b == NULL || inventory->mirrors[b->source].silent || !is_overdue(inventory, b)) {
		return;
	}
	asset->silent = true;
	snprintf(text, sizeof(text), "%lld s",
		 (long long)((inventory->heard - b->last) / NS_PER_S));
	change_asset(inventory, asset, "gone_silent", NULL, text);
}

void silence_tick(struct inventory *inventory)
{
	if (inventory->clock == TIME_NONE ||
	    (inventory->listened != TIME_NONE &&
	     inventory->clock - inventory->listened < LISTEN_INTERVAL)) {
		return;
	}
	inventory->began = inventory->listened == TIME_NONE ? inventory->clock : inventory->began;
	inventory->listened = inventory->clock;
	judge_mirrors(inventory);
	for (size_t i = 0; inventory->heard != TIME_NONE && i < inventory->n_keys; i++) {
		judge_device(inventory, inventory->key_list[i]);
	}
}
