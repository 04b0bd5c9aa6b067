/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* HTTP/1 (RFC 9110, RFC 9112): a look at the first messages of a connection, for what clients and
 * servers say of their software.
 *
 *	request:  method SP target SP version CRLF  *(name ":" value CRLF)  CRLF  [body]
 *	response: version SP status SP reason CRLF  *(name ":" value CRLF)  CRLF  [body]
 *
 * Bodies are passed over as they come (RFC 9112 6: Content-Length, chunked, or to the end), but for
 * the title of a home page, where the web servers of controllers name themselves. */

#include "dissectors/banner.h"
#include "dissectors/text.h"

#include <stdio.h>

#define HEAD_MAX     16384
#define MESSAGES_MAX 4       /* of each side */
#define BODY_MAX     1048576 /* a longer one ends the look */
#define CHUNK_LINE   64
#define TITLE_AREA   2048 /* of a page, in which its title stands */
#define TO_THE_END   UINT32_MAX

#define STATUS_SWITCHING 101

#define HTTP_FIELDS(X)                                                                       \
	X(METHOD, "http.request.method", STRING, 0, "Method of the request")                 \
	X(VERSION, "http.version", STRING, FIELD_ENUM, "1.0 or 1.1, of the request")         \
	X(PATH, "url.path", STRING, 0, "What is asked for, without its query")               \
	X(DOMAIN, "url.domain", STRING, FIELD_IDENTITY(DOMAIN_NAME) | FIELD_HINT,            \
	  "Name with a domain by which the client calls the server")                         \
	X(HOST, "weir.http.host", STRING, FIELD_IDENTITY(HOST_NAME) | FIELD_HINT,            \
	  "The same, without a domain")                                                      \
	X(AGENT, "user_agent.original", STRING, FIELD_IDENTITY(SOFTWARE) | FIELD_HINT,       \
	  "Software of the client, in its own words")                                        \
	X(AGENT_SYSTEM, "weir.http.client_system", STRING,                                   \
	  FIELD_IDENTITY(OPERATING_SYSTEM) | FIELD_HINT,                                     \
	  "Operating system that the client's words name")                                   \
	X(USER, "weir.http.user", STRING, FIELD_IDENTITY(USER),                              \
	  "User name that the client gives in clear; its password is not kept")              \
	X(AUTHENTICATION, "weir.http.authentication", STRING, FIELD_ENUM,                    \
	  "How the client authenticates: basic, digest, bearer, ntlm, negotiate or other")   \
	X(RISK, "weir.http.risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK),                 \
	  "clear_text_password: the server takes passwords that anybody can read")           \
	X(STATUS, "http.response.status_code", UINT, 0, "Status of the response")            \
	X(SERVER, "weir.http.server", STRING, FIELD_IDENTITY(SOFTWARE) | FIELD_HINT,         \
	  "Software of the server, in its own words")                                        \
	X(SERVER_SYSTEM, "weir.http.system", STRING,                                         \
	  FIELD_IDENTITY(OPERATING_SYSTEM) | FIELD_HINT,                                     \
	  "Operating system that the server's words name")                                   \
	X(POWERED_BY, "weir.http.powered_by", STRING, FIELD_IDENTITY(SOFTWARE) | FIELD_HINT, \
	  "What makes the server's pages")                                                   \
	X(REALM, "weir.http.realm", STRING, FIELD_IDENTITY(DESCRIPTION) | FIELD_HINT,        \
	  "What the server calls itself when it asks for a password")                        \
	X(LOCATION, "weir.http.location", STRING, 0, "Where the server sends the client")    \
	X(TITLE, "weir.http.title", STRING, FIELD_IDENTITY(DESCRIPTION) | FIELD_HINT,        \
	  "Title of the server's home page")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	HTTP_FIELDS(X)
#undef X
};

static const struct field http_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { name, FIELD_##type, flags, NULL, meaning, NULL },
	HTTP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

enum body { BODY_NONE, BODY_LENGTH, BODY_CHUNK_LINE, BODY_CHUNK, BODY_TRAILER };

struct http_side {
	uint32_t left; /* bytes of the body or chunk; TO_THE_END */
	uint8_t messages, key, body;
	bool page; /* a home page is on its way whose title was not looked for */
};

struct http_state {
	struct http_side side[2];
	uint64_t page; /* transaction_record() of the home page */
	bool agent_told, user_told, done;
};

/* RFC 9110 9, RFC 5789, RFC 4918. */
enum { METHOD_GET, METHOD_HEAD, METHOD_OPTIONS = 5, METHOD_CONNECT = 7 };
static const char *const methods[] = {
	"GET",   "HEAD",     "POST",      "PUT",   "DELETE", "OPTIONS", "TRACE", "CONNECT",
	"PATCH", "PROPFIND", "PROPPATCH", "MKCOL", "COPY",   "MOVE",    "LOCK",  "UNLOCK",
};

static void http_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	if (class == MESSAGE_REQUEST && code < ARRAY_SIZE(methods)) {
		snprintf(out, size, "%s", methods[code]);
	} else {
		snprintf(out, size, "%u", (unsigned)code);
	}
}

