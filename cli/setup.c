/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/setup.h"

#include "capture/base/hash.h"
#include "capture/base/time_zone.h"
#include "dissectors/engine.h"
#include "store/inventory.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int registry_setup(struct field_registry **out, uint16_t *bases, struct problem *problem)
{
	struct field_registry *registry = NULL;
	uint16_t base;
	int error = field_registry_new(&registry);

	if (error == 0) {
		error = engine_register(registry, bases, problem);
	}
	if (error == 0) {
		error = field_registry_add(registry, inventory_fields, inventory_n_fields, &base,
					   problem);
	}
	if (error == 0) {
		error =
		    field_registry_add(registry, policy_fields, policy_n_fields, &base, problem);
	}
	if (error == 0) {
		error = field_registry_add(registry, alert_fields, alert_n_fields, &base, problem);
	}
	if (error == 0) {
		error = field_registry_add(registry, exception_fields, exception_n_fields, &base,
					   problem);
	}
	if (error == 0) {
		error = field_registry_seal(registry, problem);
	}
	if (error < 0) {
		field_registry_free(registry);
		return problem_set(problem, error, "cannot build the field registry");
	}
	*out = registry;
	return 0;
}

static bool is_folder(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* BUILD/cli/weir stands two folders below the root of the tree. */
static bool pack_in_tree(char *out, size_t size)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (length <= 0) {
		return false;
	}
	program[length] = '\0';
	for (unsigned up = 0; up < 3; up++) {
		char *slash = strrchr(program, '/');

		if (slash == NULL) {
			return false;
		}
		*slash = '\0';
	}
	int written = snprintf(out, size, "%s/rules/pack", program);
	return written > 0 && (size_t)written < size && is_folder(out);
}

int rule_pack_find(char *out, size_t size, struct problem *problem)
{
	const char *given = getenv("WEIR_RULES");

	if (given != NULL && *given != '\0') {
		snprintf(out, size, "%s", given);
	} else if (!pack_in_tree(out, size)) {
		snprintf(out, size, "%s/rules/pack", WEIR_DATADIR);
	}
	return is_folder(out) ? 0
			      : problem_set(problem, -ENOENT,
					    "no rule pack at %s; name a folder with --rules", out);
}

static void rule_problem(void *context, const char *text)
{
	log_error(context, "%s", text);
}

const char *placeholders_find(const char *given)
{
	const char *named = getenv("WEIR_PLACEHOLDERS");

	if (given != NULL) {
		return given;
	}
	return named != NULL && *named != '\0' ? named : NULL;
}

int rules_setup(struct rule_set **out, const struct field_registry *registry,
		const struct text_list *folders, const char *placeholders,
		const struct log_sink *log, struct problem *problem)
{
	char pack[PATH_MAX];
	const char *const pack_folder[] = { pack };
	const char *const *items = folders->n > 0 ? folders->items : pack_folder;
	struct rule_counts counts = { 0 };
	struct rule_set *set = NULL;
	int error = folders->n > 0 ? 0 : rule_pack_find(pack, sizeof(pack), problem);

	if (error == 0) {
		error = rule_set_load(
		    &set,
		    &(struct rule_load) { .registry = registry,
					  .folders = items,
					  .n_folders = folders->n > 0 ? folders->n : 1,
					  .placeholders = placeholders_find(placeholders),
					  .handler = rule_problem,
					  .context = (void *)(uintptr_t)log },
		    &counts);
	}
	if (error < 0) {
		return problem_set(problem, error, "cannot read rules from %s: %s", items[0],
				   strerror(-error));
	}
	if (counts.errors > 0) {
		rule_set_free(set);
		return problem_set(problem, -EINVAL, "%u wrong rule%s", counts.errors,
				   counts.errors == 1 ? "" : "s");
	}
	*out = set;
	return 0;
}

int time_zone_setup(struct rule_set *set, const char *given, struct problem *problem)
{
	const char *named = getenv("WEIR_TIME_ZONE");
	struct time_zone *zone = NULL;
	int error = 0;

	if (given != NULL || named != NULL) {
		error = time_zone_read(&zone, given != NULL ? given : named, problem);
	}
	if (error == 0) {
		rule_set_use_time_zone(set, zone);
	}
	return error;
}

int policy_setup(struct policy **out, const char *given, const struct log_sink *log,
		 struct problem *problem)
{
	const char *named = getenv("WEIR_POLICY");
	const char *path = given != NULL ? given : named != NULL && *named != '\0' ? named : NULL;

	*out = NULL;
	return path != NULL ? policy_read(out, path, rule_problem, (void *)(uintptr_t)log, problem)
			    : 0;
}

int exceptions_setup(struct rule_exceptions **out, const char *path, bool environment,
		     const struct rule_set *rules, const struct log_sink *log,
		     struct problem *problem)
{
	unsigned errors = 0;
	int error;

	*out = NULL;
	if ((path == NULL || *path == '\0') && environment) {
		path = getenv("WEIR_EXCEPTIONS");
	}
	if (path == NULL || *path == '\0') {
		return 0;
	}
	error =
	    rule_exceptions_load(out, path, rules, rule_problem, (void *)(uintptr_t)log, &errors);
	if (error < 0) {
		return problem_set(problem, error, "cannot read exceptions from %s: %s", path,
				   strerror(-error));
	}
	return errors == 0 ? 0
			   : problem_set(problem, -EINVAL, "%u mistake%s in %s", errors,
					 errors == 1 ? "" : "s", path);
}

void inventory_files_find(struct inventory_files *out)
{
	const char *roles = getenv("WEIR_ROLES"), *geoip = getenv("WEIR_GEOIP");
	char *rest = out->text, *path;

	*out = (struct inventory_files) { .kinds = NULL };
	if (roles != NULL && *roles != '\0') {
		out->kinds = roles;
	}
	snprintf(out->text, sizeof(out->text), "%s", geoip != NULL ? geoip : "");
	while ((path = strsep(&rest, ":")) != NULL && out->n_geo < ARRAY_SIZE(out->geo)) {
		if (*path != '\0') {
			out->geo[out->n_geo++] = path;
		}
	}
}

void inventory_files_use(const struct inventory_files *files, struct inventory_options *options)
{
	if (files != NULL) {
		options->kinds_path = files->kinds;
		options->geo_paths = files->geo;
		options->n_geo_paths = files->n_geo;
	}
}

uint64_t sensor_id_of(const char *name)
{
	return hash_stable_end(hash_stable(HASH_STABLE_START, name, strlen(name)));
}
