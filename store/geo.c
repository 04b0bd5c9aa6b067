/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/geo.h"

#include <errno.h>
#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#define DATABASES_MAX 16

struct geo {
	MMDB_s databases[DATABASES_MAX];
	size_t n;
};

static int open_one(struct geo *geo, const char *path, struct problem *problem)
{
	int status;

	if (geo->n == DATABASES_MAX) {
		return problem_set(problem, -EINVAL, "more than %d databases of addresses",
				   DATABASES_MAX);
	}
	if (access(path, R_OK) != 0) {
		return problem_set(problem, -errno, "%s: %s", path, strerror(errno));
	}
	status = MMDB_open(path, MMDB_MODE_MMAP, &geo->databases[geo->n]);
	if (status != MMDB_SUCCESS) {
		return problem_set(problem, -EINVAL, "%s: no usable database of addresses: %s",
				   path, MMDB_strerror(status));
	}
	geo->n++;
	return 0;
}

int geo_open(struct geo **out, const char *const *paths, size_t n, struct problem *problem)
{
	struct geo *geo;
	int error = 0;

	*out = NULL;
	if (n == 0) {
		return 0;
	}
	geo = calloc(1, sizeof(*geo));
	if (geo == NULL) {
		return -ENOMEM;
	}
	for (size_t i = 0; error == 0 && i < n; i++) {
		error = open_one(geo, paths[i], problem);
	}
	if (error != 0) {
		geo_free(geo);
		return error;
	}
	*out = geo;
	return 0;
}

struct geo *geo_free(struct geo *geo)
{
	for (size_t i = 0; geo != NULL && i < geo->n; i++) {
		MMDB_close(&geo->databases[i]);
	}
	free(geo);
	return NULL;
}

/* ---- one address in one database ---- */

static bool look_up(const MMDB_s *database, const struct ip *ip, MMDB_entry_s *out)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} address;
	MMDB_lookup_result_s result;
	int status;

	memset(&address, 0, sizeof(address));
	if (ip_is_v4(ip)) {
		address.v4.sin_family = AF_INET;
		memcpy(&address.v4.sin_addr, ip->bytes + 12, 4);
	} else {
		address.v6.sin6_family = AF_INET6;
		memcpy(&address.v6.sin6_addr, ip->bytes, sizeof(ip->bytes));
	}
	result = MMDB_lookup_sockaddr(database, &address.any, &status);
	if (status != MMDB_SUCCESS || !result.found_entry) {
		return false;
	}
	*out = result.entry;
	return true;
}

/* Copies a text that fits; longer ones are cut. */
static bool get_text(MMDB_entry_s *entry, const char *const *path, char *out, size_t size)
{
	MMDB_entry_data_s data;

	if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UTF8_STRING || data.data_size == 0) {
		return false;
	}
	size = size_min(size - 1, data.data_size);
	memcpy(out, data.utf8_string, size);
	out[size] = '\0';
	return true;
}

/* GeoLite2 and DB-IP have country.iso_code, others one word. */
static void get_country(MMDB_entry_s *entry, struct geo_place *place)
{
	static const char *const paths[][3] = {
		{ "country", "iso_code", NULL },
		{ "registered_country", "iso_code", NULL },
		{ "country_code", NULL, NULL },
		{ "country", NULL, NULL },
	};

	for (size_t i = 0; place->country[0] == '\0' && i < ARRAY_SIZE(paths); i++) {
		char text[4];

		if (get_text(entry, paths[i], text, sizeof(text)) && strlen(text) == 2) {
			memcpy(place->country, text, sizeof(place->country));
		}
	}
}

/* A number, or "AS64500". */
static void get_network(MMDB_entry_s *entry, struct geo_place *place)
{
	static const char *const number[] = { "autonomous_system_number", NULL };
	static const char *const words[] = { "asn", NULL };
	static const char *const names[][2] = {
		{ "autonomous_system_organization", NULL },
		{ "as_name", NULL },
		{ "name", NULL },
	};
	MMDB_entry_data_s data;
	char text[16];

	if (place->number == 0 && MMDB_aget_value(entry, &data, number) == MMDB_SUCCESS &&
	    data.has_data && data.type == MMDB_DATA_TYPE_UINT32) {
		place->number = data.uint32;
	} else if (place->number == 0 && get_text(entry, words, text, sizeof(text)) &&
		   text[0] == 'A' && text[1] == 'S') {
		place->number = (uint32_t)strtoul(text + 2, NULL, 10);
	}
	for (size_t i = 0; place->organisation[0] == '\0' && i < ARRAY_SIZE(names); i++) {
		(void)get_text(entry, names[i], place->organisation, sizeof(place->organisation));
	}
}

bool geo_find(const struct geo *geo, const struct ip *ip, struct geo_place *out)
{
	*out = (struct geo_place) { .number = 0 };
	if (geo == NULL || ip_is_none(ip) || ip_is_private(ip) || ip_is_multicast(ip)) {
		return false;
	}
	for (size_t i = 0; i < geo->n; i++) {
		MMDB_entry_s entry;

		if (look_up(&geo->databases[i], ip, &entry)) {
			get_country(&entry, out);
			get_network(&entry, out);
		}
	}
	return out->country[0] != '\0' || out->number != 0 || out->organisation[0] != '\0';
}
