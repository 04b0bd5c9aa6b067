/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/output_filter.h"

#include "cli/tree.h"

#include <string.h>

int output_filter_make(struct output_filter *filter, const struct config_output *output,
		       struct problem *problem)
{
	int error = filter_new(&filter->filter, NULL, 0);

	filter->output = output;
	for (size_t i = 0; error == 0 && i < output->filter.n; i++) {
		error = filter_add(filter->filter, output->filter.items[i], NULL, problem);
	}
	return error;
}

void output_filter_end(struct output_filter *filter)
{
	filter->filter = filter_free(filter->filter);
}

/* Of alerts those of the level and above; of all what the filter lets through. One that cannot be
 * read is rather sent than lost. */
static bool passes(const struct output_filter *filter, enum forward_table table, const char *json,
		   size_t length)
{
	enum alert_level level = LEVEL_INFORMATIONAL;
	struct tree *document = NULL;
	const char *text;
	bool passes = true;

	if (tree_read(&document, json, length) < 0) {
		return true;
	}
	text = tree_text(document, "weir.level");
	if (table == FORWARD_ALERTS && text != NULL && alert_level_from_name(text, &level)) {
		passes = level >= filter->output->level;
	}
	passes = passes && filter_matches(filter->filter, document);
	tree_free(document);
	return passes;
}

bool output_filter_wants(const struct output_filter *filter, enum forward_table table,
			 const char *what, const char *json, size_t length)
{
	bool looks = filter->output->filter.n > 0 ||
		     (table == FORWARD_ALERTS && filter->output->level > LEVEL_INFORMATIONAL);

	/* Sessions that begin and end are no news; of reads and cyclic traffic there are summaries.
	 */
	if (table == FORWARD_OPERATIONS &&
	    (strcmp(what, "session") == 0 || strcmp(what, "routine") == 0)) {
		return false;
	}
	return !looks || passes(filter, table, json, length);
}
