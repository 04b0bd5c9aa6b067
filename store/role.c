/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What each asset is judged to be, kept until what is known of it changes.
 *
 * A verdict hangs on what its addresses do and say, summed up in a signature that is compared
 * whenever somebody asks: polling costs nothing.  What only conversations tell (how many
 * controllers it polls) is looked at again by kinds_tick() and before documents are written. */

#include "capture/base/hash.h"
#include "store/kinds_private.h"
#include "store/vendor.h"

#define PERSON "person:" /* the source of what a person said */

/* One asset costs some 20 us to judge, one conversation 50 ns to look at: at most 1 % of the time.
 */
#define PASS_LEAST            NS_PER_S
#define PASS_PER_ASSET        (2 * NS_PER_MS)
#define PASS_PER_CONVERSATION (5 * NS_PER_US)

/* Until then a device is still being made out: a change of its role is no news. */
#define SETTLED_AFTER NS_PER_HOUR

static const struct kind_rule person_rule = { .id = "person", .because = "a person said so" };
static const struct kind_rule ghost_rule = { .id = "ghost",
					     .because = "it was only asked for, and never sent" };

static uint64_t signature_of(const struct asset *asset)
{
	uint64_t h = asset->router;

	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		uint64_t flags = (uint64_t)b->cyclic | (uint64_t)b->it_client << 1 |
				 (uint64_t)b->it_server << 2 | (uint64_t)b->evidence << 3 |
				 (uint64_t)b->attributes_version << 16;

		h = hash_word(h, (uint64_t)b->client_operations << 32 | b->server_operations);
		h = hash_word(h, flags);
		for (size_t i = 0; i < ARRAY_SIZE(b->client.bits); i++) {
			h = hash_word(h, b->client.bits[i] ^ b->server.bits[i] << 32 ^
					     b->server.bits[i] >> 32);
		}
	}
	return h | 1; /* 0: not judged yet */
}

/* The word that a person gave, or NULL. */
static const char *said_by_person(const struct inventory *inventory, const struct asset *asset,
				  enum kind_of of)
{
	static const char *const names[KINDS] = { [KIND_TYPE] = "type", [KIND_LEVEL] = "level" };
	const char *found = NULL;
	int64_t last = TIME_NONE;
	uint8_t kind;

	if (names[of] == NULL || !attribute_kind_from_name(names[of], &kind)) {
		return NULL;
	}
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		for (size_t i = 0; i < b->n_attributes; i++) {
			const struct attribute *a = &b->attributes[i];

			if (a->kind == kind && a->last >= last &&
			    strncmp(attribute_source_name(inventory, a->source), PERSON,
				    strlen(PERSON)) == 0) {
				found = kinds_spelling(inventory->kinds, of, a->value);
				last = a->last;
			}
		}
	}
	return found;
}

static void judge_one(struct facts *facts, enum kind_of of, struct asset_verdict *verdict)
{
	const struct kinds *kinds = facts->inventory->kinds;
	const struct kind_list *list = &kinds->lists[of];
	const char *value = said_by_person(facts->inventory, facts->asset, of);

	verdict->rule[of] = value != NULL ? &person_rule : NULL;
	for (size_t i = 0; value == NULL && i < list->n; i++) {
		if (kind_rule_fits(kinds, of, &list->rules[i], facts, &value)) {
			verdict->rule[of] = &list->rules[i];
		}
	}
	verdict->value[of] = facts->verdicts[of] = value;
}

/* All that fit, for there may be several; the same risk by two rules is told once. */
static void judge_risks(struct facts *facts, struct asset_verdict *verdict)
{
	const struct kinds *kinds = facts->inventory->kinds;
	const struct kind_list *list = &kinds->lists[KIND_RISK];
	const char *value;

	for (size_t i = 0; i < list->n; i++) {
		if (kind_rule_fits(kinds, KIND_RISK, &list->rules[i], facts, &value)) {
			facts->risks |= UINT64_C(1) << i;
		}
	}
	verdict->risks = facts->risks;
}

