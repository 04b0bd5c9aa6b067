/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* live.h - frames from network interfaces, read where the kernel put them.
 *
 * libpcap with TPACKET_V3: no immediate mode (it would fall back to V2), timeout 10-20 ms.
 * One live_port is one interface in one worker; with several workers each opens its own and
 * they share a PACKET_FANOUT group that hashes the unordered IP pair.  Opening wants
 * CAP_NET_RAW; reading, and surviving an interface that goes down and comes back, does not.
 * Never sends: see privileges in cli/ for the system-call filter. */

#include "capture/base/log.h"
#include "capture/base/problem.h"
#include "capture/packet.h"

struct live_options {
	const char *interface;
	const char *filter;    /* BPF expression or NULL */
	size_t buffer_bytes;   /* kernel ring; default 32 MiB */
	int snap_length;       /* default 262,144: whole frames */
	int timeout_ms;        /* block retire time; default 16 */
	bool promiscuous;      /* default true */
	bool hardware_time;    /* use the adapter's clock where it has one; default true */
	unsigned n_workers;    /* size of the fanout group; 1: none */
	uint16_t fanout_group; /* same for all workers of an interface */
	uint16_t source, domain;
	const struct log_sink *log;
};

/* What the kernel and the adapter say, summed since the port was opened.  The interface's
 * rx_dropped is in none of them: it counts each frame of a VLAN that the host does not have.  On
 * lo and "any" `received` holds the sent copies too, which libpcap does not hand over. */
struct live_counters {
	uint64_t received;          /* frames handed to our ring */
	uint64_t dropped_kernel;    /* ring full */
	uint64_t dropped_interface; /* adapter out of buffers: rx_missed_errors */
	uint64_t downs;             /* times the interface went away */
};

struct live_port;

struct live_options live_defaults(void);
/* 0; -EPERM (problem names the command that grants it), -ENODEV, -ENETDOWN (it must be up to
 * begin), -EINVAL (filter, sizes)...  With several workers open all ports before reading any: the
 * group spreads over the ports that it has at the moment. */
int live_open(struct live_port **out, const struct live_options *options,
	      struct problem *problem) MUST_USE;
struct live_port *live_close(struct live_port *port);

typedef void live_handler(void *context, const struct frame *frame);

/* Hands over what has arrived, at most max frames; waits at most timeout_ms for the first.
 * Returns the number of frames (0: nothing came), or negative errno when the port is lost for
 * good (-ENODEV: the interface was deleted, and a new one of its name needs opening again); an
 * interface that is down returns 0 and is tried again. */
int live_read(struct live_port *port, int timeout_ms, unsigned max, live_handler *handler,
	      void *context) MUST_USE;

/* The descriptor that poll() can wait on and that the system-call filter must guard. */
int live_descriptor(const struct live_port *port);
bool live_is_up(const struct live_port *port);
int live_link_type(const struct live_port *port);
/* "adapter" when the kernel was asked for adapter times in the host's clock, else "host". */
const char *live_time_source(const struct live_port *port);
void live_counters_read(struct live_port *port, struct live_counters *out);

/* Lists what the port itself might send (an address, IPv6, ARP on): calls say() once a finding
 * with a sentence and the command that silences it. Returns the number of findings. */
unsigned live_port_talks(const char *interface,
			 void (*say)(void *context, const char *finding, const char *command),
			 void *context);
