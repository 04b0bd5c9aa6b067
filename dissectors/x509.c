/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* X.509 certificates (RFC 5280 4.1) in DER (X.690 8 and 10).
 *
 *	Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature }
 *	tbsCertificate ::= SEQUENCE { [0] version, serialNumber INTEGER, signature, issuer Name,
 *	    validity { notBefore, notAfter }, subject Name, subjectPublicKeyInfo, ... [3] extensions
 *} Name ::= SEQUENCE OF SET OF SEQUENCE { type OBJECT IDENTIFIER, value }
 *
 * The structure is walked as it is written there, never deeper, so nothing recurses. */

#include "dissectors/x509.h"

#include <stdio.h>

#define PARTS_MAX      32 /* of a name */
#define EXTENSIONS_MAX 64
#define NAMES_MAX      16 /* alternative ones that are read */

enum tag {
	TAG_INTEGER = 0x02,
	TAG_OID = 0x06,
	TAG_UTC_TIME = 0x17,
	TAG_TIME = 0x18,
	TAG_BMP_STRING = 0x1e,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_VERSION = 0xa0,
	TAG_EXTENSIONS = 0xa3,
	TAG_DNS_NAME = 0x82, /* RFC 5280 4.2.1.6 */
	TAG_ADDRESS = 0x87,
};

/* Takes one element; its content is bad when it is cut off or its length is not definite. */
static struct cursor take_any(struct cursor *der, uint8_t *tag)
{
	size_t length;
	uint8_t first;

	*tag = cur_u8(der);
	first = cur_u8(der);
	if (first < 0x80) {
		length = first;
	} else if (first == 0x81) {
		length = cur_u8(der);
	} else if (first == 0x82) {
		length = cur_be16(der);
	} else if (first == 0x83) {
		length = cur_be24(der);
	} else {
		*der = cur_bad();
		return cur_bad();
	}
	return cur_sub(der, length);
}

/* Takes one element of this kind. */
static struct cursor take(struct cursor *der, enum tag wanted)
{
	uint8_t tag;
	struct cursor content = take_any(der, &tag);

	if (tag != wanted) {
		*der = cur_bad();
		return cur_bad();
	}
	return content;
}

static bool next_is(struct cursor der, enum tag tag)
{
	return cur_left(&der) > 0 && cur_u8(&der) == tag;
}

/* ---- names ---- */

/* The value of an attribute as text: what is no character of the plain ones is a question mark. */
static void copy_text(struct cursor value, bool wide, char *out, size_t size)
{
	size_t n = 0;

	while (cur_left(&value) > (wide ? 1 : 0) && n + 1 < size) {
		uint16_t c = wide ? cur_be16(&value) : cur_u8(&value);

		out[n++] =
		    (char)(c < 0x20 || c == 0x7f || c > 0xff || (wide && c > 0x7f) ? '?' : c);
	}
	out[n] = '\0';
}

/* X.520: the attributes below 2.5.4 that are shown. */
static const struct {
	uint8_t arc;
	const char *name;
} attributes[] = {
	{ 3, "CN" }, { 5, "serialNumber" }, { 6, "C" },      { 7, "L" },     { 8, "ST" },
	{ 10, "O" }, { 11, "OU" },          { 12, "title" }, { 41, "name" }, { 46, "dnQualifier" },
};

/* The last arc of 2.5.4.x; 0: another identifier. */
static uint8_t x520_arc(struct cursor oid)
{
	bool three = cur_left(&oid) == 3;

	return cur_be16(&oid) == 0x5504 && three ? cur_u8(&oid) : 0;
}

static void append(struct x509_name *name, const char *type, const char *value)
{
	size_t n = strlen(name->text);

	snprintf(name->text + n, sizeof(name->text) - n, "%s%s=%s", n > 0 ? ", " : "", type, value);
}

static void read_attribute(struct x509_name *name, struct cursor attribute)
{
	uint8_t arc = x520_arc(take(&attribute, TAG_OID)), tag;
	struct cursor content = take_any(&attribute, &tag);
	char value[X509_PART_SIZE];

	if (!cur_ok(&content)) {
		return;
	}
	copy_text(content, tag == TAG_BMP_STRING, value, sizeof(value));
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		if (attributes[i].arc == arc) {
			append(name, attributes[i].name, value);
		}
	}
	if (arc == 3) {
		memcpy(name->common_name, value, sizeof(value));
	} else if (arc == 10) {
		memcpy(name->organization, value, sizeof(value));
	} else if (arc == 11) {
		memcpy(name->unit, value, sizeof(value));
	}
}

static void read_name(struct x509_name *name, struct cursor sets)
{
	*name = (struct x509_name) { .text = "" };
	for (unsigned i = 0; i < PARTS_MAX && cur_left(&sets) > 0; i++) {
		struct cursor set = take(&sets, TAG_SET);

		for (unsigned k = 0; k < PARTS_MAX && cur_left(&set) > 0; k++) {
			read_attribute(name, take(&set, TAG_SEQUENCE));
		}
	}
}

