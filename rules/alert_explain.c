/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/alert_explain.h"

#include "rules/iec62443.h"
#include "rules/policy_private.h"

#include <stdio.h>
#include <string.h>

#define OPERATION(x) (1U << OPERATION_##x)

#define WORD_MAX 96

/* What is done, as in "A ... B". */
static const char *const verbs[OPERATIONS] = {
	[OPERATION_UNKNOWN] = "sent something unknown to",
	[OPERATION_READ] = "read values of",
	[OPERATION_WRITE] = "wrote values of",
	[OPERATION_CONTROL] = "gave a control command to",
	[OPERATION_FORCE] = "forced values of",
	[OPERATION_IO] = "exchanged cyclic data with",
	[OPERATION_START] = "started",
	[OPERATION_STOP] = "stopped",
	[OPERATION_RESTART] = "restarted",
	[OPERATION_MEMORY_RESET] = "reset the memory of",
	[OPERATION_PROGRAM_UPLOAD] = "read the program of",
	[OPERATION_PROGRAM_DOWNLOAD] = "loaded a program into",
	[OPERATION_PROGRAM_DELETE] = "deleted parts of the program of",
	[OPERATION_ONLINE_EDIT] = "edited the running program of",
	[OPERATION_FIRMWARE_UPDATE] = "changed the firmware of",
	[OPERATION_CONFIG_WRITE] = "changed the configuration of",
	[OPERATION_ADDRESS_CHANGE] = "changed the address of",
	[OPERATION_MODE_CHANGE] = "changed the operating mode of",
	[OPERATION_TIME_SET] = "set the clock of",
	[OPERATION_IDENTIFY] = "asked for the identity of",
	[OPERATION_DIAGNOSE] = "read diagnostics of",
	[OPERATION_AUTHENTICATE] = "logged on to",
	[OPERATION_FILE_READ] = "read a file of",
	[OPERATION_FILE_WRITE] = "wrote a file to",
	[OPERATION_FILE_DELETE] = "deleted a file of",
	[OPERATION_SUBSCRIBE] = "subscribed to values of",
	[OPERATION_REPORT] = "got a report from",
	[OPERATION_SESSION] = "opened a session with",
};

/* What to do about it, by what was done; the first that fits. */
static const struct {
	uint32_t operations;
	const char *step;
} steps[] = {
	{ OPERATION(STOP) | OPERATION(START) | OPERATION(RESTART) | OPERATION(MEMORY_RESET) |
	      OPERATION(MODE_CHANGE),
	  "Look at the process first, then ask who works on the device and under which ticket." },
	{ OPERATION(PROGRAM_DOWNLOAD) | OPERATION(PROGRAM_DELETE) | OPERATION(ONLINE_EDIT) |
	      OPERATION(FIRMWARE_UPDATE),
	  "Find the change ticket; without one, compare program and firmware with the approved "
	  "version and keep the device's logs." },
	{ OPERATION(PROGRAM_UPLOAD) | OPERATION(FILE_READ),
	  "Check whether the source is a backup or engineering station that may read this." },
	{ OPERATION(CONFIG_WRITE) | OPERATION(ADDRESS_CHANGE) | OPERATION(TIME_SET) |
	      OPERATION(FILE_WRITE) | OPERATION(FILE_DELETE),
	  "Find the change ticket; without one, compare the device's settings with the approved "
	  "ones." },
	{ OPERATION(WRITE) | OPERATION(CONTROL) | OPERATION(FORCE),
	  "Ask the operator whether this was wanted, and check that the source may write there." },
	{ OPERATION(AUTHENTICATE),
	  "Ask who logged on from there; change the password if nobody did." },
	{ OPERATION(IDENTIFY) | OPERATION(DIAGNOSE),
	  "Find out which tool runs on the source and whether somebody is taking stock." },
};

static const struct {
	enum record_kind kind;
	const char *step;
} other_steps[] = {
	{ RECORD_ASSET_CHANGE, "Look at the device's history (weir assets history) and find out "
			       "who worked on it." },
	{ RECORD_SENSOR, "Look at the sensor (weir status): what it does not see, it cannot "
			 "tell." },
	{ RECORD_POLICY, "Decide whether the traffic is wanted; then add a conduit, else block "
			 "it." },
};

/* The text of a field of the event; empty when it has none. */
static const char *text_of(const struct alert_source *s, const char *name, char out[WORD_MAX])
{
	const struct field_registry *registry = s->options->registry;
	uint16_t id = field_find(registry, name);
	struct field_value value;
	size_t n = 0;

	if (id != FIELD_NOT_FOUND && field_get(registry, s->event, id, &value) && !value.list &&
	    value.type == FIELD_STRING) {
		n = size_min(value.one.length, WORD_MAX - 1);
		memcpy(out, value.one.bytes, n);
	}
	out[n] = '\0';
	return out;
}

/* A role as a word: "engineering workstation". */
static const char *role_of(const struct alert_source *s, const char *field, char out[WORD_MAX])
{
	text_of(s, field, out);
	for (char *at = out; *at != '\0'; at++) {
		*at = *at == '_' ? ' ' : *at;
	}
	return strcmp(out, "unknown") == 0 ? "" : out;
}

