/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Options of DHCP (RFC 2132, RFC 3046, RFC 4702): code 1 | length 1 | value, 0 is padding, 255 the
 * end. An option that stands twice (RFC 3396) is read where it stands first. */

#include "dissectors/dhcp_private.h"

#include "dissectors/dns_message.h"
#include "dissectors/text.h"

#include <stdio.h>

enum { OPTION_PAD = 0, OPTION_OVERLOAD = 52, OPTION_END = 255 };
enum { OVERLOAD_FILE = 1, OVERLOAD_NAME = 2 };
enum { RELAY_CIRCUIT = 1, RELAY_REMOTE = 2 };

#define FQDN_ENCODED 0x04 /* E: the name is in the form of DNS (RFC 4702 2.1) */
#define LIST_TEXT    RECORD_STRING_MAX

/* ---- one option after the other ---- */

struct option {
	uint8_t code;
	struct cursor value;
};

/* False at the end; the area is bad when the option is longer than it. */
static bool next_option(struct cursor *area, struct option *out)
{
	while (cur_left(area) > 0) {
		out->code = cur_u8(area);
		if (out->code == OPTION_END) {
			return false;
		}
		if (out->code != OPTION_PAD) {
			out->value = cur_sub(area, cur_u8(area));
			return cur_ok(area);
		}
	}
	return false;
}

static bool find_in(struct cursor area, uint8_t code, struct cursor *out)
{
	struct option option;

	while (next_option(&area, &option)) {
		if (option.code == code) {
			*out = option.value;
			return true;
		}
	}
	return false;
}

static bool is_whole(struct cursor area)
{
	struct option option;

	while (next_option(&area, &option)) {
	}
	return cur_ok(&area);
}

static uint8_t overload(const struct dhcp_options *options)
{
	struct cursor value;

	return options->n > 0 && find_in(options->areas[0], OPTION_OVERLOAD, &value)
		   ? cur_u8(&value)
		   : 0;
}

bool dhcp_options_use_file(const struct dhcp_options *options)
{
	return (overload(options) & OVERLOAD_FILE) != 0;
}

bool dhcp_options_use_name(const struct dhcp_options *options)
{
	return (overload(options) & OVERLOAD_NAME) != 0;
}

void dhcp_options_open(struct cursor options, struct cursor file, struct cursor name,
		       struct dhcp_options *out)
{
	*out = (struct dhcp_options) { .areas = { options }, .n = 1 };
	if (dhcp_options_use_file(out)) {
		out->areas[out->n++] = file;
	}
	if (dhcp_options_use_name(out)) {
		out->areas[out->n++] = name;
	}
	for (size_t i = 0; i < out->n; i++) {
		out->malformed = out->malformed || !is_whole(out->areas[i]);
	}
}

bool dhcp_option(const struct dhcp_options *options, uint8_t code, struct cursor *out)
{
	for (size_t i = 0; i < options->n; i++) {
		if (find_in(options->areas[i], code, out)) {
			return true;
		}
	}
	return false;
}

/* ---- values ---- */

static void put_text(struct dissection *d, uint16_t field, struct cursor value)
{
	struct cursor text = text_until_nul(value);

	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, FIELD_LOCAL(field), text);
	}
}

static void put_bytes(struct dissection *d, uint16_t field, struct cursor value)
{
	record_put_bytes(d->writer, FIELD_LOCAL(field), value);
}

static void put_seconds(struct dissection *d, uint16_t field, struct cursor value)
{
	record_put_uint(d->writer, FIELD_LOCAL(field), cur_be32(&value));
}

/* The first of them. */
static void put_ip(struct dissection *d, uint16_t field, struct cursor value)
{
	struct ip ip = cur_ip4(&value);

	if (cur_ok(&value) && !ip_is_none(&ip)) {
		record_put_ip(d->writer, FIELD_LOCAL(field), &ip);
	}
}

static void put_ips(struct dissection *d, uint16_t field, struct cursor value)
{
	char text[LIST_TEXT], one[IP_TEXT_SIZE];
	int n = 0;

	while (cur_left(&value) >= 4 && n < (int)sizeof(text) - IP_TEXT_SIZE) {
		struct ip ip = cur_ip4(&value);

		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%s", n > 0 ? "," : "",
			      ip_text(&ip, one));
	}
	if (n > 0) {
		record_put_text(d->writer, FIELD_LOCAL(field), text);
	}
}

