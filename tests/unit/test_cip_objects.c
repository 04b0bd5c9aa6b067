/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Objects of CIP: each service and attribute that has a row, in unconnected messages on TCP 44818.
 */

#include "engine_world.h"

/* SendRRData with this CIP message in it, of n bytes. */
static size_t wrap(uint8_t *out, size_t n)
{
	static const uint8_t head[] = { 0x6f, 0, 0, 0, 1, 0, 0, 0 };

	memset(out, 0, 40);
	memcpy(out, head, sizeof(head));
	out[2] = (uint8_t)(n + 16);
	out[3] = (uint8_t)((n + 16) >> 8);
	out[12] = 0x77; /* sender context */
	out[30] = 2;    /* items: none, and the message */
	out[36] = 0xb2;
	out[38] = (uint8_t)n;
	out[39] = (uint8_t)(n >> 8);
	return n + 40;
}

static void cip(struct engine_world *w, unsigned from, const char *hex, size_t cut)
{
	uint8_t bytes[1400];
	size_t n = world_hex(hex, bytes + 40, sizeof(bytes) - 40);

	world_tcp(w, from, bytes, wrap(bytes, size_min(n, cut)));
}

static struct engine_world *begin(void)
{
	struct engine_world *w = world_new(NULL);

	w->port[PLC] = 44818;
	world_open(w);
	return w;
}

/* SHA-256 of 01 02 03 04 twice. */
#define DIGEST "cee2178b1d817565f39075a26f9238ee5d72c06d2e4b2d5a257979eea416873c"

#define C "weir.cip."
#define T "weir.item."

/* Paths: words, class, instance, attribute. */
#define P2(class)            "02 20" class "24 01 "
#define P3(class, attribute) "03 20" class "24 01 30" attribute " "
#define NAME(length, text)   "91" length text " "

