/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Variables of S7comm-plus: several read or written in one message, subscribed ones, and what
 * notifications bring of them.
 *
 *	address: checksum of the symbol v (0: none) | area v | ids v | sub-area v | ids...
 *	         area: 0x8a0e0000 and a data block's number, 80 to 84 for I, Q, M, C, T, or an
 *object sub-area: the values of the area, or an attribute of the object answer:  number v and
 *value, until 0 | number v and return value v, until 0
 *
 * A variable is found by ids that the compiler gave, not by its place: DB2.[10] is the one with
 * id 10 in DB 2, DB6.[18.11] the one with id 11 in the structure with id 18. */

#include "dissectors/s7comm_plus_private.h"

#include <string.h>

#define IDS_MAX 16 /* of one address that are written out */

bool s7p_address_read(struct cursor *bytes, struct s7p_address *out)
{
	struct cursor look;

	out->crc = s7p_vlq32(bytes);
	out->area = s7p_vlq32(bytes);
	out->n_ids = s7p_vlq32(bytes);
	out->sub = s7p_vlq32(bytes);
	out->n_ids = out->n_ids > 0 ? out->n_ids - 1 : 0;
	look = *bytes;
	for (uint32_t i = 0; i < out->n_ids && cur_ok(bytes); i++) {
		(void)s7p_vlq32(bytes);
	}
	if (!cur_ok(bytes)) {
		return false;
	}
	out->ids = cur_sub(&look, cur_left(&look) - cur_left(bytes));
	return true;
}

static bool is_area(const struct s7p_address *address)
{
	return s7p_block_of(address->area) != NULL || (address->area >= 80 && address->area <= 84);
}

static void say_ids(struct s7p_text *text, struct cursor ids)
{
	const char *before = ".[";

	for (unsigned i = 0; i < IDS_MAX && cur_left(&ids) > 0; i++) {
		s7p_say(text, before);
		s7p_say_number(text, s7p_vlq32(&ids));
		before = ".";
	}
	s7p_say(text, before[1] == '\0' ? cur_left(&ids) > 0 ? "...]" : "]" : "");
}

/* Attributes below attributes have names too. */
static void say_attributes(struct s7p_text *text, const struct s7p_address *address)
{
	const struct s7p_attribute *attribute = s7p_attribute(address->sub);
	struct cursor ids = address->ids, look = ids;

	s7p_say(text, ".");
	if (attribute != NULL) {
		s7p_say(text, attribute->name);
	} else {
		s7p_say_number(text, address->sub);
	}
	attribute = address->n_ids == 1 ? s7p_attribute(s7p_vlq32(&look)) : NULL;
	if (attribute != NULL && address->sub == S7P_DIAGNOSTIC_STATE) {
		s7p_say(text, ".");
		s7p_say(text, attribute->name);
	} else {
		say_ids(text, ids);
	}
}

/* A place in a data block that is kept as STEP 7 programs know it: marker, offset and length. */
static bool absolute(const struct s7p_address *address, uint32_t *offset, uint32_t *length)
{
	struct cursor ids = address->ids;

	if (address->n_ids != 3 || s7p_vlq32(&ids) != 3) {
		return false;
	}
	*offset = s7p_vlq32(&ids);
	*length = s7p_vlq32(&ids);
	return true;
}

size_t s7p_address_text(const struct s7p_address *address, char *out, size_t size)
{
	static const char *const areas[] = { "I", "Q", "M", "C", "T" };
	struct s7p_text text = { out, 0, size };
	uint32_t offset, length;

	if (address->area >= 80 && address->area <= 84) {
		s7p_say(&text, areas[address->area - 80]);
	} else {
		text.n = s7p_object_text(address->area, false, out, size);
	}
	if (!is_area(address)) {
		say_attributes(&text, address);
	} else if (absolute(address, &offset, &length)) {
		s7p_say(&text, s7p_block_of(address->area) != NULL ? ".DBB" : "B");
		s7p_say_number(&text, offset);
	} else {
		say_ids(&text, address->ids);
	}
	return text.n;
}

