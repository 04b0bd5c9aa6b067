/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/kafka_properties.h"

#include <errno.h>
#include <string.h>

#define TOPIC_MAX      249 /* bytes of a name */
#define MECHANISM_SELF "SCRAM-SHA-512"
#define TEXT_OF(x)     TEXT_OF_(x)
#define TEXT_OF_(x)    #x

/* What is so for every output. Times in ms: all of them below the 20 s that a batch may take, so
 * that what went wrong is told and not only that it took too long. */
static const struct kafka_property fixed[] = {
	{ "client.id", "weir" },
	/* Each document once and in order, as long as one producer lives; kept by all replicas in
	 * step before it counts. One request at a time to a broker: what a lost connection leaves
	 * open is then one request, too. */
	{ "enable.idempotence", "true" },
	{ "acks", "all" },
	{ "max.in.flight.requests.per.connection", "1" },
	/* Keys go to the partition that producers in Java choose. */
	{ "partitioner", "murmur2_random" },
	{ "message.max.bytes", TEXT_OF(KAFKA_MESSAGE_MAX) },
	{ "message.timeout.ms", "60000" },
	{ "message.send.max.retries", "40" },
	{ "retry.backoff.ms", "250" },
	{ "request.timeout.ms", "8000" },
	{ "socket.timeout.ms", "10000" },
	{ "socket.connection.setup.timeout.ms", "10000" },
	{ "reconnect.backoff.max.ms", "2000" },
	{ "topic.metadata.propagation.max.ms", "8000" },
	{ "linger.ms", "5" },
	{ "statistics.interval.ms", "0" },
};

static const char *const mechanisms[] = { "PLAIN", "SCRAM-SHA-256", MECHANISM_SELF };

static bool is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static void add(struct kafka_properties *out, const char *name, const char *value)
{
	if (is_given(value) && out->n < KAFKA_PROPERTIES_MAX) {
		out->items[out->n++] = (struct kafka_property) { name, value };
	}
}

/* ---- what goes together ---- */

static int check_topic(const char *topic, struct problem *problem)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-";
	size_t n = is_given(topic) ? strlen(topic) : 0;

	return n > 0 && n <= TOPIC_MAX && strspn(topic, good) == n && strcmp(topic, ".") != 0 &&
		       strcmp(topic, "..") != 0
		   ? 0
		   : problem_set(problem, -EINVAL,
				 "a topic of Kafka has 1 to %d letters, digits, '.', '_' and '-', "
				 "not '%s'",
				 TOPIC_MAX, topic != NULL ? topic : "");
}

static int check_tls(const struct kafka_options *options, struct problem *problem)
{
	bool files = is_given(options->ca) || is_given(options->certificate);

	if (options->transport == LINK_UDP) {
		return problem_set(problem, -EINVAL, "Kafka goes over tls or tcp, not over udp");
	}
	if (options->transport == LINK_TCP && (files || is_given(options->key))) {
		return problem_set(problem, -EINVAL,
				   "ca, certificate and key want transport: tls, not tcp");
	}
	return is_given(options->certificate) == is_given(options->key)
		   ? 0
		   : problem_set(problem, -EINVAL, "certificate and key go together");
}

static int check_sasl(const struct kafka_options *options, struct problem *problem)
{
	bool known = !is_given(options->mechanism);

	for (size_t i = 0; i < ARRAY_SIZE(mechanisms); i++) {
		known = known || strcmp(options->mechanism, mechanisms[i]) == 0;
	}
	if (!known) {
		return problem_set(problem, -EINVAL,
				   "mechanism is PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512, not '%s'",
				   options->mechanism);
	}
	if (is_given(options->user) != is_given(options->password)) {
		return problem_set(problem, -EINVAL, "user and password_file go together");
	}
	if (is_given(options->mechanism) && !is_given(options->user)) {
		return problem_set(problem, -EINVAL, "mechanism wants a user and a password_file");
	}
	return options->transport == LINK_TCP && is_given(options->mechanism) &&
		       strcmp(options->mechanism, "PLAIN") == 0
		   ? problem_set(problem, -EINVAL,
				 "PLAIN over tcp would show the password to all on the way: "
				 "use transport: tls, or SCRAM-SHA-512")
		   : 0;
}

/* ---- the list ---- */

static const char *protocol_of(const struct kafka_options *options)
{
	bool tls = options->transport == LINK_TLS;

	return is_given(options->user) ? (tls ? "sasl_ssl" : "sasl_plaintext")
				       : (tls ? "ssl" : "plaintext");
}

static int join_brokers(struct buffer *out, const struct kafka_options *options,
			struct problem *problem)
{
	for (size_t i = 0; i < options->n_brokers; i++) {
		buffer_format(out, "%s%s", i > 0 ? "," : "", options->brokers[i]);
	}
	if (out->failed) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	return out->length > 0 ? 0 : problem_set(problem, -EINVAL, "no broker is named");
}

static void add_all(struct kafka_properties *out, const struct kafka_options *options)
{
	bool tls = options->transport == LINK_TLS;

	add(out, "bootstrap.servers", out->brokers.data);
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++) {
		add(out, fixed[i].name, fixed[i].value);
	}
	add(out, "compression.codec", options->compress ? "zstd" : "none");
	add(out, "security.protocol", protocol_of(options));
	if (tls) {
		add(out, "enable.ssl.certificate.verification", "true");
		add(out, "ssl.endpoint.identification.algorithm", "https");
		add(out, "ssl.ca.location", options->ca);
		add(out, "ssl.certificate.location", options->certificate);
		add(out, "ssl.key.location", options->key);
	}
	if (is_given(options->user)) {
		add(out, "sasl.mechanism",
		    is_given(options->mechanism) ? options->mechanism : MECHANISM_SELF);
		add(out, "sasl.username", options->user);
		add(out, "sasl.password", options->password);
	}
}

int kafka_properties_make(struct kafka_properties *out, const struct kafka_options *options,
			  struct problem *problem)
{
	int error = check_topic(options->topic, problem);

	*out = (struct kafka_properties) { .n = 0 };
	error = error == 0 ? check_tls(options, problem) : error;
	error = error == 0 ? check_sasl(options, problem) : error;
	error = error == 0 ? join_brokers(&out->brokers, options, problem) : error;
	if (error < 0) {
		kafka_properties_free(out);
		return error;
	}
	add_all(out, options);
	return 0;
}

void kafka_properties_free(struct kafka_properties *properties)
{
	buffer_free(&properties->brokers);
	*properties = (struct kafka_properties) { .n = 0 };
}
