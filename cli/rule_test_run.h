/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* rule_test_run.h - the tests of a rules folder, as one table. */

#include "cli/options.h"

struct rule_test_run {
	const char *folder;       /* its tests, and its rules */
	struct text_list further; /* folders of rules that they refer to */
	const char *placeholders; /* NULL: none */
	const char *time_zone;    /* of parts of times; NULL: UTC */
	bool quiet;               /* only what differs */
};

/* Runs them all. 0: each is as demanded; 1: one differs; negative errno with problem. */
int rule_test_run(const struct rule_test_run *run, struct problem *problem) MUST_USE;
