/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Each test runs in a child, as nothing of a sandbox can be taken back.  The child has a network
 * namespace of its own with a packet socket on lo; where that is not allowed, it is skipped. */

#include "capture/live.h"
#include "cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SKIPPED 77
#define HIGH    (INT64_C(1) << 32) /* a bit that the kernel does not look at in an int */

/* In the child assertions become messages and an exit status. */
#define CHECK(condition)                                                            \
	do {                                                                        \
		if (!(condition)) {                                                 \
			fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #condition, \
				strerror(errno));                                   \
			_exit(1);                                                   \
		}                                                                   \
	} while (0)

struct world {
	int capture; /* packet socket on lo */
	int plain;   /* packet socket on lo that is not guarded */
	int pipes[2][2], files[2], sockets[2];
	int datagram; /* IPv4, not connected */
};

static int packet_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_protocol = (__be16)0x0300, /* ETH_P_ALL */
				       .sll_ifindex = (int)if_nametoindex("lo") };

	CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
	return fd;
}

static void set_loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	request.ifr_flags = IFF_UP;
	CHECK(fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0);
	close(fd);
}

/* With `privileged` the namespace must be made by real root. */
static struct world make_world(bool privileged)
{
	struct world w;

	if (unshare(CLONE_NEWNET) != 0 &&
	    (privileged || unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)) {
		_exit(SKIPPED);
	}
	set_loopback_up();
	w.capture = packet_socket();
	w.plain = packet_socket();
	for (int i = 0; i < 2; i++) {
		CHECK(pipe2(w.pipes[i], O_NONBLOCK) == 0);
		CHECK(write(w.pipes[i][1], "0123456789", 10) == 10);
		w.files[i] = memfd_create("file", 0);
		CHECK(write(w.files[i], "0123456789", 10) == 10);
		CHECK(lseek(w.files[i], 0, SEEK_SET) == 0);
	}
	CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, w.sockets) == 0);
	w.datagram = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(w.datagram >= 0);
	return w;
}

static void in_child(void (*body)(void))
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		body();
		_exit(0); /* past LeakSanitizer, which the sandbox forbids */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
		skip();
	}
	assert_int_equal(status, 0);
}

struct call {
	const char *name;
	long number, at; /* which argument is the descriptor */
	long arguments[6];
	int other; /* descriptor with which the same call works */
};

