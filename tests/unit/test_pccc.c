/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* PCCC carried by CSP on TCP 2222: its header needs no other dissector. */

#include "engine_world.h"

enum { CONNECTION = 0x11223344 };

/* A CSP message with this submode and body. */
static size_t csp(unsigned from, uint8_t submode, const char *body, uint8_t *out, size_t size)
{
	size_t n = world_hex(body, out + 28, size - 28);

	memset(out, 0, 28);
	out[0] = from == HMI ? 1 : 2;
	out[1] = submode;
	world_put_be16(out + 2, n);
	if (submode != 1 || from == PLC) {
		world_put_be16(out + 4, CONNECTION >> 16);
		world_put_be16(out + 6, CONNECTION & 0xffff);
	}
	return n + 28;
}

static void send_csp(struct engine_world *w, unsigned from, uint8_t submode, const char *body)
{
	uint8_t bytes[600];

	world_tcp(w, from, bytes, csp(from, submode, body, bytes, sizeof(bytes)));
}

/* A PCCC message: command, status, transaction and the rest. */
static void pccc(struct engine_world *w, unsigned from, const char *message)
{
	char body[1200];

	snprintf(body, sizeof(body), "00050000 %s", message);
	send_csp(w, from, 7, body);
}

static struct engine_world *begin(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = 2222;
	world_open(w);
	send_csp(w, HMI, 1, "");
	send_csp(w, PLC, 1, "");
	world_clear(w);
	return w;
}

#define P "weir.pccc."
#define I "weir.item."

/* Request and answer without command, status and transaction; what the complete record has, and
 * the items. */
