/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/replay.h"

#include "cli/progress.h"
#include "cli/setup.h"
#include "cli/stop.h"

#include <errno.h>
#include <stdlib.h>

#define SENSOR_NAME    "replay"
#define DRAIN_PATIENCE NS_PER_MINUTE

/* What the pipeline's callbacks need. */
struct driving {
	struct analysis *analysis;
	struct progress progress;
};

static void on_record(void *context, const struct record *record)
{
	analysis_record(((struct driving *)context)->analysis, record);
}

static void on_tick(void *context, int64_t clock)
{
	analysis_tick(((struct driving *)context)->analysis, clock);
}

static void on_progress(void *context, const struct capture_file_counters *counters)
{
	progress_draw(&((struct driving *)context)->progress, counters);
}

static int analysis_begin(struct replay *replay, const struct replay_options *options,
			  struct problem *problem)
{
	struct inventory_files inventory;
	const struct analysis_options analysis = {
		.registry = replay->registry,
		.rules = replay->rules,
		.policy = replay->policy,
		.exceptions = replay->exceptions,
		.db_path = options->database,
		.baseline_path = options->baseline,
		.learning = options->learning,
		.replay = true,
		.files = &inventory,
		.events = options->events,
		.alerts = options->alerts,
		.on_alert = options->on_alert,
		.on_event = options->on_event,
		.on_hit = options->on_hit,
		.context = options->context,
		.sensor_name = SENSOR_NAME,
		.sensor_id = sensor_id_of(SENSOR_NAME),
		.log = options->log,
	};

	inventory_files_find(&inventory);
	return analysis_new(&replay->analysis, &analysis, problem);
}

static int forwarding_begin(struct replay *replay, const struct replay_options *options,
			    struct problem *problem)
{
	const struct forwarding_options forward = {
		.outputs = options->outputs,
		.database = options->database,
		.store = analysis_store(replay->analysis),
		.sensor = SENSOR_NAME,
		.log = options->log,
	};

	if (options->outputs == NULL) {
		return 0;
	}
	return forwarding_new(&replay->forwarding, &forward, problem);
}

int replay_begin(struct replay *replay, const struct replay_options *options,
		 struct problem *problem)
{
	const struct capture_file_options files = { options->filter, options->log };
	int error;

	*replay =
	    (struct replay) { .baseline = options->baseline != NULL || options->learning != 0 };
	error = registry_setup(&replay->registry, replay->bases, problem);
	if (error == 0 && options->rules) {
		error = rules_setup(&replay->rules, replay->registry, &options->rule_folders,
				    options->placeholders, options->log, problem);
	}
	if (error == 0 && options->rules) {
		error = time_zone_setup(replay->rules, options->time_zone, problem);
	}
	if (error == 0 && options->rules && !options->no_exceptions) {
		error = exceptions_setup(&replay->exceptions, options->exceptions, true,
					 replay->rules, options->log, problem);
	}
	if (error == 0) {
		error = policy_setup(&replay->policy, options->policy, options->log, problem);
	}
	if (error == 0) {
		error = capture_files_open(&replay->source, options->files.items, options->files.n,
					   &files, problem);
	}
	/* The database last: what is wrong before must not leave an empty one behind. */
	if (error == 0) {
		error = analysis_begin(replay, options, problem);
	}
	if (error == 0) {
		error = forwarding_begin(replay, options, problem);
	}
	if (error < 0) {
		replay_end(replay);
	}
	return error;
}

int replay_run(struct replay *replay, const struct replay_options *options, struct problem *problem)
{
	struct driving driving = { replay->analysis, progress_begin() };
	struct item_demand items;
	const struct pipeline_options pipeline = {
		.workers = options->workers,
		.registry = replay->registry,
		.field_bases = replay->bases,
		.items = &items,
		.log = options->log,
		.on_record = on_record,
		.on_tick = on_tick,
		.on_progress = on_progress,
		.context = &driving,
		.stop = stop_watch(),
	};
	int error;

	analysis_items(replay->analysis, &items);
	error = pipeline_replay(replay->source, &pipeline, &replay->counters, problem);

	progress_end(&driving.progress);
	replay->interrupted = *pipeline.stop != 0;
	replay->files = *capture_files_counters(replay->source);
	int finished = analysis_finish(replay->analysis, problem);
	if (finished == 0 && replay->forwarding != NULL &&
	    !forwarding_drain(replay->forwarding, DRAIN_PATIENCE)) {
		finished = problem_set(problem, -ETIMEDOUT, "not all was forwarded");
	}
	return error < 0 ? error : finished;
}

void replay_end(struct replay *replay)
{
	pipeline_counters_end(&replay->counters);
	replay->forwarding = forwarding_free(replay->forwarding);
	replay->analysis = analysis_free(replay->analysis);
	replay->source = capture_files_close(replay->source);
	replay->exceptions = rule_exceptions_free(replay->exceptions);
	replay->rules = rule_set_free(replay->rules);
	policy_free(replay->policy);
	replay->registry = field_registry_free(replay->registry);
}
