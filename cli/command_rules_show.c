/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* weir rules show - one rule on a page: what it says, and what it was compiled to. */

#include "cli/cell.h"
#include "cli/command.h"
#include "cli/log.h"
#include "cli/page.h"
#include "cli/setup.h"
#include "cli/tree.h"
#include "rules/rule_document.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct show_values {
	struct text_list rules;
	const char *placeholders;
	bool json;
};

static const struct option options[] = {
	{ 'J', "json", NULL, OPTION_FLAG, offsetof(struct show_values, json), "JSON" },
	{ 0, "rules", "DIR", OPTION_LIST, offsetof(struct show_values, rules),
	  "rules of this folder, not the pack (may be repeated)" },
	{ 0, "placeholders", "FILE", OPTION_TEXT, offsetof(struct show_values, placeholders),
	  "what the placeholders of rules stand for" },
};

/* Sections, and the facts in each: path in the document and word on the page. */
static const struct {
	const char *heading;
	struct {
		const char *path, *word;
	} facts[12];
} sections[] = {
	{ NULL,
	  { { "title", "title" },
	    { "id", "id" },
	    { "name", "name" },
	    { "level", "level" },
	    { "status", "status" },
	    { "version", "version" },
	    { "author", "author" },
	    { "description", "description" },
	    { "next_step", "next step" },
	    { "file", "file" },
	    { "line", "line" } } },
	{ "MAPPINGS", { { "mappings", "maps to" } } },
	{ "FALSE POSITIVES", { { "falsepositives", "when" } } },
	{ "REFERENCES", { { "references", "see" } } },
	{ "FILTERS", { { "filters", "joined" } } },
	{ "CORRELATION",
	  { { "correlation.type", "type" },
	    { "correlation.rules", "rules" },
	    { "correlation.group_by", "group by" },
	    { "correlation.condition", "condition" } } },
	{ "LOOKS AT",
	  { { "service", "service" },
	    { "index.kinds", "records" },
	    { "index.protocols", "protocols" },
	    { "index.operations", "operations" },
	    { "index.outcomes", "outcomes" },
	    { "index.anchor", "anchor" },
	    { "index.anchor_values", "its values" },
	    { "index.judged", "judged on" },
	    { "needs", "needs" } } },
};

struct shown {
	struct page *page;
	const char *word;
};

static bool show_value(void *context, const struct tree_value *value)
{
	const struct shown *shown = context;

	if (value->text[0] != '\0' && strcmp(value->text, "false") != 0) {
		page_fact(shown->page, shown->word, value->text);
	}
	return true;
}

static void show_facts(struct page *page, const struct tree *document)
{
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		page_section(page, sections[i].heading);
		for (size_t k = 0;
		     k < ARRAY_SIZE(sections[i].facts) && sections[i].facts[k].path != NULL; k++) {
			struct shown shown = { page, sections[i].facts[k].word };

			tree_visit(document, sections[i].facts[k].path, show_value, &shown);
		}
	}
}

/* The lines of the condition, as they are indented. */
static void show_condition(const struct tree *document)
{
	const char *text = tree_text(document, "condition");

	if (text == NULL) {
		return;
	}
	printf("\nCONDITION\n  ");
	for (; *text != '\0'; text++) {
		bool plain = (unsigned char)*text >= ' ' && *text != 0x7f;

		if (*text == '\n') {
			fputs("\n  ", stdout);
		} else {
			putchar(plain ? *text : '?');
		}
	}
	putchar('\n');
}

static int show_page(const struct buffer *text)
{
	struct tree *document = NULL;
	struct page *page = NULL;
	int error = tree_read(&document, text->data, text->length);

	error = error == 0 ? page_new(&page, stdout) : error;
	if (error == 0) {
		show_facts(page, document);
		error = page_end(page);
		show_condition(document);
	}
	page_free(page);
	tree_free(document);
	return error;
}

static int show(const struct show_values *values, const char *name, struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	struct field_registry *registry = NULL;
	struct rule_set *set = NULL;
	struct buffer text = { 0 };
	uint16_t bases[PROTOCOL_NONE];
	size_t rule = 0;
	int error = registry_setup(&registry, bases, problem);

	if (error == 0) {
		error = rules_setup(&set, registry, &values->rules, values->placeholders, &log,
				    problem);
	}
	if (error == 0 && (error = rule_find(set, name, &rule)) < 0) {
		problem_set(problem, error,
			    error == -EEXIST ? "the id of several rules begins with '%s'"
					     : "no rule is '%s' (weir rules list)",
			    name);
	}
	if (error == 0) {
		rule_document(&text, set, rule);
		error = text.failed ? -ENOMEM : 0;
	}
	if (error == 0 && values->json) {
		printf("%.*s\n", (int)text.length, text.data);
	} else if (error == 0) {
		error = show_page(&text);
	}
	buffer_free(&text);
	rule_set_free(set);
	field_registry_free(registry);
	return error;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct show_values values = { .json = false };
	struct problem problem = { "" };
	struct text_list rest = { 0 };
	int exit_code = EXIT_USAGE, result;

	if (!command_parse(command, argc, argv, &values, &rest, &exit_code)) {
		return exit_code;
	}
	result = rest.n == 1
		     ? show(&values, rest.items[0], &problem)
		     : problem_set(&problem, -EINVAL, "wants the id, name or title of one rule");
	options_end(command->options, command->n_options, &values, &rest);
	return result < 0 ? command_failed(exit_code_of(result), problem.text) : EXIT_FINE;
}

const struct command command_rules_show = {
	.name = "rules show",
	.arguments = "RULE",
	.summary = "one rule: what it says, and what it was compiled to",
	.details = "RULE is an id or its beginning, a name, or a title.\n",
	.examples = "  weir rules show d9fcac8e\n"
		    "  weir rules show 'S7 PLC Stop' -J | jq .index\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