static const struct {
	const char *request, *answer; /* the answer behind status */
	const char *record;           /* in the complete record */
	const char *item;             /* in an item record, or NULL */
} rows[] = {
	/* Identity. */
	{ "01" P2("01"), "0100 0e00 a600 210b 6030 c4b3a201 0b 313735362d4c3833452f42 03",
	  C "identity.vendor_id=1 " C "identity.vendor=Rockwell Automation/Allen-Bradley " C
	    "identity.device_type_id=14 " C "identity.device_type=Programmable logic controller " C
	    "identity.product_code=166 " C "identity.revision=33.011 " C
	    "identity.mode=remote_run " C "identity.key_position=remote " C
	    "identity.status=12384 " C "identity.activity=connection_in_run " C
	    "identity.serial_number=01A2B3C4 " C "identity.product_name=1756-L83E/B " C
	    "identity.state=operational",
	  NULL },
	{ "0e" P3("01", "05"), "7010", C "identity.mode=program " C "identity.key_position=program",
	  NULL },
	{ "0e" P3("01", "05"), "6010", C "identity.mode=run " C "identity.key_position=run", NULL },
	{ "0e" P3("01", "05"), "0509",
	  C "identity.status=2309 " C "identity.activity=self_testing " C
	    "identity.status_flags=owned,configured,minor_recoverable_fault,major_unrecoverable_"
	    "fault",
	  NULL },
	{ "0e" P3("01", "08"), "ff", C "identity.state=default", NULL },
	{ "0e" P3("01", "08"), "77", C "identity.state=unknown", NULL },
	{ "0e" P3("01", "09"), "3412", C "identity.configuration_consistency=4660", NULL },
	{ "0e" P3("01", "0f"), "01 656e67 da 0400 03 414243", C "identity.assigned_name=ABC",
	  NULL },
	{ "0e" P3("01", "10"), "01 656e67 d0 0400 0300 414243", C "identity.description=ABC",
	  NULL },
	{ "0e" P3("01", "11"), "01 656e67 da 0400 03 414243", C "identity.location=ABC", NULL },
	{ "0e" P3("01", "13"), "0100", C "identity.protection_mode=1", NULL },
	{ "05" P2("01"), "", "restart complete answered success weir.function=reset ", NULL },
	{ "05" P2("01") "00", "", C "reset_type=power_cycle", NULL },
	{ "05" P2("01") "01", "", "memory_reset complete answered success weir.function=reset ",
	  NULL },
	{ "05" P2("01") "02", "", C "reset_type=factory_default_except_communication", NULL },
	{ "05" P2("01") "09", "", C "reset_type=unknown", NULL },
	/* TCP/IP, Ethernet Link, Port. */
	{ "01" P2("f5"),
	  "02000000 34000000 00000000 0200 20f62401 490aa8c0 00ffffff 010aa8c0 00000000 00000000 "
	  "0500 706c616e7400 0200 4142",
	  C "interface.status=2 " C "interface.capability=52 " C "interface.method=static " C
	    "interface.link=0xf6/1 " C "interface.ip=192.168.10.73 " C
	    "interface.mask=255.255.255.0 " C "interface.gateway=192.168.10.1 " C
	    "interface.domain=plant " C "interface.host_name=AB",
	  NULL },
	{ "10" P3("f5", "05") "c80aa8c0 00ffffff fe0aa8c0 08080808 04040808 0000", "",
	  "address_change complete answered success weir.function=set_attribute_single ", NULL },
	{ "10" P3("f5", "05") "c80aa8c0 00ffffff fe0aa8c0 08080808 04040808 0000", "",
	  C "interface.ip=192.168.10.200 " C "interface.mask=255.255.255.0 " C
	    "interface.gateway=192.168.10.254 " C "interface.name_server=8.8.8.8 " C
	    "interface.name_server_2=8.8.4.4",
	  NULL },
	{ "10" P3("f5", "03") "02000000", "", C "interface.method=dhcp", NULL },
	{ "10" P3("f5", "06") "0100 4100", "", C "interface.host_name=A", NULL },
	{ "02" P2("f5") "00000000 c80aa8c0 00ffffff fe0aa8c0 00000000 00000000 0000 0100 4100", "",
	  "address_change complete answered success weir.function=set_attributes_all ", NULL },
	{ "0e" P3("f5", "07"), "010203040506", C "safety.network_number=010203040506", NULL },
	{ "0e" P3("f5", "09"), "01 00 0100 0102c0ef", C "interface.multicast=239.192.2.1", NULL },
	{ "05" P2("f5"), "", "restart complete", NULL },
	{ "0e" P3("f6", "01"), "64000000", C "link.speed=100", NULL },
	{ "0e" P3("f6", "03"), "001d9c100073", C "link.mac=00-1D-9C-10-00-73", NULL },
	{ "0e" P3("f6", "04"),
	  "01000000 02000000 03000000 04000000 05000000 06000000 07000000 08000000 09000000 "
	  "0a000000 0b000000",
	  C "link.counters=1,2,3,4,5,6,7,8,9,10,11", NULL },
	{ "0e" P3("f6", "05"),
	  "01000000 02000000 03000000 04000000 05000000 06000000 07000000 08000000 09000000 "
	  "0a000000 0b000000 0c000000",
	  C "link.media_counters=1,2,3,4,5,6,7,8,9,10,11,12", NULL },
	{ "10" P3("f6", "06") "0200 0a00", "", C "link.control=2 " C "link.forced_speed=10", NULL },
	{ "10" P3("f6", "09") "02", "", "config_write complete", NULL },
	{ "4c" P3("f6", "04"), "", "control complete answered success weir.function=get_and_clear ",
	  NULL },
	{ "01" P2("f4"), "0400 0200 0200 20f62401 01 41 10",
	  C "port.type=4 " C "port.number=2 " C "interface.link=0xf6/1 " C "port.name=A", NULL },
	/* Time. */
	{ "0e" P3("43", "01"), "01", C "time_sync.enabled=true", NULL },
	{ "0e" P3("43", "02"), "00", C "time_sync.synchronized=false", NULL },
	{ "0e" P3("43", "05"), "83ffffffffffffff", C "time_sync.offset=-125", NULL },
	{ "10" P3("43", "04") "0000000000000000", "", "time_set complete", NULL },
	{ "10" P3("43", "03") "ffffffffffffffff", "", "time_set complete", NULL },
	{ "04" P2("8b") "0100 0600 c0325cfff3590400", "0100 0600 0000",
	  "time_set complete answered success weir.function=set_attribute_list ", NULL },
	{ "04" P2("8b") "0100 0600 c0325cfff3590400", "0100 0600 0000", C "clock=2008-", NULL },
	{ "03" P2("8b") "0300 0800 0900 0a00",
	  "0300 0800 0000 03000000 555443 0900 0000 3c00 0a00 0000 01",
	  C "clock_zone=UTC " C "daylight_saving_minutes=60 " C "daylight_saving=true", NULL },
	/* Assembly, Parameter, program name. */
	{ "10" P3("04", "03") "0102", "", "write complete answered success", NULL },
	{ "0e" P3("0f", "07"), "03 414243", T "text=ABC", NULL },
	{ "10" P3("0f", "01") "0102", "", "config_write complete", NULL },
	{ "05" P2("0f"), "", "config_write complete", NULL },
	{ "01" P2("64"), "0300 414243", C "program_name=ABC", NULL },
	{ "01" P2("64"), "0300 414243 0200 4445", C "program_name=ABC " C "program_description=DE",
	  NULL },
	/* Tags. */
	{ "4c 03" NAME("04", "4c697374") "0200", "c300 0100 feff", T "address=List " T "count=2 ",
	  NULL },
	{ "4c 03" NAME("04", "4c697374") "0200", "c300 0100 feff", T "type=INT " T "value=1,-2",
	  NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "c100 01", T "type=BOOL " T "value=1", NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "ca00 0000c03f", T "type=REAL " T "value=1.5",
	  NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "cb00 000000000000f83f",
	  T "type=LREAL " T "value=1.5", NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "da00 03 414243",
	  T "type=SHORT_STRING " T "text=ABC", NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "d000 0300 414243", T "type=STRING " T "text=ABC",
	  NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "a002 ce0f 03000000 4142430000",
	  T "type=structure " C "tag.structure_handle=4046 " T "text=ABC", NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "a002 3412 010203",
	  C "tag.structure_handle=4660 " T "data=010203", NULL },
	{ "4c 03" NAME("04", "4c697374") "0100", "7701 010203",
	  T "type=unknown " C "tag.type_code=375 " T "data=010203", NULL },
	{ "4d 03" NAME("04", "4c697374") "c400 0100 07000000", "",
	  "write complete answered success weir.function=write_tag ", NULL },
	{ "4d 03" NAME("04", "4c697374") "c400 0100 07000000", "",
	  T "type=DINT " T "count=1 " T "value=7", NULL },
	{ "4e 03" NAME("04", "4c697374") "0100 04 ff", "",
	  C "tag.or_mask=04 " C "tag.and_mask=ff " T "type=bit " T "value=1", NULL },
	{ "4e 03" NAME("04", "4c697374") "0100 00 fd", "", T "type=bit " T "value=0", NULL },
	{ "4e 03" NAME("04", "4c697374") "0200 0300 ffff", "", C "tag.or_mask=0300", NULL },
	{ "52 03" NAME("04", "4c697374") "0a00 04000000", "c300 0300", C "tag.offset=4", NULL },
	{ "53 03" NAME("04", "4c697374") "c300 0a00 04000000 0300", "",
	  "weir.function=write_tag_fragmented ", NULL },
	{ "55" P2("6b") "0200 0100 0200", "05000000 0100 41 c400 07000000 0200 4243 ce8f",
	  "weir.items=2",
	  "address=BC " C "tag.instance=7 " T "type=structure " C "tag.template=4046" },
	{ "55" P2("6b") "0300 0100 0200 0800", "05000000 0100 41 c420 0a000000 00000000 00000000",
	  "weir.items=1", "address=A " C "tag.instance=5 " T "type=DINT " C "tag.dimensions=10" },
	{ "55" P2("6b") "0200 0100 6300", "05000000 0100 41 c420",
	  "weir.function=get_instance_attribute_list ", NULL },
	{ "4b 03 206b 2500 0000", "0100", "program_upload complete", NULL },
	{ "03" P2("6b") "0300 0100 0200 0800",
	  "0300 0100 0000 0100 41 0200 0000 c400 0800 0000 010000000200000003000000",
	  T "text=A " T "type=DINT " C "tag.dimensions=1,2,3", NULL },
	{ "4c" P2("6c") "00000000 1000", "0102", C "tag.offset=0 " T "count=16", NULL },
	{ "03" P2("6c") "0200 0100 0500", "0200 0100 0000 ce0f 0500 0000 58000000",
	  C "tag.structure_handle=4046 " C "template.structure_bytes=88", NULL },
	/* Projects. */
	{ "08" P2("68") "01000a000000", "",
	  "program_download complete answered success weir.function=create ", NULL },
	{ "09" P2("68"), "", "program_delete complete answered success weir.function=delete ",
	  NULL },
	{ "4d" P2("68"), "", "force complete", NULL },
	{ "4e" P2("69"), "", "force complete", NULL },
	{ "4f" P2("6a") "00000000 0400", "01020304",
	  "read complete answered success weir.function=read_data ", NULL },
	{ "50" P2("6a") "00000000 00 0200 0102", "",
	  C "tag.offset=0 " C "part_bytes=2 " T "data=0102", NULL },
	{ "51" P2("6a") "0102", "", "weir.function=modify_data ", NULL },
	{ "4c" P2("6d") "00000000 0000", "01020304",
	  "program_upload complete answered success weir.function=read_routine ", NULL },
	{ "04" P2("70") "0100 0300 01000000", "", "program_download complete", NULL },
	{ "05" P2("72"), "", "program_delete complete answered success weir.function=reset ",
	  NULL },
	{ "08" P2("72"), "", "weir.function=allocate ", NULL },
	{ "4c" P2("6d") "00000000 0000", "00000000 0102030401020304",
	  "part_bytes=8 " C "part_sha256=" DIGEST, NULL },
	{ "4b" P2("72") "84d92300 0102030401020304", "", "part_bytes=8 " C "part_sha256=" DIGEST,
	  NULL },
	{ "4c" P2("72"), "01", "read complete answered success weir.function=read_memory ", NULL },
	{ "4b 04 208e 2401 2074 2401 01", "",
	  "authenticate complete answered success weir.function=claim ", NULL },
	{ "4b 04 208e 2401 2074 2401 01", "", C "exclusive=true", NULL },
	{ "4c 04 208e 2401 2074 2401", "",
	  "session complete answered success weir.function=release ", NULL },
	{ "07" P2("8e"), "", "stop complete answered success weir.function=stop ", NULL },
	{ "06" P2("8e"), "", "start complete answered success weir.function=start ", NULL },
	{ "07" P2("64"), "", "stop complete answered success weir.function=stop ", NULL },
	{ "5c" P2("8e"), "", "weir.function=go_online ", NULL },
	{ "08" P2("ac"), "", "program_download complete", NULL },
	{ "4f" P2("ac"), "", "online_edit complete", NULL },
	{ "4b 03 2100 2b03 2400", "", "weir.function=find_instances ", NULL },
	{ "4b" P2("8d"), "", "weir.function=find_instances ", NULL },
	/* Files. */
	{ "4b" P2("37") "fa", "84030000 fa", C "file.transfer_size=250 ", NULL },
	{ "4b" P2("37") "fa", "84030000 fa", C "file.size=900", NULL },
	{ "4c" P2("37") "84030000 0100 02 0e 01 656e67 da 0400 03 414243", "00000000 0000 c8",
	  C "file.size=900 " C "file.format_version=1 " C "file.major_revision=2 " C
	    "file.minor_revision=14 " C "file.name=ABC",
	  NULL },
	{ "50" P2("37") "00 00 01020304", "00",
	  "firmware_update complete answered success weir.function=download_transfer ", NULL },
	{ "50 02 2037 24c8 00 00 01020304", "00",
	  "file_write complete answered success weir.function=download_transfer ", NULL },
	{ "4f" P2("37") "00", "00 04 01020304 0000",
	  "file_read complete answered success weir.function=upload_transfer ", NULL },
	{ "4d" P2("37"), "", "file_read complete", NULL },
	{ "51" P2("37"), "", "file_delete complete", NULL },
	{ "0e" P3("37", "01"), "02", C "file.state=loaded", NULL },
	{ "0e" P3("37", "05"), "0102", C "file.major_revision=1 " C "file.minor_revision=2", NULL },
	{ "0e" P3("37", "06"), "84030000", C "file.size=900", NULL },
	{ "4b" P2("a1") "16ff1b00 00000000", "00",
	  "firmware_update complete answered success weir.function=update ", NULL },
	{ "4d" P2("a1") "00000000 0102", "00", C "file.offset=0 " C "file.bytes=2", NULL },
	{ "51" P2("a1") "16ff1b00 00000000 01000100 c3ae5100", "", C "file.size=1834774", NULL },
	/* Safety and security: passwords and keys only by their length. */
	{ "51" P2("39") "70617373776f7264", "", C "secret.present=true " C "secret.bytes=8", NULL },
	{ "52" P2("39") "01 70617373", "",
	  C "safety.lock=true " C "secret.present=true " C "secret.bytes=4", NULL },
	{ "53" P2("39") "02 70617373", "", "mode_change complete", NULL },
	{ "54" P2("39") "01 70617373", "", "memory_reset complete", NULL },
	{ "56" P2("39") "010203040506 49000000", "",
	  C "safety.network_number=010203040506 " C "safety.node=73", NULL },
	{ "0e" P3("39", "0b"), "04", C "safety.device_status=4", NULL },
	{ "4b" P2("3a"), "", "weir.function=reset_errors ", NULL },
	{ "01" P2("5d"), "02 0600 0200",
	  C "security.state=configured " C "security.profiles=6 " C
	    "security.profiles_configured=2",
	  NULL },
	{ "4b" P2("5d"), "", "weir.function=begin_configuration ", NULL },
	{ "10" P3("5e", "05") "0102030405", "", C "secret.present=true " C "secret.bytes=5", NULL },
	{ "4d" P2("5e"), "", "weir.function=apply_configuration ", NULL },
	{ "4b" P2("5f"), "", "weir.function=create_csr ", NULL },
	{ "09" P2("5f"), "", "config_write complete", NULL },
};

