/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The objects of DNP3: IEEE 1815-2012, annex A.  One row a variation: how long it is and in which
 * order flags, value, status and time stand; one row a group: what it is, and what a write of it
 * does. */

#include "dissectors/dnp3_private.h"

static const struct dnp3_object g1[] = {
	[0] = { .name = "g1v0" },
	[1] = { .name = "g1v1", .bits = 1 },
	[2] = { .name = "g1v2", .size = 1, .value = VALUE_BIT, .quality = QUALITY_BINARY },
};

static const struct dnp3_object g2[] = {
	[0] = { .name = "g2v0" },
	[1] = { .name = "g2v1", .size = 1, .value = VALUE_BIT, .quality = QUALITY_BINARY },
	[2] = { .name = "g2v2",
		.size = 7,
		.value = VALUE_BIT,
		.quality = QUALITY_BINARY,
		.time = TIME_OF_DEVICE },
	[3] = { .name = "g2v3",
		.size = 3,
		.value = VALUE_BIT,
		.quality = QUALITY_BINARY,
		.time = TIME_OF_DEVICE_RELATIVE },
};

static const struct dnp3_object g3[] = {
	[0] = { .name = "g3v0" },
	[1] = { .name = "g3v1", .bits = 2 },
	[2] = { .name = "g3v2",
		.size = 1,
		.value = VALUE_DOUBLE_BIT,
		.quality = QUALITY_DOUBLE_BIT },
};

static const struct dnp3_object g4[] = {
	[0] = { .name = "g4v0" },
	[1] = { .name = "g4v1",
		.size = 1,
		.value = VALUE_DOUBLE_BIT,
		.quality = QUALITY_DOUBLE_BIT },
	[2] = { .name = "g4v2",
		.size = 7,
		.value = VALUE_DOUBLE_BIT,
		.quality = QUALITY_DOUBLE_BIT,
		.time = TIME_OF_DEVICE },
	[3] = { .name = "g4v3",
		.size = 3,
		.value = VALUE_DOUBLE_BIT,
		.quality = QUALITY_DOUBLE_BIT,
		.time = TIME_OF_DEVICE_RELATIVE },
};

static const struct dnp3_object g10[] = {
	[0] = { .name = "g10v0" },
	[1] = { .name = "g10v1", .bits = 1 },
	[2] = { .name = "g10v2", .size = 1, .value = VALUE_BIT, .quality = QUALITY_OUTPUT },
};

static const struct dnp3_object g11[] = {
	[0] = { .name = "g11v0" },
	[1] = { .name = "g11v1", .size = 1, .value = VALUE_BIT, .quality = QUALITY_OUTPUT },
	[2] = { .name = "g11v2",
		.size = 7,
		.value = VALUE_BIT,
		.quality = QUALITY_OUTPUT,
		.time = TIME_OF_DEVICE },
};

static const struct dnp3_object g12[] = {
	[0] = { .name = "g12v0" },
	[1] = { .name = "g12v1", .size = 11, .status = true, .put = dnp3_item_crob },
	[2] = { .name = "g12v2", .size = 11, .status = true, .put = dnp3_item_crob },
	[3] = { .name = "g12v3", .bits = 1 },
};

static const struct dnp3_object g13[] = {
	[0] = { .name = "g13v0" },
	[1] = { .name = "g13v1", .size = 1, .put = dnp3_item_command_event },
	[2] = { .name = "g13v2",
		.size = 7,
		.time = TIME_OF_DEVICE,
		.put = dnp3_item_command_event },
};

