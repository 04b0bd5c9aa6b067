/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The list comes from `protocols` in meson.build; touch that. */

#include "dissectors/dissector.h"

#define X(name) extern const struct dissector dissector_##name;
#include "dissector_list.h"
#undef X

static const struct dissector *const dissectors[] = {
#define X(name) &dissector_##name,
#include "dissector_list.h"
#undef X
};

_Static_assert(ARRAY_SIZE(dissectors) < PROTOCOL_NONE, "a protocol's index fits in a byte");

size_t dissector_count(void)
{
	return ARRAY_SIZE(dissectors);
}

const struct dissector *dissector_at(size_t i)
{
	return dissectors[i];
}

uint8_t dissector_index(const char *name)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (strcmp(dissector_at(i)->name, name) == 0) {
			return (uint8_t)i;
		}
	}
	return PROTOCOL_NONE;
}
