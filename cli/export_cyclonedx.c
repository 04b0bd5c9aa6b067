/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* A bill of materials in CycloneDX 1.6 (ECMA-424), as JSON: an asset is a component of type
 * "device", its firmware, operating system and software are components inside it, and so are the
 * modules of its chassis.  What the standard has no place for is a property named weir:WORD.
 *
 * The serial number (a UUID of version 8, RFC 9562) is made of the content's digest: the same
 * assets give the same document.  A passive sensor never knows that it has seen everything, so the
 * composition is said to be incomplete. */

#include "capture/base/digest.h"
#include "capture/base/json.h"
#include "cli/asset_units.h"
#include "cli/cell.h"
#include "cli/export.h"

#include <stdio.h>

#define UUID_TEXT_SIZE 37

/* Properties of an asset, and of a module: the first of the paths that the document has. */
static const struct column asset_properties[] = {
	{ .name = "weir:name", .paths = { "host.name" } },
	{ .name = "weir:type", .paths = { "weir.asset.type" } },
	{ .name = "weir:role", .paths = { "weir.asset.role" } },
	{ .name = "weir:level", .paths = { "weir.asset.level" } },
	{ .name = "weir:zone", .paths = { "weir.asset.zone" } },
	{ .name = "weir:ip", .paths = { "host.ip" } },
	{ .name = "weir:mac", .paths = { "host.mac" } },
	{ .name = "weir:vlan", .paths = { "weir.asset.vlans" } },
	{ .name = "weir:order_number", .paths = { "weir.asset.product_code" } },
	{ .name = "weir:model", .paths = { "weir.asset.model" } },
	{ .name = "weir:serial_number", .paths = { "weir.asset.serial_number" } },
	{ .name = "weir:hardware_version", .paths = { "weir.asset.hardware_version" } },
	{ .name = "weir:location", .paths = { "weir.asset.location" } },
	{ .name = "weir:owner", .paths = { "weir.asset.owner" } },
	{ .name = "weir:asset_tag", .paths = { "weir.asset.asset_tag" } },
	{ .name = "weir:criticality",
	  .paths = { "weir.asset.criticality", "weir.asset.importance" } },
	{ .name = "weir:answers", .paths = { "weir.asset.protocols.server" } },
	{ .name = "weir:asks", .paths = { "weir.asset.protocols.client" } },
	{ .name = "weir:risk", .paths = { "weir.asset.risks.name" } },
	{ .name = "weir:first_seen", .paths = { "weir.asset.first_seen" } },
	{ .name = "weir:last_seen", .paths = { "weir.asset.last_seen" } },
};

static const struct column module_properties[] = {
	{ .name = "weir:type", .paths = { "device_type" } },
	{ .name = "weir:order_number", .paths = { "product_code" } },
	{ .name = "weir:model", .paths = { "model" } },
	{ .name = "weir:serial_number", .paths = { "serial_number" } },
	{ .name = "weir:hardware_version", .paths = { "hardware_version" } },
	{ .name = "weir:mode", .paths = { "mode" } },
};

/* The words of a component, in an asset's document and in that of a module. */
struct component_columns {
	struct column name, vendor, firmware, hardware;
	const struct column *properties;
	size_t n_properties;
};

static const struct component_columns asset_columns_of = {
	.name = { .paths = { "weir.asset.product", "weir.asset.model", "weir.asset.product_code",
			     "host.name", "host.ip", "host.mac", "weir.asset.id" } },
	.vendor = { .paths = { "weir.asset.vendor" } },
	.firmware = { .paths = { "weir.asset.firmware_version", "weir.asset.revision" } },
	.hardware = { .paths = { "weir.asset.hardware_version" } },
	.properties = asset_properties,
	.n_properties = ARRAY_SIZE(asset_properties),
};

static const struct component_columns module_columns_of = {
	.name = { .paths = { "product_name", "model", "product_code", "server_text" } },
	.vendor = { .paths = { "vendor" } },
	.firmware = { .paths = { "firmware_version", "revision" } },
	.hardware = { .paths = { "hardware_version" } },
	.properties = module_properties,
	.n_properties = ARRAY_SIZE(module_properties),
};

static bool write_text(void *context, const struct tree_value *value)
{
	buffer_text(context, value->text);
	return false;
}

