/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_elastic.h - documents into Elasticsearch or OpenSearch, through `_bulk`.
 *
 * A batch is sent when each document was taken or rejected; those that the receiver never takes go
 * to the dead letters. At least once, and once for each backing index of a data stream: a document
 * that comes again behind a rollover is there twice, with the same event.id. */

#include "store/http_client.h"
#include "store/output.h"

struct output_elastic_options {
	const char *const *urls; /* of nodes, without a path; the first that works is used */
	size_t n_urls;
	const char *name_space;   /* the end of the data streams' names */
	const char *dead_letters; /* path */
	struct http_options http;
};

/* Connects to nobody yet. Texts are copied. 0 or negative errno with problem. */
int output_elastic_new(struct output *out, const struct output_elastic_options *options,
		       struct problem *problem) MUST_USE;
