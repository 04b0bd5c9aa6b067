/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/baseline_lines_of.h"

#include "store/baseline.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct telling {
	const struct tree *document;
	struct baseline_lines *lines;
	struct baseline_end ends[2];
	bool has[2];
	const char *protocol, *change, *seen;
	int error;
};

static const char *const paths[2][2] = { { "source.ip", "source.mac" },
					 { "destination.ip", "destination.mac" } };

static void add(struct telling *telling, const struct baseline_writer *writer)
{
	if (telling->error == 0 && !writer->cut) {
		telling->error = baseline_lines_add(telling->lines, writer->text);
	}
}

static void find_end(struct telling *telling, unsigned side)
{
	const char *ip = tree_text(telling->document, paths[side][0]);
	const char *mac = tree_text(telling->document, paths[side][1]);
	struct baseline_end *end = &telling->ends[side];

	end->domain = (uint16_t)tree_number(telling->document, "weir.domain");
	telling->has[side] = (ip != NULL && ip_parse(ip, &end->ip) == 0) ||
			     (mac != NULL && mac_parse(mac, &end->mac) == 0);
}

static struct baseline_writer begin(const struct telling *telling, const char *kind)
{
	struct baseline_writer writer;

	baseline_begin(&writer, kind);
	for (unsigned side = 0; side < 2; side++) {
		baseline_address(&writer, &telling->ends[side]);
	}
	baseline_word(&writer, telling->protocol);
	return writer;
}

/* Of what changed at an asset, both its addresses; else the one by which it was spoken to: behind a
 * router the link address is another's. */
static void add_asset(struct telling *telling, unsigned side, bool both)
{
	const char *mac = tree_text(telling->document, paths[side][1]);
	struct baseline_end link = { .domain = telling->ends[side].domain };
	struct baseline_writer writer;

	if (!telling->has[side] || ip_is_multicast(&telling->ends[side].ip) ||
	    ip_is_broadcast(&telling->ends[side].ip) || mac_is_group(&telling->ends[side].mac)) {
		return;
	}
	baseline_begin(&writer, "asset");
	baseline_address(&writer, &telling->ends[side]);
	if (both && mac_is_none(&telling->ends[side].mac) && mac != NULL &&
	    mac_parse(mac, &link.mac) == 0) {
		baseline_address(&writer, &link);
	}
	add(telling, &writer);
}

static void add_target(struct telling *telling, const char *operation)
{
	struct baseline_writer writer = begin(telling, "target");
	char unit[24];

	baseline_word(&writer, operation);
	snprintf(unit, sizeof(unit), "%.0f", tree_number(telling->document, "weir.unit_id"));
	baseline_word(&writer, tree_text(telling->document, "weir.unit_id") != NULL ? unit : "-");
	baseline_word(&writer, telling->seen);
	add(telling, &writer);
}

static bool add_operation(void *context, const struct tree_value *value)
{
	struct telling *telling = context;
	struct baseline_writer writer = begin(telling, "operation");
	bool other_time = telling->change != NULL && strcmp(telling->change, "other_time") == 0;

	if (strcmp(value->text, "unknown") == 0) {
		return true;
	}
	baseline_word(&writer, value->text);
	if (other_time && telling->seen != NULL) {
		baseline_word(&writer, telling->seen);
	}
	add(telling, &writer);
	if (telling->change != NULL && strcmp(telling->change, "new_target") == 0 &&
	    telling->seen != NULL) {
		add_target(telling, value->text);
	}
	return telling->error == 0;
}

int baseline_lines_of(const struct tree *document, bool operations, struct baseline_lines *lines)
{
	struct telling telling = {
		.document = document,
		.lines = lines,
		.protocol = tree_text(document, "network.protocol"),
		.change = tree_text(document, "weir.conversation.change"),
		.seen = tree_text(document, "weir.conversation.seen"),
	};
	const char *done = tree_text(document, "weir.alert.operations") != NULL
			       ? "weir.alert.operations"
			       : "weir.operation";
	struct baseline_writer writer;

	find_end(&telling, 0);
	find_end(&telling, 1);
	if (!operations) {
		add_asset(&telling, 0, !telling.has[1]);
		add_asset(&telling, 1, false);
	}
	if (!telling.has[0] || !telling.has[1]) {
		return telling.error;
	}
	telling.protocol =
	    telling.protocol != NULL ? telling.protocol : tree_text(document, "network.transport");
	if (telling.protocol == NULL) {
		telling.protocol = "other";
	}
	if (!operations) {
		writer = begin(&telling, "conversation");
		add(&telling, &writer);
	}
	tree_visit(document, done, add_operation, &telling);
	return telling.error;
}
