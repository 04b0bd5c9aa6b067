/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/message_count.h"

#include <errno.h>
#include <stdlib.h>

struct other_code {
	uint32_t code;
	uint32_t class;
	uint64_t count;
};

struct protocol_codes {
	uint64_t small[MESSAGE_COUNT_CLASSES][256];
	struct other_code *others;
	size_t n_others;
};

struct message_counts {
	size_t n_protocols;
	struct protocol_codes *protocols[]; /* made when a protocol is first seen */
};

int message_counts_new(struct message_counts **out, size_t n_protocols)
{
	*out = calloc(1, sizeof(**out) + n_protocols * sizeof((*out)->protocols[0]));
	if (*out == NULL) {
		return -ENOMEM;
	}
	(*out)->n_protocols = n_protocols;
	return 0;
}

struct message_counts *message_counts_free(struct message_counts *counts)
{
	for (size_t i = 0; counts != NULL && i < counts->n_protocols; i++) {
		if (counts->protocols[i] != NULL) {
			free(counts->protocols[i]->others);
			free(counts->protocols[i]);
		}
	}
	free(counts);
	return NULL;
}

static bool count_other(struct protocol_codes *codes, unsigned class, uint32_t code)
{
	for (size_t i = 0; i < codes->n_others; i++) {
		if (codes->others[i].code == code && codes->others[i].class == class) {
			codes->others[i].count++;
			return true;
		}
	}
	if (codes->others == NULL) {
		codes->others = calloc(MESSAGE_CODES_MAX, sizeof(*codes->others));
	}
	if (codes->others == NULL || codes->n_others == MESSAGE_CODES_MAX) {
		return false;
	}
	codes->others[codes->n_others++] =
	    (struct other_code) { .code = code, .class = class, .count = 1 };
	return true;
}

/* The first message of a protocol, or a code that is no byte. */
static COLD bool count_unusual(struct message_counts *counts, size_t protocol, unsigned class,
			       uint32_t code)
{
	struct protocol_codes **codes = &counts->protocols[protocol];

	if (*codes == NULL) {
		*codes = calloc(1, sizeof(**codes));
	}
	if (*codes == NULL) {
		return false;
	}
	return code < 256 ? message_count(counts, protocol, class, code)
			  : count_other(*codes, class, code);
}

bool message_count(struct message_counts *counts, size_t protocol, unsigned class, uint32_t code)
{
	struct protocol_codes *codes = counts->protocols[protocol];

	if (unlikely(codes == NULL || code >= 256)) {
		return count_unusual(counts, protocol, class, code);
	}
	codes->small[class][code]++;
	return true;
}

void message_counts_walk(const struct message_counts *counts, size_t protocol,
			 void (*handler)(void *context, enum message_class class, uint32_t code,
					 uint64_t count),
			 void *context)
{
	const struct protocol_codes *codes = counts->protocols[protocol];

	if (codes == NULL) {
		return;
	}
	for (unsigned class = 0; class < MESSAGE_COUNT_CLASSES; class ++) {
		for (uint32_t code = 0; code < 256; code++) {
			if (codes->small[class][code] != 0) {
				handler(context, (enum message_class) class, code,
					codes->small[class][code]);
			}
		}
	}
	for (size_t i = 0; i < codes->n_others; i++) {
		handler(context, (enum message_class)codes->others[i].class, codes->others[i].code,
			codes->others[i].count);
	}
}
