/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/netbios_name.h"

/* The group that all master browsers of a network are in. */
#define BROWSERS "\x01\x02__MSBROWSE__\x02"

/* A web server registers names that look like those of a domain (Microsoft KB163409). */
static bool is_of_web_server(const char *name)
{
	return strcmp(name, "INet~Services") == 0 || strncmp(name, "IS~", 3) == 0;
}

static void finish(const uint8_t plain[16], struct netbios_name *out)
{
	size_t n = 0;

	for (size_t i = 0; i < 15 && plain[i] != 0; i++) {
		out->text[i] = (char)plain[i];
		n = plain[i] != ' ' ? i + 1 : n;
	}
	out->text[n] = '\0';
	out->suffix = plain[15];
}

bool netbios_name_decode(const char *encoded, struct netbios_name *out)
{
	uint8_t plain[16];

	for (size_t i = 0; i < 32; i++) {
		unsigned half = (unsigned)(unsigned char)encoded[i] - 'A';

		if (half > 15) {
			return false;
		}
		plain[i / 2] = (uint8_t)(i % 2 == 0 ? half << 4 : plain[i / 2] | half);
	}
	finish(plain, out);
	return encoded[32] == '\0' || encoded[32] == '.';
}

struct netbios_name netbios_name_read(struct cursor *at)
{
	struct netbios_name name;
	uint8_t plain[16];

	cur_copy(at, plain, sizeof(plain));
	finish(plain, &name);
	return name;
}

struct netbios_meaning netbios_name_meaning(const struct netbios_name *name, bool group)
{
	if (is_of_web_server(name->text)) {
		return (struct netbios_meaning) { .duty = NULL };
	}
	switch (name->suffix) {
	case NETBIOS_WORKSTATION:
		return (struct netbios_meaning) { .host = !group, .group = group };
	case NETBIOS_FILE_SERVER:
		return group ? (struct netbios_meaning) { .host = false }
			     : (struct netbios_meaning) { .service = "smb", .host = true };
	case NETBIOS_BROWSERS:
		return (struct netbios_meaning) { .duty = strcmp(name->text, BROWSERS) == 0
							      ? "master_browser"
							      : NULL };
	case NETBIOS_DOMAIN_MASTER:
		return (struct netbios_meaning) { .duty = "domain_master_browser", .group = true };
	case NETBIOS_DOMAIN_CONTROLLERS:
		return (struct netbios_meaning) { .duty = "domain_controller", .group = true };
	case NETBIOS_MASTER_BROWSER:
		return (struct netbios_meaning) { .duty = "master_browser", .group = true };
	case NETBIOS_ELECTION:
		return (struct netbios_meaning) { .group = true };
	default:
		return (struct netbios_meaning) { .duty = NULL };
	}
}
