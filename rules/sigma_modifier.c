/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_modifier.c - `field|modifier|...: value(s)` to a test (modifiers appendix 2.1).
 *
 * Modifiers that change a text apply in the order in which they stand; the others say how
 * the result is compared. */

#include "rules/sigma.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRANSFORMS_MAX 8

enum manner { /* how values are compared */
	      MANNER_PLAIN,
	      MANNER_RE,
	      MANNER_CIDR,
	      MANNER_ORDER,
	      MANNER_FIELDREF,
	      MANNER_EXISTS
};

/* What the modifiers of one item add up to. */
struct modifiers {
	uint16_t field;
	enum manner manner;
	uint32_t regex_flags;
	bool all, cased, negate, expand;
	enum comparison comparison;
	enum time_part part;
	sigma_transform *transforms[TRANSFORMS_MAX];
	size_t n_transforms;
};

/* ---- transformations that only wrap ---- */

static const char *wrap_all(struct arena *arena, struct sigma_texts *texts, bool front, bool behind)
{
	for (size_t i = 0; i < texts->n; i++) {
		if (!sigma_text_wrap(arena, &texts->items[i], front, behind)) {
			return "out of memory";
		}
	}
	return NULL;
}

static const char *contains(struct arena *arena, struct sigma_texts *texts)
{
	return wrap_all(arena, texts, true, true);
}

static const char *startswith(struct arena *arena, struct sigma_texts *texts)
{
	return wrap_all(arena, texts, false, true);
}

static const char *endswith(struct arena *arena, struct sigma_texts *texts)
{
	return wrap_all(arena, texts, true, false);
}

/* ---- modifiers by name ---- */

enum modifier_class {
	CLASS_TRANSFORM,
	CLASS_MANNER,
	CLASS_ORDER,
	CLASS_REGEX_FLAG,
	CLASS_PART,
	CLASS_ALL,
	CLASS_CASED,
	CLASS_NEQ,
	CLASS_EXPAND,
};

static const struct modifier {
	const char *name;
	enum modifier_class class;
	unsigned value;
	sigma_transform *transform;
} modifiers[] = {
	{ "contains", CLASS_TRANSFORM, 0, contains },
	{ "startswith", CLASS_TRANSFORM, 0, startswith },
	{ "endswith", CLASS_TRANSFORM, 0, endswith },
	{ "windash", CLASS_TRANSFORM, 0, sigma_windash },
	{ "base64", CLASS_TRANSFORM, 0, sigma_base64 },
	{ "base64offset", CLASS_TRANSFORM, 0, sigma_base64offset },
	{ "wide", CLASS_TRANSFORM, 0, sigma_utf16le },
	{ "utf16le", CLASS_TRANSFORM, 0, sigma_utf16le },
	{ "utf16be", CLASS_TRANSFORM, 0, sigma_utf16be },
	{ "utf16", CLASS_TRANSFORM, 0, sigma_utf16 },
	{ "re", CLASS_MANNER, MANNER_RE, NULL },
	{ "cidr", CLASS_MANNER, MANNER_CIDR, NULL },
	{ "fieldref", CLASS_MANNER, MANNER_FIELDREF, NULL },
	{ "exists", CLASS_MANNER, MANNER_EXISTS, NULL },
	{ "lt", CLASS_ORDER, COMPARE_LT, NULL },
	{ "lte", CLASS_ORDER, COMPARE_LTE, NULL },
	{ "gt", CLASS_ORDER, COMPARE_GT, NULL },
	{ "gte", CLASS_ORDER, COMPARE_GTE, NULL },
	{ "i", CLASS_REGEX_FLAG, PCRE2_CASELESS, NULL },
	{ "m", CLASS_REGEX_FLAG, PCRE2_MULTILINE, NULL },
	{ "s", CLASS_REGEX_FLAG, PCRE2_DOTALL, NULL },
	{ "minute", CLASS_PART, PART_MINUTE, NULL },
	{ "hour", CLASS_PART, PART_HOUR, NULL },
	{ "day", CLASS_PART, PART_DAY, NULL },
	{ "week", CLASS_PART, PART_WEEK, NULL },
	{ "month", CLASS_PART, PART_MONTH, NULL },
	{ "year", CLASS_PART, PART_YEAR, NULL },
	{ "all", CLASS_ALL, 0, NULL },
	{ "cased", CLASS_CASED, 0, NULL },
	{ "neq", CLASS_NEQ, 0, NULL },
	{ "expand", CLASS_EXPAND, 0, NULL },
};

