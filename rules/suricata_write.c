/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_write.c - a draft as Sigma documents: the rule, and a correlation where it counts. */

#include "capture/base/hash.h"
#include "rules/suricata_private.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text in double quotes: JSON's are YAML's. */
static void write_text(struct buffer *out, const char *text)
{
	struct json json = json_to(out);

	json_text(&json, NULL, text);
}

/* "quickdraw/modbus.rules" is "modbus". */
static void stem_of(const struct draft *draft, char *out, size_t size)
{
	const char *name = strrchr(draft->file->name, '/');
	size_t n = 0;

	name = name != NULL ? name + 1 : draft->file->name;
	for (; *name != '\0' && *name != '.' && n + 1 < size; name++) {
		out[n++] =
		    isalnum((unsigned char)*name) ? (char)tolower((unsigned char)*name) : '_';
	}
	out[n] = '\0';
}

/* The same id whenever the same rule of a file of this name is imported. */
static void write_id(struct buffer *out, const struct draft *draft, const char *stem,
		     const char *part)
{
	const char *sid = suricata_option(draft->rule, "sid");
	const char *gid = suricata_option(draft->rule, "gid");
	const char *const texts[] = { stem, gid != NULL ? gid : "1", sid, part };
	uint64_t h = HASH_STABLE_START, a, b;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		h = hash_stable(h, texts[i], strlen(texts[i]) + 1);
	}
	a = hash_stable_end(h);
	b = hash_stable_end(hash_stable(h, "weir", 4));
	/* RFC 9562, 5.8: version 8, whose other bits are ours. */
	buffer_format(
	    out, "id: %08" PRIx64 "-%04" PRIx64 "-8%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64 "\n",
	    a >> 32, a >> 16 & 0xffff, a & 0xfff, (b >> 48 & 0x3fff) | 0x8000, b & 0xffffffffffff);
}

/* ---- level ---- */

/* Classes and their priority, as both engines ship them. */
static const struct {
	const char *class;
	unsigned priority;
} classes[] = {
	{ "attempted-admin", 1 },
	{ "attempted-user", 1 },
	{ "successful-admin", 1 },
	{ "successful-user", 1 },
	{ "trojan-activity", 1 },
	{ "policy-violation", 1 },
	{ "web-application-attack", 1 },
	{ "shellcode-detect", 1 },
	{ "unsuccessful-user", 1 },
	{ "inappropriate-content", 1 },
	{ "attempted-dos", 2 },
	{ "attempted-recon", 2 },
	{ "bad-unknown", 2 },
	{ "denial-of-service", 2 },
	{ "misc-attack", 2 },
	{ "non-standard-protocol", 2 },
	{ "successful-dos", 2 },
	{ "suspicious-login", 2 },
	{ "default-login-attempt", 2 },
	{ "rpc-portmap-decode", 2 },
	{ "successful-recon-limited", 2 },
	{ "successful-recon-largescale", 2 },
	{ "system-call-detect", 2 },
	{ "unusual-client-port-connection", 2 },
	{ "misc-activity", 3 },
	{ "network-scan", 3 },
	{ "not-suspicious", 3 },
	{ "protocol-command-decode", 3 },
	{ "string-detect", 3 },
	{ "unknown", 3 },
	{ "icmp-event", 3 },
	{ "tcp-connection", 4 },
};

static const char *level_of(const struct draft *draft)
{
	static const char *const levels[] = { "medium", "high", "medium", "low", "informational" };
	const char *text = suricata_option(draft->rule, "priority");
	const char *class = suricata_option(draft->rule, "classtype");
	uint64_t priority = 0;

	for (size_t i = 0; class != NULL && i < ARRAY_SIZE(classes); i++) {
		priority = strcmp(classes[i].class, class) == 0 ? classes[i].priority : priority;
	}
	if (text != NULL && !suricata_number(text, &priority)) {
		priority = 0;
	}
	return levels[priority < ARRAY_SIZE(levels) ? priority : ARRAY_SIZE(levels) - 1];
}

/* ---- attributes ---- */

