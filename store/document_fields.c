/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/document_fields.h"

#include "store/inventory_private.h"

#define TEXT(name, flags, meaning)                             \
	{                                                      \
		name, FIELD_STRING, flags, NULL, meaning, NULL \
	}
#define COUNT(name, flags, meaning)                          \
	{                                                    \
		name, FIELD_UINT, flags, NULL, meaning, NULL \
	}
#define BYTES(name, flags, meaning)                             \
	{                                                       \
		name, FIELD_UINT, flags, "bytes", meaning, NULL \
	}
#define TIME(name, flags, meaning)                           \
	{                                                    \
		name, FIELD_TIME, flags, NULL, meaning, NULL \
	}
#define DURATION(name, meaning)                         \
	{                                               \
		name, FIELD_INT, 0, "ns", meaning, NULL \
	}
#define IS(name, flags, meaning)                             \
	{                                                    \
		name, FIELD_BOOL, flags, NULL, meaning, NULL \
	}

const struct field document_head_fields[] = {
	TIME("@timestamp", FIELD_ALWAYS, "Time of the packet that made the document"),
	TEXT("event.id", 0, "Identifies the document"),
	TEXT("event.kind", FIELD_ALWAYS | FIELD_ENUM, "event, alert, asset or metric"),
	TEXT("event.category", FIELD_ALWAYS | FIELD_LIST | FIELD_ENUM, "Category of ECS"),
	TEXT("event.type", FIELD_ALWAYS | FIELD_LIST | FIELD_ENUM, "Type of ECS"),
	TEXT("event.dataset", FIELD_ALWAYS | FIELD_ENUM,
	     "weir.alert, weir.finding, weir.asset, weir.conversation, weir.flow, weir.policy, "
	     "weir.sensor, weir.blind, or weir. and the protocol"),
	TEXT("ecs.version", FIELD_ALWAYS, "Version of ECS"),
	TEXT("observer.name", 0, "Name of the sensor"),
	TEXT("observer.type", FIELD_ENUM, "ids"),
};

const size_t document_n_head_fields = ARRAY_SIZE(document_head_fields);