static void put_address(struct dissection *d, const struct s7p_address *address)
{
	char text[96];
	uint32_t offset, length;

	(void)s7p_address_text(address, text, sizeof(text));
	record_put_text(d->writer, CORE_ITEM_ADDRESS, text);
	if (address->crc != 0) {
		record_put_uint(d->writer, PUT(SYMBOL_CRC), address->crc);
	}
	if (is_area(address) && absolute(address, &offset, &length)) {
		record_put_uint(d->writer, CORE_ITEM_COUNT, length);
	}
}

/* ---- values ---- */

/* A STRING of STEP 7 in an array of its bytes: most characters, characters, these. */
static struct cursor step7_string(const struct s7p_value *value)
{
	struct cursor bytes = s7p_value_bytes(value);
	uint8_t most = cur_u8(&bytes), n = cur_u8(&bytes);

	if (!value->array || value->count != most + 2U || n > most || most == 0) {
		return cur_of(NULL, 0);
	}
	return cur_sub(&bytes, n);
}

void s7p_put_item_value(struct dissection *d, const struct s7p_value *value)
{
	double numbers[RECORD_LIST_MAX + 1];
	struct cursor text = s7p_value_text(value), bytes = s7p_value_bytes(value), look;
	size_t n;

	record_put_static(d->writer, CORE_ITEM_TYPE, s7p_type_name(value->type));
	if (value->array) {
		record_put_uint(d->writer, CORE_ITEM_COUNT, value->count);
	}
	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, CORE_ITEM_TEXT, text);
		return;
	}
	text = step7_string(value);
	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, CORE_ITEM_TEXT, text);
		return;
	}
	if (cur_left(&bytes) > 0) {
		record_put_bytes(d->writer, CORE_ITEM_DATA, bytes);
		return;
	}
	if (value->type == 16 && !value->array && !value->sparse) {
		uint64_t time;

		look = value->raw;
		time = cur_be64(&look);
		if (time <= INT64_MAX) {
			record_put_time(d->writer, CORE_ITEM_TIME, (int64_t)time);
		}
		return;
	}
	n = s7p_value_numbers(value, numbers, ARRAY_SIZE(numbers));
	if (n == 1 && !value->array) {
		record_put_double(d->writer, CORE_ITEM_VALUE, numbers[0]);
	} else if (n > 0) {
		record_put_doubles(d->writer, CORE_ITEM_VALUE, numbers, n);
	}
}

void s7p_put_mode(struct dissection *d, uint64_t operating_state)
{
	if (s7p_mode(operating_state) != NULL) {
		record_put_static(d->writer, PUT(MODE), s7p_mode(operating_state));
	}
}

/* The state of the CPU, alone or in the structure that has it. */
static void put_state(struct dissection *d, const struct s7p_address *address,
		      const struct s7p_value *value)
{
	struct cursor ids = address->ids;
	struct s7p_value member;

	if (address->n_ids == 1 && s7p_vlq32(&ids) == S7P_OPERATING_STATE) {
		s7p_put_mode(d, s7p_value_natural(value));
	} else if (s7p_value_member(value, S7P_OPERATING_STATE, &member)) {
		s7p_put_mode(d, s7p_value_natural(&member));
	}
}

/* What is secret is only said to be there, and how long it is. */
static void put_value_of(struct dissection *d, const struct s7p_address *address,
			 const struct s7p_value *value)
{
	const struct s7p_attribute *attribute = s7p_attribute(address->sub);

	if (attribute != NULL && attribute->secret) {
		record_put_static(d->writer, CORE_ITEM_TYPE, s7p_type_name(value->type));
		record_put_uint(d->writer, PUT(SECRET_BYTES), cur_left(&value->raw));
		return;
	}
	s7p_put_item_value(d, value);
	if (address->area == S7P_CPU_EXEC_UNIT && address->sub == S7P_DIAGNOSTIC_STATE) {
		put_state(d, address, value);
	}
}

