/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* WS-Discovery (OASIS 1.1, and the draft of 2005 that Windows and ONVIF devices speak): SOAP in one
 * datagram. Of the XML only the action, and the texts of Types, Scopes and XAddrs are looked at.
 *
 *	Hello, Bye, Probe, Resolve: to all; ProbeMatches, ResolveMatches: to the one who asked */

#include "dissectors/dissector.h"
#include "dissectors/news.h"
#include "dissectors/text.h"

#include <stdio.h>

#define PORT       3702
#define TYPES_MAX  16
#define SCOPES_MAX 32

#define WSD_FIELDS(X)                                                                   \
	X(TYPES, "types", STRING, 0, "Types that are there, or looked for")             \
	X(ADDRESSES, "addresses", STRING, 0, "Where it is reached")                     \
	X(SERVICE, "service", STRING, FIELD_IDENTITY(SERVICE), "First of these types")  \
	X(DEVICE_NAME, "device_name", STRING, FIELD_HINT | FIELD_IDENTITY(DEVICE_NAME), \
	  "Name of an ONVIF device")                                                    \
	X(MODEL, "model", STRING, FIELD_HINT | FIELD_IDENTITY(MODEL),                   \
	  "Hardware of an ONVIF device")                                                \
	X(LOCATION, "location", STRING, FIELD_HINT | FIELD_IDENTITY(LOCATION),          \
	  "Where an ONVIF device stands")

enum wsd_field {
#define X(id, name, type, flags, meaning) WSD_##id,
	WSD_FIELDS(X)
#undef X
};

