/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/core_fields.h"
#include "dissectors/record_ring.h"

#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define CAPACITY (4 * (size_t)RECORD_SIZE_MAX)

static struct record_writer *writer_new(struct record_ring *ring)
{
	struct record_writer *writer = malloc(sizeof(*writer));

	assert_non_null(writer);
	assert_int_equal(record_writer_init(writer, ring), 0);
	return writer;
}

static void writer_free(struct record_writer *writer)
{
	record_writer_end(writer);
	free(writer);
}

/* The only field of the last record. */
static struct record_field only_field(const struct record_writer *writer)
{
	const struct record *record = record_last(writer);
	struct record_field field, none;
	size_t position = 0;

	assert_non_null(record);
	assert_int_equal(record->size % 8, 0);
	assert_true(record_next_field(record, &position, &field));
	assert_false(record_next_field(record, &position, &none));
	return field;
}

static struct field_value only_value(const struct record_writer *writer, enum field_type type)
{
	struct record_field field = only_field(writer);
	struct field_value value;

	field_of_record(type, &field, &value);
	assert_int_equal(value.type, type);
	return value;
}

/* ---- each kind of value ---- */

static void naturals(void **state)
{
	static const uint64_t values[] = { 0, 1, UINT32_MAX, UINT64_C(1) << 32, UINT64_MAX };
	struct record_writer *w = writer_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		record_begin(w, RECORD_ITEM, NULL);
		record_put_uint(w, 7, values[i]);
		record_commit(w);
		assert_int_equal(only_field(w).id, 7);
		assert_int_equal(only_field(w).shape, SHAPE_SCALAR);
		assert_int_equal(only_field(w).width, values[i] > UINT32_MAX ? 8 : 4);
		assert_true(only_value(w, FIELD_UINT).one.natural == values[i]);
	}
	writer_free(w);
}

static void other_scalars(void **state)
{
	struct record_writer *w = writer_new(NULL);

	(void)state;
	record_begin(w, RECORD_ITEM, NULL);
	record_put_int(w, 1, INT64_MIN);
	record_commit(w);
	assert_true(only_value(w, FIELD_INT).one.integer == INT64_MIN);
	record_begin(w, RECORD_ITEM, NULL);
	record_put_int(w, 1, -1);
	record_commit(w);
	assert_true(only_value(w, FIELD_INT).one.integer == -1);
	for (int yes = 0; yes < 2; yes++) {
		record_begin(w, RECORD_ITEM, NULL);
		record_put_bool(w, 1, yes != 0);
		record_commit(w);
		assert_true(only_value(w, FIELD_BOOL).one.boolean == (yes != 0));
	}
	record_begin(w, RECORD_ITEM, NULL);
	record_put_double(w, 1, -0.125);
	record_commit(w);
	assert_true(only_value(w, FIELD_DOUBLE).one.real == -0.125);
	record_begin(w, RECORD_ITEM, NULL);
	record_put_time(w, 1, 1700000000 * NS_PER_S);
	record_commit(w);
	assert_true(only_value(w, FIELD_TIME).one.integer == 1700000000 * NS_PER_S);
	writer_free(w);
}

static void addresses(void **state)
{
	const struct ip ip = { { 0x20, 1, 0x0d, 0xb8, [15] = 9 } };
	const struct mac mac = { { 0, 0x1b, 0x1b, 1, 2, 3 } };
	struct record_writer *w = writer_new(NULL);
	struct field_value value;

	(void)state;
	record_begin(w, RECORD_ITEM, NULL);
	record_put_ip(w, 1, &ip);
	record_commit(w);
	value = only_value(w, FIELD_IP);
	assert_true(ip_equal(&value.one.ip, &ip));
	record_begin(w, RECORD_ITEM, NULL);
	record_put_mac(w, 1, &mac);
	record_commit(w);
	value = only_value(w, FIELD_MAC);
	assert_true(mac_equal(&value.one.mac, &mac));
	writer_free(w);
}

