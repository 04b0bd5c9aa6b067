/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Objects of DNP3: every variation that has a layout, files, authentication, device attributes. */

#include "dnp3_world.h"

/* Objects of an answer to a class poll, what its record says of them, and its items. */
static const struct {
	const char *objects, *log;
} objects[] = {
	{ "010100 00 03 0b", "response_objects=g1v1 items=4\n"
			     "index=0 address=g1v1[0] type=bit value=1\n"
			     "index=1 address=g1v1[1] type=bit value=1\n"
			     "index=2 address=g1v1[2] type=bit value=0\n"
			     "index=3 address=g1v1[3] type=bit value=1\n" },
	{ "010200 00 01 81 4c", "response_objects=g1v2 items=2\n"
				"index=0 address=g1v2[0] type=bit value=1 quality=online\n"
				"index=1 address=g1v2[1] type=bit value=0 "
				"quality=offline,comm_lost,remote_forced,reserved_6\n" },
	{ "020117 01 05 81", "response_objects=g2v1 items=1\n"
			     "index=0 address=g2v1[5] type=bit value=1 quality=online\n" },
	{ "020228 0100 bc02 011b33cab09b01",
	  "response_objects=g2v2 items=1\n"
	  "index=0 address=g2v2[700] type=bit value=0 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "330107 011b33cab09b01 020317 01 01 81 fa00",
	  "response_objects=g51v1,g2v3 items=2\n"
	  "index=0 address=g51v1 type=time time=2026-01-12T06:00:00.027Z "
	  "quality=synchronized\n"
	  "index=1 address=g2v3[1] type=bit value=1 quality=online "
	  "time=2026-01-12T06:00:00.277Z\n" },
	{ "330207 011b33cab09b01 020317 01 01 01 0100",
	  "response_objects=g51v2,g2v3 items=2\n"
	  "index=0 address=g51v2 type=time time=2026-01-12T06:00:00.027Z "
	  "quality=unsynchronized\n"
	  "index=1 address=g2v3[1] type=bit value=0 quality=online "
	  "time=2026-01-12T06:00:00.028Z\n" },
	{ "020317 01 01 01 0100", "response_objects=g2v3 items=1\n"
				  "index=0 address=g2v3[1] type=bit value=0 quality=online\n" },
	{ "030100 00 04 e4 01",
	  "response_objects=g3v1 items=5\n"
	  "index=0 address=g3v1[0] type=double_bit value=0 text=intermediate\n"
	  "index=1 address=g3v1[1] type=double_bit value=1 text=determined_off\n"
	  "index=2 address=g3v1[2] type=double_bit value=2 text=determined_on\n"
	  "index=3 address=g3v1[3] type=double_bit value=3 text=indeterminate\n"
	  "index=4 address=g3v1[4] type=double_bit value=1 text=determined_off\n" },
	{ "030200 08 09 81 43",
	  "response_objects=g3v2 items=2\n"
	  "index=0 address=g3v2[8] type=double_bit value=2 text=determined_on "
	  "quality=online\n"
	  "index=1 address=g3v2[9] type=double_bit value=1 text=determined_off "
	  "quality=online,restart\n" },
	{ "040117 01 00 81", "response_objects=g4v1 items=1\n"
			     "index=0 address=g4v1[0] type=double_bit value=2 text=determined_on "
			     "quality=online\n" },
	{ "040217 01 01 411b33cab09b01",
	  "response_objects=g4v2 items=1\n"
	  "index=0 address=g4v2[1] type=double_bit value=1 text=determined_off "
	  "quality=online time=2026-01-12T06:00:00.027Z\n" },
	{ "330107 011b33cab09b01 040317 01 02 c1 4d00",
	  "response_objects=g51v1,g4v3 items=2\n"
	  "index=0 address=g51v1 type=time time=2026-01-12T06:00:00.027Z "
	  "quality=synchronized\n"
	  "index=1 address=g4v3[2] type=double_bit value=3 text=indeterminate "
	  "quality=online time=2026-01-12T06:00:00.104Z\n" },
	{ "0a0100 00 02 05", "response_objects=g10v1 items=3\n"
			     "index=0 address=g10v1[0] type=bit value=1\n"
			     "index=1 address=g10v1[1] type=bit value=0\n"
			     "index=2 address=g10v1[2] type=bit value=1\n" },
	{ "0a0200 00 00 9f", "response_objects=g10v2 items=1\n"
			     "index=0 address=g10v2[0] type=bit value=1 "
			     "quality=online,restart,comm_lost,remote_forced,local_forced\n" },
	{ "0b0117 01 00 81", "response_objects=g11v1 items=1\n"
			     "index=0 address=g11v1[0] type=bit value=1 quality=online\n" },
	{ "0b0217 01 00 011b33cab09b01", "response_objects=g11v2 items=1\n"
					 "index=0 address=g11v2[0] type=bit value=0 quality=online "
					 "time=2026-01-12T06:00:00.027Z\n" },
	{ "0c0300 00 02 07", "response_objects=g12v3 items=3\n"
			     "index=0 address=g12v3[0] type=bit value=1\n"
			     "index=1 address=g12v3[1] type=bit value=1\n"
			     "index=2 address=g12v3[2] type=bit value=1\n" },
	{ "0d0117 01 00 80", "response_objects=g13v1 items=1\n"
			     "index=0 address=g13v1[0] type=bit value=1 status=success\n" },
	{ "0d0217 01 01 091b33cab09b01",
	  "response_objects=g13v2 items=1\n"
	  "index=0 address=g13v2[1] type=bit value=0 status=not_authorized "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "140100 00 00 61 00286bee", "response_objects=g20v1 items=1\n"
				      "index=0 address=g20v1[0] type=uint32 value=4000000000 "
				      "quality=online,rollover,discontinuity\n" },
	{ "140200 01 01 21 ffff", "response_objects=g20v2 items=1\n"
				  "index=0 address=g20v2[1] type=uint16 value=65535 "
				  "quality=online,rollover\n" },
	{ "140300 00 00 01 01000000",
	  "response_objects=g20v3 items=1\n"
	  "index=0 address=g20v3[0] type=uint32 value=1 quality=online\n" },
	{ "140400 00 00 01 0100", "response_objects=g20v4 items=1\n"
				  "index=0 address=g20v4[0] type=uint16 value=1 quality=online\n" },
	{ "140500 02 02 01000000", "response_objects=g20v5 items=1\n"
				   "index=0 address=g20v5[2] type=uint32 value=1\n" },
	{ "140600 04 04 0200", "response_objects=g20v6 items=1\n"
			       "index=0 address=g20v6[4] type=uint16 value=2\n" },
	{ "140700 00 00 05000000", "response_objects=g20v7 items=1\n"
				   "index=0 address=g20v7[0] type=uint32 value=5\n" },
	{ "150100 00 00 01 01000000",
	  "response_objects=g21v1 items=1\n"
	  "index=0 address=g21v1[0] type=uint32 value=1 quality=online\n" },
	{ "150300 00 00 01 03000000",
	  "response_objects=g21v3 items=1\n"
	  "index=0 address=g21v3[0] type=uint32 value=3 quality=online\n" },
	{ "150500 00 00 01 050000001b33cab09b01",
	  "response_objects=g21v5 items=1\n"
	  "index=0 address=g21v5[0] type=uint32 value=5 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "150600 00 00 01 06001b33cab09b01",
	  "response_objects=g21v6 items=1\n"
	  "index=0 address=g21v6[0] type=uint16 value=6 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "150700 00 00 01 070000001b33cab09b01",
	  "response_objects=g21v7 items=1\n"
	  "index=0 address=g21v7[0] type=uint32 value=7 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "150800 00 00 01 08001b33cab09b01",
	  "response_objects=g21v8 items=1\n"
	  "index=0 address=g21v8[0] type=uint16 value=8 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "150900 00 00 09000000", "response_objects=g21v9 items=1\n"
				   "index=0 address=g21v9[0] type=uint32 value=9\n" },
	{ "150a00 00 00 0a00", "response_objects=g21v10 items=1\n"
			       "index=0 address=g21v10[0] type=uint16 value=10\n" },
	{ "150b00 00 00 0b000000", "response_objects=g21v11 items=1\n"
				   "index=0 address=g21v11[0] type=uint32 value=11\n" },
	{ "150c00 00 00 0c00", "response_objects=g21v12 items=1\n"
			       "index=0 address=g21v12[0] type=uint16 value=12\n" },
	{ "160117 01 00 01 01000000",
	  "response_objects=g22v1 items=1\n"
	  "index=0 address=g22v1[0] type=uint32 value=1 quality=online\n" },
	{ "160317 01 00 01 03000000",
	  "response_objects=g22v3 items=1\n"
	  "index=0 address=g22v3[0] type=uint32 value=3 quality=online\n" },
	{ "160517 01 00 01 050000001b33cab09b01",
	  "response_objects=g22v5 items=1\n"
	  "index=0 address=g22v5[0] type=uint32 value=5 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "160617 01 00 01 06001b33cab09b01",
	  "response_objects=g22v6 items=1\n"
	  "index=0 address=g22v6[0] type=uint16 value=6 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "160717 01 00 01 070000001b33cab09b01",
	  "response_objects=g22v7 items=1\n"
	  "index=0 address=g22v7[0] type=uint32 value=7 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "160817 01 00 01 08001b33cab09b01",
	  "response_objects=g22v8 items=1\n"
	  "index=0 address=g22v8[0] type=uint16 value=8 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "170117 01 00 01 01000000",
	  "response_objects=g23v1 items=1\n"
	  "index=0 address=g23v1[0] type=uint32 value=1 quality=online\n" },
	{ "170817 01 00 01 08001b33cab09b01",
	  "response_objects=g23v8 items=1\n"
	  "index=0 address=g23v8[0] type=uint16 value=8 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "1e0100 00 00 21 90eefeff", "response_objects=g30v1 items=1\n"
				      "index=0 address=g30v1[0] type=int32 value=-70000 "
				      "quality=online,over_range\n" },
	{ "1e0200 02 02 45 feff", "response_objects=g30v2 items=1\n"
				  "index=0 address=g30v2[2] type=int16 value=-2 "
				  "quality=online,comm_lost,reference_error\n" },
	{ "1e0300 03 03 fcffffff", "response_objects=g30v3 items=1\n"
				   "index=0 address=g30v3[3] type=int32 value=-4\n" },
	{ "1e0400 04 04 0080", "response_objects=g30v4 items=1\n"
			       "index=0 address=g30v4[4] type=int16 value=-32768\n" },
	{ "1e0500 06 06 01 0000c03f",
	  "response_objects=g30v5 items=1\n"
	  "index=0 address=g30v5[6] type=float32 value=1.5 quality=online\n" },
	{ "1e0600 07 07 81 000000000000f83f", "response_objects=g30v6 items=1\n"
					      "index=0 address=g30v6[7] type=float64 value=1.5 "
					      "quality=online,reserved_7\n" },
	{ "1f0100 00 00 01 01000000",
	  "response_objects=g31v1 items=1\n"
	  "index=0 address=g31v1[0] type=int32 value=1 quality=online\n" },
	{ "1f0300 00 00 01 030000001b33cab09b01",
	  "response_objects=g31v3 items=1\n"
	  "index=0 address=g31v3[0] type=int32 value=3 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "1f0400 00 00 01 04001b33cab09b01",
	  "response_objects=g31v4 items=1\n"
	  "index=0 address=g31v4[0] type=int16 value=4 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "1f0500 00 00 05000000", "response_objects=g31v5 items=1\n"
				   "index=0 address=g31v5[0] type=int32 value=5\n" },
	{ "1f0700 00 00 01 0000c03f",
	  "response_objects=g31v7 items=1\n"
	  "index=0 address=g31v7[0] type=float32 value=1.5 quality=online\n" },
	{ "1f0800 00 00 01 000000000000f83f",
	  "response_objects=g31v8 items=1\n"
	  "index=0 address=g31v8[0] type=float64 value=1.5 quality=online\n" },
	{ "200117 01 00 01 ffffffff",
	  "response_objects=g32v1 items=1\n"
	  "index=0 address=g32v1[0] type=int32 value=-1 quality=online\n" },
	{ "200217 01 00 01 feff", "response_objects=g32v2 items=1\n"
				  "index=0 address=g32v2[0] type=int16 value=-2 quality=online\n" },
	{ "200317 01 00 01 fdffffff1b33cab09b01",
	  "response_objects=g32v3 items=1\n"
	  "index=0 address=g32v3[0] type=int32 value=-3 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "200417 01 00 01 fcff1b33cab09b01",
	  "response_objects=g32v4 items=1\n"
	  "index=0 address=g32v4[0] type=int16 value=-4 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "200528 0100 e803 01 0000a03f",
	  "response_objects=g32v5 items=1\n"
	  "index=0 address=g32v5[1000] type=float32 value=1.25 quality=online\n" },
	{ "200628 0100 e903 01 0000000000000440",
	  "response_objects=g32v6 items=1\n"
	  "index=0 address=g32v6[1001] type=float64 value=2.5 quality=online\n" },
	{ "200728 0100 ea03 01 000000bf1b33cab09b01",
	  "response_objects=g32v7 items=1\n"
	  "index=0 address=g32v7[1002] type=float32 value=-0.5 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "200839 01000000 eb030000 00 00000000000004401b33cab09b01",
	  "response_objects=g32v8 items=1\n"
	  "index=0 address=g32v8[1003] type=float64 value=2.5 quality=offline "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "210117 01 00 01 ffffffff",
	  "response_objects=g33v1 items=1\n"
	  "index=0 address=g33v1[0] type=int32 value=-1 quality=online\n" },
	{ "210817 01 00 01 00000000000004401b33cab09b01",
	  "response_objects=g33v8 items=1\n"
	  "index=0 address=g33v8[0] type=float64 value=2.5 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "220100 00 00 6400", "response_objects=g34v1 items=1\n"
			       "index=0 address=g34v1[0] type=uint16 value=100\n" },
	{ "220200 00 00 a0860100", "response_objects=g34v2 items=1\n"
				   "index=0 address=g34v2[0] type=uint32 value=100000\n" },
	{ "220300 00 00 0000c03f", "response_objects=g34v3 items=1\n"
				   "index=0 address=g34v3[0] type=float32 value=1.5\n" },
	{ "280100 00 00 01 fbffffff",
	  "response_objects=g40v1 items=1\n"
	  "index=0 address=g40v1[0] type=int32 value=-5 quality=online\n" },
	{ "280200 00 00 01 faff", "response_objects=g40v2 items=1\n"
				  "index=0 address=g40v2[0] type=int16 value=-6 quality=online\n" },
	{ "280300 00 00 01 0000e040",
	  "response_objects=g40v3 items=1\n"
	  "index=0 address=g40v3[0] type=float32 value=7 quality=online\n" },
	{ "280400 00 00 09 0000000000002040", "response_objects=g40v4 items=1\n"
					      "index=0 address=g40v4[0] type=float64 value=8 "
					      "quality=online,remote_forced\n" },
	{ "2a0117 01 00 01 ffffffff",
	  "response_objects=g42v1 items=1\n"
	  "index=0 address=g42v1[0] type=int32 value=-1 quality=online\n" },
	{ "2a0817 01 00 01 00000000000004401b33cab09b01",
	  "response_objects=g42v8 items=1\n"
	  "index=0 address=g42v8[0] type=float64 value=2.5 quality=online "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "2b0117 01 00 00 01000000",
	  "response_objects=g43v1 items=1\n"
	  "index=0 address=g43v1[0] type=int32 value=1 status=success\n" },
	{ "2b0217 01 01 04 0200",
	  "response_objects=g43v2 items=1\n"
	  "index=0 address=g43v2[1] type=int16 value=2 status=not_supported\n" },
	{ "2b0317 01 02 00 030000001b33cab09b01",
	  "response_objects=g43v3 items=1\n"
	  "index=0 address=g43v3[2] type=int32 value=3 status=success "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "2b0417 01 03 00 04001b33cab09b01",
	  "response_objects=g43v4 items=1\n"
	  "index=0 address=g43v4[3] type=int16 value=4 status=success "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "2b0517 01 04 00 0000a040",
	  "response_objects=g43v5 items=1\n"
	  "index=0 address=g43v5[4] type=float32 value=5 status=success\n" },
	{ "2b0617 01 05 0c 0000000000001840",
	  "response_objects=g43v6 items=1\n"
	  "index=0 address=g43v6[5] type=float64 value=6 status=out_of_range\n" },
	{ "2b0717 01 06 00 0000e0401b33cab09b01",
	  "response_objects=g43v7 items=1\n"
	  "index=0 address=g43v7[6] type=float32 value=7 status=success "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "2b0817 01 07 11 00000000000020401b33cab09b01",
	  "response_objects=g43v8 items=1\n"
	  "index=0 address=g43v8[7] type=float64 value=8 "
	  "status=blocked_other_master time=2026-01-12T06:00:00.027Z\n" },
	{ "320107 011b33cab09b01",
	  "response_objects=g50v1 items=1\n"
	  "index=0 address=g50v1 type=time time=2026-01-12T06:00:00.027Z\n" },
	{ "320207 011b33cab09b0110270000",
	  "response_objects=g50v2 items=1\n"
	  "index=0 address=g50v2 type=time time=2026-01-12T06:00:00.027Z "
	  "interval=10000\n" },
	{ "320307 011b33cab09b01",
	  "response_objects=g50v3 items=1\n"
	  "index=0 address=g50v3 type=time time=2026-01-12T06:00:00.027Z\n" },
	{ "320400 00 001b33cab09b0110270000 05",
	  "response_objects=g50v4 items=1\n"
	  "index=0 address=g50v4[0] type=time time=2026-01-12T06:00:00.027Z "
	  "interval=10000\n" },
	{ "320107 01 ffffffffffff", "response_objects=g50v1 items=1\n"
				    "index=0 address=g50v1 type=time\n" },
	{ "500100 00 0f 9200", "response_objects=g80v1 items=16\n"
			       "index=0 address=g80v1[0] type=bit value=0\n"
			       "index=1 address=g80v1[1] type=bit value=1\n"
			       "index=2 address=g80v1[2] type=bit value=0\n"
			       "index=3 address=g80v1[3] type=bit value=0\n"
			       "index=4 address=g80v1[4] type=bit value=1\n"
			       "index=5 address=g80v1[5] type=bit value=0\n"
			       "index=6 address=g80v1[6] type=bit value=0\n"
			       "index=7 address=g80v1[7] type=bit value=1\n"
			       "index=8 address=g80v1[8] type=bit value=0\n"
			       "index=9 address=g80v1[9] type=bit value=0\n"
			       "index=10 address=g80v1[10] type=bit value=0\n"
			       "index=11 address=g80v1[11] type=bit value=0\n"
			       "index=12 address=g80v1[12] type=bit value=0\n"
			       "index=13 address=g80v1[13] type=bit value=0\n"
			       "index=14 address=g80v1[14] type=bit value=0\n"
			       "index=15 address=g80v1[15] type=bit value=0\n" },
	{ "510107 01 5a 1e 01", "response_objects=g81v1 items=1\n"
				"index=0 address=g81v1 type=octets data=5a1e01\n" },
	{ "52015b01 0300 504631",
	  "response_objects=g82v1 items=1\n"
	  "index=0 address=g82v1 type=octets text=PF1 count=3 data=504631\n" },
	{ "53015b01 0200 0102", "response_objects=g83v1 items=1\n"
				"index=0 address=g83v1 type=octets count=2 data=0102\n" },
	{ "55015b01 0d00 04 01 00 00 07 07 04 00 00 46 65 65 64",
	  "response_objects=g85v1 items=1\n"
	  "index=0 address=g85v1 type=data_set data_set.id=7 data_set.name=Feed "
	  "data_set.elements=0 count=13 data=04010000070704000046656564\n" },
	{ "56015b01 1000 04 01 00 00 02 05 05 04 08 6162 04 04 00 00 46",
	  "response_objects=g86v1 items=1\n"
	  "index=0 address=g86v1 type=data_set data_set.id=2 data_set.name=F "
	  "data_set.elements=1 count=16 data=04010000020505040861620404000046\n" },
	{ "56025b01 0300 010203", "response_objects=g86v2 items=1\n"
				  "index=0 address=g86v2 type=octets count=3 data=010203\n" },
	{ "57015b01 0500 01 02 02 aabb",
	  "response_objects=g87v1 items=1\n"
	  "index=0 address=g87v1 type=data_set data_set.id=2 data_set.elements=2 "
	  "count=5 data=010202aabb\n" },
	{ "58015b01 0300 01 07 05",
	  "response_objects=g88v1 items=1\n"
	  "index=0 address=g88v1 type=data_set data_set.id=7 data_set.elements=1 "
	  "count=3 data=010705\n" },
	{ "5a015b01 0200 4150", "response_objects=g90v1 items=1\n"
				"index=0 address=g90v1 type=octets text=AP count=2 data=4150\n" },
	{ "640100 00 00 0000c03f", "response_objects=g100v1 items=1\n"
				   "index=0 address=g100v1[0] type=float32 value=1.5\n" },
	{ "640200 00 00 000000000000f83f", "response_objects=g100v2 items=1\n"
					   "index=0 address=g100v2[0] type=float64 value=1.5\n" },
	{ "650100 00 00 3412", "response_objects=g101v1 items=1\n"
			       "index=0 address=g101v1[0] type=bcd value=1234\n" },
	{ "650200 00 00 78563412", "response_objects=g101v2 items=1\n"
				   "index=0 address=g101v2[0] type=bcd value=12345678\n" },
	{ "650300 00 00 2143658709000000", "response_objects=g101v3 items=1\n"
					   "index=0 address=g101v3[0] type=bcd value=987654321\n" },
	{ "660100 00 01 017f", "response_objects=g102v1 items=2\n"
			       "index=0 address=g102v1[0] type=uint8 value=1\n"
			       "index=1 address=g102v1[1] type=uint8 value=127\n" },
	{ "6e0300 00 01 414243 00ff01",
	  "response_objects=g110 items=2\n"
	  "index=0 address=g110v3[0] type=octets text=ABC count=3 data=414243\n"
	  "index=1 address=g110v3[1] type=octets count=3 data=00ff01\n" },
	{ "6f0217 01 04 4f4e",
	  "response_objects=g111 items=1\n"
	  "index=0 address=g111v2[4] type=octets text=ON count=2 data=4f4e\n" },
	{ "700317 01 01 0d0a00", "response_objects=g112 items=1\n"
				 "index=0 address=g112v3[1] type=octets count=3 data=0d0a00\n" },
	{ "710317 01 01 6f6b21",
	  "response_objects=g113 items=1\n"
	  "index=0 address=g113v3[1] type=octets text=ok! count=3 data=6f6b21\n" },
	{ "790100 00 00 01 0100 2a000000",
	  "response_objects=g121v1 items=1\n"
	  "index=0 address=g121v1[0] type=uint32 value=42 quality=online "
	  "authentication.association=1\n" },
	{ "7a0117 01 03 01 0000 2b000000",
	  "response_objects=g122v1 items=1\n"
	  "index=0 address=g122v1[3] type=uint32 value=43 quality=online "
	  "authentication.association=0\n" },
	{ "7a0217 01 03 01 0000 2c0000001b33cab09b01",
	  "response_objects=g122v2 items=1\n"
	  "index=0 address=g122v2[3] type=uint32 value=44 quality=online "
	  "authentication.association=0 time=2026-01-12T06:00:00.027Z\n" },
	{ "00fc00 00 00 01 03 53454c",
	  "response_objects=g0v252 device.vendor_name=SEL items=1\n"
	  "index=0 address=g0v252[0] type=text attribute=vendor_name text=SEL\n" },
	{ "00f800 00 00 01 05 3132330020",
	  "response_objects=g0v248 device.serial_number=123 items=1\n"
	  "index=0 address=g0v248[0] type=text attribute=serial_number text=123\n" },
	{ "00ef00 00 00 02 01 20",
	  "response_objects=g0v239 items=1\n"
	  "index=0 address=g0v239[0] type=uint attribute=binary_inputs value=32\n" },
	{ "00f000 00 00 02 02 0008",
	  "response_objects=g0v240 items=1\n"
	  "index=0 address=g0v240[0] type=uint attribute=max_transmit_fragment "
	  "value=2048\n" },
	{ "00d900 00 00 03 02 f6ff",
	  "response_objects=g0v217 items=1\n"
	  "index=0 address=g0v217[0] type=int attribute=local_timing_accuracy "
	  "value=-10\n" },
	{ "00cb00 00 00 04 04 00805443",
	  "response_objects=g0v203 items=1\n"
	  "index=0 address=g0v203[0] type=float attribute=altitude value=212.5\n" },
	{ "00cb00 00 00 04 08 0000000000906a40",
	  "response_objects=g0v203 items=1\n"
	  "index=0 address=g0v203[0] type=float attribute=altitude value=212.5\n" },
	{ "00c700 00 00 07 061b33cab09b01",
	  "response_objects=g0v199 items=1\n"
	  "index=0 address=g0v199[0] type=time attribute=config_last_change_date "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "00ca00 00 00 05 02 cafe",
	  "response_objects=g0v202 items=1\n"
	  "index=0 address=g0v202[0] type=octets attribute=master_resource_id "
	  "data=cafe\n" },
	{ "000100 01 01 06 01 07", "response_objects=g0 items=1\n"
				   "index=0 address=g0v1[1] type=bits data=07\n" },
	{ "00ff00 00 00 fe 04 fc00fa01",
	  "response_objects=g0v255 items=1\n"
	  "index=0 address=g0v255[0] type=list attribute=list_of_attributes "
	  "data=fc00fa01\n" },
	{ "00fc00 01 01 01 02 4142",
	  "response_objects=g0v252 items=1\n"
	  "index=0 address=g0v252[1] type=text attribute=vendor_name text=AB\n" },
};