static const struct {
	const char *command, *request, *answer;
	const char *record;
	const char *items[4];
} exchanges[] = {
	/* SLC logical reads and writes: every file type. */
	{ "0f",
	  "a2 04 07 89 00 00",
	  "0100 feff",
	  "read complete answered success weir.function=protected_typed_logical_read_3 ",
	  { "address=N7:0 " I "type=integer " I "count=2 " I "value=1,-2" } },
	{ "0f",
	  "a2 02 03 85 05 00",
	  "0180",
	  "",
	  { "address=B3:5 " I "type=bit " I "count=1 " I "value=32769" } },
	{ "0f",
	  "a2 02 00 82 01 00",
	  "ffff",
	  "",
	  { "address=O0:1 " I "type=output " I "count=1 " I "value=65535" } },
	{ "0f", "a2 02 01 83 02 01", "0100", "", { "address=I1:2.1 " } },
	{ "0f",
	  "a2 02 02 84 01 00",
	  "1e00",
	  "",
	  { "address=S2:1 " I "type=status " I "count=1 " I "value=30" } },
	{ "0f",
	  "a2 06 04 86 02 00",
	  "00a0 6400 0a00",
	  "weir.items=3",
	  { "address=T4:2 " I "type=timer " I "count=1 " I "value=-24576",
	    "address=T4:2.PRE " I "type=timer " I "count=1 " I "value=100",
	    "address=T4:2.ACC " I "type=timer " I "count=1 " I "value=10" } },
	{ "0f",
	  "a2 02 04 86 00 02",
	  "0a00",
	  "",
	  { "address=T4:0.ACC " I "type=timer " I "count=1 " I "value=10" } },
	{ "0f", "a2 02 05 87 03 01", "6400", "", { "address=C5:3.PRE " I "type=counter " } },
	{ "0f", "a2 02 06 88 03 01", "6400", "", { "address=R6:3.LEN " I "type=control " } },
	{ "0f",
	  "a2 08 08 8a 03 00",
	  "0000 c03f 0000 20c0",
	  "",
	  { "address=F8:3 " I "type=float " I "count=2 " I "value=1.5,-2.5" } },
	{ "0f",
	  "a2 54 09 8d 01 00",
	  "0500 7550 706d 0031 " /* "Pump1", two characters a word */
	  "0000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "0000000000000000000000000000000000000000000000000000000000000000000000000000",
	  "",
	  { "address=ST9:1 " I "type=string " I "count=1 " I "text=Pump1" } },
	{ "0f",
	  "a2 04 0a 91 00 00",
	  "ffffffff",
	  "",
	  { "address=L10:0 " I "type=long " I "count=1 " I "value=-1" } },
	{ "0f",
	  "a2 04 0b 8e 00 00",
	  "4241 4443",
	  "",
	  { "address=A11:0 " I "type=ascii " I "count=4 " I "text=ABCD" } },
	{ "0f",
	  "a2 02 0c 8f 00 00",
	  "3412",
	  "",
	  { "address=D12:0 " I "type=bcd " I "count=1 " I "value=1234" } },
	{ "0f",
	  "a2 04 09 92 00 00",
	  "01000200",
	  "",
	  { "address=MG9:0 " I "type=message " I "count=2 " I "value=1,2" } },
	{ "0f",
	  "a2 04 02 22 00 00",
	  "01020304",
	  "program_upload complete answered success",
	  { "address=LAD2:0 " I "type=ladder " I "count=4 " I "data=01020304" } },
	{ "0f",
	  "a2 04 00 63 00 00",
	  "01020304",
	  "read complete answered success",
	  { "address=type 0x63 0:0 " I "type=bytes " I "count=4 " I "data=01020304" } },
	{ "0f",
	  "a2 02 ff2c01 89 fffe00 00",
	  "0500",
	  "file_number=300 weir.pccc.element=254",
	  { "address=N300:254 " } },
	{ "0f",
	  "a1 02 07 89 01",
	  "0500",
	  "weir.function=protected_typed_logical_read_2 ",
	  { "address=N7:1 " } },
	{ "0f",
	  "a9 02 07 89 01 0600",
	  "",
	  "write complete answered success",
	  { "address=N7:1 " I "type=integer " I "count=1 " I "value=6" } },
	{ "0f",
	  "aa 02 07 89 0a 00 0600",
	  "",
	  "weir.target=N7:10 ",
	  { "address=N7:10 " I "type=integer " I "count=1 " I "value=6" } },
	{ "0f", "aa 04 08 8a 03 00 0000c03f", "", "weir.target=F8:3 ", { "address=F8:3 " } },
	{ "0f", "aa 02 02 22 00 00 0600", "", "program_download complete", { "address=LAD2:0 " } },
	{ "0f", "aa 02 00 a1 00 00 0600", "", "force complete", { "address=OF0:0 " } },
	{ "0f", "aa 02 01 49 00 00 0600", "", "config_write complete", { "address=CFG1:0 " } },
	{ "0f",
	  "aa 02 00 e4 00 01 ea07",
	  "",
	  "time_set complete",
	  { "address=RTC0:0.1 " I "type=real_time_clock " I "count=1 " I "value=2026" } },
	{ "0f", "aa 02 00 65 00 00 0600", "", "online_edit complete", { "address=EDT0:0 " } },
	{ "0f",
	  "ab 02 03 85 00 00 2000 2000",
	  "",
	  "weir.target=B3:0/5 ",
	  { "address=B3:0/5 " I "type=bit " I "count=1 " I "value=1" } },
	{ "0f",
	  "ab 02 03 85 00 00 0300 0100",
	  "",
	  "mask=3 weir.target=B3:0 ",
	  { "address=B3:0/0 " I "type=bit " I "count=1 " I "value=1",
	    "address=B3:0/1 " I "type=bit " I "count=1 " I "value=0" } },
	/* Open files. */
	{ "0f",
	  "81 01 02 22",
	  "3412",
	  "program_upload complete answered success weir.function=open_file weir.pccc.command=15 "
	  "weir.pccc.function_code=129 weir.pccc.transaction_id=1 weir.pccc.file_type=34 "
	  "weir.pccc.file_type_name=ladder weir.pccc.file_number=2 weir.pccc.access=read "
	  "weir.target=ladder file 2 weir.pccc.status_code=0 weir.pccc.status=success "
	  "weir.pccc.tag=4660",
	  { NULL } },
	{ "0f", "81 03 07 89", "3412", "file_write complete", { NULL } },
	{ "0f",
	  "82 3412",
	  "",
	  "session complete answered success weir.function=close_file ",
	  { NULL } },
	{ "0f", "a7 04 3412 0000 89", "01020304", "file_read complete", { NULL } },
	{ "0f", "af 04 3412 0000 22 01020304", "", "program_download complete", { NULL } },
	/* PLC-5. */
	{ "0f",
	  "01 0000 0200 07 00 07 1e 04",
	  "0100 0200",
	  "weir.function=word_range_read ",
	  { "address=N7:30 " I "type=integer " I "count=2 " I "value=1,2" } },
	{ "0f",
	  "00 0000 0100 06 03 ff2c01 0500",
	  "",
	  "write complete",
	  { "address=B3:300 " I "type=bit " I "count=1 " I "value=5" } },
	{ "0f", "01 0000 0100 0f 00 04 02 02 02", "0900", "", { "address=T4:2.ACC " } },
	{ "0f",
	  "01 0000 0200 07 00 08 00 04",
	  "c03f 0000",
	  "",
	  { "address=F8:0 " I "type=float " I "count=1 " I "value=1.5" } },
	{ "0f", "01 0000 0100 07 00 01 0f 02", "0900", "", { "address=I:017 " } },
	{ "0f",
	  "01 0000 0100 00 24 4e31303a333630 00 02",
	  "0900",
	  "",
	  { "address=N10:360 " I "type=word " I "count=1 " I "value=9" } },
	{ "0f", "01 0000 0100 00 50554d50 00 02", "0900", "", { "address=PUMP " } },
	{ "0f", "01 0000 0100 2c 08 ff0401 00 02", "0900", "", { "address=E3.1.8.260.0.0 " } },
	{ "0f",
	  "68 0000 0300 07 00 07 00 0300",
	  "97 09 42 0000 feff ff00",
	  "weir.function=typed_read ",
	  { "address=N7:0 " I "type=integer " I "count=3 " I "value=0,-2,255" } },
	{ "0f",
	  "68 0000 0a00 07 00 0c 00 0a00",
	  "9a 09 0500 42 0100 0200",
	  "",
	  { "address=N12:0 " I "type=integer " I "count=2 " I "value=1,2" } },
	{ "0f",
	  "68 0000 0100 07 00 08 00 0100",
	  "94 08 0000c03f",
	  "",
	  { "address=F8:0 " I "type=float " I "count=1 " I "value=1.5" } },
	{ "0f",
	  "67 0000 0100 07 00 07 05 42 0700",
	  "",
	  "write complete",
	  { "address=N7:5 " I "type=integer " I "count=1 " I "value=7" } },
	{ "0f",
	  "26 07 00 03 00 feff 0000 07 00 03 01 ffff 0200",
	  "",
	  "weir.function=read_modify_write ",
	  { "address=B3:0/0 " I "type=bit " I "count=1 " I "value=0",
	    "address=B3:1/1 " I "type=bit " I "count=1 " I "value=1" } },
	{ "0f",
	  "02 07 00 03 00 0100 0200",
	  "",
	  "weir.function=bit_write ",
	  { "address=B3:0/0 " I "type=bit " I "count=1 " I "value=1",
	    "address=B3:0/1 " I "type=bit " I "count=1 " I "value=0" } },
	{ "0f", "29 07 00 07 00", "0a00", "diagnose complete", { NULL } },
	/* Basic commands. */
	{ "01",
	  "1000 04",
	  "0100 0200",
	  "weir.function=unprotected_read weir.pccc.command=1 weir.pccc.transaction_id=",
	  { "address=byte 16 " I "type=word " I "count=2 " I "value=1,2" } },
	{ "08",
	  "1000 0100",
	  "",
	  "weir.function=unprotected_write ",
	  { "address=byte 16 " I "type=word " I "count=1 " I "value=1" } },
	{ "00", "1000 0100", "", "weir.function=protected_write ", { "address=byte 16 " } },
	{ "05",
	  "1000 01 02 1200 04 00",
	  "",
	  "weir.function=unprotected_bit_write ",
	  { "address=byte 16/0 " I "type=bit " I "count=1 " I "value=1",
	    "address=byte 16/1 " I "type=bit " I "count=1 " I "value=0", "address=byte 18/2 " } },
	{ "02", "1000 01 02", "", "weir.function=protected_bit_write ", { NULL } },
	{ "03", "1000 0100", "", "program_download complete", { NULL } },
	{ "04", "1000 02", "0100", "program_upload complete", { NULL } },
	/* Modes, and what changes the processor. */
	{ "0f",
	  "80 01",
	  "",
	  "mode_change complete answered success weir.function=change_mode weir.pccc.command=15 "
	  "weir.pccc.function_code=128 weir.pccc.transaction_id=1 weir.pccc.mode_code=1 "
	  "weir.pccc.mode=remote_program weir.target=processor ",
	  { NULL } },
	{ "0f", "80 06", "", "mode=remote_run ", { NULL } },
	{ "0f", "80 09", "", "mode=remote_test_single_step ", { NULL } },
	{ "0f", "80 33", "", "mode=unknown ", { NULL } },
	{ "0f", "3a 00", "", "mode=program ", { NULL } },
	{ "0f", "3a 02", "", "mode=run ", { NULL } },
	{ "0f", "07", "", "stop complete answered success weir.function=shutdown ", { NULL } },
	{ "0f",
	  "0a",
	  "",
	  "restart complete answered success weir.function=restart_request ",
	  { NULL } },
	{ "0f",
	  "57",
	  "",
	  "memory_reset complete answered success weir.function=initialize_memory ",
	  { NULL } },
	{ "0f",
	  "41",
	  "",
	  "force complete answered success weir.function=disable_forces ",
	  { NULL } },
	{ "0f",
	  "11",
	  "",
	  "authenticate complete answered success weir.function=get_edit_resource ",
	  { NULL } },
	{ "0f",
	  "12",
	  "",
	  "session complete answered success weir.function=return_edit_resource ",
	  { NULL } },
	{ "0f",
	  "8f 00",
	  "",
	  "config_write complete answered success weir.function=apply_port_configuration ",
	  { NULL } },
	{ "0f", "5e 00 01 0700", "", "config_write complete", { NULL } },
	{ "0f", "a3 ff944f 07", "0100", "addresses=20372,7 ", { NULL } },
	{ "0f",
	  "88 02 07 a2 02 07 89 00 00 00 02 80 01",
	  "00",
	  "mode_change complete answered success weir.function=execute_multiple_commands ",
	  { NULL } },
	{ "07",
	  "00",
	  "",
	  "control complete answered success weir.function=disable_outputs ",
	  { NULL } },
	{ "07",
	  "04",
	  "",
	  "program_download complete answered success weir.function=enter_download_mode ",
	  { NULL } },
	{ "07",
	  "06",
	  "",
	  "program_upload complete answered success weir.function=enter_upload_mode ",
	  { NULL } },
	{ "07",
	  "05",
	  "",
	  "session complete answered success weir.function=exit_download_upload_mode ",
	  { NULL } },
	{ "07", "03", "", "start complete", { NULL } },
	{ "0e", "01", "", "weir.function=set_to_program_mode ", { NULL } },
	{ "06",
	  "00 0102",
	  "0102",
	  "diagnose complete answered success weir.function=echo ",
	  { NULL } },
	{ "06", "01 0000 02", "0102", "weir.function=read_diagnostic_counters ", { NULL } },
	{ "06", "02 01", "", "config_write complete", { NULL } },
	{ "06", "07", "", "control complete", { NULL } },
	{ "06",
	  "03",
	  "00 ee 4a 9f 23 313736362d4c4543202020 0000 26 00 3682 9e fc",
	  "processor=1766-LEC weir.pccc.family=MicroLogix weir.pccc.interface_type=74 "
	  "weir.pccc.processor_type=159 weir.pccc.revision=B/4 weir.pccc.processor_mode=remote_run "
	  "weir.pccc.key_position=remote weir.pccc.major_error=0 "
	  "weir.pccc.processor_flags=forces_enabled weir.pccc.program_id=33334 "
	  "weir.pccc.memory_bytes=161792",
	  { NULL } },
	{ "06",
	  "03",
	  "00 ee 34 5b 89 352f303420202020202020 0800 1e 20 0100 40 04",
	  "processor=5/04 weir.pccc.family=SLC 500 weir.pccc.interface_type=52 "
	  "weir.pccc.processor_type=91 weir.pccc.revision=E/10 weir.pccc.processor_mode=run "
	  "weir.pccc.key_position=run weir.pccc.major_error=8 "
	  "weir.pccc.processor_flags=major_error_halted weir.pccc.program_id=1 "
	  "weir.pccc.memory_bytes=65536 weir.pccc.program_owner=1",
	  { NULL } },
	{ "06",
	  "03",
	  "4e eb 4b 00400000 43 05 fd 00 0d00 0a00 11 01 00",
	  "family=PLC-5 weir.pccc.processor=1785-L40E weir.pccc.processor_type=75 "
	  "weir.pccc.revision=C/D weir.pccc.processor_mode=remote_run "
	  "weir.pccc.key_position=remote "
	  "weir.pccc.processor_flags=major_fault,testing_edits,forces_enabled,forces_installed,"
	  "memory_protected weir.pccc.memory_bytes=16384 weir.pccc.node=5 weir.pccc.data_files=13 "
	  "weir.pccc.program_files=10",
	  { NULL } },
	{ "06", "03", "00 fe 19 00", "processor_type=254 weir.pccc.data=00fe1900", { NULL } },
	/* Nobody described these. */
	{ "0f",
	  "c7 0102",
	  "",
	  "unknown complete answered success weir.function=unknown weir.pccc.command=15 "
	  "weir.pccc.function_code=199",
	  { NULL } },
	{ "09",
	  "0102",
	  "",
	  "unknown complete answered success weir.function=unknown weir.pccc.command=9",
	  { NULL } },
};

