/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

#define MESSAGE_BYTES 70000

/* ---- messages ---- */

/* A data TPDU in its TPKT. */
static void send_tpdu(struct engine_world *w, unsigned from, const uint8_t *data, size_t n)
{
	uint8_t *bytes = malloc(7 + n);

	assert_non_null(bytes);
	memcpy(bytes, "\x03\x00\x00\x00\x02\xf0\x80", 7);
	world_put_be16(bytes + 2, 7 + n);
	memcpy(bytes + 7, data, n);
	world_tcp(w, from, bytes, 7 + n);
	free(bytes);
}

static void send_hex(struct engine_world *w, unsigned from, const char *hex)
{
	uint8_t bytes[2000];

	send_tpdu(w, from, bytes, world_hex(hex, bytes, sizeof(bytes)));
}

/* One part: header, in version 3 a digest, data, and behind the last one a trailer. */
static size_t make_part(uint8_t version, const uint8_t *data, size_t n, bool last, uint8_t *out)
{
	size_t digest = version == 3 ? 33 : 0, at = 4 + digest;

	out[0] = 0x72;
	out[1] = version;
	world_put_be16(out + 2, digest + n);
	if (digest > 0) {
		out[4] = 32;
		memset(out + 5, 0xd1, 32);
	}
	memcpy(out + at, data, n);
	at += n;
	if (last) {
		memcpy(out + at, "\x72\x00\x00\x00", 4);
		out[at + 1] = version;
		at += 4;
	}
	return at;
}

static void send_part(struct engine_world *w, unsigned from, uint8_t version, const uint8_t *data,
		      size_t n, bool last)
{
	uint8_t *bytes = malloc(64 + n);

	assert_non_null(bytes);
	send_tpdu(w, from, bytes, make_part(version, data, n, last, bytes));
	free(bytes);
}

/* Head and body of a message with sequence number 7 of session 0x394. */
static size_t make_message(uint8_t opcode, uint16_t function, const char *body, uint8_t *out)
{
	size_t n = world_hex("00 0000 0000 0000 0007 00000394 34", out, 14);

	out[0] = opcode;
	world_put_be16(out + 3, function);
	if (opcode != 0x31) {
		out[9] = 0x34;
		n = 10;
	}
	n += world_hex(body, out + n, 2000);
	memset(out + n, 0, 4);
	return n + 4;
}

static void send_message(struct engine_world *w, unsigned from, uint8_t version, uint8_t opcode,
			 uint16_t function, const char *body)
{
	uint8_t data[2100];

	send_part(w, from, version, data, make_message(opcode, function, body, data), true);
}

static struct engine_world *s7_world(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = 102;
	world_open(w);
	return w;
}

/* ---- what is reported ---- */

static void remove_word(char *text, const char *word)
{
	size_t n = strlen(word);

	for (char *at = strstr(text, word); at != NULL; at = strstr(at, word)) {
		memmove(at, at + n, strlen(at + n) + 1);
	}
}

/* The log from its last complete transaction on, without what all of them have. */
static const char *last_complete(struct engine_world *w)
{
	char *line = w->log, *found = NULL;

	while ((line = strstr(line, " complete ")) != NULL) {
		char *begin = line;

		while (begin > w->log && begin[-1] != '\n') {
			begin--;
		}
		if (strncmp(begin, "transaction", 11) == 0) {
			found = begin;
		}
		line++;
	}
	assert_non_null(found);
	remove_word(found, "transaction ");
	remove_word(found, "complete answered ");
	remove_word(found, "complete - ");
	remove_word(found, "weir.s7comm_plus.version=3 ");
	remove_word(found, "weir.s7comm_plus.sequence=7 ");
	remove_word(found, "weir.s7comm_plus.session_id=916 ");
	remove_word(found, "weir.s7comm_plus.session_id=916");
	remove_word(found, "weir.s7comm_plus.integrity=true ");
	remove_word(found, "weir.s7comm_plus.integrity=true");
	remove_word(found, "weir.s7comm_plus.");
	remove_word(found, "weir.");
	return found;
}

/* A request, its answer, and what the complete record says, with its items. */
struct exchange {
	uint16_t function;
	const char *request, *answer, *complete;
};

#define QUALIFIER " 000004e8 8969 00 12 00000000 896a 00 13 00 896b 00 04 00 00"