/* "engineering workstation EWS-1 (10.0.0.5)", as far as it is known. False: nothing is. */
static bool put_end(const struct alert_source *s, bool source, struct buffer *out)
{
	const struct endpoint *end =
	    source ? &s->event->record->source : &s->event->record->destination;
	const char *role_field = source ? "weir.source.role" : "weir.destination.role";
	const char *name_field = source ? "weir.source.name" : "weir.destination.name";
	char role[WORD_MAX], name[WORD_MAX], address[IP_TEXT_SIZE] = "", text[3 * WORD_MAX];
	const char *what = role_of(s, role_field, role);

	text_of(s, name_field, name);
	if (!ip_is_none(&end->ip)) {
		ip_text(&end->ip, address);
	} else if (!mac_is_none(&end->mac)) {
		mac_text(&end->mac, address);
	}
	if (strcmp(name, address) == 0) {
		name[0] = '\0';
	}
	snprintf(text, sizeof(text), "%s%s%s%s%s%s%s",
		 what[0] == '\0' ? ""
		 : source        ? "The "
				 : "the ",
		 what, what[0] != '\0' ? " " : "", name,
		 name[0] != '\0' && address[0] != '\0' ? " (" : "", address,
		 name[0] != '\0' && address[0] != '\0' ? ")" : "");
	buffer_text(out, text);
	return text[0] != '\0';
}

static void put_outcome(const struct record *record, struct buffer *out)
{
	if (record->outcome == OUTCOME_SUCCESS) {
		buffer_text(out, "; the device carried it out");
	} else if (record->outcome == OUTCOME_FAILURE) {
		buffer_text(out, "; the device refused");
	} else if (record->status == TRANSACTION_UNANSWERED) {
		buffer_text(out, "; no answer came");
	}
}

static void put_description(const struct alert_source *s, struct buffer *out)
{
	const struct rule *rule = s->set->rules[s->alert->rule];

	buffer_text(out, rule->description != NULL ? rule->description : rule->title);
}

void alert_explanation(const struct alert_source *s, struct buffer *out)
{
	const struct record *record = s->event->record;
	char protocol[WORD_MAX];

	buffer_clear(out);
	if ((record->kind != RECORD_TRANSACTION && record->kind != RECORD_ITEM) ||
	    s->set->rules[s->alert->rule]->correlation != NULL || record->operation >= OPERATIONS) {
		put_description(s, out);
		return;
	}
	if (!put_end(s, true, out)) {
		buffer_text(out, "Somebody");
	}
	buffer_text(out, " ");
	buffer_text(out, verbs[record->operation]);
	buffer_text(out, " ");
	if (!put_end(s, false, out)) {
		buffer_text(out, "a device");
	}
	if (text_of(s, "network.protocol", protocol)[0] != '\0') {
		buffer_text(out, " by ");
		buffer_text(out, protocol);
	}
	put_outcome(record, out);
	buffer_text(out, ".");
}

const char *alert_next_step(const struct alert_source *s)
{
	const struct rule *rule = s->set->rules[s->alert->rule];

	if (rule->next_step != NULL) {
		return rule->next_step;
	}
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		if ((s->alert->operations & steps[i].operations) != 0) {
			return steps[i].step;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(other_steps); i++) {
		if (s->event->record->kind == other_steps[i].kind) {
			return other_steps[i].step;
		}
	}
	return "Find out what runs on the source, and whether it belongs there.";
}

/* ---- risk ---- */

static const uint8_t level_risk[LEVELS] = { [LEVEL_INFORMATIONAL] = 10,
					    [LEVEL_LOW] = 25,
					    [LEVEL_MEDIUM] = 45,
					    [LEVEL_HIGH] = 65,
					    [LEVEL_CRITICAL] = 85 };

static const struct {
	const char *word;
	int risk;
} importance_risk[] = { { "low", -10 }, { "medium", 0 }, { "high", 5 }, { "critical", 15 } };

/* By the target security level of the zone. */
static const int security_level_risk[] = { -5, 0, 0, 5, 10 };

/* The zone of the one asked, else of the source, that has target security levels, or lies in one
 * that has; NULL: none. */
static const struct policy_zone *zone_of(const struct alert_source *s)
{
	const struct policy_context *context =
	    s->event != NULL ? s->event->context[EVENT_RULES] : NULL;
	const struct policy_zone *zone = NULL;

	if (context != NULL) {
		zone = context->destination != NULL ? context->destination : context->source;
	}
	while (zone != NULL && !zone->has_sl_t) {
		zone = zone->within;
	}
	return zone;
}

/* What the zone wants of the requirements that the alert is about: the most of their foundational
 * requirements, which their numbers begin with ("SR 2.1"); of an alert about none, the most of all.
 */
static int zone_risk(const struct alert_source *s)
{
	const struct policy_zone *zone = zone_of(s);
	const struct texts *tags = &s->set->rules[s->alert->rule]->tags;
	uint8_t most = 0, any = 0;
	bool some = false;

	if (zone == NULL) {
		return 0;
	}
	for (size_t i = 0; i < tags->n; i++) {
		const struct iec62443_requirement *requirement =
		    strncmp(tags->items[i], "iec62443.", 9) == 0
			? iec62443_requirement(tags->items[i] + 9)
			: NULL;
		unsigned fr = requirement != NULL ? (unsigned)(requirement->id[3] - '1') : 7;

		if (fr < ARRAY_SIZE(zone->sl_t)) {
			some = true;
			most = zone->sl_t[fr] > most ? zone->sl_t[fr] : most;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(zone->sl_t); i++) {
		any = zone->sl_t[i] > any ? zone->sl_t[i] : any;
	}
	return security_level_risk[some ? most : any];
}

/* The one asked counts; of what an asset says of itself, the source. */
unsigned alert_risk(const struct alert_source *s)
{
	int risk = level_risk[s->alert->level] + zone_risk(s);
	char word[WORD_MAX];

	if (text_of(s, "weir.destination.importance", word)[0] == '\0') {
		text_of(s, "weir.source.importance", word);
	}
	for (size_t i = 0; i < ARRAY_SIZE(importance_risk); i++) {
		risk += strcmp(word, importance_risk[i].word) == 0 ? importance_risk[i].risk : 0;
	}
	return risk < 0 ? 0 : risk > 100 ? 100U : (unsigned)risk;
}
