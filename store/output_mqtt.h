/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_mqtt.h - documents to an MQTT broker (3.1.1), each a message of quality of service 1 below
 * a topic: TOPIC/alert, TOPIC/asset, TOPIC/modbus... after event.dataset without "weir.".
 *
 * At least once to the broker: a batch is sent when each message has its PUBACK.  Whether somebody
 * listens, and whether the broker keeps what it has, is the broker's affair. */

#include "store/document_form.h"
#include "store/network_link.h"

struct output_mqtt_options {
	struct link_options link;    /* TCP or TLS; the name in the certificate is the host */
	const char *user, *password; /* NULL or empty: none */
	const char *client;          /* who we are for the broker; one of a name at a time */
	const char *topic;
	enum document_form form;
};

/* Reads the files of certificates and connects to nobody yet. 0; -ENOTSUP: this build has no MQTT;
 * other negative errno, all with problem. */
int output_mqtt_new(struct output *out, const struct output_mqtt_options *options,
		    struct problem *problem) MUST_USE;