const struct field asset_document_fields[] = {
	TEXT("host.id", FIELD_ALWAYS, "Id of the asset"),
	TEXT("host.name", 0, "Name of the asset"),
	{ "host.ip", FIELD_IP, FIELD_ALWAYS | FIELD_LIST, NULL, "Addresses", NULL },
	{ "host.mac", FIELD_MAC, FIELD_ALWAYS | FIELD_LIST, NULL, "Link addresses", NULL },
	TEXT("host.type", FIELD_ENUM, "Role of the asset"),
	TEXT("host.geo.country_iso_code", 0, "Country of its public address"),
	TEXT("device.manufacturer", 0, "Maker"),
	TEXT("device.serial_number", 0, "Serial number"),
	TEXT("device.model.name", 0, "Model"),
	TEXT("device.model.identifier", 0, "Order number, catalogue number"),
	TEXT("device.product.name", 0, "Product"),
	TEXT("weir.asset.id", FIELD_ALWAYS, "Id of the asset"),
	TEXT("weir.asset.aliases", FIELD_ALWAYS | FIELD_LIST, "Ids that it had, too"),
	TEXT("weir.asset.type", FIELD_ENUM, "What it is: plc, rtu, hmi..."),
	TEXT("weir.asset.type_rule", 0, "Rule that says so"),
	TEXT("weir.asset.type_reason", FIELD_PROSE, "Why the rule holds"),
	TEXT("weir.asset.role", FIELD_ENUM, "What it does: controller, hmi_scada..."),
	TEXT("weir.asset.role_rule", 0, "Rule that says so"),
	TEXT("weir.asset.role_reason", FIELD_PROSE, "Why the rule holds"),
	TEXT("weir.asset.level", 0, "Purdue level: 0 to 5, 3.5"),
	TEXT("weir.asset.level_rule", 0, "Rule that says so"),
	TEXT("weir.asset.level_reason", FIELD_PROSE, "Why the rule holds"),
	TEXT("weir.asset.importance", FIELD_ENUM, "How much the plant depends on it"),
	TEXT("weir.asset.importance_rule", 0, "Rule that says so"),
	TEXT("weir.asset.importance_reason", FIELD_PROSE, "Why the rule holds"),
	TEXT("weir.asset.risks[].name", 0, "What is weak about it"),
	TEXT("weir.asset.risks[].rule", 0, "Rule that says so"),
	TEXT("weir.asset.risks[].reason", FIELD_PROSE, "Why the rule holds"),
	TEXT("weir.asset.vendor", 0, "Maker"),
	TEXT("weir.asset.product", 0, "Product"),
	TEXT("weir.asset.product_code", 0, "Order number, catalogue number"),
	TEXT("weir.asset.model", 0, "Model"),
	TEXT("weir.asset.revision", 0, "Revision of the firmware, unless there are several"),
	TEXT("weir.asset.serial_number", 0, "Serial number"),
	TEXT("weir.asset.hardware_version", 0, "Version of the hardware"),
	TEXT("weir.asset.firmware_version", 0, "Version of the firmware"),
	TEXT("weir.asset.device_name", 0, "Name that the device has for itself"),
	TEXT("weir.asset.device_type", 0, "Type of device, as its protocol calls it"),
	TEXT("weir.asset.module_name", 0, "Name of the module"),
	TEXT("weir.asset.plant_id", 0, "Plant designation"),
	TEXT("weir.asset.location", 0, "Where it stands"),
	TEXT("weir.asset.owner", 0, "Who answers for it"),
	TEXT("weir.asset.criticality", FIELD_ENUM, "Criticality that a person gave it"),
	TEXT("weir.asset.zone", 0, "Zone of IEC 62443"),
	TEXT("weir.asset.asset_tag", 0, "Number in the books"),
	TEXT("weir.asset.note", 0, "What a person wrote about it"),
	TEXT("weir.asset.description", 0, "What it says of itself"),
	TEXT("weir.asset.mode", 0, "Operating mode: run, stop, program..."),
	TEXT("weir.asset.key_position", 0, "Position of the mode switch"),
	TEXT("weir.asset.protection_level", 0, "What a client may do without a password"),
	COUNT("weir.asset.domain", FIELD_ALWAYS, "Address space"),
	TEXT("weir.asset.vlans", FIELD_ALWAYS | FIELD_LIST, "VLANs that it is in"),
	{ "weir.asset.former_ip", FIELD_IP, FIELD_LIST, NULL, "Addresses that it had", NULL },
	TEXT("weir.asset.protocols.client", FIELD_ALWAYS | FIELD_LIST, "Protocols that it asks by"),
	TEXT("weir.asset.protocols.server", FIELD_ALWAYS | FIELD_LIST,
	     "Protocols that it answers by"),
	IS("weir.asset.ghost", FIELD_ALWAYS, "It was asked for and never heard"),
	IS("weir.asset.uncertain", FIELD_ALWAYS, "It may be several devices"),
	IS("weir.asset.router", FIELD_ALWAYS, "It carries packets of others"),
	IS("weir.asset.virtual", FIELD_ALWAYS, "Its addresses belong to several devices in turn"),
	IS("weir.asset.silent", FIELD_ALWAYS, "It fell silent"),
	IS("weir.asset.address_conflict", FIELD_ALWAYS, "Another device uses its address"),
	TIME("weir.asset.first_seen", FIELD_ALWAYS, "When it was first seen"),
	TIME("weir.asset.last_seen", FIELD_ALWAYS, "When it was last seen"),
	COUNT("weir.asset.packets", FIELD_ALWAYS, "Packets that it sent"),
	BYTES("weir.asset.bytes", FIELD_ALWAYS, "Bytes that it sent"),
	COUNT("weir.asset.as.number", 0, "Autonomous system of its public address"),
	TEXT("weir.asset.as.organization.name", 0, "Who runs that system"),
	COUNT("weir.asset.units[].id", 0, "Number of the unit, slot or outstation"),
	TEXT("weir.asset.units[].kind", FIELD_ENUM, "unit, slot or outstation"),
	COUNT("weir.asset.units[].asked", 0, "Requests to it"),
	COUNT("weir.asset.units[].answered", 0, "Answers from it"),
	TEXT("weir.asset.units[].{identity}", 0, "What is known of the unit"),
	TEXT("weir.asset.attributes[].name", 0, "What is told"),
	TEXT("weir.asset.attributes[].value", 0, "What it is"),
	COUNT("weir.asset.attributes[].unit", 0, "Unit that it is about"),
	TEXT("weir.asset.attributes[].unit_kind", FIELD_ENUM, "unit, slot or outstation"),
	TEXT("weir.asset.attributes[].source", 0, "Who told it"),
	COUNT("weir.asset.attributes[].confidence", 0, "How surely, 0 to 100"),
	TIME("weir.asset.attributes[].first_seen", 0, "When it was first told"),
	TIME("weir.asset.attributes[].last_seen", 0, "When it was last told"),
	TIME("weir.asset.attributes[].until", 0, "Until when it held"),
	{ "weir.asset.bindings[].ip", FIELD_IP, 0, NULL, "Address", NULL },
	{ "weir.asset.bindings[].mac", FIELD_MAC, 0, NULL, "Link address", NULL },
	TEXT("weir.asset.bindings[].vlan", 0, "VLAN in which they were seen together"),
	TEXT("weir.asset.bindings[].evidence", FIELD_LIST, "By what they were seen together"),
	IS("weir.asset.bindings[].former", 0, "Another device has the address now"),
	TIME("weir.asset.bindings[].first_seen", 0, "When they were first seen together"),
	TIME("weir.asset.bindings[].last_seen", 0, "When they were last seen together"),
	TEXT("weir.asset.identity_reasons", FIELD_ALWAYS | FIELD_LIST | FIELD_PROSE,
	     "Why these addresses are one device"),
};