static const struct modifier *find_modifier(const char *name, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(modifiers); i++) {
		if (strlen(modifiers[i].name) == n && memcmp(modifiers[i].name, name, n) == 0) {
			return &modifiers[i];
		}
	}
	return NULL;
}

/* Adds one modifier; NULL, or why it cannot stand here. */
static const char *add_modifier(struct modifiers *m, const struct modifier *modifier)
{
	switch (modifier->class) {
	case CLASS_TRANSFORM:
		if (m->manner != MANNER_PLAIN || m->n_transforms == TRANSFORMS_MAX) {
			return "cannot follow the modifiers before it";
		}
		m->transforms[m->n_transforms++] = modifier->transform;
		return NULL;
	case CLASS_MANNER:
	case CLASS_ORDER:
		if (m->manner != MANNER_PLAIN || m->n_transforms > 0) {
			return "cannot follow the modifiers before it";
		}
		m->manner =
		    modifier->class == CLASS_ORDER ? MANNER_ORDER : (enum manner)modifier->value;
		if (modifier->class == CLASS_ORDER) {
			m->comparison = (enum comparison)modifier->value;
		}
		return NULL;
	case CLASS_REGEX_FLAG:
		m->regex_flags |= modifier->value;
		return m->manner == MANNER_RE ? NULL : "is only for 're'";
	case CLASS_PART:
		m->part = (enum time_part)modifier->value;
		return m->n_transforms == 0 ? NULL : "cannot follow the modifiers before it";
	case CLASS_ALL:
		m->all = true;
		return NULL;
	case CLASS_CASED:
		m->cased = true;
		return NULL;
	case CLASS_NEQ:
		m->negate = true;
		return NULL;
	default:
		m->expand = true;
		return NULL;
	}
}

/* Splits the key; *name_length gets the length of the field's name. */
static int read_modifiers(struct loader *loader, const struct yaml_node *item, size_t *name_length,
			  struct modifiers *m)
{
	struct yaml_node place = { .line = item->key_line, .column = item->key_column };
	const char *at = item->key;

	*m = (struct modifiers) { .manner = MANNER_PLAIN };
	*name_length = strcspn(at, "|");
	at += *name_length;
	while (*at == '|') {
		const char *name = at + 1, *wrong;
		size_t n = strcspn(name, "|");
		const struct modifier *modifier = find_modifier(name, n);

		place.column = item->key_column + (unsigned)(name - item->key);
		wrong = modifier != NULL ? add_modifier(m, modifier) : "is unknown";
		if (wrong != NULL) {
			return sigma_error(loader, &place, "modifier '%.*s' %s",
					   (int)size_min(n, 40), name, wrong);
		}
		at = name + n;
	}
	if (m->all && (m->negate || m->manner == MANNER_EXISTS || m->manner == MANNER_ORDER)) {
		return sigma_error(loader, &place,
				   "modifier 'all' cannot stand with neq, exists, "
				   "lt, lte, gt or gte");
	}
	if (m->part != PART_NONE && m->manner != MANNER_PLAIN && m->manner != MANNER_ORDER) {
		return sigma_error(loader, &place,
				   "a part of a time is a number: compare it as one");
	}
	return 0;
}

/* ---- values ---- */

/* Where the matches of one test grow. */
struct values {
	struct match *items;
	size_t n, size;
};

static struct match *add_value(struct loader *loader, struct values *values)
{
	if (values->n == values->size) {
		size_t size = values->size * 2 + 4;
		struct match *items = arena_take(&loader->set->arena, size * sizeof(*items));

		if (items == NULL) {
			return NULL;
		}
		if (values->n > 0) {
			memcpy(items, values->items, values->n * sizeof(*items));
		}
		values->items = items;
		values->size = size;
	}
	return &values->items[values->n++];
}

static int out_of_memory(struct loader *loader, const struct yaml_node *node)
{
	sigma_error(loader, node, "out of memory");
	return -ENOMEM;
}