static long run_call(const struct call *call, long descriptor)
{
	long a[6];

	memcpy(a, call->arguments, sizeof(a));
	a[call->at] = descriptor;
	errno = 0;
	return syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#define MAX_CALLS 32

static size_t list_calls(const struct world *w, struct call out[MAX_CALLS])
{
	static char bytes[64];
	static struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	static struct mmsghdr message = { .msg_hdr = { .msg_iov = &iov, .msg_iovlen = 1 } };
	static int yes = 1;
	static struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	long data = (long)bytes, vector = (long)&iov, text = (long)&message;
	int in = w->pipes[0][0], to = w->pipes[1][1], file = w->files[0], socket = w->sockets[0];
	const struct call calls[] = {
		{ "write", SYS_write, 0, { 0, data, 14 }, to },
		{ "writev", SYS_writev, 0, { 0, vector, 1 }, to },
		{ "pwrite64", SYS_pwrite64, 0, { 0, data, 14, 0 }, file },
		{ "pwritev", SYS_pwritev, 0, { 0, vector, 1, 0, 0 }, file },
		{ "pwritev2", SYS_pwritev2, 0, { 0, vector, 1, -1, -1, 0 }, to },
		{ "sendto", SYS_sendto, 0, { 0, data, 14, 0, 0, 0 }, socket },
		{ "sendmsg", SYS_sendmsg, 0, { 0, text, 0 }, socket },
		{ "sendmmsg", SYS_sendmmsg, 0, { 0, text, 1, 0 }, socket },
		{ "sendfile", SYS_sendfile, 0, { 0, w->files[1], 0, 1 }, to },
		{ "splice out", SYS_splice, 2, { in, 0, 0, 0, 1, SPLICE_F_NONBLOCK }, to },
		{ "splice in", SYS_splice, 0, { 0, 0, to, 0, 1, SPLICE_F_NONBLOCK }, in },
		{ "tee out", SYS_tee, 1, { in, 0, 1, SPLICE_F_NONBLOCK }, to },
		{ "tee in", SYS_tee, 0, { 0, to, 1, SPLICE_F_NONBLOCK }, in },
		{ "vmsplice", SYS_vmsplice, 0, { 0, vector, 1, SPLICE_F_NONBLOCK }, to },
		{ "copy_file_range", SYS_copy_file_range, 2, { w->files[1], 0, 0, 0, 1, 0 }, file },
		{ "dup", SYS_dup, 0, { 0 }, to },
		{ "dup2", SYS_dup2, 0, { 0, 200 }, to },
		{ "dup2 onto", SYS_dup2, 1, { to, 0 }, 200 },
		{ "dup3", SYS_dup3, 0, { 0, 201, 0 }, to },
		{ "F_DUPFD", SYS_fcntl, 0, { 0, F_DUPFD, 0 }, to },
		{ "F_DUPFD_CLOEXEC", SYS_fcntl, 0, { 0, F_DUPFD_CLOEXEC, 0 }, to },
		{ "setsockopt",
		  SYS_setsockopt,
		  0,
		  { 0, SOL_SOCKET, SO_BROADCAST, (long)&yes, sizeof(yes) },
		  socket },
		{ "connect", SYS_connect, 0, { 0, (long)&nobody, sizeof(nobody) }, w->datagram },
	};

	memcpy(out, calls, sizeof(calls));
	return sizeof(calls) / sizeof(calls[0]);
}

/* Every call is refused on the capture descriptor and works on another. */
static void check_calls(const struct world *w)
{
	struct call calls[MAX_CALLS];
	size_t n = list_calls(w, calls);

	for (size_t i = 0; i < n; i++) {
		for (long high = 0; high <= HIGH; high += HIGH) {
			if (run_call(&calls[i], high + w->capture) != -1 || errno != EPERM) {
				fprintf(stderr, "%s was not refused: %s\n", calls[i].name,
					strerror(errno));
				_exit(1);
			}
		}
		if (run_call(&calls[i], calls[i].other) < 0) {
			fprintf(stderr, "%s on another: %s\n", calls[i].name, strerror(errno));
			_exit(1);
		}
	}
	CHECK(fcntl(w->capture, F_GETFL) >= 0);
	struct ifreq request = { .ifr_name = "lo" };
	CHECK(ioctl(w->capture, SIOCGIFFLAGS, &request) == 0);
	CHECK(ioctl(w->capture, SIOCSIFFLAGS, &request) == -1 && errno == EPERM);
}

/* The table is worth something only if the calls would work without the sandbox. */
static void body_of_the_table(void)
{
	struct world w = make_world(false);
	struct call calls[MAX_CALLS];
	size_t n = list_calls(&w, calls);

	for (size_t i = 0; i < n; i++) {
		if (run_call(&calls[i], w.plain) == -1 && errno == EPERM) {
			fprintf(stderr, "%s\n", calls[i].name);
			_exit(1);
		}
	}
}

static void without_the_sandbox_nothing_is_refused(void **state)
{
	(void)state;
	in_child(body_of_the_table);
}

static void enter(const struct world *w, bool message_calls)
{
	struct problem problem = { "" };
	struct sandbox_options options = {
		.capture_descriptors = &w->capture,
		.n_capture_descriptors = 1,
		.message_calls = message_calls,
		.keep_root = true, /* a user namespace has no nobody to become */
	};

	if (sandbox_enter(&options, &problem) != 0) {
		fprintf(stderr, "%s\n", problem.text);
		_exit(1);
	}
}

static void body_of_guarded(void)
{
	struct world w = make_world(false);
	uint8_t frame[64] = { 0 }, got[128];

	enter(&w, true);
	check_calls(&w);
	/* Receiving goes on: a frame sent by another socket arrives. */
	while (recv(w.capture, got, sizeof(got), 0) > 0) {
	}
	CHECK(write(w.plain, frame, sizeof(frame)) == sizeof(frame));
	CHECK(recv(w.capture, got, sizeof(got), 0) == sizeof(frame));
}

static void sending_and_duplicating_fail_on_the_capture_descriptor(void **state)
{
	(void)state;
	in_child(body_of_guarded);
}

static void body_of_messages(void)
{
	struct world w = make_world(false);
	struct call calls[MAX_CALLS];
	size_t n = list_calls(&w, calls), refused = 0;

	enter(&w, false);
	for (size_t i = 0; i < n; i++) {
		if (calls[i].number == SYS_sendmsg || calls[i].number == SYS_sendmmsg) {
			CHECK(run_call(&calls[i], calls[i].other) == -1 && errno == EPERM);
			refused++;
		}
	}
	CHECK(refused == 2);
	CHECK(send(w.sockets[0], "x", 1, 0) == 1);
}

static void no_descriptor_can_be_passed_in_a_message(void **state)
{
	(void)state;
	in_child(body_of_messages);
}

static void count_frame(void *context, const struct frame *frame)
{
	unsigned *n = context;

	*n += frame->captured == 64;
}

static void body_of_port(void)
{
	struct world w = make_world(false);
	struct live_options options = live_defaults();
	struct live_counters counters;
	struct live_port *port;
	uint8_t frame[64] = { 0 };
	unsigned n = 0;

	options.interface = "lo";
	options.buffer_bytes = 4U << 20;
	CHECK(live_open(&port, &options, NULL) == 0);
	w.capture = live_descriptor(port);
	enter(&w, true);
	check_calls(&w);
	CHECK(write(w.plain, frame, sizeof(frame)) == sizeof(frame));
	for (int i = 0; i < 50 && n == 0; i++) {
		CHECK(live_read(port, 20, 100, count_frame, &n) >= 0);
	}
	live_counters_read(port, &counters);
	CHECK(n == 1 && counters.received >= 1 && counters.dropped_kernel == 0);
	CHECK(live_is_up(port) && live_close(port) == NULL);
}

static void a_port_goes_on_receiving(void **state)
{
	(void)state;
	in_child(body_of_port);
}

struct early {
	struct world world;
	int start[2];
	pthread_t thread;
};

/* Waits until the sandbox stands, then tries. */
static void *early_thread(void *context)
{
	struct early *early = context;
	char go;

	CHECK(read(early->start[0], &go, 1) == 1);
	check_calls(&early->world);
	return NULL;
}

static void body_of_early_thread(void)
{
	static struct early early;

	early.world = make_world(true);
	CHECK(pipe(early.start) == 0);
	CHECK(pthread_create(&early.thread, NULL, early_thread, &early) == 0);
	struct sandbox_options options = {
		.capture_descriptors = &early.world.capture,
		.n_capture_descriptors = 1,
		.message_calls = true,
	};
	CHECK(sandbox_enter(&options, NULL) == 0);
	CHECK(write(early.start[1], "g", 1) == 1);
	CHECK(pthread_join(early.thread, NULL) == 0);
	/* And one that comes later: clone3() is refused, the C library falls back. */
	CHECK(write(early.start[1], "g", 1) == 1);
	CHECK(pthread_create(&early.thread, NULL, early_thread, &early) == 0);
	CHECK(pthread_join(early.thread, NULL) == 0);
}

static void threads_started_before_are_held_too(void **state)
{
	(void)state;
	in_child(body_of_early_thread);
}

static void body_of_privileged_thread(void)
{
	static struct early early;
	struct problem problem = { "" };
	struct sandbox_options options = { .keep_root = true };

	early.world = make_world(false);
	CHECK(pipe(early.start) == 0);
	CHECK(pthread_create(&early.thread, NULL, early_thread, &early) == 0);
	CHECK(sandbox_enter(&options, &problem) == -EBUSY);
	CHECK(problem.text[0] != '\0');
}

static void a_thread_that_keeps_capabilities_is_noticed(void **state)
{
	(void)state;
	in_child(body_of_privileged_thread);
}

static void body_of_dropped_root(void)
{
	struct sandbox_options options = { .user = NULL };
	char status[4096] = "";

	if (geteuid() != 0) {
		_exit(SKIPPED);
	}
	make_world(true);
	CHECK(sandbox_enter(&options, NULL) == 0);
	CHECK(getuid() != 0 && geteuid() != 0 && getegid() != 0);
	CHECK(setuid(0) == -1 && setgid(0) == -1);
	CHECK(getgroups(0, NULL) <= 1);
	FILE *file = fopen("/proc/self/status", "r");
	CHECK(file != NULL && fread(status, 1, sizeof(status) - 1, file) > 0);
	CHECK(strstr(status, "CapPrm:\t0000000000000000") != NULL);
	CHECK(strstr(status, "CapEff:\t0000000000000000") != NULL);
	CHECK(strstr(status, "CapBnd:\t0000000000000000") != NULL);
	CHECK(strstr(status, "CapAmb:\t0000000000000000") != NULL);
	CHECK(strstr(status, "NoNewPrivs:\t1") != NULL);
	CHECK(strstr(status, "Seccomp:\t2") != NULL);
	fclose(file);
}

static void root_and_capabilities_are_gone(void **state)
{
	(void)state;
	in_child(body_of_dropped_root);
}

static void body_of_unknown_user(void)
{
	struct problem problem = { "" };
	struct sandbox_options options = { .user = "no-such-user-here" };

	CHECK(sandbox_enter(&options, &problem) == -ENOENT);
	CHECK(strstr(problem.text, "no-such-user-here") != NULL);
}

static void an_unknown_user_is_an_error(void **state)
{
	(void)state;
	in_child(body_of_unknown_user);
}

static void body_of_foreign_user(void)
{
	struct problem problem = { "" };
	struct sandbox_options options = { .user = "daemon" };

	if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresuid(65534, 65534, 65534) != 0)) {
		_exit(SKIPPED);
	}
	CHECK(sandbox_enter(&options, &problem) == -EPERM);
	CHECK(strstr(problem.text, "daemon") != NULL);
}

