/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/alert_line.h"

#include "cli/tree.h"
#include "cli/when.h"

/* What a device sent must not steer the terminal. */
static void print_safe(const char *text, FILE *out)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		fputc(byte < 0x20 || byte == 0x7f ? '?' : byte, out);
	}
}

static const char *first_text(const struct tree *document, const char *const *paths)
{
	const char *text = NULL;

	for (; text == NULL && *paths != NULL; paths++) {
		text = tree_text(document, *paths);
	}
	return text != NULL ? text : "-";
}

void alert_line_print(const char *json, size_t length, FILE *out)
{
	static const char *const times[] = { "@timestamp", NULL };
	static const char *const levels[] = { "weir.level", NULL };
	static const char *const titles[] = { "rule.name", "message", NULL };
	static const char *const sources[] = { "weir.source.name", "source.ip", "source.mac",
					       NULL };
	static const char *const targets[] = { "weir.destination.name", "destination.ip",
					       "destination.mac", NULL };
	char local[TIME_TEXT_SIZE] = "-";
	struct tree *document = NULL;
	int64_t time;

	if (tree_read(&document, json, length) < 0) {
		return;
	}
	if (when_parse_iso(first_text(document, times), &time) == 0) {
		time_text_local(time, local);
	}
	fprintf(out, "%s %s: ", local, first_text(document, levels));
	print_safe(first_text(document, titles), out);
	fputs(" (", out);
	print_safe(first_text(document, sources), out);
	fputs(" -> ", out);
	print_safe(first_text(document, targets), out);
	fputs(")\n", out);
	fflush(out);
	tree_free(document);
}