/* Requests and answers about files, with authentication, and of device attributes. */
static const struct {
	const char *request, *response, *log;
} exchanges[] = {
	{ "c0 19 46035b01 1c00 1a00 0200 1b33cab09b01 a401 00000000 00000000 0100 0004 0700 2f61",
	  "c0 81 0000 46045b01 0d00 11000000 08070000 0004 0700 00 ",
	  "file_read request - unknown function_code=25 function=open_file "
	  "sequence=0 objects=g70v3 qualifiers=91 file.name=/a target=/a "
	  "file.mode=read file.request_id=7\n"
	  "file_read success function_code=25 function=open_file sequence=0 "
	  "objects=g70v3 qualifiers=91 file.name=/a target=/a file.mode=read "
	  "file.request_id=7 response_objects=g70v4 file.handle=17 "
	  "file.size=1800 file.block_size=1024 file.request_id=7 "
	  "file.status=success\n" },
	{ "c0 19 46035b01 1c00 1a00 0200 1b33cab09b01 a401 c7e25e00 2c010000 0200 0004 0700 2f62",
	  "c0 81 0000 46045b01 0d00 12000000 2c010000 0004 0700 00 ",
	  "file_write request - unknown function_code=25 function=open_file "
	  "sequence=0 objects=g70v3 qualifiers=91 file.name=/b target=/b "
	  "file.mode=write file.permissions=rw-r--r-- "
	  "file.created=2026-01-12T06:00:00.027Z file.size=300 "
	  "file.authentication_key_present=true file.request_id=7\n"
	  "file_write success function_code=25 function=open_file sequence=0 "
	  "objects=g70v3 qualifiers=91 file.name=/b target=/b file.mode=write "
	  "file.permissions=rw-r--r-- file.created=2026-01-12T06:00:00.027Z "
	  "file.size=300 file.authentication_key_present=true file.request_id=7 "
	  "response_objects=g70v4 file.handle=18 file.size=300 "
	  "file.block_size=1024 file.request_id=7 file.status=success\n" },
	{ "c0 19 46035b01 1c00 1a00 0200 1b33cab09b01 a401 00000000 00000000 0300 0004 0700 2f62",
	  "c0 81 0000 46045b01 0f00 00000000 00000000 0004 0700 01 6e6f",
	  "file_write request - unknown function_code=25 function=open_file "
	  "sequence=0 objects=g70v3 qualifiers=91 file.name=/b target=/b "
	  "file.mode=append file.permissions=rw-r--r-- "
	  "file.created=2026-01-12T06:00:00.027Z file.size=0 file.request_id=7\n"
	  "file_write failure function_code=25 function=open_file sequence=0 "
	  "objects=g70v3 qualifiers=91 file.name=/b target=/b file.mode=append "
	  "file.permissions=rw-r--r-- file.created=2026-01-12T06:00:00.027Z "
	  "file.size=0 file.request_id=7 response_objects=g70v4 file.handle=0 "
	  "file.block_size=1024 file.request_id=7 file.status=permission_denied "
	  "file.status_text=no\n" },
	{ "c0 19 46035b01 1c00 1a00 0200 1b33cab09b01 a401 00000000 00000000 0900 0004 0700 2f62",
	  "c0 81 0004",
	  "file_read request - unknown function_code=25 function=open_file "
	  "sequence=0 objects=g70v3 qualifiers=91 file.name=/b target=/b "
	  "file.mode=unknown file.request_id=7\n"
	  "file_read failure function_code=25 function=open_file sequence=0 "
	  "objects=g70v3 qualifiers=91 file.name=/b target=/b file.mode=unknown "
	  "file.request_id=7 iin=parameter_error\n" },
	{ "c0 01 46055b01 0800 11000000 00000000",
	  "c0 81 0000 46055b01 0b00 11000000 00000080 414243",
	  "file_read request - unknown function_code=1 function=read sequence=0 "
	  "objects=g70v5 qualifiers=91 target=file handle 17 file.handle=17 "
	  "file.block=0\n"
	  "file_read success function_code=1 function=read sequence=0 "
	  "objects=g70v5 qualifiers=91 target=file handle 17 file.handle=17 "
	  "file.block=0 response_objects=g70v5 file.handle=17 file.block=0 "
	  "file.last_block=true file.block_bytes=3\n" },
	{ "c0 02 46055b01 0a00 12000000 01000000 4142",
	  "c0 81 0000 46065b01 0900 12000000 01000000 14",
	  "file_write request - unknown function_code=2 function=write "
	  "sequence=0 objects=g70v5 qualifiers=91 target=file handle 18 "
	  "file.handle=18 file.block=1 file.block_bytes=2\n"
	  "file_write failure function_code=2 function=write sequence=0 "
	  "objects=g70v5 qualifiers=91 target=file handle 18 file.handle=18 "
	  "file.block=1 file.block_bytes=2 response_objects=g70v6 file.handle=18 "
	  "file.block=1 file.status=block_sequence\n" },
	{ "c0 1a 46045b01 0d00 11000000 00000000 0004 0700 00 ",
	  "c0 81 0000 46045b01 0d00 11000000 00000000 0004 0700 00 ",
	  "file_read request - unknown function_code=26 function=close_file "
	  "sequence=0 objects=g70v4 qualifiers=91 target=file handle 17 "
	  "file.handle=17\n"
	  "file_read success function_code=26 function=close_file sequence=0 "
	  "objects=g70v4 qualifiers=91 target=file handle 17 file.handle=17 "
	  "response_objects=g70v4 file.handle=17 file.block_size=1024 "
	  "file.request_id=7 file.status=success\n" },
	{ "c0 1b 46035b01 1c00 1a00 0200 1b33cab09b01 a401 00000000 00000000 0000 0004 0700 2f63",
	  "c0 81 0000 46045b01 0d00 00000000 00000000 0004 0700 03 ",
	  "file_delete request - unknown function_code=27 function=delete_file "
	  "sequence=0 objects=g70v3 qualifiers=91 file.name=/c target=/c "
	  "file.mode=null file.request_id=7\n"
	  "file_delete failure function_code=27 function=delete_file sequence=0 "
	  "objects=g70v3 qualifiers=91 file.name=/c target=/c file.mode=null "
	  "file.request_id=7 response_objects=g70v4 file.handle=0 "
	  "file.block_size=1024 file.request_id=7 file.status=file_not_found\n" },
	{ "c0 1c 46075b01 1600 1400 0200 0100 00000000 000000000000 0000 0900 2f61",
	  "c0 81 0000 46075b01 1600 1400 0200 0100 08070000 1b33cab09b01 ed01 0900 2f61",
	  "file_read request - unknown function_code=28 "
	  "function=get_file_information sequence=0 objects=g70v7 qualifiers=91 "
	  "file.name=/a target=/a items=1\n"
	  "item file_read request - unknown index=0 address=g70v7 type=file "
	  "file.name=/a file.type=file file.size=0 file.permissions=--------- "
	  "file.request_id=9\n"
	  "file_read success function_code=28 function=get_file_information "
	  "sequence=0 objects=g70v7 qualifiers=91 file.name=/a target=/a items=1 "
	  "response_objects=g70v7 file.name=/a file.type=file file.size=1800 "
	  "file.created=2026-01-12T06:00:00.027Z file.permissions=rwxr-xr-x "
	  "file.request_id=9\n"
	  "item file_read - success index=0 address=g70v7 type=file file.name=/a "
	  "file.type=file file.size=1800 file.created=2026-01-12T06:00:00.027Z "
	  "file.permissions=rwxr-xr-x file.request_id=9\n" },
	{ "c0 1d 46025b01 1100 0c00 0200 0e00 0300 00000000 7532 707764",
	  "c0 81 0000 46025b01 0c00 0c00 0000 0c00 0000 c7e25e00",
	  "authenticate request - unknown function_code=29 "
	  "function=authenticate_file sequence=0 objects=g70v2 qualifiers=91 "
	  "file.user_name=u2 file.password_length=3\n"
	  "authenticate success function_code=29 function=authenticate_file "
	  "sequence=0 objects=g70v2 qualifiers=91 file.user_name=u2 "
	  "file.password_length=3 response_objects=g70v2 "
	  "file.authentication_key_present=true\n" },
	{ "c0 1e 46045b01 0d00 11000000 00000000 0004 0700 00 ",
	  "c0 81 0000 46045b01 0d00 11000000 00000000 0004 0700 09 ",
	  "file_read request - unknown function_code=30 function=abort_file "
	  "sequence=0 objects=g70v4 qualifiers=91 target=file handle 17 "
	  "file.handle=17\n"
	  "file_read failure function_code=30 function=abort_file sequence=0 "
	  "objects=g70v4 qualifiers=91 target=file handle 17 file.handle=17 "
	  "response_objects=g70v4 file.handle=17 file.block_size=1024 "
	  "file.request_id=7 file.status=cannot_abort\n" },
	{ "c0 01 46055b01 0100 11", "c0 81 0000 46045b01 0200 1100",
	  "file_read request - unknown malformed function_code=1 function=read "
	  "sequence=0 objects=g70v5 qualifiers=91 malformed=file_object\n"
	  "file_read success malformed function_code=1 function=read sequence=0 "
	  "objects=g70v5 qualifiers=91 malformed=file_object "
	  "response_objects=g70v4 malformed=file_object\n" },
	{ "c0 20 7804 07 01 0100", "c0 83 0000 78055b01 0f00 01000000 0100 02 02 00 0400 aabbccdd",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v4 "
	  "qualifiers=7 authentication.message=session_key_status_request "
	  "authentication.user_number=1\n"
	  "authenticate success function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v4 qualifiers=7 "
	  "authentication.message=session_key_status_request "
	  "authentication.user_number=1 response_code=131 "
	  "response_objects=g120v5 authentication.answer=session_key_status "
	  "authentication.key_change_sequence=1 authentication.user_number=1 "
	  "authentication.key_wrap_algorithm=aes_256 "
	  "authentication.key_status=not_init authentication.mac_algorithm=none "
	  "authentication.challenge_length=4 authentication.mac_length=0\n" },
	{ "c0 20 78065b01 0b00 01000000 0100 0102030405",
	  "c0 83 0000 78055b01 1100 02000000 0100 01 01 04 0200 aabb 00112233",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v6 "
	  "qualifiers=91 authentication.message=session_key_change "
	  "authentication.key_change_sequence=1 authentication.user_number=1 "
	  "authentication.key_data_length=5\n"
	  "authenticate success function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v6 qualifiers=91 "
	  "authentication.message=session_key_change "
	  "authentication.key_change_sequence=1 authentication.user_number=1 "
	  "authentication.key_data_length=5 response_code=131 "
	  "response_objects=g120v5 authentication.answer=session_key_status "
	  "authentication.key_change_sequence=2 authentication.user_number=1 "
	  "authentication.key_wrap_algorithm=aes_128 "
	  "authentication.key_status=ok "
	  "authentication.mac_algorithm=hmac_sha256_16 "
	  "authentication.challenge_length=2 authentication.mac_length=4\n" },
	{ "c0 20 78065b01 0b00 01000000 0100 0102030405",
	  "c0 83 0000 78055b01 0b00 02000000 0100 01 04 00 0000",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v6 "
	  "qualifiers=91 authentication.message=session_key_change "
	  "authentication.key_change_sequence=1 authentication.user_number=1 "
	  "authentication.key_data_length=5\n"
	  "authenticate failure function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v6 qualifiers=91 "
	  "authentication.message=session_key_change "
	  "authentication.key_change_sequence=1 authentication.user_number=1 "
	  "authentication.key_data_length=5 response_code=131 "
	  "response_objects=g120v5 authentication.answer=session_key_status "
	  "authentication.key_change_sequence=2 authentication.user_number=1 "
	  "authentication.key_wrap_algorithm=aes_128 "
	  "authentication.key_status=auth_fail authentication.mac_algorithm=none "
	  "authentication.challenge_length=0 authentication.mac_length=0\n" },
	{ "c0 20 780a5b01 1300 04 01 07000000 0100 6d01 0200 0000 0100 7532 ff", "c0 81 0000",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v10 "
	  "qualifiers=91 authentication.message=user_status_change "
	  "authentication.key_change_method=aes_256_sha256_hmac "
	  "authentication.user_operation=add "
	  "authentication.status_change_sequence=7 "
	  "authentication.user_role=operator authentication.role_expiry_days=365 "
	  "authentication.user_name=u2 authentication.key_data_length=1\n"
	  "authenticate success function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v10 qualifiers=91 "
	  "authentication.message=user_status_change "
	  "authentication.key_change_method=aes_256_sha256_hmac "
	  "authentication.user_operation=add "
	  "authentication.status_change_sequence=7 "
	  "authentication.user_role=operator authentication.role_expiry_days=365 "
	  "authentication.user_name=u2 authentication.key_data_length=1\n" },
	{ "c0 20 780a5b01 1100 44 03 07000000 0080 6d01 0100 0000 0000 75", "c0 81 0001",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v10 "
	  "qualifiers=91 authentication.message=user_status_change "
	  "authentication.key_change_method=rsa_2048_dsa_sha256_hmac "
	  "authentication.user_operation=change "
	  "authentication.status_change_sequence=7 "
	  "authentication.user_role=single_user "
	  "authentication.role_expiry_days=365 authentication.user_name=u "
	  "authentication.key_data_length=0\n"
	  "authenticate failure function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v10 qualifiers=91 "
	  "authentication.message=user_status_change "
	  "authentication.key_change_method=rsa_2048_dsa_sha256_hmac "
	  "authentication.user_operation=change "
	  "authentication.status_change_sequence=7 "
	  "authentication.user_role=single_user "
	  "authentication.role_expiry_days=365 authentication.user_name=u "
	  "authentication.key_data_length=0 iin=function_not_supported\n" },
	{ "c0 20 780b5b01 0b00 03 0200 0400 7532 aabbccdd",
	  "c0 83 0000 780c5b01 0900 05000000 0200 0100 aa",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v11 "
	  "qualifiers=91 authentication.message=update_key_change_request "
	  "authentication.key_change_method=aes_128_sha1_hmac "
	  "authentication.user_name=u2 authentication.challenge_length=4\n"
	  "authenticate success function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v11 qualifiers=91 "
	  "authentication.message=update_key_change_request "
	  "authentication.key_change_method=aes_128_sha1_hmac "
	  "authentication.user_name=u2 authentication.challenge_length=4 "
	  "response_code=131 response_objects=g120v12 "
	  "authentication.answer=update_key_change_reply "
	  "authentication.key_change_sequence=5 authentication.user_number=2 "
	  "authentication.challenge_length=1\n" },
	{ "c0 20 780d5b01 0b00 05000000 0200 0300 010203 780f5b01 0200 aabb",
	  "c0 83 0000 780f5b01 0200 ccdd",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v13,g120v15 "
	  "qualifiers=91,91 authentication.message=update_key_change "
	  "authentication.key_change_sequence=5 authentication.user_number=2 "
	  "authentication.key_data_length=3 authentication.mac_length=2\n"
	  "authenticate success function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v13,g120v15 qualifiers=91,91 "
	  "authentication.message=update_key_change "
	  "authentication.key_change_sequence=5 authentication.user_number=2 "
	  "authentication.key_data_length=3 authentication.mac_length=2 "
	  "response_code=131 response_objects=g120v15 "
	  "authentication.answer=update_key_change_confirmation "
	  "authentication.mac_length=2\n" },
	{ "c0 20 780d5b01 0b00 05000000 0200 0300 010203 780e5b01 0300 aabbcc",
	  "c0 83 0000 78075b01 0f00 00000000 0200 0100 09 1b33cab09b01",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v13,g120v14 "
	  "qualifiers=91,91 authentication.message=update_key_change "
	  "authentication.key_change_sequence=5 authentication.user_number=2 "
	  "authentication.key_data_length=3 authentication.key_data_length=3\n"
	  "authenticate failure function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v13,g120v14 qualifiers=91,91 "
	  "authentication.message=update_key_change "
	  "authentication.key_change_sequence=5 authentication.user_number=2 "
	  "authentication.key_data_length=3 authentication.key_data_length=3 "
	  "response_code=131 response_objects=g120v7 authentication.answer=error "
	  "authentication.challenge_sequence=0 authentication.user_number=2 "
	  "authentication.association=1 authentication.error=invalid_signature "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "c0 20 78085b01 0400 47 01 aabb", "c0 81 0000",
	  "authenticate request - unknown function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v8 "
	  "qualifiers=91 authentication.message=user_certificate "
	  "authentication.key_change_method=rsa_3072_dsa_sha256_aes_gmac "
	  "authentication.key_data_length=2\n"
	  "authenticate success function_code=32 function=authentication_request "
	  "sequence=0 objects=g120v8 qualifiers=91 "
	  "authentication.message=user_certificate "
	  "authentication.key_change_method=rsa_3072_dsa_sha256_aes_gmac "
	  "authentication.key_data_length=2\n" },
	{ "c0 21 78075b01 1200 07000000 0100 0000 01 1b33cab09b01 626164", NULL,
	  "authenticate - unknown function_code=33 "
	  "function=authentication_request_no_ack sequence=0 objects=g120v7 "
	  "qualifiers=91 authentication.message=error "
	  "authentication.challenge_sequence=7 authentication.user_number=1 "
	  "authentication.association=0 "
	  "authentication.error=authentication_failed "
	  "time=2026-01-12T06:00:00.027Z authentication.error_text=bad\n" },
	{ "c0 05 7803 07 01 09000000 0100 0c011701 03 03 01 00000000 00000000 00 78095b01 0a00 "
	  "00112233445566778899",
	  "c0 81 0000 0c011701 03 03 01 00000000 00000000 00",
	  "control request - unknown function_code=5 function=direct_operate "
	  "sequence=0 target=binary output 3 objects=g120v3,g12v1,g120v9 "
	  "qualifiers=7,23,91 crob.operation=latch_on crob.trip_close=nul "
	  "crob.count=1 crob.on_time=0 crob.off_time=0 "
	  "authentication.message=aggressive_mode_request "
	  "authentication.challenge_sequence=9 authentication.user_number=1 "
	  "authentication.aggressive=true authentication.mac_length=10 items=1\n"
	  "item control request - unknown index=0 address=g12v1[3] type=crob "
	  "crob.operation=latch_on crob.trip_close=nul crob.count=1 "
	  "crob.on_time=0 crob.off_time=0\n"
	  "control success function_code=5 function=direct_operate sequence=0 "
	  "target=binary output 3 objects=g120v3,g12v1,g120v9 qualifiers=7,23,91 "
	  "crob.operation=latch_on crob.trip_close=nul crob.count=1 "
	  "crob.on_time=0 crob.off_time=0 "
	  "authentication.message=aggressive_mode_request "
	  "authentication.challenge_sequence=9 authentication.user_number=1 "
	  "authentication.aggressive=true authentication.mac_length=10 items=1 "
	  "response_objects=g12v1\n"
	  "item control - success index=0 address=g12v1[3] type=crob "
	  "crob.operation=latch_on crob.trip_close=nul crob.count=1 "
	  "crob.on_time=0 crob.off_time=0 status=success\n" },
	{ "c0 0d 7803 07 01 09000000 0100 78095b01 0200 0011",
	  "c0 83 0000 78075b01 0f00 09000000 0100 0000 04 1b33cab09b01",
	  "restart request - unknown function_code=13 function=cold_restart "
	  "sequence=0 target=outstation 10 objects=g120v3,g120v9 qualifiers=7,91 "
	  "authentication.message=aggressive_mode_request "
	  "authentication.challenge_sequence=9 authentication.user_number=1 "
	  "authentication.aggressive=true authentication.mac_length=2\n"
	  "authenticate - failure function_code=131 "
	  "function=authentication_response sequence=0 response_objects=g120v7 "
	  "authentication.message=error authentication.challenge_sequence=9 "
	  "authentication.user_number=1 authentication.association=0 "
	  "authentication.error=aggressive_mode_not_permitted "
	  "time=2026-01-12T06:00:00.027Z\n"
	  "restart failure function_code=13 function=cold_restart sequence=0 "
	  "target=outstation 10 objects=g120v3,g120v9 qualifiers=7,91 "
	  "authentication.message=aggressive_mode_request "
	  "authentication.challenge_sequence=9 authentication.user_number=1 "
	  "authentication.aggressive=true authentication.mac_length=2 "
	  "response_code=131 response_objects=g120v7 authentication.answer=error "
	  "authentication.challenge_sequence=9 authentication.user_number=1 "
	  "authentication.association=0 "
	  "authentication.error=aggressive_mode_not_permitted "
	  "time=2026-01-12T06:00:00.027Z\n" },
	{ "c0 20 7804 07 01 01", "c0 83 0000",
	  "authenticate request - unknown malformed function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v4 "
	  "qualifiers=7 trailing_bytes=5 malformed=object_data\n"
	  "authenticate success malformed function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v4 "
	  "qualifiers=7 trailing_bytes=5 malformed=object_data "
	  "response_code=131\n" },
	{ "c0 20 78015b01 0100 01", "c0 83 0000 78025b01 0200 0100",
	  "authenticate request - unknown malformed function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v1 "
	  "qualifiers=91 authentication.message=challenge "
	  "authentication.challenge_sequence=0 authentication.user_number=0 "
	  "authentication.mac_algorithm=none authentication.reason=unknown "
	  "authentication.challenge_length=0 malformed=authentication\n"
	  "authenticate unknown malformed function_code=32 "
	  "function=authentication_request sequence=0 objects=g120v1 "
	  "qualifiers=91 authentication.message=challenge "
	  "authentication.challenge_sequence=0 authentication.user_number=0 "
	  "authentication.mac_algorithm=none authentication.reason=unknown "
	  "authentication.challenge_length=0 malformed=authentication "
	  "authentication.answer=reply authentication.challenge_sequence=0 "
	  "authentication.user_number=0 authentication.mac_length=0 "
	  "malformed=authentication\n" },
	{ "c0 01 00fe00 00 00",
	  "c0 81 0000 00fc00 00 00 01 03 53454c 00fa00 00 00 01 02 5231 00f800 00 00 01 02 3432 "
	  "00f300 00 00 01 01 41 00f200 00 00 01 03 312e32 00f500 00 00 01 01 4e 00f400 00 00 01 "
	  "01 4f 00f600 00 00 01 01 49 00f700 00 00 01 01 44 00f900 00 00 01 01 33 00d000 00 00 01 "
	  "01 53 00c400 00 00 01 01 43",
	  "identify success function_code=1 function=read sequence=0 "
	  "target=device attribute all_attributes objects=g0v254 qualifiers=0 "
	  "response_objects=g0v252,g0v250,g0v248,g0v243,g0v242,g0v245,g0v244,g0v2"
	  "46,g0v247,g0v249,g0v208,g0v196 device.vendor_name=SEL "
	  "device.product_name=R1 device.serial_number=42 "
	  "device.hardware_version=A device.software_version=1.2 "
	  "device.location=N device.owner=O device.id_code=I device.name=D "
	  "device.conformance=3 device.system_name=S device.configuration=C "
	  "items=12\n"
	  "item identify - success index=0 address=g0v252[0] type=text "
	  "attribute=vendor_name text=SEL\n"
	  "item identify - success index=1 address=g0v250[0] type=text "
	  "attribute=product_name text=R1\n"
	  "item identify - success index=2 address=g0v248[0] type=text "
	  "attribute=serial_number text=42\n"
	  "item identify - success index=3 address=g0v243[0] type=text "
	  "attribute=hardware_version text=A\n"
	  "item identify - success index=4 address=g0v242[0] type=text "
	  "attribute=software_version text=1.2\n"
	  "item identify - success index=5 address=g0v245[0] type=text "
	  "attribute=location text=N\n"
	  "item identify - success index=6 address=g0v244[0] type=text "
	  "attribute=owner text=O\n"
	  "item identify - success index=7 address=g0v246[0] type=text "
	  "attribute=id_code text=I\n"
	  "item identify - success index=8 address=g0v247[0] type=text "
	  "attribute=device_name text=D\n"
	  "item identify - success index=9 address=g0v249[0] type=text "
	  "attribute=conformance text=3\n"
	  "item identify - success index=10 address=g0v208[0] type=text "
	  "attribute=system_name text=S\n"
	  "item identify - success index=11 address=g0v196[0] type=text "
	  "attribute=config_id text=C\n" },
	{ "c0 01 00fc00 01 01", "c0 81 0000 00fc00 01 01 01 03 53454c",
	  "identify success function_code=1 function=read sequence=0 "
	  "target=device attribute vendor_name objects=g0v252 qualifiers=0 "
	  "response_objects=g0v252 items=1\n"
	  "item identify - success index=0 address=g0v252[1] type=text "
	  "attribute=vendor_name text=SEL\n" },
	{ "c0 02 00f700 00 00 01 02 5232", "c0 81 0000",
	  "config_write request - unknown function_code=2 function=write "
	  "sequence=0 target=device attribute device_name objects=g0v247 "
	  "qualifiers=0 items=1\n"
	  "item config_write request - unknown index=0 address=g0v247[0] "
	  "type=text attribute=device_name text=R2\n"
	  "config_write success function_code=2 function=write sequence=0 "
	  "target=device attribute device_name objects=g0v247 qualifiers=0 "
	  "items=1\n"
	  "item config_write - success index=0 address=g0v247[0] type=text "
	  "attribute=device_name text=R2\n" },
};

