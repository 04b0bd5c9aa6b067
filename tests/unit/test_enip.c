/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "enip_world.h"

#define READ   "00000000 0000 0200 0000 0000 b200 0800 0e03 2001 2401 3001"
#define ANSWER "00000000 0000 0200 0000 0000 b200 0600 8e00 0000 0100"

/* A command, its answer, and all that is reported, with names cut short. */
struct exchange {
	uint16_t command;
	uint32_t status;
	const char *request, *answer, *log;
};

static const struct exchange exchanges[] = {
	{ 0x00, 0, "5555", NULL,
	  "session complete - unknown function=nop command=0 session=287454020 "
	  "sender_context=0700000000000000 data_bytes=2 data=5555\n" },
	{ 0x01, 0, "", "0100 0100 1400 0100 0002af12c0a80a33 0000000000000000 3100",
	  "diagnose success function=list_targets command=1 session=287454020 "
	  "sender_context=0700000000000000 status=0 protocol_version=1 "
	  "identity.address=192.168.10.51 identity.port=44818\n" },
	{ 0x02, 0, "01", "02",
	  "unknown request - unknown function=legacy_2 command=2 "
	  "session=287454020 sender_context=0700000000000000 data_bytes=1 data=01\n"
	  "unknown success function=legacy_2 command=2 session=287454020 "
	  "sender_context=0700000000000000 data_bytes=1 data=01 status=0 "
	  "answer_bytes=1 answer_data=02\n" },
	{ 0x04, 0, "", "0100 0001 1400 0100 2001 436f6d6d 756e6963 6174696f 6e730000",
	  "diagnose success function=list_services command=4 session=287454020 "
	  "sender_context=0700000000000000 status=0 protocol_version=1 "
	  "service_name=Communications capabilities=cip_over_tcp,io_over_udp\n" },
	{ 0x04, 0, "", "0100 0001 0600 0100 0000 4162",
	  "diagnose success function=list_services command=4 session=287454020 "
	  "sender_context=0700000000000000 status=0 protocol_version=1 "
	  "service_name=Ab capabilities\n" },
	{ 0x04, 0, "", "0100 0001 ff00 0100",
	  "diagnose success malformed function=list_services command=4 "
	  "session=287454020 sender_context=0700000000000000 status=0 "
	  "malformed=item_length\n" },
	{ 0x63, 0, "",
	  "0200 0c00 2400 0100 0002af12c0a80a33 0000000000000000 0100 0e00 5d00 140b 6031 eeffc000 "
	  "02 4c37 03 8600 0500 0600 02 05 18",
	  "identify success function=list_identity command=99 session=287454020 "
	  "sender_context=0700000000000000 status=0 protocol_version=1 "
	  "identity.vendor_id=1 identity.vendor=Rockwell Automation/Allen-Bradley "
	  "identity.device_type_id=14 identity.device_type=Programmable logic "
	  "controller identity.product_code=93 identity.revision=20.011 "
	  "identity.status=12640 identity.serial_number=00C0FFEE "
	  "identity.product_name=L7 identity.state=operational "
	  "identity.address=192.168.10.51 identity.port=44818 "
	  "security.profiles=confidentiality,authorization "
	  "security.state=configured "
	  "security.ethernet_ip_state=pull_model_disabled "
	  "security.open_ports=tcp_2221,udp_2221\n" },
	{ 0x63, 0, "",
	  "0100 0c00 2200 0100 0002af12c0a80a33 0000000000000000 fefe fefe 5d00 140b 6031 eeffc000 "
	  "00 ff",
	  "identify success function=list_identity command=99 session=287454020 "
	  "sender_context=0700000000000000 status=0 protocol_version=1 "
	  "identity.vendor_id=65278 identity.vendor=unknown "
	  "identity.device_type_id=65278 identity.device_type=unknown "
	  "identity.product_code=93 identity.revision=20.011 "
	  "identity.status=12640 identity.serial_number=00C0FFEE "
	  "identity.product_name= identity.address=192.168.10.51 "
	  "identity.port=44818\n" },
	{ 0x63, 0, "", "0100 0c00 0400 0100 0002",
	  "identify success malformed function=list_identity command=99 "
	  "session=287454020 sender_context=0700000000000000 status=0 "
	  "protocol_version=1 malformed=identity_length\n" },
	{ 0x63, 0, "", "0100 8600 0400 0600 02 01",
	  "identify success malformed function=list_identity command=99 "
	  "session=287454020 sender_context=0700000000000000 status=0 "
	  "security.profiles=confidentiality,authorization "
	  "security.state=configured "
	  "security.ethernet_ip_state=configuration_in_progress "
	  "malformed=identity_item\n" },
	{ 0x64, 0, "", "0000",
	  "diagnose success function=list_interfaces command=100 "
	  "session=287454020 sender_context=0700000000000000 status=0 "
	  "interfaces=0\n" },
	{ 0x64, 0, "", "0100 0000 0000 01",
	  "diagnose success malformed function=list_interfaces command=100 "
	  "session=287454020 sender_context=0700000000000000 status=0 "
	  "interfaces=1 trailing_bytes=1 malformed=trailing_bytes\n" },
	{ 0x65, 0, "0100 0000", "0100 0000",
	  "session success function=register_session command=101 "
	  "session=287454020 sender_context=0700000000000000 protocol_version=1 "
	  "session=287454020 status=0 supported_version=1\n" },
	{ 0x65, 0x69, "0200 0000", "0100 0000",
	  "session failure function=register_session command=101 "
	  "session=287454020 sender_context=0700000000000000 protocol_version=2 "
	  "session=287454020 status=105 status_name=unsupported_protocol_revision "
	  "supported_version=1\n" },
	{ 0x65, 3, "0100", "",
	  "session failure malformed function=register_session command=101 "
	  "session=287454020 sender_context=0700000000000000 protocol_version=1 "
	  "malformed=length session=287454020 status=3 status_name=incorrect_data\n" },
	{ 0x66, 0, "", NULL,
	  "session complete - unknown function=unregister_session command=102 "
	  "session=287454020 sender_context=0700000000000000\n" },
	{ 0x66, 0, "01", NULL,
	  "session complete - unknown malformed function=unregister_session "
	  "command=102 session=287454020 sender_context=0700000000000000 "
	  "data_bytes=1 data=01 malformed=length\n" },
	{ 0x6f, 0, READ, ANSWER,
	  "identify success function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 attribute=1 item.address=0x01/1/1 target=identity "
	  "0x01/1/1 "
	  "attribute_name=vendor_id status=0 identity.vendor_id=1 "
	  "identity.vendor=Rockwell Automation/Allen-Bradley\n" },
	{ 0x6f, 0x65, READ, "",
	  "identify failure function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 attribute=1 item.address=0x01/1/1 target=identity "
	  "0x01/1/1 "
	  "attribute_name=vendor_id encapsulation_status=invalid_length\n" },
	{ 0x6f, 0, "01000000 0000 0200 0000 0000 b200 0200 0e00", "00000000 0000 0000",
	  "unknown request - unknown function=send_rr_data command=111 "
	  "session=287454020 sender_context=0700000000000000 item_types=0,178 "
	  "data_bytes=2 data=0e00\n"
	  "unknown success function=send_rr_data command=111 session=287454020 "
	  "sender_context=0700000000000000 item_types=0,178 data_bytes=2 "
	  "data=0e00 status=0\n" },
	{ 0x6f, 0, "00000000 0000 0100 9100 0200 0f00", "00000000 0000 0100 9100 0100 4f",
	  "unknown request - unknown function=send_rr_data command=111 "
	  "session=287454020 sender_context=0700000000000000 item_types=145 "
	  "data_bytes=2 data=0f00\n"
	  "unknown success function=send_rr_data command=111 session=287454020 "
	  "sender_context=0700000000000000 item_types=145 data_bytes=2 data=0f00 "
	  "status=0 answer_bytes=1 answer_data=4f\n" },
	{ 0x6f, 0, "00000000 0000 0200 0000 0000 b200 ff00 0e00", ANSWER,
	  "unknown request - unknown malformed function=send_rr_data command=111 "
	  "session=287454020 sender_context=0700000000000000 item_types=0 "
	  "malformed=item_length\n"
	  "unknown complete orphan success function=get_attribute_single "
	  "service=14 status=0 answer_bytes=2 answer_data=0100\n" },
	{ 0x6f, 0, READ "00", ANSWER "0000",
	  "unknown request - unknown malformed function=send_rr_data command=111 "
	  "session=287454020 sender_context=0700000000000000 item_types=0,178 "
	  "data_bytes=8 data=0e03200124013001 trailing_bytes=1 "
	  "malformed=trailing_bytes\n"
	  "unknown success malformed function=send_rr_data command=111 "
	  "session=287454020 sender_context=0700000000000000 item_types=0,178 "
	  "data_bytes=8 data=0e03200124013001 trailing_bytes=1 "
	  "malformed=trailing_bytes status=0 answer_bytes=6 "
	  "answer_data=8e0000000100 trailing_bytes=2 malformed=trailing_bytes\n" },
	{ 0x6f, 0, "00000000 0000 0100 0380 1200 0080 01000000 00000000 0e03 2001 2401 3001",
	  "00000000 0000 0100 0380 1000 0000 01000000 00000000 8e00 0000 0100",
	  "identify success function=get_attribute_single service=14 class=1 "
	  "class_name=identity instance=1 attribute=1 item.address=0x01/1/1 target=identity "
	  "0x01/1/1 "
	  "attribute_name=vendor_id status=0 identity.vendor_id=1 "
	  "identity.vendor=Rockwell Automation/Allen-Bradley\n" },
	{ 0x70, 0, "00000000 0000 0200 a100 0400 01000000 b100 0a00 0500 0e03 2001 2401 3001",
	  "00000000 0000 0200 a100 0400 02000000 b100 0800 0500 8e00 0000 0100",
	  "identify success connection.id=1 sequence=5 "
	  "function=get_attribute_single service=14 class=1 class_name=identity "
	  "instance=1 attribute=1 item.address=0x01/1/1 target=identity 0x01/1/1 "
	  "attribute_name=vendor_id "
	  "status=0 identity.vendor_id=1 identity.vendor=Rockwell "
	  "Automation/Allen-Bradley\n" },
	{ 0x70, 0, "00000000 0000 0200 a100 0400 01000000 b100 0200 0500", NULL,
	  "unknown complete - unknown function=send_unit_data command=112 "
	  "session=287454020 sender_context=0700000000000000 item_types=161,177 "
	  "data_bytes=2 data=0500\n" },
	{ 0x72, 0, "01000000", NULL,
	  "diagnose complete - unknown function=indicate_status command=114 "
	  "session=287454020 sender_context=0700000000000000 data_bytes=4 "
	  "data=01000000\n" },
	{ 0x73, 0, "", NULL,
	  "session complete - unknown function=cancel command=115 "
	  "session=287454020 sender_context=0700000000000000\n" },
	{ 0xc8, 0, "", "",
	  "session success function=start_dtls command=200 session=287454020 "
	  "sender_context=0700000000000000 status=0\n" },
	{ 0x50, 1, "0102", "",
	  "unknown request - unknown function=unknown command=80 "
	  "session=287454020 sender_context=0700000000000000 data_bytes=2 "
	  "data=0102\n"
	  "unknown failure function=unknown command=80 session=287454020 "
	  "sender_context=0700000000000000 data_bytes=2 data=0102 status=1 "
	  "status_name=invalid_command\n" },
};

