/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Lines of a baseline: words apart, what they say, and their one spelling. */

#include "store/baseline_private.h"
#include "store/inventory_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX (BASELINE_ADDRESSES_MAX + 2)

static const char *const kind_names[BASELINE_KINDS] = {
	[BASELINE_ALLOW] = "allow",
	[BASELINE_ASSET] = "asset",
	[BASELINE_CONVERSATION] = "conversation",
	[BASELINE_CYCLE] = "cycle",
	[BASELINE_FRAME] = "frame",
	[BASELINE_OPERATION] = "operation",
	[BASELINE_PROGRAM] = "program",
	[BASELINE_TARGET] = "target",
	[BASELINE_VALUE] = "value",
};

#define BIT(operation) (UINT32_C(1) << OPERATION_##operation)

#define READS                                                                                 \
	(BIT(READ) | BIT(IO) | BIT(IDENTIFY) | BIT(DIAGNOSE) | BIT(SUBSCRIBE) | BIT(REPORT) | \
	 BIT(SESSION) | BIT(AUTHENTICATE))
#define WRITES (READS | BIT(WRITE) | BIT(CONTROL))
#define PROGRAMS                                                                                   \
	(WRITES | BIT(FORCE) | BIT(START) | BIT(STOP) | BIT(RESTART) | BIT(MEMORY_RESET) |         \
	 BIT(PROGRAM_UPLOAD) | BIT(PROGRAM_DOWNLOAD) | BIT(PROGRAM_DELETE) | BIT(ONLINE_EDIT) |    \
	 BIT(CONFIG_WRITE) | BIT(MODE_CHANGE) | BIT(TIME_SET) | BIT(FILE_READ) | BIT(FILE_WRITE) | \
	 BIT(FILE_DELETE))

/* What a person calls what somebody does. */
static const struct {
	const char *verb;
	uint32_t operations;
} verbs[] = {
	{ "reads", READS },
	{ "writes", WRITES },
	{ "programs", PROGRAMS },
	{ "updates", READS | BIT(FIRMWARE_UPDATE) | BIT(FILE_WRITE) | BIT(RESTART) },
	{ "anything", UINT32_MAX },
};

uint32_t baseline_verb(const char *word)
{
	enum operation operation;

	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].verb, word) == 0) {
			return verbs[i].operations;
		}
	}
	return operation_from_name(word, &operation) ? UINT32_C(1) << operation : 0;
}

/* ---- writing ---- */

static void put(struct baseline_writer *writer, char c)
{
	if (writer->length + 1 >= sizeof(writer->text)) {
		writer->cut = true;
		return;
	}
	writer->text[writer->length++] = c;
	writer->text[writer->length] = '\0';
}

static bool is_plain(const char *word)
{
	for (const char *at = word; *at != '\0'; at++) {
		if ((unsigned char)*at <= ' ' || *at == '"' || *at == '\\' || *at == '#' ||
		    *at == 0x7f) {
			return false;
		}
	}
	return word[0] != '\0';
}

void baseline_begin(struct baseline_writer *writer, const char *kind)
{
	*writer = (struct baseline_writer) { .length = 0 };
	for (const char *at = kind; *at != '\0'; at++) {
		put(writer, *at);
	}
}

void baseline_word(struct baseline_writer *writer, const char *word)
{
	static const char digits[] = "0123456789abcdef";
	bool plain = is_plain(word);

	put(writer, ' ');
	if (!plain) {
		put(writer, '"');
	}
	for (const unsigned char *at = (const unsigned char *)word; *at != '\0'; at++) {
		if (!plain && (*at < ' ' || *at == 0x7f)) {
			put(writer, '\\');
			put(writer, 'x');
			put(writer, digits[*at >> 4]);
			put(writer, digits[*at & 15]);
			continue;
		}
		if (!plain && (*at == '"' || *at == '\\')) {
			put(writer, '\\');
		}
		put(writer, (char)*at);
	}
	if (!plain) {
		put(writer, '"');
	}
}