/* ---- several variables in one request ---- */

/* Where the parts of such a request are. */
struct several {
	uint32_t object; /* whose attributes are meant; 0: addresses */
	uint32_t n;
	struct cursor addresses, values;
};

static bool read_several(struct cursor *bytes, struct several *out)
{
	struct s7p_address address;
	uint32_t fields;

	out->object = cur_be32(bytes);
	out->n = s7p_vlq32(bytes);
	fields = s7p_vlq32(bytes);
	out->addresses = *bytes;
	for (uint32_t i = 0; out->object == 0 && i < out->n && cur_ok(bytes); i++) {
		(void)s7p_address_read(bytes, &address);
	}
	for (uint32_t i = 0; out->object != 0 && i < fields && cur_ok(bytes); i++) {
		(void)s7p_vlq32(bytes);
	}
	out->values = *bytes;
	return cur_ok(bytes);
}

/* The next one: its address, or an attribute of the object. */
static void next_address(struct several *several, struct s7p_address *out)
{
	if (several->object != 0) {
		*out = (struct s7p_address) { .area = several->object,
					      .sub = s7p_vlq32(&several->addresses),
					      .ids = cur_of(NULL, 0) };
	} else {
		(void)s7p_address_read(&several->addresses, out);
	}
}

static void put_target(struct dissection *d, const struct several *several,
		       const struct s7p_address *named)
{
	char text[96];
	struct s7p_text target = { text, 0, sizeof(text) };

	if (named->sub == S7P_OPERATING_STATE_REQUEST) {
		record_put_static(d->writer, CORE_TARGET, "CPU");
		return;
	}
	target.n = s7p_address_text(named, text, sizeof(text));
	if (several->n > 1) {
		s7p_say(&target, " and ");
		s7p_say_number(&target, several->n - 1);
		s7p_say(&target, several->n > 2 ? " others" : " other");
	}
	record_put_text(d->writer, CORE_TARGET, text);
}

/* What setting the operating state that is asked for does. */
static enum operation state_operation(const struct s7p_value *value)
{
	static const enum operation operations[] = {
		[1] = OPERATION_STOP,
		[2] = OPERATION_MEMORY_RESET,
		[3] = OPERATION_START,
		[4] = OPERATION_START,
	};
	uint64_t asked = s7p_value_natural(value);

	return asked > 0 && asked < ARRAY_SIZE(operations) ? operations[asked]
							   : OPERATION_MODE_CHANGE;
}

enum operation s7p_set_operation(uint32_t attribute, const struct s7p_value *value)
{
	const struct s7p_attribute *known = s7p_attribute(attribute);

	if (attribute == S7P_OPERATING_STATE_REQUEST && value != NULL) {
		return state_operation(value);
	}
	return known != NULL && known->set != OPERATION_UNKNOWN ? known->set : OPERATION_WRITE;
}

static unsigned weight(enum operation operation)
{
	switch (operation) {
	case OPERATION_SESSION:
		return 0;
	case OPERATION_SUBSCRIBE:
	case OPERATION_DIAGNOSE:
		return 1;
	case OPERATION_WRITE:
		return 2;
	case OPERATION_STOP:
	case OPERATION_START:
	case OPERATION_MEMORY_RESET:
	case OPERATION_MODE_CHANGE:
		return 4;
	default:
		return 3;
	}
}

bool s7p_weighs_more(enum operation one, enum operation other)
{
	return weight(one) > weight(other);
}

/* What a request with several variables does, and the one that says so. */
static enum operation set_operation(struct several several, struct s7p_address *out)
{
	enum operation found = OPERATION_WRITE;

