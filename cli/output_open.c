/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/output_open.h"

#include "cli/secret.h"
#include "store/output_elastic.h"
#include "store/output_file.h"
#include "store/output_kafka.h"
#include "store/output_mqtt.h"
#include "store/output_relp.h"
#include "store/output_splunk.h"
#include "store/output_syslog.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>

static int open_file(struct output *out, const struct config_output *output,
		     const struct output_place *place, struct problem *problem)
{
	const struct output_file_options file = {
		.path = output->addresses.items[0],
		.rotate_bytes = output->rotate_size,
		.rotate_every = output->rotate_every,
		.keep = output->keep,
		.compress = output->compress,
		.form = (enum document_form)output->form,
	};

	(void)place;
	return output_file_new(out, &file, problem);
}

/* host and port have CONFIG_TEXT_MAX bytes and have to stay. */
static struct link_options link_of(const struct config_output *output, char *host, char *port)
{
	(void)config_host_port(output->addresses.items[0], host, port);
	return (struct link_options) {
		.host = host,
		.port = port,
		.transport = (enum link_transport)output->transport,
		.ca = output->ca,
		.certificate = output->certificate,
		.key = output->key,
		.server_name = output->server_name,
	};
}

static int open_syslog(struct output *out, const struct config_output *output,
		       const struct output_place *place, struct problem *problem)
{
	char host[CONFIG_TEXT_MAX], port[CONFIG_TEXT_MAX];
	const struct output_syslog_options syslog = {
		.link = link_of(output, host, port),
		.facility = (unsigned)output->facility,
		.form = (enum document_form)output->form,
		.host = place->sensor,
	};

	return output_syslog_new(out, &syslog, problem);
}

static int open_kafka(struct output *out, const struct config_output *output,
		      const struct output_place *place, struct problem *problem)
{
	const char *brokers[CONFIG_TEXTS_MAX];
	char password[SECRET_MAX];
	const struct output_kafka_options kafka = {
		.kafka = { .brokers = brokers,
			   .n_brokers = output->addresses.n,
			   .topic = output->topic,
			   .transport = (enum link_transport)output->transport,
			   .ca = output->ca,
			   .certificate = output->certificate,
			   .key = output->key,
			   .user = output->user,
			   .password = password,
			   .mechanism = output->mechanism,
			   .compress = output->compress },
		.form = (enum document_form)output->form,
	};
	int error = secret_read(password, output->password_file, problem);

	(void)place;
	for (size_t i = 0; i < output->addresses.n; i++) {
		brokers[i] = output->addresses.items[i];
	}
	error = error == 0 ? output_kafka_new(out, &kafka, problem) : error;
	explicit_bzero(password, sizeof(password));
	return error;
}

static int open_relp(struct output *out, const struct config_output *output,
		     const struct output_place *place, struct problem *problem)
{
	char host[CONFIG_TEXT_MAX], port[CONFIG_TEXT_MAX];
	const struct output_relp_options relp = {
		.link = link_of(output, host, port),
		.message = { .facility = (unsigned)output->facility,
			     .form = (enum document_form)output->form,
			     .host = place->sensor },
	};

	return output_relp_new(out, &relp, problem);
}

static int open_mqtt(struct output *out, const struct config_output *output,
		     const struct output_place *place, struct problem *problem)
{
	char host[CONFIG_TEXT_MAX], port[CONFIG_TEXT_MAX], client[2 * CONFIG_TEXT_MAX + 8];
	char password[SECRET_MAX];
	const struct output_mqtt_options mqtt = {
		.link = link_of(output, host, port),
		.user = output->user,
		.password = password,
		.client = client,
		.topic = output->topic,
		.form = (enum document_form)output->form,
	};
	int error = secret_read(password, output->password_file, problem);

	snprintf(client, sizeof(client), "weir-%s-%s", place->sensor, output->name);
	error = error == 0 ? output_mqtt_new(out, &mqtt, problem) : error;
	explicit_bzero(password, sizeof(password));
	return error;
}

