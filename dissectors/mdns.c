/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Multicast DNS (RFC 6762) and what hosts announce with it, DNS-SD (RFC 6763): names, addresses,
 * services, and texts about the product.  Messages are those of DNS.
 *
 *	_ipp._tcp.local            PTR  Office._ipp._tcp.local
 *	Office._ipp._tcp.local     SRV  0 0 631 printer.local      TXT  "ty=Printer 500"
 *"usb_MFG=..." printer.local              A    192.168.0.9                HINFO  "ARM" "Linux"
 *
 * Queries are only counted. A response is a record about its sender, and an item for each service,
 * text and further address in it. A response without any of the sender's own addresses, but with
 * others of its kind, was passed on for the host that has these. */

#include "dissectors/dissector.h"
#include "dissectors/dns_message.h"
#include "dissectors/news.h"
#include "dissectors/text.h"

#define PORT      5353
#define ITEMS_MAX 32
#define FACTS_MAX 255 /* strings of one text */

#define MDNS_FIELDS(X)                                                                         \
	X(ANSWERS, "answers", UINT, 0, "Resources in the response")                            \
	X(ADDRESS, "address", IP, 0, "Address that the host says it has")                      \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), "Name below .local")      \
	X(FQDN, "fqdn", STRING, FIELD_IDENTITY(DOMAIN_NAME), "Name in another domain")         \
	X(SERVICE, "service", STRING, FIELD_IDENTITY(SERVICE), "Type of a service: _ipp._tcp") \
	X(INSTANCE, "instance", STRING, 0, "Name of the service")                              \
	X(PORT, "port", UINT, 0, "Port of the service")                                        \
	X(OPERATING_SYSTEM, "operating_system", STRING,                                        \
	  FIELD_HINT | FIELD_IDENTITY(OPERATING_SYSTEM), "As the host says")                   \
	X(HARDWARE, "hardware", STRING, 0, "Processor, as the host says")                      \
	X(VENDOR, "vendor", STRING, FIELD_HINT | FIELD_IDENTITY(VENDOR), "Maker, of a text")   \
	X(MODEL, "model", STRING, FIELD_HINT | FIELD_IDENTITY(MODEL), "Model, of a text")      \
	X(PRODUCT, "product", STRING, FIELD_HINT | FIELD_IDENTITY(PRODUCT_NAME),               \
	  "Product, of a text")                                                                \
	X(DEVICE_NAME, "device_name", STRING, FIELD_HINT | FIELD_IDENTITY(DEVICE_NAME),        \
	  "Name that its owner gave it, of a text")                                            \
	X(SERIAL_NUMBER, "serial_number", STRING, FIELD_HINT | FIELD_IDENTITY(SERIAL_NUMBER),  \
	  "Serial number, of a text")                                                          \
	X(FIRMWARE, "firmware_version", STRING, FIELD_HINT | FIELD_IDENTITY(FIRMWARE_VERSION), \
	  "Version of its firmware, of a text")                                                \
	X(LOCATION, "location", STRING, FIELD_HINT | FIELD_IDENTITY(LOCATION),                 \
	  "Where it stands, of a text")

enum mdns_field {
#define X(id, name, type, flags, meaning) MDNS_##id,
	MDNS_FIELDS(X)
#undef X
};

