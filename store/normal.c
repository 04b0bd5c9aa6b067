/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What is seen against what is normal.
 *
 * A baseline speaks of addresses, so whatever else an asset is known by counts for it, too: a
 * device that got another address, or another network card, is the same.  What it says of a
 * conversation is kept with it until the baseline, the addresses of an asset or the time of day
 * change. */

#include "store/baseline_private.h"
#include "store/inventory_private.h"

#include "capture/decode.h"
#include "dissectors/dissector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGED_FOR NS_PER_MINUTE /* zones of assets change as more is known of them */
#define TELL_AGAIN NS_PER_DAY
#define TCP_TALKED 2 /* packets of who was asked: fewer are a refusal */

/* The addresses of one end. */
struct ends {
	const struct asset *asset; /* or NULL: a group, nobody */
	struct baseline_end list[BASELINE_ADDRESSES_MAX];
	size_t n;
};

/* ---- state ---- */

void normal_stale(struct inventory *inventory)
{
	if (inventory->normal.state != BASELINE_NONE && ++inventory->normal_generation == 0) {
		inventory->normal_generation = 1;
	}
}

/* What somebody said is normal need not be held any more. */
static void release(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		struct conversation *c = inventory->conversation_list[i];

		if (c->held != 0) {
			normal_judge(inventory, c);
			c->held &= ~(c->normal.operations | c->normal.late);
		}
	}
}

void inventory_use(struct inventory *inventory, const struct inventory_normal *normal)
{
	inventory->normal = *normal;
	inventory->frame_bit =
	    (uint8_t)(normal->frame < normal->n_frames ? 1U << normal->frame : 0U);
	if (normal->state == BASELINE_NONE) {
		inventory->normal_generation = 0;
	}
	normal_stale(inventory);
	release(inventory);
}

void inventory_forget_frames(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		struct conversation *c = inventory->conversation_list[i];

		for (uint16_t k = 0; k < c->n_operations; k++) {
			c->operations[k].frames = 0;
		}
	}
}

void inventory_frame(struct inventory *inventory, size_t frame)
{
	if (frame != inventory->normal.frame && frame < inventory->normal.n_frames) {
		inventory->normal.frame = frame;
		inventory->frame_bit = (uint8_t)(1U << frame);
		normal_stale(inventory);
	}
}

const char *normal_frame(const struct inventory *inventory)
{
	const struct inventory_normal *normal = &inventory->normal;

	return normal->frame < normal->n_frames ? normal->frames[normal->frame] : NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *frames_text(const struct inventory *inventory, uint8_t frames, char *out, size_t size)
{
	const struct inventory_normal *normal = &inventory->normal;
	const char *names[BASELINE_FRAMES_MAX];
	size_t n = 0, length = 0;

	for (size_t i = 0; i < normal->n_frames; i++) {
		if ((frames >> i & 1) != 0) {
			names[n++] = normal->frames[i];
		}
	}
	qsort(names, n, sizeof(names[0]), by_name);
	out[0] = '\0';
	for (size_t i = 0; i < n && length < size; i++) {
		length += (size_t)snprintf(out + length, size - length, "%s%s", i > 0 ? "," : "",
					   names[i]);
	}
	return out;
}

uint8_t frames_from_text(const struct inventory *inventory, const char *text)
{
	uint8_t frames = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, ",");

		for (size_t i = 0; i < inventory->normal.n_frames; i++) {
			const char *name = inventory->normal.frames[i];

			if (strlen(name) == length && strncmp(name, text, length) == 0) {
				frames |= (uint8_t)(1U << i);
			}
		}
		text += length + (text[length] == ',');
	}
	return frames;
}

/* ---- ends ---- */

static void add_end(struct ends *ends, const struct ip *ip, const struct mac *mac, uint16_t domain)
{
	struct baseline_end end = { .domain = domain };

	if (!ip_is_none(ip)) {
		end.ip = *ip;
	} else {
		end.mac = *mac;
	}
	if (ends->n < BASELINE_ADDRESSES_MAX && !(ip_is_none(ip) && mac_is_none(mac))) {
		ends->list[ends->n++] = end;
	}
}

static void add_asset(struct ends *ends, const struct asset *asset)
{
	static const struct ip no_ip;

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		add_end(ends, &b->ip, &b->mac, b->domain);
		if (!ip_is_none(&b->ip) && !mac_is_none(&b->mac) &&
		    asset_is_known_by(asset, b->mac_key)) {
			add_end(ends, &no_ip, &b->mac, b->domain);
		}
	}
}

