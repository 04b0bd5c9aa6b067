/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/command_rules.h"
#include "cli/log.h"
#include "cli/rule_test_run.h"
#include "cli/rule_trial.h"
#include "rules/rule_document.h"
#include "rules/rule_info.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define UNSET UINT64_MAX

struct test_values {
	struct text_list rules;
	const char *placeholders, *time_zone, *base;
	uint64_t expect, limit;
	bool quiet_expected, json, quiet;
};

#define AT(member) offsetof(struct test_values, member)

static const struct option options[] = {
	{ 0, "base", "CAPTURE", OPTION_TEXT, AT(base), "what is in this capture is known before" },
	{ 0, "expect", "N", OPTION_NUMBER, AT(expect), "end with 0 if there are so many hits" },
	{ 0, "quiet-expected", NULL, OPTION_FLAG, AT(quiet_expected),
	  "end with 0 if there is no hit" },
	{ 'n', "limit", "N", OPTION_NUMBER, AT(limit), "show at most N hits (0: all; default 20)" },
	{ 'J', "json", NULL, OPTION_FLAG, AT(json),
	  "the records that hit, one JSON object a line" },
	{ 'q', "quiet", NULL, OPTION_FLAG, AT(quiet), "only the counts; of a folder what differs" },
	{ 0, "rules", "DIR", OPTION_LIST, AT(rules),
	  "RULE is of this folder, or refers to it (may be repeated)" },
	{ 0, "placeholders", "FILE", OPTION_TEXT, AT(placeholders),
	  "what the placeholders of rules stand for" },
	{ 0, "time-zone", "NAME", OPTION_TEXT, AT(time_zone),
	  "zone of hours and the like in rules (Europe/Berlin; UTC)" },
};

/* One rule, or the rules of one file, on captures. */
struct testing {
	const struct test_values *values;
	const char *rule;
	bool *chosen; /* of each rule of the set */
	uint64_t hits, alerts, shown;
	struct document_options document;
	struct buffer line;
};

