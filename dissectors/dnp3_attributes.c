/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Device attributes of DNP3: group 0 (IEEE 1815-2012, A.2).  The variation is the attribute, the
 * index its set: 0 is the set that the standard describes.
 *
 *	type 1 | length 1 | value */

#include "dissectors/dnp3_private.h"

enum attribute_type {
	TYPE_TEXT = 1,
	TYPE_UINT = 2,
	TYPE_INT = 3,
	TYPE_FLOAT = 4,
	TYPE_OCTETS = 5,
	TYPE_BITS = 6,
	TYPE_TIME = 7
};

#define ATTRIBUTES(X)                           \
	X(196, "config_id")                     \
	X(197, "config_version")                \
	X(198, "config_build_date")             \
	X(199, "config_last_change_date")       \
	X(200, "config_digest")                 \
	X(201, "config_digest_algorithm")       \
	X(202, "master_resource_id")            \
	X(203, "altitude")                      \
	X(204, "longitude")                     \
	X(205, "latitude")                      \
	X(206, "secondary_operator")            \
	X(207, "primary_operator")              \
	X(208, "system_name")                   \
	X(209, "secure_authentication_version") \
	X(210, "security_statistics")           \
	X(211, "user_attribute_sets")           \
	X(212, "master_prototypes")             \
	X(213, "outstation_prototypes")         \
	X(214, "master_data_sets")              \
	X(215, "outstation_data_sets")          \
	X(216, "max_outputs_per_request")       \
	X(217, "local_timing_accuracy")         \
	X(218, "timing_accuracy_duration")      \
	X(219, "analog_output_events")          \
	X(220, "max_analog_output_index")       \
	X(221, "analog_outputs")                \
	X(222, "binary_output_events")          \
	X(223, "max_binary_output_index")       \
	X(224, "binary_outputs")                \
	X(225, "frozen_counter_events")         \
	X(226, "frozen_counters")               \
	X(227, "counter_events")                \
	X(228, "max_counter_index")             \
	X(229, "counters")                      \
	X(230, "frozen_analog_inputs")          \
	X(231, "analog_input_events")           \
	X(232, "max_analog_input_index")        \
	X(233, "analog_inputs")                 \
	X(234, "double_bit_events")             \
	X(235, "max_double_bit_index")          \
	X(236, "double_bit_inputs")             \
	X(237, "binary_input_events")           \
	X(238, "max_binary_input_index")        \
	X(239, "binary_inputs")                 \
	X(240, "max_transmit_fragment")         \
	X(241, "max_receive_fragment")          \
	X(242, "software_version")              \
	X(243, "hardware_version")              \
	X(244, "owner")                         \
	X(245, "location")                      \
	X(246, "id_code")                       \
	X(247, "device_name")                   \
	X(248, "serial_number")                 \
	X(249, "conformance")                   \
	X(250, "product_name")                  \
	X(252, "vendor_name")                   \
	X(254, "all_attributes")                \
	X(255, "list_of_attributes")

const struct dnp3_object dnp3_attribute_objects[256] = {
#define X(variation, what) [variation] = { .name = "g0v" #variation, .noun = what },
	ATTRIBUTES(X)
#undef X
};

/* Fields that say who the device is. */
static const uint16_t identities[256] = {
	[196] = PUT(CONFIGURATION), [208] = PUT(SYSTEM_NAME), [242] = PUT(SOFTWARE),
	[243] = PUT(HARDWARE),      [244] = PUT(OWNER),       [245] = PUT(LOCATION),
	[246] = PUT(ID_CODE),       [247] = PUT(DEVICE_NAME), [248] = PUT(SERIAL),
	[249] = PUT(CONFORMANCE),   [250] = PUT(PRODUCT),     [252] = PUT(VENDOR),
};

struct cursor dnp3_attribute_next(struct cursor *data, uint8_t *type)
{
	*type = cur_u8(data);
	return cur_sub(data, cur_u8(data));
}

