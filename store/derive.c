/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/derive.h"

#include "store/kinds_private.h"
#include "store/order_number.h"
#include "store/vendor.h"

#include <stdio.h>
#include <stdlib.h>

/* How far what follows is believed, in percent: less than what a device says in so many words. */
enum {
	CONFIDENCE_VENDOR_ID = 85,
	CONFIDENCE_ORDER_NUMBER = 80,
	CONFIDENCE_DESCRIPTION = 75,
};

#define PART_MAX 96

/* ---- descriptions ---- */

/* Forms of system descriptions (LLDP, SNMP).  In a form, {x} stands for a text up to what follows
 * it, of which x says what it is; {} for any text. */
static const struct {
	const char *form, *vendor, *type;
} forms[] = {
	/* Siemens, SIMATIC S7, CPU-1200, 6ES7 215-1AG40-0XB0 , HW: 4, FW: V.4.2.3, S C-J9XX01 */
	{ "Siemens, {product}, {model}, {code}, HW: {}{hardware}, FW: {}{firmware}, S {serial}",
	  "Siemens", NULL },
	{ "Siemens, {product}, {model}, {code}, HW: {}{hardware}, FW: {}{firmware}", "Siemens",
	  NULL },
	/* Siemens, SIMATIC NET, SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: 6, FW: V4.03 */
	{ "Siemens, {product}, {model}, {code}", "Siemens", NULL },
	{ "Siemens SIMATIC NET, {model}, {code}, HW: {hardware}, FW: {firmware}", "Siemens", NULL },
	{ "SIEMENS, {product}, {code}, HW: {hardware}, FW: {firmware}", "Siemens", NULL },
	{ "SIMATIC {model}, {code}, HW: {hardware}, SW: {firmware}", "Siemens", NULL },
	{ "RUGGEDCOM {model}", "Siemens", "switch" },
	/* Hirschmann MACH - SW: L3P-06.0.05 */
	{ "Hirschmann {model} - SW: {firmware}", "Hirschmann", "switch" },
	{ "Hirschmann {model}", "Hirschmann", "switch" },
	{ "Moxa {model}", "Moxa", NULL },
	{ "MOXA {model}", "Moxa", NULL },
	{ "EDS-{model}", "Moxa", "switch" },
	{ "FL SWITCH {model}", "Phoenix Contact", "switch" },
	{ "FL MGUARD {model}", "Phoenix Contact", "firewall" },
	{ "ILC {model}", "Phoenix Contact", "plc" },
	{ "AXC {model}", "Phoenix Contact", "plc" },
	{ "Westermo {model}, primary: v{firmware}, backup:{}", "Westermo", "switch" },
	{ "Westermo {model}", "Westermo", "switch" },
	/* Cisco IOS Software, IE2000 Software (IE2000-UNIVERSALK9-M), Version 15.2(3)EA, ... */
	{ "Cisco IOS Software, {model} Software ({}), Version {firmware}, {}", "Cisco", NULL },
	{ "Cisco Internetwork Operating System Software{}IOS (tm) {model} Software ({}), Version "
	  "{firmware}, {}",
	  "Cisco", NULL },
	{ "Rockwell Automation {model}", "Rockwell Automation", NULL },
	{ "WAGO {model}", "WAGO", NULL },
	{ "Schneider Electric {model}", "Schneider Electric", NULL },
};

static const struct {
	const char *name;
	enum identity kind;
} parts[] = {
	{ "product", IDENTITY_PRODUCT_NAME },      { "model", IDENTITY_MODEL },
	{ "code", IDENTITY_PRODUCT_CODE },         { "hardware", IDENTITY_HARDWARE_VERSION },
	{ "firmware", IDENTITY_FIRMWARE_VERSION }, { "serial", IDENTITY_SERIAL_NUMBER },
};

/* What a form found: a piece of the text for each of its parts. */
struct found {
	const char *text[ARRAY_SIZE(parts)];
	size_t length[ARRAY_SIZE(parts)];
};

static void note_part(struct found *found, const char *name, const char *text, size_t length)
{
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == ',')) {
		length--;
	}
	while (length > 0 && *text == ' ') {
		text++;
		length--;
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		size_t n = strlen(parts[i].name);

		if (strncmp(name, parts[i].name, n) == 0 && name[n] == '}') {
			found->text[i] = text;
			found->length[i] = length;
		}
	}
}

/* The literal text of a form up to its next part: its length. */
static size_t literal(const char *form)
{
	return strcspn(form, "{");
}

