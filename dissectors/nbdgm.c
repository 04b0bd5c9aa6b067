/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* NetBIOS datagrams (RFC 1002 4.4), and in them what Windows hosts say of themselves to all: the
 * browser protocol (MS-BRWS), in a mailslot (MS-MAIL) of SMB (MS-CIFS 2.2.4.33).
 *
 *	type 1 | flags 1 | id 2 | source address 4 | source port 2 | length 2 | offset 2 |
 *	source name | destination name | data           (big-endian, names as in the name service)
 *	data: FF 'SMB' | command 0x25 | 27 more | words 1 | parameters | bytes 2 | name | data
 *	      (little-endian)
 *	announcement: opcode 1 | count 1 | period 4 | server 16 | version 2 | type 4 |
 *	              browser version 2 | signature 2 | comment, until 0 */

#include "dissectors/dns_message.h"
#include "dissectors/netbios_name.h"
#include "dissectors/news.h"
#include "dissectors/text.h"

#include <stdio.h>

#define PORT      138
#define SMB_MAGIC 0xff534d42U

enum { DIRECT_UNIQUE = 0x10, DIRECT_GROUP = 0x11, BROADCAST = 0x12, TYPE_LAST = 0x16 };

enum {
	SMB_TRANSACTION = 0x25,
	SMB_HEADER_REST = 27,
	SMB_BEFORE_DATA = 22, /* counts, flags, time-out, in the parameters */
};

#define NBDGM_FIELDS(X)                                                                            \
	X(ID, "datagram_id", UINT, 0, "Number of the datagram")                                    \
	X(SOURCE_NAME, "source_name", STRING, 0, "NetBIOS name of the sender")                     \
	X(DESTINATION_NAME, "destination_name", STRING, 0, "NetBIOS name that it is for")          \
	X(MAILSLOT, "mailslot", STRING, 0, "Mailslot that it is written to")                       \
	X(HOST_NAME, "host_name", STRING, FIELD_IDENTITY(HOST_NAME), "Name of the sender")         \
	X(GROUP_NAME, "group_name", STRING, FIELD_IDENTITY(GROUP_NAME),                            \
	  "Workgroup or domain of the sender")                                                     \
	X(MASTER, "master_browser", STRING, 0, "Master browser of the group announced")            \
	X(SYSTEM, "operating_system", STRING, FIELD_HINT | FIELD_IDENTITY(OPERATING_SYSTEM),       \
	  "Version of Windows that the sender says it is")                                         \
	X(BROWSER_VERSION, "browser_version", STRING, 0, "Version of its browser service")         \
	X(SERVER_TYPE, "server_type", STRING, FIELD_LIST | FIELD_ENUM, "What it says it is")       \
	X(DUTIES, "duties", STRING, FIELD_LIST | FIELD_ENUM | FIELD_HIDDEN | FIELD_IDENTITY(DUTY), \
	  "What of that is a duty in its network")                                                 \
	X(COMMENT, "comment", STRING, FIELD_HINT | FIELD_IDENTITY(DESCRIPTION),                    \
	  "Comment that its owner gave it")

enum nbdgm_field {
#define X(id, name, type, flags, meaning) NBDGM_##id,
	NBDGM_FIELDS(X)
#undef X
};

