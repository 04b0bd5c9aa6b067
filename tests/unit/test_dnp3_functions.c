/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Functions of DNP3: each once, whole and cut. */

#include "dnp3_world.h"

/* A request and its answer, or one of them; and all that is said of them. */
static const struct {
	const char *request, *response, *log;
} exchanges[] = {
	{ "c1 00", NULL, "session orphan unknown function_code=0 function=confirm sequence=1\n" },
	{ "c0 01 3c0206", "c0 81 0000",
	  "read success function_code=1 function=read sequence=0 objects=g60v2 "
	  "qualifiers=6\n" },
	{ "c0 01 1e0001 0000 0900", "c0 81 9000",
	  "diagnose - unknown function=indications_changed iin=device_restart\n"
	  "read success function_code=1 function=read sequence=0 target=analog "
	  "inputs 0-9 objects=g30v0 qualifiers=1 iin=need_time,device_restart\n" },
	{ "c0 02 50010007 07 00", "c0 81 0000",
	  "write request - unknown function_code=2 function=write sequence=0 "
	  "target=internal indication 7 objects=g80v1 qualifiers=0 items=1\n"
	  "item write request - unknown index=0 address=g80v1[7] type=bit "
	  "value=0\n"
	  "write success function_code=2 function=write sequence=0 "
	  "target=internal indication 7 objects=g80v1 qualifiers=0 items=1\n"
	  "item write - success index=0 address=g80v1[7] type=bit value=0\n" },
	{ "c0 02 50010004 04 01", "c0 81 0000",
	  "config_write request - unknown function_code=2 function=write "
	  "sequence=0 target=internal indication 4 objects=g80v1 qualifiers=0 "
	  "items=1\n"
	  "item config_write request - unknown index=0 address=g80v1[4] type=bit "
	  "value=1\n"
	  "config_write success function_code=2 function=write sequence=0 "
	  "target=internal indication 4 objects=g80v1 qualifiers=0 items=1\n"
	  "item config_write - success index=0 address=g80v1[4] type=bit "
	  "value=1\n" },
	{ "c0 02 32010701 1b33cab09b01", "c0 81 0000",
	  "time_set request - unknown function_code=2 function=write sequence=0 "
	  "target=clock objects=g50v1 qualifiers=7 time=2026-01-12T06:00:00.027Z "
	  "items=1\n"
	  "item time_set request - unknown index=0 address=g50v1 type=time "
	  "time=2026-01-12T06:00:00.027Z\n"
	  "time_set success function_code=2 function=write sequence=0 "
	  "target=clock objects=g50v1 qualifiers=7 time=2026-01-12T06:00:00.027Z "
	  "items=1\n"
	  "item time_set - success index=0 address=g50v1 type=time "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "c0 02 22010000 00 0a00", "c0 81 0004",
	  "config_write request - unknown function_code=2 function=write "
	  "sequence=0 target=analog input deadband 0 objects=g34v1 qualifiers=0 "
	  "items=1\n"
	  "item config_write request - unknown index=0 address=g34v1[0] "
	  "type=uint16 value=10\n"
	  "config_write failure function_code=2 function=write sequence=0 "
	  "target=analog input deadband 0 objects=g34v1 qualifiers=0 items=1 "
	  "iin=parameter_error\n"
	  "item config_write - failure index=0 address=g34v1[0] type=uint16 "
	  "value=10\n" },
	{ "c0 02 6e0500 07 07 4142434445", "c0 81 0000",
	  "write request - unknown function_code=2 function=write sequence=0 "
	  "target=octet string 7 objects=g110 qualifiers=0 items=1\n"
	  "item write request - unknown index=0 address=g110v5[7] type=octets "
	  "text=ABCDE count=5 data=4142434445\n"
	  "write success function_code=2 function=write sequence=0 target=octet "
	  "string 7 objects=g110 qualifiers=0 items=1\n"
	  "item write - success index=0 address=g110v5[7] type=octets text=ABCDE "
	  "count=5 data=4142434445\n" },
	{ "c0 02 0c0100 00 00 00", "c0 81 0000",
	  "control request - unknown malformed function_code=2 function=write "
	  "sequence=0 target=binary output 0 objects=g12v1 qualifiers=0 "
	  "trailing_bytes=6 malformed=object_data\n"
	  "control success malformed function_code=2 function=write sequence=0 "
	  "target=binary output 0 objects=g12v1 qualifiers=0 trailing_bytes=6 "
	  "malformed=object_data\n" },
	{ "c0 03 0c01280100 0500 41 01 64000000 64000000 00",
	  "c0 81 0000 0c01280100 0500 41 01 64000000 64000000 00",
	  "control request - unknown function_code=3 function=select sequence=0 "
	  "target=binary output 5 objects=g12v1 qualifiers=40 "
	  "crob.operation=pulse_on crob.trip_close=close crob.count=1 "
	  "crob.on_time=100 crob.off_time=100 items=1\n"
	  "item control request - unknown index=0 address=g12v1[5] type=crob "
	  "crob.operation=pulse_on crob.trip_close=close crob.count=1 "
	  "crob.on_time=100 crob.off_time=100\n"
	  "control success function_code=3 function=select sequence=0 "
	  "target=binary output 5 objects=g12v1 qualifiers=40 "
	  "crob.operation=pulse_on crob.trip_close=close crob.count=1 "
	  "crob.on_time=100 crob.off_time=100 items=1 response_objects=g12v1\n"
	  "item control - success index=0 address=g12v1[5] type=crob "
	  "crob.operation=pulse_on crob.trip_close=close crob.count=1 "
	  "crob.on_time=100 crob.off_time=100 status=success\n" },
	{ "c0 04 0c01280100 0500 b1 02 64000000 00000000 00",
	  "c0 81 0000 0c01280100 0500 b1 02 64000000 00000000 02",
	  "control request - unknown function_code=4 function=operate sequence=0 "
	  "target=binary output 5 objects=g12v1 qualifiers=40 "
	  "crob.operation=pulse_on crob.trip_close=trip crob.queue=true "
	  "crob.clear=true crob.count=2 crob.on_time=100 crob.off_time=0 "
	  "select=missing items=1\n"
	  "item control request - unknown index=0 address=g12v1[5] type=crob "
	  "crob.operation=pulse_on crob.trip_close=trip crob.queue=true "
	  "crob.clear=true crob.count=2 crob.on_time=100 crob.off_time=0\n"
	  "control failure function_code=4 function=operate sequence=0 "
	  "target=binary output 5 objects=g12v1 qualifiers=40 "
	  "crob.operation=pulse_on crob.trip_close=trip crob.queue=true "
	  "crob.clear=true crob.count=2 crob.on_time=100 crob.off_time=0 "
	  "select=missing items=1 response_objects=g12v1 items_failed=1\n"
	  "item control - failure index=0 address=g12v1[5] type=crob "
	  "crob.operation=pulse_on crob.trip_close=trip crob.queue=true "
	  "crob.clear=true crob.count=2 crob.on_time=100 crob.off_time=0 "
	  "status=no_select\n" },
	{ "c0 05 29011701 02 18fcffff 00", "c0 81 0000 29011701 02 18fcffff 00",
	  "control request - unknown function_code=5 function=direct_operate "
	  "sequence=0 target=analog output 2 objects=g41v1 qualifiers=23 "
	  "items=1\n"
	  "item control request - unknown index=0 address=g41v1[2] type=int32 "
	  "value=-1000\n"
	  "control success function_code=5 function=direct_operate sequence=0 "
	  "target=analog output 2 objects=g41v1 qualifiers=23 items=1 "
	  "response_objects=g41v1\n"
	  "item control - success index=0 address=g41v1[2] type=int32 "
	  "value=-1000 status=success\n" },
	{ "c0 05 29041701 02 0000000000000440 00", "c0 81 0001",
	  "control request - unknown function_code=5 function=direct_operate "
	  "sequence=0 target=analog output 2 objects=g41v4 qualifiers=23 "
	  "items=1\n"
	  "item control request - unknown index=0 address=g41v4[2] type=float64 "
	  "value=2.5\n"
	  "control failure function_code=5 function=direct_operate sequence=0 "
	  "target=analog output 2 objects=g41v4 qualifiers=23 items=1 "
	  "iin=function_not_supported\n"
	  "item control - failure index=0 address=g41v4[2] type=float64 "
	  "value=2.5\n" },
	{ "c0 06 0c011702 01 03 01 64000000 64000000 00 02 04 01 00000000 00000000 00", NULL,
	  "control - unknown function_code=6 function=direct_operate_no_ack "
	  "sequence=0 target=binary output 1 and 1 more objects=g12v1 "
	  "qualifiers=23 crob.operation=latch_on crob.trip_close=nul "
	  "crob.count=1 crob.on_time=100 crob.off_time=100 items=2\n"
	  "item control - unknown index=0 address=g12v1[1] type=crob "
	  "crob.operation=latch_on crob.trip_close=nul crob.count=1 "
	  "crob.on_time=100 crob.off_time=100\n"
	  "item control - unknown index=1 address=g12v1[2] type=crob "
	  "crob.operation=latch_off crob.trip_close=nul crob.count=1 "
	  "crob.on_time=0 crob.off_time=0\n" },
	{ "c0 07 140006", "c0 81 0000",
	  "write request - unknown function_code=7 function=immediate_freeze "
	  "sequence=0 target=all counters objects=g20v0 qualifiers=6\n"
	  "item write request - unknown index=0 address=g20v0\n"
	  "write success function_code=7 function=immediate_freeze sequence=0 "
	  "target=all counters objects=g20v0 qualifiers=6\n"
	  "item write - success index=0 address=g20v0\n" },
	{ "c0 08 140006", NULL,
	  "write - unknown function_code=8 function=immediate_freeze_no_ack "
	  "sequence=0 target=all counters objects=g20v0 qualifiers=6\n"
	  "item write - unknown index=0 address=g20v0\n" },
	{ "c0 09 140000 00 07", "c0 81 0000",
	  "write request - unknown function_code=9 function=freeze_and_clear "
	  "sequence=0 target=counters 0-7 objects=g20v0 qualifiers=0\n"
	  "item write request - unknown index=0 address=g20v0[0] count=8\n"
	  "write success function_code=9 function=freeze_and_clear sequence=0 "
	  "target=counters 0-7 objects=g20v0 qualifiers=0\n"
	  "item write - success index=0 address=g20v0[0] count=8\n" },
	{ "c0 0a 140006", NULL,
	  "write - unknown function_code=10 function=freeze_and_clear_no_ack "
	  "sequence=0 target=all counters objects=g20v0 qualifiers=6\n"
	  "item write - unknown index=0 address=g20v0\n" },
	{ "c0 0b 32020701 1b33cab09b01 a0bb0d00 140006", "c0 81 0000",
	  "write request - unknown function_code=11 function=freeze_at_time "
	  "sequence=0 target=all counters objects=g50v2,g20v0 qualifiers=7,6 "
	  "time=2026-01-12T06:00:00.027Z items=1\n"
	  "item write request - unknown index=0 address=g50v2 type=time "
	  "time=2026-01-12T06:00:00.027Z interval=900000\n"
	  "item write request - unknown index=1 address=g20v0\n"
	  "write success function_code=11 function=freeze_at_time sequence=0 "
	  "target=all counters objects=g50v2,g20v0 qualifiers=7,6 "
	  "time=2026-01-12T06:00:00.027Z items=1\n"
	  "item write - success index=0 address=g50v2 type=time "
	  "time=2026-01-12T06:00:00.027Z interval=900000\n"
	  "item write - success index=1 address=g20v0\n" },
	{ "c0 0c 32020701 1b33cab09b01 a0bb0d00 140006", NULL,
	  "write - unknown function_code=12 function=freeze_at_time_no_ack "
	  "sequence=0 target=all counters objects=g50v2,g20v0 qualifiers=7,6 "
	  "time=2026-01-12T06:00:00.027Z items=1\n"
	  "item write - unknown index=0 address=g50v2 type=time "
	  "time=2026-01-12T06:00:00.027Z interval=900000\n"
	  "item write - unknown index=1 address=g20v0\n" },
	{ "c0 0d", "c0 81 0000 34010701 1e00",
	  "restart request - unknown function_code=13 function=cold_restart "
	  "sequence=0 target=outstation 10\n"
	  "restart success function_code=13 function=cold_restart sequence=0 "
	  "target=outstation 10 response_objects=g52v1 delay=30000\n" },
	{ "c0 0e", "c0 81 8000 34020701 f401",
	  "restart request - unknown function_code=14 function=warm_restart "
	  "sequence=0 target=outstation 10\n"
	  "diagnose - unknown function=indications_changed iin=device_restart\n"
	  "restart success function_code=14 function=warm_restart sequence=0 "
	  "target=outstation 10 iin=device_restart response_objects=g52v2 "
	  "delay=500\n" },
	{ "c0 0f", "c0 81 0001",
	  "memory_reset request - unknown function_code=15 "
	  "function=initialize_data sequence=0 target=outstation 10\n"
	  "memory_reset failure function_code=15 function=initialize_data "
	  "sequence=0 target=outstation 10 iin=function_not_supported\n" },
	{ "c0 10 5a015b01 0300 415050", "c0 81 0000",
	  "restart request - unknown function_code=16 "
	  "function=initialize_application sequence=0 target=application "
	  "objects=g90v1 qualifiers=91 items=1\n"
	  "item restart request - unknown index=0 address=g90v1 type=octets "
	  "text=APP count=3 data=415050\n"
	  "restart success function_code=16 function=initialize_application "
	  "sequence=0 target=application objects=g90v1 qualifiers=91 items=1\n"
	  "item restart - success index=0 address=g90v1 type=octets text=APP "
	  "count=3 data=415050\n" },
	{ "c0 11 5a015b01 0300 415050", "c0 81 0000",
	  "start request - unknown function_code=17 function=start_application "
	  "sequence=0 target=application objects=g90v1 qualifiers=91 items=1\n"
	  "item start request - unknown index=0 address=g90v1 type=octets "
	  "text=APP count=3 data=415050\n"
	  "start success function_code=17 function=start_application sequence=0 "
	  "target=application objects=g90v1 qualifiers=91 items=1\n"
	  "item start - success index=0 address=g90v1 type=octets text=APP "
	  "count=3 data=415050\n" },
	{ "c0 12 5a015b01 0300 415050", "c0 81 0000",
	  "stop request - unknown function_code=18 function=stop_application "
	  "sequence=0 target=application objects=g90v1 qualifiers=91 items=1\n"
	  "item stop request - unknown index=0 address=g90v1 type=octets "
	  "text=APP count=3 data=415050\n"
	  "stop success function_code=18 function=stop_application sequence=0 "
	  "target=application objects=g90v1 qualifiers=91 items=1\n"
	  "item stop - success index=0 address=g90v1 type=octets text=APP "
	  "count=3 data=415050\n" },
	{ "c0 13", "c0 81 0000 34020701 2003",
	  "config_write request - unknown function_code=19 "
	  "function=save_configuration sequence=0 target=configuration\n"
	  "config_write success function_code=19 function=save_configuration "
	  "sequence=0 target=configuration response_objects=g52v2 delay=800\n" },
	{ "c0 14 3c0206 3c0306", "c0 81 0000",
	  "config_write request - unknown function_code=20 "
	  "function=enable_unsolicited sequence=0 target=unsolicited responses "
	  "objects=g60v2,g60v3 qualifiers=6,6\n"
	  "item config_write request - unknown index=0 address=g60v2\n"
	  "item config_write request - unknown index=1 address=g60v3\n"
	  "config_write success function_code=20 function=enable_unsolicited "
	  "sequence=0 target=unsolicited responses objects=g60v2,g60v3 "
	  "qualifiers=6,6\n"
	  "item config_write - success index=0 address=g60v2\n"
	  "item config_write - success index=1 address=g60v3\n" },
	{ "c0 15 3c0206 3c0306 3c0406", "c0 81 0000",
	  "config_write request - unknown function_code=21 "
	  "function=disable_unsolicited sequence=0 target=unsolicited responses "
	  "objects=g60v2,g60v3,g60v4 qualifiers=6,6,6\n"
	  "item config_write request - unknown index=0 address=g60v2\n"
	  "item config_write request - unknown index=1 address=g60v3\n"
	  "item config_write request - unknown index=2 address=g60v4\n"
	  "config_write success function_code=21 function=disable_unsolicited "
	  "sequence=0 target=unsolicited responses objects=g60v2,g60v3,g60v4 "
	  "qualifiers=6,6,6\n"
	  "item config_write - success index=0 address=g60v2\n"
	  "item config_write - success index=1 address=g60v3\n"
	  "item config_write - success index=2 address=g60v4\n" },
	{ "c0 16 3c0206 010000 00 03 3c0106 1e001701 04", "c0 81 0000",
	  "config_write request - unknown function_code=22 function=assign_class "
	  "sequence=0 target=classes of points objects=g60v2,g1v0,g60v1,g30v0 "
	  "qualifiers=6,0,6,23\n"
	  "item config_write request - unknown index=0 address=g1v0[0] count=4 "
	  "class=class_1\n"
	  "item config_write request - unknown index=1 address=g30v0[4] count=1 "
	  "class=class_0\n"
	  "config_write success function_code=22 function=assign_class "
	  "sequence=0 target=classes of points objects=g60v2,g1v0,g60v1,g30v0 "
	  "qualifiers=6,0,6,23\n"
	  "item config_write - success index=0 address=g1v0[0] count=4 "
	  "class=class_1\n"
	  "item config_write - success index=1 address=g30v0[4] count=1 "
	  "class=class_0\n" },
	{ "c0 17", "c0 81 0000 34020701 0300",
	  "diagnose success function_code=23 function=delay_measurement "
	  "sequence=0 response_objects=g52v2 delay=3\n" },
	{ "c0 18", "c0 81 0000",
	  "diagnose success function_code=24 function=record_current_time "
	  "sequence=0\n" },
	{ "c0 1f 46085b01 0400 2f636667", "c0 81 0000 5b015b01 0100 00",
	  "config_write request - unknown function_code=31 "
	  "function=activate_configuration sequence=0 objects=g70v8 "
	  "qualifiers=91 file.name=/cfg target=/cfg\n"
	  "config_write success function_code=31 function=activate_configuration "
	  "sequence=0 objects=g70v8 qualifiers=91 file.name=/cfg target=/cfg "
	  "response_objects=g91v1\n"
	  "item config_write - success index=0 address=g91v1 type=octets count=1 "
	  "data=00\n" },
	{ "c0 5a", "c0 81 0001",
	  "unknown request - unknown function_code=90 function=unknown "
	  "sequence=0 target=outstation 10\n"
	  "unknown failure function_code=90 function=unknown sequence=0 "
	  "target=outstation 10 iin=function_not_supported\n" },
	{ "c0 70 3c0206", "c0 81 0001",
	  "unknown request - unknown function_code=112 function=unknown "
	  "sequence=0 target=outstation 10 trailing_bytes=3\n"
	  "item unknown request - unknown index=0 address=g60v2\n"
	  "unknown failure function_code=112 function=unknown sequence=0 "
	  "target=outstation 10 trailing_bytes=3 iin=function_not_supported\n" },
	{ NULL, "c5 81 0010",
	  "unknown orphan failure function_code=129 function=response sequence=5 "
	  "iin=already_executing\n" },
	{ NULL, "c0 85 0000",
	  "unknown orphan success function_code=133 function=unknown sequence=0 "
	  "response_code=133\n" },
	{ NULL, "c5 81 0000 1e020100000000 01 0500",
	  "read orphan success function_code=129 function=response sequence=5 "
	  "response_objects=g30v2 items=1\n"
	  "item read - success index=0 address=g30v2[0] type=int16 value=5 "
	  "quality=online\n" },
	{ NULL, "c5 81 0000 0c01170101 03 01 64000000 64000000 00",
	  "unknown orphan success function_code=129 function=response sequence=5 "
	  "response_objects=g12v1 items=1\n"
	  "item unknown - success index=0 address=g12v1[1] type=crob "
	  "crob.operation=latch_on crob.trip_close=nul crob.count=1 "
	  "crob.on_time=100 crob.off_time=100 status=success\n" },
	{ "c0 01 000000 00 00", "c0 81 0002",
	  "identify failure function_code=1 function=read sequence=0 "
	  "target=device attribute unknown objects=g0 qualifiers=0 "
	  "iin=object_unknown\n" },
	{ "c0 01", "c0 81 0000", "read success function_code=1 function=read sequence=0\n" },
	{ "c0 01 1e0a06", "c0 81 0000",
	  "read success function_code=1 function=read sequence=0 objects=g30 "
	  "qualifiers=6\n" },
	{ "c0 01 1e010a 00", "c0 81 0004",
	  "read failure malformed function_code=1 function=read sequence=0 "
	  "objects=g30v1 qualifiers=10 trailing_bytes=1 malformed=object_header "
	  "iin=parameter_error\n" },
	{ "c0 01 1e010009 02", "c0 81 0004",
	  "read failure malformed function_code=1 function=read sequence=0 "
	  "target=analog inputs 9-2 objects=g30v1 qualifiers=0 "
	  "malformed=object_header iin=parameter_error\n" },
	{ "c0 01 1e0170", "c0 81 0000",
	  "read success malformed function_code=1 function=read sequence=0 "
	  "target=analog input 0 objects=g30v1 qualifiers=112 trailing_bytes=3 "
	  "malformed=object_header\n" },
	{ "c0 01 1e0186", "c0 81 0000",
	  "read success malformed function_code=1 function=read sequence=0 "
	  "objects=g30v1 qualifiers=134 malformed=object_header\n" },
	{ "c0 01 1e", "c0 81 0000",
	  "read success malformed function_code=1 function=read sequence=0 "
	  "trailing_bytes=1 malformed=object_header\n" },
	{ "c0 01 1e0306", "c0 81 0000 1e030000 01 01000000 020000",
	  "read success malformed function_code=1 function=read sequence=0 "
	  "objects=g30v3 qualifiers=6 response_objects=g30v3 trailing_bytes=12 "
	  "malformed=object_data\n" },
	{ "c0 01 1e0306", "c0 81 0000 c8010000 01 0102",
	  "read success function_code=1 function=read sequence=0 objects=g30v3 "
	  "qualifiers=6 response_objects=unknown unknown_object=g200v1 "
	  "trailing_bytes=2\n" },
	{ "c0 01 1e0306", "c0 81",
	  "read unknown malformed function_code=1 function=read sequence=0 "
	  "objects=g30v3 qualifiers=6 malformed=length\n" },
	{ "c0 01 1e0306", "c0 81 00",
	  "read unknown malformed function_code=1 function=read sequence=0 "
	  "objects=g30v3 qualifiers=6 malformed=length\n" },
	{ "c0", "c0",
	  "unknown - - unknown malformed function=fragment malformed=length\n"
	  "unknown - - unknown malformed unit_id=1 master=10 function=fragment "
	  "malformed=length\n" },
};

