/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/forwarding.h"

#include "cli/filter.h"
#include "cli/output_open.h"
#include "cli/setup.h"
#include "cli/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct output_at_work {
	const struct config_output *output;
	struct filter *filter;
	struct forwarder *forwarder;
};

struct forwarding {
	struct forwarding_options options;
	struct output_at_work work[CONFIG_OUTPUTS_MAX];
};

/* Of alerts those of the level and above; of all what the filter lets through. One that cannot be
 * read is rather sent than lost. */
static bool passes(const struct output_at_work *work, enum forward_table table, const char *json,
		   size_t length)
{
	enum alert_level level = LEVEL_INFORMATIONAL;
	struct tree *document = NULL;
	const char *text;
	bool passes = true;

	if (tree_read(&document, json, length) < 0) {
		return true;
	}
	text = tree_text(document, "weir.level");
	if (table == FORWARD_ALERTS && text != NULL && alert_level_from_name(text, &level)) {
		passes = level >= work->output->level;
	}
	passes = passes && filter_matches(work->filter, document);
	tree_free(document);
	return passes;
}

/* Sessions that begin and end are no news; reads and cyclic traffic are no rows at all. */
static bool wants(void *context, enum forward_table table, const char *what, const char *json,
		  size_t length)
{
	const struct output_at_work *work = context;
	bool looks = work->output->filter.n > 0 ||
		     (table == FORWARD_ALERTS && work->output->level > LEVEL_INFORMATIONAL);

	if (table == FORWARD_OPERATIONS && strcmp(what, "session") == 0) {
		return false;
	}
	return !looks || passes(work, table, json, length);
}

static int make_filter(struct output_at_work *work, struct problem *problem)
{
	int error = filter_new(&work->filter, NULL, 0);

	for (size_t i = 0; error == 0 && i < work->output->filter.n; i++) {
		error = filter_add(work->filter, work->output->filter.items[i], NULL, problem);
	}
	return error;
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
		.context = work,
		.backlog = output->backlog,
		.sensor_id = sensor_id_of(options->sensor),
		.sensor = options->sensor,
		.log = options->log,
	};
	const struct output_place place = { options->sensor, options->database };
	struct output opened;
	int error;

	work->output = output;
	error = make_filter(work, problem);
	if (error == 0) {
		error = output_open(&opened, output, &place, problem);
	}

	memcpy(forwarder.tables, output->send, sizeof(forwarder.tables));
	return error == 0
		   ? forwarder_new(&forwarding->work[i].forwarder, &forwarder, opened, problem)
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
			forwarder_free(forwarding->work[i].forwarder);
			filter_free(forwarding->work[i].filter);
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
