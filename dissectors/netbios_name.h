/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* netbios_name.h - NetBIOS names as two protocols have them: 15 characters and a suffix that says
 * what of the host they name (RFC 1001 14, RFC 1002 4.1). */

#include "dissectors/dissector.h"

struct netbios_name {
	char text[16]; /* without the spaces behind it */
	uint8_t suffix;
};

/* Who is known by a name with this suffix (MS-BRWS, Microsoft KB163409). */
enum {
	NETBIOS_WORKSTATION = 0x00,
	NETBIOS_BROWSERS = 0x01, /* only of a certain group name */
	NETBIOS_DOMAIN_MASTER = 0x1b,
	NETBIOS_DOMAIN_CONTROLLERS = 0x1c,
	NETBIOS_MASTER_BROWSER = 0x1d,
	NETBIOS_ELECTION = 0x1e,
	NETBIOS_FILE_SERVER = 0x20,
};

/* The first label of a name in half-ASCII ("EKEF..."), as dns_read_name() gives it. False: it is
 * none. */
bool netbios_name_decode(const char *encoded, struct netbios_name *out);
/* Consumes 16 plain bytes. */
struct netbios_name netbios_name_read(struct cursor *at);

/* What a name says of who has it. */
struct netbios_meaning {
	const char *duty, *service; /* or NULL */
	bool host, group;           /* the name is the host's, or its workgroup's or domain's */
};

struct netbios_meaning netbios_name_meaning(const struct netbios_name *name, bool group);