static int add_regex(struct loader *loader, const struct yaml_node *value,
		     const struct modifiers *m, struct values *values)
{
	struct rule_set *set = loader->set;
	struct match *match = add_value(loader, values);
	PCRE2_SIZE offset;
	int code;

	if (set->n_regexes == set->regexes_size) {
		size_t size = set->regexes_size * 2 + 16;
		pcre2_code **regexes = realloc(set->regexes, size * sizeof(*regexes));

		if (regexes == NULL) {
			return out_of_memory(loader, value);
		}
		set->regexes = regexes;
		set->regexes_size = size;
	}
	if (match == NULL) {
		return out_of_memory(loader, value);
	}
	match->kind = MATCH_REGEX;
	match->regex = pcre2_compile((PCRE2_SPTR)value->text, value->length,
				     m->regex_flags | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
					 PCRE2_NEVER_BACKSLASH_C,
				     &code, &offset, NULL);
	if (match->regex == NULL) {
		PCRE2_UCHAR reason[128];

		pcre2_get_error_message(code, reason, sizeof(reason));
		return sigma_error_at(loader, value, offset, "not a regular expression: %s",
				      (const char *)reason);
	}
	set->regexes[set->n_regexes++] = match->regex;
	/* Without JIT (not on every machine) the interpreter matches the same. */
	(void)pcre2_jit_compile(match->regex, PCRE2_JIT_COMPLETE);
	return 0;
}

/* Runs the transformations over one value and adds what comes out. */
static int add_texts(struct loader *loader, const struct yaml_node *value,
		     const struct modifiers *m, struct values *values)
{
	struct arena *arena = &loader->set->arena;
	struct sigma_texts texts = { arena_take(arena, sizeof(struct sigma_text)), 1 };

	if (texts.items == NULL ||
	    !sigma_text_read(arena, value->text, value->length, &texts.items[0])) {
		return out_of_memory(loader, value);
	}
	for (size_t i = 0; i < m->n_transforms; i++) {
		const char *wrong = m->transforms[i](arena, &texts);

		if (wrong != NULL) {
			return sigma_error(loader, value, "%s", wrong);
		}
	}
	if (m->all && texts.n > 1) {
		return sigma_error(loader, value,
				   "'all' cannot stand with a modifier that makes alternatives");
	}
	for (size_t i = 0; i < texts.n; i++) {
		struct match *match = add_value(loader, values);

		if (match == NULL) {
			return out_of_memory(loader, value);
		}
		*match = (struct match) { .kind = MATCH_TEXT, .text = texts.items[i] };
		if (!m->cased && !sigma_text_fold(arena, &match->text)) {
			return out_of_memory(loader, value);
		}
	}
	return 0;
}

/* The number that a plain or quoted scalar spells. */
static bool read_number(const struct yaml_node *value, long double *out)
{
	struct yaml_node plain = *value;
	int64_t integer;
	double real;

	plain.quoted = false;
	if (yaml_as_int(&plain, &integer)) {
		*out = integer;
		return true;
	}
	if (!yaml_as_double(&plain, &real)) {
		return false;
	}
	*out = strtold(plain.text, NULL);
	return true;
}

static bool read_truth(const struct yaml_node *value, long double *out)
{
	bool truth = strcasecmp(value->text, "true") == 0;

	*out = truth;
	return truth || strcasecmp(value->text, "false") == 0;
}

/* The type that values are compared as: a part of a time is a number. */
static enum field_type value_type(const struct loader *loader, uint16_t field, enum time_part part)
{
	if (part != PART_NONE) {
		return FIELD_INT;
	}
	return field == FIELD_TIMESTAMP ? FIELD_TIME
					: field_by_id(loader->set->registry, field)->type;
}

/* One plain value of a field that is no text. 1: compare its text form instead. */
static int read_typed(enum field_type type, const struct yaml_node *value, struct match *out)
{
	bool good = false;

	switch (type) {
	case FIELD_INT:
	case FIELD_UINT:
	case FIELD_DOUBLE:
		out->kind = MATCH_NUMBER;
		good = read_number(value, &out->number);
		break;
	case FIELD_BOOL:
		out->kind = MATCH_NUMBER;
		good = read_truth(value, &out->number);
		break;
	case FIELD_IP:
		out->kind = MATCH_IP;
		good = ip_parse(value->text, &out->ip) == 0;
		break;
	case FIELD_MAC:
		out->kind = MATCH_MAC;
		good = mac_parse(value->text, &out->mac) == 0;
		break;
	default:
		return 1;
	}
	if (good) {
		return 0;
	}
	return strpbrk(value->text, "*?") != NULL || value->length == 0 ? 1 : -EINVAL;
}

