/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_splunk.h - documents to Splunk's HTTP Event Collector.
 *
 * With indexer acknowledgement a batch is sent when each of its requests was acknowledged: at least
 * once.  Requests without an answer are asked for again, and sent again after a time; what waits is
 * remembered between batches, so that an indexer that takes minutes gets nothing twice.  Without
 * acknowledgement a batch is sent when it was accepted, which proves nothing. */

#include "store/http_client.h"
#include "store/output.h"

struct output_splunk_options {
	const char *url;  /* of the collector, without a path */
	const char *host; /* the sensor's name */
	const char *index;
	bool acknowledge;
	int64_t acknowledge_within; /* ns; then a request is sent again */
	const char *dead_letters;   /* path */
	struct http_options http;   /* authorization: "Splunk TOKEN" */
};

/* Connects to nobody yet. Texts are copied. 0 or negative errno with problem. */
int output_splunk_new(struct output *out, const struct output_splunk_options *options,
		      struct problem *problem) MUST_USE;
