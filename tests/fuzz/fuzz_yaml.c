/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* fuzz_yaml.c - one input is one YAML file: it is read, and every node is looked at in every way.
 */

#include "capture/base/yaml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool good)
{
	if (!good) {
		abort();
	}
}

/* depth: what is left of the depth that the header promises at most. */
static void walk(const struct yaml_node *node, unsigned depth, size_t *budget)
{
	int64_t integer;
	double real;
	bool truth;
	size_t n = 0;

	check(depth > 0 && *budget > 0);
	--*budget;
	check(node->line > 0 && node->column > 0 && node->text != NULL);
	check(node->text[node->length] == '\0');
	if (yaml_as_int(node, &integer)) {
		check(yaml_as_double(node, &real) && !yaml_is_null(node));
	}
	check(!yaml_as_bool(node, &truth) || !yaml_is_null(node));
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		check((at->key != NULL) == (node->kind == YAML_MAP));
		if (at->key != NULL) {
			check(at->key_line > 0);
		}
		walk(at, depth - 1, budget);
		n++;
	}
	check(n == node->n_children && (node->kind != YAML_SCALAR || n == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problem problem = { "" };
	struct yaml *yaml = NULL;
	size_t budget = 200000;
	int error = yaml_read_bytes(&yaml, "fuzz", data, size, &problem);

	if (error != 0) {
		check(error < 0 && yaml == NULL && problem.text[0] != '\0');
		return 0;
	}
	for (size_t i = 0; i < yaml_n_documents(yaml); i++) {
		if (yaml_document(yaml, i) != NULL) {
			walk(yaml_document(yaml, i), 65, &budget);
		}
	}
	yaml_free(yaml);
	return 0;
}