static void statics(void **state)
{
	static const char *const texts[] = { "one", "", "three" };
	struct record_writer *w = writer_new(NULL);
	struct field_value value;

	(void)state;
	record_begin(w, RECORD_ITEM, NULL);
	record_put_static(w, 1, texts[2]);
	record_commit(w);
	value = only_value(w, FIELD_STRING);
	assert_ptr_equal(value.one.bytes, texts[2]);
	assert_int_equal(value.one.length, 5);
	record_begin(w, RECORD_ITEM, NULL);
	record_put_static(w, 1, NULL);
	record_commit(w);
	assert_string_equal(only_value(w, FIELD_STRING).one.bytes, "unknown");
	record_begin(w, RECORD_ITEM, NULL);
	record_put_statics(w, 1, texts, 3);
	record_commit(w);
	value = only_value(w, FIELD_STRING);
	assert_true(value.list);
	assert_int_equal(value.count, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_ptr_equal(field_at(&value, i).bytes, texts[i]);
		assert_int_equal(field_at(&value, i).length, strlen(texts[i]));
	}
	writer_free(w);
}

/* Strings of every length up to behind the cap, as text and as bytes. */
static void strings(void **state)
{
	struct record_writer *w = writer_new(NULL);
	char text[RECORD_STRING_MAX + 3];

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		size_t kept = n < RECORD_STRING_MAX ? n : RECORD_STRING_MAX;

		memset(text, 'x', n);
		text[n] = '\0';
		for (int as_bytes = 0; as_bytes < 2; as_bytes++) {
			uint64_t cut = w->counters.values_cut;
			struct record *record = record_begin(w, RECORD_ITEM, NULL);

			/* What lay there before must not show in the padding. */
			memset(record + 1, 0xff, 1024);
			if (as_bytes != 0) {
				record_put_bytes(w, 1, cur_of(text, n));
			} else {
				record_put_text(w, 1, text);
			}
			record_commit(w);
			struct field_value value = only_value(w, FIELD_STRING);
			assert_int_equal(value.one.length, kept);
			assert_memory_equal(value.one.bytes, text, kept);
			assert_int_equal(record->flags, n > kept ? RECORD_TRUNCATED : 0);
			assert_int_equal(w->counters.values_cut - cut, n > kept);
			for (size_t i = sizeof(*record) + 4 + kept; i < record->size; i++) {
				assert_int_equal(((uint8_t *)record)[i], 0);
			}
		}
	}
	writer_free(w);
}

static void put_numbers(struct record_writer *w, unsigned width, size_t n)
{
	uint8_t bytes[128], wire[256];
	uint16_t words[128];
	uint32_t longs[128];
	const char *texts[128];

	for (size_t i = 0; i < 128; i++) {
		bytes[i] = (uint8_t)(i + 1);
		words[i] = (uint16_t)(i + 1);
		longs[i] = (uint32_t)(i + 1);
		wire[2 * i] = 0;
		wire[2 * i + 1] = (uint8_t)(i + 1);
		texts[i] = "text";
	}
	switch (width) {
	case 1:
		record_put_uint8s(w, 1, bytes, n);
		break;
	case 2:
		record_put_uint16s(w, 1, words, n);
		break;
	case 3:
		/* An odd byte behind the words is none. */
		record_put_be16s(w, 1, cur_of(wire, 2 * n + 1));
		break;
	case 4:
		record_put_uint32s(w, 1, longs, n);
		break;
	default:
		record_put_statics(w, 1, texts, n);
		break;
	}
}

