/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* A baseline: sorted lines, and the tables by which they are asked. */

#include "store/baseline_lines.h"
#include "store/baseline_private.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_names[BASELINE_STATES] = {
	[BASELINE_NONE] = "none",
	[BASELINE_LEARNING] = "learning",
	[BASELINE_FROZEN] = "frozen",
};

const char *baseline_state_name(enum baseline_state state)
{
	return state_names[state];
}

bool baseline_state_from_name(const char *name, enum baseline_state *out)
{
	for (unsigned i = 0; i < BASELINE_STATES; i++) {
		if (strcmp(state_names[i], name) == 0) {
			*out = (enum baseline_state)i;
			return true;
		}
	}
	return false;
}

/* ---- keys ---- */

static uint64_t hash_end(uint64_t h, const struct baseline_end *end)
{
	h = hash_bytes(end->ip.bytes, sizeof(end->ip.bytes), hash_word(h, end->domain));
	return hash_bytes(end->mac.bytes, sizeof(end->mac.bytes), h);
}

bool baseline_end_equal(const struct baseline_end *a, const struct baseline_end *b)
{
	return a->domain == b->domain && ip_equal(&a->ip, &b->ip) && mac_equal(&a->mac, &b->mac);
}

static bool same_address(const struct table_entry *entry, const void *key)
{
	return baseline_end_equal(&((const struct baseline_address *)entry)->end, key);
}

static bool same_talk(const struct table_entry *entry, const void *key)
{
	const struct baseline_talk *a = (const struct baseline_talk *)entry, *b = key;

	return baseline_end_equal(&a->ends[0], &b->ends[0]) &&
	       baseline_end_equal(&a->ends[1], &b->ends[1]) &&
	       strcmp(a->protocol, b->protocol) == 0;
}

static uint64_t hash_talk(const struct baseline_end ends[2], const char *protocol)
{
	return hash_bytes(protocol, strlen(protocol), hash_end(hash_end(0, &ends[0]), &ends[1]));
}

static bool same_fact(const struct table_entry *entry, const void *key)
{
	const struct baseline_fact *a = (const struct baseline_fact *)entry, *b = key;

	return a->kind == b->kind && baseline_end_equal(&a->end, &b->end) &&
	       strcmp(a->protocol, b->protocol) == 0 && strcmp(a->name, b->name) == 0 &&
	       (a->hash == b->hash ||
		(a->hash != NULL && b->hash != NULL && strcmp(a->hash, b->hash) == 0));
}

static uint64_t hash_fact(const struct baseline_fact *fact)
{
	uint64_t h = hash_end(fact->kind, &fact->end);

	h = hash_bytes(fact->protocol, strlen(fact->protocol), h);
	h = hash_bytes(fact->name, strlen(fact->name), h);
	return fact->hash != NULL ? hash_bytes(fact->hash, strlen(fact->hash), h) : h;
}

bool baseline_knows_address(const struct baseline *baseline, const struct baseline_end *end)
{
	return table_find(&baseline->addresses, hash_end(0, end), same_address, end) != NULL;
}

const struct baseline_talk *baseline_talk_of(const struct baseline *baseline,
					     const struct baseline_end ends[2],
					     const char *protocol)
{
	/* The name is only compared. */
	struct baseline_talk wanted = { .ends = { ends[0], ends[1] },
					.protocol = (char *)(uintptr_t)protocol };

	return (const struct baseline_talk *)table_find(&baseline->talks, hash_talk(ends, protocol),
							same_talk, &wanted);
}

const struct baseline_fact *baseline_fact_of(const struct baseline *baseline,
					     enum baseline_kind kind,
					     const struct baseline_end *end, const char *protocol,
					     const char *name, const char *hash)
{
	struct baseline_fact wanted = { .kind = kind,
					.end = *end,
					.protocol = (char *)(uintptr_t)protocol,
					.name = (char *)(uintptr_t)name,
					.hash = (char *)(uintptr_t)hash };

	return (const struct baseline_fact *)table_find(&baseline->facts, hash_fact(&wanted),
							same_fact, &wanted);
}

