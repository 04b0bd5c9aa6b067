/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* record.h - what Weir reports: a fixed head and typed fields, written once, straight into a ring.
 *
 * The writer belongs to one worker and one ring.  record_begin() reserves, the record_put_*
 * calls append fields, record_commit() publishes, record_abort() forgets: a bad PDU leaves no
 * trace.  Strings are cut at 256 bytes, lists at 64 elements, and every cut sets
 * RECORD_TRUNCATED and is counted.  A record is read-only once committed.
 *
 * Field ids: FIELD_LOCAL(i) is field i of the table of the dissector at work (the writer knows
 * its base); ids below are those of the core table (core_fields.h). */

#include "capture/base/address.h"
#include "capture/base/time.h"

enum record_kind {
	RECORD_TRANSACTION,
	RECORD_ITEM,
	RECORD_FLOW,
	RECORD_ASSET_CHANGE,
	RECORD_CONVERSATION,
	RECORD_POLICY,
	RECORD_BLIND,
	RECORD_SENSOR,
	RECORD_ALERT,
	RECORD_KINDS
};

/* The protocol-neutral verb. Download is into the controller, upload out of it. */
enum operation {
	OPERATION_UNKNOWN,
	OPERATION_READ,
	OPERATION_WRITE,
	OPERATION_CONTROL,
	OPERATION_FORCE,
	OPERATION_IO,
	OPERATION_START,
	OPERATION_STOP,
	OPERATION_RESTART,
	OPERATION_MEMORY_RESET,
	OPERATION_PROGRAM_UPLOAD,
	OPERATION_PROGRAM_DOWNLOAD,
	OPERATION_PROGRAM_DELETE,
	OPERATION_ONLINE_EDIT,
	OPERATION_FIRMWARE_UPDATE,
	OPERATION_CONFIG_WRITE,
	OPERATION_ADDRESS_CHANGE,
	OPERATION_MODE_CHANGE,
	OPERATION_TIME_SET,
	OPERATION_IDENTIFY,
	OPERATION_DIAGNOSE,
	OPERATION_AUTHENTICATE,
	OPERATION_FILE_READ,
	OPERATION_FILE_WRITE,
	OPERATION_FILE_DELETE,
	OPERATION_SUBSCRIBE,
	OPERATION_REPORT,
	OPERATION_SESSION,
	OPERATIONS
};

/* The device's answer. */
enum outcome { OUTCOME_UNKNOWN, OUTCOME_SUCCESS, OUTCOME_FAILURE, OUTCOMES };

enum phase { PHASE_NONE, PHASE_REQUEST, PHASE_COMPLETE };

enum record_flags {
	RECORD_TRUNCATED = 1,  /* a cap cut a value */
	RECORD_SNAPPED = 2,    /* the snap length cut the packet */
	RECORD_MALFORMED = 4,  /* the message contradicts its specification */
	RECORD_BLIND_FLOW = 8, /* the flow had a hole shortly before: absence proves nothing */
	RECORD_FRAGMENTED = 16,
	RECORD_ONE_SIDED = 32, /* only one direction of the flow was ever seen */
	RECORD_IDENTITY = 64,  /* says who or what the device is */
	RECORD_UNIT = 128,     /* names a unit behind the address, in CORE_UNIT_ID */
};

enum transaction_status {
	TRANSACTION_NONE,
	TRANSACTION_ANSWERED,
	TRANSACTION_UNANSWERED,     /* the time-out passed, or the connection ended */
	TRANSACTION_NO_ANSWER_SEEN, /* the capture ended first */
	TRANSACTION_BLIND,          /* bytes were missing while it waited */
	TRANSACTION_ORPHAN,         /* an answer whose request was not seen */
	TRANSACTION_STATUSES
};

/* Whom a record that says who or what a device is (RECORD_IDENTITY) is about. */
enum about {
	ABOUT_DESTINATION, /* the one asked: it answered */
	ABOUT_SOURCE,      /* the initiator: it announces itself */
	ABOUT_NAMED,       /* the one in CORE_SUBJECT_IP and CORE_SUBJECT_MAC */
};

#define PROTOCOL_NONE UINT8_MAX

struct endpoint {
	struct ip ip; /* none for frames without IP */
	struct mac mac;
	uint16_t port;
};

