/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* dnp3_private.h - what the files of DNP3 share: dnp3.c (link and transport), dnp3_application.c
 * (fragments, functions, pairing), dnp3_objects.c (object headers), dnp3_groups.c (tables of groups
 * and variations), dnp3_items.c (points), and one for each kind of object that is no plain value.
 * Clauses are those of IEEE 1815-2012. */

#include "dissectors/dissector.h"
#include "dissectors/dnp3_fields.h"

/* ---- link and messages ---- */

/* Who talks to whom, from the link header. */
struct dnp3_link {
	uint16_t destination, source;
	uint8_t control;
	bool from_master; /* DIR */
};

/* Data blocks whose CRC is wrong. */
struct dnp3_damage {
	uint8_t blocks[16];
	uint8_t n;
	uint8_t segment; /* of its message, from 0 */
};

/* One application fragment. */
struct dnp3_message {
	uint16_t outstation, master, destination;
	uint8_t control, function;
	bool from_master; /* by the link's DIR bit */
	bool response;    /* by the function code */
	uint16_t iin;     /* of a response: IIN1 in the high byte */
	const char *wrong;
	const struct dnp3_damage *damage;
	struct cursor objects;
};

enum { DNP3_FIR = 0x80, DNP3_FIN = 0x40, DNP3_CON = 0x20, DNP3_UNS = 0x10 };

enum dnp3_code {
	DNP3_CONFIRM = 0,
	DNP3_READ = 1,
	DNP3_WRITE = 2,
	DNP3_SELECT = 3,
	DNP3_OPERATE = 4,
	DNP3_ASSIGN_CLASS = 22,
	DNP3_OPEN_FILE = 25,
	DNP3_CLOSE_FILE = 26,
	DNP3_RESPONSE = 129,
	DNP3_UNSOLICITED = 130,
	DNP3_AUTHENTICATION_RESPONSE = 131
};

/* ---- state of a flow ---- */

/* A select that waits for its operate. */
struct dnp3_select {
	uint32_t addresses;
	bool used, refused, operated;
	uint8_t sequence;
	uint64_t digest;
	int64_t time;
};

/* A master and an outstation: the request that was sent last, and an answer whose next fragment is
 * to come. Sequence numbers. */
struct dnp3_pair {
	uint32_t addresses;
	uint8_t newest;
	uint8_t next, asked; /* of the next fragment, of its request */
	bool used : 1, asks : 1, continues : 1;
};

/* A file that was opened, and what for. */
struct dnp3_open_file {
	uint32_t handle;
	uint16_t outstation;
	uint8_t operation;
	bool used;
};

/* What an outstation indicated last. */
struct dnp3_indications {
	uint16_t outstation, iin;
	bool used;
};

struct dnp3_state {
	bool skipping[2];     /* segments until the next first one */
	bool awaiting_ack[2]; /* of confirmed user data that this side sent */
	uint8_t next_select, next_pair, next_file;
	int64_t hole; /* time behind which bytes were last looked for */
	struct dnp3_select selects[2];
	struct dnp3_pair pairs[8];
	struct dnp3_open_file files[4];
	struct dnp3_indications indications[8];
};

/* ---- objects ---- */

enum dnp3_value {
	VALUE_NONE,
	VALUE_BIT,        /* bit 7 of the flags */
	VALUE_DOUBLE_BIT, /* bits 6 and 7 of the flags */
	VALUE_UINT8,
	VALUE_UINT16,
	VALUE_UINT32,
	VALUE_INT16,
	VALUE_INT32,
	VALUE_FLOAT32,
	VALUE_FLOAT64,
	VALUES
};

/* What the bits of the flag octet mean (11.6). */
enum dnp3_quality {
	QUALITY_NONE,
	QUALITY_BINARY,
	QUALITY_DOUBLE_BIT,
	QUALITY_OUTPUT,
	QUALITY_COUNTER,
	QUALITY_ANALOG,
	QUALITIES
};

enum dnp3_time { TIME_OF_NONE, TIME_OF_DEVICE, TIME_OF_DEVICE_RELATIVE };

struct dnp3_header;
struct dnp3_items;

/* One variation. The order on the wire is flags, value, status, time. */
struct dnp3_object {
	const char *name; /* "g30v1" */
	const char *noun; /* what it is, where that differs within a group */
	uint8_t size;     /* bytes of one object; 0: packed, or it says so itself */
	uint8_t bits;     /* of a packed object */
	uint8_t value, quality, time;
	bool status; /* a control status behind the value */
	/* Puts the fields of an object that is no plain value. */
	void (*put)(struct dissection *d, const struct dnp3_header *header, struct cursor data,
		    struct dnp3_items *items);
};

