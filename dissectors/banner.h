/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* banner.h - what the protocols share that only tell who is there: the record of a greeting, and
 * what the words of a banner say. */

#include "dissectors/dissector.h"

/* Begins a record of what the sender of the message says about itself, outside any transaction:
 * its fields follow, then record_commit(). A server's counts as what it answered to whoever
 * connected. */
void banner_begin(struct dissection *d, const char *function);
/* Begins a record of what the sender says about itself beside the transaction with this record
 * (transaction_record(); 0: none). */
void banner_beside(struct dissection *d, uint64_t record, const char *function);
/* The operating system that a banner names, or NULL. */
const char *banner_system(struct cursor text);
/* Puts that, if there is one. */
void banner_put_system(struct dissection *d, uint16_t field, struct cursor text);
/* Puts a text, trimmed, if it is one. Whether it was. */
bool banner_put(struct dissection *d, uint16_t field, struct cursor text);
/* Puts the name of a host: with a domain in one field, without in the other; addresses, patterns
 * and what is no name in neither. */
void banner_put_name(struct dissection *d, uint16_t full, uint16_t host, struct cursor name);