void baseline_address(struct baseline_writer *writer, const struct baseline_end *end)
{
	char text[IP_TEXT_SIZE], word[IP_TEXT_SIZE + 8];

	if (ip_is_none(&end->ip)) {
		mac_text(&end->mac, text);
	} else {
		ip_text(&end->ip, text);
	}
	if (end->domain != 0) {
		snprintf(word, sizeof(word), "%u/%s", end->domain, text);
	} else {
		snprintf(word, sizeof(word), "%s", text);
	}
	baseline_word(writer, word);
}

/* ---- words ---- */

/* A quoted word in place; returns where it ends, or NULL. */
static char *unquote(char *at, char **out)
{
	char *to = at;

	*out = at;
	for (; *at != '\0' && *at != '"'; at++) {
		unsigned value;

		if (*at != '\\') {
			*to++ = *at;
			continue;
		}
		at++;
		if (*at == 'x' && isxdigit((unsigned char)at[1]) &&
		    isxdigit((unsigned char)at[2])) {
			sscanf(at + 1, "%2x", &value);
			*to++ = (char)value;
			at += 2;
		} else if (*at == '"' || *at == '\\') {
			*to++ = *at;
		} else {
			return NULL;
		}
	}
	if (*at != '"' || (at[1] != '\0' && at[1] != ' ' && at[1] != '\t')) {
		return NULL;
	}
	*to = '\0';
	return at + 1;
}

static const char *split(char *text, char *words[WORDS_MAX], size_t *n)
{
	*n = 0;
	for (;;) {
		while (*text == ' ' || *text == '\t' || *text == '\r') {
			text++;
		}
		if (*text == '\0' || *text == '#') {
			return NULL;
		}
		if (*n == WORDS_MAX) {
			return "too many words";
		}
		if (*text == '"') {
			text = unquote(text + 1, &words[*n]);
			if (text == NULL) {
				return "a quoted word does not end, or has an escape other than "
				       "\\\", \\\\ and \\xHH";
			}
		} else {
			words[*n] = text;
			text += strcspn(text, " \t\r");
		}
		(*n)++;
		if (*text != '\0') {
			*text++ = '\0';
		}
	}
}

/* ---- addresses ---- */

/* Takes "DOMAIN/" off. */
static const char *take_domain(const char *word, uint16_t *domain)
{
	size_t digits = strspn(word, "0123456789");

	*domain = 0;
	if (digits == 0 || digits > 5 || word[digits] != '/') {
		return word;
	}
	*domain = (uint16_t)strtoul(word, NULL, 10);
	return word + digits + 1;
}

static bool address_parse(const char *word, struct baseline_end *out)
{
	*out = (struct baseline_end) { .domain = 0 };
	word = take_domain(word, &out->domain);
	return ip_parse(word, &out->ip) == 0 || mac_parse(word, &out->mac) == 0;
}

bool baseline_party_parse(const char *word, struct baseline_party *out)
{
	*out = (struct baseline_party) { .any = strcmp(word, "any") == 0 };
	if (out->any) {
		return true;
	}
	if (strncmp(word, "zone:", 5) == 0) {
		out->zone = strdup(word + 5);
		return word[5] != '\0' && out->zone != NULL;
	}
	word = take_domain(word, &out->domain);
	return ip_network_parse(word, &out->network) == 0 || mac_parse(word, &out->mac) == 0;
}

/* ---- targets ---- */

/* "holding registers 0-9", "coil 5" */
static bool range_parse(const char *text, struct baseline_target *out)
{
	const char *space = strrchr(text, ' ');
	char name[32], *end;
	unsigned long from, to;
	size_t n;

	if (space == NULL || !isdigit((unsigned char)space[1])) {
		return false;
	}
	n = (size_t)(space - text);
	if (n == 0 || n >= sizeof(name)) {
		return false;
	}
	from = to = strtoul(space + 1, &end, 10);
	if (*end == '-' && isdigit((unsigned char)end[1])) {
		to = strtoul(end + 1, &end, 10);
	}
	memcpy(name, text, n);
	name[n] = '\0';
	if (n > 1 && name[n - 1] == 's' && from != to) {
		name[n - 1] = '\0';
	}
	if (*end != '\0' || from > to || to > UINT32_MAX || !space_from_name(name, &out->space)) {
		return false;
	}
	out->from = (uint32_t)from;
	out->to = (uint32_t)to;
	return true;
}