static bool is_file(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_same_file(const char *a, const char *b)
{
	char x[PATH_MAX], y[PATH_MAX];

	return realpath(a, x) != NULL && realpath(b, y) != NULL && strcmp(x, y) == 0;
}

/* Which rules are meant. */
static int on_rules(void *context, const struct rule_set *set, struct problem *problem)
{
	struct testing *testing = context;
	size_t n = rule_set_count(set), one;
	bool any = false;
	int error;

	testing->chosen = calloc(n + 1, sizeof(*testing->chosen));
	if (testing->chosen == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	if (is_file(testing->rule)) {
		for (size_t i = 0; i < n; i++) {
			testing->chosen[i] = is_same_file(rule_info(set, i).file, testing->rule);
			any = any || testing->chosen[i];
		}
		return any ? 0
			   : problem_set(problem, -EINVAL, "%s has no rule for Weir",
					 testing->rule);
	}
	error = rule_find(set, testing->rule, &one);
	if (error < 0) {
		return problem_set(problem, error, "%s '%s'",
				   error == -EEXIST ? "several rules begin with"
						    : "no file and no rule is called",
				   testing->rule);
	}
	testing->chosen[one] = true;
	return 0;
}

/* ---- a hit, for a person ---- */

struct evidence {
	const struct field_registry *registry;
	const struct event *event;
};

static void print_field(void *context, uint16_t id)
{
	const struct evidence *evidence = context;
	const struct field *field = field_by_id(evidence->registry, id);
	struct field_value value;
	char text[RECORD_STRING_MAX];

	printf("    %s:", field->name);
	if (!field_get(evidence->registry, evidence->event, id, &value)) {
		printf(" (absent)\n");
		return;
	}
	for (unsigned i = 0; i < value.count; i++) {
		struct field_scalar scalar = field_at(&value, i);
		size_t n = field_scalar_text(field->type, &scalar, text, sizeof(text));

		printf("%s ", i > 0 ? "," : "");
		for (size_t k = 0; k < n; k++) {
			putchar((unsigned char)text[k] < ' ' || text[k] == 0x7f ? '.' : text[k]);
		}
	}
	printf("\n");
}

static const char *endpoint_text(const struct endpoint *end, char *out)
{
	if (ip_is_none(&end->ip)) {
		return mac_is_none(&end->mac) ? strcpy(out, "-") : mac_text(&end->mac, out);
	}
	return ip_text(&end->ip, out);
}

/* "modbus write, request": what kind of record it was. */
static void print_what(const struct evidence *evidence)
{
	static const char *const names[] = { "network.protocol", "weir.operation", "weir.phase" };
	const struct record *record = evidence->event->record;

	printf("  %s", record_kind_name((enum record_kind)record->kind));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct field_value value;

		if (field_get(evidence->registry, evidence->event,
			      field_find(evidence->registry, names[i]), &value)) {
			printf(" %.*s", (int)value.one.length, value.one.bytes);
		}
	}
	printf(", packet %" PRIu64 "\n", record->number);
}

static void on_hit(void *context, const struct rule_set *set, size_t rule,
		   const struct event *event)
{
	struct testing *testing = context;
	struct evidence evidence = { testing->document.registry, event };
	char time[TIME_TEXT_SIZE], from[IP_TEXT_SIZE], to[IP_TEXT_SIZE];
	uint64_t limit = testing->values->limit;

	if (!testing->chosen[rule] || testing->values->quiet ||
	    (limit != 0 && testing->shown++ >= limit)) {
		return;
	}
	if (testing->values->json) {
		buffer_clear(&testing->line);
		document_line(&testing->line, &testing->document, event);
		fwrite(testing->line.data, 1, testing->line.length, stdout);
		return;
	}
	printf("%s  %s -> %s", time_text_utc(event->record->time, time),
	       endpoint_text(&event->record->source, from),
	       endpoint_text(&event->record->destination, to));
	print_what(&evidence);
	printf("    %s\n", rule_info(set, rule).title);
	rule_fields(set, rule, print_field, &evidence);
}

/* Hits of the rules that alert; of those that only correlations count if there are no others. */
static void on_end(void *context, const struct rule_set *set, const struct trial_count *counts)
{
	struct testing *testing = context;
	FILE *out = testing->values->json ? stderr : stdout;
	uint64_t silent = 0;
	bool alerting = false;

	if (testing->values->limit != 0 && testing->shown > testing->values->limit) {
		fprintf(out, "%" PRIu64 " more hits; -n 0 shows all\n",
			testing->shown - testing->values->limit);
	}
	for (size_t i = 0; i < rule_set_count(set); i++) {
		struct rule_info rule = rule_info(set, i);

		if (testing->chosen[i]) {
			fprintf(out, "%s: %" PRIu64 " hits, %" PRIu64 " alerts%s\n", rule.title,
				counts[i].hits, counts[i].alerts,
				rule.silent ? " (a correlation counts it)" : "");
			alerting = alerting || !rule.silent;
			testing->hits += rule.silent ? 0 : counts[i].hits;
			silent += rule.silent ? counts[i].hits : 0;
		}
	}
	testing->hits = alerting ? testing->hits : silent;
}

static int test_rule(const struct test_values *values, const struct text_list *arguments,
		     struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	struct testing testing = { .values = values, .rule = arguments->items[0] };
	const struct text_list file = { arguments->items, 1 };
	struct field_registry *registry = NULL;
	uint16_t bases[PROTOCOL_NONE];
	const struct trial trial = {
		.folders = is_file(testing.rule) && values->rules.n == 0 ? &file : &values->rules,
		.placeholders = values->placeholders,
		.time_zone = values->time_zone,
		.base = values->base,
		.captures = { arguments->items + 1, arguments->n - 1 },
		.on_hit = on_hit,
		.on_rules = on_rules,
		.on_end = on_end,
		.context = &testing,
		.log = &log,
	};
	int error = registry_setup(&registry, bases, problem);

	testing.document = (struct document_options) { .sensor_id = sensor_id_of("replay"),
						       .sensor_name = "replay",
						       .registry = registry };
	if (error == 0) {
		error = trial_run(&trial, problem);
	}
	field_registry_free(registry);
	buffer_free(&testing.line);
	free(testing.chosen);
	if (error < 0) {
		return error;
	}
	if (values->quiet_expected) {
		return testing.hits != 0;
	}
	return values->expect != UNSET ? testing.hits != values->expect : testing.hits == 0;
}

static int test(const struct command *command, const struct test_values *values,
		const struct text_list *arguments)
{
	struct problem problem = { "" };
	int result;

	if (arguments->n == 0) {
		return command_misused(command, "wants a rule and captures, or a folder");
	}
	if (values->quiet_expected && values->expect != UNSET) {
		return command_misused(command, "--expect and --quiet-expected exclude each other");
	}
	if (is_folder(arguments->items[0]) && arguments->n == 1) {
		const struct rule_test_run run = { .folder = arguments->items[0],
						   .further = values->rules,
						   .placeholders = values->placeholders,
						   .time_zone = values->time_zone,
						   .quiet = values->quiet };

		result = rule_test_run(&run, &problem);
	} else if (arguments->n == 1) {
		return command_misused(command, "wants a capture behind the rule");
	} else {
		result = test_rule(values, arguments, &problem);
	}
	if (result < 0) {
		return command_failed(exit_code_of(result), problem.text);
	}
	return result == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct test_values values = { .expect = UNSET, .limit = 20 };
	struct text_list arguments = { 0 };
	int exit_code = EXIT_USAGE;

	if (command_parse(command, argc, argv, &values, &arguments, &exit_code)) {
		exit_code = test(command, &values, &arguments);
		options_end(options, ARRAY_SIZE(options), &values, &arguments);
	}
	return exit_code;
}

const struct command command_rules_test = {
	.name = "rules test",
	.arguments = "RULE CAPTURE... | DIR",
	.summary = "try a rule on captures, or run the tests of a folder",
	.details =
	    "RULE is a file, or the id, name or title of a rule of the pack (of --rules DIR). "
	    "Shows\n"
	    "each record that hits with the fields that its condition names, and counts hits and\n"
	    "alerts. Ends with 0 when it hits, 1 when it does not; --expect and --quiet-expected\n"
	    "turn that to what you want.\n"
	    "\n"
	    "DIR is a folder of rules with their tests: NAME.test.yml beside NAME.yml lists\n"
	    "captures and what is expected of each (docs/rules.md). Ends with 1 if one differs.\n"
	    "Exceptions are not applied.\n",
	.examples = "  weir rules test my-rules/write.yml plant.pcap\n"
		    "  weir rules test my-rules/new.yml monday.pcap --base sunday.pcap --expect 3\n"
		    "  weir rules test my-rules/\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
