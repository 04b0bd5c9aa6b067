/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* alert_document.c - an alert as one ECS document: what it says of itself, and the evidence. */

#include "rules/alert_explain.h"
#include "rules/alert_members.h"
#include "rules/attack.h"
#include "rules/engine.h"
#include "rules/iec62443.h"
#include "rules/iso27001.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ECS_VERSION     "9.4.0"
#define TECHNIQUES      8
#define EXPLANATION_MAX 400

#define OPERATION(x) (1U << OPERATION_##x)

static const struct rule *rule_of(const struct alert_source *s)
{
	return s->set->rules[s->alert->rule];
}

/* ---- what the alert says of itself ---- */

/* The endpoint as a person names it; empty when it has no address. */
static const char *endpoint_text(const struct endpoint *endpoint, char *out)
{
	out[0] = '\0';
	if (!ip_is_none(&endpoint->ip)) {
		return ip_text(&endpoint->ip, out);
	}
	return mac_is_none(&endpoint->mac) ? out : mac_text(&endpoint->mac, out);
}

static void add_message(struct members *m, const struct alert_source *s)
{
	const struct record *record = s->event->record;
	char text[512], from[IP_TEXT_SIZE], to[IP_TEXT_SIZE], times[40] = "";

	endpoint_text(&record->source, from);
	endpoint_text(&record->destination, to);
	if (s->alert->count > 1) {
		snprintf(times, sizeof(times), ", %llu times", (unsigned long long)s->alert->count);
	}
	snprintf(text, sizeof(text), "%.300s%s%s%s%s%s", rule_of(s)->title,
		 from[0] != '\0' ? ": " : "", from, to[0] != '\0' ? " to " : "", to, times);
	members_text(m, "message", text);
}

/* ECS 9.4: which types a category may have; what changes the controller is configuration. */
static void add_category(struct members *m, const struct alert_source *s)
{
	static const uint32_t changes = OPERATION(PROGRAM_DOWNLOAD) | OPERATION(PROGRAM_DELETE) |
					OPERATION(ONLINE_EDIT) | OPERATION(FIRMWARE_UPDATE) |
					OPERATION(CONFIG_WRITE) | OPERATION(ADDRESS_CHANGE) |
					OPERATION(MODE_CHANGE);
	bool change = (s->alert->operations & changes) != 0;
	bool login = s->alert->operations == OPERATION(AUTHENTICATE);
	const char *categories[] = { "intrusion_detection", change  ? "configuration"
							    : login ? "authentication"
								    : "network" };
	const char *types[] = { "info", change ? "change" : "start" };

	members_texts(m, "event.category", categories, ARRAY_SIZE(categories));
	members_texts(m, "event.type", types, change || login ? 2 : 1);
}

static void add_head(struct members *m, const struct alert_source *s)
{
	static const uint8_t severities[LEVELS] = { 21, 21, 47, 73, 99 };

	members_time(m, "@timestamp", s->alert->last);
	add_message(m, s);
	members_text(m, "event.kind", s->finding ? "event" : "alert");
	members_text(m, "event.action", s->action);
	members_uint(m, "event.severity", severities[s->alert->level]);
	members_uint(m, "event.risk_score", alert_risk(s));
	members_text(m, "event.id", s->event_id);
	add_category(m, s);
	members_text(m, "event.dataset", s->finding ? "weir.finding" : "weir.alert");
	members_text(m, "event.module", "weir");
	members_text(m, "rule.name", rule_of(s)->title);
	members_text(m, "rule.id", rule_of(s)->id);
	members_text(m, "rule.uuid", rule_of(s)->uuid);
	members_text(m, "rule.version", rule_of(s)->version);
}

