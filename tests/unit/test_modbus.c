/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "engine_world.h"

/* One transaction: the PDUs of the request and its answer, and what the complete record says, with
 * names cut short. */
struct exchange {
	const char *request, *response, *complete;
};

static const struct exchange exchanges[] = {
	{ "01 0010 000a", "01 02 cd 01",
	  "read success function_code=1 function=read_coils address=16 quantity=10 "
	  "values=1,0,1,1,0,0,1,1,1,0" },
	{ "02 0000 0008", "02 01 81",
	  "read success function_code=2 function=read_discrete_inputs address=0 "
	  "quantity=8 values=1,0,0,0,0,0,0,1" },
	{ "03 0064 0002", "03 04 0102 fffe",
	  "read success function_code=3 function=read_holding_registers "
	  "address=100 quantity=2 values=258,65534" },
	{ "04 0000 0001", "04 02 0000",
	  "read success function_code=4 function=read_input_registers address=0 "
	  "quantity=1 values=0" },
	{ "05 0003 ff00", "05 0003 ff00",
	  "write success function_code=5 function=write_single_coil target=coil 3 "
	  "address=3 quantity=1 written_values=1" },
	{ "05 0003 1234", "05 0003 1234",
	  "write success function_code=5 function=write_single_coil target=coil 3 "
	  "address=3 quantity=1 written_values=0 forbidden=value" },
	{ "06 0004 abcd", "06 0004 abcd",
	  "write success function_code=6 function=write_single_register "
	  "target=holding register 4 address=4 quantity=1 written_values=43981" },
	{ "07", "07 6d",
	  "diagnose success function_code=7 function=read_exception_status "
	  "exception_status=109" },
	{ "08 0000 a537", "08 0000 a537",
	  "diagnose success function_code=8 function=diagnostics subfunction=0 "
	  "subfunction_name=return_query_data data=a537 values=42295" },
	{ "08 0001 0000", "08 0001 0000",
	  "restart success function_code=8 function=diagnostics subfunction=1 "
	  "subfunction_name=restart_communications data=0000 values=0" },
	{ "08 000b 0000", "08 000b 0102",
	  "diagnose success function_code=8 function=diagnostics subfunction=11 "
	  "subfunction_name=return_bus_message_count data=0000 values=258" },
	{ "08 0005 0000", "08 0005 0000",
	  "unknown success function_code=8 function=diagnostics subfunction=5 "
	  "subfunction_name=unknown data=0000 values=0" },
	{ "0b", "0b ffff 0108",
	  "diagnose success function_code=11 function=get_comm_event_counter "
	  "status=65535 event_count=264" },
	{ "0c", "0c 08 0000 0108 0121 20 00",
	  "diagnose success function_code=12 function=get_comm_event_log status=0 "
	  "event_count=264 message_count=289 events=32,0" },
	{ "0f 0013 000a 02 cd 01", "0f 0013 000a",
	  "write success function_code=15 function=write_multiple_coils "
	  "target=coils 19-28 address=19 quantity=10 written_values=1,0,1,1,0,0,1,"
	  "1,1,0" },
	{ "0f 0013 000a 01 cd", "0f 0013 000a",
	  "write success function_code=15 function=write_multiple_coils "
	  "target=coils 19-28 address=19 quantity=10 written_values=1,0,1,1,0,0,1,"
	  "1 malformed=byte_count" },
	{ "10 0001 0002 04 000a 0102", "10 0001 0002",
	  "write success function_code=16 function=write_multiple_registers "
	  "target=holding registers 1-2 address=1 quantity=2 written_values=10,258" },
	{ "11", "11 08 01 ff 41 42 43 20 31 00",
	  "identify success function_code=17 function=report_server_id "
	  "server_id=01ff414243203100 server_text=ABC 1 run_indicator=true" },
	{ "14 07 06 0004 0001 0002", "14 06 05 06 0dfe 0020",
	  "file_read success function_code=20 function=read_file_record "
	  "file_numbers=4 file_records=1 file_lengths=2 values=3582,32" },
	{ "14 07 05 0004 0001 0002", "14 06 05 06 0dfe 0020",
	  "file_read success function_code=20 function=read_file_record "
	  "file_numbers=4 file_records=1 file_lengths=2 malformed=reference_type "
	  "values=3582,32" },
	{ "15 0b 06 0004 0007 0002 06af 04be", "15 0b 06 0004 0007 0002 06af 04be",
	  "file_write success function_code=21 function=write_file_record "
	  "written_values=1711,1214 file_numbers=4 file_records=7 file_lengths=2" },
	{ "16 0004 00f2 0025", "16 0004 00f2 0025",
	  "write success function_code=22 function=mask_write_register "
	  "target=holding register 4 address=4 quantity=1 and_mask=242 or_mask=37" },
	{ "17 0003 0002 000e 0001 02 00ff", "17 04 00fe 0acd",
	  "write success function_code=23 function=read_write_multiple_registers "
	  "target=holding register 14 address=3 quantity=2 write_address=14 "
	  "write_quantity=1 written_values=255 values=254,2765" },
	{ "18 04de", "18 0006 0002 01b8 1284",
	  "read success function_code=24 function=read_fifo_queue address=1246 "
	  "quantity=2 values=440,4740" },
	{ "18 04de", "18 0006 0020 01b8 1284",
	  "read success function_code=24 function=read_fifo_queue address=1246 "
	  "quantity=32 values malformed=length" },
	{ "2b 0e 01 00", "2b 0e 01 81 ff 02 02 00 02 4d53 01 01 58",
	  "identify success function_code=43 "
	  "function=encapsulated_interface_transport mei_type=14 device_id.code=1 "
	  "device_id.conformity=129 device_id.more_follows=true "
	  "device_id.vendor_name=MS device_id.product_code=X device_id.objects=0,1" },
	{ "2b 0e 01 00", "2b 0e 01 81 00 00 02 00 02 4d53 80 05 58",
	  "identify success function_code=43 "
	  "function=encapsulated_interface_transport mei_type=14 device_id.code=1 "
	  "device_id.conformity=129 device_id.more_follows=false "
	  "device_id.vendor_name=MS device_id.objects=0 malformed=length" },
	{ "2b 0e 04 80", "2b 0e 04 82 00 00 01 80 02 0102",
	  "identify success function_code=43 "
	  "function=encapsulated_interface_transport mei_type=14 device_id.code=4 "
	  "device_id.conformity=130 device_id.more_follows=false "
	  "device_id.other=0102 device_id.objects=128" },
	{ "2b 0d 0102", "2b 0d 03",
	  "unknown success function_code=43 "
	  "function=encapsulated_interface_transport mei_type=13 data=0102 data=03" },
	{ "2b 0e 01 00", "2b 0d 03",
	  "identify success function_code=43 "
	  "function=encapsulated_interface_transport mei_type=14 device_id.code=1 "
	  "trailing_bytes=1 malformed=mei_type" },
	{ "09 0102", "09 03",
	  "unknown success function_code=9 function=program_484 data=0102 data=03" },
	{ "13", "13", "restart success function_code=19 function=reset_communications_link" },
	{ "41 010203", "41 04",
	  "unknown success function_code=65 function=unknown data=010203 data=04" },
	{ "63 01", "63 02", "unknown success function_code=99 function=unknown data=01 data=02" },
	{ "7d 01", "7d 02",
	  "firmware_update success function_code=125 function=firmware_replacement "
	  "data=01 data=02" },
	{ "7f", "7f 01",
	  "identify success function_code=127 function=report_local_address data=01" },
	{ "83 0001", "83 02",
	  "read failure function_code=3 function=read_holding_registers address=1 "
	  "quantity=0 forbidden=quantity malformed=length exception_code=2 "
	  "exception=illegal_data_address" },
	{ "03 0000 0000", "83 03",
	  "read failure function_code=3 function=read_holding_registers address=0 "
	  "quantity=0 forbidden=quantity exception_code=3 "
	  "exception=illegal_data_value" },
	{ "03 0000 007e", "83 03",
	  "read failure function_code=3 function=read_holding_registers address=0 "
	  "quantity=126 forbidden=quantity exception_code=3 "
	  "exception=illegal_data_value" },
	{ "03 0000 0001", "83 05",
	  "read unknown function_code=3 function=read_holding_registers address=0 "
	  "quantity=1 exception_code=5 exception=acknowledge" },
	{ "03 0000 0001", "83 0b",
	  "read failure function_code=3 function=read_holding_registers address=0 "
	  "quantity=1 exception_code=11 "
	  "exception=gateway_target_device_failed_to_respond" },
	{ "03 0000 0001", "83 09",
	  "read failure function_code=3 function=read_holding_registers address=0 "
	  "quantity=1 exception_code=9 exception=unknown" },
	{ "03 0000 0001", "83 02 00",
	  "read failure function_code=3 function=read_holding_registers address=0 "
	  "quantity=1 exception_code=2 exception=illegal_data_address "
	  "trailing_bytes=1 malformed=trailing_bytes" },
	{ "03 0000 0001", "83",
	  "read failure function_code=3 function=read_holding_registers address=0 "
	  "quantity=1 exception_code=0 exception=unknown malformed=length" },
	{ "03 0000 0002", "03 02 0000",
	  "read success function_code=3 function=read_holding_registers address=0 "
	  "quantity=2 values=0 malformed=byte_count" },
	{ "03 0000 0002", "03 04 0000 00",
	  "read success function_code=3 function=read_holding_registers address=0 "
	  "quantity=2 values malformed=length" },
	{ "03 0000 0002 00", "03 04 0000 0000 00",
	  "read success function_code=3 function=read_holding_registers address=0 "
	  "quantity=2 trailing_bytes=1 malformed=trailing_bytes values=0,0 "
	  "trailing_bytes=1 malformed=trailing_bytes" },
	{ "10 0000 0002 02 0001", "90 03",
	  "write failure function_code=16 function=write_multiple_registers "
	  "target=holding registers 0-1 address=0 quantity=2 written_values=1 "
	  "malformed=byte_count exception_code=3 exception=illegal_data_value" },
	{ "10 0000 0032 64 0000 0001 0002 0003 0004 0005 0006 0007 0008 0009 0000 "
	  "0001 0002 0003 0004 0005 0006 0007 0008 0009 0000 0001 0002 0003 0004 "
	  "0005 0006 0007 0008 0009 0000 0001 0002 0003 0004 0005 0006 0007 0008 "
	  "0009 0000 0001 0002 0003 0004 0005 0006 0007 0008 0009",
	  "10 0000 0032",
	  "write success function_code=16 function=write_multiple_registers "
	  "target=holding registers 0-49 address=0 quantity=50 written_values=0,1,"
	  "2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,"
	  "8,9,0,1,2,3,4,5,6,7,8,9" },
	{ "0f 0000 0042 09 ff ff ff ff ff ff ff ff 03", "0f 0000 0042",
	  "write success truncated function_code=15 function=write_multiple_coils "
	  "target=coils 0-65 address=0 quantity=66 written_values=1,1,1,1,1,1,1,1,"
	  "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
	  "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1" },
	{ "5a 00 02", "5a 00 fe 01 4241 4443 4445",
	  "identify success function=read_id umas.function_code=2 umas.session=0 "
	  "umas.request_bytes=0 umas.response_bytes=7 umas.device=BADCDE" },
	{ "5a 00 41 ff00", "5a 00 fd 80",
	  "stop failure function=stop_plc umas.function_code=65 umas.session=0 "
	  "umas.request_bytes=2 umas.response_bytes=1 umas.error=128" },
	{ "5a 01 31 0001 0203 04", "5a 01 fe",
	  "program_download success function=download_block umas.function_code=49 "
	  "umas.session=1 umas.request_bytes=5 umas.block=770 umas.response_bytes=0" },
	{ "5a 01 ee 0102", "5a 01 fe",
	  "unknown success function=unknown umas.function_code=238 umas.session=1 "
	  "umas.request_bytes=2 umas.data=0102 umas.response_bytes=0" },
	{ "5a 01 10 000000 04 4142 4344", "5a 01 fe 05",
	  "authenticate success function=take_plc_reservation "
	  "umas.function_code=16 umas.session=1 umas.request_bytes=8 "
	  "umas.client=ABCD umas.response_bytes=1" },
	{ "5a 01", "5a", "unknown success function_code=90 function=umas data=01" },
};

