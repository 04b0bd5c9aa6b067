/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* SMTP (RFC 5321): the greetings of both sides, how the client authenticates (RFC 4954) and whether
 * the connection turns to TLS (RFC 3207).  The look ends before the first mail. */

#include "dissectors/banner.h"
#include "dissectors/reply.h"
#include "dissectors/text.h"
#include "dissectors/tls.h"

#include <stdio.h>

#define SMTP_FIELDS(X)                                                                  \
	X(MECHANISM, "mechanism", STRING, FIELD_ENUM, "How the client authenticates")   \
	X(REPLY_CODE, "reply_code", UINT, 0, "Code of the reply")                       \
	X(SOFTWARE, "software", STRING, FIELD_IDENTITY(SOFTWARE) | FIELD_HINT,          \
	  "What the server greets with, behind its name")                               \
	X(SYSTEM, "system", STRING, FIELD_IDENTITY(OPERATING_SYSTEM) | FIELD_HINT,      \
	  "Operating system that the greeting names")                                   \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME) | FIELD_HINT,       \
	  "Name that the sender greets with, without a domain")                         \
	X(DOMAIN_NAME, "domain_name", STRING, FIELD_IDENTITY(DOMAIN_NAME) | FIELD_HINT, \
	  "Name that the sender greets with, with its domain")                          \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK),                      \
	  "clear_text_password: the server takes passwords that anybody can read")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	SMTP_FIELDS(X)
#undef X
};

static const struct field smtp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.smtp." name, FIELD_##type, flags, NULL, meaning, NULL },
	SMTP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

enum command_code { OTHER, HELO, EHLO, AUTH, STARTTLS, COMMANDS };

static const struct {
	const char *word, *name;
	enum operation operation;
} commands[COMMANDS] = {
	[OTHER] = { "", "other", OPERATION_SESSION },
	[HELO] = { "HELO", "helo", OPERATION_SESSION },
	[EHLO] = { "EHLO", "ehlo", OPERATION_SESSION },
	[AUTH] = { "AUTH", "auth", OPERATION_AUTHENTICATE },
	[STARTTLS] = { "STARTTLS", "starttls", OPERATION_SESSION },
};

struct smtp_state {
	bool greeted, tls, done;
	uint8_t waits; /* command whose reply is next, or OTHER */
};

enum { KEY_COMMAND = 1 };

static enum command_code command_code(struct cursor word)
{
	for (unsigned i = HELO; i < COMMANDS; i++) {
		if (text_is(word, commands[i].word)) {
			return (enum command_code)i;
		}
	}
	return OTHER;
}

static void smtp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	if (class == MESSAGE_REQUEST) {
		snprintf(out, size, "%s", commands[code % COMMANDS].name);
	} else {
		snprintf(out, size, "%u", (unsigned)code);
	}
}

static enum claim smtp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct command command;
	struct reply reply;

	if (reply_read(bytes, &reply)) {
		if (!usual_port &&
		    (reply.code != 220 || text_find(reply.text, "SMTP") == TEXT_NOT_FOUND)) {
			return CLAIM_NO;
		}
		*sender = SENDER_SERVER;
		return CLAIM_YES;
	}
	if (usual_port && command_read(bytes, &command) && command_code(command.word) != OTHER) {
		*sender = SENDER_CLIENT;
		return CLAIM_YES;
	}
	return CLAIM_NO;
}

static struct framing smtp_frame(const struct dissection *d, struct cursor bytes)
{
	const struct smtp_state *state = d->state;

	if (state->done) {
		return (struct framing) { FRAMING_NOT_MINE, 0 };
	}
	if (state->tls) {
		return tls_frame(bytes);
	}
	return d->from_client ? command_frame(bytes) : reply_frame(bytes);
}

static size_t smtp_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

/* "220 name ESMTP software" (RFC 5321 4.2). */
static void greeting(struct dissection *d, const struct reply *reply)
{
	struct cursor text = reply->text, name = text_until(&text, ' ');

	banner_begin(d, "greeting");
	record_put_uint(d->writer, PUT(REPLY_CODE), reply->code);
	banner_put_name(d, PUT(DOMAIN_NAME), PUT(HOST_NAME), name);
	banner_put(d, PUT(SOFTWARE), text);
	banner_put_system(d, PUT(SYSTEM), text);
	record_commit(d->writer);
}

