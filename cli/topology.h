/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* topology.h - the network as a graph, out of documents of assets and conversations: a node an
 * asset, an edge all that one asset asks of another.
 *
 * First all assets, then conversations, then topology_choose(); after that it is only read.  What
 * devices call themselves stands in it as they said it: writers escape it. */

#include "capture/base/buffer.h"
#include "capture/base/problem.h"
#include "cli/tree.h"
#include "dissectors/record.h"

#include <stdio.h>

#define TOPOLOGY_PROTOCOLS_MAX 8 /* an edge; further ones are only counted as traffic */

/* What an edge is drawn as: the gravest of its operations decides. */
enum edge_kind {
	EDGE_OTHER,   /* sessions, traffic without operations */
	EDGE_READ,    /* reads, identifies, subscribes */
	EDGE_IO,      /* exchanges inputs and outputs */
	EDGE_WRITE,   /* writes values, sets outputs, files or the clock */
	EDGE_PROGRAM, /* programs, configures, starts or stops */
	EDGE_KINDS
};

struct topology_node {
	char *id, *name, *address, *mac;
	char *type, *role, *vendor, *model, *zone, *level;
	bool ghost, router;
	uint64_t bytes; /* of all its edges */
	uint32_t edges; /* that are shown */
	bool met;       /* by a conversation */
	bool shown;
};

struct topology_edge {
	uint32_t from, to; /* who asks, who is asked: index of nodes */
	const char *protocols[TOPOLOGY_PROTOCOLS_MAX];
	uint8_t n_protocols;
	uint32_t conversations;
	uint64_t bytes, requests;
	uint64_t carried; /* bytes of flows whose own conversation was not added */
	uint64_t operations[OPERATIONS];
	int64_t cycle; /* shortest, ns; 0: none is cyclic */
	bool shown;
};

struct topology {
	struct topology_node *nodes; /* by id, once a conversation was added */
	size_t n_nodes, nodes_room;
	struct topology_edge *edges;
	size_t n_edges, edges_room;
	uint32_t *slots; /* open addressing: index of edges + 1, by both ends */
	size_t n_slots;
	char *protocols[256];
	size_t n_protocols;
	size_t n_shown, edges_shown; /* by topology_choose() */
	size_t left_out;             /* nodes that the limit left out */
	uint64_t groups;             /* conversations with an address that is no device's */
	bool sorted, out_of_memory;
};

struct topology_choice {
	uint64_t limit; /* nodes, those with the most traffic first; 0: all */
	bool ghosts;    /* addresses that never sent, too */
	bool lonely;    /* nodes without a conversation, too */
};

void topology_free(struct topology *topology);
void topology_asset(struct topology *topology, const struct tree *document);
void topology_conversation(struct topology *topology, const struct tree *document);
void topology_choose(struct topology *topology, const struct topology_choice *choice);

enum edge_kind topology_edge_kind(const struct topology_edge *edge);
const char *edge_kind_name(enum edge_kind kind);
/* The kind that an operation makes of an edge. */
enum edge_kind operation_edge_kind(enum operation operation);
/* What it is called: its name, else its address. */
const char *topology_label(const struct topology_node *node);
/* "unknown" for none. */
const char *topology_level(const struct topology_node *node);

/* ---- writers ---- */

void topology_json(struct buffer *out, const struct topology *topology);
/* A list by level and zone, for a terminal. */
void topology_text(struct buffer *out, const struct topology *topology);
/* The language of Graphviz. */
void topology_dot(struct buffer *out, const struct topology *topology);
/* Lays out and draws a text in that language, once in a process. -ENOTSUP with problem: built
 * without Graphviz. */
int topology_svg(FILE *out, const char *dot, struct problem *problem) MUST_USE;