static void lists(void **state)
{
	static const size_t lengths[] = { 0, 1, 2, 3, 5, 63, 64, 65, 100 };
	struct record_writer *w = writer_new(NULL);

	(void)state;
	for (unsigned width = 1; width <= 5; width++) {
		for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
			size_t n = lengths[i], kept = size_min(n, RECORD_LIST_MAX);
			uint64_t cut = w->counters.values_cut;

			record_begin(w, RECORD_ITEM, NULL);
			put_numbers(w, width, n);
			record_commit(w);
			struct field_value value =
			    only_value(w, width == 5 ? FIELD_STRING : FIELD_UINT);
			assert_true(value.list);
			assert_int_equal(value.count, kept);
			for (unsigned k = 0; k < kept && width < 5; k++) {
				assert_int_equal(field_at(&value, k).natural, k + 1);
			}
			assert_int_equal(record_last(w)->flags, n > kept ? RECORD_TRUNCATED : 0);
			assert_int_equal(w->counters.values_cut - cut, n > kept);
		}
	}
	writer_free(w);
}

/* Field 0 is a field like any other, whatever it holds, and the padding behind it is none. */
static void field_zero_is_no_end(void **state)
{
	struct record_writer *w = writer_new(NULL);
	struct record_field field;
	size_t position = 0, n = 0;

	(void)state;
	record_begin(w, RECORD_ITEM, NULL);
	record_put_uint(w, 0, 0);
	record_put_bool(w, 0, false);
	record_put_text(w, 0, "");
	record_put_bytes(w, 0, cur_of(NULL, 0));
	record_put_uint8s(w, 0, NULL, 0);
	record_put_be16s(w, 0, cur_of(NULL, 0));
	record_put_statics(w, 0, NULL, 0);
	record_put_int(w, 0, 0);
	record_put_uint8s(w, 0, (const uint8_t *)"", 1);
	record_put_text(w, 0, "");
	record_commit(w);
	while (record_next_field(record_last(w), &position, &field)) {
		assert_int_equal(field.id, 0);
		n++;
	}
	assert_int_equal(n, 10);
	writer_free(w);
}

static void local_ids(void **state)
{
	struct record_writer *w = writer_new(NULL);

	(void)state;
	w->local_base = 300;
	record_begin(w, RECORD_ITEM, NULL);
	record_put_uint(w, FIELD_LOCAL(5), 1);
	record_commit(w);
	assert_int_equal(only_field(w).id, 305);
	record_begin(w, RECORD_ITEM, NULL);
	record_put_uint(w, 5, 1);
	record_commit(w);
	assert_int_equal(only_field(w).id, 5);
	writer_free(w);
}

static void heads(void **state)
{
	const struct record head = { .time = 5, .number = 7, .flow = 9, .flags = RECORD_SNAPPED };
	struct record_writer *w = writer_new(NULL);
	struct record *record = record_begin(w, RECORD_FLOW, &head);

	(void)state;
	record_commit(w);
	assert_ptr_equal(record_last(w), record);
	assert_int_equal(record->kind, RECORD_FLOW);
	assert_int_equal(record->time, 5);
	assert_int_equal(record->number, 7);
	assert_int_equal(record->flags, RECORD_SNAPPED);
	assert_int_equal(record->size, sizeof(*record));
	record = record_begin(w, RECORD_BLIND, NULL);
	assert_null(record_last(w));
	assert_int_equal(record->time, 0);
	record_abort(w);
	assert_null(record_last(w));
	assert_int_equal(w->counters.records, 1);
	assert_int_equal(w->counters.bytes, sizeof(*record));
	writer_free(w);
}

/* ---- caps ---- */

/* Fills a record to the last field that fits; one more is refused, a smaller one may still fit. */
static void largest_record(void **state)
{
	struct record_writer *w = writer_new(NULL);
	struct record_field field;
	size_t position = 0, n = 0;

	(void)state;
	record_begin(w, RECORD_ITEM, NULL);
	while (w->counters.fields_refused == 0) {
		record_put_int(w, 1, (int64_t)n);
		n++;
	}
	n--;
	assert_true(n * 12 + sizeof(struct record) + 8 <= RECORD_SIZE_MAX);
	assert_true((n + 1) * 12 + sizeof(struct record) + 8 > RECORD_SIZE_MAX);
	record_put_text(w, 2, "a text that has no room");
	assert_int_equal(w->counters.fields_refused, 2);
	record_commit(w);
	assert_int_equal(record_last(w)->flags, RECORD_TRUNCATED);
	assert_true(record_last(w)->size <= RECORD_SIZE_MAX);
	for (size_t i = 0; i < n; i++) {
		assert_true(record_next_field(record_last(w), &position, &field));
		assert_int_equal(field.id, 1);
	}
	assert_false(record_next_field(record_last(w), &position, &field));
	/* The next one begins anew. */
	record_begin(w, RECORD_ITEM, NULL);
	record_put_uint(w, 1, 1);
	record_commit(w);
	assert_int_equal(record_last(w)->flags, 0);
	writer_free(w);
}