static void exchange(struct engine_world *w, size_t i, size_t cut_request, size_t cut_answer)
{
	unsigned service;
	char answer[1400];

	cip(w, HMI, rows[i].request, cut_request);
	assert_int_equal(sscanf(rows[i].request, "%2x", &service), 1);
	snprintf(answer, sizeof(answer), "%02x 00 00 00 %s", service | 0x80, rows[i].answer);
	cip(w, PLC, answer, cut_answer);
}

static void services(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct engine_world *w = begin();
		char item[300];

		exchange(w, i, SIZE_MAX, SIZE_MAX);
		if (world_count(w, rows[i].record) < 1 || strstr(w->log, "malformed") != NULL) {
			fail_msg("%zu: %s\nnot in\n%s", i, rows[i].record, w->log);
		}
		if (rows[i].item != NULL) {
			snprintf(item, sizeof(item), T "%s", rows[i].item);
			if (world_count(w, item) != 1) {
				fail_msg("%zu: %s\nnot in\n%s", i, item, w->log);
			}
		}
		assert_null(strstr(w->log, "70617373"));
		world_free(w);
	}
}

/* Every request and answer cut at every length: nothing may be read behind its end. */
static void truncated(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t bytes[1400];
		size_t asked = world_hex(rows[i].request, bytes, sizeof(bytes));
		size_t answered = 4 + world_hex(rows[i].answer, bytes, sizeof(bytes));
		struct engine_world *w = begin();

		for (size_t cut = 2; cut < asked; cut++) {
			exchange(w, i, cut, SIZE_MAX);
		}
		for (size_t cut = 2; cut < answered; cut++) {
			exchange(w, i, SIZE_MAX, cut);
		}
		world_free(w);
	}
}