static void find_ends(const struct conversation *c, unsigned side, struct ends *out)
{
	*out = (struct ends) { .asset = c->side[side] != NULL ? c->side[side]->asset : NULL };
	add_end(out, &c->ip[side], &c->mac[side], c->domain);
	if (out->asset != NULL) {
		add_asset(out, out->asset);
	}
}

static bool knows_any(const struct baseline *baseline, const struct ends *ends)
{
	for (size_t i = 0; i < ends->n; i++) {
		if (baseline_knows_address(baseline, &ends->list[i])) {
			return true;
		}
	}
	return false;
}

/* ---- what persons let happen ---- */

static bool party_is(const struct inventory *inventory, const struct baseline_party *party,
		     const struct ends *ends)
{
	const char *zone;

	if (party->any || party->zone != NULL) {
		zone = party->zone != NULL && ends->asset != NULL
			   ? asset_zone(inventory, ends->asset)
			   : NULL;
		return party->any ||
		       (zone != NULL && (strcmp(zone, party->zone) == 0 ||
					 (inventory->options.zone_is_within != NULL &&
					  inventory->options.zone_is_within(
					      inventory->options.context, zone, party->zone))));
	}
	for (size_t i = 0; i < ends->n; i++) {
		const struct baseline_end *end = &ends->list[i];

		if (end->domain == party->domain &&
		    (mac_is_none(&party->mac)
			 ? !ip_is_none(&end->ip) && ip_in_network(&end->ip, &party->network)
			 : mac_equal(&end->mac, &party->mac))) {
			return true;
		}
	}
	return false;
}

/* The operations that persons let these two do. */
static uint32_t granted(const struct inventory *inventory, const struct ends sides[2],
			const char *protocol)
{
	const struct baseline *baseline = inventory->normal.baseline;
	uint32_t operations = 0;

	for (size_t i = 0; i < baseline->n_grants; i++) {
		const struct baseline_grant *grant = &baseline->grants[i];

		if ((grant->protocol == NULL || strcmp(grant->protocol, protocol) == 0) &&
		    party_is(inventory, &grant->parties[0], &sides[0]) &&
		    party_is(inventory, &grant->parties[1], &sides[1])) {
			operations |= grant->operations;
		}
	}
	return operations;
}

/* ---- conversations ---- */

const char *normal_protocol(const struct inventory *inventory, const struct conversation *c)
{
	const char *name = name_text(inventory, c->protocol);

	if (name != NULL && name[0] != '\0') {
		return name;
	}
	return c->ip_protocol == IP_PROTOCOL_TCP   ? "tcp"
	       : c->ip_protocol == IP_PROTOCOL_UDP ? "udp"
						   : "other";
}

/* Adds what is known of two of their addresses. */
static void take_talk(const struct inventory *inventory, const struct baseline_talk *talk,
		      struct normal *normal)
{
	const char *frame = normal_frame(inventory);
	uint8_t now = frame != NULL ? baseline_frame(inventory->normal.baseline, frame) : 0;
	uint32_t allowed = talk->operations;

	normal->conversation = true;
	for (unsigned i = 0; frame != NULL && i < OPERATIONS; i++) {
		if (talk->frames[i] != 0 && (talk->frames[i] & now) == 0) {
			allowed &= ~(UINT32_C(1) << i);
		}
	}
	normal->operations |= allowed;
	normal->late |= talk->operations & ~allowed;
}

static unsigned watch_of(const struct inventory *inventory, const struct asset *asset)
{
	const char *zone = asset != NULL && inventory->options.zone_watch != NULL
			       ? asset_zone(inventory, asset)
			       : NULL;

	return zone != NULL ? inventory->options.zone_watch(inventory->options.context, zone) : 0;
}

/* How the zone of who is asked is watched. */
static unsigned zone_watch(const struct inventory *inventory, const struct conversation *c)
{
	return watch_of(inventory, c->side[1] != NULL ? c->side[1]->asset : NULL);
}

const struct baseline_talk *normal_talk(const struct inventory *inventory,
					const struct conversation *c)
{
	const struct baseline_talk *talk = NULL;
	struct ends sides[2];

	find_ends(c, 0, &sides[0]);
	find_ends(c, 1, &sides[1]);
	for (size_t i = 0; inventory->normal.baseline != NULL && i < sides[0].n; i++) {
		for (size_t k = 0; talk == NULL && k < sides[1].n; k++) {
			const struct baseline_end ends[2] = { sides[0].list[i], sides[1].list[k] };

			talk = baseline_talk_of(inventory->normal.baseline, ends,
						normal_protocol(inventory, c));
		}
	}
	return talk;
}

