/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* bench_messages.h - the messages that make_bench polls with: a read of ten values and its answer,
 * in each protocol. */

#include <stddef.h>
#include <stdint.h>

#define BENCH_MESSAGE_MAX 160
#define BENCH_VALUES      10

/* One poll: what makes it different from the one before. */
struct bench_poll {
	uint32_t number; /* of this connection, from 0 */
	uint8_t values[BENCH_VALUES];
};

struct bench_protocol {
	const char *name;
	uint16_t port;
	/* Write a message at `at`, at most BENCH_MESSAGE_MAX bytes; return its length. */
	size_t (*request)(uint8_t *at, const struct bench_poll *poll);
	size_t (*answer)(uint8_t *at, const struct bench_poll *poll);
};

/* NULL: none has this name. */
const struct bench_protocol *bench_protocol_find(const char *name);
/* The i-th of all; NULL behind the last. */
const struct bench_protocol *bench_protocol_at(size_t i);