	for (uint32_t i = 0; i < several.n && cur_left(&several.values) > 0; i++) {
		struct s7p_address address;
		struct s7p_value value;
		enum operation operation;

		next_address(&several, &address);
		(void)s7p_vlq32(&several.values);
		if (!s7p_value_read(&several.values, &value)) {
			break;
		}
		operation = s7p_set_operation(address.sub, &value);
		if (i == 0 || s7p_weighs_more(operation, found)) {
			found = operation;
			*out = address;
		}
	}
	return found;
}

enum operation s7p_ask_set_multi(struct dissection *d, const struct s7p_message *m,
				 struct cursor *data)
{
	struct several several;
	struct s7p_address named;
	struct several look;
	enum operation operation;

	(void)m;
	if (!read_several(data, &several)) {
		return OPERATION_WRITE;
	}
	look = several;
	next_address(&look, &named);
	operation = set_operation(several, &named);
	put_target(d, &several, &named);
	transaction_items(d, several.n, 0);
	return operation;
}

/* The return value of item `number` in a list of errors; 0: none. */
static uint64_t error_of(struct cursor errors, uint32_t number)
{
	for (unsigned i = 0; i < 2 * DISSECT_ITEMS_MAX && cur_left(&errors) > 0; i++) {
		uint32_t item = s7p_vlq32(&errors);
		uint64_t error;

		if (item == 0) {
			return 0;
		}
		error = s7p_vlq64(&errors);
		if (item == number) {
			return error;
		}
	}
	return 0;
}

static const char *status_of(uint64_t error)
{
	const char *name = s7p_error(error);

	return name != NULL ? name : "error";
}

void s7p_ask_set_multi_items(struct dissection *d, enum operation operation, struct cursor data,
			     enum phase phase, struct cursor answer)
{
	struct several several;

	if (!read_several(&data, &several)) {
		return;
	}
	for (uint32_t i = 0; i < several.n; i++) {
		uint32_t number = s7p_vlq32(&several.values);
		uint64_t error = phase == PHASE_COMPLETE ? error_of(answer, number) : 0;
		struct s7p_address address;
		struct s7p_value value;

		next_address(&several, &address);
		if (!s7p_value_read(&several.values, &value)) {
			return;
		}
		if (!item_begin(d, operation, phase,
				phase == PHASE_REQUEST ? OUTCOME_UNKNOWN
				: error != 0           ? OUTCOME_FAILURE
						       : OUTCOME_SUCCESS,
				i)) {
			continue;
		}
		put_address(d, &address);
		put_value_of(d, &address, &value);
		if (error != 0) {
			record_put_static(d->writer, CORE_ITEM_STATUS, status_of(error));
		}
		record_commit(d->writer);
	}
}

enum operation s7p_ask_get_multi(struct dissection *d, const struct s7p_message *m,
				 struct cursor *data)
{
	struct cursor whole = *data;
	struct several several, look;
	enum operation operation = OPERATION_DIAGNOSE;

	(void)m;
	if (!read_several(data, &several)) {
		return OPERATION_READ;
	}
	look = several;
	for (uint32_t i = 0; i < several.n && operation != OPERATION_READ; i++) {
		struct s7p_address address;

		next_address(&look, &address);
		operation = is_area(&address) || address.crc != 0 ? OPERATION_READ : operation;
	}
	transaction_items(d, several.n, 0);
	transaction_keep(d, cur_sub(&whole, cur_left(&whole) - cur_left(data)));
	return operation;
}

/* ---- answers ---- */

size_t s7p_count_errors(struct cursor list)
{
	size_t n = 0;

	while (cur_left(&list) > 0 && s7p_vlq32(&list) != 0) {
		(void)s7p_vlq64(&list);
		n++;
	}
	return n;
}

void s7p_count_get_multi(struct cursor answer, size_t *n, size_t *failed)
{
	struct s7p_value value;

	*n = 0;
	while (cur_left(&answer) > 0 && s7p_vlq32(&answer) != 0) {
		if (!s7p_value_read(&answer, &value)) {
			break;
		}
		(*n)++;
	}
	*failed = s7p_count_errors(answer);
	*n += *failed;
}

