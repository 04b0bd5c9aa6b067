/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/document_form.h"

#include "store/cef_document.h"
#include "store/ocsf_document.h"

#include <errno.h>
#include <string.h>

static const struct {
	const char *name;
	void (*write)(struct buffer *out, const char *json, size_t length);
} forms[DOCUMENT_FORMS] = {
	[FORM_JSON] = { "json", NULL },
	[FORM_CEF] = { "cef", cef_document_write },
	[FORM_OCSF] = { "ocsf", ocsf_document_write },
};

const char *document_form_name(enum document_form form)
{
	return forms[form].name;
}

bool document_form_from_name(const char *name, enum document_form *out)
{
	for (size_t i = 0; i < DOCUMENT_FORMS; i++) {
		if (strcmp(name, forms[i].name) == 0) {
			*out = (enum document_form)i;
			return true;
		}
	}
	return false;
}

void document_form_write(struct buffer *out, enum document_form form, const char *json,
			 size_t length)
{
	if (forms[form].write != NULL) {
		forms[form].write(out, json, length);
	} else {
		buffer_add(out, json, length);
	}
}

int document_form_batch(struct output_batch *out, struct buffer *text, enum document_form form,
			const struct output_batch *batch)
{
	const char *json;
	size_t at = 0, length;

	*out = *batch;
	if (form == FORM_JSON) {
		return 0;
	}
	buffer_clear(text);
	while (output_batch_next(batch, &at, &json, &length)) {
		document_form_write(text, form, json, length);
		buffer_text(text, "\n");
	}
	out->lines = text->data;
	out->length = text->length;
	return text->failed ? -ENOMEM : 0;
}
