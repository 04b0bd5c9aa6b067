/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/evidence_keeper.h"

#include "cli/tree.h"
#include "dissectors/record.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define JOBS_MAX    256
#define BYTES_MAX   (UINT64_C(32) << 20) /* of packets in memory */
#define LATE        NS_PER_S             /* until all packets of a time are in the ring */
#define SWEEP_EVERY 3600                 /* seconds without a file to write */

/* The writer has a job while it is to be written and being written; else analysis has it. */
enum job_state {
	JOB_FREE,
	JOB_ASKED,      /* for what was before */
	JOB_WRITE,      /* the first time */
	JOB_WRITING,    /* ... */
	JOB_WAITS,      /* until what comes after is there */
	JOB_ASKED_MORE, /* for that */
	JOB_WRITE_MORE,
	JOB_WRITING_MORE,
	JOB_DONE
};

struct job {
	enum job_state state; /* under the keeper's lock */
	char id[EVIDENCE_ID_LENGTH + 1], comment[256];
	uint64_t number;
	uint16_t source;
	uint8_t worker;
	uint32_t flow, generation;
	int64_t time; /* of the record */
	int64_t last; /* of the newest packet that was there at first */
	struct evidence_packets parts[2];
};

struct evidence_keeper {
	struct evidence_keeper_options options;
	struct job jobs[JOBS_MAX];
	uint64_t bytes; /* of packets in memory */
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows, and of the states */
	pthread_cond_t work;
	bool started, stopping, said;
	struct evidence_keeper_counters counters;
};

/* ---- the writer ---- */

static struct job *next_to_write(struct evidence_keeper *keeper)
{
	for (size_t i = 0; i < JOBS_MAX; i++) {
		struct job *job = &keeper->jobs[i];

		if (job->state == JOB_WRITE || job->state == JOB_WRITE_MORE) {
			job->state++;
			return job;
		}
	}
	return NULL;
}

static int write_job(const struct evidence_keeper *keeper, const struct job *job)
{
	const struct evidence_keeper_options *options = &keeper->options;
	const struct evidence_file file = {
		.id = job->id,
		.comment = job->comment,
		.number = job->number,
		.source = job->source,
		.parts = { &job->parts[0], &job->parts[1] },
		.interfaces = options->interfaces,
		.n_interfaces = options->n_interfaces,
	};

	return evidence_file_write(options->folder, &file);
}

static struct evidence_folder sweep(const struct evidence_keeper *keeper)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return evidence_folder_sweep(keeper->options.folder,
				     now.tv_sec * NS_PER_S - keeper->options.keep,
				     keeper->options.bytes_max);
}

/* With the lock; without it while the disk works. */
static void write_one(struct evidence_keeper *keeper, struct job *job)
{
	struct evidence_folder folder;
	bool first_failure;
	int error;

	pthread_mutex_unlock(&keeper->lock);
	error = write_job(keeper, job);
	folder = sweep(keeper);
	pthread_mutex_lock(&keeper->lock);
	keeper->counters.folder = folder;
	keeper->counters.failed += error < 0;
	first_failure = error < 0 && !keeper->said;
	keeper->said = error < 0;
	job->state++;
	if (first_failure) {
		log_error(keeper->options.log, "packets of alerts cannot be kept in %s: %s",
			  keeper->options.folder, strerror(-error));
	}
}

static void wait_for_work(struct evidence_keeper *keeper)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SWEEP_EVERY;
	if (pthread_cond_timedwait(&keeper->work, &keeper->lock, &until) == ETIMEDOUT) {
		keeper->counters.folder = sweep(keeper);
	}
}

