/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/output_kafka.h"

#include "store/clock.h"
#include "store/kafka_message.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH_MOST     (20 * NS_PER_S) /* until all of a batch is there */
#define UNREACHED_MOST (5 * NS_PER_S)  /* without a broker */
#define SERVE_MS       100
#define REASON_SIZE    256

/* What became of a document. */
enum fate { FATE_OPEN, FATE_DELIVERED, FATE_TOO_LARGE, FATE_FAILED };

struct message {
	const char *json; /* in the batch */
	size_t length;
	enum fate fate;
};

struct output_kafka {
	rd_kafka_conf_t *conf; /* what each producer gets a copy of */
	char *topic;
	enum document_form form;
	rd_kafka_t *producer; /* NULL: the next batch makes one */
	bool untimed;         /* the broker does not take the times of documents */
	struct buffer body;
	/* The batch under way. */
	struct message *messages;
	size_t n, capacity;
	size_t waiting; /* handed to the producer, without an answer */
	size_t failed, too_large;
	bool unreached; /* no broker was, since the last answer */
	int64_t until, unreached_at;
	/* Why, in the words of librdkafka, whose threads write it. */
	pthread_mutex_t lock;
	char reason[REASON_SIZE];
};

/* ---- what librdkafka says ---- */

static void set_reason(struct output_kafka *output, const char *text)
{
	pthread_mutex_lock(&output->lock);
	snprintf(output->reason, sizeof(output->reason), "%s", text);
	pthread_mutex_unlock(&output->lock);
}

/* Says in problem what went wrong: what librdkafka said last, else the other text. */
static int fail(struct output_kafka *output, struct problem *problem, int error, const char *text)
{
	pthread_mutex_lock(&output->lock);
	(void)problem_set(problem, error, "topic %s: %s", output->topic,
			  output->reason[0] != '\0' ? output->reason : text);
	pthread_mutex_unlock(&output->lock);
	return error;
}

/* In any thread. The text begins with the thread's name in brackets. */
static void on_log(const rd_kafka_t *producer, int level, const char *facility, const char *text)
{
	const char *said = text[0] == '[' ? strstr(text, "]: ") : NULL;

	(void)level;
	(void)facility;
	if (producer != NULL) {
		set_reason(rd_kafka_opaque(producer), said != NULL ? said + 3 : text);
	}
}

static void on_error(rd_kafka_t *producer, int error, const char *text, void *opaque)
{
	struct output_kafka *output = opaque;

	(void)producer;
	if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		output->unreached_at = output->unreached ? output->unreached_at : clock_monotonic();
		output->unreached = true;
	} else {
		set_reason(output, text);
	}
}

static enum fate fate_of(struct output_kafka *output, rd_kafka_resp_err_t error)
{
	switch (error) {
	case RD_KAFKA_RESP_ERR_NO_ERROR:
		output->unreached = false;
		return FATE_DELIVERED;
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
		output->too_large++;
		return FATE_TOO_LARGE;
	case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
		output->untimed = true;
		break;
	default:
		break;
	}
	/* The first failure says why; what is thrown away then does not. */
	if (output->failed == 0 && error != RD_KAFKA_RESP_ERR__MSG_TIMED_OUT) {
		set_reason(output, rd_kafka_err2str(error));
	}
	output->failed++;
	return FATE_FAILED;
}

static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *report, void *opaque)
{
	struct output_kafka *output = opaque;
	struct message *message = report->_private;

	(void)producer;
	message->fate = fate_of(output, report->err);
	output->waiting--;
}

/* ---- the producer ---- */

