/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/alert_story.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID_SIZE 17

struct story {
	char id[ID_SIZE];
	char *evidence; /* the longest document that the sensor made */
	char *latest;   /* the newest that it made */
	char *said;     /* the newest that a person made; NULL: none */
	struct alert_step *steps;
	size_t n_steps, room;
	uint64_t told; /* counts the document that told of it last */
};

struct alert_stories {
	struct story *stories;
	size_t n, room;
	uint32_t *slots; /* by hash of the id: number + 1 */
	size_t n_slots;
	uint64_t told;
};

int alert_stories_new(struct alert_stories **out)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? 0 : -ENOMEM;
}

static void step_free(struct alert_step *step)
{
	free(step->time);
	free(step->action);
	free(step->by);
	free(step->reason);
}

struct alert_stories *alert_stories_free(struct alert_stories *stories)
{
	if (stories == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < stories->n; i++) {
		struct story *story = &stories->stories[i];

		for (size_t k = 0; k < story->n_steps; k++) {
			step_free(&story->steps[k]);
		}
		free(story->steps);
		free(story->evidence);
		free(story->latest);
		free(story->said);
	}
	free(stories->stories);
	free(stories->slots);
	free(stories);
	return NULL;
}

/* ---- by id ---- */

static size_t slot_of(const struct alert_stories *stories, const char *id)
{
	size_t at = hash_bytes(id, strlen(id), 0) & (stories->n_slots - 1);

	while (stories->slots[at] != 0 &&
	       strcmp(stories->stories[stories->slots[at] - 1].id, id) != 0) {
		at = (at + 1) & (stories->n_slots - 1);
	}
	return at;
}

static int make_room(struct alert_stories *stories)
{
	size_t n_slots = stories->n_slots > 0 ? stories->n_slots * 2 : 256;
	struct story *list;
	uint32_t *slots;

	if (stories->n < stories->room) {
		return 0;
	}
	slots = calloc(n_slots, sizeof(*slots));
	list = realloc(stories->stories, n_slots / 2 * sizeof(*list));
	stories->stories = list != NULL ? list : stories->stories;
	if (slots == NULL || list == NULL) {
		free(slots);
		return -ENOMEM;
	}
	free(stories->slots);
	stories->slots = slots;
	stories->n_slots = n_slots;
	stories->room = n_slots / 2;
	for (size_t i = 0; i < stories->n; i++) {
		slots[slot_of(stories, list[i].id)] = (uint32_t)i + 1;
	}
	return 0;
}

/* The story of that id, begun if need be; NULL: no memory. */
static struct story *story_of(struct alert_stories *stories, const char *id)
{
	size_t at;

	if (make_room(stories) != 0) {
		return NULL;
	}
	at = slot_of(stories, id);
	if (stories->slots[at] == 0) {
		struct story *story = &stories->stories[stories->n++];

		*story = (struct story) { .evidence = NULL };
		snprintf(story->id, sizeof(story->id), "%s", id);
		stories->slots[at] = (uint32_t)stories->n;
	}
	return &stories->stories[stories->slots[at] - 1];
}

/* ---- adding ---- */

static char *copy(const char *text)
{
	return text != NULL ? strdup(text) : NULL;
}

static int add_step(struct story *story, const struct json_value *document)
{
	struct alert_step *step;

	if (story->n_steps == story->room) {
		size_t room = story->room * 2 + 2;
		struct alert_step *steps = realloc(story->steps, room * sizeof(*steps));

		if (steps == NULL) {
			return -ENOMEM;
		}
		story->steps = steps;
		story->room = room;
	}
	step = &story->steps[story->n_steps++];
	*step = (struct alert_step) {
		.time = copy(json_value_text(document, "@timestamp")),
		.action = copy(json_value_text(document, "event.action")),
		.by = copy(json_value_text(document, "weir.alert.by")),
		.reason = copy(json_value_text(document, "weir.alert.reason")),
		.count = json_value_int(document, "weir.alert.count", 0),
	};
	return step->action != NULL ? 0 : -ENOMEM;
}

static int replace(char **text, const char *json, size_t length)
{
	char *copied = strndup(json, length);

	if (copied == NULL) {
		return -ENOMEM;
	}
	free(*text);
	*text = copied;
	return 0;
}

static int keep(struct story *story, bool persons, const char *json, size_t length)
{
	int error = 0;

	if (persons) {
		return replace(&story->said, json, length);
	}
	if (story->evidence == NULL || length > strlen(story->evidence)) {
		error = replace(&story->evidence, json, length);
	}
	return error == 0 ? replace(&story->latest, json, length) : error;
}

