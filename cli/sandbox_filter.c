/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sandbox_filter.c - which system calls are refused.
 *
 * The rule is to allow: libraries and the C library change their calls from version to version,
 * and a sensor that dies of an update is no safer.  What is refused fails with EPERM.  Calls of
 * a foreign architecture (32-bit entry points) end the process.
 *
 * The kernel looks at the low 32 bits of an int argument, the filter at 64: all comparisons of
 * ints are therefore masked, or a caller could slip past by setting a high bit. */

#include "cli/sandbox_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <linux/vhost.h>
#include <seccomp.h>
#include <string.h>
#include <sys/socket.h>

#define LOW_32     UINT64_C(0xffffffff)
#define TYPE_MASK  UINT64_C(0xf) /* of socket(): the rest are flags */
#define AF_XDP_NUM 44
#define REFUSE     SCMP_ACT_ERRNO(EPERM)

/* Refused when this argument is a capture descriptor: calls that send through it, make a second
 * descriptor of it, or turn it into a socket that could do more. */
static const struct {
	int call;
	unsigned argument;
} guarded[] = {
	{ SCMP_SYS(write), 0 },      { SCMP_SYS(writev), 0 },
	{ SCMP_SYS(pwrite64), 0 },   { SCMP_SYS(pwritev), 0 },
	{ SCMP_SYS(pwritev2), 0 },   { SCMP_SYS(sendto), 0 },
	{ SCMP_SYS(sendmsg), 0 },    { SCMP_SYS(sendmmsg), 0 },
	{ SCMP_SYS(sendfile), 0 },   { SCMP_SYS(splice), 0 },
	{ SCMP_SYS(splice), 2 },     { SCMP_SYS(tee), 0 },
	{ SCMP_SYS(tee), 1 },        { SCMP_SYS(vmsplice), 0 },
	{ SCMP_SYS(dup), 0 },        { SCMP_SYS(dup2), 0 },
	{ SCMP_SYS(dup2), 1 },       { SCMP_SYS(dup3), 0 },
	{ SCMP_SYS(dup3), 1 },       { SCMP_SYS(copy_file_range), 0 },
	{ SCMP_SYS(setsockopt), 0 }, { SCMP_SYS(copy_file_range), 2 },
	{ SCMP_SYS(bind), 0 },       { SCMP_SYS(connect), 0 },
};

/* Refused with a capture descriptor in argument 0 and this command in argument 1. */
static const struct {
	int call;
	uint64_t command;
} guarded_commands[] = {
	{ SCMP_SYS(fcntl), F_DUPFD },
	{ SCMP_SYS(fcntl), F_DUPFD_CLOEXEC },
};

/* Refused on any descriptor: they change an interface, its addresses, neighbours or routes, or
 * (vhost) let the kernel send through a packet socket. */
static const uint64_t refused_ioctls[] = {
	SIOCADDRT,      SIOCDELRT,      SIOCSIFNAME,     SIOCSIFLINK,
	SIOCSIFFLAGS,   SIOCSIFADDR,    SIOCDIFADDR,     SIOCSIFDSTADDR,
	SIOCSIFBRDADDR, SIOCSIFNETMASK, SIOCSIFMETRIC,   SIOCSIFMEM,
	SIOCSIFMTU,     SIOCSIFHWADDR,  SIOCSIFENCAP,    SIOCSIFSLAVE,
	SIOCADDMULTI,   SIOCDELMULTI,   SIOCSIFPFLAGS,   SIOCSIFHWBROADCAST,
	SIOCSIFTXQLEN,  SIOCSIFMAP,     SIOCSARP,        SIOCDARP,
	SIOCETHTOOL,    SIOCSMIIREG,    SIOCBONDENSLAVE, SIOCBONDRELEASE,
	SIOCBRADDBR,    SIOCBRADDIF,    SIOCSHWTSTAMP,   VHOST_NET_SET_BACKEND,
};

/* Refused whatever the arguments. */
static const int forbidden[] = {
	/* ways to send that name no descriptor where a filter can see it */
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(io_setup),
	SCMP_SYS(io_submit),
	/* a filter of one's own could hand out descriptors (SECCOMP_IOCTL_NOTIF_ADDFD) */
	SCMP_SYS(seccomp),
	/* other programs and other processes */
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(kcmp),
	/* namespaces and mounts */
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(open_tree),
	SCMP_SYS(move_mount),
	SCMP_SYS(fsopen),
	SCMP_SYS(fsconfig),
	SCMP_SYS(fsmount),
	SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr),
	SCMP_SYS(open_by_handle_at),
	/* the kernel */
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(delete_module),
	SCMP_SYS(reboot),
	SCMP_SYS(swapon),
	SCMP_SYS(swapoff),
	SCMP_SYS(acct),
	SCMP_SYS(quotactl),
	SCMP_SYS(settimeofday),
	SCMP_SYS(clock_settime),
	SCMP_SYS(clock_adjtime),
	SCMP_SYS(adjtimex),
	SCMP_SYS(sethostname),
	SCMP_SYS(setdomainname),
	SCMP_SYS(iopl),
	SCMP_SYS(ioperm),
	SCMP_SYS(syslog),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(keyctl),
};

