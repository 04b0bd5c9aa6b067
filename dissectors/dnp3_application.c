/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Application fragments of DNP3: IEEE 1815-2012, clause 4.
 *
 *	request:  control 1 (FIR FIN CON UNS, sequence 4) | function 1 | objects
 *	response: control 1 | function 1 (129 and above) | indications 2 | objects
 *
 * An answer has the sequence number of its request; further fragments of it count on.  An
 * unsolicited response has a sequence of its own, and is answered by a confirmation. */

#include "dissectors/dnp3_private.h"

#define SELF_ADDRESS    0xfffc
#define BROADCAST_FIRST 0xfffd

const struct field dnp3_fields[DNP3_FIELD_COUNT] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.dnp3." name, FIELD_##type, flags, NULL, meaning, NULL },
	DNP3_FIELDS(X)
#undef X
};

/* ---- functions ---- */

/* A freeze copies counters, and may clear them; it moves nothing in the process: a write. */
static const struct function {
	const char *name;
	enum operation operation;
	enum dnp3_data data;
	bool no_answer;
	const char *target;
} functions[256] = {
	[0] = { "confirm", OPERATION_SESSION, DATA_NONE, true, NULL },
	[1] = { "read", OPERATION_READ, DATA_NONE, false, NULL },
	[2] = { "write", OPERATION_WRITE, DATA_ALL, false, NULL },
	[3] = { "select", OPERATION_CONTROL, DATA_ALL, false, NULL },
	[4] = { "operate", OPERATION_CONTROL, DATA_ALL, false, NULL },
	[5] = { "direct_operate", OPERATION_CONTROL, DATA_ALL, false, NULL },
	[6] = { "direct_operate_no_ack", OPERATION_CONTROL, DATA_ALL, true, NULL },
	[7] = { "immediate_freeze", OPERATION_WRITE, DATA_NONE, false, NULL },
	[8] = { "immediate_freeze_no_ack", OPERATION_WRITE, DATA_NONE, true, NULL },
	[9] = { "freeze_and_clear", OPERATION_WRITE, DATA_NONE, false, NULL },
	[10] = { "freeze_and_clear_no_ack", OPERATION_WRITE, DATA_NONE, true, NULL },
	[11] = { "freeze_at_time", OPERATION_WRITE, DATA_OF_TIME, false, NULL },
	[12] = { "freeze_at_time_no_ack", OPERATION_WRITE, DATA_OF_TIME, true, NULL },
	[13] = { "cold_restart", OPERATION_RESTART, DATA_NONE, false, NULL },
	[14] = { "warm_restart", OPERATION_RESTART, DATA_NONE, false, NULL },
	[15] = { "initialize_data", OPERATION_MEMORY_RESET, DATA_NONE, false, NULL },
	[16] = { "initialize_application", OPERATION_RESTART, DATA_ALL, false, "application" },
	[17] = { "start_application", OPERATION_START, DATA_ALL, false, "application" },
	[18] = { "stop_application", OPERATION_STOP, DATA_ALL, false, "application" },
	[19] = { "save_configuration", OPERATION_CONFIG_WRITE, DATA_ALL, false, "configuration" },
	[20] = { "enable_unsolicited", OPERATION_CONFIG_WRITE, DATA_NONE, false,
		 "unsolicited responses" },
	[21] = { "disable_unsolicited", OPERATION_CONFIG_WRITE, DATA_NONE, false,
		 "unsolicited responses" },
	[22] = { "assign_class", OPERATION_CONFIG_WRITE, DATA_NONE, false, "classes of points" },
	[23] = { "delay_measurement", OPERATION_DIAGNOSE, DATA_NONE, false, NULL },
	[24] = { "record_current_time", OPERATION_DIAGNOSE, DATA_NONE, false, NULL },
	[25] = { "open_file", OPERATION_FILE_READ, DATA_ALL, false, NULL },
	[26] = { "close_file", OPERATION_FILE_READ, DATA_ALL, false, NULL },
	[27] = { "delete_file", OPERATION_FILE_DELETE, DATA_ALL, false, NULL },
	[28] = { "get_file_information", OPERATION_FILE_READ, DATA_ALL, false, NULL },
	[29] = { "authenticate_file", OPERATION_AUTHENTICATE, DATA_ALL, false, NULL },
	[30] = { "abort_file", OPERATION_FILE_READ, DATA_ALL, false, NULL },
	[31] = { "activate_configuration", OPERATION_CONFIG_WRITE, DATA_ALL, false,
		 "configuration" },
	[32] = { "authentication_request", OPERATION_AUTHENTICATE, DATA_ALL, false, NULL },
	[33] = { "authentication_request_no_ack", OPERATION_AUTHENTICATE, DATA_ALL, true, NULL },
	[129] = { "response", OPERATION_UNKNOWN, DATA_ALL, true, NULL },
	[130] = { "unsolicited_response", OPERATION_REPORT, DATA_ALL, true, NULL },
	[131] = { "authentication_response", OPERATION_AUTHENTICATE, DATA_ALL, true, NULL },
};