static const struct exchange exchanges[] = {
	/* Explore: program without attributes, with attributes, one block, a filter. */
	{ 0x4bb, "00000003 00 01 00 01 00 00", "00 00000003 05 a1 00000003 9358 00 00 a2",
	  "program_upload success function=explore function_code=1211 object_id=3 "
	  "object=plc_program target=program recursive=true\n" },
	{ 0x4bb, "00000003 00 01 00 01 00 02 8169 9359", "00 00000003",
	  "diagnose success function=explore function_code=1211 object_id=3 object=plc_program "
	  "target=program recursive=true attribute_id=233,2521\n" },
	{ 0x4bb, "00000003 00 01 00 01 00 01 9414", "00 00000003",
	  "program_upload success function=explore function_code=1211 object_id=3 "
	  "object=plc_program target=program recursive=true attribute_id=2580\n" },
	{ 0x4bb, "8a0e0005 00 00 00 00 00 00", "00 8a0e0005",
	  "program_upload success function=explore function_code=1211 object_id=2316173317 "
	  "object=DB 5 target=DB 5 recursive=false\n" },
	{ 0x4bb, "00000001 00 01 01 00 01 00 17 000004de 895f 00 08 08 00 0000", "00 00000001",
	  "diagnose success function=explore function_code=1211 object_id=1 object=as_root "
	  "target=as_root recursive=true\n" },
	{ 0x4bb, "8a11ffff 00 01 00 01 00 00",
	  "00 00000003 57 a1 8a11ffff a131 00 00 a3 8169 00 15 02 4142 a2",
	  "diagnose success function=explore function_code=1211 object_id=2316435455 "
	  "object=object 0x8a11ffff target=object 0x8a11ffff recursive=true\n" },
	/* Create: a session and what the controller is, a block, a subscription, a job. */
	{ 0x4ca,
	  "0000011d 00 04 00 00000000 a1 000000d3 821f 00 00 a3 822a 00 15 03 504331 a3 8228 00 "
	  "15 02 6d65 a1 000000d3 817f 00 00 a2 a2",
	  "00 02 8714 8715 a1 00000120 821f 00 00 a3 8232 00 17 0000013a 823b 00 04 8400 823f 00 "
	  "15 "
	  "1a 313b36455337203531312d31414b30312d304142303b56322e38 00 a2",
	  "session success function=create_object function_code=1226 object_id=285 class_id=287 "
	  "class=server_session client.host=PC1 client.user=me created_ids=916,917 "
	  "product=1;6ES7 511-1AK01-0AB0;V2.8 order_number=6ES7 511-1AK01-0AB0 vendor=Siemens "
	  "family=S7-1500 firmware=V2.8\n" },
	{ 0x4ca,
	  "00000003 00 04 00 00000000 0d a1 8a320001 9457 00 00 a3 8169 00 15 04 4d61696e a3 9359 "
	  "00 03 0001 a3 935b 00 03 0004 a3 9315 00 05 9780808080808080 00 a3 9414 00 14 00 03 "
	  "010203 a2",
	  "00 00",
	  "program_download success function=create_object function_code=1226 object_id=3 "
	  "class_id=2647 class=program_cycle_ob target=OB 1 Main\n" },
	{ 0x4ca,
	  "00000395 00 04 00 00000000 04 a1 7fffc003 8769 00 00 a3 8169 00 15 03 537562 a3 8818 20 "
	  "04 09 8880840000 00 01 8880940001 01 00 52 aabbcc11 9d18 09 a2",
	  "00 01 8780dc800e",
	  "subscribe success function=create_object function_code=1226 object_id=917 "
	  "class_id=1001 class=subscription target=Sub created_ids=1880555534\n" },
	{ 0x4ca,
	  "00000394 00 04 00 00000000 05 a1 7fffc004 9515 00 00 a3 8169 00 15 01 46 a3 9503 00 01 "
	  "01 a2",
	  "00 00",
	  "force success function=create_object function_code=1226 object_id=916 class_id=2709 "
	  "class=session_job target=F\n" },
	{ 0x4ca, "00000394 00 04 00 00000000 05 a1 7fffc004 8a0b 00 00 a2", "00 00",
	  "unknown success function=create_object function_code=1226 object_id=916 "
	  "class_id=1291\n" },
	{ 0x4ca, "00000001 00 04 00 00000000 05 a1 00000077 8a0b 00 00 a2", "00 00",
	  "program_download success function=create_object function_code=1226 object_id=1 "
	  "class_id=1291 target=object 0x77\n" },
	/* Delete: the session, a subscription, a block. */
	{ 0x4d4, "00000394 00" QUALIFIER, "00 00000394",
	  "session success function=delete_object function_code=1236 object_id=916 "
	  "object=session 0x394 target=session 0x394\n" },
	{ 0x4d4, "7040000e 00" QUALIFIER, "00 7040000e",
	  "subscribe success function=delete_object function_code=1236 object_id=1883242510 "
	  "object=object 0x7040000e target=object 0x7040000e\n" },
	{ 0x4d4, "8a0e014e 00" QUALIFIER, "00 8a0e014e",
	  "program_delete success function=delete_object function_code=1236 "
	  "object_id=2316173646 object=DB 334 target=DB 334\n" },
	/* Set: the states of the CPU, refusals, times, secrets, any other. */
	{ 0x4f2, "00000034 01 9077 00 08 01" QUALIFIER " 00", "00",
	  "stop success function=set_variable function_code=1266 object_id=52 "
	  "object=cpu_exec_unit attribute_id=2167 attribute=operating_state_request target=CPU "
	  "value=1\n" },
	{ 0x4f2, "00000034 01 9077 00 08 02" QUALIFIER " 00", "00",
	  "memory_reset success function=set_variable function_code=1266 object_id=52 "
	  "object=cpu_exec_unit attribute_id=2167 attribute=operating_state_request target=CPU "
	  "value=2\n" },
	{ 0x4f2, "00000034 01 9077 00 08 03" QUALIFIER " 00", "a080806b",
	  "start success function=set_variable function_code=1266 object_id=52 "
	  "object=cpu_exec_unit attribute_id=2167 attribute=operating_state_request target=CPU "
	  "value=3 return_value=67108971 error_code=107\n" },
	{ 0x4f2, "00000034 01 9077 00 08 09" QUALIFIER " 00", "c0808180808081ff94",
	  "mode_change failure function=set_variable function_code=1266 object_id=52 "
	  "object=cpu_exec_unit attribute_id=2167 attribute=operating_state_request target=CPU "
	  "value=9 return_value=9223380832947863444 error_code=-108 error=invalid_attribute\n" },
	{ 0x4f2, "00000032 01 9275 00 10 18898f4e0c2b0000" QUALIFIER " 00", "00",
	  "time_set success function=set_variable function_code=1266 object_id=50 "
	  "object=cpu_common attribute_id=2421 attribute=system_time target=cpu_common "
	  "time=2026-01-11T03:24:54.093996032Z\n" },
	{ 0x4f2, "00000394 01 8e36 00 14 00 04 01020304" QUALIFIER " 00", "16",
	  "authenticate success function=set_variable function_code=1266 object_id=916 "
	  "object=session 0x394 attribute_id=1846 attribute=legitimate target=session 0x394 "
	  "secret_bytes=6 return_value=22 error_code=22\n" },
	{ 0x4f2, "0000004d 02 9c03 00 14 00 01 01 9c02 00 15 02 4142" QUALIFIER " 00", "00",
	  "address_change success function=set_variable function_code=1266 object_id=77 "
	  "object=interface_1_parameters attribute_id=3587,3586 attribute=network_configuration "
	  "target=interface_1_parameters\n" },
	{ 0x4f2, "00000030 01 ce10 00 15 03 616263" QUALIFIER " 00", "00",
	  "write success function=set_variable function_code=1266 object_id=48 object=cpu "
	  "attribute_id=10000 target=cpu text=abc\n" },
	/* What matters most of several. */
	{ 0x4f2, "00000034 02 8169 00 15 01 41 9077 00 08 01" QUALIFIER " 00", "00",
	  "stop success function=set_variable function_code=1266 object_id=52 "
	  "object=cpu_exec_unit attribute_id=233,2167 attribute=operating_state_request "
	  "target=CPU value=1\n" },
	{ 0x542, "00000394 02 02 8232 8e26 01 00 04 05 02 00 14 00 03 010203 00" QUALIFIER, "00 00",
	  "authenticate success function=set_multi_variables function_code=1346 "
	  "target=session 0x394.session_key and 1 other items=2\n"
	  "item authenticate success item.index=0 "
	  "item.address=session 0x394.session_version item.type=udint item.value=5\n"
	  "item authenticate success item.index=1 "
	  "item.address=session 0x394.session_key item.type=blob secret_bytes=5\n" },
	/* Get. */
	{ 0x586, "00000034 20 04 02 913d 9b1e" QUALIFIER " 0001", "00 00 00 08 08",
	  "diagnose success function=get_variable_substream function_code=1414 object_id=52 "
	  "object=cpu_exec_unit attribute_id=2237 attribute=diagnostic_state value=8 mode=run\n" },
	{ 0x586, "00000034 20 04 01 913d" QUALIFIER " 0001",
	  "00 00 00 17 00000d99 9b1a 00 08 00 9b1e 00 08 04 00",
	  "diagnose success function=get_variable_substream function_code=1414 object_id=52 "
	  "object=cpu_exec_unit attribute_id=2237 attribute=diagnostic_state value=4 mode=stop\n" },
	{ 0x586, "00000031 20 04 01 9d29" QUALIFIER " 0001",
	  "00 00 00 14 00 38 0020 0038 0100 002a 36455337203231352d31414734302d3058423020 "
	  "5320432d4631323334353637 20202020 000a 56040301 0000 0000 0000 0101",
	  "identify success function=get_variable_substream function_code=1414 object_id=49 "
	  "object=cpu_proxy attribute_id=3753 attribute=identification "
	  "order_number=6ES7 215-1AG40-0XB0 vendor=Siemens family=S7-1200 "
	  "serial_number=S C-F1234567 hardware=10 firmware=V4.3.1\n" },
	{ 0x586, "00000394 20 04 01 8e32" QUALIFIER " 0001", "00 00 00 04 03",
	  "diagnose success function=get_variable_substream function_code=1414 object_id=916 "
	  "object=session 0x394 attribute_id=1842 attribute=effective_protection_level value=3\n" },
	{ 0x586, "00000032 20 04 01 9a7b" QUALIFIER " 0001", "00 00 00 08 02",
	  "diagnose success function=get_variable_substream function_code=1414 object_id=50 "
	  "object=cpu_common attribute_id=3451 attribute=protection_level protection_level=2\n" },
	{ 0x586, "00000394 20 04 01 822f" QUALIFIER " 0001", "00 00 10 02 03 010203",
	  "authenticate success function=get_variable_substream function_code=1414 "
	  "object_id=916 object=session 0x394 attribute_id=303 attribute=challenge "
	  "secret_bytes=3\n" },
	{ 0x4fc, "00000001 20 04 01 931d" QUALIFIER " 0001", "00 00 00 15 02 5631",
	  "diagnose success function=get_variable function_code=1276 object_id=1 "
	  "object=as_root attribute_id=2461 attribute=model_version text=V1\n" },
	/* Several. */
	{ 0x54c,
	  "00000000 03 0e 8ad5ef9811 88d0b88005 02 9376 0a 00 52 02 9d18 09 00 34 02 913d "
	  "9b1e" QUALIFIER,
	  "00 01 00 0e 3f800000 03 00 08 04 00 02 c0808180808081ff94 00",
	  "read failure function=get_multi_variables function_code=1356 items=3 items_failed=1\n"
	  "item read success item.index=0 item.address=DB5.[10] "
	  "symbol_crc=2864434193 item.type=real item.value=1\n"
	  "item read success item.index=2 "
	  "item.address=cpu_exec_unit.diagnostic_state.operating_state item.type=dint "
	  "item.value=4 mode=stop\n"
	  "item read failure item.index=1 item.address=M.[9] item.status=invalid_attribute\n" },
	{ 0x54c, "00000000 01 05 00 88d0b88007 04 9376 03 14 04" QUALIFIER,
	  "00 01 10 02 04 01020304 00 00",
	  "read success function=get_multi_variables function_code=1356 items=1\n"
	  "item read success item.index=0 item.address=DB7.DBB20 item.count=4 "
	  "item.type=usint item.count=4 item.data=01020304\n" },
	{ 0x54c, "00000000 01 04 00 32 01 9a7b" QUALIFIER, "00 01 00 08 01 00 00",
	  "diagnose success function=get_multi_variables function_code=1356 items=1\n"
	  "item diagnose success item.index=0 "
	  "item.address=cpu_common.protection_level item.type=dint item.value=1\n" },
	{ 0x542,
	  "00000000 02 09 00 88d0b88005 02 9376 0c 00 51 02 9d18 03 01 00 0e 40000000 02 00 01 01 "
	  "00" QUALIFIER,
	  "00 02 c0808180808081ff94 00",
	  "write failure function=set_multi_variables function_code=1346 "
	  "target=DB5.[12] and 1 other items=2 items_failed=1\n"
	  "item write success item.index=0 item.address=DB5.[12] item.type=real "
	  "item.value=2\n"
	  "item write failure item.index=1 item.address=Q.[3] item.type=bool "
	  "item.value=1 item.status=invalid_attribute\n" },
	{ 0x542, "00000394 02 02 8e26 8232 01 00 14 00 03 010203 02 00 04 05 00" QUALIFIER, "00 00",
	  "authenticate success function=set_multi_variables function_code=1346 "
	  "target=session 0x394.session_key and 1 other items=2\n"
	  "item authenticate success item.index=0 "
	  "item.address=session 0x394.session_key item.type=blob secret_bytes=5\n"
	  "item authenticate success item.index=1 "
	  "item.address=session 0x394.session_version item.type=udint item.value=5\n" },
	{ 0x542, "00000000 01 04 00 34 01 9077 01 00 08 01 00" QUALIFIER, "00 00",
	  "stop success function=set_multi_variables function_code=1346 target=CPU items=1\n"
	  "item stop success item.index=0 "
	  "item.address=cpu_exec_unit.operating_state_request item.type=dint item.value=1\n" },
	/* Links, sequences, methods, and the rest. */
	{ 0x506, "00000022 900a 00000060", "00",
	  "config_write success function=add_link function_code=1286 object_id=34 "
	  "object=central_io_system attribute_id=2058 target=central_io_system\n" },
	{ 0x51a, "00000022 900a 00000060", "00",
	  "config_write success function=remove_link function_code=1306 object_id=34 "
	  "object=central_io_system attribute_id=2058 target=central_io_system\n" },
	{ 0x524, "0000000b 950b 0000", "00 00",
	  "diagnose success function=get_link function_code=1316 object_id=11 "
	  "object=tis_subsystem attribute_id=2699\n" },
	{ 0x556, "04 0012 00 00000003", "00 0012 00000003",
	  "program_download success function=begin_sequence function_code=1366 "
	  "target=download transaction\n" },
	{ 0x560, "0001", "00",
	  "program_download success function=end_sequence function_code=1376 "
	  "target=download transaction\n" },
	{ 0x56b, "00000030 00000007 00 00", "00 00 00 00 00",
	  "control success function=invoke function_code=1387 object_id=48 object=cpu "
	  "method_id=7 target=cpu method 7\n" },
	{ 0x56b, "0000056b 0000056b 00 00", "00 00 00 00 00",
	  "diagnose success function=invoke function_code=1387 object_id=1387 "
	  "object=object 0x56b method_id=1387 target=object 0x56b method 1387\n" },
	{ 0x57c, "00000032 20 04 01 9275" QUALIFIER " 0001 00 10 0000000000000001", "00",
	  "time_set success function=set_variable_substream function_code=1404 object_id=50 "
	  "object=cpu_common attribute_id=2421 attribute=system_time target=cpu_common\n" },
	{ 0x590, "00000000 01", "00",
	  "diagnose success function=get_variables_address function_code=1424 "
	  "data=000000000100000000\n" },
	{ 0x59a, "", "00", "session success function=abort function_code=1434 \n" },
	{ 0x5b3, "", "00", "session success function=init_tls function_code=1459 \n" },
	{ 0x5dd, "0102", "00 03",
	  "unknown success function=unknown function_code=1501 data=010200000000 "
	  "data=0300000000\n" },
	{ 0x4b0, "", "00", "unknown success function=unknown function_code=1200 \n" },
};

