/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/topology.h"

#include "capture/base/hash.h"
#include "capture/base/list.h"

#include <stdlib.h>

#define SLOTS_FIRST 256

#define BIT(operation) (UINT32_C(1) << OPERATION_##operation)

/* The gravest first. */
static const struct {
	enum edge_kind kind;
	uint32_t operations;
} kinds[] = {
	{ EDGE_PROGRAM, BIT(START) | BIT(STOP) | BIT(RESTART) | BIT(MEMORY_RESET) |
			    BIT(PROGRAM_UPLOAD) | BIT(PROGRAM_DOWNLOAD) | BIT(PROGRAM_DELETE) |
			    BIT(ONLINE_EDIT) | BIT(FIRMWARE_UPDATE) | BIT(CONFIG_WRITE) |
			    BIT(ADDRESS_CHANGE) | BIT(MODE_CHANGE) },
	{ EDGE_WRITE, BIT(WRITE) | BIT(CONTROL) | BIT(FORCE) | BIT(TIME_SET) | BIT(FILE_WRITE) |
			  BIT(FILE_DELETE) },
	{ EDGE_IO, BIT(IO) },
	{ EDGE_READ, BIT(READ) | BIT(IDENTIFY) | BIT(DIAGNOSE) | BIT(FILE_READ) | BIT(SUBSCRIBE) |
			 BIT(REPORT) },
};

enum edge_kind operation_edge_kind(enum operation operation)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if ((kinds[i].operations >> operation & 1) != 0) {
			return kinds[i].kind;
		}
	}
	return EDGE_OTHER;
}

enum edge_kind topology_edge_kind(const struct topology_edge *edge)
{
	enum edge_kind gravest = EDGE_OTHER;

	for (unsigned i = 0; i < OPERATIONS; i++) {
		enum edge_kind kind = operation_edge_kind((enum operation)i);

		if (edge->operations[i] > 0 && kind > gravest) {
			gravest = kind;
		}
	}
	return gravest;
}

const char *edge_kind_name(enum edge_kind kind)
{
	static const char *const names[EDGE_KINDS] = {
		[EDGE_OTHER] = "other", [EDGE_READ] = "read",       [EDGE_IO] = "io",
		[EDGE_WRITE] = "write", [EDGE_PROGRAM] = "program",
	};

	return names[kind];
}

const char *topology_label(const struct topology_node *node)
{
	return node->name != NULL ? node->name : node->address;
}

const char *topology_level(const struct topology_node *node)
{
	return node->level != NULL ? node->level : "unknown";
}

void topology_free(struct topology *topology)
{
	for (size_t i = 0; i < topology->n_nodes; i++) {
		struct topology_node *n = &topology->nodes[i];
		char *texts[] = { n->id,   n->name,   n->address, n->mac,  n->type,
				  n->role, n->vendor, n->model,   n->zone, n->level };

		for (size_t k = 0; k < ARRAY_SIZE(texts); k++) {
			free(texts[k]);
		}
	}
	for (size_t i = 0; i < topology->n_protocols; i++) {
		free(topology->protocols[i]);
	}
	free(topology->nodes);
	free(topology->edges);
	free(topology->slots);
	*topology = (struct topology) { .nodes = NULL };
}

/* ---- assets ---- */

struct first {
	char *text;
};

static bool take_first(void *context, const struct tree_value *value)
{
	struct first *first = context;

	first->text = strdup(value->text);
	return false;
}

/* A copy of the first value at one of the paths, or NULL. */
static char *copy_at(const struct tree *document, const char *const *paths)
{
	struct first first = { .text = NULL };

	for (; *paths != NULL && first.text == NULL; paths++) {
		(void)tree_visit(document, *paths, take_first, &first);
	}
	return first.text;
}

#define COPY(...) copy_at(document, (const char *const[]) { __VA_ARGS__, NULL })

static bool is_true(const struct tree *document, const char *path)
{
	char *text = copy_at(document, (const char *const[]) { path, NULL });
	bool yes = text != NULL && strcmp(text, "true") == 0;

	free(text);
	return yes;
}

void topology_asset(struct topology *topology, const struct tree *document)
{
	struct topology_node *nodes = list_with_room(
	    topology->nodes, topology->n_nodes, &topology->nodes_room, sizeof(*topology->nodes));
	struct topology_node *node;

	if (nodes == NULL) {
		topology->out_of_memory = true;
		return;
	}
	topology->nodes = nodes;
	node = &nodes[topology->n_nodes];
	*node = (struct topology_node) {
		.id = COPY("weir.asset.id"),
		.name = COPY("weir.asset.name", "host.name"),
		.address = COPY("host.ip", "host.mac"),
		.mac = COPY("host.mac"),
		.type = COPY("weir.asset.type"),
		.role = COPY("weir.asset.role"),
		.vendor = COPY("weir.asset.vendor"),
		.model = COPY("weir.asset.model", "weir.asset.product", "weir.asset.product_code"),
		.zone = COPY("weir.asset.zone"),
		.level = COPY("weir.asset.level"),
		.ghost = is_true(document, "weir.asset.ghost"),
		.router = is_true(document, "weir.asset.router"),
	};
	topology->n_nodes++;
	if (node->id == NULL || (node->address == NULL && (node->address = strdup("?")) == NULL)) {
		topology->out_of_memory = true;
	}
}

