/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/oui.h"

#include "capture/base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX_BYTES (64U << 20)
#define NAME_MAX_BYTES 96

/* One assignment. */
struct row {
	uint64_t key;  /* bits << 48 | prefix: sorted by length, then by prefix */
	uint32_t name; /* where its text begins in names */
};

struct oui {
	struct row *rows;
	size_t n, capacity;
	uint32_t *slots; /* index in rows + 1 by hash of the key, 0 is free */
	size_t n_slots;  /* a power of two, at least twice n */
	char *names;
	size_t names_length, names_capacity;
};

static const char *const files[] = { "oui.csv", "mam.csv", "oui36.csv", "iab.csv" };

/* Lengths of prefixes in bits, longest first. */
static const unsigned lengths[] = { 36, 28, 24 };

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9') {
		return c - '0';
	}
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Makes room for one more row and one more name. */
static int reserve(struct oui *oui)
{
	if (oui->n == oui->capacity) {
		size_t capacity = size_max(oui->capacity * 2, 8192);
		struct row *rows = realloc(oui->rows, capacity * sizeof(*rows));

		if (rows == NULL) {
			return -ENOMEM;
		}
		oui->rows = rows;
		oui->capacity = capacity;
	}
	if (oui->names_capacity - oui->names_length < NAME_MAX_BYTES) {
		size_t capacity = size_max(oui->names_capacity * 2, 1U << 19);
		char *names = realloc(oui->names, capacity);

		if (names == NULL) {
			return -ENOMEM;
		}
		oui->names = names;
		oui->names_capacity = capacity;
	}
	return 0;
}

/* The characters up to the sign that ends them, or all that is left. */
static size_t run_length(const struct cursor *value, char end)
{
	const uint8_t *at = memchr(value->p, end, cur_left(value));

	return at != NULL ? (size_t)(at - value->p) : cur_left(value);
}

/* Copies one CSV value (RFC 4180: quoted, quotes doubled) as a name, cut if need be. */
static void copy_name(struct oui *oui, struct cursor value)
{
	char *out = oui->names + oui->names_length;
	bool quoted = cur_left(&value) > 0 && *value.p == '"';
	size_t n = 0;

	cur_skip(&value, quoted ? 1 : 0);
	while (cur_left(&value) > 0) {
		size_t run = run_length(&value, quoted ? '"' : ',');
		size_t taken = size_min(run, NAME_MAX_BYTES - 1 - n);

		memcpy(out + n, value.p, taken);
		n += taken;
		cur_skip(&value, size_min(run + 1, cur_left(&value)));
		if (!quoted || cur_left(&value) == 0 || *value.p != '"' ||
		    n == NAME_MAX_BYTES - 1) {
			break;
		}
		out[n++] = '"';
		cur_skip(&value, 1);
	}
	while (n > 0 && out[n - 1] == ' ') {
		n--;
	}
	out[n] = '\0';
	oui->names_length += n + 1;
}

/* "MA-L,002272,Name,Address"; other lines (the heading) are passed over. */
static int read_line(struct oui *oui, struct cursor line)
{
	uint64_t prefix = 0, bits = 0;

	cur_skip(&line, size_min(run_length(&line, ',') + 1, cur_left(&line)));
	while (cur_left(&line) > 0) {
		int digit = hex_digit((char)cur_u8(&line));

		if (digit < 0) {
			break;
		}
		prefix = prefix << 4 | (uint64_t)digit;
		bits += 4;
	}
	if (bits != 24 && bits != 28 && bits != 36) {
		return 0;
	}
	if (reserve(oui) != 0) {
		return -ENOMEM;
	}
	oui->rows[oui->n++] =
	    (struct row) { .key = bits << 48 | prefix, .name = (uint32_t)oui->names_length };
	copy_name(oui, line);
	return 0;
}

/* Lines end in CR LF or LF; no value of these files holds a line break. */
static int read_lines(struct oui *oui, struct cursor text)
{
	int error = 0;

	while (error == 0 && cur_left(&text) > 0) {
		const uint8_t *end = memchr(text.p, '\n', cur_left(&text));
		size_t length = end != NULL ? (size_t)(end - text.p) : cur_left(&text);

		error = read_line(oui, cur_sub(&text, length));
		cur_skip(&text, cur_left(&text) > 0 ? 1 : 0);
	}
	return error;
}

static int read_file(struct oui *oui, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	struct stat stat;
	void *map;

	if (fd < 0) {
		return -errno;
	}
	if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode) || stat.st_size <= 0 ||
	    stat.st_size > FILE_MAX_BYTES) {
		close(fd);
		return -EINVAL;
	}
	map = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED) {
		return -errno;
	}
	error = read_lines(oui, cur_of(map, (size_t)stat.st_size));
	munmap(map, (size_t)stat.st_size);
	return error;
}

static size_t slot_of(const struct oui *oui, uint64_t key)
{
	return (size_t)hash_word(0, key) & (oui->n_slots - 1);
}

/* The row with this key, or NULL. */
static const struct row *find(const struct oui *oui, uint64_t key)
{
	for (size_t at = slot_of(oui, key); oui->slots[at] != 0;
	     at = (at + 1) & (oui->n_slots - 1)) {
		const struct row *row = &oui->rows[oui->slots[at] - 1];

		if (row->key == key) {
			return row;
		}
	}
	return NULL;
}

/* Of an assignment that is there twice the first stands. */
static int make_slots(struct oui *oui)
{
	oui->n_slots = 2;
	while (oui->n_slots < 2 * oui->n) {
		oui->n_slots *= 2;
	}
	oui->slots = calloc(oui->n_slots, sizeof(*oui->slots));
	if (oui->slots == NULL) {
		return -ENOMEM;
	}
	for (size_t i = 0; i < oui->n; i++) {
		size_t at = slot_of(oui, oui->rows[i].key);

		while (oui->slots[at] != 0 &&
		       oui->rows[oui->slots[at] - 1].key != oui->rows[i].key) {
			at = (at + 1) & (oui->n_slots - 1);
		}
		oui->slots[at] = oui->slots[at] != 0 ? oui->slots[at] : (uint32_t)i + 1;
	}
	return 0;
}

int oui_load(struct oui **out, const char *folder, const struct log_sink *log)
{
	struct oui *oui = calloc(1, sizeof(*oui));
	char path[4096];

	if (oui == NULL) {
		return -ENOMEM;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		int error;

		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		error = read_file(oui, path);
		if (error == -ENOMEM) {
			oui_free(oui);
			return error;
		}
		if (error != 0) {
			log_info(log, "%s: %s: vendors of some MAC addresses stay unknown", path,
				 strerror(-error));
		}
	}
	if (make_slots(oui) != 0) {
		oui_free(oui);
		return -ENOMEM;
	}
	*out = oui;
	return 0;
}

struct oui *oui_free(struct oui *oui)
{
	if (oui != NULL) {
		free(oui->rows);
		free(oui->slots);
		free(oui->names);
		free(oui);
	}
	return NULL;
}

const char *oui_vendor(const struct oui *oui, const struct mac *mac)
{
	uint64_t address = 0;

	if (mac_is_local(mac) || mac_is_none(mac)) {
		return NULL;
	}
	for (size_t i = 0; i < sizeof(mac->bytes); i++) {
		address = address << 8 | mac->bytes[i];
	}
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		uint64_t bits = lengths[i];
		const struct row *row = find(oui, bits << 48 | address >> (48 - bits));

		if (row != NULL) {
			return oui->names + row->name;
		}
	}
	return NULL;
}

size_t oui_count(const struct oui *oui)
{
	return oui->n;
}