static void every_function(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		const struct exchange *e = &exchanges[i];
		struct engine_world *w = s7_world();

		send_message(w, HMI, 3, 0x31, e->function, e->request);
		w->now += NS_PER_S / 100;
		send_message(w, PLC, 3, 0x32, e->function, e->answer);
		assert_string_equal(last_complete(w), e->complete);
		assert_int_equal(world_protocol(w, "s7comm_plus")->malformed, 0);
		world_free(w);
	}
}

/* Every message of the table, its data cut at each length: whole all the same, and as the last part
 * that is seen. */
static void cut_everywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		const struct exchange *e = &exchanges[i];
		uint8_t request[2100], answer[2100];
		size_t n = make_message(0x31, e->function, e->request, request);
		size_t m = make_message(0x32, e->function, e->answer, answer);

		struct engine_world *w = s7_world();

		for (size_t cut = 0; cut <= size_min(n, 220); cut++) {
			send_part(w, HMI, 3, request, cut, true);
			send_part(w, PLC, 3, answer, size_min(cut, m), true);
			send_part(w, HMI, 2, request, cut, false);
			send_part(w, PLC, 1, answer, size_min(cut, m), true);
			send_part(w, HMI, 2, request, 0, true);
			world_clear(w);
		}
		world_free(w);
	}
}

