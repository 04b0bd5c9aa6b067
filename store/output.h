/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output.h - where documents go: what each kind of receiver does behind one joint. */

#include "capture/base/problem.h"
#include "capture/base/time.h"

/* Documents that go together: one JSON object a line, newlines included. */
struct output_batch {
	const char *lines;
	size_t length, n;
};

/* The documents of a batch, one after the other, without their newlines. *at: 0 to begin. False:
 * there are no more. */
bool output_batch_next(const struct output_batch *batch, size_t *at, const char **json,
		       size_t *length);

/* What the receiver said to a batch. */
struct output_answer {
	size_t rejected; /* documents that he never takes, and that were put elsewhere */
	int64_t wait;    /* ns that he wants to be left alone, when it failed; 0: he says nothing */
	char text[160];  /* in his words, for a person; empty: nothing */
};

struct output_class {
	size_t batch_bytes; /* that are best sent at once; 0: 1 MiB */
	/* Takes a batch. 0: the receiver has all of it but what he rejects, by the guarantee of his
	 * kind; negative errno with problem: nothing or some of it, and all of it comes again.
	 * *answer is zeroed before. */
	int (*send)(void *output, const struct output_batch *batch, struct output_answer *answer,
		    struct problem *problem);
	/* Nothing waits: looks whether what was sent last arrived, where the kind of receiver can
	 * tell, and sends it again if not. last: there will be no more. May be NULL. */
	int (*settle)(void *output, bool last, struct problem *problem);
	/* Frees it. */
	void (*close)(void *output);
};

struct output {
	const struct output_class *class;
	void *state;
};
