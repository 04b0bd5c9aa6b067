/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* rule_set.c - finds the rule files below folders and makes a set of what they hold. */

#include "capture/base/hash.h"
#include "rules/sigma.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_DEPTH_MAX 16

/* The files at work: their trees live until everything is linked. */
struct files {
	struct loader *loader;
	struct yaml **trees;
	size_t n, size;
};

static int keep_tree(struct files *files, struct yaml *tree)
{
	if (files->n == files->size) {
		size_t size = files->size * 2 + 64;
		struct yaml **trees = realloc(files->trees, size * sizeof(struct yaml *));

		if (trees == NULL) {
			yaml_free(tree);
			return -ENOMEM;
		}
		files->trees = trees;
		files->size = size;
	}
	files->trees[files->n++] = tree;
	return 0;
}

/* Problems in a file are reported and do not end the load; only a lack of memory does. */
static int load_file(struct files *files, const char *path)
{
	struct loader *loader = files->loader;
	struct problem problem = { "" };
	struct yaml *tree = NULL;
	int error = yaml_read_file(&tree, path, &problem);

	loader->counts->files++;
	if (error != 0) {
		loader->counts->errors++;
		if (loader->handler != NULL) {
			loader->handler(loader->context, problem.text);
		}
		return error == -ENOMEM ? error : 0;
	}
	error = keep_tree(files, tree);
	loader->yaml = tree;
	for (size_t i = 0; error != -ENOMEM && i < yaml_n_documents(tree); i++) {
		error = sigma_document(loader, yaml_document(tree, i));
	}
	return error == -ENOMEM ? error : 0;
}

static bool is_rule_file(const char *name)
{
	static const char test[] = ".test.yml";
	const char *dot = strrchr(name, '.');
	size_t n = strlen(name);

	/* What a rule must do on which captures; weir rules test reads it. */
	if (n >= strlen(test) && strcmp(name + n - strlen(test), test) == 0) {
		return false;
	}
	return dot != NULL && (strcmp(dot, ".yml") == 0 || strcmp(dot, ".yaml") == 0);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_path(struct files *files, const char *path, unsigned depth);

static int load_entries(struct files *files, const char *path, struct dirent **entries, int n,
			unsigned depth)
{
	int error = 0;

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		char *whole = NULL;

		if (error == 0 && name[0] != '.') {
			error = asprintf(&whole, "%s/%s", path, name) < 0 ? -ENOMEM : 0;
		}
		if (error == 0 && whole != NULL) {
			error = load_path(files, whole, depth + 1);
			free(whole);
		}
		free(entries[i]);
	}
	free(entries);
	return error;
}

/* depth 0 is what the user named: there a missing one is an error. */
static int load_path(struct files *files, const char *path, unsigned depth)
{
	struct dirent **entries;
	struct stat status;
	int n;

	if (stat(path, &status) != 0) {
		return depth == 0 ? -errno : 0;
	}
	if (!S_ISDIR(status.st_mode)) {
		return depth == 0 || is_rule_file(path) ? load_file(files, path) : 0;
	}
	if (depth > FOLDER_DEPTH_MAX) {
		return 0;
	}
	n = scandir(path, &entries, NULL, by_name);
	return n >= 0 ? load_entries(files, path, entries, n, depth) : -errno;
}

static void find_special_fields(struct rule_set *set)
{
	const struct field_registry *registry = set->registry;

	set->special = (struct special_fields) {
		.kind = field_find(registry, "weir.kind"),
		.operation = field_find(registry, "weir.operation"),
		.outcome = field_find(registry, "event.outcome"),
		.protocol = field_find(registry, "network.protocol"),
		.phase = field_find(registry, "weir.phase"),
		.duration = field_find(registry, "event.duration"),
		.status = field_find(registry, "weir.transaction.status"),
		.malformed = field_find(registry, "weir.malformed"),
		.source_ip = field_find(registry, "source.ip"),
		.destination_ip = field_find(registry, "destination.ip"),
	};
}

static int load_all(struct files *files, const struct rule_load *load)
{
	struct loader *loader = files->loader;
	struct rule_set *set = loader->set;
	int error = load->placeholders != NULL ? sigma_placeholders(loader, load->placeholders) : 0;

	for (size_t i = 0; error == 0 && i < load->n_folders; i++) {
		error = load_path(files, load->folders[i], 0);
	}
	if (error == 0) {
		error = sigma_link(loader);
	}
	if (error == 0) {
		error = sigma_filter_apply(loader);
	}
	snprintf(set->hash_text, sizeof(set->hash_text), "%016llx",
		 (unsigned long long)hash_stable_end(set->hash));
	if (error == 0) {
		error = rule_gates_build(set);
	}
	return error == 0 ? rule_index_build(set) : error;
}

int rule_set_load(struct rule_set **out, const struct rule_load *load, struct rule_counts *counts)
{
	struct rule_set *set = calloc(1, sizeof(*set));
	struct loader loader = { .set = set,
				 .counts = counts,
				 .handler = load->handler,
				 .context = load->context,
				 .any_product = load->any_product };
	struct files files = { .loader = &loader };
	int error;

	*counts = (struct rule_counts) { 0 };
	if (set == NULL) {
		return -ENOMEM;
	}
	set->registry = load->registry;
	find_special_fields(set);
	error = load_all(&files, load);
	for (size_t i = 0; i < files.n; i++) {
		yaml_free(files.trees[i]);
	}
	free(files.trees);
	yaml_free(loader.placeholders);
	if (error != 0) {
		rule_set_free(set);
		return error;
	}
	*out = set;
	return 0;
}

struct rule_set *rule_set_free(struct rule_set *set)
{
	if (set != NULL) {
		for (size_t i = 0; i < set->n_regexes; i++) {
			pcre2_code_free(set->regexes[i]);
		}
		free(set->regexes);
		free(set->rules);
		rule_gates_free(set);
		rule_index_free(set->index);
		time_zone_free(set->time_zone);
		arena_free(&set->arena);
		free(set);
	}
	return NULL;
}

void rule_set_use_time_zone(struct rule_set *set, struct time_zone *zone)
{
	time_zone_free(set->time_zone);
	set->time_zone = zone;
}

const char *rule_set_hash(const struct rule_set *set)
{
	return set->hash_text;
}
