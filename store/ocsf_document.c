/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/ocsf_document.h"

#include "capture/base/json.h"
#include "store/document_scan.h"
#include "store/json_value.h"

#include <stdio.h>
#include <string.h>

#define OCSF_VERSION   "1.8.0"
#define OTHER          99 /* of every enumeration */
#define STATUS_SUCCESS 1
#define STATUS_FAILURE 2
#define RULE           1 /* analytic.type_id */

enum ocsf_class { BASE_EVENT, DETECTION_FINDING, NETWORK_ACTIVITY, DEVICE_INVENTORY_INFO };

static const struct {
	int64_t category, uid;
	const char *name;
} classes[] = {
	[BASE_EVENT] = { 0, 0, "Base Event" },
	[DETECTION_FINDING] = { 2, 2004, "Detection Finding" },
	[NETWORK_ACTIVITY] = { 4, 4001, "Network Activity" },
	[DEVICE_INVENTORY_INFO] = { 5, 5001, "Device Inventory Info" },
};

/* Levels as severity_id; all else is informational. */
static const struct {
	const char *level;
	int64_t id;
} severities[] = {
	{ "informational", 1 }, { "low", 2 }, { "medium", 3 }, { "high", 4 }, { "critical", 5 },
};

/* What happened to an alert: activity_id and status_id. */
static const struct {
	const char *action;
	int64_t activity, status;
} actions[] = {
	{ "alert-opened", 1, 1 },
	{ "alert-updated", 2, 1 },
	{ "alert-acknowledged", 2, 2 },
	{ "alert-closed", 3, 4 },
};

