/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_object_fields.h - fields that objects (cip_objects_*.c) put; those of every message are in
 * cip_private.h. */

#define CIP_OBJECT_FIELDS(X)                                                                      \
	X(REVISION, "object.revision", UINT, 0, "Revision of a class")                            \
	X(MAX_INSTANCE, "object.max_instance", UINT, 0, "Highest instance number of a class")     \
	X(INSTANCES, "object.instances", UINT, 0, "Instances of a class")                         \
	X(ID_VENDOR, "identity.vendor_id", UINT, 0, "Vendor id of the device")                    \
	X(ID_VENDOR_NAME, "identity.vendor", STRING, FIELD_IDENTITY(VENDOR), "Vendor by that id") \
	X(ID_TYPE, "identity.device_type_id", UINT, 0, "Device type (profile)")                   \
	X(ID_TYPE_NAME, "identity.device_type", STRING, FIELD_IDENTITY(DEVICE_TYPE), "Its name")  \
	X(ID_PRODUCT_CODE, "identity.product_code", UINT, 0, "Product code of the vendor")        \
	X(ID_REVISION, "identity.revision", STRING, FIELD_IDENTITY(FIRMWARE_VERSION),             \
	  "Major and minor revision")                                                             \
	X(ID_SERIAL, "identity.serial_number", STRING, FIELD_IDENTITY(SERIAL_NUMBER),             \
	  "Serial number, hexadecimal")                                                           \
	X(ID_PRODUCT, "identity.product_name", STRING, FIELD_IDENTITY(PRODUCT_NAME),              \
	  "Product name")                                                                         \
	X(ID_STATUS, "identity.status", UINT, 0, "Status word")                                   \
	X(ID_FLAGS, "identity.status_flags", STRING, FIELD_LIST | FIELD_ENUM,                     \
	  "Its flags: owned, configured, faults")                                                 \
	X(ID_ACTIVITY, "identity.activity", STRING, FIELD_ENUM,                                   \
	  "What the status says that the device does")                                            \
	X(ID_STATE, "identity.state", STRING, FIELD_ENUM | FIELD_IDENTITY(STATUS),                \
	  "State of the device")                                                                  \
	X(ID_CONSISTENCY, "identity.configuration_consistency", UINT, 0,                          \
	  "Changes with the configuration")                                                       \
	X(ID_NAME, "identity.assigned_name", STRING, FIELD_IDENTITY(DEVICE_NAME),                 \
	  "Name that the user gave")                                                              \
	X(ID_DESCRIPTION, "identity.description", STRING, FIELD_IDENTITY(DESCRIPTION),            \
	  "Description that the user gave")                                                       \
	X(ID_LOCATION, "identity.location", STRING, FIELD_IDENTITY(LOCATION),                     \
	  "Place that the user gave")                                                             \
	X(ID_PROTECTION, "identity.protection_mode", UINT, 0, "Protection mode")                  \
	X(ID_MODE, "identity.mode", STRING, FIELD_ENUM | FIELD_IDENTITY(MODE),                    \
	  "Mode of a controller")                                                                 \
	X(ID_KEY, "identity.key_position", STRING, FIELD_ENUM | FIELD_IDENTITY(KEY_POSITION),     \
	  "Its key switch")                                                                       \
	X(RESET, "reset_type", STRING, FIELD_ENUM,                                                \
	  "What Reset sets back: power_cycle, factory_default...")                                \
	X(IP_METHOD, "interface.method", STRING, FIELD_ENUM, "How the device gets its address")   \
	X(IP_ADDRESS, "interface.ip", IP, 0, "Address of the device")                             \
	X(IP_MASK, "interface.mask", IP, 0, "Network mask")                                       \
	X(IP_GATEWAY, "interface.gateway", IP, 0, "Default gateway")                              \
	X(IP_NAME_SERVER, "interface.name_server", IP, 0, "First name server")                    \
	X(IP_NAME_SERVER_2, "interface.name_server_2", IP, 0, "Second name server")               \
	X(IP_DOMAIN, "interface.domain", STRING, 0, "Domain name")                                \
	X(IP_HOST, "interface.host_name", STRING, 0, "Host name")                                 \
	X(IP_MULTICAST, "interface.multicast", IP, 0, "First multicast address")                  \
	X(INTERFACE_STATUS, "interface.status", UINT, 0, "Status of the TCP/IP interface")        \
	X(INTERFACE_CAPABILITY, "interface.capability", UINT, 0, "What can be configured how")    \
	X(PHYSICAL_LINK, "interface.link", STRING, 0, "Object of the link below")                 \
	X(LINK_SPEED, "link.speed", UINT, 0, "Speed in Mbit/s")                                   \
	X(LINK_FLAGS, "link.flags", UINT, 0, "Link up, duplex, negotiation")                      \
	X(LINK_MAC, "link.mac", MAC, 0, "MAC of the interface")                                   \
	X(LINK_COUNTERS, "link.counters", UINT, FIELD_LIST,                                       \
	  "Octets and packets in and out, errors")                                                \
	X(LINK_MEDIA, "link.media_counters", UINT, FIELD_LIST, "Ethernet errors by kind")         \
	X(LINK_CONTROL, "link.control", UINT, 0, "Negotiation and duplex that are forced")        \
	X(LINK_FORCED, "link.forced_speed", UINT, 0, "Speed that is forced")                      \
	X(LINK_ADMIN, "link.admin_state", UINT, 0, "1 enabled, 2 disabled")                       \
	X(LINK_LABEL, "link.label", STRING, 0, "Label of the port")                               \
	X(PORT_TYPE, "port.type", UINT, 0, "Type of a port")                                      \
	X(PORT_NUMBER, "port.number", UINT, 0, "Number of a port")                                \
	X(PORT_NAME, "port.name", STRING, 0, "Name of a port")                                    \
	X(TIME_ENABLED, "time_sync.enabled", BOOL, 0, "Precision Time Protocol is on")            \
	X(TIME_SYNCHRONIZED, "time_sync.synchronized", BOOL, 0, "The clock follows a master")     \
	X(TIME_OFFSET, "time_sync.offset", INT, 0, "Nanoseconds that it is off")                  \
	X(CLOCK, "clock", TIME, 0, "Time that is set or told")                                    \
	X(CLOCK_ZONE, "clock_zone", STRING, 0, "Time zone of a controller")                       \
	X(CLOCK_SAVING_MINUTES, "daylight_saving_minutes", INT, 0, "Minutes of daylight saving")  \
	X(CLOCK_SAVING, "daylight_saving", BOOL, 0, "Daylight saving is on")                      \
	X(TAG_TYPE, "tag.type_code", UINT, 0, "Type of a tag that has no name")                   \
	X(TAG_HANDLE, "tag.structure_handle", UINT, 0, "Handle of the structure's template")      \
	X(TAG_TEMPLATE, "tag.template", UINT, 0, "Instance of the structure's template")          \
	X(TAG_OFFSET, "tag.offset", UINT, 0, "Bytes in front of this part")                       \
	X(TAG_OR, "tag.or_mask", BYTES, 0, "Bits that are set")                                   \
	X(TAG_AND, "tag.and_mask", BYTES, 0, "Bits that stay")                                    \
	X(TAG_INSTANCE, "tag.instance", UINT, 0, "Instance of the symbol object")                 \
	X(TAG_DIMENSIONS, "tag.dimensions", UINT, FIELD_LIST,                                     \
	  "Elements of an array in each dimension")                                               \
	X(TEMPLATE_NAME, "template.name", STRING, 0, "Name of a structure")                       \
	X(TEMPLATE_MEMBERS, "template.members", UINT, 0, "Members of a structure")                \
	X(TEMPLATE_WORDS, "template.definition_words", UINT, 0, "Words of its definition")        \
	X(TEMPLATE_BYTES, "template.structure_bytes", UINT, 0, "Bytes of the structure")          \
	X(MEMORY_ADDRESS, "tag.address", UINT, 0, "Address that a controller gives a symbol")     \
	X(OBJECT_ADDRESS, "tag.object_address", UINT, 0, "Address of its object")                 \
	X(SOFTWARE_CONTROL, "tag.software_control", UINT, 0, "Flags of the programming software") \
	X(ELEMENT_BYTES, "tag.element_bytes", UINT, 0, "Bytes of an element")                     \
	X(PART_BYTES, "part_bytes", UINT, 0, "Bytes asked for or written of a part of a project") \
	X(PART_DIGEST, "part_sha256", STRING, 0, "SHA-256 of the code of such a part")            \
	X(EXCLUSIVE, "exclusive", BOOL, 0, "Others are locked out")                               \
	X(PROGRAM_NAME, "program_name", STRING, FIELD_IDENTITY(PROJECT),                          \
	  "Name of the controller's program")                                                     \
	X(PROGRAM_TEXT, "program_description", STRING, 0,                                         \
	  "Description of the controller's program")                                              \
	X(FILE_NAME, "file.name", STRING, 0, "Name of a file")                                    \
	X(FILE_SIZE, "file.size", UINT, 0, "Its size in bytes")                                   \
	X(FILE_FORMAT, "file.format_version", UINT, 0, "Version of its format")                   \
	X(FILE_MAJOR, "file.major_revision", UINT, 0, "Major revision")                           \
	X(FILE_MINOR, "file.minor_revision", UINT, 0, "Minor revision")                           \
	X(FILE_STATE, "file.state", STRING, FIELD_ENUM, "State of a file")                        \
	X(FILE_BLOCK_SIZE, "file.transfer_size", UINT, 0, "Bytes that one transfer may have")     \
	X(FILE_BLOCK, "file.transfer", UINT, 0, "Number of a transfer, modulo 256")               \
	X(FILE_PACKET, "file.packet", STRING, FIELD_ENUM, "first, middle, last, abort or only")   \
	X(FILE_OFFSET, "file.offset", UINT, 0, "Bytes in front of this part")                     \
	X(FILE_BYTES, "file.bytes", UINT, 0, "Bytes of this part")                                \
	X(FILE_PASSED, "file.bytes_passed", UINT, 0, "Bytes of all parts, at the end")            \
	X(FILE_BLOCKS, "file.parts", UINT, 0, "Number of parts, at the end")                      \
	X(FILE_DIGEST, "file.sha256", STRING, 0, "SHA-256 of all parts, at the end")              \
	X(SECRET, "secret.present", BOOL, 0, "The message holds a password or keys")              \
	X(SECRET_BYTES, "secret.bytes", UINT, FIELD_SECRET, "Length of what holds them")          \
	X(SAFETY_NETWORK, "safety.network_number", BYTES, 0, "Safety network number")             \
	X(SAFETY_NODE, "safety.node", UINT, 0, "Node of a unique node id")                        \
	X(SAFETY_RESET, "safety.reset_type", UINT, 0, "Type of a safety reset")                   \
	X(SAFETY_MODE, "safety.mode", UINT, 0, "Mode asked for")                                  \
	X(SAFETY_LOCK, "safety.lock", BOOL, 0, "The configuration is locked")                     \
	X(SAFETY_STATUS, "safety.device_status", UINT, 0, "Status of the safety supervisor")      \
	X(SECURITY_STATE, "security.state", STRING, FIELD_ENUM, "State of CIP Security")          \
	X(SECURITY_PROFILES, "security.profiles", UINT, 0,                                        \
	  "Security profiles that the device can")                                                \
	X(SECURITY_PROFILES_SET, "security.profiles_configured", UINT, 0,                         \
	  "Those that are configured")
