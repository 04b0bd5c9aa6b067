/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/field.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FIELDS_MAX  4096
#define SLOTS       8192 /* of the name table: a power of two, at least twice FIELDS_MAX */
#define NAME_LENGTH 96
/* Of the prefixes of names while the order is worked out: at least twice as many as there are. */
#define PREFIX_SLOTS 8192

struct field_registry {
	const struct field *fields[FIELDS_MAX];
	uint16_t order[FIELDS_MAX];
	uint16_t slots[SLOTS]; /* id + 1, 0 is free */
	size_t n;
};

static const char *const type_names[FIELD_TYPES] = {
	[FIELD_BOOL] = "bool",     [FIELD_INT] = "int64",     [FIELD_UINT] = "uint64",
	[FIELD_DOUBLE] = "double", [FIELD_STRING] = "string", [FIELD_BYTES] = "bytes",
	[FIELD_IP] = "ip",         [FIELD_MAC] = "mac",       [FIELD_TIME] = "time",
};

const char *field_type_name(enum field_type type)
{
	return type < FIELD_TYPES ? type_names[type] : "unknown";
}

int field_registry_new(struct field_registry **out)
{
	*out = calloc(1, sizeof(**out));
	return *out != NULL ? 0 : -ENOMEM;
}

struct field_registry *field_registry_free(struct field_registry *registry)
{
	free(registry);
	return NULL;
}

/* FNV-1a over names: they come from our own tables. */
#define FNV_START 2166136261U

static uint32_t fnv(uint32_t h, char c)
{
	return (h ^ (uint8_t)c) * 16777619U;
}

static size_t slot_of(const char *name)
{
	uint32_t h = FNV_START;

	for (; *name != '\0'; name++) {
		h = fnv(h, *name);
	}
	return h & (SLOTS - 1);
}

uint16_t field_find(const struct field_registry *registry, const char *name)
{
	for (size_t at = slot_of(name);; at = (at + 1) & (SLOTS - 1)) {
		if (registry->slots[at] == 0) {
			return FIELD_NOT_FOUND;
		}
		uint16_t id = (uint16_t)(registry->slots[at] - 1);
		if (strcmp(registry->fields[id]->name, name) == 0) {
			return id;
		}
	}
}

/* Dotted lower-case words, as ECS and DESIGN.md section 4 spell them. */
static bool well_formed(const char *name)
{
	char before = '.';
	size_t n = 0;

	for (; name[n] != '\0'; n++) {
		char c = name[n];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
			    (n == 0 && c == '@');

		if (!word && (c != '.' || before == '.')) {
			return false;
		}
		before = c;
	}
	return n > 0 && n < NAME_LENGTH && before != '.';
}

int field_registry_add(struct field_registry *registry, const struct field *table, size_t n,
		       uint16_t *base, struct problem *problem)
{
	if (n > FIELDS_MAX - registry->n) {
		return problem_set(problem, -ENOSPC, "more than %d fields", FIELDS_MAX);
	}
	*base = (uint16_t)registry->n;
	for (size_t i = 0; i < n; i++) {
		const char *name = table[i].name;
		size_t at = slot_of(name);

		if (!well_formed(name)) {
			return problem_set(problem, -EINVAL, "field name '%s' is malformed", name);
		}
		if (field_find(registry, name) != FIELD_NOT_FOUND) {
			return problem_set(problem, -EEXIST, "field '%s' is there twice", name);
		}
		while (registry->slots[at] != 0) {
			at = (at + 1) & (SLOTS - 1);
		}
		registry->fields[registry->n++] = &table[i];
		registry->slots[at] = (uint16_t)registry->n;
	}
	return 0;
}

/* Document order.  A prefix ranks by the first field that has it, so the names form a tree in order
 * of first appearance; a field's sort key is the list of ranks of its prefixes. */
struct sort_key {
	uint16_t id;
	uint16_t ranks[12];
};

static bool has_prefix(const struct field *field, const char *name, size_t length)
{
	return strncmp(field->name, name, length) == 0 &&
	       (field->name[length] == '.' || field->name[length] == '\0');
}

/* Prefixes met so far, found by hash; each is told by the first field that has it. */
struct prefixes {
	const struct field_registry *registry;
	struct prefix {
		uint32_t hash;
		uint16_t rank; /* id of that field + 1; 0 is free */
		uint8_t length;
	} slots[PREFIX_SLOTS];
	size_t n;
};