/* ---- fields that wait ---- */

static void aside(void **state)
{
	struct record_writer *w = writer_new(NULL);
	struct record_field field;
	size_t position = 0, n;
	uint8_t memory[64];

	(void)state;
	record_fields_begin(w, memory, sizeof(memory));
	record_put_uint(w, 1, 11);
	record_put_text(w, 2, "abcde");
	n = record_fields_end(w);
	assert_int_equal(n, 20);
	assert_false(w->cut);
	record_begin(w, RECORD_TRANSACTION, NULL);
	record_put_uint(w, 3, 33);
	record_fields_append(w, memory, n);
	record_put_uint(w, 4, 44);
	record_commit(w);
	for (uint16_t id = 0; id < 4; id++) {
		static const uint16_t ids[] = { 3, 1, 2, 4 };

		assert_true(record_next_field(record_last(w), &position, &field));
		assert_int_equal(field.id, ids[id]);
	}
	assert_false(record_next_field(record_last(w), &position, &field));
	writer_free(w);
}

/* Memory of every size: never a byte behind it, and what was refused is said. */
static void aside_overflow(void **state)
{
	struct record_writer *w = writer_new(NULL);

	(void)state;
	for (size_t size = 8; size <= 96; size++) {
		uint8_t *memory = malloc(size);
		uint64_t refused = w->counters.fields_refused;
		size_t used;

		assert_non_null(memory);
		record_fields_begin(w, memory, size);
		for (int i = 0; i < 10; i++) {
			record_put_uint(w, 1, (unsigned)i);
		}
		used = record_fields_end(w);
		assert_int_equal(used, size_min((size - 8) / 8, 10) * 8);
		assert_int_equal(w->counters.fields_refused - refused, 10 - used / 8);
		assert_int_equal(w->cut, used < 80);
		free(memory);
	}
	writer_free(w);
}

static void append_that_does_not_fit(void **state)
{
	struct record_writer *w = writer_new(NULL);
	uint8_t fields[64] = { 0 };

	(void)state;
	record_begin(w, RECORD_ITEM, NULL);
	while (w->counters.fields_refused == 0) {
		record_put_int(w, 1, 1);
	}
	record_fields_append(w, fields, sizeof(fields));
	assert_int_equal(w->counters.fields_refused, 2);
	record_commit(w);
	assert_int_equal(record_last(w)->flags, RECORD_TRUNCATED);
	writer_free(w);
}

/* ---- ring ---- */

static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A record whose size and content follow from its number. */
static void write_numbered(struct record_writer *w, uint64_t number)
{
	uint64_t seed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
	size_t strings = random_next(&seed) % 100 < 5 ? 60 : random_next(&seed) % 4;
	struct record *record = record_begin(w, RECORD_ITEM, NULL);
	char text[256];

	record->number = number;
	for (size_t i = 0; i < strings; i++) {
		memset(text, (int)('a' + number % 26), sizeof(text));
		record_put_bytes(w, 1, cur_of(text, random_next(&seed) % sizeof(text)));
	}
	record_put_uint(w, 2, number);
	record_commit(w);
}

