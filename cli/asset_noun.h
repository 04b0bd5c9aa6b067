/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* asset_noun.h - the assets of a capture or a database as a query gets them. */

#include "cli/query.h"

extern const struct noun asset_noun;