/* The same, and its segment ends there. */
static void cut_segments(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i += 3) {
		uint8_t data[2100], part[2200], tpkt[2300] = "\x03\x00\x00\x00\x02\xf0\x80";
		size_t n = make_message(0x31, exchanges[i].function, exchanges[i].request, data);

		n = make_part(3, data, n, true, part);
		memcpy(tpkt + 7, part, n);
		world_put_be16(tpkt + 2, 7 + n);
		struct engine_world *w = s7_world();
		size_t records;

		world_tcp(w, HMI, tpkt, 7 + n);
		records = w->length;
		for (size_t cut = 1; cut < 7 + n; cut++) {
			world_clear(w);
			world_tcp(w, HMI, tpkt, cut);
			world_tcp(w, HMI, tpkt + cut, 7 + n - cut);
			assert_true(w->length >= records);
		}
		world_free(w);
	}
}

/* ---- values ---- */

struct value {
	const char *hex, *reported;
};

static const struct value values[] = {
	{ "00 01 01", "bool item.value=1" },
	{ "00 02 ff", "usint item.value=255" },
	{ "00 03 fffe", "uint item.value=65534" },
	{ "00 04 8fffffff7f", "udint item.value=4294967295" },
	{ "00 05 ffffffffffffffffff", "ulint item.value=1.84467440737096e+19" },
	{ "00 06 80", "sint item.value=-128" },
	{ "00 07 8000", "int item.value=-32768" },
	{ "00 08 40", "dint item.value=-64" },
	{ "00 08 3f", "dint item.value=63" },
	{ "00 08 f880808000", "dint item.value=-2147483648" },
	{ "00 08 ff39", "dint item.value=-71" },
	{ "00 09 c0808080808080808000", NULL }, /* ten bytes: one too many */
	{ "00 09 c08080808080808000", "lint item.value=-9.22337203685478e+18" },
	{ "00 09 ff7f", "lint item.value=-1" },
	{ "00 0a 7f", "byte item.value=127" },
	{ "00 0b 8001", "word item.value=32769" },
	{ "00 0c 80000001", "dword item.value=2147483649" },
	{ "00 0d 0000000100000000", "lword item.value=4294967296" },
	{ "00 0e c0490fdb", "real item.value=-3.14159274101257" },
	{ "00 0f 400921fb54442d18", "lreal item.value=3.14159265358979" },
	{ "00 10 18898f4e0c2b0000", "timestamp item.time=2026-01-11T03:24:54.093996032Z" },
	{ "00 11 8768", "timespan item.value=1000" },
	{ "00 12 8a0e0005", "rid item.value=2316173317" },
	{ "00 13 9376", "aid item.value=2550" },
	{ "00 14 00 02 beef", "blob item.data=beef" },
	{ "00 15 03 e282ac", "wstring item.text=\xe2\x82\xac" },
	{ "00 16 07", "variant item.value=7" },
	{ "00 00", "null" },
	{ "80 08 05", "dint item.value=5" },
	{ "10 01 03 010001", "bool item.count=3 item.data=010001" },
	{ "10 0e 02 3f800000 40000000", "real item.count=2 item.value=1,2" },
	{ "20 04 03 01 8100 02", "udint item.count=3 item.value=1,128,2" },
	{ "10 02 06 0403414243 00", "usint item.count=6 item.text=ABC" },
	{ "10 15 02 01 61 02 6263", "wstring item.count=2" },
	{ "10 00 8fffffff7f", "null item.count=4294967295" },
	{ "40 08 01 05 02 7f 00", "dint" },
	{ "40 14 01 00 01 ff 03 00 00 00", "blob" },
	{ "00 17 00000100 01 00 07 0005 02 00 17 00000101 01 00 01 01 00 00", "struct" },
	{ "00 17 92000005 1646000000000000 82 00 04 61626364", NULL }, /* flags in two bytes */
	{ "00 17 92000005 1646000000000000 02 04 61626364", "struct" },
	{ "00 17 02000005 1646000000000000 8802 02 04 61626364", "struct" },
	{ "10 17 02 00000100 01 00 01 01 00 01 00 01 00 00", "struct item.count=2" },
	{ "00 14 05 010203040506070809", "blob item.data=010203040506070809" },
};

