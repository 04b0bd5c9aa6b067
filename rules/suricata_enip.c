/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_enip.c - the keywords of EtherNet/IP and CIP that are more than a number (user guide,
 * "ENIP/CIP Keywords"). */

#include "rules/suricata_private.h"

#include <stdio.h>
#include <string.h>

bool suricata_enip_command(struct draft *draft, const struct keyword *keyword, const char *value)
{
	static const struct {
		const char *name;
		uint16_t command;
	} names[] = {
		{ "nop", 0x00 },
		{ "list_services", 0x04 },
		{ "list_identity", 0x63 },
		{ "list_interfaces", 0x64 },
		{ "register_session", 0x65 },
		{ "unregister_session", 0x66 },
		{ "send_rr_data", 0x6f },
		{ "send_unit_data", 0x70 },
		{ "indicate_status", 0x72 },
		{ "cancel", 0x73 },
	};

	if (!draft_service(draft, "enip")) {
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcasecmp(names[i].name, value) == 0) {
			return draft_number(draft, keyword->field, names[i].command);
		}
	}
	return suricata_condition(draft, keyword->field, value);
}

/* "service[,class[,attribute]]" */
bool suricata_cip_service(struct draft *draft, const struct keyword *keyword, const char *value)
{
	static const char *const fields[] = { "weir.cip.service", "weir.cip.class",
					      "weir.cip.attribute" };
	char *copy = draft_copy(draft, value, strlen(value)), *word, *rest = copy;
	size_t n = 0;

	if (copy == NULL || !draft_service(draft, keyword->service)) {
		return false;
	}
	while ((word = strsep(&rest, ",")) != NULL) {
		word += strspn(word, " ");
		if (n == ARRAY_SIZE(fields)) {
			return draft_refuse(draft, "cip_service: %.40s", value);
		}
		if (!suricata_condition(draft, fields[n++], word)) {
			return false;
		}
	}
	return true;
}

/* Major and minor revision, one octet each, the major one first on the wire. */
bool suricata_enip_revision(struct draft *draft, const struct keyword *keyword, const char *value)
{
	uint64_t number;
	char text[16];

	if (!draft_service(draft, "enip")) {
		return false;
	}
	if (!suricata_number(value, &number) || number > UINT16_MAX) {
		return draft_refuse(draft, "a revision that is no number");
	}
	snprintf(text, sizeof(text), "%u.%03u", (unsigned)(number & 0xff), (unsigned)(number >> 8));
	return draft_text(draft, keyword->field, text);
}

bool suricata_enip_serial(struct draft *draft, const struct keyword *keyword, const char *value)
{
	uint64_t number;
	char text[16];

	if (!draft_service(draft, "enip")) {
		return false;
	}
	if (!suricata_number(value, &number) || number > UINT32_MAX) {
		return draft_refuse(draft, "a serial number that is no number");
	}
	snprintf(text, sizeof(text), "%08X", (unsigned)number);
	return draft_text(draft, keyword->field, text);
}

/* CIP Volume 1, 5A-2.1: state of the identity object. */
bool suricata_enip_state(struct draft *draft, const struct keyword *keyword, const char *value)
{
	static const char *const states[] = { "nonexistent",
					      "self_testing",
					      "standby",
					      "operational",
					      "major_recoverable_fault",
					      "major_unrecoverable_fault" };
	uint64_t number;

	if (!draft_service(draft, "enip")) {
		return false;
	}
	if (!suricata_number(value, &number) || number >= ARRAY_SIZE(states)) {
		return draft_refuse(draft, "a state that has no name");
	}
	return draft_text(draft, keyword->field, states[number]);
}
