/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Blocks that are loaded into an S7 controller and out of it, and the services that make them part
 * of its program, delete them, start and stop it.
 *
 *	into:   client asks 0x1a (name, lengths), then the controller asks 0x1b (name) until an
 *		answer is the last, then 0x1c (name)
 *	out of: client asks 0x1d (name; answered with an id and the length), 0x1e (id) until an
 *		answer is the last, then 0x1f (id)
 *
 * The bytes of a block are hashed as they pass and never kept, so that a changed block can be told
 * from the same one loaded again.  The answer that ends a transfer reports what passed.
 *
 *	block: 0x7070 | kind 1 | flags 1 | language 1 | type 1 | number 2 | load length 4
 *	  | protection 4 | code time 6 | interface time 6 | interface 2 | segments 2 | local data 2
 *	  | code 2 | ... | author 8 | family 8 | name 8 | version 1 | 1 | checksum 2 | 8 */

#include "dissectors/s7comm_private.h"

#include "capture/base/digest.h"

#include <stdio.h>

#define HEAD_SIZE 36
#define TAIL_SIZE 36

/* Transfers under way, by what they are known as on the wire. */
#define MEMORY_DOWNLOAD 0x40000000U
#define MEMORY_UPLOAD   0x80000000U
#define MEMORY_ID       0x1fffffffU
/* Beside the key that stays with a job: the job itself says that the transfer failed. */
#define JOB_FAILED 0x20000000U

enum { STATUS_MORE = 1, STATUS_ERROR = 2 };

struct transfer {
	struct digest digest;
	uint64_t bytes;
	uint32_t announced; /* length in load memory; 0: not known */
	bool from_start, ended, holed;
	bool named; /* `block` says which */
	struct s7_block block;
	uint8_t head[HEAD_SIZE], tail[TAIL_SIZE];
};

/* ---- names of blocks ---- */

static uint32_t read_decimal(struct cursor *c, size_t digits, bool *right)
{
	uint32_t n = 0;

	for (size_t i = 0; i < digits; i++) {
		uint8_t digit = cur_u8(c);

		*right = *right && digit >= '0' && digit <= '9';
		n = n * 10 + (digit & 15U);
	}
	return n;
}

bool s7_read_block(struct cursor *name, struct s7_block *out)
{
	uint8_t high = cur_u8(name), low = cur_u8(name);
	bool right = high == '0';

	out->type = low >= 'A' && low <= 'F' ? (uint8_t)(low - 'A' + 10) : low & 15;
	out->number = read_decimal(name, 5, &right);
	out->file_system = (char)cur_u8(name);
	return cur_ok(name) && right && s7_block_type(out->type) != NULL;
}

const char *s7_block_letters(uint8_t type)
{
	static const char *const names[16] = {
		[0x08] = "OB", [0x09] = "CMod", [0x0a] = "DB", [0x0b] = "SDB",
		[0x0c] = "FC", [0x0d] = "SFC",  [0x0e] = "FB", [0x0f] = "SFB",
	};

	return type < 16 && names[type] != NULL ? names[type] : "block";
}

const char *s7_block_text(const struct s7_block *block, char out[24])
{
	snprintf(out, 24, "%s %u", s7_block_letters(block->type), block->number);
	return out;
}

void s7_put_block(struct dissection *d, const struct s7_block *block)
{
	record_put_static(d->writer, PUT(BLOCK_TYPE), s7_block_type(block->type));
	record_put_uint(d->writer, PUT(BLOCK_NUMBER), block->number);
	if (block->file_system != 0) {
		record_put_static(d->writer, PUT(BLOCK_FILES),
				  block->file_system == 'P'   ? "passive"
				  : block->file_system == 'A' ? "active"
				  : block->file_system == 'B' ? "both"
							      : NULL);
	}
}