/* ---- lines ---- */

static const char *parse_ends(char **words, struct baseline_entry *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!address_parse(words[i], &out->ends[i])) {
			return "an IP or MAC address is wanted, or DOMAIN/ADDRESS";
		}
	}
	out->n_ends = n;
	return NULL;
}

static void spell_ends(struct baseline_writer *writer, const struct baseline_entry *entry)
{
	for (size_t i = 0; i < entry->n_ends; i++) {
		baseline_address(writer, &entry->ends[i]);
	}
}

static const char *parse_asset(char **words, size_t n, struct baseline_entry *out,
			       struct baseline_writer *spelled)
{
	const char *wrong = n >= 1 && n <= BASELINE_ADDRESSES_MAX ? parse_ends(words, out, n)
								  : "asset wants 1 to 16 addresses";

	spell_ends(spelled, out);
	return wrong;
}

static const char *parse_allow(char **words, size_t n, struct baseline_entry *out,
			       struct baseline_writer *spelled)
{
	struct baseline_party party;
	bool good = n == 3 || n == 4;

	for (size_t i = 0; good && i < 2; i++) {
		good = baseline_party_parse(words[2 * i], &party);
		free(party.zone);
		out->parties[i] = words[2 * i];
	}
	if (!good) {
		return "allow wants WHO VERB WHOM [PROTOCOL]: an address, network, zone:NAME or "
		       "any; reads, writes, programs, updates, anything or an operation";
	}
	if (baseline_verb(words[1]) == 0) {
		return "no such verb: reads, writes, programs, updates, anything, or an operation "
		       "such as stop";
	}
	out->verb = words[1];
	out->protocol = n == 4 ? words[3] : NULL;
	for (size_t i = 0; i < n; i++) {
		baseline_word(spelled, words[i]);
	}
	return NULL;
}

static const char *parse_operation(const char *word, struct baseline_entry *out,
				   struct baseline_writer *spelled)
{
	baseline_word(spelled, word);
	return operation_from_name(word, &out->operation) ? NULL : "no such operation";
}

/* WHO WHOM PROTOCOL, and OPERATION if wanted. */
static const char *parse_talk(char **words, size_t n, struct baseline_entry *out,
			      struct baseline_writer *spelled, bool operation)
{
	const char *wrong;

	if (n < (operation ? 4U : 3U)) {
		return operation ? "it wants WHO WHOM PROTOCOL OPERATION and what they are about"
				 : "it wants WHO WHOM PROTOCOL";
	}
	wrong = parse_ends(words, out, 2);
	out->protocol = words[2];
	spell_ends(spelled, out);
	baseline_word(spelled, words[2]);
	return wrong == NULL && operation ? parse_operation(words[3], out, spelled) : wrong;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "production,weekend": in order, each once. */
static const char *parse_frames(char *word, struct baseline_entry *out,
				struct baseline_writer *spelled)
{
	char *names[BASELINE_FRAMES_MAX], *rest = NULL, joined[BASELINE_LINE_SIZE] = "";
	size_t n = 0, length = 0;

	for (char *at = strtok_r(word, ",", &rest); at != NULL; at = strtok_r(NULL, ",", &rest)) {
		if (n == BASELINE_FRAMES_MAX) {
			return "at most 8 times are told apart";
		}
		names[n++] = at;
	}
	qsort(names, n, sizeof(names[0]), by_text);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0) {
			length += (size_t)snprintf(joined + length, sizeof(joined) - length, "%s%s",
						   i > 0 ? "," : "", names[i]);
		}
	}
	/* The word becomes its one spelling, which is no longer than it was. */
	memcpy(word, joined, length + 1);
	out->frames = word;
	baseline_word(spelled, word);
	return n > 0 ? NULL : "the times are names, such as production,weekend";
}

