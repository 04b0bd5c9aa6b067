/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Encoding of one field: a 16-bit id, a 16-bit word (shape in bits 15-13, binary logarithm of the
 * width in 12-10, count in 9-0), then the value, padded to 4 bytes.  Numbers are in host order.
 * Readers copy out, so nothing is aligned beyond that. */

#include "dissectors/record.h"

#include "dissectors/record_ring.h"

#include <errno.h>
#include <stdlib.h>

_Static_assert(sizeof(struct record) == 128, "the head of a record has no holes");
_Static_assert(RECORD_STRING_MAX < 1024 && RECORD_LIST_MAX < 1024, "counts fit in 10 bits");

/* ---- names ---- */

static const char *const kind_names[RECORD_KINDS] = {
	[RECORD_TRANSACTION] = "transaction",
	[RECORD_ITEM] = "item",
	[RECORD_FLOW] = "flow",
	[RECORD_ASSET_CHANGE] = "asset_change",
	[RECORD_CONVERSATION] = "conversation",
	[RECORD_POLICY] = "policy",
	[RECORD_BLIND] = "blind",
	[RECORD_SENSOR] = "sensor",
	[RECORD_ALERT] = "alert",
};

/* Name, and whether its request is reported before the answer. */
static const struct {
	const char *name;
	bool at_once;
} operations[OPERATIONS] = {
	[OPERATION_UNKNOWN] = { "unknown", true },
	[OPERATION_READ] = { "read", false },
	[OPERATION_WRITE] = { "write", true },
	[OPERATION_CONTROL] = { "control", true },
	[OPERATION_FORCE] = { "force", true },
	[OPERATION_IO] = { "io", false },
	[OPERATION_START] = { "start", true },
	[OPERATION_STOP] = { "stop", true },
	[OPERATION_RESTART] = { "restart", true },
	[OPERATION_MEMORY_RESET] = { "memory_reset", true },
	[OPERATION_PROGRAM_UPLOAD] = { "program_upload", true },
	[OPERATION_PROGRAM_DOWNLOAD] = { "program_download", true },
	[OPERATION_PROGRAM_DELETE] = { "program_delete", true },
	[OPERATION_ONLINE_EDIT] = { "online_edit", true },
	[OPERATION_FIRMWARE_UPDATE] = { "firmware_update", true },
	[OPERATION_CONFIG_WRITE] = { "config_write", true },
	[OPERATION_ADDRESS_CHANGE] = { "address_change", true },
	[OPERATION_MODE_CHANGE] = { "mode_change", true },
	[OPERATION_TIME_SET] = { "time_set", true },
	[OPERATION_IDENTIFY] = { "identify", false },
	[OPERATION_DIAGNOSE] = { "diagnose", false },
	[OPERATION_AUTHENTICATE] = { "authenticate", true },
	[OPERATION_FILE_READ] = { "file_read", true },
	[OPERATION_FILE_WRITE] = { "file_write", true },
	[OPERATION_FILE_DELETE] = { "file_delete", true },
	[OPERATION_SUBSCRIBE] = { "subscribe", true },
	[OPERATION_REPORT] = { "report", false },
	[OPERATION_SESSION] = { "session", false },
};

static const char *const outcome_names[OUTCOMES] = {
	[OUTCOME_UNKNOWN] = "unknown",
	[OUTCOME_SUCCESS] = "success",
	[OUTCOME_FAILURE] = "failure",
};

const char *record_kind_name(enum record_kind kind)
{
	return kind < RECORD_KINDS ? kind_names[kind] : "unknown";
}

const char *operation_name(enum operation operation)
{
	return operation < OPERATIONS ? operations[operation].name : "unknown";
}

const char *outcome_name(enum outcome outcome)
{
	return outcome < OUTCOMES ? outcome_names[outcome] : "unknown";
}

bool operation_from_name(const char *name, enum operation *out)
{
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if (strcmp(operations[i].name, name) == 0) {
			*out = (enum operation)i;
			return true;
		}
	}
	return false;
}

bool operation_reports_request(enum operation operation)
{
	return operation < OPERATIONS && operations[operation].at_once;
}

/* ---- writing ---- */

int record_writer_init(struct record_writer *writer, struct record_ring *ring)
{
	*writer = (struct record_writer) { .ring = ring };
	writer->spill = malloc(RECORD_SIZE_MAX);
	return writer->spill != NULL ? 0 : -ENOMEM;
}

void record_writer_end(struct record_writer *writer)
{
	free(writer->spill);
	writer->spill = NULL;
}

const struct record *record_last(const struct record_writer *writer)
{
	return writer->last;
}

