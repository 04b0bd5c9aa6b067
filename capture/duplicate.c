/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* A TCP segment is the same when addresses, IP id, sequence, acknowledgement, flags, window,
 * length and the start of its payload are, within 5 ms: a retransmission has a new IP id, and comes
 * later.  Other packets are the same when all bytes from the IP header on are, hop limit and
 * header checksum aside, or the whole frame when there is no IP.  With an IP id that is proof
 * within 5 ms.  Without, a device may well ask the same thing twice: within 1 ms, and only
 * of two devices whose frames have proved to be mirrored twice, it is taken for a copy. */

#include "capture/duplicate.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <stdlib.h>

#define WAYS           4
#define SETS           1024U
#define PAIRS          1024U
#define CACHE_LINE     64U
#define SURE_WINDOW    (5 * NS_PER_MS)
#define UNSURE_WINDOW  (1 * NS_PER_MS)
#define PAYLOAD_SAMPLE 128U
#define LEVEL_KNOWN    8U
#define LEVEL_MAX      16U
#define LEVEL_LEAK     (NS_PER_MINUTE / LEVEL_KNOWN)
#define IP4_MUTABLE    12U /* version to header checksum: RFC 791 3.1 */
#define IP6_MUTABLE    8U  /* version to hop limit: RFC 8200 3 */

struct entry {
	uint64_t fingerprint; /* 0: empty */
	int64_t time;
};

/* How surely two addresses are mirrored twice: one up with every proven copy, one down with every
 * LEVEL_LEAK that passes. */
struct pair {
	uint64_t hash;
	int64_t since; /* of the latest leak */
	uint32_t level;
};

struct duplicates {
	struct entry entries[SETS][WAYS];
	struct pair pairs[PAIRS];
};

struct evidence_of_copy {
	uint64_t fingerprint;
	bool proves; /* the same again cannot be a second real packet */
};

static bool is_within(int64_t a, int64_t b, int64_t window)
{
	return (a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a) <= (uint64_t)window;
}

static uint64_t hash_cursor(struct cursor bytes, uint64_t seed)
{
	return hash_bytes(bytes.p, cur_left(&bytes), seed);
}

/* ---- pairs that are mirrored twice ---- */

static struct pair *pair_at(struct duplicates *duplicates, uint64_t hash)
{
	return &duplicates->pairs[hash % PAIRS];
}

static void pair_leak(struct pair *pair, int64_t time)
{
	uint64_t passed = time > pair->since ? (uint64_t)time - (uint64_t)pair->since : 0;
	uint64_t n = passed / (uint64_t)LEVEL_LEAK;

	if (n >= pair->level) {
		pair->level = 0;
		pair->since = time;
	} else {
		pair->level -= (uint32_t)n;
		pair->since += (int64_t)n * LEVEL_LEAK;
	}
}

static void pair_confirm(struct duplicates *duplicates, uint64_t hash, int64_t time)
{
	struct pair *pair = pair_at(duplicates, hash);

	if (pair->hash != hash) {
		*pair = (struct pair) { .hash = hash, .since = time };
	}
	pair_leak(pair, time);
	pair->level += pair->level < LEVEL_MAX;
}

static bool pair_is_known(struct duplicates *duplicates, uint64_t hash, int64_t time)
{
	struct pair *pair = pair_at(duplicates, hash);

	if (pair->hash != hash) {
		return false;
	}
	pair_leak(pair, time);
	return pair->level >= LEVEL_KNOWN;
}

/* The unordered pair of link addresses, for frames without IP. */
static uint64_t link_pair(const struct packet *packet)
{
	uint64_t source = hash_bytes(packet->mac_source.bytes, 6, packet->domain);
	uint64_t destination = hash_bytes(packet->mac_destination.bytes, 6, packet->domain);

	return hash_word(source ^ destination, packet->domain);
}

/* ---- fingerprints ---- */

static struct evidence_of_copy tcp_fingerprint(const struct packet *packet, uint64_t h)
{
	struct cursor payload = packet->payload;
	uint64_t content = hash_cursor(cur_sub_most(&payload, PAYLOAD_SAMPLE), 0);

	h = hash_word(h, (uint64_t)packet->tcp_sequence << 32 | packet->tcp_acknowledgement);
	content = hash_word(content, (uint64_t)packet->payload_length << 40 |
					 (uint64_t)packet->tcp_flags << 32 |
					 (uint64_t)packet->tcp_window << 16 | packet->ip_id);
	return (struct evidence_of_copy) { .fingerprint = hash_word(h, content), .proves = true };
}

