/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/alert_members.h"

#include <stdio.h>
#include <string.h>

/* ---- adding ---- */

bool members_have(const struct members *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++) {
		if (strcmp(m->items[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

struct json members_begin(struct members *m, const char *name, enum rank rank)
{
	if (m->n < MEMBERS_MAX) {
		m->items[m->n++] = (struct member) { name, m->values.length, rank, false };
	}
	return json_to(&m->values);
}

void members_ended(struct members *m)
{
	buffer_add(&m->values, "", 1);
}

void members_text(struct members *m, const char *name, const char *text)
{
	if (text != NULL) {
		struct json json = members_begin(m, name, RANK_OWN);

		json_text(&json, NULL, text);
		members_ended(m);
	}
}

void members_uint(struct members *m, const char *name, uint64_t value)
{
	struct json json = members_begin(m, name, RANK_OWN);

	json_uint(&json, NULL, value);
	members_ended(m);
}

void members_double(struct members *m, const char *name, double value)
{
	struct json json = members_begin(m, name, RANK_OWN);

	json_double(&json, NULL, value);
	members_ended(m);
}

void members_time(struct members *m, const char *name, int64_t time)
{
	struct json json = members_begin(m, name, RANK_OWN);

	json_time(&json, NULL, time);
	members_ended(m);
}

void members_texts(struct members *m, const char *name, const char *const *texts, size_t n)
{
	struct json json;

	if (n == 0) {
		return;
	}
	json = members_begin(m, name, RANK_OWN);
	json_array(&json, NULL);
	for (size_t i = 0; i < n; i++) {
		json_text(&json, NULL, texts[i]);
	}
	json_end(&json);
	members_ended(m);
}

/* ---- writing ---- */

/* Writes all members whose names begin with the first `skip` bytes of `prefix`. */
static void nest(struct json *json, struct members *m, const char *prefix, size_t skip)
{
	for (size_t i = 0; i < m->n; i++) {
		struct member *member = &m->items[i];
		const char *name, *dot;
		char key[96];

		if (member->written || strncmp(member->name, prefix, skip) != 0) {
			continue;
		}
		name = member->name + skip;
		dot = strchr(name, '.');
		if (dot == NULL) {
			json_raw(json, name, m->values.data + member->at);
			member->written = true;
			continue;
		}
		snprintf(key, sizeof(key), "%.*s", (int)(dot - name), name);
		json_object(json, key);
		nest(json, m, member->name, (size_t)(dot + 1 - member->name));
		json_end(json);
	}
}

static void write_line(struct buffer *out, struct members *m)
{
	struct json json = json_to(out);

	for (size_t i = 0; i < m->n; i++) {
		m->items[i].written = false;
	}
	json_object(&json, NULL);
	nest(&json, m, "", 0);
	json_end(&json);
	buffer_add(out, "\n", 1);
}

/* Takes the last of the least important members out; false when none is left. */
static bool shorten(struct members *m)
{
	for (int rank = RANKS - 1; rank >= 0; rank--) {
		for (size_t i = m->n; i > 0; i--) {
			if ((int)m->items[i - 1].rank == rank) {
				memmove(&m->items[i - 1], &m->items[i],
					(m->n - i) * sizeof(m->items[0]));
				m->n--;
				return m->n > 0;
			}
		}
	}
	return false;
}

void members_write(struct members *m, struct buffer *out, size_t most, const char *marker)
{
	bool marked = false, more = true;

	write_line(out, m);
	while (!m->values.failed && out->length > most && more) {
		more = shorten(m);
		if (!marked && m->n < MEMBERS_MAX) {
			struct json json = members_begin(m, marker, RANK_OWN);

			json_bool(&json, NULL, true);
			members_ended(m);
			marked = true;
		}
		buffer_clear(out);
		write_line(out, m);
	}
	out->failed = out->failed || m->values.failed;
}
