/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Userdata of S7comm: each group and function once, and what contradicts itself. */

#include "s7comm_world.h"

static const struct s7_exchange exchanges[] = {
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00010101 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=MB6\nitem "
	  "subscribe request - unknown index=0 address=MB6 type=byte count=1 "
	  "area=flags byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=MB6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00010201 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=MW6\nitem "
	  "subscribe request - unknown index=0 address=MW6 type=word count=1 "
	  "area=flags byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=MW6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00010301 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=MD6\nitem "
	  "subscribe request - unknown index=0 address=MD6 type=dword count=1 "
	  "area=flags byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=MD6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00011101 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=IB6\nitem "
	  "subscribe request - unknown index=0 address=IB6 type=byte count=1 "
	  "area=inputs byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=IB6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00011201 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=IW6\nitem "
	  "subscribe request - unknown index=0 address=IW6 type=word count=1 "
	  "area=inputs byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=IW6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00011301 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=ID6\nitem "
	  "subscribe request - unknown index=0 address=ID6 type=dword count=1 "
	  "area=inputs byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=ID6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00012001 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=Q6.1\nitem "
	  "subscribe request - unknown index=0 address=Q6.1 type=bit count=1 "
	  "area=outputs byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=Q6.1 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00012101 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=QB6\nitem "
	  "subscribe request - unknown index=0 address=QB6 type=byte count=1 "
	  "area=outputs byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=QB6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00012201 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=QW6\nitem "
	  "subscribe request - unknown index=0 address=QW6 type=word count=1 "
	  "area=outputs byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=QW6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00012301 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=QD6\nitem "
	  "subscribe request - unknown index=0 address=QD6 type=dword count=1 "
	  "area=outputs byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=QD6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00013101 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=PIB6\nitem "
	  "subscribe request - unknown index=0 address=PIB6 type=byte count=1 "
	  "area=peripheral byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=PIB6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00013201 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=PIW6\nitem "
	  "subscribe request - unknown index=0 address=PIW6 type=word count=1 "
	  "area=peripheral byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=PIW6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00013301 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=PID6\nitem "
	  "subscribe request - unknown index=0 address=PID6 type=dword count=1 "
	  "area=peripheral byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=PID6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00015401 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=T6\nitem "
	  "subscribe request - unknown index=0 address=T6 type=timer count=1 "
	  "area=timers byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=T6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00016401 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=C6\nitem "
	  "subscribe request - unknown index=0 address=C6 type=counter count=1 "
	  "area=counters byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=C6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00017001 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=DB3.DBX6.1\nitem "
	  "subscribe request - unknown index=0 address=DB3.DBX6.1 type=bit count=1 "
	  "area=db db_number=3 byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=DB3.DBX6.1 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00017101 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=DB3.DBB6\nitem "
	  "subscribe request - unknown index=0 address=DB3.DBB6 type=byte count=1 "
	  "area=db db_number=3 byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=DB3.DBB6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00017301 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=DB3.DBD6\nitem "
	  "subscribe request - unknown index=0 address=DB3.DBD6 type=dword count=1 "
	  "area=db db_number=3 byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=DB3.DBD6 sequence=1\n" },
	{ 7, "00011208 12410200 00000000",
	  "ff090020 00140008 00000001 00010006 00010001 00010001 00010200 00019901 "
	  "00030006",
	  0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown function=variable_status group=1 subfunction=2 "
	  "test.repeat=once test.trigger=cycle_start items=1 target=area 0x00 "
	  "B6\nitem subscribe request - unknown index=0 address=area 0x00 B6 count=1 "
	  "area=unknown byte_offset=6\nsubscribe complete answered success "
	  "function=variable_status group=1 subfunction=2 test.repeat=once "
	  "test.trigger=cycle_start items=1 target=area 0x00 B6 sequence=1\n" },
	{ 7, "00011208 12410800 00000000",
	  "ff090034 0014001c 00000001 00010006 00010001 00010001 00010200 00027202 "
	  "000a0004 10030000 00080009 00040102 03040009 00010100",
	  0, "00011208 12810801 00000000", "0a000000",
	  "write request - unknown function=modify_variable group=1 subfunction=8 "
	  "test.repeat=once test.trigger=cycle_start items=2 target=DB10.DBW4\nitem "
	  "write request - unknown index=0 address=DB10.DBW4 type=word count=2 "
	  "area=db db_number=10 byte_offset=4 value=258,772\nitem write request - "
	  "unknown index=1 address=I8.3 type=bit count=1 area=inputs byte_offset=8 "
	  "value=1\nwrite complete answered success function=modify_variable group=1 "
	  "subfunction=8 test.repeat=once test.trigger=cycle_start items=2 "
	  "target=DB10.DBW4 sequence=1\nitem write complete - unknown index=0 "
	  "address=DB10.DBW4 type=word count=2 area=db db_number=10 byte_offset=4 "
	  "value=258,772\nitem write complete - unknown index=1 address=I8.3 type=bit "
	  "count=1 area=inputs byte_offset=8 value=1\n" },
	{ 7, "00011208 12410900 00000000",
	  "ff090034 0014001c 00000001 00020006 00010001 00010001 00010200 00027202 "
	  "000a0004 10030000 00080009 00040102 03040009 00010100",
	  0, "00011208 12810901 0000d0a1", "0a000000",
	  "force request - unknown function=force group=1 subfunction=9 "
	  "test.repeat=always test.trigger=cycle_start items=2 target=DB10.DBW4\nitem "
	  "force request - unknown index=0 address=DB10.DBW4 type=word count=2 "
	  "area=db db_number=10 byte_offset=4 value=258,772\nitem force request - "
	  "unknown index=1 address=I8.3 type=bit count=1 area=inputs byte_offset=8 "
	  "value=1\nforce complete answered failure function=force group=1 "
	  "subfunction=9 test.repeat=always test.trigger=cycle_start items=2 "
	  "target=DB10.DBW4 error_code=53409 error=protection_level return_code=10 "
	  "sequence=1\n" },
	{ 7, "00011208 12410100 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810101 00000000", "0a000000",
	  "diagnose complete answered success function=block_status group=1 "
	  "subfunction=1 test.repeat=once test.trigger=cycle_start target=FC 12 "
	  "block.type=fc block.number=12 block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410300 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810301 00000000", "0a000000",
	  "diagnose complete answered success function=interrupt_stack group=1 "
	  "subfunction=3 test.repeat=once test.trigger=cycle_start target=FC 12 "
	  "block.type=fc block.number=12 block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410400 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810401 00000000", "0a000000",
	  "diagnose complete answered success function=block_stack group=1 "
	  "subfunction=4 test.repeat=once test.trigger=cycle_start target=FC 12 "
	  "block.type=fc block.number=12 block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410500 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810501 00000000", "0a000000",
	  "diagnose complete answered success function=local_data_stack group=1 "
	  "subfunction=5 test.repeat=once test.trigger=cycle_start target=FC 12 "
	  "block.type=fc block.number=12 block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410600 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810601 00000000", "0a000000",
	  "diagnose complete answered success function=measure_time group=1 "
	  "subfunction=6 test.repeat=once test.trigger=cycle_start target=FC 12 "
	  "block.type=fc block.number=12 block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410700 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810701 00000000", "0a000000",
	  "force request - unknown function=force_selection group=1 subfunction=7 "
	  "test.repeat=once test.trigger=cycle_start target=FC 12 block.type=fc "
	  "block.number=12 block.code_address=36\nforce complete answered success "
	  "function=force_selection group=1 subfunction=7 test.repeat=once "
	  "test.trigger=cycle_start target=FC 12 block.type=fc block.number=12 "
	  "block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410a00 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810a01 00000000", "0a000000",
	  "control request - unknown function=breakpoint group=1 subfunction=10 "
	  "test.repeat=once test.trigger=cycle_start target=FC 12 block.type=fc "
	  "block.number=12 block.code_address=36\ncontrol complete answered success "
	  "function=breakpoint group=1 subfunction=10 test.repeat=once "
	  "test.trigger=cycle_start target=FC 12 block.type=fc block.number=12 "
	  "block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410b00 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810b01 00000000", "0a000000",
	  "control request - unknown function=leave_hold group=1 subfunction=11 "
	  "test.repeat=once test.trigger=cycle_start target=FC 12 block.type=fc "
	  "block.number=12 block.code_address=36\ncontrol complete answered success "
	  "function=leave_hold group=1 subfunction=11 test.repeat=once "
	  "test.trigger=cycle_start target=FC 12 block.type=fc block.number=12 "
	  "block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12410c00 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12810c01 00000000", "0a000000",
	  "memory_reset request - unknown function=memory_reset group=1 "
	  "subfunction=12 target=memory\nmemory_reset complete answered success "
	  "function=memory_reset group=1 subfunction=12 target=memory sequence=1\n" },
	{ 7, "00011208 12411000 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12811001 00000000", "0a000000",
	  "diagnose complete answered success function=read_job_list group=1 "
	  "subfunction=16 sequence=1\n" },
	{ 7, "00011208 12411300 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12811301 00000000", "0a000000",
	  "diagnose complete answered success function=block_status_2 group=1 "
	  "subfunction=19 test.repeat=once test.trigger=cycle_start target=FC 12 "
	  "block.type=fc block.number=12 block.code_address=36 sequence=1\n" },
	{ 7, "00011208 12411400 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12811401 00000000", "0a000000",
	  "unknown request - unknown function=unknown group=1 subfunction=20 "
	  "data=001a00020000000100010006000100010001000100010200000c000c00240000\nunknown "
	  "complete answered success function=unknown group=1 subfunction=20 "
	  "data=001a00020000000100010006000100010001000100010200000c000c00240000 "
	  "sequence=1\n" },
	{ 7, "00011208 12411600 00000000",
	  "ff090020 001a0002 00000001 00010006 00010001 00010001 00010200 000c000c "
	  "00240000",
	  0, "00011208 12811601 00000000", "0a000000",
	  "control request - unknown function=flash_led group=1 "
	  "subfunction=22\ncontrol complete answered success function=flash_led "
	  "group=1 subfunction=22 sequence=1\n" },
	{ 7, "00011208 12410d00 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 0203", 0,
	  "00011208 12810d01 00000000", "0a000000",
	  "diagnose complete answered success function=disable_job group=1 "
	  "subfunction=13 test.repeat=once test.trigger=cycle_start "
	  "test.function=variable_status test.job=3 sequence=1\n" },
	{ 7, "00011208 12410d00 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 0905", 0,
	  "00011208 12810d01 00000000", "0a000000",
	  "force request - unknown function=disable_job group=1 subfunction=13 "
	  "test.repeat=once test.trigger=cycle_start test.function=force "
	  "test.job=5\nforce complete answered success function=disable_job group=1 "
	  "subfunction=13 test.repeat=once test.trigger=cycle_start "
	  "test.function=force test.job=5 sequence=1\n" },
	{ 7, "00011208 12410d00 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 0801", 0,
	  "00011208 12810d01 00000000", "0a000000",
	  "write request - unknown function=disable_job group=1 subfunction=13 "
	  "test.repeat=once test.trigger=cycle_start test.function=modify_variable "
	  "test.job=1\nwrite complete answered success function=disable_job group=1 "
	  "subfunction=13 test.repeat=once test.trigger=cycle_start "
	  "test.function=modify_variable test.job=1 sequence=1\n" },
	{ 7, "00011208 12410d00 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 6301", 0,
	  "00011208 12810d01 00000000", "0a000000",
	  "control request - unknown function=disable_job group=1 subfunction=13 "
	  "test.repeat=once test.trigger=cycle_start test.function=unknown "
	  "test.job=1\ncontrol complete answered success function=disable_job group=1 "
	  "subfunction=13 test.repeat=once test.trigger=cycle_start "
	  "test.function=unknown test.job=1 sequence=1\n" },
	{ 7, "00011208 12410f00 00000000",
	  "ff09001c 00140004 00000001 00010006 00010001 00010001 00010200 00000203", 0,
	  "00011208 12810f01 00000000", "0a000000",
	  "diagnose complete answered success function=delete_job group=1 "
	  "subfunction=15 test.repeat=once test.trigger=cycle_start "
	  "test.function=variable_status test.job=3 sequence=1\n" },
	{ 7, "00011208 12410f00 00000000",
	  "ff09001c 00140004 00000001 00010006 00010001 00010001 00010200 00000905", 0,
	  "00011208 12810f01 00000000", "0a000000",
	  "force request - unknown function=delete_job group=1 subfunction=15 "
	  "test.repeat=once test.trigger=cycle_start test.function=force "
	  "test.job=5\nforce complete answered success function=delete_job group=1 "
	  "subfunction=15 test.repeat=once test.trigger=cycle_start "
	  "test.function=force test.job=5 sequence=1\n" },
	{ 7, "00011208 12410f00 00000000",
	  "ff09001c 00140004 00000001 00010006 00010001 00010001 00010200 00000801", 0,
	  "00011208 12810f01 00000000", "0a000000",
	  "write request - unknown function=delete_job group=1 subfunction=15 "
	  "test.repeat=once test.trigger=cycle_start test.function=modify_variable "
	  "test.job=1\nwrite complete answered success function=delete_job group=1 "
	  "subfunction=15 test.repeat=once test.trigger=cycle_start "
	  "test.function=modify_variable test.job=1 sequence=1\n" },
	{ 7, "00011208 12410f00 00000000",
	  "ff09001c 00140004 00000001 00010006 00010001 00010001 00010200 00006301", 0,
	  "00011208 12810f01 00000000", "0a000000",
	  "control request - unknown function=delete_job group=1 subfunction=15 "
	  "test.repeat=once test.trigger=cycle_start test.function=unknown "
	  "test.job=1\ncontrol complete answered success function=delete_job group=1 "
	  "subfunction=15 test.repeat=once test.trigger=cycle_start "
	  "test.function=unknown test.job=1 sequence=1\n" },
	{ 7, "00011208 12411100 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 0203", 0,
	  "00011208 12811101 00000000", "0a000000",
	  "diagnose complete answered success function=read_job group=1 "
	  "subfunction=17 test.repeat=once test.trigger=cycle_start "
	  "test.function=variable_status test.job=3 sequence=1\n" },
	{ 7, "00011208 12411100 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 0905", 0,
	  "00011208 12811101 00000000", "0a000000",
	  "diagnose complete answered success function=read_job group=1 "
	  "subfunction=17 test.repeat=once test.trigger=cycle_start "
	  "test.function=force test.job=5 sequence=1\n" },
	{ 7, "00011208 12411100 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 0801", 0,
	  "00011208 12811101 00000000", "0a000000",
	  "diagnose complete answered success function=read_job group=1 "
	  "subfunction=17 test.repeat=once test.trigger=cycle_start "
	  "test.function=modify_variable test.job=1 sequence=1\n" },
	{ 7, "00011208 12411100 00000000",
	  "ff09001a 00140002 00000001 00010006 00010001 00010001 00010200 6301", 0,
	  "00011208 12811101 00000000", "0a000000",
	  "diagnose complete answered success function=read_job group=1 "
	  "subfunction=17 test.repeat=once test.trigger=cycle_start "
	  "test.function=unknown test.job=1 sequence=1\n" },
	{ 7, "00011208 12411000 00000000", "ff090008 00000004 00000000", 0,
	  "00011208 12811001 00000000", "ff09000c 00000008 02020001 09050000",
	  "diagnose complete answered success function=read_job_list group=1 "
	  "subfunction=16 sequence=1\nitem diagnose complete - success index=0 "
	  "test.function=variable_status test.job=2 value=1\nitem diagnose complete - "
	  "success index=1 test.function=force test.job=5 value=0\n" },
	{ 7, "00011204 11410200", "ff090001 00", 0, "00011208 12810201 00000000", "0a000000",
	  "subscribe request - unknown malformed function=variable_status group=1 "
	  "subfunction=2 malformed=length\nsubscribe complete answered success "
	  "malformed function=variable_status group=1 subfunction=2 malformed=length "
	  "sequence=1\n" },
	{ 7, "00011204 11410800", "ff090004 00040000", 0, "00011208 12810801 00000000", "0a000000",
	  "write request - unknown malformed function=modify_variable group=1 "
	  "subfunction=8 malformed=length\nwrite complete answered success malformed "
	  "function=modify_variable group=1 subfunction=8 malformed=length "
	  "sequence=1\n" },
	{ 7, "00011204 11420100",
	  "ff09001c 00020105 120a1004 0001000a 84000000 120a1001 00010000 83000029", 0,
	  "00011208 12820101 00000000", "ff09000d 0002ff04 00100102 ff030001 01",
	  "subscribe request - unknown function=cyclic_transfer group=2 subfunction=1 "
	  "interval=5000 items=2\nitem subscribe request - unknown index=0 "
	  "address=DB10.DBW0 type=word count=1 area=db db_number=10 "
	  "byte_offset=0\nitem subscribe request - unknown index=1 address=M5.1 "
	  "type=bit count=1 area=flags byte_offset=5\nsubscribe complete answered "
	  "success function=cyclic_transfer group=2 subfunction=1 interval=5000 "
	  "items=2 sequence=1\nitem subscribe complete - success index=0 "
	  "address=DB10.DBW0 type=word count=1 area=db db_number=10 byte_offset=0 "
	  "value=258 status=success\nitem subscribe complete - success index=1 "
	  "address=M5.1 type=bit count=1 area=flags byte_offset=5 value=1 "
	  "status=success\n" },
	{ 7, "00011204 11420500",
	  "ff09001c 00020105 120a1004 0001000a 84000000 120a1001 00010000 83000029", 0,
	  "00011208 12820501 00000000", "ff09000d 0002ff04 00100102 ff030001 01",
	  "subscribe request - unknown function=change_driven_transfer group=2 "
	  "subfunction=5 interval=5000 items=2\nitem subscribe request - unknown "
	  "index=0 address=DB10.DBW0 type=word count=1 area=db db_number=10 "
	  "byte_offset=0\nitem subscribe request - unknown index=1 address=M5.1 "
	  "type=bit count=1 area=flags byte_offset=5\nsubscribe complete answered "
	  "success function=change_driven_transfer group=2 subfunction=5 "
	  "interval=5000 items=2 sequence=1\nitem subscribe complete - success "
	  "index=0 address=DB10.DBW0 type=word count=1 area=db db_number=10 "
	  "byte_offset=0 value=258 status=success\nitem subscribe complete - success "
	  "index=1 address=M5.1 type=bit count=1 area=flags byte_offset=5 value=1 "
	  "status=success\n" },
	{ 7, "00011204 11420700",
	  "ff09001c 00020105 120a1004 0001000a 84000000 120a1001 00010000 83000029", 0,
	  "00011208 12820701 00000000", "ff09000d 0002ff04 00100102 ff030001 01",
	  "subscribe request - unknown function=change_driven_transfer_modify group=2 "
	  "subfunction=7 interval=5000 items=2\nitem subscribe request - unknown "
	  "index=0 address=DB10.DBW0 type=word count=1 area=db db_number=10 "
	  "byte_offset=0\nitem subscribe request - unknown index=1 address=M5.1 "
	  "type=bit count=1 area=flags byte_offset=5\nsubscribe complete answered "
	  "success function=change_driven_transfer_modify group=2 subfunction=7 "
	  "interval=5000 items=2 sequence=1\nitem subscribe complete - success "
	  "index=0 address=DB10.DBW0 type=word count=1 area=db db_number=10 "
	  "byte_offset=0 value=258 status=success\nitem subscribe complete - success "
	  "index=1 address=M5.1 type=bit count=1 area=flags byte_offset=5 value=1 "
	  "status=success\n" },
	{ 7, "00011204 11420100", "ff090010 00010305 120a1002 00010000 83000000", 0,
	  "00011208 12820101 0000d804", "0a000000",
	  "subscribe request - unknown function=cyclic_transfer group=2 subfunction=1 "
	  "items=1\nitem subscribe request - unknown index=0 address=MB0 type=byte "
	  "count=1 area=flags byte_offset=0\nsubscribe complete answered failure "
	  "function=cyclic_transfer group=2 subfunction=1 items=1 error_code=55300 "
	  "error=illegal_cycle_time return_code=10 sequence=1\n" },
	{ 7, "00011204 11420400", "ff090002 0101", 0, "00011208 12820401 00000000", "0a000000",
	  "subscribe request - unknown function=cyclic_unsubscribe group=2 "
	  "subfunction=4 test.job=1\nsubscribe complete answered success "
	  "function=cyclic_unsubscribe group=2 subfunction=4 test.job=1 sequence=1\n" },
	{ 7, "00011204 11420400", "ff090001 01", 0, "00011208 12820401 00000000", "0a000000",
	  "subscribe request - unknown malformed function=cyclic_unsubscribe group=2 "
	  "subfunction=4 malformed=length\nsubscribe complete answered success "
	  "malformed function=cyclic_unsubscribe group=2 subfunction=4 "
	  "malformed=length sequence=1\n" },
	{ 7, "00011204 11420800", "ff09000e 0001120a 10020001 00000100 0000", 0,
	  "00011208 12820801 00000000", "0a000000",
	  "read complete answered success function=read_record group=2 subfunction=8 "
	  "sequence=1\n" },
	{ 7, "00011204 11430100", "0a000000", 0, "00011208 12830101 00000000",
	  "ff090010 30380001 30410002 30460003 39390004",
	  "diagnose complete answered success function=list_blocks group=3 "
	  "subfunction=1 sequence=1 items=4\nitem diagnose complete - success index=0 "
	  "address=OB count=1 block.type=ob\nitem diagnose complete - success index=1 "
	  "address=DB count=2 block.type=db\nitem diagnose complete - success index=2 "
	  "address=SFB count=3 block.type=sfb\nitem diagnose complete - success "
	  "index=3 address=block count=4 block.type=unknown\n" },
	{ 7, "00011204 11430100", "0a000000", 0, "00011208 12830101 00000000", "ff090003 303800",
	  "diagnose complete answered success malformed function=list_blocks group=3 "
	  "subfunction=1 sequence=1 items=0 malformed=length\n" },
	{ 7, "00011204 11430200", "ff090002 3041", 0, "00011208 12830201 00000000",
	  "ff090008 00012205 00022205",
	  "diagnose complete answered success function=list_blocks_of_type group=3 "
	  "subfunction=2 block.type=db sequence=1 count=2 block.numbers=1,2\n" },
	{ 7, "00011204 11430200", "ff090001 30", 0, "00011208 12830201 0000d20e", "0a000000",
	  "diagnose complete answered failure malformed function=list_blocks_of_type "
	  "group=3 subfunction=2 block.type=unknown malformed=length error_code=53774 "
	  "error=no_further_block return_code=10 sequence=1\n" },
	{ 7, "00011204 11430300", "ff090008 30453030 30303741", 0, "00011208 12830301 00000000",
	  "ff09004e 3045004e 00227070 0101040e 00070000 00560000 00030225 51003a98 "
	  "000003e8 36b00006 00000014 00084d45 00000000 00004641 4d000000 00004e41 "
	  "4d450000 00001200 00000000 00000000 0000",
	  "diagnose complete answered success function=block_info group=3 "
	  "subfunction=3 target=FB 7 block.type=fb block.number=7 "
	  "block.file_system=active sequence=1 block.language=scl "
	  "block.load_length=86 block.know_how_protected=true "
	  "block.code_time=2025-01-25T10:00:00.000Z "
	  "block.interface_time=2022-05-01T00:00:01.000Z block.interface_length=6 "
	  "block.local_data_length=20 block.code_length=8 block.author=ME "
	  "block.family=FAM block.name=NAME block.version=1.2 block.checksum=0\n" },
	{ 7, "00011204 11430300", "ff090008 30453030 30303741", 0, "00011208 12830301 00000000",
	  "ff090003 304500",
	  "diagnose complete answered success malformed function=block_info group=3 "
	  "subfunction=3 target=FB 7 block.type=fb block.number=7 "
	  "block.file_system=active sequence=1 malformed=length\n" },
	{ 7, "00011204 11430300", "ff090008 30453078 30303741", 0, "00011208 12830301 0000d201",
	  "0a000000",
	  "diagnose complete answered failure malformed function=block_info group=3 "
	  "subfunction=3 malformed=block_name error_code=53761 "
	  "error=block_name_syntax return_code=10 sequence=1\n" },
	{ 7, "00011204 11440100", "ff090004 00000000", 0, "00011208 12840101 00000000",
	  "ff09000c 00000000 00020002 0011001c",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0000 index 0x0000 szl.id=0 szl.index=0 szl.name=lists "
	  "sequence=1 szl.count=2 szl.ids=17,28\n" },
	{ 7, "00011204 11440100", "ff090004 00110000", 0, "00011208 12840101 00000000",
	  "ff090078 00110000 001c0004 00013645 53372033 31352d32 45483134 2d304142 "
	  "302000c0 00040001 00067820 20202020 20202020 20202020 20202020 20200000 "
	  "00030000 00072020 20202020 20202020 20202020 20202020 20200000 56030206 "
	  "0081426f 6f74204c 6f616465 72202020 20202020 20200000 41200909",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0011 index 0x0000 szl.id=17 szl.index=0 "
	  "szl.name=module_identification sequence=1 szl.count=4 order_number=6ES7 "
	  "315-2EH14-0AB0 module_version=4 hardware_version=3 firmware_version=V3.2.6 "
	  "boot_version=A32.9.9\n" },
	{ 7, "00011204 11440100", "ff090004 001c0000", 0, "00011208 12840101 00000000",
	  "ff09017e 001c0000 0022000b 00015445 58542031 00000000 00000000 00000000 "
	  "00000000 00000000 00000000 00000002 54455854 20320000 00000000 00000000 "
	  "00000000 00000000 00000000 00000000 00035445 58542033 00000000 00000000 "
	  "00000000 00000000 00000000 00000000 00000004 54455854 20340000 00000000 "
	  "00000000 00000000 00000000 00000000 00000000 00055445 58542035 00000000 "
	  "00000000 00000000 00000000 00000000 00000000 00000007 54455854 20370000 "
	  "00000000 00000000 00000000 00000000 00000000 00000000 00085445 58542038 "
	  "00000000 00000000 00000000 00000000 00000000 00000000 0000000a 54455854 "
	  "20313000 00000000 00000000 00000000 00000000 00000000 00000000 000b5445 "
	  "58542031 31000000 00000000 00000000 00000000 00000000 00000000 0000000c "
	  "54455854 20313200 00000000 00000000 00000000 00000000 00000000 00000000 "
	  "0009002a 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
	  "0000",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x001c index 0x0000 szl.id=28 szl.index=0 "
	  "szl.name=component_identification sequence=1 szl.count=11 system_name=TEXT "
	  "1 module_name=TEXT 2 plant_id=TEXT 3 copyright=TEXT 4 serial_number=TEXT 5 "
	  "module_type=TEXT 7 memory_card=TEXT 8 oem_copyright=TEXT 10 location=TEXT "
	  "11 manufacturer_id=42\n" },
	{ 7, "00011204 11440100", "ff090004 011c0105", 0, "00011208 12840101 00000000",
	  "ff09002a 011c0105 00220001 01055320 432d3100 00000000 00000000 00000000 "
	  "00000000 00000000 00000000 0000",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x011c index 0x0105 szl.id=284 szl.index=261 "
	  "szl.name=component_identification sequence=1 szl.count=1 serial_number=S "
	  "C-1\n" },
	{ 7, "00011204 11440100", "ff090004 00130000", 0, "00011208 12840101 00000000",
	  "ff090074 00130000 00240003 00010001 00000064 00010001 0000005a 00000028 "
	  "00000032 00000000 00000000 00000000 00060001 00000064 00010001 0000005a "
	  "00000028 00000032 00000000 00000000 00000000 00090001 00000064 00010001 "
	  "0000005a 00000028 00000032 00000000 00000000 00000000",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0013 index 0x0000 szl.id=19 szl.index=0 szl.name=memory_areas "
	  "sequence=1 szl.count=3\nitem diagnose complete - success index=0 "
	  "address=work_memory type=size_used_largest_free value=100,40,50\nitem "
	  "diagnose complete - success index=1 address=communication_memory "
	  "type=size_used_largest_free value=100,40,50\nitem diagnose complete - "
	  "success index=2 address=memory type=size_used_largest_free "
	  "value=100,40,50\n" },
	{ 7, "00011204 11440100", "ff090004 00240000", 0, "00011208 12840101 00000000",
	  "ff09001c 00240000 00140001 5140ff84 00000000 00000000 00000000 00000000",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0024 index 0x0000 szl.id=36 szl.index=0 szl.name=mode "
	  "sequence=1 szl.count=1 mode=stop previous_mode=run event.id=20800\n" },
	{ 7, "00011204 11440100", "ff090004 04240000", 0, "00011208 12840101 00000000",
	  "ff09001c 04240000 00140001 4302ff48 00000000 00000000 00000000 00000000",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0424 index 0x0000 szl.id=1060 szl.index=0 szl.name=mode "
	  "sequence=1 szl.count=1 mode=run previous_mode=stop event.id=17154 "
	  "event.name=startup_to_run\n" },
	{ 7, "00011204 11440100", "ff090004 04240000", 0, "00011208 12840101 00000000",
	  "ff09001c 04240000 00140001 4302ff00 00000000 00000000 00000000 00000000",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0424 index 0x0000 szl.id=1060 szl.index=0 szl.name=mode "
	  "sequence=1 szl.count=1 mode=unknown event.id=17154 "
	  "event.name=startup_to_run\n" },
	{ 7, "00011204 11440100", "ff090004 00310001", 0, "00011208 12840101 00000000",
	  "ff090016 00310001 000e0001 000100f0 00100000 00010000 0002",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0031 index 0x0001 szl.id=49 szl.index=1 "
	  "szl.name=communication_unit sequence=1 szl.count=1\nitem diagnose complete "
	  "- success index=0 address=pdu_size value=240\nitem diagnose complete - "
	  "success index=1 address=connections value=16\nitem diagnose complete - "
	  "success index=2 address=mpi_bits_per_second value=1\nitem diagnose "
	  "complete - success index=3 address=bus_bits_per_second value=2\n" },
	{ 7, "00011204 11440100", "ff090004 01310002", 0, "00011208 12840101 00000000",
	  "ff090010 01310002 00080001 00020001 00020003",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0131 index 0x0002 szl.id=305 szl.index=2 "
	  "szl.name=communication_unit sequence=1 szl.count=1 "
	  "szl.data=0002000100020003\n" },
	{ 7, "00011204 11440100", "ff090004 01320004", 0, "00011208 12840101 00000000",
	  "ff090020 01320004 00180001 00040001 00000001 00030000 00005656 00000005 "
	  "00000006",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0132 index 0x0004 szl.id=306 szl.index=4 "
	  "szl.name=communication_status sequence=1 szl.count=1 "
	  "protection_of_switch=1 protection_configured=0 protection_level=1 "
	  "key_position=stop checksum_hardware=5 checksum_program=6\n" },
	{ 7, "00011204 11440100", "ff090004 01320004", 0, "00011208 12840101 00000000",
	  "ff090020 01320004 00180001 00040001 00000001 00090000 00005656 00000005 "
	  "00000006",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0132 index 0x0004 szl.id=306 szl.index=4 "
	  "szl.name=communication_status sequence=1 szl.count=1 "
	  "protection_of_switch=1 protection_configured=0 protection_level=1 "
	  "key_position=unknown checksum_hardware=5 checksum_program=6\n" },
	{ 7, "00011204 11440100", "ff090004 01320008", 0, "00011208 12840101 00000000",
	  "ff090010 01320008 00080001 00080001 00020003",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0132 index 0x0008 szl.id=306 szl.index=8 "
	  "szl.name=communication_status sequence=1 szl.count=1 "
	  "szl.data=0008000100020003\n" },
	{ 7, "00011204 11440100", "ff090004 00740000", 0, "00011208 12840101 00000000",
	  "ff090014 00740000 00040003 00010100 00040001 00630101",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0074 index 0x0000 szl.id=116 szl.index=0 szl.name=leds "
	  "sequence=1 szl.count=3 leds_on=sf,other leds_blinking=run,other\n" },
	{ 7, "00011204 11440100", "ff090004 00190000", 0, "00011208 12840101 00000000",
	  "ff09000c 00190000 00040001 00050100",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0019 index 0x0000 szl.id=25 szl.index=0 szl.name=leds "
	  "sequence=1 szl.count=1 leds_on=stop\n" },
	{ 7, "00011204 11440100", "ff090004 00910000", 0, "00011208 12840101 00000000",
	  "ff090018 00910000 00100001 00000200 010000c0 00c10000 00ff0011",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0091 index 0x0000 szl.id=145 szl.index=0 "
	  "szl.name=module_status sequence=1 szl.count=1\nitem diagnose complete - "
	  "success index=0 address=rack 0 slot 2.0 type=address_configured_type_type "
	  "value=256,192,193 "
	  "quality=module_error,module_exists,not_available,disabled,station_error,reconfiguring,"
	  "reserved,local_segment\n" },
	{ 7, "00011204 11440100", "ff090004 00a00000", 0, "00011208 12840101 00000000",
	  "ff090030 00a00000 00140002 43040102 00000000 00000000 26011206 00000002 "
	  "90010000 00000000 00000000 00000000 00000000",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x00a0 index 0x0000 szl.id=160 szl.index=0 "
	  "szl.name=diagnostic_buffer sequence=1 szl.count=2\nitem diagnose complete "
	  "- success index=0 address=event 1 event.id=17156 "
	  "event.name=stop_by_station_or_program event.class=mode_transition "
	  "event.entering=true event.ob=2 clock=2026-01-12T06:00:00.000Z\nitem "
	  "diagnose complete - success index=1 address=event 2 event.id=36865 "
	  "event.class=user event.entering=false event.ob=0\n" },
	{ 7, "00011204 11440100", "ff090004 0f110000", 0, "00011208 12840101 00000000",
	  "ff090008 0f110000 00000000",
	  "identify complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0f11 index 0x0000 szl.id=3857 szl.index=0 "
	  "szl.name=module_identification sequence=1 szl.count=0\n" },
	{ 7, "00011204 11440100", "ff090004 00770000", 0, "00011208 12840101 00000000",
	  "ff09000b 00770000 00030001 010203",
	  "diagnose complete answered success function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0077 index 0x0000 szl.id=119 szl.index=0 szl.name=unknown "
	  "sequence=1 szl.count=1 szl.data=010203\n" },
	{ 7, "00011204 11440100", "ff090004 00110000", 0, "00011208 12840101 0000d401", "0a000000",
	  "identify complete answered failure function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0011 index 0x0000 szl.id=17 szl.index=0 "
	  "szl.name=module_identification error_code=54273 "
	  "error=information_unavailable return_code=10 sequence=1\n" },
	{ 7, "00011204 11440100", "ff090001 00", 0, "00011208 12840101 00000000", "0a000000",
	  "diagnose complete answered success malformed function=read_szl group=4 "
	  "subfunction=1 malformed=length sequence=1\n" },
	{ 7, "00011204 11440100", "ff090004 00110000", 0, "00011208 12840101 00000000",
	  "ff090008 00110000 001c0002",
	  "identify complete answered success malformed function=read_szl group=4 "
	  "subfunction=1 target=SZL 0x0011 index 0x0000 szl.id=17 szl.index=0 "
	  "szl.name=module_identification sequence=1 szl.count=2 "
	  "malformed=record_count\n" },
	{ 7, "00011204 11440100", "ff090004 00110000", 0, "00011208 12840101 00000000",
	  "ff090002 0011",
	  "identify complete answered success malformed function=read_szl group=4 "
	  "subfunction=1 target=SZL 0x0011 index 0x0000 szl.id=17 szl.index=0 "
	  "szl.name=module_identification sequence=1 malformed=length\n" },
	{ 7, "00011204 11440200", "ff09000c ff005354 4154494f 4e200500", 0,
	  "00011208 12840201 00000000", "ff090002 0200",
	  "subscribe request - unknown function=message_service group=4 subfunction=2 "
	  "events=mode,system,user,other,other,other,other,alarms station=STATION "
	  "alarm.kind=alarm_begin\nsubscribe complete answered success "
	  "function=message_service group=4 subfunction=2 "
	  "events=mode,system,user,other,other,other,other,alarms station=STATION "
	  "alarm.kind=alarm_begin sequence=1\n" },
	{ 7, "00011204 11440200", "ff090004 01005354", 0, "00011208 12840201 00000000", "0a000000",
	  "subscribe request - unknown malformed function=message_service group=4 "
	  "subfunction=2 events=mode malformed=length\nsubscribe complete answered "
	  "success malformed function=message_service group=4 subfunction=2 "
	  "events=mode malformed=length sequence=1\n" },
	{ 7, "00011204 11440700", "ff09000a 00011209 15000000 0005", 0,
	  "00011208 12840701 00000000", "ff090003 0001ff",
	  "control request - unknown function=alarm_8_lock group=4 subfunction=7 "
	  "items=1 target=event 0x00000005 event.id=5\nitem control request - unknown "
	  "index=0 address=event 0x00000005 event.id=5\ncontrol complete answered "
	  "success function=alarm_8_lock group=4 subfunction=7 items=1 target=event "
	  "0x00000005 event.id=5 sequence=1\nitem control complete - success index=0 "
	  "address=event 0x00000005 event.id=5 status=success\n" },
	{ 7, "00011204 11440800", "ff09000a 00011209 15000000 0005", 0,
	  "00011208 12840801 00000000", "ff090003 0001ff",
	  "control request - unknown function=alarm_8_unlock group=4 subfunction=8 "
	  "items=1 target=event 0x00000005 event.id=5\nitem control request - unknown "
	  "index=0 address=event 0x00000005 event.id=5\ncontrol complete answered "
	  "success function=alarm_8_unlock group=4 subfunction=8 items=1 target=event "
	  "0x00000005 event.id=5 sequence=1\nitem control complete - success index=0 "
	  "address=event 0x00000005 event.id=5 status=success\n" },
	{ 7, "00011204 11440b00", "ff090016 09021209 19000000 0005fffe 12091900 00000006 fffe", 0,
	  "00011208 12840b01 00000000", "ff090004 0002ff0a",
	  "control request - unknown function=alarm_acknowledge group=4 "
	  "subfunction=11 items=2 target=event 0x00000005 event.id=5\nitem control "
	  "request - unknown index=0 address=event 0x00000005 event.id=5 "
	  "alarm.acknowledged_going=255 alarm.acknowledged_coming=254\nitem control "
	  "request - unknown index=1 address=event 0x00000006 event.id=6 "
	  "alarm.acknowledged_going=255 alarm.acknowledged_coming=254\ncontrol "
	  "complete answered success function=alarm_acknowledge group=4 "
	  "subfunction=11 items=2 target=event 0x00000005 event.id=5 sequence=1 "
	  "items_failed=1\nitem control complete - success index=0 address=event "
	  "0x00000005 event.id=5 alarm.acknowledged_going=255 "
	  "alarm.acknowledged_coming=254 status=success\nitem control complete - "
	  "failure index=1 address=event 0x00000006 event.id=6 "
	  "alarm.acknowledged_going=255 alarm.acknowledged_coming=254 return_code=10 "
	  "status=object_does_not_exist\n" },
	{ 7, "00011204 11440b00", "ff090001 09", 0, "00011208 12840b01 00000000", "0a000000",
	  "control request - unknown malformed function=alarm_acknowledge group=4 "
	  "subfunction=11 items=0 malformed=length\ncontrol complete answered success "
	  "malformed function=alarm_acknowledge group=4 subfunction=11 items=0 "
	  "malformed=length sequence=1\n" },
	{ 7, "00011204 11441300", "ff09000c 00011208 1a000134 00000002", 0,
	  "00011208 12841301 00000000",
	  "ff09001e 0001ff09 00180a00 00020000 00050001 02030a00 00020000 00060000 "
	  "0203",
	  "diagnose complete answered success function=alarm_query group=4 "
	  "subfunction=19 alarm.kind=alarm_8 sequence=1\nitem diagnose complete - "
	  "success index=0 alarm.kind=alarm_8 address=event 0x00000005 event.id=5 "
	  "alarm.state=1 alarm.acknowledged_going=2 alarm.acknowledged_coming=3\nitem "
	  "diagnose complete - success index=1 alarm.kind=alarm_8 address=event "
	  "0x00000006 event.id=6 alarm.state=0 alarm.acknowledged_going=2 "
	  "alarm.acknowledged_coming=3\n" },
	{ 7, "00011204 11441300", "ff09000c 00011208 1a000134 00000004", 0,
	  "00011208 12841301 00000000",
	  "ff090023 0001ff09 ffff1a00 00040000 00050001 02032601 12060000 00020000 "
	  "00000000 000000",
	  "diagnose complete answered success function=alarm_query group=4 "
	  "subfunction=19 alarm.kind=alarm_s sequence=1\nitem diagnose complete - "
	  "success index=0 alarm.kind=alarm_s address=event 0x00000005 event.id=5 "
	  "alarm.state=1 alarm.acknowledged_going=2 alarm.acknowledged_coming=3 "
	  "time=2026-01-12T06:00:00.000Z\n" },
	{ 7, "00011204 11441300", "ff09000c 00011208 1a000334 00000005", 0,
	  "00011208 12841301 00000000", "ff090006 00010a00 0000",
	  "diagnose complete answered success function=alarm_query group=4 "
	  "subfunction=19 event.id=5 sequence=1\n" },
	{ 7, "00011204 11441300", "ff090002 0001", 0, "00011208 12841301 00000000", "0a000000",
	  "diagnose complete answered success malformed function=alarm_query group=4 "
	  "subfunction=19 malformed=length sequence=1\n" },
	{ 7, "00011204 11441500", "ff090001 01", 0, "00011208 12841501 00000000", "0a000000",
	  "unknown request - unknown function=unknown group=4 subfunction=21 "
	  "data=01\nunknown complete answered success function=unknown group=4 "
	  "subfunction=21 data=01 sequence=1\n" },
	{ 7, "00011204 11450100", "ff090008 00000000 00000000", 0, "00011208 12850101 0000d602",
	  "0a000000",
	  "authenticate request - unknown function=password group=5 subfunction=1 "
	  "password=present password_length=8\nauthenticate complete answered failure "
	  "function=password group=5 subfunction=1 password=present password_length=8 "
	  "error_code=54786 error=wrong_password return_code=10 sequence=1\n" },
	{ 7, "00011204 11450100", "ff090008 00000000 00000000", 0, "00011208 12850101 00000000",
	  "0a000000",
	  "authenticate request - unknown function=password group=5 subfunction=1 "
	  "password=present password_length=8\nauthenticate complete answered success "
	  "function=password group=5 subfunction=1 password=present password_length=8 "
	  "sequence=1\n" },
	{ 7, "00011204 11450200", "0a000000", 0, "00011208 12850201 00000000", "0a000000",
	  "session complete answered success function=clear_password group=5 "
	  "subfunction=2 sequence=1\n" },
	{ 7, "00011204 11450300", "0a000000", 0, "00011208 12850301 00000000", "0a000000",
	  "unknown request - unknown function=unknown group=5 subfunction=3\nunknown "
	  "complete answered success function=unknown group=5 subfunction=3 "
	  "sequence=1\n" },
	{ 7, "00011204 11460100", "ff09000c 12061300 00000005 00026162", 0,
	  "00011208 12860101 00000000", "ff090008 12061300 00000005",
	  "io complete answered success function=bsend group=6 subfunction=1 r_id=5 "
	  "data=00026162 sequence=1\n" },
	{ 7, "00011204 11460100", "ff090003 120613", 0, "00011208 12860101 00000000", "0a000000",
	  "io complete answered success malformed function=bsend group=6 "
	  "subfunction=1 malformed=length sequence=1\n" },
	{ 7, "00011204 11470100", "0a000000", 0, "00011208 12870101 00000000",
	  "ff09000a 00192601 12060000 0002",
	  "read complete answered success function=read_clock group=7 subfunction=1 "
	  "sequence=1 clock=2026-01-12T06:00:00.000Z\n" },
	{ 7, "00011204 11470200", "ff09000a 00192601 12060000 0002", 0,
	  "00011208 12870201 00000000", "0a000000",
	  "time_set request - unknown function=set_clock group=7 subfunction=2 "
	  "target=clock clock=2026-01-12T06:00:00.000Z\ntime_set complete answered "
	  "success function=set_clock group=7 subfunction=2 target=clock "
	  "clock=2026-01-12T06:00:00.000Z sequence=1\n" },
	{ 7, "00011204 11470300", "0a000000", 0, "00011208 12870301 00000000",
	  "ff09000a 00192601 12060000 0002",
	  "read complete answered success function=read_clock group=7 subfunction=3 "
	  "sequence=1 clock=2026-01-12T06:00:00.000Z\n" },
	{ 7, "00011204 11470400", "ff09000a 00192601 12060000 0002", 0,
	  "00011208 12870401 0000dc01", "0a000000",
	  "time_set request - unknown function=set_clock group=7 subfunction=4 "
	  "target=clock clock=2026-01-12T06:00:00.000Z\ntime_set complete answered "
	  "failure function=set_clock group=7 subfunction=4 target=clock "
	  "clock=2026-01-12T06:00:00.000Z error_code=56321 error=invalid_time "
	  "return_code=10 sequence=1\n" },
	{ 7, "00011204 11470200", "ff09000a 00190000 00000000 0000", 0,
	  "00011208 12870201 00000000", "0a000000",
	  "time_set request - unknown malformed function=set_clock group=7 "
	  "subfunction=2 target=clock malformed=time\ntime_set complete answered "
	  "success malformed function=set_clock group=7 subfunction=2 target=clock "
	  "malformed=time sequence=1\n" },
	{ 7, "00011204 11470200", "ff090003 001926", 0, "00011208 12870201 00000000", "0a000000",
	  "time_set request - unknown malformed function=set_clock group=7 "
	  "subfunction=2 target=clock malformed=length\ntime_set complete answered "
	  "success malformed function=set_clock group=7 subfunction=2 target=clock "
	  "malformed=length sequence=1\n" },
	{ 7, "00011204 11470200", "ff09000a 00199412 31235959 9992", 0,
	  "00011208 12870201 00000000", "0a000000",
	  "time_set request - unknown function=set_clock group=7 subfunction=2 "
	  "target=clock clock=1994-12-31T23:59:59.999Z\ntime_set complete answered "
	  "success function=set_clock group=7 subfunction=2 target=clock "
	  "clock=1994-12-31T23:59:59.999Z sequence=1\n" },
	{ 7, "00011204 11490100", "ff090002 0102", 0, "00011208 12890101 00000000", "ff090001 03",
	  "unknown request - unknown function=unknown group=9 subfunction=1 "
	  "data=0102\nunknown complete answered success function=unknown group=9 "
	  "subfunction=1 data=0102 sequence=1 data=03\n" },
	{ 7, "00011204 11443000", "0a000000", 0, "00011208 12843001 00000000", "0a000000",
	  "unknown request - unknown function=unknown group=4 subfunction=48\nunknown "
	  "complete answered success function=unknown group=4 subfunction=48 "
	  "sequence=1\n" },
	{ 7, "00011204 11440100", "ff090004 00110000", 0, "00011208 12840101 00000000", "03090000",
	  "identify complete answered failure function=read_szl group=4 subfunction=1 "
	  "target=SZL 0x0011 index 0x0000 szl.id=17 szl.index=0 "
	  "szl.name=module_identification return_code=3 sequence=1\n" },
	{ 7, "00 01 12 04 11 7f 01 00", "ff090009 2f5f4e5f 415f4d50 46", 0,
	  "00 01 12 08 12 bf 01 01 01 00 0000", "ff090002 0400",
	  "file_write request - unknown function=nc_request_download group=15 "
	  "subfunction=1 target=/_N_A_MPF file_name=/_N_A_MPF\nfile_write complete "
	  "answered success function=nc_request_download group=15 subfunction=1 "
	  "target=/_N_A_MPF file_name=/_N_A_MPF sequence=1\n" },
	{ 7, "00 01 12 04 11 7f 06 00", "ff09000b 01002f5f 4e5f415f 4d5046", 0,
	  "00 01 12 08 12 bf 06 01 01 00 0000", "ff090002 0400",
	  "file_read request - unknown function=nc_start_upload group=15 "
	  "subfunction=6 target=/_N_A_MPF file_name=/_N_A_MPF\nfile_read complete "
	  "answered success function=nc_start_upload group=15 subfunction=6 "
	  "target=/_N_A_MPF file_name=/_N_A_MPF sequence=1\n" },
	{ 7, "00 01 12 04 11 44 01 00", "ff 09 0020 0011", 0, "00 01 12 08 12 84 01 01 00 00 0000",
	  "ff 09 0020 0011",
	  "diagnose complete answered success malformed function=read_szl group=4 "
	  "subfunction=1 malformed=data_length sequence=1 malformed=data_length\n" },
	{ 7, "00 01 12 04 11 44 01 00", "ff 09", 0, "00 01 12 08 12 84 01 01 00 00 0000", "",
	  "diagnose complete answered success malformed function=read_szl group=4 "
	  "subfunction=1 malformed=data_length sequence=1\n" },
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
