/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* enip_fields.h - the fields of the encapsulation, for enip.c and enip_items.c. */

#include "dissectors/dissector.h"

/* What devices answer to the list commands: puts the fields, or returns what is wrong. */
const char *enip_put_identities(struct dissection *d, struct cursor *data);
const char *enip_put_targets(struct dissection *d, struct cursor *data);
const char *enip_put_services(struct dissection *d, struct cursor *data);
const char *enip_put_interfaces(struct dissection *d, struct cursor *data);

#define ENIP_FIELDS(X)                                                                            \
	X(COMMAND, "command", UINT, 0, "Command of the encapsulation")                            \
	X(SESSION, "session", UINT, 0, "Session handle")                                          \
	X(STATUS, "status", UINT, 0, "Status of the encapsulation")                               \
	X(STATUS_NAME, "status_name", STRING, FIELD_ENUM, "Name of a status that is not 0")       \
	X(CONTEXT, "sender_context", BYTES, 0, "Sender context: the client's own, echoed")        \
	X(OPTIONS, "options", UINT, 0, "Option flags that are not 0")                             \
	X(VERSION, "protocol_version", UINT, 0, "Version of the encapsulation protocol")          \
	X(SUPPORTED, "supported_version", UINT, 0, "Version that the device answers")             \
	X(ITEM_TYPES, "item_types", UINT, FIELD_LIST, "Types of the items in the packet")         \
	X(DATA, "data", BYTES, 0, "First bytes of data that no protocol here reads")              \
	X(DATA_BYTES, "data_bytes", UINT, 0, "Their number")                                      \
	X(ANSWER_DATA, "answer_data", BYTES, 0, "The same of an answer")                          \
	X(ANSWER_BYTES, "answer_bytes", UINT, 0, "Their number")                                  \
	X(INTERFACES, "interfaces", UINT, 0, "Interfaces that the device lists")                  \
	X(SERVICE_NAME, "service_name", STRING, 0, "Name of the service that the device lists")   \
	X(CAPABILITIES, "capabilities", STRING, FIELD_LIST | FIELD_ENUM,                          \
	  "What it can: cip_over_tcp, io_over_udp...")                                            \
	X(VENDOR_ID, "identity.vendor_id", UINT, 0, "Vendor id")                                  \
	X(VENDOR, "identity.vendor", STRING, FIELD_IDENTITY(VENDOR), "Vendor by that id")         \
	X(TYPE_ID, "identity.device_type_id", UINT, 0, "Device type (profile)")                   \
	X(TYPE, "identity.device_type", STRING, FIELD_IDENTITY(DEVICE_TYPE), "Its name")          \
	X(PRODUCT_CODE, "identity.product_code", UINT, 0, "Product code of the vendor")           \
	X(REVISION, "identity.revision", STRING, FIELD_IDENTITY(FIRMWARE_VERSION),                \
	  "Major and minor revision")                                                             \
	X(SERIAL, "identity.serial_number", STRING, FIELD_IDENTITY(SERIAL_NUMBER),                \
	  "Serial number, hexadecimal")                                                           \
	X(PRODUCT, "identity.product_name", STRING, FIELD_IDENTITY(PRODUCT_NAME), "Product name") \
	X(DEVICE_STATUS, "identity.status", UINT, 0, "Status word of the identity object")        \
	X(DEVICE_STATE, "identity.state", STRING, FIELD_ENUM | FIELD_IDENTITY(STATUS),            \
	  "State of the device")                                                                  \
	X(ADDRESS, "identity.address", IP, 0, "Address that the device says it has")              \
	X(PORT, "identity.port", UINT, 0, "Port that the device says it has")                     \
	X(SECURITY_PROFILES, "security.profiles", STRING, FIELD_LIST | FIELD_ENUM,                \
	  "Profiles of CIP Security that the device can: integrity, confidentiality...")          \
	X(SECURITY_STATE, "security.state", STRING, FIELD_ENUM, "State of CIP Security")          \
	X(SECURITY_ENIP, "security.ethernet_ip_state", STRING, FIELD_ENUM,                        \
	  "State of EtherNet/IP Security")                                                        \
	X(SECURITY_PORTS, "security.open_ports", STRING, FIELD_LIST | FIELD_ENUM,                 \
	  "Ports of EtherNet/IP that are open: tcp_44818 unless only secured ones are")           \
	X(TLS_VERSION, "tls_version", STRING, FIELD_ENUM,                                         \
	  "Version in the record layer of an encrypted flow")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	ENIP_FIELDS(X)
#undef X
	    ENIP_FIELD_COUNT
};

extern const struct field enip_fields[ENIP_FIELD_COUNT];

#define PUT(id) FIELD_LOCAL(F_##id)
