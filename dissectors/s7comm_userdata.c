/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Userdata of S7comm: what is no job, in groups of functions.
 *
 *	parameters: 3 bytes | length 1 | method 1 | type and group 1 | subfunction 1 | sequence 1
 *	  and in answers: data unit 1 | more follows 1 | error 2
 *	data: return code 1 | transport size 1 | length 2 | bytes
 *
 * An answer that does not fit in a PDU comes in parts; each but the first is asked for with the
 * sequence number of the one before.  Messages without a request (pushes) carry the sequence
 * number of the job that asked for them. */

#include "dissectors/s7comm_private.h"

#define ANSWER_MAX 65536 /* of all parts */

enum userdata_type { TYPE_PUSH = 0, TYPE_REQUEST = 4, TYPE_RESPONSE = 8 };

#define METHOD_R_ID 0x13 /* in the place of the method: an address by R_ID */

enum group {
	GROUP_MODE = 0,
	GROUP_TEST = 1,
	GROUP_CYCLIC = 2,
	GROUP_BLOCKS = 3,
	GROUP_CPU = 4,
	GROUP_SECURITY = 5,
	GROUP_PBC = 6,
	GROUP_TIME = 7,
	GROUP_NC = 15
};

/* ---- jobs that report on later ---- */

#define JOB_BYTES 1000

struct job {
	uint16_t length;
	uint8_t n; /* addresses */
	uint8_t bytes[JOB_BYTES];
};

static uint32_t job_key(uint8_t group, uint8_t job)
{
	return (uint32_t)group << 8 | job;
}

void s7_remember_job(struct dissection *d, uint8_t group, uint8_t job, struct cursor addresses,
		     size_t n)
{
	size_t length = cur_left(&addresses);
	struct job *memory;

	dissect_memory_end(d, job_key(group, job));
	if (length == 0 || length > JOB_BYTES) {
		return;
	}
	memory = dissect_memory(d, job_key(group, job), sizeof(*memory));
	if (memory != NULL) {
		memory->length = (uint16_t)length;
		memory->n = (uint8_t)n;
		cur_copy(&addresses, memory->bytes, length);
	}
}

struct cursor s7_remembered_job(const struct dissection *d, uint8_t group, uint8_t job)
{
	const struct job *memory = dissect_memory_find(d, job_key(group, job));

	return memory != NULL ? cur_of(memory->bytes, memory->length) : cur_of(NULL, 0);
}

void s7_forget_job(struct dissection *d, uint8_t group, uint8_t job)
{
	dissect_memory_end(d, job_key(group, job));
}

/* ---- group 2: cyclic data ---- */

enum { CYCLIC_TRANSFER = 1, CYCLIC_UNSUBSCRIBE = 4, CYCLIC_CHANGE = 5, CYCLIC_MODIFY = 7 };

/* reserved 1 | count 1 | time base 1 | factor 1 | addresses */
static const char *ask_cyclic(struct dissection *d, struct s7_userdata *u)
{
	static const uint16_t bases[] = { 100, 1000, 10000 };
	struct cursor c = u->data;
	uint8_t n, base;

	cur_skip(&c, 1);
	n = cur_u8(&c);
	base = cur_u8(&c);
	if (base < ARRAY_SIZE(bases)) {
		record_put_uint(d->writer, PUT(INTERVAL), bases[base] * (unsigned)cur_u8(&c));
	}
	transaction_items(d, n, 0);
	transaction_keep(d, u->data);
	return cur_ok(&c) ? NULL : "length";
}

static struct s7_message as_message(const struct s7_userdata *u)
{
	return (struct s7_message) { .operation = u->operation };
}

static void asked_cyclic(struct dissection *d, const struct s7_userdata *u, enum phase phase)
{
	struct s7_message m = as_message(u);
	struct cursor c = u->data;
	uint8_t n;

	cur_skip(&c, 1);
	n = cur_u8(&c);
	cur_skip(&c, 2);
	s7_report_items(d, &m, c, cur_of(NULL, 0), n, phase);
}

