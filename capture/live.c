/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* live.c - one interface, read through libpcap.
 *
 * The handle is non-blocking and its descriptor is polled here, so that one worker can wait
 * with a timeout and can own several ports.  An AF_PACKET socket stays bound when its
 * interface goes down and delivers again when it is back.  A deleted interface takes the
 * binding with it, and a new socket would need CAP_NET_RAW: then the port is lost.  The flags
 * of the interface are asked for only when nothing came: a busy port is up. */

#include "capture/live.h"

#include "capture/live_fanout.h"

#include <errno.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* LINKTYPE_RAW: the one link type of Linux interfaces whose DLT_ value of libpcap differs. */
#define LINK_TYPE_RAW 101

struct live_port {
	pcap_t *pcap;
	char name[IF_NAMESIZE];
	unsigned index; /* 0: the pseudo-interface "any" */
	int descriptor, link_type;
	uint16_t source, domain;
	bool up, adapter_time;
	int64_t clock;
	uint64_t number;
	struct live_counters counters;
	struct pcap_stat last; /* libpcap's 32-bit counters as they were read last */
	const struct log_sink *log;
	live_handler *handler; /* of the live_read() that runs now */
	void *context;
};

struct live_options live_defaults(void)
{
	return (struct live_options) {
		.buffer_bytes = 32U << 20,
		.snap_length = 262144,
		.timeout_ms = 16,
		.promiscuous = true,
		.hardware_time = true,
		.n_workers = 1,
	};
}

/* True when the adapter offers time stamps that its driver keeps in step with the host's clock.
 * PCAP_TSTAMP_ADAPTER_UNSYNCED is not used: such a clock need not be near UTC. */
static bool has_adapter_time(pcap_t *pcap)
{
	int *types = NULL, n = pcap_list_tstamp_types(pcap, &types);
	bool found = false;

	for (int i = 0; i < n; i++) {
		found = found || types[i] == PCAP_TSTAMP_ADAPTER;
	}
	if (n > 0) {
		pcap_free_tstamp_types(types);
	}
	return found;
}

static int configure(struct live_port *port, const struct live_options *options,
		     struct problem *problem)
{
	if (options->buffer_bytes == 0 || options->buffer_bytes > INT32_MAX ||
	    options->snap_length <= 0 || options->timeout_ms <= 0 || options->n_workers == 0) {
		return problem_set(problem, -EINVAL,
				   "interface %s: buffer, snap length, timeout and workers must be "
				   "positive, the buffer below 2 GiB",
				   port->name);
	}
	pcap_set_snaplen(port->pcap, options->snap_length);
	pcap_set_promisc(port->pcap, options->promiscuous);
	pcap_set_timeout(port->pcap, options->timeout_ms);
	pcap_set_buffer_size(port->pcap, (int)options->buffer_bytes);
	if (pcap_set_tstamp_precision(port->pcap, PCAP_TSTAMP_PRECISION_NANO) != 0) {
		return problem_set(problem, -ENOTSUP, "interface %s: no nanosecond time stamps",
				   port->name);
	}
	port->adapter_time = port->adapter_time && has_adapter_time(port->pcap) &&
			     pcap_set_tstamp_type(port->pcap, PCAP_TSTAMP_ADAPTER) == 0;
	return 0;
}

/* What pcap_activate() refused, as an errno and a sentence that says what to do. */
static int activation_problem(const struct live_port *port, int status, struct problem *problem)
{
	const char *name = port->name;

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		return problem_set(problem, -EPERM,
				   "no permission to capture on %s: run as root, or once: setcap "
				   "cap_net_raw+ep $(command -v weir)",
				   name);
	case PCAP_ERROR_NO_SUCH_DEVICE:
		return problem_set(problem, -ENODEV,
				   "there is no interface %s: `ip link` lists what there is", name);
	case PCAP_ERROR_IFACE_NOT_UP:
		return problem_set(problem, -ENETDOWN, "interface %s is down: ip link set %s up",
				   name, name);
	default:
		return problem_set(problem, -EIO, "cannot capture on %s: %s", name,
				   pcap_geterr(port->pcap));
	}
}

