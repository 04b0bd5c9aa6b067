/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "capture/frame_filter.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#define SNAP_LENGTH 262144

struct program {
	int link_type;
	bool compiled; /* false: every frame is refused */
	struct bpf_program code;
};

struct frame_filter {
	char *expression;
	const struct log_sink *log;
	struct program programs[FRAME_FILTER_LINK_TYPES];
	size_t n_programs;
	bool full_told;
};

/* Files carry LINKTYPE_ values, libpcap wants its own DLT_ values: they differ where systems
 * had not agreed (tcpdump.org/linktypes.html). */
static const struct {
	int link_type, dlt;
} renumbered[] = {
	{ 100, DLT_ATM_RFC1483 }, { 101, DLT_RAW },      { 102, DLT_SLIP_BSDOS },
	{ 103, DLT_PPP_BSDOS },   { 104, DLT_C_HDLC },   { 106, DLT_ATM_CLIP },
	{ 50, DLT_PPP_SERIAL },   { 51, DLT_PPP_ETHER },
};

static int dlt_of(int link_type)
{
	for (size_t i = 0; i < ARRAY_SIZE(renumbered); i++) {
		if (renumbered[i].link_type == link_type) {
			return renumbered[i].dlt;
		}
	}
	return link_type;
}

/* Adds the program of a link type; there is room. 0, -EINVAL with why, -ENOMEM. */
static int compile(struct frame_filter *filter, int link_type, struct problem *why)
{
	struct program *program = &filter->programs[filter->n_programs++];
	pcap_t *pcap = pcap_open_dead(dlt_of(link_type), SNAP_LENGTH);

	program->link_type = link_type;
	if (pcap == NULL) {
		return problem_set(why, -ENOMEM, "out of memory");
	}
	program->compiled =
	    pcap_compile(pcap, &program->code, filter->expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (!program->compiled) {
		problem_set(why, -EINVAL, "%s", pcap_geterr(pcap));
	}
	pcap_close(pcap);
	return program->compiled ? 0 : -EINVAL;
}

int frame_filter_new(struct frame_filter **out, const char *expression, const struct log_sink *log,
		     struct problem *problem)
{
	AUTO(frame_filter_freep) struct frame_filter *filter = calloc(1, sizeof(*filter));
	struct problem why = { .text = "" };
	int error;

	if (filter == NULL || (filter->expression = strdup(expression)) == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	filter->log = log;
	error = compile(filter, DLT_EN10MB, &why);
	if (error != 0) {
		return problem_set(problem, error, "wrong filter \"%.200s\": %.200s", expression,
				   why.text);
	}
	*out = filter;
	filter = NULL;
	return 0;
}

struct frame_filter *frame_filter_free(struct frame_filter *filter)
{
	if (filter != NULL) {
		for (size_t i = 0; i < filter->n_programs; i++) {
			pcap_freecode(&filter->programs[i].code);
		}
		free(filter->expression);
		free(filter);
	}
	return NULL;
}

/* NULL: there is none and no room for one more. */
static struct program *program_of(struct frame_filter *filter, int link_type)
{
	struct problem why = { .text = "" };

	for (size_t i = 0; i < filter->n_programs; i++) {
		if (filter->programs[i].link_type == link_type) {
			return &filter->programs[i];
		}
	}
	if (filter->n_programs == ARRAY_SIZE(filter->programs)) {
		if (!filter->full_told) {
			log_warning(filter->log,
				    "filter: more than %zu link types; frames of link type %d and "
				    "further ones are refused",
				    filter->n_programs, link_type);
			filter->full_told = true;
		}
		return NULL;
	}
	if (compile(filter, link_type, &why) != 0) {
		log_warning(filter->log,
			    "filter: has no meaning for link type %d, whose frames are refused: %s",
			    link_type, why.text);
	}
	return &filter->programs[filter->n_programs - 1];
}

bool frame_filter_passes(struct frame_filter *filter, const struct frame *frame)
{
	struct program *program = program_of(filter, frame->link_type);
	struct pcap_pkthdr head = { .caplen = frame->captured, .len = frame->length };

	return program != NULL && program->compiled &&
	       pcap_offline_filter(&program->code, &head, frame->bytes) != 0;
}
