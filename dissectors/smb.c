/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* SMB (MS-CIFS, MS-SMB, MS-SMB2) over TCP, behind the header of the NetBIOS session service
 * (RFC 1002 4.3.1): a look at negotiation and session setup, in which Windows hosts and file
 * servers tell their names and versions.
 *
 *	NetBIOS: type 1 | length 3 (17 bits on port 139)
 *	SMB1:    0xff "SMB" | command 1 | status 4 | flags 1 | flags 2 | 12 | TID 2 | PID 2 | UID 2
 *| MID 2 | words 1 | ... | bytes 2 | ... SMB2:    0xfe "SMB" | size 2 | charge 2 | status 4 |
 *command 2 | credits 2 | flags 4 | next 4 | message id 8 | 4 | tree 4 | session 8 | signature 16 |
 *structure size 2 | ... */

#include "dissectors/banner.h"
#include "dissectors/ntlm.h"
#include "dissectors/text.h"

#include <stdio.h>

#define HEADER       4
#define MESSAGE_MAX  65536
#define MESSAGES_MAX 8 /* of each side */
#define NETBIOS_NAME 16

#define SMB_FIELDS(X)                                                                              \
	X(DIALECT, "dialect", STRING, 0, "Version of the protocol that the server chose")          \
	X(STATUS, "status", UINT, 0, "Status that the server gives (NTSTATUS)")                    \
	X(SIGNING, "signing", STRING, FIELD_ENUM, "Whether the server signs: enabled, required")   \
	X(SYSTEM, "system", STRING, FIELD_IDENTITY(OPERATING_SYSTEM),                              \
	  "Operating system of the sender, in its own words or as a version of Windows")           \
	X(LAN_MANAGER, "lan_manager", STRING, FIELD_IDENTITY(SOFTWARE) | FIELD_HINT,               \
	  "SMB software of the sender")                                                            \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), "NetBIOS name of the sender") \
	X(DOMAIN_NAME, "domain_name", STRING, FIELD_IDENTITY(DOMAIN_NAME),                         \
	  "DNS name of the sender")                                                                \
	X(GROUP_NAME, "group_name", STRING, FIELD_IDENTITY(GROUP_NAME),                            \
	  "Windows domain or workgroup that the server is in")                                     \
	X(DNS_DOMAIN, "dns_domain", STRING, 0, "DNS name of that domain")                          \
	X(USER, "user", STRING, FIELD_IDENTITY(USER), "Account that the client logs on with")      \
	X(USER_DOMAIN, "user_domain", STRING, 0, "Domain of that account")                         \
	X(CALLED, "called_name", STRING, FIELD_IDENTITY(HOST_NAME),                                \
	  "NetBIOS name that the client calls")                                                    \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK), "smb1: the server speaks it")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	SMB_FIELDS(X)
#undef X
};

static const struct field smb_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.smb." name, FIELD_##type, flags, NULL, meaning, NULL },
	SMB_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

struct smb_state {
	uint8_t messages[2];
	bool anonymous; /* so was the last logon: one with a name may follow */
	bool done;
};

enum netbios { SESSION_MESSAGE = 0, SESSION_REQUEST = 0x81, KEEPALIVE = 0x85 };

/* Counted codes: SMB1 commands as they are, those of SMB2 behind them, and of NetBIOS. */
enum { SMB1_NEGOTIATE = 0x72, SMB1_SETUP = 0x73 };
enum { SMB2_NEGOTIATE = 0, SMB2_SETUP = 1, SMB2 = 0x200, NETBIOS = 0x400 };
#define STATUS_MORE_PROCESSING 0xc0000016
enum { KEY_NEGOTIATE = 1, KEY_SETUP, KEY_CALL };

static void smb_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	snprintf(out, size, "%s.%u",
		 code >= NETBIOS ? "netbios"
		 : code >= SMB2  ? "smb2"
				 : "smb1",
		 (unsigned)(code & 0xff));
}

/* Magic of a message: 1, 2, or 0 for what is encrypted or no SMB. */
static unsigned smb_version(struct cursor bytes)
{
	uint32_t magic = cur_be32(&bytes);

	return magic == 0xff534d42 ? 1 : magic == 0xfe534d42 ? 2 : 0;
}

