/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* live_port.c - what a mirror port would send by itself, and how to silence it. */

#include "capture/live.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct findings {
	const char *interface;
	void (*say)(void *context, const char *finding, const char *command);
	void *context;
	unsigned n;
};

static void tell(struct findings *f, const char *finding, const char *command)
{
	f->say(f->context, finding, command);
	f->n++;
}

static void tell_address(struct findings *f, const struct sockaddr *address)
{
	char text[NI_MAXHOST], finding[NI_MAXHOST + 128], command[128];
	socklen_t size = address->sa_family == AF_INET ? sizeof(struct sockaddr_in)
						       : sizeof(struct sockaddr_in6);

	if (getnameinfo(address, size, text, sizeof(text), NULL, 0, NI_NUMERICHOST) != 0) {
		return;
	}
	snprintf(finding, sizeof(finding), "%s has the address %s: this host answers for it",
		 f->interface, text);
	snprintf(command, sizeof(command), "ip address flush dev %s", f->interface);
	tell(f, finding, command);
}

static void look_at_addresses(struct findings *f)
{
	struct ifaddrs *all = NULL;

	if (getifaddrs(&all) != 0) {
		return;
	}
	for (const struct ifaddrs *a = all; a != NULL; a = a->ifa_next) {
		if (a->ifa_addr != NULL && strcmp(a->ifa_name, f->interface) == 0 &&
		    (a->ifa_addr->sa_family == AF_INET || a->ifa_addr->sa_family == AF_INET6)) {
			tell_address(f, a->ifa_addr);
		}
	}
	freeifaddrs(all);
}

/* IFF_ flags of the interface, 0 when it is not there. */
static unsigned interface_flags(const char *interface)
{
	struct ifaddrs *all = NULL;
	unsigned flags = 0;

	if (getifaddrs(&all) != 0) {
		return 0;
	}
	for (const struct ifaddrs *a = all; a != NULL; a = a->ifa_next) {
		if (strcmp(a->ifa_name, interface) == 0) {
			flags = a->ifa_flags;
		}
	}
	freeifaddrs(all);
	return flags;
}

static void look_at_arp(struct findings *f, unsigned flags)
{
	char finding[128], command[128];

	if ((flags & IFF_NOARP) == 0) {
		snprintf(finding, sizeof(finding), "ARP is on at %s: it may ask and answer",
			 f->interface);
		snprintf(command, sizeof(command), "ip link set dev %s arp off", f->interface);
		tell(f, finding, command);
	}
}

static void look_at_ipv6(struct findings *f)
{
	char path[128], finding[160], command[128];

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", f->interface);
	FILE *file = fopen(path, "re"); /* absent when the kernel has no IPv6 */
	if (file == NULL) {
		return;
	}
	int value = fgetc(file);
	fclose(file);
	if (value == '0') {
		snprintf(finding, sizeof(finding),
			 "IPv6 is on at %s: it sends router solicitations and multicast reports",
			 f->interface);
		/* With slashes sysctl takes names that contain a dot, such as eth0.100. */
		snprintf(command, sizeof(command), "sysctl -w net/ipv6/conf/%s/disable_ipv6=1",
			 f->interface);
		tell(f, finding, command);
	}
}

static void look_at_master(struct findings *f)
{
	char path[128], target[256], finding[160], command[128];

	snprintf(path, sizeof(path), "/sys/class/net/%s/master", f->interface);
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0) {
		return;
	}
	target[n] = '\0';
	const char *slash = strrchr(target, '/');
	snprintf(finding, sizeof(finding), "%s is a port of %.64s, which may send through it",
		 f->interface, slash != NULL ? slash + 1 : target);
	snprintf(command, sizeof(command), "ip link set dev %s nomaster", f->interface);
	tell(f, finding, command);
}

unsigned live_port_talks(const char *interface,
			 void (*say)(void *context, const char *finding, const char *command),
			 void *context)
{
	struct findings f = { .interface = interface, .say = say, .context = context };
	unsigned flags = interface_flags(interface);

	if (flags == 0 || (flags & IFF_LOOPBACK) != 0 || strlen(interface) >= IF_NAMESIZE) {
		return 0;
	}
	look_at_addresses(&f);
	look_at_arp(&f, flags);
	look_at_ipv6(&f);
	look_at_master(&f);
	return f.n;
}
