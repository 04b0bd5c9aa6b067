/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "names_world.h"

#include "dissectors/dns_message.h"

#define QUERY  "0001 0100 0001 0000 0000 0000 "
#define ANSWER "0001 8180 0001 0001 0000 0000 "
#define PLC_A  "03 706c63 00 0001 0001 " /* plc A IN */

/* ---- names ---- */

static bool read_name(const char *hex, size_t at, struct dns_name *out)
{
	uint8_t bytes[1024];
	struct cursor whole = cur_of(bytes, world_hex(hex, bytes, sizeof(bytes))), c = whole;

	cur_skip(&c, at);
	return dns_read_name(whole, &c, out);
}

static void names_follow_pointers(void **state)
{
	struct dns_name name;

	(void)state;
	assert_true(read_name("03 777777 02 6465 00 03 666f6f c004", 8, &name));
	assert_string_equal(name.text, "foo.de");
	assert_true(read_name("00", 0, &name));
	assert_string_equal(name.text, ".");
	/* A dot in a label, a backslash, and what cannot be printed (RFC 1035 5.1). */
	assert_true(read_name("04 612e5c01 00", 0, &name));
	assert_string_equal(name.text, "a\\.\\\\\\001");
}

static void names_without_end(void **state)
{
	struct dns_name name;

	(void)state;
	assert_false(read_name("c000", 0, &name));
	assert_false(read_name("c002 c000", 0, &name));
	assert_false(read_name("01 61 c000", 0, &name));
	assert_false(read_name("c0ff", 0, &name));
	assert_false(read_name("40 61 00", 0, &name)); /* reserved (RFC 1035 4.1.4) */
	assert_false(read_name("05 6161", 0, &name));
	assert_false(read_name("01 61", 0, &name));
	assert_false(read_name("", 0, &name));
}

/* 255 bytes are the most that a name has on the wire. */
static void the_longest_name(void **state)
{
	uint8_t bytes[300] = { 0 };
	struct dns_name name;
	struct cursor whole, c;

	(void)state;
	for (size_t label = 0; label < 4; label++) {
		bytes[64 * label] = 63;
		memset(bytes + 64 * label + 1, 'a', 63);
	}
	bytes[192] = 61; /* 3 * 64 + 62 + 1 = 255 */
	bytes[254] = 0;
	whole = c = cur_of(bytes, 255);
	assert_true(dns_read_name(whole, &c, &name));
	assert_int_equal(strlen(name.text), 253);
	assert_int_equal(cur_left(&c), 0);
	bytes[192] = 62;
	bytes[254] = 'a';
	whole = c = cur_of(bytes, 256);
	assert_false(dns_read_name(whole, &c, &name));
}

static void reverse_names(void **state)
{
	struct dns_name name;
	char text[IP_TEXT_SIZE];
	struct ip ip;

	(void)state;
	strcpy(name.text, "4.3.2.1.in-addr.arpa");
	assert_true(dns_reverse_address(&name, &ip));
	assert_string_equal(ip_text(&ip, text), "1.2.3.4");
	strcpy(name.text, "4.3.2.256.in-addr.arpa");
	assert_false(dns_reverse_address(&name, &ip));
	strcpy(name.text, "3.2.1.in-addr.arpa");
	assert_false(dns_reverse_address(&name, &ip));
	strcpy(name.text,
	       "b.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.IP6.arpa");
	assert_true(dns_reverse_address(&name, &ip));
	assert_string_equal(ip_text(&ip, text), "2001:db8::b");
	name.text[0] = 'g';
	assert_false(dns_reverse_address(&name, &ip));
}

/* ---- messages ---- */

static void query_and_answer(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_hex(w, HMI, 50001, 53, QUERY PLC_A);
	world_clear(w);
	send_hex(w, PLC, 53, 50001, ANSWER PLC_A "c00c 0001 0001 0000003c 0004 0a000009");
	assert_int_equal(world_count(w, "transaction read complete answered success "), 1);
	assert_int_equal(world_count(w, "dns.response_code=NOERROR"), 1);
	assert_int_equal(world_count(w, "item identify complete - success "), 1);
	assert_int_equal(world_count(w, "weir.dns.host_name=plc weir.subject.ip=10.0.0.9"), 1);
	assert_int_equal(w->last.about, ABOUT_NAMED);
	assert_false(w->last.binds);
	world_free(w);
}

static void errors_are_counted(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_hex(w, HMI, 50001, 53, QUERY PLC_A);
	send_hex(w, PLC, 53, 50001, "0001 8183 0001 0000 0000 0000 " PLC_A);
	assert_int_equal(world_count(w, "answered failure "), 1);
	assert_int_equal(world_count(w, "dns.response_code=NXDOMAIN"), 1);
	assert_int_equal(world_protocol(w, "dns")->errors, 1);
	assert_int_equal(world_count(w, "item "), 0);
	world_free(w);
}

