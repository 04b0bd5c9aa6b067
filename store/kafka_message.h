/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* kafka_message.h - a document as a message of Kafka: its key, headers, time and body. */

#include "store/document_form.h"

#include <librdkafka/rdkafka.h>

struct kafka_message {
	const char *json;
	size_t length;
	const char *topic;
	enum document_form form;
	bool untimed; /* with the time of sending, not its own */
	void *opaque; /* for the delivery report */
};

/* Hands a copy of it to the producer; *body is room to make it in. What librdkafka says. */
rd_kafka_resp_err_t kafka_message_produce(rd_kafka_t *producer, const struct kafka_message *message,
					  struct buffer *body) MUST_USE;
