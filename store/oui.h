/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* oui.h - who a MAC prefix was assigned to: the IEEE registries MA-L, MA-M, MA-S and IAB, as CSV
 * files in the folder of the package ieee-data.
 *
 * Loaded once into a hash table, read-only then. */

#include "capture/base/address.h"
#include "capture/base/log.h"

struct oui;

/* Reads the registries of a folder. A file that is missing or unreadable is said as information
 * and its prefixes are unknown. -ENOMEM. */
int oui_load(struct oui **out, const char *folder, const struct log_sink *log) MUST_USE;
struct oui *oui_free(struct oui *oui);

/* The organisation with the longest prefix of this address, or NULL; NULL too for locally
 * administered addresses, which nobody was assigned. Lives as long as *oui. */
const char *oui_vendor(const struct oui *oui, const struct mac *mac);
size_t oui_count(const struct oui *oui);
