/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Secure authentication of DNP3, version 5: group 120 (IEEE 1815-2012, clause 7 and A.45).
 *
 * Whoever gets a critical message challenges it (variation 1) and does it once the reply (2) is
 * right; or the message brings its proof along (3 first, 9 last: aggressive mode).  Session keys
 * are asked for (4, 5) and changed (6), users and their update keys as well (8, 10-15). Challenges,
 * MACs and keys are never kept, only their lengths. */

#include "dissectors/dnp3_private.h"

enum { KEYS_AUTH_FAIL = 4 };

static const char *const messages[] = {
	NULL,
	"challenge",
	"reply",
	"aggressive_mode_request",
	"session_key_status_request",
	"session_key_status",
	"session_key_change",
	"error",
	"user_certificate",
	"mac",
	"user_status_change",
	"update_key_change_request",
	"update_key_change_reply",
	"update_key_change",
	"update_key_change_signature",
	"update_key_change_confirmation",
};

static void put_mac_algorithm(struct dissection *d, uint8_t algorithm)
{
	static const char *const names[] = { "none",          "hmac_sha1_4",    "hmac_sha1_10",
					     "hmac_sha256_8", "hmac_sha256_16", "hmac_sha1_8",
					     "aes_gmac_12" };

	record_put_static(d->writer, PUT(AUTH_MAC),
			  algorithm < ARRAY_SIZE(names) ? names[algorithm] : NULL);
}

static void put_method(struct dissection *d, uint8_t method)
{
	static const char *const names[256] = {
		[3] = "aes_128_sha1_hmac",
		[4] = "aes_256_sha256_hmac",
		[5] = "aes_256_aes_gmac",
		[67] = "rsa_1024_dsa_sha1_hmac",
		[68] = "rsa_2048_dsa_sha256_hmac",
		[69] = "rsa_3072_dsa_sha256_hmac",
		[70] = "rsa_2048_dsa_sha256_aes_gmac",
		[71] = "rsa_3072_dsa_sha256_aes_gmac",
	};

	record_put_static(d->writer, PUT(AUTH_METHOD), names[method]);
}

static void put_user(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_USER), cur_le16(data));
}

static void put_mac(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_MAC_LENGTH), cur_left(data));
	cur_skip(data, cur_left(data));
}

static void put_key_data(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_KEY_LENGTH), cur_left(data));
	cur_skip(data, cur_left(data));
}

static void put_challenge(struct dissection *d, struct cursor *data)
{
	static const char *const reasons[] = { NULL, "critical" };
	uint8_t algorithm, reason;

	record_put_uint(d->writer, PUT(AUTH_SEQUENCE), cur_le32(data));
	put_user(d, data);
	algorithm = cur_u8(data);
	reason = cur_u8(data);
	put_mac_algorithm(d, algorithm);
	record_put_static(d->writer, PUT(AUTH_REASON),
			  reason < ARRAY_SIZE(reasons) ? reasons[reason] : NULL);
	record_put_uint(d->writer, PUT(AUTH_CHALLENGE), cur_left(data));
}

static void put_reply(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_SEQUENCE), cur_le32(data));
	put_user(d, data);
	put_mac(d, data);
}

static void put_aggressive(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_SEQUENCE), cur_le32(data));
	put_user(d, data);
	record_put_bool(d->writer, PUT(AUTH_AGGRESSIVE), true);
}

static void put_key_status(struct dissection *d, struct cursor *data)
{
	static const char *const states[] = { NULL, "ok", "not_init", "comm_fail", "auth_fail" };
	static const char *const wraps[] = { NULL, "aes_128", "aes_256" };
	uint8_t wrap, state, algorithm;
	uint16_t challenge;

	record_put_uint(d->writer, PUT(AUTH_KEY_SEQUENCE), cur_le32(data));
	put_user(d, data);
	wrap = cur_u8(data);
	state = cur_u8(data);
	algorithm = cur_u8(data);
	challenge = cur_le16(data);
	cur_skip(data, challenge);
	record_put_static(d->writer, PUT(AUTH_KEY_WRAP),
			  wrap < ARRAY_SIZE(wraps) ? wraps[wrap] : NULL);
	record_put_static(d->writer, PUT(AUTH_KEY_STATUS),
			  state < ARRAY_SIZE(states) ? states[state] : NULL);
	put_mac_algorithm(d, algorithm);
	record_put_uint(d->writer, PUT(AUTH_CHALLENGE), challenge);
	put_mac(d, data);
}

static void put_key_change(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_KEY_SEQUENCE), cur_le32(data));
	put_user(d, data);
	put_key_data(d, data);
}

static void put_error(struct dissection *d, struct cursor *data)
{
	static const char *const errors[] = { NULL,
					      "authentication_failed",
					      "unexpected_reply",
					      "no_reply",
					      "aggressive_mode_not_permitted",
					      "mac_algorithm_not_permitted",
					      "key_wrap_algorithm_not_permitted",
					      "authorization_failed",
					      "update_key_change_method_not_permitted",
					      "invalid_signature",
					      "invalid_certification_data",
					      "unknown_user",
					      "max_session_key_status_requests_exceeded" };
	int64_t time;
	uint8_t error;

	record_put_uint(d->writer, PUT(AUTH_SEQUENCE), cur_le32(data));
	put_user(d, data);
	record_put_uint(d->writer, PUT(AUTH_ASSOCIATION), cur_le16(data));
	error = cur_u8(data);
	record_put_static(d->writer, PUT(AUTH_ERROR),
			  error < ARRAY_SIZE(errors) ? errors[error] : NULL);
	time = dnp3_time(dnp3_le48(data));
	if (cur_ok(data) && time != TIME_NONE && time != 0) {
		record_put_time(d->writer, PUT(TIME), time);
	}
	if (cur_left(data) > 0) {
		record_put_bytes(d->writer, PUT(AUTH_ERROR_TEXT), *data);
	}
}

