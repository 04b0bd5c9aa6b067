/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/announcement.h"

#include "capture/base/hash.h"

#include <stdio.h>

#define INTERVAL         (60 * NS_PER_S) /* between two records that say the same */
#define CAPABILITIES_MAX 32

uint64_t announcement_digest(uint64_t digest, struct cursor bytes)
{
	uint64_t n = cur_left(&bytes);

	while (cur_left(&bytes) >= 8) {
		digest = hash_word(digest, cur_be64(&bytes));
	}
	while (cur_left(&bytes) > 0) {
		n = n << 8 | cur_u8(&bytes);
	}
	return hash_word(digest, n) | 1;
}

bool announcement_is_due(const struct dissection *d, struct announcement *last, uint64_t digest)
{
	int64_t clock = d->packet->clock;

	if (likely(last->digest == digest && clock - last->reported < INTERVAL)) {
		return false;
	}
	last->digest = digest;
	last->reported = clock;
	return true;
}

struct record *announcement_begin(struct dissection *d, const char *function)
{
	struct record *record = dissect_record(d, RECORD_TRANSACTION, OPERATION_REPORT);

	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, function);
	dissect_about_sender(d, false);
	return record;
}

enum parsed announcement_short(struct dissection *d)
{
	if (d->packet->truncated) {
		return PARSED;
	}
	dissect_malformed(d, "too_short");
	return PARSED_MALFORMED;
}

enum parsed announcement_end(struct dissection *d, struct announcement *last, enum parsed verdict)
{
	record_commit(d->writer);
	last->verdict = verdict;
	return verdict;
}

void announcement_put_address(struct dissection *d, const char *function, const struct ip *ip,
			      const struct mac *mac, bool binds)
{
	struct record *record;

	transaction_resume(d, 0); /* an announcement is no transaction that it could belong to */
	record = dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY);
	record->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, function);
	dissect_about(d, ip, mac, binds);
	record_commit(d->writer);
}

struct cursor announcement_text(struct cursor bytes)
{
	struct cursor look = bytes;
	size_t at = 0, end = 0;

	while (cur_left(&look) > 0) {
		uint8_t byte = cur_u8(&look);

		at++;
		if (byte != '\0' && byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n') {
			end = at;
		}
	}
	return cur_sub(&bytes, end);
}

static bool put_number(struct dissection *d, uint16_t field, uint32_t number,
		       const struct cursor *bytes)
{
	if (cur_ok(bytes)) {
		record_put_uint(d->writer, field, number);
	}
	return cur_ok(bytes);
}

bool announcement_put_be16(struct dissection *d, uint16_t field, struct cursor bytes)
{
	uint32_t number = cur_be16(&bytes);

	return put_number(d, field, number, &bytes);
}

bool announcement_put_be32(struct dissection *d, uint16_t field, struct cursor bytes)
{
	uint32_t number = cur_be32(&bytes);

	return put_number(d, field, number, &bytes);
}

const char *announcement_uuid(struct cursor *bytes, char out[UUID_TEXT_SIZE])
{
	uint32_t a = cur_be32(bytes);
	uint16_t b = cur_be16(bytes), c = cur_be16(bytes), d = cur_be16(bytes), e = cur_be16(bytes);
	uint32_t f = cur_be32(bytes);

	snprintf(out, UUID_TEXT_SIZE, "%08x-%04x-%04x-%04x-%04x%08x", a, b, c, d, e, f);
	return out;
}

void announcement_put_name(struct dissection *d, uint16_t host_name, uint16_t domain_name,
			   struct cursor name)
{
	struct cursor look = name;
	bool dot = false;

	while (cur_left(&look) > 0) {
		uint8_t byte = cur_u8(&look);

		if (byte <= ' ' || byte == 0x7f) {
			return;
		}
		dot = dot || byte == '.';
	}
	if (cur_left(&name) > 0) {
		record_put_bytes(d->writer, dot ? domain_name : host_name, name);
	}
}

void announcement_put_capabilities(struct dissection *d, uint16_t field, uint32_t bits,
				   const struct capability *capabilities, size_t n)
{
	const char *names[CAPABILITIES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n && count < CAPABILITIES_MAX; i++) {
		if ((bits & capabilities[i].bit) != 0) {
			names[count++] = capabilities[i].name;
		}
	}
	record_put_statics(d->writer, field, names, count);
}

void announcement_put_duties(struct dissection *d, uint16_t field, uint32_t bits,
			     const struct capability *capabilities, size_t n)
{
	const char *duties[CAPABILITIES_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n && count < CAPABILITIES_MAX; i++) {
		const char *duty = capabilities[i].duty;
		bool is_there = (bits & capabilities[i].bit) == 0 || duty == NULL;

		for (size_t k = 0; k < count && !is_there; k++) {
			is_there = strcmp(duties[k], duty) == 0;
		}
		if (!is_there) {
			duties[count++] = duty;
		}
	}
	if (count > 0) {
		record_put_statics(d->writer, field, duties, count);
	}
}