static int add_plain(struct loader *loader, const struct yaml_node *value,
		     const struct modifiers *m, struct values *values)
{
	enum field_type type = value_type(loader, m->field, m->part);
	struct match match = { .kind = MATCH_NULL };
	struct match *added;
	int result = m->n_transforms > 0 ? 1 : read_typed(type, value, &match);

	if (yaml_is_null(value)) {
		if (m->n_transforms > 0 || m->part != PART_NONE) {
			return sigma_error(loader, value, "null cannot have this modifier");
		}
		match.kind = MATCH_NULL;
	} else if (result == 1 && m->part == PART_NONE) {
		return add_texts(loader, value, m, values);
	} else if (result != 0) {
		return sigma_error(loader, value,
				   "'%.80s' can never match: the field is of type %s", value->text,
				   field_type_name(type));
	}
	added = add_value(loader, values);
	if (added == NULL) {
		return out_of_memory(loader, value);
	}
	*added = match;
	return 0;
}

static int add_ordered(struct loader *loader, const struct yaml_node *value,
		       const struct modifiers *m, struct values *values)
{
	enum field_type type = value_type(loader, m->field, m->part);
	struct match *match;
	long double number;

	if (type != FIELD_INT && type != FIELD_UINT && type != FIELD_DOUBLE) {
		return sigma_error(loader, value,
				   "lt, lte, gt and gte are for numbers; this field is of type %s",
				   field_type_name(type));
	}
	if (!read_number(value, &number)) {
		return sigma_error(loader, value, "'%.80s' is not a number", value->text);
	}
	match = add_value(loader, values);
	if (match == NULL) {
		return out_of_memory(loader, value);
	}
	*match = (struct match) { .kind = MATCH_NUMBER, .number = number };
	return 0;
}

static int add_network(struct loader *loader, const struct yaml_node *value,
		       const struct modifiers *m, struct values *values)
{
	enum field_type type = value_type(loader, m->field, PART_NONE);
	struct match match = { .kind = MATCH_NETWORK };
	struct match *added;

	if (type != FIELD_IP) {
		return sigma_error(loader, value, "cidr is for addresses; this field is of type %s",
				   field_type_name(type));
	}
	if (ip_network_parse(value->text, &match.network) != 0) {
		return sigma_error(loader, value, "'%.80s' is not a network such as 10.0.0.0/8",
				   value->text);
	}
	added = add_value(loader, values);
	if (added == NULL) {
		return out_of_memory(loader, value);
	}
	*added = match;
	return 0;
}

static int add_fieldref(struct loader *loader, const struct yaml_node *value, struct values *values)
{
	uint16_t other = sigma_field(loader, value, value->text, value->length);
	struct match *match;

	if (other == FIELD_NOT_FOUND) {
		return -EINVAL;
	}
	match = add_value(loader, values);
	if (match == NULL) {
		return out_of_memory(loader, value);
	}
	*match = (struct match) { .kind = MATCH_FIELD, .field = other };
	return 0;
}

static int add_by_manner(struct loader *loader, const struct yaml_node *value,
			 const struct modifiers *m, struct values *values)
{
	switch (m->manner) {
	case MANNER_RE:
		return add_regex(loader, value, m, values);
	case MANNER_CIDR:
		return add_network(loader, value, m, values);
	case MANNER_ORDER:
		return add_ordered(loader, value, m, values);
	case MANNER_FIELDREF:
		return add_fieldref(loader, value, values);
	default:
		return add_plain(loader, value, m, values);
	}
}

static int add_scalar(struct loader *loader, const struct yaml_node *value,
		      const struct modifiers *m, struct values *values)
{
	size_t before = values->n;
	const char *text;
	int error;

	if (value->kind != YAML_SCALAR) {
		return sigma_error(loader, value, "a value must be a string, a number or null");
	}
	if (memchr(value->text, '\0', value->length) != NULL && m->n_transforms == 0) {
		return sigma_error(loader, value, "a value with a NUL in it");
	}
	error = add_by_manner(loader, value, m, values);
	text = arena_text(&loader->set->arena, value->text, value->length);
	for (size_t i = before; i < values->n; i++) {
		values->items[i].text_form = text;
	}
	return error == 0 && text == NULL ? out_of_memory(loader, value) : error;
}

/* One item while its values are read. */
struct reading {
	struct loader *loader;
	const struct modifiers *m;
	struct values *values;
};

