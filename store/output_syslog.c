/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/output_syslog.h"

#include "capture/base/buffer.h"
#include "store/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FINISH_TRIES 8
#define FINISH_PAUSE (100 * NS_PER_MS)

struct message {
	char *bytes; /* with its framing */
	size_t length;
};

struct output_syslog {
	struct output_syslog_options options;
	char *host;
	struct network_link *link;
	struct buffer text, framed;
	/* What was sent last, oldest first from `first` on. */
	struct message sent[SYSLOG_AGAIN_MAX];
	size_t first, n_sent;
};

static bool is_datagram(const struct output_syslog *output)
{
	return output->options.link.transport == LINK_UDP;
}

/* ---- what is sent again ---- */

static void keep_message(struct output_syslog *output)
{
	struct message *message;

	if (is_datagram(output)) {
		return;
	}
	if (output->n_sent == SYSLOG_AGAIN_MAX) {
		message = &output->sent[output->first];
		output->first = (output->first + 1) % SYSLOG_AGAIN_MAX;
	} else {
		message = &output->sent[(output->first + output->n_sent++) % SYSLOG_AGAIN_MAX];
	}
	free(message->bytes);
	message->bytes = malloc(output->framed.length);
	message->length = message->bytes != NULL ? output->framed.length : 0;
	if (message->bytes != NULL) {
		memcpy(message->bytes, output->framed.data, output->framed.length);
	}
}

static int send_again(struct output_syslog *output, struct problem *problem)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < output->n_sent; i++) {
		const struct message *message =
		    &output->sent[(output->first + i) % SYSLOG_AGAIN_MAX];

		error = link_send(output->link, message->bytes, message->length, problem);
	}
	return error;
}

static int be_connected(struct output_syslog *output, struct problem *problem)
{
	int error;

	if (link_is_open(output->link) && !link_is_stale(output->link)) {
		return 0;
	}
	link_close(output->link);
	error = link_connect(output->link, problem);
	return error == 0 ? send_again(output, problem) : error;
}

/* ---- the joint ---- */

static int send_document(struct output_syslog *output, const char *json, size_t length,
			 struct problem *problem)
{
	const struct syslog_options message = {
		.facility = output->options.facility,
		.form = output->options.form,
		.host = output->host,
		.most = is_datagram(output) ? SYSLOG_DATAGRAM_MAX : 0,
	};
	int error;

	buffer_clear(&output->text);
	buffer_clear(&output->framed);
	syslog_message_write(&output->text, &message, json, length);
	if (!is_datagram(output)) {
		buffer_format(&output->framed, "%zu ", output->text.length);
	}
	buffer_add(&output->framed, output->text.data, output->text.length);
	if (output->text.failed || output->framed.failed) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	error = link_send(output->link, output->framed.data, output->framed.length, problem);
	/* A datagram that nobody takes, or that is too long for the way, is gone. */
	if (is_datagram(output) && (error == -ECONNREFUSED || error == -EMSGSIZE)) {
		return link_connect(output->link, problem);
	}
	if (error == 0) {
		keep_message(output);
	}
	return error;
}

static int syslog_send(void *state, const struct output_batch *batch, struct output_answer *answer,
		       struct problem *problem)
{
	struct output_syslog *output = state;
	const char *json;
	size_t at = 0, length;
	int error = be_connected(output, problem);

	while (error == 0 && output_batch_next(batch, &at, &json, &length)) {
		error = send_document(output, json, length, problem);
	}
	if (error == 0) {
		snprintf(answer->text, sizeof(answer->text),
			 "sent; receivers of syslog say nothing");
	}
	return error;
}

/* Until the receiver has read all, or so many connections broke. */
static int finish(struct output_syslog *output, struct problem *problem)
{
	int error = 0;

	for (unsigned i = 0; i < FINISH_TRIES; i++) {
		if (link_is_open(output->link) && link_finish(output->link) == 0) {
			return 0;
		}
		if (i > 0) {
			clock_pause(FINISH_PAUSE);
		}
		error = be_connected(output, problem);
	}
	return error < 0 ? error
			 : problem_set(problem, -ECONNRESET, "the receiver has not read all");
}

static int syslog_settle(void *state, bool last, struct problem *problem)
{
	struct output_syslog *output = state;

	if (is_datagram(output) || output->n_sent == 0) {
		return 0;
	}
	if (last) {
		return finish(output, problem);
	}
	return !link_is_open(output->link) || link_is_stale(output->link)
		   ? be_connected(output, problem)
		   : 0;
}

static void syslog_close(void *state)
{
	struct output_syslog *output = state;

	if (output != NULL) {
		link_free(output->link);
		for (size_t i = 0; i < SYSLOG_AGAIN_MAX; i++) {
			free(output->sent[i].bytes);
		}
		buffer_free(&output->text);
		buffer_free(&output->framed);
		free(output->host);
		free(output);
	}
}

int output_syslog_new(struct output *out, const struct output_syslog_options *options,
		      struct problem *problem)
{
	static const struct output_class class = { .send = syslog_send,
						   .settle = syslog_settle,
						   .close = syslog_close };
	struct output_syslog *output = calloc(1, sizeof(*output));
	int error;

	if (output == NULL || (output->host = strdup(options->host)) == NULL) {
		free(output);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	output->options = *options;
	error = link_new(&output->link, &options->link, problem);
	if (error < 0) {
		syslog_close(output);
		return error;
	}
	*out = (struct output) { &class, output };
	return 0;
}
