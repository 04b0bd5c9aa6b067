/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Pooled buffers in a few sizes, capped in bytes over all flows: for PDUs that are not whole,
 * messages in parts, kept requests and the memory that few flows need. */

#include "dissectors/engine_private.h"

#include <stdlib.h>

static const uint32_t class_sizes[ASSEMBLY_CLASSES] = { 512, 2048, 8192, 65536 + 1024 };

struct assembly *assembly_get(struct engine *engine, size_t need)
{
	unsigned class = 0;
	struct assembly *assembly;

	while (class < ASSEMBLY_CLASSES && class_sizes[class] < need) {
		class ++;
	}
	if (class == ASSEMBLY_CLASSES) {
		return NULL;
	}
	assembly = engine->free_assemblies[class];
	if (assembly != NULL) {
		engine->free_assemblies[class] = assembly->next;
		assembly->length = 0;
		return assembly;
	}
	if (engine->assembly_bytes + class_sizes[class] > engine->options.assembly_bytes_max) {
		return NULL;
	}
	assembly = malloc(sizeof(*assembly) + class_sizes[class]);
	if (assembly != NULL) {
		engine->assembly_bytes += class_sizes[class];
		assembly->capacity = class_sizes[class];
		assembly->size_class = (uint8_t) class;
		assembly->length = 0;
	}
	return assembly;
}

void assembly_put(struct engine *engine, struct assembly *assembly)
{
	if (assembly != NULL) {
		assembly->next = engine->free_assemblies[assembly->size_class];
		engine->free_assemblies[assembly->size_class] = assembly;
	}
}

void assembly_free_all(struct engine *engine)
{
	for (unsigned class = 0; class < ASSEMBLY_CLASSES; class ++) {
		while (engine->free_assemblies[class] != NULL) {
			struct assembly *assembly = engine->free_assemblies[class];

			engine->free_assemblies[class] = assembly->next;
			free(assembly);
		}
	}
}

void assembly_spent(struct engine *engine)
{
	while (engine->spent != NULL) {
		struct assembly *assembly = engine->spent;

		engine->spent = assembly->next;
		assembly_put(engine, assembly);
	}
}

/* Whether the part is what this dissector gathers here. */
static bool is_ours(const struct dissection *d, const struct assembly *part, uint32_t key)
{
	return part->key == key && part->protocol == d->protocol && part->side == d->side;
}

static struct assembly **find_part(const struct dissection *d, uint32_t key)
{
	struct assembly **at = &d->session->parts;

	while (*at != NULL && !is_ours(d, *at, key)) {
		at = &(*at)->next;
	}
	return at;
}

static void drop(struct engine *engine, struct assembly **at)
{
	struct assembly *gone = *at;

	*at = gone->next;
	assembly_put(engine, gone);
}

void assembly_hole(struct engine *engine, struct session *session, unsigned side)
{
	struct assembly **at = &session->parts;

	while (*at != NULL) {
		if ((*at)->side == side) {
			drop(engine, at);
		} else {
			at = &(*at)->next;
		}
	}
}

void assembly_end(struct engine *engine, struct session *session)
{
	while (session->parts != NULL) {
		drop(engine, &session->parts);
	}
	while (session->memory != NULL) {
		drop(engine, &session->memory);
	}
}

/* Says that n bytes could not be kept. */
static COLD void say_refused(struct dissection *d, size_t n)
{
	int64_t now = d->packet != NULL ? d->packet->time : d->engine->clock;

	d->engine->counters.assemblies_refused++;
	/* Of a look at first bytes nobody says that all was read. */
	if (dissector_at(d->session->protocol)->glance) {
		return;
	}
	/* A record cannot begin inside of another: the bytes are counted all the same. */
	if (d->engine->writer.open != NULL || d->engine->open != NULL) {
		d->engine->counters.blind_bytes += n;
		return;
	}
	engine_blind_record(
	    d->engine, d->flow, d->session, d->packet,
	    &(struct blind) {
		.bytes = n, .from = now, .to = now, .reason = "cap", .side = d->side });
}

/* Room for n bytes more in *at (NULL: begins one). */
static bool grow(struct dissection *d, struct assembly **at, size_t n)
{
	struct assembly *old = *at, *grown;
	size_t length = old != NULL ? old->length : 0;

	if (old != NULL && old->capacity - length >= n) {
		return true;
	}
	grown = assembly_get(d->engine, length + n);
	if (grown == NULL) {
		return false;
	}
	grown->length = (uint32_t)length;
	grown->note = old != NULL ? old->note : 0;
	grown->next = old != NULL ? old->next : NULL;
	if (old != NULL) {
		memcpy(grown->bytes, old->bytes, length);
		assembly_put(d->engine, old);
	}
	*at = grown;
	return true;
}

bool dissect_gather(struct dissection *d, uint32_t key, struct cursor part, size_t max)
{
	struct assembly **at = find_part(d, key);
	size_t n = cur_left(&part), length = *at != NULL ? (*at)->length : 0;

	if (n > max || length > max - n || !grow(d, at, n)) {
		say_refused(d, length + n);
		if (*at != NULL) {
			drop(d->engine, at);
		}
		return false;
	}
	(*at)->key = key;
	(*at)->protocol = (uint8_t)d->protocol;
	(*at)->side = (uint8_t)d->side;
	cur_copy(&part, (*at)->bytes + length, n);
	(*at)->length = (uint32_t)(length + n);
	return true;
}

struct cursor dissect_gathered(const struct dissection *d, uint32_t key)
{
	const struct assembly *part = *find_part(d, key);

	return part != NULL ? cur_of(part->bytes, part->length) : cur_of(NULL, 0);
}

uint32_t *dissect_gather_note(const struct dissection *d, uint32_t key)
{
	struct assembly *part = *find_part(d, key);

	return part != NULL ? &part->note : NULL;
}

void dissect_gather_end(struct dissection *d, uint32_t key)
{
	struct assembly **at = find_part(d, key);

	if (*at != NULL) {
		drop(d->engine, at);
	}
}

static struct assembly **find_memory(const struct dissection *d, uint32_t key)
{
	struct assembly **at = &d->session->memory;

	while (*at != NULL && ((*at)->key != key || (*at)->protocol != d->protocol)) {
		at = &(*at)->next;
	}
	return at;
}

void *dissect_memory(struct dissection *d, uint32_t key, size_t size)
{
	struct assembly *memory = *find_memory(d, key);

	if (memory != NULL) {
		return memory->bytes;
	}
	memory = assembly_get(d->engine, size);
	if (memory == NULL) {
		d->engine->counters.assemblies_refused++;
		return NULL;
	}
	memset(memory->bytes, 0, size);
	memory->length = (uint32_t)size;
	memory->key = key;
	memory->protocol = (uint8_t)d->protocol;
	memory->next = d->session->memory;
	d->session->memory = memory;
	return memory->bytes;
}

void *dissect_memory_find(const struct dissection *d, uint32_t key)
{
	struct assembly *memory = *find_memory(d, key);

	return memory != NULL ? memory->bytes : NULL;
}

void dissect_memory_end(struct dissection *d, uint32_t key)
{
	struct assembly **at = find_memory(d, key);

	if (*at != NULL) {
		drop(d->engine, at);
	}
}
