/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* hec_event.h - a document as an event of Splunk's HTTP Event Collector: its time, host, source,
 * sourcetype (as the add-on in etc/splunk has them) and index around it. */

#include "capture/base/buffer.h"

struct hec_event {
	const char *host;  /* the sensor's name */
	const char *index; /* NULL or empty: that of the token */
};

/* Adds one document (JSON without newline) as one line with its newline; its own bytes stay as they
 * are. */
void hec_event_write(struct buffer *out, const struct hec_event *options, const char *json,
		     size_t length);
