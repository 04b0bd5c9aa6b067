/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Parts of LLDP that organisations define: IEEE 802.1 (802.1Q-2018, D), IEEE 802.3 (802.3-2018,
 *79), LLDP-MED (TIA-1057), PROFINET (IEC 61158-6-10).
 *
 *	organisation 3 | subtype 1 | value */

#include "dissectors/lldp_private.h"

enum { IEEE_8021 = 0x0080c2, IEEE_8023 = 0x00120f, MED = 0x0012bb, PROFINET = 0x000ecf };
enum { PROFINET_DELAYS = 1 };

typedef bool put_part(struct dissection *d, struct cursor value, struct lldp_message *message);

/* ---- 802.1 ---- */

static bool put_port_vlan(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	(void)message;
	return announcement_put_be16(d, FIELD_LOCAL(LLDP_PORT_VLAN), value);
}

static bool put_vlan_name(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	uint16_t vlan = cur_be16(&value);
	struct cursor name = cur_sub(&value, cur_u8(&value));

	if (!cur_ok(&name)) {
		return false;
	}
	if (message->n_vlans == 0) {
		record_put_bytes(d->writer, FIELD_LOCAL(LLDP_VLAN_NAME), announcement_text(name));
	}
	if (message->n_vlans < LLDP_VLANS_MAX) {
		message->vlans[message->n_vlans++] = vlan;
	}
	return true;
}

/* ---- 802.3 ---- */

/* Status 1: bit 0 supported, bit 1 enabled | advertised 2 | operational type 2. */
static bool put_phy(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	static const char *const states[] = { "unsupported", "disabled", "unsupported", "enabled" };
	uint8_t status = cur_u8(&value);

	(void)message;
	cur_skip(&value, 2);
	if (!announcement_put_be16(d, FIELD_LOCAL(LLDP_MAU_TYPE), value)) {
		return false;
	}
	record_put_static(d->writer, FIELD_LOCAL(LLDP_NEGOTIATION), states[status & 3]);
	return true;
}

/* Support 1 | pair 1 | class 1, counted from 1; of later editions: | priority 1 | requested 2 |
 * allocated 2, in tenths of a watt. */
static bool put_power(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	uint8_t support = cur_u8(&value), class;
	uint16_t requested, allocated;

	(void)message;
	cur_skip(&value, 1);
	class = cur_u8(&value);
	if (!cur_ok(&value)) {
		return false;
	}
	record_put_static(d->writer, FIELD_LOCAL(LLDP_POWER_ROLE),
			  (support & 1) != 0 ? "source" : "device");
	if (class > 0) {
		record_put_uint(d->writer, FIELD_LOCAL(LLDP_POWER_CLASS), class - 1U);
	}
	cur_skip(&value, 1);
	requested = cur_be16(&value);
	allocated = cur_be16(&value);
	if (cur_ok(&value)) {
		record_put_uint(d->writer, FIELD_LOCAL(LLDP_POWER_REQUESTED), requested * 100U);
		record_put_uint(d->writer, FIELD_LOCAL(LLDP_POWER_ALLOCATED), allocated * 100U);
	}
	return true;
}

static bool put_frame_size(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	(void)message;
	return announcement_put_be16(d, FIELD_LOCAL(LLDP_MTU), value);
}

/* ---- LLDP-MED ---- */

static bool put_med_class(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	static const char *const classes[] = { NULL, "endpoint", "media_endpoint",
					       "communication_device", "network_connectivity" };
	uint8_t class;

	(void)message;
	cur_skip(&value, 2);
	class = cur_u8(&value);
	if (cur_ok(&value)) {
		record_put_static(d->writer, FIELD_LOCAL(LLDP_MED_CLASS),
				  class < ARRAY_SIZE(classes) ? classes[class] : NULL);
	}
	return cur_ok(&value);
}

/* The inventory, by subtype from 5 on. */
enum { INVENTORY_FIRST = 5 };
static const uint16_t inventory[] = {
	LLDP_MED_HARDWARE,     LLDP_MED_FIRMWARE, LLDP_MED_SOFTWARE, LLDP_MED_SERIAL,
	LLDP_MED_MANUFACTURER, LLDP_MED_MODEL,    LLDP_MED_ASSET,
};

