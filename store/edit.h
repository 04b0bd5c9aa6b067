/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* edit.h - what a person says about an asset: a name, an owner, that two keys are one device.
 *
 * A person's word always wins.  It hangs on the id of a key (a MAC or an address), so it follows
 * the device when its address moves, outlives the eviction of the key, and is found by the earlier
 * ids of a device too.  Each edit is a row of the table asset_edit, which is only ever added to;
 * the rows in their order are all that is needed to have every word again. */

#include "capture/base/problem.h"
#include "dissectors/field.h"
#include "store/inventory.h"

#define EDIT_SOURCE "person:" /* of the attributes: "person:USER" */

/* One row; everything is borrowed. */
struct asset_edit {
	int64_t time;
	const char *user;
	const char *asset; /* id of the key */
	const char *kind;  /* "set", "merge" or "split" */
	/* set: what is set, as edit_field_name(). merge, split: the key, as DOMAIN/ADDRESS. */
	const char *name;
	/* set: values; NULL is none. merge, split: `new_value` is the other key. */
	const char *old_value, *new_value;
	const char *reason; /* or NULL */
};

/* Who edits, when (the clock, not packet time), and why (may be NULL). */
struct editor {
	const char *user, *reason;
	int64_t time;
	/* Gets each row to keep. NULL: nothing is done, only said what would be. */
	int (*keep)(void *context, const struct asset_edit *edit);
	void *context;
};

/* The word of a person for what can be set: "name", "owner", "criticality", "type", "level",
 * "zone", "location", "tag", "note"; NULL: not for persons. */
const char *edit_field_name(enum identity kind);
/* IDENTITIES: no such word. */
enum identity edit_field(const char *name);
/* Whether the value may be set; empty takes back what was set. -EINVAL with problem. */
int edit_check(enum identity kind, const char *value, struct problem *problem) MUST_USE;

/* ---- which asset ---- */

/* Looks assets up by what a person writes; made for some look-ups between two records. */
struct asset_finder;

int asset_finder_new(struct asset_finder **out, struct inventory *inventory) MUST_USE;
struct asset_finder *asset_finder_free(struct asset_finder *finder);

/* The asset with this id, earlier id, IP or MAC address, or name. 0; -ENOENT; -EEXIST: several, and
 * the problem lists them. */
int asset_find(struct asset_finder *finder, const char *text, struct asset **out,
	       struct problem *problem) MUST_USE;
/* The same for one kind of word only. */
int asset_find_by_serial(struct asset_finder *finder, const char *serial, struct asset **out,
			 struct problem *problem) MUST_USE;
int asset_find_by_address(struct asset_finder *finder, const char *address, struct asset **out,
			  struct problem *problem) MUST_USE;

/* "16 digits, 10.0.0.3, press 4": how a person tells it from others. */
void asset_describe(const struct asset *asset, char *out, size_t size);
/* Its id, as in documents; out has 17 bytes. */
const char *asset_id(const struct asset *asset, char *out);

/* ---- edits ---- */

/* Sets one value; makes an asset_change "set". 1: it was so before; 0; or what keep() returns. */
int inventory_set(struct inventory *inventory, struct asset *asset, enum identity kind,
		  const char *value, const struct editor *editor) MUST_USE;

/* Says that two assets are one device, whatever the evidence; makes an asset_change
 * "merged_by_person". 1: they are one already. */
int inventory_merge(struct inventory *inventory, struct asset *asset, struct asset *other,
		    const struct editor *editor) MUST_USE;
/* Says that this address of the asset is another device; makes an asset_change "split_by_person".
 * -EINVAL with problem: it is no address of it, or the one by which it is known. */
int inventory_split(struct inventory *inventory, struct asset *asset, const char *address,
		    const struct editor *editor, struct problem *problem) MUST_USE;

/* Takes back one row from the database, without a word to anybody. -ENOMEM. */
int inventory_restore_edit(struct inventory *inventory, const struct asset_edit *edit) MUST_USE;