/* ---- first lines ---- */

struct start {
	bool request;
	uint32_t code; /* index of the method, or the status */
	struct cursor target, version;
};

static bool read_version(struct cursor *text, struct cursor *version)
{
	if (!text_take(text, "HTTP/")) {
		return false;
	}
	*version = cur_sub_most(text, 3);
	return text_is(*version, "1.0") || text_is(*version, "1.1");
}

static bool read_status_line(struct cursor line, struct start *out)
{
	out->request = false;
	return read_version(&line, &out->version) && text_take(&line, " ") &&
	       text_number(&line, &out->code) && out->code >= 100 && out->code <= 599 &&
	       (cur_left(&line) == 0 || text_begins(line, " "));
}

static bool read_request_line(struct cursor line, struct start *out)
{
	struct cursor method = text_until(&line, ' ');

	out->request = true;
	out->target = text_until(&line, ' ');
	for (out->code = 0; out->code < ARRAY_SIZE(methods); out->code++) {
		/* Methods have a case (RFC 9110 9.1). */
		if (cur_equal(method, cur_of(methods[out->code], strlen(methods[out->code])))) {
			return cur_left(&out->target) > 0 && read_version(&line, &out->version) &&
			       cur_left(&line) == 0;
		}
	}
	return false;
}

static bool read_start(struct cursor line, struct start *out)
{
	return read_status_line(line, out) || read_request_line(line, out);
}

/* The first bytes of a line that may become one of ours. */
static bool may_begin(struct cursor bytes)
{
	struct cursor word = text_until(&bytes, ' '), version = cur_of("HTTP/1.", 7);
	size_t n = cur_left(&word), common = size_min(n, 7);

	for (size_t i = 0; i < ARRAY_SIZE(methods); i++) {
		struct cursor method = cur_of(methods[i], strlen(methods[i]));

		if (n > 0 && cur_equal(cur_sub_most(&method, n), word)) {
			return true;
		}
	}
	return n > 0 && cur_equal(cur_sub(&version, common), cur_sub(&word, common));
}

static enum claim http_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor line;
	struct start start;

	if (!text_line(&bytes, &line)) {
		return usual_port && may_begin(bytes) && cur_left(&bytes) < HEAD_MAX ? CLAIM_MORE
										     : CLAIM_NO;
	}
	if (!read_start(line, &start)) {
		return CLAIM_NO;
	}
	*sender = start.request ? SENDER_CLIENT : SENDER_SERVER;
	return CLAIM_YES;
}

/* ---- framing ---- */

/* Bytes up to and with the empty line; 0: it is not there. */
static size_t head_size(struct cursor bytes)
{
	size_t all = cur_left(&bytes);
	struct cursor line;

	while (text_line(&bytes, &line)) {
		if (cur_left(&line) == 0) {
			return all - cur_left(&bytes);
		}
	}
	return 0;
}

static struct framing frame_head(struct cursor bytes)
{
	struct cursor look = bytes, line;
	struct start start;
	size_t n;

	if (!text_line(&look, &line)) {
		return (struct framing) { may_begin(bytes) ? FRAMING_MORE : FRAMING_NOT_MINE, 0 };
	}
	if (!read_start(line, &start)) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	n = head_size(bytes);
	return (struct framing) { n > 0 ? FRAMING_PDU : FRAMING_MORE, n };
}

static struct framing http_frame(const struct dissection *d, struct cursor bytes)
{
	const struct http_state *state = d->state;
	const struct http_side *side = &state->side[d->side];
	size_t n;

