/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/forwarding.h"

#include "cli/output_filter.h"
#include "cli/output_open.h"
#include "cli/setup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct output_at_work {
	struct output_filter filter;
	struct forwarder *forwarder;
};

struct forwarding {
	struct forwarding_options options;
	struct output_at_work work[CONFIG_OUTPUTS_MAX];
};

static bool wants(void *context, enum forward_table table, const char *what, const char *json,
		  size_t length)
{
	return output_filter_wants(context, table, what, json, length);
}

static int begin(struct forwarding *forwarding, size_t i, struct problem *problem)
{
	const struct forwarding_options *options = &forwarding->options;
	const struct config_output *output = &options->outputs->items[i];
	struct output_at_work *work = &forwarding->work[i];
	struct forwarder_options forwarder = {
		.name = output->name,
		.path = options->database,
		.store = options->store,
		.wants = wants,
		.context = &work->filter,
		.backlog = output->backlog,
		.sensor_id = sensor_id_of(options->sensor),
		.sensor = options->sensor,
		.log = options->log,
	};
	const struct output_place place = { options->sensor, options->database };
	struct output opened;
	int error = output_filter_make(&work->filter, output, problem);

	if (error == 0) {
		error = output_open(&opened, output, &place, problem);
	}
	memcpy(forwarder.tables, output->send, sizeof(forwarder.tables));
	return error == 0 ? forwarder_new(&work->forwarder, &forwarder, opened, problem) : error;
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
			forwarder_stop(forwarding->work[i].forwarder);
		}
		for (size_t i = 0; i < forwarding->options.outputs->n; i++) {
			forwarder_free(forwarding->work[i].forwarder);
			output_filter_end(&forwarding->work[i].filter);
		}
		free(forwarding);
	}
	return NULL;
}

bool forwarding_drain(struct forwarding *forwarding, int64_t patience)
{
	bool all = true;

	for (size_t i = 0; i < forwarding->options.outputs->n; i++) {
		all = forwarder_drain(forwarding->work[i].forwarder, patience) && all;
	}
	return all;
}

void forwarding_status(struct forwarding *forwarding, struct json *json)
{
	json_array(json, "outputs");
	for (size_t i = 0; forwarding != NULL && i < forwarding->options.outputs->n; i++) {
		struct forwarder_status status = forwarder_status(forwarding->work[i].forwarder);

		json_object(json, NULL);
		json_text(json, "name", forwarding->options.outputs->items[i].name);
		json_text(json, "state", status.failures > 0 ? "failing" : "working");
		json_uint(json, "sent", status.sent);
		json_uint(json, "sequence", status.sequence);
		json_uint(json, "missing", status.missing);
		json_uint(json, "rejected", status.rejected);
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
		if (outputs->items[i].receiver != RECEIVER_FILE) {
			return true;
		}
	}
	return false;
}
