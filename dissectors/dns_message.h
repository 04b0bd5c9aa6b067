/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* dns_message.h - the message that DNS, mDNS, LLMNR and the NetBIOS name service share.
 *
 * A message is read in its own order: all questions, then all resources.  Compressed names are
 * followed with a cap on jumps and on length, so that a loop ends.  Texts are in presentation form
 * without the last dot (RFC 1035 5.1; the root is "."); bytes above 127 stay, as mDNS has UTF-8. */

#include "capture/base/address.h"
#include "dissectors/record.h"

#define DNS_NAME_TEXT 1024 /* 253 characters, each of which may take four */

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_HINFO = 13,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_NB = 32,     /* NetBIOS name service (RFC 1002 4.2.1.3) */
	DNS_NBSTAT = 33, /* in DNS: SRV */
	DNS_SRV = 33,
};

enum dns_flags {
	DNS_RESPONSE = 0x8000,
	DNS_AUTHORITATIVE = 0x0400,
	DNS_TRUNCATED = 0x0200,
	DNS_RCODE = 0x000f,
};

enum { DNS_QUERY = 0, DNS_STATUS = 2, DNS_NOTIFY = 4, DNS_UPDATE = 5 };

struct dns_name {
	char text[DNS_NAME_TEXT];
};

struct dns_question {
	struct dns_name name;
	uint16_t type, class;
};

struct dns_resource {
	struct dns_name name;
	uint16_t type, class;
	uint32_t ttl;
	struct cursor data;
};

struct dns_message {
	struct cursor whole, rest;
	uint16_t id, flags;
	uint16_t questions, answers; /* answers, authorities and additionals are resources */
	uint32_t resources;          /* all three sections */
};

/* The header. False: too short, or no message (RFC 1035 4.1.1). */
bool dns_open(struct cursor bytes, struct dns_message *out);
unsigned dns_opcode(const struct dns_message *message);
/* The next question or resource; false when the message is cut off or a name is wrong. The caller
 * counts them. */
bool dns_next_question(struct dns_message *message, struct dns_question *out);
bool dns_next_resource(struct dns_message *message, struct dns_resource *out);
/* Consumes a name at *at, which lies in `whole`. */
bool dns_read_name(struct cursor whole, struct cursor *at, struct dns_name *out);
/* The address of an A or AAAA resource; false for any other. */
bool dns_address(const struct dns_resource *resource, struct ip *out);
/* The address that a name below in-addr.arpa or ip6.arpa stands for. */
bool dns_reverse_address(const struct dns_name *name, struct ip *out);
/* The address and the name of a host, of a resource that gives a name to an address: A, AAAA, and
 * PTR of a reverse name. False for any other. */
bool dns_host(const struct dns_message *message, const struct dns_resource *resource, struct ip *ip,
	      struct dns_name *name);
/* Cuts the top domain off a name that ends in it (".local"). */
void dns_cut_domain(struct dns_name *name, const char *domain);
/* Whether all questions and resources can be read. */
bool dns_is_whole(const struct dns_message *message);
/* What a resource says, as a text: an address, a name, the numbers of a service. False for types
 * that have no text here. */
bool dns_data_text(const struct dns_message *message, const struct dns_resource *resource,
		   char *out, size_t size);

/* "A", "PTR"...; NULL: no row. */
const char *dns_type_name(uint16_t type);
/* "NOERROR", "NXDOMAIN"...; NULL: no row. */
const char *dns_rcode_name(unsigned rcode);
