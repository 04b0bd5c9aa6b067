/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/stored.h"

#include "capture/base/address.h"

#include <string.h>

struct stored {
	struct query *query;
	enum store_noun noun;
};

/* Where the order is written. */
struct writing {
	uint8_t *at, *end;
};

static void put(struct writing *writing, const void *bytes, size_t n)
{
	n = size_min(n, (size_t)(writing->end - writing->at));
	memcpy(writing->at, bytes, n);
	writing->at += n;
}

static void put_number(struct writing *writing, double number)
{
	uint32_t n = number > 0 ? (uint32_t)number : 0;
	const uint8_t bytes[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
				   (uint8_t)n };

	put(writing, bytes, sizeof(bytes));
}

static bool first_text(void *context, const struct tree_value *value)
{
	snprintf(context, IP_TEXT_SIZE, "%s", value->text);
	return false;
}

/* The first address at a path; true if there is one. */
static bool put_ip(struct writing *writing, const struct tree *document, const char *path)
{
	char text[IP_TEXT_SIZE] = "";
	struct ip ip = { { 0 } };
	bool there = !tree_visit(document, path, first_text, text) && ip_parse(text, &ip) == 0;

	put(writing, ip.bytes, sizeof(ip.bytes));
	return there;
}

static void put_mac(struct writing *writing, const struct tree *document, const char *path)
{
	char text[IP_TEXT_SIZE] = "";
	struct mac mac = { { 0 } };

	if (!tree_visit(document, path, first_text, text) && mac_parse(text, &mac) != 0) {
		mac = (struct mac) { { 0 } };
	}
	put(writing, mac.bytes, sizeof(mac.bytes));
}

/* Those without IP address come last. */
static void order_asset(struct writing *writing, const struct tree *document)
{
	uint8_t *last;

	put_number(writing, tree_number(document, "weir.asset.domain"));
	last = writing->at;
	put(writing, "\0", 1);
	*last = put_ip(writing, document, "host.ip") ? 0 : 1;
	put_mac(writing, document, "host.mac");
}

static void order_conversation(struct writing *writing, const struct tree *document)
{
	put_number(writing, tree_number(document, "weir.conversation.domain"));
	(void)put_ip(writing, document, "source.ip");
	(void)put_ip(writing, document, "destination.ip");
	put_mac(writing, document, "source.mac");
	put_mac(writing, document, "destination.mac");
}

static bool choose(void *context, const char *json, size_t length, struct store_order *order)
{
	const struct stored *stored = context;
	struct writing writing = { order->bytes, order->bytes + sizeof(order->bytes) };
	struct tree *document = NULL;
	bool wanted;

	if (tree_read(&document, json, length) < 0) {
		/* The query says so, and leaves it out. */
		return true;
	}
	wanted = query_wants(stored->query, document);
	if (wanted && stored->noun == STORE_ASSETS) {
		order_asset(&writing, document);
	} else if (wanted) {
		order_conversation(&writing, document);
	}
	tree_free(document);
	return wanted;
}

static bool hand_over(void *context, const char *json, size_t length)
{
	const struct stored *stored = context;

	return query_document(stored->query, json, length);
}

static bool skip(void *context)
{
	const struct stored *stored = context;

	return query_skips(stored->query);
}

int stored_documents(struct query *query, struct store *store, enum store_noun noun)
{
	struct stored stored = { query, noun };
	const struct store_choice choice = { choose, hand_over, skip, &stored };

	return store_read_inventory(store, noun, query_since(query), &choice);
}
