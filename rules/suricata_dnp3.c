/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_dnp3.c - the keywords of DNP3: functions, indications, objects (user guide, "DNP3
 * Keywords"). */

#include "rules/suricata_private.h"

#include <stdio.h>
#include <string.h>

/* IEEE 1815-2012 table 4-1. */
static const char *const dnp3_functions[] = { "confirm",
					      "read",
					      "write",
					      "select",
					      "operate",
					      "direct_operate",
					      "direct_operate_nr",
					      "immed_freeze",
					      "immed_freeze_nr",
					      "freeze_clear",
					      "freeze_clear_nr",
					      "freeze_at_time",
					      "freeze_at_time_nr",
					      "cold_restart",
					      "warm_restart",
					      "initialize_data",
					      "initialize_appl",
					      "start_appl",
					      "stop_appl",
					      "save_config",
					      "enable_unsolicited",
					      "disable_unsolicited",
					      "assign_class",
					      "delay_measure",
					      "record_current_time",
					      "open_file",
					      "close_file",
					      "delete_file",
					      "get_file_info",
					      "authenticate_file",
					      "abort_file",
					      "activate_config",
					      "authenticate_req",
					      "authenticate_err" };

static bool dnp3_code(const char *word, uint64_t *out)
{
	if (suricata_number(word, out)) {
		return *out <= UINT8_MAX;
	}
	for (size_t i = 0; i < ARRAY_SIZE(dnp3_functions); i++) {
		if (strcasecmp(word, dnp3_functions[i]) == 0) {
			*out = i;
			return true;
		}
	}
	*out = strcasecmp(word, "response") == 0 ? 129 : 130;
	return *out == 129 || strcasecmp(word, "unsolicited_response") == 0;
}

bool suricata_dnp3_function(struct draft *draft, const struct keyword *keyword, const char *value)
{
	uint64_t code = 0;

	(void)keyword;
	if (!draft_service(draft, "dnp3")) {
		return false;
	}
	if (!dnp3_code(value, &code)) {
		return draft_refuse(draft, "'%.40s' is no function code of DNP3", value);
	}
	if (code == 129) {
		draft->answers = true;
		return true;
	}
	/* An unsolicited response is a record of its own, from master to outstation as all are. */
	if ((code < 129 && draft->direction == DIRECTION_TO_CLIENT) ||
	    (code >= 130 && draft->direction == DIRECTION_TO_SERVER)) {
		return draft_refuse(draft, "no such message goes in this direction");
	}
	return draft_number(draft, "weir.dnp3.function_code", code);
}

/* Bits of the two octets of internal indications, the first octet high; as Suricata names them,
 * and as we do. */
static const struct {
	const char *theirs, *ours;
	uint16_t bit;
} dnp3_indications[] = {
	{ "all_stations", "broadcast", 0x0100 },
	{ "class_1_events", "class_1_events", 0x0200 },
	{ "class_2_events", "class_2_events", 0x0400 },
	{ "class_3_events", "class_3_events", 0x0800 },
	{ "need_time", "need_time", 0x1000 },
	{ "local_control", "local_control", 0x2000 },
	{ "device_trouble", "device_trouble", 0x4000 },
	{ "device_restart", "device_restart", 0x8000 },
	{ "no_func_code_support", "function_not_supported", 0x0001 },
	{ "object_unknown", "object_unknown", 0x0002 },
	{ "parameter_error", "parameter_error", 0x0004 },
	{ "event_buffer_overflow", "event_buffer_overflow", 0x0008 },
	{ "already_executing", "already_executing", 0x0010 },
	{ "config_corrupt", "configuration_corrupt", 0x0020 },
	{ "reserved_2", "reserved_6", 0x0040 },
	{ "reserved_1", "reserved_7", 0x0080 },
};

/* Each that is set, as a clause of its own: all must be there. */
static bool add_indication(struct draft *draft, const char *name, bool negate)
{
	struct clause *clause = draft_clause(draft, "weir.dnp3.iin", GROUP_ALWAYS);

	if (clause != NULL) {
		clause->negate = negate;
		clause->text = true;
	}
	return clause_add(draft, clause, name);
}

static bool dnp3_indication(struct draft *draft, char *word)
{
	bool negate = word[0] == '!', any = false;
	uint64_t bits;

	word += negate;
	if (suricata_number(word, &bits)) {
		if (bits == 0) {
			struct clause *clause =
			    draft_clause(draft, "weir.dnp3.iin|exists", GROUP_ALWAYS);

			return clause_add(draft, clause, negate ? "true" : "false");
		}
		if (negate) {
			return draft_refuse(draft, "indications that are not exactly a number");
		}
		draft_note(draft, "wider: other indications may be set beside these");
		for (size_t i = 0; i < ARRAY_SIZE(dnp3_indications); i++) {
			if ((bits & dnp3_indications[i].bit) != 0) {
				any = true;
				if (!add_indication(draft, dnp3_indications[i].ours, false)) {
					return false;
				}
			}
		}
		return any || draft_refuse(draft, "'%.20s' are no indications", word);
	}
	for (size_t i = 0; i < ARRAY_SIZE(dnp3_indications); i++) {
		if (strcasecmp(word, dnp3_indications[i].theirs) == 0) {
			return add_indication(draft, dnp3_indications[i].ours, negate);
		}
	}
	return draft_refuse(draft, "'%.40s' is no indication of DNP3", word);
}

bool suricata_dnp3_indications(struct draft *draft, const struct keyword *keyword,
			       const char *value)
{
	(void)keyword;
	draft->answers = true;
	return draft_service(draft, "dnp3") && suricata_words(draft, value, dnp3_indication);
}

/* An object of the request or of the response. */
static bool dnp3_either(struct draft *draft, const char *object)
{
	const struct suricata_rule *rule = draft->rule;
	const char *const header[] = { rule->source, rule->source_port, rule->destination,
				       rule->destination_port };
	static const char *const fields[] = { "weir.dnp3.objects", "weir.dnp3.response_objects" };

	for (size_t i = 0; i < ARRAY_SIZE(header); i++) {
		if (strcmp(header[i], "any") != 0) {
			return draft_refuse(draft, "an object of a request or of a response, and "
						   "addresses that do not tell which");
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		struct clause *clause =
		    draft_clause(draft, fields[i], i == 0 ? GROUP_FORWARD : GROUP_BACKWARD);

		if (!clause_add(draft, clause, object)) {
			return false;
		}
		clause->text = true;
	}
	return true;
}

/* "group,variation" */
bool suricata_dnp3_object(struct draft *draft, const struct keyword *keyword, const char *value)
{
	unsigned group, variation;
	char text[24], end;

	(void)keyword;
	if (sscanf(value, "%3u , %3u%c", &group, &variation, &end) != 2 || group > 255 ||
	    variation > 255) {
		return draft_refuse(draft, "'%.40s' is no object of DNP3", value);
	}
	snprintf(text, sizeof(text), "g%uv%u", group, variation);
	if (!draft_service(draft, "dnp3")) {
		return false;
	}
	if (draft->direction == DIRECTION_UNKNOWN) {
		return dnp3_either(draft, text);
	}
	return draft_text(draft,
			  draft->direction == DIRECTION_TO_CLIENT ? "weir.dnp3.response_objects"
								  : "weir.dnp3.objects",
			  text);
}