static void put_certificate(struct dissection *d, struct cursor *data)
{
	put_method(d, cur_u8(data));
	cur_skip(data, 1);
	put_key_data(d, data);
}

static void put_name(struct dissection *d, struct cursor *data, uint16_t size)
{
	struct cursor name = cur_sub(data, size);

	if (cur_left(&name) > 0) {
		record_put_bytes(d->writer, PUT(AUTH_USER_NAME), name);
	}
}

static void put_user_status(struct dissection *d, struct cursor *data)
{
	static const char *const operations[] = { NULL, "add", "delete", "change" };
	static const char *const roles[] = { "viewer", "operator", "engineer", "installer",
					     "secadm", "secaud",   "rbacmnt" };
	uint8_t operation;
	uint16_t role, name;

	put_method(d, cur_u8(data));
	operation = cur_u8(data);
	record_put_static(d->writer, PUT(AUTH_OPERATION),
			  operation < ARRAY_SIZE(operations) ? operations[operation] : NULL);
	record_put_uint(d->writer, PUT(AUTH_STATUS_SEQUENCE), cur_le32(data));
	role = cur_le16(data);
	record_put_static(d->writer, PUT(AUTH_ROLE),
			  role < ARRAY_SIZE(roles) ? roles[role]
			  : role == 32768          ? "single_user"
						   : NULL);
	record_put_uint(d->writer, PUT(AUTH_EXPIRY), cur_le16(data));
	name = cur_le16(data);
	cur_skip(data, 4);
	put_name(d, data, name);
	put_key_data(d, data);
}

static void put_update_request(struct dissection *d, struct cursor *data)
{
	uint16_t name, challenge;

	put_method(d, cur_u8(data));
	name = cur_le16(data);
	challenge = cur_le16(data);
	put_name(d, data, name);
	record_put_uint(d->writer, PUT(AUTH_CHALLENGE), challenge);
	cur_skip(data, challenge);
}

static void put_update_reply(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_KEY_SEQUENCE), cur_le32(data));
	put_user(d, data);
	record_put_uint(d->writer, PUT(AUTH_CHALLENGE), cur_le16(data));
}

static void put_update(struct dissection *d, struct cursor *data)
{
	record_put_uint(d->writer, PUT(AUTH_KEY_SEQUENCE), cur_le32(data));
	put_user(d, data);
	record_put_uint(d->writer, PUT(AUTH_KEY_LENGTH), cur_le16(data));
}

static void put_session_key_request(struct dissection *d, struct cursor *data)
{
	put_user(d, data);
}

static void (*const readers[ARRAY_SIZE(messages)])(struct dissection *d, struct cursor *data) = {
	[1] = put_challenge,
	[2] = put_reply,
	[3] = put_aggressive,
	[4] = put_session_key_request,
	[5] = put_key_status,
	[6] = put_key_change,
	[7] = put_error,
	[8] = put_certificate,
	[9] = put_mac,
	[10] = put_user_status,
	[11] = put_update_request,
	[12] = put_update_reply,
	[13] = put_update,
	[14] = put_key_data,
	[15] = put_mac,
};

bool dnp3_authentication_refused(struct cursor objects, enum dnp3_data data)
{
	struct dnp3_header h;

	while (dnp3_next(&objects, data, &h) == STEP_HEADER) {
		struct cursor object;
		uint32_t point;

		if (h.group == 120 && h.variation == DNP3_AUTHENTICATION_ERROR) {
			return true;
		}
		if (h.group == 120 && h.variation == DNP3_KEY_STATUS &&
		    dnp3_object_next(&h, &point, &object)) {
			cur_skip(&object, 7);
			return cur_u8(&object) == KEYS_AUTH_FAIL;
		}
	}
	return false;
}

const char *dnp3_put_authentication(struct dissection *d, struct cursor objects,
				    enum dnp3_data data, bool answer)
{
	const char *wrong = NULL;
	bool named = false;
	struct dnp3_header h;

	while (dnp3_next(&objects, data, &h) == STEP_HEADER) {
		struct cursor object;
		uint32_t point;

		if (h.group != 120 || h.variation >= ARRAY_SIZE(readers) ||
		    readers[h.variation] == NULL || !dnp3_object_next(&h, &point, &object)) {
			continue;
		}
		/* The MAC behind an aggressive request, and parts of a key change, say no more. */
		if (!named) {
			record_put_static(d->writer, answer ? PUT(AUTH_ANSWER) : PUT(AUTH_MESSAGE),
					  messages[h.variation]);
			named = true;
		}
		readers[h.variation](d, &object);
		wrong = cur_ok(&object) ? wrong : "authentication";
	}
	return wrong;
}
