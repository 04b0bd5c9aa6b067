/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* EPATH: CIP Volume 1, appendix C-1.4. The upper three bits of a segment say what it is.
 *
 *	000 port: extended address size 1, port 4 (15: a 16-bit number follows) | link address
 *	001 logical: type 3, format 2 (8, 16 or 32 bits) | value
 *	010 network: subtype 5 | value, or words and that many
 *	011 symbolic: length 5 | characters (0: format and length in the next byte)
 *	100 data: subtype 5 (0 simple, 17 ANSI symbol) | length | data
 *	101, 110 data types, 111 reserved: none of them belongs into a path */

#include "dissectors/cip_path.h"

#include "capture/base/hash.h"

#define SEGMENTS_MAX 64

enum {
	LOGICAL_CLASS,
	LOGICAL_INSTANCE,
	LOGICAL_MEMBER,
	LOGICAL_POINT,
	LOGICAL_ATTRIBUTE,
	LOGICAL_SPECIAL,
	LOGICAL_SERVICE,
	LOGICAL_EXTENDED
};

enum { PORT_BACKPLANE = 1, PORT_EXTENDED = 15 };

enum { NETWORK_INHIBIT_MS = 3, NETWORK_ARRAY = 16, NETWORK_SAFETY = 16, NETWORK_INHIBIT_US = 17 };

enum { DATA_SIMPLE = 0, DATA_ANSI = 17 };

enum { KEY_FORMAT = 4, KEY_FORMAT_SERIAL = 5 };

/* ---- texts ---- */

static void add_char(struct cip_path *path, char c)
{
	if (path->length < sizeof(path->text)) {
		path->text[path->length++] = c;
	} else {
		path->parts |= CIP_PATH_CUT;
	}
}

static void add_text(struct cip_path *path, const char *text)
{
	for (; *text != '\0'; text++) {
		add_char(path, *text);
	}
}

/* The digits of a number, from the last one on. Returns where they begin. */
static size_t digits(uint32_t value, unsigned base, char out[12])
{
	size_t at = 12;

	do {
		out[--at] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value > 0);
	return at;
}

static void add_number(struct cip_path *path, uint32_t value)
{
	char text[12];

	for (size_t at = digits(value, 10, text); at < sizeof(text); at++) {
		add_char(path, text[at]);
	}
}

static void add_class(struct cip_path *path, uint32_t value)
{
	char text[12];

	add_text(path, path->length > 0 ? "/0x" : "0x");
	add_text(path, value < 16 ? "0" : "");
	for (size_t at = digits(value, 16, text); at < sizeof(text); at++) {
		add_char(path, text[at]);
	}
}

static void add_part(struct cip_path *path, const char *before, uint32_t value)
{
	add_text(path, before);
	add_number(path, value);
}

/* An index behind a tag or an instance; several make one list. */
static void add_index(struct cip_path *path, uint32_t value)
{
	if (path->length > 0 && path->text[path->length - 1U] == ']') {
		path->text[path->length - 1U] = ',';
	} else {
		add_char(path, '[');
	}
	add_number(path, value);
	add_char(path, ']');
}

/* A name of a tag or of its element. Other bytes than printable ones are written as dots. */
static void add_symbol(struct cip_path *path, struct cursor name)
{
	char *text;
	size_t n;

	if (path->length > 0) {
		add_char(path, '.');
	}
	n = size_min(cur_left(&name), sizeof(path->text) - path->length);
	path->parts |= CIP_PATH_SYMBOL | (n < cur_left(&name) ? CIP_PATH_CUT : 0U);
	text = path->text + path->length;
	path->length = (uint16_t)(path->length + n);
	cur_copy(&name, text, n);
	for (size_t i = 0; i < n; i++) {
		text[i] = text[i] > 0x20 && text[i] < 0x7f ? text[i] : '.';
	}
}

static void add_route(struct cip_path *path, char c)
{
	if (path->route_length < sizeof(path->route)) {
		path->route[path->route_length++] = c;
	} else {
		path->parts |= CIP_PATH_CUT;
	}
}

static void add_route_number(struct cip_path *path, uint32_t value)
{
	char text[12];

	for (size_t at = digits(value, 10, text); at < sizeof(text); at++) {
		add_route(path, text[at]);
	}
}

/* ---- segments ---- */

/* Whole segments of a padded path have an even length. */
static void skip_pad(struct cursor *at, bool padded, size_t length)
{
	if (padded && length % 2 != 0) {
		cur_skip(at, 1);
	}
}

