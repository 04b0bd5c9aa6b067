/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* alert_story.h - all documents of an alert told as one: the evidence of the one that has most, the
 * counts of the latest, and what persons said of it. */

#include "capture/base/buffer.h"
#include "store/json_value.h"

struct alert_stories;

/* One document of an alert, for its history. */
struct alert_step {
	char *time, *action, *by, *reason; /* by, reason: NULL unless a person did it */
	int64_t count;
};

int alert_stories_new(struct alert_stories **out) MUST_USE;
struct alert_stories *alert_stories_free(struct alert_stories *stories);

/* Takes the next document, in the order in which they were made. What is no alert is left out. 0 or
 * -ENOMEM. */
int alert_stories_add(struct alert_stories *stories, const char *json, size_t length) MUST_USE;

/* A document that only tells who did something with an alert, such as reading its packets: a step
 * in its history, in order of time, and no more. 0 or -ENOMEM. */
int alert_stories_note(struct alert_stories *stories, const char *json, size_t length) MUST_USE;

/* Puts them in the order in which the sensor told of them last. */
void alert_stories_sort(struct alert_stories *stories);

size_t alert_stories_count(const struct alert_stories *stories);
/* The number of the alert whose id begins with the text, which no other's does. -ENOENT, -EEXIST.
 */
int alert_stories_find(const struct alert_stories *stories, const char *id, size_t *out) MUST_USE;
/* The i-th alert's own id. */
const char *alert_story_id(const struct alert_stories *stories, size_t i);
/* Writes it as one document: weir.alert.state is open, acknowledged or closed, with .by and .reason
 * where a person said so. */
void alert_story_write(const struct alert_stories *stories, size_t i, struct buffer *out);
/* Its documents, oldest first. */
const struct alert_step *alert_story_steps(const struct alert_stories *stories, size_t i,
					   size_t *n);
