/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* kafka_peer TOPIC PARTITIONS BROKERS - a cluster of Kafka as librdkafka mocks it, that
 * misbehaves on command, and a consumer of its topic.
 *
 * Prints JSON lines: {"bootstrap":"HOST:PORT,..."}, then each message that is in the topic, and
 * {"done":"COMMAND"} behind each command. Commands are lines on standard input:
 *
 *	errors KEY CODE...        the next requests of this kind fail with these codes, one each
 *	down ID, up ID            a broker hangs up and takes no connection; takes them again
 *	rtt ID MS                 it takes its time
 *	leader PARTITION ID
 *	topic CODE                what is said of the topic, when one asks
 *
 * Its end is the end of its input. */

#include "capture/base/json.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGUMENTS_MAX 600
#define LINE_MAX_     8192

struct peer {
	rd_kafka_t *consumer;
	rd_kafka_mock_cluster_t *cluster;
	const char *topic;
	int partitions;
	char input[LINE_MAX_];
	size_t n_input;
};

static void print(struct buffer *text)
{
	if (text->failed) {
		abort();
	}
	fwrite(text->data, 1, text->length, stdout);
	fputc('\n', stdout);
	fflush(stdout);
	buffer_free(text);
}

static void print_pair(const char *key, const char *value)
{
	struct buffer text = { 0 };
	struct json json = json_to(&text);

	json_object(&json, NULL);
	json_text(&json, key, value);
	json_end(&json);
	print(&text);
}

/* ---- what is in the topic ---- */

static void print_headers(struct json *json, const rd_kafka_message_t *message)
{
	rd_kafka_headers_t *headers;
	const char *name;
	const void *value;
	size_t length;

	json_object(json, "headers");
	if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
		for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &length) ==
				   RD_KAFKA_RESP_ERR_NO_ERROR;
		     i++) {
			json_string(json, name, value, length);
		}
	}
	json_end(json);
}

static void print_message(const rd_kafka_message_t *message)
{
	struct buffer text = { 0 };
	struct json json = json_to(&text);
	rd_kafka_timestamp_type_t type;

	json_object(&json, NULL);
	json_int(&json, "partition", message->partition);
	json_int(&json, "offset", message->offset);
	json_int(&json, "time", rd_kafka_message_timestamp(message, &type));
	json_string(&json, "key", message->key != NULL ? message->key : "", message->key_len);
	print_headers(&json, message);
	json_string(&json, "value", message->payload, message->len);
	json_end(&json);
	print(&text);
}

static void consume(struct peer *peer)
{
	rd_kafka_message_t *message;

	while ((message = rd_kafka_consumer_poll(peer->consumer, 10)) != NULL) {
		if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
			print_message(message);
		}
		rd_kafka_message_destroy(message);
	}
}

/* ---- commands ---- */

static void push_errors(struct peer *peer, const int *numbers, size_t n)
{
	rd_kafka_resp_err_t errors[ARGUMENTS_MAX];

	for (size_t i = 1; i < n; i++) {
		errors[i - 1] = (rd_kafka_resp_err_t)numbers[i];
	}
	rd_kafka_mock_push_request_errors_array(peer->cluster, (int16_t)numbers[0], n - 1, errors);
}

static bool execute(struct peer *peer, const char *name, const int *numbers, size_t n)
{
	if (strcmp(name, "errors") == 0 && n > 1) {
		push_errors(peer, numbers, n);
	} else if (strcmp(name, "down") == 0 && n == 1) {
		return rd_kafka_mock_broker_set_down(peer->cluster, numbers[0]) == 0;
	} else if (strcmp(name, "up") == 0 && n == 1) {
		return rd_kafka_mock_broker_set_up(peer->cluster, numbers[0]) == 0;
	} else if (strcmp(name, "rtt") == 0 && n == 2) {
		return rd_kafka_mock_broker_set_rtt(peer->cluster, numbers[0], numbers[1]) == 0;
	} else if (strcmp(name, "leader") == 0 && n == 2) {
		return rd_kafka_mock_partition_set_leader(peer->cluster, peer->topic, numbers[0],
							  numbers[1]) == 0;
	} else if (strcmp(name, "topic") == 0 && n == 1) {
		rd_kafka_mock_topic_set_error(peer->cluster, peer->topic,
					      (rd_kafka_resp_err_t)numbers[0]);
	} else {
		return false;
	}
	return true;
}