uint8_t baseline_frame(const struct baseline *baseline, const char *name)
{
	for (unsigned i = 0; i < baseline->n_frames; i++) {
		if (strcmp(baseline->frames[i], name) == 0) {
			return (uint8_t)(1U << i);
		}
	}
	return 0;
}

/* ---- making ---- */

static int add_address(struct baseline *baseline, const struct baseline_end *end)
{
	struct baseline_address *address;
	int error;

	if (baseline_knows_address(baseline, end)) {
		return 0;
	}
	address = malloc(sizeof(*address));
	if (address == NULL) {
		return -ENOMEM;
	}
	*address = (struct baseline_address) { .entry = { hash_end(0, end) }, .end = *end };
	error = table_add(&baseline->addresses, &address->entry);
	if (error != 0) {
		free(address);
	}
	return error;
}

static struct baseline_talk *talk_add(struct baseline *baseline, const struct baseline_entry *entry)
{
	struct baseline_talk *talk = (struct baseline_talk *)(uintptr_t)baseline_talk_of(
	    baseline, entry->ends, entry->protocol);

	if (talk != NULL) {
		return talk;
	}
	talk = calloc(1, sizeof(*talk));
	if (talk == NULL) {
		return NULL;
	}
	talk->entry.hash = hash_talk(entry->ends, entry->protocol);
	memcpy(talk->ends, entry->ends, sizeof(talk->ends));
	talk->protocol = strdup(entry->protocol);
	if (talk->protocol == NULL || table_add(&baseline->talks, &talk->entry) != 0) {
		free(talk->protocol);
		free(talk);
		return NULL;
	}
	return talk;
}

static uint8_t frame_add(struct baseline *baseline, const char *name)
{
	uint8_t bit = baseline_frame(baseline, name);
	char *copy;

	if (bit != 0 || baseline->n_frames == BASELINE_FRAMES_MAX) {
		return bit;
	}
	copy = strdup(name);
	if (copy != NULL) {
		baseline->frames[baseline->n_frames++] = copy;
	}
	return baseline_frame(baseline, name);
}

static int add_operation(struct baseline *baseline, struct baseline_talk *talk,
			 const struct baseline_entry *entry)
{
	char *names = entry->frames != NULL ? strdup(entry->frames) : NULL, *rest = NULL;

	talk->operations |= UINT32_C(1) << entry->operation;
	if (entry->frames != NULL && names == NULL) {
		return -ENOMEM;
	}
	for (char *at = names != NULL ? strtok_r(names, ",", &rest) : NULL; at != NULL;
	     at = strtok_r(NULL, ",", &rest)) {
		talk->frames[entry->operation] |= frame_add(baseline, at);
	}
	free(names);
	return 0;
}

static int add_target(struct baseline_talk *talk, const struct baseline_entry *entry)
{
	struct baseline_target *targets, target = entry->target;

	if (target.text != NULL && strcmp(target.text, BASELINE_ANY) == 0) {
		talk->any_target |= UINT32_C(1) << entry->operation;
		return 0;
	}
	target.text = target.text != NULL ? strdup(target.text) : NULL;
	targets = realloc(talk->targets, (talk->n_targets + 1) * sizeof(*targets));
	if (targets == NULL || (target.text == NULL && entry->target.text != NULL)) {
		talk->targets = targets != NULL ? targets : talk->targets;
		free(target.text);
		return -ENOMEM;
	}
	talk->targets = targets;
	talk->targets[talk->n_targets++] = target;
	return 0;
}

static int add_cycle(struct baseline_talk *talk, const struct baseline_entry *entry)
{
	struct baseline_cycle *cycles =
	    realloc(talk->cycles, (talk->n_cycles + 1) * sizeof(*cycles));

	if (cycles == NULL) {
		return -ENOMEM;
	}
	talk->cycles = cycles;
	talk->cycles[talk->n_cycles++] =
	    (struct baseline_cycle) { (uint8_t)entry->operation, entry->cycle };
	return 0;
}

