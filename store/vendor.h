/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* vendor.h - makers of devices: one spelling for each, and the numbers that registries gave them.
 *
 * All tables are const. */

#include "capture/base/common.h"

/* The one spelling of a maker that is written in many ways ("SIEMENS AG", "Siemens Industrial
 * Automation Products Ltd Chengdu"); the text itself when it is not in the table; NULL for NULL. */
const char *vendor_canonical(const char *text);

/* Who has this number in the registry that a protocol uses ("profinet", "bacnet"...: its name, or
 * the beginning of it), or NULL. */
const char *vendor_by_id(const char *protocol, uint32_t id);

/* Who has the enterprise number in an SNMP object id ("1.3.6.1.4.1.4329..."), or NULL. */
const char *vendor_by_object_id(const char *object_id);

struct vendor_id {
	uint32_t id;
	const char *name;
};

/* In order of ids. */
extern const struct vendor_id profinet_vendors[], bacnet_vendors[], enterprise_vendors[];
extern const size_t n_profinet_vendors, n_bacnet_vendors, n_enterprise_vendors;
