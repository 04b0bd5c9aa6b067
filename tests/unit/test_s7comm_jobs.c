/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Jobs of S7comm and their answers: each function, area, type and way to address once. */

#include "s7comm_world.h"

static const struct s7_exchange exchanges[] = {
	{ 1, "f0000001 000201e0", "", 0, "f0000001 000100f0", "",
	  "session complete answered success function=setup_communication "
	  "function_code=240 jobs_calling=1 jobs_called=2 pdu_size=480 "
	  "agreed_jobs_calling=1 agreed_jobs_called=1 agreed_pdu_size=240\n" },
	{ 1, "f0", "", 33028, "f0", "",
	  "session complete answered failure malformed function=setup_communication "
	  "function_code=240 malformed=length error_class=129 error_code=33028 "
	  "error=service_not_implemented\n" },
	{ 1, "0401120a 10040001 00050300 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=SIW10 type=word "
	  "count=1 area=system_info_200 byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00050500 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=SMW10 type=word "
	  "count=1 area=system_flags_200 byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00050600 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=AIW10 type=word "
	  "count=1 area=analog_inputs_200 byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00050700 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=AQW10 type=word "
	  "count=1 area=analog_outputs_200 byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00058000 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=PIW10 type=word "
	  "count=1 area=peripheral byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00058100 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=IW10 type=word "
	  "count=1 area=inputs byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00058200 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=QW10 type=word "
	  "count=1 area=outputs byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00058300 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=MW10 type=word "
	  "count=1 area=flags byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00058400 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB5.DBW10 type=word "
	  "count=1 area=db db_number=5 byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00058500 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DI5.DIW10 type=word "
	  "count=1 area=instance_db db_number=5 byte_offset=10 value=4660 "
	  "status=success\n" },
	{ 1, "0401120a 10040001 00058600 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=LW10 type=word "
	  "count=1 area=local_data byte_offset=10 value=4660 status=success\n" },
	{ 1, "0401120a 10040001 00058700 0050", "", 0, "0401", "ff040010 1234",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=VW10 type=word "
	  "count=1 area=local_data_of_caller byte_offset=10 value=4660 "
	  "status=success\n" },
	{ 1, "0401120a 101c0001 00001c00 0007", "", 0, "0401", "ff090002 0123",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=C7 type=counter "
	  "count=1 area=counters byte_offset=7 value=291 status=success\n" },
	{ 1, "0401120a 101c0001 00001d00 0007", "", 0, "0401", "ff090002 0123",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=T7 type=counter "
	  "count=1 area=timers byte_offset=7 value=291 status=success\n" },
	{ 1, "0401120a 101c0001 00001e00 0007", "", 0, "0401", "ff090002 0123",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=C7 type=counter "
	  "count=1 area=iec_counters_200 byte_offset=7 value=291 status=success\n" },
	{ 1, "0401120a 101c0001 00001f00 0007", "", 0, "0401", "ff090002 0123",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=T7 type=counter "
	  "count=1 area=iec_timers_200 byte_offset=7 value=291 status=success\n" },
	{ 1, "0401120a 10020001 00009900 0008", "", 0, "0401", "05000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=area "
	  "0x99 B1 type=byte count=1 area=unknown byte_offset=1 return_code=5 "
	  "status=invalid_address\n" },
	{ 1, "0401120a 10010001 00018400 0013", "", 0, "0401", "ff030001 01",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBX2.3 type=bit "
	  "count=1 area=db db_number=1 byte_offset=2 value=1 status=success\n" },
	{ 1, "0401120a 10020001 00018400 0010", "", 0, "0401", "ff040008 fe",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBB2 type=byte "
	  "count=1 area=db db_number=1 byte_offset=2 value=254 status=success\n" },
	{ 1, "0401120a 10030001 00018400 0010", "", 0, "0401", "ff090001 41",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBB2 type=char "
	  "count=1 area=db db_number=1 byte_offset=2 text=A status=success\n" },
	{ 1, "0401120a 10040001 00018400 0010", "", 0, "0401", "ff040010 fffe",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBW2 type=word "
	  "count=1 area=db db_number=1 byte_offset=2 value=65534 status=success\n" },
	{ 1, "0401120a 10050001 00018400 0010", "", 0, "0401", "ff050010 fffe",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBW2 type=int "
	  "count=1 area=db db_number=1 byte_offset=2 value=-2 status=success\n" },
	{ 1, "0401120a 10060001 00018400 0010", "", 0, "0401", "ff040020 fffffffe",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBD2 type=dword "
	  "count=1 area=db db_number=1 byte_offset=2 value=4294967294 "
	  "status=success\n" },
	{ 1, "0401120a 10070001 00018400 0010", "", 0, "0401", "ff060004 fffffffe",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBD2 type=dint "
	  "count=1 area=db db_number=1 byte_offset=2 value=-2 status=success\n" },
	{ 1, "0401120a 10080001 00018400 0010", "", 0, "0401", "ff070004 3fc00000",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBD2 type=real "
	  "count=1 area=db db_number=1 byte_offset=2 value=1.5 status=success\n" },
	{ 1, "0401120a 10090001 00018400 0010", "", 0, "0401", "ff040010 0010",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBW2 type=date "
	  "count=1 area=db db_number=1 byte_offset=2 value=16 status=success\n" },
	{ 1, "0401120a 100a0001 00018400 0010", "", 0, "0401", "ff040020 00001000",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBD2 "
	  "type=time_of_day count=1 area=db db_number=1 byte_offset=2 value=4096 "
	  "status=success\n" },
	{ 1, "0401120a 100b0001 00018400 0010", "", 0, "0401", "ff060004 ffffff00",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBD2 type=time "
	  "count=1 area=db db_number=1 byte_offset=2 value=-256 status=success\n" },
	{ 1, "0401120a 100c0001 00018400 0010", "", 0, "0401", "ff040010 3005",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBW2 type=s5time "
	  "count=1 area=db db_number=1 byte_offset=2 value=50000 status=success\n" },
	{ 1, "0401120a 100f0001 00018400 0010", "", 0, "0401", "ff090008 26011206 00000002",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBB2 "
	  "type=date_and_time count=1 area=db db_number=1 byte_offset=2 "
	  "time=2026-01-12T06:00:00.000Z status=success\n" },
	{ 1, "0401120a 100f0001 00018400 0010", "", 0, "0401", "ff090008 00000000 00000000",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBB2 "
	  "type=date_and_time count=1 area=db db_number=1 byte_offset=2 "
	  "data=0000000000000000 status=success\n" },
	{ 1, "0401120a 101c0001 00018400 0010", "", 0, "0401", "ff090002 0102",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBW2 "
	  "type=counter count=1 area=db db_number=1 byte_offset=2 value=258 "
	  "status=success\n" },
	{ 1, "0401120a 101d0001 00018400 0010", "", 0, "0401", "ff090002 1999",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBW2 type=timer "
	  "count=1 area=db db_number=1 byte_offset=2 value=99900 status=success\n" },
	{ 1, "0401120a 101e0001 00018400 0010", "", 0, "0401", "ff090002 0102",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBW2 "
	  "type=iec_counter count=1 area=db db_number=1 byte_offset=2 data=0102 "
	  "status=success\n" },
	{ 1, "0401120a 10200001 00018400 0010", "", 0, "0401", "ff040020 01020304",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBD2 "
	  "type=hs_counter count=1 area=db db_number=1 byte_offset=2 value=16909060 "
	  "status=success\n" },
	{ 1, "0401120a 104d0001 00018400 0010", "", 0, "0401", "ff040010 0102",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1.DBB2 type=bytes "
	  "count=1 area=db db_number=1 byte_offset=2 data=0102 status=success\n" },
	{ 1,
	  "0403120a 10040003 00008300 0000120a 10010001 00008300 0040120a 10020001 "
	  "00008300 0048",
	  "", 0, "0403", "ff040030 01020304 0506ff03 00010100 ff040008 0f",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=3\nitem read complete - success index=0 address=MW0 type=word "
	  "count=3 area=flags byte_offset=0 value=258,772,1286 status=success\nitem "
	  "read complete - success index=1 address=M8.0 type=bit count=1 area=flags "
	  "byte_offset=8 value=1 status=success\nitem read complete - success index=2 "
	  "address=MB9 type=byte count=1 area=flags byte_offset=9 value=15 "
	  "status=success\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "ff040018 010203",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=MW0 type=word "
	  "count=1 area=flags byte_offset=0 value=258 data=03 status=success\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "00040010 0102",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 value=258 return_code=0 "
	  "status=reserved\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "01000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 return_code=1 "
	  "status=hardware_fault\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "03000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 return_code=3 "
	  "status=access_denied\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "05000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 return_code=5 "
	  "status=invalid_address\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "06000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 return_code=6 "
	  "status=type_not_supported\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "07000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 return_code=7 "
	  "status=type_inconsistent\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "0a000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 return_code=10 "
	  "status=object_does_not_exist\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "42000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 address=MW0 "
	  "type=word count=1 area=flags byte_offset=0 return_code=66 status=unknown\n" },
	{ 1, "0401120c b0020200 44000301 00480005", "", 0, "0401", "ff090005 ff0102ff 03",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB68.DBB3 type=byte "
	  "count=2 area=db db_number=68 byte_offset=3 data=0102 status=success\nitem "
	  "read complete - success index=1 address=DB72.DBB5 type=byte count=1 "
	  "area=db db_number=72 byte_offset=5 value=3 status=success\n" },
	{ 1, "04011207 b0010200 440003", "", 0, "0401", "0a000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 items_failed=1\nitem read complete - failure index=0 "
	  "address=syntax 0xb0 syntax=db_ranges return_code=10 "
	  "status=object_does_not_exist\n" },
	{ 1, "0401120e b2ff8a0e 00011122 33444000 0009", "", 0, "0401", "ff040008 01",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=DB1 symbol "
	  "0x11223344.9 type=bytes syntax=symbolic data=01 status=success\n" },
	{ 1, "0401120e b2ff0000 00521122 33444000 0009", "", 0, "0401", "ff040008 01",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=M symbol "
	  "0x11223344.9 type=bytes syntax=symbolic data=01 status=success\n" },
	{ 1, "0401120a b2ff1234 00521122 3344", "", 0, "0401", "ff040008 01",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=0x12340052 symbol "
	  "0x11223344 type=bytes syntax=symbolic data=01 status=success\n" },
	{ 1, "04011208 82410005 00017f01", "", 0, "0401", "ff090002 0102",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=NCK C1 module 127 "
	  "column 5 line 1 type=octets syntax=nck data=0102 status=success\n" },
	{ 1, "04011208 83410005 00017f01", "", 0, "0401", "ff090002 0102",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=NCK C1 module 127 "
	  "column 5 line 1 type=octets syntax=nck_metric data=0102 status=success\n" },
	{ 1, "04011208 84410005 00017f01", "", 0, "0401", "ff090002 0102",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=NCK C1 module 127 "
	  "column 5 line 1 type=octets syntax=nck_inch data=0102 status=success\n" },
	{ 1, "0401120a a2000000 000003e8 0002", "", 0, "0401", "ff070004 40000000",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=p1000[2] type=real "
	  "syntax=drive value=2 status=success\n" },
	{ 1, "04011202 7701", "", 0, "0401", "ff040008 01",
	  "read complete answered success function=read_variable function_code=4 "
	  "items=1\nitem read complete - success index=0 address=syntax 0x77 "
	  "type=bytes syntax=unknown data=01 status=success\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "ff040010 01",
	  "read complete answered success malformed function=read_variable "
	  "function_code=4 items=1 malformed=item_length\nitem read complete - "
	  "unknown index=0 address=MW0 type=word count=1 area=flags byte_offset=0\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 0, "0401", "ff040010 010200",
	  "read complete answered success malformed function=read_variable "
	  "function_code=4 items=1 malformed=trailing_bytes\nitem read complete - "
	  "success index=0 address=MW0 type=word count=1 area=flags byte_offset=0 "
	  "value=258 status=success\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 34048, "04", "",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 error_class=133 error_code=34048 error=wrong_frame\n" },
	{ 1, "0402120a 10040001 00008300 0000", "", 0, "0402", "03000000 03000000",
	  "read complete answered failure malformed function=read_variable "
	  "function_code=4 items=2 malformed=item_address items_failed=2\nitem read "
	  "complete - failure index=0 address=MW0 type=word count=1 area=flags "
	  "byte_offset=0 return_code=3 status=access_denied\nitem read complete - "
	  "failure index=1 return_code=3 status=access_denied\n" },
	{ 1, "0401110a 10040001 00008300 0000", "", 0, "0401", "03000000",
	  "read complete answered failure malformed function=read_variable "
	  "function_code=4 items=1 malformed=item_address items_failed=1\nitem read "
	  "complete - failure index=0 return_code=3 status=access_denied\n" },
	{ 1, "0401120a 10040001 00008300 000000", "", 0, "0401", "03000000",
	  "read complete answered failure malformed function=read_variable "
	  "function_code=4 items=1 malformed=trailing_bytes items_failed=1\nitem read "
	  "complete - failure index=0 address=MW0 type=word count=1 area=flags "
	  "byte_offset=0 return_code=3 status=access_denied\n" },
	{ 1, "0501120a 10040001 00018400 0000", "00040010 0102", 0, "0501", "ff",
	  "write request - unknown function=write_variable function_code=5 items=1 "
	  "target=DB1.DBW0 address=DB1.DBW0 type=word count=1 area=db db_number=1 byte_offset=0 "
	  "value=258\nitem write request - unknown index=0 address=DB1.DBW0 "
	  "type=word count=1 area=db db_number=1 byte_offset=0 value=258\nwrite "
	  "complete answered success function=write_variable function_code=5 items=1 "
	  "target=DB1.DBW0 address=DB1.DBW0 type=word count=1 area=db db_number=1 byte_offset=0 "
	  "value=258\nitem write complete - success index=0 address=DB1.DBW0 "
	  "type=word count=1 area=db db_number=1 byte_offset=0 value=258 "
	  "status=success\n" },
	{ 1, "0502120a 10040001 00008000 0000120a 10010001 00008200 000a",
	  "00040010 01020003 000101", 0, "0502", "03ff",
	  "write request - unknown function=write_variable function_code=5 items=2 "
	  "target=PQW0 and 1 more\nitem write request - unknown index=0 address=PQW0 "
	  "type=word count=1 area=peripheral byte_offset=0 value=258\nitem write "
	  "request - unknown index=1 address=Q1.2 type=bit count=1 area=outputs "
	  "byte_offset=1 value=1\nwrite complete answered failure "
	  "function=write_variable function_code=5 items=2 target=PQW0 and 1 more "
	  "items_failed=1\nitem write complete - failure index=0 address=PQW0 "
	  "type=word count=1 area=peripheral byte_offset=0 value=258 return_code=3 "
	  "status=access_denied\nitem write complete - success index=1 address=Q1.2 "
	  "type=bit count=1 area=outputs byte_offset=1 value=1 status=success\n" },
	{ 1, "0501120a 10040001 00008300 0000", "00040010 01", 0, "0501", "ff",
	  "write request - unknown malformed function=write_variable function_code=5 "
	  "items=1 target=MW0 malformed=item_length\nwrite complete answered success "
	  "malformed function=write_variable function_code=5 items=1 target=MW0 "
	  "malformed=item_length\nitem write complete - success index=0 "
	  "status=success\n" },
	{ 1, "0501120a 10040001 00008300 0000", "00040010 0102", 0, "0501", "",
	  "write request - unknown function=write_variable function_code=5 items=1 "
	  "target=MW0 address=MW0 type=word count=1 area=flags byte_offset=0 value=258\nitem write "
	  "request - unknown index=0 address=MW0 type=word "
	  "count=1 area=flags byte_offset=0 value=258\nwrite complete answered "
	  "failure malformed function=write_variable function_code=5 items=1 "
	  "target=MW0 address=MW0 type=word count=1 area=flags byte_offset=0 value=258 "
	  "items_failed=1 malformed=item_length\n" },
	{ 1, "1a000100 00000000 095f3038 30303030 31500d31 30303030 39383030 30303230", "", 0, "1a",
	  "",
	  "program_download request - unknown function=request_download "
	  "function_code=26 target=OB 1 block.type=ob block.number=1 "
	  "block.file_system=passive block.load_length=98 "
	  "block.code_length=20\nprogram_download complete answered success "
	  "function=request_download function_code=26 target=OB 1 block.type=ob "
	  "block.number=1 block.file_system=passive block.load_length=98 "
	  "block.code_length=20\n" },
	{ 1, "1a000100 00000000 095f3038 30303030 3150", "", 53825, "1a", "",
	  "program_download request - unknown function=request_download "
	  "function_code=26 target=OB 1 block.type=ob block.number=1 "
	  "block.file_system=passive\nprogram_download complete answered failure "
	  "function=request_download function_code=26 target=OB 1 block.type=ob "
	  "block.number=1 block.file_system=passive error_class=210 error_code=53825 "
	  "error=protection_level\n" },
	{ 1, "1a000100 00000000 05612e6d 7066", "", 0, "1a", "",
	  "file_write request - unknown function=request_download function_code=26 "
	  "target=a.mpf file_name=a.mpf\nfile_write complete answered success "
	  "function=request_download function_code=26 target=a.mpf file_name=a.mpf\n" },
	{ 1, "1a000100 00000000 095f3031 30303030 3150", "", 0, "1a", "",
	  "file_write request - unknown function=request_download function_code=26 "
	  "target=_0100001P file_name=_0100001P\nfile_write complete answered success "
	  "function=request_download function_code=26 target=_0100001P "
	  "file_name=_0100001P\n" },
	{ 1, "1a000100", "", 0, "1a", "",
	  "program_download request - unknown malformed function=request_download "
	  "function_code=26 malformed=length\nprogram_download complete answered "
	  "success malformed function=request_download function_code=26 "
	  "malformed=length\n" },
	{ 1, "1d000000 00000000 09243041 30303031 3041", "", 0,
	  "1d000100 00000007 07303030 30303938", "",
	  "program_upload request - unknown function=start_upload function_code=29 "
	  "target=DB 10 block.type=db block.number=10 "
	  "block.file_system=active\nprogram_upload complete answered success "
	  "function=start_upload function_code=29 target=DB 10 block.type=db "
	  "block.number=10 block.file_system=active upload_id=7 "
	  "block.load_length=98\n" },
	{ 1, "1d000000 00000000 095f3041 30303031 3041", "", 0,
	  "1d000100 00000007 07303078 30303938", "",
	  "program_upload request - unknown function=start_upload function_code=29 "
	  "target=DB 10 block.type=db block.number=10 "
	  "block.file_system=active\nprogram_upload complete answered success "
	  "malformed function=start_upload function_code=29 target=DB 10 "
	  "block.type=db block.number=10 block.file_system=active upload_id=7 "
	  "malformed=block_length\n" },
	{ 1, "1d000000 00000000 095f3041 30303031 3041", "", 0, "1d0001", "",
	  "program_upload request - unknown function=start_upload function_code=29 "
	  "target=DB 10 block.type=db block.number=10 "
	  "block.file_system=active\nprogram_upload complete answered success "
	  "malformed function=start_upload function_code=29 target=DB 10 "
	  "block.type=db block.number=10 block.file_system=active malformed=length\n" },
	{ 1, "1e000000 00000007", "", 0, "1e00",
	  "006200fb 70700101 01080001 00000062 00000000 02255100 3a980000 03e836b0 "
	  "00060000 00140014 00010203 04050607 08090a0b 0c0d0e0f 10111213 01000c00 "
	  "08004d45 00000000 00004641 4d000000 00004e41 4d450000 00001200 00be0000 "
	  "00000000 0000",
	  "program_upload request - unknown function=upload function_code=30 "
	  "upload_id=7\nprogram_upload complete answered success function=upload "
	  "function_code=30 upload_id=7\n" },
	{ 1, "1e000000 00000007", "", 0, "1e02",
	  "00c800fb 70700101 01080001 00000062 00000000 02255100 3a980000 03e836b0 "
	  "00060000 00140014 00010203 04050607 08090a0b 0c0d0e0f 10111213 01000c00 "
	  "08004d45 00000000 00004641 4d000000 00004e41 4d450000 00001200 00be0000 "
	  "00000000 0000",
	  "program_upload request - unknown function=upload function_code=30 "
	  "upload_id=7\nprogram_upload complete answered failure malformed "
	  "function=upload function_code=30 upload_id=7 malformed=block_length\n" },
	{ 1, "1f000000 00000007", "", 0, "1f", "",
	  "program_upload request - unknown function=end_upload function_code=31 "
	  "upload_id=7\nprogram_upload complete answered success function=end_upload "
	  "function_code=31 upload_id=7 block.complete=false\n" },
	{ 1, "1f00d209 00000007", "", 0, "1f", "",
	  "program_upload request - unknown function=end_upload function_code=31 "
	  "error_code=53769 error=block_not_found upload_id=7\nprogram_upload "
	  "complete answered failure function=end_upload function_code=31 "
	  "error_code=53769 error=block_not_found upload_id=7 block.complete=false\n" },
	{ 1,
	  "28000000 000000fd 00120200 30383030 30303150 30433030 30373742 055f494e "
	  "5345",
	  "", 0, "28", "",
	  "program_download request - unknown function=pi_service function_code=40 "
	  "pi.service=_INSE pi.name=activate_block target=OB 1, FC 77 block.type=ob "
	  "block.number=1 block.file_system=passive block.types=ob,fc "
	  "block.numbers=1,77\nprogram_download complete answered success "
	  "function=pi_service function_code=40 pi.service=_INSE "
	  "pi.name=activate_block target=OB 1, FC 77 block.type=ob block.number=1 "
	  "block.file_system=passive block.types=ob,fc block.numbers=1,77\n" },
	{ 1,
	  "28000000 000000fd 00120200 30383030 30303150 30433030 30373742 055f494e "
	  "5332",
	  "", 0, "28", "",
	  "program_download request - unknown function=pi_service function_code=40 "
	  "pi.service=_INS2 pi.name=activate_block target=OB 1, FC 77 block.type=ob "
	  "block.number=1 block.file_system=passive block.types=ob,fc "
	  "block.numbers=1,77\nprogram_download complete answered success "
	  "function=pi_service function_code=40 pi.service=_INS2 "
	  "pi.name=activate_block target=OB 1, FC 77 block.type=ob block.number=1 "
	  "block.file_system=passive block.types=ob,fc block.numbers=1,77\n" },
	{ 1,
	  "28000000 000000fd 00120200 30383030 30303150 30433030 30373742 055f4445 "
	  "4c45",
	  "", 0, "28", "",
	  "program_delete request - unknown function=pi_service function_code=40 "
	  "pi.service=_DELE pi.name=delete_block target=OB 1, FC 77 block.type=ob "
	  "block.number=1 block.file_system=passive block.types=ob,fc "
	  "block.numbers=1,77\nprogram_delete complete answered success "
	  "function=pi_service function_code=40 pi.service=_DELE pi.name=delete_block "
	  "target=OB 1, FC 77 block.type=ob block.number=1 block.file_system=passive "
	  "block.types=ob,fc block.numbers=1,77\n" },
	{ 1, "28000000 000000fd 000a0100 30583030 30303150 055f494e 5345", "", 0, "28", "",
	  "program_download request - unknown function=pi_service function_code=40 "
	  "pi.service=_INSE pi.name=activate_block target=OB 1 block.type=ob "
	  "block.number=1 block.file_system=passive\nprogram_download complete "
	  "answered success function=pi_service function_code=40 pi.service=_INSE "
	  "pi.name=activate_block target=OB 1 block.type=ob block.number=1 "
	  "block.file_system=passive\n" },
	{ 1, "28000000 000000fd 00000950 5f50524f 4752414d", "", 0, "28", "",
	  "start request - unknown function=pi_service function_code=40 "
	  "pi.service=P_PROGRAM pi.name=start_program target=program "
	  "start_type=warm\nstart complete answered success function=pi_service "
	  "function_code=40 pi.service=P_PROGRAM pi.name=start_program target=program "
	  "start_type=warm\n" },
	{ 1, "28000000 000000fd 00024320 09505f50 524f4752 414d", "", 0, "28", "",
	  "start request - unknown function=pi_service function_code=40 "
	  "pi.service=P_PROGRAM pi.name=start_program target=program pi.argument=C  "
	  "start_type=cold\nstart complete answered success function=pi_service "
	  "function_code=40 pi.service=P_PROGRAM pi.name=start_program target=program "
	  "pi.argument=C  start_type=cold\n" },
	{ 1, "28000000 000000fd 00015809 505f5052 4f475241 4d", "", 0, "28", "",
	  "start request - unknown function=pi_service function_code=40 "
	  "pi.service=P_PROGRAM pi.name=start_program target=program pi.argument=X "
	  "start_type=unknown\nstart complete answered success function=pi_service "
	  "function_code=40 pi.service=P_PROGRAM pi.name=start_program target=program "
	  "pi.argument=X start_type=unknown\n" },
	{ 1, "28000000 000000fd 0000055f 47415242", "", 0, "28", "",
	  "control request - unknown function=pi_service function_code=40 "
	  "pi.service=_GARB pi.name=compress_memory target=memory\ncontrol complete "
	  "answered success function=pi_service function_code=40 pi.service=_GARB "
	  "pi.name=compress_memory target=memory\n" },
	{ 1, "28000000 000000fd 00024550 055f4d4f 4455", "", 0, "28", "",
	  "control request - unknown function=pi_service function_code=40 "
	  "pi.service=_MODU pi.name=copy_ram_to_rom target=memory "
	  "pi.argument=EP\ncontrol complete answered success function=pi_service "
	  "function_code=40 pi.service=_MODU pi.name=copy_ram_to_rom target=memory "
	  "pi.argument=EP\n" },
	{ 1, "28000000 000000fd 00017805 5f4e4557 53", "", 0, "28", "",
	  "control request - unknown function=pi_service function_code=40 "
	  "pi.service=_NEWS pi.argument=x\ncontrol complete answered success "
	  "function=pi_service function_code=40 pi.service=_NEWS pi.argument=x\n" },
	{ 1, "28000000 000000fd 00080330 30310361 6263095f 4e5f4c4f 47494e5f", "", 0, "28", "",
	  "authenticate request - unknown function=pi_service function_code=40 "
	  "pi.service=_N_LOGIN_ pi.name=login password=present "
	  "password_length=8\nauthenticate complete answered success "
	  "function=pi_service function_code=40 pi.service=_N_LOGIN_ pi.name=login "
	  "password=present password_length=8\n" },
	{ 1, "28000000 000000fd 000a0330 30310261 62000163 095f4e5f 465f4445 4c45", "", 0, "28", "",
	  "file_delete request - unknown function=pi_service function_code=40 "
	  "pi.service=_N_F_DELE pi.name=delete_file pi.argument=001 ab c\nfile_delete "
	  "complete answered success function=pi_service function_code=40 "
	  "pi.service=_N_F_DELE pi.name=delete_file pi.argument=001 ab c\n" },
	{ 1, "28000000 000000fd 00040930 3031095f 4e5f465f 44454c45", "", 0, "28", "",
	  "file_delete request - unknown malformed function=pi_service "
	  "function_code=40 pi.service=_N_F_DELE pi.name=delete_file "
	  "malformed=string_length\nfile_delete complete answered success malformed "
	  "function=pi_service function_code=40 pi.service=_N_F_DELE "
	  "pi.name=delete_file malformed=string_length\n" },
	{ 1,
	  "28000000 000000fd 01122200 30433030 30303042 30433030 30303142 30433030 "
	  "30303242 30433030 30303342 30433030 30303442 30433030 30303542 30433030 "
	  "30303642 30433030 30303742 30433030 30303842 30433030 30303942 30433030 "
	  "30313042 30433030 30313142 30433030 30313242 30433030 30313342 30433030 "
	  "30313442 30433030 30313542 30433030 30313642 30433030 30313742 30433030 "
	  "30313842 30433030 30313942 30433030 30323042 30433030 30323142 30433030 "
	  "30323242 30433030 30323342 30433030 30323442 30433030 30323542 30433030 "
	  "30323642 30433030 30323742 30433030 30323842 30433030 30323942 30433030 "
	  "30333042 30433030 30333142 30433030 30333242 30433030 30333342 055f4445 "
	  "4c45",
	  "", 53771, "28", "",
	  "program_delete request - unknown truncated function=pi_service "
	  "function_code=40 pi.service=_DELE pi.name=delete_block target=FC 0, FC 1, "
	  "FC 2, FC 3, FC 4, FC 5, FC 6, FC 7, FC 8, FC 9, FC 10, FC 11, FC 12, FC 13 "
	  "and 18 more block.type=fc block.number=0 "
	  "block.file_system=both\nprogram_delete complete answered failure truncated "
	  "function=pi_service function_code=40 pi.service=_DELE pi.name=delete_block "
	  "target=FC 0, FC 1, FC 2, FC 3, FC 4, FC 5, FC 6, FC 7, FC 8, FC 9, FC 10, "
	  "FC 11, FC 12, FC 13 and 18 more block.type=fc block.number=0 "
	  "block.file_system=both error_class=210 error_code=53771 "
	  "error=too_many_blocks_to_delete\n" },
	{ 1, "280000", "", 0, "28", "",
	  "unknown request - unknown malformed function=pi_service function_code=40 "
	  "malformed=length\nunknown complete answered success malformed "
	  "function=pi_service function_code=40 malformed=length\n" },
	{ 1, "29000000 00000950 5f50524f 4752414d", "", 33028, "29", "",
	  "stop request - unknown function=plc_stop function_code=41 target=program "
	  "pi.service=P_PROGRAM\nstop complete answered failure function=plc_stop "
	  "function_code=41 target=program pi.service=P_PROGRAM error_class=129 "
	  "error_code=33028 error=service_not_implemented\n" },
	{ 1, "2900", "", 0, "29", "",
	  "stop request - unknown malformed function=plc_stop function_code=41 "
	  "malformed=length\nstop complete answered success malformed "
	  "function=plc_stop function_code=41 malformed=length\n" },
	{ 1, "330102", "", 33024, "3303", "",
	  "unknown request - unknown function=unknown function_code=51 "
	  "data=0102\nunknown complete answered failure function=unknown "
	  "function_code=51 data=0102 error_class=129 error_code=33024 "
	  "error=service_unknown\n" },
	{ 1, "0401120a 10040001 00008300 0000", "", 34815, "0401", "03000000",
	  "read complete answered failure function=read_variable function_code=4 "
	  "items=1 error_class=135 error_code=34815 error=access items_failed=1\n" },
};

static void every_function(void **state)
{
	(void)state;
	s7_every(exchanges, ARRAY_SIZE(exchanges));
}

static void cut_with_its_lengths(void **state)
{
	(void)state;
	s7_cut(exchanges, ARRAY_SIZE(exchanges));
}

static void cut_in_two(void **state)
{
	(void)state;
	s7_in_two(exchanges, ARRAY_SIZE(exchanges));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_function),
		cmocka_unit_test(cut_with_its_lengths),
		cmocka_unit_test(cut_in_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
