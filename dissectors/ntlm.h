/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* ntlm.h - who is who in NTLM messages (MS-NLMP), wherever they are carried. Nothing that proves a
 * password is read. */

#include "capture/base/cursor.h"

#define NTLM_NAME_SIZE 128

enum ntlm_message { NTLM_NEGOTIATE = 1, NTLM_CHALLENGE, NTLM_AUTHENTICATE };

struct ntlm {
	enum ntlm_message message;
	/* Of the server, in a challenge; what is missing is empty. */
	char computer[NTLM_NAME_SIZE], domain[NTLM_NAME_SIZE];
	char dns_computer[NTLM_NAME_SIZE], dns_domain[NTLM_NAME_SIZE];
	/* Of the client, in the last message; domain is its user's. */
	char user[NTLM_NAME_SIZE], workstation[NTLM_NAME_SIZE];
	char version[24]; /* of the sender's Windows: "10.0.17763" */
};

/* Finds the message among the bytes that carry it (SPNEGO, MS-SPNG). False: there is none. */
bool ntlm_read(struct cursor bytes, struct ntlm *out);