struct record {
	uint32_t size; /* of the whole record, a multiple of 8 */
	uint8_t kind, operation, outcome, phase;
	int64_t time;     /* when it became known: packet time, never goes back within a worker */
	int64_t start;    /* time of the request, or the first packet; TIME_NONE if unknown */
	int64_t duration; /* ns from request to response; -1 if there is none */
	uint64_t number;  /* packet that completed it */
	uint64_t order;   /* rank among the records of one packet number; ticks come first */
	uint64_t key;     /* ties the records of one transaction together; 0: none */
	uint32_t flow, generation;
	uint32_t vlan; /* packet_vlan_key() */
	uint16_t source_interface, domain;
	uint8_t protocol; /* index in the dissector registry, or PROTOCOL_NONE */
	uint8_t ip_protocol, ip_version, flags;
	uint8_t worker, status; /* status: enum transaction_status */
	uint8_t about;          /* enum about */
	bool binds;             /* the one it is about has its IP address at its MAC, it says */
	struct endpoint source; /* the initiator (client), whoever sent the packet */
	struct endpoint destination; /* the one asked */
				     /* encoded fields follow; see record_next_field() */
};

const char *record_kind_name(enum record_kind kind);
const char *operation_name(enum operation operation);
const char *outcome_name(enum outcome outcome);
/* The value with this name; false if there is none. */
bool operation_from_name(const char *name, enum operation *out);
/* Whether a request of this operation is reported at once, before its answer: everything but read,
 * identify, diagnose, report, io and session. */
bool operation_reports_request(enum operation operation);

/* ---- writing ---- */

#define FIELD_LOCAL_BIT   0x8000U
#define FIELD_LOCAL(i)    ((uint16_t)(FIELD_LOCAL_BIT | (i)))
#define RECORD_STRING_MAX 256
#define RECORD_LIST_MAX   64
#define RECORD_SIZE_MAX   16384 /* one record with its fields */

struct record_counters {
	uint64_t records, bytes;
	uint64_t values_cut;     /* strings and lists that a cap cut */
	uint64_t fields_refused; /* RECORD_SIZE_MAX reached */
	uint64_t dropped;        /* ring full in a live sensor */
};

struct record_writer {
	uint8_t *at, *end;   /* where the next field goes; end of the reservation */
	struct record *open; /* the record under way, or NULL */
	struct record *last; /* the last one committed without a ring */
	uint8_t *aside_begin, *aside_at, *aside_end; /* the record, while fields go elsewhere */
	uint16_t local_base;                         /* id of FIELD_LOCAL(0) */
	bool cut; /* a value was cut, of the open record or of fields that go elsewhere */
	struct record_counters counters;
	struct record_ring *ring;
	uint8_t *spill; /* RECORD_SIZE_MAX bytes for what finds no room in a ring */
};

/* Single-producer, single-consumer ring of records. When it is full the producer calls on_full
 * (a replay: drain it, or let the consumer run) until there is room; without on_full the record is
 * dropped and counted (live: never block). */
struct record_ring;

/* bytes: capacity, at least 4 * RECORD_SIZE_MAX; rounded up to a power of two. */
int record_ring_new(struct record_ring **out, size_t bytes, void (*on_full)(void *context),
		    void *context) MUST_USE;
struct record_ring *record_ring_free(struct record_ring *ring);
/* Consumer: the oldest unread record, or NULL. It stays valid until record_ring_release(). */
const struct record *record_ring_peek(struct record_ring *ring);
void record_ring_release(struct record_ring *ring);
/* Consumer: the record behind an unread one, or NULL; releases nothing. */
const struct record *record_ring_next(struct record_ring *ring, const struct record *record);
/* Producer: publishes a copy of a finished record; false when a ring that must not wait is full. */
bool record_ring_copy(struct record_ring *ring, const struct record *record);
/* Producer: share of the ring that is in use, 0..100. */
unsigned record_ring_fill(const struct record_ring *ring);

/* ring NULL: records are built in the writer's own memory, one at a time; record_commit() leaves
 * the last one readable by record_last() until the next record_begin(). */
int record_writer_init(struct record_writer *writer, struct record_ring *ring) MUST_USE;
const struct record *record_last(const struct record_writer *writer);
void record_writer_end(struct record_writer *writer);

/* Begins a record; never NULL. Only the head is initialised: kind as given, everything else as in
 * *head (may be NULL: zero). */
struct record *record_begin(struct record_writer *writer, enum record_kind kind,
			    const struct record *head);
void record_commit(struct record_writer *writer);
void record_abort(struct record_writer *writer);

/* Redirects the puts that follow into memory (request fields that wait for their answer). No record
 * may be open. writer->cut tells afterwards whether a value was cut. */
void record_fields_begin(struct record_writer *writer, uint8_t *memory, size_t size);
/* Ends that and returns the bytes used. */
size_t record_fields_end(struct record_writer *writer);
/* Appends fields that were written so to the open record. */
void record_fields_append(struct record_writer *writer, const uint8_t *fields, size_t size);