	if (state->done) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	switch (side->body) {
	case BODY_LENGTH:
	case BODY_CHUNK:
		n = size_min(size_min(side->left, cur_left(&bytes)), HEAD_MAX);
		return (struct framing) { FRAMING_PDU, n };
	case BODY_CHUNK_LINE:
	case BODY_TRAILER:
		n = text_line_size(bytes);
		if (n == 0 && cur_left(&bytes) > CHUNK_LINE) {
			return (struct framing) { FRAMING_NOT_MINE, 0 };
		}
		return (struct framing) { n > 0 ? FRAMING_PDU : FRAMING_MORE, n };
	default:
		return frame_head(bytes);
	}
}

static size_t http_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

/* ---- heads ---- */

struct head {
	struct cursor host, agent, authorization, server, powered_by, challenge, location, type;
	uint32_t length;
	bool has_length, chunked, coded;
};

static void take_header(struct head *head, struct cursor name, struct cursor value)
{
	const struct {
		const char *name;
		struct cursor *value;
	} texts[] = {
		{ "host", &head->host },
		{ "user-agent", &head->agent },
		{ "authorization", &head->authorization },
		{ "server", &head->server },
		{ "x-powered-by", &head->powered_by },
		{ "www-authenticate", &head->challenge },
		{ "location", &head->location },
		{ "content-type", &head->type },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (text_is(name, texts[i].name) && cur_left(texts[i].value) == 0) {
			*texts[i].value = value;
			return;
		}
	}
	if (text_is(name, "content-length")) {
		head->has_length = text_number(&value, &head->length);
	} else if (text_is(name, "transfer-encoding")) {
		head->chunked = text_find(value, "chunked") != TEXT_NOT_FOUND;
	} else if (text_is(name, "content-encoding")) {
		head->coded = !text_is(value, "identity");
	}
}

static struct head read_head(struct cursor bytes)
{
	struct head head = { .has_length = false };
	struct cursor line;

	while (text_line(&bytes, &line) && cur_left(&line) > 0) {
		struct cursor name = text_until(&line, ':');

		take_header(&head, name, text_trim(line));
	}
	return head;
}

/* What follows the head (RFC 9112 6.3). */
static void begin_body(struct dissection *d, struct http_side *side, const struct head *head,
		       bool response, bool never)
{
	side->body = BODY_NONE;
	if (never) {
		return;
	}
	if (head->chunked) {
		side->body = BODY_CHUNK_LINE;
	} else if (head->has_length ? head->length > 0 : response) {
		side->body = BODY_LENGTH;
		side->left = head->has_length ? head->length : TO_THE_END;
	}
	if (side->body == BODY_LENGTH && side->left > BODY_MAX && !side->page) {
		dissect_enough(d);
	}
}

/* ---- requests ---- */

static const char *authentication_of(struct cursor value)
{
	static const char *const schemes[] = { "basic", "digest", "bearer", "ntlm", "negotiate" };
	struct cursor scheme = text_until(&value, ' ');

	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (text_is(scheme, schemes[i])) {
			return schemes[i];
		}
	}
	return "other";
}

static int base64_value(uint8_t c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c != 0 ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* The user name of basic credentials (RFC 7617 2), never what stands behind the colon. */
static size_t basic_user(struct cursor text, char *out, size_t size)
{
	uint32_t bits = 0;
	unsigned n_bits = 0;
	size_t n = 0;

	while (cur_left(&text) > 0 && n < size) {
		int value = base64_value(cur_u8(&text));

		if (value < 0) {
			return 0;
		}
		bits = (bits << 6 | (uint32_t)value) & 0xffff;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[n] = (char)(bits >> n_bits & 0xff);
			if (out[n] == ':') {
				return n;
			}
			n++;
		}
	}
	return 0;
}

/* The user name of digest credentials: username="..." (RFC 7616 3.4). */
static struct cursor quoted(struct cursor value, const char *name)
{
	size_t at = text_find(value, name);

	if (at == TEXT_NOT_FOUND) {
		return cur_of(NULL, 0);
	}
	cur_skip(&value, at + strlen(name));
	return text_take(&value, "\"") ? text_until(&value, '"') : text_until(&value, ',');
}

/* What the client says about itself, once a flow. */
static void tell_client(struct dissection *d, const struct head *head)
{
	struct http_state *state = d->state;
	struct cursor credentials = head->authorization, user = cur_of(NULL, 0);
	char name[64];

	if (text_take(&credentials, "basic ")) {
		user = cur_of(name, basic_user(text_trim(credentials), name, sizeof(name)));
	} else if (text_take(&credentials, "digest ")) {
		user = quoted(credentials, "username=");
	}
	if ((state->agent_told || !text_printable(head->agent)) &&
	    (state->user_told || !text_printable(user))) {
		return;
	}
	banner_beside(d, transaction_record(d), "user_agent");
	if (!state->agent_told && banner_put(d, PUT(AGENT), head->agent)) {
		banner_put_system(d, PUT(AGENT_SYSTEM), head->agent);
		state->agent_told = true;
	}
	if (!state->user_told && banner_put(d, PUT(USER), user)) {
		state->user_told = true;
	}
	record_commit(d->writer);
}

