/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Everything happens in the caller's thread: the library's loop is run until what was asked for is
 * there.  After a failure the client is thrown away with all that it holds, so that nothing old
 * comes between. */

#include "store/output_mqtt.h"

#include "capture/base/list.h"
#include "store/clock.h"
#include "store/document_scan.h"

#include <errno.h>
#include <mosquitto.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEEP_ALIVE    60 /* s */
#define IN_FLIGHT     100
#define CONNECT_MOST  (10 * NS_PER_S)
#define SEND_MOST     (25 * NS_PER_S)
#define LOOP_MS       100
#define TOPIC_SIZE    256
#define REASON_SIZE   200
#define OTHER_DATASET "other"
#define OUR_DATASETS  "weir."
#define CERTIFICATES  "/etc/ssl/certs" /* the system's */

struct output_mqtt {
	struct output_mqtt_options options;
	char *texts[9]; /* the options' own */
	int port;
	struct mosquitto *client; /* NULL: none */
	bool connected, answered;
	int refused; /* CONNACK; 0: not */
	/* The batch under way: messages that have no PUBACK. */
	int *waiting;
	size_t n, n_waiting, room;
	struct buffer body;
	char reason[REASON_SIZE];
};

/* ---- what the library says ---- */

static void on_connect(struct mosquitto *client, void *context, int code)
{
	struct output_mqtt *output = context;

	(void)client;
	output->answered = true;
	output->connected = code == 0;
	output->refused = code;
}

static void on_disconnect(struct mosquitto *client, void *context, int code)
{
	struct output_mqtt *output = context;

	(void)client, (void)code;
	output->connected = false;
}

/* Messages are acknowledged about in their order. */
static void on_publish(struct mosquitto *client, void *context, int message)
{
	struct output_mqtt *output = context;

	(void)client;
	for (size_t i = 0; i < output->n; i++) {
		if (output->waiting[i] == message) {
			output->waiting[i] = 0;
			output->n_waiting--;
			break;
		}
	}
}

static void on_log(struct mosquitto *client, void *context, int level, const char *text)
{
	struct output_mqtt *output = context;

	(void)client;
	if ((level & (MOSQ_LOG_ERR | MOSQ_LOG_WARNING)) != 0) {
		snprintf(output->reason, sizeof(output->reason), "%s", text);
	}
}

/* Throws the client away. */
static int fail(struct output_mqtt *output, int error, const char *text, struct problem *problem)
{
	problem_set(problem, error, "%s: %s%s%s", output->options.link.host, text,
		    output->reason[0] != '\0' ? ": " : "", output->reason);
	if (output->client != NULL) {
		mosquitto_destroy(output->client);
		output->client = NULL;
	}
	output->connected = false;
	return error;
}

/* ---- the client ---- */

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void library_begin(void)
{
	(void)mosquitto_lib_init();
}

static bool is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static int set_up_tls(const struct output_mqtt *output)
{
	const struct link_options *link = &output->options.link;
	int code;

	if (link->transport != LINK_TLS) {
		return MOSQ_ERR_SUCCESS;
	}
	code = mosquitto_tls_set(output->client, is_given(link->ca) ? link->ca : NULL,
				 is_given(link->ca) ? NULL : CERTIFICATES,
				 is_given(link->certificate) ? link->certificate : NULL,
				 is_given(link->key) ? link->key : NULL, NULL);
	return code;
}

