/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* asset_diff.h - two inventories side by side: which assets are new, gone or changed.
 *
 * An asset of one is the asset of the other by id, else by former id, by maker and serial number,
 * by MAC address, by IP address in the same VLAN, by IP address; the first of these that exactly
 * one asset of each inventory has. */

#include "store/inventory.h"

/* The assets of one inventory. */
struct diff_side;

int diff_side_new(struct diff_side **out) MUST_USE;
struct diff_side *diff_side_free(struct diff_side *side);

/* Takes the document of an asset, unless it is a ghost; an inventory_document. */
void diff_side_add(void *side, const char *json, size_t length);

/* Hands over a document for each difference, in the order of the new inventory, what is gone last.
 * What only one of them says about an asset is no difference unless `all` is asked for: it may just
 * not have been said. 0, or -ENOMEM, also for what diff_side_add() could not take. */
int diff_sides(struct diff_side *older, struct diff_side *newer, bool all,
	       inventory_document *handler, void *context) MUST_USE;
