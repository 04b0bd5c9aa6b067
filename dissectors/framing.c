/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* From bytes in order to whole PDUs.  What lies whole in the bytes at hand is parsed there; a PDU
 * whose end is missing waits in an assembly buffer of its side.  Bytes that are no PDU are skipped
 * to where the dissector's resync sees the next one, and are said to be blind. */

#include "dissectors/engine_private.h"

#define PDU_MAX_DEFAULT 65536

static void end_assembly(struct engine *engine, struct session *session, unsigned side)
{
	assembly_put(engine, session->assembly[side]);
	session->assembly[side] = NULL;
	session->need[side] = 0;
}

void framing_end(struct engine *engine, struct session *session)
{
	end_assembly(engine, session, 0);
	end_assembly(engine, session, 1);
	assembly_end(engine, session);
}

void framing_hole(struct engine *engine, struct session *session, unsigned side)
{
	end_assembly(engine, session, side);
	assembly_hole(engine, session, side);
	session->lost[side] = true;
}

void framing_glance_end(struct engine *engine, const struct flow *flow, struct session *session,
			unsigned side)
{
	end_assembly(engine, session, side);
	assembly_hole(engine, session, side);
	session->enough |= (uint8_t)(1U << side);
	/* Its answers may come, where nobody looks any more. */
	if (side != flow->client) {
		transactions_blind(session);
	}
}

/* Says that n bytes were skipped because they are no PDU. */
static COLD void skipped(struct dissection *d, struct session *session, size_t n)
{
	int64_t now = d->packet != NULL ? d->packet->time : d->engine->clock;

	engine_blind_record(
	    d->engine, d->flow, session, d->packet,
	    &(struct blind) {
		.bytes = n, .from = now, .to = now, .reason = "resync", .side = d->side });
}

/* Bytes were no PDU once more. A claim that was made from a few bytes and never came true is given
 * back; the next protocol begins with nothing of what this one left. */
static COLD bool release_claim(struct engine *engine, struct session *session)
{
	session->failures = (uint8_t)(session->failures + (session->failures < UINT8_MAX));
	if (session->proven || session->failures < 8) {
		return false;
	}
	session->protocol = session->shown = PROTOCOL_NONE;
	session->failures = 0;
	session->lost[0] = session->lost[1] = false;
	memset(session->state, 0, sizeof(session->state));
	session->enough = 0;
	framing_end(engine, session);
	return true;
}

/* One whole PDU. False when it was none after all. */
static inline bool parse_pdu(struct dissection *d, struct session *session, struct cursor pdu)
{
	struct protocol_counters *counters = &d->engine->counters.protocols[session->protocol];
	enum parsed parsed;

	parsed = d->dissector->parse(d, pdu);
	if (d->engine->writer.open != NULL) {
		record_abort(&d->engine->writer);
	}
	if (unlikely(d->engine->spent != NULL)) {
		assembly_spent(d->engine);
	}
	if (unlikely(parsed != PARSED)) {
		if (parsed == PARSED_NOT_MINE) {
			return false;
		}
		counters->unknown += parsed == PARSED_UNKNOWN;
		counters->malformed += parsed == PARSED_MALFORMED;
	}
	session->proven = true;
	session->failures = 0;
	session->lost[d->side] = false;
	return true;
}

/* Where the next PDU begins, from byte `from` on. */
static COLD size_t find_next(const struct dissection *d, struct cursor bytes, size_t from)
{
	return size_min(d->dissector->resync(d, bytes, from), cur_left(&bytes));
}

/* Parses every whole PDU in *bytes. Leaves the start of an unfinished one there and returns how
 * many bytes it needs (0: nothing left). */
