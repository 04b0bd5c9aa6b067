/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/baseline_send.h"

#include "capture/base/json.h"
#include "cli/tree.h"

#include <errno.h>
#include <stdio.h>

#define STAGED_AT_ONCE 32768 /* bytes of lines in one request */

static struct json begin(struct buffer *request, const char *action)
{
	struct json json;

	buffer_clear(request);
	json = json_to(request);
	json_object(&json, NULL);
	json_text(&json, "command", "baseline");
	json_text(&json, "action", action);
	return json;
}

/* Sends the request and reads the answer; *answer gets it, to be freed, unless NULL. */
static int ask(struct channel *channel, const struct buffer *request, struct buffer *line,
	       struct tree **answer, struct problem *problem)
{
	struct tree *tree = NULL;
	const char *wrong;
	int error = request->failed
			? problem_set(problem, -ENOMEM, "out of memory")
			: channel_ask(channel, request->data, request->length, line, problem);

	if (error < 0) {
		return error;
	}
	if (tree_read(&tree, line->data != NULL ? line->data : "", line->length) < 0) {
		return problem_set(problem, -EPROTO, "the sensor's answer makes no sense");
	}
	wrong = tree_text(tree, "error");
	error = wrong != NULL ? problem_set(problem, -EINVAL, "%s", wrong) : 0;
	if (error == 0 && answer != NULL) {
		*answer = tree;
		return 0;
	}
	tree_free(tree);
	return error;
}

static int stage(struct channel *channel, const struct baseline_lines *lines,
		 struct buffer *request, struct buffer *line, struct problem *problem)
{
	size_t i = 0;
	int error = 0;

	do {
		struct json json = begin(request, "stage");

		json_bool(&json, "first", i == 0);
		json_array(&json, "lines");
		while (i < lines->n && request->length < STAGED_AT_ONCE) {
			json_text(&json, NULL, lines->items[i++]);
		}
		json_end(&json);
		json_end(&json);
		error = ask(channel, request, line, NULL, problem);
	} while (error == 0 && i < lines->n);
	return error;
}

static void say(const struct tree *answer)
{
	printf("%s, %.0f lines: %.0f new, %.0f gone (%s)\n", tree_text(answer, "state"),
	       tree_number(answer, "lines"), tree_number(answer, "added"),
	       tree_number(answer, "removed"), tree_text(answer, "hash"));
}

int baseline_send(struct channel *channel, const struct baseline_order *order,
		  struct problem *problem)
{
	struct buffer request = { 0 }, line = { 0 };
	struct tree *answer = NULL;
	int error =
	    order->lines != NULL ? stage(channel, order->lines, &request, &line, problem) : 0;

	if (error == 0) {
		struct json json = begin(&request, order->action);

		json_text(&json, "reason", order->reason);
		if (order->time != 0) {
			json_int(&json, "time", order->time);
		}
		json_end(&json);
		error = ask(channel, &request, &line, &answer, problem);
	}
	if (error == 0) {
		say(answer);
	}
	tree_free(answer);
	buffer_free(&request);
	buffer_free(&line);
	return error;
}
