/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The part of an asset's document that says how it is known to be one device. */

#include "store/asset_document.h"

#include <stdlib.h>

#define BINDINGS_MAX 64 /* in one document */
#define REASONS_MAX  128

static const char *const evidence_names[] = {
	"asked", "sent", "frame", "claim", "named", "asserted", "assigned",
};

static int compare_bindings(const void *a, const void *b)
{
	const struct binding *x = *(const struct binding *const *)a;
	const struct binding *y = *(const struct binding *const *)b;
	int order = memcmp(&x->ip, &y->ip, sizeof(x->ip));

	order = order != 0 ? order : memcmp(&x->mac, &y->mac, sizeof(x->mac));
	return order != 0 ? order : (x->vlan > y->vlan) - (x->vlan < y->vlan);
}

static void write_binding(struct json *json, const struct binding *b)
{
	char text[IP_TEXT_SIZE];

	json_object(json, NULL);
	if (b->ip_key != NULL) {
		json_text(json, "ip", ip_text(&b->ip, text));
	}
	if (b->mac_key != NULL) {
		json_text(json, "mac", mac_text(&b->mac, text));
	}
	if (b->vlan != 0) {
		json_text(json, "vlan", vlan_text(b->vlan, text));
	}
	json_array(json, "evidence");
	for (size_t i = 0; i < ARRAY_SIZE(evidence_names); i++) {
		if ((b->evidence >> i & 1) != 0) {
			json_text(json, NULL, evidence_names[i]);
		}
	}
	json_end(json);
	if (b->former) {
		json_bool(json, "former", true);
	}
	json_time(json, "first_seen", b->first);
	json_time(json, "last_seen", b->last);
	json_end(json);
}

static void write_bindings(struct json *json, const struct asset *asset)
{
	const struct binding *list[BINDINGS_MAX];
	size_t n = 0;

	for (const struct binding *b = asset->members; b != NULL && n < BINDINGS_MAX;
	     b = b->asset_next) {
		list[n++] = b;
	}
	qsort(list, n, sizeof(struct binding *), compare_bindings);
	json_array(json, "bindings");
	for (size_t i = 0; i < n; i++) {
		write_binding(json, list[i]);
	}
	json_end(json);
}

struct sentences {
	char *texts[REASONS_MAX];
	size_t n;
};

static void add_sentence(void *context, const char *sentence)
{
	struct sentences *list = context;

	if (list->n < REASONS_MAX) {
		list->texts[list->n] = strdup(sentence);
		list->n += list->texts[list->n] != NULL;
	}
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_reasons(struct json *json, const struct asset *asset)
{
	struct sentences list = { .n = 0 };

	identity_reasons(asset, add_sentence, &list);
	qsort(list.texts, list.n, sizeof(list.texts[0]), compare_texts);
	json_array(json, "identity_reasons");
	for (size_t i = 0; i < list.n; i++) {
		if (i == 0 || strcmp(list.texts[i], list.texts[i - 1]) != 0) {
			json_text(json, NULL, list.texts[i]);
		}
	}
	json_end(json);
	for (size_t i = 0; i < list.n; i++) {
		free(list.texts[i]);
	}
}

void write_evidence(struct json *json, const struct asset *asset)
{
	write_bindings(json, asset);
	write_reasons(json, asset);
}
