/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* order_number.h - what the order or catalogue number of a device says about it. */

#include "capture/base/common.h"

/* NULL: not known. */
struct order_number {
	const char *pattern; /* of the number without spaces */
	const char *vendor, *product, *model;
	const char *type; /* a type of rules/roles.yaml */
};

/* The row for this number, or NULL. */
const struct order_number *order_number_find(const char *number);