/* The first values come with the answer; later ones with its sequence number. */
static const char *answer_cyclic(struct dissection *d, struct s7_userdata *u,
				 const struct pending *asked)
{
	struct cursor kept = asked != NULL ? pending_kept(asked) : cur_of(NULL, 0);
	struct cursor values = u->data;
	const char *wrong = NULL;
	uint8_t n;

	cur_skip(&kept, 1);
	n = cur_u8(&kept);
	cur_skip(&kept, 2);
	s7_remember_job(d, GROUP_CYCLIC, u->sequence, kept, n);
	if (cur_left(&values) == 0) {
		return NULL;
	}
	cur_skip(&values, 1);
	n = cur_u8(&values);
	size_t failed = s7_failed_values(values, n, &wrong);

	if (asked == NULL) {
		transaction_items(d, n, failed);
	} else if (failed > 0) {
		record_put_uint(d->writer, CORE_ITEMS_FAILED, failed);
	}
	return wrong;
}

static void report_values(struct dissection *d, const struct s7_userdata *u, enum operation op)
{
	struct s7_message m = { .operation = op };
	struct cursor values = u->data;
	uint8_t n;

	cur_skip(&values, 1);
	n = cur_u8(&values);
	s7_report_items(d, &m, s7_remembered_job(d, GROUP_CYCLIC, u->sequence), values, n,
			PHASE_COMPLETE);
}

static void answered_cyclic(struct dissection *d, const struct s7_userdata *u, struct cursor kept)
{
	(void)kept;
	if (cur_left(&u->data) > 0) {
		report_values(d, u, OPERATION_SUBSCRIBE);
	}
}

static const char *push_cyclic(struct dissection *d, struct s7_userdata *u)
{
	struct cursor values = u->data;
	const char *wrong = NULL;
	uint8_t n;

	cur_skip(&values, 1);
	n = cur_u8(&values);
	transaction_items(d, n, s7_failed_values(values, n, &wrong));
	return wrong;
}

static void pushed_cyclic(struct dissection *d, const struct s7_userdata *u)
{
	report_values(d, u, OPERATION_REPORT);
}

/* function 1 | job 1 */
static const char *ask_unsubscribe(struct dissection *d, struct s7_userdata *u)
{
	uint8_t job;

	cur_skip(&u->data, 1);
	job = cur_u8(&u->data);
	if (!cur_ok(&u->data)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(JOB_NUMBER), job);
	s7_forget_job(d, GROUP_CYCLIC, job);
	return NULL;
}

static const struct s7_service cyclic_services[] = {
	[CYCLIC_TRANSFER] = { "cyclic_transfer", OPERATION_SUBSCRIBE, ask_cyclic, asked_cyclic,
			      answer_cyclic, answered_cyclic, push_cyclic, pushed_cyclic },
	[CYCLIC_UNSUBSCRIBE] = { .name = "cyclic_unsubscribe",
				 .operation = OPERATION_SUBSCRIBE,
				 .ask = ask_unsubscribe },
	[CYCLIC_CHANGE] = { "change_driven_transfer", OPERATION_SUBSCRIBE, ask_cyclic, asked_cyclic,
			    answer_cyclic, answered_cyclic, push_cyclic, pushed_cyclic },
	[CYCLIC_MODIFY] = { "change_driven_transfer_modify", OPERATION_SUBSCRIBE, ask_cyclic,
			    asked_cyclic, answer_cyclic, answered_cyclic, push_cyclic,
			    pushed_cyclic },
	[8] = { .name = "read_record", .operation = OPERATION_READ },
};

/* ---- group 3: blocks ---- */

#define BLOCK_KINDS 16

/* Two characters: "08". */
static uint8_t read_type(struct cursor *c)
{
	uint8_t high = cur_u8(c), low = cur_u8(c);

	return high != '0' ? 0 : low >= 'A' && low <= 'F' ? (uint8_t)(low - 'A' + 10) : low & 15;
}

/* Kinds of blocks and how many there are: 4 bytes each. */
static const char *answer_list(struct dissection *d, struct s7_userdata *u,
			       const struct pending *asked)
{
	(void)asked;
	if (cur_left(&u->data) > 0) {
		transaction_items(d, cur_left(&u->data) / 4, 0);
	}
	return cur_left(&u->data) % 4 == 0 ? NULL : "length";
}

