/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/forwarding.h"

#include "cli/setup.h"
#include "store/json_value.h"
#include "store/output_file.h"
#include "store/output_syslog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct forwarding {
	struct forwarding_options options;
	struct forwarder *forwarders[CONFIG_OUTPUTS_MAX];
};

static bool is_of_level(const char *json, size_t length, uint64_t least)
{
	struct json_value *document = json_value_parse(json, length);
	const char *text = json_value_text(document, "weir.level");
	enum alert_level level = LEVEL_INFORMATIONAL;
	/* One that cannot be read is rather sent than lost. */
	bool wanted = text == NULL || !alert_level_from_name(text, &level) || level >= least;

	json_value_free(document);
	return wanted;
}

/* Sessions that begin and end are no news; reads and cyclic traffic are no rows at all. */
static bool wants(void *context, enum forward_table table, const char *what, const char *json,
		  size_t length)
{
	const struct config_output *output = context;

	if (table == FORWARD_ALERTS && output->level > LEVEL_INFORMATIONAL) {
		return is_of_level(json, length, output->level);
	}
	return table != FORWARD_OPERATIONS || strcmp(what, "session") != 0;
}

static int open_file(const struct config_output *output, struct output *out,
		     struct problem *problem)
{
	const struct output_file_options file = {
		.path = output->path,
		.rotate_bytes = output->rotate_size,
		.rotate_every = output->rotate_every,
		.keep = output->keep,
		.compress = output->compress,
	};

	return output_file_new(out, &file, problem);
}

static int open_syslog(const struct config_output *output, const char *sensor, struct output *out,
		       struct problem *problem)
{
	char host[CONFIG_TEXT_MAX], port[CONFIG_TEXT_MAX];
	struct output_syslog_options syslog = {
		.link = { .host = host,
			  .port = port,
			  .ca = output->ca,
			  .certificate = output->certificate,
			  .key = output->key,
			  .server_name = output->server_name },
		.facility = (unsigned)output->facility,
		.host = sensor,
	};

	if (!config_host_port(output->syslog, host, port) ||
	    !link_transport_from_name(output->transport, &syslog.link.transport) ||
	    !syslog_form_from_name(output->form, &syslog.form)) {
		return problem_set(problem, -EINVAL, "output %s: no such receiver", output->name);
	}
	return output_syslog_new(out, &syslog, problem);
}

static int begin(struct forwarding *forwarding, size_t i, struct problem *problem)
{
	const struct forwarding_options *options = &forwarding->options;
	const struct config_output *output = &options->outputs->items[i];
	struct forwarder_options forwarder = {
		.name = output->name,
		.path = options->database,
		.store = options->store,
		.wants = wants,
		.context = (void *)(uintptr_t)output,
		.backlog = output->backlog,
		.sensor_id = sensor_id_of(options->sensor),
		.sensor = options->sensor,
		.log = options->log,
	};
	struct output opened;
	int error = output->path[0] != '\0'
			? open_file(output, &opened, problem)
			: open_syslog(output, options->sensor, &opened, problem);

	memcpy(forwarder.tables, output->send, sizeof(forwarder.tables));
	return error == 0 ? forwarder_new(&forwarding->forwarders[i], &forwarder, opened, problem)
			  : error;
}

int forwarding_new(struct forwarding **out, const struct forwarding_options *options,
		   struct problem *problem)
{
	struct forwarding *forwarding = calloc(1, sizeof(*forwarding));
	int error = 0;

	if (forwarding == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	forwarding->options = *options;
	for (size_t i = 0; error == 0 && i < options->outputs->n; i++) {
		error = begin(forwarding, i, problem);
	}
	if (error < 0) {
		forwarding_free(forwarding);
		return error;
	}
	*out = forwarding;
	return 0;
}

struct forwarding *forwarding_free(struct forwarding *forwarding)
{
	if (forwarding != NULL) {
		for (size_t i = 0; i < forwarding->options.outputs->n; i++) {
			forwarder_free(forwarding->forwarders[i]);
		}
		free(forwarding);
	}
	return NULL;
}

bool forwarding_drain(struct forwarding *forwarding, int64_t patience)
{
	bool all = true;

	for (size_t i = 0; i < forwarding->options.outputs->n; i++) {
		all = forwarder_drain(forwarding->forwarders[i], patience) && all;
	}
	return all;
}

void forwarding_status(struct forwarding *forwarding, struct json *json)
{
	json_array(json, "outputs");
	for (size_t i = 0; forwarding != NULL && i < forwarding->options.outputs->n; i++) {
		struct forwarder_status status = forwarder_status(forwarding->forwarders[i]);

		json_object(json, NULL);
		json_text(json, "name", forwarding->options.outputs->items[i].name);
		json_text(json, "state", status.failures > 0 ? "failing" : "working");
		json_uint(json, "sent", status.sent);
		json_uint(json, "sequence", status.sequence);
		json_uint(json, "missing", status.missing);
		json_uint(json, "failures", status.failures);
		if (status.error[0] != '\0') {
			json_text(json, "error", status.error);
		}
		json_end(json);
	}
	json_end(json);
}

bool forwarding_needs_network(const struct config_outputs *outputs)
{
	for (size_t i = 0; i < outputs->n; i++) {
		if (outputs->items[i].syslog[0] != '\0') {
			return true;
		}
	}
	return false;
}