static const char *parse_done(char **words, size_t n, struct baseline_entry *out,
			      struct baseline_writer *spelled)
{
	const char *wrong = n <= 5 ? parse_talk(words, n, out, spelled, true) : "too many words";

	return wrong == NULL && n == 5 ? parse_frames(words[4], out, spelled) : wrong;
}

static const char *parse_conversation(char **words, size_t n, struct baseline_entry *out,
				      struct baseline_writer *spelled)
{
	return n == 3 ? parse_talk(words, n, out, spelled, false)
		      : "conversation wants WHO WHOM PROTOCOL";
}

static const char *parse_cycle(char **words, size_t n, struct baseline_entry *out,
			       struct baseline_writer *spelled)
{
	const char *wrong = n == 5 ? parse_talk(words, n, out, spelled, true)
				   : "cycle wants WHO WHOM PROTOCOL OPERATION SECONDS";
	char *end = NULL, text[32];
	double seconds = wrong == NULL ? strtod(words[4], &end) : 0;

	if (wrong != NULL) {
		return wrong;
	}
	if (*end != '\0' || !(seconds > 0 && seconds < 1e7)) {
		return "a cycle is a number of seconds, such as 0.500";
	}
	out->cycle = (int64_t)(seconds * 1e9 + 0.5);
	snprintf(text, sizeof(text), "%.3f", seconds);
	baseline_word(spelled, text);
	return NULL;
}

static const char *parse_frame(char **words, size_t n, struct baseline_entry *out,
			       struct baseline_writer *spelled)
{
	struct problem problem = { "" };
	char text[BASELINE_LINE_SIZE];

	if (n < 2 || n > 3) {
		return "frame wants NAME [DAYS] [HH:MM-HH:MM]";
	}
	snprintf(text, sizeof(text), "%s %s %s", words[0], words[1], n == 3 ? words[2] : "");
	if (baseline_frame_parse(text, &out->frame, &problem) != 0) {
		return "no such time: frame production mon-fri 06:00-22:00";
	}
	baseline_frame_write(spelled, &out->frame);
	return NULL;
}

static const char *parse_target(char **words, size_t n, struct baseline_entry *out,
				struct baseline_writer *spelled)
{
	struct baseline_target *target = &out->target;
	const char *wrong = n == 6 ? parse_talk(words, n, out, spelled, true)
				   : "target wants WHO WHOM PROTOCOL OPERATION UNIT TARGET; UNIT "
				     "is - where there is none";
	char *end = NULL, text[16];

	if (wrong != NULL) {
		return wrong;
	}
	if (strcmp(words[4], "-") != 0) {
		target->unit = (uint32_t)strtoul(words[4], &end, 10);
		target->has_unit = true;
		if (*end != '\0' || end == words[4]) {
			return "a unit is a number, or - where there is none";
		}
		snprintf(text, sizeof(text), "%u", target->unit);
	}
	target->operation = (uint8_t)out->operation;
	if (!range_parse(words[5], target)) {
		target->text = words[5];
	}
	baseline_word(spelled, target->has_unit ? text : "-");
	baseline_word(spelled, words[5]);
	return NULL;
}

static const char *parse_fact(char **words, size_t n, struct baseline_entry *out,
			      struct baseline_writer *spelled, size_t wanted)
{
	const char *wrong = NULL;

	if (n != wanted) {
		return wanted == 4 ? "program wants WHOM PROTOCOL NAME HASH"
				   : "value wants WHOM PROTOCOL NAME LEAST MOST";
	}
	wrong = parse_ends(words, out, 1);
	spell_ends(spelled, out);
	out->protocol = words[1];
	out->name = words[2];
	baseline_word(spelled, words[1]);
	baseline_word(spelled, words[2]);
	return wrong;
}

