/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The topology as JSON, for programs, and as a list, for a terminal. */

#include "capture/base/json.h"
#include "cli/cell.h"
#include "cli/topology.h"

#include <stdlib.h>

/* ---- JSON ---- */

static void put_text(struct json *json, const char *key, const char *text)
{
	if (text != NULL) {
		json_text(json, key, text);
	}
}

static void put_node(struct json *json, const struct topology_node *node)
{
	json_object(json, NULL);
	json_text(json, "id", node->id);
	put_text(json, "name", node->name);
	json_text(json, "address", node->address);
	put_text(json, "mac", node->mac);
	put_text(json, "type", node->type);
	put_text(json, "role", node->role);
	put_text(json, "vendor", node->vendor);
	put_text(json, "model", node->model);
	put_text(json, "zone", node->zone);
	json_text(json, "level", topology_level(node));
	json_bool(json, "ghost", node->ghost);
	json_bool(json, "router", node->router);
	json_uint(json, "edges", node->edges);
	json_uint(json, "bytes", node->bytes);
	json_end(json);
}

static void put_edge(struct json *json, const struct topology *topology,
		     const struct topology_edge *edge)
{
	json_object(json, NULL);
	json_text(json, "source", topology->nodes[edge->from].id);
	json_text(json, "target", topology->nodes[edge->to].id);
	json_text(json, "kind", edge_kind_name(topology_edge_kind(edge)));
	json_array(json, "protocols");
	for (size_t i = 0; i < edge->n_protocols; i++) {
		json_text(json, NULL, edge->protocols[i]);
	}
	json_end(json);
	json_object(json, "operations");
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if (edge->operations[i] > 0) {
			json_uint(json, operation_name((enum operation)i), edge->operations[i]);
		}
	}
	json_end(json);
	json_uint(json, "conversations", edge->conversations);
	json_uint(json, "requests", edge->requests);
	json_uint(json, "bytes", edge->bytes);
	if (edge->cycle > 0) {
		json_int(json, "cycle_time", edge->cycle);
	}
	json_end(json);
}

void topology_json(struct buffer *out, const struct topology *topology)
{
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_uint(&json, "schema", 1);
	json_array(&json, "nodes");
	for (size_t i = 0; i < topology->n_nodes; i++) {
		if (topology->nodes[i].shown) {
			put_node(&json, &topology->nodes[i]);
		}
	}
	json_end(&json);
	json_array(&json, "edges");
	for (size_t i = 0; i < topology->n_edges; i++) {
		if (topology->edges[i].shown) {
			put_edge(&json, topology, &topology->edges[i]);
		}
	}
	json_end(&json);
	json_uint(&json, "nodes_left_out", topology->left_out);
	json_uint(&json, "group_conversations", topology->groups);
	json_end(&json);
	buffer_text(out, "\n");
}

/* ---- a list ---- */

/* What a device said, on one line of a terminal. */
static void add_said(struct buffer *out, const char *text)
{
	for (; *text != '\0'; text++) {
		buffer_add(out, (unsigned char)*text < ' ' || *text == 0x7f ? " " : text, 1);
	}
}

/* The highest level first, then by zone and address. */
static int compare_places(const void *a, const void *b)
{
	const struct topology_node *x = *(const struct topology_node *const *)a;
	const struct topology_node *y = *(const struct topology_node *const *)b;
	int order = strcmp(y->level != NULL ? y->level : "", x->level != NULL ? x->level : "");

	if (order == 0) {
		order = strcmp(x->zone != NULL ? x->zone : "", y->zone != NULL ? y->zone : "");
	}
	order = order != 0 ? order : strverscmp(x->address, y->address);
	return order != 0 ? order : strcmp(x->id, y->id);
}

static void add_heading(struct buffer *out, const struct topology_node *node)
{
	buffer_format(out, "%slevel %s", out->length > 0 ? "\n" : "", topology_level(node));
	if (node->zone != NULL) {
		buffer_text(out, ", zone ");
		add_said(out, node->zone);
	}
	buffer_text(out, "\n");
}

static void add_node(struct buffer *out, const struct topology_node *node)
{
	const char *const more[] = { node->name != NULL ? node->address : NULL,
				     node->type != NULL ? node->type : node->role, node->vendor,
				     node->model };

	buffer_text(out, "  ");
	add_said(out, topology_label(node));
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		if (more[i] != NULL) {
			buffer_text(out, "  ");
			add_said(out, more[i]);
		}
	}
	buffer_text(out, node->ghost ? "  (never heard)\n" : "\n");
}

static void add_edge(struct buffer *out, const struct topology *topology,
		     const struct topology_edge *edge)
{
	char text[64];

	buffer_text(out, "    -> ");
	add_said(out, topology_label(&topology->nodes[edge->to]));
	for (size_t i = 0; i < edge->n_protocols; i++) {
		buffer_text(out, i > 0 ? ", " : "  ");
		add_said(out, edge->protocols[i]);
	}
	for (unsigned i = 0, n = 0; i < OPERATIONS; i++) {
		if (edge->operations[i] > 0) {
			buffer_format(out, "%s%s %llu", n++ > 0 ? ", " : "  ",
				      operation_name((enum operation)i),
				      (unsigned long long)edge->operations[i]);
		}
	}
	if (edge->cycle > 0) {
		buffer_format(out, "  every %s", text_of_duration(edge->cycle, text, sizeof(text)));
	}
	buffer_format(out, "  %s\n", text_of_bytes(edge->bytes, text, sizeof(text)));
}

/* Edges stand in the order of their first ends. */
static size_t first_edge_from(const struct topology *topology, size_t node)
{
	size_t low = 0, high = topology->n_edges;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (topology->edges[middle].from < node) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static void add_edges_from(struct buffer *out, const struct topology *topology,
			   const struct topology_node *node)
{
	size_t number = (size_t)(node - topology->nodes);

	for (size_t i = first_edge_from(topology, number);
	     i < topology->n_edges && topology->edges[i].from == number; i++) {
		if (topology->edges[i].shown) {
			add_edge(out, topology, &topology->edges[i]);
		}
	}
}

void topology_text(struct buffer *out, const struct topology *topology)
{
	const struct topology_node **nodes =
	    calloc(topology->n_shown + 1, sizeof(struct topology_node *));
	size_t n = 0;

	if (nodes == NULL) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; i < topology->n_nodes; i++) {
		if (topology->nodes[i].shown) {
			nodes[n++] = &topology->nodes[i];
		}
	}
	qsort(nodes, n, sizeof(*nodes), compare_places);
	for (size_t i = 0; i < n; i++) {
		const char *zone = nodes[i]->zone != NULL ? nodes[i]->zone : "";

		if (i == 0 || strcmp(topology_level(nodes[i - 1]), topology_level(nodes[i])) != 0 ||
		    strcmp(nodes[i - 1]->zone != NULL ? nodes[i - 1]->zone : "", zone) != 0) {
			add_heading(out, nodes[i]);
		}
		add_node(out, nodes[i]);
		add_edges_from(out, topology, nodes[i]);
	}
	if (topology->left_out > 0) {
		buffer_format(out,
			      "\n%zu devices with less traffic are not shown (-n 0 shows all)\n",
			      topology->left_out);
	}
	free(nodes);
}
