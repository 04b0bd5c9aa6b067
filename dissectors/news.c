/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/news.h"

#include "capture/base/hash.h"

static uint64_t digest_of(struct cursor message, uint64_t topic)
{
	uint64_t h = hash_word(topic, cur_left(&message));

	while (cur_left(&message) >= 8) {
		h = hash_word(h, cur_be64(&message));
	}
	while (cur_left(&message) > 0) {
		h = hash_word(h, cur_u8(&message));
	}
	return h | 1;
}

bool news_is(struct news *news, struct cursor message, uint64_t topic, int64_t now)
{
	uint64_t digest = digest_of(message, topic);
	size_t at = 0;

	for (size_t i = 0; i < NEWS_KEPT; i++) {
		if (news->said[i].digest == digest) {
			int64_t since = now - news->said[i].time;

			/* Also when the capture's time went back. */
			if (since > -NEWS_AGAIN && since < NEWS_AGAIN) {
				return false;
			}
			news->said[i].time = now;
			return true;
		}
		if (news->said[at].digest != 0 &&
		    (news->said[i].digest == 0 || news->said[i].time < news->said[at].time)) {
			at = i;
		}
	}
	news->said[at].digest = digest;
	news->said[at].time = now;
	return true;
}
