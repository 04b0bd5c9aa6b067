/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/output_open.h"

#include "cli/secret.h"
#include "store/output_file.h"
#include "store/output_kafka.h"
#include "store/output_syslog.h"

#include <errno.h>

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

static int (*const openers[RECEIVERS])(struct output *out, const struct config_output *output,
				       const struct output_place *place,
				       struct problem *problem) = {
	[RECEIVER_FILE] = open_file,
	[RECEIVER_SYSLOG] = open_syslog,
	[RECEIVER_KAFKA] = open_kafka,
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