struct record *record_begin(struct record_writer *writer, enum record_kind kind,
			    const struct record *head)
{
	uint8_t *place = writer->ring != NULL ? record_ring_reserve(writer->ring) : NULL;
	struct record *record = (struct record *)(place != NULL ? place : writer->spill);

	if (head != NULL) {
		memcpy(record, head, sizeof(*record));
	} else {
		memset(record, 0, sizeof(*record));
	}
	record->kind = (uint8_t)kind;
	writer->open = record;
	writer->last = NULL;
	writer->cut = false;
	writer->at = (uint8_t *)(record + 1);
	writer->end = (uint8_t *)record + RECORD_SIZE_MAX;
	return record;
}

void record_commit(struct record_writer *writer)
{
	struct record *record = writer->open;
	size_t size = (size_t)(writer->at - (uint8_t *)record);

	/* The padding is zeroed so that equal records are equal bytes; fields are padded to 4. */
	if (size % 8 != 0) {
		memset(writer->at, 0, 4);
		size += 4;
	}
	record->size = (uint32_t)size;
	record->flags = (uint8_t)(record->flags | (writer->cut ? RECORD_TRUNCATED : 0));
	writer->open = NULL;
	if ((uint8_t *)record != writer->spill) {
		record_ring_publish(writer->ring, record->size);
	} else if (writer->ring != NULL) {
		writer->counters.dropped++;
		return;
	} else {
		writer->last = record;
	}
	writer->counters.records++;
	writer->counters.bytes += size;
}

void record_abort(struct record_writer *writer)
{
	writer->open = NULL;
}

void record_fields_begin(struct record_writer *writer, uint8_t *memory, size_t size)
{
	writer->aside_at = writer->at;
	writer->aside_end = writer->end;
	writer->at = memory;
	writer->end = memory + size;
	writer->aside_begin = memory;
	writer->cut = false;
}

size_t record_fields_end(struct record_writer *writer)
{
	size_t used = (size_t)(writer->at - writer->aside_begin);

	writer->at = writer->aside_at;
	writer->end = writer->aside_end;
	return used;
}

static void put_scalar(struct record_writer *writer, uint16_t field, const void *value,
		       unsigned log2_width)
{
	size_t width = (size_t)1 << log2_width;
	uint8_t *at =
	    record_put_field(writer, field, RECORD_FIELD_INFO(SHAPE_SCALAR, log2_width, 1), width);

	if (at != NULL) {
		memcpy(at, value, width);
	}
}

void record_fields_append(struct record_writer *writer, const uint8_t *fields, size_t size)
{
	if ((size_t)(writer->end - writer->at) < size + 8) {
		writer->counters.fields_refused++;
		writer->cut = true;
		return;
	}
	copy_few(writer->at, fields, size);
	writer->at += size;
}

void record_put_int(struct record_writer *writer, uint16_t field, int64_t value)
{
	put_scalar(writer, field, &value, 3);
}

void record_put_bool(struct record_writer *writer, uint16_t field, bool value)
{
	record_put_uint(writer, field, value);
}

void record_put_double(struct record_writer *writer, uint16_t field, double value)
{
	put_scalar(writer, field, &value, 3);
}

void record_put_time(struct record_writer *writer, uint16_t field, int64_t time)
{
	put_scalar(writer, field, &time, 3);
}

static void put_string(struct record_writer *writer, uint16_t field, const void *bytes, size_t n)
{
	size_t kept = size_min(n, RECORD_STRING_MAX);
	uint8_t *at =
	    record_put_field(writer, field, RECORD_FIELD_INFO(SHAPE_STRING, 0, kept), kept);

	if (kept < n) {
		writer->counters.values_cut++;
		writer->cut = true;
	}
	if (at != NULL) {
		copy_few(at, bytes, kept);
	}
}

void record_put_ip(struct record_writer *writer, uint16_t field, const struct ip *ip)
{
	put_string(writer, field, ip->bytes, sizeof(ip->bytes));
}

void record_put_mac(struct record_writer *writer, uint16_t field, const struct mac *mac)
{
	put_string(writer, field, mac->bytes, sizeof(mac->bytes));
}

void record_put_static(struct record_writer *writer, uint16_t field, const char *text)
{
	const char *kept = text != NULL ? text : "unknown";
	uint8_t *at =
	    record_put_field(writer, field, RECORD_FIELD_INFO(SHAPE_STATIC, 3, 1), sizeof(kept));

	if (at != NULL) {
		memcpy(at, &kept, sizeof(kept));
	}
}

void record_put_bytes(struct record_writer *writer, uint16_t field, struct cursor bytes)
{
	size_t n = cur_left(&bytes);
	size_t kept = size_min(n, RECORD_STRING_MAX);
	uint8_t *at =
	    record_put_field(writer, field, RECORD_FIELD_INFO(SHAPE_STRING, 0, kept), kept);

	if (kept < n) {
		writer->counters.values_cut++;
		writer->cut = true;
	}
	if (at != NULL) {
		cur_copy(&bytes, at, kept);
	}
}

void record_put_text(struct record_writer *writer, uint16_t field, const char *text)
{
	put_string(writer, field, text, strlen(text));
}

