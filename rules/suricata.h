/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* suricata.h - rules of Suricata and Snort as Sigma documents for Weir, as far as they ask for what
 * a field here says.
 *
 * Only what means the same is carried over: the header, keywords of Modbus, DNP3 and EtherNet/IP,
 * and bytes at a fixed place of a message that is a field.  Every other keyword refuses its rule,
 * with the reason.  Weir's source is who asks, also where the rule is about the answer. */

#include "capture/base/common.h"

#include <stddef.h>

/* What $NAME stands for. Without one, it becomes the placeholder %NAME% (modifier expand). */
struct suricata_variable {
	const char *name, *value;
};

struct suricata_file {
	const char *name; /* for messages, and (its stem) for ids and names */
	const char *text;
	size_t length;
	const struct suricata_variable *variables;
	size_t n_variables;
};

/* What became of one rule; borrowed for the call. */
struct suricata_result {
	unsigned line;
	const char *sid;     /* "" when it has none */
	const char *message; /* "" when it has none */
	const char *reason;  /* why it was not carried over; NULL: it was */
	const char *note;    /* what is wider or left out; NULL: nothing */
	const char *yaml;    /* the documents; NULL: none */
	size_t length;
};

struct suricata_counts {
	unsigned carried, refused, disabled; /* disabled: commented out */
};

typedef void suricata_handler(void *context, const struct suricata_result *result);
/* Tells each placeholder that was made, once. */
typedef void suricata_placeholder(void *context, const char *name);

/* Reads a file. -ENOMEM. */
int suricata_import(const struct suricata_file *file, suricata_handler *handler,
		    suricata_placeholder *placeholder, void *context,
		    struct suricata_counts *counts) MUST_USE;
