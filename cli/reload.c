/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/reload.h"

#include "cli/log.h"
#include "cli/person.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct reload {
	const struct judges_source *source;
	struct judges *in_force;
	/* Of the thread while it runs, else of the analysis. */
	struct judges read;
	int result;
	struct problem problem;
	pthread_t thread;
	bool running; /* the thread is to be joined */
	bool done;    /* set by the thread as its last act; atomic */
	uint64_t number;
	char by[PERSON_NAME_SIZE];
};

static const char *or_none(const char *text)
{
	return text != NULL && text[0] != '\0' ? text : NULL;
}

int judges_load(struct judges *out, const struct judges_source *source, struct problem *problem)
{
	int error;

	*out = (struct judges) { .rules = NULL };
	error = rules_setup(&out->rules, source->registry, &source->folders,
			    or_none(source->placeholders), source->log, problem);
	if (error == 0) {
		error = time_zone_setup(out->rules, source->time_zone, problem);
	}
	if (error == 0) {
		error = policy_setup(&out->policy, or_none(source->policy), source->log, problem);
	}
	if (error == 0) {
		error = exceptions_setup(&out->exceptions, source->exceptions, false, out->rules,
					 source->log, problem);
	}
	if (error < 0) {
		judges_free(out);
	}
	return error;
}

void judges_free(struct judges *judges)
{
	rule_exceptions_free(judges->exceptions);
	rule_set_free(judges->rules);
	policy_free(judges->policy);
	*judges = (struct judges) { .rules = NULL };
}

int reload_new(struct reload **out, const struct judges_source *source, struct judges *in_force)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL) {
		return -ENOMEM;
	}
	(*out)->source = source;
	(*out)->in_force = in_force;
	return 0;
}

static void join(struct reload *reload)
{
	if (reload->running) {
		pthread_join(reload->thread, NULL);
		reload->running = false;
	}
}

struct reload *reload_free(struct reload *reload)
{
	if (reload != NULL) {
		join(reload);
		judges_free(&reload->read);
		free(reload);
	}
	return NULL;
}

static void *read_all(void *context)
{
	struct reload *reload = context;

	reload->result = judges_load(&reload->read, reload->source, &reload->problem);
	__atomic_store_n(&reload->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* Signals are for the other threads. */
static int start(struct reload *reload)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&reload->thread, NULL, read_all, reload);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

uint64_t reload_begin(struct reload *reload, const char *by)
{
	if (reload->running) {
		return reload->number;
	}
	reload->number++;
	reload->done = false;
	reload->result = 0;
	reload->problem = (struct problem) { "" };
	snprintf(reload->by, sizeof(reload->by), "%s", by);
	if (start(reload) != 0) {
		log_error(reload->source->log, "rules cannot be read again: no thread");
		return 0;
	}
	reload->running = true;
	return reload->number;
}

/* Puts what was read in force. */
static int take(struct reload *reload, struct analysis *analysis, int64_t now)
{
	struct judges *read = &reload->read, old = *reload->in_force;
	const struct analysis_judges judges = { read->rules, read->exceptions, read->policy };
	int error = analysis_use(analysis, &judges, now, reload->by);

	if (error < 0) {
		judges_free(read);
		return problem_set(&reload->problem, error, "%s", strerror(-error));
	}
	*reload->in_force = *read;
	*read = (struct judges) { .rules = NULL };
	judges_free(&old);
	return 0;
}

bool reload_poll(struct reload *reload, struct analysis *analysis, int64_t now)
{
	if (!reload->running || !__atomic_load_n(&reload->done, __ATOMIC_ACQUIRE)) {
		return false;
	}
	join(reload);
	if (reload->result == 0) {
		reload->result = take(reload, analysis, now);
	}
	if (reload->result < 0) {
		log_error(reload->source->log, "rules were not read again: %s; the old ones stay",
			  reload->problem.text);
		return false;
	}
	log_info(reload->source->log, "rules read again: %zu, set %s",
		 rule_set_count(reload->in_force->rules), rule_set_hash(reload->in_force->rules));
	return true;
}

bool reload_outcome(const struct reload *reload, uint64_t number, const char **error)
{
	*error = number == reload->number && reload->result < 0 ? reload->problem.text : "";
	return number != reload->number || !reload->running;
}