static const struct {
	const char *name;
	int64_t number;
} transports[] = { { "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "ipv6-icmp", 58 } };

/* A text, whole number or time (to milliseconds) of a document as an attribute. */
struct attribute {
	const char *path, *name;
	enum { A_TEXT, A_NUMBER, A_TIME } kind;
};

static const struct attribute device_attributes[] = {
	{ "weir.asset.id", "uid", A_TEXT },
	{ "host.name", "name", A_TEXT },
	{ "weir.asset.zone", "zone", A_TEXT },
	{ "weir.asset.model", "model", A_TEXT },
	{ "weir.asset.description", "desc", A_TEXT },
	{ "weir.asset.first_seen", "first_seen_time", A_TIME },
	{ "weir.asset.last_seen", "last_seen_time", A_TIME },
};

static const struct attribute traffic_attributes[] = {
	{ "source.bytes", "bytes_out", A_NUMBER },
	{ "destination.bytes", "bytes_in", A_NUMBER },
	{ "source.packets", "packets_out", A_NUMBER },
	{ "destination.packets", "packets_in", A_NUMBER },
};

static const struct attribute metadata_attributes[] = {
	{ "event.id", "uid", A_TEXT },
	{ "event.dataset", "log_name", A_TEXT },
	{ "observer.name", "log_provider", A_TEXT },
	{ "@timestamp", "original_time", A_TEXT },
	{ "weir.output.sequence", "sequence", A_NUMBER },
};

static const struct attribute finding_attributes[] = {
	{ "weir.alert.id", "uid", A_TEXT },
	{ "rule.name", "title", A_TEXT },
	{ "weir.alert.explanation", "desc", A_TEXT },
	{ "weir.alert.first", "first_seen_time", A_TIME },
	{ "weir.alert.last", "last_seen_time", A_TIME },
};

static const struct attribute analytic_attributes[] = {
	{ "rule.uuid", "uid", A_TEXT },
	{ "rule.name", "name", A_TEXT },
	{ "rule.version", "version", A_TEXT },
};

/* Of an asset, and of one that changed. */
static const char *const device_types[] = { "weir.asset.type", "weir.source.type",
					    "weir.asset.role", "weir.source.role" };
static const char *const device_vendors[] = { "weir.asset.vendor", "weir.source.vendor" };

/* What is kept as it is. */
static const char *const unmapped[] = { "weir", "event", "network", "rule" };

static int64_t time_ms(const char *text)
{
	return text != NULL ? document_time_ms(text, strlen(text)) : -1;
}

static void put(struct json *json, const struct json_value *document,
		const struct attribute *attributes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *text = json_value_text(document, attributes[i].path);
		int64_t number = attributes[i].kind == A_NUMBER
				     ? json_value_int(document, attributes[i].path, -1)
				     : time_ms(attributes[i].kind == A_TIME ? text : NULL);

		if (attributes[i].kind != A_TEXT && number >= 0) {
			json_int(json, attributes[i].name, number);
		} else if (attributes[i].kind == A_TEXT && text != NULL) {
			json_text(json, attributes[i].name, text);
		}
	}
}

#define PUT(json, document, attributes) put(json, document, attributes, ARRAY_SIZE(attributes))

/* ---- ends ---- */

static const char *text_at(const struct json_value *document, const char *before, const char *end,
			   const char *member)
{
	char path[64];

	snprintf(path, sizeof(path), "%s%s.%s", before, end, member);
	return json_value_text(document, path);
}

static void put_text(struct json *json, const char *name, const char *text)
{
	if (text != NULL) {
		json_text(json, name, text);
	}
}

/* A kind of device that the schema has no number for is told by its word. */
static void put_type(struct json *json, const char *type)
{
	json_int(json, "type_id", type != NULL ? OTHER : 0);
	put_text(json, "type", type);
}

static bool has_end(const struct json_value *document, const char *end)
{
	return text_at(document, "", end, "ip") != NULL ||
	       text_at(document, "", end, "mac") != NULL;
}

/* An end has to have a name: one that has no IP address is called by its link address. */
static void put_endpoint(struct json *json, const struct json_value *document, const char *end,
			 const char *name)
{
	const char *ip = text_at(document, "", end, "ip"), *mac = text_at(document, "", end, "mac");
	const char *called = text_at(document, "weir.", end, "name");
	const char *type = text_at(document, "weir.", end, "type");
	char path[32];
	int64_t port;

	if (!has_end(document, end)) {
		return;
	}
	snprintf(path, sizeof(path), "%s.port", end);
	port = json_value_int(document, path, -1);
	json_object(json, name);
	put_text(json, "ip", ip);
	put_text(json, "mac", mac);
	if (port >= 0) {
		json_int(json, "port", port);
	}
	put_text(json, "name", called != NULL ? called : ip == NULL ? mac : NULL);
	put_text(json, "uid", text_at(document, "weir.", end, "asset"));
	put_text(json, "zone", text_at(document, "weir.", end, "zone"));
	put_type(json, type != NULL ? type : text_at(document, "weir.", end, "role"));
	json_end(json);
}

static void put_connection(struct json *json, const struct json_value *document)
{
	const char *transport = json_value_text(document, "network.transport");

	json_object(json, "connection_info");
	json_int(json, "direction_id", 0);
	put_text(json, "protocol_name", transport);
	for (size_t i = 0; transport != NULL && i < ARRAY_SIZE(transports); i++) {
		if (strcmp(transport, transports[i].name) == 0) {
			json_int(json, "protocol_num", transports[i].number);
		}
	}
	json_end(json);
}

static void put_ends(struct json *json, const struct json_value *document)
{
	put_endpoint(json, document, "source", "src_endpoint");
	put_endpoint(json, document, "destination", "dst_endpoint");
	put_connection(json, document);
}

/* ---- what every event has ---- */

static int64_t severity_of(const struct json_value *document)
{
	const char *level = json_value_text(document, "weir.level");

	for (size_t i = 0; level != NULL && i < ARRAY_SIZE(severities); i++) {
		if (strcmp(level, severities[i].level) == 0) {
			return severities[i].id;
		}
	}
	return 1;
}

static void put_metadata(struct json *json, const struct json_value *document)
{
	json_object(json, "metadata");
	json_text(json, "version", OCSF_VERSION);
	json_object(json, "product");
	json_text(json, "name", "Weir");
	json_text(json, "vendor_name", "Weir");
	json_text(json, "version", WEIR_VERSION);
	json_end(json);
	PUT(json, document, metadata_attributes);
	json_end(json);
}

static void put_head(struct json *json, const struct json_value *document, enum ocsf_class class,
		     int64_t activity)
{
	int64_t time = time_ms(json_value_text(document, "@timestamp"));

	json_int(json, "class_uid", classes[class].uid);
	json_text(json, "class_name", classes[class].name);
	json_int(json, "category_uid", classes[class].category);
	json_int(json, "activity_id", activity);
	json_int(json, "type_uid", classes[class].uid * 100 + activity);
	json_int(json, "severity_id", severity_of(document));
	json_int(json, "time", time > 0 ? time : 0);
	put_text(json, "message", json_value_text(document, "message"));
	put_metadata(json, document);
}

static void put_unmapped(struct json *json, const struct json_value *document)
{
	struct buffer text = { 0 };

	json_object(json, "unmapped");
	for (size_t i = 0; i < ARRAY_SIZE(unmapped); i++) {
		const struct json_value *value = json_value_at(document, unmapped[i]);

		buffer_clear(&text);
		if (value != NULL) {
			json_value_write(value, &text);
		}
		if (value != NULL && !text.failed) {
			json_raw(json, unmapped[i], text.data);
		}
	}
	json_end(json);
	buffer_free(&text);
}

/* ---- classes ---- */

static const char *element_text(const struct json_value *document, const char *path, size_t i)
{
	const struct json_value *list = json_value_at(document, path);

	return i < json_value_count(list) ? json_value_text(json_value_element(list, i), "") : NULL;
}

static void put_named(struct json *json, const char *name, const char *uid, const char *called)
{
	if (uid != NULL) {
		json_object(json, name);
		json_text(json, "uid", uid);
		put_text(json, "name", called);
		json_end(json);
	}
}

static void put_attacks(struct json *json, const struct json_value *document)
{
	size_t n = json_value_count(json_value_at(document, "threat.technique.id"));

	if (n == 0) {
		return;
	}
	json_array(json, "attacks");
	for (size_t i = 0; i < n; i++) {
		json_object(json, NULL);
		put_named(json, "technique", element_text(document, "threat.technique.id", i),
			  element_text(document, "threat.technique.name", i));
		put_named(json, "tactic", element_text(document, "threat.tactic.id", i),
			  element_text(document, "threat.tactic.name", i));
		put_text(json, "version", json_value_text(document, "weir.attack.version"));
		json_end(json);
	}
	json_end(json);
}

static void put_finding_info(struct json *json, const struct json_value *document)
{
	json_object(json, "finding_info");
	PUT(json, document, finding_attributes);
	json_object(json, "analytic");
	json_int(json, "type_id", RULE);
	PUT(json, document, analytic_attributes);
	json_end(json);
	put_attacks(json, document);
	json_end(json);
}

static void put_finding(struct json *json, const struct json_value *document)
{
	const char *action = json_value_text(document, "event.action");
	int64_t risk = json_value_int(document, "event.risk_score", -1);
	size_t found = 0;

	for (size_t i = 0; action != NULL && i < ARRAY_SIZE(actions); i++) {
		found = strcmp(action, actions[i].action) == 0 ? i : found;
	}
	put_head(json, document, DETECTION_FINDING, actions[found].activity);
	json_int(json, "status_id", actions[found].status);
	json_bool(json, "is_alert", actions[found].activity == 1);
	if (risk >= 0) {
		json_int(json, "risk_score", risk);
	}
	put_finding_info(json, document);
	json_array(json, "evidences");
	json_object(json, NULL);
	put_ends(json, document);
	json_end(json);
	json_end(json);
}

static const char *first_text(const struct json_value *document, const char *const *paths, size_t n)
{
	const char *text = NULL;

	for (size_t i = 0; text == NULL && i < n; i++) {
		text = json_value_text(document, paths[i]);
	}
	return text;
}

/* Of a change the asset is the source, of an asset itself its first addresses stand. */
static void put_device(struct json *json, const struct json_value *document)
{
	const char *ip = json_value_text(document, "source.ip");
	const char *mac = json_value_text(document, "source.mac");
	const char *type = first_text(document, device_types, ARRAY_SIZE(device_types));
	const char *vendor = first_text(document, device_vendors, ARRAY_SIZE(device_vendors));
	const char *serial = json_value_text(document, "weir.asset.serial_number");

	json_object(json, "device");
	put_type(json, type);
	put_text(json, "vendor_name", vendor);
	put_text(json, "ip", ip != NULL ? ip : element_text(document, "host.ip", 0));
	put_text(json, "mac", mac != NULL ? mac : element_text(document, "host.mac", 0));
	PUT(json, document, device_attributes);
	if (serial != NULL) {
		json_object(json, "hw_info");
		json_text(json, "serial_number", serial);
		json_end(json);
	}
	json_end(json);
}

static void put_inventory(struct json *json, const struct json_value *document)
{
	const char *kind = json_value_text(document, "event.kind");

	/* Collect: all that is known; Log: something changed. */
	put_head(json, document, DEVICE_INVENTORY_INFO,
		 kind != NULL && strcmp(kind, "asset") == 0 ? 2 : 1);
	put_device(json, document);
}

/* Flows open and close; all else is traffic in them. */
static int64_t activity_of(const struct json_value *document)
{
	const char *dataset = json_value_text(document, "event.dataset");
	size_t n = json_value_count(json_value_at(document, "event.type"));

	for (size_t i = 0; dataset != NULL && strcmp(dataset, "weir.flow") == 0 && i < n; i++) {
		const char *type = element_text(document, "event.type", i);

		if (type != NULL && (strcmp(type, "start") == 0 || strcmp(type, "end") == 0)) {
			return strcmp(type, "start") == 0 ? 1 : 2;
		}
	}
	return 6;
}

static void put_network(struct json *json, const struct json_value *document)
{
	const char *outcome = json_value_text(document, "event.outcome");

	put_head(json, document, NETWORK_ACTIVITY, activity_of(document));
	if (outcome != NULL && strcmp(outcome, "unknown") != 0) {
		json_int(json, "status_id",
			 strcmp(outcome, "success") == 0 ? STATUS_SUCCESS : STATUS_FAILURE);
	}
	put_text(json, "app_name", json_value_text(document, "network.protocol"));
	put_ends(json, document);
	if (json_value_int(document, "source.bytes", -1) >= 0) {
		json_object(json, "traffic");
		PUT(json, document, traffic_attributes);
		json_end(json);
	}
}

static void put_base(struct json *json, const struct json_value *document)
{
	const char *event = json_value_text(document, "weir.sensor.event");

	put_head(json, document, BASE_EVENT, OTHER);
	json_text(json, "activity_name", event != NULL ? event : "other");
}

/* ---- one document ---- */

static enum ocsf_class class_of(const struct json_value *document)
{
	static const struct {
		const char *dataset;
		enum ocsf_class class;
	} rows[] = {
		{ "weir.alert", DETECTION_FINDING },
		{ "weir.finding", DETECTION_FINDING },
		{ "weir.asset", DEVICE_INVENTORY_INFO },
	};
	const char *dataset = json_value_text(document, "event.dataset");

	for (size_t i = 0; dataset != NULL && i < ARRAY_SIZE(rows); i++) {
		if (strcmp(dataset, rows[i].dataset) == 0) {
			return rows[i].class;
		}
	}
	return has_end(document, "source") || has_end(document, "destination") ? NETWORK_ACTIVITY
									       : BASE_EVENT;
}

void ocsf_document_write(struct buffer *out, const char *json, size_t length)
{
	static void (*const writers[])(struct json *, const struct json_value *) = {
		[BASE_EVENT] = put_base,
		[DETECTION_FINDING] = put_finding,
		[NETWORK_ACTIVITY] = put_network,
		[DEVICE_INVENTORY_INFO] = put_inventory,
	};
	struct json_value *document = json_value_parse(json, length);
	struct json event = json_to(out);

	json_object(&event, NULL);
	writers[class_of(document)](&event, document);
	put_unmapped(&event, document);
	json_end(&event);
	json_value_free(document);
}