static const char *parse_program(char **words, size_t n, struct baseline_entry *out,
				 struct baseline_writer *spelled)
{
	const char *wrong = parse_fact(words, n, out, spelled, 4);

	if (wrong == NULL) {
		out->hash = words[3];
		baseline_word(spelled, words[3]);
	}
	return wrong;
}

static const char *parse_value(char **words, size_t n, struct baseline_entry *out,
			       struct baseline_writer *spelled)
{
	const char *wrong = parse_fact(words, n, out, spelled, 5);
	double *ends[2] = { &out->low, &out->high };

	for (size_t i = 0; wrong == NULL && i < 2; i++) {
		char *end, text[32];

		*ends[i] = strtod(words[3 + i], &end);
		if (*end != '\0' || end == words[3 + i] || *ends[i] != *ends[i]) {
			return "LEAST and MOST are numbers";
		}
		snprintf(text, sizeof(text), "%.9g", *ends[i]);
		baseline_word(spelled, text);
	}
	return wrong == NULL && out->low > out->high ? "LEAST is more than MOST" : wrong;
}

static const char *(*const parsers[BASELINE_KINDS])(char **words, size_t n,
						    struct baseline_entry *out,
						    struct baseline_writer *spelled) = {
	[BASELINE_ALLOW] = parse_allow,
	[BASELINE_ASSET] = parse_asset,
	[BASELINE_CONVERSATION] = parse_conversation,
	[BASELINE_CYCLE] = parse_cycle,
	[BASELINE_FRAME] = parse_frame,
	[BASELINE_OPERATION] = parse_done,
	[BASELINE_PROGRAM] = parse_program,
	[BASELINE_TARGET] = parse_target,
	[BASELINE_VALUE] = parse_value,
};

const char *baseline_parse(const char *line, char *scratch, struct baseline_entry *out,
			   struct baseline_writer *spelled, bool *empty)
{
	char *words[WORDS_MAX];
	const char *wrong;
	size_t n, kind = 0;

	*out = (struct baseline_entry) { .n_ends = 0 };
	*empty = false;
	if (strlen(line) >= BASELINE_LINE_SIZE) {
		return "the line is longer than 1,023 bytes";
	}
	memcpy(scratch, line, strlen(line) + 1);
	wrong = split(scratch, words, &n);
	*empty = wrong == NULL && n == 0;
	if (wrong != NULL || n == 0) {
		return wrong;
	}
	while (kind < BASELINE_KINDS && strcmp(kind_names[kind], words[0]) != 0) {
		kind++;
	}
	if (kind == BASELINE_KINDS) {
		return "a line begins with allow, asset, conversation, cycle, frame, operation, "
		       "program, "
		       "target or value";
	}
	out->kind = (enum baseline_kind)kind;
	baseline_begin(spelled, words[0]);
	wrong = parsers[kind](words + 1, n - 1, out, spelled);
	return wrong == NULL && spelled->cut ? "the line is longer than 1,023 bytes" : wrong;
}

/* ---- what a person lets happen ---- */

int baseline_allow(struct baseline_writer *writer, const char *const words[4],
		   struct problem *problem)
{
	baseline_begin(writer, kind_names[BASELINE_ALLOW]);
	if (baseline_verb(words[1]) == 0) {
		return problem_set(problem, -EINVAL,
				   "'%.40s' is no verb: reads, writes, programs, updates, "
				   "anything, or an operation such as stop",
				   words[1]);
	}
	for (size_t i = 0; i < 4 && words[i] != NULL; i++) {
		struct baseline_party party = { .zone = NULL };
		char zone[BASELINE_LINE_SIZE];
		bool is_party = i == 0 || i == 2;

		if (is_party && !baseline_party_parse(words[i], &party)) {
			snprintf(zone, sizeof(zone), "zone:%s", words[i]);
			baseline_word(writer, zone);
		} else {
			baseline_word(writer, words[i]);
		}
		free(party.zone);
	}
	return writer->cut ? problem_set(problem, -EINVAL, "that is too long") : 0;
}
