/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_header.c - protocol, addresses and ports.
 *
 * A packet's source is the initiator, or the one who answers: the flow keyword tells, else the side
 * on which a port is named.  Where neither does, both are meant. */

#include "capture/base/address.h"
#include "rules/suricata_private.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define PORT_MAX 65535

/* Addresses or ports of one side, as the header lists them. */
struct side {
	const char *values[SURICATA_VALUES_MAX], *except[SURICATA_VALUES_MAX];
	size_t n, n_except;
	bool expand, except_expand; /* there are placeholders among them */
};

static const char *variable(const struct draft *draft, const char *name)
{
	for (size_t i = 0; i < draft->file->n_variables; i++) {
		if (strcmp(draft->file->variables[i].name, name) == 0) {
			return draft->file->variables[i].value;
		}
	}
	return NULL;
}

static bool is_any(const char *text)
{
	return strcmp(text, "any") == 0;
}

static bool side_add(struct draft *draft, struct side *side, bool not, const char *text)
{
	size_t *n = not ? &side->n_except : &side->n;

	if (*n == SURICATA_VALUES_MAX) {
		return draft_refuse(draft, "a list has more than %d values", SURICATA_VALUES_MAX);
	}
	(not ? side->except : side->values)[(*n)++] = text;
	return true;
}

static bool add_placeholder(struct draft *draft, struct side *side, bool not, const char *name)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
	size_t n = strlen(name);
	char *text = arena_take(draft->arena, n + 3);

	if (text == NULL || draft->n_placeholders == SURICATA_NAMES_MAX) {
		return draft_refuse(draft, "too many variables");
	}
	if (n == 0 || name[strspn(name, letters)] != '\0') {
		return draft_refuse(draft, "'$%.40s' is no name of a variable", name);
	}
	text[0] = text[n + 1] = '%';
	memcpy(text + 1, name, n);
	draft->placeholders[draft->n_placeholders++] = draft_copy(draft, name, n);
	if (not ) {
		side->except_expand = true;
	} else {
		side->expand = true;
	}
	return side_add(draft, side, not, text);
}

typedef bool item_reader(struct draft *draft, struct side *side, bool not, const char *text);

static bool read_item(struct draft *draft, struct side *side, bool not, char *text,
		      item_reader *reader, unsigned depth);

/* The elements of "[a, b, !c]" between the brackets. */
static bool read_list(struct draft *draft, struct side *side, bool not, char *text,
		      item_reader *reader, unsigned depth)
{
	unsigned open = 0;
	char *from = text;

	for (char *at = text;; at++) {
		bool end = *at == '\0';

		open += *at == '[';
		open -= *at == ']' && open > 0;
		if (end || (*at == ',' && open == 0)) {
			*at = '\0';
			if (!read_item(draft, side, not, from, reader, depth)) {
				return false;
			}
			from = at + 1;
		}
		if (end) {
			return true;
		}
	}
}

static bool read_item(struct draft *draft, struct side *side, bool not, char *text,
		      item_reader *reader, unsigned depth)
{
	size_t n;

	text += strspn(text, " \t");
	for (n = strlen(text); n > 0 && isspace((unsigned char)text[n - 1]); n--) {
		text[n - 1] = '\0';
	}
	if (depth == SURICATA_DEPTH_MAX) {
		return draft_refuse(draft, "variables or lists are nested too deep");
	}
	if (*text == '!') {
		return not ? draft_refuse(draft, "a negation within a negation")
			   : read_item(draft, side, true, text + 1, reader, depth + 1);
	}
	if (*text == '[' && n > 1 && text[n - 1] == ']') {
		text[n - 1] = '\0';
		return read_list(draft, side, not, text + 1, reader, depth + 1);
	}
	if (*text == '$') {
		const char *value = variable(draft, text + 1);
		char *copy;

		if (value == NULL) {
			return add_placeholder(draft, side, not, text + 1);
		}
		copy = draft_copy(draft, value, strlen(value));
		return copy != NULL && read_item(draft, side, not, copy, reader, depth + 1);
	}
	if (is_any(text)) {
		return not ? draft_refuse(draft, "'!any' is nobody") : true;
	}
	return reader(draft, side, not, text);
}

static bool read_address(struct draft *draft, struct side *side, bool not, const char *text)
{
	struct ip_network network;
	struct ip ip;

	if (ip_parse(text, &ip) != 0 && ip_network_parse(text, &network) != 0) {
		return draft_refuse(draft, "'%.40s' is no address", text);
	}
	return side_add(draft, side, not, text);
}

static bool read_port(struct draft *draft, struct side *side, bool not, const char *text)
{
	const char *colon = strchr(text, ':');
	uint64_t from = 0, to = PORT_MAX;
	char first[8] = "", number[8];

	snprintf(first, sizeof(first), "%.*s", (int)strcspn(text, ":"), text);
	if ((first[0] != '\0' && !suricata_number(first, &from)) ||
	    (colon != NULL && colon[1] != '\0' && !suricata_number(colon + 1, &to)) ||
	    (colon == NULL && first[0] == '\0') || from > PORT_MAX || to > PORT_MAX) {
		return draft_refuse(draft, "'%.40s' is no port", text);
	}
	to = colon == NULL ? from : to;
	if (to < from || to - from >= SURICATA_VALUES_MAX) {
		return draft_refuse(draft, "the range of ports '%.20s' is too wide to list", text);
	}
	for (uint64_t port = from; port <= to; port++) {
		snprintf(number, sizeof(number), "%u", (unsigned)port);
		char *copy = draft_copy(draft, number, strlen(number));

		if (copy == NULL || !side_add(draft, side, not, copy)) {
			return false;
		}
	}
	return true;
}

