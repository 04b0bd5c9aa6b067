/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Messages go in windows: so many are sent, then their acknowledgements are waited for. */

#include "store/output_relp.h"

#include "store/clock.h"
#include "store/relp_frame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW       128
#define WINDOW_BYTES ((size_t)1 << 20)
#define SEND_MOST    (25 * NS_PER_S)
#define ANSWER_MOST  (15 * NS_PER_S)
#define CLOSE_MOST   (2 * NS_PER_S)
#define LOOK_MS      500
#define READ_BYTES   4096
#define OFFERS       "relp_version=0\nrelp_software=weir," WEIR_VERSION "\ncommands=syslog"
#define CODE_OK      200

struct output_relp {
	struct syslog_options message;
	char *host, *receiver;
	struct network_link *link;
	struct buffer text, frames, said;
	uint32_t number; /* of the frame sent last */
	/* The window under way: numbers from `first` on. */
	uint32_t first;
	size_t n, n_acknowledged;
	bool acknowledged[WINDOW];
};

/* ---- what the receiver says ---- */

static int take_response(struct output_relp *output, const struct relp_frame *frame,
			 struct problem *problem)
{
	size_t i = frame->number - output->first;

	if (frame->number == 0 && relp_frame_is(frame, "serverclose")) {
		return problem_set(problem, -ECONNRESET, "%s: the receiver closes",
				   output->receiver);
	}
	if (!relp_frame_is(frame, "rsp") || frame->number < output->first || i >= output->n) {
		return problem_set(problem, -EPROTO, "%s: the receiver says what is no answer",
				   output->receiver);
	}
	if (relp_frame_code(frame) != CODE_OK) {
		return problem_set(problem, -EACCES, "%s: refused: %.*s", output->receiver,
				   (int)size_min(frame->length, 100), frame->data);
	}
	output->n_acknowledged += !output->acknowledged[i];
	output->acknowledged[i] = true;
	return 0;
}

/* Takes all whole frames that came. */
static int take_frames(struct output_relp *output, struct problem *problem)
{
	struct buffer *said = &output->said;
	size_t at = 0;
	int error = 0;

	while (error == 0 && at < said->length) {
		struct relp_frame frame;
		ssize_t size = relp_frame_read(&frame, said->data + at, said->length - at);

		if (size < 0) {
			return problem_set(problem, -EPROTO, "%s: the receiver speaks no RELP",
					   output->receiver);
		}
		if (size == 0) {
			break;
		}
		error = take_response(output, &frame, problem);
		at += (size_t)size;
	}
	memmove(said->data, said->data + at, said->length - at);
	said->length -= at;
	return error;
}

/* Until all of the window are acknowledged. */
static int wait_acknowledged(struct output_relp *output, int64_t until, struct problem *problem)
{
	char bytes[READ_BYTES];
	int error = 0;

	while (error == 0 && output->n_acknowledged < output->n) {
		ssize_t n = link_receive(output->link, bytes, sizeof(bytes), LOOK_MS, problem);

		if (n == 0) {
			return problem_set(problem, -ECONNRESET, "%s: the receiver has hung up",
					   output->receiver);
		}
		if (n < 0 && n != -EAGAIN) {
			return (int)n;
		}
		if (n == -EAGAIN && clock_monotonic() > until) {
			return problem_set(
			    problem, -ETIMEDOUT, "%s: %zu of %zu messages were not acknowledged",
			    output->receiver, output->n - output->n_acknowledged, output->n);
		}
		if (n > 0) {
			buffer_add(&output->said, bytes, (size_t)n);
			error = take_frames(output, problem);
		}
	}
	return error;
}

/* ---- frames out ---- */

static void begin_window(struct output_relp *output)
{
	/* Never over the end of the numbers within a window. */
	if (output->number > RELP_NUMBER_MAX - WINDOW) {
		output->number = 0;
	}
	output->first = output->number + 1;
	output->n = 0;
	output->n_acknowledged = 0;
	memset(output->acknowledged, 0, sizeof(output->acknowledged));
	buffer_clear(&output->frames);
}

