/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/item_demand.h"

#include "capture/base/hash.h"

#define END_BITS 16

_Static_assert(ITEM_END_WORDS * 64 == 1U << END_BITS, "as many bits as a hash has places");

uint64_t item_end_hash(const struct ip *ip, unsigned bits)
{
	struct ip counts = { { 0 } };
	unsigned whole = bits / 8, rest = bits % 8;

	memcpy(counts.bytes, ip->bytes, whole);
	if (rest != 0) {
		counts.bytes[whole] = (uint8_t)(ip->bytes[whole] & 0xff00U >> rest);
	}
	return hash_bytes(counts.bytes, sizeof(counts.bytes), bits);
}

static size_t place_of(uint64_t hash)
{
	return (size_t)(hash * 0x9e3779b97f4a7c15U >> (64 - END_BITS));
}

/* Whatever is wanted of some ends is wanted of all: there is no room to tell which. */
static void want_all(struct item_demand *demand)
{
	for (size_t i = 0; i < ARRAY_SIZE(demand->operations); i++) {
		for (size_t k = 0; k < OUTCOMES; k++) {
			demand->operations[i][k] |= demand->of_ends[i][k];
		}
	}
}

void item_demand_add_end(struct item_demand *demand, uint64_t hash, unsigned bits)
{
	size_t at = place_of(hash), i = 0;

	while (i < ITEM_LENGTHS_MAX && demand->lengths[i] != 0 && demand->lengths[i] != bits) {
		i++;
	}
	if (i == ITEM_LENGTHS_MAX || bits == 0) {
		want_all(demand);
		return;
	}
	demand->lengths[i] = (uint8_t)bits;
	demand->ends[at / 64] |= UINT64_C(1) << at % 64;
}

/* ---- while workers read ---- */

#define STORE(to, from) __atomic_store_n(&(to), (from), __ATOMIC_RELAXED)
#define LOAD(from)      __atomic_load_n(&(from), __ATOMIC_RELAXED)

void item_demand_use(struct item_demand *to, const struct item_demand *from)
{
	for (size_t i = 0; i < ARRAY_SIZE(to->operations); i++) {
		for (size_t k = 0; k < OUTCOMES; k++) {
			STORE(to->operations[i][k], from->operations[i][k]);
			STORE(to->of_ends[i][k], from->of_ends[i][k]);
		}
	}
	for (size_t i = 0; i < ITEM_END_WORDS; i++) {
		STORE(to->ends[i], from->ends[i]);
	}
	for (size_t i = 0; i < ITEM_LENGTHS_MAX; i++) {
		STORE(to->lengths[i], from->lengths[i]);
	}
	__atomic_add_fetch(&to->version, 1, __ATOMIC_RELEASE);
}

bool item_demand_has_end(const struct item_demand *demand, const struct ip ends[2])
{
	for (size_t i = 0; i < ITEM_LENGTHS_MAX; i++) {
		unsigned bits = LOAD(demand->lengths[i]);

		for (size_t k = 0; bits != 0 && k < 2; k++) {
			size_t at = place_of(item_end_hash(&ends[k], bits));

			if ((LOAD(demand->ends[at / 64]) >> at % 64 & 1) != 0) {
				return true;
			}
		}
	}
	return false;
}