static void exchange(struct engine_world *w, const char *command, const char *request,
		     const char *answer)
{
	char text[800];

	snprintf(text, sizeof(text), "%s 00 0100 %s", command, request);
	pccc(w, HMI, text);
	w->now += NS_PER_S / 100;
	snprintf(text, sizeof(text), "4%s 00 0100 %s", command + 1, answer);
	pccc(w, PLC, text);
}

static void functions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		struct engine_world *w = begin();
		char item[400];

		exchange(w, exchanges[i].command, exchanges[i].request, exchanges[i].answer);
		if (world_count(w, exchanges[i].record) < 1 ||
		    strstr(w->log, "malformed") != NULL) {
			fail_msg("%zu: %s\nnot in\n%s", i, exchanges[i].record, w->log);
		}
		for (size_t k = 0; k < 4 && exchanges[i].items[k] != NULL; k++) {
			snprintf(item, sizeof(item), I "%s", exchanges[i].items[k]);
			if (world_count(w, item) < 1) {
				fail_msg("%zu: %s\nnot in\n%s", i, item, w->log);
			}
		}
		world_free(w);
	}
}

/* Items of what is reported at once come with the request and again with the answer. */
static void items_twice(void **state)
{
	struct engine_world *w = begin();

	(void)state;
	pccc(w, HMI, "0f 00 0700 aa 04 07 89 02 00 0600 0700");
	assert_log(
	    w,
	    "transaction write request - unknown weir.function=protected_typed_logical_write_3 " P
	    "command=15 " P "function_code=170 " P "transaction_id=7 " P "file_type=137 " P
	    "file_type_name=integer " P "file_number=7 " P "element=2 " P "subelement=0 " P
	    "bytes=4 weir.target=N7:2 weir.items=1\n"
	    "item write request - unknown weir.item.index=0 " I "address=N7:2 " I "type=integer " I
	    "count=2 " I "value=6,7\n");
	pccc(w, PLC, "4f f0 0700 0b");
	assert_log(w, "transaction write complete answered failure "
		      "weir.function=protected_typed_logical_write_3 " P "command=15 " P
		      "function_code=170 " P "transaction_id=7 " P "file_type=137 " P
		      "file_type_name=integer " P "file_number=7 " P "element=2 " P
		      "subelement=0 " P "bytes=4 weir.target=N7:2 weir.items=1 " P
		      "status_code=240 " P "status=extended_status " P "extended_status_code=11 " P
		      "extended_status=access_denied\n"
		      "item write complete - failure weir.item.index=0 " I "address=N7:2 " I
		      "type=integer " I "count=2 " I "value=6,7\n");
	world_free(w);
}

