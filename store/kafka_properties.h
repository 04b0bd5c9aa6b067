/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* kafka_properties.h - how librdkafka is to be configured for an output, as a list of its
 * properties: what a person may choose, checked, and what Weir chooses for him. */

#include "capture/base/buffer.h"
#include "capture/base/problem.h"
#include "store/network_link.h"

#define KAFKA_PROPERTIES_MAX 40
#define KAFKA_MESSAGE_MAX    1000000 /* bytes of a document: what brokers take by default */

/* Texts may be NULL or empty: none. */
struct kafka_options {
	const char *const *brokers; /* HOST:PORT or [HOST]:PORT; one leads to all others */
	size_t n_brokers;
	const char *topic;
	enum link_transport transport; /* TLS or TCP */
	const char *ca; /* file of certificates that are trusted, else the system's */
	const char *certificate, *key; /* files: who we are */
	const char *user, *password;   /* SASL */
	const char *mechanism;         /* of SASL; none: SCRAM-SHA-512 when there is a user */
	bool compress;
};

struct kafka_property {
	const char *name, *value;
};

struct kafka_properties {
	struct kafka_property items[KAFKA_PROPERTIES_MAX];
	size_t n;
	struct buffer brokers; /* the list in one text */
};

/* Fills it; values point into the options and constants. 0, or -EINVAL with problem: options that
 * do not go together, or that would do nothing; -ENOMEM. */
int kafka_properties_make(struct kafka_properties *out, const struct kafka_options *options,
			  struct problem *problem) MUST_USE;
void kafka_properties_free(struct kafka_properties *properties);
