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

/* ---- numbers ---- */

/* FIELD|MODIFIER: number */
static bool compared(struct draft *draft, const char *field, const char *modifier,
		     const char *value)
{
	char text[96];
	const char *name;
	uint64_t number;

	snprintf(text, sizeof(text), "%s|%s", field, modifier);
	name = draft_copy(draft, text, strlen(text));
	value += strspn(value, " ");
	return name != NULL && suricata_number(value, &number)
		   ? draft_number(draft, name, number)
		   : draft_refuse(draft, "'%.40s' is no number", value);
}

/* Both bounds are outside. */
static bool between(struct draft *draft, const char *field, const char *value, const char *middle)
{
	char low[24];

	snprintf(low, sizeof(low), "%.*s", (int)(middle - value), value);
	return compared(draft, field, "gt", low) &&
	       compared(draft, field, "lt", middle + (middle[0] == '<' ? 2 : 1));
}

bool suricata_condition(struct draft *draft, const char *field, const char *value)
{
	static const struct {
		const char *sign, *modifier;
	} signs[] = { { ">=", "gte" }, { "<=", "lte" }, { ">", "gt" }, { "<", "lt" } };
	const char *middle = strstr(value, "<>");
	struct clause *clause;
	uint64_t number;
	bool negate;

	if (middle == NULL && isdigit((unsigned char)value[0])) {
		middle = strchr(value, '-');
	}
	if (middle != NULL) {
		return between(draft, field, value, middle);
	}
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		size_t n = strlen(signs[i].sign);

		if (strncmp(value, signs[i].sign, n) == 0) {
			return compared(draft, field, signs[i].modifier, value + n);
		}
	}
	negate = value[0] == '!';
	value += negate;
	value += strspn(value, " ");
	if (!suricata_number(value, &number)) {
		return draft_refuse(draft, "'%.40s' is no number", value);
	}
	clause = draft_clause(draft, field, GROUP_ALWAYS);
	if (clause != NULL) {
		clause->negate = negate;
	}
	return clause_add_number(draft, clause, number);
}

static bool take_number(struct draft *draft, const struct keyword *keyword, const char *value)
{
	return draft_service(draft, keyword->service) &&
	       suricata_condition(draft, keyword->field, value);
}

/* ---- flow, flags, thresholds ---- */

bool suricata_words(struct draft *draft, const char *value,
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
	return suricata_words(draft, value, flow_word);
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
	if (!suricata_words(draft, value, threshold_word)) {
		return false;
	}
	if (draft->count == 0 || draft->seconds == 0) {
		return draft_refuse(draft, "a threshold needs count and seconds");
	}
	draft->count += filter; /* alerts only beyond so many */
	return true;
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

static bool take_sticky(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)value;
	draft->sticky = keyword->name;
	return draft_service(draft, keyword->service);
}

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
	{ "modbus", suricata_modbus, NULL, NULL },
	{ "dnp3_func", suricata_dnp3_function, NULL, NULL },
	{ "dnp3.func", suricata_dnp3_function, NULL, NULL },
	{ "dnp3_ind", suricata_dnp3_indications, NULL, NULL },
	{ "dnp3.ind", suricata_dnp3_indications, NULL, NULL },
	{ "dnp3_obj", suricata_dnp3_object, NULL, NULL },
	{ "dnp3.obj", suricata_dnp3_object, NULL, NULL },
	{ "dnp3_data", take_sticky, "dnp3", NULL },
	{ "dnp3.data", take_sticky, "dnp3", NULL },
	{ "enip_command", suricata_enip_command, "enip", "weir.enip.command" },
	{ "enip.command", suricata_enip_command, "enip", "weir.enip.command" },
	{ "enip.status", take_number, "enip", "weir.enip.status" },
	{ "enip.protocol_version", take_number, "enip", "weir.enip.protocol_version" },
	{ "enip.product_code", take_number, "enip", "weir.enip.identity.product_code" },
	{ "enip.device_type", take_number, "enip", "weir.enip.identity.device_type_id" },
	{ "enip.vendor_id", take_number, "enip", "weir.enip.identity.vendor_id" },
	{ "enip.identity_status", take_number, "enip", "weir.enip.identity.status" },
	{ "enip.revision", suricata_enip_revision, "enip", "weir.enip.identity.revision" },
	{ "enip.serial", suricata_enip_serial, "enip", "weir.enip.identity.serial_number" },
	{ "enip.state", suricata_enip_state, "enip", "weir.enip.identity.state" },
	{ "enip.product_name", take_sticky, "enip", NULL },
	{ "cip_service", suricata_cip_service, "cip", NULL },
	{ "enip.cip_service", suricata_cip_service, "cip", NULL },
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