/* The first value of the column; "" if there is none. */
static const char *first_of(struct buffer *out, const struct column *column,
			    const struct tree *document)
{
	buffer_clear(out);
	for (size_t i = 0; i < COLUMN_PATHS && column->paths[i] != NULL && out->length == 0; i++) {
		(void)tree_visit(document, column->paths[i], write_text, out);
	}
	return out->length > 0 ? out->data : "";
}

struct property {
	struct json *json;
	const char *name;
};

static bool write_property(void *context, const struct tree_value *value)
{
	const struct property *property = context;

	json_object(property->json, NULL);
	json_text(property->json, "name", property->name);
	json_text(property->json, "value", value->text);
	json_end(property->json);
	return true;
}

static void write_properties(struct json *json, const struct component_columns *columns,
			     const struct tree *document)
{
	json_array(json, "properties");
	for (size_t i = 0; i < columns->n_properties; i++) {
		const struct column *column = &columns->properties[i];
		struct property property = { json, column->name };
		bool found = false;

		for (size_t k = 0; !found && k < COLUMN_PATHS && column->paths[k] != NULL; k++) {
			size_t before = json->out->length;

			tree_visit(document, column->paths[k], write_property, &property);
			found = json->out->length > before;
		}
	}
	json_end(json);
}

static void write_manufacturer(struct json *json, const char *vendor)
{
	if (*vendor != '\0') {
		json_object(json, "manufacturer");
		json_text(json, "name", vendor);
		json_end(json);
	}
}

/* Firmware, as a component inside the device. */
static void write_firmware(struct json *json, const struct component_columns *columns,
			   const struct tree *document, const char *ref, const char *name)
{
	struct buffer version = { 0 }, vendor = { 0 }, text = { 0 };

	if (*first_of(&version, &columns->firmware, document) != '\0') {
		json_object(json, NULL);
		json_text(json, "type", "firmware");
		buffer_format(&text, "%s/firmware", ref);
		json_text(json, "bom-ref", text.data);
		write_manufacturer(json, first_of(&vendor, &columns->vendor, document));
		buffer_clear(&text);
		buffer_format(&text, "%s firmware", name);
		json_text(json, "name", text.data);
		json_text(json, "version", version.data);
		json_end(json);
	}
	buffer_free(&version);
	buffer_free(&vendor);
	buffer_free(&text);
}

/* The head of a device: all but what is inside of it. The name goes to `name`. */
static void write_device(struct json *json, const struct component_columns *columns,
			 const struct tree *document, const char *ref, struct buffer *name)
{
	struct buffer value = { 0 };

	json_text(json, "type", "device");
	json_text(json, "bom-ref", ref);
	write_manufacturer(json, first_of(&value, &columns->vendor, document));
	if (*first_of(name, &columns->name, document) == '\0') {
		buffer_text(name, "unknown");
	}
	json_text(json, "name", name->data);
	if (*first_of(&value, &columns->hardware, document) != '\0') {
		json_text(json, "version", value.data);
	}
	write_properties(json, columns, document);
	buffer_free(&value);
}

struct device {
	struct json *json;
	const struct tree *asset;
	const char *ref;
	unsigned n; /* programs so far */
};

static void write_module(void *context, const char *key, const struct tree *unit)
{
	const struct device *device = context;
	struct json *json = device->json;
	struct buffer ref = { 0 }, name = { 0 }, position = { 0 };

	(void)key;
	if (!asset_unit_is_behind(device->asset, unit)) {
		return;
	}
	asset_unit_name(&position, unit);
	buffer_format(&ref, "%s/%s", device->ref, position.data);
	json_object(json, NULL);
	write_device(json, &module_columns_of, unit, ref.data, &name);
	json_text(json, "description", position.data);
	json_array(json, "components");
	write_firmware(json, &module_columns_of, unit, ref.data, name.data);
	json_end(json);
	json_end(json);
	json->out->failed = json->out->failed || ref.failed || name.failed || position.failed;
	buffer_free(&ref);
	buffer_free(&name);
	buffer_free(&position);
}