static int create_and_activate(struct live_port *port, const struct live_options *options,
			       struct problem *problem)
{
	char text[PCAP_ERRBUF_SIZE] = "";

	port->pcap = pcap_create(port->name, text);
	if (port->pcap == NULL) {
		return problem_set(problem, -ENOMEM, "cannot capture on %s: %s", port->name, text);
	}
	int r = configure(port, options, problem);
	if (r < 0) {
		return r;
	}
	int status = pcap_activate(port->pcap);
	if (status > 0) {
		log_warning(port->log, "interface %s: %s", port->name,
			    status == PCAP_WARNING ? pcap_geterr(port->pcap)
						   : pcap_statustostr(status));
	}
	if (status < 0 && port->adapter_time) {
		/* Switching the adapter's clock on wants CAP_NET_ADMIN, capturing does not. */
		pcap_close(port->pcap);
		port->pcap = NULL;
		port->adapter_time = false;
		return create_and_activate(port, options, problem);
	}
	return status < 0 ? activation_problem(port, status, problem) : 0;
}

static int set_filter(struct live_port *port, const char *filter, struct problem *problem)
{
	struct bpf_program program;

	if (filter == NULL || filter[0] == '\0') {
		return 0;
	}
	if (pcap_compile(port->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) != 0) {
		return problem_set(problem, -EINVAL, "filter \"%s\" on %s: %s", filter, port->name,
				   pcap_geterr(port->pcap));
	}
	int status = pcap_setfilter(port->pcap, &program);
	pcap_freecode(&program);
	return status == 0 ? 0
			   : problem_set(problem, -EIO, "filter \"%s\" on %s: %s", filter,
					 port->name, pcap_geterr(port->pcap));
}

static int prepare(struct live_port *port, const struct live_options *options,
		   struct problem *problem)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	int link_type = pcap_datalink(port->pcap);

	port->link_type = link_type == DLT_RAW ? LINK_TYPE_RAW : link_type;
	port->index = if_nametoindex(port->name);
	int r = set_filter(port, options->filter, problem);
	if (r < 0) {
		return r;
	}
	if (pcap_setnonblock(port->pcap, 1, text) != 0) {
		return problem_set(problem, -EIO, "interface %s: %s", port->name, text);
	}
	port->descriptor = pcap_get_selectable_fd(port->pcap);
	if (options->n_workers > 1) {
		r = live_fanout_join(port->descriptor, options->fanout_group, link_type);
		if (r < 0) {
			return problem_set(problem, r,
					   "interface %s: cannot share it between %u "
					   "workers: %s",
					   port->name, options->n_workers, strerror(-r));
		}
	}
	return 0;
}

DEFINE_FREEP(struct live_port, live_close)

int live_open(struct live_port **out, const struct live_options *options, struct problem *problem)
{
	AUTO(live_closep) struct live_port *port = calloc(1, sizeof(*port));

	if (port == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	if (options->interface == NULL || options->interface[0] == '\0' ||
	    strlen(options->interface) >= sizeof(port->name)) {
		return problem_set(
		    problem, -ENODEV, "there is no interface %s",
		    options->interface != NULL ? options->interface : "without a name");
	}
	memcpy(port->name, options->interface, strlen(options->interface));
	port->source = options->source;
	port->domain = options->domain;
	port->log = options->log;
	port->adapter_time = options->hardware_time;
	port->clock = TIME_NONE;
	port->up = true;
	int r = create_and_activate(port, options, problem);
	if (r == 0) {
		r = prepare(port, options, problem);
	}
	if (r < 0) {
		return r;
	}
	*out = port;
	port = NULL;
	return 0;
}

struct live_port *live_close(struct live_port *port)
{
	if (port != NULL) {
		if (port->pcap != NULL) {
			pcap_close(port->pcap);
		}
		free(port);
	}
	return NULL;
}

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct live_port *port = (struct live_port *)(void *)user;
	/* With PCAP_TSTAMP_PRECISION_NANO tv_usec holds nanoseconds. */
	int64_t time = (int64_t)header->ts.tv_sec * NS_PER_S + (int64_t)header->ts.tv_usec;

	port->clock = time_max(port->clock, time);
	struct frame frame = {
		.time = time,
		.clock = port->clock,
		.number = ++port->number,
		.bytes = bytes,
		.captured = header->caplen,
		.length = header->len,
		.source = port->source,
		.domain = port->domain,
		.link_type = port->link_type,
	};
	port->handler(port->context, &frame);
}

