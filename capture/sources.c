/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/sources.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void free_text(char **text)
{
	free(*text);
}

/* "FILE" or "FILE:interface", without what could confuse a terminal. NULL: no memory. */
static char *source_name(const char *path, struct cursor name)
{
	size_t length = cur_left(&name);
	char *text = NULL;

	if (asprintf(&text, length > 0 ? "%s:%.*s" : "%s%.*s", path, (int)length,
		     (const char *)name.p) < 0) {
		return NULL;
	}
	for (char *c = text + strlen(path); *c != '\0'; c++) {
		*c = iscntrl((unsigned char)*c) ? '?' : *c;
	}
	return text;
}

/* The index of a source that this interface already has, or n. */
static size_t find(const struct sources *sources, const struct source_origin *origin,
		   const struct capture_source *source)
{
	size_t i = 0;

	while (i < sources->n && (sources->origins[i].path != origin->path ||
				  sources->origins[i].interface != origin->interface ||
				  sources->items[i].link_type != source->link_type ||
				  strcmp(sources->items[i].name, source->name) != 0)) {
		i++;
	}
	return i;
}

static void tell_full(struct sources *sources, const char *name)
{
	if (!sources->full_told) {
		sources->full_told = true;
		log_warning(sources->log,
			    "%s: more than %d interfaces; it and all further ones are reported as "
			    "one source, %s",
			    name, PACKET_SOURCE_MAX, sources->items[PACKET_SOURCE_MAX - 1].name);
	}
}

int sources_add(struct sources *sources, struct source_origin origin,
		struct reader_interface *interface, struct cursor name)
{
	AUTO(free_text) char *text = source_name(origin.path, name);
	struct capture_source source = {
		.name = text,
		.path = origin.path,
		.link_type = interface->link_type,
		.snap_length = interface->snap_length,
	};
	size_t i;

	if (text == NULL) {
		return -ENOMEM;
	}
	i = find(sources, &origin, &source);
	if (i == PACKET_SOURCE_MAX) {
		tell_full(sources, text);
		i--;
	} else if (i == sources->n) {
		sources->items[i] = source;
		sources->origins[i] = origin;
		sources->n++;
		text = NULL;
	}
	interface->source = (uint16_t)i;
	return 0;
}

void sources_free(struct sources *sources)
{
	for (size_t i = 0; i < sources->n; i++) {
		free((char *)(uintptr_t)sources->items[i].name);
	}
	sources->n = 0;
}
