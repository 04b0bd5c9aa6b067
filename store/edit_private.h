/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* edit_private.h - persons' words inside of the inventory. */

#include "store/edit.h"
#include "store/inventory_private.h"

/* The words about one key: attributes of the source "person:USER". */
struct given {
	struct table_entry entry;
	uint64_t id; /* of the key */
	struct attribute *attributes;
	size_t n_attributes;
};

/* What was said about a key of this id, or NULL. */
struct given *given_find(const struct inventory *inventory, uint64_t id);
void given_end(struct inventory *inventory);
/* Shows all keys what was said of them, after words were taken back. */
void given_link(struct inventory *inventory);

/* What a person said about the asset by any of its keys, the latest; or NULL. */
const struct attribute *given_best(const struct asset *asset, enum identity kind);
/* All that stands, each kind once. Returns how many. */
size_t given_all(const struct asset *asset, const struct attribute **out, size_t size);