/* Steps through the addresses that were asked for; items mostly come in their order. */
struct finder {
	struct several several, at;
	uint32_t next;
};

static bool find_address(struct finder *finder, uint32_t number, struct s7p_address *out)
{
	if (number == 0 || number > finder->several.n) {
		return false;
	}
	if (number < finder->next) {
		finder->at = finder->several;
		finder->next = 1;
	}
	do {
		next_address(&finder->at, out);
		finder->next++;
	} while (finder->next <= number);
	return true;
}

void s7p_answer_get_multi_items(struct dissection *d, enum operation operation, struct cursor asked,
				struct cursor answer)
{
	struct finder finder = { .next = 1 };
	struct s7p_address address;
	struct s7p_value value;
	uint32_t number, n = 0;

	if (cur_left(&asked) == 0 || !read_several(&asked, &finder.several)) {
		finder.several.n = 0;
	}
	finder.at = finder.several;
	while (cur_left(&answer) > 0 && (number = s7p_vlq32(&answer)) != 0) {
		if (!s7p_value_read(&answer, &value) || ++n > DISSECT_ITEMS_MAX) {
			return;
		}
		if (!item_begin(d, operation, PHASE_COMPLETE, OUTCOME_SUCCESS, number - 1)) {
			continue;
		}
		if (find_address(&finder, number, &address)) {
			put_address(d, &address);
			put_value_of(d, &address, &value);
		} else {
			s7p_put_item_value(d, &value);
		}
		record_commit(d->writer);
	}
	while (cur_left(&answer) > 0 && (number = s7p_vlq32(&answer)) != 0) {
		uint64_t error = s7p_vlq64(&answer);

		if (++n > DISSECT_ITEMS_MAX) {
			return;
		}
		if (!item_begin(d, operation, PHASE_COMPLETE, OUTCOME_FAILURE, number - 1)) {
			continue;
		}
		if (find_address(&finder, number, &address)) {
			put_address(d, &address);
		}
		record_put_static(d->writer, CORE_ITEM_STATUS, status_of(error));
		record_commit(d->writer);
	}
}

/* ---- subscriptions ---- */

/* The list of references: a word that says what it is, 0, how many; of each a word whose lower half
 * is the number of ids behind the area, its number for notifications, a word, the area, the
 * checksum, the sub-area, ids. */
void s7p_subscription_items(struct dissection *d, const struct s7p_value *list)
{
	struct cursor words = list->raw;
	uint32_t n;

	(void)s7p_vlq32(&words);
	(void)s7p_vlq32(&words);
	n = s7p_vlq32(&words);
	for (uint32_t i = 0; i < n && cur_left(&words) > 0; i++) {
		uint32_t ids = s7p_vlq32(&words) & 0xff;
		struct s7p_address address = { .n_ids = ids > 1 ? ids - 1 : 0 };
		struct cursor look;

		(void)s7p_vlq32(&words);
		(void)s7p_vlq32(&words);
		address.area = s7p_vlq32(&words);
		address.crc = s7p_vlq32(&words);
		address.sub = s7p_vlq32(&words);
		look = words;
		for (uint32_t id = 0; id < address.n_ids && cur_ok(&words); id++) {
			(void)s7p_vlq32(&words);
		}
		if (!cur_ok(&words)) {
			return;
		}
		address.ids = cur_sub(&look, cur_left(&look) - cur_left(&words));
		if (!item_begin(d, OPERATION_SUBSCRIBE, PHASE_REQUEST, OUTCOME_UNKNOWN, i)) {
			return;
		}
		put_address(d, &address);
		record_commit(d->writer);
	}
}

/* ---- notifications ---- */

enum { ITEM_ERROR_OLD = 0x03, ITEM_ERROR = 0x13, ITEM = 0x92, ITEM_V = 0x9b, ITEM_STATUS = 0x9c };