static void every_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct engine_world *w = s7_world();
		char answer[200], line[300];

		send_message(w, HMI, 3, 0x31, 0x54c,
			     "00000000 01 05 00 88d0b88005 02 9376 0a" QUALIFIER);
		snprintf(answer, sizeof(answer), "00 01 %s 00 00", values[i].hex);
		send_message(w, PLC, 3, 0x32, 0x54c, answer);
		snprintf(line, sizeof(line), "item.address=DB5.[10] item.type=%s\n",
			 values[i].reported != NULL ? values[i].reported : "");
		if (values[i].reported != NULL) {
			assert_non_null(strstr(last_complete(w), line));
		}
		world_free(w);
	}
}

/* Types, depths and counts that are not there. */
static void odd_values(void **state)
{
	static const char *const odd[] = {
		"00 18 00",
		"00 ff 00",
		"40 19 01 00",
		"10 17 ff ff ff ff 7f 00000001",
		"00 15 8fffffff7f 61",
		"00 14 00 8fffffff7f",
		"10 05 8fffffff7f 01",
	};
	char deep[1000] = "00 17 00000001";
	struct engine_world *w = s7_world();

	(void)state;
	for (size_t i = 0; i < 40; i++) {
		strcat(deep, " 01 00 17 00000001");
	}
	for (size_t i = 0; i <= ARRAY_SIZE(odd); i++) {
		char answer[1100];

		send_message(w, HMI, 3, 0x31, 0x54c,
			     "00000000 01 05 00 88d0b88005 02 9376 0a" QUALIFIER);
		snprintf(answer, sizeof(answer), "00 01 %s", i < ARRAY_SIZE(odd) ? odd[i] : deep);
		send_message(w, PLC, 3, 0x32, 0x54c, answer);
		assert_int_equal(world_count(w, "item read"), 0);
	}
	world_free(w);
}

/* ---- versions, digests, parts ---- */

static void digest_behind(void **state)
{
	struct engine_world *w = s7_world();
	uint8_t data[200];
	size_t n = make_message(0x31, 0x586, "00000031 20 04 01 9d29" QUALIFIER " 0001", data) - 4;

	(void)state;
	memcpy(data + n, "\x01\x20", 2);
	memset(data + n + 2, 0xaa, 32);
	send_part(w, HMI, 2, data, n + 34, true);
	n = make_message(0x32, 0x586, "00 00 00 08 05", data);
	send_part(w, PLC, 2, data, n, true);
	assert_int_equal(world_count(w, "weir.s7comm_plus.integrity=true"), 1);
	assert_int_equal(world_count(w, "weir.s7comm_plus.version=2"), 1);
	/* Version 3 without one. */
	world_clear(w);
	n = make_message(0x31, 0x59a, "", data + 1);
	data[0] = 0;
	send_part(w, HMI, 1, data, 1, false);
	world_clear(w);
	uint8_t part[200] = "\x72\x03\x00\x00\x00";

	world_put_be16(part + 2, n + 1);
	memcpy(part + 5, data + 1, n);
	memcpy(part + 5 + n, "\x72\x03\x00\x00", 4);
	send_tpdu(w, HMI, part, n + 9);
	world_finish(w);
	assert_int_equal(world_count(w, "weir.s7comm_plus.integrity=false"), 1);
	world_free(w);
}