static void another_user_needs_root(void **state)
{
	(void)state;
	in_child(body_of_foreign_user);
}

/* Calls that are refused on anything; the arguments do no harm where they are allowed. */
static const struct {
	const char *name;
	long number;
	long arguments[6];
} forbidden[] = {
	{ "io_uring_setup", SYS_io_uring_setup, { 0 } },
	{ "io_uring_enter", SYS_io_uring_enter, { -1 } },
	{ "io_uring_register", SYS_io_uring_register, { -1 } },
	{ "io_setup", SYS_io_setup, { 0 } },
	{ "io_submit", SYS_io_submit, { 0 } },
	{ "seccomp", SYS_seccomp, { 99 } },
	{ "execve", SYS_execve, { 0 } },
	{ "execveat", SYS_execveat, { -1 } },
	{ "ptrace", SYS_ptrace, { 99 } },
	{ "process_vm_readv", SYS_process_vm_readv, { 0 } },
	{ "process_vm_writev", SYS_process_vm_writev, { 0 } },
	{ "pidfd_getfd", SYS_pidfd_getfd, { -1 } },
	{ "unshare", SYS_unshare, { 0 } },
	{ "setns", SYS_setns, { -1 } },
	{ "mount", SYS_mount, { 0 } },
	{ "umount2", SYS_umount2, { 0 } },
	{ "chroot", SYS_chroot, { 0 } },
	{ "bpf", SYS_bpf, { 9999 } },
	{ "perf_event_open", SYS_perf_event_open, { 0 } },
	{ "kexec_load", SYS_kexec_load, { 0, 99, 0, 0x40000000 } },
	{ "init_module", SYS_init_module, { 0 } },
	{ "finit_module", SYS_finit_module, { -1 } },
	{ "clock_settime", SYS_clock_settime, { 9999 } },
	{ "keyctl", SYS_keyctl, { 9999 } },
	{ "packet socket", SYS_socket, { AF_PACKET, SOCK_DGRAM } },
	{ "packet socket, high bit", SYS_socket, { HIGH + AF_PACKET, SOCK_RAW } },
	{ "raw socket", SYS_socket, { AF_INET, SOCK_RAW, 255 } },
	{ "raw socket, flags", SYS_socket, { AF_INET6, HIGH + (SOCK_RAW | SOCK_CLOEXEC), 255 } },
	{ "old packet socket", SYS_socket, { AF_INET, SOCK_PACKET, 0x300 } },
};

