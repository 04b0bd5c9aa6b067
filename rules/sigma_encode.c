/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_encode.c - modifiers that write a value in another form (modifiers appendix, "Encoding" and
 * "windash"). */

#include "rules/sigma_text.h"

#include <string.h>

static const char no_memory[] = "out of memory";
static const char no_wildcards[] = "a value that is encoded cannot have wildcards";

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* RFC 4648 section 4 over `shift` spaces and the text; 4 letters for each 3 bytes begun. */
static bool encode(struct arena *arena, const struct sigma_text *text, size_t shift,
		   struct sigma_text *out)
{
	size_t n = text->n + shift, used = 0;
	uint16_t *units = arena_take(arena, ((n + 2) / 3 * 4 + 1) * sizeof(*units));

	if (units == NULL) {
		return false;
	}
	for (size_t i = 0; i < n; i += 3) {
		uint32_t word = 0;

		for (size_t k = i; k < i + 3; k++) {
			uint32_t byte = k < shift ? ' ' : k < n ? text->units[k - shift] : 0;

			word = word << 8 | byte;
		}
		for (size_t k = 0; k < 4; k++) {
			bool filled = i + k <= n;

			units[used++] =
			    (uint16_t)(filled ? base64_letters[word >> (18 - 6 * k) & 63] : '=');
		}
	}
	*out = (struct sigma_text) { units, used };
	return true;
}

const char *sigma_base64(struct arena *arena, struct sigma_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++) {
		if (sigma_text_has_wildcard(&texts->items[i])) {
			return no_wildcards;
		}
		if (!encode(arena, &texts->items[i], 0, &texts->items[i])) {
			return no_memory;
		}
	}
	return NULL;
}

/* Makes room for `each` texts in place of every one. */
static struct sigma_text *multiply(struct arena *arena, const struct sigma_texts *texts,
				   size_t each)
{
	return texts->n * each <= SIGMA_TEXTS_MAX
		   ? arena_take(arena, texts->n * each * sizeof(struct sigma_text))
		   : NULL;
}

/* The letters that do not depend on what stands before and behind the value. */
const char *sigma_base64offset(struct arena *arena, struct sigma_texts *texts)
{
	static const size_t cut_front[3] = { 0, 2, 3 }, cut_behind[3] = { 0, 3, 2 };
	struct sigma_text *items = multiply(arena, texts, 3);

	if (items == NULL) {
		return no_memory;
	}
	for (size_t i = 0; i < 3 * texts->n; i++) {
		const struct sigma_text *from = &texts->items[i / 3];
		size_t shift = i % 3, behind = cut_behind[(from->n + shift) % 3];
		size_t cut = cut_front[shift] + behind;

		if (sigma_text_has_wildcard(from)) {
			return no_wildcards;
		}
		if (!encode(arena, from, shift, &items[i])) {
			return no_memory;
		}
		if (items[i].n <= cut) {
			return "the value is too short for base64offset";
		}
		items[i].units += cut_front[shift];
		items[i].n -= cut;
	}
	*texts = (struct sigma_texts) { items, 3 * texts->n };
	return NULL;
}

/* Code point at units[*at], which moves on; bytes that are not UTF-8 stand for themselves. */
static uint32_t take_character(const struct sigma_text *text, size_t *at)
{
	uint32_t lead = text->units[(*at)++], value;
	size_t more = lead >= 0xf0 && lead < 0xf8 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;

	if (lead >= 0xf8 || *at + more > text->n) {
		return lead;
	}
	value = more == 0 ? lead : lead & (0x3fU >> more);
	for (size_t i = 0; i < more; i++) {
		uint16_t next = text->units[*at + i];

		if (next >= UNIT_ONE || (next & 0xc0) != 0x80) {
			return lead;
		}
		value = value << 6 | (next & 0x3fU);
	}
	*at += more;
	return value;
}

static size_t put_word(uint16_t *units, size_t at, uint32_t word, bool big)
{
	units[at] = (uint8_t)(big ? word >> 8 : word);
	units[at + 1] = (uint8_t)(big ? word : word >> 8);
	return at + 2;
}