static void add_frame(struct output_relp *output, const char *command, const char *data,
		      size_t length)
{
	relp_frame_write(&output->frames, ++output->number, command, data, length);
	output->n++;
}

static int send_window(struct output_relp *output, int64_t until, struct problem *problem)
{
	int error;

	if (output->frames.failed || output->said.failed) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	error = link_send(output->link, output->frames.data, output->frames.length, problem);
	return error == 0 ? wait_acknowledged(output, until, problem) : error;
}

static int be_connected(struct output_relp *output, struct problem *problem)
{
	int error;

	if (link_is_open(output->link) && !link_is_stale(output->link)) {
		return 0;
	}
	link_close(output->link);
	error = link_connect(output->link, problem);
	if (error < 0) {
		return error;
	}
	buffer_clear(&output->said);
	output->number = 0;
	begin_window(output);
	add_frame(output, "open", OFFERS, strlen(OFFERS));
	return send_window(output, clock_monotonic() + ANSWER_MOST, problem);
}

/* ---- the joint ---- */

static int send_all(struct output_relp *output, const struct output_batch *batch,
		    struct problem *problem)
{
	int64_t until = clock_monotonic() + SEND_MOST;
	size_t at = 0, length;
	const char *json;
	bool more = true;
	int error = 0;

	while (error == 0 && more) {
		begin_window(output);
		while (output->n < WINDOW && output->frames.length < WINDOW_BYTES &&
		       (more = output_batch_next(batch, &at, &json, &length))) {
			buffer_clear(&output->text);
			syslog_message_write(&output->text, &output->message, json, length);
			add_frame(output, "syslog", output->text.data, output->text.length);
		}
		if (output->text.failed) {
			return problem_set(problem, -ENOMEM, "out of memory");
		}
		if (output->n > 0) {
			error = send_window(output, until, problem);
		}
	}
	return error;
}

static int relp_send(void *state, const struct output_batch *batch, struct output_answer *answer,
		     struct problem *problem)
{
	struct output_relp *output = state;
	int error = be_connected(output, problem);

	error = error == 0 ? send_all(output, batch, problem) : error;
	if (error < 0) {
		link_close(output->link);
		return error;
	}
	snprintf(answer->text, sizeof(answer->text), "acknowledged");
	return 0;
}

/* Says goodbye; all was acknowledged before. */
static int relp_settle(void *state, bool last, struct problem *problem)
{
	struct output_relp *output = state;
	struct problem ignored = { "" };

	(void)problem;
	if (last && link_is_open(output->link)) {
		begin_window(output);
		add_frame(output, "close", "", 0);
		(void)!send_window(output, clock_monotonic() + CLOSE_MOST, &ignored);
		link_close(output->link);
	}
	return 0;
}

static void relp_close(void *state)
{
	struct output_relp *output = state;

	if (output != NULL) {
		link_free(output->link);
		buffer_free(&output->text);
		buffer_free(&output->frames);
		buffer_free(&output->said);
		free(output->host);
		free(output->receiver);
		free(output);
	}
}

int output_relp_new(struct output *out, const struct output_relp_options *options,
		    struct problem *problem)
{
	static const struct output_class class = { .send = relp_send,
						   .settle = relp_settle,
						   .close = relp_close };
	struct output_relp *output;
	int error;

	if (options->link.transport == LINK_UDP) {
		return problem_set(problem, -EINVAL, "relp has the transport tls or tcp, not udp");
	}
	output = calloc(1, sizeof(*output));
	if (output == NULL || (output->host = strdup(options->message.host)) == NULL ||
	    (output->receiver = strdup(options->link.host)) == NULL) {
		relp_close(output);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	output->message = options->message;
	output->message.host = output->host;
	error = link_new(&output->link, &options->link, problem);
	if (error < 0) {
		relp_close(output);
		return error;
	}
	*out = (struct output) { &class, output };
	return 0;
}
