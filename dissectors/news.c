/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/news.h"

#include "capture/base/hash.h"

static uint32_t digest_of(struct cursor message, uint64_t topic)
{
	uint64_t h = hash_word(topic, cur_left(&message));

	while (cur_left(&message) >= 8) {
		h = hash_word(h, cur_be64(&message));
	}
	while (cur_left(&message) > 0) {
		h = hash_word(h, cur_u8(&message));
	}
	return (uint32_t)(h >> 32) | 1;
}

/* Where the digest is, or else where it goes: a free place, or that of what was said longest ago.
 */
static size_t place_of(const struct news *news, uint32_t digest)
{
	size_t at = 0;

	for (size_t i = 0; i < NEWS_KEPT; i++) {
		if (news->digest[i] == digest) {
			return i;
		}
		if (news->digest[at] != 0 &&
		    (news->digest[i] == 0 || news->time[i] < news->time[at])) {
			at = i;
		}
	}
	return at;
}

bool news_is(struct news *news, struct cursor message, uint64_t topic, int64_t now)
{
	uint32_t digest = digest_of(message, topic);
	size_t at = place_of(news, digest);
	int64_t since = now - news->time[at];

	/* Also when the capture's time went back. */
	if (news->digest[at] == digest && since > -NEWS_AGAIN && since < NEWS_AGAIN) {
		return false;
	}
	news->digest[at] = digest;
	news->time[at] = now;
	return true;
}

bool news_is_topic(struct news *news, uint64_t topic, int64_t now)
{
	return news_is(news, cur_of(NULL, 0), topic, now);
}
