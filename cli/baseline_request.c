/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/baseline_request.h"

#include "store/baseline_lines.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct wanted {
	const struct request_place *place;
	struct baseline_lines *staged;
	struct baseline_change change;
	struct baseline_changed changed;
	struct problem problem;
};

static void stage_line(void *context, const char *key, const struct tree *line)
{
	struct baseline_lines *lines = context;
	const char *text = tree_text(line, "");

	(void)key;
	lines->failed = lines->failed || text == NULL || baseline_lines_add(lines, text) != 0;
}

static int stage(struct wanted *wanted, const struct tree *request)
{
	if (tree_true(request, "first")) {
		baseline_lines_free(wanted->staged);
	}
	tree_members(request, "lines", stage_line, wanted->staged);
	return wanted->staged->failed
		   ? problem_set(&wanted->problem, -EINVAL, "lines wants texts, not too many")
		   : 0;
}

static int change(struct wanted *wanted, bool freeze)
{
	return analysis_baseline(wanted->place->analysis, &wanted->change, freeze, &wanted->changed,
				 &wanted->problem);
}

static int accept(struct wanted *wanted, const struct tree *request)
{
	(void)request;
	wanted->change.add = (const char *const *)wanted->staged->items;
	wanted->change.n_add = wanted->staged->n;
	return change(wanted, false);
}

static int import(struct wanted *wanted, const struct tree *request)
{
	wanted->change.whole = true;
	wanted->change.state = BASELINE_FROZEN;
	return accept(wanted, request);
}

static int reject(struct wanted *wanted, const struct tree *request)
{
	struct inventory *inventory = analysis_inventory(wanted->place->analysis);

	(void)request;
	wanted->change.remove = (const char *const *)wanted->staged->items;
	wanted->change.n_remove = wanted->staged->n;
	for (size_t i = 0; i < wanted->staged->n; i++) {
		(void)inventory_hold_line(inventory, wanted->staged->items[i]);
	}
	return change(wanted, false);
}

static int freeze(struct wanted *wanted, const struct tree *request)
{
	(void)request;
	return change(wanted, true);
}

static int learn(struct wanted *wanted, const struct tree *request)
{
	wanted->change.state = BASELINE_LEARNING;
	wanted->change.learning = (int64_t)tree_number(request, "time");
	if (wanted->change.learning <= 0) {
		return problem_set(&wanted->problem, -EINVAL, "time wants nanoseconds");
	}
	return change(wanted, false);
}

static const struct {
	const char *name;
	int (*run)(struct wanted *wanted, const struct tree *request);
	bool changes;
} actions[] = {
	{ "stage", stage, false },  { "accept", accept, true }, { "import", import, true },
	{ "reject", reject, true }, { "freeze", freeze, true }, { "learn", learn, true },
};

static int act(struct wanted *wanted, const struct tree *request)
{
	const char *action = tree_text(request, "action");
	size_t i = 0;
	int error;

	while (action != NULL && i < ARRAY_SIZE(actions) && strcmp(actions[i].name, action) != 0) {
		i++;
	}
	if (action == NULL || i == ARRAY_SIZE(actions)) {
		return problem_set(&wanted->problem, -EINVAL, "no such action");
	}
	if (!actions[i].changes) {
		return actions[i].run(wanted, request);
	}
	wanted->change.action = action;
	if (wanted->change.reason == NULL || wanted->change.reason[0] == '\0') {
		return problem_set(&wanted->problem, -EINVAL, "a reason is wanted");
	}
	error = actions[i].run(wanted, request);
	baseline_lines_free(wanted->staged);
	return error;
}

void baseline_answer(const struct request_place *place, const struct tree *request,
		     struct json *json)
{
	struct wanted wanted = {
		.place = place,
		.staged = analysis_baseline_staged(place->analysis),
		.change = { .user = place->user,
			    .reason = tree_text(request, "reason"),
			    .time = place->time },
	};
	struct baseline_keeper_info info;

	if (act(&wanted, request) != 0) {
		json_text(json, "error", wanted.problem.text);
		return;
	}
	info = analysis_baseline_info(place->analysis);
	json_text(json, "state", baseline_state_name(info.state));
	json_uint(json, "lines", baseline_count(info.baseline));
	json_uint(json, "added", wanted.changed.added);
	json_uint(json, "removed", wanted.changed.removed);
	json_text(json, "hash", baseline_hash(info.baseline));
}
