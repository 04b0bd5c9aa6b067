/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Needs a network namespace of its own: as root, or in a user namespace.  Where neither is
 * allowed, or there is no `ip` or veth, the tests that capture are skipped. */

#include "capture/live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TRIES 50 /* of 20 ms each: far more than any block takes */

struct environment {
	bool namespaced;
	int sender;
};

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, text, strlen(text)) < 0) {
			perror(path);
		}
		close(fd);
	}
}

static bool enter_namespace(void)
{
	char map[64];
	uid_t uid = geteuid();

	if (unshare(CLONE_NEWNET) == 0) {
		return true;
	}
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
		return false;
	}
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", (unsigned)uid);
	write_text("/proc/self/uid_map", map);
	return true;
}

static bool run(const char *command)
{
	return system(command) == 0;
}

static int open_sender(const char *interface)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_ifindex = (int)if_nametoindex(interface) };

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static int set_up(void **state)
{
	static struct environment environment;

	environment.namespaced =
	    enter_namespace() && run("ip link add monitor type veth peer name plant 2>/dev/null && "
				     "for i in monitor plant; do echo 1 > "
				     "/proc/sys/net/ipv6/conf/$i/disable_ipv6; done; "
				     "ip link set monitor up && ip link set plant up");
	if (environment.namespaced) {
		environment.sender = open_sender("plant");
	}
	*state = &environment;
	return 0;
}

static struct environment *need_namespace(void **state)
{
	struct environment *environment = *state;

	if (!environment->namespaced) {
		skip();
	}
	return environment;
}

static struct live_options options_of(const char *interface)
{
	struct live_options options = live_defaults();

	options.interface = interface;
	options.buffer_bytes = 4U << 20;
	return options;
}

struct seen {
	unsigned n;
	uint64_t last_number;
	int64_t clock;
	uint8_t bytes[128];
	struct frame frame;
};

static void on_frame(void *context, const struct frame *frame)
{
	struct seen *seen = context;

	assert_true(frame->clock >= frame->time && frame->clock >= seen->clock);
	assert_int_equal(frame->number, seen->last_number + 1);
	seen->last_number = frame->number;
	seen->clock = frame->clock;
	seen->n++;
	seen->frame = *frame;
	memcpy(seen->bytes, frame->bytes, size_min(frame->captured, sizeof(seen->bytes)));
}

/* Reads until `wanted` frames came or time is over; the last result of live_read(). */
static int read_frames(struct live_port *port, struct seen *seen, unsigned wanted)
{
	int n = 0;

	for (int i = 0; i < TRIES && seen->n < wanted && n >= 0; i++) {
		n = live_read(port, 20, 1000, on_frame, seen);
	}
	return n;
}

/* An Ethernet frame from host a to host b: IPv4 or IPv6, ARP, or EtherType 0x8892. */
static size_t make_frame(uint8_t *out, int kind, uint8_t a, uint8_t b, unsigned tags)
{
	static const uint8_t type[4][2] = { { 8, 0 }, { 0x86, 0xdd }, { 8, 6 }, { 0x88, 0x92 } };
	static const size_t address_at[4] = { 12, 8, 14, 46 }, gap[4] = { 4, 16, 10, 4 };
	size_t at = 12;

	memset(out, 0, 128);
	out[0] = out[6] = 2;
	out[5] = b;
	out[11] = a;
	for (unsigned i = 0; i < tags; i++) {
		memcpy(out + at, (const uint8_t[]) { 0x81, 0, 0, 7 }, 4);
		at += 4;
	}
	memcpy(out + at, type[kind], 2);
	at += 2;
	if (kind == 2) {
		memcpy(out + at, (const uint8_t[]) { 0, 1, 8, 0, 6, 4, 0, 1 }, 8);
	}
	out[at] = kind == 0 ? 0x45 : kind == 1 ? 0x60 : out[at];
	size_t last = kind == 1 ? 15 : 3; /* last byte of an address */
	if (kind < 3) {
		out[at + address_at[kind]] = out[at + address_at[kind] + gap[kind]] = 10;
		out[at + address_at[kind] + last] = a;
		out[at + address_at[kind] + gap[kind] + last] = b;
	}
	return at + 60;
}

static void send_frame(int sender, int kind, uint8_t a, uint8_t b, unsigned tags)
{
	uint8_t bytes[128];
	size_t n = make_frame(bytes, kind, a, b, tags);

	assert_int_equal(write(sender, bytes, n), n);
}

static void an_unknown_interface_is_named(void **state)
{
	struct live_options options = options_of("nowhere0");
	struct live_port *port = NULL;
	struct problem problem = { "" };

	(void)need_namespace(state);
	assert_int_equal(live_open(&port, &options, &problem), -ENODEV);
	assert_null(port);
	assert_non_null(strstr(problem.text, "nowhere0"));
	options.interface = "a-name-longer-than-any-interface";
	assert_int_equal(live_open(&port, &options, NULL), -ENODEV);
	options.interface = NULL;
	assert_int_equal(live_open(&port, &options, NULL), -ENODEV);
}