/* Room for a list, cut at the cap: *n is what is kept. */
static uint8_t *put_list(struct record_writer *writer, uint16_t field, unsigned log2_width,
			 size_t *n)
{
	if (*n > RECORD_LIST_MAX) {
		*n = RECORD_LIST_MAX;
		writer->counters.values_cut++;
		writer->cut = true;
	}
	return record_put_field(writer, field, RECORD_FIELD_INFO(SHAPE_LIST, log2_width, *n),
				*n << log2_width);
}

void record_put_uint8s(struct record_writer *writer, uint16_t field, const uint8_t *values,
		       size_t n)
{
	uint8_t *at = put_list(writer, field, 0, &n);

	if (at != NULL && n > 0) {
		copy_few(at, values, n);
	}
}

void record_put_uint16s(struct record_writer *writer, uint16_t field, const uint16_t *values,
			size_t n)
{
	uint8_t *at = put_list(writer, field, 1, &n);

	if (at != NULL && n > 0) {
		memcpy(at, values, 2 * n);
	}
}

void record_put_uint32s(struct record_writer *writer, uint16_t field, const uint32_t *values,
			size_t n)
{
	uint8_t *at = put_list(writer, field, 2, &n);

	if (at != NULL && n > 0) {
		copy_few(at, values, 4 * n);
	}
}

void record_put_doubles(struct record_writer *writer, uint16_t field, const double *values,
			size_t n)
{
	uint8_t *at = put_list(writer, field, 3, &n);

	if (at != NULL && n > 0) {
		copy_few(at, values, sizeof(*values) * n);
	}
}

void record_put_ips(struct record_writer *writer, uint16_t field, const struct ip *ips, size_t n)
{
	uint8_t *at = put_list(writer, field, 4, &n);

	if (at != NULL && n > 0) {
		memcpy(at, ips, sizeof(*ips) * n);
	}
}

void record_put_be16s(struct record_writer *writer, uint16_t field, struct cursor words)
{
	size_t n = cur_left(&words) / 2;
	uint8_t *at = put_list(writer, field, 1, &n);

	if (at != NULL) {
		cur_copy_be16s(&words, at, n);
	}
}

void record_put_statics(struct record_writer *writer, uint16_t field, const char *const *texts,
			size_t n)
{
	size_t kept = size_min(n, RECORD_LIST_MAX);
	uint8_t *at = record_put_field(writer, field, RECORD_FIELD_INFO(SHAPE_STATIC_LIST, 3, kept),
				       kept * sizeof(*texts));

	if (kept < n) {
		writer->counters.values_cut++;
		writer->cut = true;
	}
	if (at != NULL && kept > 0) {
		copy_few(at, texts, kept * sizeof(*texts));
	}
}

/* ---- reading ---- */

/* The head of the field at *position, which moves on to the next. False at the end: what is left
 * below 8 bytes may be the record's own padding, which is zero; a field has a head and a value, or
 * is an empty string, whose shape is not 0. */
static bool next_head(const struct record *record, size_t *position, uint16_t head[2])
{
	if (*position + RECORD_FIELD_HEAD > record->size - sizeof(*record)) {
		return false;
	}
	memcpy(head, (const uint8_t *)(record + 1) + *position, RECORD_FIELD_HEAD);
	*position +=
	    RECORD_FIELD_HEAD + (((size_t)(head[1] & 0x3ff) << (head[1] >> 10 & 7)) + 3) / 4 * 4;
	return head[0] != 0 || head[1] != 0;
}

static void read_field(const struct record *record, size_t position, const uint16_t head[2],
		       struct record_field *out)
{
	out->id = head[0];
	out->shape = (uint8_t)(head[1] >> 13);
	out->width = (uint8_t)(1U << (head[1] >> 10 & 7));
	out->count = head[1] & 0x3ff;
	out->at = (const uint8_t *)(record + 1) + position + RECORD_FIELD_HEAD;
}

bool record_next_field(const struct record *record, size_t *position, struct record_field *out)
{
	size_t at = *position;
	uint16_t head[2];

	if (!next_head(record, position, head)) {
		return false;
	}
	read_field(record, at, head, out);
	return true;
}

bool record_find_field(const struct record *record, uint16_t id, struct record_field *out)
{
	uint16_t head[2];

	for (size_t at = 0, next = 0; next_head(record, &next, head); at = next) {
		if (head[0] == id) {
			read_field(record, at, head, out);
			return true;
		}
	}
	return false;
}

static int compare_u64(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

int record_compare(const struct record *a, const struct record *b)
{
	if (a->time != b->time) {
		return a->time < b->time ? -1 : 1;
	}
	if (a->number != b->number) {
		return compare_u64(a->number, b->number);
	}
	if (a->source_interface != b->source_interface) {
		return compare_u64(a->source_interface, b->source_interface);
	}
	return compare_u64(a->order, b->order);
}
