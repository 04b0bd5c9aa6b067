/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command.h"
#include "cli/forward_setup.h"
#include "cli/log.h"
#include "cli/replay.h"
#include "cli/summary.h"
#include "cli/when.h"

#include <errno.h>
#include <string.h>

struct replay_values {
	struct text_list rules;
	const char *database, *alerts, *events, *summary, *filter, *fail_on, *baseline, *learn;
	const char *placeholders, *time_zone, *policy, *exceptions, *forward;
	uint64_t workers;
	bool no_rules;
};

#define AT(member) offsetof(struct replay_values, member)

static const struct option options[] = {
	{ 0, "db", "FILE", OPTION_TEXT, AT(database), "keep what is found in this database" },
	{ 0, "forward", "FILE", OPTION_TEXT, AT(forward),
	  "what it holds to the outputs of this configuration" },
	{ 0, "alerts", "FILE", OPTION_TEXT, AT(alerts),
	  "alerts as JSON lines (-: standard output)" },
	{ 0, "events", "FILE", OPTION_TEXT, AT(events),
	  "all records as JSON lines (-: standard output)" },
	{ 0, "summary", "FORM", OPTION_TEXT, AT(summary), "text, json or none" },
	{ 0, "rules", "DIR", OPTION_LIST, AT(rules),
	  "rules of this folder, not the pack (may be repeated)" },
	{ 0, "placeholders", "FILE", OPTION_TEXT, AT(placeholders),
	  "what the placeholders of rules stand for" },
	{ 0, "time-zone", "NAME", OPTION_TEXT, AT(time_zone),
	  "zone of hours and the like in rules (Europe/Berlin; UTC)" },
	{ 0, "policy", "FILE", OPTION_TEXT, AT(policy), "zones and conduits to judge by" },
	{ 0, "no-rules", NULL, OPTION_FLAG, AT(no_rules), "judge nothing" },
	{ 0, "exceptions", "FILE", OPTION_TEXT, AT(exceptions),
	  "what raises no alert, or another one (see weir rules exceptions)" },
	{ 0, "filter", "BPF", OPTION_TEXT, AT(filter), "only packets that it selects" },
	{ 0, "workers", "N", OPTION_NUMBER, AT(workers), "threads that dissect, 1 to 16" },
	{ 0, "baseline", "FILE", OPTION_TEXT, AT(baseline),
	  "what is normal: a database, or a file of weir baseline export" },
	{ 0, "learn", "TIME", OPTION_TEXT, AT(learn),
	  "learn what is normal for so long (3d), as a sensor does" },
	{ 0, "fail-on", "LEVEL", OPTION_TEXT, AT(fail_on),
	  "end with 3 if an alert has this level or a higher one" },
};

enum summary_form { SUMMARY_TEXT, SUMMARY_JSON, SUMMARY_NONE };

/* The options after they were understood. */
struct plan {
	struct replay_options replay;
	enum summary_form summary;
	FILE *summary_to;
	struct config config; /* its outputs */
	bool fails;
	enum alert_level fail_on;
};

static int form_read(const char *text, enum summary_form *out, struct problem *problem)
{
	static const char *const forms[] = { "text", "json", "none" };

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		if (strcmp(text, forms[i]) == 0) {
			*out = (enum summary_form)i;
			return 0;
		}
	}
	return problem_set(problem, -EINVAL, "--summary wants text, json or none, not '%s'", text);
}

static int stream_open(const char *path, FILE **out, struct problem *problem)
{
	if (path == NULL) {
		return 0;
	}
	*out = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
	return *out != NULL
		   ? 0
		   : problem_set(problem, -errno, "cannot write %s: %s", path, strerror(errno));
}

/* Closes, and says when something could not be written. */
static int stream_close(FILE *stream, const char *path, struct problem *problem)
{
	if (stream == NULL) {
		return 0;
	}
	int failed = fflush(stream) != 0 || ferror(stream) ? -errno : 0;
	if (stream != stdout && fclose(stream) != 0 && failed == 0) {
		failed = -errno;
	}
	return failed == 0
		   ? 0
		   : problem_set(problem, -EIO, "cannot write %s: %s", path, strerror(-failed));
}

/* The outputs of --forward. */
static int outputs_read(struct plan *plan, const struct replay_values *values,
			struct problem *problem)
{
	if (values->forward == NULL) {
		return 0;
	}
	if (values->database == NULL) {
		return problem_set(problem, -EINVAL, "--forward wants --db: that is forwarded");
	}
	plan->replay.outputs = &plan->config.forward;
	return forward_configure(&plan->config, values->forward, NULL, problem);
}