/* Removes every occurrence of a word. */
static void remove_word(char *text, const char *word)
{
	size_t n = strlen(word);

	for (char *at = strstr(text, word); at != NULL; at = strstr(at, word)) {
		memmove(at, at + n, strlen(at + n) + 1);
	}
}

/* The last line of the log, without what all of them have. */
static const char *last_line(struct engine_world *w)
{
	char *line = w->log;

	assert_true(w->length > 0);
	w->log[--w->length] = '\0';
	line = strrchr(w->log, '\n') != NULL ? strrchr(w->log, '\n') + 1 : w->log;
	remove_word(line, "transaction ");
	remove_word(line, "weir.modbus.transaction_id=7 ");
	remove_word(line, "weir.umas.transaction_id=7 ");
	remove_word(line, " weir.modbus.transaction_id=7");
	remove_word(line, "weir.unit_id=1 ");
	remove_word(line, "weir.modbus.");
	remove_word(line, "weir.");
	remove_word(line, "complete answered ");
	/* The flag and the field say the same. */
	assert_int_equal(strstr(line, " malformed=") != NULL, strstr(line, " malformed ") != NULL);
	remove_word(line, "malformed ");
	return line;
}

static void every_function(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		struct engine_world *w = world_new(NULL);
		bool at_once;

		world_open(w);
		world_modbus(w, HMI, 7, exchanges[i].request);
		at_once = w->length > 0;
		assert_int_equal(world_count(w, " request - unknown "), at_once);
		world_modbus(w, PLC, 7, exchanges[i].response);
		assert_int_equal(operation_reports_request((enum operation)w->last.operation),
				 at_once);
		assert_int_equal(w->last.status, TRANSACTION_ANSWERED);
		assert_string_equal(last_line(w), exchanges[i].complete);
		assert_int_equal(world_protocol(w, "modbus")->messages, 2);
		world_free(w);
	}
}

