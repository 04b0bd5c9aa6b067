/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* A batch goes in requests of about a megabyte, in order.  Each is remembered with a hash of its
 * documents until the batch is through: when the batch comes again, the requests that its beginning
 * consists of are not sent again. */

#include "store/output_splunk.h"

#include "capture/base/buffer.h"
#include "capture/base/hash.h"
#include "capture/base/json.h"
#include "capture/base/list.h"
#include "store/clock.h"
#include "store/dead_letters.h"
#include "store/hec_event.h"
#include "store/json_value.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_BYTES   ((size_t)8 << 20)
#define REQUEST_BYTES ((size_t)1 << 20) /* what collectors have always taken */
#define REJECTED_MAX  1000              /* of a batch */
#define SEND_MOST     (25 * NS_PER_S)
#define ASK_FIRST     (50 * NS_PER_MS)
#define ASK_MOST      (2 * NS_PER_S)
#define EVENT_PATH    "/services/collector/event"
#define ACK_PATH      "/services/collector/ack"
#define REASON_SIZE   200

/* Codes of the collector's answers, by what is to be done. */
enum { CODE_SUCCESS = 0, CODE_ACK_DISABLED = 14 };
/* No event, no data, a field of the event that is wrong: it lies in one document. */
static const int64_t document_codes[] = { 5, 6, 12, 13, 15 };

/* A part of the batch that was posted as one request. */
struct request {
	size_t length; /* of its lines in the batch */
	uint64_t hash;
	int64_t id; /* of its acknowledgement */
	int64_t sent_at;
	bool acknowledged;
};

struct output_splunk {
	struct http_client *http;
	struct dead_letters *letters;
	char *event_url, *ack_url, *host, *index;
	char channel[80]; /* header */
	bool acknowledge;
	int64_t acknowledge_within;
	size_t most; /* bytes of a request */
	struct buffer body;
	struct request *requests; /* the first of them are the batch's beginning */
	size_t n_requests, room;
	uint64_t *rejected; /* hashes of documents of the batch that are not sent any more */
	size_t n_rejected, rejected_room;
	/* The batch under way. */
	struct output_answer *answer;
	int64_t until;
	char reason[REASON_SIZE];
};

static uint64_t hash_of(const char *bytes, size_t n)
{
	return hash_bytes(bytes, n, 0);
}

/* ---- documents that are rejected ---- */

static bool is_rejected(const struct output_splunk *output, const char *json, size_t length)
{
	uint64_t hash = output->n_rejected > 0 ? hash_of(json, length) : 0;

	for (size_t i = 0; i < output->n_rejected; i++) {
		if (output->rejected[i] == hash) {
			return true;
		}
	}
	return false;
}

static int reject(struct output_splunk *output, unsigned status, const char *json, size_t length,
		  struct problem *problem)
{
	uint64_t *rejected = list_with_room(output->rejected, output->n_rejected,
					    &output->rejected_room, sizeof(*rejected));
	int error;

	if (rejected == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	output->rejected = rejected;
	if (output->n_rejected == REJECTED_MAX) {
		return problem_set(problem, -EBADMSG, "%s: more than %d documents are refused: %s",
				   output->event_url, REJECTED_MAX, output->reason);
	}
	dead_letters_add(output->letters, status, output->reason, json, length);
	error = dead_letters_flush(output->letters, problem);
	if (error == 0) {
		output->rejected[output->n_rejected++] = hash_of(json, length);
	}
	return error;
}

/* ---- answers ---- */

/* What the collector says for a person, in `reason`; its code, -1 when it has none. */
static int64_t read_code(struct output_splunk *output, const struct http_answer *said,
			 struct json_value **answer)
{
	const char *text;
	int64_t code;

	*answer = json_value_parse(said->body, said->length);
	text = json_value_text(*answer, "text");
	code = json_value_int(*answer, "code", -1);
	snprintf(output->reason, sizeof(output->reason), "HTTP %u: %.*s (code %" PRId64 ")",
		 said->status, 120, text != NULL ? text : said->body, code);
	return code;
}

static bool is_document_code(const struct http_answer *said, int64_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(document_codes); i++) {
		if (said->status == 400 && code == document_codes[i]) {
			return true;
		}
	}
	return false;
}

