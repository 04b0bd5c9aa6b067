/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* libpcap_loop.c - reads a capture with libpcap and looks at one byte of each packet: what every
 * program on libpcap pays at least. Prints packets, CPU nanoseconds (user and system) a packet, and
 * peak memory in KiB. */

#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE] = "usage: libpcap_loop FILE";
	pcap_t *pcap = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
	struct pcap_pkthdr *header;
	const u_char *bytes;
	uint64_t n = 0;
	volatile u_char touched;
	struct rusage usage;

	if (pcap == NULL) {
		fprintf(stderr, "libpcap_loop: %s\n", error);
		return 1;
	}
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		touched = bytes[0];
		n++;
	}
	(void)touched;
	getrusage(RUSAGE_SELF, &usage);
	printf("%llu %.1f %ld\n", (unsigned long long)n,
	       ((double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
		(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3) /
		   (double)(n > 0 ? n : 1),
	       usage.ru_maxrss);
	pcap_close(pcap);
	return 0;
}
