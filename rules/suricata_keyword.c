/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_keyword.c - a table of keywords, and what each asks of which field.
 *
 * Suricata user guide, "Modbus Keyword", "DNP3 Keywords", "ENIP/CIP Keywords", "Thresholding
 * Keywords", "Flow Keywords"; Snort users manual 3.5, 3.6. */

#include "rules/suricata_private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

struct keyword {
	const char *name;
	bool (*take)(struct draft *draft, const struct keyword *keyword, const char *value);
	const char *service, *field;
};

/* ---- numbers ---- */

/* "5", "!5", "<5", ">=5", "1<>9", "1-9": what Suricata's integer keywords take. */
static bool number_condition(struct draft *draft, const char *field, const char *value)
{
	static const struct {
		const char *sign, *modifier;
	} signs[] = { { ">=", "|gte" }, { "<=", "|lte" }, { ">", "|gt" }, { "<", "|lt" } };
	const char *middle = strstr(value, "<>");
	char text[96], number[24];
	uint64_t low, high;
	struct clause *clause;

	if (middle == NULL && isdigit((unsigned char)value[0])) {
		middle = strchr(value, '-');
	}
	if (middle != NULL) {
		/* Both bounds are outside. */
		snprintf(number, sizeof(number), "%.*s", (int)(middle - value), value);
		snprintf(text, sizeof(text), "%s|gt", field);
		const char *above = draft_copy(draft, text, strlen(text));
		snprintf(text, sizeof(text), "%s|lt", field);
		const char *below = draft_copy(draft, text, strlen(text));
		return above != NULL && below != NULL && suricata_number(number, &low) &&
			       suricata_number(middle + (middle[0] == '<' ? 2 : 1), &high)
			   ? draft_number(draft, above, low) && draft_number(draft, below, high)
			   : draft_refuse(draft, "'%.40s' is no range of numbers", value);
	}
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		size_t n = strlen(signs[i].sign);

		if (strncmp(value, signs[i].sign, n) == 0) {
			snprintf(text, sizeof(text), "%s%s", field, signs[i].modifier);
			const char *name = draft_copy(draft, text, strlen(text));
			value += n + strspn(value + n, " ");
			return name != NULL && suricata_number(value, &low)
				   ? draft_number(draft, name, low)
				   : draft_refuse(draft, "'%.40s' is no number", value);
		}
	}
	bool negate = value[0] == '!';
	value += negate;
	value += strspn(value, " ");
	if (!suricata_number(value, &low)) {
		return draft_refuse(draft, "'%.40s' is no number", value);
	}
	clause = draft_clause(draft, field, GROUP_ALWAYS);
	if (clause != NULL) {
		clause->negate = negate;
	}
	return clause_add_number(draft, clause, low);
}

static bool take_number(struct draft *draft, const struct keyword *keyword, const char *value)
{
	return draft_service(draft, keyword->service) &&
	       number_condition(draft, keyword->field, value);
}

/* ---- flow, flags, thresholds ---- */

/* Each word between commas, without blanks; false when one is refused. */
static bool each_word(struct draft *draft, const char *value,
		      bool (*take)(struct draft *draft, char *word))
{
	char *copy = draft_copy(draft, value, strlen(value)), *word, *rest = copy;

	while (copy != NULL && (word = strsep(&rest, ",")) != NULL) {
		size_t n;

		word += strspn(word, " \t");
		for (n = strlen(word); n > 0 && isspace((unsigned char)word[n - 1]); n--) {
			word[n - 1] = '\0';
		}
		if (*word != '\0' && !take(draft, word)) {
			return false;
		}
	}
	return copy != NULL;
}

