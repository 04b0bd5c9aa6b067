/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Telnet (RFC 854): the lines with which a server greets, behind the negotiation of options.
 *
 *	IAC (255) command, IAC (251 to 254) option, IAC SB (250) ... IAC SE (240): negotiation
 *	anything else: text
 *
 * What the user types is never kept. */

#include "dissectors/banner.h"
#include "dissectors/text.h"

#include <stdio.h>

#define BANNER_MAX 512
#define KEY_BANNER 1
#define OPTION_MAX 50 /* IANA's registry goes to 49, but for the extended list */

#define TELNET_FIELDS(X)                                                           \
	X(BANNER, "banner", STRING, FIELD_IDENTITY(DESCRIPTION) | FIELD_HINT,      \
	  "Lines with which the server greets")                                    \
	X(PROMPT, "prompt", STRING, 0, "What the server asks for first")           \
	X(SYSTEM, "system", STRING, FIELD_IDENTITY(OPERATING_SYSTEM) | FIELD_HINT, \
	  "Operating system that the greeting names")                              \
	X(NAME, "name", STRING, FIELD_IDENTITY(HOST_NAME) | FIELD_HINT,            \
	  "Name of the server that stands before its prompt")                      \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK), "telnet")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	TELNET_FIELDS(X)
#undef X
};

static const struct field telnet_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.telnet." name, FIELD_##type, flags, NULL, meaning, NULL },
	TELNET_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

enum command { SE = 240, SB = 250, WILL, WONT, DO, DONT, IAC };

struct telnet_side {
	uint8_t state; /* of the negotiation: 0 text, IAC, WILL (an option follows), SB, SE */
};

struct telnet_state {
	struct telnet_side side[2];
	bool told;
};

/* The text of a greeting, in memory of the flow. */
struct greeting {
	uint32_t length;
	char text[BANNER_MAX];
};

static void telnet_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	(void)code;
	snprintf(out, size, "banner");
}

/* Nothing but commands with an option, two of them at least. */
static bool negotiates(struct cursor bytes)
{
	unsigned n = 0;

	while (cur_left(&bytes) > 0) {
		uint8_t iac = cur_u8(&bytes), command = cur_u8(&bytes);

		if (iac != IAC || command < WILL || command > DONT || cur_u8(&bytes) > OPTION_MAX ||
		    !cur_ok(&bytes)) {
			return false;
		}
		n++;
	}
	return n >= 2;
}

static enum claim telnet_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	bool negotiation_only = negotiates(bytes);
	uint8_t first = cur_u8(&bytes), second = cur_u8(&bytes);
	bool negotiation = first == IAC && second >= SB;
	bool text = (first >= 0x20 && first < 0x7f) || first == '\r' || first == '\n';

	(void)sender;
	return negotiation_only || (usual_port && (negotiation || text)) ? CLAIM_YES : CLAIM_NO;
}

static struct framing telnet_frame(const struct dissection *d, struct cursor bytes)
{
	const struct telnet_state *state = d->state;

	return (struct framing) { state->told ? FRAMING_NOT_MINE : FRAMING_PDU,
				  size_min(cur_left(&bytes), BANNER_MAX) };
}

static size_t telnet_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

/* Whether this byte is text, not negotiation. */
static bool is_text(struct telnet_side *side, uint8_t byte)
{
	switch (side->state) {
	case 0:
		side->state = byte == IAC ? IAC : 0;
		return byte != IAC && byte != 0;
	case IAC:
		side->state = byte == SB ? SB : byte >= WILL && byte <= DONT ? WILL : 0;
		return false;
	case SB:
		side->state = byte == IAC ? SE : SB;
		return false;
	case SE:
		side->state = byte == SE ? 0 : SB;
		return false;
	default:
		side->state = 0;
		return false;
	}
}

/* What a login prompt ends with. */
static bool is_prompt(struct cursor text)
{
	static const char *const words[] = { "login:",    "username:", "user name:", "user:",
					     "password:", "user id:",  "account:" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t n = cur_left(&text), w = strlen(words[i]);
		struct cursor end = text;

		cur_skip(&end, n >= w ? n - w : 0);
		if (text_is(end, words[i])) {
			return true;
		}
	}
	return false;
}