static bool widen(struct arena *arena, struct sigma_text *text, bool big, bool mark)
{
	uint16_t *units = arena_take(arena, (4 * text->n + 3) * sizeof(*units));
	size_t used = 0;

	if (units == NULL) {
		return false;
	}
	if (mark) {
		used = put_word(units, used, 0xfeff, big);
	}
	for (size_t at = 0; at < text->n;) {
		uint32_t c = text->units[at];

		if (c >= UNIT_ONE) {
			units[used++] = text->units[at++];
			continue;
		}
		c = take_character(text, &at);
		if (c > 0xffff) {
			used = put_word(units, used, 0xd800 + ((c - 0x10000) >> 10 & 0x3ff), big);
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
		}
		used = put_word(units, used, c, big);
	}
	*text = (struct sigma_text) { units, used };
	return true;
}

static const char *widen_all(struct arena *arena, struct sigma_texts *texts, bool big, bool mark)
{
	for (size_t i = 0; i < texts->n; i++) {
		if (!widen(arena, &texts->items[i], big, mark)) {
			return no_memory;
		}
	}
	return NULL;
}

const char *sigma_utf16le(struct arena *arena, struct sigma_texts *texts)
{
	return widen_all(arena, texts, false, false);
}

const char *sigma_utf16be(struct arena *arena, struct sigma_texts *texts)
{
	return widen_all(arena, texts, true, false);
}

const char *sigma_utf16(struct arena *arena, struct sigma_texts *texts)
{
	return widen_all(arena, texts, false, true);
}

static const char *const dashes[] = { "-", "/", "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x95" };

static bool is_word(uint16_t unit)
{
	return (unit >= '0' && unit <= '9') || (unit >= 'a' && unit <= 'z') ||
	       (unit >= 'A' && unit <= 'Z') || unit == '_';
}

/* Length of the dash that begins a flag at this place, or 0. */
static size_t dash_at(const struct sigma_text *text, size_t at)
{
	for (size_t i = 0; i < ARRAY_SIZE(dashes); i++) {
		size_t n = strlen(dashes[i]), k = 0;

		while (k < n && at + k < text->n && text->units[at + k] == (uint8_t)dashes[i][k]) {
			k++;
		}
		if (k == n) {
			bool begins = at == 0 || !is_word(text->units[at - 1]);

			return begins && at + n < text->n && is_word(text->units[at + n]) ? n : 0;
		}
	}
	return 0;
}

/* One permutation: dash number k is written as dashes[digit k of `choice` in base 5]. */
static bool permute(struct arena *arena, const struct sigma_text *text, size_t choice,
		    struct sigma_text *out)
{
	uint16_t *units = arena_take(arena, (3 * text->n + 1) * sizeof(*units));
	size_t used = 0;

	if (units == NULL) {
		return false;
	}
	for (size_t at = 0; at < text->n;) {
		size_t n = dash_at(text, at);

		if (n == 0) {
			units[used++] = text->units[at++];
			continue;
		}
		for (const char *dash = dashes[choice % ARRAY_SIZE(dashes)]; *dash != '\0';
		     dash++) {
			units[used++] = (uint8_t)*dash;
		}
		choice /= ARRAY_SIZE(dashes);
		at += n;
	}
	*out = (struct sigma_text) { units, used };
	return true;
}

/* How many texts all permutations make; more than the cap is SIZE_MAX. */
static size_t count_permutations(const struct sigma_text *text)
{
	size_t count = 1;

	for (size_t at = 0; at < text->n; at++) {
		if (dash_at(text, at) > 0) {
			count *= ARRAY_SIZE(dashes);
		}
		if (count > SIGMA_TEXTS_MAX) {
			return SIZE_MAX;
		}
	}
	return count;
}

const char *sigma_windash(struct arena *arena, struct sigma_texts *texts)
{
	struct sigma_text *items = arena_take(arena, SIGMA_TEXTS_MAX * sizeof(*items));
	size_t used = 0;

	if (items == NULL) {
		return no_memory;
	}
	for (size_t i = 0; i < texts->n; i++) {
		size_t count = count_permutations(&texts->items[i]);

		if (count > SIGMA_TEXTS_MAX - used) {
			return "too many dashes for windash";
		}
		for (size_t k = 0; k < count; k++) {
			if (!permute(arena, &texts->items[i], k, &items[used++])) {
				return no_memory;
			}
		}
	}
	*texts = (struct sigma_texts) { items, used };
	return NULL;
}