static void answered_list(struct dissection *d, const struct s7_userdata *u, struct cursor kept)
{
	struct cursor c = u->data;

	(void)kept;
	for (size_t i = 0; cur_left(&c) >= 4; i++) {
		uint8_t type = read_type(&c);
		uint16_t n = cur_be16(&c);

		if (!item_begin(d, OPERATION_DIAGNOSE, PHASE_COMPLETE, OUTCOME_SUCCESS, i)) {
			return;
		}
		record_put_static(d->writer, CORE_ITEM_ADDRESS, s7_block_letters(type));
		record_put_uint(d->writer, CORE_ITEM_COUNT, n);
		record_put_static(d->writer, PUT(BLOCK_TYPE), s7_block_type(type));
		record_commit(d->writer);
	}
}

static const char *ask_list_of_type(struct dissection *d, struct s7_userdata *u)
{
	if (cur_left(&u->data) == 0) {
		return NULL; /* asks for the next part */
	}
	record_put_static(d->writer, PUT(BLOCK_TYPE), s7_block_type(read_type(&u->data)));
	return cur_ok(&u->data) ? NULL : "length";
}

/* Number 2 | flags 1 | language 1 of each block. */
static const char *answer_list_of_type(struct dissection *d, struct s7_userdata *u,
				       const struct pending *asked)
{
	struct cursor c = u->data;
	uint32_t numbers[RECORD_LIST_MAX];
	size_t n = 0, all = cur_left(&c) / 4;

	(void)asked;
	while (cur_left(&c) >= 4 && n < ARRAY_SIZE(numbers)) {
		numbers[n++] = cur_be16(&c);
		cur_skip(&c, 2);
	}
	if (all > 0) {
		record_put_uint(d->writer, CORE_ITEM_COUNT, all);
		record_put_uint32s(d->writer, PUT(BLOCK_NUMBERS), numbers, n);
	}
	return cur_left(&u->data) % 4 == 0 ? NULL : "length";
}

static const char *ask_block_info(struct dissection *d, struct s7_userdata *u)
{
	struct s7_block block;
	char text[24];

	if (!s7_read_block(&u->data, &block)) {
		return "block_name";
	}
	record_put_text(d->writer, CORE_TARGET, s7_block_text(&block, text));
	s7_put_block(d, &block);
	return NULL;
}

#define BLOCK_INFO 70 /* up to and with the checksum; some reserved bytes follow */

/* 78 bytes: the block's head and tail without what only the program needs. */
static const char *answer_block_info(struct dissection *d, struct s7_userdata *u,
				     const struct pending *asked)
{
	struct cursor c = u->data;
	char version[] = "0.0";
	uint8_t v;

	(void)asked;
	if (cur_left(&c) < BLOCK_INFO) {
		return cur_left(&c) == 0 ? NULL : "length";
	}
	cur_skip(&c, 10);
	record_put_static(d->writer, PUT(BLOCK_LANGUAGE), s7_block_language(cur_u8(&c)));
	cur_skip(&c, 3);
	record_put_uint(d->writer, PUT(BLOCK_LOAD), cur_be32(&c));
	record_put_bool(d->writer, PUT(BLOCK_PROTECTED), cur_be32(&c) == 3);
	s7_put_time(d, PUT(BLOCK_CODE_TIME), s7_block_time(&c));
	s7_put_time(d, PUT(BLOCK_FACE_TIME), s7_block_time(&c));
	record_put_uint(d->writer, PUT(BLOCK_INTERFACE), cur_be16(&c));
	cur_skip(&c, 2);
	record_put_uint(d->writer, PUT(BLOCK_LOCAL), cur_be16(&c));
	record_put_uint(d->writer, PUT(BLOCK_MC7), cur_be16(&c));
	s7_put_text(d, PUT(BLOCK_AUTHOR), cur_sub(&c, 8));
	s7_put_text(d, PUT(BLOCK_FAMILY), cur_sub(&c, 8));
	s7_put_text(d, PUT(BLOCK_NAME), cur_sub(&c, 8));
	v = cur_u8(&c);
	version[0] = "0123456789abcdef"[v >> 4];
	version[2] = "0123456789abcdef"[v & 15];
	record_put_text(d->writer, PUT(BLOCK_VERSION), version);
	cur_skip(&c, 1);
	record_put_uint(d->writer, PUT(BLOCK_CHECKSUM), cur_be16(&c));
	return NULL;
}