/* RFC 4616 and the older LOGIN send the password as it is. */
static const char *mechanism(struct cursor argument)
{
	static const char *const names[] = { "plain", "login",  "cram-md5",
					     "ntlm",  "gssapi", "xoauth2" };
	struct cursor name = text_until(&argument, ' ');

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (text_is(name, names[i])) {
			return names[i];
		}
	}
	return "other";
}

static void command(struct dissection *d, const struct command *command)
{
	struct smtp_state *state = d->state;
	enum command_code code = command_code(command->word);

	dissect_count(d, MESSAGE_REQUEST, code);
	state->waits = (uint8_t)code;
	/* A mail begins, or the client has nothing to say. */
	if (code == OTHER) {
		state->done = true;
		dissect_enough(d);
		return;
	}
	transaction_open(d, KEY_COMMAND);
	record_put_static(d->writer, CORE_FUNCTION, commands[code].name);
	if (code == AUTH) {
		const char *name = mechanism(command->argument);

		record_put_static(d->writer, PUT(MECHANISM), name);
		if (strcmp(name, "plain") == 0 || strcmp(name, "login") == 0) {
			record_put_static(d->writer, PUT(RISK), "clear_text_password");
			dissect_identity(d);
		}
	}
	transaction_ask(d, commands[code].operation, false);
	/* An address literal says nothing new (RFC 5321 4.1.3). */
	if ((code == HELO || code == EHLO) && !text_is_address(command->argument)) {
		banner_beside(d, transaction_record(d), commands[code].name);
		banner_put_name(d, PUT(DOMAIN_NAME), PUT(HOST_NAME), command->argument);
		record_commit(d->writer);
	}
	/* What the client sends next may be its password. */
	if (code == AUTH) {
		dissect_enough(d);
	}
}

static void reply(struct dissection *d, const struct reply *reply)
{
	struct smtp_state *state = d->state;
	struct pending *asked = transaction_find(d, KEY_COMMAND);
	bool fails = reply->code >= 400;

	dissect_count(d, fails ? MESSAGE_EXCEPTION : MESSAGE_RESPONSE, reply->code);
	if (!state->greeted && asked == NULL && reply->code == 220) {
		greeting(d, reply);
	} else if (asked != NULL && reply->code >= 200 && reply->code != 334) {
		transaction_answer(d, asked, OPERATION_SESSION);
		record_put_uint(d->writer, PUT(REPLY_CODE), reply->code);
		state->tls = state->waits == STARTTLS && reply->code == 220;
		state->done = state->waits == AUTH;
		transaction_done(d, fails ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
	}
	state->greeted = true;
}

static enum parsed smtp_parse(struct dissection *d, struct cursor pdu)
{
	const struct smtp_state *state = d->state;
	struct command asked;
	struct reply answered;

	if (state->tls) {
		return dissect_child(d, TLS_CHILD, pdu, NULL) ? PARSED : PARSED_NOT_MINE;
	}
	if (d->from_client && command_read(pdu, &asked)) {
		command(d, &asked);
		return PARSED;
	}
	if (!d->from_client && reply_read(pdu, &answered)) {
		reply(d, &answered);
		return PARSED;
	}
	return PARSED_NOT_MINE;
}

static const struct over smtp_over[] = {
	{ OVER_TCP, NULL, 25 },
	{ OVER_TCP, NULL, 587 },
	{ OVER_TCP, NULL, 0 },
};

const struct dissector dissector_smtp = {
	.name = "smtp",
	.title = "Simple Mail Transfer Protocol, greetings (RFC 5321)",
	.general = true,
	.glance = true,
	.over = smtp_over,
	.n_over = ARRAY_SIZE(smtp_over),
	.state_size = sizeof(struct smtp_state),
	.pdu_max = TLS_RECORD_MAX + 5,
	.probe = smtp_probe,
	.frame = smtp_frame,
	.resync = smtp_resync,
	.parse = smtp_parse,
	.code_text = smtp_code_text,
	.fields = smtp_fields,
	.n_fields = ARRAY_SIZE(smtp_fields),
};
