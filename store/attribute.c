/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What devices say about themselves, with who said it. */

#include "dissectors/dissector.h"
#include "store/derive.h"
#include "store/edit_private.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const kind_names[IDENTITIES] = {
	[IDENTITY_VENDOR] = "vendor",
	[IDENTITY_PRODUCT_NAME] = "product_name",
	[IDENTITY_PRODUCT_CODE] = "product_code",
	[IDENTITY_MODEL] = "model",
	[IDENTITY_REVISION] = "revision",
	[IDENTITY_APPLICATION] = "application_name",
	[IDENTITY_VENDOR_URL] = "vendor_url",
	[IDENTITY_SERVER_ID] = "server_id",
	[IDENTITY_SERVER_TEXT] = "server_text",
	[IDENTITY_PROJECT] = "project",
	[IDENTITY_RUN_INDICATOR] = "run_indicator",
	[IDENTITY_SERIAL_NUMBER] = "serial_number",
	[IDENTITY_HARDWARE_VERSION] = "hardware_version",
	[IDENTITY_FIRMWARE_VERSION] = "firmware_version",
	[IDENTITY_BOOT_VERSION] = "boot_version",
	[IDENTITY_DEVICE_NAME] = "device_name",
	[IDENTITY_DEVICE_TYPE] = "device_type",
	[IDENTITY_MODULE_NAME] = "module_name",
	[IDENTITY_PLANT_ID] = "plant_id",
	[IDENTITY_LOCATION] = "location",
	[IDENTITY_DESCRIPTION] = "description",
	[IDENTITY_OWNER] = "owner",
	[IDENTITY_MEMORY_CARD] = "memory_card",
	[IDENTITY_MODE] = "mode",
	[IDENTITY_KEY_POSITION] = "key_position",
	[IDENTITY_PROTECTION_LEVEL] = "protection_level",
	[IDENTITY_STATUS] = "status",
	[IDENTITY_HOST_NAME] = "host_name",
	[IDENTITY_DOMAIN_NAME] = "domain_name",
	[IDENTITY_GROUP_NAME] = "group_name",
	[IDENTITY_CHASSIS_ID] = "chassis_id",
	[IDENTITY_PORT_NAME] = "port_name",
	[IDENTITY_CATEGORY] = "category",
	[IDENTITY_DUTY] = "duty",
	[IDENTITY_SERVICE] = "service",
	[IDENTITY_OPERATING_SYSTEM] = "operating_system",
	[IDENTITY_SOFTWARE] = "software",
	[IDENTITY_OBJECT_ID] = "object_id",
	[IDENTITY_VENDOR_ID] = "vendor_id",
	[IDENTITY_DEVICE_ID] = "device_id",
	[IDENTITY_VENDOR_CLASS] = "vendor_class",
	[IDENTITY_FINGERPRINT] = "fingerprint",
	[IDENTITY_CERTIFICATE] = "certificate",
	[IDENTITY_CERTIFICATE_ISSUER] = "certificate_issuer",
	[IDENTITY_USER] = "user",
	[IDENTITY_GATEWAY] = "gateway",
	[IDENTITY_NETMASK] = "netmask",
	[IDENTITY_MANAGEMENT_ADDRESS] = "management_address",
	[IDENTITY_REDUNDANCY] = "redundancy",
	[IDENTITY_RISK] = "risk",
	[IDENTITY_GIVEN_NAME] = "given_name",
	[IDENTITY_TYPE] = "type",
	[IDENTITY_LEVEL] = "level",
	[IDENTITY_ZONE] = "zone",
	[IDENTITY_CRITICALITY] = "criticality",
	[IDENTITY_ASSET_TAG] = "asset_tag",
	[IDENTITY_NOTE] = "note",
};

/* How far a device is believed (percent): what its maker put there for this purpose counts more
 * than what a vendor may fill freely. */
enum { CONFIDENCE_IDENTITY = 90, CONFIDENCE_HINT = 70 };

/* Of which one source may name several at once. */
static bool is_many(uint8_t kind)
{
	return kind == IDENTITY_DUTY || kind == IDENTITY_SERVICE || kind == IDENTITY_SOFTWARE ||
	       kind == IDENTITY_HOST_NAME || kind == IDENTITY_DOMAIN_NAME ||
	       kind == IDENTITY_MANAGEMENT_ADDRESS || kind == IDENTITY_REDUNDANCY ||
	       kind == IDENTITY_RISK || kind == IDENTITY_USER || kind == IDENTITY_CERTIFICATE ||
	       kind == IDENTITY_CERTIFICATE_ISSUER;
}

const char *attribute_kind_name(enum identity kind)
{
	return kind_names[kind];
}