static bool flow_word(struct draft *draft, char *word)
{
	static const char *const none[] = { "established", "stateless", "no_stream", "only_stream",
					    "no_frag" };

	if (strcmp(word, "to_server") == 0 || strcmp(word, "from_client") == 0) {
		draft->direction = DIRECTION_TO_SERVER;
		return true;
	}
	if (strcmp(word, "to_client") == 0 || strcmp(word, "from_server") == 0) {
		draft->direction = DIRECTION_TO_CLIENT;
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(none); i++) {
		if (strcmp(word, none[i]) == 0) {
			return true;
		}
	}
	return draft_refuse(draft, "flow: %.40s", word);
}

static bool take_flow(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)keyword;
	return each_word(draft, value, flow_word);
}

/* A SYN alone begins a connection, which is a record. */
static bool take_flags(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)keyword;
	if (strcmp(value, "S") != 0 && strcmp(value, "S,12") != 0 && strcmp(value, "S,CE") != 0) {
		return draft_refuse(draft, "flags other than S");
	}
	draft->direction = DIRECTION_TO_SERVER;
	return draft_text(draft, "weir.flow.client_evidence", "syn");
}

static bool threshold_word(struct draft *draft, char *word)
{
	uint64_t number = 0;
	char text[24];

	if (sscanf(word, "count %23s", text) == 1) {
		if (!suricata_number(text, &number) || number == 0 || number > 10000) {
			return draft_refuse(draft, "a threshold's count is 1 to 10000");
		}
		draft->count = (uint32_t)number;
	} else if (sscanf(word, "seconds %23s", text) == 1) {
		if (!suricata_number(text, &number) || number == 0 || number > 99999) {
			return draft_refuse(draft, "a threshold's seconds are 1 to 99999");
		}
		draft->seconds = (uint32_t)number;
	} else if (strncmp(word, "track ", 6) == 0) {
		draft->track = word + 6;
	} else if (strncmp(word, "type ", 5) != 0) {
		return draft_refuse(draft, "threshold: %.40s", word);
	}
	return true;
}

/* Packet's source is who answers where the rule is about answers. */
static bool settle_track(struct draft *draft)
{
	static const struct {
		const char *track;
		const char *to_server, *to_client;
	} rows[] = {
		{ "by_src", "source.ip", "destination.ip" },
		{ "by_dst", "destination.ip", "source.ip" },
		{ "by_both", "source.ip, destination.ip", "source.ip, destination.ip" },
		{ "by_rule", "", "" },
	};

	for (size_t i = 0; draft->track != NULL && i < ARRAY_SIZE(rows); i++) {
		if (strcmp(draft->track, rows[i].track) == 0) {
			draft->track = draft->direction == DIRECTION_TO_CLIENT ? rows[i].to_client
									       : rows[i].to_server;
			return true;
		}
	}
	return draft_refuse(draft, "a threshold tracks by_src, by_dst, by_both or by_rule");
}

static bool take_threshold(struct draft *draft, const struct keyword *keyword, const char *value)
{
	bool filter = keyword->name[0] == 'd';

	/* "type:limit" is written too. */
	if (strstr(value, "type limit") != NULL) {
		draft_note(draft, "its limit is left out: repeated hits are one alert anyway");
		return true;
	}
	if (strstr(value, "type backoff") != NULL) {
		draft_note(draft, "its backoff is left out: repeated hits are one alert anyway");
		return true;
	}
	if (!each_word(draft, value, threshold_word)) {
		return false;
	}
	if (draft->count == 0 || draft->seconds == 0) {
		return draft_refuse(draft, "a threshold needs count and seconds");
	}
	draft->count += filter; /* alerts only beyond so many */
	return true;
}

/* ---- Modbus ---- */

/* MODBUS Application Protocol V1.1b3, 4.2 and 5: categories of function codes. */
static const struct {
	const char *name;
	uint8_t codes[48];
} categories[] = {
	{ "user",
	  { 65, 66, 67, 68, 69, 70, 71, 72, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
	    110 } },
	{ "reserved", { 9, 10, 13, 14, 41, 42, 90, 91, 125, 126, 127 } },
	{ "assigned", { 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24, 43 } },
};

