/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* x509.h - what a certificate says of its owner (RFC 5280). Nothing is verified. */

#include "capture/base/cursor.h"
#include "capture/base/time.h"

#define X509_NAME_SIZE 256
#define X509_PART_SIZE 80

/* A distinguished name, as text ("CN=plc-1, O=Siemens") and in its parts; what is missing is
 * empty. */
struct x509_name {
	char text[X509_NAME_SIZE];
	char common_name[X509_PART_SIZE], organization[X509_PART_SIZE], unit[X509_PART_SIZE];
};

struct x509 {
	struct cursor serial;
	struct x509_name issuer, subject;
	bool own_issuer;               /* subject and issuer are the same */
	int64_t not_before, not_after; /* TIME_NONE: not readable */
	char names[X509_NAME_SIZE];    /* alternative ones, joined by commas */
	char dns_name[X509_PART_SIZE]; /* the first of them that is a host's */
};

/* False: this is no certificate. */
bool x509_read(struct cursor der, struct x509 *out);