static const struct s7_service block_services[] = {
	[1] = { .name = "list_blocks",
		.operation = OPERATION_DIAGNOSE,
		.answer = answer_list,
		.answered = answered_list },
	[2] = { .name = "list_blocks_of_type",
		.operation = OPERATION_DIAGNOSE,
		.ask = ask_list_of_type,
		.answer = answer_list_of_type },
	[3] = { .name = "block_info",
		.operation = OPERATION_DIAGNOSE,
		.ask = ask_block_info,
		.answer = answer_block_info },
};

/* ---- groups 5, 6, 7 and 15 ---- */

static const char *ask_password(struct dissection *d, struct s7_userdata *u)
{
	record_put_static(d->writer, PUT(PASSWORD), "present");
	record_put_uint(d->writer, PUT(PASSWORD_BYTES), cur_left(&u->data));
	return NULL;
}

static const struct s7_service security_services[] = {
	[1] = { .name = "password", .operation = OPERATION_AUTHENTICATE, .ask = ask_password },
	[2] = { .name = "clear_password", .operation = OPERATION_SESSION },
};

/* 0x12 | length 1 | 0x13 | 1 | R_ID 4 | data */
static const char *put_r_id(struct dissection *d, struct s7_userdata *u)
{
	struct cursor c = u->data;

	uint32_t id;

	cur_skip(&c, 4);
	id = cur_be32(&c);
	if (!cur_ok(&c)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(R_ID), id);
	if (cur_left(&c) > 0) {
		record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&c, 64));
	}
	return NULL;
}

static const struct s7_service pbc_services[] = {
	[1] = { .name = "bsend", .operation = OPERATION_IO, .ask = put_r_id, .push = put_r_id },
};

/* 1 | century 1 | date and time 8 */
static const char *put_clock(struct dissection *d, struct s7_userdata *u)
{
	int64_t time;

	if (cur_left(&u->data) == 0) {
		return NULL;
	}
	cur_skip(&u->data, 2);
	time = s7_date_and_time(&u->data);
	if (time == TIME_NONE) {
		return cur_ok(&u->data) ? "time" : "length";
	}
	record_put_time(d->writer, PUT(CLOCK), time);
	return NULL;
}

static const char *ask_set_clock(struct dissection *d, struct s7_userdata *u)
{
	record_put_static(d->writer, CORE_TARGET, "clock");
	return put_clock(d, u);
}

static const char *answer_clock(struct dissection *d, struct s7_userdata *u,
				const struct pending *asked)
{
	(void)asked;
	return put_clock(d, u);
}

static const struct s7_service time_services[] = {
	[1] = { .name = "read_clock", .operation = OPERATION_READ, .answer = answer_clock },
	[2] = { .name = "set_clock", .operation = OPERATION_TIME_SET, .ask = ask_set_clock },
	[3] = { .name = "read_clock", .operation = OPERATION_READ, .answer = answer_clock },
	[4] = { .name = "set_clock", .operation = OPERATION_TIME_SET, .ask = ask_set_clock },
};

static const char *put_file(struct dissection *d, struct cursor name)
{
	s7_put_text(d, CORE_TARGET, name);
	s7_put_text(d, PUT(FILE_NAME), name);
	return NULL;
}

static const char *ask_nc_download(struct dissection *d, struct s7_userdata *u)
{
	return put_file(d, u->data);
}

/* window 1 | 1 | name */
static const char *ask_nc_upload(struct dissection *d, struct s7_userdata *u)
{
	cur_skip(&u->data, 2);
	return cur_ok(&u->data) ? put_file(d, u->data) : "length";
}

/* Files of a numerical control. */
static const struct s7_service nc_services[] = {
	[1] = { .name = "nc_request_download",
		.operation = OPERATION_FILE_WRITE,
		.ask = ask_nc_download },
	[2] = { .name = "nc_download", .operation = OPERATION_FILE_WRITE },
	[3] = { .name = "nc_continue_download", .operation = OPERATION_FILE_WRITE },
	[4] = { .name = "nc_download_ended", .operation = OPERATION_FILE_WRITE },
	[6] = { .name = "nc_start_upload", .operation = OPERATION_FILE_READ, .ask = ask_nc_upload },
	[7] = { .name = "nc_upload", .operation = OPERATION_FILE_READ },
	[8] = { .name = "nc_continue_upload", .operation = OPERATION_FILE_READ },
};