/* What reads or writes which table. */
static const struct {
	const char *access, *table;
	uint8_t codes[10];
} accesses[] = {
	{ "read", "", { 1, 2, 3, 4, 23, 24 } },
	{ "read", "coils", { 1 } },
	{ "read", "discretes", { 2 } },
	{ "read", "holding", { 3, 23, 24 } },
	{ "read", "input", { 4 } },
	{ "write", "", { 5, 6, 15, 16, 22, 23 } },
	{ "write", "coils", { 5, 15 } },
	{ "write", "holding", { 6, 16, 22, 23 } },
};

static bool add_codes(struct draft *draft, const uint8_t *codes, size_t n, bool negate)
{
	struct clause *clause = draft_clause(draft, "weir.modbus.function_code", GROUP_ALWAYS);

	for (size_t i = 0; clause != NULL && i < n && codes[i] != 0; i++) {
		if (!clause_add_number(draft, clause, codes[i])) {
			return false;
		}
	}
	if (clause != NULL) {
		clause->negate = negate;
	}
	return clause != NULL;
}

static bool modbus_function(struct draft *draft, const char *word)
{
	bool negate = word[0] == '!';
	uint64_t code;

	word += negate;
	word += strspn(word, " ");
	if (suricata_number(word, &code)) {
		return number_condition(draft, "weir.modbus.function_code", word - negate);
	}
	if (strcmp(word, "all") == 0 && !negate) {
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(categories); i++) {
		if (strcmp(word, categories[i].name) == 0) {
			return add_codes(draft, categories[i].codes,
					 ARRAY_SIZE(categories[i].codes), negate);
		}
	}
	/* Whatever is neither for users nor reserved is public; assigned or not. */
	if (strcmp(word, "public") == 0 && !negate) {
		return add_codes(draft, categories[0].codes, ARRAY_SIZE(categories[0].codes),
				 true) &&
		       add_codes(draft, categories[1].codes, ARRAY_SIZE(categories[1].codes), true);
	}
	return draft_refuse(draft, "modbus: function %.40s", word);
}

static bool modbus_access(struct draft *draft, const char *text)
{
	char access[8] = "", table[12] = "";

	sscanf(text, "%7s %11s", access, table);
	for (size_t i = 0; i < ARRAY_SIZE(accesses); i++) {
		if (strcmp(accesses[i].access, access) == 0 &&
		    strcmp(accesses[i].table, table) == 0) {
			return add_codes(draft, accesses[i].codes, ARRAY_SIZE(accesses[i].codes),
					 false);
		}
	}
	return draft_refuse(draft, "modbus: access %.40s", text);
}

static bool modbus_word(struct draft *draft, char *word)
{
	char *rest = word + strcspn(word, " ");

	rest += strspn(rest, " ");
	if (strncmp(word, "function", 8) == 0) {
		return modbus_function(draft, rest);
	}
	if (strncmp(word, "access", 6) == 0) {
		return modbus_access(draft, rest);
	}
	if (strncmp(word, "unit", 4) == 0) {
		return number_condition(draft, "weir.unit_id", rest);
	}
	if (strncmp(word, "subfunction", 11) == 0) {
		return number_condition(draft, "weir.modbus.subfunction", rest);
	}
	if (strncmp(word, "address", 7) == 0 && rest[0] == '<' && rest[1] != '>') {
		/* Some address below: then the first one is. */
		return number_condition(draft, "weir.modbus.address", rest);
	}
	return draft_refuse(draft,
			    strncmp(word, "address", 7) == 0
				? "an address inside of what a request names is no field, only the "
				  "first one is"
				: "modbus: %.40s",
			    word);
}

static bool take_modbus(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)keyword;
	return draft_service(draft, "modbus") && each_word(draft, value, modbus_word);
}

/* ---- DNP3 ---- */

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

static bool take_dnp3_function(struct draft *draft, const struct keyword *keyword,
			       const char *value)
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