/* A whole program in parts of every size, with another message of the other side in between. */
static size_t make_program(uint8_t *out)
{
	size_t n =
	    make_message(0x31, 0x4ca,
			 "00000001 00 04 00 00000000 05 a1 00000003 9358 00 00 a3 8169 00 15 "
			 "04 50726f67 a1 8a0e0005 940e 00 00 a3 8169 00 15 05 54616e6b73 a3 "
			 "9359 00 03 0005 a3 935b 00 03 0005 a3 9374 00 17 000005fd 01 00 12 "
			 "92000005 03 00 14 00 04 01020304 00 a2 a1 92000005 837f 00 00 a7 04 "
			 "05 4c6576656c 00 05 05 0190a003 0a 00 00 04 02 02 a8 ab 0004 61626364 "
			 "0000 a4 900a 00000060 a2",
			 out) -
	    4;

	n += world_hex("a1 8a320001 9457 00 00 a3 8169 00 15 04 4d61696e a3 9359 00 03 0001 a3 "
		       "9414 00 14 00 8738",
		       out + n, 200);
	memset(out + n, 0x5a, 952);
	n += 952;
	return n + world_hex("a2 a2 00000000", out + n, 20);
}

static void parts_of_every_size(void **state)
{
	uint8_t program[2100];
	size_t n = make_program(program);
	char first[4096] = "";

	(void)state;
	for (size_t size = 40; size < n + 20; size += size < 200 ? 7 : 97) {
		struct engine_world *w = s7_world();

		for (size_t at = 0; at < n; at += size) {
			bool last = at + size >= n;

			send_part(w, HMI, 3, program + at, last ? n - at : size, last);
			if (at == 2 * size) {
				send_message(w, PLC, 3, 0x33, 0, "");
			}
		}
		assert_int_equal(world_count(w, "item program_download request"), 2);
		assert_int_equal(world_count(w, "item.address=DB5 weir.item.type=data_block "
						"weir.s7comm_plus.block.name=Tanks "
						"weir.s7comm_plus.block.language=db "
						"weir.s7comm_plus.block.sha256="),
				 1);
		assert_int_equal(world_count(w, "item.address=OB1"), 1);
		if (first[0] == '\0') {
			strncpy(first, strstr(w->log, "item program_download"), sizeof(first) - 1);
			first[strcspn(first, "\n")] = '\0';
		}
		assert_non_null(strstr(w->log, first));
		assert_int_equal(world_count(w, "transaction program_download request"), 1);
		world_free(w);
	}
}

/* Messages that are kept until they are whole, and those that are too long for that. */
static void gathered(void **state)
{
	struct engine_world *w = s7_world();
	static uint8_t long_one[MESSAGE_BYTES];
	uint8_t data[300];
	size_t n = make_message(
	    0x31, 0x542, "00000000 01 05 00 88d0b88005 02 9376 0c 01 00 0e 40000000 00" QUALIFIER,
	    data);

	(void)state;
	send_part(w, HMI, 3, data, 20, false);
	send_part(w, HMI, 3, data + 20, 9, false);
	assert_int_equal(w->length, 0);
	send_part(w, HMI, 3, data + 29, n - 29, true);
	assert_int_equal(world_count(w, "transaction write request"), 1);
	assert_int_equal(world_count(w, "weir.s7comm_plus.fragmented=true"), 1);
	world_clear(w);
	memcpy(long_one, data, n);
	for (unsigned i = 0; i < 10; i++) {
		send_part(w, HMI, 3, long_one + (i > 0 ? 1000 : 0), 8000, false);
	}
	send_part(w, HMI, 3, long_one + 1000, 100, true);
	assert_int_equal(world_count(w, "weir.blind.reason=cap"), 1);
	world_clear(w);
	send_message(w, HMI, 3, 0x31, 0x4f2, "00000034 01 9077 00 08 01" QUALIFIER " 00");
	assert_int_equal(world_count(w, "transaction stop request"), 1);
	world_free(w);
}

/* A hole in a message: its rest is nothing, what follows is read. */
static void holes(void **state)
{
	uint8_t program[2100];
	size_t n = make_program(program);

	(void)state;
	for (unsigned lost = 0; lost < 6; lost++) {
		struct engine_world *w = s7_world();

		for (size_t at = 0, i = 0; at < n; at += 300, i++) {
			bool last = at + 300 >= n;
			size_t length = last ? n - at : 300;

			if (i == lost) {
				w->sequence[HMI] +=
				    (uint32_t)(7 + 4 + 33 + length + (last ? 4 : 0));
			} else {
				send_part(w, HMI, 3, program + at, length, last);
			}
		}
		send_message(w, PLC, 3, 0x32, 0x59a, "00");
		send_message(w, HMI, 3, 0x31, 0x4f2, "00000034 01 9077 00 08 01" QUALIFIER " 00");
		send_message(w, PLC, 3, 0x32, 0x4f2, "00");
		world_finish(w);
		assert_int_equal(world_count(w, "transaction stop complete"), 1);
		assert_int_equal(world_count(w, "transaction program_download request"), lost > 0);
		assert_int_equal(world_protocol(w, "s7comm_plus")->malformed, 0);
		assert_int_equal(world_protocol(w, "s7comm_plus")->unknown, 0);
		world_free(w);
	}
}

/* ---- pairing, direction ---- */