/* ---- all groups ---- */

static const struct {
	const struct s7_service *services;
	size_t n;
} groups[16] = {
	[GROUP_TEST] = { s7_test_services, S7_TEST_SERVICES },
	[GROUP_CYCLIC] = { cyclic_services, ARRAY_SIZE(cyclic_services) },
	[GROUP_BLOCKS] = { block_services, ARRAY_SIZE(block_services) },
	[GROUP_CPU] = { s7_cpu_services, S7_CPU_SERVICES },
	[GROUP_SECURITY] = { security_services, ARRAY_SIZE(security_services) },
	[GROUP_PBC] = { pbc_services, ARRAY_SIZE(pbc_services) },
	[GROUP_TIME] = { time_services, ARRAY_SIZE(time_services) },
	[GROUP_NC] = { nc_services, ARRAY_SIZE(nc_services) },
};

static const struct s7_service *service_of(const struct s7_userdata *u)
{
	static const struct s7_service unknown = { 0 };

	return u->subfunction < groups[u->group].n ? &groups[u->group].services[u->subfunction]
						   : &unknown;
}

/* ---- messages ---- */

static bool read_userdata(struct s7_message *m, struct s7_userdata *u)
{
	struct cursor p = m->body, data = m->data;
	uint8_t kind, length;
	uint16_t bytes;

	*u = (struct s7_userdata) { .wrong = m->wrong };
	p = cur_sub_most(&p, m->length);
	cur_skip(&p, 3);
	length = cur_u8(&p);
	u->method = cur_u8(&p);
	kind = cur_u8(&p);
	u->type = kind >> 4;
	u->group = kind & 15;
	u->subfunction = cur_u8(&p);
	u->sequence = cur_u8(&p);
	if (!cur_ok(&p)) {
		return false;
	}
	/* A change of mode has another head, and no more than this. */
	if (length >= 8 && u->group != GROUP_MODE) {
		u->unit = cur_u8(&p);
		u->more = cur_u8(&p);
		u->error = cur_be16(&p);
		u->long_form = cur_ok(&p);
	}
	if (cur_left(&data) >= 4) {
		u->return_code = cur_u8(&data);
		u->transport = cur_u8(&data);
		bytes = cur_be16(&data);
		/* Some CPUs say less than they send. */
		u->wrong = u->wrong == NULL && bytes > cur_left(&data) ? "data_length" : u->wrong;
		u->data = cur_sub_most(&data, bytes);
		u->has_data = true;
	} else {
		u->data = cur_of(NULL, 0);
		u->wrong = u->wrong == NULL && cur_left(&data) > 0 ? "data_length" : u->wrong;
	}
	return true;
}

static uint32_t count_code(const struct s7_userdata *u)
{
	return (uint32_t)u->type << 20 | (uint32_t)u->group << 12 |
	       (u->group == GROUP_MODE ? S7_NO_SUBFUNCTION : u->subfunction);
}

static void put_head(struct dissection *d, const struct s7_message *m, const struct s7_userdata *u,
		     const struct s7_service *service)
{
	record_put_static(d->writer, CORE_FUNCTION, service->name);
	record_put_uint(d->writer, PUT(GROUP), u->group);
	record_put_uint(d->writer, PUT(SUBFUNCTION), u->subfunction);
	record_put_uint(d->writer, PUT(REFERENCE), m->reference);
}

static void put_unknown(struct dissection *d, const struct s7_userdata *u)
{
	struct cursor look = u->data;

	if (cur_left(&look) > 0) {
		record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&look, 64));
	}
}

static enum parsed put_tail(struct dissection *d, const char *wrong, const char *name)
{
	if (unlikely(wrong != NULL)) {
		dissect_malformed(d, wrong);
		return PARSED_MALFORMED;
	}
	return name != NULL ? PARSED : PARSED_UNKNOWN;
}

