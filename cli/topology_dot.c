/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The topology in the DOT language of Graphviz (graphviz.org/doc/info/lang.html), for its layout
 * engine dot: a band for each level, the highest at the top, in it a box for each zone.
 *
 * A level with many devices takes several rows: a picture stays about twice as wide as high.  Rows
 * are held in order by an invisible chain; edges do not move nodes up or down. */

#include "cli/cell.h"
#include "cli/topology.h"

#include <stdlib.h>

#define TEXT_MAX        26  /* characters of a name in the picture */
#define LABELS_ALL      10  /* edges; of more only those that are grave or cyclic have labels... */
#define LABELS_MANY     30  /* and of more than so many only those that program... */
#define LABELS_MAX      150 /* and of more than so many none */
#define CURVES_MAX      400 /* edges; more are drawn as lines */
#define ROW_MIN         8   /* nodes */
#define OPERATIONS_SAID 2   /* on an edge that writes or programs */

/* ---- looks ---- */

struct look {
	const char *word; /* a type or a role */
	const char *shape, *style, *fill, *line;
};

#define CONTROLLER  "box", "filled,rounded", "#E6F4EA", "#2E7D32"
#define FIELD       "box", "filled", "#F4F9EC", "#7CB342"
#define SUPERVISION "box", "filled,rounded", "#E3F2FD", "#1565C0"
#define ENGINEERING "note", "filled", "#FFF8E1", "#F57F17"
#define SERVER      "cylinder", "filled", "#EFEAF7", "#5E35B1"
#define NETWORK     "octagon", "filled", "#ECEFF1", "#455A64"
#define GATEWAY     "hexagon", "filled", "#E0F2F1", "#00796B"
#define OFFICE      "box", "filled,rounded", "#FAFAFA", "#8D8D8D"
#define OUTSIDE     "ellipse", "filled", "#FDECEA", "#B71C1C"

static const struct look looks[] = {
	{ "plc", CONTROLLER },
	{ "safety_plc", "box", "filled,rounded,bold", "#FFFDE7", "#2E7D32" },
	{ "rtu", CONTROLLER },
	{ "ied", CONTROLLER },
	{ "robot", CONTROLLER },
	{ "cnc", CONTROLLER },
	{ "remote_io", FIELD },
	{ "drive", FIELD },
	{ "motor_starter", FIELD },
	{ "power_meter", FIELD },
	{ "sensor", FIELD },
	{ "industrial_device", FIELD },
	{ "hmi", SUPERVISION },
	{ "scada_server", SUPERVISION },
	{ "engineering_workstation", ENGINEERING },
	{ "historian", SERVER },
	{ "mes", SERVER },
	{ "erp", SERVER },
	{ "opc_server", SERVER },
	{ "it_server", SERVER },
	{ "domain_controller", SERVER },
	{ "virtualization_host", SERVER },
	{ "storage", SERVER },
	{ "time_server", SERVER },
	{ "switch", NETWORK },
	{ "router", NETWORK },
	{ "firewall", NETWORK },
	{ "access_point", NETWORK },
	{ "bridge", NETWORK },
	{ "gateway", GATEWAY },
	{ "protocol_converter", GATEWAY },
	{ "serial_server", GATEWAY },
	{ "workstation", OFFICE },
	{ "printer", OFFICE },
	{ "camera", OFFICE },
	{ "phone", OFFICE },
	{ "mobile", OFFICE },
	{ "ups", OFFICE },
	{ "internet_host", OUTSIDE },
	/* Roles, of what has no type. */
	{ "controller", CONTROLLER },
	{ "io_device", FIELD },
	{ "hmi_scada", SUPERVISION },
	{ "network_device", NETWORK },
	{ "server", SERVER },
	{ "client", OFFICE },
};

static const struct look plain = { "", "box", "filled,rounded,dashed", "#FFFFFF", "#9E9E9E" };

static const struct {
	const char *colour, *meaning;
	bool grave;
	unsigned weight; /* how much it pulls its ends together */
} edge_looks[EDGE_KINDS] = {
	[EDGE_OTHER] = { "#B0BEC5", "other traffic", false, 1 },
	[EDGE_READ] = { "#607D8B", "reads", false, 2 },
	[EDGE_IO] = { "#00897B", "inputs and outputs", false, 8 },
	[EDGE_WRITE] = { "#EF6C00", "writes", true, 4 },
	[EDGE_PROGRAM] = { "#C62828", "programs, starts, stops", true, 2 },
};