static void put_request(struct dissection *d, const struct start *start, const struct head *head)
{
	struct cursor path = start->target, host = head->host, name = host;

	record_put_static(d->writer, CORE_FUNCTION, "request");
	record_put_static(d->writer, PUT(METHOD), methods[start->code]);
	record_put_static(d->writer, PUT(VERSION), text_is(start->version, "1.1") ? "1.1" : "1.0");
	/* A query may hold what is secret. */
	banner_put(d, PUT(PATH), text_until(&path, '?'));
	name = text_until(&name, ':');
	banner_put_name(d, PUT(DOMAIN), PUT(HOST), name);
	if (cur_left(&head->authorization) > 0) {
		record_put_static(d->writer, PUT(AUTHENTICATION),
				  authentication_of(head->authorization));
	}
	if (text_begins(head->authorization, "basic ")) {
		record_put_static(d->writer, PUT(RISK), "clear_text_password");
		dissect_identity(d);
	}
}

/* Of a page at which one enters, the title names the server and not its content. */
static bool is_home(struct cursor target)
{
	struct cursor path = text_until(&target, '?');

	return text_is(path, "/") || text_begins(path, "/index.") ||
	       text_begins(path, "/default.") || text_begins(path, "/portal/portal.");
}

enum { NOTE_HEAD = 1, NOTE_CONNECT = 2, NOTE_HOME = 4 };

static void request(struct dissection *d, const struct start *start, struct cursor pdu)
{
	struct http_state *state = d->state;
	struct http_side *side = &state->side[d->side];
	struct head head = read_head(pdu);
	bool reads = start->code == METHOD_GET || start->code == METHOD_HEAD ||
		     start->code == METHOD_OPTIONS;

	dissect_sender(d, SENDER_CLIENT);
	dissect_count(d, MESSAGE_REQUEST, start->code);
	transaction_open(d, side->key++);
	transaction_note(d, (start->code == METHOD_HEAD ? NOTE_HEAD : 0U) |
				(start->code == METHOD_CONNECT ? NOTE_CONNECT : 0U) |
				(is_home(start->target) ? NOTE_HOME : 0U));
	put_request(d, start, &head);
	transaction_ask(d, reads ? OPERATION_READ : OPERATION_SESSION, false);
	tell_client(d, &head);
	begin_body(d, side, &head, false, false);
	if (++side->messages >= MESSAGES_MAX) {
		dissect_enough(d);
	}
}

/* ---- responses ---- */

static void put_response(struct dissection *d, const struct start *start, const struct head *head)
{
	record_put_uint(d->writer, PUT(STATUS), start->code);
	if (banner_put(d, PUT(SERVER), head->server)) {
		banner_put_system(d, PUT(SERVER_SYSTEM), head->server);
	}
	banner_put(d, PUT(POWERED_BY), head->powered_by);
	banner_put(d, PUT(REALM), quoted(head->challenge, "realm="));
	if (cur_left(&head->location) > 0) {
		struct cursor location = head->location;

		banner_put(d, PUT(LOCATION), text_until(&location, '?'));
	}
	dissect_identity(d);
}

static void response(struct dissection *d, const struct start *start, struct cursor pdu)
{
	struct http_state *state = d->state;
	struct http_side *side = &state->side[d->side];
	struct head head = read_head(pdu);
	bool fails = start->code >= 400;
	struct pending *asked;
	uint64_t note;

	dissect_sender(d, SENDER_SERVER);
	dissect_count(d, fails ? MESSAGE_EXCEPTION : MESSAGE_RESPONSE, start->code);
	/* The answer proper follows (RFC 9110 15.2). */
	if (start->code < 200 && start->code != STATUS_SWITCHING) {
		return;
	}
	asked = transaction_find(d, side->key);
	side->key = (uint8_t)(side->key + (asked != NULL));
	note = asked != NULL ? pending_note(asked) : 0;
	transaction_answer(d, asked, OPERATION_READ);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, "request");
	}
	put_response(d, start, &head);
	state->page = transaction_record(d);
	transaction_done(d, fails ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
	side->page = start->code == 200 && (note & NOTE_HOME) != 0 && !head.coded &&
		     (cur_left(&head.type) == 0 || text_find(head.type, "html") != TEXT_NOT_FOUND);
	/* Another protocol follows. */
	state->done = start->code == STATUS_SWITCHING || ((note & NOTE_CONNECT) != 0 && !fails);
	begin_body(d, side, &head, true,
		   (note & NOTE_HEAD) != 0 || start->code == 204 || start->code == 304);
	if (++side->messages >= MESSAGES_MAX && !side->page) {
		dissect_enough(d);
	}
}