enum dnp3_group_flags {
	GROUP_COMMAND = 1,   /* answers echo it with a status */
	GROUP_SIZED = 2,     /* strings: the variation is the size */
	GROUP_ATTRIBUTE = 4, /* type and length stand before the value */
	GROUP_FILE = 8,
	GROUP_AUTHENTICATION = 16,
	GROUP_CLASS = 32,
	GROUP_TIME = 64,
	GROUP_DELAY = 128
};

/* Which objects follow their headers in a message. Those with a size before them always do. */
enum dnp3_data { DATA_NONE, DATA_OF_TIME, DATA_ALL };

struct dnp3_group {
	const char *name; /* "g110": of variations without a row */
	const char *noun; /* "analog input" */
	const struct dnp3_object *objects;
	uint16_t n;
	uint8_t flags;
	enum operation written; /* what a write of it is */
};

/* One object header, and its objects. */
struct dnp3_header {
	uint8_t group, variation, qualifier;
	uint8_t prefix; /* bytes of the prefix of each object */
	bool sized;     /* the prefix is a size, not an index */
	bool ranged;    /* start and stop, else a count, or all of them */
	bool indexed;   /* objects have an index, of their prefix or the range */
	bool with_data; /* objects follow */
	uint32_t start, count;
	const char *wrong; /* of STEP_WRONG */
	const struct dnp3_group *about;
	const struct dnp3_object *object; /* NULL: unknown variation */
	uint16_t size;                    /* bytes of one object without its prefix */
	struct cursor data;
};

enum dnp3_step {
	STEP_END,
	STEP_HEADER,
	STEP_UNKNOWN, /* nobody knows how long the objects are */
	STEP_WRONG    /* the header contradicts the standard or the data that is there */
};

/* What the objects of a message are, at one look. */
struct dnp3_scan {
	/* Each once; one more than a list may have, so that a cut shows. */
	const char *names[RECORD_LIST_MAX + 1];
	uint8_t qualifiers[RECORD_LIST_MAX + 1];
	uint8_t n_names, n_headers;
	uint8_t authentication; /* variation of the first object of group 120; 0: none */
	uint8_t groups;         /* flags of all groups */
	bool any_data;
	size_t points, failed;    /* failed: control statuses other than success */
	struct dnp3_header first; /* that is no authentication */
	bool has_first;
	const char *wrong;
	bool unknown;
	uint8_t unknown_group, unknown_variation;
	size_t left; /* bytes that could not be read */
};

/* Items under way of one message. */
struct dnp3_items {
	enum operation operation;
	enum phase phase;
	enum outcome outcome;
	uint16_t outstation;
	bool one_outstation; /* the address is that of one device, not of all or of whichever */
	size_t index;
	int64_t base;      /* common time of occurrence; TIME_NONE */
	bool unwanted;     /* by anybody */
	bool answered;     /* the objects are those of a response */
	bool assigns;      /* the message assigns points to classes */
	const char *class; /* to which, the headers that follow */
	enum dnp3_data data;
	uint32_t point; /* index of the object at work */
	bool indexed;
};

/* dnp3_groups.c */
const struct dnp3_group *dnp3_group(uint8_t group);
const struct dnp3_object *dnp3_object(const struct dnp3_group *group, uint8_t variation);

/* dnp3_objects.c */
/* Splits off the next header with its objects. */
enum dnp3_step dnp3_next(struct cursor *objects, enum dnp3_data data, struct dnp3_header *out);
/* The next object of a header whose objects are not packed: its bytes, without the prefix. */
bool dnp3_object_next(struct dnp3_header *header, uint32_t *point, struct cursor *out);
void dnp3_scan(struct cursor objects, enum dnp3_data data, struct dnp3_scan *out);

extern const struct dnp3_object dnp3_attribute_objects[256]; /* dnp3_attributes.c */

/* dnp3_items.c */
void dnp3_item_command_event(struct dissection *d, const struct dnp3_header *header,
			     struct cursor data, struct dnp3_items *items);
void dnp3_item_time(struct dissection *d, const struct dnp3_header *header, struct cursor data,
		    struct dnp3_items *items);
void dnp3_item_base_time(struct dissection *d, const struct dnp3_header *header, struct cursor data,
			 struct dnp3_items *items);
void dnp3_item_bcd(struct dissection *d, const struct dnp3_header *header, struct cursor data,
		   struct dnp3_items *items);
void dnp3_item_statistic(struct dissection *d, const struct dnp3_header *header, struct cursor data,
			 struct dnp3_items *items);