/* A service means nothing without its class. */
static const struct {
	const char *request, *function, *operation;
} classes[] = {
	{ "4c 03" NAME("04", "4c697374") "0100", "read_tag", "read" },
	{ "4c" P2("37") "84030000 0100 02 0e", "initiate_download", "firmware_update" },
	{ "4c" P2("72"), "read_memory", "read" },
	{ "4c 04 208e 2401 2074 2401", "release", "session" },
	{ "4c" P2("6d") "00000000 0000", "read_routine", "program_upload" },
	{ "4c" P2("c0"), "unknown", "unknown" },
	{ "4d" P2("a1") "00000000", "transfer", "firmware_update" },
	{ "4d 03" NAME("04", "4c697374") "c400 0100 07000000", "write_tag", "write" },
	{ "4d" P2("69"), "force", "force" },
	{ "4b" P2("a1") "16ff1b00 00000000", "update", "firmware_update" },
	{ "4b" P2("6a"), "find_instances", "program_upload" },
};

static void service_needs_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		struct engine_world *w = begin();
		char text[100];

		cip(w, HMI, classes[i].request, SIZE_MAX);
		world_time(w, 20 * NS_PER_S);
		snprintf(text, sizeof(text), "transaction %s complete unanswered",
			 classes[i].operation);
		assert_int_equal(world_count(w, text), 1);
		snprintf(text, sizeof(text), "weir.function=%s ", classes[i].function);
		assert_true(world_count(w, text) >= 1);
		world_free(w);
	}
}

