/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/output_elastic.h"

#include "store/clock.h"
#include "store/dead_letters.h"
#include "store/elastic_bulk.h"
#include "store/json_value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_BYTES   ((size_t)4 << 20)
#define REQUEST_LEAST ((size_t)4 << 10)
#define HOSTS_MAX     16
#define TRIES         4 /* of documents that are refused for now */
#define TRY_PAUSE     (200 * NS_PER_MS)
#define LEFT_ALONE    (30 * NS_PER_S) /* a node that failed, if there is another one */
#define SEND_MOST     (25 * NS_PER_S)

struct node {
	char *url;          /* of its _bulk */
	int64_t not_before; /* monotonic clock */
};

struct output_elastic {
	struct http_client *http;
	struct dead_letters *letters;
	char *name_space;
	struct node nodes[HOSTS_MAX];
	size_t n_nodes, node; /* the one in use */
	size_t most;          /* bytes of a request */
	struct elastic_bulk bulk;
	/* The batch under way. */
	struct output_answer *answer;
	int64_t until;
	char reason[256]; /* of the last document that was not taken */
};

/* ---- one request ---- */

static void on_told(void *context, struct bulk_item *item, const struct bulk_reason *reason)
{
	struct output_elastic *output = context;

	snprintf(output->reason, sizeof(output->reason), "%u %s: %s", reason->status, reason->type,
		 reason->reason);
	if (item->verdict == BULK_REJECTED) {
		dead_letters_add(output->letters, reason->status, output->reason, item->json,
				 item->length);
		output->answer->rejected++;
	}
}

/* What an answer without items says, for a person. */
static int refused(struct output_elastic *output, const struct http_answer *said, int error,
		   struct problem *problem)
{
	struct json_value *answer = json_value_parse(said->body, said->length);
	const char *reason = json_value_text(answer, "error.reason");

	reason = reason != NULL ? reason : json_value_text(answer, "error");
	error = problem_set(problem, error, "%s: HTTP %u: %.*s", output->nodes[output->node].url,
			    said->status, 160, reason != NULL ? reason : said->body);
	json_value_free(answer);
	return error;
}

static bool is_busy(unsigned status)
{
	return status == 429 || status == 502 || status == 503 || status == 504;
}

static int read_answer(struct output_elastic *output, const struct http_answer *said,
		       struct problem *problem)
{
	if (said->status == 200 &&
	    elastic_bulk_answer(&output->bulk, said->body, said->length, on_told, output) == 0) {
		return 0;
	}
	if (said->status == 200) {
		return problem_set(problem, -EPROTO, "%s: the answer is none of _bulk",
				   output->nodes[output->node].url);
	}
	if (said->status == 413) {
		return -EMSGSIZE;
	}
	output->answer->wait = said->retry_after;
	return refused(output, said, is_busy(said->status) ? -EBUSY : -EACCES, problem);
}

/* The node that is left alone least. */
static void choose_node(struct output_elastic *output)
{
	for (size_t i = 0; i < output->n_nodes; i++) {
		if (output->nodes[i].not_before < output->nodes[output->node].not_before) {
			output->node = i;
		}
	}
}

/* To one node after the other, until one answers. */
static int post(struct output_elastic *output, struct problem *problem)
{
	struct http_request request = { .type = "application/x-ndjson",
					.body = output->bulk.body.data,
					.length = output->bulk.body.length };
	struct problem why;
	int error = -ETIMEDOUT;

	for (size_t i = 0; i < output->n_nodes && clock_monotonic() < output->until; i++) {
		struct http_answer said;

		why = (struct problem) { "" };
		choose_node(output);
		request.url = output->nodes[output->node].url;
		error = http_send(output->http, &request, &said, &why);
		error = error == 0 ? read_answer(output, &said, &why) : error;
		if (error == 0 || error == -EMSGSIZE) {
			output->nodes[output->node].not_before = 0;
			output->answer->wait = 0;
			return error;
		}
		output->nodes[output->node].not_before = clock_monotonic() + LEFT_ALONE;
	}
	return problem_set(problem, error, "%s", why.text);
}

/* ---- a batch ---- */

/* One document that is too large for any request. */
static void reject_large(struct output_elastic *output)
{
	for (size_t i = 0; i < output->bulk.n; i++) {
		struct bulk_item *item = &output->bulk.items[i];

		if (item->sent) {
			item->verdict = BULK_REJECTED;
			on_told(output, item,
				&(struct bulk_reason) { 413, "content_too_large", "" });
		}
	}
}

