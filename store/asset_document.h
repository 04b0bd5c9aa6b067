/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* asset_document.h - JSON documents of assets and conversations; private to the inventory.
 *
 * docs/inventory.md describes them. */

#include "store/inventory_private.h"

struct unit_total {
	const struct asset *asset;
	int32_t unit;
	uint64_t asked, answered;
};

/* What all conversations together say about the units behind each asset, sorted. */
struct unit_totals {
	struct unit_total *totals;
	size_t n;
};

int unit_totals_new(struct unit_totals *out, const struct inventory *inventory) MUST_USE;
void unit_totals_free(struct unit_totals *totals);

/* One JSON object without a newline. */
void asset_document(struct buffer *out, const struct inventory *inventory,
		    const struct asset *asset, const struct unit_totals *units);
void conversation_document(struct buffer *out, const struct inventory *inventory,
			   const struct conversation *conversation);
/* The ends of a conversation and its network as members of the open object; without what they
 * counted unless `counts`. */
void conversation_ends(struct json *json, const struct inventory *inventory,
		       const struct conversation *conversation, bool counts);
/* The stable id of a conversation: of its key. */
uint64_t conversation_id(const struct inventory *inventory,
			 const struct conversation *conversation);

/* Calls back with the id of each key, other than its own, that the asset has or had: aliases. */
void asset_aliases(const struct asset *asset, void (*handler)(void *context, uint64_t id),
		   void *context);

/* Bindings and why they are one device, into the open object. */
void write_evidence(struct json *json, const struct asset *asset);

/* Assets and conversations in the order of documents; the caller frees the list. */
int assets_sorted(const struct inventory *inventory, struct asset ***out, size_t *n) MUST_USE;
int conversations_sorted(const struct inventory *inventory, struct conversation ***out,
			 size_t *n) MUST_USE;

int64_t asset_first(const struct asset *asset);
int64_t asset_last(const struct asset *asset);

/* "30", or "30.5" for two tags; out has 16 bytes. */
const char *vlan_text(uint32_t vlan, char *out);

/* The names in a set as an array, sorted. */
void write_names(struct json *json, const char *key, const struct inventory *inventory,
		 const struct name_set *set);

/* What the naming engine said of a conversation: an array each of applications, categories, risks.
 */
void write_verdicts(struct json *json, const struct inventory *inventory,
		    const struct conversation *c);