/* The lines of a greeting as one, without what controls a terminal. */
static size_t flatten(struct cursor text, char *out, size_t size)
{
	size_t n = 0;
	bool blank = false, escape = false;

	while (cur_left(&text) > 0 && n + 2 < size) {
		uint8_t c = cur_u8(&text);

		/* ECMA-48 5.4: a control sequence ends with a letter. */
		if (escape || c == 0x1b) {
			escape = c == 0x1b || !((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
			continue;
		}
		if (c <= 0x20 || c == 0x7f) {
			blank = n > 0;
			continue;
		}
		if (blank) {
			out[n++] = ' ';
		}
		blank = false;
		out[n++] = (char)c;
	}
	return n;
}

/* "name login:": the name, if it is one word. */
static void put_name(struct dissection *d, struct cursor prompt)
{
	struct cursor name = text_until(&prompt, ' ');

	if (text_is(text_trim(prompt), "login:") && text_find(name, ":") == TEXT_NOT_FOUND) {
		banner_put(d, PUT(NAME), name);
	}
}

static void tell(struct dissection *d)
{
	struct telnet_state *state = d->state;
	const struct greeting *greeting = dissect_memory_find(d, KEY_BANNER);
	struct cursor all, lines, prompt, line;
	char flat[RECORD_STRING_MAX];

	state->told = true;
	if (greeting == NULL) {
		return;
	}
	all = cur_of(greeting->text, greeting->length);
	prompt = all;
	while (text_line(&prompt, &line)) {
	}
	lines = cur_sub(&all, cur_left(&all) - cur_left(&prompt));
	prompt = text_trim(prompt);
	dissect_count(d, MESSAGE_RESPONSE, 0);
	banner_begin(d, "banner");
	banner_put(d, PUT(BANNER), cur_of(flat, flatten(lines, flat, sizeof(flat))));
	banner_put(d, PUT(PROMPT), cur_of(flat, flatten(prompt, flat, sizeof(flat))));
	banner_put_system(d, PUT(SYSTEM), cur_of(greeting->text, greeting->length));
	put_name(d, prompt);
	record_put_static(d->writer, PUT(RISK), "telnet");
	record_commit(d->writer);
	dissect_memory_end(d, KEY_BANNER);
}

/* Until the prompt, or until there is more than a greeting. */
static void greet(struct dissection *d, struct cursor pdu)
{
	struct telnet_state *state = d->state;
	struct greeting *greeting = dissect_memory(d, KEY_BANNER, sizeof(*greeting));

	if (greeting == NULL) {
		dissect_enough(d);
		return;
	}
	while (cur_left(&pdu) > 0) {
		uint8_t byte = cur_u8(&pdu);

		if (is_text(&state->side[d->side], byte) && greeting->length < BANNER_MAX) {
			greeting->text[greeting->length++] = (char)byte;
		}
	}
	if (greeting->length == BANNER_MAX ||
	    is_prompt(text_trim(cur_of(greeting->text, greeting->length)))) {
		tell(d);
		dissect_enough(d);
	}
}

/* The server's side of the flow, whoever's bytes are at work. */
static void tell_for_server(struct dissection *d)
{
	struct dissection server = *d;

	server.side = d->flow->client ^ 1U;
	server.from_client = false;
	tell(&server);
}

static enum parsed telnet_parse(struct dissection *d, struct cursor pdu)
{
	struct telnet_state *state = d->state;
	bool typed = false;

	if (!d->from_client) {
		greet(d, pdu);
		return PARSED;
	}
	while (cur_left(&pdu) > 0) {
		typed = is_text(&state->side[d->side], cur_u8(&pdu)) || typed;
	}
	/* Somebody types: the greeting is over. */
	if (typed) {
		tell_for_server(d);
		dissect_enough(d);
	}
	return PARSED;
}

static void telnet_expire(struct dissection *d)
{
	const struct telnet_state *state = d->state;

	if (!state->told) {
		tell_for_server(d);
	}
}

static const struct over telnet_over[] = {
	{ OVER_TCP, NULL, 23 },
	{ OVER_TCP, NULL, 2323 },
	{ OVER_TCP, NULL, 0 },
};

const struct dissector dissector_telnet = {
	.name = "telnet",
	.title = "Telnet, greeting (RFC 854)",
	.general = true,
	.glance = true,
	.over = telnet_over,
	.n_over = ARRAY_SIZE(telnet_over),
	.state_size = sizeof(struct telnet_state),
	.pdu_max = BANNER_MAX,
	.probe = telnet_probe,
	.frame = telnet_frame,
	.resync = telnet_resync,
	.parse = telnet_parse,
	.expire = telnet_expire,
	.code_text = telnet_code_text,
	.fields = telnet_fields,
	.n_fields = ARRAY_SIZE(telnet_fields),
};