static int add_grant(struct baseline *baseline, const struct baseline_entry *entry)
{
	struct baseline_grant *grants, grant = { .operations = baseline_verb(entry->verb) };
	bool good = baseline_party_parse(entry->parties[0], &grant.parties[0]) &&
		    baseline_party_parse(entry->parties[1], &grant.parties[1]);

	if (entry->protocol != NULL) {
		grant.protocol = strdup(entry->protocol);
		good = good && grant.protocol != NULL;
	}
	grants =
	    good ? realloc(baseline->grants, (baseline->n_grants + 1) * sizeof(*grants)) : NULL;
	if (grants == NULL) {
		free(grant.parties[0].zone);
		free(grant.parties[1].zone);
		free(grant.protocol);
		return -ENOMEM;
	}
	baseline->grants = grants;
	baseline->grants[baseline->n_grants++] = grant;
	return 0;
}

static void fact_free(struct baseline_fact *fact)
{
	free(fact->protocol);
	free(fact->name);
	free(fact->hash);
	free(fact);
}

static int add_fact(struct baseline *baseline, const struct baseline_entry *entry)
{
	struct baseline_fact *fact = calloc(1, sizeof(*fact));
	int error = 0;

	if (fact == NULL) {
		return -ENOMEM;
	}
	*fact = (struct baseline_fact) { .kind = entry->kind,
					 .end = entry->ends[0],
					 .protocol = strdup(entry->protocol),
					 .name = strdup(entry->name),
					 .hash = entry->hash != NULL ? strdup(entry->hash) : NULL,
					 .low = entry->low,
					 .high = entry->high };
	if (fact->protocol == NULL || fact->name == NULL ||
	    (entry->hash != NULL && fact->hash == NULL)) {
		error = -ENOMEM;
	}
	fact->entry.hash = error == 0 ? hash_fact(fact) : 0;
	error = error == 0 ? table_add(&baseline->facts, &fact->entry) : error;
	if (error != 0) {
		fact_free(fact);
	}
	return error;
}

static int add_frame(struct baseline *baseline, const struct baseline_entry *entry)
{
	if (baseline->n_defined == BASELINE_FRAMES_MAX - 1) {
		return -E2BIG;
	}
	baseline->defined[baseline->n_defined++] = entry->frame;
	return 0;
}

const struct baseline_frame *baseline_frames(const struct baseline *baseline, size_t *n)
{
	*n = baseline->n_defined;
	return baseline->defined;
}

static int add_entry(struct baseline *baseline, const struct baseline_entry *entry)
{
	struct baseline_talk *talk;
	int error = 0;

	switch (entry->kind) {
	case BASELINE_ALLOW:
		return add_grant(baseline, entry);
	case BASELINE_ASSET:
		for (size_t i = 0; error == 0 && i < entry->n_ends; i++) {
			error = add_address(baseline, &entry->ends[i]);
		}
		return error;
	case BASELINE_PROGRAM:
	case BASELINE_VALUE:
		return add_fact(baseline, entry);
	case BASELINE_FRAME:
		return add_frame(baseline, entry);
	default:
		break;
	}
	talk = talk_add(baseline, entry);
	if (talk == NULL) {
		return -ENOMEM;
	}
	switch (entry->kind) {
	case BASELINE_OPERATION:
		return add_operation(baseline, talk, entry);
	case BASELINE_TARGET:
		return add_target(talk, entry);
	case BASELINE_CYCLE:
		return add_cycle(talk, entry);
	default:
		return 0;
	}
}

