/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* s7comm_private.h - what the files of S7comm share: s7comm.c (header, pairing, jobs),
 * s7comm_items.c (variables), s7comm_transfer.c (blocks on their way, PI services),
 * s7comm_userdata.c (userdata, its groups 2, 3, 5, 6, 7 and 15), s7comm_test.c (group 1),
 * s7comm_szl.c and s7comm_alarms.c (group 4), s7comm_names.c (errors and other names). */

#include "dissectors/dissector.h"

enum s7_rosctr { S7_JOB = 1, S7_ACK = 2, S7_ACK_DATA = 3, S7_USERDATA = 7 };

enum s7_function {
	S7_READ_VARIABLE = 0x04,
	S7_WRITE_VARIABLE = 0x05,
	S7_REQUEST_DOWNLOAD = 0x1a,
	S7_DOWNLOAD_BLOCK = 0x1b,
	S7_DOWNLOAD_ENDED = 0x1c,
	S7_START_UPLOAD = 0x1d,
	S7_UPLOAD = 0x1e,
	S7_END_UPLOAD = 0x1f,
	S7_PI_SERVICE = 0x28,
	S7_PLC_STOP = 0x29,
	S7_SETUP = 0xf0
};

/* Return code of an item, or of the data of a userdata message. */
enum {
	S7_ITEM_RESERVED = 0x00,
	S7_ITEM_DENIED = 0x03,
	S7_ITEM_NONE = 0x0a,
	S7_ITEM_UNCHANGED = 0xfe, /* since the last message with values */
	S7_ITEM_OK = 0xff
};

