/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/decision.h"

#include "capture/base/json.h"
#include "cli/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int decisions_add(struct decisions *decisions, const char *action, const char *document,
		  size_t length)
{
	char *copy = strndup(document, length);

	if (copy != NULL && decisions->n == decisions->room) {
		size_t room = decisions->room * 2 + 16;
		struct decision *items = realloc(decisions->items, room * sizeof(*items));

		if (items == NULL) {
			free(copy);
			return -ENOMEM;
		}
		decisions->items = items;
		decisions->room = room;
	}
	if (copy == NULL) {
		return -ENOMEM;
	}
	decisions->items[decisions->n++] = (struct decision) { action, copy };
	return 0;
}

void decisions_free(struct decisions *decisions)
{
	for (size_t i = 0; i < decisions->n; i++) {
		free(decisions->items[i].document);
	}
	free(decisions->items);
	*decisions = (struct decisions) { 0 };
}

static void write_request(struct buffer *out, const struct decision *decision, const char *reason)
{
	struct json json = json_to(out);

	buffer_clear(out);
	json_object(&json, NULL);
	json_text(&json, "command", "alert");
	json_text(&json, "action", decision->action);
	json_text(&json, "reason", reason);
	json_text(&json, "document", decision->document);
	json_end(&json);
}
static int read_answer(const struct buffer *answer, const char *document, struct problem *problem)
{
	struct tree *tree = NULL, *alert = NULL;
	const char *wrong = NULL;
	int error = tree_read(&tree, answer->data != NULL ? answer->data : "", answer->length);

	if (error < 0) {
		return problem_set(problem, -EPROTO, "the sensor's answer makes no sense");
	}
	wrong = tree_text(tree, "error");
	if (wrong != NULL) {
		error = problem_set(problem, -EIO, "%s", wrong);
	} else if (tree_read(&alert, document, strlen(document)) == 0) {
		printf("%s: %s\n", tree_text(alert, "weir.alert.id"), tree_text(alert, "message"));
	}
	tree_free(alert);
	tree_free(tree);
	return error;
}

int decisions_send(struct channel *channel, const struct decisions *decisions, const char *reason,
		   struct problem *problem)
{
	struct buffer request = { 0 }, answer = { 0 };
	int error = 0;

	for (size_t i = 0; error == 0 && i < decisions->n; i++) {
		write_request(&request, &decisions->items[i], reason);
		error = request.failed
			    ? problem_set(problem, -ENOMEM, "out of memory")
			    : channel_ask(channel, request.data, request.length, &answer, problem);
		error = error == 0 ? read_answer(&answer, decisions->items[i].document, problem)
				   : error;
	}
	buffer_free(&request);
	buffer_free(&answer);
	return error;
}
