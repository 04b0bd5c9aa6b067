/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/edit_request.h"

#include <errno.h>
#include <string.h>

#define SETS_MAX   16
#define OTHERS_MAX 16

/* One request at work. */
struct work {
	struct inventory *inventory;
	struct store *store; /* NULL: memory only */
	struct asset_finder *finder;
	struct editor editor;
	bool dry_run;
	struct json *json;
};

/* One edit of it, read and checked before anything is changed. */
struct edit {
	struct work *work;
	struct asset *asset;
	enum identity kinds[SETS_MAX];
	const char *values[SETS_MAX];
	size_t n_sets;
	struct asset *others[OTHERS_MAX];
	size_t n_others;
	const char *split;
	int error;
	struct problem problem;
};

static int keep(void *context, const struct asset_edit *edit)
{
	struct store *store = context;

	return store != NULL ? store_edit(store, edit) : 0;
}

/* ---- reading ---- */

static void read_set(void *context, const char *key, const struct tree *member)
{
	struct edit *edit = context;
	const char *value = tree_text(member, "");
	enum identity kind = edit_field(key);

	if (edit->error < 0) {
		return;
	}
	if (kind == IDENTITIES || value == NULL) {
		edit->error =
		    problem_set(&edit->problem, -EINVAL, "'%s' is nothing that a person sets", key);
	} else if (edit->n_sets == SETS_MAX) {
		edit->error = problem_set(&edit->problem, -EINVAL, "too much at once");
	} else if ((edit->error = edit_check(kind, value, &edit->problem)) == 0) {
		edit->kinds[edit->n_sets] = kind;
		edit->values[edit->n_sets++] = value;
	}
}

static void read_other(void *context, const char *key, const struct tree *member)
{
	struct edit *edit = context;
	const char *text = tree_text(member, "");

	(void)key;
	if (edit->error < 0) {
		return;
	}
	if (text == NULL || edit->n_others == OTHERS_MAX) {
		edit->error = problem_set(&edit->problem, -EINVAL, "no list of assets");
		return;
	}
	edit->error =
	    asset_find(edit->work->finder, text, &edit->others[edit->n_others++], &edit->problem);
}

/* By the first of serial, MAC and address that names one asset; what is said of a failure is about
 * the first of them that named several, else about the first of all. */
static int find_joined(struct edit *edit, const struct tree *request)
{
	static const char *const keys[] = { "serial", "mac", "address" };
	struct asset_finder *finder = edit->work->finder;
	struct problem first = { "" }, several = { "" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *text = tree_text(request, keys[i]);
		struct problem problem = { "" };
		int error;

		if (text == NULL || text[0] == '\0') {
			continue;
		}
		error = i == 0 ? asset_find_by_serial(finder, text, &edit->asset, &problem)
			       : asset_find_by_address(finder, text, &edit->asset, &problem);
		if (error == 0) {
			return 0;
		}
		problem_set(error == -EEXIST ? &several : &first, error, "%s", problem.text);
	}
	if (several.text[0] != '\0') {
		return problem_set(&edit->problem, -EEXIST, "%s", several.text);
	}
	return problem_set(&edit->problem, -ENOENT, "%s",
			   first.text[0] != '\0' ? first.text : "no asset is named");
}

static void edit_read(struct edit *edit, const struct tree *request)
{
	const char *asset = tree_text(request, "asset");

	edit->split = tree_text(request, "split");
	edit->error = asset != NULL
			  ? asset_find(edit->work->finder, asset, &edit->asset, &edit->problem)
			  : find_joined(edit, request);
	tree_members(request, "set", read_set, edit);
	tree_members(request, "merge", read_other, edit);
	if (edit->error == 0 && edit->n_sets == 0 && edit->n_others == 0 && edit->split == NULL) {
		edit->error = problem_set(&edit->problem, -EINVAL, "nothing is said of it");
	}
}

/* ---- doing ---- */

static unsigned edit_set(struct edit *edit)
{
	struct work *work = edit->work;
	unsigned changed = 0;

	for (size_t i = 0; i < edit->n_sets && edit->error == 0; i++) {
		int result = inventory_set(work->inventory, edit->asset, edit->kinds[i],
					   edit->values[i], &work->editor);

		changed += result == 0;
		edit->error = result < 0 ? result : 0;
	}
	return changed;
}

static unsigned edit_merge(struct edit *edit)
{
	struct work *work = edit->work;
	unsigned changed = 0;

	for (size_t i = 0; i < edit->n_others && edit->error == 0; i++) {
		int result =
		    inventory_merge(work->inventory, edit->asset, edit->others[i], &work->editor);

		changed += result == 0;
		edit->error = result < 0 ? result : 0;
	}
	return changed;
}

static unsigned edit_split(struct edit *edit)
{
	struct work *work = edit->work;

	if (edit->split != NULL && edit->error == 0) {
		edit->error = inventory_split(work->inventory, edit->asset, edit->split,
					      &work->editor, &edit->problem);
	}
	return edit->split != NULL && edit->error == 0 ? 1 : 0;
}

static void one_edit(void *context, const char *key, const struct tree *request)
{
	struct work *work = context;
	struct edit edit = { .work = work };
	char id[17], description[160];
	unsigned changed = 0;

	(void)key;
	/* No two edits have one time, so that the later one is the newer. */
	work->editor.time++;
	edit_read(&edit, request);
	if (edit.error == 0) {
		changed = edit_set(&edit);
		changed += edit_merge(&edit);
		changed += edit_split(&edit);
	}
	if (edit.error < 0) {
		problem_set(&edit.problem, edit.error, "it cannot be kept: %s",
			    strerror(-edit.error));
	}
	json_object(work->json, NULL);
	if (edit.error == 0) {
		asset_describe(edit.asset, description, sizeof(description));
		json_text(work->json, "asset", asset_id(edit.asset, id));
		json_text(work->json, "is", description);
		json_uint(work->json, "changed", changed);
	} else {
		json_text(work->json, "error", edit.problem.text);
	}
	json_end(work->json);
}

static int work_whole(struct work *work, const struct tree *request)
{
	struct store *store = work->store;
	int error = asset_finder_new(&work->finder, work->inventory);

	if (error == 0) {
		json_array(work->json, "results");
		tree_members(request, "edits", one_edit, work);
		json_end(work->json);
		asset_finder_free(work->finder);
	}
	if (error == 0 && store != NULL && !work->dry_run) {
		/* What is acknowledged is on the disk. */
		error = store_inventory(store, work->inventory);
		/* Documents that find no room now come later; the edits themselves have theirs. */
		error = error == 0 || error == -ENOSPC ? store_flush(store) : error;
	}
	return error;
}

void edit_answer(const struct request_place *place, const struct tree *request, struct json *json)
{
	struct store *store = analysis_store(place->analysis);
	bool dry_run = tree_true(request, "dry_run");
	struct work work = {
		.inventory = analysis_inventory(place->analysis),
		.store = store,
		.editor = { .user = place->user,
			    .reason = tree_text(request, "reason"),
			    .time = place->time,
			    .keep = dry_run ? NULL : keep,
			    .context = store },
		.dry_run = dry_run,
		.json = json,
	};
	int error = work_whole(&work, request);

	if (error < 0) {
		json_text(json, "error", strerror(-error));
	}
	json_bool(json, "stored", error == 0 && store != NULL);
}