/* Firmware in blocks: one is refused and sent again, and the whole is hashed once. */
static void firmware(void **state)
{
	struct engine_world *w = begin();

	(void)state;
	cip(w, HMI, "4b" P2("a1") "08000000 00000000", SIZE_MAX);
	cip(w, PLC, "cb000000 00", SIZE_MAX);
	cip(w, HMI, "4d" P2("a1") "00000000 01020304", SIZE_MAX);
	cip(w, PLC, "cd000000", SIZE_MAX);
	cip(w, HMI, "4d" P2("a1") "00000000 01020304", SIZE_MAX);
	cip(w, PLC, "cd000100", SIZE_MAX);
	cip(w, HMI, "4d" P2("a1") "04000000 01020304", SIZE_MAX);
	cip(w, PLC, "cd000000", SIZE_MAX);
	assert_int_equal(
	    world_count(w, C "file.bytes_passed=8 " C "file.parts=2 " C "file.sha256=" DIGEST), 2);
	world_clear(w);
	cip(w, HMI, "4c" P2("37") "08000000 0100 01 01", SIZE_MAX);
	cip(w, PLC, "cc000000 00000000 0000 04", SIZE_MAX);
	cip(w, HMI, "50" P2("37") "00 00 01020304", SIZE_MAX);
	cip(w, PLC, "d0000000 00", SIZE_MAX);
	cip(w, HMI, "50" P2("37") "01 02 01020304 0000", SIZE_MAX);
	cip(w, PLC, "d0000000 01", SIZE_MAX);
	assert_int_equal(
	    world_count(w, C "file.bytes_passed=8 " C "file.parts=2 " C "file.sha256=" DIGEST), 2);
	world_free(w);
}

