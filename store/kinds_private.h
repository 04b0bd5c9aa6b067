/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* kinds_private.h - rules about assets as they are in memory, and the facts that they ask for. */

#include "capture/base/yaml.h"
#include "store/inventory_private.h"
#include "store/kinds.h"

#define PORTS_MAX 64 /* of one asset, that are looked at */

/* All that rules may ask about one asset. */
struct facts {
	struct inventory *inventory;
	const struct asset *asset;
	/* Bits of operations of industrial protocols: asked for, with success, answered. */
	uint32_t tries, does, serves;
	/* Numbers. */
	uint32_t asks, polls, programs, commands, reads,
	    browses; /* as client of industrial protocols */
	uint32_t asked_by, polled_by, programmed_by;
	uint32_t peers, silent_peers, public_peers, public_clients, clients;
	/* Yes or no. */
	bool forwards, polling, several_units, it_client, it_server, virtual_mac, public_address;
	struct name_set client, server, asked_in, categories, flow_risks;
	uint16_t ports[PORTS_MAX]; /* at which it answers */
	size_t n_ports;
	uint64_t risks; /* that were found: bits, in the order of their rules */
	const char *verdicts[KINDS];
};

/* How the values of a condition are compared. */
enum fact_kind {
	FACT_BOOL,
	FACT_NUMBER,
	FACT_OPERATIONS,
	FACT_NAMES,
	FACT_PORTS,
	FACT_VENDOR,
	FACT_NAME,
	FACT_VERDICT,   /* of a section that was judged before */
	FACT_ATTRIBUTE, /* what it says of itself */
	FACT_UNIT,      /* ... of a unit behind it */
};

/* One name that a condition may have. */
struct fact {
	const char *name;
	enum fact_kind kind;
	size_t offset;    /* in struct facts, but for the last ones of enum fact_kind */
	unsigned subject; /* FACT_VERDICT: enum kind_of; FACT_ATTRIBUTE, FACT_UNIT: enum identity */
};

struct condition {
	struct fact fact;
	bool truth;                     /* FACT_BOOL */
	uint32_t least, most;           /* FACT_NUMBER */
	uint32_t mask;                  /* FACT_OPERATIONS */
	const struct yaml_node *values; /* a scalar, or a list of them: any */
};

/* All conditions must hold. */
struct alternative {
	struct condition *conditions;
	size_t n;
};

struct alternatives {
	struct alternative *items;
	size_t n;
};

struct kind_rule {
	const char *id, *because;
	const char *value;          /* NULL: what the attribute `from` says */
	enum identity from;         /* IDENTITIES: none */
	struct alternatives when;   /* any; none: always */
	struct alternatives unless; /* any */
};

#define RISKS_MAX 64

struct kind_list {
	struct kind_rule *rules;
	size_t n;
	const char **words;
	size_t n_words;
};

struct kinds {
	struct yaml *files[2];
	struct kind_list lists[KINDS];
};

/* ---- kinds_facts.c ---- */

/* The fact with this name; false: there is none. */
bool fact_find(const char *name, struct fact *out);
/* Hangs all conversations on the assets at their ends, for facts_gather(). */
void facts_index(struct inventory *inventory);
void facts_gather(struct facts *out, const struct asset *asset);

/* ---- kinds_match.c ---- */

/* Case does not matter; `*` is any text, `?` any character. */
bool pattern_fits(const char *pattern, const char *text);
/* Whether the rule fits; *value gets its verdict. */
bool kind_rule_fits(const struct kinds *kinds, enum kind_of of, const struct kind_rule *rule,
		    const struct facts *facts, const char **value);
