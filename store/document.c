/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/document.h"

#include "capture/base/hash.h"
#include "dissectors/core_fields.h"

#include <string.h>

#define FIELDS_MAX        4096 /* ids of a registry */
#define FIELD_WORDS       (FIELDS_MAX / 64)
#define KEY_MAX           128
#define OPERATION_BIT(op) (UINT64_C(1) << OPERATION_##op)

/* How a record is categorised (ECS 9.4 event.kind, event.category, event.type). */
struct category {
	const char *kind, *dataset;
	const char *categories[2];
	const char *types[2];
};

static const struct category categories[RECORD_KINDS] = {
	[RECORD_TRANSACTION] = { "event", NULL, { "network" }, { "protocol", "info" } },
	[RECORD_ITEM] = { "event", NULL, { "network" }, { "protocol", "info" } },
	[RECORD_FLOW] = { "event", "weir.flow", { "network" }, { "connection", "info" } },
	[RECORD_ASSET_CHANGE] = { "event", "weir.asset", { "host" }, { "change", "info" } },
	[RECORD_CONVERSATION] = { "event",
				  "weir.conversation",
				  { "network" },
				  { "connection", "info" } },
	[RECORD_POLICY] = { "event", "weir.policy", { "network" }, { "connection", "info" } },
	[RECORD_BLIND] = { "event", "weir.blind", { "network" }, { "info" } },
	[RECORD_SENSOR] = { "metric", "weir.sensor", { "host" }, { "info" } },
	[RECORD_ALERT] = { "alert",
			   "weir.alert",
			   { "intrusion_detection", "network" },
			   { "info" } },
};

/* Operations that look at the device and change nothing. */
static const uint64_t access_operations = OPERATION_BIT(READ) | OPERATION_BIT(IDENTIFY) |
					  OPERATION_BIT(DIAGNOSE) | OPERATION_BIT(FILE_READ) |
					  OPERATION_BIT(PROGRAM_UPLOAD) | OPERATION_BIT(SUBSCRIBE);

static uint64_t hash_number(uint64_t h, uint64_t number)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(number >> 8 * i);
	}
	return hash_stable(h, bytes, sizeof(bytes));
}

const char *document_id(const struct document_options *options, const struct record *record,
			char *out)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t h = HASH_STABLE_START;

	h = hash_number(h, options->sensor_id);
	h = hash_number(h, record->source_interface);
	/* A sensor counts packets from 1 again when it starts, and each of its workers does. */
	h = hash_number(h, (uint64_t)record->time);
	h = hash_number(h, record->number);
	h = hash_number(h, record->kind);
	h = hash_number(h, record->order);
	h = hash_stable_end(h);
	for (unsigned i = 0; i < 16; i++) {
		out[i] = digits[h >> (60 - 4 * i) & 15];
	}
	out[16] = '\0';
	return out;
}

/* The text of a string field; empty when absent. */
static struct field_scalar text_of(const struct document_options *options,
				   const struct event *event, uint16_t id)
{
	struct field_value value;

	if (!field_get(options->registry, event, id, &value)) {
		return (struct field_scalar) { .bytes = "", .length = 0 };
	}
	return value.one;
}

