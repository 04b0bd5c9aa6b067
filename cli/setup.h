/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* setup.h - what every run needs before the first packet: the field registry of all rooms, the
 * rules, and who this sensor is. */

#include "capture/base/log.h"
#include "cli/options.h"
#include "dissectors/field.h"
#include "rules/exceptions.h"
#include "rules/policy.h"
#include "rules/rules.h"
#include "store/inventory.h"

/* Builds and seals the registry from all rooms. bases has dissector_count() entries. */
int registry_setup(struct field_registry **out, uint16_t *bases, struct problem *problem) MUST_USE;

/* The folder of the rule pack: $WEIR_RULES, else beside the program in the build tree, else the
 * installed one. out has size bytes. -ENOENT with problem when there is none. */
int rule_pack_find(char *out, size_t size, struct problem *problem) MUST_USE;

/* The file of placeholders: the given one, else that of $WEIR_PLACEHOLDERS, else NULL. */
const char *placeholders_find(const char *given);

/* Loads the folders, or the pack when there are none; placeholders is a file, NULL for that of
 * $WEIR_PLACEHOLDERS if any. Each wrong rule is said to the log; then
 * -EINVAL. */
int rules_setup(struct rule_set **out, const struct field_registry *registry,
		const struct text_list *folders, const char *placeholders,
		const struct log_sink *log, struct problem *problem) MUST_USE;

/* Has the rules see times as clocks show them: in the given zone, else that of $WEIR_TIME_ZONE,
 * else UTC. -EINVAL, -ENOENT...: there is no such zone. */
int time_zone_setup(struct rule_set *set, const char *given, struct problem *problem) MUST_USE;

/* Reads the policy: the given file, else that of $WEIR_POLICY; *out is NULL without either. Each
 * mistake is said to the log; then -EINVAL. */
int policy_setup(struct policy **out, const char *given, const struct log_sink *log,
		 struct problem *problem) MUST_USE;

/* Loads the exceptions file against the rules: the path, else $WEIR_EXCEPTIONS if `environment`,
 * else none (*out is NULL). Each mistake is said to the log; then -EINVAL. */
int exceptions_setup(struct rule_exceptions **out, const char *path, bool environment,
		     const struct rule_set *rules, const struct log_sink *log,
		     struct problem *problem) MUST_USE;

/* Files that the inventory reads besides. Texts are borrowed, or lie in the struct, which must not
 * be copied. */
struct inventory_files {
	const char *kinds;   /* further rules about assets, or NULL */
	const char *geo[16]; /* databases of public addresses */
	size_t n_geo;
	char text[4096];
};

/* Those of queries and replays: $WEIR_ROLES, and $WEIR_GEOIP, separated by colons. */
void inventory_files_find(struct inventory_files *out);
/* files may be NULL. */
void inventory_files_use(const struct inventory_files *files, struct inventory_options *options);

/* The id that goes into the ids of assets and events: a stable hash of the sensor's name. */
uint64_t sensor_id_of(const char *name);
