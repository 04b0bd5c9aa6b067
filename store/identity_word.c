/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* MACs that are one device by what they say: one chassis id (LLDP, spanning tree), or one serial
 * number from interfaces of one maker. */

#include "store/inventory_private.h"

#include <stdlib.h>

#define SERIAL_MIN 6 /* a shorter serial number may be no more than a count */

/* One saying of one MAC. */
struct word {
	const char *text;
	struct asset *key;
	uint16_t domain;
	bool serial;
};

struct words {
	struct word *list;
	size_t n, capacity;
};

/* "00000000", "XXXXXXXX": a number that was never given. */
static bool is_placeholder(const char *text)
{
	size_t n = strlen(text);

	return n < SERIAL_MIN || strspn(text, (const char[]) { text[0], '\0' }) == n;
}

static bool is_word(const struct attribute *a)
{
	return a->until == TIME_NONE &&
	       (a->kind == IDENTITY_CHASSIS_ID ||
		(a->kind == IDENTITY_SERIAL_NUMBER && a->itself && !is_placeholder(a->value)));
}

static bool add(struct words *words, const struct word *word)
{
	if (words->n == words->capacity) {
		size_t capacity = size_max(words->capacity * 2, 64);
		struct word *grown = realloc(words->list, capacity * sizeof(*grown));

		if (grown == NULL) {
			return false;
		}
		words->list = grown;
		words->capacity = capacity;
	}
	words->list[words->n++] = *word;
	return true;
}

static bool gather(struct inventory *inventory, struct words *words)
{
	for (size_t i = 0; i < inventory->n_bindings; i++) {
		const struct binding *b = inventory->binding_list[i];

		for (size_t k = 0; b->mac_key != NULL && k < b->n_attributes; k++) {
			const struct attribute *a = &b->attributes[k];
			const struct word word = {
				.text = a->value,
				.key = b->mac_key,
				.domain = b->domain,
				.serial = a->kind == IDENTITY_SERIAL_NUMBER,
			};

			/* A router's ports are one chassis, but what it forwards may give serial
			 * numbers of others. */
			if (is_word(a) && !b->mac_key->is_virtual &&
			    (!word.serial || !b->mac_key->router) && !add(words, &word)) {
				return false;
			}
		}
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct word *x = a, *y = b;
	int order = x->domain != y->domain ? (x->domain < y->domain ? -1 : 1)
					   : (int)x->serial - (int)y->serial;

	order = order != 0 ? order : strcmp(x->text, y->text);
	return order != 0 ? order : memcmp(&x->key->mac, &y->key->mac, sizeof(x->key->mac));
}

static bool is_local(const struct mac *mac)
{
	return (mac->bytes[0] & 2) != 0;
}

/* Interfaces that one maker built: simulators on machines of any kind all have the same number. */
static bool of_one_maker(const struct mac *a, const struct mac *b)
{
	return memcmp(a->bytes, b->bytes, 3) == 0 && !is_local(a) && !is_local(b);
}

/* A chassis is often named by the MAC of one of its interfaces. */
static void unite_named(struct inventory *inventory, const struct word *word, identity_unite *unite)
{
	const struct ip none = { { 0 } };
	struct mac mac;
	struct asset *key;

	if (word->serial || mac_parse(word->text, &mac) != 0 || mac_is_group(&mac)) {
		return;
	}
	key = binding_key_find(inventory, word->domain, &none, &mac);
	if (key != NULL && !key->is_virtual) {
		unite(word->key, key, UNION_CHASSIS);
	}
}

void unite_by_word(struct inventory *inventory, identity_unite *unite)
{
	struct words words = { .list = NULL };

	if (!gather(inventory, &words)) {
		inventory->out_of_memory = true;
	}
	if (words.n > 1) {
		qsort(words.list, words.n, sizeof(words.list[0]), compare);
	}
	for (size_t i = 0; i < words.n; i++) {
		const struct word *word = &words.list[i], *before = word - (i > 0);

		unite_named(inventory, word, unite);
		if (i == 0 || word->serial != before->serial || word->domain != before->domain ||
		    strcmp(word->text, before->text) != 0) {
			continue;
		}
		if (!word->serial) {
			unite(before->key, word->key, UNION_CHASSIS);
		} else if (of_one_maker(&before->key->mac, &word->key->mac)) {
			unite(before->key, word->key, UNION_SERIAL);
		}
	}
	free(words.list);
}
