/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cotp.h - what COTP hands a protocol that rides in it (d->parent).
 *
 * A child is chosen by the first byte of the user data (0x32 S7comm, 0x72 S7comm-plus, 0x0d, 0x0e
 * and 0x01 the session layer of MMS, 0x16 TLS) and sees the user data whole, from that byte on. */

#include "capture/base/common.h"

struct cotp_user {
	bool reassembled; /* it came in several data TPDUs */
	bool connected; /* the connection request was seen, and its called TSAP is a Siemens one */
	uint8_t tsap_type; /* connection type: 1 pg, 2 op, 3 basic */
	uint8_t rack, slot;
	/* The child sets it: what follows is a stream (TLS), all of it the child's, whatever its
	 * first byte. */
	bool stream;
};
