/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Variable bindings (RFC 3416, 3): pairs of object identifier and value, the types of RFC 2578, 2.
 * What a device says of itself stands in the system group (RFC 3418) and, of its chassis, in the
 * table of physical entities (RFC 6933). */

#include "dissectors/snmp_private.h"

#include <stdio.h>

#define PUT(id)         FIELD_LOCAL(SNMP_##id)
#define VARIABLES_MAX   2048 /* of one message; a datagram has room for less */
#define SERVICES_COLUMN 7    /* of the system group */
#define CLASS_COLUMN    5
#define CLASS_CHASSIS   3
#define TEXT_MAX        RECORD_STRING_MAX
#define NO_SUCH_OBJECT  0x80
#define NO_SUCH_NAME    0x81
#define END_OF_VIEW     0x82

struct variable {
	struct cursor oid;
	struct ber value;
};

enum form { FORM_SIGNED, FORM_UNSIGNED, FORM_OCTETS, FORM_OID, FORM_ADDRESS, FORM_NOTHING };

/* Types of values by their tag. */
static const struct type {
	uint8_t tag, form;
	const char *name;
} types[] = {
	{ BER_INTEGER, FORM_SIGNED, "integer" },
	{ BER_OCTETS, FORM_OCTETS, "octet_string" },
	{ BER_NULL, FORM_NOTHING, "null" },
	{ BER_OID, FORM_OID, "object_identifier" },
	{ 0x40, FORM_ADDRESS, "ip_address" },
	{ 0x41, FORM_UNSIGNED, "counter32" },
	{ 0x42, FORM_UNSIGNED, "gauge32" },
	{ 0x43, FORM_UNSIGNED, "time_ticks" },
	{ 0x44, FORM_OCTETS, "opaque" },
	{ 0x46, FORM_UNSIGNED, "counter64" },
	{ NO_SUCH_OBJECT, FORM_NOTHING, "no_such_object" },
	{ NO_SUCH_NAME, FORM_NOTHING, "no_such_instance" },
	{ END_OF_VIEW, FORM_NOTHING, "end_of_mib_view" },
};

/* Scalars of the system group: 1.3.6.1.2.1.1.N.0. */
static const uint16_t system_fields[] = {
	[1] = PUT(DESCRIPTION) + 1, [2] = PUT(OBJECT_ID) + 1, [4] = PUT(CONTACT) + 1,
	[5] = PUT(NAME) + 1,        [6] = PUT(LOCATION) + 1,
};

/* Columns of entPhysicalTable: 1.3.6.1.2.1.47.1.1.1.1.N.index. */
static const uint16_t physical_fields[] = {
	[8] = PUT(HARDWARE) + 1, [9] = PUT(FIRMWARE) + 1, [10] = PUT(SOFTWARE) + 1,
	[11] = PUT(SERIAL) + 1,  [12] = PUT(VENDOR) + 1,  [13] = PUT(MODEL) + 1,
};

static const uint8_t system_group[] = { 0x2b, 6, 1, 2, 1, 1 };
static const uint8_t physical_table[] = { 0x2b, 6, 1, 2, 1, 47, 1, 1, 1, 1 };
static const uint8_t trap_oid[] = { 0x2b, 6, 1, 6, 3, 1, 1, 4, 1, 0 };

static const struct type *find_type(uint8_t tag)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].tag == tag) {
			return &types[i];
		}
	}
	return NULL;
}

/* The next binding; false at the end, or when it is none. */
static bool next_variable(struct cursor *list, struct variable *out)
{
	struct cursor pair = ber_expect(list, BER_SEQUENCE);

	out->oid = ber_expect(&pair, BER_OID);
	out->value = ber_next(&pair);
	return cur_ok(list) && cur_ok(&pair);
}

/* ---- who the device is ---- */

static bool begins_with(struct cursor *oid, const uint8_t *prefix, size_t n)
{
	struct cursor head = cur_sub(oid, n);

	return cur_ok(&head) && cur_equal(head, cur_of(prefix, n));
}

