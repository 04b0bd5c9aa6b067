/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/query_output.h"

#include "capture/base/hash.h"
#include "cli/sort.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A table is laid out over so many rows at a time, which bounds memory. */
#define ROWS_AT_ONCE 1000
/* Documents that may be kept back for -n or for being superseded. */
#define KEPT_MAX 1000000

struct kept {
	char *json;
	size_t length;
	uint64_t key;              /* hash of the unique value; 0: none */
	size_t order;              /* in which they came */
	struct sort_value *values; /* when they are sorted */
};

struct output {
	struct output_options options;
	struct listing *listing; /* NULL: JSON */
	struct column own[LISTING_COLUMNS_MAX];
	char *selection;
	struct sorting *sorting; /* NULL: as they come */
	struct kept *kept;
	size_t n_kept, kept_room;
	uint32_t *slots; /* open addressing: index in kept + 1, by key */
	size_t n_slots;
	uint64_t shown, left_out;
	int error;
	bool follow;
};

/* A column by short name, or a path as it stands. */
static const struct column *column_pick(struct output *output, const char *name, size_t n)
{
	const struct output_options *options = &output->options;
	const struct column *column = column_find(options->columns, options->n_columns, name);

	if (column == NULL && strchr(name, '.') != NULL) {
		output->own[n] = (struct column) { .name = name, .paths = { name } };
		column = &output->own[n];
	}
	return column;
}

static size_t columns_default(const struct output_options *options, const struct column **columns)
{
	size_t n = 0, width = listing_width(options->stream);

	for (size_t i = 0; i < options->n_columns && n < LISTING_COLUMNS_MAX; i++) {
		if (options->columns[i].shown > 0 && options->columns[i].shown <= width) {
			columns[n++] = &options->columns[i];
		}
	}
	return n;
}

/* "-o a,b" replaces the columns, "-o +a,+b" adds to them. Returns the number or -EINVAL. */
static int columns_select(struct output *output, const struct column **columns,
			  struct problem *problem)
{
	const char *selection = output->options.selection;
	size_t n = selection == NULL || selection[0] == '+'
		       ? columns_default(&output->options, columns)
		       : 0;