/* "url,host/path" and its like as addresses. */
static void write_references(struct buffer *out, const struct draft *draft)
{
	static const struct {
		const char *kind, *before;
	} kinds[] = { { "url,", "http://" },
		      { "cve,", "https://nvd.nist.gov/vuln/detail/CVE-" },
		      { "bugtraq,", "http://www.securityfocus.com/bid/" } };
	bool any = false;

	for (size_t i = 0; i < draft->rule->n_options; i++) {
		const struct suricata_option *option = &draft->rule->options[i];
		char text[512];

		for (size_t k = 0; strcmp(option->name, "reference") == 0 && k < ARRAY_SIZE(kinds);
		     k++) {
			size_t n = strlen(kinds[k].kind);
			const char *rest = option->value + n;

			if (strncmp(option->value, kinds[k].kind, n) != 0) {
				continue;
			}
			rest += strspn(rest, " ");
			snprintf(text, sizeof(text), "%s%s",
				 strstr(rest, "://") != NULL ? "" : kinds[k].before, rest);
			buffer_text(out, any ? "    - " : "references:\n    - ");
			write_text(out, text);
			buffer_text(out, "\n");
			any = true;
		}
	}
}

/* What both engines know of a rule and Sigma has no attribute for. */
static void write_origin(struct buffer *out, const struct draft *draft)
{
	static const char *const names[] = { "gid", "sid", "rev", "classtype", "metadata" };

	buffer_text(out, "suricata:\n    file: ");
	write_text(out, draft->file->name);
	buffer_format(out, "\n    line: %u\n", draft->rule->line);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *value = suricata_option(draft->rule, names[i]);

		if (value != NULL && *value != '\0') {
			buffer_format(out, "    %s: ", names[i]);
			write_text(out, value);
			buffer_text(out, "\n");
		}
	}
}

static void write_title(struct buffer *out, const struct draft *draft)
{
	const char *message = suricata_option(draft->rule, "msg");
	const char *title = message != NULL ? suricata_plain(draft->arena, message) : NULL;
	char text[256];

	snprintf(text, sizeof(text), "%.200s", title != NULL && *title != '\0' ? title : "");
	if (text[0] == '\0') {
		snprintf(text, sizeof(text), "Suricata rule %.30s",
			 suricata_option(draft->rule, "sid"));
	}
	buffer_text(out, "title: ");
	write_text(out, text);
	buffer_text(out, "\n");
}

/* ---- the condition ---- */

static void write_values(struct buffer *out, const struct clause *clause)
{
	bool list = clause->n > 1;

	buffer_text(out, list ? "[" : "");
	for (size_t i = 0; i < clause->n; i++) {
		bool word = !clause->text || strcmp(clause->values[i], "true") == 0 ||
			    strcmp(clause->values[i], "false") == 0;

		buffer_text(out, i > 0 ? ", " : "");
		if (word) {
			buffer_text(out, clause->values[i]);
		} else {
			write_text(out, clause->values[i]);
		}
	}
	buffer_text(out, list ? "]\n" : "\n");
}

/* Whether an earlier clause of the group asks for the same field: one map cannot name it twice. */
static bool is_repeated(const struct draft *draft, size_t clause)
{
	for (size_t i = 0; i < clause; i++) {
		const struct clause *a = &draft->clauses[i], *b = &draft->clauses[clause];

		if (a->group == b->group && !a->negate && !b->negate &&
		    strcmp(a->field, b->field) == 0) {
			return true;
		}
	}
	return false;
}

static void add_term(struct buffer *condition, const char *before, const char *name)
{
	buffer_format(condition, "%s%s%s", condition->length > 0 ? " and " : "", before, name);
}

/* Writes the searches of one group, and its condition. */
static void write_group(struct buffer *out, const struct draft *draft, enum clause_group group,
			struct buffer *condition)
{
	static const char *const names[GROUPS] = { "selection", "forward", "backward" };
	bool any = false;
	char name[32];