/* A block name with the kind of file before it; false for another file. */
static bool read_file_name(struct cursor name, struct s7_block *out)
{
	uint8_t kind = cur_u8(&name);

	return cur_left(&name) == 8 && (kind == '_' || kind == '$') && s7_read_block(&name, out);
}

static void put_block_name(struct dissection *d, const struct s7_block *block)
{
	char text[24];

	record_put_text(d->writer, CORE_TARGET, s7_block_text(block, text));
	s7_put_block(d, block);
}

/* What a name says. A file that is no block is of a numerical control. */
static bool put_name(struct dissection *d, struct s7_message *m, struct cursor name,
		     struct s7_block *block)
{
	if (read_file_name(name, block)) {
		put_block_name(d, block);
		return true;
	}
	m->operation =
	    m->operation == OPERATION_PROGRAM_DOWNLOAD ? OPERATION_FILE_WRITE : OPERATION_FILE_READ;
	record_put_bytes(d->writer, CORE_TARGET, name);
	record_put_bytes(d->writer, PUT(FILE_NAME), name);
	return false;
}

/* ---- what passes ---- */

static uint32_t download_key(const struct s7_block *block)
{
	return MEMORY_DOWNLOAD | (uint32_t)block->type << 20 | block->number;
}

static struct transfer *begin(struct dissection *d, uint32_t key, const struct s7_block *block)
{
	struct transfer *transfer;

	/* One of the same name that was never ended is forgotten. */
	dissect_memory_end(d, key);
	transfer = dissect_memory(d, key, sizeof(*transfer));
	if (transfer != NULL && block != NULL) {
		transfer->named = true;
		transfer->block = *block;
	}
	return transfer;
}

static void keep_tail(struct transfer *transfer, struct cursor bytes)
{
	size_t n = size_min(cur_left(&bytes), TAIL_SIZE), old = TAIL_SIZE - n;

	cur_skip(&bytes, cur_left(&bytes) - n);
	memmove(transfer->tail, transfer->tail + n, old);
	while (cur_left(&bytes) > 0 && old < TAIL_SIZE) {
		transfer->tail[old++] = cur_u8(&bytes);
	}
}

/* Bytes of the block: length 2 | 0x00 0xfb | bytes. */
static const char *pass(struct transfer *transfer, struct cursor data, bool last)
{
	uint16_t length = cur_be16(&data);
	struct cursor bytes, head;

	cur_skip(&data, 2);
	bytes = cur_sub(&data, length);
	if (!cur_ok(&data)) {
		transfer->holed = true;
		return "block_length";
	}
	if (transfer->bytes < HEAD_SIZE) {
		head = bytes;
		size_t n = size_min(HEAD_SIZE - (size_t)transfer->bytes, cur_left(&head));

		cur_copy(&head, transfer->head + transfer->bytes, n);
	}
	digest_add(&transfer->digest, bytes);
	keep_tail(transfer, bytes);
	transfer->bytes += cur_left(&bytes);
	transfer->ended = last;
	return cur_left(&data) > 0 ? "trailing_bytes" : NULL;
}

/* ---- what passed ---- */

static void put_head(struct dissection *d, const struct transfer *transfer)
{
	struct cursor c = cur_of(transfer->head, HEAD_SIZE);
	uint16_t mark = cur_be16(&c);
	struct s7_block block = { 0 };
	uint8_t language;

	if (mark != 0x7070) {
		return;
	}
	cur_skip(&c, 2);
	language = cur_u8(&c);
	block.type = cur_u8(&c);
	block.number = cur_be16(&c);
	if (!transfer->named) {
		put_block_name(d, &block);
	}
	record_put_static(d->writer, PUT(BLOCK_LANGUAGE), s7_block_language(language));
	cur_skip(&c, 4);
	record_put_bool(d->writer, PUT(BLOCK_PROTECTED), cur_be32(&c) == 3);
	s7_put_time(d, PUT(BLOCK_CODE_TIME), s7_block_time(&c));
	s7_put_time(d, PUT(BLOCK_FACE_TIME), s7_block_time(&c));
	record_put_uint(d->writer, PUT(BLOCK_INTERFACE), cur_be16(&c));
	cur_skip(&c, 2);
	record_put_uint(d->writer, PUT(BLOCK_LOCAL), cur_be16(&c));
	record_put_uint(d->writer, PUT(BLOCK_MC7), cur_be16(&c));
}