const size_t asset_document_n_fields = ARRAY_SIZE(asset_document_fields);

const struct field conversation_document_fields[] = {
	TIME("event.start", FIELD_ALWAYS, "When they were first seen"),
	TIME("event.end", FIELD_ALWAYS, "When they were last seen"),
	{ "source.ip", FIELD_IP, 0, NULL, "Address of the one who asks", NULL },
	{ "source.mac", FIELD_MAC, 0, NULL, "Link address of the one who asks", NULL },
	BYTES("source.bytes", FIELD_ALWAYS, "Bytes of the one who asks"),
	COUNT("source.packets", FIELD_ALWAYS, "Packets of the one who asks"),
	{ "destination.ip", FIELD_IP, 0, NULL, "Address of the one asked", NULL },
	{ "destination.mac", FIELD_MAC, 0, NULL, "Link address of the one asked", NULL },
	COUNT("destination.port", 0, "Port of the one asked"),
	BYTES("destination.bytes", FIELD_ALWAYS, "Bytes of the one asked"),
	COUNT("destination.packets", FIELD_ALWAYS, "Packets of the one asked"),
	TEXT("network.transport", FIELD_ENUM, "tcp, udp, icmp or ipv6-icmp"),
	TEXT("network.protocol", 0, "Protocol that they speak"),
	TEXT("network.vlan.id", 0, "VLAN"),
	TEXT("weir.conversation.id", FIELD_ALWAYS, "Id of the conversation"),
	TEXT("weir.conversation.{end}.asset", 0, "Id of the asset"),
	TEXT("weir.conversation.{end}.name", 0, "Name of the asset"),
	TEXT("weir.conversation.{end}.role", FIELD_ENUM, "Role of the asset"),
	TEXT("weir.conversation.{end}.type", FIELD_ENUM, "Type of the asset"),
	TEXT("weir.conversation.{end}.level", 0, "Purdue level of the asset"),
	TEXT("weir.conversation.{end}.vendor", 0, "Maker of the asset"),
	TEXT("weir.conversation.{end}.zone", 0, "Zone of the asset"),
	COUNT("weir.conversation.domain", FIELD_ALWAYS, "Address space"),
	TEXT("weir.conversation.carried_by.id", 0, "Conversation that it rides in"),
	TEXT("weir.conversation.carried_by.protocol", 0, "Protocol of that one"),
	TEXT("weir.conversation.applications", FIELD_ALWAYS | FIELD_LIST,
	     "Applications that the naming engine found"),
	TEXT("weir.conversation.categories", FIELD_ALWAYS | FIELD_LIST,
	     "Categories that the naming engine gave"),
	TEXT("weir.conversation.risks", FIELD_ALWAYS | FIELD_LIST,
	     "Risks that the naming engine found"),
	COUNT("weir.conversation.flows", FIELD_ALWAYS, "Flows"),
	COUNT("weir.conversation.requests", FIELD_ALWAYS, "Requests"),
	COUNT("weir.conversation.failures", FIELD_ALWAYS, "Requests that failed"),
	COUNT("weir.conversation.unanswered", FIELD_ALWAYS, "Requests without an answer"),
	TEXT("weir.conversation.pattern", FIELD_ENUM, "Rhythm of the most frequent operation"),
	DURATION("weir.conversation.cycle_time", "Cycle of that operation"),
	DURATION("weir.conversation.jitter", "How far it strays from its cycle"),
	COUNT("weir.conversation.operations.{operation}.count", 0, "How often"),
	COUNT("weir.conversation.operations.{operation}.failures", 0, "How often in vain"),
	TEXT("weir.conversation.operations.{operation}.pattern", FIELD_ENUM, "Rhythm"),
	DURATION("weir.conversation.operations.{operation}.cycle_time", "Cycle"),
	DURATION("weir.conversation.operations.{operation}.jitter",
		 "How far it strays from its cycle"),
	TIME("weir.conversation.operations.{operation}.first_seen", 0, "When it was first done"),
	TIME("weir.conversation.operations.{operation}.last_seen", 0, "When it was last done"),
	TEXT("weir.conversation.held", FIELD_LIST | FIELD_ENUM,
	     "Operations that wait for a person to say that they are normal"),
	TEXT("weir.conversation.functions[].name", 0, "Function of the protocol"),
	COUNT("weir.conversation.functions[].count", 0, "How often"),
	COUNT("weir.conversation.functions[].failures", 0, "How often in vain"),
	COUNT("weir.conversation.functions_refused", 0,
	      "Requests of functions that found no room in the list"),
	TEXT("weir.conversation.targets[].name", 0, "What was read, written or loaded"),
	TEXT("weir.conversation.targets[].operation", FIELD_ENUM, "What was done"),
	COUNT("weir.conversation.targets[].unit", 0, "Unit that it was done to"),
	COUNT("weir.conversation.targets[].count", 0, "How often"),
	COUNT("weir.conversation.targets[].count_over", 0, "By how much the count may be too high"),
	COUNT("weir.conversation.targets[].failures", 0, "How often in vain"),
	TIME("weir.conversation.targets[].first_seen", 0, "When it was first done"),
	TIME("weir.conversation.targets[].last_seen", 0, "When it was last done"),
	COUNT("weir.conversation.targets_dropped", 0, "Targets that found no room in the list"),
	COUNT("weir.conversation.units[].id", 0, "Unit behind the one asked"),
	COUNT("weir.conversation.units[].asked", 0, "Requests to it"),
	COUNT("weir.conversation.units[].answered", 0, "Answers from it"),
	COUNT("weir.conversation.response_time.count", 0, "Answers that were timed"),
	DURATION("weir.conversation.response_time.min", "Fastest answer"),
	DURATION("weir.conversation.response_time.avg", "Average"),
	DURATION("weir.conversation.response_time.p50", "Median"),
	DURATION("weir.conversation.response_time.p95", "95 % are not slower"),
	DURATION("weir.conversation.response_time.p99", "99 % are not slower"),
	DURATION("weir.conversation.response_time.max", "Slowest answer"),
	TIME("weir.conversation.first_seen", FIELD_ALWAYS, "When they were first seen"),
	TIME("weir.conversation.last_seen", FIELD_ALWAYS, "When they were last seen"),
};