/* Writes one item record a point, or a header where there is no data. */
void dnp3_put_items(struct dissection *d, struct cursor objects, struct dnp3_items *items);
/* Begins the item at work, with its address and type; false when it shall not be written. */
bool dnp3_item_begin(struct dissection *d, const struct dnp3_header *header,
		     struct dnp3_items *items, enum outcome outcome, const char *type);
void dnp3_put_status(struct dissection *d, const struct dnp3_items *items, uint8_t status);
/* Milliseconds since 1970 as a time; TIME_NONE when it lies too far. */
int64_t dnp3_time(uint64_t milliseconds);
uint64_t dnp3_le48(struct cursor *data);

/* dnp3_commands.c */
const char *dnp3_status_name(uint8_t status);
void dnp3_put_crob(struct dissection *d, struct cursor data);
void dnp3_item_crob(struct dissection *d, const struct dnp3_header *header, struct cursor data,
		    struct dnp3_items *items);
/* Remembers a select, and says how an operate goes with it. */
void dnp3_pair_select(struct dissection *d, const struct dnp3_message *m);
/* The answer to a select. */
void dnp3_select_answered(struct dissection *d, const struct dnp3_message *m, bool refused);

/* dnp3_files.c */
/* Puts what the file object of a message says; returns what contradicts the standard, or NULL. */
const char *dnp3_put_file(struct dissection *d, const struct dnp3_message *m,
			  const struct dnp3_header *header);
/* What a request about a file is. */
enum operation dnp3_file_operation(struct dissection *d, const struct dnp3_message *m,
				   const struct dnp3_header *header);
/* An answer to a request with that function code and operation: whether it says failed. */
bool dnp3_file_answered(struct dissection *d, const struct dnp3_message *m,
			const struct dnp3_header *header, unsigned asked, enum operation operation);
void dnp3_item_file(struct dissection *d, const struct dnp3_header *header, struct cursor data,
		    struct dnp3_items *items);

/* dnp3_data_sets.c */
void dnp3_item_data_set(struct dissection *d, const struct dnp3_header *header, struct cursor data,
			struct dnp3_items *items);

/* dnp3_attributes.c */
/* Puts device attributes into the open record as identity; true when there was one. */
bool dnp3_put_attributes(struct dissection *d, struct cursor objects);
void dnp3_item_attribute(struct dissection *d, const struct dnp3_header *header, struct cursor data,
			 struct dnp3_items *items);
/* Splits off one attribute: type, length and value. */
struct cursor dnp3_attribute_next(struct cursor *data, uint8_t *type);

/* dnp3_authentication.c */
enum {
	DNP3_CHALLENGE = 1,
	DNP3_CHALLENGE_REPLY = 2,
	DNP3_KEY_STATUS = 5,
	DNP3_AUTHENTICATION_ERROR = 7
};
/* An error, or keys that the outstation did not take. */
bool dnp3_authentication_refused(struct cursor objects, enum dnp3_data data);
/* Puts what the authentication objects say; returns what contradicts the standard, or NULL.
 * answer: the record has those of the request already. */
const char *dnp3_put_authentication(struct dissection *d, struct cursor objects,
				    enum dnp3_data data, bool answer);

/* dnp3_application.c */
enum parsed dnp3_application(struct dissection *d, const struct dnp3_link *link,
			     struct cursor fragment, const struct dnp3_damage *damage);
void dnp3_put_addresses(struct dissection *d, uint16_t outstation, uint16_t master,
			uint16_t destination);
uint64_t dnp3_key(uint16_t outstation, uint16_t master, unsigned kind, unsigned sequence);

enum { KEY_REQUEST, KEY_CONFIRM, KEY_AUTHENTICATION, KEY_LINK };

static inline uint32_t dnp3_addresses(const struct dnp3_message *m)
{
	return (uint32_t)m->master << 16 | m->outstation;
}

/* ---- small texts, without the C library's formatter: items are many ---- */

struct dnp3_text {
	char bytes[96];
	uint8_t n;
};

void dnp3_say_part(struct dnp3_text *text, const char *word, size_t length);

static inline void dnp3_say(struct dnp3_text *text, const char *word)
{
	dnp3_say_part(text, word, strlen(word));
}

static inline void dnp3_say_number(struct dnp3_text *text, uint32_t number)
{
	char digits[10];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	dnp3_say_part(text, digits + at, sizeof(digits) - at);
}

static inline void dnp3_put_said(struct dissection *d, uint16_t field, const struct dnp3_text *text)
{
	record_put_bytes(d->writer, field, cur_of(text->bytes, text->n));
}
