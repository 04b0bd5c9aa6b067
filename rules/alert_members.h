/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* alert_members.h - an alert document while it is made: a list of members with dotted names, the
 * most important first; private to this room.
 *
 * They are nested when written (names that share a prefix stand together), and when that is too
 * long, the least important go, from the end. */

#include "capture/base/json.h"

#define MEMBERS_MAX 320

/* What goes first when a document is too long: the highest. */
enum rank { RANK_OWN, RANK_ESSENTIAL, RANK_OPTIONAL, RANKS };

struct member {
	const char *name; /* borrowed */
	size_t at;        /* of its JSON text in values */
	enum rank rank;
	bool written;
};

struct members {
	struct member items[MEMBERS_MAX];
	size_t n;
	struct buffer values; /* JSON texts, each with a NUL behind it */
};

bool members_have(const struct members *m, const char *name);
/* Begins a member's value; write exactly one value with the result, then call members_ended(). */
struct json members_begin(struct members *m, const char *name, enum rank rank);
void members_ended(struct members *m);

/* Members of the alert itself; a text that is NULL and an empty list are left out. */
void members_text(struct members *m, const char *name, const char *text);
void members_uint(struct members *m, const char *name, uint64_t value);
void members_double(struct members *m, const char *name, double value);
void members_time(struct members *m, const char *name, int64_t time);
void members_texts(struct members *m, const char *name, const char *const *texts, size_t n);

/* Writes all as one line with its newline, of at most `most` bytes. What is left out for that is
 * told by the member `marker`. */
void members_write(struct members *m, struct buffer *out, size_t most, const char *marker);