static enum operation operation_of_write(const struct dnp3_scan *scan)
{
	const struct dnp3_header *h = &scan->first;

	if (!scan->has_first) {
		return OPERATION_WRITE;
	}
	/* Clearing the restart indication is what a master does after each restart. */
	if (h->group == 80 && h->ranged && h->start == 7 && h->count == 1) {
		return OPERATION_WRITE;
	}
	return h->about->written != OPERATION_UNKNOWN ? h->about->written : OPERATION_WRITE;
}

static enum operation operation_of(struct dissection *d, const struct dnp3_message *m,
				   const struct dnp3_scan *scan)
{
	enum operation operation = functions[m->function].operation;

	if (m->function == DNP3_WRITE) {
		return operation_of_write(scan);
	}
	if (m->function == DNP3_READ && (scan->groups & GROUP_ATTRIBUTE) != 0) {
		return OPERATION_IDENTIFY;
	}
	if ((scan->groups & GROUP_FILE) != 0 && scan->has_first &&
	    (operation == OPERATION_FILE_READ || operation == OPERATION_READ)) {
		return dnp3_file_operation(d, m, &scan->first);
	}
	return operation;
}

/* ---- fields ---- */

/* Keys tell transactions of a flow apart, which may lead to several outstations. */
uint64_t dnp3_key(uint16_t outstation, uint16_t master, unsigned kind, unsigned sequence)
{
	return outstation | (uint64_t)master << 16 | (uint64_t)(sequence & 0xff) << 32 |
	       (uint64_t)kind << 40;
}

static uint64_t key_of(const struct dnp3_message *m, unsigned kind)
{
	/* Confirmations of unsolicited responses are apart from others. */
	return dnp3_key(m->outstation, m->master, kind,
			kind == KEY_CONFIRM ? m->control & 31U : m->control & 15U);
}

static bool is_broadcast(uint16_t address)
{
	return address >= BROADCAST_FIRST;
}

static bool is_one_outstation(uint16_t address)
{
	return !is_broadcast(address) && address != SELF_ADDRESS;
}

void dnp3_put_addresses(struct dissection *d, uint16_t outstation, uint16_t master,
			uint16_t destination)
{
	/* 8.2: what outstations do about a confirmation. */
	static const char *const broadcasts[] = { "dont_confirm", "shall_confirm",
						  "optional_confirm" };

	if (is_broadcast(outstation)) {
		record_put_static(d->writer, PUT(BROADCAST),
				  broadcasts[outstation - BROADCAST_FIRST]);
	} else if (is_one_outstation(outstation)) {
		dissect_unit(d, outstation);
	}
	record_put_uint(d->writer, PUT(MASTER), master);
	if (destination == SELF_ADDRESS) {
		record_put_bool(d->writer, PUT(SELF_ADDRESS), true);
	}
}

static void put_head(struct dissection *d, const struct dnp3_message *m)
{
	bool first = (m->control & DNP3_FIR) != 0, final = (m->control & DNP3_FIN) != 0;

	dnp3_put_addresses(d, m->outstation, m->master, m->destination);
	record_put_uint(d->writer, PUT(FUNCTION_CODE), m->function);
	record_put_static(d->writer, CORE_FUNCTION, functions[m->function].name);
	record_put_uint(d->writer, PUT(SEQUENCE), m->control & 15U);
	if (!first || !final) {
		record_put_static(d->writer, PUT(FRAGMENT),
				  first   ? "first"
				  : final ? "final"
					  : "middle");
	}
}

static void put_indications(struct dissection *d, uint16_t iin)
{
	/* 4.2.2.6: the first octet on the wire is the high one here. */
	static const char *const names[16] = { "function_not_supported",
					       "object_unknown",
					       "parameter_error",
					       "event_buffer_overflow",
					       "already_executing",
					       "configuration_corrupt",
					       "reserved_6",
					       "reserved_7",
					       "broadcast",
					       "class_1_events",
					       "class_2_events",
					       "class_3_events",
					       "need_time",
					       "local_control",
					       "device_trouble",
					       "device_restart" };
	const char *found[16];
	size_t n = 0;

	for (unsigned bit = 0; iin >> bit != 0; bit++) {
		if ((iin >> bit & 1) != 0) {
			found[n++] = names[bit];
		}
	}
	if (n > 0) {
		record_put_statics(d->writer, PUT(IIN), found, n);
	}
}