bool attribute_kind_from_name(const char *name, uint8_t *out)
{
	for (unsigned i = 0; i < IDENTITIES; i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*out = (uint8_t)i;
			return true;
		}
	}
	return false;
}

/* ---- who said it ---- */

uint8_t attribute_source(struct inventory *inventory, const char *text)
{
	size_t n = inventory->n_attribute_sources;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(inventory->attribute_sources[i], text) == 0) {
			return (uint8_t)i;
		}
	}
	/* The last one stands for all that find no room. */
	if (n == ATTRIBUTE_SOURCES_MAX) {
		return (uint8_t)(n - 1);
	}
	inventory->attribute_sources[n] = strdup(n == ATTRIBUTE_SOURCES_MAX - 1 ? "other" : text);
	if (inventory->attribute_sources[n] == NULL) {
		inventory->out_of_memory = true;
		return 0;
	}
	return (uint8_t)inventory->n_attribute_sources++;
}

const char *attribute_source_name(const struct inventory *inventory, uint8_t source)
{
	return source < inventory->n_attribute_sources ? inventory->attribute_sources[source] : "";
}

void attribute_end(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->n_attribute_sources; i++) {
		free(inventory->attribute_sources[i]);
	}
}

static uint8_t source_of(struct inventory *inventory, const struct record *record)
{
	struct event event = { .record = record };
	struct field_value function;
	char text[96];

	if (!field_get(inventory->options.registry, &event, CORE_FUNCTION, &function)) {
		function.one.bytes = "unknown";
		function.one.length = 7;
	}
	snprintf(text, sizeof(text), "%s:%.*s",
		 record->protocol < dissector_count() ? dissector_at(record->protocol)->name : "",
		 (int)function.one.length, function.one.bytes);
	return attribute_source(inventory, text);
}

/* ---- units ---- */

static const char *const unit_kinds[UNIT_KINDS] = {
	[UNIT_IS_DEVICE] = "unit",
	[UNIT_IS_OUTSTATION] = "outstation",
	[UNIT_IS_SLOT] = "slot",
};

static int32_t make_unit(enum unit_kind kind, uint32_t id)
{
	return (int32_t)kind << UNIT_KIND_BITS | (int32_t)(id & ((1U << UNIT_KIND_BITS) - 1));
}

int32_t unit_of(uint8_t protocol, uint32_t id)
{
	return make_unit(
	    protocol < dissector_count() ? dissector_at(protocol)->unit_kind : UNIT_IS_DEVICE, id);
}

uint32_t unit_id(int32_t unit)
{
	return (uint32_t)unit & ((1U << UNIT_KIND_BITS) - 1);
}

const char *unit_kind_name(int32_t unit)
{
	return unit_kinds[(uint32_t)unit >> UNIT_KIND_BITS];
}

int32_t unit_from_name(const char *kind, uint32_t id)
{
	for (unsigned i = 0; kind != NULL && i < UNIT_KINDS; i++) {
		if (strcmp(unit_kinds[i], kind) == 0) {
			return make_unit((enum unit_kind)i, id);
		}
	}
	return make_unit(UNIT_IS_DEVICE, id);
}

/* ---- setting ---- */

/* The one that stands, of this kind from this source about this unit. */
static struct attribute *find(const struct binding *b, const struct attribute *wanted)
{
	for (size_t i = 0; i < b->n_attributes; i++) {
		struct attribute *a = &b->attributes[i];

		if (a->kind == wanted->kind && a->source == wanted->source &&
		    a->unit == wanted->unit && a->until == TIME_NONE &&
		    (!is_many(a->kind) || strcmp(a->value, wanted->value) == 0)) {
			return a;
		}
	}
	return NULL;
}

/* How many of this kind about this unit there are, and the former one that ended first. */
static size_t count_kind(const struct binding *b, const struct attribute *wanted,
			 struct attribute **oldest)
{
	size_t n = 0;

	*oldest = NULL;
	for (size_t i = 0; i < b->n_attributes; i++) {
		struct attribute *a = &b->attributes[i];

		if (a->kind != wanted->kind || a->unit != wanted->unit) {
			continue;
		}
		n++;
		if (a->until != TIME_NONE && (*oldest == NULL || a->until < (*oldest)->until)) {
			*oldest = a;
		}
	}
	return n;
}