#define S7_FIELDS(X)                                                                               \
	X(FUNCTION_CODE, "function_code", UINT, 0, "Function code of a job")                       \
	X(REFERENCE, "pdu_reference", UINT, 0, "PDU reference, which pairs job and answer")        \
	X(ROSCTR, "rosctr", UINT, 0, "Message type that nobody described")                         \
	X(BY_SERVER, "sent_by_server", BOOL, 0,                                                    \
	  "The server of the connection sent the job, as it does to fetch a block")                \
	X(GROUP, "group", UINT, 0, "Function group of userdata")                                   \
	X(SUBFUNCTION, "subfunction", UINT, 0, "Subfunction of userdata")                          \
	X(SEQUENCE, "sequence", UINT, 0, "Sequence number of userdata: the job it belongs to")     \
	X(PART, "part", BOOL, 0, "The answer comes in parts and this is not the last one")         \
	X(CONTINUATION, "continuation", BOOL, 0, "Asks for the next part of an answer")            \
	X(ERROR_CLASS, "error_class", UINT, 0, "Error class of the answer")                        \
	X(ERROR_CODE, "error_code", UINT, 0, "Error class and code, or the error of userdata")     \
	X(ERROR, "error", STRING, FIELD_ENUM, "Name of the error")                                 \
	X(RETURN_CODE, "return_code", UINT, 0, "Return code of an item or of userdata")            \
	X(PDU_SIZE, "pdu_size", UINT, 0, "Longest PDU that the client offers")                     \
	X(JOBS_CALLING, "jobs_calling", UINT, 0, "Parallel jobs that the client offers to send")   \
	X(JOBS_CALLED, "jobs_called", UINT, 0, "Parallel jobs that the client offers to take")     \
	X(AGREED_PDU_SIZE, "agreed_pdu_size", UINT, 0, "Longest PDU that the server agrees to")    \
	X(AGREED_CALLING, "agreed_jobs_calling", UINT, 0, "Parallel jobs that the server takes")   \
	X(AGREED_CALLED, "agreed_jobs_called", UINT, 0, "Parallel jobs that the server may send")  \
	X(AREA, "area", STRING, FIELD_ENUM,                                                        \
	  "Memory area of an item: inputs, outputs, flags, db, timers...")                         \
	X(DB_NUMBER, "db_number", UINT, 0, "Data block of an item")                                \
	X(BYTE_OFFSET, "byte_offset", UINT, 0, "First byte of an item, or number of its timer")    \
	X(SYNTAX, "syntax", STRING, FIELD_ENUM, "How an item is addressed, unless by area")        \
	X(FILE_NAME, "file_name", STRING, 0, "Name of a file that is no block")                    \
	X(UPLOAD_ID, "upload_id", UINT, 0, "Number that the controller gives an upload")           \
	X(BLOCK_TYPE, "block.type", STRING, FIELD_ENUM, "ob, db, sdb, fc, sfc, fb, sfb or cmod")   \
	X(BLOCK_NUMBER, "block.number", UINT, 0, "Number of the block")                            \
	X(BLOCK_TYPES, "block.types", STRING, FIELD_LIST | FIELD_ENUM,                             \
	  "Types of all blocks named")                                                             \
	X(BLOCK_NUMBERS, "block.numbers", UINT, FIELD_LIST, "Numbers of all blocks named")         \
	X(BLOCK_FILES, "block.file_system", STRING, FIELD_ENUM,                                    \
	  "passive (copied), active (linked into the program) or both")                            \
	X(BLOCK_BYTES, "block.bytes", UINT, 0, "Bytes of the block that passed")                   \
	X(BLOCK_COMPLETE, "block.complete", BOOL, 0, "All bytes of the block were seen")           \
	X(BLOCK_SHA256, "block.sha256", STRING, 0, "SHA-256 of the block, if all of it was seen")  \
	X(BLOCK_LOAD, "block.load_length", UINT, 0, "Length in load memory that was announced")    \
	X(BLOCK_MC7, "block.code_length", UINT, 0, "Length of the MC7 code, or of the data")       \
	X(BLOCK_LOCAL, "block.local_data_length", UINT, 0, "Length of its local data")             \
	X(BLOCK_INTERFACE, "block.interface_length", UINT, 0, "Length of its interface")           \
	X(BLOCK_AUTHOR, "block.author", STRING, 0, "Author in the block's header")                 \
	X(BLOCK_FAMILY, "block.family", STRING, 0, "Family in the block's header")                 \
	X(BLOCK_NAME, "block.name", STRING, 0, "Name in the block's header")                       \
	X(BLOCK_VERSION, "block.version", STRING, 0, "Version in the block's header")              \
	X(BLOCK_LANGUAGE, "block.language", STRING, FIELD_ENUM,                                    \
	  "stl, lad, fbd, scl, db, graph...")                                                      \
	X(BLOCK_CODE_TIME, "block.code_time", TIME, 0, "When its code was last changed")           \
	X(BLOCK_FACE_TIME, "block.interface_time", TIME, 0, "When its interface was last changed") \
	X(BLOCK_CHECKSUM, "block.checksum", UINT, 0, "Checksum in the block's header")             \
	X(BLOCK_PROTECTED, "block.know_how_protected", BOOL, 0, "The block hides its code")        \
	X(BLOCK_ADDRESS, "block.code_address", UINT, 0, "Code address in the block that is meant") \
	X(PI_SERVICE, "pi.service", STRING, 0, "Name of the PI service")                           \
	X(PI_ARGUMENT, "pi.argument", STRING, 0, "Argument of the PI service")                     \
	X(PI_NAME, "pi.name", STRING, FIELD_ENUM, "What the PI service does")                      \
	X(START_TYPE, "start_type", STRING, FIELD_ENUM, "warm or cold")                            \
	X(SZL_ID, "szl.id", UINT, 0, "Number of the system status list")                           \
	X(SZL_INDEX, "szl.index", UINT, 0, "Index in the system status list")                      \
	X(SZL_NAME, "szl.name", STRING, FIELD_ENUM, "What the system status list is about")        \
	X(SZL_COUNT, "szl.count", UINT, 0, "Records of the list in the answer")                    \
	X(SZL_IDS, "szl.ids", UINT, FIELD_LIST, "Lists that the module has (list 0)")              \
	X(SZL_DATA, "szl.data", BYTES, 0, "First bytes of a list without fields of its own")       \
	X(ORDER_NUMBER, "order_number", STRING, FIELD_IDENTITY(PRODUCT_CODE),                      \
	  "Order number of the module (MLFB)")                                                     \
	X(MODULE_VERSION, "module_version", UINT, 0, "Version of the module")                      \
	X(HARDWARE_VERSION, "hardware_version", STRING, FIELD_IDENTITY(HARDWARE_VERSION),          \
	  "Version of the hardware")                                                               \
	X(FIRMWARE, "firmware_version", STRING, FIELD_IDENTITY(FIRMWARE_VERSION),                  \
	  "Version of the firmware")                                                               \
	X(BOOT_LOADER, "boot_version", STRING, FIELD_IDENTITY(BOOT_VERSION),                       \
	  "Version of the boot loader or firmware extension")                                      \
	X(SYSTEM_NAME, "system_name", STRING, FIELD_IDENTITY(DEVICE_NAME),                         \
	  "Name of the automation system")                                                         \
	X(MODULE_NAME, "module_name", STRING, FIELD_IDENTITY(MODULE_NAME), "Name of the module")   \
	X(PLANT_ID, "plant_id", STRING, FIELD_IDENTITY(PLANT_ID), "Plant designation")             \
	X(COPYRIGHT, "copyright", STRING, FIELD_IDENTITY(DESCRIPTION) | FIELD_HINT,                \
	  "Copyright entry")                                                                       \
	X(SERIAL_NUMBER, "serial_number", STRING, FIELD_IDENTITY(SERIAL_NUMBER),                   \
	  "Serial number of the module")                                                           \
	X(MODULE_TYPE, "module_type", STRING, FIELD_IDENTITY(MODEL), "Type of the module")         \
	X(MEMORY_CARD, "memory_card", STRING, FIELD_IDENTITY(MEMORY_CARD),                         \
	  "Serial number of the memory card")                                                      \
	X(MANUFACTURER, "manufacturer_id", UINT, 0, "Number of the manufacturer")                  \
	X(OEM, "oem_copyright", STRING, FIELD_IDENTITY(OWNER) | FIELD_HINT, "OEM copyright entry") \
	X(LOCATION, "location", STRING, FIELD_IDENTITY(LOCATION), "Location designation")          \
	X(MODE, "mode", STRING, FIELD_ENUM | FIELD_IDENTITY(MODE), "Operating mode of the CPU")    \
	X(PREVIOUS_MODE, "previous_mode", STRING, FIELD_ENUM, "Operating mode before it")          \
	X(KEY_POSITION, "key_position", STRING, FIELD_ENUM | FIELD_IDENTITY(KEY_POSITION),         \
	  "Position of the mode switch")                                                           \
	X(PROTECTION, "protection_level", UINT, FIELD_IDENTITY(PROTECTION_LEVEL),                  \
	  "Protection level in force: 1 none, 2 no writing, 3 no reading either")                  \
	X(PROTECTION_SET, "protection_configured", UINT, 0, "Protection level of the project")     \
	X(PROTECTION_KEY, "protection_of_switch", UINT, 0, "Protection level of the mode switch")  \
	X(CHECKSUM_HARDWARE, "checksum_hardware", UINT, 0, "Checksum of the configuration")        \
	X(CHECKSUM_PROGRAM, "checksum_program", UINT, 0, "Checksum of the user program")           \
	X(LEDS_ON, "leds_on", STRING, FIELD_LIST | FIELD_ENUM, "Lamps that are lit")               \
	X(LEDS_BLINK, "leds_blinking", STRING, FIELD_LIST | FIELD_ENUM, "Lamps that blink")        \
	X(CLOCK, "clock", TIME, 0, "Clock of the device, in its own zone")                         \
	X(EVENTS, "events", STRING, FIELD_LIST | FIELD_ENUM, "Kinds of messages subscribed to")    \
	X(STATION, "station", STRING, 0, "Name with which a station subscribes")                   \
	X(ALARM_KIND, "alarm.kind", STRING, FIELD_ENUM, "Kind of alarms subscribed or asked for")  \
	X(ALARM_STATE, "alarm.state", UINT, 0, "Signals that are on, a bit each")                  \
	X(ALARM_GONE_ACK, "alarm.acknowledged_going", UINT, 0, "Signals acknowledged as going")    \
	X(ALARM_COME_ACK, "alarm.acknowledged_coming", UINT, 0, "Signals acknowledged as coming")  \
	X(EVENT_ID, "event.id", UINT, 0, "Number of a diagnostic event or alarm")                  \
	X(EVENT_NAME, "event.name", STRING, FIELD_ENUM, "What the diagnostic event says")          \
	X(EVENT_CLASS, "event.class", STRING, FIELD_ENUM, "Class of the diagnostic event")         \
	X(EVENT_ENTERING, "event.entering", BOOL, 0, "The state begins with this event")           \
	X(EVENT_OB, "event.ob", UINT, 0, "Organization block of the event")                        \
	X(JOB_FUNCTION, "test.function", STRING, FIELD_ENUM, "Test function that a job is of")     \
	X(JOB_NUMBER, "test.job", UINT, 0, "Number of a test job")                                 \
	X(TRIGGER, "test.trigger", STRING, FIELD_ENUM, "When a test function takes effect")        \
	X(REPEAT, "test.repeat", STRING, FIELD_ENUM, "once, every_cycle or always")                \
	X(INTERVAL, "interval", UINT, 0, "Interval of cyclic data in milliseconds")                \
	X(R_ID, "r_id", UINT, 0, "R_ID of a communication block")                                  \
	X(PASSWORD, "password", STRING, FIELD_SECRET, "A password is in the message")              \
	X(PASSWORD_BYTES, "password_length", UINT, 0, "Bytes of the password field")               \
	X(DATA, "data", BYTES, 0, "First bytes of what has no fields of its own")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	S7_FIELDS(X)