static void write_program(struct device *device, const char *type, const char *text)
{
	struct json *json = device->json;
	size_t name = strcspn(text, "/");
	char ref[64];

	snprintf(ref, sizeof(ref), "%s/program-%u", device->ref, ++device->n);
	json_object(json, NULL);
	json_text(json, "type", type);
	json_text(json, "bom-ref", ref);
	json_string(json, "name", text, name > 0 ? name : strlen(text));
	if (name > 0 && text[name] == '/' && text[name + 1] != '\0') {
		json_text(json, "version", text + name + 1);
	}
	json_end(json);
}

static bool write_system(void *device, const struct tree_value *value)
{
	write_program(device, "operating-system", value->text);
	return true;
}

static bool write_software(void *device, const struct tree_value *value)
{
	write_program(device, "application", value->text);
	return true;
}

static void cyclonedx_begin(struct export *export)
{
	buffer_text(&export->out, "[");
}

static void cyclonedx_asset(struct export *export, const struct tree *asset, const char *text,
			    size_t length)
{
	struct json json = json_to(&export->out);
	const char *id = tree_text(asset, "weir.asset.id");
	struct device device = { &json, asset, id != NULL ? id : "", 0 };
	struct buffer name = { 0 };

	(void)text;
	(void)length;
	buffer_text(&export->out, export->n_assets > 0 ? "," : "");
	json_object(&json, NULL);
	write_device(&json, &asset_columns_of, asset, device.ref, &name);
	json_array(&json, "components");
	write_firmware(&json, &asset_columns_of, asset, device.ref, name.data);
	tree_visit(asset, "weir.asset.operating_system", write_system, &device);
	tree_visit(asset, "weir.asset.software", write_software, &device);
	tree_members(asset, "weir.asset.units", write_module, &device);
	json_end(&json);
	json_end(&json);
	buffer_free(&name);
}

/* RFC 9562 section 5.8: the content's digest, with version and variant put in. */
static void uuid_of(const struct buffer *content, char out[UUID_TEXT_SIZE])
{
	static const char variants[] = "89ab";
	struct digest digest = { .begun = false };
	char hex[DIGEST_TEXT_SIZE];

	digest_begin(&digest);
	digest_add(&digest, cur_of((const uint8_t *)content->data, content->length));
	digest_end(&digest, hex);
	hex[12] = '8';
	hex[16] = variants[(unsigned char)hex[16] & 3];
	snprintf(out, UUID_TEXT_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16,
		 hex + 20);
}

static void write_metadata(struct json *json, const struct export *export)
{
	json_object(json, "metadata");
	if (export->newest[0] != '\0') {
		json_text(json, "timestamp", export->newest);
	}
	json_array(json, "lifecycles");
	json_object(json, NULL);
	json_text(json, "phase", "operations");
	json_end(json);
	json_end(json);
	json_object(json, "tools");
	json_array(json, "components");
	json_object(json, NULL);
	json_text(json, "type", "application");
	json_text(json, "name", "weir");
	json_text(json, "version", WEIR_VERSION);
	json_end(json);
	json_end(json);
	json_end(json);
	json_end(json);
}

static void cyclonedx_end(struct export *export)
{
	struct buffer components = export->out;
	struct json json = json_to(&export->out);
	char uuid[UUID_TEXT_SIZE], serial[64];

	export->out = (struct buffer) { .data = NULL };
	buffer_text(&components, "]");
	if (components.failed) {
		export->out.failed = true;
		buffer_free(&components);
		return;
	}
	uuid_of(&components, uuid);
	snprintf(serial, sizeof(serial), "urn:uuid:%s", uuid);
	json_object(&json, NULL);
	json_text(&json, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
	json_text(&json, "bomFormat", "CycloneDX");
	json_text(&json, "specVersion", "1.6");
	json_text(&json, "serialNumber", serial);
	json_uint(&json, "version", 1);
	write_metadata(&json, export);
	json_raw(&json, "components", components.data);
	json_array(&json, "compositions");
	json_object(&json, NULL);
	json_text(&json, "aggregate", "incomplete");
	json_end(&json);
	json_end(&json);
	json_end(&json);
	buffer_text(&export->out, "\n");
	buffer_free(&components);
}

const struct export_format export_cyclonedx = {
	.name = "cyclonedx",
	.begin = cyclonedx_begin,
	.asset = cyclonedx_asset,
	.end = cyclonedx_end,
};