static enum claim smb_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	uint8_t type = cur_u8(&bytes);
	uint32_t length = cur_be24(&bytes);
	struct cursor look = bytes;
	bool response;

	if (!cur_ok(&bytes)) {
		return CLAIM_NO;
	}
	if (usual_port && type == SESSION_REQUEST && length == 68) {
		*sender = SENDER_CLIENT;
		return CLAIM_YES;
	}
	if (type != SESSION_MESSAGE || smb_version(bytes) == 0 || length < 32) {
		return CLAIM_NO;
	}
	/* Both headers say which way they go. */
	cur_skip(&look, smb_version(bytes) == 1 ? 9 : 16);
	response = smb_version(bytes) == 1 ? (cur_u8(&look) & 0x80) != 0 : (cur_u8(&look) & 1) != 0;
	if (!cur_ok(&look)) {
		return CLAIM_NO;
	}
	*sender = response ? SENDER_SERVER : SENDER_CLIENT;
	return CLAIM_YES;
}

static struct framing smb_frame(const struct dissection *d, struct cursor bytes)
{
	const struct smb_state *state = d->state;
	uint8_t type = cur_u8(&bytes);
	uint32_t length;

	if (state->done || (type != SESSION_MESSAGE && type < SESSION_REQUEST) ||
	    type > KEEPALIVE) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	length = cur_be24(&bytes);
	if (!cur_ok(&bytes)) {
		return (struct framing) { FRAMING_MORE, HEADER };
	}
	return (struct framing) { FRAMING_PDU, HEADER + (size_t)length };
}

static size_t smb_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

static void put_text(struct dissection *d, uint16_t field, const char *text)
{
	if (text[0] != '\0') {
		record_put_text(d->writer, field, text);
	}
}

/* ---- NetBIOS ---- */

/* RFC 1001 14.1: half a byte a letter, filled with spaces; the last byte is the kind of name. */
static bool read_netbios_name(struct cursor *bytes, char out[NETBIOS_NAME])
{
	uint8_t length = cur_u8(bytes);
	struct cursor letters = cur_sub(bytes, 32);
	size_t n = 0;

	cur_skip(bytes, 1);
	for (size_t i = 0; i < NETBIOS_NAME; i++) {
		uint8_t high = (uint8_t)(cur_u8(&letters) - 'A'),
			low = (uint8_t)(cur_u8(&letters) - 'A');

		if (high > 15 || low > 15) {
			return false;
		}
		out[i] = (char)(high << 4 | low);
		n = i < NETBIOS_NAME - 1 && out[i] > ' ' ? i + 1 : n;
	}
	out[n] = '\0';
	return length == 32 && n > 0;
}

static enum parsed session_request(struct dissection *d, struct cursor bytes)
{
	char called[NETBIOS_NAME], calling[NETBIOS_NAME];

	dissect_count(d, MESSAGE_REQUEST, NETBIOS | SESSION_REQUEST);
	if (!read_netbios_name(&bytes, called) || !read_netbios_name(&bytes, calling)) {
		return PARSED_MALFORMED;
	}
	transaction_open(d, KEY_CALL);
	record_put_static(d->writer, CORE_FUNCTION, "session_request");
	if (called[0] != '*') {
		record_put_text(d->writer, PUT(CALLED), called);
	}
	transaction_ask(d, OPERATION_SESSION, false);
	banner_beside(d, transaction_record(d), "session_request");
	record_put_text(d->writer, PUT(HOST_NAME), calling);
	record_commit(d->writer);
	return PARSED;
}

static void session_answer(struct dissection *d, uint8_t type)
{
	struct pending *asked = transaction_find(d, KEY_CALL);
	bool accepted = type == 0x82;

	dissect_count(d, accepted ? MESSAGE_RESPONSE : MESSAGE_EXCEPTION, NETBIOS | type);
	if (asked != NULL) {
		transaction_answer(d, asked, OPERATION_SESSION);
		if (accepted) {
			dissect_identity(d);
		}
		transaction_done(d, accepted ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
	}
}

/* ---- what both versions have ---- */

static void enough(struct dissection *d)
{
	struct smb_state *state = d->state;

	state->done = true;
	dissect_enough(d);
}

/* A logon succeeded, or something else than one came. */
static void enough_if_named(struct dissection *d)
{
	const struct smb_state *state = d->state;

	if (!state->anonymous) {
		enough(d);
	}
}

static void ask(struct dissection *d, uint64_t key, const char *function)
{
	transaction_open(d, key);
	record_put_static(d->writer, CORE_FUNCTION, function);
	transaction_ask(d, OPERATION_SESSION, false);
}

static void answer(struct dissection *d, uint64_t key, const char *function)
{
	struct pending *asked = transaction_find(d, key);

	transaction_answer(d, asked, OPERATION_SESSION);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, function);
	}
	dissect_identity(d);
}

