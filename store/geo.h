/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* geo.h - country and network of public addresses, from databases in the MaxMind DB format
 * (GeoLite2, DB-IP, IPinfo...), as many as are configured.  Opened once, read-only then. */

#include "capture/base/address.h"
#include "capture/base/problem.h"

#define GEO_TEXT_MAX 128

struct geo;

/* Empty texts, 0: not known. */
struct geo_place {
	char country[3]; /* ISO 3166-1 alpha-2 */
	uint32_t number; /* of the autonomous system */
	char organisation[GEO_TEXT_MAX];
};

/* -ENOENT, -EACCES..., -EINVAL for what is no such database, with problem; *out is NULL without
 * paths. */
int geo_open(struct geo **out, const char *const *paths, size_t n,
	     struct problem *problem) MUST_USE;
struct geo *geo_free(struct geo *geo);

/* What the databases say of an address; the first one that knows decides. False: nothing, and
 * always for addresses that are not public. geo may be NULL. */
bool geo_find(const struct geo *geo, const struct ip *ip, struct geo_place *out);