/* Reads longer than a list are several items. */
static void long_read(void **state)
{
	struct engine_world *w = begin();
	char answer[512] = "";

	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		snprintf(answer + 4 * i, 5, "%02x00", i);
	}
	exchange(w, "0f", "a2 c8 07 89 0a 00", answer);
	assert_int_equal(world_count(w, "weir.items=2"), 1);
	assert_int_equal(world_count(w, I "address=N7:10 " I "type=integer " I "count=64 "), 1);
	assert_int_equal(world_count(w, I "address=N7:74 " I "type=integer " I "count=36 "), 1);
	assert_null(strstr(w->log, "truncated"));
	world_free(w);
}

static void transfer(struct engine_world *w, const char *first, const char *block,
		     const char *answer, const char *last)
{
	exchange(w, "0f", first, "");
	exchange(w, "0f", block, answer);
	exchange(w, "0f", block, answer);
	exchange(w, "0f", last, "");
}

/* SHA-256 of 01020304 twice. */
#define DIGEST "cee2178b1d817565f39075a26f9238ee5d72c06d2e4b2d5a257979eea416873c"

static void programs(void **state)
{
	struct engine_world *w = begin();

	(void)state;
	transfer(w, "50", "18 00000000 01020304", "", "52");
	assert_int_equal(world_count(w, "program_download complete answered success"), 4);
	assert_int_equal(world_count(w, P "transfer.bytes=8 " P "transfer.blocks=2 " P
					  "transfer.sha256=" DIGEST),
			 1);
	world_clear(w);
	transfer(w, "53", "17 00000000 04", "01020304", "55");
	assert_int_equal(world_count(w, "program_upload complete answered success"), 4);
	assert_int_equal(world_count(w, P "transfer.bytes=8 " P "transfer.blocks=2 "), 1);
	world_clear(w);
	transfer(w, "81 01 02 22", "a7 04 3412 0000 22", "01020304", "82 3412");
	assert_int_equal(world_count(w, "program_upload complete answered success"), 4);
	assert_int_equal(world_count(w, P "transfer.bytes=8 "), 1);
	world_free(w);
}

