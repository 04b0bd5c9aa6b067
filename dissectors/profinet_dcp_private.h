/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* profinet_dcp_private.h - what the two files of DCP share: profinet_dcp.c (services) and
 * profinet_dcp_blocks.c (what is in their blocks). */

#include "dissectors/dissector.h"

#define DCP_FIELDS(X)                                                                             \
	X(SERVICE_TYPE, "service_type", STRING, FIELD_ENUM, "request, success or unsupported")    \
	X(XID, "xid", UINT, 0, "Number that ties an answer to its question")                      \
	X(BLOCKS, "blocks", STRING, FIELD_LIST | FIELD_ENUM, "What the message is about")         \
	X(SOUGHT, "sought", STRING, 0, "Station or alias name that is looked for")                \
	X(NAME, "name_of_station", STRING, FIELD_IDENTITY(DEVICE_NAME), "Name of the station")    \
	X(ALIAS, "alias", STRING, 0, "Name that it has from where it is plugged in")              \
	X(TYPE, "type_of_station", STRING, FIELD_IDENTITY(PRODUCT_NAME),                          \
	  "What its maker calls the device")                                                      \
	X(VENDOR_ID, "vendor_id", STRING, FIELD_IDENTITY(VENDOR_ID),                              \
	  "Number of its maker, as PROFIBUS & PROFINET International gave it")                    \
	X(DEVICE_ID, "device_id", STRING, FIELD_IDENTITY(DEVICE_ID), "The maker's number of it")  \
	X(OEM_VENDOR_ID, "oem_vendor_id", STRING, 0, "The same, of who sells it")                 \
	X(OEM_DEVICE_ID, "oem_device_id", STRING, 0, "The same, of who sells it")                 \
	X(ROLE, "role", STRING, FIELD_LIST | FIELD_ENUM | FIELD_IDENTITY(DUTY),                   \
	  "io_device, io_controller, io_multidevice, io_supervisor")                              \
	X(INSTANCE, "instance", STRING, 0, "Which of several devices in one housing")             \
	X(OPTIONS, "options", STRING, FIELD_LIST | FIELD_ENUM, "Blocks that the device knows")    \
	X(IP, "ip", IP, 0, "Address of the station")                                              \
	X(NETMASK, "netmask", IP, FIELD_IDENTITY(NETMASK), "Its netmask")                         \
	X(GATEWAY, "gateway", IP, FIELD_IDENTITY(GATEWAY), "Its router, if it has one")           \
	X(IP_STATE, "ip_state", STRING, FIELD_ENUM, "not_set, set or dhcp")                       \
	X(IP_CONFLICT, "ip_conflict", BOOL, 0, "The device found its address in use")             \
	X(MAC, "mac", MAC, 0, "Link address of the station, as it says")                          \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), "Name that it asks DHCP by") \
	X(PERMANENT, "permanent", BOOL, 0, "What is set stays when power fails")                  \
	X(RESET_MODE, "reset_mode", STRING, FIELD_ENUM,                                           \
	  "default, application, communication, engineering, all_data, device or image")          \
	X(ERRORS, "errors", STRING, FIELD_LIST | FIELD_ENUM, "Why blocks were refused")           \
	X(REFUSED, "refused", STRING, FIELD_LIST | FIELD_ENUM, "Blocks that were refused")

enum {
#define X(id, name, type, flags, meaning) DCP_##id,
	DCP_FIELDS(X)
#undef X
};

#define DCP_BLOCKS_MAX 32

/* What stands behind the head of each block. */
enum dcp_form {
	DCP_FILTER,    /* nothing: what to look for */
	DCP_INFO,      /* BlockInfo: what a device says of itself */
	DCP_QUALIFIER, /* BlockQualifier: what is set */
	DCP_ASKED,     /* options without length and content: what to get */
};

/* One walk over the blocks of a message. */
struct dcp_walk {
	struct dissection *d;
	enum dcp_form form;
	uint16_t word; /* BlockInfo or BlockQualifier of the block at hand */
	const char *blocks[DCP_BLOCKS_MAX], *refused[DCP_BLOCKS_MAX], *errors[DCP_BLOCKS_MAX];
	size_t n_blocks, n_refused;
	uint32_t ip; /* address that it gives or sets; 0: none */
	enum operation operation;
	bool answers;      /* a question whose record has the list of blocks already */
	bool names_device; /* an address or a name is in it */
	bool malformed;
};

/* Puts the fields of all blocks into the open record or request. */
void dcp_blocks(struct dcp_walk *walk, struct cursor blocks);