static void pairing(void **state)
{
	struct engine_world *w = s7_world();
	uint8_t data[100];
	size_t n;

	(void)state;
	/* Out of order, one unanswered, one that nobody asked for. */
	for (uint8_t i = 1; i <= 3; i++) {
		n = make_message(0x31, 0x59a, "", data);
		data[8] = i;
		send_part(w, HMI, 3, data, n, true);
	}
	for (uint8_t i = 3; i >= 2; i--) {
		n = make_message(0x32, 0x59a, "00", data);
		data[8] = i;
		send_part(w, PLC, 3, data, n, true);
	}
	send_message(w, PLC, 3, 0x32, 0x4d4, "00 00000394");
	assert_int_equal(world_count(w, "transaction session complete answered success"), 2);
	assert_int_equal(world_count(w, "transaction unknown complete orphan success"), 1);
	world_time(w, 20 * NS_PER_S);
	assert_int_equal(world_count(w, "transaction session complete unanswered"), 1);
	world_free(w);
}

/* Flag 0x40: no answer is waited for; old controllers give one of a second kind. */
static void without_answer(void **state)
{
	struct engine_world *w = s7_world();
	uint8_t data[100];
	size_t n = make_message(0x31, 0x4f2, "1000006a 01 881d 00 07 0009" QUALIFIER " 00", data);

	(void)state;
	data[13] = 0x74;
	send_part(w, HMI, 3, data, n, true);
	world_finish(w);
	assert_int_equal(world_count(w, "transaction subscribe complete - unknown"), 1);
	assert_int_equal(world_count(w, "unanswered"), 0);
	world_clear(w);
	send_part(w, HMI, 2, data, n, true);
	send_message(w, PLC, 2, 0x02, 0x4f2, "00 000000");
	assert_int_equal(world_count(w, "transaction subscribe complete answered success"), 1);
	world_free(w);
}

/* Seen from the middle, on a port of its own, the server's message first. */
static void midstream(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = 4102;
	send_message(w, PLC, 3, 0x33, 0, "");
	send_message(w, PLC, 3, 0x32, 0x4f2, "00");
	send_message(w, HMI, 3, 0x31, 0x4f2, "00000034 01 9077 00 08 01" QUALIFIER " 00");
	assert_int_equal(world_protocol(w, "s7comm_plus")->flows, 1);
	assert_int_equal(world_count(w, "transaction stop request"), 1);
	assert_int_equal(w->last.source.port, 50000);
	world_free(w);
}

/* ---- notifications and the rest ---- */

static void notifications(void **state)
{
	static const char *const some[] = {
		"33 1000006a 0400 0000 0000 01 02 01 92 ffffffff 00 07 0817 13 fffffffe 00 "
		"00000000",
		"33 1000006a 0400 0000 0000 01 02 92 00000001 00 01 01 00 00000000",
		"33 70000c9b 0400 0007 0000 00 8620 02 92 00000004 00 17 00000d99 9b1e 00 08 08 "
		"00 "
		"9b 05 00 0f 401d000000000000 00 00000000",
		"33 70000c9b 0400 0000 0000 00 8620 0005a1b2c3d4e5f6 01 9c 00000001 03 00000002 "
		"00",
		"33 7040007d 0400 0000 0000 14 13 01 00 7040007e 0000 81 a1 70100442 9479 00 00 "
		"a2",
		"33 7040007d 0400 00",
	};
	struct engine_world *w = s7_world();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(some); i++) {
		uint8_t data[200];

		send_part(w, PLC, 3, data, world_hex(some[i], data, sizeof(data)), true);
		assert_int_equal(world_count(w, "weir.function=notification"), i + 1);
	}
	assert_int_equal(world_count(w, "weir.item.address=reference 4 weir.item.type=struct "
					"weir.s7comm_plus.mode=run"),
			 1);
	assert_int_equal(world_count(w, "weir.item.address=reference 4294967295 "
					"weir.item.type=int weir.item.value=2071"),
			 1);
	assert_int_equal(world_count(w, "weir.item.status=invalid_address"), 2);
	assert_int_equal(world_count(w, "weir.items_failed=1"), 2);
	assert_int_equal(world_count(w, "weir.items=0"), 2);
	assert_int_equal(world_count(w, "weir.malformed=short"), 1);
	world_free(w);
}