static int refused(const struct output_splunk *output, const struct http_answer *said, int64_t code,
		   struct problem *problem)
{
	output->answer->wait = said->retry_after;
	if (code == CODE_ACK_DISABLED) {
		return problem_set(problem, -ENOTSUP,
				   "%s: the token has no indexer acknowledgement: enable it there, "
				   "or set acknowledge: false",
				   output->event_url);
	}
	return problem_set(problem, said->status >= 500 || said->status == 429 ? -EBUSY : -EACCES,
			   "%s: %s", output->event_url, output->reason);
}

/* ---- a request ---- */

static int http(struct output_splunk *output, const char *url, struct http_answer *said,
		struct problem *problem)
{
	const char *const headers[] = { output->channel, NULL };
	const struct http_request request = {
		.url = url,
		.type = "application/json",
		.headers = output->acknowledge ? headers : NULL,
		.body = output->body.data,
		.length = output->body.length,
	};

	if (output->body.failed) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	return http_send(output->http, &request, said, problem);
}

/* The body of what of these lines is not rejected; *n: how many documents. */
static void make_body(struct output_splunk *output, const char *lines, size_t length, size_t *n)
{
	const struct hec_event event = { output->host, output->index };
	const struct output_batch batch = { lines, length, 0 };
	const char *json;
	size_t at = 0, size;

	*n = 0;
	buffer_clear(&output->body);
	while (output_batch_next(&batch, &at, &json, &size)) {
		if (!is_rejected(output, json, size)) {
			hec_event_write(&output->body, &event, json, size);
			(*n)++;
		}
	}
}

/* Rejects the document that is the number-th of those that were sent. */
static int reject_number(struct output_splunk *output, const char *lines, size_t length,
			 int64_t number, struct problem *problem)
{
	const struct output_batch batch = { lines, length, 0 };
	const char *json;
	size_t at = 0, size;
	int64_t n = 0;

	while (output_batch_next(&batch, &at, &json, &size)) {
		if (!is_rejected(output, json, size) && n++ == number) {
			return reject(output, 400, json, size, problem);
		}
	}
	return -EMSGSIZE;
}

/* -EMSGSIZE: fewer documents at once. -EAGAIN: the same again, one was rejected. */
static int judge_refusal(struct output_splunk *output, const char *lines, size_t length, size_t n,
			 const struct http_answer *said, const struct json_value *answer,
			 int64_t code, struct problem *problem)
{
	int64_t number = json_value_int(answer, "invalid-event-number", -1);
	int error;

	if (said->status != 413 && !is_document_code(said, code)) {
		return refused(output, said, code, problem);
	}
	if (n > 1 && (said->status == 413 || number < 0)) {
		return -EMSGSIZE;
	}
	error = reject_number(output, lines, length, n > 1 ? number : 0, problem);
	return error == 0 ? -EAGAIN : error;
}

/* Posts these lines. *id: of the acknowledgement; -1: nothing had to be sent. */
static int post_lines(struct output_splunk *output, const char *lines, size_t length, int64_t *id,
		      struct problem *problem)
{
	struct http_answer said;
	struct json_value *answer;
	int64_t code;
	size_t n;
	int error;

	*id = -1;
	make_body(output, lines, length, &n);
	if (n == 0) {
		return 0;
	}
	error = http(output, output->event_url, &said, problem);
	if (error < 0) {
		return error;
	}
	code = read_code(output, &said, &answer);
	if (said.status != 200 || code != CODE_SUCCESS) {
		error = judge_refusal(output, lines, length, n, &said, answer, code, problem);
	} else if (output->acknowledge) {
		*id = json_value_int(answer, "ackId", -1);
		error = *id >= 0 ? 0 : refused(output, &said, CODE_ACK_DISABLED, problem);
	}
	json_value_free(answer);
	return error;
}

/* ---- the requests of a batch ---- */

/* Whole lines from there on, of about `most` bytes, one at least. */
static size_t lines_length(const struct output_batch *batch, size_t from, size_t most)
{
	const char *json;
	size_t at = from, end = from, size;

	while (output_batch_next(batch, &at, &json, &size)) {
		if (end > from && at - from > most) {
			break;
		}
		end = at;
	}
	return end - from;
}

