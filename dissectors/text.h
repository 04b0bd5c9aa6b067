/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* text.h - lines and words of text protocols, through cursors.
 *
 * Words are compared without regard to case (ASCII).  What is returned lies in the bytes that were
 * given. */

#include "capture/base/cursor.h"

#define TEXT_NOT_FOUND SIZE_MAX

/* Takes the next line, without its line feed and a carriage return before that. False, and nothing
 * taken, when no line feed is there. */
bool text_line(struct cursor *bytes, struct cursor *line);
/* The bytes up to and with the next line feed; 0: none is there. */
size_t text_line_size(struct cursor bytes);
/* Takes this word off the start; false, and nothing taken, when another text is there. */
bool text_take(struct cursor *text, const char *word);
bool text_is(struct cursor text, const char *word);
bool text_begins(struct cursor text, const char *word);
/* Where the word first begins, or TEXT_NOT_FOUND. */
size_t text_find(struct cursor text, const char *word);
/* Takes what stands before this byte, and the byte; all when the byte is not there. */
struct cursor text_until(struct cursor *text, char stop);
/* Without spaces and tabs at both ends. */
struct cursor text_trim(struct cursor text);
/* A decimal number at the start; false when there is none or it has more than 9 digits. */
bool text_number(struct cursor *text, uint32_t *out);
/* Nothing but printable characters (or bytes of other alphabets), and at least one. */
bool text_printable(struct cursor text);
/* An IPv4 or IPv6 address in place of a name. */
bool text_is_address(struct cursor name);
/* Little-endian UTF-16 to UTF-8 in out, which ends with NUL; false for what is no text. */
bool text_from_utf16(struct cursor bytes, char *out, size_t size);
/* What stands before the first zero byte, or all. */
struct cursor text_until_nul(struct cursor bytes);
/* Splits off the next line, without its line end (CR LF or LF alone); the rest when there is no
 * line end. False at the end. */
bool text_next_line(struct cursor *text, struct cursor *line);
/* Where `word` ends inside the text; bad when it is not there. Case matters. */
struct cursor text_behind(struct cursor text, const char *word);
/* Copies at most size - 1 bytes and a zero byte; returns out. */
const char *text_copy(struct cursor text, char *out, size_t size);