static int add_expanded(void *context, const struct yaml_node *value)
{
	const struct reading *reading = context;

	return add_scalar(reading->loader, value, reading->m, reading->values);
}

static int read_exists(struct loader *loader, const struct yaml_node *value, struct test *test)
{
	if (!yaml_as_bool(value, &test->wanted)) {
		return sigma_error(loader, value, "exists needs true or false");
	}
	test->exists = true;
	return 0;
}

static int read_values(struct loader *loader, const struct yaml_node *item,
		       const struct modifiers *m, struct test *test)
{
	struct values values = { NULL, 0, 0 };
	struct reading reading = { loader, m, &values };
	const struct yaml_node *at = item->kind == YAML_LIST ? item->child : item;
	bool list = item->kind == YAML_LIST;
	int error = 0;

	if (m->manner == MANNER_EXISTS) {
		return read_exists(loader, item, test);
	}
	if (list && item->n_children == 0) {
		return sigma_error(loader, item, "an empty list of values");
	}
	if (m->all && (!list || item->n_children < 2)) {
		return sigma_error(
		    loader, item, "'all' needs a list of at least two values (modifiers appendix)");
	}
	while (at != NULL && error == 0) {
		error = m->expand ? sigma_expand(loader, at, add_expanded, &reading)
				  : add_expanded(&reading, at);
		at = list ? at->next : NULL;
	}
	test->values = values.items;
	test->n = values.n;
	return error;
}

/* Keywords are searched for anywhere in the message. */
static int message_field(struct loader *loader, const struct yaml_node *node, uint16_t *out)
{
	*out = sigma_field(loader, node, "message", strlen("message"));
	return *out != FIELD_NOT_FOUND ? 0 : -EINVAL;
}

static int compile(struct loader *loader, const struct yaml_node *item, const struct modifiers *m,
		   struct node *out)
{
	struct test *test = arena_take(&loader->set->arena, sizeof(*test));
	int error;

	if (test == NULL) {
		return out_of_memory(loader, item);
	}
	if (m->part != PART_NONE && value_type(loader, m->field, PART_NONE) != FIELD_TIME) {
		return sigma_error(loader, item,
				   "minute, hour, day, week, month and year are for "
				   "fields of type time");
	}
	*test = (struct test) { .field = m->field,
				.key = arena_text(&loader->set->arena, item->key,
						  item->key != NULL ? strlen(item->key) : 0),
				.all = m->all,
				.negate = m->negate,
				.cased = m->cased,
				.comparison = (uint8_t)m->comparison,
				.part = (uint8_t)m->part };
	error = read_values(loader, item, m, test);
	*out = (struct node) { .kind = NODE_TEST, .test = test };
	return error;
}

/* A field of ours of the type that the comparison wants, for a field that nobody knows here. */
static uint16_t stand_in(const struct loader *loader, const struct modifiers *m)
{
	static const char *const names[] = {
		[MANNER_PLAIN] = "message",    [MANNER_RE] = "message",
		[MANNER_CIDR] = "source.ip",   [MANNER_ORDER] = "source.port",
		[MANNER_FIELDREF] = "message", [MANNER_EXISTS] = "message",
	};

	return m->part != PART_NONE ? FIELD_TIMESTAMP
				    : field_find(loader->set->registry, names[m->manner]);
}

int sigma_test(struct loader *loader, const struct yaml_node *item, struct node *out)
{
	struct modifiers m;
	size_t name_length;
	int error = read_modifiers(loader, item, &name_length, &m);

	if (error != 0) {
		return error;
	}
	if (name_length == 0) {
		if (m.manner == MANNER_PLAIN && m.n_transforms == 0) {
			m.transforms[m.n_transforms++] = contains;
		}
		error = message_field(loader, item, &m.field);
		return error != 0 ? error : compile(loader, item, &m, out);
	}
	m.field = loader->any_product ? stand_in(loader, &m)
				      : sigma_field(loader, item, item->key, name_length);
	return m.field == FIELD_NOT_FOUND ? -EINVAL : compile(loader, item, &m, out);
}

int sigma_keyword(struct loader *loader, const struct yaml_node *value, struct node *out)
{
	struct modifiers m = { .manner = MANNER_PLAIN,
			       .transforms = { contains },
			       .n_transforms = 1 };
	int error = message_field(loader, value, &m.field);

	return error != 0 ? error : compile(loader, value, &m, out);
}