#undef X
	    S7_FIELD_COUNT
};

#define PUT(id) FIELD_LOCAL(F_##id)

/* A list that ends with a NULL name. */
struct s7_name {
	uint16_t code;
	const char *name;
};

/* What is kept of a flow. */
struct s7_state {
	uint32_t download; /* key of the block that is being loaded into the controller; 0: none */
};

/* ---- a message ---- */

struct s7_message {
	uint8_t rosctr, function;
	uint16_t reference, error;
	struct cursor parameters; /* behind the function code */
	struct cursor data;
	struct cursor body;    /* parameters and data whole, to be kept */
	uint16_t length;       /* of the parameters */
	uint16_t asked_length; /* of the job's parameters, in an answer */
	enum operation operation;
	const char *wrong; /* how it contradicts itself */
};

/* Userdata: 0x12 | length | method | type and group | subfunction | sequence, and in the longer
 * form data unit reference | last data unit | error 2.  Data: return code | transport | length. */
struct s7_userdata {
	uint8_t method, type, group, subfunction, sequence, unit, more;
	bool long_form, has_data;
	uint16_t error;
	uint8_t return_code, transport;
	struct cursor data;
	enum operation operation;
	const char *wrong;
	bool whole; /* put together from parts */
};

/* ---- names (s7comm_names.c) ---- */