static struct evidence_of_copy ip_fingerprint(const struct packet *packet, uint64_t h)
{
	struct cursor bytes = packet->network;

	cur_skip(&bytes, packet->ip_version == 4 ? IP4_MUTABLE : IP6_MUTABLE);
	return (struct evidence_of_copy) {
		.fingerprint = hash_cursor(bytes, hash_word(h, packet->ip_id)),
		.proves = packet->ip_id != 0,
	};
}

static struct evidence_of_copy frame_fingerprint(const struct packet *packet, uint64_t h)
{
	return (struct evidence_of_copy) {
		.fingerprint = hash_cursor(cur_of(packet->frame, packet->captured), h),
		.proves = false,
	};
}

static struct evidence_of_copy fingerprint(const struct packet *packet,
					   const struct duplicate_keys *keys)
{
	uint64_t h = keys->flow ^ keys->side;
	struct evidence_of_copy evidence;

	if (likely(packet->ip_version != 0 && packet->ip_protocol == IP_PROTOCOL_TCP &&
		   packet->port_source != 0)) {
		evidence = tcp_fingerprint(packet, h);
	} else if (packet->ip_version != 0) {
		evidence = ip_fingerprint(packet, h);
	} else {
		evidence = frame_fingerprint(packet, h);
	}
	evidence.fingerprint |= 1; /* 0 is "empty" */
	return evidence;
}

/* ---- look-up ---- */

/* Whether the set, latest entry first, has this fingerprint from within the window. No branch
 * depends on the ways, as none could be foreseen. */
static bool set_has(const struct entry *set, uint64_t fingerprint, int64_t time, int64_t window)
{
	bool found = false;

	for (unsigned way = 0; way < WAYS; way++) {
		found |= set[way].fingerprint == fingerprint;
	}
	if (likely(!found)) {
		return false;
	}
	found = false;
	for (unsigned way = 0; way < WAYS; way++) {
		found |=
		    set[way].fingerprint == fingerprint && is_within(time, set[way].time, window);
	}
	return found;
}

static void set_add(struct entry *set, uint64_t fingerprint, int64_t time)
{
	memmove(set + 1, set, (WAYS - 1) * sizeof(*set));
	set[0] = (struct entry) { fingerprint, time };
}

/* A copy whose like cannot be a second packet says that these two are mirrored twice. A bare
 * acknowledgement without IP id says nothing. */
static void learn(struct duplicates *duplicates, const struct packet *packet,
		  const struct duplicate_keys *keys)
{
	if (packet->ip_id == 0 && packet->payload_length == 0) {
		return;
	}
	pair_confirm(duplicates, keys->pair, packet->time);
	if (packet->has_mac) {
		pair_confirm(duplicates, link_pair(packet), packet->time);
	}
}

enum duplicate_verdict duplicates_check(struct duplicates *duplicates, const struct packet *packet,
					const struct duplicate_keys *keys)
{
	struct evidence_of_copy evidence = fingerprint(packet, keys);
	struct entry *set = duplicates->entries[(evidence.fingerprint >> 1) % SETS];
	int64_t window = evidence.proves ? SURE_WINDOW : UNSURE_WINDOW;

	if (likely(!set_has(set, evidence.fingerprint, packet->time, window))) {
		set_add(set, evidence.fingerprint, packet->time);
		return DUPLICATE_NO;
	}
	if (evidence.proves) {
		learn(duplicates, packet, keys);
		return DUPLICATE_YES;
	}
	uint64_t pair = packet->ip_version != 0 ? keys->pair : link_pair(packet);
	return pair_is_known(duplicates, pair, packet->time) ? DUPLICATE_YES : DUPLICATE_KEPT;
}

int duplicates_new(struct duplicates **out)
{
	struct duplicates *duplicates = aligned_alloc(
	    CACHE_LINE, (sizeof(*duplicates) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);

	if (duplicates == NULL) {
		return -ENOMEM;
	}
	memset(duplicates, 0, sizeof(*duplicates));
	*out = duplicates;
	return 0;
}

struct duplicates *duplicates_free(struct duplicates *duplicates)
{
	free(duplicates);
	return NULL;
}