/* Sends what is open, in as many requests as it takes. */
static int post_open(struct output_elastic *output, struct problem *problem)
{
	size_t from = 0;

	while (from < output->bulk.n) {
		size_t n = elastic_bulk_body(&output->bulk, from, output->most);
		int error;

		if (output->bulk.body.failed) {
			return problem_set(problem, -ENOMEM, "out of memory");
		}
		if (n == 0) {
			return 0;
		}
		error = post(output, problem);
		if (error == -EMSGSIZE && n > 1) {
			output->most = size_max(output->bulk.body.length / 2, REQUEST_LEAST);
			continue;
		}
		if (error == -EMSGSIZE) {
			reject_large(output);
		} else if (error < 0) {
			return error;
		}
		while (from < output->bulk.n && !output->bulk.items[from].sent) {
			from++;
		}
		while (from < output->bulk.n && (output->bulk.items[from].sent ||
						 output->bulk.items[from].verdict != BULK_OPEN)) {
			from++;
		}
	}
	return 0;
}

static size_t count(const struct output_elastic *output, enum bulk_verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < output->bulk.n; i++) {
		n += output->bulk.items[i].verdict == verdict;
	}
	return n;
}

/* Documents that were refused for now come again a few times. */
static int post_all(struct output_elastic *output, struct problem *problem)
{
	int error = post_open(output, problem);
	int64_t pause = TRY_PAUSE;

	for (unsigned i = 1; error == 0 && i < TRIES && count(output, BULK_OPEN) > 0; i++) {
		nanosleep(
		    &(struct timespec) { .tv_sec = pause / NS_PER_S, .tv_nsec = pause % NS_PER_S },
		    NULL);
		pause *= 2;
		error = post_open(output, problem);
	}
	if (error == 0 && count(output, BULK_OPEN) + count(output, BULK_FAILED) > 0) {
		error = problem_set(problem, -EBUSY, "%s: %zu documents were not taken: %s",
				    output->nodes[output->node].url,
				    count(output, BULK_OPEN) + count(output, BULK_FAILED),
				    output->reason);
	}
	return error;
}

static int elastic_send(void *state, const struct output_batch *batch, struct output_answer *answer,
			struct problem *problem)
{
	struct output_elastic *output = state;
	int error = elastic_bulk_take(&output->bulk, batch);

	output->answer = answer;
	output->until = clock_monotonic() + SEND_MOST;
	output->reason[0] = '\0';
	dead_letters_clear(output->letters);
	error =
	    error == 0 ? post_all(output, problem) : problem_set(problem, error, "out of memory");
	if (error == 0) {
		error = dead_letters_flush(output->letters, problem);
	}
	if (error < 0) {
		answer->rejected = 0;
		return error;
	}
	snprintf(answer->text, sizeof(answer->text), answer->rejected > 0 ? "%s" : "HTTP 200, %s",
		 answer->rejected > 0       ? output->reason
		 : output->bulk.already > 0 ? "some were there already"
					    : "created");
	return 0;
}

static void elastic_close(void *state)
{
	struct output_elastic *output = state;

	if (output != NULL) {
		http_client_free(output->http);
		dead_letters_free(output->letters);
		elastic_bulk_free(&output->bulk);
		for (size_t i = 0; i < output->n_nodes; i++) {
			free(output->nodes[i].url);
		}
		free(output->name_space);
		free(output);
	}
}

/* ---- opening ---- */

static int set_nodes(struct output_elastic *output, const struct output_elastic_options *options)
{
	for (size_t i = 0; i < options->n_urls && i < HOSTS_MAX; i++) {
		size_t length = strlen(options->urls[i]);
		struct buffer url = { 0 };

		while (length > 0 && options->urls[i][length - 1] == '/') {
			length--;
		}
		buffer_add(&url, options->urls[i], length);
		buffer_text(&url, ELASTIC_BULK_PATH);
		if (url.failed) {
			buffer_free(&url);
			return -ENOMEM;
		}
		output->nodes[output->n_nodes++].url = url.data;
	}
	return 0;
}

static int set_up(struct output_elastic *output, const struct output_elastic_options *options,
		  struct problem *problem)
{
	int error = set_nodes(output, options);

	output->most = BATCH_BYTES;
	output->name_space = strdup(options->name_space);
	output->bulk.name_space = output->name_space;
	if (error == 0 && output->name_space != NULL) {
		error = dead_letters_new(&output->letters, options->dead_letters, 0);
	}
	if (error < 0 || output->name_space == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	return http_client_new(&output->http, &options->http, problem);
}

int output_elastic_new(struct output *out, const struct output_elastic_options *options,
		       struct problem *problem)
{
	static const struct output_class class = { .batch_bytes = BATCH_BYTES,
						   .send = elastic_send,
						   .close = elastic_close };
	struct output_elastic *output;
	int error;

	if (!elastic_bulk_is_name(options->name_space, strlen(options->name_space))) {
		return problem_set(problem, -EINVAL,
				   "namespace '%s': wants lower case letters, digits and '_'",
				   options->name_space);
	}
	output = calloc(1, sizeof(*output));
	if (output == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	error = set_up(output, options, problem);
	if (error < 0) {
		elastic_close(output);
		return error;
	}
	*out = (struct output) { &class, output };
	return 0;
}