static void put_windows(struct dissection *d, const char *version)
{
	char text[40];

	/* 6.1.0 is what Samba says of itself. */
	if (version[0] != '\0' && strcmp(version, "6.1.0") != 0) {
		snprintf(text, sizeof(text), "Windows %s", version);
		record_put_text(d->writer, PUT(SYSTEM), text);
	}
}

/* What a server's challenge says of it. */
static void put_challenge(struct dissection *d, struct cursor blob)
{
	struct ntlm ntlm;

	if (!ntlm_read(blob, &ntlm) || ntlm.message != NTLM_CHALLENGE) {
		return;
	}
	put_windows(d, ntlm.version);
	put_text(d, PUT(HOST_NAME), ntlm.computer);
	if (strchr(ntlm.dns_computer, '.') != NULL) {
		put_text(d, PUT(DOMAIN_NAME), ntlm.dns_computer);
	}
	/* Outside of a domain it is the computer's own name once more. */
	put_text(d, PUT(GROUP_NAME), strcmp(ntlm.domain, ntlm.computer) != 0 ? ntlm.domain : "");
	put_text(d, PUT(DNS_DOMAIN), ntlm.dns_domain);
}

/* What a client says of itself and its user. */
static void tell_client(struct dissection *d, struct cursor blob)
{
	struct smb_state *state = d->state;
	struct ntlm ntlm;

	if (!ntlm_read(blob, &ntlm) || ntlm.message == NTLM_CHALLENGE) {
		return;
	}
	state->anonymous = ntlm.message == NTLM_AUTHENTICATE && ntlm.user[0] == '\0';
	if (ntlm.user[0] == '\0' && ntlm.workstation[0] == '\0' && ntlm.version[0] == '\0') {
		return;
	}
	banner_beside(d, transaction_record(d), "session_setup");
	put_windows(d, ntlm.version);
	put_text(d, PUT(HOST_NAME), ntlm.workstation);
	put_text(d, PUT(USER), ntlm.user);
	put_text(d, PUT(USER_DOMAIN), ntlm.domain);
	record_commit(d->writer);
}