static void put_objects(struct dissection *d, uint16_t field, const struct dnp3_scan *scan)
{
	if (scan->n_names > 0) {
		record_put_statics(d->writer, field, scan->names, scan->n_names);
	}
	if (scan->unknown) {
		struct dnp3_text text = { .n = 0 };

		dnp3_say(&text, "g");
		dnp3_say_number(&text, scan->unknown_group);
		dnp3_say(&text, "v");
		dnp3_say_number(&text, scan->unknown_variation);
		dnp3_put_said(d, PUT(UNKNOWN_OBJECT), &text);
	}
}

/* Of points that have an index each. */
static void say_first_point(struct dnp3_text *text, struct dnp3_header h)
{
	struct cursor object;
	uint32_t n = h.count, point;

	if (!dnp3_object_next(&h, &point, &object)) {
		return;
	}
	dnp3_say(text, " ");
	dnp3_say_number(text, point);
	if (n > 1) {
		dnp3_say(text, " and ");
		dnp3_say_number(text, n - 1);
		dnp3_say(text, " more");
	}
}

/* "binary output 3", "analog inputs 0-9", "counter 2 and 4 more". */
static void say_points(struct dnp3_text *text, const struct dnp3_header *h, bool others)
{
	uint32_t n = h->count;
	const char *noun = h->object != NULL ? h->object->noun : NULL;
	bool all = noun == NULL && !h->with_data && !h->indexed;

	if ((h->about->flags & GROUP_ATTRIBUTE) != 0) {
		dnp3_say(text, "device attribute ");
		dnp3_say(text, noun != NULL ? noun : "unknown");
		return;
	}
	/* "all counters" */
	if (all) {
		dnp3_say(text, "all ");
	}
	dnp3_say(text, noun != NULL ? noun : h->about->noun);
	if (all) {
		dnp3_say(text, "s");
	}
	if (h->ranged) {
		dnp3_say(text, n > 1 ? "s " : " ");
		dnp3_say_number(text, h->start);
		if (n > 1) {
			dnp3_say(text, "-");
			dnp3_say_number(text, h->start + n - 1);
		}
	} else if (h->indexed) {
		say_first_point(text, *h);
	}
	if (others) {
		dnp3_say(text, ", and others");
	}
}

/* The header that the request is about: a freeze says first when, the second is read into *room. */
static const struct dnp3_header *target_of(const struct dnp3_message *m,
					   const struct dnp3_scan *scan, struct dnp3_header *room)
{
	struct cursor objects = m->objects;

	return functions[m->function].data == DATA_OF_TIME &&
		       dnp3_next(&objects, DATA_OF_TIME, room) == STEP_HEADER &&
		       dnp3_next(&objects, DATA_OF_TIME, room) == STEP_HEADER
		   ? room
		   : &scan->first;
}

/* What the request is about, for a person. */
static void put_target(struct dissection *d, const struct dnp3_message *m,
		       const struct dnp3_scan *scan, enum operation operation)
{
	struct dnp3_text text;
	struct dnp3_header second;
	const struct dnp3_header *h = &scan->first;
	const struct function *function = &functions[m->function];
	bool named = scan->has_first &&
		     (h->about->noun != NULL || (h->object != NULL && h->object->noun != NULL));

	text.n = 0;
	if ((scan->groups & GROUP_FILE) != 0) {
		return; /* its name is put with the file's fields */
	}
	if (function->target != NULL) {
		dnp3_say(&text, function->target);
	} else if (named && (h->indexed || operation != OPERATION_READ)) {
		say_points(&text, target_of(m, scan, &second),
			   scan->n_headers > (function->data == DATA_OF_TIME ? 2 : 1) &&
			       scan->authentication == 0);
	} else if (!operation_reports_request(operation) || operation == OPERATION_AUTHENTICATE) {
		return;
	} else if (is_broadcast(m->outstation)) {
		dnp3_say(&text, "all outstations");
	} else {
		dnp3_say(&text, "outstation ");
		dnp3_say_number(&text, m->outstation);
	}
	dnp3_put_said(d, CORE_TARGET, &text);
}

/* The first command, so that one that stands alone can be read in one record. */
static void put_command(struct dissection *d, const struct dnp3_scan *scan)
{
	struct dnp3_header h = scan->first;
	struct cursor object;
	uint32_t point;

	if (h.group == 12 && h.object != NULL && h.object->size == 11 &&
	    dnp3_object_next(&h, &point, &object)) {
		dnp3_put_crob(d, object);
	}
}