/* ---- bodies ---- */

/* The title among the first bytes of a page. */
static void page(struct dissection *d, struct cursor bytes)
{
	struct http_state *state = d->state;
	struct cursor look = cur_sub_most(&bytes, TITLE_AREA), title;
	size_t at = text_find(look, "<title");

	if (at == TEXT_NOT_FOUND) {
		return;
	}
	cur_skip(&look, at);
	(void)text_until(&look, '>');
	at = text_find(look, "</title");
	if (at == TEXT_NOT_FOUND) {
		return;
	}
	title = text_trim(cur_sub(&look, at));
	if (text_printable(title)) {
		banner_beside(d, state->page, "title");
		banner_put(d, PUT(TITLE), title);
		record_commit(d->writer);
	}
}

/* The line of a chunk: its size in hexadecimal digits, then perhaps extensions (RFC 9112 7.1). */
static void chunk_line(struct dissection *d, struct http_side *side, struct cursor line)
{
	uint32_t size = 0;

	while (cur_left(&line) > 0 && size <= BODY_MAX) {
		uint8_t c = cur_u8(&line);
		uint8_t low = (uint8_t)(c | 0x20);

		if (c >= '0' && c <= '9') {
			size = size << 4 | (uint32_t)(c - '0');
		} else if (low >= 'a' && low <= 'f') {
			size = size << 4 | (uint32_t)(low - 'a' + 10);
		} else {
			break;
		}
	}
	side->body = size > 0 ? BODY_CHUNK : BODY_TRAILER;
	side->left = size + 2; /* its line end */
	if (size > BODY_MAX) {
		dissect_enough(d);
	}
}

static void body(struct dissection *d, struct http_side *side, struct cursor pdu)
{
	struct cursor line = pdu;

	if (side->body == BODY_CHUNK_LINE) {
		chunk_line(d, side, pdu);
		return;
	}
	if (side->body == BODY_TRAILER) {
		side->body =
		    text_line(&pdu, &line) && cur_left(&line) > 0 ? BODY_TRAILER : BODY_NONE;
		return;
	}
	if (side->page) {
		side->page = false;
		page(d, pdu);
		if (side->messages >= MESSAGES_MAX) {
			dissect_enough(d);
		}
	}
	if (side->left > BODY_MAX) {
		dissect_enough(d);
		return;
	}
	side->left -= (uint32_t)cur_left(&pdu);
	if (side->left == 0) {
		side->body = side->body == BODY_CHUNK ? BODY_CHUNK_LINE : BODY_NONE;
	}
}

static enum parsed http_parse(struct dissection *d, struct cursor pdu)
{
	struct http_state *state = d->state;
	struct http_side *side = &state->side[d->side];
	struct cursor headers = pdu, line;
	struct start start;

	if (side->body != BODY_NONE) {
		body(d, side, pdu);
		return PARSED;
	}
	if (!text_line(&headers, &line) || !read_start(line, &start)) {
		return PARSED_NOT_MINE;
	}
	(start.request ? request : response)(d, &start, headers);
	return PARSED;
}

static const struct over http_over[] = {
	{ OVER_TCP, NULL, 80 },   { OVER_TCP, NULL, 8080 }, { OVER_TCP, NULL, 8000 },
	{ OVER_TCP, NULL, 8088 }, { OVER_TCP, NULL, 0 },
};

const struct dissector dissector_http = {
	.name = "http",
	.title = "Hypertext Transfer Protocol, first messages (RFC 9110, RFC 9112)",
	.general = true,
	.glance = true,
	.over = http_over,
	.n_over = ARRAY_SIZE(http_over),
	.state_size = sizeof(struct http_state),
	.pdu_max = HEAD_MAX,
	.probe = http_probe,
	.frame = http_frame,
	.resync = http_resync,
	.parse = http_parse,
	.code_text = http_code_text,
	.fields = http_fields,
	.n_fields = ARRAY_SIZE(http_fields),
};