/* With all that it holds. What it has sent without an answer may still be written. */
static void close_producer(struct output_kafka *output)
{
	if (output->producer != NULL) {
		rd_kafka_purge(output->producer,
			       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
		rd_kafka_destroy(output->producer);
		output->producer = NULL;
	}
	output->waiting = 0;
}

/* Each document a request of its own, and some of them at once. */
static const struct kafka_property alone_properties[] = {
	{ "batch.num.messages", "1" },
	{ "max.in.flight.requests.per.connection", "5" },
};

static int set_properties(rd_kafka_conf_t *conf, const struct kafka_property *properties, size_t n,
			  struct problem *problem)
{
	char text[REASON_SIZE] = "";

	for (size_t i = 0; i < n; i++) {
		if (rd_kafka_conf_set(conf, properties[i].name, properties[i].value, text,
				      sizeof(text)) != RD_KAFKA_CONF_OK) {
			return problem_set(problem, -EINVAL, "%s", text);
		}
	}
	return 0;
}

static int open_producer(struct output_kafka *output, bool alone, struct problem *problem)
{
	char text[REASON_SIZE] = "";
	rd_kafka_conf_t *conf = rd_kafka_conf_dup(output->conf);
	int error =
	    alone ? set_properties(conf, alone_properties, ARRAY_SIZE(alone_properties), problem)
		  : 0;

	set_reason(output, "");
	output->unreached = false;
	if (error == 0) {
		output->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
		error = output->producer != NULL ? 0 : problem_set(problem, -EINVAL, "%s", text);
	}
	if (error < 0) {
		rd_kafka_conf_destroy(conf);
	}
	return error;
}

/* ---- a batch ---- */

static int take_batch(struct output_kafka *output, const struct output_batch *batch,
		      struct problem *problem)
{
	struct message message = { .fate = FATE_OPEN };
	size_t at = 0;

	if (batch->n > output->capacity) {
		struct message *messages =
		    reallocarray(output->messages, batch->n, sizeof(*messages));

		if (messages == NULL) {
			return problem_set(problem, -ENOMEM, "out of memory");
		}
		output->messages = messages;
		output->capacity = batch->n;
	}
	output->n = 0;
	while (output->n < output->capacity &&
	       output_batch_next(batch, &at, &message.json, &message.length)) {
		output->messages[output->n++] = message;
	}
	return 0;
}

static rd_kafka_resp_err_t hand_over_one(struct output_kafka *output, struct message *message)
{
	const struct kafka_message with = {
		.json = message->json,
		.length = message->length,
		.topic = output->topic,
		.form = output->form,
		.untimed = output->untimed,
		.opaque = message,
	};
	rd_kafka_resp_err_t error = kafka_message_produce(output->producer, &with, &output->body);

	output->waiting += error == RD_KAFKA_RESP_ERR_NO_ERROR;
	return error;
}

/* What was not delivered yet. */
static int hand_over(struct output_kafka *output, struct problem *problem)
{
	for (size_t i = 0; i < output->n; i++) {
		struct message *message = &output->messages[i];
		rd_kafka_resp_err_t error;

		if (message->fate == FATE_DELIVERED) {
			continue;
		}
		message->fate = FATE_OPEN;
		error = hand_over_one(output, message);
		if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
			message->fate = fate_of(output, error);
		} else if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
			return fail(output, problem, -EIO, rd_kafka_err2str(error));
		}
	}
	return 0;
}

static bool is_fatal(struct output_kafka *output)
{
	char text[REASON_SIZE];

	if (output->producer == NULL ||
	    rd_kafka_fatal_error(output->producer, text, sizeof(text)) ==
		RD_KAFKA_RESP_ERR_NO_ERROR) {
		return false;
	}
	set_reason(output, text);
	return true;
}

/* Until each has its answer, good or bad, or there is no hope for one. */
static int wait_answers(struct output_kafka *output, struct problem *problem)
{
	while (output->waiting > 0 && output->failed == 0) {
		int64_t now = clock_monotonic();

		if (is_fatal(output)) {
			return fail(output, problem, -EIO, "fatal");
		}
		if (output->unreached && now - output->unreached_at > UNREACHED_MOST) {
			return fail(output, problem, -EHOSTUNREACH, "no broker can be reached");
		}
		if (now > output->until) {
			return fail(output, problem, -ETIMEDOUT,
				    "the brokers did not acknowledge all in time");
		}
		(void)rd_kafka_flush(output->producer, SERVE_MS);
	}
	return output->failed == 0 ? 0 : fail(output, problem, -EIO, "not delivered");
}

