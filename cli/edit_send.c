/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/edit_send.h"

#include "cli/analysis.h"
#include "cli/config.h"
#include "cli/edit_request.h"
#include "cli/log.h"
#include "cli/person.h"
#include "cli/setup.h"
#include "cli/socket.h"
#include "cli/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* So much waits; a sensor takes at most SOCKET_REQUEST_MAX at once, and an edit is far shorter than
 * the rest. */
#define BATCH_BYTES 32768

struct editing {
	struct edit_values values;
	char socket[CONFIG_TEXT_MAX];
	char database[CONFIG_TEXT_MAX];
	struct log_sink log;
	/* Without a sensor. */
	struct field_registry *registry;
	struct analysis *analysis;
	char user[PERSON_NAME_SIZE];
	/* The request being written. */
	struct buffer request, answer;
	struct json json;
	bool begun, unkept;
	edit_result *handler;
	void *context;
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
static int places_read(struct editing *editing, struct problem *problem)
{
	struct config config = config_defaults();
	struct problem missing = { "" };
	int error = config_read(&config, CONFIG_PATH, first_mistake, problem, &missing);
	const char *socket = editing->values.socket, *database = editing->values.database;

	if (error < 0 && error != -ENOENT) {
		return problem_set(problem, error, "%s", missing.text);
	}
	snprintf(editing->socket, sizeof(editing->socket), "%s",
		 socket != NULL ? socket : config.run.socket);
	snprintf(editing->database, sizeof(editing->database), "%s",
		 database != NULL ? database : config.store.database);
	return 0;
}

static int database_open(struct editing *editing, struct problem *problem)
{
	uint16_t bases[PROTOCOL_NONE];
	struct analysis_options options = {
		.db_path = editing->database,
		.sensor_id = sensor_id_of("edit"),
		.log = &editing->log,
	};
	int error = registry_setup(&editing->registry, bases, problem);

	options.registry = editing->registry;
	if (error == 0 && access(editing->database, F_OK) < 0) {
		error = problem_set(problem, -ENOENT, "no database at %s, and no sensor runs",
				    editing->database);
	}
	if (error == 0) {
		error = analysis_new(&editing->analysis, &options, problem);
	}
	if (error == 0) {
		person_name(getuid(), editing->user);
	}
	return error;
}

int editing_begin(struct editing **out, const struct edit_values *values, struct problem *problem)
{
	struct editing *editing = calloc(1, sizeof(*editing));
	struct problem unreachable = { "" };
	int error;

	if (editing == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	editing->values = *values;
	editing->log = log_to_stderr(false);
	error = places_read(editing, problem);
	if (error == 0) {
		/* A database that is named is opened; else the sensor is asked whether it is
		 * there. */
		int asked = values->database != NULL && values->socket == NULL
				? -ENOENT
				: socket_ask(editing->socket, "{\"command\":\"status\"}\n",
					     &editing->answer, &unreachable);

		if (asked == -ENOENT || asked == -ECONNREFUSED) {
			error = values->socket != NULL
				    ? problem_set(problem, -ECONNREFUSED, "%s", unreachable.text)
				    : database_open(editing, problem);
		} else if (asked < 0) {
			error = problem_set(problem, asked, "%s", unreachable.text);
		}
	}
	if (error < 0) {
		(void)!editing_end(editing, NULL);
		return error;
	}
	*out = editing;
	return 0;
}

int editing_end(struct editing *editing, struct problem *problem)
{
	int error = 0;

	if (editing->analysis != NULL) {
		error = analysis_finish(editing->analysis, problem);
		analysis_free(editing->analysis);
	}
	field_registry_free(editing->registry);
	buffer_free(&editing->request);
	buffer_free(&editing->answer);
	free(editing);
	return error;
}

void editing_results(struct editing *editing, edit_result *handler, void *context)
{
	editing->handler = handler;
	editing->context = context;
}

struct json *editing_next(struct editing *editing)
{
	if (!editing->begun) {
		buffer_clear(&editing->request);
		editing->json = json_to(&editing->request);
		json_object(&editing->json, NULL);
		json_text(&editing->json, "command", "edit");
		if (editing->values.reason != NULL) {
			json_text(&editing->json, "reason", editing->values.reason);
		}
		json_bool(&editing->json, "dry_run", editing->values.dry_run);
		json_array(&editing->json, "edits");
		editing->begun = true;
	}
	return &editing->json;
}

static void one_result(void *context, const char *key, const struct tree *result)
{
	const struct editing *editing = context;

	(void)key;
	editing->handler(editing->context, tree_text(result, "error"), tree_text(result, "is"),
			 (unsigned)tree_number(result, "changed"));
}

static int answer_read(struct editing *editing, struct problem *problem)
{
	struct tree *answer = NULL;
	const char *wrong;
	int error = tree_read(&answer, editing->answer.data != NULL ? editing->answer.data : "",
			      editing->answer.length);

	if (error < 0) {
		return problem_set(problem, -EPROTO, "the sensor's answer makes no sense");
	}
	tree_members(answer, "results", one_result, editing);
	wrong = tree_text(answer, "error");
	error = wrong != NULL ? problem_set(problem, -EIO, "%s", wrong) : 0;
	if (error == 0 && !tree_true(answer, "stored") && !editing->values.dry_run &&
	    !editing->unkept) {
		editing->unkept = true;
		log_warning(&editing->log,
			    "the sensor keeps no database: this is forgotten when it ends");
	}
	tree_free(answer);
	return error;
}

static int request_answer(struct editing *editing, struct problem *problem)
{
	if (editing->analysis != NULL) {
		const struct edit_place place = {
			.inventory = analysis_inventory(editing->analysis),
			.store = analysis_store(editing->analysis),
			.time = clock_now(),
			.user = editing->user,
		};

		edit_answer(&place, editing->request.data, editing->request.length,
			    &editing->answer);
		return 0;
	}
	buffer_text(&editing->request, "\n");
	return editing->request.failed
		   ? -ENOMEM
		   : socket_ask(editing->socket, editing->request.data, &editing->answer, problem);
}

int editing_send(struct editing *editing, bool now, struct problem *problem)
{
	int error;

	if (!editing->begun || (!now && editing->request.length < BATCH_BYTES)) {
		return 0;
	}
	json_end(&editing->json);
	json_end(&editing->json);
	editing->begun = false;
	buffer_clear(&editing->answer);
	error = editing->request.failed ? problem_set(problem, -ENOMEM, "out of memory")
					: request_answer(editing, problem);
	return error == 0 ? answer_read(editing, problem) : error;
}