/* Removes what every one of these begins with. */
static const char *after(const char *log, const char *word)
{
	const char *at = strstr(log, word);

	assert_non_null(at);
	at += strlen(word);
	return at + (*at == ' ');
}

static void remove_all(char *text, const char *word)
{
	size_t n = strlen(word);

	for (char *at = strstr(text, word); at != NULL; at = strstr(at, word)) {
		memmove(at, at + n, strlen(at + n) + 1);
	}
}

static void every_object(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		struct engine_world *w = dnp3_new();
		char answer[300];

		snprintf(answer, sizeof(answer), "c0 81 0000 %s", objects[i].objects);
		dnp3_open(w);
		dnp3_send(w, HMI, "c0 01 3c0106");
		dnp3_send(w, PLC, answer);
		(void)dnp3_short(w);
		remove_all(w->log, "item read - success ");
		assert_string_equal(after(w->log, "objects=g60v1 qualifiers=6"), objects[i].log);
		assert_int_equal(world_protocol(w, "dnp3")->malformed, 0);
		assert_int_equal(world_protocol(w, "dnp3")->unknown, 0);
		world_free(w);
	}
}

static void every_exchange(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(exchanges); i++) {
		struct engine_world *w = dnp3_new();

		dnp3_open(w);
		dnp3_send(w, HMI, exchanges[i].request);
		if (exchanges[i].response != NULL) {
			dnp3_send(w, PLC, exchanges[i].response);
		}
		assert_short(w, exchanges[i].log);
		world_free(w);
	}
}

