/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What devices say about themselves, with who said it. */

#include "store/inventory_private.h"

#include <stdlib.h>

static const char *const kind_names[ATTRIBUTES] = {
	[ATTRIBUTE_VENDOR] = "vendor",
	[ATTRIBUTE_PRODUCT_NAME] = "product_name",
	[ATTRIBUTE_PRODUCT_CODE] = "product_code",
	[ATTRIBUTE_MODEL] = "model",
	[ATTRIBUTE_REVISION] = "revision",
	[ATTRIBUTE_APPLICATION] = "application_name",
	[ATTRIBUTE_VENDOR_URL] = "vendor_url",
	[ATTRIBUTE_SERVER_ID] = "server_id",
	[ATTRIBUTE_SERVER_TEXT] = "server_text",
	[ATTRIBUTE_PROJECT] = "project",
	[ATTRIBUTE_RUN_INDICATOR] = "run_indicator",
};

/* Names, and how far they are believed (percent): what the device's maker put there for this
 * purpose counts more than what a vendor may fill freely. */
static const struct {
	const char *name;
	unsigned confidence;
} sources[SOURCES] = {
	[SOURCE_MODBUS_IDENTIFICATION] = { "modbus:read_device_identification", 90 },
	[SOURCE_UMAS] = { "umas:read_id", 85 },
	[SOURCE_MODBUS_SERVER_ID] = { "modbus:report_server_id", 70 },
};

/* Which field says what. */
static const struct {
	const char *field;
	uint8_t kind, source;
} rows[] = {
	{ "weir.modbus.device_id.vendor_name", ATTRIBUTE_VENDOR, SOURCE_MODBUS_IDENTIFICATION },
	{ "weir.modbus.device_id.product_code", ATTRIBUTE_PRODUCT_CODE,
	  SOURCE_MODBUS_IDENTIFICATION },
	{ "weir.modbus.device_id.revision", ATTRIBUTE_REVISION, SOURCE_MODBUS_IDENTIFICATION },
	{ "weir.modbus.device_id.vendor_url", ATTRIBUTE_VENDOR_URL, SOURCE_MODBUS_IDENTIFICATION },
	{ "weir.modbus.device_id.product_name", ATTRIBUTE_PRODUCT_NAME,
	  SOURCE_MODBUS_IDENTIFICATION },
	{ "weir.modbus.device_id.model_name", ATTRIBUTE_MODEL, SOURCE_MODBUS_IDENTIFICATION },
	{ "weir.modbus.device_id.application_name", ATTRIBUTE_APPLICATION,
	  SOURCE_MODBUS_IDENTIFICATION },
	{ "weir.modbus.server_id", ATTRIBUTE_SERVER_ID, SOURCE_MODBUS_SERVER_ID },
	{ "weir.modbus.server_text", ATTRIBUTE_SERVER_TEXT, SOURCE_MODBUS_SERVER_ID },
	{ "weir.modbus.run_indicator", ATTRIBUTE_RUN_INDICATOR, SOURCE_MODBUS_SERVER_ID },
	{ "weir.umas.device", ATTRIBUTE_MODEL, SOURCE_UMAS },
	{ "weir.umas.project", ATTRIBUTE_PROJECT, SOURCE_UMAS },
};

_Static_assert(ARRAY_SIZE(rows) <= IDENTIFICATION_FIELDS, "each row has a place for its id");

const char *attribute_kind_name(enum attribute_kind kind)
{
	return kind_names[kind];
}

const char *attribute_source_name(enum attribute_source source)
{
	return sources[source].name;
}

unsigned attribute_confidence(enum attribute_source source)
{
	return sources[source].confidence;
}

bool attribute_kind_from_name(const char *name, uint8_t *out)
{
	for (unsigned i = 0; i < ATTRIBUTES; i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*out = (uint8_t)i;
			return true;
		}
	}
	return false;
}

bool attribute_source_from_name(const char *name, uint8_t *out)
{
	for (unsigned i = 0; i < SOURCES; i++) {
		if (strcmp(sources[i].name, name) == 0) {
			*out = (uint8_t)i;
			return true;
		}
	}
	return false;
}

void attribute_setup(struct inventory *inventory)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		inventory->identification[i] =
		    field_find(inventory->options.registry, rows[i].field);
	}
}

static struct attribute *find(const struct binding *b, const struct attribute *wanted)
{
	for (size_t i = 0; i < b->n_attributes; i++) {
		struct attribute *a = &b->attributes[i];

		if (a->kind == wanted->kind && a->source == wanted->source &&
		    a->unit == wanted->unit) {
			return a;
		}
	}
	return NULL;
}