static void setup_answer(struct dissection *d, uint32_t status)
{
	bool goes_on = status == STATUS_MORE_PROCESSING;

	record_put_uint(d->writer, PUT(STATUS), status);
	transaction_done(d, status == 0 || goes_on ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
	if (status == 0) {
		enough_if_named(d);
	}
}

/* ---- SMB1 ---- */

struct smb1 {
	uint8_t command;
	uint32_t status;
	bool response, unicode;
	struct cursor words, bytes;
};

static bool read_smb1(struct cursor message, struct smb1 *out)
{
	uint8_t flags;

	cur_skip(&message, 4);
	out->command = cur_u8(&message);
	out->status = cur_le32(&message);
	flags = cur_u8(&message);
	out->response = (flags & 0x80) != 0;
	out->unicode = (cur_le16(&message) & 0x8000) != 0;
	cur_skip(&message, 20);
	out->words = cur_sub(&message, 2 * (size_t)cur_u8(&message));
	out->bytes = cur_sub(&message, cur_le16(&message));
	return cur_ok(&out->words) && cur_ok(&out->bytes);
}

/* Takes a text that ends with a zero. */
static void take_text(struct cursor *bytes, bool unicode, char *out, size_t size)
{
	struct cursor text = *bytes;
	size_t n = 0, width = unicode ? 2 : 1;

	while (cur_left(bytes) >= width && (unicode ? cur_le16(bytes) : cur_u8(bytes)) != 0) {
		n += width;
	}
	text = cur_sub(&text, n);
	if (unicode) {
		(void)text_from_utf16(text, out, size);
	} else {
		n = size_min(n, size - 1);
		cur_copy(&text, out, n);
		out[n] = '\0';
	}
}

/* MS-CIFS 2.2.4.53, MS-SMB 2.2.4.6: native system, LAN manager and domain are the last texts. In
 * Unicode they begin at an even offset from the header, which the count of words moves. */
static void put_native(struct dissection *d, struct cursor texts, bool unicode, bool group)
{
	char system[NTLM_NAME_SIZE], manager[NTLM_NAME_SIZE], domain[NTLM_NAME_SIZE];

	take_text(&texts, unicode, system, sizeof(system));
	take_text(&texts, unicode, manager, sizeof(manager));
	take_text(&texts, unicode, domain, sizeof(domain));
	put_text(d, PUT(SYSTEM), system);
	put_text(d, PUT(LAN_MANAGER), manager);
	put_text(d, PUT(GROUP_NAME), group ? domain : "");
}

/* The native texts behind a blob of n bytes: its end is even or odd. */
static struct cursor native_texts(const struct smb1 *m, size_t n)
{
	struct cursor texts = m->bytes;

	cur_skip(&texts, n);
	/* 32 of the header, 1, the words, 2: the bytes begin at an odd offset. */
	cur_skip(&texts, m->unicode && n % 2 == 0 ? 1 : 0);
	return texts;
}

static void smb1_negotiate(struct dissection *d, struct smb1 *m)
{
	uint16_t chosen;
	uint8_t mode;

	if (!m->response) {
		ask(d, KEY_NEGOTIATE, "negotiate");
		return;
	}
	chosen = cur_le16(&m->words);
	mode = cur_u8(&m->words);
	answer(d, KEY_NEGOTIATE, "negotiate");
	record_put_uint(d->writer, PUT(STATUS), m->status);
	if (m->status == 0 && chosen != 0xffff && cur_ok(&m->words)) {
		record_put_static(d->writer, PUT(DIALECT), "smb1");
		record_put_static(d->writer, PUT(RISK), "smb1");
		if ((mode & 0x0c) != 0) {
			record_put_static(d->writer, PUT(SIGNING),
					  (mode & 0x08) != 0 ? "required" : "enabled");
		}
	}
	transaction_done(d, m->status == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
}

/* A client's: 12 words with a blob, or 13 with the password's two proofs before user and domain. */
static void smb1_setup_request(struct dissection *d, struct smb1 *m)
{
	struct smb_state *state = d->state;
	bool extended = cur_left(&m->words) == 24;
	struct cursor words = m->words, blob = m->bytes, texts;
	char user[NTLM_NAME_SIZE], domain[NTLM_NAME_SIZE];
	size_t proofs;

	ask(d, KEY_SETUP, "session_setup");
	cur_skip(&words, 14);
	proofs = cur_le16(&words);
	if (extended) {
		blob = cur_sub_most(&blob, proofs);
		tell_client(d, blob);
		texts = native_texts(m, proofs);
	} else {
		proofs += cur_le16(&words);
		texts = native_texts(m, proofs);
		take_text(&texts, m->unicode, user, sizeof(user));
		take_text(&texts, m->unicode, domain, sizeof(domain));
		state->anonymous = user[0] == '\0';
	}
	banner_beside(d, transaction_record(d), "native");
	if (!extended) {
		put_text(d, PUT(USER), user);
		put_text(d, PUT(USER_DOMAIN), user[0] != '\0' ? domain : "");
	}
	put_native(d, texts, m->unicode, false);
	record_commit(d->writer);
}

/* A server's: 4 words with a blob, or 3. */
static void smb1_setup_answer(struct dissection *d, struct smb1 *m)
{
	struct cursor words = m->words, blob = m->bytes;
	size_t n = 0;

	answer(d, KEY_SETUP, "session_setup");
	if (cur_left(&words) == 8) {
		cur_skip(&words, 6);
		n = cur_le16(&words);
		put_challenge(d, cur_sub_most(&blob, n));
	}
	setup_answer(d, m->status);
	if (cur_left(&m->words) >= 6) {
		banner_beside(d, transaction_record(d), "native");
		put_native(d, native_texts(m, n), m->unicode, true);
		record_commit(d->writer);
	}
}

static enum parsed smb1(struct dissection *d, struct cursor message)
{
	struct smb1 m;

	if (!read_smb1(message, &m)) {
		dissect_count(d, MESSAGE_REQUEST, 0);
		return PARSED_MALFORMED;
	}
	dissect_sender(d, m.response ? SENDER_SERVER : SENDER_CLIENT);
	dissect_count(d, m.response ? MESSAGE_RESPONSE : MESSAGE_REQUEST, m.command);
	if (m.command == SMB1_NEGOTIATE) {
		smb1_negotiate(d, &m);
	} else if (m.command == SMB1_SETUP) {
		(m.response ? smb1_setup_answer : smb1_setup_request)(d, &m);
	} else {
		enough_if_named(d);
	}
	return PARSED;
}

/* ---- SMB2 and 3 ---- */

struct smb2 {
	uint32_t status;
	uint16_t command;
	bool response;
	struct cursor body; /* from its structure size on */
};

static bool read_smb2(struct cursor message, struct smb2 *out)
{
	cur_skip(&message, 8);
	out->status = cur_le32(&message);
	out->command = cur_le16(&message);
	cur_skip(&message, 2);
	out->response = (cur_le32(&message) & 1) != 0;
	cur_skip(&message, 44);
	out->body = message;
	return cur_ok(&message);
}

/* A blob by its offset from the header, which is 64 bytes long. */
static struct cursor blob_at(struct cursor body, uint16_t offset, uint16_t length)
{
	cur_skip(&body, offset >= 64 ? offset - 64U : SIZE_MAX);
	return cur_sub_most(&body, length);
}

static const char *dialect_name(uint16_t dialect)
{
	return dialect == 0x0202   ? "2.0.2"
	       : dialect == 0x0210 ? "2.1"
	       : dialect == 0x0300 ? "3.0"
	       : dialect == 0x0302 ? "3.0.2"
	       : dialect == 0x0311 ? "3.1.1"
	       : dialect == 0x02ff ? "2.x"
				   : "unknown";
}

static void smb2_negotiate(struct dissection *d, const struct smb2 *m)
{
	struct cursor body = m->body;
	uint16_t mode, dialect;

	if (!m->response) {
		ask(d, KEY_NEGOTIATE, "negotiate");
		return;
	}
	cur_skip(&body, 2);
	mode = cur_le16(&body);
	dialect = cur_le16(&body);
	answer(d, KEY_NEGOTIATE, "negotiate");
	record_put_uint(d->writer, PUT(STATUS), m->status);
	if (m->status == 0 && cur_ok(&body)) {
		record_put_static(d->writer, PUT(DIALECT), dialect_name(dialect));
		if ((mode & 3) != 0) {
			record_put_static(d->writer, PUT(SIGNING),
					  (mode & 2) != 0 ? "required" : "enabled");
		}
	}
	transaction_done(d, m->status == 0 ? OUTCOME_SUCCESS : OUTCOME_FAILURE);
}

static void smb2_setup(struct dissection *d, const struct smb2 *m)
{
	struct cursor body = m->body;
	uint16_t offset, length;

	/* MS-SMB2 2.2.5 and 2.2.6: where the blob is named. */
	cur_skip(&body, m->response ? 4 : 12);
	offset = cur_le16(&body);
	length = cur_le16(&body);
	if (m->response) {
		answer(d, KEY_SETUP, "session_setup");
		put_challenge(d, blob_at(m->body, offset, length));
		setup_answer(d, m->status);
	} else {
		ask(d, KEY_SETUP, "session_setup");
		tell_client(d, blob_at(m->body, offset, length));
	}
}

static enum parsed smb2(struct dissection *d, struct cursor message)
{
	struct smb2 m;

	if (!read_smb2(message, &m)) {
		dissect_count(d, MESSAGE_REQUEST, SMB2);
		return PARSED_MALFORMED;
	}
	dissect_sender(d, m.response ? SENDER_SERVER : SENDER_CLIENT);
	dissect_count(d, m.response ? MESSAGE_RESPONSE : MESSAGE_REQUEST,
		      SMB2 | (uint32_t)(m.command & 0xff));
	if (m.command == SMB2_NEGOTIATE) {
		smb2_negotiate(d, &m);
	} else if (m.command == SMB2_SETUP) {
		smb2_setup(d, &m);
	} else {
		enough_if_named(d);
	}
	return PARSED;
}

static enum parsed smb_parse(struct dissection *d, struct cursor pdu)
{
	struct smb_state *state = d->state;
	uint8_t type = cur_u8(&pdu);

	cur_skip(&pdu, 3);
	if (++state->messages[d->side] >= MESSAGES_MAX) {
		enough(d);
	}
	if (type == SESSION_REQUEST) {
		return session_request(d, pdu);
	}
	if (type > SESSION_REQUEST && type < KEEPALIVE) {
		session_answer(d, type);
		return PARSED;
	}
	if (type == KEEPALIVE) {
		return PARSED;
	}
	switch (smb_version(pdu)) {
	case 1:
		return smb1(d, pdu);
	case 2:
		return smb2(d, pdu);
	default:
		return PARSED_NOT_MINE;
	}
}

static const struct over smb_over[] = {
	{ OVER_TCP, NULL, 445 },
	{ OVER_TCP, NULL, 139 },
	{ OVER_TCP, NULL, 0 },
};

const struct dissector dissector_smb = {
	.name = "smb",
	.title = "Server Message Block, session setup (MS-CIFS, MS-SMB2)",
	.general = true,
	.glance = true,
	.over = smb_over,
	.n_over = ARRAY_SIZE(smb_over),
	.state_size = sizeof(struct smb_state),
	.pdu_max = MESSAGE_MAX,
	.probe = smb_probe,
	.frame = smb_frame,
	.resync = smb_resync,
	.parse = smb_parse,
	.code_text = smb_code_text,
	.fields = smb_fields,
	.n_fields = ARRAY_SIZE(smb_fields),
};
