/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Simple Service Discovery Protocol (UPnP Device Architecture 2.0, 1.2 and 1.3): headers as in HTTP
 * in one datagram.
 *
 *	NOTIFY * HTTP/1.1      to all: a device or service is there (NT, USN, SERVER, LOCATION)
 *	M-SEARCH * HTTP/1.1    to all: who is a ... (ST)?
 *	HTTP/1.1 200 OK        to the one who asked, from any port (ST, USN, SERVER, LOCATION) */

#include "dissectors/dissector.h"
#include "dissectors/news.h"
#include "dissectors/text.h"

#include <stdio.h>

#define PORT      1900
#define LINES_MAX 64

#define SSDP_FIELDS(X)                                                                            \
	X(NOTIFICATION, "notification", STRING, 0, "alive, byebye or update")                     \
	X(SEARCH, "search_target", STRING, 0, "What is looked for")                               \
	X(SERVICE, "service", STRING, FIELD_IDENTITY(SERVICE), "Device or service that is there") \
	X(USN, "usn", STRING, 0, "Unique name of the device and service")                         \
	X(SERVER, "server", STRING, FIELD_IDENTITY(SOFTWARE), "System and product, as it says")   \
	X(USER_AGENT, "user_agent", STRING, FIELD_IDENTITY(SOFTWARE), "Program that looks")       \
	X(LOCATION, "location", STRING, 0, "Where its description is")                            \
	X(DUTY, "duty", STRING, FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY),                 \
	  "What the device does")

enum ssdp_field {
#define X(id, name, type, flags, meaning) SSDP_##id,
	SSDP_FIELDS(X)
#undef X
};

static const struct field ssdp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[SSDP_##id] = { "weir.ssdp." name, FIELD_##type, flags, NULL, meaning, NULL },
	SSDP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(SSDP_##id)

enum kind { KIND_NONE, KIND_SEARCH, KIND_RESPONSE, KIND_NOTIFY, KINDS };

static const struct {
	const char *line, *function;
	enum message_class class;
	enum operation operation;
} kinds[KINDS] = {
	[KIND_SEARCH] = { "M-SEARCH * HTTP/1.", "search", MESSAGE_REQUEST, OPERATION_READ },
	[KIND_RESPONSE] = { "HTTP/1.1 200 OK", "response", MESSAGE_RESPONSE, OPERATION_REPORT },
	[KIND_NOTIFY] = { "NOTIFY * HTTP/1.", "notify", MESSAGE_USERDATA, OPERATION_REPORT },
};

struct state {
	struct news said;
};

static enum kind kind_of(struct cursor bytes)
{
	for (enum kind kind = KIND_SEARCH; kind < KINDS; kind++) {
		if (text_begins(bytes, kinds[kind].line)) {
			return kind;
		}
	}
	return KIND_NONE;
}

/* The value of the first header with this name. */
static bool find_header(struct cursor text, const char *name, struct cursor *out)
{
	struct cursor line;

	for (unsigned i = 0; i < LINES_MAX && text_next_line(&text, &line); i++) {
		struct cursor key = text_until(&line, ':');

		if (text_is(text_trim(key), name)) {
			*out = text_trim(line);
			return cur_left(out) > 0;
		}
	}
	return false;
}

static enum claim ssdp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	enum kind kind = kind_of(bytes);
	struct cursor usn;

	if (kind == KIND_NONE ||
	    (!usual_port && (kind != KIND_RESPONSE || !find_header(bytes, "ST", &usn) ||
			     !find_header(bytes, "USN", &usn)))) {
		return CLAIM_NO;
	}
	*sender = kind == KIND_RESPONSE ? SENDER_SERVER : SENDER_CLIENT;
	return CLAIM_YES;
}

/* ---- records ---- */

static void put_header(struct dissection *d, struct cursor pdu, const char *name,
		       enum ssdp_field field)
{
	struct cursor value;

	if (find_header(pdu, name, &value)) {
		record_put_bytes(d->writer, FIELD_LOCAL(field), value);
	}
}

/* What names a device or service by its type. A unique name, or that there is a device at all, says
 * nothing of what it does. */
static bool is_type(struct cursor target)
{
	return text_begins(target, "urn:");
}

static void put_service(struct dissection *d, struct cursor pdu, const char *header)
{
	struct cursor target;

	if (!find_header(pdu, header, &target) || !is_type(target)) {
		return;
	}
	record_put_bytes(d->writer, PUT(SERVICE), target);
	if (text_begins(target, "urn:schemas-upnp-org:device:InternetGatewayDevice:")) {
		record_put_static(d->writer, PUT(DUTY), "router");
	}
}

static void put_message(struct dissection *d, struct cursor pdu, enum kind kind)
{
	struct cursor notification;

	record_put_static(d->writer, CORE_FUNCTION, kinds[kind].function);
	if (kind == KIND_SEARCH) {
		put_header(d, pdu, "ST", SSDP_SEARCH);
		put_header(d, pdu, "USER-AGENT", SSDP_USER_AGENT);
		return;
	}
	if (find_header(pdu, "NTS", &notification)) {
		(void)text_until(&notification, ':');
		record_put_bytes(d->writer, PUT(NOTIFICATION), notification);
	}
	put_service(d, pdu, kind == KIND_NOTIFY ? "NT" : "ST");
	put_header(d, pdu, "USN", SSDP_USN);
	put_header(d, pdu, "SERVER", SSDP_SERVER);
	put_header(d, pdu, "LOCATION", SSDP_LOCATION);
}

static void ssdp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s", code < KINDS && code > 0 ? kinds[code].function : "unknown");
}

static enum parsed ssdp_parse(struct dissection *d, struct cursor pdu)
{
	enum kind kind = kind_of(pdu);
	struct state *state = d->state;

	if (kind == KIND_NONE) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, kinds[kind].class, kind);
	dissect_sender(d, kind == KIND_RESPONSE ? SENDER_SERVER : SENDER_CLIENT);
	if (!news_is(&state->said, pdu, d->side, d->packet->time)) {
		return PARSED;
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, kinds[kind].operation);

	record->phase = PHASE_COMPLETE;
	record->outcome = kind == KIND_RESPONSE ? OUTCOME_SUCCESS : OUTCOME_UNKNOWN;
	put_message(d, pdu, kind);
	dissect_about_sender(d, false);
	record_commit(d->writer);
	return PARSED;
}

static const struct over ssdp_over[] = {
	{ OVER_UDP, NULL, PORT },
	{ OVER_UDP, NULL, 0 },
};

const struct dissector dissector_ssdp = {
	.name = "ssdp",
	.title = "Simple Service Discovery Protocol (UPnP Device Architecture 2.0)",
	.general = true,
	.over = ssdp_over,
	.n_over = ARRAY_SIZE(ssdp_over),
	.state_size = sizeof(struct state),
	.probe = ssdp_probe,
	.parse = ssdp_parse,
	.code_text = ssdp_code_text,
	.fields = ssdp_fields,
	.n_fields = ARRAY_SIZE(ssdp_fields),
};