static void check_numbered(const struct record *record, uint64_t number)
{
	struct record_field field = { .id = 0 };
	size_t position = 0;
	uint32_t last = 0;

	assert_non_null(record);
	assert_true(record->number == number);
	while (record_next_field(record, &position, &field)) {
		for (unsigned i = 0; field.id == 1 && i < field.count; i++) {
			assert_int_equal(field.at[i], 'a' + number % 26);
		}
	}
	assert_int_equal(field.id, 2);
	memcpy(&last, field.at, sizeof(last));
	assert_int_equal(last, number);
}

/* Random turns of writer and reader, round the ring many times, against a counter. */
static void ring_property(void **state)
{
	uint64_t seed = (uint64_t)time(NULL) | 1, written = 0, read = 0;
	struct record_ring *ring;
	struct record_writer *w;

	(void)state;
	print_message("seed %llu\n", (unsigned long long)seed);
	assert_int_equal(record_ring_new(&ring, 0, NULL, NULL), 0);
	w = writer_new(ring);
	assert_null(record_ring_peek(ring));
	for (int turn = 0; turn < 20000; turn++) {
		if (random_next(&seed) % 2 == 0) {
			uint64_t dropped = w->counters.dropped;

			write_numbered(w, written);
			written += w->counters.dropped == dropped;
			continue;
		}
		/* All unread records can be walked without releasing one. */
		const struct record *record = record_ring_peek(ring);
		for (uint64_t i = read; i < written; i++) {
			check_numbered(record, i);
			record = record_ring_next(ring, record);
		}
		assert_null(record);
		for (uint64_t n = random_next(&seed) % 8; n > 0 && read < written; n--) {
			check_numbered(record_ring_peek(ring), read++);
			record_ring_release(ring);
		}
	}
	assert_true(written > 1000);
	assert_int_equal(w->counters.records, written);
	writer_free(w);
	record_ring_free(ring);
}

/* Without on_full a full ring drops and counts, and goes on when there is room. */
static void full_ring_drops(void **state)
{
	struct record_ring *ring;
	struct record_writer *w;
	uint64_t kept = 0;

	(void)state;
	assert_int_equal(record_ring_new(&ring, 1, NULL, NULL), 0);
	assert_int_equal(ring->capacity, CAPACITY);
	w = writer_new(ring);
	assert_int_equal(record_ring_fill(ring), 0);
	while (w->counters.dropped == 0) {
		write_numbered(w, kept);
		kept += w->counters.dropped == 0;
	}
	assert_true(record_ring_fill(ring) >= 70 && record_ring_fill(ring) <= 100);
	write_numbered(w, kept);
	assert_int_equal(w->counters.dropped, 2);
	assert_int_equal(w->counters.records, kept);
	assert_null(record_last(w));
	for (uint64_t i = 0; i < kept; i++) {
		check_numbered(record_ring_peek(ring), i);
		record_ring_release(ring);
	}
	assert_null(record_ring_peek(ring));
	write_numbered(w, kept);
	check_numbered(record_ring_peek(ring), kept);
	writer_free(w);
	record_ring_free(ring);
}

struct reader {
	struct record_ring *ring;
	uint64_t read, calls;
};

static void read_one(void *context)
{
	struct reader *reader = context;

	check_numbered(record_ring_peek(reader->ring), reader->read++);
	record_ring_release(reader->ring);
	reader->calls++;
}

static void full_ring_waits(void **state)
{
	struct reader reader = { .read = 0 };
	struct record_writer *w;

	(void)state;
	assert_int_equal(record_ring_new(&reader.ring, 0, read_one, &reader), 0);
	w = writer_new(reader.ring);
	for (uint64_t i = 0; i < 5000; i++) {
		write_numbered(w, i);
	}
	assert_true(reader.calls > 1000);
	assert_int_equal(w->counters.dropped, 0);
	while (record_ring_peek(reader.ring) != NULL) {
		read_one(&reader);
	}
	assert_int_equal(reader.read, 5000);
	writer_free(w);
	record_ring_free(reader.ring);
}