/* Author, family, name, version and checksum: the last 36 bytes of a block. */
static void put_tail(struct dissection *d, const struct transfer *transfer)
{
	struct cursor c = cur_of(transfer->tail, TAIL_SIZE);
	char version[8];
	uint8_t v;

	s7_put_text(d, PUT(BLOCK_AUTHOR), cur_sub(&c, 8));
	s7_put_text(d, PUT(BLOCK_FAMILY), cur_sub(&c, 8));
	s7_put_text(d, PUT(BLOCK_NAME), cur_sub(&c, 8));
	v = cur_u8(&c);
	snprintf(version, sizeof(version), "%u.%u", v >> 4, v & 15U);
	record_put_text(d->writer, PUT(BLOCK_VERSION), version);
	cur_skip(&c, 1);
	record_put_uint(d->writer, PUT(BLOCK_CHECKSUM), cur_be16(&c));
}

/* Load length in the block's own head. */
static uint32_t own_length(const struct transfer *transfer)
{
	struct cursor c = cur_of(transfer->head, HEAD_SIZE);

	if (cur_be16(&c) != 0x7070) {
		return 0;
	}
	cur_skip(&c, 6);
	return cur_be32(&c);
}

/* The lengths that were said tell; without any, that the transfer was seen from its start. */
static bool is_complete(const struct transfer *transfer, uint32_t own)
{
	if (!transfer->ended || transfer->holed || transfer->bytes == 0) {
		return false;
	}
	if (transfer->announced == 0 && own == 0) {
		return transfer->from_start;
	}
	return (transfer->announced == 0 || transfer->announced == transfer->bytes) &&
	       (own == 0 || own == transfer->bytes);
}

/* The transfer is over: reports it, and forgets it. */
static void put_passed(struct dissection *d, uint32_t key)
{
	struct transfer *transfer = dissect_memory_find(d, key);
	char digest[DIGEST_TEXT_SIZE];
	uint32_t own;
	bool complete;

	if (transfer == NULL) {
		record_put_bool(d->writer, PUT(BLOCK_COMPLETE), false);
		return;
	}
	own = own_length(transfer);
	complete = is_complete(transfer, own);
	record_put_uint(d->writer, PUT(BLOCK_BYTES), transfer->bytes);
	record_put_bool(d->writer, PUT(BLOCK_COMPLETE), complete);
	if (transfer->bytes >= HEAD_SIZE) {
		put_head(d, transfer);
	}
	if (complete) {
		if (own >= HEAD_SIZE + TAIL_SIZE) {
			put_tail(d, transfer);
		}
		record_put_text(d->writer, PUT(BLOCK_SHA256),
				digest_end(&transfer->digest, digest));
	}
	dissect_memory_end(d, key);
}

/* ---- jobs ---- */

/* Lengths in load memory and of the code, behind the name: "1" and 6 digits each. */
static void put_lengths(struct dissection *d, struct cursor c, struct transfer *transfer)
{
	bool right = true;
	struct cursor lengths = cur_sub(&c, cur_u8(&c));
	uint32_t load, code;

	cur_skip(&lengths, 1);
	load = read_decimal(&lengths, 6, &right);
	code = read_decimal(&lengths, 6, &right);
	if (!cur_ok(&lengths) || !right) {
		return;
	}
	record_put_uint(d->writer, PUT(BLOCK_LOAD), load);
	record_put_uint(d->writer, PUT(BLOCK_MC7), code);
	if (transfer != NULL) {
		transfer->announced = load;
	}
}