/* Takes the line in its one spelling. */
static int take_line(struct baseline *baseline, const char *text, size_t number,
		     baseline_mistake *handler, void *context)
{
	char scratch[BASELINE_LINE_SIZE];
	struct baseline_entry entry;
	struct baseline_writer spelled;
	bool empty;
	const char *wrong = baseline_parse(text, scratch, &entry, &spelled, &empty);

	if (wrong != NULL) {
		if (handler != NULL) {
			handler(context, number, wrong);
		}
		return -EINVAL;
	}
	if (empty) {
		return 0;
	}
	baseline->lines[baseline->n_lines] = strdup(spelled.text);
	if (baseline->lines[baseline->n_lines] == NULL) {
		return -ENOMEM;
	}
	baseline->n_lines++;
	return 0;
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_lines(struct baseline *baseline)
{
	uint64_t h = HASH_STABLE_START;
	size_t kept = 0;

	qsort(baseline->lines, baseline->n_lines, sizeof(*baseline->lines), by_line);
	for (size_t i = 0; i < baseline->n_lines; i++) {
		char *line = baseline->lines[i];

		if (kept > 0 && strcmp(baseline->lines[kept - 1], line) == 0) {
			free(line);
			continue;
		}
		baseline->lines[kept++] = line;
		h = hash_stable(h, line, strlen(line) + 1);
	}
	baseline->n_lines = kept;
	snprintf(baseline->hash, sizeof(baseline->hash), "%016llx",
		 (unsigned long long)hash_stable_end(h));
}

static int make_tables(struct baseline *baseline)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < baseline->n_lines; i++) {
		char scratch[BASELINE_LINE_SIZE];
		struct baseline_entry entry;
		struct baseline_writer spelled;
		bool empty;

		if (baseline_parse(baseline->lines[i], scratch, &entry, &spelled, &empty) == NULL) {
			error = add_entry(baseline, &entry);
		}
	}
	return error;
}

int baseline_make(struct baseline **out, const char *const *lines, size_t n,
		  baseline_mistake *handler, void *context)
{
	struct baseline *baseline;
	bool wrong = false;
	int error = 0;

	if (n > BASELINE_LINES_MAX) {
		return -E2BIG;
	}
	baseline = calloc(1, sizeof(*baseline));
	if (baseline != NULL) {
		baseline->lines = calloc(n + 1, sizeof(*baseline->lines));
	}
	error = baseline == NULL || baseline->lines == NULL ? -ENOMEM : 0;
	for (size_t i = 0; (error == 0 || error == -EINVAL) && i < n; i++) {
		error = take_line(baseline, lines[i], i + 1, handler, context);
		wrong = wrong || error == -EINVAL;
	}
	error = error != -ENOMEM && wrong ? -EINVAL : error;
	if (error == 0) {
		sort_lines(baseline);
		error = make_tables(baseline);
	}
	if (error != 0) {
		baseline_free(baseline);
		return error;
	}
	*out = baseline;
	return 0;
}

/* ---- the end ---- */

static void talk_free(struct baseline_talk *talk)
{
	for (size_t i = 0; i < talk->n_targets; i++) {
		free(talk->targets[i].text);
	}
	free(talk->targets);
	free(talk->cycles);
	free(talk->protocol);
	free(talk);
}

static void free_entries(struct table *table, void (*free_entry)(void *entry))
{
	for (size_t i = 0; i < table->capacity; i++) {
		if (table->slots[i] != NULL) {
			free_entry(table->slots[i]);
		}
	}
	table_free(table);
}

static void free_talk(void *entry)
{
	talk_free(entry);
}

static void free_fact(void *entry)
{
	fact_free(entry);
}

struct baseline *baseline_free(struct baseline *baseline)
{
	if (baseline == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < baseline->n_lines; i++) {
		free(baseline->lines[i]);
	}
	free(baseline->lines);
	for (unsigned i = 0; i < baseline->n_frames; i++) {
		free(baseline->frames[i]);
	}
	free_entries(&baseline->talks, free_talk);
	free_entries(&baseline->addresses, free);
	free_entries(&baseline->facts, free_fact);
	for (size_t i = 0; i < baseline->n_grants; i++) {
		free(baseline->grants[i].parties[0].zone);
		free(baseline->grants[i].parties[1].zone);
		free(baseline->grants[i].protocol);
	}
	free(baseline->grants);
	free(baseline);
	return NULL;
}