/* Appends a copy; beyond the caps a former one of its kind makes room, or it is refused. */
static void add(struct inventory *inventory, struct binding *b, const struct attribute *attribute)
{
	struct attribute *grown, *oldest;
	size_t same = count_kind(b, attribute, &oldest);
	char *value;

	if ((b->n_attributes == ATTRIBUTES_MAX || same >= ATTRIBUTES_KIND_MAX) && oldest == NULL) {
		inventory->counters.attributes_refused++;
		return;
	}
	value = strdup(attribute->value);
	if (value == NULL) {
		inventory->out_of_memory = true;
		return;
	}
	if (b->n_attributes == ATTRIBUTES_MAX || same >= ATTRIBUTES_KIND_MAX) {
		free(oldest->value);
		*oldest = *attribute;
		oldest->value = value;
		b->attributes_version++;
		return;
	}
	grown = realloc(b->attributes, (b->n_attributes + 1) * sizeof(*grown));
	if (grown == NULL) {
		inventory->out_of_memory = true;
		free(value);
		return;
	}
	b->attributes = grown;
	grown[b->n_attributes] = *attribute;
	grown[b->n_attributes++].value = value;
	b->attributes_version++;
}

/* From another attribute, whose change is told: what is said by somebody names a protocol or
 * person.
 */
static bool follows(const struct inventory *inventory, const struct attribute *a)
{
	return strchr(attribute_source_name(inventory, a->source), ':') == NULL;
}

/* The word for a change of this kind; NULL: not worth one. */
static const char *change_of(uint8_t kind)
{
	switch (kind) {
	case IDENTITY_FIRMWARE_VERSION:
	case IDENTITY_REVISION:
		return "firmware_changed";
	case IDENTITY_MODE:
	case IDENTITY_KEY_POSITION:
	case IDENTITY_RUN_INDICATOR:
		return "mode_changed";
	case IDENTITY_STATUS:
	case IDENTITY_PORT_NAME:
		return NULL;
	default:
		return "identity_changed";
	}
}

/* Two sources say that a device changed: that is one change, and the first one told. */
static bool was_told(const struct binding *b, const struct attribute *a, const char *value)
{
	for (size_t i = 0; i < b->n_attributes; i++) {
		const struct attribute *other = &b->attributes[i];

		if (other != a && other->kind == a->kind && other->unit == a->unit &&
		    other->until == TIME_NONE && strcmp(other->value, value) == 0) {
			return true;
		}
	}
	return false;
}

/* Another value of the same source: the one that stood becomes history. */
static void replace(struct inventory *inventory, struct binding *b, struct attribute *a,
		    const struct attribute *attribute)
{
	const char *change = change_of(a->kind);
	struct attribute former = *a;
	char *value = strdup(attribute->value), *old;

	if (value == NULL) {
		inventory->out_of_memory = true;
		return;
	}
	if (change != NULL && !follows(inventory, a) && !was_told(b, a, value)) {
		change_asset(inventory, b->asset, change, a->value, value);
	}
	old = a->value;
	a->value = value;
	b->attributes_version++;
	a->first = attribute->first;
	a->last = attribute->last;
	former.value = old;
	former.until = attribute->first;
	/* These may move the list. */
	add(inventory, b, &former);
	free(old);
	derive_from(inventory, b, attribute);
}

/* What a kind of attribute changes besides: which keys are one device. */
static void note_news(struct inventory *inventory, const struct binding *b,
		      const struct attribute *attribute)
{
	bool word = attribute->kind == IDENTITY_CHASSIS_ID ||
		    (attribute->kind == IDENTITY_SERIAL_NUMBER && attribute->itself);

	inventory->stale = inventory->stale || (word && b->mac_key != NULL);
	inventory->words = inventory->words || attribute->kind == IDENTITY_CHASSIS_ID;
}

/* So long after it was first seen, a chassis has shown all its modules. */
#define SETTLED NS_PER_HOUR

/* A module of a chassis that was not there when the others were seen. */
static void announce_module(struct inventory *inventory, const struct binding *b,
			    const struct attribute *attribute)
{
	bool slots = false;
	char text[16];

	if (attribute->unit == UNIT_NONE || attribute->itself ||
	    inventory->normal.state != BASELINE_FROZEN || attribute->first - b->first < SETTLED ||
	    attribute->unit >> UNIT_KIND_BITS != UNIT_IS_SLOT) {
		return;
	}
	for (size_t i = 0; i < b->n_attributes; i++) {
		if (b->attributes[i].unit == attribute->unit) {
			return;
		}
		slots = slots || (b->attributes[i].unit != UNIT_NONE &&
				  b->attributes[i].unit >> UNIT_KIND_BITS == UNIT_IS_SLOT);
	}
	if (slots) {
		snprintf(text, sizeof(text), "slot %u", unit_id(attribute->unit));
		change_asset(inventory, b->asset, "module_added", NULL, text);
	}
}

void attribute_set(struct inventory *inventory, struct binding *b,
		   const struct attribute *attribute)
{
	struct attribute *a = find(b, attribute);

	if (a == NULL) {
		announce_module(inventory, b, attribute);
		add(inventory, b, attribute);
		note_news(inventory, b, attribute);
		derive_from(inventory, b, attribute);
		return;
	}
	if (strcmp(a->value, attribute->value) == 0) {
		a->first = attribute->first < a->first ? attribute->first : a->first;
		a->last = time_max(a->last, attribute->last);
	} else if (attribute->last >= a->last) {
		replace(inventory, b, a, attribute);
		note_news(inventory, b, attribute);
	}
}