struct notified {
	uint32_t reference;
	bool failed, valued;
	struct s7p_value value;
};

/* False at the end of the list, or where it is not known how to go on. */
static bool next_notified(struct cursor *bytes, struct notified *out)
{
	uint8_t kind = cur_u8(bytes);

	*out = (struct notified) { .failed = kind == ITEM_ERROR || kind == ITEM_ERROR_OLD,
				   .valued = kind == ITEM || kind == ITEM_V };
	if (!out->failed && !out->valued && kind != ITEM_STATUS) {
		return false;
	}
	out->reference = kind == ITEM_V ? s7p_vlq32(bytes) : cur_be32(bytes);
	if (out->valued && !s7p_value_read(bytes, &out->value)) {
		return false;
	}
	return cur_ok(bytes);
}

static void notified_items(struct dissection *d, struct cursor bytes)
{
	struct notified item;

	for (size_t i = 0; next_notified(&bytes, &item); i++) {
		char text[24];
		struct s7p_text address = { text, 0, sizeof(text) };

		if (!item_begin(d, OPERATION_REPORT, PHASE_COMPLETE,
				item.failed ? OUTCOME_FAILURE : OUTCOME_SUCCESS, i)) {
			continue;
		}
		s7p_say(&address, "reference ");
		s7p_say_number(&address, item.reference);
		record_put_text(d->writer, CORE_ITEM_ADDRESS, text);
		if (item.valued) {
			struct s7p_value state;

			s7p_put_item_value(d, &item.value);
			if (s7p_value_member(&item.value, S7P_OPERATING_STATE, &state)) {
				s7p_put_mode(d, s7p_value_natural(&state));
			}
		} else if (item.failed) {
			record_put_static(d->writer, CORE_ITEM_STATUS, "invalid_address");
		}
		record_commit(d->writer);
	}
}

/* Behind the subscription: its number and, from the controllers on that give ids from 0x70000000,
 * how often the subscription was changed, or a time and that. */
static uint32_t read_number(struct cursor *data, bool old)
{
	uint32_t number;
	struct cursor look;
	uint8_t next;

	cur_skip(data, 1); /* how many more the client allows */
	if (!old) {
		number = s7p_vlq32(data);
		look = *data;
		cur_skip(data, cur_u8(&look) == 0 ? 9 : 1);
		return number;
	}
	number = cur_u8(data);
	look = *data;
	next = cur_u8(&look);
	cur_skip(data, next != 0 && next < 0x10 && next != ITEM_ERROR_OLD ? 1 : 0);
	return number;
}

enum parsed s7p_notification(struct dissection *d, const struct s7p_message *m, struct cursor data)
{
	uint32_t subscription = cur_be32(&data), number;
	struct notified item;
	struct cursor look;
	size_t n = 0, failed = 0;
	bool whole;

	cur_skip(&data, 6);
	number = read_number(&data, subscription < 0x70000000);
	whole = cur_ok(&data);
	if (!whole) {
		data = cur_of(NULL, 0);
	}
	look = data;
	while (next_notified(&look, &item)) {
		n++;
		failed += item.failed;
	}
	dissect_count(d, MESSAGE_USERDATA, S7P_COUNT_NOTIFICATION);
	transaction_open(d, (uint64_t)1 << 63 | (uint64_t)number << 32 | subscription);
	record_put_static(d->writer, CORE_FUNCTION, "notification");
	s7p_put_head(d, m);
	record_put_uint(d->writer, PUT(SUBSCRIPTION), subscription);
	record_put_uint(d->writer, PUT(NOTIFICATION), number);
	transaction_items(d, n, failed);
	if (!whole) {
		dissect_malformed(d, "short");
	}
	transaction_ask(d, OPERATION_REPORT, true);
	notified_items(d, data);
	return whole ? PARSED : PARSED_MALFORMED;
}