static void put_numbers(struct dissection *d, uint16_t field, struct cursor value)
{
	char text[LIST_TEXT];
	int n = 0;

	while (cur_left(&value) > 0 && n < (int)sizeof(text) - 4) {
		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s%u", n > 0 ? "," : "",
			      cur_u8(&value));
	}
	if (n > 0) {
		record_put_text(d->writer, FIELD_LOCAL(field), text);
	}
}

/* A name with a domain gives both; one without gives the host's name alone. */
static void put_name(struct dissection *d, const char *name)
{
	size_t host = strcspn(name, ".");

	if (host == 0) {
		return;
	}
	if (name[host] == '.' && name[host + 1] != '\0') {
		record_put_text(d->writer, FIELD_LOCAL(DHCP_FQDN), name);
	}
	record_put_bytes(d->writer, FIELD_LOCAL(DHCP_HOST_NAME), cur_of(name, host));
}

static void put_host_name(struct dissection *d, uint16_t field, struct cursor value)
{
	char name[RECORD_STRING_MAX];

	(void)field;
	put_name(d, text_copy(text_until_nul(value), name, sizeof(name)));
}

static void put_fqdn(struct dissection *d, uint16_t field, struct cursor value)
{
	uint8_t flags = cur_u8(&value);
	struct dns_name name;

	(void)field;
	cur_skip(&value, 2);
	if (!cur_ok(&value)) {
		return;
	}
	if ((flags & FQDN_ENCODED) == 0) {
		text_copy(text_until_nul(value), name.text, sizeof(name.text));
	} else if (!dns_read_name(value, &value, &name)) {
		return;
	}
	put_name(d, name.text);
}

static void put_relay(struct dissection *d, uint16_t field, struct cursor value)
{
	(void)field;
	while (cur_left(&value) > 0) {
		uint8_t code = cur_u8(&value);
		struct cursor part = cur_sub(&value, cur_u8(&value));

		if (cur_ok(&value) && (code == RELAY_CIRCUIT || code == RELAY_REMOTE)) {
			put_bytes(d, code == RELAY_CIRCUIT ? DHCP_CIRCUIT_ID : DHCP_REMOTE_ID,
				  part);
		}
	}
}

static const struct {
	uint8_t code;
	uint8_t field;
	bool of_client; /* means the client only when the client says it */
	void (*put)(struct dissection *d, uint16_t field, struct cursor value);
} rows[] = {
	{ 1, DHCP_NETMASK, false, put_ip },
	{ 3, DHCP_GATEWAY, false, put_ip },
	{ 6, DHCP_NAME_SERVERS, false, put_ips },
	{ 12, DHCP_HOST_NAME, false, put_host_name },
	{ 15, DHCP_DOMAIN, false, put_text },
	{ 42, DHCP_TIME_SERVERS, false, put_ips },
	{ 43, DHCP_VENDOR_OPTIONS, false, put_bytes },
	{ 44, DHCP_NETBIOS_SERVERS, false, put_ips },
	{ 50, DHCP_REQUESTED_IP, false, put_ip },
	{ 51, DHCP_LEASE_TIME, false, put_seconds },
	{ 54, DHCP_SERVER_IP, false, put_ip },
	{ 55, DHCP_PARAMETERS, true, put_numbers },
	{ 56, DHCP_MESSAGE, false, put_text },
	{ 60, DHCP_VENDOR_CLASS, true, put_text },
	{ 61, DHCP_CLIENT_ID, false, put_bytes },
	{ 66, DHCP_BOOT_SERVER, false, put_text },
	{ 67, DHCP_BOOT_FILE, false, put_text },
	{ 77, DHCP_USER_CLASS, true, put_text },
	{ 81, DHCP_FQDN, false, put_fqdn },
	{ 82, DHCP_CIRCUIT_ID, false, put_relay },
	{ 252, DHCP_PROXY_URL, false, put_text },
};

void dhcp_put_options(struct dissection *d, const struct dhcp_options *options, bool from_client)
{
	struct cursor value;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if ((from_client || !rows[i].of_client) &&
		    dhcp_option(options, rows[i].code, &value)) {
			rows[i].put(d, rows[i].field, value);
		}
	}
}