/* Techniques that the tags name, and the tactics: those of the tags, else the techniques' own. */
static void add_threat(struct members *m, const struct rule *rule)
{
	const char *ids[TECHNIQUES], *names[TECHNIQUES], *links[TECHNIQUES];
	const char *tactic_ids[TECHNIQUES], *tactic_names[TECHNIQUES];
	static const char site[] = "https://attack.mitre.org/techniques/";
	char texts[TECHNIQUES][sizeof(site) + 16];
	size_t n = 0, n_tactics = 0, own = 0;

	for (size_t i = 0; i < rule->tags.n; i++) {
		const char *tag = rule->tags.items[i];
		const struct attack_technique *technique =
		    strncmp(tag, "attack.", 7) == 0 ? attack_technique(tag + 7) : NULL;

		if (technique != NULL && n < TECHNIQUES) {
			ids[n] = technique->id;
			names[n] = technique->name;
			snprintf(texts[n], sizeof(texts[n]), "%s%.15s", site, technique->id);
			links[n] = texts[n];
			n++;
		} else if (strncmp(tag, "attack.", 7) == 0 && attack_tactic(tag + 7) != NULL &&
			   n_tactics < TECHNIQUES) {
			tactic_ids[n_tactics++] = attack_tactic(tag + 7)->id;
		}
	}
	for (; n_tactics == 0 && own < n; own++) {
		tactic_ids[own] = attack_technique(ids[own])->tactic;
	}
	n_tactics += own;
	for (size_t i = 0; i < n_tactics; i++) {
		tactic_names[i] = attack_tactic(tactic_ids[i])->name;
	}
	members_text(m, "threat.framework", n + n_tactics > 0 ? "MITRE ATT&CK" : NULL);
	members_texts(m, "threat.technique.id", ids, n);
	members_texts(m, "threat.technique.name", names, n);
	members_texts(m, "threat.technique.reference", links, n);
	members_texts(m, "threat.tactic.id", tactic_ids, n_tactics);
	members_texts(m, "threat.tactic.name", tactic_names, n_tactics);
	members_text(m, "weir.attack.version", n > 0 ? ATTACK_VERSION : NULL);
}

static void add_requirements(struct members *m, const struct texts *tags)
{
	const char *ids[TECHNIQUES], *relations[TECHNIQUES], *reasons[TECHNIQUES];
	size_t n = 0;

	for (size_t i = 0; i < tags->n && n < TECHNIQUES; i++) {
		const char *tag = tags->items[i];
		const struct iec62443_requirement *requirement =
		    strncmp(tag, "iec62443.", 9) == 0 ? iec62443_requirement(tag + 9) : NULL;

		if (requirement != NULL) {
			ids[n] = requirement->id;
			relations[n] = iec62443_relation(requirement);
			reasons[n++] = requirement->reason;
		}
	}
	members_texts(m, "weir.iec62443.sr", ids, n);
	members_texts(m, "weir.iec62443.relation", relations, n);
	members_texts(m, "weir.iec62443.reason", reasons, n);
	members_text(m, "weir.iec62443.edition", n > 0 ? IEC62443_EDITION : NULL);
}

static void add_controls(struct members *m, const struct texts *tags)
{
	const char *ids[TECHNIQUES], *reasons[TECHNIQUES];
	size_t n = 0;

	for (size_t i = 0; i < tags->n && n < TECHNIQUES; i++) {
		const char *tag = tags->items[i];
		const struct iso27001_control *control =
		    strncmp(tag, "iso27001.", 9) == 0 ? iso27001_control(tag + 9) : NULL;

		if (control != NULL) {
			ids[n] = control->id;
			reasons[n++] = control->reason != NULL ? control->reason : control->title;
		}
	}
	members_texts(m, "weir.iso27001.control", ids, n);
	members_texts(m, "weir.iso27001.reason", reasons, n);
	members_text(m, "weir.iso27001.edition", n > 0 ? ISO27001_EDITION : NULL);
}

static void add_operations(struct members *m, uint32_t set)
{
	const char *names[OPERATIONS];
	size_t n = 0;

	for (unsigned i = 0; i < OPERATIONS; i++) {
		if ((set >> i & 1) != 0) {
			names[n++] = operation_name((enum operation)i);
		}
	}
	members_texts(m, "weir.alert.operations", names, n);
}

