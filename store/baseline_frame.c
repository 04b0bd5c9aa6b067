/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Times that a baseline tells apart. */

#include "store/baseline.h"

#include <errno.h>
#include <string.h>

static const char *const day_names[7] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static int day_of(const char *text, size_t n)
{
	for (int i = 0; i < 7; i++) {
		if (n == 3 && strncmp(day_names[i], text, 3) == 0) {
			return i;
		}
	}
	return -1;
}

/* "mon-fri,sun" */
static bool days_parse(const char *text, uint8_t *out)
{
	*out = 0;
	while (*text != '\0') {
		size_t n = strcspn(text, ",-");
		int first = day_of(text, n), last = first;

		text += n;
		if (*text == '-') {
			text++;
			n = strcspn(text, ",");
			last = day_of(text, n);
			text += n;
		}
		if (first < 0 || last < 0) {
			return false;
		}
		for (int day = first;; day = (day + 1) % 7) {
			*out |= (uint8_t)(1U << day);
			if (day == last) {
				break;
			}
		}
		text += *text == ',';
	}
	return *out != 0;
}

static bool hours_parse(const char *text, struct baseline_frame *out)
{
	unsigned h[2], m[2];
	int n = 0;

	if (sscanf(text, "%2u:%2u-%2u:%2u%n", &h[0], &m[0], &h[1], &m[1], &n) != 4 ||
	    text[n] != '\0' || h[0] > 24 || h[1] > 24 || m[0] > 59 || m[1] > 59) {
		return false;
	}
	out->from = (uint16_t)(h[0] * 60 + m[0]);
	out->to = (uint16_t)(h[1] * 60 + m[1]);
	return out->from <= 24 * 60 && out->to <= 24 * 60;
}

int baseline_frame_parse(const char *text, struct baseline_frame *out, struct problem *problem)
{
	char name[32] = "", words[2][32] = { "", "" };
	int n = sscanf(text, "%31s %31s %31s", name, words[0], words[1]);
	bool good = n >= 2 && strlen(text) < 80 && strpbrk(name, ",\"#") == NULL;

	*out = (struct baseline_frame) { .days = 0x7f, .from = 0, .to = 24 * 60 };
	snprintf(out->name, sizeof(out->name), "%s", name);
	if (good && n == 2) {
		good = days_parse(words[0], &out->days) || hours_parse(words[0], out);
		out->days = out->days == 0 ? 0x7f : out->days;
	} else if (good) {
		good = days_parse(words[0], &out->days) && hours_parse(words[1], out);
	}
	return good ? 0
		    : problem_set(problem, -EINVAL,
				  "'%.60s' is no time such as 'production mon-fri 06:00-22:00' or "
				  "'weekend sat-sun'",
				  text);
}

bool baseline_frame_holds(const struct baseline_frame *frame, int64_t minute)
{
	int64_t day = minute / (24 * 60), of_day = minute % (24 * 60);
	bool over = frame->to < frame->from;

	/* What is left of a night belongs to the day on which it began. */
	if (over && of_day < frame->to) {
		day--;
		of_day += 24 * 60;
	}
	/* 1970 began on a Thursday. */
	return (frame->days >> ((day + 3) % 7) & 1) != 0 && of_day >= frame->from &&
	       of_day < frame->to + (over ? 24 * 60 : 0);
}

void baseline_frame_write(struct baseline_writer *writer, const struct baseline_frame *frame)
{
	char days[32] = "", hours[16];
	size_t length = 0;

	baseline_begin(writer, "frame");
	baseline_word(writer, frame->name);
	for (unsigned i = 0; i < 7; i++) {
		if ((frame->days >> i & 1) != 0) {
			length += (size_t)snprintf(days + length, sizeof(days) - length, "%s%s",
						   length > 0 ? "," : "", day_names[i]);
		}
	}
	snprintf(hours, sizeof(hours), "%02u:%02u-%02u:%02u", frame->from / 60U, frame->from % 60U,
		 frame->to / 60U, frame->to % 60U);
	baseline_word(writer, days);
	baseline_word(writer, hours);
}