static bool text_is(struct field_scalar text, const char *word)
{
	return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

/* The second word of event.type, which may depend on more than the kind. */
static const char *second_type(const struct document_options *options, const struct event *event)
{
	const struct record *record = event->record;
	const struct category *row = &categories[record->kind];
	struct field_scalar what;

	if (record->kind == RECORD_TRANSACTION || record->kind == RECORD_ITEM) {
		return access_operations >> record->operation & 1 ? "access" : row->types[1];
	}
	if (record->kind == RECORD_FLOW) {
		what = text_of(options, event, CORE_FLOW_EVENT);
		return text_is(what, "begin") ? "start" : text_is(what, "end") ? "end" : "info";
	}
	return row->types[1];
}

static void write_dataset(struct json *json, const struct document_options *options,
			  const struct event *event)
{
	const struct category *row = &categories[event->record->kind];
	char dataset[KEY_MAX] = "weir.";
	size_t length = strlen(dataset);
	struct field_scalar protocol;

	if (row->dataset != NULL) {
		json_text(json, "dataset", row->dataset);
		return;
	}
	protocol = text_of(options, event, CORE_NETWORK_PROTOCOL);
	if (protocol.length == 0) {
		protocol = (struct field_scalar) { .bytes = "unknown", .length = 7 };
	}
	protocol.length = size_min(protocol.length, sizeof(dataset) - length);
	memcpy(dataset + length, protocol.bytes, protocol.length);
	json_string(json, "dataset", dataset, length + protocol.length);
}

static void write_words(struct json *json, const char *key, const char *first, const char *second)
{
	json_array(json, key);
	json_text(json, NULL, first);
	if (second != NULL) {
		json_text(json, NULL, second);
	}
	json_end(json);
}

static void write_scalar(struct json *json, const char *key, enum field_type type,
			 const struct field_scalar *scalar)
{
	char text[IP_TEXT_SIZE > MAC_TEXT_SIZE ? IP_TEXT_SIZE : MAC_TEXT_SIZE];

	switch (type) {
	case FIELD_BOOL:
		json_bool(json, key, scalar->boolean);
		break;
	case FIELD_INT:
		json_int(json, key, scalar->integer);
		break;
	case FIELD_UINT:
		json_uint(json, key, scalar->natural);
		break;
	case FIELD_DOUBLE:
		json_double(json, key, scalar->real);
		break;
	case FIELD_STRING:
		json_string(json, key, scalar->bytes, scalar->length);
		break;
	case FIELD_BYTES:
		json_hex(json, key, scalar->bytes, scalar->length);
		break;
	case FIELD_IP:
		json_text(json, key, ip_text(&scalar->ip, text));
		break;
	case FIELD_MAC:
		json_text(json, key, mac_text(&scalar->mac, text));
		break;
	case FIELD_TIME:
		json_time(json, key, scalar->integer);
		break;
	case FIELD_TYPES:
		break;
	}
}

static void write_value(struct json *json, const char *key, const struct field *field,
			const struct field_value *value)
{
	bool text = field->type == FIELD_STRING || field->type == FIELD_BYTES;

	if ((field->flags & FIELD_SECRET) != 0 && text) {
		json_text(json, key, "present");
		return;
	}
	/* A field that may have several values is a list in every document, though one may be
	 * stored as it is. */
	if (!value->list && (field->flags & FIELD_LIST) == 0) {
		write_scalar(json, key, field->type, &value->one);
		return;
	}
	json_array(json, key);
	for (unsigned i = 0; i < value->count; i++) {
		struct field_scalar element = field_at(value, i);

		write_scalar(json, NULL, field->type, &element);
	}
	json_end(json);
}

/* Where the document stands: the objects that are open are the prefix of the last name. */
struct nesting {
	struct json *json;
	const char *name; /* of the field written last; "" at first */
};

static size_t count_dots(const char *name)
{
	size_t n = 0;

	for (; *name != '\0'; name++) {
		n += *name == '.';
	}
	return n;
}

/* Length of the whole segments, dots included, that both prefixes share. */
static size_t shared_prefix(const char *a, const char *b)
{
	size_t shared = 0;

	for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++) {
		if (a[i] == '.') {
			shared = i + 1;
		}
	}
	return shared;
}

/* Closes and opens objects until the leaf of this name can be written; returns the leaf's key. */
static const char *nest(struct nesting *nesting, const char *name)
{
	size_t shared = shared_prefix(nesting->name, name);
	const char *dot;
	char key[KEY_MAX];

	for (size_t n = count_dots(nesting->name + shared); n > 0; n--) {
		json_end(nesting->json);
	}
	nesting->name = name;
	for (name += shared; (dot = strchr(name, '.')) != NULL; name = dot + 1) {
		size_t length = size_min((size_t)(dot - name), sizeof(key) - 1);

		memcpy(key, name, length);
		key[length] = '\0';
		json_object(nesting->json, key);
	}
	return name;
}

static void nest_end(struct nesting *nesting)
{
	for (size_t n = count_dots(nesting->name); n > 0; n--) {
		json_end(nesting->json);
	}
	nesting->name = "";
}