/* The bands of the picture from the top; what has another level, or none, is in the last one. */
static const struct {
	const char *level, *title, *colour;
} bands[] = {
	{ "5", "Level 5 - outside", "#F7F3F3" },
	{ "4", "Level 4 - business", "#F5F3F8" },
	{ "3.5", "Level 3.5 - between plant and business", "#F4F4F4" },
	{ "3", "Level 3 - operations", "#F2F4F9" },
	{ "2", "Level 2 - supervision", "#F0F6FB" },
	{ "1", "Level 1 - control", "#F1F7F2" },
	{ "0", "Level 0 - process", "#F8F8F0" },
	{ NULL, "Level not known", "#FAFAFA" },
};

static const struct look *look_of(const struct topology_node *node)
{
	const char *words[] = { node->type, node->role };

	for (size_t w = 0; w < ARRAY_SIZE(words); w++) {
		for (size_t i = 0; words[w] != NULL && i < ARRAY_SIZE(looks); i++) {
			if (strcmp(looks[i].word, words[w]) == 0) {
				return &looks[i];
			}
		}
	}
	return &plain;
}

static size_t band_of(const struct topology_node *node)
{
	size_t i = 0;

	while (bands[i].level != NULL &&
	       (node->level == NULL || strcmp(bands[i].level, node->level) != 0)) {
		i++;
	}
	return i;
}

/* ---- texts that devices said ---- */

/* Bytes of the character at text: UTF-8, which the JSON was checked to be. */
static size_t character(const char *text)
{
	size_t n = 1;

	while ((text[n] & 0xc0) == 0x80) {
		n++;
	}
	return n;
}

/* Appends at most `most` characters, as text of an HTML-like label. */
static void add_escaped(struct buffer *out, const char *text, size_t most)
{
	for (size_t i = 0, n; *text != '\0'; text += n, i++) {
		n = character(text);
		if (i == most) {
			buffer_text(out, "\xe2\x80\xa6");
			return;
		}
		/* Numbers stand for whatever could mean something to a reader of DOT, HTML or SVG.
		 */
		if ((unsigned char)*text < ' ' || *text == 0x7f) {
			buffer_text(out, " ");
		} else if (*text == '\\') {
			/* Else \N and its kin would be replaced: an invisible character parts them.
			 */
			buffer_text(out, "&#92;&#8203;");
		} else if (strchr("&<>\"'", *text) != NULL) {
			buffer_format(out, "&#%d;", *text);
		} else {
			buffer_add(out, text, n);
		}
	}
}

/* A quoted string. */
static void add_quoted(struct buffer *out, const char *text)
{
	buffer_text(out, "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\') {
			buffer_add(out, "\\", 1);
		}
		buffer_add(out, (unsigned char)*text < ' ' ? " " : text, 1);
	}
	buffer_text(out, "\"");
}

/* ---- nodes ---- */

static void add_line(struct buffer *out, const char *text, unsigned points, const char *colour)
{
	if (text != NULL && *text != '\0') {
		buffer_format(out, "<br/><font point-size=\"%u\" color=\"%s\">", points, colour);
		add_escaped(out, text, TEXT_MAX);
		buffer_text(out, "</font>");
	}
}

/* "engineering workstation", in place of the word. */
static void add_word(struct buffer *out, const char *word)
{
	for (; *word != '\0'; word++) {
		buffer_add(out, *word == '_' ? " " : word, 1);
	}
}

static void add_node(struct buffer *out, const struct topology_node *node)
{
	const struct look *look = look_of(node);
	const char *what = node->type != NULL ? node->type : node->role;
	struct buffer words = { .data = NULL };

	add_word(&words, what != NULL ? what : "unknown");
	buffer_text(out, "    ");
	add_quoted(out, node->id);
	buffer_format(out, " [shape=%s, style=\"%s%s\", fillcolor=\"%s\", color=\"%s\", label=<",
		      look->shape, look->style, node->ghost ? ",dotted" : "", look->fill,
		      look->line);
	buffer_format(out, "<font point-size=\"8\" color=\"%s\">", look->line);
	add_escaped(out, words.data != NULL ? words.data : "", TEXT_MAX);
	buffer_text(out, "</font><br/><b>");
	add_escaped(out, topology_label(node), TEXT_MAX);
	buffer_text(out, "</b>");
	add_line(out, node->name != NULL ? node->address : NULL, 9, "#424242");
	add_line(out, node->model != NULL ? node->model : node->vendor, 9, "#616161");
	buffer_text(out, ">];\n");
	buffer_free(&words);
}

/* In a band: by zone, then by address. */
static int compare_places(const void *a, const void *b)
{
	const struct topology_node *x = *(const struct topology_node *const *)a;
	const struct topology_node *y = *(const struct topology_node *const *)b;
	size_t band_x = band_of(x), band_y = band_of(y);
	int order = (band_x > band_y) - (band_x < band_y);

	if (order == 0) {
		order = strcmp(x->zone != NULL ? x->zone : "", y->zone != NULL ? y->zone : "");
	}
	order = order != 0 ? order : strverscmp(x->address, y->address);
	return order != 0 ? order : strcmp(x->id, y->id);
}

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* Nodes side by side so that the picture becomes about twice as wide as high. */
static size_t row_length(size_t nodes)
{
	size_t n = ROW_MIN;

	while (n * n < 2 * nodes) {
		n++;
	}
	return n;
}

