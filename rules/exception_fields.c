/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/exceptions.h"

const struct field exception_fields[] = {
	{ "weir.exception.name", FIELD_STRING, 0, NULL,
	  "Exception that changed this alert's level, or that expired", NULL },
	{ "weir.exception.owner", FIELD_STRING, 0, NULL, "Who answers for the exception", NULL },
	{ "weir.exception.reason", FIELD_STRING, 0, NULL, "Why the exception was made", NULL },
	{ "weir.exception.expires", FIELD_TIME, 0, NULL,
	  "From when on the exception applies no more", NULL },
	{ "weir.exception.level", FIELD_STRING, FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "Level of the rule, before the exception changed it", NULL },
	{ "weir.exceptions.hash", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "Stable hash over all loaded exceptions", NULL },
};

const size_t exception_n_fields = ARRAY_SIZE(exception_fields);
