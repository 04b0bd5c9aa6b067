/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "names_world.h"

#define HEAD   236
#define OPCODE 0
#define CIADDR 12
#define YIADDR 16
#define CHADDR 28

/* A message with these options; op 1 asks, 2 answers. Returns its length. */
static size_t make(uint8_t op, const char *options, uint8_t *out, size_t size)
{
	memset(out, 0, HEAD);
	out[OPCODE] = op;
	out[1] = 1;
	out[2] = 6;
	memcpy(out + CHADDR, "\2\0\0\0\0\1", 6); /* HMI's */
	return HEAD + world_hex(options, out + HEAD, size - HEAD);
}

#define COOKIE "63825363 "

static void discover_is_about_the_client(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make(1, COOKIE "350101 0c03504c43 370401030600 00 00 ff", bytes, sizeof(bytes));

	(void)state;
	send_datagram(w, HMI, 68, 67, bytes, n);
	assert_int_equal(world_count(w, "weir.function=discover"), 1);
	assert_int_equal(world_count(w, "weir.dhcp.host_name=PLC"), 1);
	assert_int_equal(world_count(w, "weir.dhcp.parameters=1,3,6,0"), 1);
	assert_int_equal(world_count(w, "weir.subject.mac=02-00-00-00-00-01"), 1);
	assert_int_equal(world_count(w, "weir.subject.ip"), 0);
	assert_false(w->last.binds);
	world_free(w);
}

static void acknowledge_binds(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make(2, COOKIE "350105 36040a000001 0104ffffff00 03080a0000fe0a0000fd ff", bytes,
			sizeof(bytes));

	(void)state;
	memcpy(bytes + YIADDR, "\12\0\0\2", 4);
	send_datagram(w, PLC, 67, 68, bytes, n);
	assert_int_equal(world_count(w, "weir.dhcp.netmask=255.255.255.0"), 1);
	assert_int_equal(world_count(w, "weir.dhcp.gateway=10.0.0.254"), 1);
	assert_int_equal(world_count(w, "weir.subject.ip=10.0.0.2 "
					"weir.subject.mac=02-00-00-00-00-01"),
			 1);
	assert_int_equal(world_count(w, "weir.dhcp.duty=dhcp_server weir.subject.ip=10.0.0.1"), 1);
	/* Who serves is said once a minute. */
	send_datagram(w, PLC, 67, 68, bytes, n);
	assert_int_equal(world_count(w, "weir.dhcp.duty=dhcp_server"), 1);
	world_time(w, 61 * NS_PER_S);
	send_datagram(w, PLC, 67, 68, bytes, n);
	assert_int_equal(world_count(w, "weir.dhcp.duty=dhcp_server"), 2);
	world_free(w);
}

/* A frame that does not go to the client came through a relay or a router: the client's link
 * address is of another network. */
static void not_on_its_link(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make(2, COOKIE "350105 36040a000001 ff", bytes, sizeof(bytes));

	(void)state;
	memcpy(bytes + YIADDR, "\12\0\0\7", 4);
	bytes[CHADDR + 5] = 0x77;
	send_datagram(w, PLC, 67, 67, bytes, n);
	assert_int_equal(world_count(w, "weir.subject.ip=10.0.0.7"), 1);
	assert_int_equal(world_count(w, "weir.subject.mac"), 0);
	assert_false(w->last.binds);
	world_free(w);
}

static void what_is_offered_is_nobodys(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make(2, COOKIE "350102 ff", bytes, sizeof(bytes));

	(void)state;
	memcpy(bytes + YIADDR, "\12\0\0\2", 4);
	send_datagram(w, PLC, 67, 68, bytes, n);
	assert_int_equal(world_count(w, "weir.dhcp.your_ip=10.0.0.2"), 1);
	assert_int_equal(world_count(w, "weir.subject"), 0);
	world_free(w);
}

/* Option 52: the file name's place holds options (RFC 2132 9.3). */
static void options_elsewhere(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make(1, COOKIE "350103 340101 ff", bytes, sizeof(bytes));

	(void)state;
	world_hex("0c024142 ff", bytes + 108, 128);
	send_datagram(w, HMI, 68, 67, bytes, n);
	assert_int_equal(world_count(w, "weir.dhcp.host_name=AB"), 1);
	assert_int_equal(world_count(w, "weir.dhcp.boot_file"), 0);
	world_free(w);
}