/* ---- PROFINET ---- */

/* Of receiving and sending, here and there, 4 each; then of the cable. */
static bool put_delays(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	uint32_t cable;

	(void)message;
	cur_skip(&value, 16);
	cable = cur_be32(&value);
	if (cur_ok(&value) && cable != 0) {
		record_put_uint(d->writer, FIELD_LOCAL(LLDP_LINE_DELAY), cable);
	}
	return cur_ok(&value);
}

static bool put_port_status(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	static const char *const classes_3[8] = {
		[0] = "off", [2] = "up", [3] = "down", [4] = "run"
	};
	uint16_t class_2 = cur_be16(&value), class_3 = cur_be16(&value);

	(void)message;
	if (cur_ok(&value)) {
		record_put_uint(d->writer, FIELD_LOCAL(LLDP_RT2_STATUS), class_2);
		record_put_static(d->writer, FIELD_LOCAL(LLDP_RT3_STATUS), classes_3[class_3 & 7]);
	}
	return cur_ok(&value);
}

static bool put_mrp(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	static const char none[] = "00000000-0000-0000-0000-000000000000";
	char domain[UUID_TEXT_SIZE];

	(void)message;
	announcement_uuid(&value, domain);
	if (!cur_ok(&value)) {
		return false;
	}
	record_put_text(d->writer, FIELD_LOCAL(LLDP_MRP_DOMAIN), domain);
	if (strcmp(domain, none) != 0) {
		record_put_static(d->writer, FIELD_LOCAL(LLDP_REDUNDANCY), "mrp");
	}
	return true;
}

static bool put_chassis_mac(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	struct mac mac = cur_mac(&value);

	if (cur_ok(&value) && !mac_is_none(&mac) && !mac_is_group(&mac)) {
		message->profinet_mac = mac;
		record_put_mac(d->writer, FIELD_LOCAL(LLDP_PROFINET_MAC), &mac);
	}
	return cur_ok(&value);
}

/* Master 6 | domain 16 | data of isochronous real time 16 | periods, 4 each. */
static bool put_ptcp(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	struct mac master = cur_mac(&value);
	char domain[UUID_TEXT_SIZE];

	(void)message;
	announcement_uuid(&value, domain);
	if (!cur_ok(&value)) {
		return false;
	}
	record_put_mac(d->writer, FIELD_LOCAL(LLDP_PTCP_MASTER), &master);
	record_put_text(d->writer, FIELD_LOCAL(LLDP_PTCP_DOMAIN), domain);
	return true;
}

/* ---- all ---- */

static const struct {
	uint32_t organisation;
	uint8_t subtype;
	put_part *put;
} rows[] = {
	{ IEEE_8021, 1, put_port_vlan },
	{ IEEE_8021, 3, put_vlan_name },
	{ IEEE_8023, 1, put_phy },
	{ IEEE_8023, 2, put_power },
	{ IEEE_8023, 4, put_frame_size },
	{ MED, 1, put_med_class },
	{ PROFINET, PROFINET_DELAYS, put_delays },
	{ PROFINET, 2, put_port_status },
	{ PROFINET, 4, put_mrp },
	{ PROFINET, 5, put_chassis_mac },
	{ PROFINET, 6, put_ptcp },
};

bool lldp_put_organisation(struct dissection *d, struct cursor value, struct lldp_message *message)
{
	uint32_t organisation = cur_be24(&value);
	uint8_t subtype = cur_u8(&value);

	if (!cur_ok(&value)) {
		return false;
	}
	message->is_profinet = message->is_profinet || organisation == PROFINET;
	if (organisation == MED && subtype >= INVENTORY_FIRST &&
	    subtype < INVENTORY_FIRST + ARRAY_SIZE(inventory)) {
		record_put_bytes(d->writer, FIELD_LOCAL(inventory[subtype - INVENTORY_FIRST]),
				 announcement_text(value));
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].organisation == organisation && rows[i].subtype == subtype) {
			return rows[i].put(d, value, message);
		}
	}
	return true;
}

bool lldp_is_measured(struct cursor value)
{
	uint32_t organisation = cur_be24(&value);

	return organisation == PROFINET && cur_u8(&value) == PROFINET_DELAYS;
}
