/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* core_fields.h - fields that belong to every protocol: those of the record's head, and those of
 * the flow, blind and sensor records of this room.  Added first to every registry, so that their
 * ids are these constants.  A protocol that has a unit id or items uses these instead of its own.
 */

#include "dissectors/field.h"

#define CORE_FIELDS(X)                                                                             \
	X(MESSAGE_TEXT, "message", STRING, FIELD_PROSE, NULL, "One sentence for a person", NULL)   \
	X(START, "event.start", TIME, 0, NULL, "Time of the request, or of the first packet",      \
	  core_start)                                                                              \
	X(DURATION, "event.duration", INT, 0, "ns", "From request to response", core_duration)     \
	X(OUTCOME, "event.outcome", STRING, FIELD_ENUM, NULL,                                      \
	  "The device's answer: success, failure or unknown", core_outcome)                        \
	X(SOURCE_IP, "source.ip", IP, FIELD_OF_ENDS, NULL, "Address of the initiator",             \
	  core_source_ip)                                                                          \
	X(SOURCE_PORT, "source.port", UINT, FIELD_OF_ENDS, NULL, "Port of the initiator",          \
	  core_source_port)                                                                        \
	X(SOURCE_MAC, "source.mac", MAC, FIELD_OF_ENDS, NULL,                                      \
	  "Link address that the initiator's frames came from", core_source_mac)                   \
	X(SOURCE_BYTES, "source.bytes", UINT, 0, "bytes", "Bytes that the initiator sent", NULL)   \
	X(SOURCE_PACKETS, "source.packets", UINT, 0, NULL, "Packets that the initiator sent",      \
	  NULL)                                                                                    \
	X(DESTINATION_IP, "destination.ip", IP, FIELD_OF_ENDS, NULL, "Address of the one asked",   \
	  core_destination_ip)                                                                     \
	X(DESTINATION_PORT, "destination.port", UINT, FIELD_OF_ENDS, NULL,                         \
	  "Port of the one asked", core_destination_port)                                          \
	X(DESTINATION_MAC, "destination.mac", MAC, FIELD_OF_ENDS, NULL,                            \
	  "Link address that the frames of the one asked came from", core_destination_mac)         \
	X(DESTINATION_BYTES, "destination.bytes", UINT, 0, "bytes", "Bytes that it sent", NULL)    \
	X(DESTINATION_PACKETS, "destination.packets", UINT, 0, NULL, "Packets that it sent", NULL) \
	X(NETWORK_TYPE, "network.type", STRING, FIELD_ENUM | FIELD_OF_ENDS, NULL, "ipv4 or ipv6",  \
	  core_type)                                                                               \
	X(NETWORK_TRANSPORT, "network.transport", STRING, FIELD_ENUM | FIELD_OF_ENDS, NULL,        \
	  "tcp, udp, icmp, ipv6-icmp...", core_transport)                                          \
	X(NETWORK_PROTOCOL, "network.protocol", STRING, FIELD_ENUM | FIELD_OF_ENDS, NULL,          \
	  "Protocol, as the dissector or the naming engine found it", core_protocol)               \
	X(NETWORK_APPLICATION, "network.application", STRING, 0, NULL,                             \
	  "Application that the naming engine found", NULL)                                        \
	X(NETWORK_VLAN, "network.vlan.id", STRING, FIELD_OF_ENDS, NULL, "Outer VLAN id",           \
	  core_vlan)                                                                               \
	X(NETWORK_INNER_VLAN, "network.inner.vlan.id", STRING, FIELD_OF_ENDS, NULL,                \
	  "Inner VLAN id", core_inner_vlan)                                                        \
	X(KIND, "weir.kind", STRING, FIELD_ENUM, NULL,                                             \
	  "transaction, item, flow, asset_change, conversation, policy, blind, sensor or alert",   \
	  core_kind)                                                                               \
	X(OPERATION, "weir.operation", STRING, FIELD_ENUM, NULL,                                   \
	  "What was done, the same word in every protocol", core_operation)                        \
	X(PHASE, "weir.phase", STRING, FIELD_ENUM, NULL,                                           \
	  "request: reported at once; complete: with its outcome", core_phase)                     \
	X(TRANSACTION_KEY, "weir.transaction.key", STRING, 0, NULL,                                \
	  "Ties the records of one transaction together", core_key)                                \
	X(TRANSACTION_STATUS, "weir.transaction.status", STRING, FIELD_ENUM, NULL,                 \
	  "answered, unanswered, no_answer_in_capture, blind or orphan_response", core_status)     \
	X(FUNCTION, "weir.function", STRING, FIELD_ENUM, NULL,                                     \
	  "Name of the protocol's own function or service", NULL)                                  \
	X(UNIT_ID, "weir.unit_id", UINT, 0, NULL,                                                  \
	  "Device behind the address: Modbus unit, DNP3 address", NULL)                            \
	X(TARGET, "weir.target", STRING, 0, NULL,                                                  \
	  "What was read, written or loaded: a register range, tag, block or file", NULL)          \
	X(ITEMS, "weir.items", UINT, 0, NULL, "Items in the message", NULL)                        \
	X(ITEMS_FAILED, "weir.items_failed", UINT, 0, NULL, "Items that failed", NULL)             \
	X(ITEM_INDEX, "weir.item.index", UINT, 0, NULL,                                            \
	  "Place of the item in its message, from 0", NULL)                                        \
	X(ITEM_ADDRESS, "weir.item.address", STRING, 0, NULL,                                      \
	  "What was read or written, as an engineer writes it: DB1.DBW4, N7:0, g30v1[3], a tag",   \
	  NULL)                                                                                    \
	X(ITEM_TYPE, "weir.item.type", STRING, FIELD_ENUM, NULL, "Type of its values", NULL)       \
	X(ITEM_COUNT, "weir.item.count", UINT, 0, NULL, "Elements from that address on", NULL)     \
	X(ITEM_VALUE, "weir.item.value", DOUBLE, FIELD_LIST, NULL,                                 \
	  "Its values as numbers, bits as 0 and 1", NULL)                                          \
	X(ITEM_TEXT, "weir.item.text", STRING, 0, NULL, "Its value as a text", NULL)               \
	X(ITEM_DATA, "weir.item.data", BYTES, 0, NULL, "Its value as it was on the wire", NULL)    \
	X(ITEM_TIME, "weir.item.time", TIME, 0, NULL, "Time that the device gives the value",      \
	  NULL)                                                                                    \
	X(ITEM_QUALITY, "weir.item.quality", STRING, FIELD_LIST | FIELD_ENUM, NULL,                \
	  "Flags that the device gives the value", NULL)                                           \
	X(ITEM_STATUS, "weir.item.status", STRING, FIELD_ENUM, NULL,                               \
	  "The device's answer to this item, in the protocol's own words", NULL)                   \
	X(SUBJECT_IP, "weir.subject.ip", IP, FIELD_HIDDEN, NULL,                                   \
	  "Address of the device that this is about", NULL)                                        \
	X(SUBJECT_MAC, "weir.subject.mac", MAC, FIELD_HIDDEN, NULL,                                \
	  "Link address of the device that this is about", NULL)                                   \
	X(ENCRYPTED, "weir.encrypted", BOOL, 0, NULL,                                              \
	  "The content is encrypted: named, not guessed", NULL)                                    \
	X(MALFORMED, "weir.malformed", STRING, FIELD_ENUM, NULL,                                   \
	  "How the message contradicts its specification", NULL)                                   \
	X(TRAILING_BYTES, "weir.trailing_bytes", UINT, 0, "bytes",                                 \
	  "Bytes behind the last field of the message", NULL)                                      \
	X(TRUNCATED, "weir.truncated", BOOL, 0, NULL, "A cap cut a value of this record",          \
	  core_truncated)                                                                          \
	X(SNAPPED, "weir.snapped", BOOL, 0, NULL, "The capture's snap length cut the packet",      \
	  core_snapped)                                                                            \
	X(BLIND_FLOW, "weir.blind_flow", BOOL, 0, NULL,                                            \
	  "The flow has holes or is one-sided: absence proves nothing", core_blind_flow)           \
	X(DOMAIN, "weir.domain", UINT, FIELD_HIDDEN | FIELD_OF_ENDS, NULL, "Address space",        \
	  core_domain)                                                                             \
	X(INTERFACE, "weir.interface", UINT, FIELD_OF_ENDS, NULL,                                  \
	  "Index of the capture interface", core_interface)                                        \
	X(PACKET_NUMBER, "weir.packet", UINT, 0, NULL, "Packet that completed the record",         \
	  core_number)                                                                             \
	X(FLOW_EVENT, "weir.flow.event", STRING, FIELD_ENUM, NULL,                                 \
	  "begin, named, port_mismatch, conflict, update or end", NULL)                            \
	X(FLOW_END, "weir.flow.end", STRING, FIELD_ENUM, NULL,                                     \
	  "closed, reset, idle, evicted or capture_end", NULL)                                     \
	X(FLOW_CLIENT, "weir.flow.client_evidence", STRING, FIELD_ENUM, NULL,                      \
	  "How the initiator is known: port, first, syn or protocol", NULL)                        \
	X(FLOW_MIDSTREAM, "weir.flow.midstream", BOOL, 0, NULL,                                    \
	  "The flow was first seen in mid-stream", NULL)                                           \
	X(FLOW_EXPECTED, "weir.flow.expected_protocol", STRING, FIELD_ENUM, NULL,                  \
	  "Protocol that this port is for, and that the flow does not speak", NULL)                \
	X(FLOW_PROTOCOL, "weir.flow.protocol", STRING, FIELD_HIDDEN, NULL,                         \
	  "Protocol that the naming engine found; shown as network.protocol", NULL)                \
	X(FLOW_CATEGORY, "weir.flow.category", STRING, 0, NULL,                                    \
	  "Category that the naming engine gives", NULL)                                           \
	X(FLOW_RISKS, "weir.flow.risks", STRING, FIELD_LIST, NULL,                                 \
	  "Risks that the naming engine found", NULL)                                              \
	X(FLOW_SAMPLE, "weir.flow.sample", BYTES, 0, NULL, "First payload bytes", NULL)            \
	X(BLIND_BYTES, "weir.blind.bytes", UINT, 0, "bytes", "Bytes that were not seen", NULL)     \
	X(BLIND_FROM, "weir.blind.from", TIME, 0, NULL, "Last time before the hole", NULL)         \
	X(BLIND_TO, "weir.blind.to", TIME, 0, NULL, "First time behind the hole", NULL)            \
	X(BLIND_REASON, "weir.blind.reason", STRING, FIELD_ENUM, NULL,                             \
	  "lost, snapped, resync or cap", NULL)                                                    \
	X(BLIND_SIDE, "weir.blind.direction", STRING, FIELD_ENUM, NULL,                            \
	  "Which direction was not seen: request or response", NULL)                               \
	X(SENSOR_EVENT, "weir.sensor.event", STRING, FIELD_ENUM, NULL,                             \
	  "What happened to the sensor: drops, time_step, interface_down, mirror_silent, cap...",  \
	  NULL)                                                                                    \
	X(SENSOR_COUNT, "weir.sensor.count", UINT, 0, NULL, "How many", NULL)                      \
	X(SENSOR_SHARE, "weir.sensor.share", DOUBLE, 0, "percent", "Which share", NULL)            \
	X(SENSOR_WHAT, "weir.sensor.what", STRING, 0, NULL, "Interface, table or cap meant", NULL)

enum core_field {
#define X(id, name, type, flags, unit, meaning, get) CORE_##id,
	CORE_FIELDS(X)
#undef X
	    CORE_FIELD_COUNT
};

extern const struct field core_fields[CORE_FIELD_COUNT];