static void every_function(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		struct engine_world *w = dnp3_new();
		unsigned n = (exchanges[i].request != NULL ? 1U : 0U) +
			     (exchanges[i].response != NULL ? 1U : 0U);

		dnp3_open(w);
		if (exchanges[i].request != NULL) {
			dnp3_send(w, HMI, exchanges[i].request);
		}
		if (exchanges[i].response != NULL) {
			dnp3_send(w, PLC, exchanges[i].response);
		}
		assert_short(w, exchanges[i].log);
		/* One octet is no message. */
		assert_int_equal(
		    world_protocol(w, "dnp3")->messages,
		    1 + (strstr(exchanges[i].log, "function=fragment") != NULL ? 0 : n));
		world_free(w);
	}
}

static const char *fragment_of(size_t i, unsigned *from)
{
	*from = i % 2 == 0 ? HMI : PLC;
	return i % 2 == 0 ? exchanges[i / 2].request : exchanges[i / 2].response;
}

/* Every frame cut at every length, as the last segment and as a datagram: nothing is read. */
static void cut(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(exchanges); i++) {
		unsigned from;
		const char *hex = fragment_of(i, &from);
		uint8_t frame[300];
		size_t n = hex != NULL ? dnp3_fragment(frame, from, hex) : 0;

		for (size_t length = 1; length < n; length++) {
			w->port[HMI]++;
			world_tcp(w, from, frame, length);
			world_udp(w, from, frame, length);
			world_clear(w);
		}
	}
	assert_int_equal(world_protocol(w, "dnp3")->messages, 0);
	world_finish(w);
	world_free(w);
}

/* Every frame in two segments, cut at every place: the same records. */
static void in_two(void **state)
{
	struct engine_world *w = dnp3_new();
	char *whole = malloc(LOG_BYTES);

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_SIZE(exchanges); i++) {
		unsigned from;
		const char *hex = fragment_of(i, &from);
		uint8_t frame[300];
		size_t n = hex != NULL ? dnp3_fragment(frame, from, hex) : 0;

		for (size_t first = 0; first < n; first++) {
			w->port[HMI]++;
			dnp3_open(w);
			if (first > 0) {
				world_tcp(w, from, frame, first);
				assert_int_equal(w->length, 0);
			}
			world_tcp(w, from, frame + first, n - first);
			if (first == 0) {
				memcpy(whole, w->log, w->length + 1);
			}
			assert_log(w, whole);
		}
	}
	free(whole);
	world_finish(w);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_function),
		cmocka_unit_test(cut),
		cmocka_unit_test(in_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
