/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* SSH (RFC 4253 4.2): the line with which each side begins.
 *
 *	"SSH-" protocol version "-" software version [SP comments] CR LF */

#include "dissectors/banner.h"
#include "dissectors/text.h"

#include <stdio.h>

#define LINE_MAX 255 /* RFC 4253 4.2 */

#define SSH_FIELDS(X)                                                                       \
	X(VERSION, "version", STRING, 0, "Protocol version: 2.0, or 1.99 for both")         \
	X(SOFTWARE, "software", STRING, FIELD_IDENTITY(SOFTWARE), "Software of the sender") \
	X(COMMENT, "comment", STRING, 0, "What the sender says besides")                    \
	X(SYSTEM, "system", STRING, FIELD_IDENTITY(OPERATING_SYSTEM) | FIELD_HINT,          \
	  "Operating system that these name")                                               \
	X(RISK, "risk", STRING, FIELD_ENUM | FIELD_IDENTITY(RISK),                          \
	  "old_ssh: a server that speaks version 1 only")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	SSH_FIELDS(X)
#undef X
};

static const struct field ssh_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.ssh." name, FIELD_##type, flags, NULL, meaning, NULL },
	SSH_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

static void ssh_code_text(enum message_class class, uint32_t code, char *out, size_t size)
{
	(void)class;
	(void)code;
	snprintf(out, size, "version");
}

static enum claim ssh_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	struct cursor word = cur_of("SSH-", 4);

	(void)sender;
	if (cur_left(&bytes) < 4) {
		return usual_port && cur_equal(cur_sub(&word, cur_left(&bytes)), bytes) ? CLAIM_MORE
											: CLAIM_NO;
	}
	return cur_equal(cur_sub(&bytes, 4), word) ? CLAIM_YES : CLAIM_NO;
}

static struct framing ssh_frame(const struct dissection *d, struct cursor bytes)
{
	size_t n = text_line_size(bytes);

	(void)d;
	return (struct framing) { n > 0 ? FRAMING_PDU : FRAMING_MORE, n };
}

static size_t ssh_resync(const struct dissection *d, struct cursor bytes, size_t from)
{
	(void)d;
	(void)from;
	return cur_left(&bytes);
}

static enum parsed ssh_parse(struct dissection *d, struct cursor pdu)
{
	struct cursor line, all, version, software;

	if (!text_line(&pdu, &line) || !text_take(&line, "SSH-")) {
		return PARSED_NOT_MINE;
	}
	all = line;
	version = text_until(&line, '-');
	software = text_until(&line, ' ');
	dissect_count(d, d->from_client ? MESSAGE_REQUEST : MESSAGE_RESPONSE, 0);
	banner_begin(d, "version_exchange");
	banner_put(d, PUT(VERSION), version);
	banner_put(d, PUT(SOFTWARE), software);
	banner_put(d, PUT(COMMENT), line);
	banner_put_system(d, PUT(SYSTEM), all);
	if (!d->from_client && text_begins(version, "1.") && !text_is(version, "1.99")) {
		record_put_static(d->writer, PUT(RISK), "old_ssh");
	}
	record_commit(d->writer);
	dissect_enough(d);
	return PARSED;
}

static const struct over ssh_over[] = { { OVER_TCP, NULL, 22 }, { OVER_TCP, NULL, 0 } };

const struct dissector dissector_ssh = {
	.name = "ssh",
	.title = "Secure Shell, version exchange (RFC 4253)",
	.general = true,
	.glance = true,
	.over = ssh_over,
	.n_over = ARRAY_SIZE(ssh_over),
	.pdu_max = LINE_MAX,
	.probe = ssh_probe,
	.frame = ssh_frame,
	.resync = ssh_resync,
	.parse = ssh_parse,
	.code_text = ssh_code_text,
	.fields = ssh_fields,
	.n_fields = ARRAY_SIZE(ssh_fields),
};