/* The key of the transfer that the job is of stays with it, for its answer. */
static void note_key(struct dissection *d, const struct s7_message *m, uint32_t key, bool failed)
{
	key |= failed ? JOB_FAILED : 0;
	transaction_note(d, m->function | (uint64_t)m->length << 8 | (uint64_t)key << 32);
}

static void ask_named(struct dissection *d, struct s7_message *m, struct cursor name,
		      struct cursor rest, bool failed)
{
	struct s7_block block = { 0 };
	bool is_block = put_name(d, m, name, &block);
	uint32_t key = is_block ? download_key(&block) : MEMORY_DOWNLOAD;

	note_key(d, m, key, failed);
	if (m->function == S7_REQUEST_DOWNLOAD || m->function == S7_DOWNLOAD_BLOCK) {
		((struct s7_state *)d->state)->download = key;
	}
	if (m->function == S7_REQUEST_DOWNLOAD) {
		struct transfer *transfer = begin(d, key, is_block ? &block : NULL);

		if (transfer != NULL) {
			transfer->from_start = true;
		}
		if (cur_left(&rest) > 0) {
			put_lengths(d, rest, transfer);
		}
	} else if (m->function == S7_START_UPLOAD) {
		transaction_keep(d, name);
	}
}

/* An upload is known by its number, once it has begun. */
static void ask_numbered(struct dissection *d, const struct s7_message *m, uint32_t id, bool failed)
{
	uint32_t key = MEMORY_UPLOAD | (id & MEMORY_ID);
	const struct transfer *transfer = dissect_memory_find(d, key);

	record_put_uint(d->writer, PUT(UPLOAD_ID), id);
	if (transfer != NULL && transfer->named) {
		put_block_name(d, &transfer->block);
	}
	note_key(d, m, key, failed);
}

/* status 1 | error 2 | id 4 | length 1 | name */
const char *s7_ask_transfer(struct dissection *d, struct s7_message *m)
{
	struct cursor c = m->parameters, name;
	uint16_t error;
	uint32_t id;
	bool failed;

	cur_skip(&c, 1);
	error = cur_be16(&c);
	id = cur_be32(&c);
	if (!cur_ok(&c)) {
		return "length";
	}
	failed = (m->function == S7_DOWNLOAD_ENDED || m->function == S7_END_UPLOAD) && error != 0;
	if (failed) {
		s7_put_error(d, error);
	}
	if (m->function == S7_UPLOAD || m->function == S7_END_UPLOAD) {
		ask_numbered(d, m, id, failed);
		return NULL;
	}
	name = cur_sub(&c, cur_u8(&c));
	if (!cur_ok(&c)) {
		return "file_name";
	}
	ask_named(d, m, name, c, failed);
	return NULL;
}

/* ---- answers ---- */

/* status 1 | 2 | id 4 | length 1 | decimal length of the block */
static const char *answer_start_upload(struct dissection *d, struct s7_message *m,
				       const struct pending *asked)
{
	struct cursor c = m->parameters, digits;
	struct cursor name = asked != NULL ? pending_kept(asked) : cur_of(NULL, 0);
	struct s7_block block = { 0 };
	struct transfer *transfer;
	bool right = true, is_block = read_file_name(name, &block);
	uint32_t id, length = 0;

	cur_skip(&c, 3);
	id = cur_be32(&c);
	if (!cur_ok(&c)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(UPLOAD_ID), id);
	if (cur_left(&c) > 0) {
		digits = cur_sub(&c, cur_u8(&c));
		length = read_decimal(&digits, size_min(cur_left(&digits), 9), &right);
		if (!cur_ok(&c) || !right) {
			return "block_length";
		}
		record_put_uint(d->writer, PUT(BLOCK_LOAD), length);
	}
	transfer = begin(d, MEMORY_UPLOAD | (id & MEMORY_ID), is_block ? &block : NULL);
	if (transfer != NULL) {
		transfer->from_start = true;
		transfer->announced = length;
	}
	return NULL;
}

