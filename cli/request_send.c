/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/request_send.h"

#include "cli/config.h"
#include "cli/log.h"
#include "cli/person.h"
#include "cli/request.h"
#include "cli/setup.h"
#include "cli/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct channel {
	char socket[CONFIG_TEXT_MAX];
	char database[CONFIG_TEXT_MAX];
	char evidence[CONFIG_TEXT_MAX]; /* folder */
	struct log_sink log;
	/* Without a sensor. */
	struct field_registry *registry;
	struct analysis *analysis;
	char user[PERSON_NAME_SIZE];
	struct buffer line;
};

static int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

static void first_mistake(void *context, const char *text)
{
	problem_set(context, -EINVAL, "%s", text);
}

/* Socket and database as configured, unless they were named. */
static int places_read(struct channel *channel, const struct channel_values *values,
		       struct problem *problem)
{
	struct config config = config_defaults();
	struct problem missing = { "" };
	int error = config_read(&config, CONFIG_PATH, first_mistake, problem, &missing);

	if (error < 0 && error != -ENOENT) {
		return missing.text[0] != '\0' ? problem_set(problem, error, "%s", missing.text)
					       : error;
	}
	snprintf(channel->socket, sizeof(channel->socket), "%s",
		 values->socket != NULL ? values->socket : config.run.socket);
	snprintf(channel->database, sizeof(channel->database), "%s",
		 values->database != NULL ? values->database : config.store.database);
	snprintf(config.store.database, sizeof(config.store.database), "%s", channel->database);
	config_evidence_folder(&config, channel->evidence);
	return 0;
}

static int database_open(struct channel *channel, struct problem *problem)
{
	uint16_t bases[PROTOCOL_NONE];
	struct analysis_options options = {
		.db_path = channel->database,
		.sensor_id = sensor_id_of("edit"),
		.log = &channel->log,
	};
	int error = registry_setup(&channel->registry, bases, problem);

	options.registry = channel->registry;
	if (error == 0 && access(channel->database, F_OK) < 0) {
		error = problem_set(problem, -ENOENT, "no database at %s, and no sensor runs",
				    channel->database);
	}
	if (error == 0) {
		error = analysis_new(&channel->analysis, &options, problem);
	}
	if (error == 0) {
		person_name(getuid(), channel->user);
	}
	return error;
}

/* 0 when a sensor answers or the database is open. */
static int find(struct channel *channel, const struct channel_values *values,
		struct problem *problem)
{
	struct problem unreachable = { "" };
	int asked = values->database != NULL && values->socket == NULL
			? -ENOENT
			: socket_ask(channel->socket, "{\"command\":\"status\"}\n", &channel->line,
				     &unreachable);

	if (asked != -ENOENT && asked != -ECONNREFUSED) {
		return asked < 0 ? problem_set(problem, asked, "%s", unreachable.text) : 0;
	}
	return values->socket != NULL ? problem_set(problem, -ECONNREFUSED, "%s", unreachable.text)
				      : database_open(channel, problem);
}

int channel_open(struct channel **out, const struct channel_values *values, struct problem *problem)
{
	struct channel *channel = calloc(1, sizeof(*channel));
	int error;

	if (channel == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	channel->log = log_to_stderr(false);
	error = places_read(channel, values, problem);
	if (error == 0) {
		error = find(channel, values, problem);
	}
	if (error < 0) {
		(void)!channel_close(channel, NULL);
		return error;
	}
	*out = channel;
	return 0;
}

int channel_close(struct channel *channel, struct problem *problem)
{
	int error = 0;

	if (channel == NULL) {
		return 0;
	}
	if (channel->analysis != NULL) {
		error = analysis_finish(channel->analysis, problem);
		analysis_free(channel->analysis);
	}
	field_registry_free(channel->registry);
	buffer_free(&channel->line);
	free(channel);
	return error;
}

bool channel_is_live(const struct channel *channel)
{
	return channel->analysis == NULL;
}

int channel_ask(struct channel *channel, const char *request, size_t length, struct buffer *answer,
		struct problem *problem)
{
	buffer_clear(answer);
	if (channel->analysis != NULL) {
		const struct request_place place = {
			.analysis = channel->analysis,
			.time = clock_now(),
			.user = channel->user,
			.evidence = channel->evidence,
		};

		request_answer(&place, request, length, answer);
		return answer->failed ? problem_set(problem, -ENOMEM, "out of memory") : 0;
	}
	buffer_clear(&channel->line);
	buffer_add(&channel->line, request, length);
	buffer_text(&channel->line, "\n");
	return channel->line.failed
		   ? problem_set(problem, -ENOMEM, "out of memory")
		   : socket_ask(channel->socket, channel->line.data, answer, problem);
}
