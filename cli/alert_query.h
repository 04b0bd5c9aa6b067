/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* alert_query.h - alerts chosen by filters, for all commands that are about them. */

#include "cli/query.h"

#define ALERT_COLUMNS 26

extern const struct column alert_columns[ALERT_COLUMNS];

/* Alerts, each told as one document (alert_story.h), as the values and terms choose them. write
 * NULL: a table, or lines of JSON, on standard output. An id alone, or its beginning, is a term,
 * too. Returns an exit code. */
int alerts_query(const struct command *command, struct query_values *values,
		 const struct text_list *terms,
		 void (*write)(void *context, const struct tree *document, const char *json,
			       size_t length),
		 void *context);

/* The same of what has to do with the baseline of a database, findings as well, that nobody decided
 * on yet (--all: or did). */
int verdicts_query(const struct command *command, struct query_values *values,
		   const struct text_list *terms,
		   void (*write)(void *context, const struct tree *document, const char *json,
				 size_t length),
		   void *context);
