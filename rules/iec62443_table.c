/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* iec62443_table.c - system requirements of IEC 62443-3-3:2013, and what network traffic can say
 * about each of them.  Ids are the standard's; its texts are not here. */

#include "rules/iec62443.h"

#include <string.h>
#include <strings.h>

static const struct iec62443_requirement requirements[] = {
	{ "SR 1.1", RELATION_LIMITED },     { "SR 1.2", RELATION_BOTH },
	{ "SR 1.3", RELATION_LIMITED },     { "SR 1.4", RELATION_LIMITED },
	{ "SR 1.5", RELATION_VIOLATION },   { "SR 1.6", RELATION_LIMITED },
	{ "SR 1.7", RELATION_LIMITED },     { "SR 1.8", RELATION_BOTH },
	{ "SR 1.9", RELATION_BOTH },        { "SR 1.10", RELATION_NONE },
	{ "SR 1.11", RELATION_BOTH },       { "SR 1.12", RELATION_NONE },
	{ "SR 1.13", RELATION_BOTH },       { "SR 2.1", RELATION_BOTH },
	{ "SR 2.2", RELATION_LIMITED },     { "SR 2.3", RELATION_BOTH },
	{ "SR 2.4", RELATION_VIOLATION },   { "SR 2.5", RELATION_NONE },
	{ "SR 2.6", RELATION_BOTH },        { "SR 2.7", RELATION_BOTH },
	{ "SR 2.8", RELATION_COMPLIANCE },  { "SR 2.9", RELATION_COMPLIANCE },
	{ "SR 2.10", RELATION_COMPLIANCE }, { "SR 2.11", RELATION_BOTH },
	{ "SR 2.12", RELATION_LIMITED },    { "SR 3.1", RELATION_BOTH },
	{ "SR 3.2", RELATION_VIOLATION },   { "SR 3.3", RELATION_LIMITED },
	{ "SR 3.4", RELATION_BOTH },        { "SR 3.5", RELATION_VIOLATION },
	{ "SR 3.6", RELATION_LIMITED },     { "SR 3.7", RELATION_LIMITED },
	{ "SR 3.8", RELATION_VIOLATION },   { "SR 3.9", RELATION_COMPLIANCE },
	{ "SR 4.1", RELATION_BOTH },        { "SR 4.2", RELATION_NONE },
	{ "SR 4.3", RELATION_BOTH },        { "SR 5.1", RELATION_BOTH },
	{ "SR 5.2", RELATION_BOTH },        { "SR 5.3", RELATION_VIOLATION },
	{ "SR 5.4", RELATION_LIMITED },     { "SR 6.1", RELATION_COMPLIANCE },
	{ "SR 6.2", RELATION_COMPLIANCE },  { "SR 7.1", RELATION_BOTH },
	{ "SR 7.2", RELATION_LIMITED },     { "SR 7.3", RELATION_LIMITED },
	{ "SR 7.4", RELATION_LIMITED },     { "SR 7.5", RELATION_NONE },
	{ "SR 7.6", RELATION_BOTH },        { "SR 7.7", RELATION_BOTH },
	{ "SR 7.8", RELATION_COMPLIANCE },
};

static const char *const relations[] = {
	[RELATION_BOTH] = "violation_or_compliance",
	[RELATION_VIOLATION] = "violation",
	[RELATION_COMPLIANCE] = "compliance",
	[RELATION_LIMITED] = "indicates",
	[RELATION_NONE] = "context",
};

const struct iec62443_requirement *iec62443_requirement(const char *tag)
{
	for (size_t i = 0; i < ARRAY_SIZE(requirements); i++) {
		const char *number = requirements[i].id + strlen("SR ");

		if (strncasecmp(tag, "sr-", 3) == 0 && strcmp(tag + 3, number) == 0) {
			return &requirements[i];
		}
	}
	return NULL;
}

const char *iec62443_relation(const struct iec62443_requirement *requirement)
{
	return relations[requirement->relation];
}