/* Where each stored field of a record lies: one walk over the record, so that a field that it has
 * not costs a bit test. */
struct stored {
	const struct record *record;
	uint64_t present[FIELD_WORDS];
	uint16_t position[FIELDS_MAX]; /* of the fields whose bit is set */
};

static void find_stored(const struct record *record, struct stored *stored)
{
	struct record_field field;
	size_t position = 0, before = 0;

	stored->record = record;
	memset(stored->present, 0, sizeof(stored->present));
	while (record_next_field(record, &position, &field)) {
		uint64_t bit = UINT64_C(1) << field.id % 64;

		if (field.id < FIELDS_MAX && (stored->present[field.id / 64] & bit) == 0) {
			stored->present[field.id / 64] |= bit;
			stored->position[field.id] = (uint16_t)before;
		}
		before = position;
	}
}

static bool get_stored(const struct stored *stored, uint16_t id, enum field_type type,
		       struct field_value *out)
{
	struct record_field field;
	size_t position;

	if ((stored->present[id / 64] >> id % 64 & 1) == 0) {
		return false;
	}
	position = stored->position[id];
	if (!record_next_field(stored->record, &position, &field)) {
		return false;
	}
	field_of_record(type, &field, out);
	return true;
}

enum part { PART_ALL, PART_EVENT, PART_REST };

static bool in_part(enum part part, const char *name)
{
	bool of_event = name[0] == 'e' && strncmp(name, "event.", 6) == 0;

	return part == PART_ALL || of_event == (part == PART_EVENT);
}

/* Writes the fields that belong to the part, in document order. */
static void write_fields(struct nesting *nesting, const struct document_options *options,
			 const struct event *event, enum part part)
{
	const struct field_registry *registry = options->registry;
	size_t n = field_count(registry);
	struct stored stored;

	find_stored(event->record, &stored);
	for (size_t i = 0; i < n; i++) {
		uint16_t id = field_in_order(registry, i);
		const struct field *field = field_by_id(registry, id);
		struct field_value value;
		bool there;

		if ((field->flags & FIELD_HIDDEN) != 0 || !in_part(part, field->name)) {
			continue;
		}
		there = field->get != NULL ? field_get(registry, event, id, &value)
					   : get_stored(&stored, id, field->type, &value);
		if (there) {
			write_value(nesting->json, nest(nesting, field->name), field, &value);
		}
	}
}

/* What every whole document begins with; leaves "event" open for the event.* fields. */
static void write_beginning(struct json *json, const struct document_options *options,
			    const struct event *event)
{
	const struct record *record = event->record;
	const struct category *row = &categories[record->kind];
	char id[17];

	json_time(json, "@timestamp", record->time);
	json_object(json, "event");
	json_text(json, "id", document_id(options, record, id));
	json_text(json, "kind", row->kind);
	write_words(json, "category", row->categories[0], row->categories[1]);
	write_words(json, "type", row->types[0], second_type(options, event));
	write_dataset(json, options, event);
}

void document_fields(struct json *json, const struct document_options *options,
		     const struct event *event, bool whole)
{
	struct nesting nesting = { .json = json, .name = "" };

	if (!whole) {
		write_fields(&nesting, options, event, PART_ALL);
		nest_end(&nesting);
		return;
	}
	write_beginning(json, options, event);
	nesting.name = "event.";
	write_fields(&nesting, options, event, PART_EVENT);
	nest_end(&nesting);
	json_object(json, "ecs");
	json_text(json, "version", ECS_VERSION);
	json_end(json);
	if (options->sensor_name != NULL) {
		json_object(json, "observer");
		json_text(json, "name", options->sensor_name);
		json_text(json, "type", "ids");
		json_end(json);
	}
	write_fields(&nesting, options, event, PART_REST);
	nest_end(&nesting);
}

void document_line(struct buffer *out, const struct document_options *options,
		   const struct event *event)
{
	struct json json = json_to(out);

	json_object(&json, NULL);
	document_fields(&json, options, event, true);
	json_end(&json);
	buffer_add(out, "\n", 1);
}