/* ---- validity ---- */

static int digits(struct cursor *text, unsigned n)
{
	int value = 0;

	for (unsigned i = 0; i < n; i++) {
		uint8_t c = cur_u8(text);

		if (c < '0' || c > '9') {
			*text = cur_bad();
			return 0;
		}
		value = value * 10 + (c - '0');
	}
	return value;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar. */
static int64_t days(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year, era = y / 400, of_era = y - era * 400;
	int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (int64_t)era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* RFC 5280 4.1.2.5: YYMMDDHHMMSSZ until 2049, YYYYMMDDHHMMSSZ after that. */
static int64_t read_time(struct cursor *validity)
{
	uint8_t tag;
	struct cursor text = take_any(validity, &tag);
	int year, month, day, hour, minute, second;
	int64_t seconds;

	if (tag != TAG_UTC_TIME && tag != TAG_TIME) {
		return TIME_NONE;
	}
	year = digits(&text, tag == TAG_TIME ? 4 : 2);
	year += tag == TAG_TIME ? 0 : year < 50 ? 2000 : 1900;
	month = digits(&text, 2);
	day = digits(&text, 2);
	hour = digits(&text, 2);
	minute = digits(&text, 2);
	second = digits(&text, 2);
	/* What nanoseconds can say: 1678 to 2261. */
	if (!cur_ok(&text) || month < 1 || month > 12 || day < 1 || year < 1678 || year > 2261) {
		return TIME_NONE;
	}
	seconds = days(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	return seconds * NS_PER_S;
}

/* ---- alternative names ---- */

static void append_name(struct x509 *out, const char *name)
{
	size_t n = strlen(out->names);

	snprintf(out->names + n, sizeof(out->names) - n, "%s%s", n > 0 ? "," : "", name);
}

/* RFC 5280 4.2.1.6: GeneralNames; host names and IPv4 addresses of them. */
static void read_names(struct x509 *out, struct cursor names)
{
	for (unsigned i = 0; i < NAMES_MAX && cur_left(&names) > 0; i++) {
		char name[X509_PART_SIZE];
		uint8_t tag;
		struct cursor value = take_any(&names, &tag);

		if (tag == TAG_DNS_NAME && cur_ok(&value)) {
			copy_text(value, false, name, sizeof(name));
			if (out->dns_name[0] == '\0') {
				memcpy(out->dns_name, name, sizeof(name));
			}
			append_name(out, name);
		} else if (tag == TAG_ADDRESS && cur_left(&value) == 4) {
			uint8_t ip[4];

			cur_copy(&value, ip, sizeof(ip));
			snprintf(name, sizeof(name), "%u.%u.%u.%u", ip[0], ip[1], ip[2], ip[3]);
			append_name(out, name);
		}
	}
}

static void read_extensions(struct x509 *out, struct cursor tagged)
{
	static const uint8_t alternative_name[] = { 0x55, 0x1d, 0x11 }; /* 2.5.29.17 */
	struct cursor list = take(&tagged, TAG_SEQUENCE);

	for (unsigned i = 0; i < EXTENSIONS_MAX && cur_left(&list) > 0; i++) {
		struct cursor extension = take(&list, TAG_SEQUENCE);
		struct cursor oid = take(&extension, TAG_OID), value;
		uint8_t tag;

		value = take_any(&extension, &tag);
		if (tag == 0x01) {
			value = take_any(&extension, &tag); /* behind "critical" */
		}
		if (cur_equal(oid, cur_of(alternative_name, sizeof(alternative_name)))) {
			read_names(out, take(&value, TAG_SEQUENCE));
		}
	}
}

bool x509_read(struct cursor der, struct x509 *out)
{
	struct cursor certificate = take(&der, TAG_SEQUENCE);
	struct cursor body = take(&certificate, TAG_SEQUENCE), issuer, validity, subject;

	*out = (struct x509) { .not_before = TIME_NONE, .not_after = TIME_NONE };
	if (next_is(body, TAG_VERSION)) {
		(void)take(&body, TAG_VERSION);
	}
	out->serial = take(&body, TAG_INTEGER);
	(void)take(&body, TAG_SEQUENCE); /* algorithm of the signature */
	issuer = take(&body, TAG_SEQUENCE);
	validity = take(&body, TAG_SEQUENCE);
	subject = take(&body, TAG_SEQUENCE);
	if (!cur_ok(&body)) {
		return false;
	}
	out->own_issuer = cur_equal(issuer, subject);
	read_name(&out->issuer, issuer);
	read_name(&out->subject, subject);
	out->not_before = read_time(&validity);
	out->not_after = read_time(&validity);
	(void)take(&body, TAG_SEQUENCE); /* public key */
	while (cur_left(&body) > 0) {
		uint8_t tag;
		struct cursor element = take_any(&body, &tag);

		if (tag == TAG_EXTENSIONS) {
			read_extensions(out, element);
		}
	}
	return true;
}