/* Every fragment of both tables, cut at every length in a whole frame: each counts once, and no
 * byte behind the cut is read. */
static void cut_with_its_length(void **state)
{
	size_t n_cases = ARRAY_SIZE(objects) + 2 * ARRAY_SIZE(exchanges);
	struct engine_world *w = dnp3_new();

	(void)state;
	for (size_t i = 0; i < n_cases; i++) {
		uint8_t bytes[249], frame[300];
		size_t k = i < ARRAY_SIZE(objects) ? 0 : i - ARRAY_SIZE(objects), n;
		unsigned from = i >= ARRAY_SIZE(objects) && k % 2 == 0 ? HMI : PLC;
		char text[800];

		if (i < ARRAY_SIZE(objects)) {
			snprintf(text, sizeof(text), "c0 82 0000 %s", objects[i].objects);
		} else if (from == PLC && exchanges[k / 2].response == NULL) {
			continue;
		} else {
			snprintf(text, sizeof(text), "%s",
				 from == HMI ? exchanges[k / 2].request
					     : exchanges[k / 2].response);
		}
		n = world_hex(text, bytes, sizeof(bytes));
		for (size_t cut = 2; cut < n; cut++) {
			uint64_t before = world_protocol(w, "dnp3")->messages;
			size_t length = dnp3_segment(frame, from, 0xc0, bytes, cut);

			w->port[HMI]++;
			world_tcp(w, from, frame, length);
			world_udp(w, from, frame, length);
			assert_int_equal(world_protocol(w, "dnp3")->messages, before + 2);
			world_clear(w);
		}
	}
	world_finish(w);
	world_free(w);
}

