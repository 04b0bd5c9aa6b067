/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline.h - what is normal: a set of lines that people read, review and keep under version
 * control (docs/baseline.md has the form).
 *
 *	allow 10.1.2.3 programs zone:cell-1
 *	asset 10.1.1.10 00:0e:8c:00:00:10
 *	conversation 10.1.2.3 10.1.1.10 modbus
 *	cycle 10.1.2.3 10.1.1.10 modbus read 1.000
 *	frame production mon,tue,wed,thu,fri 06:00-22:00
 *	operation 10.1.2.3 10.1.1.10 modbus read production,weekend
 *	program 10.1.1.10 s7comm OB1 4f2a
 *	target 10.1.2.3 10.1.1.10 modbus read 1 "holding registers 0-9"
 *	value 10.1.1.10 modbus HR4 0 100
 *
 * A baseline is made whole from its lines and only looked at afterwards; a change makes another. */

#include "capture/base/address.h"
#include "capture/base/problem.h"
#include "dissectors/record.h"

#include <stdio.h>

struct baseline;

#define BASELINE_LINES_MAX  2000000
#define BASELINE_LINE_SIZE  1024 /* its NUL included */
#define BASELINE_FRAMES_MAX 8    /* times that are told apart */

/* What the sensor makes of what is not normal. */
enum baseline_state {
	BASELINE_NONE,     /* nobody knows what is normal, and nothing is learned */
	BASELINE_LEARNING, /* it is a finding, and will be normal */
	BASELINE_FROZEN,   /* it is an alert */
	BASELINE_STATES
};
const char *baseline_state_name(enum baseline_state state);
bool baseline_state_from_name(const char *name, enum baseline_state *out);

/* Hears each line that is none; line counts from 1. */
typedef void baseline_mistake(void *context, size_t line, const char *what);

/* Makes a baseline of lines in any order, each at most once in it. What '#' begins is a remark; an
 * empty line is nothing. 0; -EINVAL: lines were wrong; -ENOMEM; -E2BIG: more than
 * BASELINE_LINES_MAX. */
int baseline_make(struct baseline **out, const char *const *lines, size_t n,
		  baseline_mistake *handler, void *context) MUST_USE;
/* The same of a file. The first 20 mistakes are told, as FILE:LINE; the problem counts them all. */
int baseline_read(struct baseline **out, const char *path,
		  void (*handler)(void *context, const char *text), void *context,
		  struct problem *problem) MUST_USE;
struct baseline *baseline_free(struct baseline *baseline);

/* Its lines in order, in their one spelling; they live as long as it. */
size_t baseline_count(const struct baseline *baseline);
const char *baseline_line(const struct baseline *baseline, size_t i);
bool baseline_has(const struct baseline *baseline, const char *line);
/* 16 hexadecimal digits of its lines. */
const char *baseline_hash(const struct baseline *baseline);
/* Tells which lines only one of both has, in order. */
void baseline_differences(const struct baseline *old, const struct baseline *now,
			  void (*handler)(void *context, bool added, const char *line),
			  void *context);

/* ---- one line ---- */

/* An address in its address space: an IP address, or a link address where there is none. */
struct baseline_end {
	struct ip ip;
	struct mac mac;
	uint16_t domain;
};

/* Lines are written word by word, so that all have one spelling. */
struct baseline_writer {
	char text[BASELINE_LINE_SIZE];
	size_t length;
	bool cut; /* it did not fit: there is no such line */
};

void baseline_begin(struct baseline_writer *writer, const char *kind);
void baseline_word(struct baseline_writer *writer, const char *word);
void baseline_address(struct baseline_writer *writer, const struct baseline_end *end);

/* Whom a person lets do what: "10.1.2.3 programs cell-1" becomes a line. A name that is no address
 * is a zone. words: who, verb, whom, and a protocol or NULL. -EINVAL with problem. */
int baseline_allow(struct baseline_writer *writer, const char *const words[4],
		   struct problem *problem) MUST_USE;

/* ---- times ---- */

/* A time that is told apart: "production mon-fri 06:00-22:00". Of several that fit, the first by
 * its name counts. */
struct baseline_frame {
	char name[32];
	uint8_t days;      /* bits, Monday first */
	uint16_t from, to; /* minutes of the day; to may be before from: over midnight */
};
/* "NAME [DAYS] [HH:MM-HH:MM]". -EINVAL with problem. */
int baseline_frame_parse(const char *text, struct baseline_frame *out,
			 struct problem *problem) MUST_USE;
/* Whether a minute since 1970 lies in it. */
bool baseline_frame_holds(const struct baseline_frame *frame, int64_t minute);
/* As a line. */
void baseline_frame_write(struct baseline_writer *writer, const struct baseline_frame *frame);
/* Those of a baseline. */
const struct baseline_frame *baseline_frames(const struct baseline *baseline, size_t *n);
