/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Blocks of DCP (IEC 61158-6-10, 4.3.1.4 "DCP data"):
 *
 *	option 1 | suboption 1 | length 2 | [BlockInfo or BlockQualifier 2] | content | [padding]
 *
 * Options are rows: what they are called, what it means to set one, and what reads the content. */

#include "dissectors/profinet_dcp_private.h"

#include <stdio.h>

#define PUT(id) FIELD_LOCAL(DCP_##id)

#define ROLES        4
#define IP_CONFLICT  0x80
#define PERMANENT    1
#define OPTION_ALL   255
#define OPTIONS_LIST 64

static const struct block {
	uint8_t option, suboption; /* 255: any that has no row of its own */
	uint8_t operation;         /* of setting it */
	const char *name;
	void (*put)(struct dcp_walk *walk, struct cursor content);
} * find_block(uint8_t option, uint8_t suboption);

static const char *block_name(uint8_t option, uint8_t suboption)
{
	const struct block *block = find_block(option, suboption);

	return block != NULL ? block->name : "unknown";
}

/* ---- contents ---- */

/* Without the zeros and blanks that some devices fill a text up with. */
static void put_text(struct dcp_walk *walk, uint16_t field, struct cursor text)
{
	char copy[RECORD_STRING_MAX + 1];
	size_t n = size_min(cur_left(&text), RECORD_STRING_MAX);

	cur_copy(&text, copy, n);
	while (n > 0 && (copy[n - 1] == '\0' || copy[n - 1] == ' ')) {
		n--;
	}
	copy[n] = '\0';
	if (n > 0) {
		record_put_text(walk->d->writer, field, copy);
	}
}

static void put_name(struct dcp_walk *walk, struct cursor content)
{
	put_text(walk, walk->form == DCP_FILTER ? PUT(SOUGHT) : PUT(NAME), content);
	walk->names_device = true;
}

static void put_alias(struct dcp_walk *walk, struct cursor content)
{
	put_text(walk, walk->form == DCP_FILTER ? PUT(SOUGHT) : PUT(ALIAS), content);
}

static void put_type(struct dcp_walk *walk, struct cursor content)
{
	if (walk->form == DCP_INFO) {
		put_text(walk, PUT(TYPE), content);
	}
}

static void put_host_name(struct dcp_walk *walk, struct cursor content)
{
	/* As in DHCP: code and length stand before it once more. */
	uint8_t code = cur_u8(&content), length = cur_u8(&content);
	struct cursor name = cur_sub(&content, length);

	if (cur_ok(&name) && code == 12 && walk->form != DCP_FILTER) {
		put_text(walk, PUT(HOST_NAME), name);
	}
}

static void put_number(struct dcp_walk *walk, uint16_t field, uint16_t number)
{
	char text[8];

	snprintf(text, sizeof(text), "0x%04x", number);
	record_put_text(walk->d->writer, field, text);
}

static void put_id(struct dcp_walk *walk, struct cursor content)
{
	uint16_t vendor = cur_be16(&content), device = cur_be16(&content);

	if (cur_ok(&content)) {
		put_number(walk, PUT(VENDOR_ID), vendor);
		put_number(walk, PUT(DEVICE_ID), device);
	}
	walk->malformed |= !cur_ok(&content);
}

static void put_oem_id(struct dcp_walk *walk, struct cursor content)
{
	uint16_t vendor = cur_be16(&content), device = cur_be16(&content);

	if (cur_ok(&content)) {
		put_number(walk, PUT(OEM_VENDOR_ID), vendor);
		put_number(walk, PUT(OEM_DEVICE_ID), device);
	}
	walk->malformed |= !cur_ok(&content);
}

static void put_role(struct dcp_walk *walk, struct cursor content)
{
	static const char *const roles[ROLES] = { "io_device", "io_controller", "io_multidevice",
						  "io_supervisor" };
	uint8_t bits = cur_u8(&content);
	const char *set[ROLES];
	size_t n = 0;

	for (unsigned i = 0; i < ROLES; i++) {
		if ((bits >> i & 1) != 0) {
			set[n++] = roles[i];
		}
	}
	if (n > 0) {
		record_put_statics(walk->d->writer, PUT(ROLE), set, n);
	}
	walk->malformed |= !cur_ok(&content);
}

static void put_instance(struct dcp_walk *walk, struct cursor content)
{
	uint8_t high = cur_u8(&content), low = cur_u8(&content);
	char text[8];

	snprintf(text, sizeof(text), "%u.%u", high, low);
	if (cur_ok(&content)) {
		record_put_text(walk->d->writer, PUT(INSTANCE), text);
	}
	walk->malformed |= !cur_ok(&content);
}

