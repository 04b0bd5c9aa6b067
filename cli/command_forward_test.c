/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir forward test - sends one document to the outputs and says what came back. */

#include "cli/command.h"
#include "cli/forward_setup.h"
#include "cli/log.h"
#include "cli/output_open.h"
#include "cli/setup.h"
#include "store/sensor_note.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct test_values {
	const char *config;
};

static const struct option options[] = {
	{ 0, "config", "FILE", OPTION_TEXT, offsetof(struct test_values, config),
	  "configuration (default: " CONFIG_PATH ")" },
};

static void write_document(struct buffer *out, const char *sensor)
{
	struct timespec now;
	int64_t time;

	clock_gettime(CLOCK_REALTIME, &now);
	time = now.tv_sec * NS_PER_S + now.tv_nsec;
	sensor_note_write(out, &(struct sensor_note) { .event = "output_test",
						       .id = sensor_id_of(sensor) ^ (uint64_t)time,
						       .time = time,
						       .sensor = sensor });
}

/* Sends it, and waits where the kind of receiver can tell whether it arrived. */
static int send_to(const struct config_output *output, const struct output_place *place,
		   const struct buffer *document, struct output_answer *answer,
		   struct problem *problem)
{
	const struct output_batch batch = { document->data, document->length, 1 };
	struct output opened = { 0 };
	int error = output_open(&opened, output, place, problem);

	if (error < 0) {
		return error;
	}
	error = opened.class->send(opened.state, &batch, answer, problem);
	if (error == 0 && opened.class->settle != NULL) {
		error = opened.class->settle(opened.state, true, problem);
	}
	if (error == 0 && answer->rejected > 0) {
		error = problem_set(problem, -EBADMSG, "rejected: %s", answer->text);
	}
	opened.class->close(opened.state);
	return error;
}

static bool test_output(const struct config_output *output, const struct output_place *place,
			const struct buffer *document)
{
	struct output_answer answer = { 0 };
	struct problem problem = { "" };
	int error = send_to(output, place, document, &answer, &problem);

	if (error < 0) {
		printf("%s: failed: %s\n", output->name,
		       problem.text[0] != '\0' ? problem.text : strerror(-error));
	} else {
		printf("%s: taken%s%s\n", output->name, answer.text[0] != '\0' ? ": " : "",
		       answer.text);
	}
	fflush(stdout);
	return error == 0;
}

static bool is_named(const struct text_list *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (strcmp(names->items[i], name) == 0) {
			return true;
		}
	}
	return names->n == 0;
}

/* The first name that no output has, or NULL. */
static const char *unknown_name(const struct text_list *names, const struct config_outputs *outputs)
{
	for (size_t i = 0; i < names->n; i++) {
		bool known = false;

		for (size_t k = 0; k < outputs->n; k++) {
			known = known || strcmp(names->items[i], outputs->items[k].name) == 0;
		}
		if (!known) {
			return names->items[i];
		}
	}
	return NULL;
}

/* To all, or to those that are named. */
static int test_outputs(const struct config *config, const struct text_list *names,
			struct problem *problem)
{
	char sensor[CONFIG_TEXT_MAX];
	const struct output_place place = { sensor, config->store.database };
	struct buffer document = { 0 };
	size_t failed = 0;

	config_sensor_name(config, sensor);
	write_document(&document, sensor);
	if (document.failed) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < config->forward.n; i++) {
		const struct config_output *output = &config->forward.items[i];

		if (is_named(names, output->name)) {
			failed += !test_output(output, &place, &document);
		}
	}
	buffer_free(&document);
	return failed == 0 ? 0
			   : problem_set(problem, -EIO, "%zu output%s failed", failed,
					 failed == 1 ? "" : "s");
}

static int run(const struct command *command, int argc, char **argv)
{
	struct test_values values = { .config = NULL };
	struct config config = config_defaults();
	struct text_list names = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE, error;

	if (!command_parse(command, argc, argv, &values, &names, &exit_code)) {
		return exit_code;
	}
	error = forward_configure(&config, values.config, NULL, &problem);
	if (error < 0) {
		exit_code = command_misused(command, "%s", problem.text);
	} else if (unknown_name(&names, &config.forward) != NULL) {
		exit_code = command_misused(command, "no output is called '%s'",
					    unknown_name(&names, &config.forward));
	} else {
		error = test_outputs(&config, &names, &problem);
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	options_end(options, ARRAY_SIZE(options), &values, &names);
	return exit_code;
}

const struct command command_forward_test = {
	.name = "forward test",
	.arguments = "[NAME...] [--config FILE]",
	.summary = "sends one document to the outputs and says what came back",
	.details =
	    "The document says that it is a test (weir.sensor.event: output_test) and has no\n"
	    "number. Without NAME: all outputs. Ends with 1 when one of them did not take it.\n",
	.examples = "  weir forward test\n"
		    "  weir forward test siem --config weir.yaml\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