/* The nodes of one band and zone. */
static void add_zone(struct buffer *out, const struct topology_node *const *nodes, size_t n,
		     size_t number)
{
	const char *zone = nodes[0]->zone;

	if (zone != NULL) {
		buffer_format(
		    out,
		    "   subgraph cluster_zone_%zu {\n    style=\"rounded,filled\"; "
		    "fillcolor=\"#FFFFFF\"; color=\"#90A4AE\"; fontsize=10; labelloc=t; label=<",
		    number);
		add_escaped(out, zone, TEXT_MAX);
		buffer_text(out, ">;\n");
	}
	for (size_t i = 0; i < n; i++) {
		add_node(out, nodes[i]);
	}
	if (zone != NULL) {
		buffer_text(out, "   }\n");
	}
}

/* One row is one rank, tied to its place in the chain. */
static void add_rows(struct buffer *out, const struct topology_node *const *nodes, size_t n,
		     size_t row, size_t *rows)
{
	for (size_t i = 0; i < n; i++) {
		if (i % row == 0) {
			buffer_format(out, "%s   { rank=same; row_%zu;", i > 0 ? " }\n" : "",
				      (*rows)++);
		}
		buffer_text(out, " ");
		add_quoted(out, nodes[i]->id);
		buffer_text(out, ";");
	}
	buffer_text(out, " }\n");
}

static void add_band(struct buffer *out, const struct topology_node *const *nodes, size_t n,
		     size_t row, size_t *rows)
{
	size_t band = band_of(nodes[0]), first = *rows;

	buffer_format(out,
		      "  subgraph cluster_band_%zu {\n   label=\"%s\"; labelloc=t; labeljust=l; "
		      "style=filled; color=\"%s\"; fontcolor=\"#546E7A\";\n",
		      band, bands[band].title, bands[band].colour);
	for (size_t i = 0; i < (n + row - 1) / row; i++) {
		buffer_format(out, "   row_%zu [shape=point, style=invis, width=0, label=\"\"];\n",
			      first + i);
	}
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && same_text(nodes[i]->zone, nodes[end]->zone); end++) {
		}
		add_zone(out, nodes + i, end - i, band * 1000 + i);
	}
	buffer_text(out, "  }\n");
	add_rows(out, nodes, n, row, rows);
}

/* The rows from the top down. */
static void add_chain(struct buffer *out, size_t rows)
{
	for (size_t i = 1; i < rows; i++) {
		buffer_format(out, "  row_%zu -> row_%zu [style=invis, weight=0];\n", i - 1, i);
	}
}

static void add_nodes(struct buffer *out, const struct topology *topology,
		      const struct topology_node **nodes)
{
	size_t n = 0, rows = 0, row = row_length(topology->n_shown);

	for (size_t i = 0; i < topology->n_nodes; i++) {
		if (topology->nodes[i].shown) {
			nodes[n++] = &topology->nodes[i];
		}
	}
	qsort(nodes, n, sizeof(*nodes), compare_places);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && band_of(nodes[i]) == band_of(nodes[end]); end++) {
		}
		add_band(out, nodes + i, end - i, row, &rows);
	}
	add_chain(out, rows);
}

/* ---- edges ---- */

static void add_protocols(struct buffer *out, const struct topology_edge *edge)
{
	for (size_t i = 0; i < edge->n_protocols && i < 2; i++) {
		buffer_text(out, i > 0 ? ", " : "");
		buffer_text(out, edge->protocols[i]);
	}
	if (edge->n_protocols > 2) {
		buffer_format(out, " +%u", edge->n_protocols - 2U);
	}
}

/* The most frequent of the operations for which it is drawn as it is. */
static void add_operations(struct buffer *out, const struct topology_edge *edge)
{
	uint32_t said = 0;

	for (unsigned k = 0; k < OPERATIONS_SAID; k++) {
		unsigned found = OPERATIONS;

		for (unsigned i = 0; i < OPERATIONS; i++) {
			if ((said >> i & 1) == 0 && edge->operations[i] > 0 &&
			    operation_edge_kind((enum operation)i) == topology_edge_kind(edge) &&
			    (found == OPERATIONS ||
			     edge->operations[i] > edge->operations[found])) {
				found = i;
			}
		}
		if (found < OPERATIONS) {
			said |= UINT32_C(1) << found;
			buffer_text(out, "\n");
			add_word(out, operation_name((enum operation)found));
			buffer_format(out, " %llu", (unsigned long long)edge->operations[found]);
		}
	}
}