static void add(struct inventory *inventory, struct binding *b, const struct attribute *attribute)
{
	struct attribute *grown;
	char *value;

	if (b->n_attributes == ATTRIBUTES_MAX) {
		inventory->counters.attributes_refused++;
		return;
	}
	grown = realloc(b->attributes, (b->n_attributes + 1) * sizeof(*grown));
	if (grown == NULL) {
		inventory->out_of_memory = true;
		return;
	}
	b->attributes = grown;
	value = strdup(attribute->value);
	if (value == NULL) {
		inventory->out_of_memory = true;
		return;
	}
	grown[b->n_attributes] = *attribute;
	grown[b->n_attributes++].value = value;
}

static void replace(struct inventory *inventory, struct binding *b, struct attribute *a,
		    const struct attribute *attribute)
{
	char *value = strdup(attribute->value);

	if (value == NULL) {
		inventory->out_of_memory = true;
		return;
	}
	if (a->kind != ATTRIBUTE_RUN_INDICATOR) {
		change_asset(inventory, b->asset, "identity_changed", a->value, value);
	}
	free(a->value);
	a->value = value;
	a->first = attribute->first;
	a->last = attribute->last;
}

void attribute_set(struct inventory *inventory, struct binding *b,
		   const struct attribute *attribute)
{
	struct attribute *a = find(b, attribute);

	if (a == NULL) {
		add(inventory, b, attribute);
		return;
	}
	if (strcmp(a->value, attribute->value) == 0) {
		a->first = attribute->first < a->first ? attribute->first : a->first;
		a->last = time_max(a->last, attribute->last);
	} else if (attribute->last >= a->last) {
		replace(inventory, b, a, attribute);
	}
}

void attribute_record(struct inventory *inventory, struct binding *device,
		      const struct record *record)
{
	struct event event = { .record = record };
	const struct field_registry *registry = inventory->options.registry;
	struct attribute attribute = {
		.unit = UNIT_NONE,
		.first = record->time,
		.last = record->time,
	};
	struct field_value value;
	char text[RECORD_STRING_MAX * 2 + 1];

	if (field_get(registry, &event, CORE_UNIT_ID, &value)) {
		attribute.unit = (int32_t)value.one.natural;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint16_t id = inventory->identification[i];

		if (id == FIELD_NOT_FOUND || !field_get(registry, &event, id, &value)) {
			continue;
		}
		text[field_scalar_text(field_by_id(registry, id)->type, &value.one, text,
				       sizeof(text) - 1)] = '\0';
		if (text[0] == '\0') {
			continue;
		}
		attribute.kind = rows[i].kind;
		attribute.source = rows[i].source;
		attribute.value = text;
		attribute_set(inventory, device, &attribute);
	}
}

/* Unit ids with which a Modbus server on TCP means itself (Messaging on TCP/IP V1.0b, 4.4.2.1). */
static bool is_device_itself(int32_t unit)
{
	return unit == UNIT_NONE || unit == 0 || unit == 255;
}

void attribute_unit_answered(struct binding *b, uint32_t unit)
{
	if (is_device_itself((int32_t)unit)) {
		return;
	}
	if (!b->other_unit_seen) {
		b->other_unit_seen = true;
		b->other_unit = unit;
	}
	b->other_units = b->other_units || b->other_unit != unit;
}

/* The unit that speaks for the device at this address besides 0 and 255, or UNIT_NONE. */
static int32_t only_unit(const struct binding *b)
{
	if (!b->other_unit_seen || b->other_units) {
		return UNIT_NONE;
	}
	for (size_t i = 0; i < b->n_attributes; i++) {
		if (is_device_itself(b->attributes[i].unit)) {
			return UNIT_NONE;
		}
	}
	return (int32_t)b->other_unit;
}

static bool is_better(const struct attribute *a, const struct attribute *b)
{
	if (b == NULL) {
		return true;
	}
	if (sources[a->source].confidence != sources[b->source].confidence) {
		return sources[a->source].confidence > sources[b->source].confidence;
	}
	if (a->last != b->last) {
		return a->last > b->last;
	}
	return a->unit != b->unit ? a->unit < b->unit : strcmp(a->value, b->value) < 0;
}

const struct attribute *attribute_best(const struct asset *asset, enum attribute_kind kind,
				       int32_t unit)
{
	const struct attribute *best = NULL;

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		int32_t only = only_unit(b);

		for (size_t i = 0; i < b->n_attributes; i++) {
			const struct attribute *a = &b->attributes[i];
			bool wanted = unit == UNIT_NONE
					  ? is_device_itself(a->unit) || a->unit == only
					  : a->unit == unit;

			if (a->kind == kind && wanted && is_better(a, best)) {
				best = a;
			}
		}
	}
	return best;
}