static void put_options(struct dcp_walk *walk, struct cursor content)
{
	const char *names[OPTIONS_LIST];
	size_t n = 0;

	while (cur_left(&content) >= 2 && n < OPTIONS_LIST) {
		uint8_t option = cur_u8(&content), suboption = cur_u8(&content);

		names[n++] = block_name(option, suboption);
	}
	if (n > 0) {
		record_put_statics(walk->d->writer, PUT(OPTIONS), names, n);
	}
}

static void put_mac(struct dcp_walk *walk, struct cursor content)
{
	struct mac mac = cur_mac(&content);

	if (cur_ok(&content)) {
		record_put_mac(walk->d->writer, PUT(MAC), &mac);
	}
	walk->malformed |= !cur_ok(&content);
}

static void put_ip_state(struct dcp_walk *walk)
{
	static const char *const states[] = { "not_set", "set", "dhcp", "unknown" };

	record_put_static(walk->d->writer, PUT(IP_STATE), states[walk->word & 3]);
	if ((walk->word & IP_CONFLICT) != 0) {
		record_put_bool(walk->d->writer, PUT(IP_CONFLICT), true);
	}
}

/* A gateway that is the station itself, or none, means that there is no router. */
static void put_suite(struct dcp_walk *walk, struct cursor content)
{
	struct cursor look = content;
	uint32_t number = cur_be32(&look);
	struct ip ip = cur_ip4(&content), netmask = cur_ip4(&content), gateway = cur_ip4(&content);

	if (!cur_ok(&content)) {
		walk->malformed = true;
		return;
	}
	record_put_ip(walk->d->writer, PUT(IP), &ip);
	if (!ip_is_none(&netmask)) {
		record_put_ip(walk->d->writer, PUT(NETMASK), &netmask);
	}
	if (!ip_is_none(&gateway) && !ip_equal(&gateway, &ip)) {
		record_put_ip(walk->d->writer, PUT(GATEWAY), &gateway);
	}
	if (walk->form == DCP_INFO) {
		put_ip_state(walk);
	}
	if (walk->form != DCP_FILTER) {
		walk->ip = number;
		walk->names_device = true;
	}
}

/* ResetToFactory: the mode stands above the bit of the qualifier that says how long. */
static void put_reset_mode(struct dcp_walk *walk, struct cursor content)
{
	static const char *const modes[] = { "default",     "application", "communication",
					     "engineering", "all_data",    NULL,
					     NULL,          NULL,          "device",
					     "image" };
	unsigned mode = walk->word >> 1;

	(void)content;
	if (walk->form == DCP_QUALIFIER) {
		record_put_static(walk->d->writer, PUT(RESET_MODE),
				  mode < ARRAY_SIZE(modes) ? modes[mode] : NULL);
	}
}

/* What became of a block that was set or asked for. */
static void put_response(struct dcp_walk *walk, struct cursor content)
{
	static const char *const errors[] = { "none",
					      "option_unsupported",
					      "suboption_unsupported",
					      "suboption_not_set",
					      "resource_error",
					      "local_reasons",
					      "in_operation" };
	uint8_t error = cur_u8(&content);

	if (!cur_ok(&content)) {
		walk->malformed = true;
	} else if (error != 0 && walk->n_refused < DCP_BLOCKS_MAX) {
		walk->refused[walk->n_refused] =
		    block_name((uint8_t)(walk->word >> 8), (uint8_t)walk->word);
		walk->errors[walk->n_refused++] =
		    error < ARRAY_SIZE(errors) ? errors[error] : "unknown";
	}
}

/* ---- options ---- */

#define ADDRESS OPERATION_ADDRESS_CHANGE
#define CONFIG  OPERATION_CONFIG_WRITE