static void check_forbidden(const bool *works)
{
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		const long *a = forbidden[i].arguments;
		long r = syscall(forbidden[i].number, a[0], a[1], a[2], a[3], a[4], a[5]);

		if (works[i] && (r != -1 || errno != EPERM)) {
			fprintf(stderr, "%s was not refused: %s\n", forbidden[i].name,
				strerror(errno));
			_exit(1);
		}
	}
	CHECK(syscall(SYS_clone3, NULL, 0) == -1 && errno == ENOSYS);
	CHECK(system("true") != 0);
}

/* Notes which of the calls fail with something else than EPERM before: only of these the refusal
 * proves anything. As root that is all of them. */
static void note_working(bool *works)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
		const long *a = forbidden[i].arguments;

		errno = 0;
		works[i] = syscall(forbidden[i].number, a[0], a[1], a[2], a[3], a[4], a[5]) != -1 ||
			   errno != EPERM;
		if (!works[i]) {
			fprintf(stderr, "not provable here: %s\n", forbidden[i].name);
		}
		n += works[i];
	}
	CHECK(n >= 12);
}

static void body_of_offline(void)
{
	bool works[sizeof(forbidden) / sizeof(forbidden[0])];

	make_world(false);
	note_working(works);
	CHECK(sandbox_offline(NULL) == 0);
	check_forbidden(works);
	CHECK(socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM);
	CHECK(socket(AF_NETLINK, SOCK_RAW, 0) == -1 && errno == EPERM);
	CHECK(syscall(SYS_socket, HIGH + AF_INET, SOCK_STREAM, 0) == -1 && errno == EPERM);
	CHECK(socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
	CHECK(open("/proc/self/status", O_RDONLY) >= 0);
}

static void offline_commands_have_no_network(void **state)
{
	(void)state;
	in_child(body_of_offline);
}

static void body_of_forbidden(void)
{
	bool works[sizeof(forbidden) / sizeof(forbidden[0])];
	struct world w = make_world(false);

	note_working(works);
	enter(&w, false);
	check_forbidden(works);
	CHECK(socket(AF_INET, SOCK_STREAM, 0) >= 0); /* outputs over TCP */
	CHECK(socket(AF_NETLINK, SOCK_RAW, 0) >= 0); /* getaddrinfo() asks it for addresses */
}

static void new_ways_to_send_are_refused(void **state)
{
	(void)state;
	in_child(body_of_forbidden);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_the_sandbox_nothing_is_refused),
		cmocka_unit_test(sending_and_duplicating_fail_on_the_capture_descriptor),
		cmocka_unit_test(a_port_goes_on_receiving),
		cmocka_unit_test(no_descriptor_can_be_passed_in_a_message),
		cmocka_unit_test(threads_started_before_are_held_too),
		cmocka_unit_test(a_thread_that_keeps_capabilities_is_noticed),
		cmocka_unit_test(root_and_capabilities_are_gone),
		cmocka_unit_test(an_unknown_user_is_an_error),
		cmocka_unit_test(another_user_needs_root),
		cmocka_unit_test(offline_commands_have_no_network),
		cmocka_unit_test(new_ways_to_send_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
