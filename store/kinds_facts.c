/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What rules may ask about an asset, and how it is found out. */

#include "dissectors/dissector.h"
#include "store/kinds_private.h"

#define BIT(operation) (UINT32_C(1) << OPERATION_##operation)

#define CYCLIC_COUNT      10 /* the same operation so often is polling */
#define CYCLIC_OPERATIONS (BIT(READ) | BIT(WRITE) | BIT(CONTROL) | BIT(IO) | BIT(REPORT))

/* No CONFIG_WRITE: masters set up what an outstation reports. */
#define PROGRAMMING                                                                             \
	(BIT(PROGRAM_UPLOAD) | BIT(PROGRAM_DOWNLOAD) | BIT(PROGRAM_DELETE) | BIT(ONLINE_EDIT) | \
	 BIT(FIRMWARE_UPDATE))
#define BROWSING (BIT(IDENTIFY) | BIT(DIAGNOSE))
#define COMMANDS (BIT(START) | BIT(STOP) | BIT(RESTART) | BIT(MEMORY_RESET) | BIT(MODE_CHANGE))

#define AT(member) offsetof(struct facts, member)

static const struct fact facts[] = {
	{ "forwards", FACT_BOOL, AT(forwards), 0 },
	{ "polling", FACT_BOOL, AT(polling), 0 },
	{ "several_units", FACT_BOOL, AT(several_units), 0 },
	{ "it_client", FACT_BOOL, AT(it_client), 0 },
	{ "it_server", FACT_BOOL, AT(it_server), 0 },
	{ "virtual_mac", FACT_BOOL, AT(virtual_mac), 0 },
	{ "public_address", FACT_BOOL, AT(public_address), 0 },
	{ "asks", FACT_NUMBER, AT(asks), 0 },
	{ "polls", FACT_NUMBER, AT(polls), 0 },
	{ "programs", FACT_NUMBER, AT(programs), 0 },
	{ "commands", FACT_NUMBER, AT(commands), 0 },
	{ "reads", FACT_NUMBER, AT(reads), 0 },
	{ "browses", FACT_NUMBER, AT(browses), 0 },
	{ "asked_by", FACT_NUMBER, AT(asked_by), 0 },
	{ "polled_by", FACT_NUMBER, AT(polled_by), 0 },
	{ "programmed_by", FACT_NUMBER, AT(programmed_by), 0 },
	{ "peers", FACT_NUMBER, AT(peers), 0 },
	{ "silent_peers", FACT_NUMBER, AT(silent_peers), 0 },
	{ "public_peers", FACT_NUMBER, AT(public_peers), 0 },
	{ "public_clients", FACT_NUMBER, AT(public_clients), 0 },
	{ "clients", FACT_NUMBER, AT(clients), 0 },
	{ "tries", FACT_OPERATIONS, AT(tries), 0 },
	{ "does", FACT_OPERATIONS, AT(does), 0 },
	{ "serves", FACT_OPERATIONS, AT(serves), 0 },
	{ "client", FACT_NAMES, AT(client), 0 },
	{ "server", FACT_NAMES, AT(server), 0 },
	{ "asked_in", FACT_NAMES, AT(asked_in), 0 },
	{ "categories", FACT_NAMES, AT(categories), 0 },
	{ "flow_risks", FACT_NAMES, AT(flow_risks), 0 },
	{ "ports", FACT_PORTS, 0, 0 },
	{ "vendor", FACT_VENDOR, 0, 0 },
	{ "name", FACT_NAME, 0, 0 },
	{ "type", FACT_VERDICT, 0, KIND_TYPE },
	{ "role", FACT_VERDICT, 0, KIND_ROLE },
	{ "risk_mark", FACT_VERDICT, 0, KIND_RISK },
	{ "level", FACT_VERDICT, 0, KIND_LEVEL },
};

bool fact_find(const char *name, struct fact *out)
{
	uint8_t kind;

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		if (strcmp(facts[i].name, name) == 0) {
			*out = facts[i];
			return true;
		}
	}
	*out = (struct fact) { .name = name, .kind = FACT_ATTRIBUTE };
	if (strncmp(name, "unit_", 5) == 0) {
		out->kind = FACT_UNIT;
		name += 5;
	}
	if (!attribute_kind_from_name(name, &kind)) {
		return false;
	}
	out->subject = kind;
	return true;
}

