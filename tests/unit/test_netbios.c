/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "names_world.h"

#include "dissectors/netbios_name.h"

/* "PLC" and fifteen characters in all, then the suffix. */
#define PLC_NAME "FAEMEDCACACACACACACACACACACACACA"

static void names(void **state)
{
	struct netbios_name name;

	(void)state;
	assert_true(netbios_name_decode(PLC_NAME, &name));
	assert_string_equal(name.text, "PLC");
	assert_int_equal(name.suffix, 0x20);
	assert_true(netbios_name_decode(PLC_NAME ".scope", &name));
	assert_false(netbios_name_decode(PLC_NAME "A", &name));
	assert_false(netbios_name_decode("FAEMEDCACACACACACACACACACACACAC", &name));
	assert_false(netbios_name_decode("FAEMEDCACACACACACACACACACACACACQ", &name));
	assert_false(netbios_name_decode("", &name));
}

static void meanings(void **state)
{
	static const struct {
		const char *text;
		uint8_t suffix;
		bool group;
		struct netbios_meaning meaning;
	} rows[] = {
		{ "HOST", 0x00, false, { NULL, NULL, true, false } },
		{ "PLANT", 0x00, true, { NULL, NULL, false, true } },
		{ "HOST", 0x20, false, { NULL, "smb", true, false } },
		{ "HOST", 0x03, false, { NULL, NULL, false, false } },
		{ "PLANT", 0x1c, true, { "domain_controller", NULL, false, true } },
		{ "PLANT", 0x1d, false, { "master_browser", NULL, false, true } },
		{ "\1\2__MSBROWSE__\2", 0x01, true, { "master_browser", NULL, false, false } },
		{ "OTHER", 0x01, true, { NULL, NULL, false, false } },
		/* A web server is no domain controller. */
		{ "INet~Services", 0x1c, true, { NULL, NULL, false, false } },
		{ "IS~HOST", 0x00, false, { NULL, NULL, false, false } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct netbios_name name = { .suffix = rows[i].suffix };
		struct netbios_meaning meaning;

		strcpy(name.text, rows[i].text);
		meaning = netbios_name_meaning(&name, rows[i].group);
		assert_int_equal(meaning.host, rows[i].meaning.host);
		assert_int_equal(meaning.group, rows[i].meaning.group);
		assert_ptr_equal(meaning.duty == NULL, rows[i].meaning.duty == NULL);
		assert_ptr_equal(meaning.service == NULL, rows[i].meaning.service == NULL);
		if (meaning.duty != NULL) {
			assert_string_equal(meaning.duty, rows[i].meaning.duty);
		}
	}
}

/* Appends the half-ASCII form of a name. */
static size_t put_name(uint8_t *out, const char *text, uint8_t suffix)
{
	size_t length = strlen(text);

	out[0] = 32;
	for (size_t i = 0; i < 16; i++) {
		uint8_t c = i == 15 ? suffix : i < length ? (uint8_t)text[i] : ' ';

		out[1 + 2 * i] = (uint8_t)('A' + (c >> 4));
		out[2 + 2 * i] = (uint8_t)('A' + (c & 15));
	}
	out[33] = 0;
	return 34;
}

/* A node status with this many names said, of which two are there. */
static size_t make_status(uint8_t names_said, uint8_t *out, size_t size)
{
	size_t n = world_hex("0001 8400 0000 0001 0000 0000", out, size);

	n += put_name(out + n, "*", 0);
	n += world_hex("0021 0001 00000000", out + n, size - n);
	world_put_be16(out + n, 1 + 2 * 18 + 6);
	n += 2;
	out[n++] = names_said;
	n += world_hex("504c4320202020202020202020202020 0400"
		       "504c414e542020202020202020202000 8400",
		       out + n, size - n);
	out[n - 19] = 0x20;
	return n + world_hex("020000000007", out + n, size - n);
}

static void node_status(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[256];
	size_t n = world_hex("0001 0000 0001 0000 0000 0000", bytes, sizeof(bytes));

	(void)state;
	n += put_name(bytes + n, "*", 0);
	n += world_hex("0021 0001", bytes + n, sizeof(bytes) - n);
	send_datagram(w, HMI, 137, 137, bytes, n);
	world_clear(w);
	send_datagram(w, PLC, 137, 137, bytes, make_status(2, bytes, sizeof(bytes)));
	assert_int_equal(world_count(w, "transaction identify complete answered success "), 1);
	assert_int_equal(world_count(w, "weir.nbns.host_name=PLC "), 1);
	assert_int_equal(world_count(w, "weir.nbns.group_name=PLANT "), 1);
	assert_int_equal(world_count(w, "weir.subject.mac=02-00-00-00-00-07"), 1);
	assert_int_equal(w->last.about, ABOUT_NAMED);
	/* More names than there is room for. */
	send_datagram(w, PLC, 137, 137, bytes, make_status(255, bytes, sizeof(bytes)));
	world_free(w);
}

static void registration_is_about_its_sender(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[256];
	size_t n = world_hex("0001 2910 0001 0000 0000 0001", bytes, sizeof(bytes));

	(void)state;
	n += put_name(bytes + n, "ENG", 0x20);
	n += world_hex("0020 0001 c00c 0020 0001 000493e0 0006 0000 0a000002", bytes + n,
		       sizeof(bytes) - n);
	send_datagram(w, HMI, 137, 137, bytes, n);
	assert_int_equal(world_count(w, "weir.function=registration"), 1);
	assert_int_equal(world_count(w, "weir.nbns.host_name=ENG weir.nbns.services=smb"), 1);
	assert_int_equal(w->last.about, ABOUT_SOURCE);
	cut_everywhere(137, 137, bytes, n, 1);
	world_free(w);
}

/* A host announcement in a mailslot; returns its length. */
static size_t make_announcement(uint32_t type, uint8_t *out, size_t size)
{
	size_t n = world_hex("11 0e 0001 0a000002 008a 0000 0000", out, size), smb;

	n += put_name(out + n, "ENG", 0);
	n += put_name(out + n, "PLANT", 0x1d);
	smb = n;
	n += world_hex("ff534d42 25", out + n, size - n);
	memset(out + n, 0, 27 + 1 + 34);
	n += 27;
	out[n++] = 17;
	out[n + 22] = 36; /* bytes of the message, and where it begins */
	out[n + 24] = 32 + 1 + 34 + 2 + 17;
	n += 34;
	out[n++] = 17 + 36;
	out[n++] = 0;
	memcpy(out + n, "\\MAILSLOT\\BROWSE", 17);
	n += 17;
	assert_int_equal(n - smb, 86);
	n += world_hex("01 00 00000000 454e470000000000 0000000000000000 0601", out + n, size - n);
	for (size_t i = 0; i < 4; i++) {
		out[n++] = (uint8_t)(type >> 8 * i);
	}
	return n + world_hex("0f01 55aa 4c310000", out + n, size - n);
}

static void announcement(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	size_t n = make_announcement(0x00041003, bytes, sizeof(bytes));

	(void)state;
	send_datagram(w, HMI, 138, 138, bytes, n);
	assert_int_equal(world_count(w, "weir.function=host_announcement"), 1);
	assert_int_equal(world_count(w, "weir.nbdgm.server_type=workstation,server,nt_workstation,"
					"master_browser "
					"weir.nbdgm.duties=workstation,master_browser "
					"weir.nbdgm.operating_system=Windows NT 6.1 "
					"weir.nbdgm.browser_version=1.15 weir.nbdgm.comment=L1"),
			 1);
	assert_int_equal(world_count(w, "weir.nbdgm.group_name=PLANT"), 1);
	assert_int_equal(w->last.about, ABOUT_SOURCE);
	cut_everywhere(138, 138, bytes, n, 1);
	world_free(w);
}

/* A server of Windows has the bit of a station as well; Samba says a version of Windows. */
static void types_that_mean_something_else(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];

	(void)state;
	send_datagram(w, HMI, 138, 138, bytes, make_announcement(0x00009003, bytes, sizeof(bytes)));
	assert_int_equal(world_count(w, "weir.nbdgm.duties=server "), 1);
	world_clear(w);
	send_datagram(w, HMI, 138, 138, bytes, make_announcement(0x00001803, bytes, sizeof(bytes)));
	assert_int_equal(world_count(w, "operating_system"), 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),        cmocka_unit_test(meanings),
		cmocka_unit_test(node_status),  cmocka_unit_test(registration_is_about_its_sender),
		cmocka_unit_test(announcement), cmocka_unit_test(types_that_mean_something_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
