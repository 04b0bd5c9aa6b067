/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_test_run.c - each capture of a folder's tests is replayed once, with all its rules. */

#include "cli/rule_test_run.h"

#include "cli/log.h"
#include "cli/rule_test_file.h"
#include "cli/rule_trial.h"
#include "rules/rule_document.h"
#include "rules/rule_info.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct running {
	const struct rule_test_run *run;
	struct rule_tests tests;
	bool *done;
	const struct rule_test *now; /* the tests of its captures are judged */
	struct log_sink log;
	size_t passed, failed;
};

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_input(const struct rule_test *a, const struct rule_test *b)
{
	bool same = a->n_captures == b->n_captures && same_text(a->base, b->base);

	for (size_t i = 0; same && i < a->n_captures; i++) {
		same = strcmp(a->captures[i], b->captures[i]) == 0;
	}
	return same;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Adds up what the rules of the test did; false when there is no such rule. */
static bool add_up(const struct rule_test *test, const struct rule_set *set,
		   const struct trial_count *counts, struct trial_count *out)
{
	bool any = false;

	*out = (struct trial_count) { 0 };
	for (size_t i = 0; i < rule_set_count(set); i++) {
		struct rule_info rule = rule_info(set, i);

		if (test->id != NULL ? strcmp(test->id, rule.id) == 0
				     : !rule.silent && same_file(test->rule, rule.file)) {
			out->hits += counts[i].hits;
			out->alerts += counts[i].alerts;
			any = true;
		}
	}
	return any;
}

static bool holds(const struct rule_test *test, const struct trial_count *count)
{
	switch (test->demand) {
	case DEMAND_FIRES:
		return count->hits > 0;
	case DEMAND_QUIET:
		return count->hits == 0;
	case DEMAND_HITS:
		return count->hits == test->number;
	default:
		return count->alerts == test->number;
	}
}

static void demand_text(const struct rule_test *test, char *out, size_t size)
{
	if (test->demand == DEMAND_FIRES || test->demand == DEMAND_QUIET) {
		snprintf(out, size, "%s", test->demand == DEMAND_FIRES ? "fires" : "quiet");
	} else {
		snprintf(out, size, "%" PRIu64 " %s", test->number,
			 test->demand == DEMAND_HITS ? "hits" : "alerts");
	}
}

/* The path as a person gave it, without the folder that all have. */
static const char *shorter(const struct running *running, const char *path)
{
	size_t n = strlen(running->run->folder);

	return strncmp(path, running->run->folder, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static void judge(struct running *running, const struct rule_test *test, const struct rule_set *set,
		  const struct trial_count *counts)
{
	struct trial_count count;
	bool found = add_up(test, set, counts, &count);
	bool right = found && holds(test, &count);
	char demand[48];

	running->passed += right;
	running->failed += !right;
	if (right && running->run->quiet) {
		return;
	}
	demand_text(test, demand, sizeof(demand));
	printf("%-6s %-36s %-36s %-10s", right ? "ok" : "FAILED", shorter(running, test->rule),
	       shorter(running, test->captures[0]), demand);
	if (found) {
		printf(" %" PRIu64 " hits, %" PRIu64 " alerts", count.hits, count.alerts);
	} else {
		printf(" no such rule");
	}
	printf("%s", right ? "\n" : "");
	if (!right) {
		printf("  (%s:%u)\n", test->file, test->line);
	}
}

static void on_end(void *context, const struct rule_set *set, const struct trial_count *counts)
{
	struct running *running = context;

	for (size_t i = 0; i < running->tests.n; i++) {
		const struct rule_test *test = &running->tests.items[i];

		if (!running->done[i] && same_input(test, running->now)) {
			running->done[i] = true;
			judge(running, test, set, counts);
		}
	}
}

/* A capture that cannot be read fails its test, and the others go on. */
static void fail(struct running *running, size_t i, const struct problem *problem)
{
	const struct rule_test *test = &running->tests.items[i];

	running->done[i] = true;
	running->failed++;
	printf("FAILED %-36s %-36s %s  (%s:%u)\n", shorter(running, test->rule),
	       shorter(running, test->captures[0]), problem->text, test->file, test->line);
}

static int run_all(struct running *running, const struct text_list *folders,
		   struct problem *problem)
{
	for (size_t i = 0; i < running->tests.n; i++) {
		const struct rule_test *test = &running->tests.items[i];
		const char *captures[RULE_TEST_CAPTURES_MAX];
		struct problem of_test = { "" };
		struct trial trial = { .folders = folders,
				       .placeholders = running->run->placeholders,
				       .time_zone = running->run->time_zone,
				       .base = test->base,
				       .on_end = on_end,
				       .context = running,
				       .log = &running->log };

		if (running->done[i]) {
			continue;
		}
		for (size_t k = 0; k < test->n_captures; k++) {
			captures[k] = test->captures[k];
		}
		trial.captures = (struct text_list) { captures, test->n_captures };
		running->now = test;
		int error = trial_run(&trial, &of_test);
		if (error == -ENOENT || error == -EACCES || error == -EIO) {
			fail(running, i, &of_test);
		} else if (error < 0) {
			return problem_set(problem, error, "%s", of_test.text);
		}
	}
	return 0;
}

static int run_folder(struct running *running, struct problem *problem)
{
	const struct rule_test_run *run = running->run;
	const char *items[17] = { run->folder };
	struct text_list folders = { items, 1 };
	int error = rule_tests_find(&running->tests, run->folder, print_mistake, NULL);

	if (error < 0) {
		return problem_set(problem, error, "cannot read %s: %s", run->folder,
				   strerror(-error));
	}
	if (running->tests.mistakes > 0) {
		return problem_set(problem, -EINVAL, "%u mistake%s in the tests of %s",
				   running->tests.mistakes, running->tests.mistakes == 1 ? "" : "s",
				   run->folder);
	}
	if (running->tests.n == 0) {
		return problem_set(problem, -ENOENT, "no tests (*%s) below %s", RULE_TEST_ENDING,
				   run->folder);
	}
	for (size_t i = 0; i < run->further.n && folders.n < ARRAY_SIZE(items); i++) {
		items[folders.n++] = run->further.items[i];
	}
	running->done = calloc(running->tests.n, sizeof(*running->done));
	if (running->done == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	return run_all(running, &folders, problem);
}

int rule_test_run(const struct rule_test_run *run, struct problem *problem)
{
	struct running running = { .run = run, .log = log_to_stderr(false) };
	int error = run_folder(&running, problem);

	if (error == 0) {
		printf("%zu tests, %zu failed\n", running.passed + running.failed, running.failed);
	}
	free(running.done);
	rule_tests_free(&running.tests);
	return error < 0 ? error : running.failed > 0;
}