/* ---- cut at every length ---- */

static const char *pdu_of(size_t i, unsigned from)
{
	return from == HMI ? exchanges[i].request : exchanges[i].response;
}

/* Every message of the table, its PDU cut short and its MBAP length with it. */
static void cut_with_its_length(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[300];

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(exchanges); i++) {
		unsigned from = i % 2 == 0 ? HMI : PLC;
		size_t n = world_mbap(7, pdu_of(i / 2, from), bytes, sizeof(bytes));

		for (size_t cut = 8; cut < n; cut++) {
			uint64_t before = world_protocol(w, "modbus")->messages;

			w->port[HMI]++;
			world_put_be16(bytes + 4, cut - 6);
			world_open(w);
			world_tcp(w, from, bytes, cut);
			world_udp(w, from, bytes, cut);
			/* Each message counts, whatever is wrong with it. */
			assert_int_equal(world_protocol(w, "modbus")->messages, before + 2);
			world_clear(w);
		}
	}
	world_finish(w);
	world_free(w);
}

/* Every message of the table in two segments, cut at every place: the same record. As a datagram,
 * the part is no message. */
static void cut_in_two(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[300];
	char *whole = malloc(LOG_BYTES);

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(exchanges); i++) {
		unsigned from = i % 2 == 0 ? HMI : PLC;
		size_t n = world_mbap(7, pdu_of(i / 2, from), bytes, sizeof(bytes));

		for (size_t cut = n; cut > 0; cut--) {
			uint64_t messages;

			w->port[HMI]++;
			world_open(w);
			world_modbus(w, HMI, 1, "03 0000 0001");
			world_modbus(w, PLC, 1, "03 02 0000");
			world_clear(w);
			world_tcp(w, from, bytes, cut);
			if (cut < n) {
				assert_log(w, "");
			}
			world_tcp(w, from, bytes + cut, n - cut);
			if (cut == n) {
				strcpy(whole, w->log);
			}
			assert_string_equal(w->log, whole);
			world_clear(w);
			messages = world_protocol(w, "modbus")->messages;
			world_udp(w, from, bytes, cut);
			assert_int_equal(world_protocol(w, "modbus")->messages,
					 messages + (cut == n));
			world_clear(w);
		}
	}
	free(whole);
	world_finish(w);
	assert_int_equal(engine_counters(w->engine)->assemblies_refused, 0);
	world_free(w);
}