static const struct field wsd_fields[] = {
#define X(id, name, type, flags, meaning) \
	[WSD_##id] = { "weir.wsd." name, FIELD_##type, flags, NULL, meaning, NULL },
	WSD_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(WSD_##id)

struct action {
	const char *name, *function;
	enum message_class class;
	bool device; /* a device says what it is */
};

/* Actions by the end of their URI. */
static const struct action actions[] = {
	{ "/discovery/Hello", "hello", MESSAGE_USERDATA, true },
	{ "/discovery/Bye", "bye", MESSAGE_USERDATA, false },
	{ "/discovery/Probe", "probe", MESSAGE_REQUEST, false },
	{ "/discovery/ProbeMatches", "probe_matches", MESSAGE_RESPONSE, true },
	{ "/discovery/Resolve", "resolve", MESSAGE_REQUEST, false },
	{ "/discovery/ResolveMatches", "resolve_matches", MESSAGE_RESPONSE, true },
};

/* Scopes of ONVIF devices (ONVIF Core Specification, 7.3.3). */
static const struct {
	const char *prefix;
	enum wsd_field field;
} scopes[] = {
	{ "onvif://www.onvif.org/name/", WSD_DEVICE_NAME },
	{ "onvif://www.onvif.org/hardware/", WSD_MODEL },
	{ "onvif://www.onvif.org/location/", WSD_LOCATION },
};

struct state {
	struct news said;
};

/* The text of the first element with this name, whatever its prefix and attributes. */
static bool find_element(struct cursor xml, const char *name, struct cursor *out)
{
	for (;;) {
		struct cursor tag, look;

		xml = text_behind(xml, "<");
		if (!cur_ok(&xml)) {
			return false;
		}
		look = xml;
		tag = text_until(&look, '>');
		*out = text_until(&look, '<');
		tag = text_until(&tag, ' ');
		if (text_is(tag, name)) {
			break;
		}
		(void)text_until(&tag, ':');
		if (text_is(tag, name)) {
			break;
		}
	}
	*out = text_trim(*out);
	return cur_left(out) > 0;
}

static const struct action *action_of(struct cursor bytes)
{
	struct cursor uri;

	if (!find_element(bytes, "Action", &uri)) {
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		struct cursor rest = text_behind(uri, actions[i].name);

		if (cur_ok(&rest) && cur_left(&rest) == 0) {
			return &actions[i];
		}
	}
	return NULL;
}

static enum claim wsd_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor look = text_trim(bytes);
	const struct action *action = usual_port && cur_u8(&look) == '<' ? action_of(bytes) : NULL;

	if (action == NULL) {
		return CLAIM_NO;
	}
	*sender = action->class == MESSAGE_RESPONSE ? SENDER_SERVER : SENDER_CLIENT;
	return CLAIM_YES;
}

/* ---- records ---- */

static void put_element(struct dissection *d, struct cursor pdu, const char *name,
			enum wsd_field field)
{
	struct cursor text;

	if (find_element(pdu, name, &text)) {
		record_put_bytes(d->writer, FIELD_LOCAL(field), text);
	}
}

/* Each type without the prefix that its namespace has here. */
static void put_services(struct dissection *d, struct cursor pdu)
{
	struct cursor types;

	if (!find_element(pdu, "Types", &types)) {
		return;
	}
	for (unsigned i = 0; i < TYPES_MAX && cur_left(&types) > 0; i++) {
		struct cursor type = text_until(&types, ' ');

		(void)text_until(&type, ':');
		if (cur_left(&type) > 0) {
			record_put_bytes(d->writer, PUT(SERVICE), type);
		}
	}
}

static uint8_t hex_digit(uint8_t c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* Percent-encoded (RFC 3986 2.1). */
static void put_encoded(struct dissection *d, enum wsd_field field, struct cursor text)
{
	char out[RECORD_STRING_MAX];
	size_t n = 0;

	while (cur_left(&text) > 0 && n < sizeof(out)) {
		uint8_t c = cur_u8(&text);

		if (c == '%' && cur_left(&text) >= 2) {
			c = (uint8_t)(hex_digit(cur_u8(&text)) << 4);
			c = (uint8_t)(c | hex_digit(cur_u8(&text)));
		}
		out[n++] = (char)c;
	}
	if (n > 0) {
		record_put_bytes(d->writer, FIELD_LOCAL(field), cur_of(out, n));
	}
}

static void put_scopes(struct dissection *d, struct cursor pdu)
{
	struct cursor list;

	if (!find_element(pdu, "Scopes", &list)) {
		return;
	}
	for (unsigned i = 0; i < SCOPES_MAX && cur_left(&list) > 0; i++) {
		struct cursor scope = text_until(&list, ' ');

		for (size_t k = 0; k < ARRAY_SIZE(scopes); k++) {
			if (text_begins(scope, scopes[k].prefix)) {
				put_encoded(d, scopes[k].field,
					    text_behind(scope, scopes[k].prefix));
			}
		}
	}
}

static void wsd_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s", code < ARRAY_SIZE(actions) ? actions[code].function : "unknown");
}

static enum parsed wsd_parse(struct dissection *d, struct cursor pdu)
{
	const struct action *action = action_of(pdu);
	struct state *state = d->state;
	bool response;

	if (action == NULL) {
		return PARSED_NOT_MINE;
	}
	response = action->class == MESSAGE_RESPONSE;
	dissect_count(d, action->class, (uint32_t)(action - actions));
	dissect_sender(d, response ? SENDER_SERVER : SENDER_CLIENT);
	if (!news_is(&state->said, pdu, d->side, d->packet->time)) {
		return PARSED;
	}
	struct record *record =
	    dissect_record(d, RECORD_TRANSACTION,
			   action->class == MESSAGE_REQUEST ? OPERATION_READ : OPERATION_REPORT);

	record->phase = PHASE_COMPLETE;
	record->outcome = response ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN;
	record_put_static(d->writer, CORE_FUNCTION, action->function);
	put_element(d, pdu, "Types", WSD_TYPES);
	if (action->device) {
		put_element(d, pdu, "XAddrs", WSD_ADDRESSES);
		put_services(d, pdu);
		put_scopes(d, pdu);
		dissect_about_sender(d, false);
	}
	record_commit(d->writer);
	return PARSED;
}

static const struct over wsd_over[] = { { OVER_UDP, NULL, PORT } };

const struct dissector dissector_wsd = {
	.name = "wsd",
	.title = "Web Services Dynamic Discovery (OASIS WS-Discovery 1.1)",
	.general = true,
	.over = wsd_over,
	.n_over = ARRAY_SIZE(wsd_over),
	.state_size = sizeof(struct state),
	.probe = wsd_probe,
	.parse = wsd_parse,
	.code_text = wsd_code_text,
	.fields = wsd_fields,
	.n_fields = ARRAY_SIZE(wsd_fields),
};
