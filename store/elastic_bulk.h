/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* elastic_bulk.h - requests of the `_bulk` API of Elasticsearch and OpenSearch, and what their
 * answers say of each document.
 *
 * A document goes into the data stream logs-DATASET-NAMESPACE by `create`, the only operation that
 * data streams take, with its event.id as _id: what comes again is there already (409). */

#include "store/output.h"

#include "capture/base/buffer.h"

/* What an answer has to have, and nothing more. */
#define ELASTIC_BULK_PATH                                                                   \
	"/_bulk?filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason," \
	"items.*.failure_store"

enum bulk_verdict {
	BULK_OPEN,     /* not sent yet, or to be sent again */
	BULK_TAKEN,    /* also: it was there */
	BULK_REJECTED, /* never will be */
	BULK_FAILED    /* for a reason that is none of the document's: rights, an index... */
};

struct bulk_item {
	const char *json; /* in the batch */
	size_t length;
	enum bulk_verdict verdict;
	bool sent; /* with the request under way */
};

struct elastic_bulk {
	const char *name_space;
	struct bulk_item *items;
	size_t n, room;
	struct buffer body;
	size_t already; /* documents that were there */
};

/* Why a document was not taken; borrowed from the answer. */
struct bulk_reason {
	unsigned status;
	const char *type, *reason; /* never NULL */
};

typedef void bulk_told(void *context, struct bulk_item *item, const struct bulk_reason *reason);

/* Lower case letters, digits, '_' and '.': a part of a data stream's name. */
bool elastic_bulk_is_name(const char *text, size_t length);
/* Takes the documents of a batch, which has to stay. 0 or -ENOMEM. */
int elastic_bulk_take(struct elastic_bulk *bulk, const struct output_batch *batch) MUST_USE;
/* Makes the body of open items from `from` on, of about `most` bytes, one item at least. Returns
 * how many are in it. */
size_t elastic_bulk_body(struct elastic_bulk *bulk, size_t from, size_t most);
/* Reads the answer to that: each item that was sent gets its verdict, and is told with the reason
 * if it was not taken. 0; -EPROTO: it is no answer to that request. */
int elastic_bulk_answer(struct elastic_bulk *bulk, const char *text, size_t length, bulk_told *told,
			void *context) MUST_USE;
void elastic_bulk_free(struct elastic_bulk *bulk);
