/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* output_relp.h - documents as syslog messages over the Reliable Event Logging Protocol, in which
 * the receiver acknowledges each message.
 *
 * At least once: a batch is sent when all its messages were acknowledged. */

#include "store/network_link.h"
#include "store/output.h"
#include "store/syslog_message.h"

struct output_relp_options {
	struct link_options link; /* TCP or TLS */
	struct syslog_options message;
};

/* Connects to nobody yet. Texts are copied. 0 or negative errno with problem. */
int output_relp_new(struct output *out, const struct output_relp_options *options,
		    struct problem *problem) MUST_USE;