static const struct {
	const char *message, *status;
} refusals[] = {
	{ "4f 10 0100", "status_code=16 " P "status=illegal_command_or_format" },
	{ "4f 07 0100", "status_code=7 " P "status=station_offline" },
	{ "4f e0 0100", "status_code=224 " P "status=unknown" },
	{ "4f 70 0100", "status_code=112 " P "status=processor_in_program_mode" },
	{ "4f f0 0100 06", P "extended_status_code=6 " P "extended_status=address_not_usable" },
	{ "4f f0 0100 ee", P "extended_status_code=238 " P "extended_status=unknown" },
};

static void errors(void **state)
{
	struct engine_world *w = begin();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		pccc(w, HMI, "0f 00 0100 a2 02 07 89 00 00");
		pccc(w, PLC, refusals[i].message);
		assert_int_equal(world_count(w, refusals[i].status), 1);
		assert_int_equal(world_count(w, "read complete answered failure "), 1);
		assert_null(strstr(w->log, "\nitem"));
		world_clear(w);
	}
	assert_int_equal(world_protocol(w, "pccc")->errors, ARRAY_SIZE(refusals));
	world_free(w);
}

static const struct {
	const char *request, *answer, *how;
} wrong[] = {
	{ "0f 00 0100 a2 02 07", NULL, "length" },
	{ "0f 00 0100 aa 04 07 89 00 00 0600", NULL, "byte_size" },
	{ "0f 00 0100 ab 02 03 85 00 00 20", NULL, "length" },
	{ "0f 00 0100 80", NULL, "length" },
	{ "0f 00 0100 01 0000 0100 00 24 4e37", NULL, "address" },
	{ "0f 00 0100 67 0000 0100 07 00 07 05 97 09", NULL, "type_parameter" },
	{ "0f 00 0100 a2 02 07 89 00 00", "4f 00 0100 060007", "byte_size" },
	{ "0f 00 0100 68 0000 0300 07 00 07 00 0300", "4f 00 0100 97 09", "type_parameter" },
	{ "0f 00 0100 a2 02 07 89 00 00", "4f f0 0100", "length" },
};

