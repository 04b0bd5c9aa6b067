/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* dhcp_private.h - what the files of the dissector dhcp share: its fields, and its options. */

#include "dissectors/dissector.h"

#define DHCP_FIELDS(X)                                                                            \
	X(TRANSACTION, "transaction_id", UINT, 0, NULL, "Number of the dialogue")                 \
	X(CLIENT_MAC, "client_mac", MAC, 0, NULL, "Link address of the client")                   \
	X(CLIENT_IP, "client_ip", IP, 0, NULL, "Address that the client has")                     \
	X(YOUR_IP, "your_ip", IP, 0, NULL, "Address that the server gives")                       \
	X(NEXT_SERVER_IP, "next_server_ip", IP, 0, NULL, "Server to boot from")                   \
	X(RELAY_IP, "relay_ip", IP, 0, NULL, "Address of the relay agent")                        \
	X(REQUESTED_IP, "requested_ip", IP, 0, NULL, "Address that the client asks for (50)")     \
	X(SERVER_IP, "server_ip", IP, 0, NULL, "Server that is meant (54)")                       \
	X(LEASE_TIME, "lease_time", UINT, 0, "s", "How long the address is lent (51)")            \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), NULL,                        \
	  "Name of the client (12, 81)")                                                          \
	X(FQDN, "fqdn", STRING, FIELD_IDENTITY(DOMAIN_NAME), NULL,                                \
	  "Fully qualified name of the client (81, 12)")                                          \
	X(DOMAIN, "domain", STRING, 0, NULL, "Domain that the client shall look in (15)")         \
	X(VENDOR_CLASS, "vendor_class", STRING, FIELD_IDENTITY(VENDOR_CLASS), NULL,               \
	  "What the client says it is (60)")                                                      \
	X(USER_CLASS, "user_class", STRING, 0, NULL, "Class of its user or application (77)")     \
	X(CLIENT_ID, "client_id", BYTES, 0, NULL, "What the server knows the client by (61)")     \
	X(PARAMETERS, "parameters", STRING, FIELD_IDENTITY(FINGERPRINT), NULL,                    \
	  "Options that the client asks for, in its order (55)")                                  \
	X(NETMASK, "netmask", IP, FIELD_IDENTITY(NETMASK), NULL, "Mask of its network (1)")       \
	X(GATEWAY, "gateway", IP, FIELD_IDENTITY(GATEWAY), NULL, "Its first router (3)")          \
	X(NAME_SERVERS, "name_servers", STRING, 0, NULL, "DNS servers (6)")                       \
	X(TIME_SERVERS, "time_servers", STRING, 0, NULL, "NTP servers (42)")                      \
	X(NETBIOS_SERVERS, "netbios_name_servers", STRING, 0, NULL, "WINS servers (44)")          \
	X(BOOT_SERVER, "boot_server", STRING, 0, NULL, "Name of the boot server (66, sname)")     \
	X(BOOT_FILE, "boot_file", STRING, 0, NULL, "File to boot from (67, file)")                \
	X(MESSAGE, "message", STRING, 0, NULL, "What went wrong (56)")                            \
	X(VENDOR_OPTIONS, "vendor_options", BYTES, 0, NULL, "The vendor's own (43)")              \
	X(CIRCUIT_ID, "relay.circuit_id", BYTES, 0, NULL, "Port that the relay heard it on (82)") \
	X(REMOTE_ID, "relay.remote_id", BYTES, 0, NULL, "Who is at that port, or the relay (82)") \
	X(PROXY_URL, "proxy_url", STRING, 0, NULL, "Where the proxy configuration lies (252)")    \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY), NULL,           \
	  "What the server does")

enum dhcp_field {
#define X(id, name, type, flags, unit, meaning) DHCP_##id,
	DHCP_FIELDS(X)
#undef X
};

enum { DHCP_OPTION_TYPE = 53, DHCP_OPTION_SERVER = 54 };

/* The option areas of one message: behind the cookie, and, when option 52 says so, the fields for
 * file and server name as well (RFC 2132 9.3). */
struct dhcp_options {
	struct cursor areas[3];
	size_t n;
	bool malformed; /* an option is longer than its area */
};

/* Finds the areas. file, name: the fixed fields of the message. */
void dhcp_options_open(struct cursor options, struct cursor file, struct cursor name,
		       struct dhcp_options *out);
/* The first option with this code. */
bool dhcp_option(const struct dhcp_options *options, uint8_t code, struct cursor *out);
/* Whether file and server name hold options instead. */
bool dhcp_options_use_file(const struct dhcp_options *options);
bool dhcp_options_use_name(const struct dhcp_options *options);
/* Puts all options that have a field into the open record, each code once. from_client: the
 * message is a client's, which alone says its own class. */
void dhcp_put_options(struct dissection *d, const struct dhcp_options *options, bool from_client);
