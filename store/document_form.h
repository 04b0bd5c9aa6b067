/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* document_form.h - the forms in which a document can leave: its own, or another platform's. */

#include "store/output.h"

#include "capture/base/buffer.h"

enum document_form { FORM_JSON, FORM_CEF, FORM_OCSF, DOCUMENT_FORMS };

/* "json"... */
const char *document_form_name(enum document_form form);
bool document_form_from_name(const char *name, enum document_form *out);

/* Adds one document (JSON without newline) in that form, as one line without newline. */
void document_form_write(struct buffer *out, enum document_form form, const char *json,
			 size_t length);
/* The whole batch in that form, made in *text, which has to stay: a batch of JSON is itself. 0 or
 * -ENOMEM. */
int document_form_batch(struct output_batch *out, struct buffer *text, enum document_form form,
			const struct output_batch *batch) MUST_USE;