static bool take_dnp3_indications(struct draft *draft, const struct keyword *keyword,
				  const char *value)
{
	(void)keyword;
	draft->answers = true;
	return draft_service(draft, "dnp3") && each_word(draft, value, dnp3_indication);
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
static bool take_dnp3_object(struct draft *draft, const struct keyword *keyword, const char *value)
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

/* ---- EtherNet/IP and CIP ---- */

static bool take_enip_command(struct draft *draft, const struct keyword *keyword, const char *value)
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
	return number_condition(draft, keyword->field, value);
}

/* "service[,class[,attribute]]" */
static bool take_cip_service(struct draft *draft, const struct keyword *keyword, const char *value)
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
		if (!number_condition(draft, fields[n++], word)) {
			return false;
		}
	}
	return true;
}

/* Major and minor revision, one octet each, the major one first on the wire. */
static bool take_enip_revision(struct draft *draft, const struct keyword *keyword,
			       const char *value)
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

static bool take_enip_serial(struct draft *draft, const struct keyword *keyword, const char *value)
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
static bool take_enip_state(struct draft *draft, const struct keyword *keyword, const char *value)
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

static bool take_sticky(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)value;
	draft->sticky = keyword->name;
	return draft_service(draft, keyword->service);
}

/* ---- events of the parsers ---- */

static const struct {
	const char *event, *field, *value;
} events[] = {
	{ "modbus.unsolicited_response", "weir.transaction.status", "orphan" },
	{ "modbus.invalid_length", "weir.malformed", "length" },
	{ "modbus.invalid_value", "weir.modbus.forbidden|exists", "true" },
	{ "dnp3.bad_transport_crc", "weir.malformed", "data_crc" },
	{ "dnp3.unknown_object", "weir.dnp3.unknown_object|exists", "true" },
	{ "dnp3.too_long_reassembly", "weir.dnp3.transport_error", "too_long" },
	{ "enip.invalid_pdu", "weir.malformed|exists", "true" },
};

static bool take_event(struct draft *draft, const struct keyword *keyword, const char *value)
{
	char service[8];

	(void)keyword;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		if (strcmp(value, events[i].event) == 0) {
			snprintf(service, sizeof(service), "%.*s", (int)strcspn(value, "."), value);
			return draft_service(draft, service[0] == 'm'   ? "modbus"
						    : service[0] == 'd' ? "dnp3"
									: "enip") &&
			       draft_text(draft, events[i].field, events[i].value);
		}
	}
	return draft_refuse(draft, "the event %.60s is not told apart here", value);
}

/* ---- contents ---- */

static bool take_content(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)keyword;
	return suricata_content(draft, value);
}

static bool take_content_modifier(struct draft *draft, const struct keyword *keyword,
				  const char *value)
{
	return suricata_content_modifier(draft, keyword->name, value);
}

static bool take_pcre(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)keyword;
	return suricata_pcre(draft, value);
}

static bool take_byte_test(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)keyword;
	return suricata_byte_test(draft, value);
}

/* ---- the table ---- */

/* What is said of a rule, not asked of a packet; suricata_write.c carries it. */
static bool take_nothing(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)draft, (void)keyword, (void)value;
	return true;
}

