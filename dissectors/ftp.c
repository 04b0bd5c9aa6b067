/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* FTP, its control connection (RFC 959, RFC 2228, RFC 3659): firmware, programs and logs come and
 * go by it in many controllers.  Replies come in the order of the commands.  Passwords are never
 * kept.  Behind AUTH TLS (RFC 4217) the handshake is handed on, and nothing more is read. */

#include "dissectors/banner.h"
#include "dissectors/reply.h"
#include "dissectors/text.h"
#include "dissectors/tls.h"

#include <stdio.h>

#define FTP_FIELDS(X)                                                                      \
	X(COMMAND, "command", STRING, 0, "Command that is not known here")                 \
	X(ARGUMENT, "argument", STRING, 0, "Argument of the command, where it is no path") \
	X(REPLY_CODE, "reply_code", UINT, 0, "Code of the reply")                          \
	X(REPLY, "reply", STRING, 0, "First line of the reply")                            \
	X(USER, "user", STRING, FIELD_IDENTITY(USER), "Name that the client logs on with") \
	X(PASSWORD, "password_length", UINT, FIELD_SECRET, "Length of the password")       \
	X(SOFTWARE, "software", STRING, FIELD_IDENTITY(SOFTWARE) | FIELD_HINT,             \
	  "What the server greets with")                                                   \
	X(SYSTEM, "system", STRING, FIELD_IDENTITY(OPERATING_SYSTEM) | FIELD_HINT,         \
	  "Operating system that the server names")                                        \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK),                         \
	  "clear_text_password or anonymous_login: what the server accepts")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	FTP_FIELDS(X)
#undef X
};

static const struct field ftp_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.ftp." name, FIELD_##type, flags, NULL, meaning, NULL },
	FTP_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

struct ftp_state {
	uint32_t commands;
	bool anonymous, tls;
};

enum argument { NO_ARGUMENT, TEXT, PATH, USER, PASSWORD, TLS };

/* The command words of RFC 959, RFC 2228, RFC 2389, RFC 3659; their order is that of the counted
 * codes. */
static const struct {
	const char *word, *name;
	enum operation operation;
	enum argument argument;
} commands[] = {
	{ "", "unknown", OPERATION_SESSION, NO_ARGUMENT },
	{ "USER", "user", OPERATION_SESSION, USER },
	{ "PASS", "pass", OPERATION_AUTHENTICATE, PASSWORD },
	{ "ACCT", "acct", OPERATION_AUTHENTICATE, PASSWORD },
	{ "CWD", "cwd", OPERATION_SESSION, PATH },
	{ "CDUP", "cdup", OPERATION_SESSION, NO_ARGUMENT },
	{ "SMNT", "smnt", OPERATION_SESSION, PATH },
	{ "QUIT", "quit", OPERATION_SESSION, NO_ARGUMENT },
	{ "REIN", "rein", OPERATION_SESSION, NO_ARGUMENT },
	{ "PORT", "port", OPERATION_SESSION, TEXT },
	{ "PASV", "pasv", OPERATION_SESSION, NO_ARGUMENT },
	{ "TYPE", "type", OPERATION_SESSION, TEXT },
	{ "STRU", "stru", OPERATION_SESSION, TEXT },
	{ "MODE", "mode", OPERATION_SESSION, TEXT },
	{ "RETR", "retr", OPERATION_FILE_READ, PATH },
	{ "STOR", "stor", OPERATION_FILE_WRITE, PATH },
	{ "STOU", "stou", OPERATION_FILE_WRITE, PATH },
	{ "APPE", "appe", OPERATION_FILE_WRITE, PATH },
	{ "ALLO", "allo", OPERATION_SESSION, TEXT },
	{ "REST", "rest", OPERATION_SESSION, TEXT },
	{ "RNFR", "rnfr", OPERATION_SESSION, PATH },
	{ "RNTO", "rnto", OPERATION_FILE_WRITE, PATH },
	{ "ABOR", "abor", OPERATION_SESSION, NO_ARGUMENT },
	{ "DELE", "dele", OPERATION_FILE_DELETE, PATH },
	{ "RMD", "rmd", OPERATION_FILE_DELETE, PATH },
	{ "MKD", "mkd", OPERATION_FILE_WRITE, PATH },
	{ "PWD", "pwd", OPERATION_READ, NO_ARGUMENT },
	{ "LIST", "list", OPERATION_READ, PATH },
	{ "NLST", "nlst", OPERATION_READ, PATH },
	{ "SITE", "site", OPERATION_SESSION, TEXT },
	{ "SYST", "syst", OPERATION_IDENTIFY, NO_ARGUMENT },
	{ "STAT", "stat", OPERATION_READ, PATH },
	{ "HELP", "help", OPERATION_READ, TEXT },
	{ "NOOP", "noop", OPERATION_SESSION, NO_ARGUMENT },
	{ "FEAT", "feat", OPERATION_READ, NO_ARGUMENT },
	{ "OPTS", "opts", OPERATION_SESSION, TEXT },
	{ "SIZE", "size", OPERATION_READ, PATH },
	{ "MDTM", "mdtm", OPERATION_READ, PATH },
	{ "MLST", "mlst", OPERATION_READ, PATH },
	{ "MLSD", "mlsd", OPERATION_READ, PATH },
	{ "EPRT", "eprt", OPERATION_SESSION, TEXT },
	{ "EPSV", "epsv", OPERATION_SESSION, TEXT },
	{ "AUTH", "auth", OPERATION_SESSION, TLS },
	{ "ADAT", "adat", OPERATION_AUTHENTICATE, PASSWORD },
	{ "PBSZ", "pbsz", OPERATION_SESSION, TEXT },
	{ "PROT", "prot", OPERATION_SESSION, TEXT },
	{ "CCC", "ccc", OPERATION_SESSION, NO_ARGUMENT },
	{ "XPWD", "xpwd", OPERATION_READ, NO_ARGUMENT },
	{ "XMKD", "xmkd", OPERATION_FILE_WRITE, PATH },
	{ "XRMD", "xrmd", OPERATION_FILE_DELETE, PATH },
};

