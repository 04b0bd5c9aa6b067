/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* derive.h - attributes that follow from others: the maker from a number in a registry, the product
 * family from an order number, all of these from a description in a maker's own form. */

#include "store/inventory_private.h"

/* Sets what follows from an attribute that is new, or has a new value. */
void derive_from(struct inventory *inventory, struct binding *b, const struct attribute *attribute);
