/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* pcapng_write.c - draft-ietf-opsawg-pcapng: one section header, interface descriptions, enhanced
 * packet blocks, all little-endian.  Blocks gather in a buffer; what a failed write loses makes
 * every later call fail too, so that no hole goes unnoticed. */

#include "capture/pcapng_write.h"

#include "capture/base/write_whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define BUFFER_SIZE    ((size_t)64 << 10)
#define INTERFACES_MAX 256
#define TEXT_MAX       ((size_t)65532) /* an option's length has 16 bits, and it is padded */

#define BLOCK_SECTION   0x0a0d0d0aU
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET    6
#define BYTE_ORDER_MARK 0x1a2b3c4dU

#define OPTION_END            0
#define OPTION_COMMENT        1
#define OPTION_SHB_USERAPPL   4
#define OPTION_IF_NAME        2
#define OPTION_IF_TSRESOL     9
#define RESOLUTION_NANOSECOND 9

struct interface {
	uint16_t source;
	int link_type;
};

struct pcapng_writer {
	int fd;
	int error; /* the first failure, for good */
	size_t filled;
	uint8_t buffer[BUFFER_SIZE];
	struct interface interfaces[INTERFACES_MAX];
	uint32_t n_interfaces;
};

static size_t padding(size_t length)
{
	return (4 - length % 4) % 4;
}

static size_t text_length(const char *text)
{
	size_t n = text != NULL ? strlen(text) : 0;

	if (n <= TEXT_MAX) {
		return n;
	}
	/* Do not cut inside a UTF-8 character. */
	for (n = TEXT_MAX; n > 0 && ((uint8_t)text[n] & 0xc0) == 0x80; n--) {
	}
	return n;
}

/* Bytes that a text takes as an option; none when it is empty. */
static size_t option_size(size_t length)
{
	return length > 0 ? 4 + length + padding(length) : 0;
}

static void write_out(struct pcapng_writer *writer, const uint8_t *bytes, size_t n)
{
	if (writer->error == 0) {
		writer->error = write_whole(writer->fd, bytes, n);
	}
}

static void flush(struct pcapng_writer *writer)
{
	write_out(writer, writer->buffer, writer->filled);
	writer->filled = 0;
}

static void put(struct pcapng_writer *writer, const void *bytes, size_t n)
{
	if (n > BUFFER_SIZE - writer->filled) {
		flush(writer);
	}
	if (n > BUFFER_SIZE) {
		write_out(writer, bytes, n);
	} else if (n > 0) {
		memcpy(writer->buffer + writer->filled, bytes, n);
		writer->filled += n;
	}
}

static void put_u32(struct pcapng_writer *writer, uint32_t v)
{
	uint8_t bytes[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			     (uint8_t)(v >> 24) };

	put(writer, bytes, sizeof(bytes));
}

/* Two 16-bit fields. */
static void put_u16s(struct pcapng_writer *writer, uint16_t first, uint16_t second)
{
	put_u32(writer, (uint32_t)second << 16 | first);
}

static void put_padded(struct pcapng_writer *writer, const void *bytes, size_t n)
{
	static const uint8_t zeros[4] = { 0 };

	put(writer, bytes, n);
	put(writer, zeros, padding(n));
}

static void put_option(struct pcapng_writer *writer, uint16_t code, const void *bytes, size_t n)
{
	if (n > 0) {
		put_u16s(writer, code, (uint16_t)n);
		put_padded(writer, bytes, n);
	}
}

static void put_section(struct pcapng_writer *writer, const char *application)
{
	size_t n = text_length(application);
	uint32_t total = (uint32_t)(32 + option_size(n));

	put_u32(writer, BLOCK_SECTION);
	put_u32(writer, total);
	put_u32(writer, BYTE_ORDER_MARK);
	put_u16s(writer, 1, 0); /* version 1.0 */
	put_u32(writer, UINT32_MAX);
	put_u32(writer, UINT32_MAX); /* section length -1: not stated */
	put_option(writer, OPTION_SHB_USERAPPL, application, n);
	put_u32(writer, OPTION_END);
	put_u32(writer, total);
}