static const struct keyword keywords[] = {
	{ "msg", take_nothing, NULL, NULL },
	{ "sid", take_nothing, NULL, NULL },
	{ "gid", take_nothing, NULL, NULL },
	{ "rev", take_nothing, NULL, NULL },
	{ "reference", take_nothing, NULL, NULL },
	{ "classtype", take_nothing, NULL, NULL },
	{ "priority", take_nothing, NULL, NULL },
	{ "metadata", take_nothing, NULL, NULL },
	{ "target", take_nothing, NULL, NULL },
	{ "flow", take_nothing, NULL, NULL }, /* read before all others */
	{ "flags", take_flags, NULL, NULL },
	{ "threshold", take_threshold, NULL, NULL },
	{ "detection_filter", take_threshold, NULL, NULL },
	{ "content", take_content, NULL, NULL },
	{ "offset", take_content_modifier, NULL, NULL },
	{ "depth", take_content_modifier, NULL, NULL },
	{ "pcre", take_pcre, NULL, NULL },
	{ "byte_test", take_byte_test, NULL, NULL },
	{ "modbus", take_modbus, NULL, NULL },
	{ "dnp3_func", take_dnp3_function, NULL, NULL },
	{ "dnp3.func", take_dnp3_function, NULL, NULL },
	{ "dnp3_ind", take_dnp3_indications, NULL, NULL },
	{ "dnp3.ind", take_dnp3_indications, NULL, NULL },
	{ "dnp3_obj", take_dnp3_object, NULL, NULL },
	{ "dnp3.obj", take_dnp3_object, NULL, NULL },
	{ "dnp3_data", take_sticky, "dnp3", NULL },
	{ "dnp3.data", take_sticky, "dnp3", NULL },
	{ "enip_command", take_enip_command, "enip", "weir.enip.command" },
	{ "enip.command", take_enip_command, "enip", "weir.enip.command" },
	{ "enip.status", take_number, "enip", "weir.enip.status" },
	{ "enip.protocol_version", take_number, "enip", "weir.enip.protocol_version" },
	{ "enip.product_code", take_number, "enip", "weir.enip.identity.product_code" },
	{ "enip.device_type", take_number, "enip", "weir.enip.identity.device_type_id" },
	{ "enip.vendor_id", take_number, "enip", "weir.enip.identity.vendor_id" },
	{ "enip.identity_status", take_number, "enip", "weir.enip.identity.status" },
	{ "enip.revision", take_enip_revision, "enip", "weir.enip.identity.revision" },
	{ "enip.serial", take_enip_serial, "enip", "weir.enip.identity.serial_number" },
	{ "enip.state", take_enip_state, "enip", "weir.enip.identity.state" },
	{ "enip.product_name", take_sticky, "enip", NULL },
	{ "cip_service", take_cip_service, "cip", NULL },
	{ "enip.cip_service", take_cip_service, "cip", NULL },
	{ "enip.cip_class", take_number, "cip", "weir.cip.class" },
	{ "enip.cip_instance", take_number, "cip", "weir.cip.instance" },
	{ "enip.cip_attribute", take_number, "cip", "weir.cip.attribute" },
	{ "enip.cip_status", take_number, "cip", "weir.cip.status" },
	{ "enip.cip_extendedstatus", take_number, "cip", "weir.cip.extended_status" },
	{ "app-layer-event", take_event, NULL, NULL },
};

static bool take_option(struct draft *draft, const struct suricata_option *option)
{
	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++) {
		if (strcmp(keywords[i].name, option->name) == 0) {
			return keywords[i].take(draft, &keywords[i], option->value);
		}
	}
	return draft_refuse(draft, "keyword '%.40s' asks for what no field says", option->name);
}

/* Without a message of a protocol, a rule is about connections: their beginning. */
static bool settle_flow(struct draft *draft)
{
	if (draft->application || draft->n_pins > 0) {
		return true;
	}
	draft->service = NULL;
	if (draft->count > 0 && suricata_option(draft->rule, "flags") == NULL) {
		return draft_refuse(draft, "a threshold of packets; connections are counted here");
	}
	if (suricata_option(draft->rule, "flags") == NULL) {
		draft_note(draft, "once a connection, when it begins");
	}
	return draft_text(draft, "weir.flow.event", "begin");
}

bool suricata_keywords(struct draft *draft)
{
	const struct suricata_rule *rule = draft->rule;
	const char *flow = suricata_option(rule, "flow");

	if (flow != NULL && !take_flow(draft, NULL, flow)) {
		return false;
	}
	for (size_t i = 0; i < rule->n_options; i++) {
		if (!take_option(draft, &rule->options[i])) {
			return false;
		}
	}
	if (draft->count > 0 && !settle_track(draft)) {
		return false;
	}
	return draft->content_open || settle_flow(draft);
}
