/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/topology.h"

#include <errno.h>

int topology_svg(FILE *out, const char *dot, struct problem *problem)
{
	(void)out, (void)dot;
	return problem_set(
	    problem, -ENOTSUP,
	    "this program was built without Graphviz: write --format dot and draw it "
	    "with dot -Tsvg");
}
