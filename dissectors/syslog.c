/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Syslog: BSD's (RFC 3164) and the protocol of RFC 5424; in UDP (RFC 5426) and in TCP (RFC 6587:
 * with a length before each message, or with a line end behind it).
 *
 *	<PRI>Mmm dd hh:mm:ss HOST TAG[pid]: text
 *	<PRI>1 TIME HOST APP PROCID MSGID ...
 *
 * The head alone is read. A record says who logs: when host, application or severity is another
 * than lately, and once a minute. The sender may only pass on what others say, so its name is a
 * hint. */

#include "capture/base/hash.h"
#include "dissectors/dissector.h"
#include "dissectors/news.h"

#include <ctype.h>
#include <stdio.h>

#define PORT          514
#define MESSAGE_MAX   8192
#define PRIORITY_MAX  191 /* facility 23, severity 7 */
#define LENGTH_DIGITS 5
#define WORD_MAX      256

#define SYSLOG_FIELDS(X)                                                                           \
	X(FACILITY, "facility", STRING, FIELD_ENUM, "Part of the system that logs: kern, user...") \
	X(SEVERITY, "severity", STRING, FIELD_ENUM, "emergency, alert, critical, error...")        \
	X(HOST, "host_name", STRING, FIELD_IDENTITY(HOST_NAME) | FIELD_HINT,                       \
	  "Host that the message names as its origin")                                             \
	X(DOMAIN, "domain_name", STRING, FIELD_IDENTITY(DOMAIN_NAME) | FIELD_HINT,                 \
	  "The same, where it is fully qualified")                                                 \
	X(HOST_ADDRESS, "host_address", IP, 0, "The same, where it is an address")                 \
	X(APPLICATION, "application", STRING, 0, "Program that logs")                              \
	X(FORMAT, "format", STRING, FIELD_ENUM, "rfc3164 or rfc5424")

enum {
#define X(id, name, type, flags, meaning) SYSLOG_##id,
	SYSLOG_FIELDS(X)
#undef X
};

