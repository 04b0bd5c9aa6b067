/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/evidence_desk.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define WAITING_MAX 64 /* requests and answers of one worker */

/* Of one worker. */
struct tray {
	pthread_mutex_t lock;
	bool asked; /* atomic: a request waits */
	struct evidence_request requests[WAITING_MAX];
	size_t n_requests;
	struct evidence_answer answers[WAITING_MAX];
	size_t n_answers;
};

struct evidence_desk {
	struct tray *trays;
	unsigned n;
};

int evidence_desk_new(struct evidence_desk **out, unsigned n_workers)
{
	struct evidence_desk *desk = calloc(1, sizeof(*desk));

	if (desk == NULL || (desk->trays = calloc(n_workers, sizeof(*desk->trays))) == NULL) {
		free(desk);
		return -ENOMEM;
	}
	desk->n = n_workers;
	for (unsigned i = 0; i < n_workers; i++) {
		pthread_mutex_init(&desk->trays[i].lock, NULL);
	}
	*out = desk;
	return 0;
}

struct evidence_desk *evidence_desk_free(struct evidence_desk *desk)
{
	struct evidence_answer answer;

	if (desk == NULL) {
		return NULL;
	}
	while (evidence_desk_take(desk, &answer)) {
		evidence_packets_free(&answer.packets);
	}
	for (unsigned i = 0; i < desk->n; i++) {
		pthread_mutex_destroy(&desk->trays[i].lock);
	}
	free(desk->trays);
	free(desk);
	return NULL;
}

void evidence_packets_free(struct evidence_packets *packets)
{
	free(packets->frames);
	free(packets->bytes);
	*packets = (struct evidence_packets) { .n = 0 };
}

/* ---- analysis ---- */

bool evidence_desk_ask(struct evidence_desk *desk, unsigned worker,
		       const struct evidence_request *request)
{
	struct tray *tray = worker < desk->n ? &desk->trays[worker] : NULL;
	bool room;

	if (tray == NULL) {
		return false;
	}
	pthread_mutex_lock(&tray->lock);
	/* Each request has room for its answer. */
	room = tray->n_requests + tray->n_answers < WAITING_MAX;
	if (room) {
		tray->requests[tray->n_requests++] = *request;
		__atomic_store_n(&tray->asked, true, __ATOMIC_RELEASE);
	}
	pthread_mutex_unlock(&tray->lock);
	return room;
}

static bool tray_take(struct tray *tray, struct evidence_answer *out)
{
	bool some;

	pthread_mutex_lock(&tray->lock);
	some = tray->n_answers > 0;
	if (some) {
		*out = tray->answers[0];
		tray->n_answers--;
		memmove(tray->answers, tray->answers + 1,
			tray->n_answers * sizeof(tray->answers[0]));
	}
	pthread_mutex_unlock(&tray->lock);
	return some;
}

bool evidence_desk_take(struct evidence_desk *desk, struct evidence_answer *out)
{
	for (unsigned i = 0; i < desk->n; i++) {
		if (tray_take(&desk->trays[i], out)) {
			return true;
		}
	}
	return false;
}

/* ---- workers ---- */

static void measure(void *context, const struct frame *frame)
{
	*(size_t *)context += frame->captured;
}

static void copy(void *context, const struct frame *frame)
{
	struct evidence_packets *packets = context;
	struct frame *to = &packets->frames[packets->n++];
	struct cursor bytes = cur_of(frame->bytes, frame->captured);

	*to = *frame;
	to->bytes = packets->bytes + packets->used;
	cur_copy(&bytes, packets->bytes + packets->used, frame->captured);
	packets->used += frame->captured;
}

static void answer(const struct evidence *evidence, const struct evidence_request *request,
		   struct evidence_answer *out)
{
	size_t bytes = 0;
	size_t n = evidence_of_flow(evidence, request->flow, request->generation, request->from,
				    request->to, EVIDENCE_PACKETS_MAX, measure, &bytes);

	*out = (struct evidence_answer) { .token = request->token };
	if (n == 0) {
		return;
	}
	out->packets.frames = calloc(n, sizeof(*out->packets.frames));
	out->packets.bytes = malloc(bytes + 1);
	if (out->packets.frames == NULL || out->packets.bytes == NULL) {
		evidence_packets_free(&out->packets);
		out->failed = true;
		return;
	}
	(void)evidence_of_flow(evidence, request->flow, request->generation, request->from,
			       request->to, n, copy, &out->packets);
}

void evidence_desk_serve(struct evidence_desk *desk, unsigned worker,
			 const struct evidence *evidence)
{
	struct tray *tray = desk != NULL ? &desk->trays[worker] : NULL;

	if (likely(tray == NULL || !__atomic_load_n(&tray->asked, __ATOMIC_ACQUIRE))) {
		return;
	}
	pthread_mutex_lock(&tray->lock);
	for (size_t i = 0; i < tray->n_requests; i++) {
		answer(evidence, &tray->requests[i], &tray->answers[tray->n_answers++]);
	}
	tray->n_requests = 0;
	__atomic_store_n(&tray->asked, false, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&tray->lock);
}