/* One hop: the port to leave by, and the address of the next device there: a slot, a node number,
 * or the characters of an IP address or host name. */
static const char *read_port(struct cip_path *path, uint8_t segment, struct cursor *at, bool padded)
{
	bool extended = (segment & 0x10) != 0;
	size_t size = extended ? cur_u8(at) : 1;
	uint32_t port = segment & 0x0f;
	struct cursor link;
	uint32_t last = 0;

	port = port == PORT_EXTENDED ? cur_le16(at) : port;
	link = cur_sub(at, size);
	if (size == 0 || !cur_ok(&link)) {
		return "port_segment";
	}
	skip_pad(at, padded && extended, size);
	if (path->n_hops > 0) {
		add_route(path, ',');
		add_route(path, ' ');
	}
	add_route_number(path, port);
	add_route(path, '/');
	path->unit = (uint32_t)hash_word(path->unit, port);
	while (cur_left(&link) > 0) {
		last = cur_u8(&link);
		path->unit = (uint32_t)hash_word(path->unit, last);
		if (size > 1) {
			add_route(path, last > 0x20 && last < 0x7f ? (char)last : '.');
		}
	}
	if (size == 1) {
		add_route_number(path, last);
	}
	path->unit = path->n_hops == 0 && port == PORT_BACKPLANE && size == 1
			 ? last
			 : ((path->unit & 0xffff) | 1) << 8 | last;
	path->parts |= CIP_PATH_ROUTE;
	path->n_hops++;
	return NULL;
}

static const char *read_key(struct cip_path *path, struct cursor *at)
{
	uint8_t format = cur_u8(at), major;

	path->key.vendor = cur_le16(at);
	path->key.device_type = cur_le16(at);
	path->key.product_code = cur_le16(at);
	major = cur_u8(at);
	path->key.minor = cur_u8(at);
	path->key.major = major & 0x7f;
	path->key.compatible = (major & 0x80) != 0;
	cur_skip(at, format == KEY_FORMAT_SERIAL ? 4 : 0);
	path->parts |= CIP_PATH_KEY;
	return format == KEY_FORMAT || format == KEY_FORMAT_SERIAL ? NULL : "electronic_key";
}

static void put_class(struct cip_path *path, uint32_t value)
{
	if ((path->parts & CIP_PATH_CLASS) == 0) {
		path->outer_class = value;
	} else {
		path->parts |= CIP_PATH_OUTER;
	}
	path->parts =
	    (path->parts | CIP_PATH_CLASS) & ~(unsigned)(CIP_PATH_INSTANCE | CIP_PATH_ATTRIBUTE);
	path->class = value;
	add_class(path, value);
}

static void put_instance(struct cip_path *path, uint32_t value)
{
	path->parts |= CIP_PATH_INSTANCE;
	path->instance = value;
	add_part(path, "/", value);
}

static void put_member(struct cip_path *path, uint32_t value)
{
	path->parts |= CIP_PATH_MEMBER;
	path->member = value;
	add_index(path, value);
}

static void put_point(struct cip_path *path, uint32_t value)
{
	path->parts |= CIP_PATH_POINT;
	path->points[path->n_points] = value;
	path->n_points =
	    (uint8_t)(path->n_points + (path->n_points < ARRAY_SIZE(path->points) - 1));
	add_part(path, "/cp", value);
}

static void put_attribute(struct cip_path *path, uint32_t value)
{
	path->parts |= CIP_PATH_ATTRIBUTE;
	path->attribute = value;
	add_part(path, "/", value);
}

static void put_service(struct cip_path *path, uint32_t value)
{
	add_part(path, "/service ", value);
}

/* By the type of a logical segment; special ones hold a key. */
static void (*const logical[])(struct cip_path *path, uint32_t value) = {
	[LOGICAL_CLASS] = put_class,         [LOGICAL_INSTANCE] = put_instance,
	[LOGICAL_MEMBER] = put_member,       [LOGICAL_POINT] = put_point,
	[LOGICAL_ATTRIBUTE] = put_attribute, [LOGICAL_SPECIAL] = NULL,
	[LOGICAL_SERVICE] = put_service,     [LOGICAL_EXTENDED] = put_member,
};

