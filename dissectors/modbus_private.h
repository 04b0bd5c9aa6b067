/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* modbus_private.h - what modbus.c (framing, pairing) and modbus_functions.c (the function codes
 * and their fields) share. */

#include "dissectors/dissector.h"

#define MODBUS_UMAS          90
#define MODBUS_EXCEPTION_BIT 0x80
#define MODBUS_EXCEPTIONS    12 /* codes 0 to 11 */

/* Lengths of the data behind the function code. */
enum modbus_shape {
	SHAPE_ANY,
	SHAPE_FIXED,    /* exactly n bytes */
	SHAPE_AT_LEAST, /* n bytes or more */
	SHAPE_COUNT8,   /* n bytes, a count, and that many bytes more */
	SHAPE_COUNT16   /* n bytes, a 16-bit count, and that many bytes more */
};

struct modbus_data_shape {
	enum modbus_shape shape;
	uint8_t n;
};

struct modbus_function {
	const char *name;
	enum operation operation;
	struct modbus_data_shape request, response;
	/* Put the fields behind the function code. May be NULL: only the raw data is kept. */
	const char *(*ask)(struct dissection *d, struct cursor *data);
	const char *(*answer)(struct dissection *d, struct cursor *data,
			      const struct pending *asked);
};

/* Fields of this protocol. */
#define MODBUS_FIELDS(X)                                                                           \
	X(TRANSACTION, "transaction_id", UINT, 0, "Transaction id of the MBAP header")             \
	X(FUNCTION_CODE, "function_code", UINT, 0, "Function code without the exception bit")      \
	X(SUBFUNCTION, "subfunction", UINT, 0, "Sub-function of diagnostics (8)")                  \
	X(SUBFUNCTION_NAME, "subfunction_name", STRING, FIELD_ENUM,                                \
	  "Name of the diagnostics sub-function")                                                  \
	X(MEI_TYPE, "mei_type", UINT, 0, "Encapsulated interface type of function 43")             \
	X(ADDRESS, "address", UINT, 0, "First coil or register, counted from 0")                   \
	X(QUANTITY, "quantity", UINT, 0, "Coils or registers asked for or written")                \
	X(WRITE_ADDRESS, "write_address", UINT, 0, "First register written by function 23")        \
	X(WRITE_QUANTITY, "write_quantity", UINT, 0, "Registers written by function 23")           \
	X(VALUES, "values", UINT, FIELD_LIST, "Values read (coils as 0 and 1)")                    \
	X(WRITTEN, "written_values", UINT, FIELD_LIST, "Values written (coils as 0 and 1)")        \
	X(AND_MASK, "and_mask", UINT, 0, "And mask of mask write (22)")                            \
	X(OR_MASK, "or_mask", UINT, 0, "Or mask of mask write (22)")                               \
	X(EXCEPTION_CODE, "exception_code", UINT, 0, "Exception code of the answer")               \
	X(EXCEPTION_NAME, "exception", STRING, FIELD_ENUM, "Name of the exception code")           \
	X(EXCEPTION_STATUS, "exception_status", UINT, 0, "Eight status outputs (7)")               \
	X(STATUS, "status", UINT, 0, "Status word: 65535 while a command is being worked on")      \
	X(EVENT_COUNT, "event_count", UINT, 0, "Comm event counter")                               \
	X(MESSAGE_COUNT, "message_count", UINT, 0, "Messages counted by the comm event log")       \
	X(EVENTS, "events", UINT, FIELD_LIST, "Comm event log, newest first")                      \
	X(FILES, "file_numbers", UINT, FIELD_LIST, "File numbers of file record functions")        \
	X(FILE_RECORDS, "file_records", UINT, FIELD_LIST, "Record numbers in these files")         \
	X(FILE_LENGTHS, "file_lengths", UINT, FIELD_LIST, "Lengths in registers")                  \
	X(SERVER_ID, "server_id", BYTES, FIELD_IDENTITY(SERVER_ID) | FIELD_HINT,                   \
	  "Identification that function 17 gives")                                                 \
	X(SERVER_TEXT, "server_text", STRING, FIELD_IDENTITY(SERVER_TEXT) | FIELD_HINT,            \
	  "Readable part of that identification")                                                  \
	X(RUN_INDICATOR, "run_indicator", BOOL, FIELD_IDENTITY(RUN_INDICATOR) | FIELD_HINT,        \
	  "Run indicator of function 17")                                                          \
	X(ID_CODE, "device_id.code", UINT, 0,                                                      \
	  "What was asked: 1 basic, 2 regular, 3 extended, 4 one")                                 \
	X(ID_CONFORMITY, "device_id.conformity", UINT, 0, "Conformity level of the device")        \
	X(ID_MORE, "device_id.more_follows", BOOL, 0, "More objects follow in another answer")     \
	X(ID_OBJECTS, "device_id.objects", UINT, FIELD_LIST, "Object ids in the answer")           \
	X(ID_VENDOR, "device_id.vendor_name", STRING, FIELD_IDENTITY(VENDOR), "Object 0")          \
	X(ID_PRODUCT_CODE, "device_id.product_code", STRING, FIELD_IDENTITY(PRODUCT_CODE),         \
	  "Object 1")                                                                              \
	X(ID_REVISION, "device_id.revision", STRING, FIELD_IDENTITY(REVISION),                     \
	  "Object 2: major and minor revision")                                                    \
	X(ID_URL, "device_id.vendor_url", STRING, FIELD_IDENTITY(VENDOR_URL), "Object 3")          \
	X(ID_PRODUCT, "device_id.product_name", STRING, FIELD_IDENTITY(PRODUCT_NAME), "Object 4")  \
	X(ID_MODEL, "device_id.model_name", STRING, FIELD_IDENTITY(MODEL), "Object 5")             \
	X(ID_APPLICATION, "device_id.application_name", STRING, FIELD_IDENTITY(APPLICATION),       \
	  "Object 6")                                                                              \
	X(ID_OTHER, "device_id.other", BYTES, 0, "First object with another id")                   \
	X(FRAMING, "framing", STRING, FIELD_ENUM, "rtu for serial frames in TCP; absent for MBAP") \
	X(FORBIDDEN, "forbidden", STRING, FIELD_ENUM,                                              \
	  "What the standard forbids in a well-formed request: quantity or value")                 \
	X(DATA, "data", BYTES, 0, "Data of a function without fields of its own")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	MODBUS_FIELDS(X)
#undef X
	    MODBUS_FIELD_COUNT
};

extern const struct field modbus_fields[MODBUS_FIELD_COUNT];

#define PUT(id) FIELD_LOCAL(F_##id)

/* By function code; a row without a name is a code that nobody described. */
extern const struct modbus_function modbus_functions[128];
/* Names of exception codes; NULL: not assigned. */
extern const char *const modbus_exceptions[MODBUS_EXCEPTIONS];

/* The length of data of this shape; false when it is not known yet, or any length is right. */
bool modbus_shape_length(struct modbus_data_shape shape, struct cursor data, size_t *length);
/* Whether data behind function `code` can be a whole request, or a whole answer. */
bool modbus_fits(uint8_t code, struct cursor data, bool response);
/* Codes that the standard describes, and UMAS. */
bool modbus_understood(uint8_t code);
/* These, codes with a name, and those that the standard leaves to users. */
bool modbus_known_code(uint8_t code);
/* What functions 8 and 43 do, by the data behind the code. */
enum operation modbus_diagnostics_operation(struct cursor data);
enum operation modbus_encapsulated_operation(struct cursor data);
