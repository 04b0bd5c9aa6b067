/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

#include "dissectors/ber.h"

/* ---- BER ---- */

static struct ber element(const char *hex, uint8_t *room, size_t size, bool *ok)
{
	struct cursor c = cur_of(room, world_hex(hex, room, size));
	struct ber out = ber_next(&c);

	*ok = cur_ok(&c);
	return out;
}

static void lengths(void **state)
{
	static const struct {
		const char *hex;
		bool ok;
		size_t length;
	} rows[] = {
		{ "04 00", true, 0 },
		{ "04 01 aa", true, 1 },
		{ "04 81 01 aa", true, 1 },
		{ "04 82 0001 aa", true, 1 },
		{ "04 84 00000001 aa", true, 1 },
		{ "04 01", false, 0 },         /* short */
		{ "04", false, 0 },            /* no length */
		{ "04 80 aa 0000", false, 0 }, /* indefinite */
		{ "04 85 0000000001 aa", false, 0 },
		{ "04 84 ffffffff aa", false, 0 },
		{ "1f 81 01 aa", false, 0 }, /* a tag of several bytes */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t room[16];
		bool ok;
		struct ber e = element(rows[i].hex, room, sizeof(room), &ok);

		assert_int_equal(ok, rows[i].ok);
		assert_int_equal(cur_ok(&e.content), rows[i].ok);
		assert_int_equal(cur_left(&e.content), rows[i].length);
	}
}

static void numbers(void **state)
{
	static const struct {
		const char *hex;
		int64_t value;
	} rows[] = {
		{ "00", 0 },
		{ "7f", 127 },
		{ "80", -128 },
		{ "ff", -1 },
		{ "00ff", 255 },
		{ "8000", -32768 },
		{ "fffeee90", -70000 },
		{ "7fffffffffffffff", INT64_MAX },
		{ "8000000000000000", INT64_MIN },
	};
	uint8_t room[16];
	int64_t value;
	uint64_t natural;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t n = world_hex(rows[i].hex, room, sizeof(room));

		assert_true(ber_signed(cur_of(room, n), &value));
		assert_int_equal(value, rows[i].value);
	}
	assert_false(ber_signed(cur_of(room, 0), &value));
	assert_false(ber_signed(cur_of(room, 9), &value));
	assert_true(ber_unsigned(cur_of("\0\xff\xff\xff\xff\xff\xff\xff\xff", 9), &natural));
	assert_true(natural == UINT64_MAX);
	assert_false(ber_unsigned(cur_of(room, 10), &natural));
}

