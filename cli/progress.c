/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/progress.h"

#include "cli/cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define DRAW_INTERVAL (200 * NS_PER_MS)

static int64_t monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

struct progress progress_begin(void)
{
	int64_t now = monotonic();

	return (struct progress) { .shown = isatty(STDERR_FILENO), .begun = now, .drawn = now };
}

void progress_draw(struct progress *progress, const struct capture_file_counters *counters)
{
	char done[32], total[32], left[32];
	int64_t now = progress->shown ? monotonic() : 0;

	if (!progress->shown || now - progress->drawn < DRAW_INTERVAL) {
		return;
	}
	double seconds = (double)(now - progress->begun) / (double)NS_PER_S;
	progress->drawn = now;
	progress->anything = true;
	fprintf(stderr, "\r\033[K%s", text_of_bytes(counters->bytes_read, done, sizeof(done)));
	if (counters->bytes_total > 0 && counters->bytes_read > 0) {
		double share = (double)counters->bytes_read / (double)counters->bytes_total;
		double rest = share < 1 ? seconds / share - seconds : 0;

		fprintf(stderr, " of %s (%.0f %%), %s left",
			text_of_bytes(counters->bytes_total, total, sizeof(total)), 100 * share,
			text_of_duration((int64_t)rest * NS_PER_S, left, sizeof(left)));
	}
	fprintf(stderr, ", %.0f packets/s", (double)counters->frames / seconds);
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->anything) {
		fprintf(stderr, "\r\033[K");
		fflush(stderr);
	}
	progress->anything = false;
}
