/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* config.h - the sensor's one configuration file (YAML), from a table: one row a key.
 *
 * Every key has a default and a line in etc/weir.yaml, which a test compares with this table.
 * All mistakes of a file are told at once, each as FILE:LINE:COLUMN. */

#include "capture/base/problem.h"
#include "capture/base/time.h"
#include "rules/rules.h"
#include "store/forward_rows.h"

#include <stdio.h>

#define CONFIG_PATH           "/etc/weir/weir.yaml"
#define CONFIG_INTERFACES_MAX 16
#define CONFIG_TEXTS_MAX      16
#define CONFIG_TEXT_MAX       256
#define CONFIG_OUTPUTS_MAX    8

struct config_interface {
	char name[CONFIG_TEXT_MAX]; /* the interface */
	uint16_t domain;            /* address space */
};

/* A list of folders or files. */
struct config_texts {
	char items[CONFIG_TEXTS_MAX][CONFIG_TEXT_MAX];
	size_t n;
};

/* The kinds of receivers that documents are forwarded to. */
enum config_receiver {
	RECEIVER_NONE,
	RECEIVER_FILE,
	RECEIVER_SYSLOG,
	RECEIVER_SPLUNK,
	RECEIVER_ELASTICSEARCH, /* and OpenSearch */
	RECEIVER_RELP,
	RECEIVER_KAFKA,
	RECEIVER_MQTT,
	RECEIVERS
};

/* Where documents are forwarded to. Empty texts: not given. */
struct config_output {
	char name[CONFIG_TEXT_MAX];    /* letters, digits, '-' and '_' */
	uint64_t receiver;             /* enum config_receiver */
	struct config_texts addresses; /* a path, or HOST:PORT, or URLs */
	uint64_t transport;            /* enum link_transport */
	uint64_t form;                 /* enum document_form */
	uint64_t facility;
	char ca[CONFIG_TEXT_MAX], certificate[CONFIG_TEXT_MAX], key[CONFIG_TEXT_MAX];
	char server_name[CONFIG_TEXT_MAX];
	/* Secrets are in files, which hold nothing else but the end of a line. */
	char user[CONFIG_TEXT_MAX], password_file[CONFIG_TEXT_MAX], token_file[CONFIG_TEXT_MAX];
	char mechanism[CONFIG_TEXT_MAX];                          /* of SASL */
	char index[CONFIG_TEXT_MAX], name_space[CONFIG_TEXT_MAX]; /* of Splunk; of data streams */
	char topic[CONFIG_TEXT_MAX];
	bool acknowledge; /* Splunk's indexer acknowledgement */
	int64_t acknowledge_within;
	char dead_letters[CONFIG_TEXT_MAX]; /* file of what a receiver never takes */
	bool send[FORWARD_TABLES];
	uint64_t level;             /* enum alert_level: of alerts this and higher ones */
	struct config_texts filter; /* terms of filter.h */
	bool backlog;               /* what was stored before the output was there, too */
	uint64_t rotate_size, keep;
	int64_t rotate_every;
	bool compress;
};

struct config_outputs {
	struct config_output items[CONFIG_OUTPUTS_MAX];
	size_t n;
};

struct config {
	struct {
		char name[CONFIG_TEXT_MAX]; /* empty: the host's name */
	} sensor;
	struct {
		struct config_interface interfaces[CONFIG_INTERFACES_MAX];
		size_t n_interfaces;
		char filter[CONFIG_TEXT_MAX];
		uint64_t buffer, snap_length, workers, evidence;
		bool promiscuous, hardware_time;
	} capture;
	struct {
		char database[CONFIG_TEXT_MAX];
		int64_t keep;
		uint64_t operations_max;
	} store;
	struct {
		struct config_texts folders;        /* none: the pack that comes with Weir */
		char placeholders[CONFIG_TEXT_MAX]; /* values for rules; empty: none */
		char time_zone[CONFIG_TEXT_MAX];    /* of hours and the like in rules */
		char exceptions[CONFIG_TEXT_MAX];   /* file; empty: none */
	} rules;
	struct {
		int64_t learning;
		struct config_texts frames; /* times that are told apart */
	} baseline;
	struct {
		char file[CONFIG_TEXT_MAX]; /* zones and conduits; empty: none */
	} policy;
	struct {
		char roles[CONFIG_TEXT_MAX]; /* further rules about assets; empty: none */
		struct config_texts geoip;   /* databases of countries and networks */
	} inventory;
	struct {
		char alerts[CONFIG_TEXT_MAX], events[CONFIG_TEXT_MAX]; /* files; empty: none */
	} output;
	struct config_outputs forward;
	struct {
		char folder[CONFIG_TEXT_MAX]; /* empty: beside the database */
		int64_t keep, before, after;
		uint64_t size; /* of all files; 0 is off */
	} evidence;
	struct {
		int64_t interval;
		double drops; /* percent of an interval's frames that raise an alert */
	} health;
	struct {
		char socket[CONFIG_TEXT_MAX];
		char user[CONFIG_TEXT_MAX]; /* whom root becomes; empty: nobody */
	} run;
};

/* Hears each mistake: "FILE:LINE:COLUMN: what". */
typedef void config_mistake(void *context, const char *text);

struct config config_defaults(void);

/* Reads the file over the defaults. 0; -EINVAL: mistakes were told; -ENOENT, -EACCES... with
 * problem. */
int config_read(struct config *config, const char *path, config_mistake *handler, void *context,
		struct problem *problem) MUST_USE;

/* Reads IFACE[:DOMAIN]. 0, -EINVAL or -ENOSPC, with problem. */
int config_add_interface(struct config *config, const char *text, struct problem *problem) MUST_USE;

/* Writes every key with its value as YAML that config_read() takes. */
void config_write(const struct config *config, FILE *out);

/* "file", "syslog"... */
const char *config_receiver_name(enum config_receiver receiver);

/* Cuts HOST:PORT or [HOST]:PORT; out has CONFIG_TEXT_MAX bytes each. False: it is neither. */
bool config_host_port(const char *text, char *host, char *port);

/* The sensor's name: as configured, else the host's. */
void config_sensor_name(const struct config *config, char out[CONFIG_TEXT_MAX]);

/* A stable hash of what config_write() writes. */
int config_hash(const struct config *config, char out[17]) MUST_USE;

/* Where the packets behind alerts are kept: as configured, else the folder "evidence" beside the
 * database. Empty: nowhere. */
void config_evidence_folder(const struct config *config, char out[CONFIG_TEXT_MAX]);

/* The database of this host's sensor: that of CONFIG_PATH if the file is there, else the default.
 * out has CONFIG_TEXT_MAX bytes. */
int config_database(char *out, struct problem *problem) MUST_USE;
