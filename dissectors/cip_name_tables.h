/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_name_tables.h - the tables behind cip_names.h: sorted by id. */

#include "capture/base/common.h"

struct cip_name {
	uint32_t id;
	const char *name;
};

extern const struct cip_name cip_vendors[], cip_device_types[], cip_classes[], cip_extended_codes[],
    cip_logix_codes[];
extern const size_t n_cip_vendors, n_cip_device_types, n_cip_classes, n_cip_extended_codes,
    n_cip_logix_codes;