/* Bytes of a block: those of an upload, or what the client gives the controller. */
static const char *answer_bytes(struct dissection *d, struct s7_message *m, uint32_t key,
				enum outcome *outcome)
{
	uint8_t status = cur_u8(&m->parameters);
	struct transfer *transfer = dissect_memory_find(d, key);

	if ((status & STATUS_ERROR) != 0) {
		*outcome = OUTCOME_FAILURE;
	}
	if (transfer == NULL) {
		/* Its beginning was not seen. */
		transfer = dissect_memory(d, key, sizeof(*transfer));
	}
	if (transfer == NULL || cur_left(&m->data) == 0) {
		return NULL;
	}
	return pass(transfer, m->data, (status & STATUS_MORE) == 0);
}

const char *s7_answer_transfer(struct dissection *d, struct s7_message *m,
			       const struct pending *asked, enum outcome *outcome)
{
	uint32_t noted = asked != NULL ? (uint32_t)(pending_note(asked) >> 32) : 0;
	uint32_t key = noted & ~JOB_FAILED;
	const char *wrong = NULL;

	if (m->function == S7_START_UPLOAD) {
		return m->error == 0 ? answer_start_upload(d, m, asked) : NULL;
	}
	/* Of which block, only the job says; without it, of the one that is on its way. */
	if (asked == NULL && m->function == S7_DOWNLOAD_BLOCK) {
		key = ((const struct s7_state *)d->state)->download;
	}
	if (key == 0) {
		return NULL;
	}
	if (m->error != 0) {
		dissect_memory_end(d, key);
		return NULL;
	}
	if (m->function == S7_UPLOAD || m->function == S7_DOWNLOAD_BLOCK) {
		wrong = answer_bytes(d, m, key, outcome);
	} else if (m->function == S7_END_UPLOAD || m->function == S7_DOWNLOAD_ENDED) {
		*outcome = (noted & JOB_FAILED) != 0 ? OUTCOME_FAILURE : *outcome;
		put_passed(d, key);
	}
	return wrong;
}

/* ---- PI services and stop ---- */

enum argument {
	ARGUMENT_TEXT,
	ARGUMENT_STRINGS, /* length 1 | characters, filled up to an even number of bytes */
	ARGUMENT_BLOCKS,  /* count 1 | 0 | block names of 8 */
	ARGUMENT_START,
	ARGUMENT_PASSWORD, /* is, or has, a secret */
};

struct pi_service {
	const char *service, *name;
	enum operation operation;
	enum argument argument;
	const char *target;
};