/* A label in lines: protocols, then what is grave, or the cycle. */
static void add_edge_label(struct buffer *out, const struct topology_edge *edge)
{
	char text[64];

	add_protocols(out, edge);
	if (edge_looks[topology_edge_kind(edge)].grave) {
		add_operations(out, edge);
	} else if (edge->cycle > 0) {
		buffer_format(out, "\nevery %s", text_of_duration(edge->cycle, text, sizeof(text)));
	}
}

/* Wider by each factor of a hundred. */
static double width_of(uint64_t bytes)
{
	double width = 1.0;

	for (; bytes >= 1000; bytes /= 100) {
		width += 0.5;
	}
	return width;
}

static bool has_label(const struct topology *topology, const struct topology_edge *edge)
{
	enum edge_kind kind = topology_edge_kind(edge);

	return topology->edges_shown <= LABELS_ALL ||
	       (topology->edges_shown <= LABELS_MANY &&
		(edge_looks[kind].grave || edge->cycle > 0)) ||
	       (topology->edges_shown <= LABELS_MAX && kind == EDGE_PROGRAM);
}

/* What goes up, or stays on its level, does not move nodes. */
static bool goes_down(const struct topology *topology, const struct topology_edge *edge)
{
	return band_of(&topology->nodes[edge->from]) < band_of(&topology->nodes[edge->to]);
}

static void add_edge(struct buffer *out, const struct topology *topology,
		     const struct topology_edge *edge)
{
	enum edge_kind kind = topology_edge_kind(edge);
	struct buffer label = { .data = NULL };

	buffer_text(out, "  ");
	add_quoted(out, topology->nodes[edge->from].id);
	buffer_text(out, " -> ");
	add_quoted(out, topology->nodes[edge->to].id);
	buffer_format(out, " [color=\"%s\", penwidth=%.1f, weight=%u, constraint=%s%s",
		      edge_looks[kind].colour, width_of(edge->bytes) + edge_looks[kind].grave,
		      edge_looks[kind].weight, goes_down(topology, edge) ? "true" : "false",
		      kind == EDGE_OTHER ? ", style=dashed" : "");
	if (has_label(topology, edge)) {
		add_edge_label(&label, edge);
		buffer_format(out, ", fontcolor=\"%s\", label=<", edge_looks[kind].colour);
		for (char *line = label.data, *rest = line; line != NULL;) {
			line = strsep(&rest, "\n");
			add_escaped(out, line, 2 * TEXT_MAX);
			if ((line = rest) != NULL) {
				buffer_text(out, "<br/>");
			}
		}
		buffer_text(out, ">");
	}
	buffer_text(out, "];\n");
	buffer_free(&label);
}

/* ---- the whole ---- */

static void add_legend(struct buffer *out, const struct topology *topology)
{
	buffer_format(out, "  labelloc=b; labeljust=l; label=<%zu devices, %zu connections",
		      topology->n_shown, topology->edges_shown);
	if (topology->left_out > 0) {
		buffer_format(out, "; <b>%zu devices with less traffic are not shown</b>",
			      topology->left_out);
	}
	buffer_text(out, ".  Arrows point to who is asked:");
	for (unsigned i = EDGE_KINDS; i-- > 0;) {
		buffer_format(out, " <font color=\"%s\"><b>%s</b></font>%s", edge_looks[i].colour,
			      edge_looks[i].meaning, i > 0 ? "," : "");
	}
	buffer_text(out, "<br align=\"left\"/>>;\n");
}

void topology_dot(struct buffer *out, const struct topology *topology)
{
	const struct topology_node **nodes =
	    calloc(topology->n_shown + 1, sizeof(struct topology_node *));

	if (nodes == NULL) {
		out->failed = true;
		return;
	}
	buffer_text(out, "digraph weir {\n"
			 "  graph [rankdir=TB, newrank=true, nodesep=0.5, ranksep=1.1, "
			 "forcelabels=true, fontname=\"Helvetica\", fontsize=11, pad=0.3, ");
	/* Many edges are drawn as bundles. */
	buffer_format(out, "concentrate=%s, splines=%s, charset=\"UTF-8\"];\n",
		      topology->edges_shown > LABELS_MANY ? "true" : "false",
		      topology->edges_shown <= CURVES_MAX ? "true" : "line");
	buffer_text(out, "  node [fontname=\"Helvetica\", fontsize=11, penwidth=1.4, "
			 "margin=\"0.12,0.06\"];\n"
			 "  edge [fontname=\"Helvetica\", fontsize=8, arrowsize=0.6];\n");
	add_legend(out, topology);
	add_nodes(out, topology, nodes);
	for (size_t i = 0; i < topology->n_edges; i++) {
		if (topology->edges[i].shown) {
			add_edge(out, topology, &topology->edges[i]);
		}
	}
	buffer_text(out, "}\n");
	free(nodes);
}
