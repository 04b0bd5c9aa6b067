/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/zone_observation.h"

#include "capture/base/list.h"
#include "cli/log.h"
#include "cli/tree.h"
#include "cli/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *copy(struct zone_observation *o, const char *text)
{
	char *copied = text != NULL ? strdup(text) : NULL;

	o->out_of_memory = o->out_of_memory || (text != NULL && copied == NULL);
	return copied;
}

static void end_free(struct observed_end *end)
{
	const char *texts[] = { end->end.type, end->end.role, end->end.vendor, end->end.name,
				end->end.level };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		free((char *)(uintptr_t)texts[i]);
	}
	free(end->address);
}

void zone_observation_free(struct zone_observation *o)
{
	for (size_t i = 0; i < o->n_devices; i++) {
		end_free(&o->devices[i]);
	}
	for (size_t i = 0; i < o->n_crossings; i++) {
		end_free(&o->crossings[i].source);
		end_free(&o->crossings[i].destination);
		free(o->crossings[i].protocol);
	}
	free(o->devices);
	free(o->crossings);
	*o = (struct zone_observation) { .devices = NULL };
}

/* ---- assets ---- */

struct adding {
	struct zone_observation *observation;
	const struct tree *document;
};

static bool add_address(void *context, const struct tree_value *value)
{
	struct adding *adding = context;
	struct zone_observation *o = adding->observation;
	struct observed_end *devices =
	    list_with_room(o->devices, o->n_devices, &o->devices_room, sizeof(*devices));
	struct ip ip;

	if (devices == NULL || ip_parse(value->text, &ip) != 0) {
		return devices != NULL;
	}
	o->devices = devices;
	devices[o->n_devices++] = (struct observed_end) {
		.end = { .ip = ip,
			 .vlan = (uint16_t)tree_number(adding->document, "weir.asset.vlans"),
			 .type = copy(o, tree_text(adding->document, "weir.asset.type")),
			 .role = copy(o, tree_text(adding->document, "weir.asset.role")),
			 .vendor = copy(o, tree_text(adding->document, "weir.asset.vendor")),
			 .name = copy(o, tree_text(adding->document, "host.name")),
			 .level = copy(o, tree_text(adding->document, "weir.asset.level")) },
		.address = copy(o, value->text),
	};
	return true;
}

static void take_asset(void *context, const char *json, size_t length)
{
	struct adding adding = { .observation = context };
	struct tree *document = NULL;

	if (tree_read(&document, json, length) != 0) {
		return;
	}
	adding.document = document;
	if (!tree_true(document, "weir.asset.ghost")) {
		tree_visit(document, "host.ip", add_address, &adding);
	}
	tree_free(document);
}

/* ---- conversations ---- */

static const char *at(const struct tree *document, const char *side, const char *what)
{
	char path[64];

	snprintf(path, sizeof(path), "weir.conversation.%s.%s", side, what);
	return tree_text(document, path);
}

/* False: it has no address, or is no device. */
static bool read_end(struct zone_observation *o, const struct tree *document, const char *side,
		     struct observed_end *out)
{
	char path[64];
	const char *address, *mac;

	snprintf(path, sizeof(path), "%s.ip", side);
	address = tree_text(document, path);
	snprintf(path, sizeof(path), "%s.mac", side);
	mac = tree_text(document, path);
	if (address == NULL || ip_parse(address, &out->end.ip) != 0 ||
	    (mac != NULL && mac_parse(mac, &out->end.mac) == 0 && mac_is_group(&out->end.mac)) ||
	    ip_is_multicast(&out->end.ip) || ip_is_broadcast(&out->end.ip) ||
	    ip_is_none(&out->end.ip)) {
		return false;
	}
	out->end.vlan = (uint16_t)tree_number(document, "network.vlan.id");
	out->end.type = copy(o, at(document, side, "type"));
	out->end.role = copy(o, at(document, side, "role"));
	out->end.vendor = copy(o, at(document, side, "vendor"));
	out->end.name = copy(o, at(document, side, "name"));
	out->end.level = copy(o, at(document, side, "level"));
	out->address = copy(o, address);
	return true;
}

static bool take_operation(void *context, const struct tree_value *value)
{
	uint32_t *operations = context;
	enum operation operation;

	*operations |= operation_from_name(value->text, &operation) ? UINT32_C(1) << operation : 0;
	return true;
}

static int64_t time_at(const struct tree *document, const char *path)
{
	const char *text = tree_text(document, path);
	int64_t time = TIME_NONE;

	return text != NULL && when_parse_iso(text, &time) == 0 ? time : TIME_NONE;
}

static void add_crossing(struct zone_observation *o, const struct tree *document)
{
	struct crossing *crossings =
	    list_with_room(o->crossings, o->n_crossings, &o->crossings_room, sizeof(*crossings));
	struct crossing crossing = { .operations = 0 };
	const char *protocol = tree_text(document, "network.protocol");

	if (crossings == NULL) {
		o->out_of_memory = true;
		return;
	}
	o->crossings = crossings;
	if (!read_end(o, document, "source", &crossing.source)) {
		return;
	}
	if (!read_end(o, document, "destination", &crossing.destination)) {
		end_free(&crossing.source);
		return;
	}
	if (protocol != NULL && strcmp(protocol, "unknown") != 0) {
		crossing.protocol = copy(o, protocol);
	}
	tree_visit(document, "weir.conversation.operations.*", take_operation,
		   &crossing.operations);
	crossing.first = time_at(document, "weir.conversation.first_seen");
	crossing.last = time_at(document, "weir.conversation.last_seen");
	crossings[o->n_crossings++] = crossing;
}

static void take_conversation(void *context, const char *json, size_t length)
{
	struct tree *document = NULL;

	if (tree_read(&document, json, length) == 0) {
		add_crossing(context, document);
		tree_free(document);
	}
}

int zone_observe(struct zone_observation *out, const struct inventory *inventory)
{
	*out = (struct zone_observation) { .devices = NULL };
	inventory_assets(inventory, take_asset, out);
	inventory_conversations(inventory, take_conversation, out);
	if (out->out_of_memory) {
		zone_observation_free(out);
		return -ENOMEM;
	}
	return 0;
}

int zone_observe_file(struct zone_observation *out, const char *path, struct problem *problem)
{
	const struct log_sink log = log_to_stderr(false);
	struct known *known = NULL;
	int error = known_open_path(&known, path, &log, problem);

	if (error == 0 && (error = zone_observe(out, known_inventory(known))) < 0) {
		problem_set(problem, error, "out of memory");
	}
	known_close(known);
	return error;
}
