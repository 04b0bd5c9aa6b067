/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/edit_send.h"

#include "cli/log.h"
#include "cli/tree.h"

#include <errno.h>
#include <stdlib.h>

/* So much waits; a sensor takes at most SOCKET_REQUEST_MAX at once, and an edit is far shorter than
 * the rest. */
#define BATCH_BYTES 32768

struct editing {
	struct edit_values values;
	struct channel *channel;
	struct log_sink log;
	/* The request being written. */
	struct buffer request, answer;
	struct json json;
	bool begun, unkept;
	edit_result *handler;
	void *context;
};

int editing_begin(struct editing **out, const struct edit_values *values, struct problem *problem)
{
	struct editing *editing = calloc(1, sizeof(*editing));
	int error;

	if (editing == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	editing->values = *values;
	editing->log = log_to_stderr(false);
	error = channel_open(&editing->channel, &values->to, problem);
	if (error < 0) {
		(void)!editing_end(editing, NULL);
		return error;
	}
	*out = editing;
	return 0;
}

int editing_end(struct editing *editing, struct problem *problem)
{
	int error = channel_close(editing->channel, problem);

	buffer_free(&editing->request);
	buffer_free(&editing->answer);
	free(editing);
	return error;
}

void editing_results(struct editing *editing, edit_result *handler, void *context)
{
	editing->handler = handler;
	editing->context = context;
}

struct json *editing_next(struct editing *editing)
{
	if (!editing->begun) {
		buffer_clear(&editing->request);
		editing->json = json_to(&editing->request);
		json_object(&editing->json, NULL);
		json_text(&editing->json, "command", "edit");
		if (editing->values.reason != NULL) {
			json_text(&editing->json, "reason", editing->values.reason);
		}
		json_bool(&editing->json, "dry_run", editing->values.dry_run);
		json_array(&editing->json, "edits");
		editing->begun = true;
	}
	return &editing->json;
}

static void one_result(void *context, const char *key, const struct tree *result)
{
	const struct editing *editing = context;

	(void)key;
	editing->handler(editing->context, tree_text(result, "error"), tree_text(result, "is"),
			 (unsigned)tree_number(result, "changed"));
}

static int answer_read(struct editing *editing, struct problem *problem)
{
	struct tree *answer = NULL;
	const char *wrong;
	int error = tree_read(&answer, editing->answer.data != NULL ? editing->answer.data : "",
			      editing->answer.length);

	if (error < 0) {
		return problem_set(problem, -EPROTO, "the sensor's answer makes no sense");
	}
	tree_members(answer, "results", one_result, editing);
	wrong = tree_text(answer, "error");
	error = wrong != NULL ? problem_set(problem, -EIO, "%s", wrong) : 0;
	if (error == 0 && !tree_true(answer, "stored") && !editing->values.dry_run &&
	    !editing->unkept) {
		editing->unkept = true;
		log_warning(&editing->log,
			    "the sensor keeps no database: this is forgotten when it ends");
	}
	tree_free(answer);
	return error;
}

int editing_send(struct editing *editing, bool now, struct problem *problem)
{
	int error;

	if (!editing->begun || (!now && editing->request.length < BATCH_BYTES)) {
		return 0;
	}
	json_end(&editing->json);
	json_end(&editing->json);
	editing->begun = false;
	error = editing->request.failed
		    ? problem_set(problem, -ENOMEM, "out of memory")
		    : channel_ask(editing->channel, editing->request.data, editing->request.length,
				  &editing->answer, problem);
	return error == 0 ? answer_read(editing, problem) : error;
}