/* The rank of the first `length` characters of the field's name; 0: more prefixes than fit. */
static uint16_t rank_of(struct prefixes *prefixes, uint16_t id, size_t length, uint32_t hash)
{
	const struct field_registry *registry = prefixes->registry;
	const char *name = registry->fields[id]->name;
	size_t at = hash & (PREFIX_SLOTS - 1);

	for (; prefixes->slots[at].rank != 0; at = (at + 1) & (PREFIX_SLOTS - 1)) {
		const struct prefix *p = &prefixes->slots[at];

		if (p->hash == hash && p->length == length &&
		    has_prefix(registry->fields[p->rank - 1], name, length)) {
			return p->rank;
		}
	}
	if (++prefixes->n == PREFIX_SLOTS) {
		return 0;
	}
	prefixes->slots[at] = (struct prefix) { hash, (uint16_t)(id + 1), (uint8_t)length };
	return prefixes->slots[at].rank;
}

static int rank_prefixes(struct prefixes *prefixes, struct sort_key *key)
{
	const char *name = prefixes->registry->fields[key->id]->name;
	uint32_t hash = FNV_START;
	size_t level = 0;

	for (size_t i = 0; level < ARRAY_SIZE(key->ranks); i++) {
		if (name[i] == '.' || name[i] == '\0') {
			key->ranks[level] = rank_of(prefixes, key->id, i, hash);
			if (key->ranks[level++] == 0) {
				return -ENOSPC;
			}
		}
		if (name[i] == '\0') {
			break;
		}
		hash = fnv(hash, name[i]);
	}
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct sort_key *x = a, *y = b;

	for (size_t i = 0; i < ARRAY_SIZE(x->ranks); i++) {
		if (x->ranks[i] != y->ranks[i]) {
			return x->ranks[i] < y->ranks[i] ? -1 : 1;
		}
	}
	return x->id < y->id ? -1 : x->id > y->id;
}

/* A name that is a whole name and a prefix of another stands beside it. */
static int check_order(const struct field_registry *registry, struct problem *problem)
{
	for (size_t i = 1; i < registry->n; i++) {
		const char *before = registry->fields[registry->order[i - 1]]->name;
		const char *name = registry->fields[registry->order[i]]->name;
		size_t n = size_min(strlen(before), strlen(name));

		if (memcmp(before, name, n) == 0 && (before[n] == '.' || name[n] == '.')) {
			return problem_set(problem, -EINVAL,
					   "'%s' and '%s': a name cannot be leaf and object",
					   before, name);
		}
	}
	return 0;
}

int field_registry_seal(struct field_registry *registry, struct problem *problem)
{
	struct sort_key *keys = calloc(registry->n + 1, sizeof(*keys));
	struct prefixes *prefixes = calloc(1, sizeof(*prefixes));
	int error = keys != NULL && prefixes != NULL ? 0 : -ENOMEM;

	if (error == 0) {
		prefixes->registry = registry;
	}
	for (size_t i = 0; error == 0 && i < registry->n; i++) {
		keys[i].id = (uint16_t)i;
		error = rank_prefixes(prefixes, &keys[i]);
	}
	if (error == 0) {
		qsort(keys, registry->n, sizeof(*keys), compare_keys);
	}
	for (size_t i = 0; error == 0 && i < registry->n; i++) {
		registry->order[i] = keys[i].id;
	}
	free(prefixes);
	free(keys);
	return error == 0 ? check_order(registry, problem) : error;
}

size_t field_count(const struct field_registry *registry)
{
	return registry->n;
}

const struct field *field_by_id(const struct field_registry *registry, uint16_t id)
{
	return registry->fields[id];
}

uint16_t field_in_order(const struct field_registry *registry, size_t i)
{
	return registry->order[i];
}

/* ---- values ---- */

static uint64_t read_number(const uint8_t *at, unsigned width)
{
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (width) {
	case 1:
		memcpy(&one, at, 1);
		return one;
	case 2:
		memcpy(&two, at, 2);
		return two;
	case 4:
		memcpy(&four, at, 4);
		return four;
	default:
		memcpy(&eight, at, 8);
		return eight;
	}
}

static struct field_scalar scalar_of_number(enum field_type type, uint64_t number)
{
	struct field_scalar scalar = { .natural = number };

	if (type == FIELD_BOOL) {
		scalar = (struct field_scalar) { .boolean = number != 0 };
	}
	return scalar;
}

static struct field_scalar scalar_of_bytes(enum field_type type, const uint8_t *at, size_t n)
{
	struct field_scalar scalar = { .natural = 0 };

	if (type == FIELD_IP && n == sizeof(scalar.ip)) {
		memcpy(&scalar.ip, at, n);
	} else if (type == FIELD_MAC && n == sizeof(scalar.mac)) {
		memcpy(&scalar.mac, at, n);
	} else {
		scalar.bytes = (const char *)at;
		scalar.length = n;
	}
	return scalar;
}

static struct field_scalar scalar_of_pointer(const uint8_t *at)
{
	struct field_scalar scalar;

	memcpy(&scalar.bytes, at, sizeof(scalar.bytes));
	scalar.length = strlen(scalar.bytes);
	return scalar;
}