/* ---- lines ---- */

int baseline_lines_add(struct baseline_lines *lines, const char *line)
{
	if (lines->n == BASELINE_LINES_MAX) {
		return -E2BIG;
	}
	if (lines->n == lines->room) {
		size_t room = lines->room * 2 + 64;
		char **items = realloc(lines->items, room * sizeof(*items));

		if (items == NULL) {
			return -ENOMEM;
		}
		lines->items = items;
		lines->room = room;
	}
	lines->items[lines->n] = strdup(line);
	if (lines->items[lines->n] == NULL) {
		return -ENOMEM;
	}
	lines->n++;
	return 0;
}

void baseline_lines_free(struct baseline_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		free(lines->items[i]);
	}
	free(lines->items);
	*lines = (struct baseline_lines) { 0 };
}

size_t baseline_count(const struct baseline *baseline)
{
	return baseline->n_lines;
}

const char *baseline_line(const struct baseline *baseline, size_t i)
{
	return baseline->lines[i];
}

bool baseline_has(const struct baseline *baseline, const char *line)
{
	return bsearch(&line, baseline->lines, baseline->n_lines, sizeof(*baseline->lines),
		       by_line) != NULL;
}

const char *baseline_hash(const struct baseline *baseline)
{
	return baseline->hash;
}

void baseline_differences(const struct baseline *old, const struct baseline *now,
			  void (*handler)(void *context, bool added, const char *line),
			  void *context)
{
	size_t i = 0, k = 0;

	while (i < old->n_lines || k < now->n_lines) {
		int order = i == old->n_lines   ? 1
			    : k == now->n_lines ? -1
						: strcmp(old->lines[i], now->lines[k]);

		if (order != 0) {
			handler(context, order > 0, order > 0 ? now->lines[k] : old->lines[i]);
		}
		i += order <= 0;
		k += order >= 0;
	}
}

/* ---- files ---- */

/* A file that is no baseline at all is wrong in every line: as many are told as help. */
#define MISTAKES_TOLD 20

struct file_reading {
	const char *path;
	size_t wrong; /* lines */
	void (*handler)(void *context, const char *text);
	void *context;
};

static void tell_mistake(void *context, size_t line, const char *what)
{
	struct file_reading *reading = context;
	char text[512];

	if (reading->wrong++ >= MISTAKES_TOLD) {
		return;
	}
	snprintf(text, sizeof(text), "%s:%zu: %s", reading->path, line, what);
	reading->handler(reading->context, text);
}

static int read_lines(FILE *file, struct baseline_lines *out)
{
	size_t size = 0;
	char *line = NULL;
	ssize_t length;
	int error = 0;

	while (error == 0 && (length = getline(&line, &size, file)) >= 0) {
		if (length > 0 && line[length - 1] == '\n') {
			line[length - 1] = '\0';
		}
		error = baseline_lines_add(out, line);
	}
	free(line);
	return error == 0 && ferror(file) ? -EIO : error;
}

int baseline_read(struct baseline **out, const char *path,
		  void (*handler)(void *context, const char *text), void *context,
		  struct problem *problem)
{
	struct file_reading reading = { path, 0, handler, context };
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct baseline_lines lines = { 0 };
	int error;

	if (file == NULL) {
		return problem_set(problem, -errno, "%s: %s", path, strerror(errno));
	}
	error = read_lines(file, &lines);
	if (file != stdin) {
		fclose(file);
	}
	if (error == 0) {
		error = baseline_make(out, (const char *const *)lines.items, lines.n, tell_mistake,
				      &reading);
	}
	baseline_lines_free(&lines);
	if (error == -EINVAL) {
		return problem_set(problem, error, "%s: no baseline (wrong lines: %zu)", path,
				   reading.wrong);
	}
	return error == 0 ? 0 : problem_set(problem, error, "%s: %s", path, strerror(-error));
}
