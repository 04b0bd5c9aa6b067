/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/substring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NONE      UINT32_MAX
#define TABLE_MAX (64U << 20)

struct state {
	uint32_t item;    /* the first that ends here; NONE: none */
	uint32_t shorter; /* the nearest state with an item that is a tail of this one; 0: none */
	uint32_t failure;
};

struct substrings {
	uint8_t classes[256]; /* of a byte; 0: it is in no item */
	size_t n_classes;
	uint32_t *next; /* [state * n_classes + class] */
	struct state *states;
	uint32_t *same; /* of an item, the next one with the same bytes; NONE: none */
	size_t n_states;
};

static uint8_t fold(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* Returns how many bytes all items have. */
static size_t find_classes(struct substrings *s, const struct substring *items, size_t n)
{
	size_t bytes = 0;

	s->n_classes = 1;
	for (size_t i = 0; i < n; i++) {
		bytes += items[i].n;
		for (size_t k = 0; k < items[i].n; k++) {
			uint8_t c = fold((uint8_t)items[i].bytes[k]);

			if (s->classes[c] == 0) {
				s->classes[c] = (uint8_t)s->n_classes++;
			}
		}
	}
	for (unsigned c = 'A'; c <= 'Z'; c++) {
		s->classes[c] = s->classes[fold((uint8_t)c)];
	}
	return bytes;
}

static int take_memory(struct substrings *s, size_t states, size_t n)
{
	if (states > TABLE_MAX / sizeof(uint32_t) / s->n_classes) {
		return -ENOSPC;
	}
	s->next = calloc(states * s->n_classes, sizeof(*s->next));
	s->states = calloc(states, sizeof(*s->states));
	s->same = malloc((n + 1) * sizeof(*s->same));
	return s->next != NULL && s->states != NULL && s->same != NULL ? 0 : -ENOMEM;
}

/* The tree of all beginnings. */
static void plant(struct substrings *s, const struct substring *items, size_t n)
{
	s->n_states = 1;
	s->states[0].item = NONE;
	for (size_t i = 0; i < n; i++) {
		uint32_t at = 0;

		for (size_t k = 0; k < items[i].n; k++) {
			uint8_t class = s->classes[(uint8_t)items[i].bytes[k]];
			uint32_t *step = &s->next[at * s->n_classes + class];

			if (*step == 0) {
				*step = (uint32_t)s->n_states;
				s->states[s->n_states++] = (struct state) { .item = NONE };
			}
			at = *step;
		}
		s->same[i] = s->states[at].item;
		s->states[at].item = (uint32_t)i;
	}
}

/* Breadth first: where a state has no step, that of its longest tail which is a beginning, too. */
static int complete(struct substrings *s)
{
	uint32_t *queue = malloc(s->n_states * sizeof(*queue));
	size_t head = 0, tail = 0;

	if (queue == NULL) {
		return -ENOMEM;
	}
	queue[tail++] = 0;
	while (head < tail) {
		uint32_t at = queue[head++], failure = s->states[at].failure;

		for (size_t class = 0; class < s->n_classes; class ++) {
			uint32_t *step = &s->next[at * s->n_classes + class];
			uint32_t other = at == 0 ? 0 : s->next[failure * s->n_classes + class];

			if (*step == 0) {
				*step = other;
				continue;
			}
			s->states[*step].failure = other;
			s->states[*step].shorter =
			    s->states[other].item != NONE ? other : s->states[other].shorter;
			queue[tail++] = *step;
		}
	}
	free(queue);
	return 0;
}

int substrings_new(struct substrings **out, const struct substring *items, size_t n)
{
	struct substrings *s = calloc(1, sizeof(*s));
	int error = s != NULL ? 0 : -ENOMEM;

	if (error == 0) {
		error = take_memory(s, find_classes(s, items, n) + 1, n);
	}
	if (error == 0) {
		plant(s, items, n);
		error = complete(s);
	}
	if (error < 0) {
		substrings_free(s);
		return error;
	}
	*out = s;
	return 0;
}

struct substrings *substrings_free(struct substrings *s)
{
	if (s != NULL) {
		free(s->next);
		free(s->states);
		free(s->same);
		free(s);
	}
	return NULL;
}

static void report(const struct substrings *s, uint32_t at,
		   void (*found)(void *context, uint32_t item), void *context)
{
	if (s->states[at].item == NONE) {
		at = s->states[at].shorter;
	}
	for (; at != 0; at = s->states[at].shorter) {
		for (uint32_t item = s->states[at].item; item != NONE; item = s->same[item]) {
			found(context, item);
		}
	}
}

void substrings_find(const struct substrings *s, const char *text, size_t n,
		     void (*found)(void *context, uint32_t item), void *context)
{
	uint32_t at = 0;

	for (size_t i = 0; i < n; i++) {
		at = s->next[at * s->n_classes + s->classes[(uint8_t)text[i]]];
		if (unlikely(s->states[at].item != NONE || s->states[at].shorter != 0)) {
			report(s, at, found, context);
		}
	}
}