	if (selection == NULL) {
		return (int)n;
	}
	if ((output->selection = strdup(selection)) == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	char *rest = output->selection;
	for (char *name = strsep(&rest, ","); name != NULL; name = strsep(&rest, ",")) {
		name += *name == '+' ? 1 : 0;
		const struct column *column =
		    n < LISTING_COLUMNS_MAX ? column_pick(output, name, n) : NULL;
		if (column == NULL) {
			return problem_set(problem, -EINVAL, "no column '%s'", name);
		}
		columns[n++] = column;
	}
	return (int)n;
}

int output_new(struct output **out, const struct output_options *options, struct problem *problem)
{
	const struct column *columns[LISTING_COLUMNS_MAX];
	struct output *output = calloc(1, sizeof(*output));

	if (output == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	output->options = *options;
	int n = columns_select(output, columns, problem);
	int error = n < 0 ? n : 0;
	if (error == 0 && options->sort != NULL) {
		error = sorting_new(&output->sorting, options->sort, options->columns,
				    options->n_columns, problem);
	}
	if (error == 0 && !options->json) {
		error = listing_new(&output->listing, columns, (size_t)n, options->stream);
	}
	if (error == 0 && output->listing != NULL && options->children != NULL) {
		error = listing_tree(output->listing, options->children, options->all_children);
	}
	if (error < 0) {
		output_free(output);
		return problem_set(problem, error, "cannot lay out a table");
	}
	*out = output;
	return 0;
}

static void kept_end(const struct output *output, struct kept *kept)
{
	free(kept->json);
	sort_values_free(output->sorting, kept->values);
}

static void kept_forget(struct output *output)
{
	for (size_t i = 0; i < output->n_kept; i++) {
		kept_end(output, &output->kept[i]);
	}
	output->n_kept = 0;
}

struct output *output_free(struct output *output)
{
	if (output == NULL) {
		return NULL;
	}
	kept_forget(output);
	listing_free(output->listing);
	sorting_free(output->sorting);
	free(output->kept);
	free(output->slots);
	free(output->selection);
	free(output);
	return NULL;
}

static void fail(struct output *output, int error)
{
	output->error = output->error == 0 ? error : output->error;
}

static void show(struct output *output, const struct tree *document, const char *json,
		 size_t length)
{
	if (output->options.write != NULL) {
		output->options.write(output->options.write_context, document, json, length);
		return;
	}
	if (output->listing == NULL) {
		size_t text = length > 0 && json[length - 1] == '\n' ? length - 1 : length;

		if (fwrite(json, 1, text, output->options.stream) != text ||
		    fputc('\n', output->options.stream) == EOF) {
			fail(output, -EIO);
		}
		return;
	}
	int error = listing_add(output->listing, document);
	if (error == 0 && (output->follow || listing_rows(output->listing) >= ROWS_AT_ONCE)) {
		error = listing_print(output->listing);
	}
	if (error < 0) {
		fail(output, error);
	}
}

static bool kept_grow(struct output *output)
{
	size_t room = output->kept_room * 2 + 64;
	struct kept *kept = realloc(output->kept, room * sizeof(*kept));

	if (kept == NULL) {
		fail(output, -ENOMEM);
		return false;
	}
	output->kept = kept;
	output->kept_room = room;
	return true;
}

/* Doubles the index over kept documents and fills it anew. */
static bool slots_grow(struct output *output)
{
	size_t n = output->n_slots > 0 ? output->n_slots * 2 : 256;
	uint32_t *slots = calloc(n, sizeof(*slots));

	if (slots == NULL) {
		fail(output, -ENOMEM);
		return false;
	}
	for (size_t i = 0; i < output->n_kept; i++) {
		size_t at = output->kept[i].key & (n - 1);

		while (slots[at] != 0) {
			at = (at + 1) & (n - 1);
		}
		slots[at] = (uint32_t)i + 1;
	}
	free(output->slots);
	output->slots = slots;
	output->n_slots = n;
	return true;
}

/* The kept document with this key, or NULL; *slot is where a new one goes. */
static struct kept *kept_find(struct output *output, uint64_t key, size_t *slot)
{
	size_t at = key & (output->n_slots - 1);

	for (; output->slots[at] != 0; at = (at + 1) & (output->n_slots - 1)) {
		struct kept *kept = &output->kept[output->slots[at] - 1];

		if (kept->key == key) {
			return kept;
		}
	}
	*slot = at;
	return NULL;
}

/* Copies the document, and where it stands, into `kept`. */
static void kept_fill(struct output *output, struct kept *kept, const struct tree *document,
		      const char *json, size_t length)
{
	kept_end(output, kept);
	kept->json = strndup(json, length);
	kept->length = length;
	kept->values = output->sorting != NULL ? sort_values(output->sorting, document) : NULL;
	if (kept->json == NULL || (output->sorting != NULL && kept->values == NULL)) {
		fail(output, -ENOMEM);
	}
}

static void keep(struct output *output, uint64_t key, const struct tree *document, const char *json,
		 size_t length)
{
	size_t slot = 0;
	struct kept *kept = NULL;

	if (key != 0 && (output->n_kept + 1) * 2 > output->n_slots && !slots_grow(output)) {
		return;
	}
	if (key != 0) {
		kept = kept_find(output, key, &slot);
	}
	if (kept == NULL && output->n_kept == KEPT_MAX) {
		output->left_out++;
		return;
	}
	if (kept == NULL && output->n_kept == output->kept_room && !kept_grow(output)) {
		return;
	}
	if (kept == NULL) {
		kept = &output->kept[output->n_kept];
		*kept = (struct kept) { .key = key, .order = output->n_kept++ };
		if (key != 0) {
			output->slots[slot] = (uint32_t)output->n_kept;
		}
	}
	kept_fill(output, kept, document, json, length);
}

/* Keeps one document in a ring of the newest. */
static void keep_newest(struct output *output, const struct tree *document, const char *json,
			size_t length)
{
	uint64_t room = output->options.limit < KEPT_MAX ? output->options.limit : KEPT_MAX;

	if (output->shown < room) {
		keep(output, 0, document, json, length);
		output->shown++;
		return;
	}
	if (output->error == 0) {
		kept_fill(output, &output->kept[output->shown++ % room], document, json, length);
		output->left_out++;
	}
}

static uint64_t unique_key(const struct output *output, const struct tree *document)
{
	const char *text = tree_text(document, output->options.unique);
	uint64_t key = text != NULL ? hash_bytes(text, strlen(text), 0) : 0;

	return text != NULL && key == 0 ? 1 : key;
}

bool output_document(struct output *output, const struct tree *document, const char *json,
		     size_t length)
{
	const struct output_options *options = &output->options;

	if (output->follow) {
		show(output, document, json, length);
	} else if (options->unique != NULL) {
		keep(output, unique_key(output, document), document, json, length);
	} else if (output->sorting != NULL) {
		keep(output, 0, document, json, length);
	} else if (options->limit == 0) {
		show(output, document, json, length);
	} else if (options->newest) {
		keep_newest(output, document, json, length);
	} else if (output->shown < options->limit) {
		output->shown++;
		show(output, document, json, length);
	} else {
		output->left_out++;
	}
	return output->error == 0;
}

bool output_takes_text(const struct output *output)
{
	return output->options.write == NULL && output->listing == NULL &&
	       output->sorting == NULL && output->options.unique == NULL;
}

bool output_skips(struct output *output)
{
	const struct output_options *options = &output->options;
	bool skips = !output->follow && output->sorting == NULL && options->unique == NULL &&
		     options->limit > 0 && !options->newest && output->shown >= options->limit;

	output->left_out += skips;
	return skips;
}

/* With unique: drops the kept documents that are not wanted. */
static void kept_choose(struct output *output)
{
	size_t n = 0;

	for (size_t i = 0; i < output->n_kept; i++) {
		struct kept *kept = &output->kept[i];
		struct tree *document = NULL;

		if (tree_read(&document, kept->json, kept->length) == 0 &&
		    output->options.wanted(output->options.context, document)) {
			output->kept[n++] = *kept;
		} else {
			kept_end(output, kept);
		}
		tree_free(document);
	}
	output->n_kept = n;
}

static void show_kept(struct output *output, const struct kept *kept)
{
	struct tree *document = NULL;

	if (tree_read(&document, kept->json, kept->length) == 0) {
		show(output, document, kept->json, kept->length);
		tree_free(document);
	}
}

static int compare_kept(const void *a, const void *b, void *sorting)
{
	const struct kept *x = a, *y = b;
	int order = sort_compare(sorting, x->values, y->values);

	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static void show_all_kept(struct output *output)
{
	const struct output_options *options = &output->options;
	uint64_t limit = options->limit;
	size_t first = 0, n = output->n_kept;
	bool all_were_kept = options->unique != NULL || output->sorting != NULL;

	if (output->sorting != NULL && n > 0) {
		qsort_r(output->kept, n, sizeof(*output->kept), compare_kept, output->sorting);
	}
	if (all_were_kept && limit > 0 && n > limit) {
		output->left_out += n - limit;
		first = options->newest && output->sorting == NULL ? n - (size_t)limit : 0;
		n = first + (size_t)limit;
	} else if (!all_were_kept && n > 0) {
		first = (size_t)(output->shown % n);
		n += first;
	}
	for (size_t i = first; i < n; i++) {
		show_kept(output, &output->kept[i % output->n_kept]);
	}
	kept_forget(output);
}

int output_flush(struct output *output)
{
	if (output->options.unique != NULL) {
		kept_choose(output);
	}
	if (output->error == 0) {
		show_all_kept(output);
	}
	if (output->listing != NULL && listing_print(output->listing) < 0) {
		fail(output, -ENOMEM);
	}
	if (fflush(output->options.stream) != 0) {
		fail(output, -errno);
	}
	return output->error;
}

uint64_t output_left_out(const struct output *output)
{
	return output->left_out;
}

void output_follow(struct output *output)
{
	output->follow = true;
}
