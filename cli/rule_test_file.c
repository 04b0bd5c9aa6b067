/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/rule_test_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 16
#define TESTS_MAX 100000

struct reading {
	struct rule_tests *tests;
	const char *path; /* of the file */
	int folder;       /* characters of its folder's name */
	rule_problem_handler *handler;
	void *context;
};

static void mistake(struct reading *reading, const struct yaml_node *node, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void mistake(struct reading *reading, const struct yaml_node *node, const char *format, ...)
{
	char what[256], text[768];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	snprintf(text, sizeof(text), "%s:%u:%u: %s", reading->path, node->line, node->column, what);
	reading->tests->mistakes++;
	reading->handler(reading->context, text);
}

/* A path of the file, which is meant from the file's own folder. NULL: no memory. */
static char *beside(const struct reading *reading, const char *path)
{
	char *whole = NULL;

	if (path[0] == '/' || reading->folder == 0) {
		return strdup(path);
	}
	return asprintf(&whole, "%.*s/%s", reading->folder, reading->path, path) >= 0 ? whole
										      : NULL;
}

static bool is_text(const struct yaml_node *node)
{
	return node->kind == YAML_SCALAR && node->length > 0 && strlen(node->text) == node->length;
}

static void read_captures(struct reading *reading, const struct yaml_node *node,
			  struct rule_test *test)
{
	const struct yaml_node *at = node->kind == YAML_LIST ? node->child : node;

	for (; at != NULL; at = node->kind == YAML_LIST ? at->next : NULL) {
		if (!is_text(at) || test->n_captures == RULE_TEST_CAPTURES_MAX) {
			mistake(reading, at, "capture must be one to %d file names",
				RULE_TEST_CAPTURES_MAX);
			return;
		}
		test->captures[test->n_captures++] = beside(reading, at->text);
	}
}

static void read_demand(struct reading *reading, const struct yaml_node *node,
			enum rule_test_demand demand, struct rule_test *test)
{
	int64_t number = 0;
	bool truth = false;

	test->demand = demand;
	if (demand == DEMAND_HITS || demand == DEMAND_ALERTS) {
		if (!yaml_as_int(node, &number) || number < 0) {
			mistake(reading, node, "%s must be a number", node->key);
		}
		test->number = (uint64_t)number;
	} else if (!yaml_as_bool(node, &truth) || !truth) {
		mistake(reading, node, "%s can only be true", node->key);
	}
}

static void read_key(struct reading *reading, const struct yaml_node *node, struct rule_test *test,
		     unsigned *demands)
{
	static const char *const words[] = { [DEMAND_FIRES] = "fires",
					     [DEMAND_QUIET] = "quiet",
					     [DEMAND_HITS] = "hits",
					     [DEMAND_ALERTS] = "alerts" };

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(node->key, words[i]) == 0) {
			read_demand(reading, node, (enum rule_test_demand)i, test);
			++*demands;
			return;
		}
	}
	if (strcmp(node->key, "capture") == 0) {
		read_captures(reading, node, test);
	} else if (strcmp(node->key, "base") == 0 && is_text(node)) {
		test->base = beside(reading, node->text);
	} else if (strcmp(node->key, "id") == 0 && is_text(node)) {
		test->id = strdup(node->text);
	} else {
		mistake(reading, node,
			"%.40s: a test has capture, base, id, and one of fires, quiet, hits, "
			"alerts",
			node->key);
	}
}

static void test_free(struct rule_test *test)
{
	for (size_t i = 0; i < test->n_captures; i++) {
		free(test->captures[i]);
	}
	free(test->rule);
	free(test->id);
	free(test->base);
}

static int add(struct rule_tests *tests, const struct rule_test *test)
{
	if (tests->n == tests->size) {
		size_t size = tests->size * 2 + 64;
		struct rule_test *items = realloc(tests->items, size * sizeof(*items));

		if (items == NULL) {
			return -ENOMEM;
		}
		tests->items = items;
		tests->size = size;
	}
	tests->items[tests->n++] = *test;
	return 0;
}

static int read_test(struct reading *reading, const struct yaml_node *node, const char *rule)
{
	struct rule_test test = { .line = node->line,
				  .file = reading->tests->files[reading->tests->n_files - 1] };
	unsigned demands = 0, before = reading->tests->mistakes;
	int error = 0;

	if (node->kind != YAML_MAP) {
		mistake(reading, node, "a test must be a map");
		return 0;
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		read_key(reading, at, &test, &demands);
	}
	if (test.n_captures == 0) {
		mistake(reading, node, "a test needs a capture");
	}
	if (demands != 1) {
		mistake(reading, node, "a test needs one of fires, quiet, hits, alerts");
	}
	test.rule = beside(reading, rule);
	if (reading->tests->mistakes == before) {
		error = test.rule == NULL || reading->tests->n == TESTS_MAX
			    ? -ENOMEM
			    : add(reading->tests, &test);
	}
	if (reading->tests->mistakes != before || error != 0) {
		test_free(&test);
	}
	return error;
}