static bool read_side(struct draft *draft, const char *text, item_reader *reader, struct side *out)
{
	char *copy = draft_copy(draft, text, strlen(text));

	*out = (struct side) { .n = 0 };
	return copy != NULL && read_item(draft, out, false, copy, reader, 0);
}

/* ---- clauses ---- */

static bool add_values(struct draft *draft, const char *field, bool cidr, bool expand,
		       const char *const *values, size_t n, bool negate, enum clause_group group)
{
	char name[64];
	struct clause *clause;
	char *copy;

	if (n == 0) {
		return true;
	}
	snprintf(name, sizeof(name), "%s%s%s", field, cidr ? "|cidr" : "", expand ? "|expand" : "");
	copy = draft_copy(draft, name, strlen(name));
	clause = copy != NULL ? draft_clause(draft, copy, group) : NULL;
	if (clause == NULL) {
		return false;
	}
	clause->negate = negate;
	clause->text = true;
	for (size_t i = 0; i < n; i++) {
		if (!clause_add(draft, clause, values[i])) {
			return false;
		}
	}
	return true;
}

static bool add_side(struct draft *draft, const char *field, bool cidr, const struct side *side,
		     enum clause_group group)
{
	return add_values(draft, field, cidr, side->expand, side->values, side->n, false, group) &&
	       add_values(draft, field, cidr, side->except_expand, side->except, side->n_except,
			  true, group);
}

/* Whose port is one of a service: that of the one who is asked. */
static bool names_port(const char *text)
{
	return !is_any(text);
}

static bool add_ends(struct draft *draft, bool swapped, enum clause_group group)
{
	const struct suricata_rule *rule = draft->rule;
	const struct {
		const char *text;
		item_reader *reader;
		const char *field;
		bool cidr;
	} parts[] = {
		{ swapped ? rule->destination : rule->source, read_address, "source.ip", true },
		{ swapped ? rule->source : rule->destination, read_address, "destination.ip",
		  true },
		{ swapped ? rule->destination_port : rule->source_port, read_port, "source.port",
		  false },
		{ swapped ? rule->source_port : rule->destination_port, read_port,
		  "destination.port", false },
	};
	struct side *side = arena_take(draft->arena, sizeof(*side));

	if (side == NULL) {
		return draft_refuse(draft, "out of memory");
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!read_side(draft, parts[i].text, parts[i].reader, side) ||
		    !add_side(draft, parts[i].field, parts[i].cidr, side, group)) {
			return false;
		}
	}
	return true;
}

bool suricata_header(struct draft *draft)
{
	const struct suricata_rule *rule = draft->rule;
	bool anybody = is_any(rule->source) && is_any(rule->destination) &&
		       is_any(rule->source_port) && is_any(rule->destination_port);

	if (anybody) {
		return true;
	}
	if (!rule->both_ways && draft->direction != DIRECTION_UNKNOWN) {
		return add_ends(draft, draft->direction == DIRECTION_TO_CLIENT, GROUP_ALWAYS);
	}
	/* What was to whichever side: the named port is that of the one asked. */
	if (rule->both_ways && names_port(rule->destination_port) &&
	    !names_port(rule->source_port)) {
		return add_ends(draft, false, GROUP_ALWAYS);
	}
	if (rule->both_ways && names_port(rule->source_port) &&
	    !names_port(rule->destination_port)) {
		return add_ends(draft, true, GROUP_ALWAYS);
	}
	return add_ends(draft, false, GROUP_FORWARD) && add_ends(draft, true, GROUP_BACKWARD);
}

/* ---- the protocol ---- */

/* Whose messages a rule about raw bytes means: by the port that it names. */
static const struct {
	const char *port, *variable, *service;
} ports[] = {
	{ "502", "MODBUS", "modbus" },
	{ "20000", "DNP3", "dnp3" },
	{ "44818", "ENIP", "enip" },
};

static const char *service_of_port(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		if (strcmp(text, ports[i].port) == 0 ||
		    (text[0] == '$' && strstr(text, ports[i].variable) != NULL)) {
			return ports[i].service;
		}
	}
	return NULL;
}

bool suricata_service(struct draft *draft)
{
	static const char *const services[] = { "modbus", "dnp3", "enip" };
	const struct suricata_rule *rule = draft->rule;
	const char *protocol = rule->protocol;

	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		if (strcmp(protocol, services[i]) == 0) {
			draft->service = services[i];
			draft->application = true;
			return true;
		}
	}
	if (strcmp(protocol, "tcp") == 0 || strcmp(protocol, "udp") == 0) {
		draft->service = service_of_port(rule->destination_port);
		if (draft->service == NULL) {
			draft->service = service_of_port(rule->source_port);
		}
		if (!rule->both_ways && names_port(rule->destination_port) &&
		    !names_port(rule->source_port)) {
			draft->direction = DIRECTION_TO_SERVER;
		} else if (!rule->both_ways && names_port(rule->source_port) &&
			   !names_port(rule->destination_port)) {
			draft->direction = DIRECTION_TO_CLIENT;
		}
		return draft_text(draft, "network.transport", protocol);
	}
	return strcmp(protocol, "ip") == 0
		   ? true
		   : draft_refuse(draft, "protocol '%.20s' has no keywords that are fields here",
				  protocol);
}