	for (size_t i = 0; i < draft->n_clauses; i++) {
		const struct clause *clause = &draft->clauses[i];

		if (clause->group == group && !clause->negate && !is_repeated(draft, i)) {
			if (!any) {
				buffer_format(out, "    %s:\n", names[group]);
				add_term(condition, "", names[group]);
			}
			any = true;
			buffer_format(out, "        %s: ", clause->field);
			write_values(out, clause);
		}
	}
	for (size_t i = 0; i < draft->n_clauses; i++) {
		const struct clause *clause = &draft->clauses[i];

		if (clause->group == group && (clause->negate || is_repeated(draft, i))) {
			snprintf(name, sizeof(name), "%s_%s_%zu", names[group],
				 clause->negate ? "except" : "also", i);
			buffer_format(out, "    %s:\n        %s: ", name, clause->field);
			write_values(out, clause);
			add_term(condition, clause->negate ? "not " : "", name);
		}
	}
}

static void write_detection(struct buffer *out, const struct draft *draft)
{
	struct buffer parts[GROUPS] = { { 0 } };

	buffer_text(out, "detection:\n");
	for (unsigned i = 0; i < GROUPS; i++) {
		write_group(out, draft, (enum clause_group)i, &parts[i]);
	}
	buffer_text(out, "    condition: ");
	if (parts[GROUP_ALWAYS].length > 0) {
		buffer_add(out, parts[GROUP_ALWAYS].data, parts[GROUP_ALWAYS].length);
	}
	if (parts[GROUP_FORWARD].length > 0 && parts[GROUP_BACKWARD].length > 0) {
		buffer_text(out, parts[GROUP_ALWAYS].length > 0 ? " and ((" : "((");
		buffer_add(out, parts[GROUP_FORWARD].data, parts[GROUP_FORWARD].length);
		buffer_text(out, ") or (");
		buffer_add(out, parts[GROUP_BACKWARD].data, parts[GROUP_BACKWARD].length);
		buffer_text(out, "))");
	}
	buffer_text(out, "\n");
	for (unsigned i = 0; i < GROUPS; i++) {
		buffer_free(&parts[i]);
	}
}

/* ---- documents ---- */

static void write_head(struct buffer *out, const struct draft *draft, const char *stem,
		       const char *part)
{
	write_title(out, draft);
	write_id(out, draft, stem, part);
	if (strcmp(part, "rule") == 0 && draft->count > 0) {
		buffer_format(out, "name: suricata_%s_%s\n", stem,
			      suricata_option(draft->rule, "sid"));
	}
	buffer_text(out, "status: experimental\n");
	if (draft->note[0] != '\0') {
		buffer_text(out, "description: ");
		write_text(out, draft->note);
		buffer_text(out, "\n");
	}
	write_references(out, draft);
	write_origin(out, draft);
}

static void write_correlation(struct buffer *out, const struct draft *draft, const char *stem)
{
	buffer_text(out, "---\n");
	write_head(out, draft, stem, "correlation");
	buffer_format(out, "correlation:\n    type: event_count\n    rules: suricata_%s_%s\n", stem,
		      suricata_option(draft->rule, "sid"));
	if (draft->track[0] != '\0') {
		buffer_format(out, "    group-by: [%s]\n", draft->track);
	}
	buffer_format(out,
		      "    timespan: %us\n    condition:\n        gte: %u\nfalsepositives:\n    - "
		      "Unknown\nlevel: %s\n",
		      draft->seconds, draft->count, level_of(draft));
}

void suricata_write(struct buffer *out, const struct draft *draft)
{
	struct draft whole = *draft;
	char stem[64];

	if (whole.answers) {
		draft_text(&whole, "weir.transaction.status", "answered");
	}
	if (whole.n_clauses == 0) {
		draft_text(&whole, "weir.kind", "transaction");
	}
	stem_of(&whole, stem, sizeof(stem));
	write_head(out, &whole, stem, "rule");
	buffer_format(out, "logsource:\n    category: ot\n    product: weir\n    service: %s\n",
		      whole.service != NULL ? whole.service : "flow");
	write_detection(out, &whole);
	buffer_format(out, "falsepositives:\n    - Unknown\nlevel: %s\n", level_of(&whole));
	if (whole.count > 0) {
		write_correlation(out, &whole, stem);
	}
}