static int make_client(struct output_mqtt *output, struct problem *problem)
{
	const struct output_mqtt_options *options = &output->options;
	int code;

	output->reason[0] = '\0';
	output->client = mosquitto_new(options->client, true, output);
	if (output->client == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	mosquitto_connect_callback_set(output->client, on_connect);
	mosquitto_disconnect_callback_set(output->client, on_disconnect);
	mosquitto_publish_callback_set(output->client, on_publish);
	mosquitto_log_callback_set(output->client, on_log);
	code = mosquitto_max_inflight_messages_set(output->client, IN_FLIGHT);
	if (code == MOSQ_ERR_SUCCESS && is_given(options->user)) {
		code = mosquitto_username_pw_set(output->client, options->user, options->password);
	}
	if (code == MOSQ_ERR_SUCCESS) {
		code = set_up_tls(output);
	}
	return code == MOSQ_ERR_SUCCESS ? 0
					: fail(output, -EINVAL, mosquitto_strerror(code), problem);
}

static int loop(struct output_mqtt *output, struct problem *problem)
{
	int code = mosquitto_loop(output->client, LOOP_MS, 1);

	if (code == MOSQ_ERR_SUCCESS) {
		return 0;
	}
	if (output->refused != 0) {
		return fail(output, -EACCES, mosquitto_connack_string(output->refused), problem);
	}
	return fail(output, -ECONNRESET,
		    code == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(code), problem);
}

static int be_connected(struct output_mqtt *output, struct problem *problem)
{
	int64_t until = clock_monotonic() + CONNECT_MOST;
	int error = 0, code;

	/* What the broker said meanwhile, such as good-bye. */
	if (output->client != NULL && loop(output, NULL) == 0 && output->connected) {
		return 0;
	}
	if (output->client == NULL) {
		error = make_client(output, problem);
	}
	if (error < 0) {
		return error;
	}
	output->answered = false;
	output->refused = 0;
	code =
	    mosquitto_connect(output->client, output->options.link.host, output->port, KEEP_ALIVE);
	if (code != MOSQ_ERR_SUCCESS) {
		return fail(output, -ECONNREFUSED,
			    code == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(code),
			    problem);
	}
	while (error == 0 && !output->answered) {
		error = clock_monotonic() < until ? loop(output, problem)
						  : fail(output, -ETIMEDOUT, "no answer", problem);
	}
	if (error == 0 && !output->connected) {
		error = fail(output, -EACCES, mosquitto_connack_string(output->refused), problem);
	}
	return error;
}

/* ---- messages ---- */

/* What stands behind "weir." in the dataset; no dot or slash makes another level of it. */
static void topic_of(const struct output_mqtt *output, const char *json, size_t length,
		     char topic[TOPIC_SIZE])
{
	struct document_value dataset = { .path = "event.dataset" };
	size_t skip = sizeof(OUR_DATASETS) - 1;

	document_scan(json, length, &dataset, 1);
	if (dataset.text == NULL || dataset.length <= skip ||
	    memcmp(dataset.text, OUR_DATASETS, skip) != 0) {
		snprintf(topic, TOPIC_SIZE, "%s/" OTHER_DATASET, output->options.topic);
		return;
	}
	snprintf(topic, TOPIC_SIZE, "%s/%.*s", output->options.topic, (int)(dataset.length - skip),
		 dataset.text + skip);
	for (char *at = topic + strlen(output->options.topic) + 1; *at != '\0'; at++) {
		*at = strchr("+#/", *at) != NULL ? '_' : *at;
	}
}

static int publish(struct output_mqtt *output, const char *json, size_t length,
		   struct problem *problem)
{
	int *waiting = list_with_room(output->waiting, output->n, &output->room, sizeof(*waiting));
	char topic[TOPIC_SIZE];
	int message = 0, code;

	if (waiting == NULL) {
		return fail(output, -ENOMEM, "out of memory", problem);
	}
	output->waiting = waiting;
	buffer_clear(&output->body);
	document_form_write(&output->body, output->options.form, json, length);
	if (output->body.failed || output->body.length > INT32_MAX) {
		return fail(output, -ENOMEM, "out of memory", problem);
	}
	topic_of(output, json, length, topic);
	code = mosquitto_publish(output->client, &message, topic, (int)output->body.length,
				 output->body.data, 1, false);
	if (code != MOSQ_ERR_SUCCESS) {
		return fail(output, -ECONNRESET, mosquitto_strerror(code), problem);
	}
	output->waiting[output->n++] = message;
	output->n_waiting++;
	return 0;
}

static int mqtt_send(void *state, const struct output_batch *batch, struct output_answer *answer,
		     struct problem *problem)
{
	struct output_mqtt *output = state;
	int64_t until = clock_monotonic() + SEND_MOST;
	int error = be_connected(output, problem);
	const char *json;
	size_t at = 0, length;

	output->n = output->n_waiting = 0;
	while (error == 0 && output_batch_next(batch, &at, &json, &length)) {
		error = publish(output, json, length, problem);
	}
	while (error == 0 && output->n_waiting > 0) {
		error = clock_monotonic() < until
			    ? loop(output, problem)
			    : fail(output, -ETIMEDOUT, "not all was acknowledged", problem);
	}
	if (error == 0) {
		snprintf(answer->text, sizeof(answer->text), "acknowledged by the broker");
	}
	return error;
}

/* Keeps the connection alive. */
static int mqtt_settle(void *state, bool last, struct problem *problem)
{
	struct output_mqtt *output = state;

	(void)problem;
	if (output->client != NULL && output->connected) {
		if (last) {
			(void)mosquitto_disconnect(output->client);
		}
		(void)!loop(output, NULL);
	}
	return 0;
}

static void mqtt_close(void *state)
{
	struct output_mqtt *output = state;

	if (output != NULL) {
		mosquitto_destroy(output->client);
		buffer_free(&output->body);
		for (size_t i = 0; i < ARRAY_SIZE(output->texts); i++) {
			free(output->texts[i]);
		}
		free(output->waiting);
		free(output);
	}
}

/* ---- opening ---- */

static bool keep_texts(struct output_mqtt *output, const struct output_mqtt_options *options)
{
	const struct link_options *link = &options->link;
	const char *const from[] = { link->host,      link->ca,      link->certificate,
				     link->key,       options->user, options->password,
				     options->client, options->topic };

	for (size_t i = 0; i < ARRAY_SIZE(from); i++) {
		output->texts[i] = strdup(from[i] != NULL ? from[i] : "");
		if (output->texts[i] == NULL) {
			return false;
		}
	}
	output->options = (struct output_mqtt_options) {
		.link = { .host = output->texts[0],
			  .ca = output->texts[1],
			  .certificate = output->texts[2],
			  .key = output->texts[3],
			  .transport = link->transport },
		.user = output->texts[4],
		.password = output->texts[5],
		.client = output->texts[6],
		.topic = output->texts[7],
		.form = options->form,
	};
	output->port = (int)strtol(link->port, NULL, 10);
	return true;
}

int output_mqtt_new(struct output *out, const struct output_mqtt_options *options,
		    struct problem *problem)
{
	static const struct output_class class = { .send = mqtt_send,
						   .settle = mqtt_settle,
						   .close = mqtt_close };
	struct output_mqtt *output;
	int error;

	if (options->link.transport == LINK_UDP) {
		return problem_set(problem, -EINVAL, "mqtt has the transport tls or tcp, not udp");
	}
	if (!is_given(options->topic) || strpbrk(options->topic, "+#") != NULL ||
	    strlen(options->topic) > TOPIC_SIZE / 2) {
		return problem_set(problem, -EINVAL, "'%s' is no topic to publish to",
				   options->topic);
	}
	pthread_once(&library_once, library_begin);
	output = calloc(1, sizeof(*output));
	if (output == NULL || !keep_texts(output, options)) {
		mqtt_close(output);
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	/* Now, as files that cannot be read are to be told at once. */
	error = make_client(output, problem);
	if (error < 0) {
		mqtt_close(output);
		return error;
	}
	*out = (struct output) { &class, output };
	return 0;
}
