/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Draws the topology with Graphviz, once in the life of the process: what Graphviz allocated is
 * left to its end, as dot frees some edges of clusters twice (seen with 2.42). */

#include "cli/topology.h"

#include <errno.h>
#include <graphviz/gvc.h>

int topology_svg(FILE *out, const char *dot, struct problem *problem)
{
	GVC_t *gvc = gvContext();
	Agraph_t *graph;
	char *svg = NULL;
	unsigned length = 0;

	if (gvc == NULL) {
		return problem_set(problem, -ENOMEM, "Graphviz cannot be started");
	}
	agseterr(AGERR);
	graph = agmemread(dot);
	if (graph == NULL || gvLayout(gvc, graph, "dot") != 0 ||
	    gvRenderData(gvc, graph, "svg", &svg, &length) != 0 || svg == NULL) {
		return problem_set(problem, -EIO, "Graphviz cannot draw the topology");
	}
	return fwrite(svg, 1, length, out) == length
		   ? 0
		   : problem_set(problem, -EIO, "cannot write the topology");
}
