/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* syslog_message.h - a document as a syslog message (RFC 5424), its body in any form. */

#include "capture/base/buffer.h"
#include "store/document_form.h"

struct syslog_options {
	unsigned facility; /* 0 to 23 (RFC 5424, table 1) */
	enum document_form form;
	const char *host; /* HOSTNAME: of the sensor */
	size_t most; /* bytes of a message; 0: as many as it takes. A longer JSON body becomes a
		      * short one: who, whom, what, and the ids to look up the rest */
};

/* Adds the message of one document (JSON without newline) to a buffer, without framing. Severity: 2
 * for critical, 3 high, 4 medium, 5 low, 6 for all others. */
void syslog_message_write(struct buffer *out, const struct syslog_options *options,
			  const char *json, size_t length);