static int plan_read(struct plan *plan, const struct replay_values *values,
		     const struct text_list *files, struct problem *problem)
{
	bool taken = (values->events != NULL && strcmp(values->events, "-") == 0) ||
		     (values->alerts != NULL && strcmp(values->alerts, "-") == 0);

	plan->replay = (struct replay_options) {
		.files = *files,
		.rule_folders = values->rules,
		.rules = !values->no_rules,
		.filter = values->filter,
		.workers = (unsigned)values->workers,
		.database = values->database,
		.baseline = values->baseline,
		.placeholders = values->placeholders,
		.time_zone = values->time_zone,
		.policy = values->policy,
		.exceptions = values->exceptions,
	};
	/* Documents on standard output must stay alone there. */
	plan->summary_to = taken ? stderr : stdout;
	if (files->n == 0) {
		return problem_set(problem, -EINVAL, "wants a capture file");
	}
	if (values->workers < 1 || values->workers > 16) {
		return problem_set(problem, -EINVAL, "--workers wants 1 to 16");
	}
	if (values->no_rules && values->rules.n > 0) {
		return problem_set(problem, -EINVAL, "--rules and --no-rules exclude each other");
	}
	if (values->no_rules && values->exceptions != NULL) {
		return problem_set(problem, -EINVAL,
				   "--exceptions and --no-rules exclude each other");
	}
	if (values->learn != NULL && values->baseline != NULL) {
		return problem_set(problem, -EINVAL, "--learn and --baseline exclude each other");
	}
	if (values->learn != NULL &&
	    (when_parse_duration(values->learn, &plan->replay.learning) < 0 ||
	     plan->replay.learning == 0)) {
		return problem_set(problem, -EINVAL, "--learn wants a time such as 3d or 12h");
	}
	plan->fails = values->fail_on != NULL;
	if (plan->fails && !alert_level_from_name(values->fail_on, &plan->fail_on)) {
		return problem_set(problem, -EINVAL,
				   "--fail-on wants informational, low, medium, high or critical, "
				   "not '%s'",
				   values->fail_on);
	}
	return form_read(values->summary, &plan->summary, problem) < 0
		   ? -EINVAL
		   : outputs_read(plan, values, problem);
}

static int summary_print(const struct plan *plan, struct replay *replay, struct problem *problem)
{
	struct buffer out = { 0 };
	const struct summary summary = {
		.pipeline = &replay->counters,
		.files = &replay->files,
		.inventory = inventory_counters(analysis_inventory(replay->analysis)),
		.rules = replay->rules != NULL
			     ? rule_engine_counters(analysis_rules(replay->analysis))
			     : (struct rule_engine_counters) { 0 },
		.exceptions = replay->exceptions,
		.engine = analysis_rules(replay->analysis),
		.judged = replay->rules != NULL,
		.learning = !replay->baseline,
		.rules_of_baseline =
		    replay->rules != NULL ? rule_set_of_baseline(replay->rules) : 0,
		.interrupted = replay->interrupted,
	};
	int error = 0;

	if (plan->summary == SUMMARY_JSON) {
		summary_json(&out, &summary);
	} else if (plan->summary == SUMMARY_TEXT) {
		summary_text(&out, &summary);
	}
	if (out.failed) {
		error = problem_set(problem, -ENOMEM, "out of memory");
	} else if (out.length > 0 &&
		   (fwrite(out.data, 1, out.length, plan->summary_to) != out.length ||
		    fflush(plan->summary_to) != 0)) {
		error = problem_set(problem, -EIO, "cannot write the summary: %s", strerror(errno));
	}
	buffer_free(&out);
	return error;
}

/* Returns the exit code; problem says why it is EXIT_USAGE or EXIT_FAILED. */
static int replay_whole(struct plan *plan, const struct replay_values *values,
			struct problem *problem)
{
	struct replay replay;
	bool any = false;
	int error = replay_begin(&replay, &plan->replay, problem);

	if (error < 0) {
		return exit_code_of(error);
	}
	error = replay_run(&replay, &plan->replay, problem);
	int closed = stream_close(plan->replay.events, values->events, problem);
	int also = stream_close(plan->replay.alerts, values->alerts, problem);
	int printed = summary_print(plan, &replay, problem);
	enum alert_level worst = analysis_worst(replay.analysis, &any);
	replay_end(&replay);
	if (error < 0 || closed < 0 || also < 0 || printed < 0) {
		return EXIT_FAILED;
	}
	return plan->fails && any && worst >= plan->fail_on ? EXIT_LEVEL : EXIT_FINE;
}

static int run(const struct command *command, int argc, char **argv)
{
	const struct log_sink log = log_to_stderr(false);
	struct replay_values values = { .summary = "text", .workers = 1 };
	struct text_list files = { 0 };
	struct problem problem = { "" };
	struct plan plan = { .summary = SUMMARY_TEXT };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &values, &files, &exit_code)) {
		return exit_code;
	}
	if (plan_read(&plan, &values, &files, &problem) < 0) {
		exit_code = command_misused(command, "%s", problem.text);
	} else if (stream_open(values.events, &plan.replay.events, &problem) < 0 ||
		   stream_open(values.alerts, &plan.replay.alerts, &problem) < 0) {
		exit_code = command_failed(EXIT_FAILED, problem.text);
	} else {
		plan.replay.log = &log;
		exit_code = replay_whole(&plan, &values, &problem);
		if (problem.text[0] != '\0') {
			command_failed(exit_code, problem.text);
		}
	}
	options_end(options, ARRAY_SIZE(options), &values, &files);
	return exit_code;
}

const struct command command_replay = {
	.name = "replay",
	.arguments = "FILE...",
	.summary = "read captures and say what is in them",
	.details = "FILE is a pcap or pcapng file (also .gz, .zst), a folder, or - for a pipe; "
		   "several are\n"
		   "merged in time order. Without --db everything stays in memory.\n"
		   "Ends with 0 (fine), 1 (run-time failure), 2 (wrong usage) or 3 (--fail-on).\n",
	.examples = "  weir replay plant.pcapng\n"
		    "  weir replay monday/ --db plant.db\n"
		    "  weir replay plant.pcap --events - --summary none | jq .weir.operation\n"
		    "  weir replay test.pcap --rules my-rules --fail-on high --summary json\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
