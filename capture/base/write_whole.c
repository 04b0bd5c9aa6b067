/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/base/write_whole.h"

#include <errno.h>
#include <unistd.h>

int write_whole(int descriptor, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;

	while (n > 0) {
		ssize_t done = write(descriptor, at, n);

		if (done < 0 && errno != EINTR) {
			return -errno;
		}
		at += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return 0;
}
