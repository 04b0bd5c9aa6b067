/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Any bytes as a capture file: pcap, pcapng, gzip, zstd.  The first byte chooses whether a BPF
 * filter runs too. */

#include "capture/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads to the end and touches every byte that is handed out. */
static void read_all(struct capture_files *files)
{
	struct frame frame;
	volatile uint8_t last;
	int64_t clock = 0;

	while (capture_files_next(files, &frame, NULL) == 1) {
		for (uint32_t i = 0; i < frame.captured; i++) {
			last = frame.bytes[i];
		}
		if (frame.clock < clock || frame.clock < frame.time ||
		    frame.captured > frame.length ||
		    frame.source >= capture_files_n_sources(files)) {
			abort();
		}
		clock = frame.clock;
	}
	(void)last;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cur_of(data, size);
	bool filtered = (cur_u8(&c) & 1) != 0;
	struct capture_file_options options = { .filter = filtered ? "tcp port 502" : NULL };
	struct capture_files *files = NULL;
	char path[32];
	const char *paths[] = { path };
	int fd = memfd_create("capture", MFD_CLOEXEC);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd >= 0 && write(fd, c.p, cur_left(&c)) == (ssize_t)cur_left(&c) &&
	    capture_files_open(&files, paths, 1, &options, NULL) == 0) {
		read_all(files);
	}
	capture_files_close(files);
	close(fd);
	return 0;
}