/* An aborted record leaves no trace in the ring. */
static void abort_in_ring(void **state)
{
	struct record_ring *ring;
	struct record_writer *w;

	(void)state;
	assert_int_equal(record_ring_new(&ring, 0, NULL, NULL), 0);
	w = writer_new(ring);
	record_begin(w, RECORD_ITEM, NULL);
	record_put_uint(w, 1, 1);
	record_abort(w);
	assert_null(record_ring_peek(ring));
	write_numbered(w, 3);
	check_numbered(record_ring_peek(ring), 3);
	assert_true(record_ring_copy(ring, record_ring_peek(ring)));
	record_ring_release(ring);
	check_numbered(record_ring_peek(ring), 3);
	writer_free(w);
	record_ring_free(ring);
}

#define THREAD_RECORDS 50000

static void wait_a_little(void *context)
{
	(void)context;
	sched_yield();
}

static void *produce(void *context)
{
	struct record_writer *w = writer_new(context);

	for (uint64_t i = 0; i < THREAD_RECORDS; i++) {
		write_numbered(w, i);
	}
	writer_free(w);
	return NULL;
}

static void two_threads(void **state)
{
	struct record_ring *ring;
	pthread_t producer;

	(void)state;
	assert_int_equal(record_ring_new(&ring, 0, wait_a_little, NULL), 0);
	assert_int_equal(pthread_create(&producer, NULL, produce, ring), 0);
	for (uint64_t i = 0; i < THREAD_RECORDS; i++) {
		while (record_ring_peek(ring) == NULL) {
			sched_yield();
		}
		check_numbered(record_ring_peek(ring), i);
		record_ring_release(ring);
	}
	assert_int_equal(pthread_join(producer, NULL), 0);
	assert_null(record_ring_peek(ring));
	record_ring_free(ring);
}

/* ---- names and order ---- */

static void operation_names(void **state)
{
	enum operation found;

	(void)state;
	for (unsigned i = 0; i < OPERATIONS; i++) {
		assert_true(operation_from_name(operation_name((enum operation)i), &found));
		assert_int_equal(found, i);
	}
	assert_false(operation_from_name("reed", &found));
	assert_false(operation_from_name("", &found));
	assert_string_equal(operation_name(OPERATIONS), "unknown");
	assert_string_equal(record_kind_name(RECORD_KINDS), "unknown");
	assert_string_equal(outcome_name(OUTCOMES), "unknown");
	assert_false(operation_reports_request(OPERATIONS));
	assert_true(operation_reports_request(OPERATION_STOP));
	assert_false(operation_reports_request(OPERATION_READ));
}

static void order_of_records(void **state)
{
	const struct record a = { .time = 5, .number = 5, .source_interface = 5, .order = 5 };
	struct record b = a;

	(void)state;
	assert_int_equal(record_compare(&a, &b), 0);
	b.order = UINT64_MAX;
	assert_true(record_compare(&a, &b) < 0 && record_compare(&b, &a) > 0);
	b.source_interface = 4;
	assert_true(record_compare(&a, &b) > 0 && record_compare(&b, &a) < 0);
	b.number = 6;
	assert_true(record_compare(&a, &b) < 0 && record_compare(&b, &a) > 0);
	b.time = -1;
	assert_true(record_compare(&a, &b) > 0 && record_compare(&b, &a) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(naturals),
		cmocka_unit_test(other_scalars),
		cmocka_unit_test(addresses),
		cmocka_unit_test(statics),
		cmocka_unit_test(strings),
		cmocka_unit_test(lists),
		cmocka_unit_test(field_zero_is_no_end),
		cmocka_unit_test(local_ids),
		cmocka_unit_test(heads),
		cmocka_unit_test(largest_record),
		cmocka_unit_test(aside),
		cmocka_unit_test(aside_overflow),
		cmocka_unit_test(append_that_does_not_fit),
		cmocka_unit_test(ring_property),
		cmocka_unit_test(full_ring_drops),
		cmocka_unit_test(full_ring_waits),
		cmocka_unit_test(abort_in_ring),
		cmocka_unit_test(two_threads),
		cmocka_unit_test(operation_names),
		cmocka_unit_test(order_of_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
