/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A read should cost little a packet and its bytes should still be in the cache when they are
 * looked at: 128 KiB is where both hold.  The first read is small, as many files are opened
 * only to learn when they begin. */
#define BUFFER_SIZE ((size_t)128 << 10)
#define PACKED_SIZE ((size_t)64 << 10)
#define FIRST_READ  ((size_t)4 << 10)
#define MAGIC_SIZE  4

_Static_assert(FIRST_READ <= PACKED_SIZE, "the first bytes must fit where packed bytes go");

/* read(2) into room; 0 at the end of the file. */
static ssize_t read_stored(struct input *input, uint8_t *room, size_t n)
{
	ssize_t got = read(input->fd, room, input->stored == 0 ? size_min(n, FIRST_READ) : n);

	if (got < 0) {
		return -errno;
	}
	input->stored += (uint64_t)got;
	return got;
}

/* One step of inflating into the free part of the buffer: 0 or negative errno. */
static int fill_packed(struct input *input)
{
	struct unpack_piece piece;
	ssize_t got;

	if (input->packed_at == input->packed_filled && !unpack_holds(input->unpack)) {
		got = read_stored(input, input->packed, PACKED_SIZE);
		if (got < 0) {
			return (int)got;
		}
		input->packed_at = 0;
		input->packed_filled = (size_t)got;
		if (got == 0) {
			input->end = unpack_at_border(input->unpack) ? INPUT_END : INPUT_CUT;
			return 0;
		}
	}
	piece = (struct unpack_piece) {
		.packed = input->packed + input->packed_at,
		.n_packed = input->packed_filled - input->packed_at,
		.plain = input->buffer + input->filled,
		.n_plain = input->capacity - input->filled,
	};
	if (unpack_some(input->unpack, &piece) != 0) {
		input->end = INPUT_DAMAGED;
		input->why = unpack_why(input->unpack);
	}
	input->packed_at = input->packed_filled - piece.n_packed;
	input->filled = input->capacity - piece.n_plain;
	return 0;
}

static int fill_plain(struct input *input)
{
	ssize_t got =
	    read_stored(input, input->buffer + input->filled, input->capacity - input->filled);

	if (got < 0) {
		return (int)got;
	}
	if (got == 0) {
		input->end = INPUT_END;
	}
	input->filled += (size_t)got;
	return 0;
}

/* Moves what is left to the front and makes room for n bytes in all. */
static int make_room(struct input *input, size_t n)
{
	size_t left = input_ready(input), capacity = size_max(input->capacity, BUFFER_SIZE);
	uint8_t *buffer;

	if (n > INPUT_WANT_MAX) {
		return -EMSGSIZE;
	}
	if (input->at > 0) {
		memmove(input->buffer, input->buffer + input->at, left);
		input->offset += input->at;
		input->at = 0;
		input->filled = left;
	}
	while (capacity < n) {
		capacity *= 2;
	}
	if (capacity > input->capacity) {
		buffer = realloc(input->buffer, capacity);
		if (buffer == NULL) {
			return -ENOMEM;
		}
		input->buffer = buffer;
		input->capacity = capacity;
	}
	return 0;
}

COLD int input_fill(struct input *input, size_t n)
{
	int error = input->end == INPUT_OPEN ? make_room(input, n) : 0;

	while (error == 0 && input->end == INPUT_OPEN && input_ready(input) < n) {
		error = input->unpack != NULL ? fill_packed(input) : fill_plain(input);
	}
	return error != 0 ? error : input_ready(input) >= n;
}

/* Looks at the first bytes; a compressed stream's go to the inflater instead. */
static int begin(struct input *input)
{
	int n = input_want(input, MAGIC_SIZE);

	if (n < 0) {
		return n;
	}
	input->format = unpack_recognise(input->buffer, input_ready(input));
	if (input->format == UNPACK_NONE) {
		return 0;
	}
	input->packed = malloc(PACKED_SIZE);
	if (input->packed == NULL) {
		return -ENOMEM;
	}
	input->packed_filled = input->filled;
	memcpy(input->packed, input->buffer, input->filled);
	input->filled = 0;
	input->end = INPUT_OPEN;
	return unpack_new(&input->unpack, input->format);
}

int input_open(struct input *input, const char *path)
{
	struct stat status;
	int error;

	*input = (struct input) { .fd = STDIN_FILENO };
	if (strcmp(path, "-") != 0) {
		input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (input->fd < 0) {
			return -errno;
		}
		input->is_open = true;
	}
	error = fstat(input->fd, &status) == 0 ? 0 : -errno;
	if (error == 0) {
		input->is_regular = S_ISREG(status.st_mode);
		input->stored_size = input->is_regular ? (uint64_t)status.st_size : 0;
		posix_fadvise(input->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
		error = begin(input);
	}
	if (error != 0) {
		input_close(input);
	}
	return error;
}

void input_close(struct input *input)
{
	if (input->is_open) {
		close(input->fd);
	}
	unpack_free(input->unpack);
	free(input->packed);
	free(input->buffer);
	*input = (struct input) { .fd = -1 };
}

int input_skip(struct input *input, uint64_t n)
{
	size_t step;
	int result = 1;

	while (n > 0 && result == 1) {
		step = input_ready(input) < n ? input_ready(input) : (size_t)n;
		input_take(input, step);
		n -= step;
		result = n > 0 ? input_want(input, 1) : 1;
	}
	return result;
}
