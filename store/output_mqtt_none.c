/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/output_mqtt.h"

#include <errno.h>

int output_mqtt_new(struct output *out, const struct output_mqtt_options *options,
		    struct problem *problem)
{
	(void)out, (void)options;
	return problem_set(problem, -ENOTSUP, "this build has no MQTT: meson setup -Dmqtt=enabled");
}