static void malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct engine_world *w = begin();
		char text[64];

		pccc(w, HMI, wrong[i].request);
		if (wrong[i].answer != NULL) {
			pccc(w, PLC, wrong[i].answer);
		}
		world_finish(w);
		snprintf(text, sizeof(text), "weir.malformed=%s", wrong[i].how);
		if (world_count(w, text) < 1) {
			fail_msg("%zu: %s\n%s", i, text, w->log);
		}
		assert_true(world_protocol(w, "pccc")->malformed == 1);
		world_free(w);
	}
}

/* Answers in another order, answers without requests, requests without answers. */
static void pairing(void **state)
{
	struct engine_world *w = begin();

	(void)state;
	pccc(w, HMI, "0f 00 0100 a2 02 07 89 01 00");
	pccc(w, HMI, "0f 00 0200 a2 02 07 89 02 00");
	pccc(w, PLC, "4f 00 0200 0200");
	pccc(w, PLC, "4f 00 0100 0100");
	assert_int_equal(
	    world_count(w, I "address=N7:2 " I "type=integer " I "count=1 " I "value=2"), 1);
	assert_int_equal(
	    world_count(w, I "address=N7:1 " I "type=integer " I "count=1 " I "value=1"), 1);
	world_clear(w);
	pccc(w, PLC, "4f 00 0900 0100");
	pccc(w, PLC, "41 00 0900 0100");
	assert_log(w,
		   "transaction unknown complete orphan success weir.function=unknown " P
		   "command=15 " P "transaction_id=9 " P "status_code=0 " P "status=success " P
		   "data=0100\n"
		   "transaction unknown complete orphan success weir.function=unprotected_read " P
		   "command=1 " P "transaction_id=9 " P "status_code=0 " P "status=success " P
		   "data=0100\n");
	pccc(w, HMI, "0f 00 0300 a2 02 07 89 03 00");
	world_time(w, 20 * NS_PER_S);
	assert_int_equal(world_count(w, "read complete unanswered unknown "), 1);
	world_free(w);
}

