/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_draft.c - a file's rules one by one, and what a draft is built with. */

#include "rules/suricata_private.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool draft_refuse(struct draft *draft, const char *format, ...)
{
	va_list arguments;

	if (draft->reason[0] == '\0') {
		va_start(arguments, format);
		vsnprintf(draft->reason, sizeof(draft->reason), format, arguments);
		va_end(arguments);
	}
	return false;
}

void draft_note(struct draft *draft, const char *text)
{
	size_t n = strlen(draft->note);

	if (strstr(draft->note, text) == NULL) {
		snprintf(draft->note + n, sizeof(draft->note) - n, "%s%s", n > 0 ? "; " : "", text);
	}
}

char *draft_copy(struct draft *draft, const char *text, size_t n)
{
	char *out = arena_take(draft->arena, n + 1);

	if (out == NULL) {
		draft_refuse(draft, "out of memory");
		return NULL;
	}
	memcpy(out, text, n);
	return out;
}

struct clause *draft_clause(struct draft *draft, const char *field, enum clause_group group)
{
	struct clause *clause = &draft->clauses[draft->n_clauses];
	const char **values;

	if (draft->n_clauses == SURICATA_CLAUSES_MAX) {
		draft_refuse(draft, "it has too many conditions");
		return NULL;
	}
	values = arena_take(draft->arena, SURICATA_VALUES_MAX * sizeof(*values));
	if (values == NULL) {
		draft_refuse(draft, "out of memory");
		return NULL;
	}
	*clause = (struct clause) { .field = field, .group = group, .values = values };
	draft->n_clauses++;
	return clause;
}

bool clause_add(struct draft *draft, struct clause *clause, const char *text)
{
	char *copy;

	if (clause == NULL) {
		return false;
	}
	if (clause->n == SURICATA_VALUES_MAX) {
		return draft_refuse(draft, "a list has more than %d values", SURICATA_VALUES_MAX);
	}
	copy = draft_copy(draft, text, strlen(text));
	if (copy == NULL) {
		return false;
	}
	clause->values[clause->n++] = copy;
	return true;
}

bool clause_add_number(struct draft *draft, struct clause *clause, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	return clause_add(draft, clause, text);
}

bool draft_number(struct draft *draft, const char *field, uint64_t number)
{
	return clause_add_number(draft, draft_clause(draft, field, GROUP_ALWAYS), number);
}

bool draft_text(struct draft *draft, const char *field, const char *text)
{
	struct clause *clause = draft_clause(draft, field, GROUP_ALWAYS);

	if (clause != NULL) {
		clause->text = true;
	}
	return clause_add(draft, clause, text);
}

/* CIP is carried by EtherNet/IP, so a rule about that may turn out to be about it. */
bool draft_service(struct draft *draft, const char *service)
{
	bool free = draft->service == NULL || !draft->application;
	bool same = !free && strcmp(draft->service, service) == 0;
	bool inner = !free && strcmp(draft->service, "enip") == 0 && strcmp(service, "cip") == 0;

	if (!free && !same && !inner) {
		return draft_refuse(draft, "keywords of %s and of %s in one rule", draft->service,
				    service);
	}
	if (inner && draft->of_enip) {
		return draft_refuse(draft, "a CIP request and the EtherNet/IP message around it "
					   "are two records");
	}
	draft->of_enip = draft->of_enip || strcmp(service, "enip") == 0;
	draft->service = service;
	draft->application = true;
	return true;
}

/* ---- a file ---- */

/* Sids met so far, to tell repetitions. */
struct met {
	char sid[24];
	unsigned line;
};

struct importing {
	const struct suricata_file *file;
	suricata_handler *handler;
	suricata_placeholder *placeholder;
	void *context;
	struct suricata_counts *counts;
	struct met *met;
	size_t n_met, met_size;
	const char *told[SURICATA_NAMES_MAX];
	size_t n_told;
	struct arena names;
};

static bool carries(struct draft *draft)
{
	static const char *const actions[] = { "alert",     "drop",      "reject",
					       "rejectsrc", "rejectdst", "rejectboth" };
	bool known = false;

	for (size_t i = 0; i < ARRAY_SIZE(actions) && !known; i++) {
		known = strcmp(draft->rule->action, actions[i]) == 0;
	}
	if (!known) {
		return draft_refuse(draft, "action '%.20s' raises no alert", draft->rule->action);
	}
	if (draft->rule->action[0] != 'a') {
		draft_note(draft, "the action becomes an alert: Weir is passive");
	}
	return suricata_service(draft) && suricata_keywords(draft) && suricata_bytes_end(draft) &&
	       suricata_header(draft);
}