/* Forgets the requests that are no beginning of this batch. Returns where the rest of it begins. */
static size_t match_requests(struct output_splunk *output, const struct output_batch *batch)
{
	size_t at = 0, i = 0;

	while (i < output->n_requests && output->requests[i].length <= batch->length - at &&
	       output->requests[i].hash == hash_of(batch->lines + at, output->requests[i].length)) {
		at += output->requests[i++].length;
	}
	if (i == 0) {
		output->n_rejected = 0;
	}
	output->n_requests = i;
	return at;
}

static int remember(struct output_splunk *output, const char *lines, size_t length, int64_t id,
		    struct problem *problem)
{
	struct request *requests =
	    list_with_room(output->requests, output->n_requests, &output->room, sizeof(*requests));

	if (requests == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	output->requests = requests;
	output->requests[output->n_requests++] = (struct request) {
		.length = length,
		.hash = hash_of(lines, length),
		.id = id,
		.sent_at = clock_monotonic(),
		.acknowledged = id < 0,
	};
	return 0;
}

static int post_rest(struct output_splunk *output, const struct output_batch *batch, size_t at,
		     struct problem *problem)
{
	int error = 0;

	while (error == 0 && at < batch->length) {
		size_t length = lines_length(batch, at, output->most);
		int64_t id;

		if (clock_monotonic() > output->until) {
			return problem_set(problem, -ETIMEDOUT, "%s: slow", output->event_url);
		}
		error = post_lines(output, batch->lines + at, length, &id, problem);
		if (error == -EMSGSIZE) {
			output->most = length / 2;
			error = 0;
		} else if (error == -EAGAIN) {
			error = 0;
		} else if (error == 0) {
			error = remember(output, batch->lines + at, length, id, problem);
			at += length;
			output->most = REQUEST_BYTES;
		}
	}
	return error;
}

/* Requests that nobody acknowledged for too long. */
static int post_again(struct output_splunk *output, const struct output_batch *batch,
		      struct problem *problem)
{
	size_t at = 0;
	int error = 0;

	for (size_t i = 0; error == 0 && i < output->n_requests; i++) {
		struct request *request = &output->requests[i];

		if (!request->acknowledged &&
		    clock_monotonic() - request->sent_at > output->acknowledge_within) {
			error = post_lines(output, batch->lines + at, request->length, &request->id,
					   problem);
			request->sent_at = clock_monotonic();
			request->acknowledged = error == 0 && request->id < 0;
		}
		at += request->length;
	}
	/* It fitted before: later, then. */
	return error == -EMSGSIZE || error == -EAGAIN
		   ? problem_set(problem, -EBUSY, "%s: %s", output->event_url, output->reason)
		   : error;
}

/* ---- acknowledgements ---- */

static size_t n_waiting(const struct output_splunk *output)
{
	size_t n = 0;

	for (size_t i = 0; i < output->n_requests; i++) {
		n += !output->requests[i].acknowledged;
	}
	return n;
}

/* Asks for all that wait, once. */
static int ask(struct output_splunk *output, struct problem *problem)
{
	struct json json = json_to(&output->body);
	struct http_answer said;
	struct json_value *answer;
	int error;

	buffer_clear(&output->body);
	json_object(&json, NULL);
	json_array(&json, "acks");
	for (size_t i = 0; i < output->n_requests; i++) {
		if (!output->requests[i].acknowledged) {
			json_int(&json, NULL, output->requests[i].id);
		}
	}
	json_end(&json);
	json_end(&json);
	error = http(output, output->ack_url, &said, problem);
	if (error < 0) {
		return error;
	}
	if (said.status != 200) {
		int64_t code = read_code(output, &said, &answer);

		json_value_free(answer);
		return refused(output, &said, code, problem);
	}
	answer = json_value_parse(said.body, said.length);
	for (size_t i = 0; i < output->n_requests; i++) {
		char path[40];

		snprintf(path, sizeof(path), "acks.%" PRId64, output->requests[i].id);
		if (json_value_true(answer, path)) {
			output->requests[i].acknowledged = true;
		}
	}
	json_value_free(answer);
	return 0;
}

/* Until all are acknowledged, or the time for it is over. */
static int wait_acknowledged(struct output_splunk *output, const struct output_batch *batch,
			     struct problem *problem)
{
	int64_t pause = ASK_FIRST;
	int error = 0;

