/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Draws the topology with Graphviz. */

#include "cli/topology.h"

#include <errno.h>
#include <graphviz/gvc.h>

static int render(GVC_t *gvc, Agraph_t *graph, FILE *out, struct problem *problem)
{
	char *svg = NULL;
	unsigned length = 0;
	int error = 0;

	if (gvLayout(gvc, graph, "dot") != 0) {
		return problem_set(problem, -EIO, "Graphviz cannot lay out the topology");
	}
	if (gvRenderData(gvc, graph, "svg", &svg, &length) != 0 || svg == NULL) {
		error = problem_set(problem, -EIO, "Graphviz cannot draw the topology");
	} else if (fwrite(svg, 1, length, out) != length) {
		error = problem_set(problem, -EIO, "cannot write the topology");
	}
	gvFreeRenderData(svg);
	gvFreeLayout(gvc, graph);
	return error;
}

int topology_svg(FILE *out, const char *dot, struct problem *problem)
{
	GVC_t *gvc = gvContext();
	Agraph_t *graph;
	int error;

	if (gvc == NULL) {
		return problem_set(problem, -ENOMEM, "Graphviz cannot be started");
	}
	agseterr(AGERR);
	graph = agmemread(dot);
	error = graph != NULL ? render(gvc, graph, out, problem)
			      : problem_set(problem, -EIO, "Graphviz cannot read the topology");
	if (graph != NULL) {
		agclose(graph);
	}
	gvFreeContext(gvc);
	return error;
}