/* Texts without the line ends and blanks that they end in. */
static bool put_text(struct dissection *d, uint16_t field, struct cursor text)
{
	char copy[TEXT_MAX + 1];
	size_t n = size_min(cur_left(&text), TEXT_MAX);

	cur_copy(&text, copy, n);
	while (n > 0 && (uint8_t)copy[n - 1] <= ' ') {
		n--;
	}
	copy[n] = '\0';
	if (n > 0) {
		record_put_text(d->writer, field, copy);
	}
	return n > 0;
}

static bool has_dot(struct cursor text)
{
	while (cur_left(&text) > 0) {
		if (cur_u8(&text) == '.') {
			return true;
		}
	}
	return false;
}

static bool put_field(struct dissection *d, uint16_t field, const struct ber *value)
{
	char text[BER_OID_TEXT];

	if (field == PUT(NAME) && value->tag == BER_OCTETS && has_dot(value->content)) {
		field = PUT(DOMAIN);
	}

	if (value->tag == BER_OID) {
		ber_oid_text(value->content, text, sizeof(text));
		record_put_text(d->writer, field, text);
		return true;
	}
	return value->tag == BER_OCTETS && put_text(d, field, value->content);
}

/* The chassis is known by its class; index 1 is it when nobody asked for classes. */
static bool is_chassis(struct snmp_state *state, uint32_t column, uint32_t index,
		       const struct ber *value)
{
	int64_t class = 0;

	if (column == CLASS_COLUMN && state->chassis == 0 && value->tag == BER_INTEGER &&
	    ber_signed(value->content, &class) && class == CLASS_CHASSIS) {
		state->chassis = index;
	}
	return index == (state->chassis != 0 ? state->chassis : 1);
}

/* RFC 3418, sysServices: a bit for each layer that the device serves, the second and third of which
 * forward what others send. */
static bool put_services(struct dissection *d, const struct ber *value)
{
	static const char *const duties[] = { "bridge", "router" };
	const char *said[ARRAY_SIZE(duties)];
	int64_t layers = 0;
	size_t n = 0;

	if (value->tag != BER_INTEGER || !ber_signed(value->content, &layers)) {
		return false;
	}
	for (unsigned i = 0; i < ARRAY_SIZE(duties); i++) {
		if (((uint64_t)layers >> (i + 1) & 1) != 0) {
			said[n++] = duties[i];
		}
	}
	if (n > 0) {
		record_put_statics(d->writer, PUT(DUTY), said, n);
	}
	return n > 0;
}

/* One of the system group. */
static bool put_scalar(struct dissection *d, uint32_t column, const struct ber *value)
{
	if (column == SERVICES_COLUMN) {
		return put_services(d, value);
	}
	return column < ARRAY_SIZE(system_fields) && system_fields[column] != 0 &&
	       put_field(d, (uint16_t)(system_fields[column] - 1), value);
}

/* Puts what the value says of the device. Whether it says anything. */
static bool put_identity(struct dissection *d, const struct variable *v)
{
	struct cursor system = v->oid, physical = v->oid, trap = v->oid;
	uint32_t column;

	if (begins_with(&system, system_group, sizeof(system_group))) {
		column = ber_arc(&system);
		return ber_arc(&system) == 0 && cur_ok(&system) && cur_left(&system) == 0 &&
		       put_scalar(d, column, &v->value);
	}
	if (begins_with(&physical, physical_table, sizeof(physical_table))) {
		uint32_t index;

		column = ber_arc(&physical);
		index = ber_arc(&physical);
		return cur_ok(&physical) && is_chassis(d->state, column, index, &v->value) &&
		       column < ARRAY_SIZE(physical_fields) && physical_fields[column] != 0 &&
		       put_field(d, (uint16_t)(physical_fields[column] - 1), &v->value);
	}
	if (begins_with(&trap, trap_oid, sizeof(trap_oid)) && v->value.tag == BER_OID) {
		(void)put_field(d, PUT(TRAP_OID), &v->value);
	}
	return false;
}

