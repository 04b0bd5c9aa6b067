/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* snmp_private.h - what the files of SNMP share: snmp.c (messages), snmp_values.c (variable
 * bindings and what they say of a device). */

#include "dissectors/ber.h"
#include "dissectors/dissector.h"

#define SNMP_FIELDS(X)                                                                            \
	X(VERSION, "version", STRING, FIELD_ENUM, "1, 2c or 3")                                   \
	X(COMMUNITY, "community_length", UINT, FIELD_SECRET, "A community was there, so long")    \
	X(RISK, "risk", STRING, FIELD_LIST | FIELD_ENUM | FIELD_IDENTITY(RISK),                   \
	  "community_seen: in clear, and accepted; default_community: public or private")         \
	X(REQUEST_ID, "request_id", INT, 0, "Number that ties an answer to its question")         \
	X(ERROR, "error_status", STRING, FIELD_ENUM, "Error status by name, if there is one")     \
	X(ERROR_INDEX, "error_index", UINT, 0, "Variable that it is about, from 1")               \
	X(MAX_REPETITIONS, "max_repetitions", UINT, 0, "Rows that a get-bulk asks for")           \
	X(OIDS, "oid", STRING, 0, "The first object identifier of the message")                   \
	X(ENGINE_ID, "engine_id", BYTES, 0, "Identifier of the authoritative SNMP engine")        \
	X(ENTERPRISE, "enterprise", STRING, FIELD_IDENTITY(VENDOR_ID),                            \
	  "Private enterprise number of its maker, from its engine id")                           \
	X(ENGINE_MAC, "engine_mac", MAC, 0, "Link address that the engine id is made of")         \
	X(ENGINE_IP, "engine_ip", IP, 0, "Address that the engine id is made of")                 \
	X(USER, "user", STRING, 0, "Name of the security model's user")                           \
	X(SECURITY, "security_level", STRING, FIELD_ENUM, "none, authenticated or encrypted")     \
	X(CONTEXT, "context", STRING, 0, "Name of the context")                                   \
	X(TRAP, "trap", STRING, FIELD_ENUM, "cold_start, link_down... or enterprise_specific")    \
	X(TRAP_OID, "trap_oid", STRING, 0, "What the notification is")                            \
	X(AGENT, "agent_address", IP, 0, "Address of the device that a version 1 trap is about")  \
	X(DESCRIPTION, "sys_descr", STRING, FIELD_IDENTITY(DESCRIPTION) | FIELD_HINT, "sysDescr") \
	X(OBJECT_ID, "sys_object_id", STRING, FIELD_IDENTITY(OBJECT_ID), "sysObjectID")           \
	X(CONTACT, "sys_contact", STRING, FIELD_IDENTITY(OWNER) | FIELD_HINT, "sysContact")       \
	X(NAME, "sys_name", STRING, FIELD_IDENTITY(HOST_NAME) | FIELD_HINT, "sysName")            \
	X(DOMAIN, "sys_domain_name", STRING, FIELD_IDENTITY(DOMAIN_NAME) | FIELD_HINT,            \
	  "sysName, where it is fully qualified")                                                 \
	X(LOCATION, "sys_location", STRING, FIELD_IDENTITY(LOCATION) | FIELD_HINT, "sysLocation") \
	X(DUTY, "duty", STRING, FIELD_LIST | FIELD_ENUM | FIELD_IDENTITY(DUTY) | FIELD_HINT,      \
	  "bridge, router: what sysServices says that it forwards")                               \
	X(HARDWARE, "hardware_revision", STRING, FIELD_IDENTITY(HARDWARE_VERSION),                \
	  "entPhysicalHardwareRev of the chassis")                                                \
	X(FIRMWARE, "firmware_revision", STRING, FIELD_IDENTITY(FIRMWARE_VERSION),                \
	  "entPhysicalFirmwareRev of the chassis")                                                \
	X(SOFTWARE, "software_revision", STRING, FIELD_IDENTITY(REVISION) | FIELD_HINT,           \
	  "entPhysicalSoftwareRev of the chassis")                                                \
	X(SERIAL, "serial_number", STRING, FIELD_IDENTITY(SERIAL_NUMBER),                         \
	  "entPhysicalSerialNum of the chassis")                                                  \
	X(VENDOR, "manufacturer", STRING, FIELD_IDENTITY(VENDOR),                                 \
	  "entPhysicalMfgName of the chassis")                                                    \
	X(MODEL, "model", STRING, FIELD_IDENTITY(MODEL), "entPhysicalModelName of the chassis")

enum {
#define X(id, name, type, flags, meaning) SNMP_##id,
	SNMP_FIELDS(X)
#undef X
};

/* State of a flow. */
struct snmp_state {
	uint32_t chassis; /* index of the first chassis in entPhysicalTable; 0: not known */
	bool risk_told, engine_told;
};

/* A list of variable bindings, read once. */
struct snmp_variables {
	struct cursor list;
	size_t n, missing; /* missing: that the device says it has not */
	bool identity;     /* something was put that says who the device is */
	bool malformed;
};

/* Counts them, and puts the fields that say what a device is into the open record when it is an
 * answer or a notification; the first object identifier into any. */
struct snmp_variables snmp_variables(struct dissection *d, struct cursor list, bool tells);
/* A record for each behind the transaction. refused: the whole message was. */
void snmp_items(struct dissection *d, const struct snmp_variables *variables,
		enum operation operation, enum phase phase, bool refused);