/* ---- conversations ---- */

void facts_index(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_keys; i++) {
		inventory->key_list[i]->talks[0] = inventory->key_list[i]->talks[1] = NULL;
	}
	for (size_t i = 0; i < inventory->n_conversations; i++) {
		struct conversation *c = inventory->conversation_list[i];

		for (unsigned side = 0; side < 2; side++) {
			c->next_of_asset[side] = NULL;
			if (c->side[side] != NULL) {
				struct asset *asset = c->side[side]->asset;

				c->next_of_asset[side] = asset->talks[side];
				asset->talks[side] = c;
			}
		}
	}
	inventory->index_epoch = inventory->epoch;
}

/* Whether the conversation's protocol is an industrial one. */
static bool is_industrial(struct inventory *inventory, const struct conversation *c)
{
	const char *name = name_text(inventory, c->protocol);
	uint8_t dissector;

	if (name == NULL) {
		return false;
	}
	if (!name_set_has(&inventory->names_looked_up, c->protocol)) {
		name_set_add(&inventory->names_looked_up, c->protocol);
		dissector = dissector_index(name);
		if (dissector != PROTOCOL_NONE && !dissector_at(dissector)->general) {
			name_set_add(&inventory->industrial_names, c->protocol);
		}
	}
	return name_set_has(&inventory->industrial_names, c->protocol);
}

/* What one conversation shows. */
struct shown {
	uint32_t tried, done, programs, commands, reads, browses;
	bool answered, polling;
};

static struct shown look_at(const struct conversation *c)
{
	struct shown shown = { .tried = 0 };

	for (size_t i = 0; i < c->n_operations; i++) {
		const struct operation_count *row = &c->operations[i];
		uint32_t bit = UINT32_C(1) << row->operation;
		uint64_t good = row->answered ? row->count - row->failures : 0;
		uint32_t counted = good < UINT16_MAX ? (uint32_t)good : UINT16_MAX;

		shown.tried |= bit;
		shown.done |= good > 0 ? bit : 0;
		shown.programs += (PROGRAMMING & bit) != 0 ? counted : 0;
		shown.commands += (COMMANDS & bit) != 0 ? counted : 0;
		shown.reads += (CYCLIC_OPERATIONS & bit) != 0 ? counted : 0;
		shown.browses += (BROWSING & bit) != 0 ? counted : 0;
		shown.answered = shown.answered || row->answered;
		shown.polling =
		    shown.polling || ((CYCLIC_OPERATIONS & bit) != 0 && row->count >= CYCLIC_COUNT);
	}
	return shown;
}

/* Reasons for which peers are counted, each peer once. */
enum {
	SEEN_PEER = 1,
	SEEN_ASKED = 2,
	SEEN_POLLED = 4,
	SEEN_PUBLIC = 8,
	SEEN_CLIENT = 16,
	SEEN_PROGRAMMED = 32
};

/* Counts the peer unless it was counted for this reason. */
static void count_peer(const struct facts *f, struct asset *peer, uint8_t reason, uint32_t *count)
{
	if (peer->stamp != f->inventory->stamp) {
		peer->stamp = f->inventory->stamp;
		peer->stamped = 0;
	}
	*count += (peer->stamped & reason) == 0;
	peer->stamped |= reason;
}

/* An address of the Internet, rather than one that a plant uses on its own wire. */
static bool is_public(const struct asset *asset, bool beside_private)
{
	struct ip ip = asset_ip(asset);

	return !ip_is_none(&ip) && !ip_is_private(&ip) && !ip_is_multicast(&ip) &&
	       (mac_is_none(&asset->mac) || beside_private);
}

static bool has_private_address(const struct asset *asset)
{
	struct ip ip = asset_ip(asset);

	return !ip_is_none(&ip) && ip_is_private(&ip);
}

