/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* suricata_private.h - a rule on its way from the one language to the other. */

#include "capture/base/json.h"
#include "rules/arena.h"
#include "rules/suricata.h"

#define SURICATA_OPTIONS_MAX 128
#define SURICATA_CLAUSES_MAX 48
#define SURICATA_VALUES_MAX  256
#define SURICATA_PINS_MAX    64
#define SURICATA_DEPTH_MAX   8 /* of variables within variables */
#define SURICATA_REASON_MAX  200
#define SURICATA_NAMES_MAX   64

struct suricata_option {
	const char *name, *value; /* value "" when there is none; quotes are kept */
};

struct suricata_rule {
	unsigned line;
	const char *action, *protocol, *source, *source_port, *destination, *destination_port;
	bool both_ways; /* <> */
	struct suricata_option options[SURICATA_OPTIONS_MAX];
	size_t n_options;
};

/* Which of two alternatives a clause belongs to. */
enum clause_group { GROUP_ALWAYS, GROUP_FORWARD, GROUP_BACKWARD, GROUPS };

struct clause {
	const char *field; /* with its modifiers */
	enum clause_group group;
	bool negate, text; /* text: values are quoted */
	const char **values;
	size_t n;
};

enum suricata_direction { DIRECTION_UNKNOWN, DIRECTION_TO_SERVER, DIRECTION_TO_CLIENT };

/* What a byte at a fixed place of the message may be. */
struct pin {
	unsigned position;
	bool values[256];
};

struct draft {
	struct arena *arena;
	const struct suricata_file *file;
	const struct suricata_rule *rule;
	const char *service; /* NULL: flows */
	bool of_enip;        /* a keyword asked for the encapsulation itself */
	bool application;    /* the service is said, not guessed from a port */
	enum suricata_direction direction;
	struct clause clauses[SURICATA_CLAUSES_MAX];
	size_t n_clauses;
	struct pin pins[SURICATA_PINS_MAX];
	size_t n_pins;
	/* The content at work: its offset and depth may follow it. */
	const uint8_t *content;
	size_t content_length;
	unsigned content_offset, content_depth, content_end; /* end: of the latest one */
	bool content_open, content_fixed;
	bool answers;       /* only what was answered */
	const char *sticky; /* buffer that the next content is about; NULL: the payload */
	/* threshold and detection_filter */
	uint32_t count, seconds;
	const char *track;
	char reason[SURICATA_REASON_MAX]; /* empty: carried over so far */
	char note[SURICATA_REASON_MAX];
	const char *placeholders[SURICATA_NAMES_MAX];
	size_t n_placeholders;
};

/* Refuses the rule; the first reason stays. Returns false. */
bool draft_refuse(struct draft *draft, const char *format, ...) PRINTF_LIKE(2, 3);
void draft_note(struct draft *draft, const char *text);
/* A clause without values yet; NULL after refusing when there are too many. */
struct clause *draft_clause(struct draft *draft, const char *field, enum clause_group group);
/* Adds a value to a clause; the text is copied. */
bool clause_add(struct draft *draft, struct clause *clause, const char *text);
bool clause_add_number(struct draft *draft, struct clause *clause, uint64_t number);
/* The keyword is of this service; false after refusing when it is none of the rule's. */
bool draft_service(struct draft *draft, const char *service);
/* One field, one value. */
bool draft_number(struct draft *draft, const char *field, uint64_t number);
bool draft_text(struct draft *draft, const char *field, const char *text);
/* A copy of n bytes of a text. */
char *draft_copy(struct draft *draft, const char *text, size_t n);

/* The option's value; NULL when the rule has it not. */
const char *suricata_option(const struct suricata_rule *rule, const char *name);
/* A value without its quotes and their escapes. */
const char *suricata_plain(struct arena *arena, const char *value);
/* "12", "0x0c": false for anything else. */
bool suricata_number(const char *text, uint64_t *out);

/* Reads the next rule of a text (*at moves on, *line counts). 1: one was read; 0: the end;
 * -EINVAL: there is one that cannot be read, *reason says why; -ENOMEM. */
int suricata_next(struct arena *arena, const char **at, const char *end, unsigned *line,
		  struct suricata_rule *out, const char **reason, unsigned *disabled) MUST_USE;

/* Addresses and ports of the header, once the direction is known (suricata_header.c). */
bool suricata_header(struct draft *draft);
/* The service that the header is about, and the direction that its ports tell. */
bool suricata_service(struct draft *draft);
/* A row of the table of keywords. */
struct keyword;
typedef bool suricata_keyword(struct draft *draft, const struct keyword *keyword,
			      const char *value);
struct keyword {
	const char *name;
	suricata_keyword *take;
	const char *service, *field;
};

suricata_keyword suricata_modbus;
suricata_keyword suricata_dnp3_function, suricata_dnp3_indications, suricata_dnp3_object;
suricata_keyword suricata_enip_command, suricata_enip_revision, suricata_enip_serial,
    suricata_enip_state, suricata_cip_service;

/* "5", "!5", "<5", ">=5", "1<>9", "1-9": what Suricata's integer keywords take, as clauses. */
bool suricata_condition(struct draft *draft, const char *field, const char *value);
/* Each word between commas, without blanks; false when one is refused. */
bool suricata_words(struct draft *draft, const char *value,
		    bool (*take)(struct draft *draft, char *word));

/* All keywords (suricata_keyword.c). */
bool suricata_keywords(struct draft *draft);
/* Contents: keyword by keyword, and what the pinned bytes are (suricata_bytes.c). */
bool suricata_content(struct draft *draft, const char *value);
bool suricata_content_modifier(struct draft *draft, const char *name, const char *value);
bool suricata_pcre(struct draft *draft, const char *value);
bool suricata_byte_test(struct draft *draft, const char *value);
/* The content at work is complete: it must be pinned to one place. */
bool suricata_content_end(struct draft *draft);
/* What is asked of the byte at this place; NULL: nothing. */
struct pin *suricata_pin(struct draft *draft, unsigned position);
/* Makes fields of all pins (suricata_fields.c). */
bool suricata_bytes_end(struct draft *draft);
/* Writes the documents (suricata_write.c). */
void suricata_write(struct buffer *out, const struct draft *draft);