static void put_time_set(struct dissection *d, const struct dnp3_scan *scan)
{
	struct dnp3_header h = scan->first;
	struct cursor object;
	uint32_t point;
	int64_t time;

	if (h.size < 6 || !dnp3_object_next(&h, &point, &object)) {
		return;
	}
	time = dnp3_time(dnp3_le48(&object));
	if (time != TIME_NONE) {
		record_put_time(d->writer, PUT(TIME), time);
	}
}

/* What the first objects of a request say in fields of their own. */
static const char *put_special(struct dissection *d, const struct dnp3_message *m,
			       const struct dnp3_scan *scan)
{
	const char *wrong = NULL;

	if (scan->has_first && scan->first.with_data) {
		if (scan->first.group == 70) {
			wrong = dnp3_put_file(d, m, &scan->first);
		} else if ((scan->groups & GROUP_COMMAND) != 0) {
			put_command(d, scan);
		} else if ((scan->groups & GROUP_TIME) != 0) {
			put_time_set(d, scan);
		}
	}
	if (m->function == DNP3_SELECT || m->function == DNP3_OPERATE) {
		dnp3_pair_select(d, m);
	}
	if (scan->authentication != 0) {
		wrong = dnp3_put_authentication(d, m->objects, functions[m->function].data, false);
	}
	return wrong;
}

/* ---- ends ---- */

static enum parsed put_tail(struct dissection *d, const struct dnp3_message *m,
			    const struct dnp3_scan *scan, const char *wrong)
{
	wrong = m->wrong != NULL ? m->wrong : wrong != NULL ? wrong : scan->wrong;
	if (m->damage->n > 0) {
		record_put_uint8s(d->writer, m->response ? PUT(ANSWER_BAD_BLOCKS) : PUT(BAD_BLOCKS),
				  m->damage->blocks, m->damage->n);
		if (m->damage->segment > 0) {
			record_put_uint(d->writer, PUT(BAD_SEGMENT), m->damage->segment);
		}
		wrong = "data_crc";
	}
	if (scan->left > 0) {
		record_put_uint(d->writer, CORE_TRAILING_BYTES, scan->left);
	}
	if (wrong != NULL) {
		dissect_malformed(d, wrong);
		return PARSED_MALFORMED;
	}
	return scan->unknown || functions[m->function].name == NULL ? PARSED_UNKNOWN : PARSED;
}

static void put_items(struct dissection *d, uint16_t outstation, struct cursor objects,
		      unsigned function, enum operation operation, enum phase phase,
		      enum outcome outcome)
{
	struct dnp3_items items = { .outstation = outstation,
				    .one_outstation = is_one_outstation(outstation),
				    .operation = operation,
				    .phase = phase,
				    .outcome = outcome,
				    .answered = function >= DNP3_RESPONSE,
				    .assigns = function == DNP3_ASSIGN_CLASS,
				    .data = functions[function].data };

	dnp3_put_items(d, objects, &items);
}

/* ---- requests ---- */

/* The pair that the message belongs to; begins one. */
static struct dnp3_pair *find_pair(struct dnp3_state *state, const struct dnp3_message *m)
{
	struct dnp3_pair *pair;

	for (size_t i = 0; i < ARRAY_SIZE(state->pairs); i++) {
		pair = &state->pairs[i];
		if (pair->used && pair->addresses == dnp3_addresses(m)) {
			return pair;
		}
	}
	pair = &state->pairs[state->next_pair];
	state->next_pair = (uint8_t)((state->next_pair + 1U) % ARRAY_SIZE(state->pairs));
	*pair = (struct dnp3_pair) { .addresses = dnp3_addresses(m), .used = true };
	return pair;
}

/* Waits for the confirmation that the sender of this message asks for. */
static void await_confirmation(struct dissection *d, const struct dnp3_message *m)
{
	transaction_open(d, key_of(m, KEY_CONFIRM));
	dnp3_put_addresses(d, m->outstation, m->master, m->outstation);
	record_put_uint(d->writer, PUT(FUNCTION_CODE), DNP3_CONFIRM);
	record_put_static(d->writer, CORE_FUNCTION, functions[DNP3_CONFIRM].name);
	record_put_uint(d->writer, PUT(SEQUENCE), m->control & 15U);
	transaction_ask(d, OPERATION_SESSION, false);
}

static enum parsed parse_confirm(struct dissection *d, const struct dnp3_message *m,
				 const struct dnp3_scan *scan)
{
	struct pending *awaited = transaction_find(d, key_of(m, KEY_CONFIRM));
	enum parsed parsed;

	transaction_answer(d, awaited, OPERATION_SESSION);
	if (awaited == NULL) {
		put_head(d, m);
	}
	parsed = put_tail(d, m, scan, NULL);
	transaction_done(d, awaited != NULL ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN);
	return parsed;
}