/* The name, or NULL. */
const char *s7_name(const struct s7_name *table, uint16_t code);
/* Of error class and code together, or of a parameter error of userdata. */
const char *s7_error_name(uint16_t code);
const char *s7_return_name(uint8_t code);
const char *s7_block_type(uint8_t type);     /* "ob", or NULL */
const char *s7_block_language(uint8_t code); /* "stl", or NULL */
const char *s7_mode_name(uint8_t mode);      /* of a mode transition */
const char *s7_event_name(uint16_t id);
const char *s7_event_class(uint16_t id);

/* 8 bytes of BCD: year, month, day, hour, minute, second, milliseconds, weekday. TIME_NONE for what
 * is no time; reads them in any case. */
int64_t s7_date_and_time(struct cursor *bytes);
/* 6 bytes: milliseconds of the day 4, days since 1984 2. */
int64_t s7_block_time(struct cursor *bytes);
/* A text without what pads it (blanks and zeros); puts nothing when nothing is left. */
void s7_put_text(struct dissection *d, uint16_t field, struct cursor text);
/* Puts nothing for TIME_NONE. */
void s7_put_time(struct dissection *d, uint16_t field, int64_t time);
void s7_put_error(struct dissection *d, uint16_t code);
bool s7_refused(uint8_t return_code);

/* ---- variables (s7comm_items.c) ---- */

#define S7_ADDRESS_MAX 64

struct s7_item {
	uint8_t syntax, type, area;
	uint16_t count, db;
	uint32_t address;     /* in bits, or a number */
	struct cursor detail; /* of other syntaxes */
};

/* One value as it is in an answer or a write: return code, transport, length, bytes. */
struct s7_value {
	uint8_t code, transport;
	struct cursor bytes;
};

/* Reads the next address of n; false at a malformed one. */
bool s7_read_item(struct cursor *items, bool last, struct s7_item *out);
bool s7_read_value(struct cursor *values, bool last, struct s7_value *out);
/* The address as an engineer writes it. */
const char *s7_item_address(const struct s7_item *item, bool written, char out[S7_ADDRESS_MAX]);
/* Puts address, area and type of an item, and its value. Either may be NULL. */
void s7_put_item(struct dissection *d, const struct s7_item *item, const struct s7_value *value,
		 bool written);
