/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* connection.h - what the flags of a TCP segment mean for its flow: who opened it, whether it is
 * a new connection on old ports, whether a reset is to be believed (RFC 9293, RFC 5961). */

#include "capture/stream.h"

/* A SYN that begins another connection than the one that the streams belong to. */
bool connection_is_new(const struct flow *flow, const struct stream pair[2], unsigned side,
		       const struct packet *packet);

/* Whether the RST of that side fits what was seen: a blind one must not hide a session. */
bool connection_reset_is_plausible(const struct stream pair[2], unsigned side,
				   const struct packet *packet);

/* Sets the client from a SYN, else (first packet of a flow) from the ports; keeps better evidence.
 */
void connection_note_client(struct flow *flow, unsigned side, const struct packet *packet,
			    bool first);