static void *run_writer(void *context)
{
	struct evidence_keeper *keeper = context;
	struct job *job;

	pthread_mutex_lock(&keeper->lock);
	keeper->counters.folder = sweep(keeper);
	for (;;) {
		if ((job = next_to_write(keeper)) != NULL) {
			write_one(keeper, job);
		} else if (keeper->stopping) {
			break;
		} else {
			wait_for_work(keeper);
		}
	}
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

/* ---- the analysis ---- */

static enum job_state state_of(struct evidence_keeper *keeper, const struct job *job)
{
	enum job_state state;

	pthread_mutex_lock(&keeper->lock);
	state = job->state;
	pthread_mutex_unlock(&keeper->lock);
	return state;
}

static void state_set(struct evidence_keeper *keeper, struct job *job, enum job_state state)
{
	pthread_mutex_lock(&keeper->lock);
	job->state = state;
	if (state == JOB_WRITE || state == JOB_WRITE_MORE) {
		pthread_cond_signal(&keeper->work);
	}
	pthread_mutex_unlock(&keeper->lock);
}

static void miss(struct evidence_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	keeper->counters.missed++;
	pthread_mutex_unlock(&keeper->lock);
}

static bool ask(struct evidence_keeper *keeper, const struct job *job, int64_t from, int64_t to)
{
	const struct evidence_request request = {
		.token = (uint64_t)(job - keeper->jobs),
		.flow = job->flow,
		.generation = job->generation,
		.from = from,
		.to = to,
	};

	return evidence_desk_ask(keeper->options.desk, job->worker, &request);
}

static struct job *free_job(struct evidence_keeper *keeper)
{
	if (keeper->bytes >= BYTES_MAX) {
		return NULL;
	}
	for (size_t i = 0; i < JOBS_MAX; i++) {
		if (state_of(keeper, &keeper->jobs[i]) == JOB_FREE) {
			return &keeper->jobs[i];
		}
	}
	return NULL;
}

static void job_fill(struct job *job, const struct alert_document *alert)
{
	const struct record *record = alert->record;
	struct tree *document = NULL;
	const char *rule = NULL;

	if (tree_read(&document, alert->json, alert->length) == 0) {
		rule = tree_text(document, "rule.name");
	}
	*job = (struct job) {
		.number = record->number,
		.source = record->source_interface,
		.worker = record->worker,
		.flow = record->flow,
		.generation = record->generation,
		.time = record->time,
	};
	snprintf(job->id, sizeof(job->id), "%s", alert->alert_id);
	snprintf(job->comment, sizeof(job->comment), "weir alert %s: %s", alert->alert_id,
		 rule != NULL ? rule : "");
	tree_free(document);
}

void evidence_keeper_alert(struct evidence_keeper *keeper, const struct alert_document *alert)
{
	struct job *job;

	if (keeper == NULL || alert->finding || strcmp(alert->action, "alert-opened") != 0 ||
	    alert->record == NULL || alert->record->generation == 0) {
		return;
	}
	job = free_job(keeper);
	if (job == NULL) {
		miss(keeper);
		return;
	}
	job_fill(job, alert);
	if (ask(keeper, job, job->time - keeper->options.before, INT64_MAX)) {
		state_set(keeper, job, JOB_ASKED);
	} else {
		miss(keeper);
	}
}

static void job_end(struct evidence_keeper *keeper, struct job *job)
{
	for (size_t i = 0; i < ARRAY_SIZE(job->parts); i++) {
		keeper->bytes -= job->parts[i].used;
		evidence_packets_free(&job->parts[i]);
	}
	state_set(keeper, job, JOB_FREE);
}

static void take_answer(struct evidence_keeper *keeper, const struct evidence_answer *answer)
{
	struct job *job = &keeper->jobs[answer->token];
	bool more = state_of(keeper, job) == JOB_ASKED_MORE;
	const struct evidence_packets *packets = &answer->packets;

	job->parts[more] = *packets;
	keeper->bytes += packets->used;
	if (!more) {
		job->last = packets->n > 0 ? packets->frames[packets->n - 1].time
					   : job->time - keeper->options.before;
	}
	if (packets->n > 0) {
		state_set(keeper, job, more ? JOB_WRITE_MORE : JOB_WRITE);
	} else if (!more) {
		state_set(keeper, job, JOB_WAITS);
	} else {
		if (job->parts[0].n == 0) {
			miss(keeper);
		}
		job_end(keeper, job);
	}
}

void evidence_keeper_tick(struct evidence_keeper *keeper, int64_t now)
{
	struct evidence_answer answer;

	if (keeper == NULL) {
		return;
	}
	while (evidence_desk_take(keeper->options.desk, &answer)) {
		take_answer(keeper, &answer);
	}
	for (size_t i = 0; i < JOBS_MAX; i++) {
		struct job *job = &keeper->jobs[i];
		enum job_state state = state_of(keeper, job);

		if (state == JOB_DONE) {
			job_end(keeper, job);
		} else if (state == JOB_WAITS && now >= job->time + keeper->options.after + LATE &&
			   ask(keeper, job, job->last + 1, job->time + keeper->options.after)) {
			state_set(keeper, job, JOB_ASKED_MORE);
		}
	}
}

struct evidence_keeper_counters evidence_keeper_counters(struct evidence_keeper *keeper)
{
	struct evidence_keeper_counters counters;

	pthread_mutex_lock(&keeper->lock);
	counters = keeper->counters;
	pthread_mutex_unlock(&keeper->lock);
	return counters;
}

/* ---- life ---- */

int evidence_keeper_new(struct evidence_keeper **out, const struct evidence_keeper_options *options,
			struct problem *problem)
{
	struct evidence_keeper *keeper = calloc(1, sizeof(*keeper));
	int error;

	if (keeper == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	keeper->options = *options;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->work, NULL);
	error = -pthread_create(&keeper->thread, NULL, run_writer, keeper);
	keeper->started = error == 0;
	if (error < 0) {
		evidence_keeper_free(keeper);
		return problem_set(problem, error, "cannot start a thread: %s", strerror(-error));
	}
	*out = keeper;
	return 0;
}

struct evidence_keeper *evidence_keeper_free(struct evidence_keeper *keeper)
{
	if (keeper == NULL) {
		return NULL;
	}
	pthread_mutex_lock(&keeper->lock);
	keeper->stopping = true;
	pthread_cond_signal(&keeper->work);
	pthread_mutex_unlock(&keeper->lock);
	if (keeper->started) {
		pthread_join(keeper->thread, NULL);
	}
	for (size_t i = 0; i < JOBS_MAX; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(keeper->jobs[i].parts); k++) {
			evidence_packets_free(&keeper->jobs[i].parts[k]);
		}
	}
	pthread_cond_destroy(&keeper->work);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper);
	return NULL;
}