/* The line in which this sid stood before; 0: nowhere. */
static unsigned met_before(struct importing *importing, const char *sid, unsigned line)
{
	for (size_t i = 0; i < importing->n_met; i++) {
		if (strncmp(importing->met[i].sid, sid, sizeof(importing->met[i].sid) - 1) == 0) {
			return importing->met[i].line;
		}
	}
	if (importing->n_met == importing->met_size) {
		size_t size = importing->met_size * 2 + 64;
		struct met *met = realloc(importing->met, size * sizeof(*met));

		if (met == NULL) {
			return 0;
		}
		importing->met = met;
		importing->met_size = size;
	}
	snprintf(importing->met[importing->n_met].sid, sizeof(importing->met[0].sid), "%s", sid);
	importing->met[importing->n_met++].line = line;
	return 0;
}

static void tell_placeholders(struct importing *importing, const struct draft *draft)
{
	for (size_t i = 0; i < draft->n_placeholders; i++) {
		const char *name = draft->placeholders[i];
		bool told = importing->n_told == SURICATA_NAMES_MAX;

		for (size_t k = 0; k < importing->n_told && !told; k++) {
			told = strcmp(importing->told[k], name) == 0;
		}
		if (!told && (name = arena_text(&importing->names, name, strlen(name))) != NULL) {
			importing->told[importing->n_told++] = name;
			importing->placeholder(importing->context, name);
		}
	}
}

static void import_rule(struct importing *importing, struct arena *arena,
			const struct suricata_rule *rule, const char *reason)
{
	struct draft *draft = arena_take(arena, sizeof(*draft));
	const char *sid = suricata_option(rule, "sid"), *message = suricata_option(rule, "msg");
	struct suricata_result result = { .line = rule->line, .sid = sid != NULL ? sid : "" };
	struct buffer yaml = { 0 };
	unsigned before = 0;
	uint64_t number;

	message = message != NULL ? suricata_plain(arena, message) : NULL;
	result.message = message != NULL ? message : "";
	if (draft == NULL) {
		result.reason = "out of memory";
	} else {
		draft->arena = arena;
		draft->file = importing->file;
		draft->rule = rule;
		if (reason != NULL) {
			draft_refuse(draft, "%s", reason);
		} else if (sid == NULL || !suricata_number(sid, &number)) {
			draft_refuse(draft, "it has no number as its sid");
		} else if ((before = met_before(importing, sid, rule->line)) != 0) {
			draft_refuse(draft, "sid %.20s stands in line %u already", sid, before);
		} else if (carries(draft)) {
			suricata_write(&yaml, draft);
			tell_placeholders(importing, draft);
			result.yaml = yaml.data;
			result.length = yaml.length;
		}
		result.reason = draft->reason[0] != '\0' ? draft->reason : NULL;
		result.note = draft->note[0] != '\0' ? draft->note : NULL;
	}
	importing->counts->carried += result.reason == NULL;
	importing->counts->refused += result.reason != NULL;
	importing->handler(importing->context, &result);
	buffer_free(&yaml);
}

int suricata_import(const struct suricata_file *file, suricata_handler *handler,
		    suricata_placeholder *placeholder, void *context,
		    struct suricata_counts *counts)
{
	struct importing importing = { .file = file,
				       .handler = handler,
				       .placeholder = placeholder,
				       .context = context,
				       .counts = counts };
	const char *at = file->text, *end = file->text + file->length;
	unsigned line = 0;
	int result;

	do {
		struct arena arena = { 0 };
		struct suricata_rule rule;
		const char *reason = NULL;

		result = suricata_next(&arena, &at, end, &line, &rule, &reason, &counts->disabled);
		if (result == 1 || result == -EINVAL) {
			import_rule(&importing, &arena, &rule, reason);
		}
		arena_free(&arena);
	} while (result == 1 || result == -EINVAL);
	free(importing.met);
	arena_free(&importing.names);
	return result;
}