int alert_stories_add(struct alert_stories *stories, const char *json, size_t length)
{
	struct json_value *document = json_value_parse(json, length);
	const char *id = json_value_text(document, "weir.alert.id");
	const char *action = json_value_text(document, "event.action");
	struct story *story;
	int error = 0;

	if (id != NULL && strlen(id) < ID_SIZE && action != NULL) {
		story = story_of(stories, id);
		error = story != NULL ? add_step(story, document) : -ENOMEM;
		if (story != NULL && json_value_text(document, "weir.alert.by") == NULL) {
			story->told = ++stories->told;
		}
		error = error == 0 ? keep(story, json_value_text(document, "weir.alert.by") != NULL,
					  json, length)
				   : error;
	}
	json_value_free(document);
	return error;
}

static const char *time_of(const struct alert_step *step)
{
	return step->time != NULL ? step->time : "";
}

int alert_stories_note(struct alert_stories *stories, const char *json, size_t length)
{
	struct json_value *document = json_value_parse(json, length);
	const char *id = json_value_text(document, "weir.alert.id");
	struct story *story = NULL;
	size_t at = 0;
	int error = 0;

	if (id != NULL && stories->n > 0 && alert_stories_find(stories, id, &at) == 0) {
		story = &stories->stories[at];
		error = add_step(story, document);
	}
	for (size_t i = story != NULL ? story->n_steps : 0;
	     error == 0 && i-- > 1 &&
	     strcmp(time_of(&story->steps[i - 1]), time_of(&story->steps[i])) > 0;) {
		struct alert_step later = story->steps[i - 1];

		story->steps[i - 1] = story->steps[i];
		story->steps[i] = later;
	}
	json_value_free(document);
	return error;
}

/* ---- telling ---- */

static int by_told(const void *a, const void *b)
{
	const struct story *x = a, *y = b;

	return (x->told > y->told) - (x->told < y->told);
}

void alert_stories_sort(struct alert_stories *stories)
{
	qsort(stories->stories, stories->n, sizeof(*stories->stories), by_told);
	memset(stories->slots, 0, stories->n_slots * sizeof(*stories->slots));
	for (size_t i = 0; i < stories->n; i++) {
		stories->slots[slot_of(stories, stories->stories[i].id)] = (uint32_t)i + 1;
	}
}

size_t alert_stories_count(const struct alert_stories *stories)
{
	return stories->n;
}

int alert_stories_find(const struct alert_stories *stories, const char *id, size_t *out)
{
	size_t n = strlen(id), found = 0;

	for (size_t i = 0; n > 0 && i < stories->n; i++) {
		if (strncmp(stories->stories[i].id, id, n) == 0) {
			*out = i;
			found++;
		}
	}
	return found == 1 ? 0 : found == 0 ? -ENOENT : -EEXIST;
}

const char *alert_story_id(const struct alert_stories *stories, size_t i)
{
	return stories->stories[i].id;
}

const struct alert_step *alert_story_steps(const struct alert_stories *stories, size_t i, size_t *n)
{
	*n = stories->stories[i].n_steps;
	return stories->stories[i].steps;
}

static struct json_value *parse(const char *text)
{
	return text != NULL ? json_value_parse(text, strlen(text)) : NULL;
}

static int tell(struct json_value *document, const struct json_value *latest,
		const struct json_value *said)
{
	static const char *const counted[] = { "@timestamp",           "message",
					       "event.action",         "event.id",
					       "weir.alert.count",     "weir.alert.last",
					       "weir.alert.operations" };
	static const char *const persons[] = { "weir.alert.by", "weir.alert.reason" };
	const char *state = json_value_text(said, "weir.alert.state");
	int error =
	    json_value_set_text(document, "weir.alert.state", state != NULL ? state : "open");

	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(counted); i++) {
		error = json_value_take(document, latest, counted[i]);
	}
	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(persons); i++) {
		error = json_value_take(document, said, persons[i]);
	}
	return error;
}

void alert_story_write(const struct alert_stories *stories, size_t i, struct buffer *out)
{
	const struct story *story = &stories->stories[i];
	struct json_value *said = parse(story->said), *latest = parse(story->latest);
	struct json_value *document =
	    parse(story->evidence != NULL ? story->evidence : story->said);

	out->failed = out->failed || document == NULL || tell(document, latest, said) != 0;
	if (!out->failed) {
		json_value_write(document, out);
	}
	json_value_free(document);
	json_value_free(latest);
	json_value_free(said);
}