static void an_interface_that_is_down_is_named(void **state)
{
	struct live_options options = options_of("lo");
	struct live_port *port = NULL;
	struct problem problem = { "" };

	(void)need_namespace(state);
	assert_int_equal(live_open(&port, &options, &problem), -ENETDOWN);
	assert_non_null(strstr(problem.text, "ip link set lo up"));
}

static void drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };

	if (syscall(SYS_capset, &header, data) != 0) {
		_exit(99);
	}
}

static void without_privilege_the_command_is_named(void **state)
{
	struct live_options options = options_of("lo");
	struct live_port *port = NULL;
	struct problem problem = { "" };
	int status;

	(void)state;
	pid_t child = fork();
	if (child == 0) {
		drop_capabilities();
		int r = live_open(&port, &options, &problem);
		_exit(r != -EPERM ? 1 : strstr(problem.text, "setcap cap_net_raw+ep") == NULL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Takes all effective capabilities away, or gives those back that are permitted. */
static void set_privilege(bool on)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	for (int i = 0; i < 2; i++) {
		data[i].effective = on ? data[i].permitted : 0;
	}
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void a_wrong_filter_or_size_is_refused(void **state)
{
	struct live_options options = options_of("monitor");
	struct live_port *port = NULL;
	struct problem problem = { "" };

	(void)need_namespace(state);
	options.filter = "port and host";
	assert_int_equal(live_open(&port, &options, &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "port and host"));
	options.filter = NULL;
	options.buffer_bytes = 0;
	assert_int_equal(live_open(&port, &options, NULL), -EINVAL);
}

static void frames_arrive_and_are_counted(void **state)
{
	struct environment *environment = need_namespace(state);
	struct live_options options = options_of("monitor");
	struct live_port *port;
	struct live_counters counters;
	struct seen seen = { 0 };
	uint8_t expected[128];

	options.source = 5;
	options.domain = 6;
	options.filter = "ip or (vlan and ip)";
	assert_int_equal(live_open(&port, &options, NULL), 0);
	assert_int_equal(live_link_type(port), 1);
	assert_string_equal(live_time_source(port), "host");
	assert_int_equal(live_read(port, 0, 10, on_frame, &seen), 0);
	send_frame(environment->sender, 0, 1, 2, 0);
	send_frame(environment->sender, 2, 1, 2, 0); /* filtered */
	send_frame(environment->sender, 0, 2, 1,
		   1); /* the kernel takes the tag, libpcap returns it */
	read_frames(port, &seen, 2);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.frame.source, 5);
	assert_int_equal(seen.frame.domain, 6);
	assert_int_equal(seen.frame.link_type, 1);
	assert_true(seen.frame.time > 1500000000 * NS_PER_S);
	size_t n = make_frame(expected, 0, 2, 1, 1);
	assert_int_equal(seen.frame.captured, n);
	assert_int_equal(seen.frame.length, n);
	assert_memory_equal(seen.bytes, expected, n);
	live_counters_read(port, &counters);
	live_counters_read(port, &counters);
	assert_int_equal(counters.received, 2);
	assert_int_equal(counters.dropped_kernel, 0);
	live_close(port);
}

static void no_more_than_max_come_at_once(void **state)
{
	struct environment *environment = need_namespace(state);
	struct live_options options = options_of("monitor");
	struct live_port *port;
	struct seen seen = { 0 };

	assert_int_equal(live_open(&port, &options, NULL), 0);
	for (int i = 0; i < 10; i++) {
		send_frame(environment->sender, 0, 1, 2, 0);
	}
	usleep(100000);
	assert_int_equal(live_read(port, 100, 3, on_frame, &seen), 3);
	assert_int_equal(live_read(port, 100, 100, on_frame, &seen), 7);
	live_close(port);
}

static void down_and_up_is_survived_without_privilege(void **state)
{
	struct environment *environment = need_namespace(state);
	struct live_options options = options_of("monitor");
	struct live_port *port;
	struct live_counters counters;
	struct seen seen = { 0 };

	assert_int_equal(live_open(&port, &options, NULL), 0);
	set_privilege(false); /* the commands have it: root regains it in exec */
	assert_int_equal(socket(AF_PACKET, SOCK_RAW, 0), -1);
	send_frame(environment->sender, 0, 1, 2, 0);
	assert_true(read_frames(port, &seen, 1) >= 0);
	assert_true(run("ip link set monitor down"));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(live_read(port, 20, 10, on_frame, &seen), 0);
	}
	assert_false(live_is_up(port));
	assert_true(run("ip link set monitor name renamed && ip link set renamed up"));
	assert_int_equal(live_read(port, 20, 10, on_frame, &seen), 0);
	assert_true(live_is_up(port));
	send_frame(environment->sender, 0, 1, 2, 0);
	assert_true(read_frames(port, &seen, 2) >= 0);
	assert_int_equal(seen.n, 2);
	live_counters_read(port, &counters);
	assert_int_equal(counters.downs, 1);
	set_privilege(true);
	assert_true(run("ip link set renamed down; ip link set renamed name monitor; "
			"ip link set monitor up"));
	live_close(port);
}

static void a_deleted_interface_is_lost(void **state)
{
	struct live_options options = options_of("short");
	struct live_port *port;
	struct seen seen = { 0 };

	(void)need_namespace(state);
	assert_true(run("ip link add short type veth peer name lived && ip link set short up"));
	assert_int_equal(live_open(&port, &options, NULL), 0);
	assert_true(run("ip link del short"));
	seen.n = 0;
	assert_int_equal(read_frames(port, &seen, UINT32_MAX), -ENODEV);
	live_close(port);
}

/* Sends a pair of hosts both ways and says which worker got each. */
static unsigned worker_of(struct live_port *const *ports, struct seen *seen, size_t n_workers,
			  unsigned frames)
{
	unsigned before[4], worker = 99, got = 0;

	for (size_t w = 0; w < n_workers; w++) {
		before[w] = seen[w].n;
	}
	for (int i = 0; i < TRIES && got < frames; i++) {
		got = 0;
		for (size_t w = 0; w < n_workers; w++) {
			assert_true(live_read(ports[w], 5, 100, on_frame, &seen[w]) >= 0);
			got += seen[w].n - before[w];
		}
	}
	assert_int_equal(got, frames);
	for (size_t w = 0; w < n_workers; w++) {
		if (seen[w].n != before[w]) {
			assert_int_equal(worker, 99); /* a second worker got some of them */
			worker = (unsigned)w;
		}
	}
	return worker;
}

static void two_hosts_meet_in_one_worker(void **state)
{
	struct environment *environment = need_namespace(state);
	struct live_options options = options_of("monitor");
	struct live_port *ports[4];
	struct seen seen[4] = { { 0 } };
	unsigned used = 0;

	options.n_workers = ARRAY_SIZE(ports);
	options.fanout_group = (uint16_t)getpid();
	for (size_t w = 0; w < ARRAY_SIZE(ports); w++) {
		assert_int_equal(live_open(&ports[w], &options, NULL), 0);
	}
	for (uint8_t pair = 0; pair < 24; pair++) {
		int kind = pair % 4;
		uint8_t a = (uint8_t)(1 + pair), b = (uint8_t)(200 - 3 * pair);
		unsigned frames = 6;

		for (unsigned tags = 0; tags < 3; tags++) {
			send_frame(environment->sender, kind, a, b, tags);
			send_frame(environment->sender, kind, b, a, tags);
		}
		if (kind == 0) { /* ARP meets the IPv4 packets of its hosts */
			send_frame(environment->sender, 2, a, b, 0);
			send_frame(environment->sender, 2, b, a, 1);
			frames += 2;
		}
		used |= 1U << worker_of(ports, seen, ARRAY_SIZE(ports), frames);
	}
	assert_int_equal(used, 15); /* all four work */
	for (size_t w = 0; w < ARRAY_SIZE(ports); w++) {
		live_close(ports[w]);
	}
}

static void add_finding(void *context, const char *finding, const char *command)
{
	char(*found)[4096] = context;
	size_t n = strlen(*found);

	snprintf(*found + n, sizeof(*found) - n, "%s | %s\n", finding, command);
}

static void what_a_port_may_send_is_listed(void **state)
{
	char found[4096] = "";

	(void)need_namespace(state);
	assert_int_equal(live_port_talks("lo", add_finding, &found), 0);
	assert_int_equal(live_port_talks("nowhere0", add_finding, &found), 0);
	assert_true(run("ip link add talker type veth peer name ear; ip link set talker up; "
			"ip addr add 192.0.2.9/24 dev talker"));
	assert_true(live_port_talks("talker", add_finding, &found) >= 2);
	assert_non_null(strstr(found, "192.0.2.9"));
	assert_non_null(strstr(found, "ip address flush dev talker"));
	assert_non_null(strstr(found, "ip link set dev talker arp off"));
	assert_true(run("ip address flush dev talker; ip link set dev talker arp off; "
			"sysctl -qw net/ipv6/conf/talker/disable_ipv6=1 2>/dev/null || "
			"echo 1 > /proc/sys/net/ipv6/conf/talker/disable_ipv6"));
	assert_int_equal(live_port_talks("talker", add_finding, &found), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_interface_is_named),
		cmocka_unit_test(an_interface_that_is_down_is_named),
		cmocka_unit_test(without_privilege_the_command_is_named),
		cmocka_unit_test(a_wrong_filter_or_size_is_refused),
		cmocka_unit_test(frames_arrive_and_are_counted),
		cmocka_unit_test(no_more_than_max_come_at_once),
		cmocka_unit_test(down_and_up_is_survived_without_privilege),
		cmocka_unit_test(a_deleted_interface_is_lost),
		cmocka_unit_test(two_hosts_meet_in_one_worker),
		cmocka_unit_test(what_a_port_may_send_is_listed),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
