/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* NTLM (MS-NLMP 2.2.1). All numbers are little-endian; offsets count from the signature.
 *
 *	signature "NTLMSSP" NUL | type 4 | ...
 *	negotiate:    flags 4 | domain 8 | workstation 8 | version 8
 *	challenge:    target name 8 | flags 4 | challenge 8 | reserved 8 | target information 8 |
 *	              version 8
 *	authenticate: LM 8 | NT 8 | domain 8 | user 8 | workstation 8 | key 8 | flags 4 | version 8
 *	a field of 8: length 2 | room 2 | offset 4 */

#include "dissectors/ntlm.h"

#include "dissectors/text.h"

#include <stdio.h>

#define SEARCH_MAX 512 /* of what may stand before it */
#define PAIRS_MAX  16
#define REVISION   15 /* NTLMSSP_REVISION_W2K3, the only one there is */

enum { FLAG_UNICODE = 0x00000001, FLAG_VERSION = 0x02000000 };

/* MS-NLMP 2.2.2.1 */
enum pair { PAIR_END, PAIR_COMPUTER, PAIR_DOMAIN, PAIR_DNS_COMPUTER, PAIR_DNS_DOMAIN };

/* The bytes from the signature on, or bad. */
static struct cursor find(struct cursor bytes)
{
	static const uint8_t signature[8] = "NTLMSSP";

	for (unsigned i = 0; i < SEARCH_MAX && cur_left(&bytes) >= sizeof(signature); i++) {
		struct cursor look = bytes;

		if (cur_equal(cur_sub(&look, sizeof(signature)),
			      cur_of(signature, sizeof(signature)))) {
			return bytes;
		}
		cur_skip(&bytes, 1);
	}
	return cur_bad();
}

/* What a field points to. */
static struct cursor take_field(struct cursor *fields, struct cursor message)
{
	uint16_t length = cur_le16(fields);
	uint32_t offset;

	cur_skip(fields, 2);
	offset = cur_le32(fields);
	cur_skip(&message, offset);
	return cur_ok(fields) ? cur_sub(&message, length) : cur_bad();
}

static void copy(struct cursor text, bool unicode, char *out)
{
	size_t n = size_min(cur_left(&text), NTLM_NAME_SIZE - 1);

	if (unicode) {
		(void)text_from_utf16(text, out, NTLM_NAME_SIZE);
		return;
	}
	cur_copy(&text, out, n);
	out[n] = '\0';
}

static void read_pairs(struct ntlm *out, struct cursor pairs)
{
	for (unsigned i = 0; i < PAIRS_MAX && cur_left(&pairs) > 0; i++) {
		uint16_t id = cur_le16(&pairs);
		struct cursor value = cur_sub(&pairs, cur_le16(&pairs));
		char *to = id == PAIR_COMPUTER       ? out->computer
			   : id == PAIR_DOMAIN       ? out->domain
			   : id == PAIR_DNS_COMPUTER ? out->dns_computer
			   : id == PAIR_DNS_DOMAIN   ? out->dns_domain
						     : NULL;

		if (to != NULL) {
			copy(value, true, to);
		}
	}
}

/* MS-NLMP 2.2.2.10: major 1 | minor 1 | build 2 | reserved 3 | revision 1 */
static void read_version(struct ntlm *out, struct cursor fields, uint32_t flags)
{
	uint8_t major = cur_u8(&fields), minor = cur_u8(&fields);
	uint16_t build = cur_le16(&fields);

	cur_skip(&fields, 3);
	/* Programs that imitate Windows leave anything there. */
	if ((flags & FLAG_VERSION) != 0 && cur_u8(&fields) == REVISION && cur_ok(&fields) &&
	    major >= 5 && major <= 10) {
		snprintf(out->version, sizeof(out->version), "%u.%u.%u", major, minor, build);
	}
}

static void read_challenge(struct ntlm *out, struct cursor fields, struct cursor message)
{
	uint32_t flags;

	cur_skip(&fields, 8); /* target name: one of those that follow */
	flags = cur_le32(&fields);
	cur_skip(&fields, 16);
	read_pairs(out, take_field(&fields, message));
	read_version(out, fields, flags);
}

static void read_authenticate(struct ntlm *out, struct cursor fields, struct cursor message)
{
	struct cursor domain, user, workstation;
	uint32_t flags;
	bool unicode;

	cur_skip(&fields, 16);
	domain = take_field(&fields, message);
	user = take_field(&fields, message);
	workstation = take_field(&fields, message);
	cur_skip(&fields, 8);
	flags = cur_le32(&fields);
	unicode = (flags & FLAG_UNICODE) != 0;
	copy(domain, unicode, out->domain);
	copy(user, unicode, out->user);
	copy(workstation, unicode, out->workstation);
	read_version(out, fields, flags);
}

bool ntlm_read(struct cursor bytes, struct ntlm *out)
{
	struct cursor message = find(bytes), fields = message;
	uint32_t type;

	cur_skip(&fields, 8);
	type = cur_le32(&fields);
	if (!cur_ok(&fields) || type < NTLM_NEGOTIATE || type > NTLM_AUTHENTICATE) {
		return false;
	}
	*out = (struct ntlm) { .message = (enum ntlm_message)type };
	if (type == NTLM_CHALLENGE) {
		read_challenge(out, fields, message);
	} else if (type == NTLM_AUTHENTICATE) {
		read_authenticate(out, fields, message);
	} else {
		uint32_t flags = cur_le32(&fields);

		cur_skip(&fields, 16);
		read_version(out, fields, flags);
	}
	return true;
}
