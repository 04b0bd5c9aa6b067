/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/core_fields.h"

#include "dissectors/dissector.h"

static bool core_start(const struct event *event, struct field_value *out)
{
	return field_is_time(out, event->record->start);
}

static bool core_duration(const struct event *event, struct field_value *out)
{
	return event->record->duration >= 0 && field_is_int(out, event->record->duration);
}

/* Only what was answered, or could have been, has an outcome. */
static bool core_outcome(const struct event *event, struct field_value *out)
{
	const struct record *r = event->record;
	bool has =
	    (r->kind == RECORD_TRANSACTION && r->phase != PHASE_REQUEST) || r->kind == RECORD_ITEM;

	return has && field_is_text(out, outcome_name((enum outcome)r->outcome));
}

static bool core_source_ip(const struct event *event, struct field_value *out)
{
	return field_is_ip(out, &event->record->source.ip);
}

static bool core_destination_ip(const struct event *event, struct field_value *out)
{
	return field_is_ip(out, &event->record->destination.ip);
}

static bool has_ports(const struct record *r)
{
	return r->ip_protocol == IP_PROTOCOL_TCP || r->ip_protocol == IP_PROTOCOL_UDP;
}

static bool core_source_port(const struct event *event, struct field_value *out)
{
	return has_ports(event->record) && field_is_uint(out, event->record->source.port);
}

static bool core_destination_port(const struct event *event, struct field_value *out)
{
	return has_ports(event->record) && field_is_uint(out, event->record->destination.port);
}

static bool core_source_mac(const struct event *event, struct field_value *out)
{
	return field_is_mac(out, &event->record->source.mac);
}

static bool core_destination_mac(const struct event *event, struct field_value *out)
{
	return field_is_mac(out, &event->record->destination.mac);
}

static bool core_type(const struct event *event, struct field_value *out)
{
	static const char *const names[7] = { [4] = "ipv4", [6] = "ipv6" };

	return event->record->ip_version < ARRAY_SIZE(names) &&
	       field_is_text(out, names[event->record->ip_version]);
}

static bool core_transport(const struct event *event, struct field_value *out)
{
	static const char *const names[256] = {
		[1] = "icmp",   [2] = "igmp",   [6] = "tcp",        [17] = "udp",  [47] = "gre",
		[50] = "esp",   [51] = "ah",    [58] = "ipv6-icmp", [89] = "ospf", [103] = "pim",
		[112] = "vrrp", [115] = "l2tp", [132] = "sctp",
	};
	const struct record *r = event->record;

	return r->ip_version != 0 && field_is_text(out, names[r->ip_protocol]);
}

static bool core_protocol(const struct event *event, struct field_value *out)
{
	const struct record *r = event->record;
	struct record_field stored;

	if (r->protocol < dissector_count()) {
		return field_is_text(out, dissector_at(r->protocol)->name);
	}
	/* A flow that no dissector claims has the name that the naming engine gave. */
	if ((r->kind != RECORD_FLOW && r->kind != RECORD_CONVERSATION) ||
	    !record_find_field(r, CORE_FLOW_PROTOCOL, &stored)) {
		return false;
	}
	field_of_record(FIELD_STRING, &stored, out);
	return true;
}

/* VLAN ids are keywords in ECS, hence texts. */
static bool core_vlan(const struct event *event, struct field_value *out)
{
	uint32_t key = event->record->vlan;

	return key != 0 && field_is_decimal(out, key > 0xfff ? key >> 12 : key);
}

static bool core_inner_vlan(const struct event *event, struct field_value *out)
{
	uint32_t key = event->record->vlan;

	return key > 0xfff && field_is_decimal(out, key & 0xfff);
}

static bool core_kind(const struct event *event, struct field_value *out)
{
	return field_is_text(out, record_kind_name((enum record_kind)event->record->kind));
}

/* Only what somebody did has an operation; unknown codes do ("unknown"). */
static bool core_operation(const struct event *event, struct field_value *out)
{
	const struct record *r = event->record;
	bool has = r->kind == RECORD_TRANSACTION || r->kind == RECORD_ITEM ||
		   (r->kind == RECORD_CONVERSATION && r->operation != OPERATION_UNKNOWN);

	return has && field_is_text(out, operation_name((enum operation)r->operation));
}

static bool core_phase(const struct event *event, struct field_value *out)
{
	static const char *const names[] = { NULL, "request", "complete" };

	return event->record->phase < ARRAY_SIZE(names) &&
	       field_is_text(out, names[event->record->phase]);
}

static bool core_status(const struct event *event, struct field_value *out)
{
	static const char *const names[TRANSACTION_STATUSES] = {
		[TRANSACTION_ANSWERED] = "answered",
		[TRANSACTION_UNANSWERED] = "unanswered",
		[TRANSACTION_NO_ANSWER_SEEN] = "no_answer_in_capture",
		[TRANSACTION_BLIND] = "blind",
		[TRANSACTION_ORPHAN] = "orphan_response",
	};

	return event->record->status < TRANSACTION_STATUSES &&
	       field_is_text(out, names[event->record->status]);
}

static bool core_key(const struct event *event, struct field_value *out)
{
	return field_is_hex(out, event->record->key);
}

/* A flag is present only when it is set. */
static bool flag(const struct event *event, struct field_value *out, unsigned mask)
{
	return (event->record->flags & mask) != 0 && field_is_bool(out, true);
}

static bool core_truncated(const struct event *event, struct field_value *out)
{
	return flag(event, out, RECORD_TRUNCATED);
}

static bool core_snapped(const struct event *event, struct field_value *out)
{
	return flag(event, out, RECORD_SNAPPED);
}

static bool core_blind_flow(const struct event *event, struct field_value *out)
{
	return flag(event, out, RECORD_BLIND_FLOW | RECORD_ONE_SIDED);
}

static bool core_domain(const struct event *event, struct field_value *out)
{
	return field_is_uint(out, event->record->domain);
}

static bool core_interface(const struct event *event, struct field_value *out)
{
	return field_is_uint(out, event->record->source_interface);
}

static bool core_number(const struct event *event, struct field_value *out)
{
	return field_is_uint(out, event->record->number);
}

const struct field core_fields[CORE_FIELD_COUNT] = {
#define X(id, name, type, flags, unit, meaning, get) \
	[CORE_##id] = { name, FIELD_##type, flags, unit, meaning, get },
	CORE_FIELDS(X)
#undef X
};