static const char *read_logical(struct cip_path *path, uint8_t segment, struct cursor *at,
				bool padded)
{
	unsigned type = segment >> 2 & 7, format = segment & 3;
	uint32_t value;

	if (type == LOGICAL_SPECIAL) {
		return format == 0 ? read_key(path, at) : "logical_segment";
	}
	if (type == LOGICAL_EXTENDED) {
		cur_skip(at, 1); /* array index, bit index, structure member... */
	}
	if (format == 3) {
		return "logical_segment";
	}
	/* The byte that says which extended type it is stands where the pad would be. */
	skip_pad(at, padded && type != LOGICAL_EXTENDED && format > 0, 1);
	value = format == 0 ? cur_u8(at) : format == 1 ? cur_le16(at) : cur_le32(at);
	skip_pad(at, padded && type == LOGICAL_EXTENDED && format == 0, 1);
	if (!cur_ok(at)) {
		return "path_length";
	}
	logical[type](path, value);
	return NULL;
}

static const char *read_network(struct cip_path *path, uint8_t segment, struct cursor *at,
				bool padded)
{
	unsigned subtype = segment & 0x1f;

	(void)padded; /* they are of whole words */
	if (subtype == NETWORK_INHIBIT_MS) {
		path->parts |= CIP_PATH_INHIBIT;
		path->inhibit = cur_u8(at) * 1000U;
	} else if (subtype < NETWORK_ARRAY) {
		cur_skip(at, 1);
	} else {
		struct cursor words = cur_sub(at, 2U * cur_u8(at));

		path->parts |= subtype == NETWORK_SAFETY ? CIP_PATH_SAFETY : 0U;
		if (subtype == NETWORK_INHIBIT_US) {
			path->parts |= CIP_PATH_INHIBIT;
			path->inhibit = cur_le32(&words);
		}
		return cur_ok(&words) ? NULL : "network_segment";
	}
	return NULL;
}

/* Volume 1, C-1.4.4: up to 31 characters, or two- and three-byte characters, or a number. */
static const char *read_symbolic(struct cip_path *path, uint8_t segment, struct cursor *at,
				 bool padded)
{
	size_t n = segment & 0x1f;
	uint8_t format = n == 0 ? cur_u8(at) : 0;

	if (n > 0) {
		add_symbol(path, cur_sub(at, n));
		skip_pad(at, padded, n + 1);
		return NULL;
	}
	n = format & 0x1f;
	if (format >> 5 == 6) {
		uint32_t number = n == 6 ? cur_u8(at) : n == 7 ? cur_le16(at) : cur_le32(at);

		skip_pad(at, padded && n == 6, 1);
		add_part(path, path->length > 0 ? ".#" : "#", number);
		return n >= 6 && n <= 8 ? NULL : "symbolic_segment";
	}
	if (format >> 5 != 1 && format >> 5 != 2) {
		return "symbolic_segment";
	}
	n *= format >> 5 == 1 ? 2U : 3U;
	add_symbol(path, cur_sub(at, n));
	skip_pad(at, padded, n);
	return NULL;
}

static const char *read_data(struct cip_path *path, uint8_t segment, struct cursor *at, bool padded)
{
	unsigned subtype = segment & 0x1f;
	size_t n = cur_u8(at);

	if (subtype == DATA_SIMPLE) {
		path->data = cur_sub(at, 2 * n);
		return NULL;
	}
	if (subtype != DATA_ANSI) {
		return "data_segment";
	}
	add_symbol(path, cur_sub(at, n));
	skip_pad(at, padded, n);
	return NULL;
}

void cip_path_clear(struct cip_path *path)
{
	memset(path, 0, offsetof(struct cip_path, text));
	path->data = cur_of(NULL, 0);
}

/* By the upper three bits of a segment. */
static const char *(*const segments_of[8])(struct cip_path *path, uint8_t segment,
					   struct cursor *at, bool padded) = {
	read_port, read_logical, read_network, read_symbolic, read_data, NULL, NULL, NULL,
};

const char *cip_path_read(struct cip_path *path, struct cursor segments, bool padded)
{
	for (unsigned i = 0; i < SEGMENTS_MAX && cur_left(&segments) > 0; i++) {
		uint8_t segment = cur_u8(&segments);
		const char *wrong =
		    segments_of[segment >> 5] != NULL
			? segments_of[segment >> 5](path, segment, &segments, padded)
			: "reserved_segment";

		if (wrong != NULL) {
			return wrong;
		}
	}
	if (!cur_ok(&segments)) {
		return "path_length";
	}
	return cur_left(&segments) > 0 ? "path_segments" : NULL;
}