void attribute_restore(struct inventory *inventory, struct binding *b,
		       const struct attribute *attribute)
{
	if (attribute->until == TIME_NONE) {
		attribute_set(inventory, b, attribute);
		return;
	}
	for (size_t i = 0; i < b->n_attributes; i++) {
		const struct attribute *a = &b->attributes[i];

		if (a->kind == attribute->kind && a->source == attribute->source &&
		    a->unit == attribute->unit && a->until == attribute->until) {
			return;
		}
	}
	add(inventory, b, attribute);
}

bool attribute_is_itself(uint8_t protocol, uint32_t unit)
{
	return protocol < dissector_count() && dissector_at(protocol)->unit_is_device != NULL &&
	       dissector_at(protocol)->unit_is_device(unit);
}

/* Sets what one field says: each of its values where a source may name several, else the first. */
static void take_field(struct inventory *inventory, struct binding *device,
		       const struct field *field, const struct record_field *stored,
		       const struct attribute *wanted)
{
	struct attribute attribute = *wanted;
	char text[RECORD_STRING_MAX * 2 + 1];
	struct field_value value;
	unsigned n;

	field_of_record(field->type, stored, &value);
	n = is_many(attribute.kind) || value.count == 0 ? value.count : 1;
	attribute.value = text;
	for (unsigned i = 0; i < n; i++) {
		struct field_scalar one = field_at(&value, i);

		text[field_scalar_text(field->type, &one, text, sizeof(text) - 1)] = '\0';
		if (text[0] != '\0') {
			attribute_set(inventory, device, &attribute);
		}
	}
}

void attribute_record(struct inventory *inventory, struct binding *device,
		      const struct record *record)
{
	struct event event = { .record = record };
	struct attribute attribute = {
		.unit = UNIT_NONE,
		.itself = true,
		.until = TIME_NONE,
		.first = record->time,
		.last = record->time,
	};
	struct field_value unit;
	struct record_field stored;
	size_t position = 0;
	bool named = false;

	if (field_get(inventory->options.registry, &event, CORE_UNIT_ID, &unit)) {
		attribute.unit = unit_of(record->protocol, (uint32_t)unit.one.natural);
		attribute.itself =
		    attribute_is_itself(record->protocol, (uint32_t)unit.one.natural);
	}
	while (record_next_field(record, &position, &stored)) {
		const struct field *field = field_by_id(inventory->options.registry, stored.id);
		enum identity kind = field_identity(field);

		if (kind == IDENTITIES) {
			continue;
		}
		if (!named) {
			attribute.source = source_of(inventory, record);
			named = true;
		}
		attribute.kind = (uint8_t)kind;
		attribute.confidence =
		    (field->flags & FIELD_HINT) != 0 ? CONFIDENCE_HINT : CONFIDENCE_IDENTITY;
		take_field(inventory, device, field, &stored, &attribute);
	}
}

void attribute_unit_answered(struct binding *b, int32_t unit)
{
	if (!b->other_unit_seen) {
		b->other_unit_seen = true;
		b->other_unit = unit;
	}
	b->other_units = b->other_units || b->other_unit != unit;
}

int32_t attribute_only_unit(const struct binding *b)
{
	if (!b->other_unit_seen || b->other_units) {
		return UNIT_NONE;
	}
	for (size_t i = 0; i < b->n_attributes; i++) {
		if (b->attributes[i].itself) {
			return UNIT_NONE;
		}
	}
	return b->other_unit;
}

static bool is_better(const struct attribute *a, const struct attribute *b)
{
	if (b == NULL) {
		return true;
	}
	if (a->confidence != b->confidence) {
		return a->confidence > b->confidence;
	}
	if (a->last != b->last) {
		return a->last > b->last;
	}
	return a->unit != b->unit ? a->unit < b->unit : strcmp(a->value, b->value) < 0;
}

const struct attribute *attribute_best(const struct asset *asset, enum identity kind, int32_t unit)
{
	const struct attribute *best = unit == UNIT_NONE ? given_best(asset, kind) : NULL;

	if (best != NULL) {
		return best;
	}
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		int32_t only = attribute_only_unit(b);

		for (size_t i = 0; i < b->n_attributes; i++) {
			const struct attribute *a = &b->attributes[i];
			bool wanted =
			    unit == UNIT_NONE ? a->itself || a->unit == only : a->unit == unit;

			if (a->kind == kind && wanted && a->until == TIME_NONE &&
			    is_better(a, best)) {
				best = a;
			}
		}
	}
	return best;
}
