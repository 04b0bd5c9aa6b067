/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* page.h - one thing on a page: headed sections of facts (word and value) and of small tables.
 *
 * Values come from devices: control characters never reach the terminal.  Long ones are wrapped
 * on a terminal and whole in a pipe.  A section without rows is left out. */

#include "capture/base/common.h"

#include <stdio.h>

#define PAGE_COLUMNS_MAX 12

struct page;

struct page_column {
	const char *heading;
	enum {
		PAGE_WORD,
		PAGE_NUMBER, /* to the right */
		PAGE_LONG,   /* goes on below */
		PAGE_LINES,  /* each line of the cell is one: page_separator() */
	} kind;
	unsigned least; /* left out on terminals of fewer columns */
};

int page_new(struct page **out, FILE *stream) MUST_USE;
struct page *page_free(struct page *page);

/* Begins a section. The heading is ours, shown as it is. */
void page_section(struct page *page, const char *heading);
/* A word and its value. */
void page_fact(struct page *page, const char *word, const char *value);
/* What separates values in a PAGE_LINES cell: a newline on a terminal, else ", ". */
const char *page_separator(const struct page *page);
/* Whether times are to lack the year. */
bool page_is_narrow(const struct page *page);
/* Begins a table; page_row() then takes n cells, of which NULL and "" are shown as "-". */
void page_table(struct page *page, const struct page_column *columns, size_t n);
void page_row(struct page *page, const char *const *cells);
/* Shows what is left. 0, or the first failure of all calls (-ENOMEM, -EIO). */
int page_end(struct page *page) MUST_USE;
