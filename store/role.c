/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What an asset is for, by what it does. */

#include "store/inventory_private.h"

#define BIT(operation) (UINT32_C(1) << OPERATION_##operation)

#define ENGINEERING_OPERATIONS                                                                   \
	(BIT(START) | BIT(STOP) | BIT(RESTART) | BIT(MEMORY_RESET) | BIT(PROGRAM_UPLOAD) |       \
	 BIT(PROGRAM_DOWNLOAD) | BIT(PROGRAM_DELETE) | BIT(ONLINE_EDIT) | BIT(FIRMWARE_UPDATE) | \
	 BIT(CONFIG_WRITE) | BIT(ADDRESS_CHANGE) | BIT(MODE_CHANGE))

/* Sessions and unknown functions alone say nothing. */
#define SERVICE_OPERATIONS (~(BIT(UNKNOWN) | BIT(SESSION)))

/* What is known of an asset, over all its addresses. */
struct evidence_of_role {
	uint32_t client, server; /* operations */
	bool router, cyclic, it_client, it_server;
};

/* The first row that fits decides. */
static const struct {
	enum asset_role role;
	uint32_t client, server; /* any of these operations; 0: not asked for */
	bool router, cyclic, it_client, it_server;
	const char *reason;
} rules[] = {
	{ .role = ROLE_ROUTER, .router = true, .reason = "forwards packets of other networks" },
	{ .role = ROLE_CONTROLLER,
	  .server = SERVICE_OPERATIONS,
	  .reason = "answers requests of industrial protocols" },
	{ .role = ROLE_ENGINEERING,
	  .client = ENGINEERING_OPERATIONS,
	  .reason = "programs, configures, starts or stops controllers" },
	{ .role = ROLE_HMI_SCADA,
	  .cyclic = true,
	  .reason = "asks controllers again and again for values" },
	{ .role = ROLE_SERVER, .it_server = true, .reason = "answers requests of other protocols" },
	{ .role = ROLE_CLIENT, .it_client = true, .reason = "asks servers of other protocols" },
	{ .role = ROLE_UNKNOWN, .reason = "nothing seen that tells" },
};

static const char *const names[ROLES] = {
	[ROLE_UNKNOWN] = "unknown",     [ROLE_CONTROLLER] = "controller",
	[ROLE_HMI_SCADA] = "hmi_scada", [ROLE_ENGINEERING] = "engineering_workstation",
	[ROLE_ROUTER] = "router",       [ROLE_SERVER] = "server",
	[ROLE_CLIENT] = "client",
};

const char *asset_role_name(enum asset_role role)
{
	return names[role];
}

static struct evidence_of_role gather(const struct asset *asset)
{
	struct evidence_of_role e = { .router = asset->router };

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		e.client |= b->client_operations;
		e.server |= b->server_operations;
		e.cyclic = e.cyclic || b->cyclic;
		e.it_client = e.it_client || b->it_client;
		e.it_server = e.it_server || b->it_server;
	}
	return e;
}

static bool fits(size_t rule, const struct evidence_of_role *e)
{
	return (rules[rule].client == 0 || (rules[rule].client & e->client) != 0) &&
	       (rules[rule].server == 0 || (rules[rule].server & e->server) != 0) &&
	       (!rules[rule].router || e->router) && (!rules[rule].cyclic || e->cyclic) &&
	       (!rules[rule].it_client || e->it_client) && (!rules[rule].it_server || e->it_server);
}

static uint8_t rule_of(const struct asset *asset)
{
	struct evidence_of_role e = gather(asset);
	uint8_t rule = 0;

	while (!fits(rule, &e)) {
		rule++;
	}
	return rule;
}

enum asset_role asset_role_of(const struct asset *asset)
{
	return rules[rule_of(asset)].role;
}

const char *asset_role_reason(const struct asset *asset)
{
	return rules[rule_of(asset)].reason;
}