/* An authentication message that asks for nothing but what was challenged: the reply. */
static enum parsed parse_reply(struct dissection *d, const struct dnp3_message *m,
			       const struct dnp3_scan *scan)
{
	struct pending *challenge = transaction_find(d, key_of(m, KEY_AUTHENTICATION));
	const char *wrong;
	enum parsed parsed;

	transaction_answer(d, challenge, OPERATION_AUTHENTICATE);
	if (challenge == NULL) {
		put_head(d, m);
	}
	wrong = dnp3_put_authentication(d, m->objects, DATA_ALL, challenge != NULL);
	parsed = put_tail(d, m, scan, wrong);
	transaction_done(d, OUTCOME_UNKNOWN); /* whether it was right shows what comes then */
	return parsed;
}

static enum parsed parse_request(struct dissection *d, const struct dnp3_message *m,
				 const struct dnp3_scan *scan)
{
	const struct function *function = &functions[m->function];
	enum operation operation = operation_of(d, m, scan);
	bool authentication = operation == OPERATION_AUTHENTICATE && scan->authentication != 0;
	bool no_answer = function->no_answer || is_broadcast(m->outstation);
	bool at_once = operation_reports_request(operation);
	const char *wrong;
	enum parsed parsed;

	if (authentication && scan->authentication == DNP3_CHALLENGE_REPLY) {
		return parse_reply(d, m, scan);
	}
	if (!no_answer && !authentication) {
		struct dnp3_pair *pair = find_pair(d->state, m);

		pair->newest = m->control & 15;
		pair->asks = true;
	}
	transaction_open(d, key_of(m, authentication ? KEY_AUTHENTICATION : KEY_REQUEST));
	transaction_note(d, m->function);
	put_head(d, m);
	put_target(d, m, scan, operation);
	put_objects(d, PUT(OBJECTS), scan);
	if (scan->n_names > 0) {
		record_put_uint8s(d->writer, PUT(QUALIFIERS), scan->qualifiers, scan->n_names);
	}
	wrong = put_special(d, m, scan);
	if (at_once && scan->points > 0) {
		transaction_items(d, scan->points, 0);
	}
	parsed = put_tail(d, m, scan, wrong);
	if (at_once && !no_answer && scan->n_headers > 0) {
		transaction_keep(d, m->objects);
	}
	transaction_ask(d, operation, no_answer);
	if (at_once) {
		put_items(d, m->outstation, m->objects, m->function, operation,
			  no_answer ? PHASE_COMPLETE : PHASE_REQUEST, OUTCOME_UNKNOWN);
	}
	return parsed;
}

/* ---- responses ---- */

/* The request that the response is about. */
static struct pending *find_asked(struct dissection *d, const struct dnp3_message *m)
{
	struct dnp3_pair *pair = find_pair(d->state, m);
	uint8_t asked = m->control & 15;
	struct pending *pending;

	if ((m->control & DNP3_FIR) == 0 && pair->continues && pair->next == asked) {
		asked = pair->asked;
	}
	pair->continues = (m->control & DNP3_FIN) == 0;
	pair->next = (uint8_t)((m->control + 1) & 15);
	pair->asked = asked;
	pending = transaction_find(d, dnp3_key(m->outstation, m->master, KEY_REQUEST, asked));
	/* A master has one request under way (4.2.2.2): one that lies half a round of numbers back
	 * was another, whose answer was not seen. */
	if (pending != NULL && pair->asks && ((pair->newest - asked) & 15) >= 8) {
		return NULL;
	}
	if (pending == NULL) {
		pending = transaction_find(
		    d, dnp3_key(m->outstation, m->master, KEY_AUTHENTICATION, asked));
	}
	/* Asked whoever is there. */
	if (pending == NULL) {
		pending =
		    transaction_find(d, dnp3_key(SELF_ADDRESS, m->master, KEY_REQUEST, asked));
	}
	return pending;
}

/* What an answer without its request seems to answer. */
static enum operation operation_of_orphan(const struct dnp3_message *m,
					  const struct dnp3_scan *scan)
{
	if (m->function != DNP3_RESPONSE) {
		return functions[m->function].operation;
	}
	if (!scan->has_first) {
		return OPERATION_UNKNOWN;
	}
	if ((scan->groups & GROUP_ATTRIBUTE) != 0) {
		return OPERATION_IDENTIFY;
	}
	return (scan->groups & (GROUP_COMMAND | GROUP_FILE)) != 0 ? OPERATION_UNKNOWN
								  : OPERATION_READ;
}

enum { IIN_REFUSED = 0x17 }; /* not supported, unknown, parameter, already executing */