	while (error == 0 && n_waiting(output) > 0) {
		if (clock_monotonic() > output->until) {
			return problem_set(problem, -ETIMEDOUT,
					   "%s: %zu requests are not acknowledged yet",
					   output->event_url, n_waiting(output));
		}
		error = ask(output, problem);
		if (error == 0 && n_waiting(output) > 0) {
			error = post_again(output, batch, problem);
		}
		if (error == 0 && n_waiting(output) > 0) {
			clock_pause(pause);
			pause = pause * 2 < ASK_MOST ? pause * 2 : ASK_MOST;
		}
	}
	return error;
}

/* ---- the joint ---- */

static int splunk_send(void *state, const struct output_batch *batch, struct output_answer *answer,
		       struct problem *problem)
{
	struct output_splunk *output = state;
	size_t at = match_requests(output, batch);
	int error;

	output->answer = answer;
	output->until = clock_monotonic() + SEND_MOST;
	output->reason[0] = '\0';
	output->most = REQUEST_BYTES;
	error = post_rest(output, batch, at, problem);
	if (error == 0 && output->acknowledge) {
		error = wait_acknowledged(output, batch, problem);
	}
	if (error < 0) {
		return error;
	}
	answer->rejected = output->n_rejected;
	output->n_requests = 0;
	output->n_rejected = 0;
	snprintf(answer->text, sizeof(answer->text), "%.120s%s", output->reason,
		 output->acknowledge ? ", acknowledged" : "");
	return 0;
}

static void splunk_close(void *state)
{
	struct output_splunk *output = state;

	if (output != NULL) {
		http_client_free(output->http);
		dead_letters_free(output->letters);
		buffer_free(&output->body);
		free(output->requests);
		free(output->rejected);
		free(output->event_url);
		free(output->ack_url);
		free(output->host);
		free(output->index);
		free(output);
	}
}

/* ---- opening ---- */

static char *url_with(const char *url, const char *path)
{
	struct buffer text = { 0 };
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/') {
		length--;
	}
	buffer_add(&text, url, length);
	buffer_text(&text, path);
	if (text.failed) {
		buffer_free(&text);
	}
	return text.data;
}

/* One channel for a token and a sensor: a UUID (RFC 9562, version 8) made of their hash. */
static void set_channel(struct output_splunk *output, const struct output_splunk_options *options)
{
	const char *token = options->http.authorization != NULL ? options->http.authorization : "";
	uint64_t h = hash_stable(HASH_STABLE_START, options->host, strlen(options->host));
	uint64_t high = hash_stable_end(hash_stable(h, token, strlen(token)));
	uint64_t low = hash_stable_end(hash_stable(h, &high, sizeof(high)));

	snprintf(output->channel, sizeof(output->channel),
		 "X-Splunk-Request-Channel: %08x-%04x-8%03x-%04x-%012" PRIx64,
		 (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
		 (unsigned)(0x8000 | (low >> 48 & 0x3fff)), low & UINT64_C(0xffffffffffff));
}

static int set_up(struct output_splunk *output, const struct output_splunk_options *options,
		  struct problem *problem)
{
	output->acknowledge = options->acknowledge;
	output->acknowledge_within = options->acknowledge_within;
	output->event_url = url_with(options->url, EVENT_PATH);
	output->ack_url = url_with(options->url, ACK_PATH);
	output->host = strdup(options->host);
	output->index = strdup(options->index != NULL ? options->index : "");
	if (output->event_url == NULL || output->ack_url == NULL || output->host == NULL ||
	    output->index == NULL ||
	    dead_letters_new(&output->letters, options->dead_letters, 0) < 0) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	set_channel(output, options);
	return http_client_new(&output->http, &options->http, problem);
}

int output_splunk_new(struct output *out, const struct output_splunk_options *options,
		      struct problem *problem)
{
	static const struct output_class class = { .batch_bytes = BATCH_BYTES,
						   .send = splunk_send,
						   .close = splunk_close };
	struct output_splunk *output = calloc(1, sizeof(*output));
	int error;

	if (output == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	error = set_up(output, options, problem);
	if (error < 0) {
		splunk_close(output);
		return error;
	}
	*out = (struct output) { &class, output };
	return 0;
}