/* Texts of any length that a rule's author chose. */
static void add_origin(struct members *m, const struct rule *rule)
{
	struct json json;

	if (rule->references.n > 0) {
		json = members_begin(m, "rule.reference", RANK_OPTIONAL);
		json_text(&json, NULL, rule->references.items[0]);
		members_ended(m);
	}
	if (rule->author != NULL) {
		json = members_begin(m, "rule.author", RANK_OPTIONAL);
		json_array(&json, NULL);
		json_text(&json, NULL, rule->author);
		json_end(&json);
		members_ended(m);
	}
}

static void add_times(struct members *m, const char *name, const struct alert *alert)
{
	struct json json;

	if (alert->n_steps == 0) {
		return;
	}
	json = members_begin(m, name, RANK_OWN);
	json_array(&json, NULL);
	for (size_t i = 0; i < alert->n_steps; i++) {
		json_time(&json, NULL, alert->steps[i].time);
	}
	json_end(&json);
	members_ended(m);
}

/* What a correlation measured, and of a temporal one what it is made of. */
static void add_correlation(struct members *m, const struct alert_source *s)
{
	const struct correlation *c = rule_of(s)->correlation;
	const char *titles[HIT_STEPS_MAX], *events[HIT_STEPS_MAX];
	char texts[HIT_STEPS_MAX][17];
	size_t n = s->alert->n_steps;

	if (c == NULL || isnan(s->alert->correlated)) {
		return;
	}
	if (correlation_is_numeric(c) || c->type == CORRELATION_VALUE_PERCENTILE) {
		members_double(m, "weir.correlation.value", s->alert->correlated);
	} else {
		members_uint(m, "weir.correlation.count", (uint64_t)s->alert->correlated);
	}
	for (size_t i = 0; i < n; i++) {
		const struct hit_step *step = &s->alert->steps[i];

		titles[i] = s->set->rules[step->rule]->title;
		snprintf(texts[i], sizeof(texts[i]), "%016llx", (unsigned long long)step->event);
		events[i] = texts[i];
	}
	members_texts(m, "weir.correlation.rules", titles, n);
	add_times(m, "weir.correlation.times", s->alert);
	members_texts(m, "weir.correlation.events", events, n);
}

static void add_explanation(struct members *m, const struct alert_source *s)
{
	struct buffer text = { 0 };

	alert_explanation(s, &text);
	if (text.length > 0) {
		struct json json = members_begin(m, "weir.alert.explanation", RANK_OWN);

		json_string(&json, NULL, text.data, size_min(text.length, EXPLANATION_MAX));
		members_ended(m);
	}
	buffer_free(&text);
	members_text(m, "weir.alert.next_step", alert_next_step(s));
}

/* Which exceptions were in force, and which of them made the level what it is. */
static void add_exception(struct members *m, const struct alert_source *s)
{
	members_text(m, "weir.exceptions.hash", s->exceptions_hash);
	if (s->alert->exception[0] != '\0') {
		members_text(m, "weir.exception.name", s->alert->exception);
		members_text(m, "weir.exception.level", alert_level_name(rule_of(s)->level));
	}
}

static void add_alert(struct members *m, const struct alert_source *s)
{
	members_text(m, "weir.level", alert_level_name(s->alert->level));
	add_explanation(m, s);
	members_text(m, "weir.alert.id", s->alert->id);
	members_uint(m, "weir.alert.count", s->alert->count);
	members_time(m, "weir.alert.first", s->alert->first);
	members_time(m, "weir.alert.last", s->alert->last);
	add_operations(m, s->alert->operations);
	add_correlation(m, s);
	add_requirements(m, &rule_of(s)->tags);
	add_controls(m, &rule_of(s)->tags);
	members_text(m, "weir.rule_set.hash", rule_set_hash(s->set));
	members_text(m, "weir.baseline.hash", s->baseline_hash);
	members_text(m, "weir.baseline.verdict", s->verdict);
	members_text(m, "weir.configuration.hash", s->options->configuration_hash);
	add_exception(m, s);
	members_text(m, "ecs.version", ECS_VERSION);
	members_text(m, "observer.name", s->options->sensor_name);
	add_origin(m, rule_of(s));
}