void normal_judge(struct inventory *inventory, struct conversation *c)
{
	const struct baseline *baseline = inventory->normal.baseline;
	const char *protocol = normal_protocol(inventory, c);
	struct normal normal = { .generation = inventory->normal_generation,
				 .until = inventory->clock + JUDGED_FOR,
				 .told = c->normal.told,
				 .told_at = c->normal.told_at,
				 .stopped = c->normal.stopped,
				 .paced = c->normal.paced,
				 .watch = (uint8_t)zone_watch(inventory, c) };
	struct ends sides[2];
	uint32_t grants;

	find_ends(c, 0, &sides[0]);
	find_ends(c, 1, &sides[1]);
	for (unsigned i = 0; i < 2; i++) {
		normal.known[i] =
		    sides[i].asset == NULL || (baseline != NULL && knows_any(baseline, &sides[i]));
	}
	for (size_t i = 0; baseline != NULL && i < sides[0].n; i++) {
		for (size_t k = 0; k < sides[1].n; k++) {
			const struct baseline_end ends[2] = { sides[0].list[i], sides[1].list[k] };
			const struct baseline_talk *talk =
			    baseline_talk_of(baseline, ends, protocol);

			if (talk != NULL) {
				take_talk(inventory, talk, &normal);
			}
		}
	}
	grants = baseline != NULL ? granted(inventory, sides, protocol) : 0;
	normal.conversation = normal.conversation || grants != 0;
	normal.known[0] = normal.known[0] || grants != 0;
	normal.known[1] = normal.known[1] || grants != 0;
	normal.operations |= grants;
	normal.late &= ~normal.operations;
	if (normal.operations != c->normal.operations) {
		for (uint8_t i = 0; i < c->n_targets; i++) {
			c->targets[i].judged = 0;
		}
	}
	c->normal = normal;
}

bool normal_knows(const struct inventory *inventory, const struct asset *asset)
{
	struct ends ends = { .asset = asset };

	if (inventory->normal.state == BASELINE_NONE) {
		return true;
	}
	add_asset(&ends, asset);
	return inventory->normal.baseline != NULL && knows_any(inventory->normal.baseline, &ends);
}

/* ---- targets ---- */

/* Whether the talk lets the operation be about this; one of which it names no target may be about
 * anything. */
static bool talk_allows(const struct baseline_talk *talk, const struct target_key *key,
			const char *text, bool *named)
{
	for (size_t i = 0; i < talk->n_targets; i++) {
		const struct baseline_target *target = &talk->targets[i];

		if (target->operation != key->operation) {
			continue;
		}
		*named = true;
		if (target->has_unit != key->has_unit || target->unit != key->unit) {
			continue;
		}
		if (text != NULL ? target->text != NULL && strcmp(target->text, text) == 0
				 : target->text == NULL && target->space == key->space &&
				       target->from <= key->from && key->to <= target->to) {
			return true;
		}
	}
	return false;
}

bool normal_target(const struct inventory *inventory, const struct conversation *c,
		   const struct target_key *key, const char *text)
{
	const struct baseline *baseline = inventory->normal.baseline;
	const char *protocol = normal_protocol(inventory, c);
	uint32_t bit = UINT32_C(1) << key->operation;
	struct ends sides[2];
	bool named = false;

	if (baseline == NULL) {
		return false;
	}
	find_ends(c, 0, &sides[0]);
	find_ends(c, 1, &sides[1]);
	if ((granted(inventory, sides, protocol) & bit) != 0) {
		return true;
	}
	for (size_t i = 0; i < sides[0].n; i++) {
		for (size_t k = 0; k < sides[1].n; k++) {
			const struct baseline_end ends[2] = { sides[0].list[i], sides[1].list[k] };
			const struct baseline_talk *talk =
			    baseline_talk_of(baseline, ends, protocol);

			if (talk != NULL && ((talk->any_target & bit) != 0 ||
					     talk_allows(talk, key, text, &named))) {
				return true;
			}
		}
	}
	return !named;
}

/* ---- telling ---- */