/* Serial frames: behind a whole one, cut at every place, and the rest. */
static void cut_rtu(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[300], first[16];
	size_t n_first = world_rtu(1, "03 0000 0001", first, sizeof(first));

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(exchanges); i++) {
		unsigned from = i % 2 == 0 ? HMI : PLC;
		size_t n = world_rtu(1, pdu_of(i / 2, from), bytes, sizeof(bytes));

		for (size_t cut = 1; cut < n; cut++) {
			w->port[HMI]++;
			world_open(w);
			world_tcp(w, HMI, first, n_first);
			world_tcp(w, from, bytes, cut);
			world_tcp(w, from, bytes + cut, n - cut);
			world_clear(w);
		}
	}
	world_finish(w);
	world_free(w);
}

/* ---- MBAP lengths that lie ---- */

/* What follows a header with a wrong length is found again. */
static void length_lies(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 255, 1000, 0xffff };
	uint8_t bytes[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (unsigned from = PLC; from <= HMI; from++) {
			struct engine_world *w = world_new(NULL);
			const char *pdu = from == HMI ? "03 0000 0001" : "03 02 0102";
			size_t n = world_mbap(9, pdu, bytes, sizeof(bytes));

			world_open(w);
			world_modbus(w, HMI, 1, "03 0000 0001");
			world_modbus(w, PLC, 1, "03 02 0000");
			world_clear(w);
			world_put_be16(bytes + 4, lengths[i]);
			world_tcp(w, from, bytes, n);
			assert_int_equal(world_count(w, "weir.blind.reason=resync"), 1);
			world_clear(w);
			world_modbus(w, HMI, 2, "03 0000 0001");
			world_modbus(w, PLC, 2, "03 02 0000");
			assert_int_equal(world_count(w, "answered success"), 1);
			world_free(w);
		}
	}
}