/* Many values are items of their own, by the elements' places. */
static void long_tags(void **state)
{
	struct engine_world *w = begin();
	char text[1200];
	size_t n;

	(void)state;
	cip(w, HMI, "52 03" NAME("04", "4c697374") "6400 c8000000", SIZE_MAX);
	n = (size_t)snprintf(text, sizeof(text), "d2 00 00 00 c300 ");
	for (unsigned i = 0; i < 70; i++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%02x00", i);
	}
	cip(w, PLC, text, SIZE_MAX);
	assert_int_equal(world_count(w, T "address=List[100] " T "type=INT " T "count=64 "), 1);
	assert_int_equal(world_count(w, T "address=List[164] " T "type=INT " T "count=6 " T
					  "value=64,65,66,67,68,69"),
			 1);
	world_clear(w);
	n = (size_t)snprintf(text, sizeof(text), "4d 04" NAME("04", "4c697374") "2805 c300 1400 ");
	for (unsigned i = 0; i < 20; i++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%02x00", i);
	}
	cip(w, HMI, text, SIZE_MAX);
	assert_int_equal(world_count(w, "write request"), 2);
	assert_int_equal(world_count(w, T "address=List[5] " T "type=INT " T "count=20 "), 1);
	world_free(w);
}

/* PCCC in CIP: by its requestor, and a carrier that refuses. */
static void pccc(void **state)
{
	struct engine_world *w = begin();

	(void)state;
	cip(w, HMI, "4b" P2("67") "07 4d00 e0312b3d 0f 00 0100 a2 02 07 89 00 00", SIZE_MAX);
	cip(w, PLC, "cb000000 07 4d00 e0312b3d 4f 00 0100 0500", SIZE_MAX);
	assert_int_equal(
	    world_count(
		w, "read complete answered success weir.function=protected_typed_logical_read_3"),
	    1);
	assert_int_equal(
	    world_count(
		w, "weir.pccc.requestor.vendor_id=77 weir.pccc.requestor.serial_number=1026240992"),
	    1);
	assert_int_equal(world_count(w, T "address=N7:0 "), 1);
	world_clear(w);
	cip(w, HMI, "4b" P2("67") "07 4d00 e0312b3d 0f 00 0200 80 01", SIZE_MAX);
	cip(w, PLC, "cb000500", SIZE_MAX);
	assert_int_equal(world_count(w, "mode_change complete answered failure"), 1);
	assert_int_equal(world_count(w, "weir.pccc.carrier_status=5"), 1);
	world_free(w);
}