const size_t conversation_document_n_fields = ARRAY_SIZE(conversation_document_fields);

const struct field traffic_document_fields[] = {
	TIME("event.start", 0, "Begin of the time that is summed up"),
	TIME("event.end", 0, "Its end"),
	TEXT("weir.traffic.conversation", 0, "Id of the conversation that the summary is about"),
	COUNT("weir.traffic.operations.{operation}.count", 0, "How often in that time"),
	COUNT("weir.traffic.operations.{operation}.failures", 0, "How often in vain"),
	TEXT("weir.traffic.operations.{operation}.pattern", FIELD_ENUM, "Rhythm"),
};

const size_t traffic_document_n_fields = ARRAY_SIZE(traffic_document_fields);

const struct field health_document_fields[] = {
	COUNT("weir.health.packets", 0, "Packets since the sensor began"),
	COUNT("weir.health.packets_lost", 0, "Packets that it lost since then"),
	COUNT("weir.health.duplicates", 0, "Packets that came twice"),
	COUNT("weir.health.records", 0, "Records that were made of them"),
	COUNT("weir.health.records_lost", 0, "Records that were lost"),
	COUNT("weir.health.blind_intervals", 0, "Holes in conversations"),
	BYTES("weir.health.blind_bytes", 0, "Bytes in these holes"),
	COUNT("weir.health.assets", 0, "Assets"),
	COUNT("weir.health.conversations", 0, "Conversations"),
	COUNT("weir.journal.sequence", 0, "Number of the journal's newest row"),
	TEXT("weir.journal.hash", 0, "Its hash, into which every row before it goes"),
};

const size_t health_document_n_fields = ARRAY_SIZE(health_document_fields);

const char *document_word(const char *placeholder, size_t i)
{
	static const char *const ends[] = { "source", "destination" };

	if (strcmp(placeholder, "{operation}") == 0) {
		return i < OPERATIONS ? operation_name((enum operation)i) : NULL;
	}
	if (strcmp(placeholder, "{identity}") == 0) {
		return i < IDENTITIES ? attribute_kind_name((enum identity)i) : NULL;
	}
	return strcmp(placeholder, "{end}") == 0 && i < ARRAY_SIZE(ends) ? ends[i] : NULL;
}