void record_put_int(struct record_writer *writer, uint16_t field, int64_t value);
void record_put_bool(struct record_writer *writer, uint16_t field, bool value);
void record_put_double(struct record_writer *writer, uint16_t field, double value);
void record_put_time(struct record_writer *writer, uint16_t field, int64_t time);
void record_put_ip(struct record_writer *writer, uint16_t field, const struct ip *ip);
void record_put_mac(struct record_writer *writer, uint16_t field, const struct mac *mac);
/* A text that outlives the record: only the pointer is stored. NULL is written as "unknown". */
void record_put_static(struct record_writer *writer, uint16_t field, const char *text);
/* Strings and bytes from the wire are copied. */
void record_put_bytes(struct record_writer *writer, uint16_t field, struct cursor bytes);
void record_put_text(struct record_writer *writer, uint16_t field, const char *text);
/* Lists: n values of 1, 2, 4 or 8 bytes each in host order; cut at RECORD_LIST_MAX. */
void record_put_uint16s(struct record_writer *writer, uint16_t field, const uint16_t *values,
			size_t n);
void record_put_uint8s(struct record_writer *writer, uint16_t field, const uint8_t *values,
		       size_t n);
void record_put_uint32s(struct record_writer *writer, uint16_t field, const uint32_t *values,
			size_t n);
void record_put_doubles(struct record_writer *writer, uint16_t field, const double *values,
			size_t n);
/* A list of big-endian 16-bit words straight from the wire. */
void record_put_be16s(struct record_writer *writer, uint16_t field, struct cursor words);
void record_put_ips(struct record_writer *writer, uint16_t field, const struct ip *ips, size_t n);
/* A list of texts that outlive the record. */
void record_put_statics(struct record_writer *writer, uint16_t field, const char *const *texts,
			size_t n);

/* ---- how fields are written; record_put_uint() is here because most fields are numbers ---- */

#define RECORD_FIELD_HEAD 4

enum record_shape { SHAPE_SCALAR, SHAPE_STRING, SHAPE_STATIC, SHAPE_LIST, SHAPE_STATIC_LIST };

#define RECORD_FIELD_INFO(shape, log2_width, count) \
	((unsigned)(shape) << 13 | (unsigned)(log2_width) << 10 | (unsigned)(count))

/* Room for one field of n value bytes, with its head written; NULL, and counted, when there is
 * none.
 */
static inline uint8_t *record_put_field(struct record_writer *writer, uint16_t field, unsigned info,
					size_t n)
{
	uint8_t *at = writer->at;
	size_t padded = RECORD_FIELD_HEAD + (n + 3) / 4 * 4;
	uint16_t head[2];

	/* 8 bytes stay free for the padding of the whole record. */
	if (unlikely((size_t)(writer->end - at) < padded + 8)) {
		writer->counters.fields_refused++;
		writer->cut = true;
		return NULL;
	}
	head[0] = (field & FIELD_LOCAL_BIT) != 0
		      ? (uint16_t)(writer->local_base + (field & ~FIELD_LOCAL_BIT))
		      : field;
	head[1] = (uint16_t)info;
	memcpy(at, head, RECORD_FIELD_HEAD);
	if (n % 4 != 0) {
		memset(at + padded - 4, 0, 4);
	}
	writer->at = at + padded;
	return at + RECORD_FIELD_HEAD;
}

static inline void record_put_uint(struct record_writer *writer, uint16_t field, uint64_t value)
{
	unsigned log2_width = value <= UINT32_MAX ? 2 : 3;
	uint8_t *at = record_put_field(
	    writer, field, RECORD_FIELD_INFO(SHAPE_SCALAR, log2_width, 1), (size_t)1 << log2_width);

	if (likely(at != NULL && log2_width == 2)) {
		uint32_t small = (uint32_t)value;

		memcpy(at, &small, sizeof(small));
	} else if (at != NULL) {
		memcpy(at, &value, sizeof(value));
	}
}

/* ---- reading ---- */

/* One encoded field. */
struct record_field {
	uint16_t id;
	uint8_t shape;
	uint8_t width;     /* bytes a value (scalar, list) */
	uint16_t count;    /* bytes of a string, elements of a list */
	const uint8_t *at; /* the value */
};

/* Steps through the fields: *position begins at 0. False at the end. */
bool record_next_field(const struct record *record, size_t *position, struct record_field *out);
/* The first field with this id; false if there is none. */
bool record_find_field(const struct record *record, uint16_t id, struct record_field *out);

/* Negative, 0 or positive as a comes before, with or after b: the order of analysis
 * (time, packet number, source, order). */
int record_compare(const struct record *a, const struct record *b);
