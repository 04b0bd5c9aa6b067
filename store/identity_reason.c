/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Why an asset is one device, in words. */

#include "store/inventory_private.h"

#include <stdio.h>

#define SENTENCE_MAX 256

typedef void sentence_handler(void *context, const char *sentence);

static const char *const unions[UNION_REASONS] = {
	[UNION_ADDRESS] = "frames from both carried one address, and neither claimed it",
	[UNION_PORT] = "it carried a single address of this device in the same VLAN: a second port",
	[UNION_TEAM] = "neighbouring MACs claim one address: network cards of one machine, or two "
		       "devices of one batch with the same address",
	[UNION_CHASSIS] = "both say that they are of one chassis",
	[UNION_SERIAL] = "both give one serial number",
	[UNION_PERSON] = "a person says that they are one device",
};

/* Who says that the MAC has the address. */
static const char *claim_text(const struct binding *b)
{
	if ((b->evidence & EVIDENCE_ASSERTED) != 0) {
		return "uses it: its own requests and announcements say so";
	}
	if ((b->evidence & EVIDENCE_ASSIGNED) != 0) {
		return "was given it by a server or a controller";
	}
	return "answers for it";
}

static void say_claimed(const struct binding *b, char *out, const char *ip, const char *mac)
{
	snprintf(out, SENTENCE_MAX, "%s%s: %s %s%s", b->former ? "formerly " : "", ip, mac,
		 claim_text(b), b->mac_key->is_virtual ? "; several routers share this MAC" : "");
}

/* Why an address belongs here that the MAC did not claim. */
static void say_carried(const struct asset *asset, const struct binding *b, char *out,
			const char *ip, const char *mac)
{
	if (b->mac_key == NULL) {
		snprintf(out, SENTENCE_MAX, "%s: no MAC is in the capture%s", ip,
			 mac_is_none(&asset->mac) ? "" : "; the address has its home here");
	} else if (b->mac_key->root == asset) {
		snprintf(out, SENTENCE_MAX,
			 "%s: frames from %s carried it, and that MAC carries no other network", ip,
			 mac);
	} else if (b->mac_key->router) {
		snprintf(out, SENTENCE_MAX, "%s: seen behind the router %s%s", ip, mac,
			 mac_is_none(&asset->mac) ? "" : "; the address has its home here");
	} else {
		snprintf(out, SENTENCE_MAX, "%s: also seen from %s; the address has its home here",
			 ip, mac);
	}
}

static void say_binding(const struct asset *asset, const struct binding *b,
			sentence_handler *handler, void *context)
{
	char sentence[SENTENCE_MAX], ip[IP_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	ip_text(&b->ip, ip);
	mac_text(&b->mac, mac);
	if (b->ip_key == NULL) {
		snprintf(sentence, sizeof(sentence), "%s: sent frames without IP", mac);
	} else if (b->ip_key->apart) {
		snprintf(sentence, sizeof(sentence),
			 "%s: a person says that it is a device of its own", ip);
	} else if ((b->evidence & ~(EVIDENCE_ASKED | EVIDENCE_NAMED)) == 0) {
		return;
	} else if (b->believed) {
		say_claimed(b, sentence, ip, mac);
	} else {
		say_carried(asset, b, sentence, ip, mac);
	}
	handler(context, sentence);
}

/* The MAC of a binding is another key of this device: why. */
static void say_union(const struct asset *asset, const struct binding *b, sentence_handler *handler,
		      void *context)
{
	const struct asset *key = b->mac_key;
	char sentence[SENTENCE_MAX], mac[MAC_TEXT_SIZE], root[MAC_TEXT_SIZE];

	if (key == NULL || key == asset || key->root != asset || key->united == UNION_NONE) {
		return;
	}
	snprintf(sentence, sizeof(sentence), "%s is one device with %s: %s",
		 mac_text(&key->mac, mac), mac_text(&asset->mac, root), unions[key->united]);
	handler(context, sentence);
}

void identity_reasons(const struct asset *asset, sentence_handler *handler, void *context)
{
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		say_binding(asset, b, handler, context);
		say_union(asset, b, handler, context);
	}
	if (asset->router && !asset->is_virtual) {
		handler(context, "a router: its MAC carries addresses of other networks or of "
				 "other MACs; it absorbs none of them");
	}
	if (asset->conflict) {
		handler(context, "another MAC claims one of its addresses");
	}
}
