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

struct output_class {
	/* Takes a batch. 0: the receiver has all of it, by the guarantee of its kind; negative
	 * errno with problem: nothing or some of it, and all of it comes again. */
	int (*send)(void *output, const struct output_batch *batch, struct problem *problem);
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