/* Index in commands[]; 0: not known. */
static size_t command_index(struct cursor word)
{
	for (size_t i = 1; i < ARRAY_SIZE(commands); i++) {
		if (text_is(word, commands[i].word)) {
			return i;
		}
	}
	return 0;
}

static void ftp_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	if (class == MESSAGE_REQUEST) {
		snprintf(out, size, "%s", commands[code % ARRAY_SIZE(commands)].name);
	} else {
		snprintf(out, size, "%u", (unsigned)code);
	}
}

static enum claim ftp_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct command command;
	struct reply reply;

	if (reply_read(bytes, &reply)) {
		if (!usual_port &&
		    (reply.code != 220 || text_find(reply.whole, "FTP") == TEXT_NOT_FOUND)) {
			return CLAIM_NO;
		}
		*sender = SENDER_SERVER;
		return CLAIM_YES;
	}
	if (usual_port && command_read(bytes, &command) && command_index(command.word) > 0) {
		*sender = SENDER_CLIENT;
		return CLAIM_YES;
	}
	return CLAIM_NO;
}

static struct framing ftp_frame(const struct dissection *d, struct cursor bytes)
{
	const struct ftp_state *state = d->state;

	if (state->tls) {
		return tls_frame(bytes);
	}
	return d->from_client ? command_frame(bytes) : reply_frame(bytes);
}

static size_t ftp_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	const struct ftp_state *state = d->state;

	if (state->tls) {
		return cur_left(&bytes);
	}
	return (d->from_client ? command_next : reply_next)(bytes, from);
}

/* ---- commands ---- */

static void put_argument(struct dissection *d, size_t index, const struct command *command)
{
	struct ftp_state *state = d->state;
	struct cursor argument = command->argument;

	switch (commands[index].argument) {
	case TEXT:
	case TLS:
		banner_put(d, PUT(ARGUMENT), argument);
		break;
	case PATH:
		banner_put(d, CORE_TARGET, argument);
		break;
	case USER:
		state->anonymous = text_is(argument, "anonymous") || text_is(argument, "ftp");
		break;
	case PASSWORD:
		record_put_uint(d->writer, PUT(PASSWORD), cur_left(&argument));
		if (!state->anonymous) {
			record_put_static(d->writer, PUT(RISK), "clear_text_password");
			dissect_identity(d);
		}
		break;
	default:
		break;
	}
}