/* 400 points: all are counted, as many are reported as the cap allows. */
static void more_points_than_the_cap(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	dnp3_send(w, HMI, "c0 01 3c0106");
	dnp3_send(w, PLC,
		  "c0 81 0000 010101 0000 8f01"
		  "ffffffffffffffffffffffffffffffffffffffffffffffffffff"
		  "ffffffffffffffffffffffffffffffffffffffffffffffff");
	assert_int_equal(world_count(w, "item "), DISSECT_ITEMS_MAX);
	assert_int_equal(world_count(w, "weir.items=400"), 1);
	assert_int_equal(world_count(w, "read complete answered success truncated"), 1);
	world_free(w);
}

/* What a file was opened for says what its handle is for. */
static void handles_of_files(void **state)
{
	struct engine_world *w = dnp3_new();

	(void)state;
	dnp3_open(w);
	dnp3_send(w, HMI,
		  "c0 19 46035b01 1c00 1a000200 000000000000 a401 00000000 00000000 0200 0004 0700"
		  "2f62");
	dnp3_send(w, PLC, "c0 81 0000 46045b01 0d00 12000000 00000000 0004 0700 00");
	world_clear(w);
	dnp3_send(w, HMI, "c1 1a 46045b01 0d00 12000000 00000000 0000 0800 00");
	assert_int_equal(world_count(w, "file_write request"), 1);
	dnp3_send(w, PLC, "c1 81 0000 46045b01 0d00 12000000 00000000 0000 0800 00");
	world_clear(w);
	/* It is closed: nobody knows any more. */
	dnp3_send(w, HMI, "c2 1a 46045b01 0d00 12000000 00000000 0000 0800 00");
	assert_int_equal(world_count(w, "file_read request"), 1);
	world_free(w);
}

/* A zero-length string, or a count of objects without a size, ends what can be read. */
static void objects_without_a_size(void **state)
{
	static const char *const answers[] = { "c0 81 0000 6e0007 ff",
					       "c0 81 0000 700001 0000 ffff",
					       "c0 81 0000 1e0009 ffffffff",
					       "c0 81 0000 1e0102 00000000 ffffffff",
					       "c0 81 0000 000002 00000000 feffffff 0100",
					       "c0 81 0000 46056a ffffffff 00000000" };
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct engine_world *w = dnp3_new();

		dnp3_open(w);
		dnp3_send(w, HMI, "c0 01 3c0106");
		dnp3_send(w, PLC, answers[i]);
		assert_int_equal(world_count(w, "item "), 0);
		assert_int_equal(
		    world_protocol(w, "dnp3")->malformed + world_protocol(w, "dnp3")->unknown, 1);
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object),        cmocka_unit_test(every_exchange),
		cmocka_unit_test(cut_with_its_length), cmocka_unit_test(more_points_than_the_cap),
		cmocka_unit_test(handles_of_files),    cmocka_unit_test(objects_without_a_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