static const struct block blocks[] = {
	{ 1, 1, CONFIG, "mac_address", put_mac },
	{ 1, 2, ADDRESS, "ip_parameter", put_suite },
	{ 1, 3, ADDRESS, "full_ip_suite", put_suite },
	{ 2, 1, CONFIG, "type_of_station", put_type },
	{ 2, 2, CONFIG, "name_of_station", put_name },
	{ 2, 3, CONFIG, "device_id", put_id },
	{ 2, 4, CONFIG, "device_role", put_role },
	{ 2, 5, CONFIG, "device_options", put_options },
	{ 2, 6, CONFIG, "alias_name", put_alias },
	{ 2, 7, CONFIG, "device_instance", put_instance },
	{ 2, 8, CONFIG, "oem_device_id", put_oem_id },
	{ 2, 9, ADDRESS, "standard_gateway", NULL },
	{ 2, 10, CONFIG, "rsi_properties", NULL },
	{ 3, 12, ADDRESS, "dhcp_host_name", put_host_name },
	{ 3, 43, ADDRESS, "dhcp_vendor_specific", NULL },
	{ 3, 54, ADDRESS, "dhcp_server", NULL },
	{ 3, 55, ADDRESS, "dhcp_parameter_list", NULL },
	{ 3, 60, ADDRESS, "dhcp_class", NULL },
	{ 3, 61, ADDRESS, "dhcp_client", NULL },
	{ 3, 81, ADDRESS, "dhcp_fqdn", NULL },
	{ 3, 97, ADDRESS, "dhcp_uuid", NULL },
	{ 3, 255, ADDRESS, "dhcp_control", NULL },
	{ 5, 1, OPERATION_SESSION, "start_transaction", NULL },
	{ 5, 2, OPERATION_SESSION, "end_transaction", NULL },
	{ 5, 3, OPERATION_CONTROL, "signal", NULL },
	{ 5, 4, OPERATION_UNKNOWN, "response", put_response },
	{ 5, 5, OPERATION_MEMORY_RESET, "factory_reset", NULL },
	{ 5, 6, OPERATION_MEMORY_RESET, "reset_to_factory", put_reset_mode },
	{ 6, 1, CONFIG, "device_initiative", NULL },
	{ 7, OPTION_ALL, CONFIG, "nme_domain", NULL },
	{ OPTION_ALL, OPTION_ALL, OPERATION_UNKNOWN, "all", NULL },
};

#define MANUFACTURER_FIRST 0x80

static const struct block *find_block(uint8_t option, uint8_t suboption)
{
	static const struct block manufacturer = { MANUFACTURER_FIRST, OPTION_ALL, CONFIG,
						   "manufacturer_specific", NULL };

	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		if (blocks[i].option == option &&
		    (blocks[i].suboption == suboption || blocks[i].suboption == OPTION_ALL)) {
			return &blocks[i];
		}
	}
	return option >= MANUFACTURER_FIRST && option != OPTION_ALL ? &manufacturer : NULL;
}

/* ---- walking ---- */

/* Of what one message sets, the gravest names it; a signal or a transaction alone is less. */
static void add_operation(struct dcp_walk *walk, enum operation operation)
{
	static const uint8_t rank[OPERATIONS] = {
		[OPERATION_SESSION] = 1,      [OPERATION_CONTROL] = 2,
		[OPERATION_CONFIG_WRITE] = 3, [OPERATION_ADDRESS_CHANGE] = 4,
		[OPERATION_MEMORY_RESET] = 5,
	};

	if (rank[operation] > rank[walk->operation]) {
		walk->operation = operation;
	}
}

/* The answer to a block that was set stands without BlockInfo: what it is about instead. */
static bool has_word(const struct dcp_walk *walk, const struct cursor *content)
{
	return walk->form != DCP_FILTER && cur_left(content) >= 2;
}

static void one_block(struct dcp_walk *walk, uint8_t option, uint8_t suboption,
		      struct cursor content)
{
	const struct block *block = find_block(option, suboption);

	if (walk->n_blocks < DCP_BLOCKS_MAX) {
		walk->blocks[walk->n_blocks++] = block != NULL ? block->name : "unknown";
	}
	walk->word = has_word(walk, &content) ? cur_be16(&content) : 0;
	if (walk->form == DCP_QUALIFIER) {
		add_operation(walk, block != NULL ? (enum operation)block->operation : CONFIG);
		if ((walk->word & PERMANENT) != 0 && option != 5) {
			record_put_bool(walk->d->writer, PUT(PERMANENT), true);
		}
	}
	if (block != NULL && block->put != NULL && walk->form != DCP_ASKED) {
		block->put(walk, content);
	}
}

static void put_lists(struct dcp_walk *walk)
{
	struct record_writer *writer = walk->d->writer;

	if (walk->n_blocks > 0 && !walk->answers) {
		record_put_statics(writer, PUT(BLOCKS), walk->blocks, walk->n_blocks);
	}
	if (walk->n_refused > 0) {
		record_put_statics(writer, PUT(REFUSED), walk->refused, walk->n_refused);
		record_put_statics(writer, PUT(ERRORS), walk->errors, walk->n_refused);
	}
}

void dcp_blocks(struct dcp_walk *walk, struct cursor rest)
{
	bool ok = true;

	while (ok && cur_left(&rest) > 0) {
		uint8_t option = cur_u8(&rest), suboption = cur_u8(&rest);
		uint16_t length = walk->form != DCP_ASKED ? cur_be16(&rest) : 0;
		struct cursor content = cur_sub(&rest, length);

		ok = cur_ok(&rest) && cur_ok(&content);
		if (ok) {
			one_block(walk, option, suboption, content);
			cur_skip(&rest, length % 2 != 0 && cur_left(&rest) > 0 ? 1 : 0);
		}
	}
	walk->malformed |= !ok;
	put_lists(walk);
}