static void put_interface(struct pcapng_writer *writer, int link_type, const char *name)
{
	static const uint8_t resolution = RESOLUTION_NANOSECOND;
	size_t n = text_length(name);
	uint32_t total = (uint32_t)(24 + option_size(n) + option_size(sizeof(resolution)));

	put_u32(writer, BLOCK_INTERFACE);
	put_u32(writer, total);
	put_u16s(writer, (uint16_t)link_type, 0);
	put_u32(writer, 0); /* snap length: not limited */
	put_option(writer, OPTION_IF_NAME, name, n);
	put_option(writer, OPTION_IF_TSRESOL, &resolution, sizeof(resolution));
	put_u32(writer, OPTION_END);
	put_u32(writer, total);
}

/* The number of the frame's interface in the file, described there if it is new. -E2BIG: too
 * many. */
static int find_interface(struct pcapng_writer *writer, const struct frame *frame, const char *name)
{
	uint32_t i = 0;

	while (i < writer->n_interfaces && (writer->interfaces[i].source != frame->source ||
					    writer->interfaces[i].link_type != frame->link_type)) {
		i++;
	}
	if (i == INTERFACES_MAX) {
		return -E2BIG;
	}
	if (i == writer->n_interfaces) {
		writer->interfaces[i] = (struct interface) { frame->source, frame->link_type };
		writer->n_interfaces++;
		put_interface(writer, frame->link_type, name);
	}
	return (int)i;
}

static void put_packet(struct pcapng_writer *writer, const struct frame *frame, uint32_t interface,
		       const char *comment)
{
	size_t n = text_length(comment);
	size_t options = n > 0 ? option_size(n) + 4 : 0;
	/* A pcapng time is unsigned: before 1970 there is nothing. */
	uint64_t time = (uint64_t)time_max(frame->time, 0);
	uint32_t total = (uint32_t)(32 + frame->captured + padding(frame->captured) + options);

	put_u32(writer, BLOCK_PACKET);
	put_u32(writer, total);
	put_u32(writer, interface);
	put_u32(writer, (uint32_t)(time >> 32));
	put_u32(writer, (uint32_t)time);
	put_u32(writer, frame->captured);
	put_u32(writer, frame->length);
	put_padded(writer, frame->bytes, frame->captured);
	if (n > 0) {
		put_option(writer, OPTION_COMMENT, comment, n);
		put_u32(writer, OPTION_END);
	}
	put_u32(writer, total);
}

int pcapng_writer_new(struct pcapng_writer **out, const char *path, mode_t mode,
		      const char *application)
{
	struct pcapng_writer *writer = calloc(1, sizeof(*writer));
	int error;

	if (writer == NULL) {
		return -ENOMEM;
	}
	writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (writer->fd < 0) {
		error = -errno;
		free(writer);
		return error;
	}
	put_section(writer, application);
	*out = writer;
	return 0;
}

int pcapng_write(struct pcapng_writer *writer, const struct frame *frame, const char *interface,
		 const char *comment)
{
	int index = find_interface(writer, frame, interface);

	if (index < 0) {
		return index;
	}
	put_packet(writer, frame, (uint32_t)index, comment);
	return writer->error;
}

struct pcapng_writer *pcapng_writer_close(struct pcapng_writer *writer, int *error)
{
	if (writer == NULL) {
		return NULL;
	}
	flush(writer);
	if (writer->error == 0 && fsync(writer->fd) != 0) {
		writer->error = -errno;
	}
	if (close(writer->fd) != 0 && writer->error == 0) {
		writer->error = -errno;
	}
	if (error != NULL) {
		*error = writer->error;
	}
	free(writer);
	return NULL;
}