/* Names with _N_ are those of numerical controls (SINUMERIK). */
static const struct pi_service pi_services[] = {
	{ "_INSE", "activate_block", OPERATION_PROGRAM_DOWNLOAD, ARGUMENT_BLOCKS, NULL },
	{ "_INS2", "activate_block", OPERATION_PROGRAM_DOWNLOAD, ARGUMENT_BLOCKS, NULL },
	{ "_DELE", "delete_block", OPERATION_PROGRAM_DELETE, ARGUMENT_BLOCKS, NULL },
	{ "P_PROGRAM", "start_program", OPERATION_START, ARGUMENT_START, "program" },
	{ "_GARB", "compress_memory", OPERATION_CONTROL, ARGUMENT_TEXT, "memory" },
	{ "_MODU", "copy_ram_to_rom", OPERATION_CONTROL, ARGUMENT_TEXT, "memory" },
	{ "_N_LOGIN_", "login", OPERATION_AUTHENTICATE, ARGUMENT_PASSWORD, NULL },
	{ "_N_LOGOUT", "logout", OPERATION_SESSION, ARGUMENT_STRINGS, NULL },
	{ "_N_NEWPWD", "new_password", OPERATION_CONFIG_WRITE, ARGUMENT_PASSWORD, NULL },
	{ "_N_F_DELE", "delete_file", OPERATION_FILE_DELETE, ARGUMENT_STRINGS, NULL },
	{ "_N_F_DELR", "delete_file", OPERATION_FILE_DELETE, ARGUMENT_STRINGS, NULL },
	{ "_N_F_COPY", "copy_file", OPERATION_FILE_WRITE, ARGUMENT_STRINGS, NULL },
	{ "_N_F_RENA", "rename_file", OPERATION_FILE_WRITE, ARGUMENT_STRINGS, NULL },
	{ "_N_F_OPEN", "open_file", OPERATION_FILE_READ, ARGUMENT_STRINGS, NULL },
	{ "_N_F_OPER", "open_file", OPERATION_FILE_READ, ARGUMENT_STRINGS, NULL },
	{ "_N_F_SEEK", "seek_in_file", OPERATION_FILE_READ, ARGUMENT_STRINGS, NULL },
	{ "_N_F_CLOS", "close_file", OPERATION_FILE_READ, ARGUMENT_STRINGS, NULL },
	{ "_N_F_PROT", "protect_file", OPERATION_CONFIG_WRITE, ARGUMENT_STRINGS, NULL },
	{ "_N_F_PROR", "protect_file", OPERATION_CONFIG_WRITE, ARGUMENT_STRINGS, NULL },
	{ "_N_F_DMDA", "delete_mda_memory", OPERATION_FILE_DELETE, ARGUMENT_STRINGS, NULL },
	{ "_N_SELECT", "select_program", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
	{ "_N_CANCEL", "cancel_alarm", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
	{ "_N_ASUP__", "assign_interrupt", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
	{ "_N_EXTERN", "execute_from_outside", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
	{ "_N_IBN_SS", "set_up_switch", OPERATION_MODE_CHANGE, ARGUMENT_STRINGS, NULL },
	{ "_N_NCKMOD", "set_mode", OPERATION_MODE_CHANGE, ARGUMENT_STRINGS, NULL },
	{ "_N_CONFIG", "reconfigure", OPERATION_CONFIG_WRITE, ARGUMENT_STRINGS, NULL },
	{ "_N_SETUFR", "activate_user_frame", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
	{ "_N_DELVAR", "delete_variables", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
	{ "_N_CREATO", "create_tool", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
	{ "_N_DELETO", "delete_tool", OPERATION_CONTROL, ARGUMENT_STRINGS, NULL },
};

static const struct pi_service *find_service(struct cursor name)
{
	for (size_t i = 0; i < ARRAY_SIZE(pi_services); i++) {
		const char *service = pi_services[i].service;

		if (cur_equal(name, cur_of(service, strlen(service)))) {
			return &pi_services[i];
		}
	}
	return NULL;
}

#define BLOCKS_MAX 32 /* that one service names, as far as they are told */

/* "OB 1, FC 2 and 3 more" */
static void put_block_target(struct dissection *d, const struct s7_block *blocks, size_t n)
{
	char text[128];
	size_t used = 0, i = 0;

	for (; i < n && used < sizeof(text) - 48; i++) {
		char name[24];

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
					 i > 0 ? ", " : "", s7_block_text(&blocks[i], name));
	}
	if (i < n) {
		snprintf(text + used, sizeof(text) - used, " and %zu more", n - i);
	}
	record_put_text(d->writer, CORE_TARGET, text);
}

static const char *put_blocks(struct dissection *d, struct cursor c)
{
	struct s7_block blocks[BLOCKS_MAX];
	const char *names[BLOCKS_MAX];
	uint32_t numbers[BLOCKS_MAX];
	uint8_t count = cur_u8(&c);
	const char *wrong = NULL;
	size_t n = 0;

	cur_skip(&c, 1);
	while (n < count && n < BLOCKS_MAX && wrong == NULL) {
		if (!s7_read_block(&c, &blocks[n])) {
			wrong = "block_name";
			break;
		}
		names[n] = s7_block_type(blocks[n].type);
		numbers[n] = blocks[n].number;
		n++;
	}
	if (n > 0) {
		put_block_target(d, blocks, n);
		s7_put_block(d, &blocks[0]);
	}
	if (n > 1) {
		record_put_statics(d->writer, PUT(BLOCK_TYPES), names, n);
		record_put_uint32s(d->writer, PUT(BLOCK_NUMBERS), numbers, n);
	}
	return wrong;
}

/* Strings in a row, with blanks between them. */
static const char *put_strings(struct dissection *d, struct cursor c)
{
	char text[RECORD_STRING_MAX];
	size_t n = 0;

	while (cur_left(&c) > 0 && n + 1 < sizeof(text)) {
		uint8_t length = cur_u8(&c);
		struct cursor string = cur_sub(&c, length);

		if (!cur_ok(&c)) {
			return "string_length";
		}
		if (n > 0) {
			text[n++] = ' ';
		}
		length = (uint8_t)size_min(length, sizeof(text) - n);
		cur_copy(&string, text + n, length);
		n += length;
		if (length % 2 == 0 && cur_left(&c) > 0) {
			cur_skip(&c, 1);
		}
	}
	record_put_bytes(d->writer, PUT(PI_ARGUMENT), cur_of(text, n));
	return NULL;
}

static const char *put_argument(struct dissection *d, const struct pi_service *service,
				struct cursor argument)
{
	struct cursor look = argument;

	if (service != NULL && service->argument == ARGUMENT_BLOCKS) {
		return put_blocks(d, argument);
	}
	if (service != NULL && service->argument == ARGUMENT_PASSWORD) {
		record_put_static(d->writer, PUT(PASSWORD), "present");
		record_put_uint(d->writer, PUT(PASSWORD_BYTES), cur_left(&argument));
		return NULL;
	}
	if (service != NULL && service->argument == ARGUMENT_STRINGS) {
		return put_strings(d, argument);
	}
	if (cur_left(&argument) > 0) {
		record_put_bytes(d->writer, PUT(PI_ARGUMENT), argument);
	}
	if (service != NULL && service->argument == ARGUMENT_START) {
		record_put_static(d->writer, PUT(START_TYPE),
				  cur_left(&look) == 0   ? "warm"
				  : cur_u8(&look) == 'C' ? "cold"
							 : NULL);
	}
	return NULL;
}

/* 7 bytes, the last 0xfd | length 2 | argument | length 1 | name */
const char *s7_ask_pi_service(struct dissection *d, struct s7_message *m)
{
	struct cursor c = m->parameters, argument, name;
	const struct pi_service *service;

	cur_skip(&c, 7);
	argument = cur_sub(&c, cur_be16(&c));
	name = cur_sub(&c, cur_u8(&c));
	if (!cur_ok(&c)) {
		return "length";
	}
	service = find_service(name);
	m->operation = OPERATION_CONTROL;
	record_put_bytes(d->writer, PUT(PI_SERVICE), name);
	if (service != NULL) {
		record_put_static(d->writer, PUT(PI_NAME), service->name);
		m->operation = service->operation;
		if (service->target != NULL) {
			record_put_static(d->writer, CORE_TARGET, service->target);
		}
	}
	return put_argument(d, service, argument);
}

/* 5 bytes | length 1 | name */
const char *s7_ask_stop(struct dissection *d, struct s7_message *m)
{
	struct cursor c = m->parameters, name;

	cur_skip(&c, 5);
	name = cur_sub(&c, cur_u8(&c));
	if (!cur_ok(&c)) {
		return "length";
	}
	record_put_static(d->writer, CORE_TARGET, "program");
	record_put_bytes(d->writer, PUT(PI_SERVICE), name);
	return NULL;
}
