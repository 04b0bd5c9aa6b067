/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* bulk_sink - takes what is posted to `_bulk` as fast as it comes and says that each document was
 * created: the other side of a measurement.
 *
 * usage: bulk_sink DOCUMENTS
 *
 * Prints its port, then the bytes that came with so many documents; it looks at no more of them
 * than their lines, and takes no compressed ones. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)16 << 20)
#define ITEM        "{\"create\":{\"status\":201}}"

struct sink {
	char *bytes, *answer;
	size_t filled;
};

static size_t count_lines(const char *bytes, size_t n)
{
	size_t lines = 0;

	for (const char *at = bytes; (at = memchr(at, '\n', n - (size_t)(at - bytes))) != NULL;
	     at++) {
		lines++;
	}
	return lines;
}

/* The answer to so many documents. */
static size_t make_answer(char *out, size_t documents)
{
	size_t length = sizeof("{\"errors\":false,\"items\":[]}") - 1 +
			documents * (sizeof(ITEM) - 1) + (documents > 0 ? documents - 1 : 0);
	char *at = out + sprintf(out,
				 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
				 "Content-Length: %zu\r\n\r\n{\"errors\":false,\"items\":[",
				 length);

	for (size_t i = 0; i < documents; i++) {
		at += sprintf(at, "%s" ITEM, i > 0 ? "," : "");
	}
	at += sprintf(at, "]}");
	return (size_t)(at - out);
}

static bool send_all(int descriptor, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = send(descriptor, bytes, n, MSG_NOSIGNAL);

		if (done <= 0) {
			return false;
		}
		bytes += done;
		n -= (size_t)done;
	}
	return true;
}

/* The size of the request at the beginning, once its head is there; 0: it is not. */
static size_t request_size(const struct sink *sink, size_t *body)
{
	const char *end = memmem(sink->bytes, sink->filled, "\r\n\r\n", 4);
	const char *length = strcasestr(sink->bytes, "content-length:");

	if (end == NULL) {
		return 0;
	}
	*body = (size_t)(end - sink->bytes) + 4;
	return *body + (length != NULL && length < end ? strtoul(length + 15, NULL, 10) : 0);
}

/* One request. False: the connection is over. */
static bool serve(struct sink *sink, int descriptor)
{
	size_t body = 0, size = 0, documents;

	while ((size = request_size(sink, &body)) == 0 || sink->filled < size) {
		ssize_t n =
		    recv(descriptor, sink->bytes + sink->filled, BUFFER_SIZE - 1 - sink->filled, 0);

		if (n <= 0) {
			return false;
		}
		sink->filled += (size_t)n;
		sink->bytes[sink->filled] = '\0';
	}
	documents = count_lines(sink->bytes + body, size - body) / 2;
	sink->filled = 0;
	return send_all(descriptor, sink->answer, make_answer(sink->answer, documents));
}

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(address);
	struct sink sink = { .bytes = malloc(BUFFER_SIZE), .answer = malloc(BUFFER_SIZE) };
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	if (sink.bytes == NULL || sink.answer == NULL || listener < 0 ||
	    bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 8) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &size) != 0) {
		perror("bulk_sink");
		return 1;
	}
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		int descriptor = accept(listener, NULL, NULL);

		sink.filled = 0;
		while (descriptor >= 0 && serve(&sink, descriptor)) {
		}
		close(descriptor);
	}
}
