/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_kafka.h - documents as messages of a topic of Kafka (librdkafka).
 *
 * A batch counts as sent when all replicas in step have every message of it: at least once.  While
 * nothing goes wrong each comes once and those of one asset in their order (idempotent producer);
 * when something does, the producer is thrown away with all that it holds, and the batch comes
 * again from a new one, so that nothing old arrives later.
 *
 * The key of a message is the id of the asset that the document is about, else the sensor's name:
 * documents of one key are in one partition.  Its headers are event.id, event.dataset,
 * observer.name, weir.output.name and weir.output.sequence, its time the document's. */

#include "store/document_form.h"
#include "store/kafka_properties.h"
#include "store/output.h"

struct output_kafka_options {
	struct kafka_options kafka;
	enum document_form form;
};

/* Reads the files of certificates; connects in threads of its own. 0 or negative errno with
 * problem; -ENOTSUP: built without librdkafka. */
int output_kafka_new(struct output *out, const struct output_kafka_options *options,
		     struct problem *problem) MUST_USE;