static int try_batch(struct output_kafka *output, bool alone, struct problem *problem)
{
	int error = 0;

	output->failed = 0;
	output->too_large = 0;
	if (alone || is_fatal(output)) {
		close_producer(output);
	}
	if (output->producer == NULL) {
		error = open_producer(output, alone, problem);
	}
	if (error == 0) {
		/* A broker that could not be reached before may be by now. */
		(void)rd_kafka_poll(output->producer, 0);
		output->unreached_at = clock_monotonic();
		error = hand_over(output, problem);
	}
	return error == 0 ? wait_answers(output, problem) : error;
}

static void tell_rejected(const struct output_kafka *output, struct output_answer *answer)
{
	size_t i = 0;

	while (i < output->n && output->messages[i].fate != FATE_TOO_LARGE) {
		i++;
	}
	answer->rejected = output->too_large;
	if (i < output->n) {
		snprintf(answer->text, sizeof(answer->text),
			 "%zu larger than topic %s takes, one of them of %zu bytes",
			 output->too_large, output->topic, output->messages[i].length);
	}
}

static int kafka_send(void *state, const struct output_batch *batch, struct output_answer *answer,
		      struct problem *problem)
{
	struct output_kafka *output = state;
	int error = take_batch(output, batch, problem);

	output->until = clock_monotonic() + BATCH_MOST;
	if (error == 0) {
		error = try_batch(output, false, problem);
	}
	/* A broker refuses requests, not documents: which one was it? */
	if (error == 0 && output->too_large > 0) {
		error = try_batch(output, true, problem);
		tell_rejected(output, answer);
		close_producer(output);
	}
	if (error < 0) {
		close_producer(output);
	} else {
		set_reason(output, "");
	}
	return error;
}

/* ---- the joint ---- */

static int kafka_settle(void *state, bool last, struct problem *problem)
{
	struct output_kafka *output = state;

	(void)last;
	(void)problem;
	if (output->producer != NULL) {
		(void)rd_kafka_poll(output->producer, 0);
	}
	return 0;
}

static void kafka_close(void *state)
{
	struct output_kafka *output = state;

	if (output != NULL) {
		close_producer(output);
		if (output->conf != NULL) {
			rd_kafka_conf_destroy(output->conf);
		}
		pthread_mutex_destroy(&output->lock);
		buffer_free(&output->body);
		free(output->messages);
		free(output->topic);
		free(output);
	}
}

static int configure(struct output_kafka *output, const struct kafka_options *options,
		     struct problem *problem)
{
	struct kafka_properties properties;
	int error = kafka_properties_make(&properties, options, problem);

	if (error == 0) {
		error = set_properties(output->conf, properties.items, properties.n, problem);
	}
	kafka_properties_free(&properties);
	rd_kafka_conf_set_opaque(output->conf, output);
	rd_kafka_conf_set_log_cb(output->conf, on_log);
	rd_kafka_conf_set_error_cb(output->conf, on_error);
	rd_kafka_conf_set_dr_msg_cb(output->conf, on_delivery);
	return error;
}

/* librdkafka does not say which file it is that it cannot read. */
static int check_files(const struct kafka_options *options, struct problem *problem)
{
	const char *const files[] = { options->ca, options->certificate, options->key };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (files[i] != NULL && files[i][0] != '\0' && access(files[i], R_OK) != 0) {
			return problem_set(problem, -errno, "%s: %s", files[i], strerror(errno));
		}
	}
	return 0;
}

int output_kafka_new(struct output *out, const struct output_kafka_options *options,
		     struct problem *problem)
{
	static const struct output_class class = { .send = kafka_send,
						   .settle = kafka_settle,
						   .close = kafka_close };
	struct output_kafka *output = calloc(1, sizeof(*output));
	int error;

	if (output == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	pthread_mutex_init(&output->lock, NULL);
	output->form = options->form;
	output->conf = rd_kafka_conf_new();
	output->topic = strdup(options->kafka.topic != NULL ? options->kafka.topic : "");
	error = output->topic != NULL ? configure(output, &options->kafka, problem)
				      : problem_set(problem, -ENOMEM, "out of memory");
	error = error == 0 ? check_files(&options->kafka, problem) : error;
	/* Now, as wrong certificates are to be told at once. */
	if (error == 0) {
		error = open_producer(output, false, problem);
	}
	if (error < 0) {
		kafka_close(output);
		return error;
	}
	*out = (struct output) { &class, output };
	return 0;
}
