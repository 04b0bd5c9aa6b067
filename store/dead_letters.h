/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* dead_letters.h - the file of documents that a receiver never takes: each with the reason, so that
 * a person can mend what is wrong and send them by hand.
 *
 * One JSON object a line: "@timestamp" (when it was rejected), "reason", "status", "document". The
 * file is made when the first one comes (mode 0640); one that is as large as its cap is renamed to
 * PATH.1, in place of the one before. */

#include "capture/base/problem.h"

#define DEAD_LETTERS_MAX (UINT64_C(64) << 20) /* bytes of each of the two files */

struct dead_letters;

/* cap: bytes; 0: DEAD_LETTERS_MAX. 0 or -ENOMEM. */
int dead_letters_new(struct dead_letters **out, const char *path, uint64_t cap) MUST_USE;
struct dead_letters *dead_letters_free(struct dead_letters *letters);

/* Gathers one document (JSON without newline). */
void dead_letters_add(struct dead_letters *letters, unsigned status, const char *reason,
		      const char *json, size_t length);
/* Puts what was gathered onto the disk. 0 or negative errno with problem; what could not be written
 * is forgotten, since the batch that it belongs to comes again. */
int dead_letters_flush(struct dead_letters *letters, struct problem *problem) MUST_USE;
/* Forgets what was gathered. */
void dead_letters_clear(struct dead_letters *letters);