static const struct field mdns_fields[] = {
#define X(id, name, type, flags, meaning) \
	[MDNS_##id] = { "weir.mdns." name, FIELD_##type, flags, NULL, meaning, NULL },
	MDNS_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(MDNS_##id)

/* Keys of texts: of printers (Bonjour Printing 1.2.1), device info, AirPlay, cast and HomeKit
 * devices, and what cameras and industrial devices add. */
static const struct {
	const char *key;
	enum mdns_field field;
} keys[] = {
	{ "ty", MDNS_MODEL },
	{ "md", MDNS_MODEL },
	{ "model", MDNS_MODEL },
	{ "am", MDNS_MODEL },
	{ "usb_MDL", MDNS_MODEL },
	{ "product", MDNS_PRODUCT },
	{ "usb_MFG", MDNS_VENDOR },
	{ "mfg", MDNS_VENDOR },
	{ "manufacturer", MDNS_VENDOR },
	{ "vendor", MDNS_VENDOR },
	{ "fn", MDNS_DEVICE_NAME },
	{ "serialNumber", MDNS_SERIAL_NUMBER },
	{ "serial", MDNS_SERIAL_NUMBER },
	{ "fw", MDNS_FIRMWARE },
	{ "fwversion", MDNS_FIRMWARE },
	{ "note", MDNS_LOCATION },
};

struct state {
	struct news said;
};

static enum claim mdns_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct dns_message message;

	(void)sender;
	/* RFC 6762 18.3: the opcode is 0. */
	return usual_port && dns_open(bytes, &message) && dns_opcode(&message) == DNS_QUERY
		   ? CLAIM_YES
		   : CLAIM_NO;
}

/* ---- whom it is about ---- */

struct subject {
	bool sender;
	struct ip ip; /* when it is not the sender */
};

static struct subject find_subject(const struct dissection *d, const struct dns_message *message)
{
	const struct ip *source = &d->packet->ip_source;
	struct subject subject = { .sender = true };
	struct dns_message look = *message;
	struct dns_resource resource;
	struct ip ip;

	for (unsigned i = 0; i < message->resources && dns_next_resource(&look, &resource); i++) {
		if (!dns_address(&resource, &ip)) {
			continue;
		}
		if (ip_equal(&ip, source)) {
			return (struct subject) { .sender = true };
		}
		if (subject.sender && ip_is_v4(&ip) == ip_is_v4(source)) {
			subject = (struct subject) { .sender = false, .ip = ip };
		}
	}
	return subject;
}

static void put_subject(struct dissection *d, const struct subject *subject)
{
	static const struct mac no_mac = { { 0 } };

	if (subject->sender) {
		dissect_about_sender(d, false);
	} else {
		dissect_about(d, &subject->ip, &no_mac, false);
	}
}

/* ---- what resources say ---- */

static void put_name(struct dissection *d, struct dns_name name)
{
	dns_cut_domain(&name, ".local");
	record_put_text(d->writer, strchr(name.text, '.') == NULL ? PUT(HOST_NAME) : PUT(FQDN),
			name.text);
}

/* The first label that begins with an underscore, and where the one before it ends. NULL: none. */
static const char *service_of(struct dns_name *name, const char **instance)
{
	dns_cut_domain(name, ".local");
	*instance = NULL;
	if (name->text[0] == '_') {
		return name->text;
	}
	for (char *at = name->text; at[0] != '\0'; at++) {
		if (at[0] == '\\' && at[1] != '\0') {
			at++;
		} else if (at[0] == '.' && at[1] == '_') {
			at[0] = '\0';
			*instance = name->text;
			return at + 1;
		}
	}
	return NULL;
}

/* Of a PTR: the type of service that it lists or has an instance of. */
static bool put_pointer(struct dissection *d, const struct dns_message *message,
			const struct dns_resource *resource)
{
	struct cursor data = resource->data;
	const char *service, *instance;
	struct dns_name name;

	if (!dns_read_name(message->whole, &data, &name)) {
		return false;
	}
	service = service_of(&name, &instance);
	if (service == NULL) {
		return false;
	}
	record_put_text(d->writer, PUT(SERVICE), service);
	if (instance != NULL) {
		record_put_text(d->writer, PUT(INSTANCE), instance);
	}
	return true;
}

static bool put_service(struct dissection *d, const struct dns_resource *resource)
{
	struct dns_name name = resource->name;
	struct cursor data = resource->data;
	const char *instance, *service = service_of(&name, &instance);

	cur_skip(&data, 4);
	if (service == NULL || instance == NULL) {
		return false;
	}
	record_put_text(d->writer, PUT(SERVICE), service);
	record_put_text(d->writer, PUT(INSTANCE), instance);
	record_put_uint(d->writer, PUT(PORT), cur_be16(&data));
	return cur_ok(&data);
}

/* One "key=value" (RFC 6763 6.3). Whether it is one that is taken. */
static bool put_fact(struct dissection *d, struct cursor fact, unsigned *taken)
{
	struct cursor key = text_until(&fact, '=');

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (text_is(key, keys[i].key) && cur_left(&fact) > 0 &&
		    (*taken >> keys[i].field & 1) == 0) {
			*taken |= 1U << keys[i].field;
			record_put_bytes(d->writer, FIELD_LOCAL(keys[i].field), text_trim(fact));
			return true;
		}
	}
	return false;
}

static bool put_facts(struct dissection *d, const struct dns_resource *resource)
{
	struct cursor data = resource->data;
	unsigned taken = 0;
	bool any = false;

	for (unsigned i = 0; i < FACTS_MAX && cur_left(&data) > 0; i++) {
		any = put_fact(d, cur_sub(&data, cur_u8(&data)), &taken) || any;
	}
	return any;
}

static bool put_host_information(struct dissection *d, const struct dns_resource *resource)
{
	struct cursor data = resource->data, hardware = cur_sub(&data, cur_u8(&data)),
		      system = cur_sub(&data, cur_u8(&data));

	if (!cur_ok(&data) || cur_left(&system) == 0) {
		return false;
	}
	record_put_bytes(d->writer, PUT(HARDWARE), hardware);
	record_put_bytes(d->writer, PUT(OPERATING_SYSTEM), system);
	return true;
}

static bool put_address(struct dissection *d, const struct dns_resource *resource,
			const struct ip *ip)
{
	static const struct mac no_mac = { { 0 } };

	record_put_ip(d->writer, PUT(ADDRESS), ip);
	put_name(d, resource->name);
	dissect_about(d, ip, &no_mac, false);
	return true;
}

/* Whether the resource is worth an item, which is then filled. */
static bool put_resource(struct dissection *d, const struct dns_message *message,
			 const struct dns_resource *resource, const struct subject *subject)
{
	struct ip ip;

	put_subject(d, subject);
	if (dns_address(resource, &ip)) {
		return !ip_equal(&ip, &d->packet->ip_source) && put_address(d, resource, &ip);
	}
	switch (resource->type) {
	case DNS_PTR:
		return put_pointer(d, message, resource);
	case DNS_SRV:
		return put_service(d, resource);
	case DNS_TXT:
		return put_facts(d, resource);
	case DNS_HINFO:
		return put_host_information(d, resource);
	default:
		return false;
	}
}

static void report_resources(struct dissection *d, struct dns_message *message,
			     const struct subject *subject)
{
	struct dns_resource resource;
	unsigned items = 0;

	for (unsigned i = 0;
	     i < message->resources && items < ITEMS_MAX && dns_next_resource(message, &resource);
	     i++) {
		struct record *record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);

		record->key = 0;
		record->phase = PHASE_COMPLETE;
		record_put_static(d->writer, CORE_FUNCTION, "response");
		record_put_uint(d->writer, CORE_ITEM_INDEX, items);
		if (put_resource(d, message, &resource, subject)) {
			record_commit(d->writer);
			items++;
		} else {
			record_abort(d->writer);
		}
	}
}