void field_of_record(enum field_type type, const struct record_field *stored,
		     struct field_value *out)
{
	out->type = type;
	out->list = stored->shape == SHAPE_LIST || stored->shape == SHAPE_STATIC_LIST;
	out->count = out->list ? stored->count : 1;
	out->raw = stored->at;
	out->width = stored->shape == SHAPE_STATIC_LIST ? 0 : stored->width;
	if (stored->shape == SHAPE_SCALAR) {
		out->one = scalar_of_number(type, read_number(stored->at, stored->width));
	} else if (stored->shape == SHAPE_STRING) {
		out->one = scalar_of_bytes(type, stored->at, stored->count);
	} else if (stored->shape == SHAPE_STATIC) {
		out->one = scalar_of_pointer(stored->at);
	}
}

bool field_get(const struct field_registry *registry, const struct event *event, uint16_t id,
	       struct field_value *out)
{
	const struct field *field = registry->fields[id];
	struct record_field stored;

	if (field->get != NULL) {
		out->type = field->type;
		out->list = false;
		out->count = 1;
		return field->get(event, out);
	}
	if (!record_find_field(event->record, id, &stored)) {
		return false;
	}
	field_of_record(field->type, &stored, out);
	return true;
}

struct field_scalar field_at(const struct field_value *value, unsigned i)
{
	if (!value->list) {
		return value->one;
	}
	if (value->width == 0) {
		return scalar_of_pointer(value->raw + i * sizeof(char *));
	}
	if (value->type == FIELD_IP) {
		return scalar_of_bytes(FIELD_IP, value->raw + (size_t)i * value->width,
				       value->width);
	}
	return scalar_of_number(value->type,
				read_number(value->raw + (size_t)i * value->width, value->width));
}

bool field_is_text(struct field_value *out, const char *text)
{
	if (text == NULL) {
		return false;
	}
	out->one = (struct field_scalar) { .bytes = text, .length = strlen(text) };
	return true;
}

bool field_is_hex(struct field_value *out, uint64_t value)
{
	snprintf(out->scratch, sizeof(out->scratch), "%016llx", (unsigned long long)value);
	return value != 0 && field_is_text(out, out->scratch);
}

bool field_is_decimal(struct field_value *out, uint32_t value)
{
	snprintf(out->scratch, sizeof(out->scratch), "%u", value);
	return field_is_text(out, out->scratch);
}

bool field_is_uint(struct field_value *out, uint64_t value)
{
	out->one = (struct field_scalar) { .natural = value };
	return true;
}

bool field_is_int(struct field_value *out, int64_t value)
{
	out->one = (struct field_scalar) { .integer = value };
	return true;
}

bool field_is_bool(struct field_value *out, bool value)
{
	out->one = (struct field_scalar) { .boolean = value };
	return true;
}

bool field_is_ip(struct field_value *out, const struct ip *ip)
{
	static const struct ip none;

	out->one = (struct field_scalar) { .ip = *ip };
	return !ip_equal(ip, &none);
}

bool field_is_mac(struct field_value *out, const struct mac *mac)
{
	out->one = (struct field_scalar) { .mac = *mac };
	return !mac_is_none(mac);
}

bool field_is_time(struct field_value *out, int64_t time)
{
	return time != TIME_NONE && field_is_int(out, time);
}

static size_t hex_text(const struct field_scalar *scalar, char *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = size_min(scalar->length, size / 2);

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[(uint8_t)scalar->bytes[i] >> 4];
		out[2 * i + 1] = digits[(uint8_t)scalar->bytes[i] & 15];
	}
	return 2 * n;
}

size_t field_scalar_text(enum field_type type, const struct field_scalar *scalar, char *out,
			 size_t size)
{
	char text[64];
	const char *from = text;
	size_t n;

	switch (type) {
	case FIELD_BYTES:
		return hex_text(scalar, out, size);
	case FIELD_STRING:
		from = scalar->bytes;
		n = scalar->length;
		break;
	case FIELD_IP:
		n = strlen(ip_text(&scalar->ip, text));
		break;
	case FIELD_MAC:
		n = strlen(mac_text(&scalar->mac, text));
		break;
	case FIELD_TIME:
		n = strlen(time_text_utc(scalar->integer, text));
		break;
	case FIELD_BOOL:
		n = (size_t)snprintf(text, sizeof(text), "%s", scalar->boolean ? "true" : "false");
		break;
	case FIELD_INT:
		n = (size_t)snprintf(text, sizeof(text), "%lld", (long long)scalar->integer);
		break;
	case FIELD_DOUBLE:
		n = (size_t)snprintf(text, sizeof(text), "%.15g", scalar->real);
		break;
	default:
		n = (size_t)snprintf(text, sizeof(text), "%llu",
				     (unsigned long long)scalar->natural);
		break;
	}
	n = size_min(n, size);
	memcpy(out, from, n);
	return n;
}