static void every_command(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		const struct exchange *e = &exchanges[i];
		struct engine_world *w = world_new_enip();

		world_open(w);
		world_enip(w, HMI, e->command, 0, 7, e->request);
		if (e->answer != NULL) {
			world_enip(w, PLC, e->command, e->status, 7, e->answer);
		}
		assert_string_equal(world_short_log(w), e->log);
		assert_int_equal(world_protocol(w, "enip")->messages, e->answer != NULL ? 2 : 1);
		assert_int_equal(world_protocol(w, "enip")->errors, e->status != 0);
		world_free(w);
	}
}

/* Every message of the table with its data cut at every length, and the lengths right. */
static void cut_with_its_length(void **state)
{
	struct engine_world *w = world_new_enip();
	uint8_t data[ENIP_BYTES], out[ENIP_BYTES];

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(exchanges); i++) {
		const struct exchange *e = &exchanges[i / 2];
		const char *hex = i % 2 == 0 ? e->request : e->answer;
		size_t n = hex != NULL ? world_hex(hex, data, sizeof(data)) : 0;

		for (size_t cut = 0; cut < n; cut++) {
			uint64_t before = world_protocol(w, "enip")->messages;

			w->port[HMI]++;
			world_open(w);
			enip_packet(e->command, e->status, 7, data, cut, out);
			world_tcp(w, i % 2 == 0 ? HMI : PLC, out, ENIP_HEADER + cut);
			world_udp(w, i % 2 == 0 ? HMI : PLC, out, ENIP_HEADER + cut);
			assert_int_equal(world_protocol(w, "enip")->messages, before + 2);
			world_clear(w);
		}
	}
	world_finish(w);
	world_free(w);
}

