/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Who has an address: which claims count, and what two claims to one address mean. */

#include "store/inventory_private.h"

#define ANSWERS_MAX 16 /* addresses that a host may answer for without ever using them */

/* An address that was silent for so long has a new holder; before, two hold it. */
#define SILENCE_OF_MOVED (5 * NS_PER_MINUTE)

/* Network cards of one machine have MACs this near to each other. */
#define TEAM_DISTANCE 3

/* ---- which claims count ---- */

/* Netmasks are not on the wire: a /24 and a /64 are what most plants use. */
static bool same_network(const struct ip *a, const struct ip *b)
{
	return ip_is_v4(a) == ip_is_v4(b) && memcmp(a->bytes, b->bytes, ip_is_v4(a) ? 15 : 8) == 0;
}

static bool is_only_answer(const struct binding *b)
{
	return (b->evidence & EVIDENCE_CLAIM) != 0 &&
	       (b->evidence & (EVIDENCE_ASSERTED | EVIDENCE_ASSIGNED)) == 0;
}

/* An answer to ARP for an address that the MAC never used itself, while it uses addresses of other
 * networks in this VLAN and none of this one: proxy ARP (RFC 1027). */
static bool is_proxy_answer(const struct asset *mac_key, const struct binding *b)
{
	bool elsewhere = false;

	for (const struct binding *own = mac_key->keyed; own != NULL; own = own->next_of_mac) {
		if ((own->evidence & EVIDENCE_ASSERTED) == 0 || own->vlan != b->vlan ||
		    own->ip_key == NULL || ip_is_v4(&own->ip) != ip_is_v4(&b->ip)) {
			continue;
		}
		if (same_network(&own->ip, &b->ip)) {
			return false;
		}
		elsewhere = true;
	}
	return elsewhere && !ip_is_link_local(&b->ip);
}

bool claims_weigh(struct asset *mac_key, const struct binding *news)
{
	unsigned answers = 0;
	bool changed = false;

	for (const struct binding *b = mac_key->keyed; b != NULL; b = b->next_of_mac) {
		answers += b->ip_key != NULL && is_only_answer(b);
	}
	for (struct binding *b = mac_key->keyed; b != NULL; b = b->next_of_mac) {
		bool believed = b->ip_key != NULL && (b->evidence & EVIDENCE_CLAIM) != 0;

		if (believed && is_only_answer(b)) {
			believed = answers <= ANSWERS_MAX && !is_proxy_answer(mac_key, b);
		}
		changed = changed || (believed != b->believed && b != news);
		b->believed = believed;
	}
	return changed;
}

const struct binding *identity_owner(const struct asset *ip_key, uint32_t vlan)
{
	const struct binding *owner = NULL;

	for (const struct binding *b = ip_key->keyed; b != NULL; b = b->next_of_ip) {
		if (!b->believed || b->vlan != vlan) {
			continue;
		}
		if (owner == NULL || b->last_claim > owner->last_claim ||
		    (b->last_claim == owner->last_claim &&
		     memcmp(&b->mac, &owner->mac, sizeof(b->mac)) < 0)) {
			owner = b;
		}
	}
	return owner;
}

/* ---- two claims ---- */

bool mac_is_shared(const struct mac *mac)
{
	static const struct {
		uint8_t prefix[5], length;
	} groups[] = {
		{ { 0x00, 0x00, 0x5e, 0x00, 0x01 }, 5 }, /* VRRP and CARP (RFC 5798 7.3) */
		{ { 0x00, 0x00, 0x5e, 0x00, 0x02 }, 5 }, /* VRRP for IPv6 */
		{ { 0x00, 0x00, 0x0c, 0x07, 0xac }, 5 }, /* HSRP version 1 */
		{ { 0x00, 0x00, 0x0c, 0x9f, 0xf0 }, 4 }, /* HSRP version 2: 00-00-0c-9f-fX-XX */
		{ { 0x00, 0x05, 0x73, 0xa0, 0x00 }, 4 }, /* HSRP for IPv6 */
		{ { 0x00, 0x07, 0xb4, 0x00, 0x00 }, 4 }, /* GLBP */
	};

	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (memcmp(mac->bytes, groups[i].prefix, groups[i].length) == 0) {
			return true;
		}
	}
	return false;
}

static bool are_neighbours(const struct mac *a, const struct mac *b)
{
	int distance = a->bytes[5] - b->bytes[5];

	return memcmp(a->bytes, b->bytes, 5) == 0 && distance <= TEAM_DISTANCE &&
	       distance >= -TEAM_DISTANCE;
}

enum succession claims_compare(const struct binding *a, const struct binding *b)
{
	bool a_first = a->first_claim != b->first_claim ? a->first_claim < b->first_claim
							: memcmp(&a->mac, &b->mac, 6) < 0;
	const struct binding *earlier = a_first ? a : b, *later = a_first ? b : a;

	if (earlier->last < later->first_claim &&
	    (later->first_claim - earlier->last >= SILENCE_OF_MOVED ||
	     (later->evidence & EVIDENCE_ASSIGNED) != 0)) {
		return SUCCESSION_MOVED;
	}
	return are_neighbours(&a->mac, &b->mac) ? SUCCESSION_TEAM : SUCCESSION_CONFLICT;
}

static bool of_one_family(const struct binding *a, const struct binding *b)
{
	return a->ip_key != NULL && b->ip_key != NULL && ip_is_v4(&a->ip) == ip_is_v4(&b->ip) &&
	       ip_is_link_local(&a->ip) == ip_is_link_local(&b->ip);
}

/* Whether the MAC was given another address when this one had fallen silent. */
static bool was_given_up(const struct binding *b)
{
	for (const struct binding *other = b->mac_key->keyed; other != NULL;
	     other = other->next_of_mac) {
		if (other != b && other->vlan == b->vlan && of_one_family(other, b) &&
		    (other->evidence & EVIDENCE_ASSIGNED) != 0 && b->last < other->first_claim) {
			return true;
		}
	}
	return false;
}

/* Whether two MACs that claim an address at once are in each other's way. */
static bool is_disputed(const struct asset *a, const struct asset *b)
{
	if (a->is_virtual || b->is_virtual) {
		return false;
	}
	return a->root != b->root || a->united == UNION_TEAM || b->united == UNION_TEAM;
}

/* Whether `earlier`, which never claimed the address, was silent when `later` took it over. */
bool claims_took_over(const struct binding *earlier, const struct binding *later)
{
	return earlier->last < later->first_claim &&
	       later->first_claim - earlier->last >= SILENCE_OF_MOVED;
}

void claims_settle(struct binding *b)
{
	b->former = was_given_up(b);
	for (struct binding *other = b->ip_key->keyed; other != NULL; other = other->next_of_ip) {
		bool earlier;

		if (other == b || other->vlan != b->vlan || !other->believed) {
			continue;
		}
		earlier = b->first_claim < other->first_claim ||
			  (b->first_claim == other->first_claim &&
			   memcmp(&b->mac, &other->mac, sizeof(b->mac)) < 0);
		if (claims_compare(b, other) == SUCCESSION_MOVED) {
			b->former = b->former || earlier;
		} else if (is_disputed(b->mac_key, other->mac_key)) {
			b->mac_key->root->conflict = true;
			other->mac_key->root->conflict = true;
		}
	}
}