/* Return code and its name. */
void s7_put_return_code(struct dissection *d, uint8_t code);
/* Items of a subscription, or values of it, as item records. n: as the message says. */
void s7_report_items(struct dissection *d, const struct s7_message *m, struct cursor addresses,
		     struct cursor values, size_t n, enum phase phase);
/* How many of n values failed. */
size_t s7_failed_values(struct cursor values, size_t n, const char **wrong);

const char *s7_ask_variables(struct dissection *d, struct s7_message *m);
void s7_asked_write(struct dissection *d, const struct s7_message *m);
const char *s7_answer_variables(struct dissection *d, struct s7_message *m,
				const struct pending *asked, enum outcome *outcome);
void s7_answered_variables(struct dissection *d, const struct s7_message *m, struct cursor kept);

/* ---- blocks (s7comm_transfer.c) ---- */

/* "_0800001P": kind, block type, number, file system. */
struct s7_block {
	uint8_t type;
	char file_system;
	uint32_t number;
};

/* Reads type, number and file system (8 characters). */
bool s7_read_block(struct cursor *name, struct s7_block *out);
/* "OB 1" */
const char *s7_block_letters(uint8_t type); /* "OB" */
const char *s7_block_text(const struct s7_block *block, char out[24]);
void s7_put_block(struct dissection *d, const struct s7_block *block);

const char *s7_ask_transfer(struct dissection *d, struct s7_message *m);
const char *s7_answer_transfer(struct dissection *d, struct s7_message *m,
			       const struct pending *asked, enum outcome *outcome);
const char *s7_ask_pi_service(struct dissection *d, struct s7_message *m);
const char *s7_ask_stop(struct dissection *d, struct s7_message *m);

/* ---- userdata ---- */

/* How userdata is counted: type << 20 | group << 12 | subfunction. */
#define S7_NO_SUBFUNCTION 0x1ff

/* The pairing key of a message that `asker`'s side asked for. */
uint64_t s7_pairing_key(const struct s7_message *m, unsigned asker);

enum parsed s7_parse_userdata(struct dissection *d, struct s7_message *m);

/* One function of userdata. All may be NULL. ask may change u->operation. */
struct s7_service {
	const char *name;
	enum operation operation;
	const char *(*ask)(struct dissection *d, struct s7_userdata *u);
	void (*asked)(struct dissection *d, const struct s7_userdata *u, enum phase phase);
	const char *(*answer)(struct dissection *d, struct s7_userdata *u,
			      const struct pending *asked);
	void (*answered)(struct dissection *d, const struct s7_userdata *u, struct cursor kept);
	const char *(*push)(struct dissection *d, struct s7_userdata *u);
	void (*pushed)(struct dissection *d, const struct s7_userdata *u);
};

#define S7_TEST_SERVICES 0x17
#define S7_CPU_SERVICES  0x17

extern const struct s7_service s7_test_services[S7_TEST_SERVICES]; /* s7comm_test.c */
extern const struct s7_service s7_cpu_services[S7_CPU_SERVICES];   /* s7comm_alarms.c */

/* Reading a system status list (s7comm_szl.c). */
const char *s7_ask_szl(struct dissection *d, struct s7_userdata *u);
const char *s7_answer_szl(struct dissection *d, struct s7_userdata *u, const struct pending *asked);
void s7_answered_szl(struct dissection *d, const struct s7_userdata *u, struct cursor kept);
/* What reading this list is for. */
enum operation s7_szl_operation(uint16_t id);
/* One entry of the diagnostic buffer. */
#define S7_EVENT_SIZE 20
void s7_put_event(struct dissection *d, struct cursor *entry);

/* Addresses of a job that the controller reports on later, by the number it gives the job. */
void s7_remember_job(struct dissection *d, uint8_t group, uint8_t job, struct cursor addresses,
		     size_t n);
/* What was remembered; empty when nothing was. */
struct cursor s7_remembered_job(const struct dissection *d, uint8_t group, uint8_t job);
void s7_forget_job(struct dissection *d, uint8_t group, uint8_t job);
