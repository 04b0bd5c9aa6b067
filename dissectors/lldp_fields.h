/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* lldp_fields.h - private to LLDP: its fields. */

#define LLDP_FIELDS(X)                                                                             \
	X(CHASSIS_SUBTYPE, "chassis.subtype", STRING, FIELD_ENUM, NULL,                            \
	  "What names the chassis: chassis_component, interface_alias, port_component, "           \
	  "mac_address, network_address, interface_name or local")                                 \
	X(CHASSIS_ID, "chassis.id", STRING, 0, NULL, "Name of the chassis")                        \
	X(CHASSIS_MAC, "chassis.mac", MAC, FIELD_IDENTITY(CHASSIS_ID), NULL,                       \
	  "MAC address that names the chassis")                                                    \
	X(PORT_SUBTYPE, "port.subtype", STRING, FIELD_ENUM, NULL,                                  \
	  "What names the port: interface_alias, port_component, mac_address, network_address, "   \
	  "interface_name, agent_circuit_id or local")                                             \
	X(PORT_ID, "port.id", STRING, FIELD_IDENTITY(PORT_NAME), NULL,                             \
	  "Name of the port that it was sent from")                                                \
	X(PORT_DESCRIPTION, "port.description", STRING, 0, NULL, "What the port is")               \
	X(TTL, "ttl", UINT, 0, "s", "How long it holds; 0: no longer")                             \
	X(SYSTEM_NAME, "system.name", STRING, 0, NULL, "Name of the system")                       \
	X(HOST_NAME, "host_name", STRING, FIELD_HIDDEN | FIELD_IDENTITY(HOST_NAME), NULL,          \
	  "Name of the system, without a domain")                                                  \
	X(DOMAIN_NAME, "domain_name", STRING, FIELD_HIDDEN | FIELD_IDENTITY(DOMAIN_NAME), NULL,    \
	  "Name of the system, with a domain")                                                     \
	X(SYSTEM_DESCRIPTION, "system.description", STRING, FIELD_IDENTITY(DESCRIPTION), NULL,     \
	  "System and software, in the sender's words")                                            \
	X(CAPABILITIES, "system.capabilities", STRING, FIELD_LIST | FIELD_ENUM, NULL,              \
	  "other, repeater, bridge, access_point, router, phone, cable_modem, station, "           \
	  "c_vlan, s_vlan, mac_relay")                                                             \
	X(ENABLED, "system.enabled_capabilities", STRING, FIELD_LIST | FIELD_ENUM, NULL,           \
	  "Those of them that are switched on")                                                    \
	X(DUTY, "duty", STRING, FIELD_LIST | FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY),     \
	  NULL, "router, bridge, access_point, phone, repeater, cable_modem, station")             \
	X(MANAGEMENT, "management_address", IP, FIELD_LIST | FIELD_IDENTITY(MANAGEMENT_ADDRESS),   \
	  NULL, "Addresses at which it is managed")                                                \
	X(PORT_VLAN, "port_vlan", UINT, 0, NULL, "VLAN of untagged frames (802.1)")                \
	X(VLANS, "vlans", UINT, FIELD_LIST, NULL, "VLANs of the port that have names (802.1)")     \
	X(VLAN_NAME, "vlan_name", STRING, 0, NULL, "Name of the first of them (802.1)")            \
	X(NEGOTIATION, "auto_negotiation", STRING, FIELD_ENUM, NULL,                               \
	  "unsupported, disabled or enabled (802.3)")                                              \
	X(MAU_TYPE, "mau_type", UINT, 0, NULL, "What the port runs at, as RFC 4836 numbers it")    \
	X(MTU, "max_frame_size", UINT, 0, "bytes", "Longest frame (802.3)")                        \
	X(POWER_ROLE, "power.role", STRING, FIELD_ENUM, NULL,                                      \
	  "Power over Ethernet: source or device")                                                 \
	X(POWER_CLASS, "power.class", UINT, 0, NULL, "Power class (802.3)")                        \
	X(POWER_REQUESTED, "power.requested", UINT, 0, "mW", "Power that the device wants")        \
	X(POWER_ALLOCATED, "power.allocated", UINT, 0, "mW", "Power that the source gives")        \
	X(MED_CLASS, "med.class", STRING, FIELD_ENUM, NULL,                                        \
	  "endpoint, media_endpoint, communication_device or network_connectivity")                \
	X(MED_HARDWARE, "med.hardware_revision", STRING, FIELD_IDENTITY(HARDWARE_VERSION), NULL,   \
	  "Hardware revision")                                                                     \
	X(MED_FIRMWARE, "med.firmware_revision", STRING, FIELD_IDENTITY(FIRMWARE_VERSION), NULL,   \
	  "Firmware revision")                                                                     \
	X(MED_SOFTWARE, "med.software_revision", STRING, FIELD_IDENTITY(SOFTWARE), NULL,           \
	  "Software revision")                                                                     \
	X(MED_SERIAL, "med.serial_number", STRING, FIELD_IDENTITY(SERIAL_NUMBER), NULL,            \
	  "Serial number")                                                                         \
	X(MED_MANUFACTURER, "med.manufacturer", STRING, FIELD_IDENTITY(VENDOR), NULL, "Maker")     \
	X(MED_MODEL, "med.model", STRING, FIELD_IDENTITY(MODEL), NULL, "Model")                    \
	X(MED_ASSET, "med.asset_id", STRING, FIELD_IDENTITY(PLANT_ID), NULL,                       \
	  "Number that the owner gave it")                                                         \
	X(STATION_NAME, "profinet.station_name", STRING, FIELD_IDENTITY(DEVICE_NAME), NULL,        \
	  "PROFINET name of the station, from the names of chassis and port")                      \
	X(PROFINET_MAC, "profinet.mac", MAC, FIELD_IDENTITY(CHASSIS_ID), NULL,                     \
	  "MAC address of the PROFINET interface")                                                 \
	X(RT2_STATUS, "profinet.rt_class_2", UINT, 0, NULL, "Status of the port for RT class 2")   \
	X(RT3_STATUS, "profinet.rt_class_3", STRING, FIELD_ENUM, NULL,                             \
	  "Status of the port for isochronous real time: off, up, down, run or unknown")           \
	X(MRP_DOMAIN, "profinet.mrp_domain", STRING, 0, NULL, "UUID of the media redundancy ring") \
	X(REDUNDANCY, "profinet.redundancy", STRING, FIELD_ENUM | FIELD_IDENTITY(REDUNDANCY),      \
	  NULL, "mrp: the port is in a media redundancy ring")                                     \
	X(PTCP_MASTER, "profinet.ptcp_master", MAC, 0, NULL,                                       \
	  "Source of the clock that the port is synchronised with")                                \
	X(PTCP_DOMAIN, "profinet.ptcp_domain", STRING, 0, NULL, "UUID of the clock's domain")      \
	X(LINE_DELAY, "profinet.line_delay", UINT, 0, "ns", "Delay of the cable, as measured")

enum {
#define X(id, name, type, flags, unit, meaning) LLDP_##id,
	LLDP_FIELDS(X)
#undef X
};
