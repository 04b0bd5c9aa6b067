/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* wire_text.h - texts inside messages: up to a zero byte, line by line, without the spaces around.
 * All of them are cursors over the same bytes; nothing is copied but by text_copy(). */

#include "capture/base/cursor.h"

/* What stands before the first zero byte, or all. */
struct cursor text_until_nul(struct cursor bytes);
/* Without spaces and tabs at both ends. */
struct cursor text_trimmed(struct cursor text);
/* Splits off the next line, without its line end (CR LF or LF alone). False at the end. */
bool text_next_line(struct cursor *text, struct cursor *line);
/* Splits off what stands before the first `end`, and skips that; all when there is none. */
struct cursor text_until(struct cursor *text, char end);
/* Equal without regard to the case of ASCII letters. */
bool text_is(struct cursor text, const char *word);
bool text_begins(struct cursor text, const char *word);
/* Where `word` ends inside the text; bad when it is not there. Case matters. */
struct cursor text_behind(struct cursor text, const char *word);
/* Copies at most size - 1 bytes and a zero byte; returns out. */
const char *text_copy(struct cursor text, char *out, size_t size);