static void command(struct peer *peer, char *line)
{
	int numbers[ARGUMENTS_MAX];
	size_t n = 0;
	char *rest = NULL, *name = strtok_r(line, " ", &rest), *word;

	while (n < ARGUMENTS_MAX && (word = strtok_r(NULL, " ", &rest)) != NULL) {
		numbers[n++] = atoi(word);
	}
	if (name == NULL || !execute(peer, name, numbers, n)) {
		fprintf(stderr, "kafka_peer: '%s' is no command\n", name != NULL ? name : "");
		exit(2);
	}
	print_pair("done", name);
}

/* False: the input has ended. */
static bool commands(struct peer *peer)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	ssize_t n;
	char *newline;

	if (poll(&input, 1, 0) <= 0) {
		return true;
	}
	n = read(STDIN_FILENO, peer->input + peer->n_input,
		 sizeof(peer->input) - peer->n_input - 1);
	if (n <= 0) {
		return false;
	}
	peer->n_input += (size_t)n;
	peer->input[peer->n_input] = '\0';
	while ((newline = strchr(peer->input, '\n')) != NULL) {
		size_t length = (size_t)(newline - peer->input) + 1;

		*newline = '\0';
		command(peer, peer->input);
		memmove(peer->input, peer->input + length, peer->n_input - length + 1);
		peer->n_input -= length;
	}
	return true;
}

/* ---- the cluster ---- */

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char text[256];

	if (rd_kafka_conf_set(conf, name, value, text, sizeof(text)) != RD_KAFKA_CONF_OK) {
		fprintf(stderr, "kafka_peer: %s\n", text);
		exit(2);
	}
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers)
{
	char text[256];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *made;

	set(conf, "log_level", "0");
	if (brokers != NULL) {
		set(conf, "bootstrap.servers", brokers);
		set(conf, "group.id", "peer");
		set(conf, "auto.offset.reset", "earliest");
		set(conf, "check.crcs", "true");
		set(conf, "enable.auto.commit", "false");
		set(conf, "fetch.wait.max.ms", "50");
		set(conf, "reconnect.backoff.max.ms", "500");
		set(conf, "topic.metadata.refresh.interval.ms", "500");
	}
	made = rd_kafka_new(type, conf, text, sizeof(text));
	if (made == NULL) {
		fprintf(stderr, "kafka_peer: %s\n", text);
		exit(2);
	}
	return made;
}

static void assign(const struct peer *peer)
{
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(peer->partitions);

	for (int i = 0; i < peer->partitions; i++) {
		rd_kafka_topic_partition_list_add(all, peer->topic, i)->offset = 0;
	}
	if (rd_kafka_assign(peer->consumer, all) != RD_KAFKA_RESP_ERR_NO_ERROR) {
		exit(2);
	}
	rd_kafka_topic_partition_list_destroy(all);
}

int main(int argc, char **argv)
{
	struct peer peer = { .n_input = 0 };
	rd_kafka_t *host;
	const char *bootstrap;

	if (argc != 4) {
		fprintf(stderr, "usage: kafka_peer TOPIC PARTITIONS BROKERS\n");
		return 2;
	}
	peer.topic = argv[1];
	peer.partitions = atoi(argv[2]);
	host = client(RD_KAFKA_PRODUCER, NULL);
	peer.cluster = rd_kafka_mock_cluster_new(host, atoi(argv[3]));
	if (peer.cluster == NULL ||
	    rd_kafka_mock_topic_create(peer.cluster, peer.topic, peer.partitions, 1) !=
		RD_KAFKA_RESP_ERR_NO_ERROR) {
		return 2;
	}
	bootstrap = rd_kafka_mock_cluster_bootstraps(peer.cluster);
	print_pair("bootstrap", bootstrap);
	peer.consumer = client(RD_KAFKA_CONSUMER, bootstrap);
	assign(&peer);
	while (commands(&peer)) {
		consume(&peer);
	}
	rd_kafka_consumer_close(peer.consumer);
	rd_kafka_destroy(peer.consumer);
	rd_kafka_mock_cluster_destroy(peer.cluster);
	rd_kafka_destroy(host);
	return 0;
}
