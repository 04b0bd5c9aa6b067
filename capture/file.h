/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* file.h - capture files in: pcap, pcapng and snoop, plain, .gz or .zst, one, many or a pipe.
 *
 * struct capture_files opens paths (files, folders read recursively in name order, "-" for
 * standard input) and hands out their frames merged in time order; equal times keep the
 * order of the paths.  Frames of one file keep the file's order, even where its times go
 * back.  A pcapng section may hold interfaces of different link types and resolutions.
 * Each interface becomes a source (index, name, link type, file).  Only a file that cannot be
 * opened or is no capture at all is an error; damage inside ends that file, is told to the
 * log and counted.
 *
 * A file is opened once to recognise it and again when its first packet is due, so any number of
 * files may follow each other, and 256 may overlap in time.  Times are held between 1970 and early
 * 2116; a pcapng simple packet, which has no time, gets that of the packet before it.  A pcap
 * file that says how long its frame check sequences are is handed out without them.
 *
 * pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng. */

#include "capture/base/log.h"
#include "capture/base/problem.h"
#include "capture/packet.h"

struct capture_source {
	const char *name; /* "FILE", or "FILE:interface" when the file names it */
	const char *path;
	int link_type;
	uint32_t snap_length; /* 0: not limited */
	uint64_t frames;      /* handed out */
};

struct capture_file_options {
	const char *filter; /* BPF expression, compiled for each link type, or NULL */
	const struct log_sink *log;
};

struct capture_file_counters {
	uint64_t frames;        /* handed out */
	uint64_t filtered;      /* refused by the BPF filter */
	uint64_t cut_files;     /* ended in the middle of a packet */
	uint64_t damaged_files; /* ended at a block that makes no sense */
	uint64_t oversized;     /* frames of more than 256 KiB, skipped */
	uint64_t bytes_read,
	    bytes_total;  /* of the files as stored; total 0 when not known (pipe) */
	uint64_t dropped; /* what the files themselves say the capture lost (pcapng ISB, EPB) */
};

struct capture_files;

/* 0; -ENOENT, -EACCES, -EIO; -EINVAL: no capture, empty, or a wrong filter; problem says which.
 * What is no capture is an error when it was named, and skipped (told as information) when it was
 * found in a folder. The log must outlive the files. */
int capture_files_open(struct capture_files **out, const char *const *paths, size_t n_paths,
		       const struct capture_file_options *options,
		       struct problem *problem) MUST_USE;
struct capture_files *capture_files_close(struct capture_files *files);

/* Next frame in time order, its bytes valid until the next call. 1: *out is filled; 0: end of the
 * last file; negative: read error that ends the replay (problem); -EINTR: a signal came while a
 * pipe was silent, -EMFILE: more than 256 files overlap in time. frame.number counts all packets of
 * the merged input: those that the filter refuses or that are oversized have one too. */
int capture_files_next(struct capture_files *files, struct frame *out,
		       struct problem *problem) MUST_USE;

/* Sources come up as the files announce them. There are at most PACKET_SOURCE_MAX; all interfaces
 * beyond share the last one (a warning says so). NULL when i is too large. */
size_t capture_files_n_sources(const struct capture_files *files);
const struct capture_source *capture_files_source(const struct capture_files *files, size_t i);
const struct capture_file_counters *capture_files_counters(const struct capture_files *files);