static void identifiers(void **state)
{
	static const struct {
		const char *hex, *text;
	} rows[] = {
		{ "2b 06 01 02 01", "1.3.6.1.2.1" },
		{ "2b 06 01 04 01 a149 01", "1.3.6.1.4.1.4297.1" },
		{ "88 37", "2.999" },
		{ "00", "0.0" },
		{ "2b 8f ff ff ff 7f", "1.3.4294967295" },
		{ "2b 90 80 80 80 00", "1.3" }, /* an arc of 33 bits ends it */
		{ "2b 80 80 80 80 80 80 80 00", "1.3" },
		{ "2b 86", "1.3" }, /* as does one without end */
		{ "", "unknown" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t room[16];
		char text[BER_OID_TEXT], small[16];
		size_t n = world_hex(rows[i].hex, room, sizeof(room));

		ber_oid_text(cur_of(room, n), text, sizeof(text));
		assert_string_equal(text, rows[i].text);
		ber_oid_text(cur_of(room, n), small, sizeof(small));
		assert_true(strlen(small) < sizeof(small));
	}
}

/* ---- messages ---- */

#define SYS_NAME "3011 06082b06010201010500 0405 73772d3031"
#define ASK_NAME "300c 06082b06010201010500 0500"
#define GET      "3026 020101 0406 7075626c6963 a019 020107 020100 020100 300e" ASK_NAME
#define RESPONSE "302b 020101 0406 7075626c6963 a21e 020107 020100 020100 3013" SYS_NAME
#define TRAP_1                                                                                    \
	"3030 020100 0406 7075626c6963 a423 06062b0601040163 4004 0a000001 020106 02012a 430100 " \
	"300a 3008 06042b060101 0500"

static struct engine_world *snmp_world(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = 161;
	return w;
}

static void send_cut(struct engine_world *w, unsigned from, const char *hex, size_t cut)
{
	uint8_t bytes[1500];
	size_t n = world_hex(hex, bytes, sizeof(bytes));

	world_udp(w, from, bytes, size_min(n, cut));
}

static void send(struct engine_world *w, unsigned from, const char *hex)
{
	send_cut(w, from, hex, SIZE_MAX);
}

static void name_of_a_device(void **state)
{
	struct engine_world *w = snmp_world();

	(void)state;
	send(w, HMI, GET);
	send(w, PLC, RESPONSE);
	assert_int_equal(world_count(w, "transaction read complete answered success"), 1);
	assert_int_equal(world_count(w, "weir.snmp.community_length=6"), 1);
	assert_int_equal(world_count(w, "weir.snmp.risk=community_seen,default_community"), 1);
	assert_int_equal(world_count(w, "weir.snmp.sys_name=sw-01"), 1);
	/* The word itself is nowhere. */
	assert_null(strstr(w->log, "public"));
	assert_int_equal(world_count(w, "weir.item.address=1.3.6.1.2.1.1.5.0 "
					"weir.item.type=octet_string weir.item.text=sw-01"),
			 1);
	world_free(w);
}

static void cut_everywhere(void **state)
{
	static const char *const messages[] = { GET, RESPONSE, TRAP_1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		struct engine_world *w = snmp_world();
		uint8_t bytes[100];
		size_t n = world_hex(messages[i], bytes, sizeof(bytes));

		/* A whole one first, so that the flow is SNMP's. */
		send(w, HMI, messages[i]);
		for (size_t cut = 1; cut < n; cut++) {
			send_cut(w, HMI, messages[i], cut);
		}
		/* What is shorter than its own length is no message. */
		assert_int_equal(world_protocol(w, "snmp")->messages, 1);
		world_free(w);
	}
}

/* The lengths are right, the content is any: each byte of a message takes each of some values. */
static void bytes_changed(void **state)
{
	static const char *const messages[] = { GET, RESPONSE, TRAP_1 };
	static const uint8_t values[] = { 0, 1, 0x30, 0x7f, 0x80, 0x84, 0xa0, 0xff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++) {
		struct engine_world *w = snmp_world();
		uint8_t bytes[100];
		size_t n = world_hex(messages[i], bytes, sizeof(bytes));

		for (size_t at = 0; at < n * ARRAY_SIZE(values); at++) {
			uint8_t was = bytes[at % n];

			bytes[at % n] = values[at / n];
			world_udp(w, HMI, bytes, n);
			bytes[at % n] = was;
			world_clear(w);
		}
		assert_true(world_protocol(w, "snmp")->malformed > 0);
		world_free(w);
	}
}

/* More variables than items are reported. */
static void many_variables(void **state)
{
	struct engine_world *w = snmp_world();
	char text[8000] = "3082 0b2d 020101 0401 78 a282 0b23 020107 020100 020100 3082 0b16";

	(void)state;
	for (int i = 0; i < 284; i++) {
		strcat(text, "3008 06042b060101 0500");
	}
	/* 2840 bytes and an element that is none. */
	uint8_t bytes[3000];
	size_t n = world_hex(text, bytes, sizeof(bytes));

	world_put_be16(bytes + 2, n - 4);
	world_put_be16(bytes + 12, n - 14);
	world_put_be16(bytes + 25, n - 27);
	world_udp(w, PLC, bytes, n);
	assert_int_equal(world_protocol(w, "snmp")->by_class[MESSAGE_RESPONSE], 1);
	assert_int_equal(world_protocol(w, "snmp")->malformed, 0);
	assert_int_equal(engine_counters(w->engine)->items_refused, 284 - DISSECT_ITEMS_MAX);
	world_free(w);
}

static void on_another_port(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = 10161;
	send(w, HMI, "300a 020101 0400 a003 020107"); /* no PDU that is whole: still its shape */
	assert_int_equal(world_protocol(w, "snmp")->malformed, 1);
	world_free(w);
	w = world_new(NULL);
	w->port[PLC] = 10161;
	send(w, HMI, "300c 020101 6007 020103 0400 8000"); /* a bind of LDAP */
	assert_int_equal(world_protocol(w, "snmp")->messages, 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lengths),        cmocka_unit_test(numbers),
		cmocka_unit_test(identifiers),    cmocka_unit_test(name_of_a_device),
		cmocka_unit_test(cut_everywhere), cmocka_unit_test(bytes_changed),
		cmocka_unit_test(many_variables), cmocka_unit_test(on_another_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