static void note_state(struct live_port *port, bool up)
{
	if (up != port->up) {
		port->up = up;
		port->counters.downs += !up;
		log_warning(port->log, "interface %s is %s", port->name, up ? "up again" : "down");
	}
}

/* Takes ENETDOWN from the socket before libpcap sees it: libpcap would look for the interface by
 * its name and give up for good when it has been renamed meanwhile. */
static void take_error(struct live_port *port)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (getsockopt(port->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 &&
	    error == ENETDOWN) {
		note_state(port, false);
	}
}

/* Asks the kernel by index, which outlives a renaming. 0, or -ENODEV when the interface is gone. */
static int check_interface(struct live_port *port)
{
	struct ifreq request = { .ifr_ifindex = (int)port->index };

	if (port->index == 0) {
		return 0;
	}
	if (ioctl(port->descriptor, SIOCGIFNAME, &request) != 0 ||
	    ioctl(port->descriptor, SIOCGIFFLAGS, &request) != 0) {
		return -ENODEV;
	}
	note_state(port, (request.ifr_flags & IFF_UP) != 0);
	return 0;
}

/* Number of frames, or negative errno when the port is lost. */
static int dispatch(struct live_port *port, unsigned max)
{
	take_error(port);
	int n = pcap_dispatch(port->pcap, (int)max, on_packet, (u_char *)port);

	if (n > 0) {
		return n;
	}
	int r = check_interface(port);
	if (r == 0 && n < 0 && port->up) {
		log_error(port->log, "interface %s: %s", port->name, pcap_geterr(port->pcap));
		return -EIO;
	}
	return r;
}

int live_read(struct live_port *port, int timeout_ms, unsigned max, live_handler *handler,
	      void *context)
{
	struct pollfd wait = { .fd = port->descriptor, .events = POLLIN };

	port->handler = handler;
	port->context = context;
	max = max == 0 || max > INT32_MAX ? INT32_MAX : max;
	int n = dispatch(port, max);
	if (n != 0 || timeout_ms == 0) {
		return n;
	}
	return poll(&wait, 1, timeout_ms) > 0 ? dispatch(port, max) : 0;
}

int live_descriptor(const struct live_port *port)
{
	return port->descriptor;
}

bool live_is_up(const struct live_port *port)
{
	return port->up;
}

int live_link_type(const struct live_port *port)
{
	return port->link_type;
}

const char *live_time_source(const struct live_port *port)
{
	return port->adapter_time ? "adapter" : "host";
}

/* libpcap counts in 32 bits, which wrap after hours of a busy port: the differences are summed. */
void live_counters_read(struct live_port *port, struct live_counters *out)
{
	struct pcap_stat now;

	if (pcap_stats(port->pcap, &now) == 0) {
		uint32_t seen = now.ps_recv - port->last.ps_recv;
		uint32_t dropped = now.ps_drop - port->last.ps_drop;

		port->counters.received += seen - dropped; /* ps_recv contains ps_drop */
		port->counters.dropped_kernel += dropped;
		port->counters.dropped_interface += now.ps_ifdrop - port->last.ps_ifdrop;
		port->last = now;
	}
	*out = port->counters;
}