static size_t parse_whole(struct dissection *d, struct session *session, struct cursor *bytes)
{
	size_t pdu_max = d->dissector->pdu_max != 0 ? d->dissector->pdu_max : PDU_MAX_DEFAULT;

	while (cur_left(bytes) > 0 && session->protocol != PROTOCOL_NONE) {
		struct cursor look = *bytes;
		struct framing framing = { FRAMING_NOT_MINE, 0 };
		size_t skip = session->lost[d->side] ? find_next(d, look, 0) : 0;

		if (skip > 0) {
			skipped(d, session, skip);
			cur_skip(bytes, skip);
			if (cur_left(bytes) == 0 && release_claim(d->engine, session)) {
				break;
			}
			continue;
		}
		d->from_client = d->side == d->flow->client;
		framing = d->dissector->frame(d, look);
		/* What is as long as the longest PDU and still no PDU is none. */
		if (framing.verdict == FRAMING_MORE && cur_left(bytes) < pdu_max) {
			return size_min(size_max(framing.length, cur_left(bytes) + 1), pdu_max);
		}
		if (framing.verdict == FRAMING_PDU && framing.length > 0 &&
		    framing.length <= pdu_max) {
			if (framing.length > cur_left(bytes)) {
				return framing.length;
			}
			if (parse_pdu(d, session, cur_sub(&look, framing.length))) {
				if (unlikely(session->enough >> d->side & 1)) {
					break;
				}
				cur_skip(bytes, framing.length);
				continue;
			}
		}
		if (d->dissector->glance) {
			dissect_enough(d);
			break;
		}
		session->lost[d->side] = true;
		if (release_claim(d->engine, session)) {
			break;
		}
		skip = size_max(find_next(d, *bytes, 1), 1);
		skipped(d, session, skip);
		cur_skip(bytes, skip);
	}
	return 0;
}

/* Keeps the start of an unfinished PDU. */
static COLD void keep(struct dissection *d, struct session *session, struct cursor rest,
		      size_t need)
{
	struct assembly *assembly = assembly_get(d->engine, need);
	size_t n = cur_left(&rest);

	if (assembly == NULL) {
		d->engine->counters.assemblies_refused++;
		if (d->dissector->glance) {
			framing_glance_end(d->engine, d->flow, session, d->side);
			return;
		}
		session->lost[d->side] = true;
		engine_blind_record(d->engine, d->flow, session, d->packet,
				    &(struct blind) { .bytes = n,
						      .from = d->engine->clock,
						      .to = d->engine->clock,
						      .reason = "cap",
						      .side = d->side });
		return;
	}
	cur_copy(&rest, assembly->bytes, n);
	assembly->length = (uint32_t)n;
	session->assembly[d->side] = assembly;
	session->need[d->side] = (uint32_t)need;
}

/* Completes the PDU under way from *bytes. False: all bytes went into it and more are needed. */
static COLD bool complete(struct dissection *d, struct session *session, struct cursor *bytes)
{
	struct assembly *assembly = session->assembly[d->side];
	size_t take = size_min(session->need[d->side] - assembly->length, cur_left(bytes));
	struct cursor part = cur_sub(bytes, take), whole;
	size_t need;

	cur_copy(&part, assembly->bytes + assembly->length, take);
	assembly->length += (uint32_t)take;
	if (assembly->length < session->need[d->side]) {
		return false;
	}
	whole = cur_of(assembly->bytes, assembly->length);
	need = parse_whole(d, session, &whole);
	if (need == 0) {
		end_assembly(d->engine, session, d->side);
		return true;
	}
	/* The length is known only now, or what followed a false start is the start of another. */
	session->assembly[d->side] = NULL;
	keep(d, session, whole, need);
	assembly_put(d->engine, assembly);
	return true;
}

void framing_data(struct dissection *d, struct session *session, struct cursor bytes)
{
	size_t need;

	while (session->assembly[d->side] != NULL && cur_left(&bytes) > 0) {
		if (!complete(d, session, &bytes)) {
			return;
		}
	}
	if (cur_left(&bytes) == 0 || (session->enough >> d->side & 1) != 0) {
		return;
	}
	need = parse_whole(d, session, &bytes);
	if (need > 0) {
		keep(d, session, bytes, need);
	}
}

void framing_datagram(struct dissection *d, struct session *session, struct cursor bytes)
{
	if (!parse_pdu(d, session, bytes) && !d->dissector->glance) {
		skipped(d, session, cur_left(&bytes));
		(void)release_claim(d->engine, session);
	}
}