static void judge(struct asset *asset, uint64_t signature)
{
	struct asset_verdict *verdict = &asset->verdict;
	struct facts facts;

	verdict->signature = signature;
	verdict->made = asset->inventory->clock;
	verdict->risks = 0;
	verdict->vendor = vendor_canonical(asset_vendor_said(asset));
	if (asset_is_ghost(asset)) {
		memset(verdict->value, 0, sizeof(verdict->value));
		memset(verdict->rule, 0, sizeof(verdict->rule));
		verdict->rule[KIND_ROLE] = &ghost_rule;
		verdict->value[KIND_ROLE] = "unknown";
		return;
	}
	facts_gather(&facts, asset);
	judge_one(&facts, KIND_TYPE, verdict);
	judge_one(&facts, KIND_ROLE, verdict);
	judge_risks(&facts, verdict);
	judge_one(&facts, KIND_LEVEL, verdict);
	judge_one(&facts, KIND_IMPORTANCE, verdict);
}

/* The verdict is a cache: the asset is the same whether it was judged or not. */
static const struct asset_verdict *verdict_of(const struct asset *asset)
{
	uint64_t signature = signature_of(asset);

	if (unlikely(asset->verdict.signature != signature)) {
		judge((struct asset *)asset, signature);
	}
	return &asset->verdict;
}

struct judgement asset_judged(const struct asset *asset, enum kind_of of)
{
	const struct asset_verdict *verdict = verdict_of(asset);
	const struct kind_rule *rule = verdict->rule[of];

	return (struct judgement) {
		.value = verdict->value[of],
		.rule = rule != NULL ? rule->id : NULL,
		.because = rule != NULL ? rule->because : NULL,
	};
}

size_t asset_risks(const struct asset *asset, struct judgement *out)
{
	const struct kind_list *list = &asset->inventory->kinds->lists[KIND_RISK];
	uint64_t risks = verdict_of(asset)->risks;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		bool told = false;

		for (size_t k = 0; k < n; k++) {
			told = told || strcmp(out[k].value, list->rules[i].value) == 0;
		}
		if ((risks >> i & 1) != 0 && !told) {
			out[n++] = (struct judgement) { list->rules[i].value, list->rules[i].id,
							list->rules[i].because };
		}
	}
	return n;
}

const char *asset_vendor(const struct asset *asset)
{
	return verdict_of(asset)->vendor;
}

const char *asset_role_of(const struct asset *asset)
{
	const char *role = verdict_of(asset)->value[KIND_ROLE];

	return role != NULL ? role : "unknown";
}

/* ---- now and then ---- */

static bool was_active(const struct asset *asset)
{
	for (const struct binding *b = asset->members; b != NULL; b = b->asset_next) {
		if (b->last >= asset->verdict.made) {
			return true;
		}
	}
	return asset->verdict.signature == 0;
}

void kinds_refresh(struct inventory *inventory, bool all)
{
	facts_index(inventory);
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *asset = inventory->key_list[i];

		if (asset_is_live(asset) && (all || was_active(asset))) {
			judge(asset, signature_of(asset));
		}
	}
}

static bool is_settled(const struct inventory *inventory, const struct asset *asset)
{
	return inventory->clock - asset->first >= SETTLED_AFTER;
}

/* Says that a verdict is another one than before. */
static void tell(struct inventory *inventory, struct asset *asset, enum kind_of of,
		 const char *change)
{
	const char **told = &asset->verdict.told[of == KIND_ROLE];
	const char *now = asset->verdict.value[of];

	if (now == NULL || now == *told) {
		return;
	}
	if (*told != NULL && strcmp(*told, "unknown") != 0 && is_settled(inventory, asset)) {
		change_asset(inventory, asset, change, *told, now);
	}
	*told = now;
}

void kinds_tick(struct inventory *inventory)
{
	int64_t wait = PASS_LEAST + (int64_t)inventory->n_keys * PASS_PER_ASSET +
		       (int64_t)inventory->n_conversations * PASS_PER_CONVERSATION;

	if (inventory->clock == TIME_NONE ||
	    (inventory->judged != 0 && inventory->clock - inventory->judged < wait)) {
		return;
	}
	inventory->judged = inventory->clock;
	kinds_refresh(inventory, false);
	for (size_t i = 0; i < inventory->n_keys; i++) {
		struct asset *asset = inventory->key_list[i];

		if (asset->verdict.made == inventory->clock && asset_is_live(asset)) {
			tell(inventory, asset, KIND_TYPE, "type_changed");
			tell(inventory, asset, KIND_ROLE, "role_changed");
		}
	}
}