/* Three packets cut in two at every place say the same as whole. */
static void cut_in_two(void **state)
{
	struct engine_world *w = world_new_enip();
	uint8_t data[ENIP_BYTES], out[ENIP_BYTES];
	char *whole = malloc(LOG_BYTES);
	size_t n = 0;

	(void)state;
	n += enip_packet(0x65, 0, 1, data, world_hex("0100 0000", data, sizeof(data)), out);
	n += enip_packet(0x6f, 0, 2, data, world_hex(READ, data, sizeof(data)), out + n);
	n += enip_packet(0x66, 0, 3, data, 0, out + n);
	for (size_t cut = n; cut > 0; cut--) {
		w->port[HMI]++;
		world_open(w);
		world_enip(w, HMI, 0, 0, 0, "");
		world_clear(w);
		world_tcp(w, HMI, out, cut);
		world_tcp(w, HMI, out + cut, n - cut);
		if (cut == n) {
			strcpy(whole, w->log);
		}
		assert_string_equal(w->log, whole);
		world_clear(w);
	}
	assert_int_equal(world_protocol(w, "enip")->messages, 4 * n);
	free(whole);
	world_finish(w);
	world_free(w);
}

/* A hole, and garbage: the next packet is found. */
static void holes(void **state)
{
	struct engine_world *w = world_new_enip();
	uint8_t data[ENIP_BYTES], out[ENIP_BYTES];
	size_t n = enip_packet(0x6f, 0, 2, data, world_hex(READ, data, sizeof(data)), out);

	(void)state;
	world_open(w);
	world_tcp(w, HMI, out, n);
	w->sequence[HMI] += 100;
	world_tcp(w, HMI, out + 30, n - 30);
	world_tcp(w, HMI, out, n);
	world_time(w, 3 * NS_PER_S);
	assert_int_equal(world_count(w, "weir.blind.reason=lost"), 1);
	assert_int_equal(world_count(w, "weir.blind.reason=resync"), 1);
	assert_int_equal(world_protocol(w, "enip")->messages, 2);
	world_clear(w);
	world_tcp(w, HMI,
		  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		  "\xff\xff\xff\xff\xff",
		  24);
	world_tcp(w, HMI, out, n);
	assert_int_equal(world_protocol(w, "enip")->messages, 3);
	/* Behind a hole a packet may begin that ends in the next segment. */
	w->sequence[HMI] += 100;
	world_tcp(w, HMI, out, 35);
	world_tcp(w, HMI, out + 35, n - 35);
	world_time(w, 3 * NS_PER_S);
	assert_int_equal(world_protocol(w, "enip")->messages, 4);
	world_free(w);
}