static void note_as_client(struct facts *f, const struct conversation *c)
{
	struct asset *peer = c->side[1] != NULL ? c->side[1]->asset : NULL;
	bool industrial = is_industrial(f->inventory, c);
	struct shown shown = look_at(c);

	if (industrial) {
		f->tries |= shown.tried;
		f->does |= shown.done;
		f->programs += shown.programs;
		f->commands += shown.commands;
		f->reads += shown.reads;
		f->browses += shown.browses;
	}
	if (peer == NULL || peer == f->asset) {
		return;
	}
	count_peer(f, peer, SEEN_PEER, asset_is_ghost(peer) ? &f->silent_peers : &f->peers);
	if (industrial && shown.answered) {
		count_peer(f, peer, SEEN_ASKED, &f->asks);
		if (shown.polling) {
			count_peer(f, peer, SEEN_POLLED, &f->polls);
		}
	}
	if (!asset_is_ghost(peer) && is_public(peer, has_private_address(f->asset))) {
		count_peer(f, peer, SEEN_PUBLIC, &f->public_peers);
	}
}

static void note_port(struct facts *f, uint16_t port)
{
	for (size_t i = 0; i < f->n_ports; i++) {
		if (f->ports[i] == port) {
			return;
		}
	}
	if (f->n_ports < PORTS_MAX) {
		f->ports[f->n_ports++] = port;
	}
}

static void note_as_server(struct facts *f, const struct conversation *c)
{
	struct asset *peer = c->side[0] != NULL ? c->side[0]->asset : NULL;
	bool industrial = is_industrial(f->inventory, c);
	struct shown shown = look_at(c);
	bool answered = shown.answered || c->packets[1] > 0;

	name_set_add(&f->asked_in, c->protocol);
	if (answered && c->port != 0) {
		note_port(f, c->port);
	}
	if (peer == NULL || peer == f->asset || !answered) {
		return;
	}
	if (industrial && shown.answered) {
		count_peer(f, peer, SEEN_ASKED, &f->asked_by);
		if (shown.polling) {
			count_peer(f, peer, SEEN_POLLED, &f->polled_by);
		}
		if (shown.programs > 0) {
			count_peer(f, peer, SEEN_PROGRAMMED, &f->programmed_by);
		}
	}
	count_peer(f, peer, SEEN_CLIENT, &f->clients);
	if (is_public(peer, has_private_address(f->asset))) {
		count_peer(f, peer, SEEN_PUBLIC, &f->public_clients);
	}
}

static void note_verdicts(struct facts *f, const struct conversation *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(c->verdicts[0]); i++) {
		name_set_add(&f->categories, c->verdicts[VERDICT_CATEGORY][i]);
		name_set_add(&f->flow_risks, c->verdicts[VERDICT_RISK][i]);
	}
}

/* ---- addresses ---- */

static void note_binding(struct facts *f, const struct binding *b)
{
	f->tries |= b->client_operations;
	f->serves |= b->server_operations;
	f->polling = f->polling || b->cyclic;
	f->several_units = f->several_units || b->other_units;
	f->it_client = f->it_client || b->it_client;
	f->it_server = f->it_server || b->it_server;
	for (size_t i = 0; i < ARRAY_SIZE(f->client.bits); i++) {
		f->client.bits[i] |= b->client.bits[i];
		f->server.bits[i] |= b->server.bits[i];
	}
}

void facts_gather(struct facts *f, const struct asset *asset)
{
	struct inventory *inventory = asset->inventory;

	*f = (struct facts) {
		.inventory = inventory,
		.asset = asset,
		.forwards = asset->router,
		.virtual_mac = mac_is_shared(&asset->mac),
		.public_address = is_public(asset, false),
	};
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		note_binding(f, b);
	}
	if (inventory->index_epoch != inventory->epoch) {
		facts_index(inventory);
	}
	inventory->stamp++;
	for (const struct conversation *c = asset->talks[0]; c != NULL; c = c->next_of_asset[0]) {
		note_as_client(f, c);
		note_verdicts(f, c);
	}
	/* Counted apart: a peer may be client and server. */
	inventory->stamp++;
	for (const struct conversation *c = asset->talks[1]; c != NULL; c = c->next_of_asset[1]) {
		note_as_server(f, c);
		note_verdicts(f, c);
	}
}