/* A length that is too small by one costs what its last byte is taken for, and no more. */
static void length_too_small(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n = world_mbap(9, "03 0000 0001", bytes, sizeof(bytes));

	(void)state;
	world_open(w);
	world_modbus(w, HMI, 1, "03 0000 0001");
	world_put_be16(bytes + 4, n - 7);
	world_tcp(w, HMI, bytes, n);
	world_modbus(w, HMI, 2, "03 0000 0001");
	assert_int_equal(world_protocol(w, "modbus")->malformed, 1);
	assert_true(world_count(w, "weir.blind.reason=resync") > 0);
	world_modbus(w, HMI, 3, "03 0000 0001");
	world_modbus(w, PLC, 3, "03 02 0000");
	assert_int_equal(world_count(w, "answered success"), 1);
	world_free(w);
}

static void wrong_protocol_identifier(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n = world_mbap(9, "03 0000 0001", bytes, sizeof(bytes));

	(void)state;
	bytes[3] = 1;
	world_open(w);
	world_tcp(w, HMI, bytes, n);
	assert_int_equal(world_count(w, "weir.flow.event=port_mismatch"), 1);
	assert_int_equal(world_protocol(w, "modbus")->messages, 0);
	world_free(w);
}

/* ---- direction ---- */

/* In mid-stream on ports that say nothing, the shape of the first message tells who asks. */
static void direction_from_shape(void **state)
{
	(void)state;
	for (unsigned first = PLC; first <= HMI; first++) {
		struct engine_world *w = world_new(NULL);

		w->port[PLC] = 40000;
		w->port[HMI] = 40001;
		world_modbus(w, first, 1, first == HMI ? "03 0000 0002" : "03 04 0000 0000");
		world_modbus(w, HMI, 2, "03 0000 0001");
		world_modbus(w, PLC, 2, "03 02 0000");
		assert_int_equal(world_count(w, "answered success"), 1);
		assert_int_equal(world_count(w, "orphan success"), first == PLC);
		assert_int_equal(w->last.source.port, 40001);
		assert_int_equal(w->last.destination.port, 40000);
		world_free(w);
	}
}

/* The server connected; its port 502 and what it says are the stronger evidence. */
static void server_opens_the_connection(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	world_flags(w, PLC, TCP_SYN);
	world_flags(w, HMI, TCP_SYN | TCP_ACK);
	world_flags(w, PLC, TCP_ACK);
	world_modbus(w, HMI, 2, "03 0000 0001");
	world_modbus(w, PLC, 2, "03 02 0000");
	assert_int_equal(world_count(w, "answered success"), 1);
	assert_int_equal(w->last.destination.port, 502);
	world_free(w);
}

/* ---- several at once ---- */

