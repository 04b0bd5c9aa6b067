/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The properties that librdkafka gets: what was chosen reaches it, what does not go together is
 * told. */

#include "store/kafka_properties.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const brokers[] = { "kafka-1.example:9093", "[2001:db8::7]:9093" };

static struct kafka_options usual(void)
{
	return (struct kafka_options) {
		.brokers = brokers,
		.n_brokers = 2,
		.topic = "weir",
		.transport = LINK_TLS,
		.ca = "/etc/weir/ca.pem",
		.certificate = "/etc/weir/weir.pem",
		.key = "/etc/weir/weir.key",
		.user = "sensor-7",
		.password = "secret",
		.mechanism = "SCRAM-SHA-256",
		.compress = true,
	};
}

/* NULL: it is not there. Twice would be wrong. */
static const char *value_of(const struct kafka_properties *properties, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < properties->n; i++) {
		if (strcmp(properties->items[i].name, name) == 0) {
			assert_null(value);
			value = properties->items[i].value;
		}
	}
	return value;
}

static void test_all_is_there(void **state)
{
	static const struct kafka_property expected[] = {
		{ "bootstrap.servers", "kafka-1.example:9093,[2001:db8::7]:9093" },
		{ "client.id", "weir" },
		{ "enable.idempotence", "true" },
		{ "acks", "all" },
		{ "compression.codec", "zstd" },
		{ "message.max.bytes", "1000000" },
		{ "statistics.interval.ms", "0" },
		{ "security.protocol", "sasl_ssl" },
		{ "enable.ssl.certificate.verification", "true" },
		{ "ssl.endpoint.identification.algorithm", "https" },
		{ "ssl.ca.location", "/etc/weir/ca.pem" },
		{ "ssl.certificate.location", "/etc/weir/weir.pem" },
		{ "ssl.key.location", "/etc/weir/weir.key" },
		{ "sasl.mechanism", "SCRAM-SHA-256" },
		{ "sasl.username", "sensor-7" },
		{ "sasl.password", "secret" },
	};
	struct kafka_options options = usual();
	struct kafka_properties properties;
	struct problem problem = { "" };

	(void)state;
	assert_int_equal(kafka_properties_make(&properties, &options, &problem), 0);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		const char *value = value_of(&properties, expected[i].name);

		assert_non_null(value);
		assert_string_equal(value, expected[i].value);
	}
	/* Room for those to come. */
	assert_true(properties.n < KAFKA_PROPERTIES_MAX);
	kafka_properties_free(&properties);
}

static void test_what_protects(void **state)
{
	static const struct {
		enum link_transport transport;
		const char *user, *expected;
	} cases[] = {
		{ LINK_TLS, "", "ssl" },
		{ LINK_TCP, NULL, "plaintext" },
		{ LINK_TLS, "sensor-7", "sasl_ssl" },
		{ LINK_TCP, "sensor-7", "sasl_plaintext" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kafka_options options = { .brokers = brokers,
						 .n_brokers = 1,
						 .topic = "weir",
						 .transport = cases[i].transport,
						 .user = cases[i].user,
						 .password = cases[i].user };
		struct kafka_properties properties;
		bool tls = cases[i].transport == LINK_TLS;
		bool user = cases[i].user != NULL && cases[i].user[0] != '\0';

		assert_int_equal(kafka_properties_make(&properties, &options, NULL), 0);
		assert_string_equal(value_of(&properties, "security.protocol"), cases[i].expected);
		assert_string_equal(value_of(&properties, "compression.codec"), "none");
		assert_int_equal(
		    value_of(&properties, "ssl.endpoint.identification.algorithm") != NULL, tls);
		assert_null(value_of(&properties, "ssl.ca.location"));
		assert_int_equal(value_of(&properties, "sasl.mechanism") != NULL, user);
		if (user) {
			assert_string_equal(value_of(&properties, "sasl.mechanism"),
					    "SCRAM-SHA-512");
		}
		kafka_properties_free(&properties);
	}
}

static void refused(struct kafka_options options, const char *words)
{
	struct kafka_properties properties;
	struct problem problem = { "" };

	assert_int_equal(kafka_properties_make(&properties, &options, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, words));
	assert_null(strstr(problem.text, "secret"));
}

static void test_what_is_refused(void **state)
{
	char topic[251];
	struct kafka_options options;

	(void)state;
	memset(topic, 'x', sizeof(topic) - 1);
	topic[sizeof(topic) - 1] = '\0';
	options = usual();
	options.topic = "";
	refused(options, "a topic of Kafka has");
	options = usual();
	options.topic = "..";
	refused(options, "a topic of Kafka has");
	options = usual();
	options.topic = "plant 7";
	refused(options, "not 'plant 7'");
	options = usual();
	options.topic = topic;
	refused(options, "a topic of Kafka has");
	options = usual();
	options.mechanism = "GSSAPI";
	refused(options, "not 'GSSAPI'");
	options = usual();
	options.mechanism = "plain";
	refused(options, "not 'plain'");
	options = usual();
	options.transport = LINK_UDP;
	refused(options, "not over udp");
	options = usual();
	options.transport = LINK_TCP;
	refused(options, "want transport: tls");
	options = usual();
	options.key = "";
	refused(options, "certificate and key go together");
	options = usual();
	options.certificate = NULL;
	refused(options, "certificate and key go together");
	options = usual();
	options.password = "";
	refused(options, "user and password_file go together");
	options = usual();
	options.user = "";
	refused(options, "user and password_file go together");
	options = usual();
	options.n_brokers = 0;
	refused(options, "no broker");
	options = usual();
	options.user = options.password = "";
	refused(options, "mechanism wants a user");
	options = usual();
	options.ca = options.certificate = options.key = "";
	options.transport = LINK_TCP;
	options.mechanism = "PLAIN";
	refused(options, "would show the password");
}

static void test_longest_topic(void **state)
{
	char topic[250];
	struct kafka_options options = usual();
	struct kafka_properties properties;

	(void)state;
	memset(topic, 'x', sizeof(topic) - 1);
	topic[sizeof(topic) - 1] = '\0';
	options.topic = topic;
	assert_int_equal(kafka_properties_make(&properties, &options, NULL), 0);
	kafka_properties_free(&properties);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_is_there),
		cmocka_unit_test(test_what_protects),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_longest_topic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
