/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What was seen, as lines of a baseline. */

#include "store/baseline_private.h"
#include "store/inventory_private.h"

#include "capture/decode.h"

#include <stdio.h>

struct learning {
	const struct inventory *inventory;
	bool held;
	struct baseline_lines *lines;
	int error;
	struct baseline_writer writer;
};

static void tell(struct learning *learning)
{
	if (learning->error == 0 && !learning->writer.cut) {
		learning->error = baseline_lines_add(learning->lines, learning->writer.text);
	}
}

/* ---- assets ---- */

static bool was_heard(const struct binding *b)
{
	return (b->evidence & ~(EVIDENCE_ASKED | EVIDENCE_NAMED)) != 0 && !b->former;
}

static size_t write_addresses(struct learning *learning, const struct asset *asset)
{
	struct mac macs[BASELINE_ADDRESSES_MAX];
	size_t n = 0, n_macs = 0;

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		struct baseline_end end = { .ip = b->ip, .domain = b->domain };

		if (was_heard(b) && !ip_is_none(&b->ip) && n < BASELINE_ADDRESSES_MAX) {
			baseline_address(&learning->writer, &end);
			n++;
		}
	}
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		struct baseline_end end = { .mac = b->mac, .domain = b->domain };
		size_t i = 0;

		while (i < n_macs && !mac_equal(&macs[i], &b->mac)) {
			i++;
		}
		if (was_heard(b) && b->mac_key != NULL && asset_is_known_by(asset, b->mac_key) &&
		    i == n_macs && n < BASELINE_ADDRESSES_MAX) {
			macs[n_macs++] = b->mac;
			baseline_address(&learning->writer, &end);
			n++;
		}
	}
	return n;
}

static void learn_asset(struct learning *learning, const struct asset *asset)
{
	baseline_begin(&learning->writer, "asset");
	if (write_addresses(learning, asset) > 0) {
		tell(learning);
	}
}

/* ---- conversations ---- */

static void begin(struct learning *learning, const char *kind, const struct conversation *c)
{
	baseline_begin(&learning->writer, kind);
	for (unsigned i = 0; i < 2; i++) {
		struct baseline_end end = { .ip = c->ip[i], .domain = c->domain };

		if (ip_is_none(&c->ip[i])) {
			end.mac = c->mac[i];
		}
		baseline_address(&learning->writer, &end);
	}
	baseline_word(&learning->writer, normal_protocol(learning->inventory, c));
}

static void learn_operation(struct learning *learning, const struct conversation *c,
			    const struct operation_count *row)
{
	begin(learning, "operation", c);
	baseline_word(&learning->writer, operation_name((enum operation)row->operation));
	if (row->frames != 0) {
		char names[BASELINE_FRAMES_MAX * 32];

		baseline_word(&learning->writer,
			      frames_text(learning->inventory, row->frames, names, sizeof(names)));
	}
	tell(learning);
}

static void learn_cycle(struct learning *learning, const struct conversation *c,
			const struct operation_count *row)
{
	char text[32];

	if (operation_pattern(row) != PATTERN_CYCLIC || !rhythm_is_measured(row->rhythm) ||
	    row->rhythm->cycle <= 0) {
		return;
	}
	begin(learning, "cycle", c);
	baseline_word(&learning->writer, operation_name((enum operation)row->operation));
	snprintf(text, sizeof(text), "%.3f", (double)row->rhythm->cycle / 1e9);
	baseline_word(&learning->writer, text);
	tell(learning);
}

static void learn_target(struct learning *learning, const struct conversation *c,
			 const struct target_count *row)
{
	char unit[16] = "-", text[TARGET_TEXT_SIZE];

	begin(learning, "target", c);
	baseline_word(&learning->writer, operation_name((enum operation)row->key.operation));
	if (row->key.has_unit) {
		snprintf(unit, sizeof(unit), "%u", row->key.unit);
	}
	baseline_word(&learning->writer, unit);
	baseline_word(&learning->writer, target_text(row, text));
	tell(learning);
}

/* More was touched than was counted: it may be about anything. */
static void learn_any_target(struct learning *learning, const struct conversation *c,
			     enum operation operation)
{
	begin(learning, "target", c);
	baseline_word(&learning->writer, operation_name(operation));
	baseline_word(&learning->writer, "-");
	baseline_word(&learning->writer, BASELINE_ANY);
	tell(learning);
}

static bool was_answered(const struct conversation *c)
{
	return c->ip_protocol != IP_PROTOCOL_TCP || c->packets[1] > 0 ||
	       c->requests > c->unanswered;
}

static void learn_conversation(struct learning *learning, const struct conversation *c)
{
	uint32_t done = 0, with_target = 0, held = learning->held ? 0 : c->held;

	for (uint16_t i = 0; i < c->n_operations; i++) {
		done |= UINT32_C(1) << c->operations[i].operation;
	}
	if (!was_answered(c) || (done != 0 && (done & ~held) == 0)) {
		return;
	}
	begin(learning, "conversation", c);
	tell(learning);
	for (uint16_t i = 0; i < c->n_operations; i++) {
		if ((held >> c->operations[i].operation & 1) == 0) {
			learn_operation(learning, c, &c->operations[i]);
			learn_cycle(learning, c, &c->operations[i]);
		}
	}
	for (uint8_t i = 0; i < c->n_targets; i++) {
		uint32_t bit = UINT32_C(1) << c->targets[i].key.operation;

		if ((held & bit) != 0) {
			continue;
		}
		if (c->targets_dropped == 0) {
			learn_target(learning, c, &c->targets[i]);
		} else if ((with_target & bit) == 0) {
			learn_any_target(learning, c, (enum operation)c->targets[i].key.operation);
		}
		with_target |= bit;
	}
}

int inventory_learned(const struct inventory *inventory, bool held, struct baseline_lines *lines)
{
	struct learning learning = { .inventory = inventory, .held = held, .lines = lines };

	for (size_t i = 0; i < inventory->n_keys; i++) {
		const struct asset *asset = inventory->key_list[i];

		if (asset_is_live(asset) && !asset_is_ghost(asset)) {
			learn_asset(&learning, asset);
		}
	}
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		learn_conversation(&learning, inventory->conversation_list[i]);
	}
	return learning.error == 0 ? normal_facts_learned(inventory, lines) : learning.error;
}
