/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_fields.c - bytes that are pinned to a place of a message, as the fields that they are.
 *
 * MODBUS Messaging on TCP/IP V1.0b 3.1.3: MBAP header of 7 bytes, then the function code.
 * IEEE 1815-2012 9.2, 8.2, 4.2: link header of 10 bytes, transport, application control, function
 * code, internal indications.  CIP Volume 2, 2-3: EtherNet/IP header of 24 bytes.
 * Such a rule sees a message only where a segment begins with it; the field does not care. */

#include "rules/suricata_private.h"

#include <stdio.h>
#include <string.h>

/* The one value that the byte may have; -1: there are others, or nobody asks for it. */
static int only(const struct pin *pin)
{
	int value = -1;

	for (int i = 0; pin != NULL && i < 256; i++) {
		if (pin->values[i]) {
			if (value >= 0) {
				return -1;
			}
			value = i;
		}
	}
	return value;
}

/* Takes a byte out of those that wait for a field. Returns it or NULL. */
static struct pin *take(struct draft *draft, unsigned position)
{
	struct pin *pin = suricata_pin(draft, position);

	if (pin != NULL) {
		pin->position = UINT32_MAX;
	}
	return pin;
}

/* A byte that the protocol itself fixes: nothing is left to ask. */
static bool implied(struct draft *draft, unsigned position, int value)
{
	const struct pin *pin = take(draft, position);

	return pin == NULL || only(pin) == value
		   ? true
		   : draft_refuse(draft, "byte %u of such a message has another value", position);
}

/* A field that is one byte, less `mask`. */
static bool byte_field(struct draft *draft, unsigned position, const char *field, uint8_t mask)
{
	const struct pin *pin = take(draft, position);
	struct clause *clause = pin != NULL ? draft_clause(draft, field, GROUP_ALWAYS) : NULL;

	for (unsigned i = 0; clause != NULL && i < 256; i++) {
		if (pin->values[i] && !clause_add_number(draft, clause, i & (uint8_t)~mask)) {
			return false;
		}
	}
	return pin == NULL || clause != NULL;
}

/* A field of two bytes, both of which are asked for. high: where the more significant one is. */
static bool word_field(struct draft *draft, unsigned high, unsigned low, const char *field)
{
	int a = only(suricata_pin(draft, high)), b = only(suricata_pin(draft, low));

	if (suricata_pin(draft, high) == NULL && suricata_pin(draft, low) == NULL) {
		return true;
	}
	if (a < 0 || b < 0) {
		return draft_refuse(draft, "one byte of a field of two");
	}
	take(draft, high);
	take(draft, low);
	return draft_number(draft, field, (uint64_t)a << 8 | (uint64_t)b);
}

/* Whether each value that the byte may have is at least 128. */
static bool is_high(const struct pin *pin)
{
	bool any = false;

	for (unsigned i = 0; pin != NULL && i < 256; i++) {
		any = any || pin->values[i];
		if (pin->values[i] && i < 128) {
			return false;
		}
	}
	return any;
}

static bool modbus_answer(struct draft *draft)
{
	const struct pin *code = suricata_pin(draft, 7);

	if (!is_high(code)) {
		return draft_refuse(draft, "bytes of an answer that is no exception");
	}
	/* "any exception" asks for no function code. */
	bool all = true;
	for (unsigned i = 128; i < 256; i++) {
		all = all && code->values[i];
	}
	if (all) {
		take(draft, 7);
		if (suricata_pin(draft, 8) == NULL) {
			return draft_text(draft, "weir.modbus.exception_code|exists", "true");
		}
	}
	draft->answers = true;
	return byte_field(draft, 7, "weir.modbus.function_code", 0x80) &&
	       byte_field(draft, 8, "weir.modbus.exception_code", 0);
}

static bool modbus_bytes(struct draft *draft)
{
	int code = only(suricata_pin(draft, 7));

	if (!word_field(draft, 0, 1, "weir.modbus.transaction_id") || !implied(draft, 2, 0) ||
	    !implied(draft, 3, 0) || !byte_field(draft, 6, "weir.unit_id", 0)) {
		return false;
	}
	if (draft->direction == DIRECTION_TO_CLIENT) {
		return modbus_answer(draft);
	}
	if (!byte_field(draft, 7, "weir.modbus.function_code", 0)) {
		return false;
	}
	if (code == 8) {
		return word_field(draft, 8, 9, "weir.modbus.subfunction");
	}
	if (code == 43) {
		return byte_field(draft, 8, "weir.modbus.mei_type", 0);
	}
	return (code >= 1 && code <= 6) || code == 15 || code == 16
		   ? word_field(draft, 8, 9, "weir.modbus.address")
		   : true;
}

