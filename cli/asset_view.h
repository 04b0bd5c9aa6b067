/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* asset_view.h - one asset and all its conversations, found by what a person calls it: for the
 * commands that show one asset. */

#include "capture/base/buffer.h"
#include "cli/command.h"

#include <stdio.h>

struct view_talk {
	struct tree *conversation;
	struct tree *peer; /* the other asset's document; NULL when it is none: a broadcast */
	bool asks;         /* the asset is the one that asks */
};

struct asset_view {
	struct tree *asset;
	char *json; /* its document as it is */
	struct view_talk *talks;
	size_t n_talks, talks_room;
};

/* Runs a command whose one argument is an asset: reads the command line (-r, --db, -J), finds the
 * asset by id, former id, IP address, MAC address or name, and calls show(), unless -J wants the
 * document itself. Several assets of that name are listed; none is said. Returns an enum exit_code.
 */
int asset_view_command(const struct command *command, int argc, char **argv,
		       int (*show)(const struct asset_view *view, FILE *stream));

/* The options of such a command. */
extern const struct option asset_view_options[];
enum { ASSET_VIEW_OPTIONS = 3 };

/* What the asset at the other end is best called: name, address, or "-". */
const char *view_peer_name(const struct view_talk *talk);

/* Appends "read 20, write 3" with that separator. */
void view_operations(struct buffer *out, const struct tree *conversation, const char *separator);