static enum outcome outcome_of(struct dissection *d, const struct dnp3_message *m,
			       const struct dnp3_scan *scan, unsigned asked,
			       enum operation operation)
{
	bool failed =
	    (m->iin & IIN_REFUSED) != 0 || scan->failed > 0 ||
	    (scan->authentication != 0 && dnp3_authentication_refused(m->objects, DATA_ALL));

	if (m->wrong != NULL && !failed) {
		return OUTCOME_UNKNOWN;
	}

	if (scan->has_first && scan->first.group == 70 && scan->first.with_data) {
		failed = dnp3_file_answered(d, m, &scan->first, asked, operation) || failed;
	}
	return failed ? OUTCOME_FAILURE : OUTCOME_SUCCESS;
}

/* Items of the answer; where it says nothing of them, those of the request with its outcome. */
static void put_answer_items(struct dissection *d, const struct dnp3_message *m,
			     const struct dnp3_scan *scan, struct cursor kept, unsigned asked,
			     enum operation operation, enum outcome outcome)
{
	if (scan->any_data) {
		/* Each command has its own status. */
		bool own = scan->failed > 0 && (m->iin & IIN_REFUSED) == 0;

		if ((scan->groups & GROUP_COMMAND) != 0 || items_wanted(d, operation, outcome)) {
			put_items(d, m->outstation, m->objects, m->function, operation,
				  PHASE_COMPLETE, own ? OUTCOME_SUCCESS : outcome);
		}
	} else if (cur_left(&kept) > 0) {
		put_items(d, m->outstation, kept, asked, operation, PHASE_COMPLETE, outcome);
	}
}

static void put_delay(struct dissection *d, const struct dnp3_scan *scan)
{
	struct dnp3_header h;
	struct cursor object;
	uint32_t point;

	if (!scan->has_first || scan->first.group != 52 || scan->first.size != 2) {
		return;
	}
	h = scan->first;
	if (dnp3_object_next(&h, &point, &object)) {
		/* A.25: variation 1 counts seconds. */
		record_put_uint(d->writer, PUT(DELAY),
				cur_le16(&object) * (h.variation == 1 ? 1000U : 1U));
	}
}

static const char *put_answer(struct dissection *d, const struct dnp3_message *m,
			      const struct dnp3_scan *scan)
{
	const char *wrong = NULL;

	if (m->function != DNP3_RESPONSE) {
		record_put_uint(d->writer, PUT(RESPONSE_CODE), m->function);
	}
	if ((m->control & DNP3_CON) != 0) {
		record_put_bool(d->writer, PUT(CONFIRM), true);
	}
	put_indications(d, m->iin);
	put_objects(d, PUT(ANSWER_OBJECTS), scan);
	put_delay(d, scan);
	if ((scan->groups & GROUP_ATTRIBUTE) != 0) {
		(void)dnp3_put_attributes(d, m->objects);
	}
	if (scan->has_first && scan->first.group == 70 && scan->first.with_data) {
		wrong = dnp3_put_file(d, m, &scan->first);
	}
	if (scan->authentication != 0) {
		wrong = dnp3_put_authentication(d, m->objects, DATA_ALL, true);
	}
	return wrong;
}

static enum parsed parse_response(struct dissection *d, const struct dnp3_message *m,
				  const struct dnp3_scan *scan)
{
	struct pending *asked = find_asked(d, m);
	unsigned function = asked != NULL ? (unsigned)pending_note(asked) : m->function;
	enum operation operation =
	    asked != NULL ? pending_operation(asked) : operation_of_orphan(m, scan);
	struct cursor kept = asked != NULL ? pending_kept(asked) : cur_of(NULL, 0);
	enum outcome outcome;
	const char *wrong;
	enum parsed parsed;

	outcome = outcome_of(d, m, scan, function, operation);
	if (function == DNP3_SELECT) {
		dnp3_select_answered(d, m, outcome == OUTCOME_FAILURE);
	}
	transaction_answer(d, asked, operation);
	if (asked == NULL) {
		put_head(d, m);
	} else if ((uint16_t)pending_key(asked) == SELF_ADDRESS) {
		dissect_unit(d, m->outstation);
	}
	wrong = put_answer(d, m, scan);
	if (scan->points > 0 && (asked == NULL || !operation_reports_request(operation))) {
		transaction_items(d, scan->points, scan->failed);
	} else if (scan->failed > 0) {
		record_put_uint(d->writer, CORE_ITEMS_FAILED, scan->failed);
	}
	parsed = put_tail(d, m, scan, wrong);
	if ((m->control & DNP3_FIN) != 0) {
		transaction_done(d, outcome);
	} else {
		transaction_partial(d, outcome);
	}
	put_answer_items(d, m, scan, kept, function, operation, outcome);
	if ((m->control & DNP3_CON) != 0) {
		await_confirmation(d, m);
	}
	return parsed;
}