/* Asks for the next part of an answer: the sequence number of the one before, and no data. */
static bool is_continuation(const struct s7_userdata *u)
{
	return u->long_form && u->sequence != 0 && u->return_code == S7_ITEM_NONE &&
	       cur_left(&u->data) == 0;
}

static enum parsed parse_request(struct dissection *d, const struct s7_message *m,
				 struct s7_userdata *u)
{
	const struct s7_service *service = service_of(u);
	struct s7_userdata asked = *u;
	bool next = is_continuation(u);
	enum parsed parsed;

	if (unlikely(d->flow->client_evidence != CLIENT_BY_PROTOCOL) && u->group != GROUP_PBC) {
		dissect_sender(d, SENDER_CLIENT);
	}
	u->operation = service->operation;
	transaction_open(d, s7_pairing_key(m, d->side));
	transaction_note(d, count_code(u));
	put_head(d, m, u, service);
	if (next) {
		record_put_bool(d->writer, PUT(CONTINUATION), true);
		record_put_uint(d->writer, PUT(SEQUENCE), u->sequence);
	} else if (service->ask != NULL) {
		const char *wrong = service->ask(d, u);

		u->wrong = u->wrong != NULL ? u->wrong : wrong;
	} else if (service->name == NULL) {
		put_unknown(d, u);
	}
	parsed = put_tail(d, u->wrong, service->name);
	transaction_ask(d, u->operation, false);
	if (!next && service->asked != NULL && operation_reports_request(u->operation)) {
		asked.operation = u->operation;
		service->asked(d, &asked, PHASE_REQUEST);
	}
	return parsed;
}

/* Parts of one answer share the sequence number and that of the data unit. */
static uint32_t part_note(const struct s7_userdata *u)
{
	return (uint32_t)u->sequence << 8 | u->unit;
}

/* So that parts whose last one never comes do not pile up: at most these many at once. */
static uint32_t part_key(const struct s7_userdata *u)
{
	return u->unit % 8;
}

/* Adds a part. False when more follow, or the first were not seen: there is nothing to read.
 * No record may be open. */
static bool gather(struct dissection *d, struct s7_userdata *u)
{
	const uint32_t *note;

	/* A file of a numerical control comes in parts that are hundreds. */
	if (likely(u->unit == 0) || u->group == GROUP_NC) {
		return true;
	}
	note = dissect_gather_note(d, part_key(u));
	if (note != NULL && *note != part_note(u)) {
		dissect_gather_end(d, part_key(u));
		note = NULL;
	}
	if ((u->more == 0 && note == NULL) ||
	    !dissect_gather(d, part_key(u), u->data, ANSWER_MAX)) {
		return false;
	}
	*dissect_gather_note(d, part_key(u)) = part_note(u);
	if (u->more != 0) {
		return false;
	}
	u->data = dissect_gathered(d, part_key(u));
	u->whole = true;
	return true;
}

static void put_outcome(struct dissection *d, const struct s7_userdata *u, bool failed)
{
	if (u->error != 0) {
		s7_put_error(d, u->error);
	}
	if (failed) {
		dissect_count_error(d, count_code(u));
		if (u->has_data) {
			record_put_uint(d->writer, PUT(RETURN_CODE), u->return_code);
		}
	}
}

static enum parsed parse_response(struct dissection *d, const struct s7_message *m,
				  struct s7_userdata *u)
{
	const struct s7_service *service = service_of(u);
	struct pending *asked = transaction_find(d, s7_pairing_key(m, d->side ^ 1U));
	struct cursor kept = asked != NULL ? pending_kept(asked) : cur_of(NULL, 0);
	bool failed = u->error != 0 || (u->has_data && s7_refused(u->return_code));
	bool complete = failed || gather(d, u);
	struct s7_userdata answered;
	enum parsed parsed;

