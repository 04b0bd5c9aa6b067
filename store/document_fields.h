/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* document_fields.h - what documents hold besides the fields of the registry, for schemas: what
 * every document begins with, and the documents of assets and conversations.
 *
 * Rules cannot ask for these, so they are in no registry.  In their names, "[]" behind a word says
 * that it is a list of objects, and a word in braces stands for several: see document_word(). */

#include "dissectors/field.h"

/* What every document begins with. */
extern const struct field document_head_fields[];
extern const size_t document_n_head_fields;

/* The rest of a document of an asset (asset_document.c). */
extern const struct field asset_document_fields[];
extern const size_t asset_document_n_fields;

/* The rest of a document of a conversation (conversation_document.c). */
extern const struct field conversation_document_fields[];
extern const size_t conversation_document_n_fields;

/* The rest of the summary of an hour of a conversation (traffic.c), and of what a sensor says of
 * itself every hour. */
extern const struct field traffic_document_fields[];
extern const size_t traffic_document_n_fields;
extern const struct field health_document_fields[];
extern const size_t health_document_n_fields;

/* The i-th word that "{operation}", "{identity}" or "{end}" stands for; NULL behind the last one,
 * or when it is none of these. */
const char *document_word(const char *placeholder, size_t i);
