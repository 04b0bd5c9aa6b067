/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline_private.h - a baseline as it is looked up; private to the inventory. */

#include "store/baseline.h"
#include "store/table.h"

enum baseline_kind {
	BASELINE_ALLOW,
	BASELINE_ASSET,
	BASELINE_CONVERSATION,
	BASELINE_CYCLE,
	BASELINE_FRAME,
	BASELINE_OPERATION,
	BASELINE_PROGRAM,
	BASELINE_TARGET,
	BASELINE_VALUE,
	BASELINE_KINDS
};

#define BASELINE_ADDRESSES_MAX 16
#define BASELINE_ANY           "*"

/* Whom a person means: an address or network, a zone, or anybody. */
struct baseline_party {
	struct ip_network network; /* when zone and any are not set */
	struct mac mac;            /* not none: this one */
	uint16_t domain;
	char *zone; /* or NULL */
	bool any;
};

struct baseline_grant {
	struct baseline_party parties[2];
	uint32_t operations; /* bits */
	char *protocol;      /* or NULL */
};

/* What an operation may be about. */
struct baseline_target {
	uint8_t operation, space; /* enum space */
	bool has_unit;
	uint32_t unit, from, to; /* from and to unless text is set */
	char *text;
};

struct baseline_cycle {
	uint8_t operation;
	int64_t cycle; /* ns */
};

/* What two ends do by one protocol. */
struct baseline_talk {
	struct table_entry entry;
	struct baseline_end ends[2];
	char *protocol;
	uint32_t operations;        /* bits */
	uint32_t any_target;        /* bits of those that may be about anything */
	uint8_t frames[OPERATIONS]; /* bits of the baseline's frames; 0: at any time */
	struct baseline_target *targets;
	struct baseline_cycle *cycles;
	size_t n_targets, n_cycles;
};

/* One address of a known asset. */
struct baseline_address {
	struct table_entry entry;
	struct baseline_end end;
};

/* The programs, or the range of a value, of one device by one name. */
struct baseline_fact {
	struct table_entry entry;
	enum baseline_kind kind;
	struct baseline_end end;
	char *protocol, *name;
	char *hash;       /* of a program */
	double low, high; /* of a value */
};

struct baseline {
	char **lines;
	size_t n_lines;
	char hash[17];
	char *frames[BASELINE_FRAMES_MAX]; /* that operations name */
	unsigned n_frames;
	struct baseline_frame defined[BASELINE_FRAMES_MAX];
	size_t n_defined;
	struct table talks, addresses, facts;
	struct baseline_grant *grants;
	size_t n_grants;
};

/* ---- baseline_entry.c ---- */

/* One line taken apart. Texts are borrowed from the scratch memory that it was read with. */
struct baseline_entry {
	enum baseline_kind kind;
	struct baseline_end ends[BASELINE_ADDRESSES_MAX]; /* of an asset; else who and whom */
	size_t n_ends;
	const char *parties[2]; /* of allow */
	const char *verb, *protocol, *name, *hash, *frames;
	enum operation operation;
	struct baseline_target target;
	struct baseline_frame frame;
	int64_t cycle;
	double low, high;
};

/* Takes the line apart and writes it anew in its one spelling. scratch has BASELINE_LINE_SIZE
 * bytes. NULL; or what is wrong. *empty: there is nothing on it. */
const char *baseline_parse(const char *line, char *scratch, struct baseline_entry *out,
			   struct baseline_writer *spelled, bool *empty);
bool baseline_party_parse(const char *word, struct baseline_party *out);
/* The operations of a verb: "reads", "programs"..., or the name of one; 0: no such word. */
uint32_t baseline_verb(const char *word);

/* ---- baseline.c ---- */

bool baseline_end_equal(const struct baseline_end *a, const struct baseline_end *b);
bool baseline_knows_address(const struct baseline *baseline, const struct baseline_end *end);
/* What is known of two ends and a protocol, or NULL. */
const struct baseline_talk *baseline_talk_of(const struct baseline *baseline,
					     const struct baseline_end ends[2],
					     const char *protocol);
/* A program, or value, of a device; NULL: none is known by that name. Of programs hash is part of
 * the question, NULL for any. */
const struct baseline_fact *baseline_fact_of(const struct baseline *baseline,
					     enum baseline_kind kind,
					     const struct baseline_end *end, const char *protocol,
					     const char *name, const char *hash);
/* The bit of a frame by its name; 0: no line names it. */
uint8_t baseline_frame(const struct baseline *baseline, const char *name);
