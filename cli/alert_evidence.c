/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/alert_evidence.h"

#include "capture/base/address.h"
#include "capture/file.h"
#include "capture/pcapng_write.h"
#include "cli/when.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define AROUND NS_PER_MINUTE

/* What is looked for, and where it goes. */
struct evidence {
	char filter[512], comment[512];
	int64_t from, to;
	uint64_t packet; /* the one that raised the alert */
	uint64_t n;
};

/* A value that is an address, and so can stand in a filter. */
static const char *address_of(const struct tree *alert, const char *path, bool mac)
{
	const char *text = tree_text(alert, path);
	struct mac link;
	struct ip ip;

	if (text == NULL) {
		return NULL;
	}
	return (mac ? mac_parse(text, &link) : ip_parse(text, &ip)) == 0 ? text : NULL;
}

/* libpcap wants colons. */
static void put_mac(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text);
	for (; *out != '\0'; out++) {
		*out = *out == '-' ? ':' : *out;
	}
}

/* Frames with and without a VLAN tag. */
static bool make_filter(const struct tree *alert, struct evidence *evidence)
{
	const char *source = address_of(alert, "source.ip", false);
	const char *destination = address_of(alert, "destination.ip", false);
	char ends[200], from[20], to[20];

	if (source != NULL && destination != NULL) {
		snprintf(ends, sizeof(ends), "host %s and host %s", source, destination);
	} else {
		source = address_of(alert, "source.mac", true);
		destination = address_of(alert, "destination.mac", true);
		if (source == NULL || destination == NULL) {
			return false;
		}
		put_mac(from, sizeof(from), source);
		put_mac(to, sizeof(to), destination);
		snprintf(ends, sizeof(ends), "ether host %s and ether host %s", from, to);
	}
	snprintf(evidence->filter, sizeof(evidence->filter), "(%s) or (vlan and %s)", ends, ends);
	return true;
}

static int read_alert(const struct tree *alert, struct evidence *evidence, struct problem *problem)
{
	const char *first = tree_text(alert, "weir.alert.first");
	const char *last = tree_text(alert, "weir.alert.last");
	const char *id = tree_text(alert, "weir.alert.id"), *rule = tree_text(alert, "rule.name");

	if (!make_filter(alert, evidence)) {
		return problem_set(problem, -ENODATA,
				   "the alert is not about packets between two ends");
	}
	if (first == NULL || last == NULL || when_parse_iso(first, &evidence->from) != 0 ||
	    when_parse_iso(last, &evidence->to) != 0) {
		return problem_set(problem, -ENODATA, "the alert does not say when it was");
	}
	evidence->from -= AROUND;
	evidence->to += AROUND;
	evidence->packet = (uint64_t)tree_number(alert, "weir.packet");
	snprintf(evidence->comment, sizeof(evidence->comment), "weir alert %s: %s",
		 id != NULL ? id : "", rule != NULL ? rule : "");
	return 0;
}

static int copy_frames(struct capture_files *files, struct pcapng_writer *writer,
		       struct evidence *evidence, struct problem *problem)
{
	struct frame frame;
	int result;

	while ((result = capture_files_next(files, &frame, problem)) == 1) {
		bool marked = frame.number == evidence->packet || evidence->n == 0;
		int error;

		if (frame.time < evidence->from || frame.time > evidence->to) {
			continue;
		}
		error = pcapng_write(writer, &frame, NULL, marked ? evidence->comment : NULL);
		if (error < 0) {
			return problem_set(problem, error, "%s", strerror(-error));
		}
		evidence->n++;
	}
	return result;
}

/* Only its owner may read what a plant sent. */
static int writer_new(struct pcapng_writer **out, const char *path, struct problem *problem)
{
	int error = pcapng_writer_new(out, path, 0600, "weir");

	return error < 0
		   ? problem_set(problem, error, "cannot write %s: %s", path, strerror(-error))
		   : 0;
}

int alert_evidence_write(const struct tree *alert, const struct text_list *captures,
			 const char *path, uint64_t *n, struct problem *problem)
{
	struct evidence evidence = { .n = 0 };
	const struct capture_file_options options = { evidence.filter, NULL };
	struct capture_files *files = NULL;
	struct pcapng_writer *writer = NULL;
	int error = read_alert(alert, &evidence, problem), closed = 0;

	if (error == 0) {
		error = capture_files_open(&files, captures->items, captures->n, &options, problem);
	}
	if (error == 0) {
		error = writer_new(&writer, path, problem);
	}
	if (error == 0) {
		error = copy_frames(files, writer, &evidence, problem);
		pcapng_writer_close(writer, &closed);
		if (error == 0 && closed < 0) {
			error = problem_set(problem, closed, "cannot write %s: %s", path,
					    strerror(-closed));
		}
		if (error == 0 && evidence.n == 0) {
			error =
			    problem_set(problem, -ENODATA, "none of its packets is in the capture");
		}
		if (error < 0) {
			(void)unlink(path);
		}
	}
	capture_files_close(files);
	*n = evidence.n;
	return error;
}
