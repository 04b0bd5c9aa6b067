/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule_test_file.h - what a rules folder says its rules must do: NAME.test.yml beside NAME.yml.
 *
 *	rule: write.yml            # default: the file of the same name without .test
 *	tests:
 *	  - capture: captures/write.pcap    # relative to this file; a list means several, merged
 *	    base: captures/polling.pcap     # what is known before; left out: nothing
 *	    id: 929a690e-...                # of the rule; left out: those of the file that alert
 *	    hits: 3                         # or fires: true, or quiet: true; alerts: N
 */

#include "capture/base/yaml.h"
#include "rules/rules.h"

#include <stddef.h>

#define RULE_TEST_CAPTURES_MAX 16
#define RULE_TEST_ENDING       ".test.yml"

enum rule_test_demand { DEMAND_FIRES, DEMAND_QUIET, DEMAND_HITS, DEMAND_ALERTS };

struct rule_test {
	char *rule; /* path of the rule file */
	char *id;   /* NULL: every rule of the file that alerts */
	char *captures[RULE_TEST_CAPTURES_MAX];
	size_t n_captures;
	char *base; /* NULL: none */
	enum rule_test_demand demand;
	uint64_t number;  /* of DEMAND_HITS and DEMAND_ALERTS */
	const char *file; /* of the test; borrowed from the list */
	unsigned line;
};

struct rule_tests {
	struct rule_test *items;
	size_t n, size;
	char **files;
	size_t n_files;
	unsigned mistakes;
};

/* Reads one file and adds its tests. Mistakes are told as FILE:LINE:COLUMN and counted. 0, -ENOMEM,
 * or why the file cannot be read. */
int rule_tests_read(struct rule_tests *tests, const char *path, rule_problem_handler *handler,
		    void *context) MUST_USE;
/* Reads those of a folder and the folders in it, in name order. */
int rule_tests_find(struct rule_tests *tests, const char *folder, rule_problem_handler *handler,
		    void *context) MUST_USE;
void rule_tests_free(struct rule_tests *tests);