/* PCCC without CIP, in an item of its own. */
static void pccc_in_encapsulation(void **state)
{
	struct engine_world *w = begin();
	uint8_t bytes[100];
	size_t n;

	(void)state;
	n = world_hex("0f 00 0100 a2 02 07 89 00 00", bytes + 40, sizeof(bytes) - 40);
	n = wrap(bytes, n);
	bytes[36] = 0x91;
	world_tcp(w, HMI, bytes, n);
	n = world_hex("4f 00 0100 0500", bytes + 40, sizeof(bytes) - 40);
	n = wrap(bytes, n);
	bytes[36] = 0x91;
	world_tcp(w, PLC, bytes, n);
	assert_int_equal(world_count(w, "read complete answered success weir.function=protected_"),
			 1);
	assert_int_equal(
	    world_count(w, T "address=N7:0 " T "type=integer " T "count=1 " T "value=5"), 1);
	world_free(w);
}

/* All of a template at once: its members by name; a part of it is only data. */
static void templates(void **state)
{
	struct engine_world *w = begin();

	(void)state;
	cip(w, HMI, "4c 03 206c 2500 ce0f 00000000 4100", SIZE_MAX);
	cip(w, PLC, "cc000000 0000c400 00000000 5200c220 04000000 53545239 3b6e00 4c454e00 4400",
	    SIZE_MAX);
	assert_int_equal(
	    world_count(w, C "template.name=STR9 " C "template.members=2 weir.items=2"), 1);
	assert_int_equal(
	    world_count(w, T "address=STR9.LEN " T "type=DINT " T "count=1 " C "tag.offset=0"), 1);
	assert_int_equal(
	    world_count(w, T "address=STR9.D " T "type=SINT " T "count=82 " C "tag.offset=4"), 1);
	world_clear(w);
	cip(w, HMI, "4c 03 206c 2500 ce0f 08000000 4100", SIZE_MAX);
	cip(w, PLC, "cc000000 5200c220 04000000 53545239 3b6e00 4c454e00 4400", SIZE_MAX);
	assert_int_equal(world_count(w, C "template.name"), 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(services),
		cmocka_unit_test(truncated),
		cmocka_unit_test(service_needs_class),
		cmocka_unit_test(firmware),
		cmocka_unit_test(long_tags),
		cmocka_unit_test(pccc),
		cmocka_unit_test(pccc_in_encapsulation),
		cmocka_unit_test(templates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
