/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_parse.c - the text of rules: seven words and options in brackets.
 *
 *	alert tcp $A any -> $B 502 (msg:"x; y"; content:"|00|"; offset:2; sid:1;)
 *
 * A backslash at the end of a line continues it; a semicolon inside quotes or behind a backslash
 * ends no option. */

#include "rules/suricata_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define RULE_LENGTH_MAX 65536

/* ---- logical lines ---- */

/* The next line with its continuations, joined; NULL: the end, or no memory. */
static char *next_line(struct arena *arena, const char **at, const char *end, unsigned *line,
		       size_t *length)
{
	const char *from = *at;
	bool more = true;
	char *out;
	size_t n = 0;

	if (from >= end) {
		return NULL;
	}
	for (const char *to = from; more; from = to) {
		const char *stop = memchr(to, '\n', (size_t)(end - to));
		const char *last = stop != NULL ? stop : end;

		while (last > to && isspace((unsigned char)last[-1])) {
			last--;
		}
		more = stop != NULL && last > to && last[-1] == '\\';
		to = stop != NULL ? stop + 1 : end;
		++*line;
	}
	out = arena_take(arena, (size_t)(from - *at) + 1);
	for (const char *c = *at; out != NULL && c < from; c++) {
		const char *next = c + 1;

		while (*c == '\\' && next < from && (*next == '\r' || *next == ' ')) {
			next++;
		}
		if (*c == '\\' && next < from && *next == '\n') {
			c = next;
			out[n++] = ' ';
		} else {
			out[n++] = *c == '\n' || *c == '\r' || *c == '\0' ? ' ' : *c;
		}
	}
	*at = from;
	*length = n;
	return out;
}

/* ---- the header ---- */

/* The next word, cut off by a NUL; lists in square brackets may hold blanks. */
static char *next_word(char **at)
{
	char *word = *at + strspn(*at, " \t");
	char *end = word;
	unsigned depth = 0;

	for (; *end != '\0' && (depth > 0 || (*end != ' ' && *end != '\t')); end++) {
		depth += *end == '[';
		depth -= *end == ']' && depth > 0;
	}
	if (end == word) {
		return NULL;
	}
	*at = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

static const char *read_header(char **at, struct suricata_rule *out)
{
	const char *arrow = NULL;
	const char **words[] = { &out->action,          &out->protocol, &out->source,
				 &out->source_port,     &arrow,         &out->destination,
				 &out->destination_port };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		char *word = next_word(at);

		if (word == NULL) {
			return "the header lacks words: action protocol address port -> address "
			       "port";
		}
		*words[i] = word;
	}
	if (strcmp(arrow, "->") != 0 && strcmp(arrow, "<>") != 0) {
		return "the direction must be -> or <>";
	}
	out->both_ways = arrow[0] == '<';
	return NULL;
}

/* ---- options ---- */

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, " \t");
	for (n = strlen(text); n > 0 && isspace((unsigned char)text[n - 1]); n--) {
		text[n - 1] = '\0';
	}
	return text;
}

/* The end of the option that begins here: its semicolon, or the NUL. */
static char *option_end(char *at)
{
	bool quoted = false;

	for (; *at != '\0' && (quoted || *at != ';'); at++) {
		if (*at == '\\' && at[1] != '\0') {
			at++;
		} else if (*at == '"') {
			quoted = !quoted;
		}
	}
	return at;
}

static const char *read_options(char *at, struct suricata_rule *out)
{
	while (*at != '\0') {
		char *end = option_end(at), *colon;
		bool last = *end == '\0';

		*end = '\0';
		at = trim(at);
		if (*at != '\0') {
			if (last) {
				return "an option lacks its semicolon";
			}
			if (out->n_options == SURICATA_OPTIONS_MAX) {
				return "too many options";
			}
			colon = strchr(at, ':');
			if (colon != NULL) {
				*colon = '\0';
			}
			out->options[out->n_options++] = (struct suricata_option) {
				.name = trim(at),
				.value = colon != NULL ? trim(colon + 1) : "",
			};
		}
		at = last ? end : end + 1;
	}
	return out->n_options > 0 ? NULL : "it has no options";
}

static const char *read_rule(char *line, struct suricata_rule *out)
{
	char *open = strchr(line, '('), *close = strrchr(line, ')');
	const char *reason;
	char *at = line;

	if (open == NULL || close == NULL || close < open) {
		return "no options in brackets";
	}
	*open = '\0';
	*close = '\0';
	reason = read_header(&at, out);
	if (reason == NULL && *trim(at) != '\0') {
		return "the header has too many words";
	}
	return reason != NULL ? reason : read_options(open + 1, out);
}

static bool is_disabled(const char *line)
{
	static const char *const actions[] = { "alert", "drop", "reject", "pass", "log" };

	line += strspn(line, "# \t");
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		size_t n = strlen(actions[i]);

		if (strncmp(line, actions[i], n) == 0 && line[n] == ' ' &&
		    strchr(line, '(') != NULL && strstr(line, "sid") != NULL) {
			return true;
		}
	}
	return false;
}

int suricata_next(struct arena *arena, const char **at, const char *end, unsigned *line,
		  struct suricata_rule *out, const char **reason, unsigned *disabled)
{
	char *text;
	size_t length;

	*out = (struct suricata_rule) { .line = *line + 1 };
	while (*at < end) {
		out->line = *line + 1;
		text = next_line(arena, at, end, line, &length);
		if (text == NULL) {
			return -ENOMEM;
		}
		text = trim(text);
		if (*text == '\0' || *text == '#') {
			*disabled += *text == '#' && is_disabled(text);
			continue;
		}
		*reason = length > RULE_LENGTH_MAX ? "the rule is longer than 64 KiB"
						   : read_rule(text, out);
		return *reason == NULL ? 1 : -EINVAL;
	}
	return 0;
}

/* ---- values ---- */

const char *suricata_option(const struct suricata_rule *rule, const char *name)
{
	for (size_t i = 0; i < rule->n_options; i++) {
		if (strcmp(rule->options[i].name, name) == 0) {
			return rule->options[i].value;
		}
	}
	return NULL;
}

const char *suricata_plain(struct arena *arena, const char *value)
{
	size_t n = strlen(value), used = 0;
	char *out = arena_take(arena, n + 1);
	bool quoted = n >= 2 && value[0] == '"' && value[n - 1] == '"';

	for (size_t i = quoted; out != NULL && i < n - quoted; i++) {
		if (value[i] == '\\' && i + 1 < n - quoted && strchr("\\\";:", value[i + 1])) {
			i++;
		}
		out[used++] = value[i];
	}
	return out;
}

bool suricata_number(const char *text, uint64_t *out)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	char *end;

	if (!isxdigit((unsigned char)text[hex ? 2 : 0]) ||
	    (!hex && !isdigit((unsigned char)text[0]))) {
		return false;
	}
	errno = 0;
	*out = strtoull(text, &end, hex ? 16 : 10);
	return errno == 0 && *end == '\0';
}