/* The rule file of the same name, or the one that is named. */
static void rule_of(const struct reading *reading, const struct yaml_node *root, char *out,
		    size_t size)
{
	const struct yaml_node *named = yaml_get(root, "rule");
	const char *name = reading->path + (reading->folder > 0 ? reading->folder + 1 : 0);
	size_t stem = strlen(name) - strlen(RULE_TEST_ENDING);

	if (named != NULL && is_text(named)) {
		snprintf(out, size, "%s", named->text);
	} else {
		snprintf(out, size, "%.*s.yml", (int)stem, name);
	}
}

static int read_root(struct reading *reading, const struct yaml_node *root)
{
	const struct yaml_node *tests = root != NULL ? yaml_get(root, "tests") : NULL;
	const struct yaml_node place = { .line = 1, .column = 1 };
	char rule[512];
	int error = 0;

	if (tests == NULL || tests->kind != YAML_LIST) {
		mistake(reading, root != NULL ? root : &place, "wants a list 'tests:'");
		return 0;
	}
	for (const struct yaml_node *at = root->child; at != NULL; at = at->next) {
		if (strcmp(at->key, "rule") != 0 && at != tests) {
			mistake(reading, at, "unknown key '%.40s': rule or tests", at->key);
		}
	}
	rule_of(reading, root, rule, sizeof(rule));
	for (const struct yaml_node *at = tests->child; error == 0 && at != NULL; at = at->next) {
		error = read_test(reading, at, rule);
	}
	return error;
}

static int keep_name(struct rule_tests *tests, const char *path)
{
	char **files = realloc(tests->files, (tests->n_files + 1) * sizeof(char *));

	if (files == NULL) {
		return -ENOMEM;
	}
	tests->files = files;
	tests->files[tests->n_files] = strdup(path);
	return tests->files[tests->n_files] != NULL ? (tests->n_files++, 0) : -ENOMEM;
}

int rule_tests_read(struct rule_tests *tests, const char *path, rule_problem_handler *handler,
		    void *context)
{
	const char *slash = strrchr(path, '/');
	struct reading reading = { .tests = tests,
				   .path = path,
				   .folder = slash != NULL ? (int)(slash - path) : 0,
				   .handler = handler,
				   .context = context };
	struct problem problem = { "" };
	struct yaml *yaml = NULL;
	int error = yaml_read_file(&yaml, path, &problem);

	if (error == -EINVAL) {
		tests->mistakes++;
		handler(context, problem.text);
		return 0;
	}
	if (error == 0) {
		error = keep_name(tests, path);
	}
	if (error == 0) {
		error =
		    read_root(&reading, yaml_n_documents(yaml) > 0 ? yaml_document(yaml, 0) : NULL);
	}
	yaml_free(yaml);
	return error;
}

/* ---- folders ---- */

static bool is_test(const char *name)
{
	size_t n = strlen(name), ending = strlen(RULE_TEST_ENDING);

	return n > ending && strcmp(name + n - ending, RULE_TEST_ENDING) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int find_below(struct rule_tests *tests, const char *folder, unsigned depth,
		      rule_problem_handler *handler, void *context);

static int find_entry(struct rule_tests *tests, const char *folder, const char *name,
		      unsigned depth, rule_problem_handler *handler, void *context)
{
	struct stat status;
	char *path = NULL;
	int error = 0;

	if (name[0] == '.') {
		return 0;
	}
	if (asprintf(&path, "%s/%s", folder, name) < 0) {
		return -ENOMEM;
	}
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode) && depth < DEPTH_MAX) {
		error = find_below(tests, path, depth + 1, handler, context);
	} else if (is_test(name)) {
		error = rule_tests_read(tests, path, handler, context);
	}
	free(path);
	return error;
}

static int find_below(struct rule_tests *tests, const char *folder, unsigned depth,
		      rule_problem_handler *handler, void *context)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, by_name), error = 0;

	if (n < 0) {
		return -errno;
	}
	for (int i = 0; i < n; i++) {
		if (error == 0) {
			error =
			    find_entry(tests, folder, entries[i]->d_name, depth, handler, context);
		}
		free(entries[i]);
	}
	free(entries);
	return error;
}

int rule_tests_find(struct rule_tests *tests, const char *folder, rule_problem_handler *handler,
		    void *context)
{
	return find_below(tests, folder, 0, handler, context);
}

void rule_tests_free(struct rule_tests *tests)
{
	for (size_t i = 0; i < tests->n; i++) {
		test_free(&tests->items[i]);
	}
	for (size_t i = 0; i < tests->n_files; i++) {
		free(tests->files[i]);
	}
	free(tests->items);
	free(tests->files);
	*tests = (struct rule_tests) { 0 };
}
