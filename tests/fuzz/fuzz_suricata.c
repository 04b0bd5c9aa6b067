/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fuzz_suricata.c - one input is a file of rules of Suricata or Snort: each is carried over or
 * refused with a reason, and what is carried over compiles. */

#include "dissectors/engine.h"
#include "rules/rules.h"
#include "rules/suricata.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzzing {
	const struct field_registry *registry;
	bool placeholders; /* some rule has them: nobody says what they stand for */
};

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

static void hear(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static void compile(const struct fuzzing *fuzzing, const struct suricata_result *result)
{
	struct rule_counts counts;
	struct rule_set *set;
	char path[32];
	const char *folder = path;
	int file = memfd_create("rule", MFD_CLOEXEC);

	check(file >= 0 && write(file, result->yaml, result->length) == (ssize_t)result->length);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	check(rule_set_load(&set,
			    &(struct rule_load) { .registry = fuzzing->registry,
						  .folders = &folder,
						  .n_folders = 1,
						  .handler = hear },
			    &counts) == 0);
	check(counts.errors == 0 && counts.rules == 1);
	rule_set_free(set);
	close(file);
}

static void take(void *context, const struct suricata_result *result)
{
	const struct fuzzing *fuzzing = context;

	check((result->reason == NULL) == (result->yaml != NULL));
	if (result->yaml != NULL && !fuzzing->placeholders) {
		compile(fuzzing, result);
	}
}

static void take_name(void *context, const char *name)
{
	struct fuzzing *fuzzing = context;

	check(name[0] != '\0');
	fuzzing->placeholders = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct field_registry *registry;
	uint16_t bases[PROTOCOL_NONE];
	struct suricata_counts counts = { 0 };
	const struct suricata_variable variables[] = { { "A", "[10.0.0.1,!10.0.0.2]" },
						       { "B", "$B" } };
	const struct suricata_file file = { "fuzz.rules", (const char *)data, size, variables, 2 };
	struct fuzzing fuzzing;

	if (registry == NULL) {
		check(field_registry_new(&registry) == 0);
		check(engine_register(registry, bases, NULL) == 0);
		check(field_registry_seal(registry, NULL) == 0);
	}
	fuzzing = (struct fuzzing) { registry, false };
	check(suricata_import(&file, take, take_name, &fuzzing, &counts) == 0);
	return 0;
}