/* Sockets that could send frames of any kind: family, and type where it matters (0: any). */
static const struct {
	uint64_t family, type;
} refused_sockets[] = {
	{ AF_PACKET, 0 },       { AF_XDP_NUM, 0 },        { AF_INET, SOCK_RAW },
	{ AF_INET6, SOCK_RAW }, { AF_INET, SOCK_PACKET },
};

/* Adds a rule; a call that this architecture has not needs none. */
static void refuse(scmp_filter_ctx filter, int *result, int call, unsigned n,
		   const struct scmp_arg_cmp *arguments)
{
	int r = seccomp_rule_add_array(filter, REFUSE, call, n, arguments);

	if (r < 0 && r != -EDOM && *result == 0) {
		*result = r;
	}
}

static void add_forbidden(scmp_filter_ctx filter, int *result)
{
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		refuse(filter, result, forbidden[i], 0, NULL);
	}
	for (size_t i = 0; i < ARRAY_SIZE(refused_ioctls); i++) {
		refuse(filter, result, SCMP_SYS(ioctl), 1,
		       &SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, refused_ioctls[i]));
	}
	refuse(filter, result, SCMP_SYS(clone), 1,
	       &SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
	/* Its flags lie in memory; the C library goes back to clone() on ENOSYS. */
	int r = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	*result = *result == 0 && r != -EDOM ? r : *result;
}

static void add_refused_sockets(scmp_filter_ctx filter, int *result)
{
	for (size_t i = 0; i < ARRAY_SIZE(refused_sockets); i++) {
		const struct scmp_arg_cmp arguments[] = {
			SCMP_A0(SCMP_CMP_MASKED_EQ, LOW_32, refused_sockets[i].family),
			SCMP_A1(SCMP_CMP_MASKED_EQ, TYPE_MASK, refused_sockets[i].type),
		};
		unsigned n = refused_sockets[i].type != 0 ? 2 : 1;

		refuse(filter, result, SCMP_SYS(socket), n, arguments);
	}
}

static void guard_descriptor(scmp_filter_ctx filter, int *result, int descriptor)
{
	uint64_t value = (uint32_t)descriptor;

	for (size_t i = 0; i < ARRAY_SIZE(guarded); i++) {
		refuse(filter, result, guarded[i].call, 1,
		       &SCMP_CMP(guarded[i].argument, SCMP_CMP_MASKED_EQ, LOW_32, value));
	}
	for (size_t i = 0; i < ARRAY_SIZE(guarded_commands); i++) {
		const struct scmp_arg_cmp arguments[] = {
			SCMP_A0(SCMP_CMP_MASKED_EQ, LOW_32, value),
			SCMP_A1(SCMP_CMP_MASKED_EQ, LOW_32, guarded_commands[i].command),
		};

		refuse(filter, result, guarded_commands[i].call, 2, arguments);
	}
}

/* Installs the filter in all threads, frees it. */
static int load(scmp_filter_ctx filter, int result, struct problem *problem)
{
	const struct {
		enum scmp_filter_attr name;
		uint32_t value;
	} attributes[] = {
		{ SCMP_FLTATR_CTL_TSYNC, 1 },
		{ SCMP_FLTATR_CTL_OPTIMIZE, 2 }, /* a tree: the lists above are long */
		{ SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS },
	};

	for (size_t i = 0; i < ARRAY_SIZE(attributes) && result == 0; i++) {
		result = seccomp_attr_set(filter, attributes[i].name, attributes[i].value);
	}
	if (result == 0) {
		result = seccomp_load(filter);
	}
	seccomp_release(filter);
	return result == 0
		   ? 0
		   : problem_set(problem, result, "cannot install the system-call filter: %s",
				 strerror(-result));
}

int sandbox_filter_live(const struct sandbox_options *options, struct problem *problem)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int result = 0;

	if (filter == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	add_forbidden(filter, &result);
	add_refused_sockets(filter, &result);
	if (!options->message_calls) {
		refuse(filter, &result, SCMP_SYS(sendmsg), 0, NULL);
		refuse(filter, &result, SCMP_SYS(sendmmsg), 0, NULL);
	}
	for (size_t i = 0; i < options->n_capture_descriptors; i++) {
		guard_descriptor(filter, &result, options->capture_descriptors[i]);
	}
	return load(filter, result, problem);
}

int sandbox_filter_offline(struct problem *problem)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int result = 0;

	if (filter == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	add_forbidden(filter, &result);
	/* Unmasked: a set high bit is "not AF_UNIX" and refused. */
	refuse(filter, &result, SCMP_SYS(socket), 1, &SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0));
	return load(filter, result, problem);
}
