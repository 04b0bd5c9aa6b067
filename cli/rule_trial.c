/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/rule_trial.h"

#include "rules/rule_document.h"
#include "rules/rule_info.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A database of what the base capture taught, in a folder of its own. */
struct base {
	char folder[32], file[48];
};

struct trying {
	const struct trial *trial;
	struct replay replay;
	struct trial_count *counts;
};

static void on_hit(void *context, size_t rule, const struct event *event)
{
	struct trying *trying = context;

	trying->counts[rule].hits++;
	if (trying->trial->on_hit != NULL) {
		trying->trial->on_hit(trying->trial->context, trying->replay.rules, rule, event);
	}
}

static void on_alert(void *context, const struct alert_document *alert)
{
	struct trying *trying = context;

	if (strcmp(alert->action, "alert-opened") != 0) {
		return;
	}
	for (size_t i = 0; i < rule_set_count(trying->replay.rules); i++) {
		if (strcmp(rule_info(trying->replay.rules, i).id, alert->rule_id) == 0) {
			trying->counts[i].alerts++;
			return;
		}
	}
}

static void base_end(const struct base *base)
{
	static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
	char path[64];

	for (size_t i = 0; base->folder[0] != '\0' && i < ARRAY_SIZE(endings); i++) {
		snprintf(path, sizeof(path), "%s%s", base->file, endings[i]);
		unlink(path);
	}
	if (base->folder[0] != '\0') {
		rmdir(base->folder);
	}
}

static int base_make(struct base *base, const char *capture, const struct log_sink *log,
		     struct problem *problem)
{
	const struct replay_options options = {
		.files = { &capture, 1 }, .workers = 1, .database = base->file, .log = log
	};
	struct replay replay;
	int error;

	strcpy(base->folder, "/tmp/weir-test-XXXXXX");
	if (mkdtemp(base->folder) == NULL) {
		base->folder[0] = '\0';
		return problem_set(problem, -errno, "cannot make a folder in /tmp: %s",
				   strerror(errno));
	}
	snprintf(base->file, sizeof(base->file), "%s/base.db", base->folder);
	error = replay_begin(&replay, &options, problem);
	if (error == 0) {
		error = replay_run(&replay, &options, problem);
		replay_end(&replay);
	}
	return error;
}

static int try(struct trying *trying, const char *baseline, struct problem *problem)
{
	const struct trial *trial = trying->trial;
	const struct replay_options options = {
		.files = trial->captures,
		.rule_folders = *trial->folders,
		.placeholders = trial->placeholders,
		.time_zone = trial->time_zone,
		.rules = true,
		.no_exceptions = true,
		.workers = 1,
		.baseline = baseline,
		.on_alert = on_alert,
		.on_hit = on_hit,
		.context = trying,
		.log = trial->log,
	};
	int error = replay_begin(&trying->replay, &options, problem);

	if (error < 0) {
		return error;
	}
	trying->counts = calloc(rule_set_count(trying->replay.rules) + 1, sizeof(*trying->counts));
	error = trying->counts != NULL ? 0 : problem_set(problem, -ENOMEM, "out of memory");
	if (error == 0 && trial->on_rules != NULL) {
		error = trial->on_rules(trial->context, trying->replay.rules, problem);
	}
	if (error == 0) {
		error = replay_run(&trying->replay, &options, problem);
	}
	if (error == 0) {
		trial->on_end(trial->context, trying->replay.rules, trying->counts);
	}
	replay_end(&trying->replay);
	free(trying->counts);
	return error;
}

int trial_run(const struct trial *trial, struct problem *problem)
{
	struct trying trying = { .trial = trial };
	struct base base = { "", "" };
	int error = trial->base != NULL ? base_make(&base, trial->base, trial->log, problem) : 0;

	if (error == 0) {
		error = try(&trying, trial->base != NULL ? base.file : NULL, problem);
	}
	base_end(&base);
	return error;
}