/* A report is complete when it comes; whether it is confirmed is a transaction of its own. */
static enum parsed parse_unsolicited(struct dissection *d, const struct dnp3_message *m,
				     const struct dnp3_scan *scan)
{
	/* 4.4.2.1: after a restart the first one is empty. */
	const char *what = scan->n_headers > 0      ? "events"
			   : (m->iin & 0x8000) != 0 ? "initial_null"
						    : "null";
	enum parsed parsed;

	transaction_open(d, key_of(m, KEY_REQUEST) | UINT64_C(1) << 39);
	put_head(d, m);
	record_put_static(d->writer, PUT(UNSOLICITED), what);
	if ((m->control & DNP3_CON) != 0) {
		record_put_bool(d->writer, PUT(CONFIRM), true);
	}
	put_indications(d, m->iin);
	put_objects(d, PUT(ANSWER_OBJECTS), scan);
	if (scan->points > 0) {
		transaction_items(d, scan->points, 0);
	}
	parsed = put_tail(d, m, scan, NULL);
	transaction_ask(d, OPERATION_REPORT, true);
	put_items(d, m->outstation, m->objects, m->function, OPERATION_REPORT, PHASE_COMPLETE,
		  OUTCOME_UNKNOWN);
	if ((m->control & DNP3_CON) != 0) {
		await_confirmation(d, m);
	}
	return parsed;
}

/* ---- authentication responses ---- */

/* The outstation asks who is there: a transaction of its own, until the reply. */
static enum parsed parse_challenge(struct dissection *d, const struct dnp3_message *m,
				   const struct dnp3_scan *scan)
{
	const char *wrong;
	enum parsed parsed;

	transaction_open(d, key_of(m, KEY_AUTHENTICATION));
	transaction_note(d, m->function);
	put_head(d, m);
	put_indications(d, m->iin);
	put_objects(d, PUT(OBJECTS), scan);
	wrong = dnp3_put_authentication(d, m->objects, DATA_ALL, false);
	parsed = put_tail(d, m, scan, wrong);
	transaction_ask(d, OPERATION_AUTHENTICATE, false);
	return parsed;
}

/* An error that no authentication request waits for: what was challenged has failed. */
static enum parsed parse_failure(struct dissection *d, const struct dnp3_message *m,
				 const struct dnp3_scan *scan)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_AUTHENTICATE);
	enum parsed parsed;

	record->phase = PHASE_COMPLETE;
	record->outcome = OUTCOME_FAILURE;
	put_head(d, m);
	put_indications(d, m->iin);
	put_objects(d, PUT(ANSWER_OBJECTS), scan);
	parsed = put_tail(d, m, scan, dnp3_put_authentication(d, m->objects, DATA_ALL, false));
	record_commit(d->writer);
	return parsed;
}

static enum parsed parse_authentication(struct dissection *d, const struct dnp3_message *m,
					const struct dnp3_scan *scan)
{
	enum parsed parsed;

	if (scan->authentication == DNP3_CHALLENGE) {
		return parse_challenge(d, m, scan);
	}
	if (scan->authentication == DNP3_CHALLENGE_REPLY) {
		return parse_reply(d, m, scan);
	}
	if (scan->authentication == DNP3_AUTHENTICATION_ERROR &&
	    transaction_find(d, key_of(m, KEY_AUTHENTICATION)) == NULL) {
		parsed = parse_failure(d, m, scan);
		if (transaction_find(d, key_of(m, KEY_REQUEST)) != NULL) {
			(void)parse_response(d, m, scan);
		}
		return parsed;
	}
	return parse_response(d, m, scan);
}

/* ---- what an outstation indicates ---- */

enum {
	IIN_LASTING = 0xe028 /* restart, trouble, local control, overflow, configuration corrupt */
};

/* The place of this outstation's indications; NULL where there are too many. *first: it has not
 * answered on this connection before. */
static struct dnp3_indications *find_indications(struct dissection *d, uint16_t outstation,
						 bool *first)
{
	struct dnp3_state *state = d->state;
	struct dnp3_indications *table = state->indications;
	size_t n = ARRAY_SIZE(state->indications);

	for (unsigned turn = 0; turn < 2 && table != NULL; turn++) {
		for (size_t i = 0; i < n; i++) {
			if (table[i].used && table[i].outstation != outstation) {
				continue;
			}
			*first = !table[i].used;
			table[i].outstation = outstation;
			table[i].used = true;
			return &table[i];
		}
		/* A long line behind a gateway. */
		n = 80;
		table = dissect_memory(d, 0, n * sizeof(*table));
	}
	return NULL;
}