static const struct dnp3_object g20[] = {
	[0] = { .name = "g20v0" },
	[1] = { .name = "g20v1", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[2] = { .name = "g20v2", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[3] = { .name = "g20v3", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[4] = { .name = "g20v4", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[5] = { .name = "g20v5", .size = 4, .value = VALUE_UINT32 },
	[6] = { .name = "g20v6", .size = 2, .value = VALUE_UINT16 },
	[7] = { .name = "g20v7", .size = 4, .value = VALUE_UINT32 },
	[8] = { .name = "g20v8", .size = 2, .value = VALUE_UINT16 },
};

static const struct dnp3_object g21[] = {
	[0] = { .name = "g21v0" },
	[1] = { .name = "g21v1", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[2] = { .name = "g21v2", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[3] = { .name = "g21v3", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[4] = { .name = "g21v4", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[5] = { .name = "g21v5",
		.size = 11,
		.value = VALUE_UINT32,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[6] = { .name = "g21v6",
		.size = 9,
		.value = VALUE_UINT16,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[7] = { .name = "g21v7",
		.size = 11,
		.value = VALUE_UINT32,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[8] = { .name = "g21v8",
		.size = 9,
		.value = VALUE_UINT16,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[9] = { .name = "g21v9", .size = 4, .value = VALUE_UINT32 },
	[10] = { .name = "g21v10", .size = 2, .value = VALUE_UINT16 },
	[11] = { .name = "g21v11", .size = 4, .value = VALUE_UINT32 },
	[12] = { .name = "g21v12", .size = 2, .value = VALUE_UINT16 },
};

static const struct dnp3_object g22[] = {
	[0] = { .name = "g22v0" },
	[1] = { .name = "g22v1", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[2] = { .name = "g22v2", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[3] = { .name = "g22v3", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[4] = { .name = "g22v4", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[5] = { .name = "g22v5",
		.size = 11,
		.value = VALUE_UINT32,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[6] = { .name = "g22v6",
		.size = 9,
		.value = VALUE_UINT16,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[7] = { .name = "g22v7",
		.size = 11,
		.value = VALUE_UINT32,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[8] = { .name = "g22v8",
		.size = 9,
		.value = VALUE_UINT16,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
};

static const struct dnp3_object g23[] = {
	[0] = { .name = "g23v0" },
	[1] = { .name = "g23v1", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[2] = { .name = "g23v2", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[3] = { .name = "g23v3", .size = 5, .value = VALUE_UINT32, .quality = QUALITY_COUNTER },
	[4] = { .name = "g23v4", .size = 3, .value = VALUE_UINT16, .quality = QUALITY_COUNTER },
	[5] = { .name = "g23v5",
		.size = 11,
		.value = VALUE_UINT32,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[6] = { .name = "g23v6",
		.size = 9,
		.value = VALUE_UINT16,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[7] = { .name = "g23v7",
		.size = 11,
		.value = VALUE_UINT32,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
	[8] = { .name = "g23v8",
		.size = 9,
		.value = VALUE_UINT16,
		.quality = QUALITY_COUNTER,
		.time = TIME_OF_DEVICE },
};

static const struct dnp3_object g30[] = {
	[0] = { .name = "g30v0" },
	[1] = { .name = "g30v1", .size = 5, .value = VALUE_INT32, .quality = QUALITY_ANALOG },
	[2] = { .name = "g30v2", .size = 3, .value = VALUE_INT16, .quality = QUALITY_ANALOG },
	[3] = { .name = "g30v3", .size = 4, .value = VALUE_INT32 },
	[4] = { .name = "g30v4", .size = 2, .value = VALUE_INT16 },
	[5] = { .name = "g30v5", .size = 5, .value = VALUE_FLOAT32, .quality = QUALITY_ANALOG },
	[6] = { .name = "g30v6", .size = 9, .value = VALUE_FLOAT64, .quality = QUALITY_ANALOG },
};

static const struct dnp3_object g31[] = {
	[0] = { .name = "g31v0" },
	[1] = { .name = "g31v1", .size = 5, .value = VALUE_INT32, .quality = QUALITY_ANALOG },
	[2] = { .name = "g31v2", .size = 3, .value = VALUE_INT16, .quality = QUALITY_ANALOG },
	[3] = { .name = "g31v3",
		.size = 11,
		.value = VALUE_INT32,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[4] = { .name = "g31v4",
		.size = 9,
		.value = VALUE_INT16,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[5] = { .name = "g31v5", .size = 4, .value = VALUE_INT32 },
	[6] = { .name = "g31v6", .size = 2, .value = VALUE_INT16 },
	[7] = { .name = "g31v7", .size = 5, .value = VALUE_FLOAT32, .quality = QUALITY_ANALOG },
	[8] = { .name = "g31v8", .size = 9, .value = VALUE_FLOAT64, .quality = QUALITY_ANALOG },
};

static const struct dnp3_object g32[] = {
	[0] = { .name = "g32v0" },
	[1] = { .name = "g32v1", .size = 5, .value = VALUE_INT32, .quality = QUALITY_ANALOG },
	[2] = { .name = "g32v2", .size = 3, .value = VALUE_INT16, .quality = QUALITY_ANALOG },
	[3] = { .name = "g32v3",
		.size = 11,
		.value = VALUE_INT32,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[4] = { .name = "g32v4",
		.size = 9,
		.value = VALUE_INT16,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[5] = { .name = "g32v5", .size = 5, .value = VALUE_FLOAT32, .quality = QUALITY_ANALOG },
	[6] = { .name = "g32v6", .size = 9, .value = VALUE_FLOAT64, .quality = QUALITY_ANALOG },
	[7] = { .name = "g32v7",
		.size = 11,
		.value = VALUE_FLOAT32,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[8] = { .name = "g32v8",
		.size = 15,
		.value = VALUE_FLOAT64,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
};

static const struct dnp3_object g33[] = {
	[0] = { .name = "g33v0" },
	[1] = { .name = "g33v1", .size = 5, .value = VALUE_INT32, .quality = QUALITY_ANALOG },
	[2] = { .name = "g33v2", .size = 3, .value = VALUE_INT16, .quality = QUALITY_ANALOG },
	[3] = { .name = "g33v3",
		.size = 11,
		.value = VALUE_INT32,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[4] = { .name = "g33v4",
		.size = 9,
		.value = VALUE_INT16,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[5] = { .name = "g33v5", .size = 5, .value = VALUE_FLOAT32, .quality = QUALITY_ANALOG },
	[6] = { .name = "g33v6", .size = 9, .value = VALUE_FLOAT64, .quality = QUALITY_ANALOG },
	[7] = { .name = "g33v7",
		.size = 11,
		.value = VALUE_FLOAT32,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[8] = { .name = "g33v8",
		.size = 15,
		.value = VALUE_FLOAT64,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
};

static const struct dnp3_object g42[] = {
	[0] = { .name = "g42v0" },
	[1] = { .name = "g42v1", .size = 5, .value = VALUE_INT32, .quality = QUALITY_ANALOG },
	[2] = { .name = "g42v2", .size = 3, .value = VALUE_INT16, .quality = QUALITY_ANALOG },
	[3] = { .name = "g42v3",
		.size = 11,
		.value = VALUE_INT32,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[4] = { .name = "g42v4",
		.size = 9,
		.value = VALUE_INT16,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[5] = { .name = "g42v5", .size = 5, .value = VALUE_FLOAT32, .quality = QUALITY_ANALOG },
	[6] = { .name = "g42v6", .size = 9, .value = VALUE_FLOAT64, .quality = QUALITY_ANALOG },
	[7] = { .name = "g42v7",
		.size = 11,
		.value = VALUE_FLOAT32,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
	[8] = { .name = "g42v8",
		.size = 15,
		.value = VALUE_FLOAT64,
		.quality = QUALITY_ANALOG,
		.time = TIME_OF_DEVICE },
};

static const struct dnp3_object g34[] = {
	[0] = { .name = "g34v0" },
	[1] = { .name = "g34v1", .size = 2, .value = VALUE_UINT16 },
	[2] = { .name = "g34v2", .size = 4, .value = VALUE_UINT32 },
	[3] = { .name = "g34v3", .size = 4, .value = VALUE_FLOAT32 },
};

static const struct dnp3_object g40[] = {
	[0] = { .name = "g40v0" },
	[1] = { .name = "g40v1", .size = 5, .value = VALUE_INT32, .quality = QUALITY_ANALOG },
	[2] = { .name = "g40v2", .size = 3, .value = VALUE_INT16, .quality = QUALITY_ANALOG },
	[3] = { .name = "g40v3", .size = 5, .value = VALUE_FLOAT32, .quality = QUALITY_ANALOG },
	[4] = { .name = "g40v4", .size = 9, .value = VALUE_FLOAT64, .quality = QUALITY_ANALOG },
};

static const struct dnp3_object g41[] = {
	[0] = { .name = "g41v0" },
	[1] = { .name = "g41v1", .size = 5, .value = VALUE_INT32, .status = true },
	[2] = { .name = "g41v2", .size = 3, .value = VALUE_INT16, .status = true },
	[3] = { .name = "g41v3", .size = 5, .value = VALUE_FLOAT32, .status = true },
	[4] = { .name = "g41v4", .size = 9, .value = VALUE_FLOAT64, .status = true },
};

static const struct dnp3_object g43[] = {
	[0] = { .name = "g43v0" },
	[1] = { .name = "g43v1", .size = 5, .value = VALUE_INT32, .put = dnp3_item_command_event },
	[2] = { .name = "g43v2", .size = 3, .value = VALUE_INT16, .put = dnp3_item_command_event },
	[3] = { .name = "g43v3",
		.size = 11,
		.value = VALUE_INT32,
		.time = TIME_OF_DEVICE,
		.put = dnp3_item_command_event },
	[4] = { .name = "g43v4",
		.size = 9,
		.value = VALUE_INT16,
		.time = TIME_OF_DEVICE,
		.put = dnp3_item_command_event },
	[5] = { .name = "g43v5",
		.size = 5,
		.value = VALUE_FLOAT32,
		.put = dnp3_item_command_event },
	[6] = { .name = "g43v6",
		.size = 9,
		.value = VALUE_FLOAT64,
		.put = dnp3_item_command_event },
	[7] = { .name = "g43v7",
		.size = 11,
		.value = VALUE_FLOAT32,
		.time = TIME_OF_DEVICE,
		.put = dnp3_item_command_event },
	[8] = { .name = "g43v8",
		.size = 15,
		.value = VALUE_FLOAT64,
		.time = TIME_OF_DEVICE,
		.put = dnp3_item_command_event },
};

static const struct dnp3_object g50[] = {
	[0] = { .name = "g50v0" },
	[1] = { .name = "g50v1", .size = 6, .put = dnp3_item_time },
	[2] = { .name = "g50v2", .size = 10, .put = dnp3_item_time },
	[3] = { .name = "g50v3", .size = 6, .put = dnp3_item_time },
	[4] = { .name = "g50v4", .size = 11, .put = dnp3_item_time },
};

static const struct dnp3_object g51[] = {
	[0] = { .name = "g51v0" },
	[1] = { .name = "g51v1", .size = 6, .put = dnp3_item_base_time },
	[2] = { .name = "g51v2", .size = 6, .put = dnp3_item_base_time },
};

static const struct dnp3_object g52[] = {
	[0] = { .name = "g52v0" },
	[1] = { .name = "g52v1", .size = 2, .value = VALUE_UINT16 },
	[2] = { .name = "g52v2", .size = 2, .value = VALUE_UINT16 },
};

static const struct dnp3_object g60[] = {
	[0] = { .name = "g60v0" },
	[1] = { .name = "g60v1", .noun = "class 0 data" },
	[2] = { .name = "g60v2", .noun = "class 1 events" },
	[3] = { .name = "g60v3", .noun = "class 2 events" },
	[4] = { .name = "g60v4", .noun = "class 3 events" },
};

static const struct dnp3_object g70[] = {
	[0] = { .name = "g70v0" },
	[1] = { .name = "g70v1", .put = dnp3_item_file },
	[2] = { .name = "g70v2", .put = dnp3_item_file },
	[3] = { .name = "g70v3", .put = dnp3_item_file },
	[4] = { .name = "g70v4", .put = dnp3_item_file },
	[5] = { .name = "g70v5", .put = dnp3_item_file },
	[6] = { .name = "g70v6", .put = dnp3_item_file },
	[7] = { .name = "g70v7", .put = dnp3_item_file },
	[8] = { .name = "g70v8", .put = dnp3_item_file },
};

static const struct dnp3_object g80[] = {
	[0] = { .name = "g80v0" },
	[1] = { .name = "g80v1", .bits = 1 },
};

static const struct dnp3_object g81[] = {
	[0] = { .name = "g81v0" },
	[1] = { .name = "g81v1", .size = 3 },
};

static const struct dnp3_object g82[] = {
	[0] = { .name = "g82v0" },
	[1] = { .name = "g82v1" },
};

static const struct dnp3_object g83[] = {
	[0] = { .name = "g83v0" },
	[1] = { .name = "g83v1" },
	[2] = { .name = "g83v2" },
};

static const struct dnp3_object g85[] = {
	[0] = { .name = "g85v0" },
	[1] = { .name = "g85v1", .put = dnp3_item_data_set },
};

static const struct dnp3_object g86[] = {
	[0] = { .name = "g86v0" },
	[1] = { .name = "g86v1", .put = dnp3_item_data_set },
	[2] = { .name = "g86v2" },
	[3] = { .name = "g86v3" },
};

static const struct dnp3_object g87[] = {
	[0] = { .name = "g87v0" },
	[1] = { .name = "g87v1", .put = dnp3_item_data_set },
};

static const struct dnp3_object g88[] = {
	[0] = { .name = "g88v0" },
	[1] = { .name = "g88v1", .put = dnp3_item_data_set },
};

static const struct dnp3_object g90[] = {
	[0] = { .name = "g90v0" },
	[1] = { .name = "g90v1" },
};

static const struct dnp3_object g91[] = {
	[0] = { .name = "g91v0" },
	[1] = { .name = "g91v1" },
};

static const struct dnp3_object g100[] = {
	[0] = { .name = "g100v0" },
	[1] = { .name = "g100v1", .size = 4, .value = VALUE_FLOAT32 },
	[2] = { .name = "g100v2", .size = 8, .value = VALUE_FLOAT64 },
};

static const struct dnp3_object g101[] = {
	[0] = { .name = "g101v0" },
	[1] = { .name = "g101v1", .size = 2, .put = dnp3_item_bcd },
	[2] = { .name = "g101v2", .size = 4, .put = dnp3_item_bcd },
	[3] = { .name = "g101v3", .size = 8, .put = dnp3_item_bcd },
};

static const struct dnp3_object g102[] = {
	[0] = { .name = "g102v0" },
	[1] = { .name = "g102v1", .size = 1, .value = VALUE_UINT8 },
};

static const struct dnp3_object g120[] = {
	[0] = { .name = "g120v0" },
	[1] = { .name = "g120v1" },
	[2] = { .name = "g120v2" },
	[3] = { .name = "g120v3", .size = 6 },
	[4] = { .name = "g120v4", .size = 2 },
	[5] = { .name = "g120v5" },
	[6] = { .name = "g120v6" },
	[7] = { .name = "g120v7" },
	[8] = { .name = "g120v8" },
	[9] = { .name = "g120v9" },
	[10] = { .name = "g120v10" },
	[11] = { .name = "g120v11" },
	[12] = { .name = "g120v12" },
	[13] = { .name = "g120v13" },
	[14] = { .name = "g120v14" },
	[15] = { .name = "g120v15" },
};

static const struct dnp3_object g121[] = {
	[0] = { .name = "g121v0" },
	[1] = { .name = "g121v1", .size = 7, .put = dnp3_item_statistic },
};

static const struct dnp3_object g122[] = {
	[0] = { .name = "g122v0" },
	[1] = { .name = "g122v1", .size = 7, .put = dnp3_item_statistic },
	[2] = { .name = "g122v2", .size = 13, .time = TIME_OF_DEVICE, .put = dnp3_item_statistic },
};

static const struct dnp3_group groups[256] = {
	[0] = { "g0", "device attribute", dnp3_attribute_objects, 256, GROUP_ATTRIBUTE,
		OPERATION_CONFIG_WRITE },
	[1] = { "g1", "binary input", g1, ARRAY_SIZE(g1), 0, OPERATION_WRITE },
	[2] = { "g2", "binary input event", g2, ARRAY_SIZE(g2), 0, OPERATION_WRITE },
	[3] = { "g3", "double-bit input", g3, ARRAY_SIZE(g3), 0, OPERATION_WRITE },
	[4] = { "g4", "double-bit input event", g4, ARRAY_SIZE(g4), 0, OPERATION_WRITE },
	[10] = { "g10", "binary output", g10, ARRAY_SIZE(g10), 0, OPERATION_CONTROL },
	[11] = { "g11", "binary output event", g11, ARRAY_SIZE(g11), 0, OPERATION_WRITE },
	[12] = { "g12", "binary output", g12, ARRAY_SIZE(g12), GROUP_COMMAND, OPERATION_CONTROL },
	[13] = { "g13", "binary command event", g13, ARRAY_SIZE(g13), 0, OPERATION_WRITE },
	[20] = { "g20", "counter", g20, ARRAY_SIZE(g20), 0, OPERATION_WRITE },
	[21] = { "g21", "frozen counter", g21, ARRAY_SIZE(g21), 0, OPERATION_WRITE },
	[22] = { "g22", "counter event", g22, ARRAY_SIZE(g22), 0, OPERATION_WRITE },
	[23] = { "g23", "frozen counter event", g23, ARRAY_SIZE(g23), 0, OPERATION_WRITE },
	[30] = { "g30", "analog input", g30, ARRAY_SIZE(g30), 0, OPERATION_WRITE },
	[31] = { "g31", "frozen analog input", g31, ARRAY_SIZE(g31), 0, OPERATION_WRITE },
	[32] = { "g32", "analog input event", g32, ARRAY_SIZE(g32), 0, OPERATION_WRITE },
	[33] = { "g33", "frozen analog input event", g33, ARRAY_SIZE(g33), 0, OPERATION_WRITE },
	[34] = { "g34", "analog input deadband", g34, ARRAY_SIZE(g34), 0, OPERATION_CONFIG_WRITE },
	[40] = { "g40", "analog output", g40, ARRAY_SIZE(g40), 0, OPERATION_CONTROL },
	[41] = { "g41", "analog output", g41, ARRAY_SIZE(g41), GROUP_COMMAND, OPERATION_CONTROL },
	[42] = { "g42", "analog output event", g42, ARRAY_SIZE(g42), 0, OPERATION_WRITE },
	[43] = { "g43", "analog command event", g43, ARRAY_SIZE(g43), 0, OPERATION_WRITE },
	[50] = { "g50", "clock", g50, ARRAY_SIZE(g50), GROUP_TIME, OPERATION_TIME_SET },
	[51] = { "g51", "clock", g51, ARRAY_SIZE(g51), GROUP_TIME, OPERATION_TIME_SET },
	[52] = { "g52", "time delay", g52, ARRAY_SIZE(g52), GROUP_DELAY, OPERATION_WRITE },
	[60] = { "g60", NULL, g60, ARRAY_SIZE(g60), GROUP_CLASS, OPERATION_WRITE },
	[70] = { "g70", "file", g70, ARRAY_SIZE(g70), GROUP_FILE, OPERATION_FILE_WRITE },
	[80] = { "g80", "internal indication", g80, ARRAY_SIZE(g80), 0, OPERATION_CONFIG_WRITE },
	[81] = { "g81", "event buffer", g81, ARRAY_SIZE(g81), 0, OPERATION_WRITE },
	[82] = { "g82", "device profile", g82, ARRAY_SIZE(g82), 0, OPERATION_CONFIG_WRITE },
	[83] = { "g83", "private object", g83, ARRAY_SIZE(g83), 0, OPERATION_WRITE },
	[85] = { "g85", "data set prototype", g85, ARRAY_SIZE(g85), 0, OPERATION_CONFIG_WRITE },
	[86] = { "g86", "data set descriptor", g86, ARRAY_SIZE(g86), 0, OPERATION_CONFIG_WRITE },
	[87] = { "g87", "data set", g87, ARRAY_SIZE(g87), 0, OPERATION_WRITE },
	[88] = { "g88", "data set event", g88, ARRAY_SIZE(g88), 0, OPERATION_WRITE },
	[90] = { "g90", "application", g90, ARRAY_SIZE(g90), 0, OPERATION_WRITE },
	[91] = { "g91", "configuration status", g91, ARRAY_SIZE(g91), 0, OPERATION_WRITE },
	[100] = { "g100", "floating-point value", g100, ARRAY_SIZE(g100), 0, OPERATION_WRITE },
	[101] = { "g101", "bcd value", g101, ARRAY_SIZE(g101), 0, OPERATION_WRITE },
	[102] = { "g102", "octet", g102, ARRAY_SIZE(g102), 0, OPERATION_WRITE },
	[110] = { "g110", "octet string", NULL, 0, GROUP_SIZED, OPERATION_WRITE },
	[111] = { "g111", "octet string event", NULL, 0, GROUP_SIZED, OPERATION_WRITE },
	[112] = { "g112", "virtual terminal", NULL, 0, GROUP_SIZED, OPERATION_WRITE },
	[113] = { "g113", "virtual terminal event", NULL, 0, GROUP_SIZED, OPERATION_WRITE },
	[120] = { "g120", "authentication", g120, ARRAY_SIZE(g120), GROUP_AUTHENTICATION,
		  OPERATION_AUTHENTICATE },
	[121] = { "g121", "security statistic", g121, ARRAY_SIZE(g121), 0, OPERATION_WRITE },
	[122] = { "g122", "security statistic event", g122, ARRAY_SIZE(g122), 0, OPERATION_WRITE },
};

const struct dnp3_group *dnp3_group(uint8_t group)
{
	return &groups[group];
}

const struct dnp3_object *dnp3_object(const struct dnp3_group *group, uint8_t variation)
{
	const struct dnp3_object *object = variation < group->n ? &group->objects[variation] : NULL;

	return object != NULL && object->name != NULL ? object : NULL;
}