/* ---- the evidence ---- */

static void write_scalar(struct json *json, enum field_type type, const struct field_scalar *scalar)
{
	char text[IP_TEXT_SIZE];

	switch (type) {
	case FIELD_BOOL:
		json_bool(json, NULL, scalar->boolean);
		break;
	case FIELD_INT:
		json_int(json, NULL, scalar->integer);
		break;
	case FIELD_UINT:
		json_uint(json, NULL, scalar->natural);
		break;
	case FIELD_DOUBLE:
		json_double(json, NULL, scalar->real);
		break;
	case FIELD_BYTES:
		json_hex(json, NULL, scalar->bytes, scalar->length);
		break;
	case FIELD_IP:
		json_text(json, NULL, ip_text(&scalar->ip, text));
		break;
	case FIELD_MAC:
		json_text(json, NULL, mac_text(&scalar->mac, text));
		break;
	case FIELD_TIME:
		json_time(json, NULL, scalar->integer);
		break;
	default:
		json_string(json, NULL, scalar->bytes, scalar->length);
		break;
	}
}

static void add_field(struct members *m, const struct field *field, const struct field_value *value,
		      unsigned rank)
{
	bool secret = (field->flags & FIELD_SECRET) != 0 &&
		      (field->type == FIELD_STRING || field->type == FIELD_BYTES);
	struct json json = members_begin(m, field->name, rank);

	if (secret) {
		json_text(&json, NULL, "present");
	} else if (!value->list && (field->flags & FIELD_LIST) == 0) {
		write_scalar(&json, field->type, &value->one);
	} else {
		json_array(&json, NULL);
		for (unsigned i = 0; i < value->count; i++) {
			struct field_scalar scalar = field_at(value, i);

			write_scalar(&json, field->type, &scalar);
		}
		json_end(&json);
	}
	members_ended(m);
}

/* Fields that say who and what: they stay when a document is too long. */
static bool is_essential(const char *name)
{
	static const char *const prefixes[] = {
		"source.ip",        "source.port",     "source.mac",       "destination.ip",
		"destination.port", "destination.mac", "network.protocol", "event.outcome",
		"weir.operation",   "weir.function",   "weir.source.",     "weir.destination."
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) {
			return true;
		}
	}
	return false;
}

/* Adds the event's fields, those below "weir." or all others. */
static void add_evidence(struct members *m, const struct alert_source *s, bool ours)
{
	const struct field_registry *registry = s->options->registry;

	for (size_t i = 0; i < field_count(registry); i++) {
		uint16_t id = field_in_order(registry, i);
		const struct field *field = field_by_id(registry, id);
		struct field_value value;

		if ((field->flags & FIELD_HIDDEN) == 0 &&
		    (strncmp(field->name, "weir.", 5) == 0) == ours && m->n < MEMBERS_MAX &&
		    !members_have(m, field->name) && field_get(registry, s->event, id, &value)) {
			add_field(m, field, &value,
				  is_essential(field->name) ? RANK_ESSENTIAL : RANK_OPTIONAL);
		}
	}
}

void alert_document_write(struct buffer *out, const struct alert_source *source)
{
	struct members m = { .n = 0 };

	add_head(&m, source);
	add_evidence(&m, source, false);
	add_threat(&m, rule_of(source));
	add_alert(&m, source);
	add_evidence(&m, source, true);
	members_write(&m, out, ALERT_DOCUMENT_MAX, "weir.alert.truncated");
	buffer_free(&m.values);
}