/* First seen in mid-stream, from the middle of a packet on, on its own port and another. */
static void midstream(void **state)
{
	static const uint16_t ports[] = { ENIP_PORT, 2000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		struct engine_world *w = world_new_enip();

		w->port[PLC] = ports[i];
		world_tcp(w, PLC, "\x01\x02\x03\x04\x05", 5);
		world_rr(w, PLC, 4, "8e 00 00 00 0100");
		world_rr(w, HMI, 5, "0e 03 2001 2401 3001");
		world_rr(w, PLC, 5, "8e 00 00 00 0100");
		assert_int_equal(world_protocol(w, "enip")->messages, 3);
		assert_int_equal(world_count(w, "orphan"), 1);
		assert_int_equal(world_count(w, "answered"), 1);
		assert_int_equal(w->last.source.port, w->port[HMI]);
		world_free(w);
	}
}

/* The message says who asks, whatever the ports are. */
static void direction(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = w->port[HMI] = 2000;
	world_rr(w, PLC, 5, "8e 00 00 00 0100");
	assert_int_equal(w->last.destination.ip.bytes[15], 1);
	world_free(w);
	w = world_new_enip();
	w->port[HMI] = ENIP_PORT;
	world_udp(w, PLC, "\x63\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 26);
	assert_int_equal(w->last.destination.ip.bytes[15], 1);
	world_free(w);
}

/* What is no such protocol: on another port never claimed, on its own port said to be another. */
static void not_mine(void **state)
{
	static const char *const others[] = {
		"474554202f20485454502f312e310d0a0d0a0d0a0d0a0d0a0d0a0d0a",
		"00000000000000000000000000000000000000000000000000000000",
		"6f001000000000000000000000000000000000000000000001000000000001000000000000000000",
		"650004000000000000000000000000000000000000000000020000000000",
		"6f000a00000000000000000000000000000000000000000000000000000001000000ff00",
		"160301",
		"000000",
		"ffff0000",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct engine_world *w = world_new_enip();
		uint8_t bytes[256];
		size_t n = world_hex(others[i], bytes, sizeof(bytes));

		w->port[PLC] = 2000;
		world_open(w);
		world_tcp(w, HMI, bytes, n);
		assert_int_equal(world_protocol(w, "enip")->flows, 0);
		world_free(w);
	}
	struct engine_world *w = world_new_enip();

	world_open(w);
	world_tcp(w, HMI, "GET / HTTP/1.1\r\n\r\n0123456789", 28);
	assert_int_equal(world_count(w, "weir.flow.event=port_mismatch"), 1);
	world_free(w);
}

static void any_port(void **state)
{
	struct engine_world *w = world_new_enip();

	(void)state;
	w->port[PLC] = 2000;
	world_open(w);
	world_enip(w, HMI, 0x65, 0, 0, "0100 0000");
	assert_int_equal(world_protocol(w, "enip")->messages, 1);
	world_free(w);
}

static void encrypted(void **state)
{
	struct engine_world *w = world_new_enip();
	const struct protocol_counters *counters = world_protocol(w, "enip");

	(void)state;
	w->port[PLC] = 2221;
	world_open(w);
	world_tcp(w, HMI, "\x16\x03\x03\0\x04\1\2\3\4\x16\x03", 11);
	world_tcp(w, HMI, "\x03\0\x01\1", 4);
	world_tcp(w, PLC, "\x17\x03\x03\0\x02\1\2", 7);
	assert_string_equal(world_short_log(w), "session - - unknown function=tls "
						"tls_version=tls_1.2 encrypted=true\n");
	assert_int_equal(counters->encrypted, 3);
	assert_int_equal(counters->encrypted_bytes, 9 + 6 + 7);
	assert_int_equal(counters->messages, 0);
	world_clear(w);
	world_tcp(w, HMI, "\x99\x03\x03\0\x04\1\2\3\4\x15\x03\x03\0\x02\1\2", 16);
	assert_int_equal(counters->encrypted, 4);
	world_clear(w);
	world_udp(w, HMI, "\x17\xfe\xfd\0\1\0\0\0\0\0\1\0\1\1", 14);
	assert_int_equal(world_count(w, "weir.enip.tls_version=dtls_1.2"), 1);
	assert_int_equal(counters->encrypted, 5);
	world_free(w);
}

/* What nobody answers in the same flow is no request without an answer, and no orphan. */
static void broadcast(void **state)
{
	struct engine_world *w = world_new_enip();
	uint8_t out[ENIP_BYTES];
	size_t n = enip_packet(0x63, 0, 1, out, 0, out);
	struct packet p = world_packet(w, HMI, IP_PROTOCOL_UDP);

	(void)state;
	p.ip_destination = ip_from_v4(0xffffffff);
	memset(p.mac_destination.bytes, 0xff, sizeof(p.mac_destination.bytes));
	world_send(w, &p, out, n);
	n = enip_packet(0x63, 0, 1, (const uint8_t *)"\0\0", 2, out);
	world_udp(w, PLC, out, n);
	world_time(w, 6 * NS_PER_S);
	assert_int_equal(world_count(w, "unanswered"), 0);
	assert_int_equal(world_count(w, "orphan"), 0);
	assert_int_equal(world_count(w, "transaction identify complete - success"), 1);
	assert_int_equal(world_count(w, "transaction identify complete - unknown"), 1);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command), cmocka_unit_test(cut_with_its_length),
		cmocka_unit_test(cut_in_two),    cmocka_unit_test(holes),
		cmocka_unit_test(midstream),     cmocka_unit_test(direction),
		cmocka_unit_test(not_mine),      cmocka_unit_test(any_port),
		cmocka_unit_test(encrypted),     cmocka_unit_test(broadcast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