	u->operation = service->operation;
	transaction_answer(d, asked, service->operation);
	if (asked == NULL) {
		put_head(d, m, u, service);
	} else {
		u->operation = pending_operation(asked);
	}
	put_outcome(d, u, failed);
	if (u->sequence != 0) {
		record_put_uint(d->writer, PUT(SEQUENCE), u->sequence);
	}
	answered = *u;
	if (!complete) {
		record_put_bool(d->writer, PUT(PART), true);
	} else if (!failed && service->answer != NULL) {
		const char *wrong = service->answer(d, u, asked);

		u->wrong = u->wrong != NULL ? u->wrong : wrong;
	} else if (!failed && service->name == NULL) {
		put_unknown(d, u);
	}
	parsed = put_tail(d, u->wrong, service->name);
	transaction_done(d, failed ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
	if (complete && !failed && service->answered != NULL) {
		service->answered(d, &answered, kept);
	}
	if (answered.whole || (failed && u->unit != 0)) {
		dissect_gather_end(d, part_key(u));
	}
	return parsed;
}

#define PUSH_KEY (UINT64_C(1) << 40)

/* A change of mode: the subfunction is the new mode. */
static const char *push_mode(struct dissection *d, struct s7_userdata *u)
{
	record_put_static(d->writer, PUT(MODE), s7_mode_name(u->subfunction));
	dissect_identity(d);
	return NULL;
}

/* A message that nobody asked for just now: nobody answers it either. */
static enum parsed parse_push(struct dissection *d, const struct s7_message *m,
			      struct s7_userdata *u)
{
	static const struct s7_service mode = { .name = "mode_transition",
						.operation = OPERATION_REPORT,
						.push = push_mode };
	const struct s7_service *service = u->group == GROUP_MODE ? &mode : service_of(u);
	struct s7_userdata pushed = *u;
	enum parsed parsed;

	if (unlikely(d->flow->client_evidence != CLIENT_BY_PROTOCOL) && u->group != GROUP_PBC) {
		dissect_sender(d, SENDER_SERVER);
	}
	u->operation = u->group == GROUP_PBC ? OPERATION_IO : OPERATION_REPORT;
	transaction_open(d, PUSH_KEY);
	put_head(d, m, u, service);
	if (u->sequence != 0) {
		record_put_uint(d->writer, PUT(SEQUENCE), u->sequence);
	}
	if (service->push != NULL) {
		const char *wrong = service->push(d, u);

		u->wrong = u->wrong != NULL ? u->wrong : wrong;
	} else if (service->name == NULL) {
		put_unknown(d, u);
	}
	parsed = put_tail(d, u->wrong, service->name);
	transaction_ask(d, u->operation, true);
	if (service->pushed != NULL) {
		service->pushed(d, &pushed);
	}
	return parsed;
}

/* A block of one station for another: 0x12 | 10 | 0x13 | 0 | R_ID 4, and values. */
static enum parsed parse_usend(struct dissection *d, const struct s7_message *m)
{
	static const struct s7_service usend = { .name = "usend", .operation = OPERATION_IO };
	struct s7_userdata u = { .type = TYPE_PUSH, .group = GROUP_PBC };
	struct s7_message values = { .operation = OPERATION_IO };
	struct cursor p = m->parameters, data = m->data;
	const char *wrong = m->wrong;
	enum parsed parsed;
	uint8_t n;

	dissect_count(d, MESSAGE_USERDATA, count_code(&u));
	transaction_open(d, PUSH_KEY);
	put_head(d, m, &u, &usend);
	cur_skip(&p, 6);
	record_put_uint(d->writer, PUT(R_ID), cur_be32(&p));
	cur_skip(&data, 3);
	n = cur_u8(&data);
	transaction_items(d, n, s7_failed_values(data, n, &wrong));
	parsed = put_tail(d, cur_ok(&p) ? wrong : "length", usend.name);
	transaction_ask(d, OPERATION_IO, true);
	s7_report_items(d, &values, cur_of(NULL, 0), data, n, PHASE_COMPLETE);
	return parsed;
}

enum parsed s7_parse_userdata(struct dissection *d, struct s7_message *m)
{
	struct s7_userdata u;

	if (!read_userdata(m, &u)) {
		return PARSED_NOT_MINE;
	}
	if (unlikely(u.method == METHOD_R_ID)) {
		return parse_usend(d, m);
	}
	dissect_count(d, MESSAGE_USERDATA, count_code(&u));
	/* Types 3, 7 and 11 are those of numerical controls. */
	if (u.type == TYPE_REQUEST || u.type == 7) {
		return parse_request(d, m, &u);
	}
	if (u.type == TYPE_RESPONSE || u.type == 11) {
		return parse_response(d, m, &u);
	}
	return parse_push(d, m, &u);
}
