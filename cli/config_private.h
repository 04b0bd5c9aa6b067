/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* config_private.h - what the files that read and write the configuration share. */

#include "capture/base/yaml.h"
#include "cli/config.h"

enum key_kind {
	KEY_TEXT,
	KEY_BOOL,
	KEY_NUMBER,
	KEY_SIZE,     /* bytes: 65536, 64 KiB, 32 MiB, 1 GiB */
	KEY_DURATION, /* 90d, 1h, 60s */
	KEY_PERCENT,
	KEY_INTERFACES,
	KEY_TEXTS,
	KEY_FRAMES, /* texts: baseline_frame_parse() */
	KEY_LEVEL,  /* of alerts */
	KEY_SEND,   /* a list of names of forward_rows.h */
	KEY_OUTPUTS,
	KEY_RECEIVER, /* of an output: where it goes */
	KEY_TRANSPORT,
	KEY_FORM,
	KEY_TIME_ZONE,
};

struct key {
	const char *section, *name;
	enum key_kind kind;
	size_t offset;
	uint64_t least, most; /* of numbers and sizes */
	unsigned receivers;   /* of outputs: the kinds that have it, a bit each */
};

/* A file that is being read. */
struct reading {
	struct config *config;
	const char *file;
	config_mistake *handler;
	void *context;
	unsigned mistakes;
};

/* Tells one mistake. */
void config_mistake_at(struct reading *reading, unsigned line, unsigned column, const char *format,
		       ...) PRINTF_LIKE(4, 5);

/* Reads the value of a key into its member of *base (a struct config, or an output), and writes it
 * as it could have been read. */
void config_value_read(struct reading *reading, const struct key *key, void *base,
		       const struct yaml_node *node);
void config_value_write(const void *base, const struct key *key, FILE *out);
/* A list of texts; of a receiver a text by itself is a list of one. */
void config_texts_read(struct reading *reading, const struct key *key, const struct yaml_node *node,
		       struct config_texts *out);
/* In single quotes; a list of them. */
void config_text_write(FILE *out, const char *text);
void config_texts_write(const struct config_texts *texts, FILE *out);

void config_outputs_read(struct reading *reading, const struct yaml_node *node,
			 struct config_outputs *out);
void config_outputs_write(const struct config_outputs *outputs, FILE *out);
