/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* asset_units.h - what stands behind an asset's address: modules of its chassis by slot, Modbus
 * units and DNP3 outstations of a gateway. */

#include "cli/listing.h"

/* Whether an element of the document's units is a device of its own. A slot is. The only unit or
 * outstation that ever answered is the asset itself, and so are the Modbus units 0 and 255; what
 * never answered is none. */
bool asset_unit_is_behind(const struct tree *asset, const struct tree *unit);

/* Appends "slot 3". */
void asset_unit_name(struct buffer *out, const struct tree *unit);

/* As rows below their asset. */
extern const struct listing_children asset_unit_children;