struct snmp_variables snmp_variables(struct dissection *d, struct cursor list, bool tells)
{
	struct snmp_variables out = { .list = list };
	struct variable v;

	while (cur_left(&list) > 0 && out.n < VARIABLES_MAX) {
		if (!next_variable(&list, &v)) {
			out.malformed = true;
			break;
		}
		if (out.n == 0) {
			char text[BER_OID_TEXT];

			ber_oid_text(v.oid, text, sizeof(text));
			record_put_text(d->writer, PUT(OIDS), text);
		}
		out.n++;
		out.missing += v.value.tag == NO_SUCH_OBJECT || v.value.tag == NO_SUCH_NAME;
		out.identity |= tells && put_identity(d, &v);
	}
	return out;
}

/* ---- items ---- */

static bool is_text(struct cursor bytes)
{
	bool text = cur_left(&bytes) > 0;

	while (text && cur_left(&bytes) > 0) {
		uint8_t byte = cur_u8(&bytes);

		text = (byte >= ' ' && byte < 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
	}
	return text;
}

static void put_number(struct dissection *d, const struct ber *value, uint8_t form)
{
	int64_t integer = 0;
	uint64_t natural = 0;
	double number;

	if (form == FORM_SIGNED ? !ber_signed(value->content, &integer)
				: !ber_unsigned(value->content, &natural)) {
		return;
	}
	number = form == FORM_SIGNED ? (double)integer : (double)natural;
	record_put_doubles(d->writer, CORE_ITEM_VALUE, &number, 1);
}

static void put_octets(struct dissection *d, struct cursor octets)
{
	if (is_text(octets)) {
		(void)put_text(d, CORE_ITEM_TEXT, octets);
	} else {
		record_put_bytes(d->writer, CORE_ITEM_DATA, octets);
	}
}

static void put_address(struct dissection *d, struct cursor content)
{
	struct ip ip = cur_ip4(&content);
	char text[IP_TEXT_SIZE];

	if (cur_ok(&content)) {
		record_put_text(d->writer, CORE_ITEM_TEXT, ip_text(&ip, text));
	}
}

static void put_value(struct dissection *d, const struct ber *value)
{
	const struct type *type = find_type(value->tag);
	uint8_t form = type != NULL ? type->form : FORM_OCTETS;

	record_put_static(d->writer, CORE_ITEM_TYPE, type != NULL ? type->name : NULL);
	if (form == FORM_SIGNED || form == FORM_UNSIGNED) {
		put_number(d, value, form);
	} else if (form == FORM_OCTETS) {
		put_octets(d, value->content);
	} else if (form == FORM_OID) {
		(void)put_field(d, CORE_ITEM_TEXT, value);
	} else if (form == FORM_ADDRESS) {
		put_address(d, value->content);
	}
}

void snmp_items(struct dissection *d, const struct snmp_variables *variables,
		enum operation operation, enum phase phase, bool refused)
{
	struct cursor list = variables->list;
	struct variable v;

	if (!items_wanted(d, operation, OUTCOME_SUCCESS) &&
	    !items_wanted(d, operation, OUTCOME_FAILURE) &&
	    !items_wanted(d, operation, OUTCOME_UNKNOWN)) {
		return;
	}
	for (size_t i = 0; i < size_min(variables->n, DISSECT_ITEMS_MAX); i++) {
		char text[BER_OID_TEXT];
		bool missing;
		enum outcome outcome;

		if (!next_variable(&list, &v)) {
			return;
		}
		missing = v.value.tag == NO_SUCH_OBJECT || v.value.tag == NO_SUCH_NAME;
		outcome = phase == PHASE_REQUEST ? OUTCOME_UNKNOWN
			  : missing || refused   ? OUTCOME_FAILURE
						 : OUTCOME_SUCCESS;
		if (!item_begin(d, operation, phase, outcome, i)) {
			continue;
		}
		ber_oid_text(v.oid, text, sizeof(text));
		record_put_text(d->writer, CORE_ITEM_ADDRESS, text);
		put_value(d, &v.value);
		record_commit(d->writer);
	}
}