static void full_names(void **state)
{
	static const struct {
		const char *options, *host, *fqdn;
	} rows[] = {
		{ COOKIE "350103 0c03612e62 ff", "host_name=a ", "fqdn=a.b" },
		{ COOKIE "350103 5106000000 612e62 ff", "host_name=a ", "fqdn=a.b" },
		{ COOKIE "350103 5108040000 0161016200 ff", "host_name=a ", "fqdn=a.b" },
		{ COOKIE "350103 5104000000 61 ff", "host_name=a", NULL },
		{ COOKIE "350103 5105040000 c000 ff", NULL, NULL },
		{ COOKIE "350103 5102 0400 ff", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = world_new(NULL);
		uint8_t bytes[512];

		send_datagram(w, HMI, 68, 67, bytes,
			      make(1, rows[i].options, bytes, sizeof(bytes)));
		assert_int_equal(world_count(w, rows[i].host != NULL ? rows[i].host : "host_name"),
				 rows[i].host != NULL);
		assert_int_equal(world_count(w, rows[i].fqdn != NULL ? rows[i].fqdn : "fqdn"),
				 rows[i].fqdn != NULL);
		world_free(w);
	}
}

static void malformed(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make(1, COOKIE "350101 0cff41", bytes, sizeof(bytes));

	(void)state;
	send_datagram(w, HMI, 68, 67, bytes, n);
	assert_int_equal(world_count(w, "weir.malformed=options"), 1);
	send_datagram(w, HMI, 68, 67, bytes, 100);
	assert_int_equal(world_count(w, "weir.malformed=length"), 1);
	assert_int_equal(world_protocol(w, "dhcp")->malformed, 2);
	world_free(w);
}

/* Without the cookie it is BOOTP, also when there are bytes in its place. */
static void bootp(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make(1, "00000000 350101", bytes, sizeof(bytes));

	(void)state;
	send_datagram(w, HMI, 68, 67, bytes, n);
	assert_int_equal(world_count(w, "weir.function=bootp_request"), 1);
	world_free(w);
}

static void cut(void **state)
{
	uint8_t bytes[512];
	size_t n = make(1, COOKIE "350103 0c03612e62 5108040000 0161016200 5206010101020102 ff",
			bytes, sizeof(bytes));

	(void)state;
	cut_everywhere(68, 67, bytes, n, 1);
}

/* ---- DHCPv6 ---- */

#define CLIENT_ID "0001 000a 0003 0001 020000000001 "
#define ADDRESS   "0005 0018 fd00 0000 0000 0000 0000 0000 0000 0020 00000e10 00000e10 "
#define GIVEN     "0003 0028 00000001 00000000 00000000 " ADDRESS
#define RELAYED   "fd00 0000 0000 0000 0000 0000 0000 0001 fe80 0000 0000 0000 0000 0000 0000 0077 "

/* Between link-local addresses of the same hosts. */
static void send6(struct engine_world *w, unsigned from, const char *hex)
{
	struct packet p = world_packet(w, from, IP_PROTOCOL_UDP);
	uint8_t bytes[256];

	p.ip_version = 6;
	p.port_source = from == HMI ? 546 : 547;
	p.port_destination = from == HMI ? 547 : 546;
	assert_int_equal(ip_parse(from == HMI ? "fe80::2" : "fe80::1", &p.ip_source), 0);
	assert_int_equal(ip_parse(from == HMI ? "ff02::1:2" : "fe80::2", &p.ip_destination), 0);
	world_send(w, &p, bytes, world_hex(hex, bytes, sizeof(bytes)));
}

static void reply6_binds(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send6(w, PLC, "02 123456 " CLIENT_ID GIVEN);
	assert_int_equal(world_count(w, "weir.function=advertise "), 2);
	assert_int_equal(world_count(w, "weir.subject"), 0);
	send6(w, PLC, "07 123456 " CLIENT_ID GIVEN);
	assert_int_equal(world_count(w, "weir.subject.ip=fd00::20 "
					"weir.subject.mac=02-00-00-00-00-01"),
			 1);
	assert_true(w->last.binds);
	assert_int_equal(world_count(w, "weir.dhcpv6.duty=dhcp_server"), 1);
	world_free(w);
}

static void relayed6(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send6(w, HMI, "0c 00 " RELAYED "0009 0012 01 123456 " CLIENT_ID);
	assert_int_equal(world_count(w, "weir.function=solicit "), 1);
	assert_int_equal(world_count(w, "weir.dhcpv6.peer_ip=fe80::77"), 1);
	assert_int_equal(world_count(w, "weir.subject.ip=fe80::77"), 1);
	/* Without the message, and with an option that is longer than it. */
	send6(w, HMI, "0c 00 " RELAYED);
	send6(w, HMI, "01 123456 0001 00ff 00");
	assert_int_equal(world_count(w, "weir.malformed=options"), 2);
	assert_int_equal(world_protocol(w, "dhcpv6")->malformed, 2);
	world_free(w);
}

static void names6(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send6(w, HMI, "01 123456 0027 0006 00 04 686f7374 0006 0004 0017 0018");
	assert_int_equal(world_count(w, "weir.dhcpv6.parameters=23,24 weir.dhcpv6.host_name=host"),
			 1);
	assert_int_equal(world_count(w, "fqdn"), 0);
	send6(w, HMI, "01 123457 0027 0006 00 0161 0162 00");
	assert_int_equal(world_count(w, "weir.dhcpv6.host_name=a weir.dhcpv6.fqdn=a.b"), 1);
	/* A name that points at itself. */
	send6(w, HMI, "01 123458 0027 0005 00 0161 c000");
	assert_int_equal(world_count(w, "fqdn"), 1);
	world_free(w);
}

static void cut6(void **state)
{
	uint8_t bytes[256];
	size_t n = world_hex("0c 00 " RELAYED "0009 0048 07 123456 " CLIENT_ID GIVEN
			     "0027 0006 00 0161 0162 00",
			     bytes, sizeof(bytes));

	(void)state;
	cut_everywhere(546, 547, bytes, n, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(discover_is_about_the_client),
		cmocka_unit_test(acknowledge_binds),
		cmocka_unit_test(not_on_its_link),
		cmocka_unit_test(what_is_offered_is_nobodys),
		cmocka_unit_test(options_elsewhere),
		cmocka_unit_test(full_names),
		cmocka_unit_test(malformed),
		cmocka_unit_test(bootp),
		cmocka_unit_test(cut),
		cmocka_unit_test(reply6_binds),
		cmocka_unit_test(relayed6),
		cmocka_unit_test(names6),
		cmocka_unit_test(cut6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