/* The configured file, else one beside the database. */
static int dead_letters_path(const struct config_output *output, const struct output_place *place,
			     char path[CONFIG_TEXT_MAX], struct problem *problem)
{
	char database[CONFIG_TEXT_MAX];
	int n;

	snprintf(database, sizeof(database), "%s", place->database);
	n = output->dead_letters[0] != '\0'
		? snprintf(path, CONFIG_TEXT_MAX, "%s", output->dead_letters)
		: snprintf(path, CONFIG_TEXT_MAX, "%s/%s.rejected.ndjson", dirname(database),
			   output->name);
	return n < CONFIG_TEXT_MAX
		   ? 0
		   : problem_set(problem, -ENAMETOOLONG,
				 "output %s: dead_letters: the path is too long", output->name);
}

static struct http_options http_of(const struct config_output *output)
{
	return (struct http_options) { .ca = output->ca,
				       .certificate = output->certificate,
				       .key = output->key,
				       .user = output->user,
				       .compress = output->compress };
}

/* "Splunk TOKEN"; empty without a token. out has SECRET_MAX + 16 bytes. */
static int read_token(char *out, const char *scheme, const struct config_output *output,
		      struct problem *problem)
{
	char token[SECRET_MAX];
	int error = secret_read(token, output->token_file, problem);

	out[0] = '\0';
	if (error == 0 && token[0] != '\0') {
		snprintf(out, SECRET_MAX + 16, "%s %s", scheme, token);
	}
	explicit_bzero(token, sizeof(token));
	return error;
}

static int open_splunk(struct output *out, const struct config_output *output,
		       const struct output_place *place, struct problem *problem)
{
	char letters[CONFIG_TEXT_MAX], authorization[SECRET_MAX + 16];
	struct output_splunk_options splunk = {
		.url = output->addresses.items[0],
		.host = place->sensor,
		.index = output->index,
		.acknowledge = output->acknowledge,
		.acknowledge_within = output->acknowledge_within,
		.dead_letters = letters,
		.http = http_of(output),
	};
	int error = dead_letters_path(output, place, letters, problem);

	error = error == 0 ? read_token(authorization, "Splunk", output, problem) : error;
	if (error == 0) {
		splunk.http.authorization = authorization;
		error = output_splunk_new(out, &splunk, problem);
	}
	explicit_bzero(authorization, sizeof(authorization));
	return error;
}

static int open_elastic(struct output *out, const struct config_output *output,
			const struct output_place *place, struct problem *problem)
{
	const char *urls[CONFIG_TEXTS_MAX];
	char letters[CONFIG_TEXT_MAX], authorization[SECRET_MAX + 16], password[SECRET_MAX];
	struct output_elastic_options elastic = { .urls = urls,
						  .n_urls = output->addresses.n,
						  .name_space = output->name_space,
						  .dead_letters = letters,
						  .http = http_of(output) };
	int error = dead_letters_path(output, place, letters, problem);

	for (size_t i = 0; i < output->addresses.n; i++) {
		urls[i] = output->addresses.items[i];
	}
	error = error == 0 ? read_token(authorization, "ApiKey", output, problem) : error;
	error = error == 0 ? secret_read(password, output->password_file, problem) : error;
	if (error == 0) {
		elastic.http.authorization = authorization;
		elastic.http.password = password;
		error = output_elastic_new(out, &elastic, problem);
	}
	explicit_bzero(authorization, sizeof(authorization));
	explicit_bzero(password, sizeof(password));
	return error;
}

static int (*const openers[RECEIVERS])(struct output *out, const struct config_output *output,
				       const struct output_place *place,
				       struct problem *problem) = {
	[RECEIVER_FILE] = open_file,     [RECEIVER_SYSLOG] = open_syslog,
	[RECEIVER_SPLUNK] = open_splunk, [RECEIVER_ELASTICSEARCH] = open_elastic,
	[RECEIVER_RELP] = open_relp,     [RECEIVER_KAFKA] = open_kafka,
	[RECEIVER_MQTT] = open_mqtt,
};

int output_open(struct output *out, const struct config_output *output,
		const struct output_place *place, struct problem *problem)
{
	if (openers[output->receiver] == NULL) {
		return problem_set(problem, -ENOTSUP, "output %s: this build has no %s",
				   output->name,
				   config_receiver_name((enum config_receiver)output->receiver));
	}
	return openers[output->receiver](out, output, place, problem);
}