/* A message names at most 16 hosts, however many resources it has. */
static void hosts_are_capped(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[2048];
	size_t n = world_hex("0001 8180 0001 0040 0000 0000 " PLC_A, bytes, sizeof(bytes));

	(void)state;
	for (unsigned i = 0; i < 64; i++) {
		n += world_hex("c00c 0001 0001 0000003c 0004 0a0000", bytes + n, sizeof(bytes) - n);
		bytes[n++] = (uint8_t)(i + 1);
	}
	send_datagram(w, PLC, 53, 50001, bytes, n);
	assert_int_equal(world_count(w, "item "), 16);
	world_free(w);
}

static void what_is_no_message(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	/* More resources than there are bytes for; an opcode that nobody gave out. */
	send_hex(w, HMI, 50001, 53, "0001 0100 0001 ffff 0000 0000 " PLC_A);
	send_hex(w, HMI, 50002, 53, "0001 7900 0001 0000 0000 0000 " PLC_A);
	assert_int_equal(world_protocol(w, "dns")->messages, 0);
	/* A question whose name loops. */
	send_hex(w, HMI, 50003, 53, QUERY "c00c 0001 0001");
	assert_int_equal(world_protocol(w, "dns")->messages, 1);
	assert_int_equal(world_protocol(w, "dns")->malformed, 1);
	world_finish(w);
	assert_int_equal(world_count(w, "weir.malformed=message"), 1);
	world_free(w);
}

static void two_messages_in_a_stream(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[128];
	size_t n = world_hex("0015 " QUERY PLC_A "0015 0002 0100 0001 0000 0000 0000 " PLC_A, bytes,
			     sizeof(bytes));

	(void)state;
	w->port[PLC] = 53;
	world_open(w);
	world_tcp(w, HMI, bytes, 30);
	assert_int_equal(world_protocol(w, "dns")->messages, 1);
	world_tcp(w, HMI, bytes + 30, n - 30);
	assert_int_equal(world_protocol(w, "dns")->messages, 2);
	world_free(w);
}

static void cut(void **state)
{
	uint8_t bytes[256];
	size_t n =
	    world_hex(ANSWER PLC_A "c00c 0001 0001 0000003c 0004 0a000009", bytes, sizeof(bytes));

	(void)state;
	cut_everywhere(50001, 53, bytes, n, 2);
	cut_everywhere(5353, 5353, bytes, n, 2);
	cut_everywhere(50001, 5355, bytes, n, 2);
}

/* ---- mDNS and LLMNR ---- */

#define MDNS_ANSWER "0000 8400 0000 0002 0000 0000 "
#define HOST_LOCAL  "04 686f7374 05 6c6f63616c 00 " /* host.local */

static void mdns_about_the_sender(void **state)
{
	struct engine_world *w = world_new(NULL);
	const char *hex = MDNS_ANSWER HOST_LOCAL "0001 8001 00000078 0004 0a000002 "
						 "04 5f697070 04 5f746370 05 6c6f63616c 00 "
						 "000c 0001 00000078 0004 016f c026";

	(void)state;
	send_hex(w, HMI, 5353, 5353, hex);
	assert_int_equal(world_count(w, "weir.mdns.host_name=host"), 1);
	assert_int_equal(world_count(w, "weir.mdns.service=_ipp._tcp weir.mdns.instance=o"), 1);
	assert_int_equal(w->last.about, ABOUT_SOURCE);
	/* The same again is counted, and no record until a minute has gone by. */
	world_clear(w);
	send_hex(w, HMI, 5353, 5353, hex);
	assert_int_equal(world_count(w, "transaction "), 0);
	world_time(w, 61 * NS_PER_S);
	send_hex(w, HMI, 5353, 5353, hex);
	assert_int_equal(world_count(w, "transaction "), 1);
	assert_int_equal(world_protocol(w, "mdns")->messages, 3);
	world_free(w);
}

static void mdns_passed_on(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_hex(w, HMI, 5353, 5353,
		 "0000 8400 0000 0001 0000 0000 " HOST_LOCAL "0001 8001 00000078 0004 0a000007");
	assert_int_equal(world_count(w, "weir.subject.ip=10.0.0.7"), 2);
	assert_int_equal(w->last.about, ABOUT_NAMED);
	world_free(w);
}

static void llmnr_names_a_host(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_hex(w, HMI, 50001, 5355, "0001 0000 0001 0000 0000 0000 " PLC_A);
	assert_int_equal(world_count(w, "transaction read complete"), 1);
	send_hex(w, PLC, 5355, 50001,
		 "0001 8000 0001 0001 0000 0000 " PLC_A "c00c 0001 0001 0000001e 0004 0a000001");
	assert_int_equal(world_count(w, "weir.llmnr.host_name=plc weir.subject.ip=10.0.0.1"), 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_follow_pointers),    cmocka_unit_test(names_without_end),
		cmocka_unit_test(the_longest_name),         cmocka_unit_test(reverse_names),
		cmocka_unit_test(query_and_answer),         cmocka_unit_test(errors_are_counted),
		cmocka_unit_test(hosts_are_capped),         cmocka_unit_test(what_is_no_message),
		cmocka_unit_test(two_messages_in_a_stream), cmocka_unit_test(cut),
		cmocka_unit_test(mdns_about_the_sender),    cmocka_unit_test(mdns_passed_on),
		cmocka_unit_test(llmnr_names_a_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
