/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/request.h"

#include "cli/alert_request.h"
#include "cli/baseline_request.h"
#include "cli/edit_request.h"
#include "cli/evidence_request.h"
#include "cli/exception_view.h"

#include <string.h>

/* {"command":"reload"} begins one, {"command":"reload","number":N} asks how it went. */
static void reload_answer(const struct request_place *place, const struct tree *request,
			  struct json *json)
{
	uint64_t number = (uint64_t)tree_number(request, "number");
	const char *error = "";
	bool done = false;

	if (place->reload == NULL) {
		json_text(json, "error", "no sensor runs");
		return;
	}
	if (number == 0) {
		number = reload_begin(place->reload, place->user);
		error = number == 0 ? "it cannot begin" : "";
	} else {
		done = reload_outcome(place->reload, number, &error);
	}
	json_uint(json, "number", number);
	json_bool(json, "done", done);
	if (error[0] != '\0') {
		json_text(json, "error", error);
	} else if (done) {
		json_text(json, "rule_set", rule_set_hash(analysis_rule_set(place->analysis)));
		json_uint(json, "rules", rule_set_count(analysis_rule_set(place->analysis)));
	}
}

static const struct {
	const char *command;
	request_function *answer;
} requests[] = {
	{ "alert", alert_answer },
	{ "baseline", baseline_answer },
	{ "edit", edit_answer },
	{ "evidence", evidence_answer },
	{ "exceptions", exceptions_answer },
	{ "reload", reload_answer },
};

static request_function *find(const char *command)
{
	for (size_t i = 0; command != NULL && i < ARRAY_SIZE(requests); i++) {
		if (strcmp(command, requests[i].command) == 0) {
			return requests[i].answer;
		}
	}
	return NULL;
}

bool request_is_known(const char *command)
{
	return find(command) != NULL;
}

void request_answer(const struct request_place *place, const char *request, size_t length,
		    struct buffer *answer)
{
	struct json json = json_to(answer);
	request_function *function = NULL;
	struct tree *tree = NULL;

	json_object(&json, NULL);
	if (tree_read(&tree, request, length) < 0) {
		json_text(&json, "error", "the request is no JSON object");
	} else if ((function = find(tree_text(tree, "command"))) == NULL) {
		json_text(&json, "error", "no such command");
	} else {
		function(place, tree, &json);
	}
	json_end(&json);
	tree_free(tree);
}