static void command(struct dissection *d, const struct command *command)
{
	struct ftp_state *state = d->state;
	size_t index = command_index(command->word);

	dissect_count(d, MESSAGE_REQUEST, (uint32_t)index);
	transaction_open(d, state->commands++);
	transaction_note(d, index);
	record_put_static(d->writer, CORE_FUNCTION, commands[index].name);
	if (index == 0) {
		banner_put(d, PUT(COMMAND), command->word);
	}
	put_argument(d, index, command);
	transaction_ask(d, commands[index].operation, false);
	if (commands[index].argument == USER && !state->anonymous) {
		banner_beside(d, transaction_record(d), "user");
		banner_put(d, PUT(USER), command->argument);
		record_commit(d->writer);
	}
}

/* ---- replies ---- */

static bool any(const struct pending *pending, const void *context)
{
	(void)pending;
	(void)context;
	return true;
}

static void put_reply(struct dissection *d, const struct reply *reply)
{
	record_put_uint(d->writer, PUT(REPLY_CODE), reply->code);
	banner_put(d, PUT(REPLY), reply->text);
}

static void greeting(struct dissection *d, const struct reply *reply)
{
	banner_begin(d, "greeting");
	record_put_uint(d->writer, PUT(REPLY_CODE), reply->code);
	banner_put(d, PUT(SOFTWARE), reply->text);
	banner_put_system(d, PUT(SYSTEM), reply->whole);
	record_commit(d->writer);
}

static void answer(struct dissection *d, struct pending *asked, const struct reply *reply)
{
	struct ftp_state *state = d->state;
	uint64_t index = asked != NULL ? pending_note(asked) : 0;
	bool fails = reply->code >= 400;

	transaction_answer(d, asked, OPERATION_SESSION);
	if (asked == NULL) {
		record_put_static(d->writer, CORE_FUNCTION, commands[0].name);
	}
	put_reply(d, reply);
	if (asked != NULL && commands[index].operation == OPERATION_IDENTIFY) {
		banner_put_system(d, PUT(SYSTEM), reply->text);
	}
	if (reply->code == 230 && state->anonymous) {
		record_put_static(d->writer, PUT(RISK), "anonymous_login");
		dissect_identity(d);
	}
	state->tls = state->tls || (reply->code == 234 && commands[index].argument == TLS);
	transaction_done(d, fails ? OUTCOME_FAILURE : OUTCOME_SUCCESS);
}

static void reply(struct dissection *d, const struct reply *reply)
{
	struct pending *asked = transaction_find_by(d, any, NULL);

	dissect_count(d, reply->code >= 400 ? MESSAGE_EXCEPTION : MESSAGE_RESPONSE, reply->code);
	/* The reply proper follows (RFC 959 4.2.1). */
	if (reply->code < 200) {
		return;
	}
	if (asked == NULL && reply->code == 220) {
		greeting(d, reply);
	} else {
		answer(d, asked, reply);
	}
}

static enum parsed ftp_parse(struct dissection *d, struct cursor pdu)
{
	const struct ftp_state *state = d->state;
	struct command asked;
	struct reply answered;

	if (state->tls) {
		dissect_encrypted(d, cur_left(&pdu));
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

static const struct over ftp_over[] = { { OVER_TCP, NULL, 21 }, { OVER_TCP, NULL, 0 } };

const struct dissector dissector_ftp = {
	.name = "ftp",
	.title = "File Transfer Protocol, control connection (RFC 959)",
	.general = true,
	.over = ftp_over,
	.n_over = ARRAY_SIZE(ftp_over),
	.state_size = sizeof(struct ftp_state),
	.pdu_max = TLS_RECORD_MAX + 5,
	.probe = ftp_probe,
	.frame = ftp_frame,
	.resync = ftp_resync,
	.parse = ftp_parse,
	.code_text = ftp_code_text,
	.fields = ftp_fields,
	.n_fields = ARRAY_SIZE(ftp_fields),
};