/* Internal indications: a bit of the byte each. */
static bool indications(struct draft *draft)
{
	static const char *const names[8] = { "function_not_supported", "object_unknown",
					      "parameter_error",        "event_buffer_overflow",
					      "already_executing",      "configuration_corrupt" };
	const struct pin *pin = take(draft, 14);
	struct clause *clause;
	unsigned bits = 0x3f;

	if (pin == NULL) {
		return true;
	}
	/* Bits that every value has, and the lowest of each: what the list is about. */
	for (unsigned i = 0, seen = 0; i < 256; i++) {
		if (pin->values[i]) {
			bits = seen++ == 0 ? i : bits | i;
		}
	}
	for (unsigned i = 0; i < 256; i++) {
		unsigned lone = i & (i - 1);

		/* A bit that never stands alone is only allowed beside the others. */
		if (lone == 0 && i != 0 && (bits & i) != 0 && !pin->values[i]) {
			bits &= ~i;
		}
	}
	clause = bits != 0 ? draft_clause(draft, "weir.dnp3.iin", GROUP_ALWAYS) : NULL;
	for (unsigned i = 0; clause != NULL && i < 6; i++) {
		clause->text = true;
		if ((bits >> i & 1) != 0 && !clause_add(draft, clause, names[i])) {
			return false;
		}
	}
	draft_note(draft, "wider: other indications may be set beside these");
	return clause != NULL && clause->n > 0
		   ? true
		   : draft_refuse(draft, "internal indications that are no list of bits");
}

static bool dnp3_destination(struct draft *draft)
{
	int low = only(suricata_pin(draft, 4)), high = only(suricata_pin(draft, 5));
	static const char *const broadcasts[] = { "dont_confirm", "shall_confirm",
						  "optional_confirm" };

	if (draft->direction != DIRECTION_TO_CLIENT && high == 0xff && low >= 0xfd) {
		take(draft, 4);
		take(draft, 5);
		return draft_text(draft, "weir.dnp3.broadcast", broadcasts[low - 0xfd]);
	}
	return word_field(draft, 5, 4,
			  draft->direction == DIRECTION_TO_CLIENT ? "weir.dnp3.master"
								  : "weir.unit_id");
}

static bool dnp3_bytes(struct draft *draft)
{
	int code = only(suricata_pin(draft, 12));

	if (!implied(draft, 0, 0x05) || !implied(draft, 1, 0x64) || !dnp3_destination(draft)) {
		return false;
	}
	if (draft->direction == DIRECTION_TO_CLIENT && code == 129) {
		take(draft, 12);
		draft->answers = true;
		return indications(draft);
	}
	if (draft->direction == DIRECTION_TO_CLIENT && code != 130) {
		return draft_refuse(draft, "an outstation sends no such function code");
	}
	return byte_field(draft, 12, "weir.dnp3.function_code", 0) && indications(draft);
}

/* The sender context of 8 bytes: as much of it as is asked for, from its beginning or to its end.
 */
static bool sender_context(struct draft *draft)
{
	char hex[17] = "";
	unsigned from = 12, to;

	while (from < 20 && suricata_pin(draft, from) == NULL) {
		from++;
	}
	for (to = from; to < 20 && only(suricata_pin(draft, to)) >= 0; to++) {
		snprintf(hex + 2 * (to - from), 3, "%02x", (unsigned)only(suricata_pin(draft, to)));
		take(draft, to);
	}
	if (from == 20) {
		return true;
	}
	return draft_text(draft,
			  from == 12 && to == 20 ? "weir.enip.sender_context"
			  : from == 12           ? "weir.enip.sender_context|startswith"
						 : "weir.enip.sender_context|endswith",
			  hex) &&
		       (from == 12 || to == 20)
		   ? true
		   : draft_refuse(draft, "bytes in the middle of the sender context");
}

static bool enip_bytes(struct draft *draft)
{
	int high = only(suricata_pin(draft, 1));

	/* Commands above 255 are of vendors; one byte means one of the others. */
	if (high < 0 ? !byte_field(draft, 0, "weir.enip.command", 0)
		     : !word_field(draft, 1, 0, "weir.enip.command")) {
		return false;
	}
	return sender_context(draft);
}

bool suricata_bytes_end(struct draft *draft)
{
	if (!suricata_content_end(draft)) {
		return false;
	}
	if (draft->n_pins == 0) {
		return true;
	}
	if (draft->service == NULL) {
		return draft_refuse(draft, "bytes of a message that is none of Modbus, DNP3 or "
					   "EtherNet/IP, by its port");
	}
	if (draft->direction == DIRECTION_UNKNOWN) {
		return draft_refuse(draft, "bytes of requests or of answers: the direction is not "
					   "told");
	}
	draft->application = true;
	if (!(strcmp(draft->service, "modbus") == 0 ? modbus_bytes(draft)
	      : strcmp(draft->service, "dnp3") == 0 ? dnp3_bytes(draft)
						    : enip_bytes(draft))) {
		return false;
	}
	for (size_t i = 0; i < draft->n_pins; i++) {
		if (draft->pins[i].position != UINT32_MAX) {
			return draft_refuse(draft, "byte %u of %s is no field",
					    draft->pins[i].position, draft->service);
		}
	}
	return true;
}
