/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/inventory_private.h"

#include <stdlib.h>

/* The last name stands for all that found no room. */
#define NAME_OTHER (NAMES_MAX - 1)

uint8_t name_intern(struct inventory *inventory, const char *text, size_t length)
{
	if (length == 0) {
		return NAME_NONE;
	}
	for (unsigned i = 1; i < inventory->n_names; i++) {
		const char *name = inventory->names[i];

		if (strncmp(name, text, length) == 0 && name[length] == '\0') {
			return (uint8_t)i;
		}
	}
	if (inventory->n_names == 0) {
		inventory->n_names = 1; /* 0 is NAME_NONE */
	}
	if (inventory->n_names == NAME_OTHER) {
		return NAME_OTHER;
	}
	inventory->names[inventory->n_names] = strndup(text, length);
	if (inventory->names[inventory->n_names] == NULL) {
		inventory->out_of_memory = true;
		return NAME_OTHER;
	}
	return (uint8_t)inventory->n_names++;
}

const char *name_text(const struct inventory *inventory, uint8_t name)
{
	if (name == NAME_NONE) {
		return NULL;
	}
	return name < inventory->n_names ? inventory->names[name] : "other";
}

void name_set_add(struct name_set *set, uint8_t name)
{
	if (name != NAME_NONE) {
		set->bits[name / 64] |= UINT64_C(1) << name % 64;
	}
}

bool name_set_has(const struct name_set *set, uint8_t name)
{
	return (set->bits[name / 64] >> name % 64 & 1) != 0;
}