static void pipelined(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[256];
	size_t n = 0;

	(void)state;
	world_open(w);
	for (uint16_t i = 0; i < 10; i++) {
		n += world_mbap(i, "03 0000 0001", bytes + n, sizeof(bytes) - n);
	}
	world_tcp(w, HMI, bytes, n);
	n = 0;
	for (uint16_t i = 10; i > 0; i--) {
		n += world_mbap((uint16_t)(i - 1), "03 02 0000", bytes + n, sizeof(bytes) - n);
	}
	world_tcp(w, PLC, bytes, n);
	assert_int_equal(world_count(w, "answered success"), 10);
	assert_int_equal(world_count(w, "transaction"), 10);
	for (unsigned i = 0; i < 10; i++) {
		char text[48];

		snprintf(text, sizeof(text), "weir.modbus.transaction_id=%u ", i);
		assert_int_equal(world_count(w, text), 1);
	}
	world_free(w);
}

/* ---- serial frames in TCP ---- */

static void world_rtu_tcp(struct engine_world *w, unsigned from, uint8_t unit, const char *pdu)
{
	uint8_t bytes[300];

	world_tcp(w, from, bytes, world_rtu(unit, pdu, bytes, sizeof(bytes)));
}

static void rtu(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n = world_rtu(2, "03 0000 0001", bytes, sizeof(bytes));

	(void)state;
	world_open(w);
	world_rtu_tcp(w, HMI, 2, "03 0000 0001");
	world_rtu_tcp(w, PLC, 2, "03 02 0102");
	assert_log(w, "transaction read complete answered success weir.unit_id=2 "
		      "weir.modbus.function_code=3 weir.function=read_holding_registers "
		      "weir.modbus.framing=rtu weir.modbus.address=0 weir.modbus.quantity=1 "
		      "weir.modbus.values=258\n");
	/* An answer that nobody asked for is one of a serial line as well. */
	world_rtu_tcp(w, PLC, 2, "03 02 0102");
	assert_log(w, "transaction read complete orphan success weir.unit_id=2 "
		      "weir.modbus.function_code=3 weir.function=read_holding_registers "
		      "weir.modbus.framing=rtu weir.modbus.values=258\n");
	bytes[n - 1] ^= 1;
	world_tcp(w, HMI, bytes, n);
	world_rtu_tcp(w, PLC, 2, "83 02");
	assert_int_equal(world_count(w, "weir.malformed=crc"), 1);
	assert_int_equal(world_protocol(w, "modbus")->malformed, 1);
	world_free(w);
}

/* Nobody answers address 0: complete at once. Over MBAP it is a unit like others. */
static void rtu_broadcast(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n = world_mbap(1, "06 0001 0002", bytes, sizeof(bytes));

	(void)state;
	world_open(w);
	world_rtu_tcp(w, HMI, 0, "06 0001 0002");
	assert_int_equal(world_count(w, "write complete - unknown"), 1);
	assert_int_equal(world_count(w, "request"), 0);
	world_clear(w);
	world_time(w, 10 * NS_PER_S);
	assert_log(w, "");
	w->port[HMI]++;
	world_open(w);
	bytes[6] = 0;
	world_tcp(w, HMI, bytes, n);
	assert_int_equal(world_count(w, "write request - unknown"), 1);
	world_clear(w);
	world_time(w, 10 * NS_PER_S);
	assert_int_equal(world_count(w, "write complete unanswered unknown"), 1);
	world_free(w);
}

/* ---- random bytes ---- */

/* Whatever comes behind good messages, a good one is found again behind it. */
static void random_bytes(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[512];
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t n;

		if (round % 50 == 0) {
			w->port[HMI]++;
			world_open(w);
		}
		for (n = 0; n < 1 + seed % 500; n++) {
			seed = seed * 1664525 + 1013904223;
			bytes[n] = seed >> 28 < 6 ? 0 : (uint8_t)(seed >> 24);
		}
		world_tcp(w, round % 3 == 0 ? PLC : HMI, bytes, n);
		world_udp(w, round % 3 == 0 ? PLC : HMI, bytes, n);
		world_clear(w);
	}
	world_finish(w);
	assert_int_equal(world_count(w, "weir.flow.end=capture_end") > 0, true);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_function),
		cmocka_unit_test(cut_with_its_length),
		cmocka_unit_test(cut_in_two),
		cmocka_unit_test(cut_rtu),
		cmocka_unit_test(length_lies),
		cmocka_unit_test(length_too_small),
		cmocka_unit_test(wrong_protocol_identifier),
		cmocka_unit_test(direction_from_shape),
		cmocka_unit_test(server_opens_the_connection),
		cmocka_unit_test(pipelined),
		cmocka_unit_test(rtu),
		cmocka_unit_test(rtu_broadcast),
		cmocka_unit_test(random_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