/* The carrier: connecting, refusals, other submodes, bytes that are no message, any port. */
static void carrier(void **state)
{
	struct engine_world *w = world_new(NULL);
	uint8_t bytes[64];
	size_t n;

	(void)state;
	w->port[PLC] = 2222;
	world_open(w);
	send_csp(w, HMI, 1, "");
	send_csp(w, PLC, 1, "");
	assert_int_equal(world_count(w, "transaction session complete answered success "
					"weir.function=connect weir.csp.submode=1 "
					"weir.csp.connection=287454020 weir.csp.status=0"),
			 1);
	world_clear(w);
	send_csp(w, HMI, 4, "0102");
	send_csp(w, PLC, 4, "");
	assert_int_equal(world_count(w, "transaction unknown complete answered success"), 1);
	world_clear(w);
	send_csp(w, HMI, 7, "000500");
	assert_log(w, "transaction unknown complete - unknown malformed weir.csp.submode=7 "
		      "weir.malformed=length\n");
	n = csp(PLC, 7, "", bytes, sizeof(bytes));
	bytes[11] = 5;
	world_tcp(w, PLC, bytes, n);
	assert_int_equal(world_count(w, "orphan failure "), 1);
	world_clear(w);
	/* Garbage, then a message behind it. */
	world_tcp(w, HMI, "garbage garbage garbage garbage garbage", 39);
	pccc(w, HMI, "0f 00 0300 80 01");
	assert_int_equal(world_count(w, "mode_change request"), 1);
	/* A hole, then a message. */
	w->sequence[HMI] += 100;
	pccc(w, HMI, "0f 00 0400 80 06");
	pccc(w, HMI, "0f 00 0500 80 07");
	world_time(w, 20 * NS_PER_S);
	assert_true(world_count(w, "mode=remote_test_continuous") >= 1);
	world_free(w);
}