static void report_watch(struct dissection *d, const struct dnp3_message *m,
			 enum operation operation, const char *what, uint16_t iin)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, operation);

	record->phase = PHASE_COMPLETE;
	record->outcome = operation == OPERATION_SESSION ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN;
	dnp3_put_addresses(d, m->outstation, m->master, m->outstation);
	record_put_static(d->writer, CORE_FUNCTION, what);
	put_indications(d, iin);
	record_commit(d->writer);
}

/* Some indications stand in every answer for hours: their change is a record, so that nobody needs
 * to look at every answer.  So is the first answer of an outstation: master and outstation
 * have found each other. */
static void watch_indications(struct dissection *d, const struct dnp3_message *m)
{
	bool first = false;
	struct dnp3_indications *last = find_indications(d, m->outstation, &first);
	uint16_t lasting = m->iin & IIN_LASTING;

	if (last == NULL || likely(!first && last->iin == lasting)) {
		return;
	}
	if (first) {
		report_watch(d, m, OPERATION_SESSION, "association", 0);
	}
	if (last->iin != lasting) {
		last->iin = lasting;
		report_watch(d, m, OPERATION_DIAGNOSE, "indications_changed", lasting);
	}
}

/* ---- a fragment ---- */

/* 4.2.2.5: function codes say who sent it; so does the link's DIR bit, and they should agree. */
static void learn_sender(struct dissection *d, const struct dnp3_message *m)
{
	enum sender sender = m->from_master ? SENDER_CLIENT : SENDER_SERVER;

	if (likely(d->flow->client_evidence == CLIENT_BY_PROTOCOL) ||
	    m->response == m->from_master) {
		return;
	}
	dissect_sender(d, sender);
	/* Outstations open connections as well (13.2.1): who asks is known all the same. */
	if (d->flow->client_evidence != CLIENT_BY_PROTOCOL) {
		flow_set_client(d->flow, m->from_master ? d->side : d->side ^ 1U);
		d->from_client = d->side == d->flow->client;
	}
}

static void read_message(const struct dnp3_link *link, struct cursor fragment,
			 const struct dnp3_damage *damage, struct dnp3_message *m)
{
	m->destination = link->destination;
	m->from_master = link->from_master;
	m->damage = damage;
	m->control = cur_u8(&fragment);
	m->function = cur_u8(&fragment);
	m->response = m->function >= DNP3_RESPONSE;
	m->iin = m->response ? cur_be16(&fragment) : 0;
	m->outstation = m->response ? link->source : link->destination;
	m->master = m->response ? link->destination : link->source;
	m->wrong = !cur_ok(&fragment)              ? "length"
		   : m->response == m->from_master ? "direction"
						   : NULL;
	m->objects = cur_ok(&fragment) ? fragment : cur_of(NULL, 0);
}

/* A fragment that does not even say what it is. */
static COLD enum parsed parse_stub(struct dissection *d, const struct dnp3_message *m)
{
	(void)dissect_record(d, RECORD_TRANSACTION, OPERATION_UNKNOWN);
	dnp3_put_addresses(d, m->outstation, m->master, m->destination);
	record_put_static(d->writer, CORE_FUNCTION, "fragment");
	dissect_malformed(d, "length");
	record_commit(d->writer);
	return PARSED_MALFORMED;
}

enum parsed dnp3_application(struct dissection *d, const struct dnp3_link *link,
			     struct cursor fragment, const struct dnp3_damage *damage)
{
	struct dnp3_message m;
	struct dnp3_scan scan;

	read_message(link, fragment, damage, &m);
	if (cur_left(&fragment) < 2) {
		return parse_stub(d, &m);
	}
	learn_sender(d, &m);
	dissect_count(d, m.response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, m.function);
	if (functions[m.function].name != NULL) {
		dnp3_scan(m.objects, functions[m.function].data, &scan);
	} else {
		/* Nobody knows what follows. */
		dnp3_scan(cur_of(NULL, 0), DATA_NONE, &scan);
		scan.left = cur_left(&m.objects);
	}
	if (!m.response) {
		return m.function == DNP3_CONFIRM ? parse_confirm(d, &m, &scan)
						  : parse_request(d, &m, &scan);
	}
	if ((m.iin & IIN_REFUSED) != 0) {
		dissect_count_error(d, m.function);
	}
	watch_indications(d, &m);
	if (m.function == DNP3_UNSOLICITED) {
		return parse_unsolicited(d, &m, &scan);
	}
	return m.function == DNP3_AUTHENTICATION_RESPONSE ? parse_authentication(d, &m, &scan)
							  : parse_response(d, &m, &scan);
}