static int compare_nodes(const void *a, const void *b)
{
	const struct topology_node *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* All assets are there now. */
static void sort_nodes(struct topology *topology)
{
	if (!topology->sorted && topology->n_nodes > 0) {
		qsort(topology->nodes, topology->n_nodes, sizeof(*topology->nodes), compare_nodes);
	}
	topology->sorted = true;
}

/* The index of the asset with this id; n_nodes: there is none. */
static uint32_t node_find(const struct topology *topology, const char *id)
{
	const struct topology_node wanted = { .id = (char *)(uintptr_t)id };
	const struct topology_node *found =
	    id == NULL || topology->n_nodes == 0
		? NULL
		: bsearch(&wanted, topology->nodes, topology->n_nodes, sizeof(wanted),
			  compare_nodes);

	return found != NULL ? (uint32_t)(found - topology->nodes) : (uint32_t)topology->n_nodes;
}

/* ---- conversations ---- */

static uint64_t pair_hash(uint32_t from, uint32_t to)
{
	return hash_word((uint64_t)from << 32 | to, 0);
}

static bool slots_grow(struct topology *topology)
{
	size_t n = topology->n_slots > 0 ? topology->n_slots * 2 : SLOTS_FIRST;
	uint32_t *slots = calloc(n, sizeof(*slots));

	if (slots == NULL) {
		topology->out_of_memory = true;
		return false;
	}
	for (size_t i = 0; i < topology->n_edges; i++) {
		size_t at = pair_hash(topology->edges[i].from, topology->edges[i].to) & (n - 1);

		while (slots[at] != 0) {
			at = (at + 1) & (n - 1);
		}
		slots[at] = (uint32_t)i + 1;
	}
	free(topology->slots);
	topology->slots = slots;
	topology->n_slots = n;
	return true;
}

/* The edge between two nodes, made if need be; NULL: memory. */
static struct topology_edge *edge_between(struct topology *topology, uint32_t from, uint32_t to)
{
	struct topology_edge *edges;
	size_t at;

	if ((topology->n_edges + 1) * 2 > topology->n_slots && !slots_grow(topology)) {
		return NULL;
	}
	at = pair_hash(from, to) & (topology->n_slots - 1);
	for (; topology->slots[at] != 0; at = (at + 1) & (topology->n_slots - 1)) {
		struct topology_edge *edge = &topology->edges[topology->slots[at] - 1];

		if (edge->from == from && edge->to == to) {
			return edge;
		}
	}
	edges = list_with_room(topology->edges, topology->n_edges, &topology->edges_room,
			       sizeof(*edges));
	if (edges == NULL) {
		topology->out_of_memory = true;
		return NULL;
	}
	topology->edges = edges;
	edges[topology->n_edges] = (struct topology_edge) { .from = from, .to = to };
	topology->slots[at] = (uint32_t)++topology->n_edges;
	return &edges[topology->n_edges - 1];
}

/* The one copy of a protocol's name; NULL: memory, or too many. */
static const char *protocol_name(struct topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->n_protocols; i++) {
		if (strcmp(topology->protocols[i], name) == 0) {
			return topology->protocols[i];
		}
	}
	if (topology->n_protocols == ARRAY_SIZE(topology->protocols)) {
		return NULL;
	}
	topology->protocols[topology->n_protocols] = strdup(name);
	return topology->protocols[topology->n_protocols] != NULL
		   ? topology->protocols[topology->n_protocols++]
		   : NULL;
}

/* Kept in alphabetical order. */
static void add_protocol(struct topology_edge *edge, const char *protocol)
{
	size_t at = 0;

	while (at < edge->n_protocols && strcmp(edge->protocols[at], protocol) < 0) {
		at++;
	}
	if (edge->n_protocols == TOPOLOGY_PROTOCOLS_MAX ||
	    (at < edge->n_protocols && edge->protocols[at] == protocol)) {
		return;
	}
	memmove(&edge->protocols[at + 1], &edge->protocols[at],
		(edge->n_protocols - at) * sizeof(edge->protocols[0]));
	edge->protocols[at] = protocol;
	edge->n_protocols++;
}

static void add_operation(void *context, const char *key, const struct tree *member)
{
	struct topology_edge *edge = context;
	enum operation operation;

	if (operation_from_name(key, &operation)) {
		edge->operations[operation] += (uint64_t)tree_number(member, "count");
	}
}

