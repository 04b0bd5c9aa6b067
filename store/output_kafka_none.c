/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/output_kafka.h"

#include <errno.h>

int output_kafka_new(struct output *out, const struct output_kafka_options *options,
		     struct problem *problem)
{
	(void)out, (void)options;
	return problem_set(problem, -ENOTSUP,
			   "this program was built without librdkafka, which goes to Kafka");
}