static void events_and_unknown(void **state)
{
	static const struct value some[] = {
		{ "72 fe 0010 00000000 00003044 00000000 00000000", "" },
		{ "72 fe 0016 00000000 00000518 00000000 00000000 4c4f474f5554",
		  "transaction session complete - unknown weir.function=system_event "
		  "weir.s7comm_plus.version=254 weir.s7comm_plus.confirmed_bytes=1304 "
		  "weir.s7comm_plus.text=LOGOUT\n" },
		{ "72 ff 07 00", "" },
		{ "72 09 0002 abcd 72 09 0000",
		  "transaction unknown complete - unknown weir.function=unknown "
		  "weir.s7comm_plus.version=9 weir.s7comm_plus.data=abcd72090000\n" },
		{ "72 02 000a 3f0000 04f2 0000 0007 34 72 02 0000",
		  "transaction unknown complete - unknown weir.function=set_variable "
		  "weir.s7comm_plus.version=2 weir.s7comm_plus.opcode=63 "
		  "weir.s7comm_plus.function_code=1266 "
		  "weir.s7comm_plus.data=3f000004f20000000734\n" },
		{ "72 02 0040 31", "transaction unknown complete - unknown malformed "
				   "weir.function=unknown weir.s7comm_plus.version=2 "
				   "weir.malformed=length\n" },
		{ "72 03 0002 0100 72 03 0000", "transaction unknown complete - unknown malformed "
						"weir.function=unknown weir.s7comm_plus.version=3 "
						"weir.malformed=digest\n" },
		{ "72 02 0002 3100 72 03 0000", "transaction unknown complete - unknown malformed "
						"weir.function=unknown weir.s7comm_plus.version=2 "
						"weir.malformed=trailer\n" },
		{ "72 02 0002 3100 72 02 0000 00",
		  "transaction unknown complete - unknown malformed "
		  "weir.function=unknown "
		  "weir.s7comm_plus.version=2 "
		  "weir.malformed=trailer\n" },
		{ "72 fe 0002 0000", "transaction unknown complete - unknown malformed "
				     "weir.function=unknown weir.s7comm_plus.version=254 "
				     "weir.malformed=short\n" },
		{ "72", "transaction unknown complete - unknown malformed weir.function=unknown "
			"weir.s7comm_plus.version=0 weir.malformed=short\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(some); i++) {
		struct engine_world *w = s7_world();

		send_hex(w, HMI, "72 02 000a 320000 059a 0000 0007 34 72 02 0000");
		world_clear(w);
		send_hex(w, PLC, some[i].hex);
		assert_log(w, some[i].reported);
		world_free(w);
	}
}

/* ---- TLS ---- */

#define CLIENT_HELLO                                                                             \
	"16 0301 004d 01 000049 0303 "                                                           \
	"0000000000000000000000000000000000000000000000000000000000000000 "                      \
	"00 0002 1302 01 00 001e 0000 000a 0008 00 0005 706c632d34 002b 0005 04 0304 0303 0010 " \
	"0003 "                                                                                  \
	"000102"
#define SERVER_HELLO                                                        \
	"16 0303 0032 02 00002e 0303 "                                      \
	"0000000000000000000000000000000000000000000000000000000000000000 " \
	"00 1302 00 0006 002b 0002 0304"

static void tls_session(void **state)
{
	struct engine_world *w = s7_world();
	uint8_t bytes[300];
	size_t n = world_hex(SERVER_HELLO " 14 0303 0001 01 17 0303 0040", bytes, sizeof(bytes));

	(void)state;
	send_hex(w, HMI, CLIENT_HELLO);
	memset(bytes + n, 0x72, 64);
	n += 64;
	/* In pieces: the second begins with 0x72, the third with the middle of a record. */
	send_tpdu(w, PLC, bytes, n - 60);
	send_tpdu(w, PLC, bytes + n - 60, 60);
	assert_log(w, "transaction session complete answered success "
		      "weir.function=encrypted_session weir.encrypted=true "
		      "weir.s7comm_plus.tls.version=tls_1.3 "
		      "weir.s7comm_plus.tls.server_name=plc-4 "
		      "weir.s7comm_plus.tls.version=tls_1.3 weir.s7comm_plus.tls.cipher=4866\n");
	send_hex(w, HMI, "17 0303 0004 01020304 17 0303 0005 01020304");
	send_hex(w, HMI, "05");
	send_hex(w, PLC, "17 0303 0002 0102");
	assert_log(w, "");
	assert_int_equal(world_protocol(w, "s7comm_plus")->encrypted, 5);
	world_free(w);
}

static void tls_otherwise(void **state)
{
	struct engine_world *w = s7_world();

	(void)state;
	/* From the middle: said once. */
	send_hex(w, HMI, "17 0303 0004 01020304");
	send_hex(w, PLC, "17 0303 0004 01020304");
	assert_log(w, "transaction session complete - unknown weir.function=encrypted_session "
		      "weir.encrypted=true\n");
	/* Behind a hole, until a record begins. */
	w->sequence[HMI] += 100;
	send_hex(w, HMI, "99 99 99");
	send_hex(w, HMI, "17 0303 0002 0102");
	world_free(w);

	w = s7_world();
	send_hex(w, HMI, CLIENT_HELLO);
	send_hex(w, PLC, "15 0303 0002 0228");
	assert_log(w, "transaction session complete answered failure "
		      "weir.function=encrypted_session weir.encrypted=true "
		      "weir.s7comm_plus.tls.version=tls_1.3 "
		      "weir.s7comm_plus.tls.server_name=plc-4 weir.s7comm_plus.tls.alert=40\n");
	world_free(w);

	/* No TLS, for all its first byte. */
	w = s7_world();
	send_hex(w, HMI, "16 0001 0004 01020304");
	send_hex(w, HMI, "17 0303 0000");
	assert_int_equal(world_protocol(w, "s7comm_plus")->flows, 0);
	world_free(w);
}

static void cut_tls(void **state)
{
	(void)state;
	for (size_t cut = 0; cut < 90; cut++) {
		struct engine_world *w = s7_world();
		uint8_t bytes[200];
		size_t n = world_hex(CLIENT_HELLO, bytes, sizeof(bytes));

		send_tpdu(w, HMI, bytes, size_min(cut, n));
		send_tpdu(w, HMI, bytes + size_min(cut, n), n - size_min(cut, n));
		n = world_hex(SERVER_HELLO, bytes, sizeof(bytes));
		send_tpdu(w, PLC, bytes, size_min(cut, n));
		world_free(w);
	}
}

/* ---- random ---- */

static void random_bytes(void **state)
{
	struct engine_world *w = s7_world();
	uint64_t seed = 20261125;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		const struct exchange *e = &exchanges[round % ARRAY_SIZE(exchanges)];
		uint8_t data[2100];
		bool ask = round / ARRAY_SIZE(exchanges) % 2 == 0;
		size_t n = make_message(ask ? 0x31 : 0x32, e->function,
					ask ? e->request : e->answer, data);

		for (unsigned i = 0; i < 3; i++) {
			seed = seed * 6364136223846793005U + 1442695040888963407U;
			data[(seed >> 33) % n] = (uint8_t)(seed >> 56);
		}
		send_part(w, ask ? HMI : PLC, (uint8_t)(1 + round % 3), data, n, round % 7 != 0);
		world_clear(w);
	}
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_function),
		cmocka_unit_test(cut_everywhere),
		cmocka_unit_test(cut_segments),
		cmocka_unit_test(every_type),
		cmocka_unit_test(odd_values),
		cmocka_unit_test(digest_behind),
		cmocka_unit_test(parts_of_every_size),
		cmocka_unit_test(gathered),
		cmocka_unit_test(holes),
		cmocka_unit_test(pairing),
		cmocka_unit_test(without_answer),
		cmocka_unit_test(midstream),
		cmocka_unit_test(notifications),
		cmocka_unit_test(events_and_unknown),
		cmocka_unit_test(tls_session),
		cmocka_unit_test(tls_otherwise),
		cmocka_unit_test(cut_tls),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