static void edge_add(struct topology *topology, struct topology_edge *edge,
		     const struct tree *document)
{
	const char *protocol = tree_text(document, "network.protocol");
	const char *pattern = tree_text(document, "weir.conversation.pattern");
	int64_t cycle = (int64_t)tree_number(document, "weir.conversation.cycle_time");
	uint64_t bytes = (uint64_t)tree_number(document, "source.bytes") +
			 (uint64_t)tree_number(document, "destination.bytes");

	protocol = protocol != NULL ? protocol : tree_text(document, "network.transport");
	protocol = protocol != NULL ? protocol_name(topology, protocol) : NULL;
	if (protocol != NULL) {
		add_protocol(edge, protocol);
	}
	edge->conversations++;
	edge->requests += (uint64_t)tree_number(document, "weir.conversation.requests");
	/* What rides in another's flows shows that one's bytes, which count once. */
	if (tree_text(document, "weir.conversation.carried_by.id") == NULL) {
		edge->bytes += bytes;
	} else if (bytes > edge->carried) {
		edge->carried = bytes;
	}
	if (pattern != NULL && strcmp(pattern, "cyclic") == 0 && cycle > 0 &&
	    (edge->cycle == 0 || cycle < edge->cycle)) {
		edge->cycle = cycle;
	}
	tree_members(document, "weir.conversation.operations", add_operation, edge);
}

void topology_conversation(struct topology *topology, const struct tree *document)
{
	struct topology_edge *edge;
	uint32_t from, to;

	if (topology->out_of_memory) {
		return;
	}
	sort_nodes(topology);
	from = node_find(topology, tree_text(document, "weir.conversation.source.asset"));
	to = node_find(topology, tree_text(document, "weir.conversation.destination.asset"));
	if (from < topology->n_nodes) {
		topology->nodes[from].met = true;
	}
	if (to < topology->n_nodes) {
		topology->nodes[to].met = true;
	}
	if (from == topology->n_nodes || to == topology->n_nodes || from == to) {
		topology->groups++;
		return;
	}
	edge = edge_between(topology, from, to);
	if (edge != NULL) {
		edge_add(topology, edge, document);
	}
}

/* ---- what is shown ---- */

/* Edges stand in the order of the ids of their ends. */
static int compare_edges(const void *a, const void *b)
{
	const struct topology_edge *x = a, *y = b;

	return x->from != y->from ? (x->from > y->from) - (x->from < y->from)
				  : (x->to > y->to) - (x->to < y->to);
}

/* Nodes with the most traffic first. */
static int compare_traffic(const void *a, const void *b)
{
	const struct topology_node *x = *(struct topology_node *const *)a;
	const struct topology_node *y = *(struct topology_node *const *)b;

	return x->bytes != y->bytes ? (x->bytes < y->bytes) - (x->bytes > y->bytes)
				    : strcmp(x->id, y->id);
}

static void add_up_traffic(struct topology *topology)
{
	for (size_t i = 0; i < topology->n_edges; i++) {
		struct topology_edge *edge = &topology->edges[i];

		edge->bytes = edge->bytes > 0 ? edge->bytes : edge->carried;
		topology->nodes[edge->from].bytes += edge->bytes;
		topology->nodes[edge->to].bytes += edge->bytes;
	}
}

static void choose_nodes(struct topology *topology, const struct topology_choice *choice)
{
	struct topology_node **list = calloc(topology->n_nodes + 1, sizeof(struct topology_node *));
	size_t n = 0;

	if (list == NULL) {
		topology->out_of_memory = true;
		return;
	}
	for (size_t i = 0; i < topology->n_nodes; i++) {
		struct topology_node *node = &topology->nodes[i];

		if ((!node->ghost || choice->ghosts) && (node->met || choice->lonely)) {
			list[n++] = node;
		}
	}
	qsort(list, n, sizeof(struct topology_node *), compare_traffic);
	topology->n_shown = choice->limit > 0 && n > choice->limit ? (size_t)choice->limit : n;
	topology->left_out = n - topology->n_shown;
	for (size_t i = 0; i < topology->n_shown; i++) {
		list[i]->shown = true;
	}
	free(list);
}

void topology_choose(struct topology *topology, const struct topology_choice *choice)
{
	if (topology->out_of_memory) {
		return;
	}
	sort_nodes(topology);
	if (topology->n_edges > 0) {
		qsort(topology->edges, topology->n_edges, sizeof(*topology->edges), compare_edges);
	}
	add_up_traffic(topology);
	choose_nodes(topology, choice);
	for (size_t i = 0; i < topology->n_edges; i++) {
		struct topology_edge *edge = &topology->edges[i];

		edge->shown = topology->nodes[edge->from].shown && topology->nodes[edge->to].shown;
		if (edge->shown) {
			topology->nodes[edge->from].edges++;
			topology->nodes[edge->to].edges++;
			topology->edges_shown++;
		}
	}
}
