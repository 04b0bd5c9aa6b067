/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* send.c - sends the packets of a capture again and again through an interface, at a steady rate.
 *
 *	send IFACE FILE PACKETS_PER_SECOND SECONDS
 *
 * For the bench alone: the one program here that writes to a network, a veth pair of its own.
 * Prints how many packets went out, and the rate that was reached. */

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAMES_MAX 65536
#define BATCH      64

struct frames {
	struct iovec frame[FRAMES_MAX];
	size_t n;
};

static int load(struct frames *frames, const char *path)
{
	char error[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, error);
	struct pcap_pkthdr *header;
	const u_char *bytes;

	if (pcap == NULL) {
		fprintf(stderr, "send: %s\n", error);
		return -1;
	}
	while (frames->n < FRAMES_MAX && pcap_next_ex(pcap, &header, &bytes) == 1) {
		void *copy = malloc(header->caplen);

		if (copy == NULL) {
			return -1;
		}
		memcpy(copy, bytes, header->caplen);
		frames->frame[frames->n++] =
		    (struct iovec) { .iov_base = copy, .iov_len = header->caplen };
	}
	pcap_close(pcap);
	return frames->n > 0 ? 0 : -1;
}

static int open_socket(const char *interface)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_ifindex = (int)if_nametoindex(interface) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		perror("send");
		return -1;
	}
	return fd;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The next BATCH frames. Returns how many the kernel took. */
static uint64_t send_batch(int fd, struct frames *frames, size_t *at)
{
	struct mmsghdr messages[BATCH] = { 0 };
	int n;

	for (size_t i = 0; i < BATCH; i++) {
		messages[i].msg_hdr.msg_iov = &frames->frame[(*at + i) % frames->n];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	n = sendmmsg(fd, messages, BATCH, 0);
	*at = (*at + (n > 0 ? (size_t)n : 0)) % frames->n;
	return n > 0 ? (uint64_t)n : 0;
}

int main(int argc, char **argv)
{
	static struct frames frames;
	size_t at = 0;
	uint64_t sent = 0;

	if (argc != 5 || load(&frames, argv[2]) != 0) {
		fprintf(stderr, "usage: send IFACE FILE PACKETS_PER_SECOND SECONDS\n");
		return 2;
	}
	double rate = strtod(argv[3], NULL), length = strtod(argv[4], NULL);
	int fd = open_socket(argv[1]);
	if (fd < 0) {
		return 1;
	}
	double begin = seconds(), now = begin;
	while (now - begin < length) {
		if ((double)sent <= (now - begin) * rate) {
			sent += send_batch(fd, &frames, &at);
		} else {
			nanosleep(&(struct timespec) { .tv_nsec = 20000 }, NULL);
		}
		now = seconds();
	}
	printf("%llu %.0f\n", (unsigned long long)sent, (double)sent / (now - begin));
	close(fd);
	return 0;
}