/* Not a knock at a door that stayed closed. */
static bool has_talked(const struct conversation *c, const struct record *record)
{
	return record->kind != RECORD_FLOW || c->ip_protocol != IP_PROTOCOL_TCP ||
	       c->packets[1] >= TCP_TALKED;
}

static bool is_news(struct conversation *c, uint32_t bit, int64_t time)
{
	if (c->normal.told != 0 && time - c->normal.told_at >= TELL_AGAIN) {
		c->normal.told = 0;
	}
	if ((c->normal.told & bit) != 0) {
		return false;
	}
	c->normal.told_at = c->normal.told == 0 ? time : c->normal.told_at;
	c->normal.told |= bit;
	return true;
}

/* A range that reaches further than what was told is news again. */
static bool is_told(const struct target_count *row, const struct target_key *key, int64_t time)
{
	return row->told != 0 && time - row->told < TELL_AGAIN &&
	       (row->text != NULL || (row->told_from <= key->from && key->to <= row->told_to));
}

static void tell_target(struct inventory *inventory, struct conversation *c,
			const struct record *record)
{
	struct target_count *row = &c->targets[c->last_target];
	struct target_count seen = { .key = inventory->outside, .text = row->text };
	char text[TARGET_TEXT_SIZE];

	if (is_told(row, &seen.key, record->time)) {
		return;
	}
	if (row->told == 0 || record->time - row->told >= TELL_AGAIN) {
		row->told_from = seen.key.from;
		row->told_to = seen.key.to;
	}
	row->told = record->time;
	row->told_from = seen.key.from < row->told_from ? seen.key.from : row->told_from;
	row->told_to = seen.key.to > row->told_to ? seen.key.to : row->told_to;
	change_conversation(inventory, c, "new_target", NULL, target_text(&seen, text));
}

void normal_tell(struct inventory *inventory, struct conversation *c, const struct record *record)
{
	const struct enrichment *e = &inventory->enrichment;
	uint32_t bit = UINT32_C(1) << record->operation;

	if (e->new_conversation) {
		if (has_talked(c, record) && is_news(c, NORMAL_TOLD, record->time)) {
			change_conversation(inventory, c, "new_conversation", NULL, NULL);
		}
	} else if (e->new_operation || e->late) {
		if (is_news(c, bit, record->time)) {
			change_conversation(inventory, c, e->late ? "other_time" : "new_operation",
					    NULL, e->late ? normal_frame(inventory) : NULL);
		}
	} else if (e->new_target) {
		tell_target(inventory, c, record);
	}
}

/* ---- what is learned ---- */

void inventory_hold(struct inventory *inventory, const struct event *event)
{
	const struct enrichment *e = event->context[EVENT_STORE];
	const struct record *record = event->record;

	if (inventory->normal.state == BASELINE_LEARNING && record->kind <= RECORD_ITEM &&
	    e != NULL && e->conversation != NULL &&
	    e->conversation == inventory->enrichment.conversation) {
		struct conversation *c =
		    (struct conversation *)(uintptr_t)inventory->enrichment.conversation;

		c->held |= UINT32_C(1) << record->operation;
	}
}

static bool is_between(const struct inventory *inventory, const struct conversation *c,
		       const struct baseline_entry *entry)
{
	for (unsigned side = 0; side < 2; side++) {
		struct ends ends;
		size_t i = 0;

		find_ends(c, side, &ends);
		while (i < ends.n && !baseline_end_equal(&ends.list[i], &entry->ends[side])) {
			i++;
		}
		if (i == ends.n) {
			return false;
		}
	}
	return strcmp(normal_protocol(inventory, c), entry->protocol) == 0;
}

size_t inventory_hold_line(struct inventory *inventory, const char *line)
{
	char scratch[BASELINE_LINE_SIZE];
	struct baseline_writer spelled;
	struct baseline_entry entry;
	bool empty;
	size_t held = 0;

	if (baseline_parse(line, scratch, &entry, &spelled, &empty) != NULL || empty ||
	    entry.kind != BASELINE_OPERATION) {
		return 0;
	}
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		struct conversation *c = inventory->conversation_list[i];

		if (is_between(inventory, c, &entry)) {
			c->held |= UINT32_C(1) << entry.operation;
			held = 1;
		}
	}
	return held;
}

unsigned inventory_zone_watch(const struct inventory *inventory, const struct event *event)
{
	const struct enrichment *e = event->context[EVENT_STORE];

	return e != NULL ? watch_of(inventory, e->destination != NULL ? e->destination : e->source)
			 : 0;
}