static bool form_fits(const char *form, const char *text, struct found *found)
{
	*found = (struct found) { .text = { NULL } };
	for (;;) {
		size_t n = literal(form);
		const char *name, *end;

		if (strncmp(form, text, n) != 0) {
			return false;
		}
		form += n;
		text += n;
		if (*form == '\0') {
			return true; /* what follows is not asked for */
		}
		name = form + 1;
		form = strchr(name, '}') + 1;
		n = literal(form);
		if (n == 0 && *form == '{') {
			/* Two parts side by side: the first takes what is no digit. */
			end = text + strcspn(text, "0123456789");
		} else if (n == 0) {
			end = text + strlen(text);
		} else {
			char *wanted = strndup(form, n);

			end = wanted != NULL ? strstr(text, wanted) : NULL;
			free(wanted);
		}
		if (end == NULL) {
			return false;
		}
		note_part(found, name, text, (size_t)(end - text));
		text = end;
	}
}

/* ---- setting ---- */

static void set(struct inventory *inventory, struct binding *b, const struct attribute *from,
		enum identity kind, const char *source, unsigned confidence, const char *value,
		size_t length)
{
	struct attribute attribute = *from;
	char text[PART_MAX];

	if (length == 0 || length >= sizeof(text)) {
		return;
	}
	memcpy(text, value, length);
	text[length] = '\0';
	attribute.kind = (uint8_t)kind;
	attribute.source = attribute_source(inventory, source);
	attribute.confidence = (uint8_t)confidence;
	attribute.value = text;
	attribute_set(inventory, b, &attribute);
}

static void set_text(struct inventory *inventory, struct binding *b, const struct attribute *from,
		     enum identity kind, const char *source, unsigned confidence, const char *value)
{
	if (value != NULL) {
		set(inventory, b, from, kind, source, confidence, value, strlen(value));
	}
}

static void from_description(struct inventory *inventory, struct binding *b,
			     const struct attribute *from)
{
	struct found found;
	size_t i = 0;

	while (i < ARRAY_SIZE(forms) && !form_fits(forms[i].form, from->value, &found)) {
		i++;
	}
	if (i == ARRAY_SIZE(forms)) {
		return;
	}
	set_text(inventory, b, from, IDENTITY_VENDOR, "description", CONFIDENCE_DESCRIPTION,
		 forms[i].vendor);
	set_text(inventory, b, from, IDENTITY_CATEGORY, "description", CONFIDENCE_DESCRIPTION,
		 forms[i].type);
	for (size_t k = 0; k < ARRAY_SIZE(parts); k++) {
		if (found.text[k] != NULL) {
			set(inventory, b, from, parts[k].kind, "description",
			    CONFIDENCE_DESCRIPTION, found.text[k], found.length[k]);
		}
	}
}

static void from_order_number(struct inventory *inventory, struct binding *b,
			      const struct attribute *from)
{
	const struct order_number *row = order_number_find(from->value);

	if (row == NULL) {
		return;
	}
	set_text(inventory, b, from, IDENTITY_VENDOR, "order_number", CONFIDENCE_ORDER_NUMBER,
		 row->vendor);
	set_text(inventory, b, from, IDENTITY_PRODUCT_NAME, "order_number", CONFIDENCE_ORDER_NUMBER,
		 row->product);
	set_text(inventory, b, from, IDENTITY_MODEL, "order_number", CONFIDENCE_ORDER_NUMBER,
		 row->model);
	set_text(inventory, b, from, IDENTITY_CATEGORY, "order_number", CONFIDENCE_ORDER_NUMBER,
		 row->type);
}

static void from_vendor_id(struct inventory *inventory, struct binding *b,
			   const struct attribute *from)
{
	char *end;
	unsigned long id = strtoul(from->value, &end, 0);

	if (end != from->value && *end == '\0' && id <= UINT32_MAX) {
		set_text(
		    inventory, b, from, IDENTITY_VENDOR, "vendor_id", CONFIDENCE_VENDOR_ID,
		    vendor_by_id(attribute_source_name(inventory, from->source), (uint32_t)id));
	}
}

static void from_object_id(struct inventory *inventory, struct binding *b,
			   const struct attribute *from)
{
	set_text(inventory, b, from, IDENTITY_VENDOR, "enterprise_number", CONFIDENCE_VENDOR_ID,
		 vendor_by_object_id(from->value));
}

void derive_from(struct inventory *inventory, struct binding *b, const struct attribute *attribute)
{
	/* The attributes of the binding may move while others are added. */
	struct attribute from = *attribute;

	switch (attribute->kind) {
	case IDENTITY_DESCRIPTION:
		from_description(inventory, b, &from);
		break;
	case IDENTITY_PRODUCT_CODE:
	case IDENTITY_PRODUCT_NAME:
		/* Not from what itself follows from a number. */
		if (from.confidence != CONFIDENCE_ORDER_NUMBER) {
			from_order_number(inventory, b, &from);
		}
		break;
	case IDENTITY_VENDOR_ID:
		from_vendor_id(inventory, b, &from);
		break;
	case IDENTITY_OBJECT_ID:
		from_object_id(inventory, b, &from);
		break;
	default:
		break;
	}
}