/* A text without the zeros and blanks that fill it up. */
static struct cursor trimmed(struct cursor text)
{
	struct cursor look = text, start = text;
	size_t length = 0, n = 0;

	while (cur_left(&look) > 0) {
		uint8_t c = cur_u8(&look);

		n++;
		if (c != ' ' && c != 0) {
			length = n;
		}
	}
	return cur_sub(&start, length);
}

bool dnp3_put_attributes(struct dissection *d, struct cursor objects)
{
	bool found = false;
	struct dnp3_header h;

	while (dnp3_next(&objects, DATA_ALL, &h) == STEP_HEADER) {
		uint16_t field = identities[h.variation];
		struct cursor object, value;
		uint32_t set;
		uint8_t type;

		if (h.group != 0 || field == 0 || !h.with_data) {
			continue;
		}
		while (dnp3_object_next(&h, &set, &object)) {
			value = trimmed(dnp3_attribute_next(&object, &type));
			if (set == 0 && type == TYPE_TEXT && cur_left(&value) > 0) {
				record_put_bytes(d->writer, field, value);
				found = true;
			}
		}
	}
	if (found) {
		dissect_identity(d);
	}
	return found;
}

/* A number of up to eight octets, the lowest first. */
static uint64_t read_number(struct cursor value, bool is_signed)
{
	unsigned bits = 0;
	uint64_t number = 0;

	while (cur_left(&value) > 0 && bits < 64) {
		number |= (uint64_t)cur_u8(&value) << bits;
		bits += 8;
	}
	if (is_signed && bits > 0 && bits < 64 && (number >> (bits - 1) & 1) != 0) {
		number |= ~UINT64_C(0) << bits;
	}
	return number;
}

static double read_float(struct cursor value)
{
	if (cur_left(&value) == 4) {
		uint32_t bits = cur_le32(&value);
		float number;

		memcpy(&number, &bits, sizeof(number));
		return (double)number;
	}
	uint64_t bits = cur_le64(&value);
	double number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

static void put_time(struct dissection *d, struct cursor value)
{
	int64_t time = dnp3_time(dnp3_le48(&value));

	if (time != TIME_NONE) {
		record_put_time(d->writer, CORE_ITEM_TIME, time);
	}
}

static void put_value(struct dissection *d, uint8_t type, struct cursor value)
{
	struct cursor text = trimmed(value);

	if (type == TYPE_TEXT) {
		record_put_bytes(d->writer, CORE_ITEM_TEXT, text);
	} else if (type == TYPE_UINT) {
		record_put_double(d->writer, CORE_ITEM_VALUE, (double)read_number(value, false));
	} else if (type == TYPE_INT) {
		record_put_double(d->writer, CORE_ITEM_VALUE,
				  (double)(int64_t)read_number(value, true));
	} else if (type == TYPE_FLOAT) {
		record_put_double(d->writer, CORE_ITEM_VALUE, read_float(value));
	} else if (type == TYPE_TIME) {
		put_time(d, value);
	} else {
		record_put_bytes(d->writer, CORE_ITEM_DATA, value);
	}
}

void dnp3_item_attribute(struct dissection *d, const struct dnp3_header *h, struct cursor data,
			 struct dnp3_items *items)
{
	static const char *const types[256] = {
		[TYPE_TEXT] = "text",   [TYPE_UINT] = "uint",     [TYPE_INT] = "int",
		[TYPE_FLOAT] = "float", [TYPE_OCTETS] = "octets", [TYPE_BITS] = "bits",
		[TYPE_TIME] = "time",   [254] = "list",           [255] = "extended_list",
	};
	uint8_t type;
	struct cursor value = dnp3_attribute_next(&data, &type);

	if (!dnp3_item_begin(d, h, items, items->outcome,
			     types[type] != NULL ? types[type] : "unknown")) {
		return;
	}
	if (h->object != NULL) {
		record_put_static(d->writer, PUT(ATTRIBUTE), h->object->noun);
	}
	put_value(d, type, value);
	record_commit(d->writer);
}