/* The name that goes with the sender's address. */
static void put_own_name(struct dissection *d, const struct dns_message *message)
{
	struct dns_message look = *message;
	struct dns_resource resource;
	struct ip ip;

	for (unsigned i = 0; i < message->resources && dns_next_resource(&look, &resource); i++) {
		if (dns_address(&resource, &ip) && ip_equal(&ip, &d->packet->ip_source)) {
			put_name(d, resource.name);
			return;
		}
	}
}

/* ---- messages ---- */

static void report(struct dissection *d, struct dns_message *message, bool malformed)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);
	struct subject subject;

	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, "response");
	record_put_uint(d->writer, PUT(ANSWERS), message->resources);
	if (malformed) {
		dissect_malformed(d, "message");
		record_commit(d->writer);
		return;
	}
	subject = find_subject(d, message);
	put_own_name(d, message);
	put_subject(d, &subject);
	record_commit(d->writer);
	report_resources(d, message, &subject);
}

static enum parsed mdns_parse(struct dissection *d, struct cursor pdu)
{
	struct dns_question question = { .type = 0 };
	struct dns_message message;
	struct state *state = d->state;
	bool response, malformed;

	if (!dns_open(pdu, &message)) {
		return PARSED_NOT_MINE;
	}
	response = (message.flags & DNS_RESPONSE) != 0;
	malformed = !dns_is_whole(&message);
	for (unsigned i = 0; i < message.questions && dns_next_question(&message, &question); i++) {
	}
	dissect_count(d, response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, dns_opcode(&message));
	if ((response || malformed) && news_is(&state->said, pdu, d->side, d->packet->time)) {
		report(d, &message, malformed);
	}
	return malformed ? PARSED_MALFORMED : PARSED;
}

static const struct over mdns_over[] = { { OVER_UDP, NULL, PORT } };

const struct dissector dissector_mdns = {
	.name = "mdns",
	.title = "Multicast DNS and service discovery (RFC 6762, RFC 6763)",
	.general = true,
	.over = mdns_over,
	.n_over = ARRAY_SIZE(mdns_over),
	.state_size = sizeof(struct state),
	.probe = mdns_probe,
	.parse = mdns_parse,
	.fields = mdns_fields,
	.n_fields = ARRAY_SIZE(mdns_fields),
};