static void other_ports(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	w->port[PLC] = 9999;
	pccc(w, HMI, "0f 00 0100 a2 02 07 89 01 00"); /* in mid-stream */
	pccc(w, PLC, "4f 00 0100 0100");
	assert_int_equal(world_count(w, I "address=N7:1 "), 1);
	world_free(w);
	w = world_new(NULL);
	w->port[PLC] = 2222;
	world_open(w);
	world_tcp(w, HMI, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27);
	world_finish(w);
	assert_int_equal(world_protocol(w, "csp")->messages, 0);
	world_free(w);
}

/* Every message cut at every length: nothing may be read behind its end. */
static void truncated(void **state)
{
	uint8_t bytes[600];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		char text[800];
		size_t n;

		snprintf(text, sizeof(text), "00050000 %s 00 0100 %s", exchanges[i].command,
			 exchanges[i].request);
		n = csp(HMI, 7, text, bytes, sizeof(bytes));
		for (size_t cut = 0; cut < n; cut++) {
			struct engine_world *w = begin();

			/* The length says so as well: a message that ends too early. */
			world_put_be16(bytes + 2, cut > 28 ? cut - 28 : 0);
			world_tcp(w, HMI, bytes, size_max(cut, 1));
			if (cut > 36) {
				snprintf(text, sizeof(text), "4%s 00 0100 %s",
					 exchanges[i].command + 1, exchanges[i].answer);
				pccc(w, PLC, text);
			}
			world_free(w);
		}
	}
}

static void truncated_answers(void **state)
{
	uint8_t bytes[600];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		char text[800];
		size_t n;

		snprintf(text, sizeof(text), "00050000 4%s 00 0100 %s", exchanges[i].command + 1,
			 exchanges[i].answer);
		n = csp(PLC, 7, text, bytes, sizeof(bytes));
		for (size_t cut = 1; cut < n; cut++) {
			struct engine_world *w = begin();

			snprintf(text, sizeof(text), "%s 00 0100 %s", exchanges[i].command,
				 exchanges[i].request);
			pccc(w, HMI, text);
			world_put_be16(bytes + 2, cut > 28 ? cut - 28 : 0);
			world_tcp(w, PLC, bytes, cut);
			world_free(w);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions),
		cmocka_unit_test(items_twice),
		cmocka_unit_test(long_read),
		cmocka_unit_test(programs),
		cmocka_unit_test(errors),
		cmocka_unit_test(malformed),
		cmocka_unit_test(pairing),
		cmocka_unit_test(carrier),
		cmocka_unit_test(other_ports),
		cmocka_unit_test(truncated),
		cmocka_unit_test(truncated_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