static const struct field nbdgm_fields[] = {
#define X(id, name, type, flags, meaning) \
	[NBDGM_##id] = { "weir.nbdgm." name, FIELD_##type, flags, NULL, meaning, NULL },
	NBDGM_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(NBDGM_##id)

/* MS-BRWS 2.2. */
enum { HOST_ANNOUNCEMENT = 1, DOMAIN_ANNOUNCEMENT = 12, LOCAL_MASTER_ANNOUNCEMENT = 15 };

static const char *const browser_functions[] = {
	[HOST_ANNOUNCEMENT] = "host_announcement",
	[2] = "announcement_request",
	[8] = "election_request",
	[9] = "backup_list_request",
	[10] = "backup_list_response",
	[11] = "become_backup",
	[DOMAIN_ANNOUNCEMENT] = "domain_announcement",
	[13] = "master_announcement",
	[14] = "reset_state",
	[LOCAL_MASTER_ANNOUNCEMENT] = "local_master_announcement",
};

enum { TYPE_CONTROLLER = 0x18, TYPE_UNIX = 0x800, TYPE_NT_SERVER = 0x8000 };

/* Bits of the server type (MS-BRWS 2.2.1, MS-SRVS 2.2.2.7), and which of them are duties. */
static const struct {
	uint32_t bit;
	const char *name, *duty;
	uint32_t unless; /* no duty beside these: Windows servers set both bits */
} server_types[] = {
	{ 0x00000001, "workstation", NULL, 0 },
	{ 0x00000002, "server", NULL, 0 },
	{ 0x00000004, "sql_server", "sql_server", 0 },
	{ 0x00000008, "domain_controller", "domain_controller", 0 },
	{ 0x00000010, "backup_domain_controller", "domain_controller", 0 },
	{ 0x00000020, "time_source", "time_server", 0 },
	{ 0x00000040, "apple_file_server", "file_server", 0 },
	{ 0x00000080, "novell_server", "file_server", 0 },
	{ 0x00000100, "domain_member", NULL, 0 },
	{ 0x00000200, "print_queue_server", "print_server", 0 },
	{ 0x00000400, "dial_in_server", NULL, 0 },
	{ 0x00000800, "unix_server", NULL, 0 },
	{ 0x00001000, "nt_workstation", "workstation", TYPE_NT_SERVER | TYPE_CONTROLLER },
	{ 0x00002000, "windows_for_workgroups", "workstation", 0 },
	{ 0x00008000, "nt_server", "server", 0 },
	{ 0x00010000, "potential_browser", NULL, 0 },
	{ 0x00020000, "backup_browser", NULL, 0 },
	{ 0x00040000, "master_browser", "master_browser", 0 },
	{ 0x00080000, "domain_master_browser", "domain_master_browser", 0 },
	{ 0x00400000, "windows_95", "workstation", 0 },
	{ 0x00800000, "dfs_root", "file_server", 0 },
	{ 0x01000000, "cluster", "server", 0 },
	{ 0x02000000, "terminal_server", "terminal_server", 0 },
};

struct state {
	struct news said;
};

static enum claim nbdgm_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	uint8_t type = cur_u8(&bytes);

	(void)sender;
	return usual_port && cur_ok(&bytes) && type >= DIRECT_UNIQUE && type <= TYPE_LAST
		   ? CLAIM_YES
		   : CLAIM_NO;
}

/* ---- reading ---- */

struct datagram {
	uint8_t type;
	uint16_t id;
	struct netbios_name source, destination;
	bool has_names, malformed;
	struct cursor data;
	/* Of a mailslot. */
	struct cursor mailslot, message;
	uint8_t browser; /* opcode, 0: none */
};

/* What SMB carries to a mailslot. False: it does not. */
static bool read_mailslot(struct datagram *m)
{
	struct cursor smb = m->data, all = m->data, words, bytes;
	uint16_t length, offset;

	if (cur_be32(&smb) != SMB_MAGIC || cur_u8(&smb) != SMB_TRANSACTION) {
		return false;
	}
	cur_skip(&smb, SMB_HEADER_REST);
	words = cur_sub(&smb, 2U * cur_u8(&smb));
	cur_skip(&words, SMB_BEFORE_DATA);
	length = cur_le16(&words);
	offset = cur_le16(&words);
	bytes = cur_sub(&smb, cur_le16(&smb));
	if (!cur_ok(&words) || !cur_ok(&bytes)) {
		return false;
	}
	m->mailslot = text_until_nul(bytes);
	cur_skip(&all, offset);
	m->message = cur_sub(&all, length);
	return cur_ok(&m->message);
}

static void read_datagram(struct cursor pdu, struct datagram *m)
{
	struct dns_name source, destination;
	struct cursor c = pdu;

	memset(m, 0, sizeof(*m));
	m->type = cur_u8(&c);
	cur_skip(&c, 1);
	m->id = cur_be16(&c);
	cur_skip(&c, 6);
	if (m->type > BROADCAST) {
		m->malformed = !cur_ok(&c);
		return;
	}
	cur_skip(&c, 4);
	m->malformed = !dns_read_name(pdu, &c, &source) || !dns_read_name(pdu, &c, &destination);
	m->has_names = !m->malformed && netbios_name_decode(source.text, &m->source) &&
		       netbios_name_decode(destination.text, &m->destination);
	m->data = c;
	if (!m->malformed && read_mailslot(m) && text_is(m->mailslot, "\\MAILSLOT\\BROWSE")) {
		struct cursor message = m->message;

		m->browser = cur_u8(&message);
	}
}

/* ---- records ---- */

static const char *function_of(const struct datagram *m)
{
	if (m->browser != 0) {
		return m->browser < ARRAY_SIZE(browser_functions) ? browser_functions[m->browser]
								  : NULL;
	}
	if (m->type > BROADCAST) {
		return m->type == 0x13 ? "error" : "query";
	}
	return cur_left(&m->mailslot) > 0 ? "mailslot" : "datagram";
}

static void put_server_type(struct dissection *d, uint32_t bits)
{
	const char *types[ARRAY_SIZE(server_types)], *duties[ARRAY_SIZE(server_types)];
	size_t n_types = 0, n_duties = 0;

	for (size_t i = 0; i < ARRAY_SIZE(server_types); i++) {
		if ((bits & server_types[i].bit) == 0) {
			continue;
		}
		types[n_types++] = server_types[i].name;
		if (server_types[i].duty != NULL && (bits & server_types[i].unless) == 0) {
			duties[n_duties++] = server_types[i].duty;
		}
	}
	record_put_statics(d->writer, PUT(SERVER_TYPE), types, n_types);
	if (n_duties > 0) {
		record_put_statics(d->writer, PUT(DUTIES), duties, n_duties);
	}
}

/* A host about itself. */
static bool put_host(struct dissection *d, struct cursor message)
{
	uint8_t version[2], browser[2];
	struct netbios_name server;
	char text[32];
	uint32_t type;

	cur_skip(&message, 6);
	server = netbios_name_read(&message);
	cur_copy(&message, version, sizeof(version));
	type = cur_le32(&message);
	cur_copy(&message, browser, sizeof(browser));
	cur_skip(&message, 2);
	if (!cur_ok(&message)) {
		return false;
	}
	record_put_text(d->writer, PUT(HOST_NAME), server.text);
	put_server_type(d, type);
	/* Others that speak like Windows say a version that is none of theirs. */
	if ((type & TYPE_UNIX) == 0) {
		snprintf(text, sizeof(text), "Windows NT %u.%u", version[0], version[1]);
		record_put_text(d->writer, PUT(SYSTEM), text);
	}
	snprintf(text, sizeof(text), "%u.%u", browser[1], browser[0]);
	record_put_text(d->writer, PUT(BROWSER_VERSION), text);
	message = text_until_nul(message);
	if (cur_left(&message) > 0) {
		record_put_bytes(d->writer, PUT(COMMENT), message);
	}
	return true;
}

/* A master browser about its group, and who it is itself. */
static bool put_domain(struct dissection *d, struct cursor message)
{
	static const char *const duties[] = { "master_browser" };
	struct netbios_name group;

	cur_skip(&message, 6);
	group = netbios_name_read(&message);
	cur_skip(&message, 10);
	if (!cur_ok(&message)) {
		return false;
	}
	record_put_text(d->writer, PUT(GROUP_NAME), group.text);
	record_put_statics(d->writer, PUT(DUTIES), duties, ARRAY_SIZE(duties));
	message = text_until_nul(message);
	if (cur_left(&message) > 0) {
		record_put_bytes(d->writer, PUT(MASTER), message);
	}
	return true;
}

/* The sender by the name that it sends from, unless the message says it. */
static void put_sender(struct dissection *d, const struct datagram *m)
{
	struct netbios_meaning meaning = netbios_name_meaning(&m->source, false);

	if (meaning.host) {
		record_put_text(d->writer, PUT(HOST_NAME), m->source.text);
	}
	/* What goes to the master browser of a group comes from the group. */
	if (m->destination.suffix == NETBIOS_MASTER_BROWSER ||
	    m->destination.suffix == NETBIOS_ELECTION) {
		record_put_text(d->writer, PUT(GROUP_NAME), m->destination.text);
	}
}

static bool put_datagram(struct dissection *d, const struct datagram *m)
{
	if (m->has_names) {
		record_put_text(d->writer, PUT(SOURCE_NAME), m->source.text);
		record_put_text(d->writer, PUT(DESTINATION_NAME), m->destination.text);
	}
	if (cur_left(&m->mailslot) > 0) {
		record_put_bytes(d->writer, PUT(MAILSLOT), m->mailslot);
	}
	if (m->browser == HOST_ANNOUNCEMENT || m->browser == LOCAL_MASTER_ANNOUNCEMENT) {
		if (m->has_names && m->destination.suffix == NETBIOS_MASTER_BROWSER) {
			record_put_text(d->writer, PUT(GROUP_NAME), m->destination.text);
		}
		return put_host(d, m->message);
	}
	if (m->has_names) {
		put_sender(d, m);
	}
	return m->browser != DOMAIN_ANNOUNCEMENT || put_domain(d, m->message);
}

/* The same again, under another number. */
static bool is_news(struct dissection *d, const struct datagram *m, struct cursor pdu)
{
	struct state *state = d->state;
	struct cursor what = pdu;

	if (m->browser != 0) {
		what = m->message;
		cur_skip(&what, 2); /* with a count of updates */
	} else {
		cur_skip(&what, 4);
	}
	return news_is(&state->said, what, (uint64_t)m->browser << 1 | d->side, d->packet->time);
}

static enum parsed nbdgm_parse(struct dissection *d, struct cursor pdu)
{
	struct datagram m;
	bool whole;

	read_datagram(pdu, &m);
	if (m.type < DIRECT_UNIQUE || m.type > TYPE_LAST) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, MESSAGE_USERDATA, m.type);
	if (!is_news(d, &m, pdu)) {
		return m.malformed ? PARSED_MALFORMED : PARSED;
	}
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);

	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, function_of(&m));
	record_put_uint(d->writer, PUT(ID), m.id);
	whole = !m.malformed && put_datagram(d, &m);
	if (whole) {
		dissect_about_sender(d, false);
	} else {
		dissect_malformed(d, "length");
	}
	record_commit(d->writer);
	if (!whole) {
		return PARSED_MALFORMED;
	}
	return function_of(&m) != NULL ? PARSED : PARSED_UNKNOWN;
}

static const struct over nbdgm_over[] = { { OVER_UDP, NULL, PORT } };

const struct dissector dissector_nbdgm = {
	.name = "nbdgm",
	.title = "NetBIOS datagrams and the browser protocol (RFC 1002, MS-BRWS)",
	.general = true,
	.over = nbdgm_over,
	.n_over = ARRAY_SIZE(nbdgm_over),
	.state_size = sizeof(struct state),
	.probe = nbdgm_probe,
	.parse = nbdgm_parse,
	.fields = nbdgm_fields,
	.n_fields = ARRAY_SIZE(nbdgm_fields),
};