static const struct field syslog_fields[] = {
#define X(id, name, type, flags, meaning) \
	[SYSLOG_##id] = { "weir.syslog." name, FIELD_##type, flags, NULL, meaning, NULL },
	SYSLOG_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(SYSLOG_##id)

static const char *const facilities[] = {
	"kern",   "user",   "mail",     "daemon", "auth",   "syslog", "lpr",    "news",
	"uucp",   "cron",   "authpriv", "ftp",    "ntp",    "audit",  "alert",  "clock",
	"local0", "local1", "local2",   "local3", "local4", "local5", "local6", "local7",
};

static const char *const severities[] = { "emergency", "alert",  "critical",      "error",
					  "warning",   "notice", "informational", "debug" };

struct syslog_state {
	struct news said;
};

struct head {
	unsigned priority;
	bool rfc5424;
	char host[WORD_MAX], application[WORD_MAX];
};

/* ---- reading ---- */

/* <0> to <191>; false when it is none. */
static bool read_priority(struct cursor *c, unsigned *out)
{
	unsigned digits = 0;

	*out = 0;
	if (cur_u8(c) != '<') {
		return false;
	}
	for (uint8_t byte = cur_u8(c); byte != '>'; byte = cur_u8(c)) {
		if (!isdigit(byte) || ++digits > 3) {
			return false;
		}
		*out = *out * 10 + byte - '0';
	}
	return cur_ok(c) && digits > 0 && *out <= PRIORITY_MAX;
}

/* The next word, up to a blank, which is skipped, or one of these characters, which is not. Empty
 * at the end, or when it is longer than any. */
static void read_word(struct cursor *c, const char *ends, char *out, size_t size)
{
	struct cursor look = *c;
	size_t n = 0;

	out[0] = '\0';
	while (cur_left(&look) > 0) {
		uint8_t byte = cur_u8(&look);

		if (byte == ' ' || byte == '\0' || byte == '\n' || strchr(ends, byte) != NULL) {
			break;
		}
		if (byte < ' ' || byte >= 0x7f || n + 1 >= size) {
			n = 0;
			break;
		}
		out[n++] = (char)byte;
	}
	out[n] = '\0';
	cur_skip(c, n);
	look = *c;
	if (cur_left(&look) > 0 && cur_u8(&look) == ' ') {
		*c = look;
	}
}

/* RFC 3164 4.1.2: "Mmm dd hh:mm:ss ", a blank before a day of one digit. */
static bool read_bsd_time(struct cursor *c)
{
	static const char pattern[] = "Aaa d0 00:00:00 ";
	struct cursor look = *c;

	for (size_t i = 0; pattern[i] != '\0'; i++) {
		uint8_t byte = cur_u8(&look);
		bool fits = pattern[i] == 'A'   ? isupper(byte)
			    : pattern[i] == 'a' ? islower(byte)
			    : pattern[i] == 'd' ? isdigit(byte) || byte == ' '
			    : pattern[i] == '0' ? isdigit(byte)
						: byte == (uint8_t)pattern[i];

		if (!fits) {
			return false;
		}
	}
	*c = look;
	return true;
}

/* False when it is no message. Without a time and a host (which some leave out) it still is. */
static bool read_head(struct cursor *c, struct head *h)
{
	struct cursor look;
	char word[WORD_MAX];

	h->host[0] = h->application[0] = '\0';
	h->rfc5424 = false;
	if (!read_priority(c, &h->priority)) {
		return false;
	}
	look = *c;
	read_word(&look, "", word, sizeof(word));
	h->rfc5424 = strcmp(word, "1") == 0;
	if (h->rfc5424) {
		read_word(&look, "", word, sizeof(word));
		read_word(&look, "", h->host, sizeof(h->host));
		read_word(&look, "", h->application, sizeof(h->application));
	} else if (read_bsd_time(c)) {
		read_word(c, "", h->host, sizeof(h->host));
		read_word(c, ":[", h->application, sizeof(h->application));
	}
	return true;
}

/* RFC 6587 3.4.1: the digits of a length and a blank; 0 when there are none. */
static size_t read_count(struct cursor *c)
{
	struct cursor look = *c;
	size_t length = 0;

	for (unsigned i = 0; i <= LENGTH_DIGITS && cur_left(&look) > 0; i++) {
		uint8_t byte = cur_u8(&look);

		if (byte == ' ' && i > 0) {
			*c = look;
			return length;
		}
		if (!isdigit(byte) || (i == 0 && byte == '0')) {
			return 0;
		}
		length = length * 10 + byte - '0';
	}
	return 0;
}

static enum claim syslog_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor look = bytes;
	bool counts = isdigit(cur_u8(&look)) && cur_left(&look) < LENGTH_DIGITS;
	unsigned priority;

	if (!usual_port) {
		return CLAIM_NO;
	}
	(void)read_count(&bytes);
	if (!read_priority(&bytes, &priority)) {
		/* They may have ended before it did. */
		return counts || !cur_ok(&bytes) ? CLAIM_MORE : CLAIM_NO;
	}
	*sender = SENDER_CLIENT;
	return CLAIM_YES;
}

static struct framing syslog_frame(const struct dissection *d, struct cursor bytes)
{
	size_t n = cur_left(&bytes), length;
	struct cursor look = bytes;
	uint8_t first = cur_u8(&look);

	(void)d;
	if (isdigit(first)) {
		length = read_count(&bytes);
		if (length == 0 || length > MESSAGE_MAX) {
			return (struct framing) { n > LENGTH_DIGITS ? FRAMING_NOT_MINE
								    : FRAMING_MORE,
						  0 };
		}
		return (struct framing) { FRAMING_PDU, n - cur_left(&bytes) + length };
	}
	if (first != '<') {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	while (cur_left(&bytes) > 0) {
		uint8_t byte = cur_u8(&bytes);

		if (byte == '\n' || byte == '\0') {
			return (struct framing) { FRAMING_PDU, n - cur_left(&bytes) };
		}
	}
	return (struct framing) { FRAMING_MORE, n + 1 };
}

/* Behind the next line end, or where a priority begins. */
static size_t syslog_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	size_t n = cur_left(&bytes);
	unsigned priority;

	(void)d;
	cur_skip(&bytes, from);
	for (size_t skip = from; skip < n; skip++) {
		struct cursor look = bytes;

		if (read_priority(&look, &priority)) {
			return skip;
		}
		cur_skip(&bytes, 1);
	}
	return n;
}

/* ---- reporting ---- */

static bool is_due(struct dissection *d, const struct head *h)
{
	struct syslog_state *state = d->state;
	uint64_t seed = hash_bytes(h->application, strlen(h->application), h->priority);

	return news_is_topic(&state->said, hash_bytes(h->host, strlen(h->host), seed),
			     d->packet->time);
}

static void put_host(struct dissection *d, const char *host)
{
	struct ip ip;

	if (host[0] == '\0' || strcmp(host, "-") == 0) {
		return;
	}
	if (ip_parse(host, &ip) == 0) {
		record_put_ip(d->writer, PUT(HOST_ADDRESS), &ip);
	} else {
		record_put_text(d->writer, strchr(host, '.') != NULL ? PUT(DOMAIN) : PUT(HOST),
				host);
	}
}

static enum parsed syslog_parse(struct dissection *d, struct cursor pdu)
{
	struct record *record;
	struct head h;

	if (d->stream) {
		(void)read_count(&pdu);
	}
	if (!read_head(&pdu, &h)) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, MESSAGE_USERDATA, h.priority % ARRAY_SIZE(severities));
	dissect_sender(d, SENDER_CLIENT);
	if (!is_due(d, &h)) {
		return PARSED;
	}
	record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);
	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, "log");
	record_put_static(d->writer, PUT(FORMAT), h.rfc5424 ? "rfc5424" : "rfc3164");
	record_put_static(d->writer, PUT(FACILITY),
			  facilities[h.priority / ARRAY_SIZE(severities)]);
	record_put_static(d->writer, PUT(SEVERITY),
			  severities[h.priority % ARRAY_SIZE(severities)]);
	put_host(d, h.host);
	if (h.application[0] != '\0' && strcmp(h.application, "-") != 0) {
		record_put_text(d->writer, PUT(APPLICATION), h.application);
	}
	dissect_about_sender(d, false);
	record_commit(d->writer);
	return PARSED;
}

static void syslog_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s", code < ARRAY_SIZE(severities) ? severities[code] : "?");
}

static const struct over syslog_over[] = {
	{ OVER_UDP, NULL, PORT },
	{ OVER_TCP, NULL, PORT },
};

const struct dissector dissector_syslog = {
	.name = "syslog",
	.title = "Syslog (RFC 3164, RFC 5424)",
	.general = true,
	.pdu_max = MESSAGE_MAX + LENGTH_DIGITS + 1,
	.over = syslog_over,
	.n_over = ARRAY_SIZE(syslog_over),
	.state_size = sizeof(struct syslog_state),
	.probe = syslog_probe,
	.frame = syslog_frame,
	.resync = syslog_resync,
	.parse = syslog_parse,
	.code_text = syslog_code_text,
	.fields = syslog_fields,
	.n_fields = ARRAY_SIZE(syslog_fields),
};
