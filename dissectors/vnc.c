/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The remote framebuffer protocol of VNC (RFC 6143 7.1.1, 7.1.2): version and kinds of
 * authentication.
 *
 *	both: "RFB " major 3 "." minor 3 LF
 *	server, from 3.7 on: number 1 | security types; before: security type 4 */

#include "dissectors/banner.h"
#include "dissectors/text.h"

#include <stdio.h>

#define VERSION_SIZE 12
#define TYPES_MAX    16

#define VNC_FIELDS(X)                                                                           \
	X(VERSION, "version", STRING, 0, "Protocol version of the sender")                      \
	X(SECURITY, "security", STRING, FIELD_LIST | FIELD_ENUM,                                \
	  "How the server lets clients authenticate: none, vnc, tls, vencrypt, apple or other") \
	X(RISK, "risk", STRING, FIELD_LIST | FIELD_ENUM | FIELD_IDENTITY(RISK),                 \
	  "remote_desktop; no_authentication: the server asks for no password")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	VNC_FIELDS(X)
#undef X
};

static const struct field vnc_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.vnc." name, FIELD_##type, flags, NULL, meaning, NULL },
	VNC_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

enum { MESSAGE_VERSION, MESSAGE_SECURITY };

struct vnc_state {
	uint8_t minor; /* of the client, which decides */
	bool version_seen[2];
};

static void vnc_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s", code == MESSAGE_VERSION ? "version" : "security");
}

/* "RFB 003.008", with the minor version; false for anything else. */
static bool read_version(struct cursor bytes, struct cursor *version, uint32_t *minor)
{
	uint32_t major;
	struct cursor look;

	if (!text_take(&bytes, "RFB ")) {
		return false;
	}
	*version = cur_sub(&bytes, 7);
	look = *version;
	return cur_u8(&bytes) == '\n' && cur_ok(&bytes) && text_number(&look, &major) &&
	       text_take(&look, ".") && text_number(&look, minor) && cur_left(&look) == 0;
}

static enum claim vnc_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor version;
	uint32_t minor;

	(void)usual_port;
	(void)sender;
	return cur_left(&bytes) == VERSION_SIZE && read_version(bytes, &version, &minor) ? CLAIM_YES
											 : CLAIM_NO;
}

static struct framing vnc_frame(const struct dissection *d, struct cursor bytes)
{
	const struct vnc_state *state = d->state;
	size_t n;

	if (!state->version_seen[d->side]) {
		n = VERSION_SIZE;
	} else if (d->from_client || !state->version_seen[d->side ^ 1U]) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	} else {
		n = state->minor < 7 ? 4 : 1U + cur_u8(&bytes);
		return (struct framing) { FRAMING_PDU, n };
	}
	return (struct framing) { FRAMING_PDU, n };
}

static size_t vnc_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

static bool version(struct dissection *d, struct cursor pdu)
{
	static const char *const risks[] = { "remote_desktop" };
	struct vnc_state *state = d->state;
	struct cursor text;
	uint32_t minor;

	if (!read_version(pdu, &text, &minor)) {
		return false;
	}
	state->version_seen[d->side] = true;
	dissect_count(d, d->from_client ? MESSAGE_REQUEST : MESSAGE_RESPONSE, MESSAGE_VERSION);
	banner_begin(d, "version");
	banner_put(d, PUT(VERSION), text);
	if (!d->from_client) {
		record_put_statics(d->writer, PUT(RISK), risks, ARRAY_SIZE(risks));
	}
	record_commit(d->writer);
	if (d->from_client) {
		state->minor = (uint8_t)size_min(minor, 99);
		dissect_enough(d);
	}
	return true;
}

/* RFC 6143 7.1.2 and IANA's registry of security types. */
static const char *security_name(uint32_t type)
{
	return type == 1    ? "none"
	       : type == 2  ? "vnc"
	       : type == 18 ? "tls"
	       : type == 19 ? "vencrypt"
	       : type == 30 ? "apple"
			    : "other";
}

static void security(struct dissection *d, struct cursor pdu)
{
	static const char *const risks[] = { "no_authentication" };
	const struct vnc_state *state = d->state;
	const char *names[TYPES_MAX];
	bool open = false;
	size_t n = 0;

	dissect_count(d, MESSAGE_RESPONSE, MESSAGE_SECURITY);
	dissect_enough(d);
	cur_skip(&pdu, state->minor < 7 ? 3 : 1);
	while (cur_left(&pdu) > 0 && n < TYPES_MAX) {
		uint8_t type = cur_u8(&pdu);

		open = open || type == 1;
		names[n++] = security_name(type);
	}
	banner_begin(d, "security");
	record_put_statics(d->writer, PUT(SECURITY), names, n);
	if (open) {
		record_put_statics(d->writer, PUT(RISK), risks, ARRAY_SIZE(risks));
	}
	record_commit(d->writer);
}

static enum parsed vnc_parse(struct dissection *d, struct cursor pdu)
{
	const struct vnc_state *state = d->state;

	if (!state->version_seen[d->side]) {
		return version(d, pdu) ? PARSED : PARSED_NOT_MINE;
	}
	security(d, pdu);
	return PARSED;
}

static const struct over vnc_over[] = {
	{ OVER_TCP, NULL, 5900 },
	{ OVER_TCP, NULL, 5901 },
	{ OVER_TCP, NULL, 0 },
};

const struct dissector dissector_vnc = {
	.name = "vnc",
	.title = "Remote Framebuffer Protocol of VNC, first messages (RFC 6143)",
	.general = true,
	.glance = true,
	.over = vnc_over,
	.n_over = ARRAY_SIZE(vnc_over),
	.state_size = sizeof(struct vnc_state),
	.pdu_max = 512,
	.probe = vnc_probe,
	.frame = vnc_frame,
	.resync = vnc_resync,
	.parse = vnc_parse,
	.code_text = vnc_code_text,
	.fields = vnc_fields,
	.n_fields = ARRAY_SIZE(vnc_fields),
};
