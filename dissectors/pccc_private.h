/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* pccc_private.h - what pccc.c (messages, pairing), pccc_functions.c (the codes), pccc_address.c
 * (files and addresses), pccc_values.c (items) and pccc_status.c (what a processor says about
 * itself) share. */

#include "dissectors/dissector.h"

/* ---- addresses ---- */

enum pccc_class {
	PCCC_DATA,
	PCCC_PROGRAM, /* ladder: reading it is an upload, writing a download */
	PCCC_EDIT,
	PCCC_FORCE,
	PCCC_CONFIG,
	PCCC_CLOCK,
};

enum pccc_form {
	PCCC_NO_FORM,
	PCCC_INTEGER, /* 16 bits with sign */
	PCCC_WORD,    /* 16 bits without */
	PCCC_LONG,    /* 32 bits with sign */
	PCCC_FLOAT,
	PCCC_BCD,
	PCCC_TRIPLE, /* control word and two integers: timer, counter, control */
	PCCC_STRING, /* length word and 82 characters */
	PCCC_CHARS,  /* two characters a word */
	PCCC_BYTES,  /* what has no values of its own */
};

struct pccc_file {
	const char *letter; /* N, T, ST...; NULL: no such file type is known */
	const char *name;
	enum pccc_form form;
	enum pccc_class class;
	const char *second, *third; /* words 1 and 2 of a triple: PRE, ACC */
};

enum pccc_address_kind {
	PCCC_NO_ADDRESS,
	PCCC_LOGICAL,  /* SLC: file type, file, element, maybe sub-element */
	PCCC_LEVELS,   /* PLC-5 and PLC-3: levels by a mask */
	PCCC_TEXT,     /* logical ASCII or a symbol */
	PCCC_PHYSICAL, /* 32 bits */
	PCCC_BASIC,    /* byte address of the basic commands */
};

#define PCCC_LEVELS_MAX   7
#define PCCC_ADDRESS_TEXT 96

struct pccc_address {
	enum pccc_address_kind kind;
	uint8_t file_type; /* LOGICAL; LEVELS: of the default file, or by the type of the data */
	uint8_t n_levels;
	bool has_sub;
	uint16_t file, element, sub;
	uint16_t level[PCCC_LEVELS_MAX];
	uint32_t physical;
	struct cursor text;
};

/* By file type; unknown ones have no letter. */
const struct pccc_file *pccc_file(uint8_t type);
/* File type of the PLC-5's data type id, or 0. */
uint8_t pccc_file_of_data_type(uint32_t type);

/* Read an address and consume it. NULL, or how it contradicts the standard. */
const char *pccc_read_logical(struct cursor *data, struct pccc_address *address, bool with_sub);
const char *pccc_read_system(struct cursor *data, struct pccc_address *address);
/* As an engineer writes it, `offset` elements or words further: N7:0, T4:1.ACC, B3:0/5. member
 * may be NULL; bit: -1 for none. */
void pccc_address_text(const struct pccc_address *address, unsigned offset, const char *member,
		       int bit, char out[PCCC_ADDRESS_TEXT]);

/* ---- requests ---- */

enum pccc_has {
	PCCC_HAS_SIZE = 1,
	PCCC_HAS_OFFSET = 2,
	PCCC_HAS_TOTAL = 4,
	PCCC_HAS_TAG = 8,
	PCCC_HAS_MASK = 16,   /* one mask: bits that are written */
	PCCC_HAS_AND_OR = 32, /* bits that stay, and bits that are set */
	PCCC_HAS_MODE = 64,
	PCCC_HAS_VALUES = 128, /* what is written */
	PCCC_HAS_ELEMENTS = 256,
	PCCC_HAS_ACCESS = 512,
	PCCC_HAS_COMMANDS = 1024,
	PCCC_HAS_LIST = 2048, /* addresses of a list */
};

struct pccc_request {
	unsigned has;
	struct pccc_address address;
	uint32_t size; /* bytes */
	uint32_t offset, total, elements;
	uint16_t tag, mask, and_mask, or_mask;
	uint8_t mode, access;
	uint32_t data_type, data_size; /* PLC-5: of each element; 0: not told */
	struct cursor values;
	struct cursor more; /* what is repeated: commands, further addresses with their masks */
};

/* What the answer's data is. */
enum pccc_reply {
	PCCC_REPLY_NONE,   /* nothing */
	PCCC_REPLY_DATA,   /* bytes without a layout of their own */
	PCCC_REPLY_VALUES, /* of the request's address */
	PCCC_REPLY_TYPED,  /* a type/data parameter, and values */
	PCCC_REPLY_STATUS, /* diagnostic status */
	PCCC_REPLY_TAG,    /* of an opened file */
	PCCC_REPLY_BLOCK,  /* bytes of a program */
};

/* What the function does to a program that is on its way. */
enum pccc_step {
	PCCC_STEP_NONE,
	PCCC_STEP_BEGIN, /* by its operation */
	PCCC_STEP_IN,    /* the request's values go into the controller */
	PCCC_STEP_OUT,   /* the answer's data come out of it */
	PCCC_STEP_END,
};

struct pccc_function {
	const char *name; /* NULL: nobody described it */
	enum operation operation;
	/* Reads what stands behind the code; NULL: nothing does. */
	const char *(*read)(struct cursor *data, struct pccc_request *out);
	enum pccc_reply reply;
	enum pccc_step step;
};

#define PCCC_ANSWER   0x40
#define PCCC_EXTENDED 0xf0 /* status: see the extended status */

struct pccc_code {
	uint8_t command, function;
	bool has_function;
};

bool pccc_has_function(uint8_t command);
/* Never NULL. */
const struct pccc_function *pccc_function(struct pccc_code code);
/* What the function does to that address. */
enum operation pccc_operation(const struct pccc_function *function,
			      const struct pccc_request *request);
const char *pccc_mode_name(struct pccc_code code, uint8_t mode);

/* ---- fields ---- */

#define PCCC_FIELDS(X)                                                                            \
	X(COMMAND, "command", UINT, 0, "Command code, without the bit of answers")                \
	X(FUNCTION_CODE, "function_code", UINT, 0, "Function code, where the command has one")    \
	X(TRANSACTION, "transaction_id", UINT, 0, "Transaction number (TNS)")                     \
	X(VENDOR, "requestor.vendor_id", UINT, 0, "CIP vendor of the requestor")                  \
	X(SERIAL, "requestor.serial_number", UINT, 0, "Serial number of the requestor")           \
	X(STATUS, "status", STRING, FIELD_ENUM, "Status of the answer (STS)")                     \
	X(STATUS_CODE, "status_code", UINT, 0, "The same as a number")                            \
	X(EXTENDED, "extended_status", STRING, FIELD_ENUM, "Extended status of the answer")       \
	X(EXTENDED_CODE, "extended_status_code", UINT, 0, "The same as a number")                 \
	X(CARRIER, "carrier_status", UINT, 0, "CIP status of an answer without one of PCCC")      \
	X(FILE_TYPE, "file_type", UINT, 0, "Type of the file addressed")                          \
	X(FILE_TYPE_NAME, "file_type_name", STRING, FIELD_ENUM, "Name of that type")              \
	X(FILE, "file_number", UINT, 0, "Number of the file addressed")                           \
	X(ELEMENT, "element", UINT, 0, "Element in that file")                                    \
	X(SUB, "subelement", UINT, 0, "Sub-element of that element")                              \
	X(PHYSICAL, "physical_address", UINT, 0, "Address in the processor's memory")             \
	X(SIZE, "bytes", UINT, 0, "Bytes asked for or written")                                   \
	X(OFFSET, "packet_offset", UINT, 0,                                                       \
	  "Elements that earlier messages of a transfer had, or "                                 \
	  "offset in a file")                                                                     \
	X(TOTAL, "total", UINT, 0, "Elements of the whole transfer")                              \
	X(TAG, "tag", UINT, 0, "Handle of an open file")                                          \
	X(MASK, "mask", UINT, 0, "Bits that are written")                                         \
	X(AND_MASK, "and_mask", UINT, 0, "Bits that stay as they are")                            \
	X(OR_MASK, "or_mask", UINT, 0, "Bits that are set")                                       \
	X(MODE_CODE, "mode_code", UINT, 0, "Mode asked for, as a number")                         \
	X(MODE, "mode", STRING, FIELD_ENUM, "Mode asked for: program, run, test...")              \
	X(ACCESS, "access", STRING, FIELD_ENUM, "How a file is opened: read or read_write")       \
	X(COMMANDS, "functions", UINT, FIELD_LIST, "Function codes of a list of commands")        \
	X(ADDRESSES, "addresses", UINT, FIELD_LIST, "Addresses of a list read")                   \
	X(TRANSFER_BYTES, "transfer.bytes", UINT, 0, "Bytes of the program that passed")          \
	X(TRANSFER_BLOCKS, "transfer.blocks", UINT, 0, "Messages that they came in")              \
	X(TRANSFER_DIGEST, "transfer.sha256", STRING, 0, "SHA-256 of these bytes")                \
	X(MAKER, "vendor", STRING, FIELD_IDENTITY(VENDOR), "Who makes processors that answer so") \
	X(PROCESSOR, "processor", STRING, FIELD_IDENTITY(PRODUCT_CODE),                           \
	  "Catalogue number or name of the processor")                                            \
	X(PROCESSOR_TYPE, "processor_type", UINT, 0, "Processor type code")                       \
	X(INTERFACE_TYPE, "interface_type", UINT, 0, "Interface type code")                       \
	X(FAMILY, "family", STRING, FIELD_IDENTITY(MODEL), "Family of the processor")             \
	X(REVISION, "revision", STRING, FIELD_IDENTITY(REVISION),                                 \
	  "Series letter, and firmware release number or revision letter")                        \
	X(RUNS, "processor_mode", STRING, FIELD_ENUM | FIELD_IDENTITY(MODE),                      \
	  "Mode of the processor")                                                                \
	X(KEY, "key_position", STRING, FIELD_ENUM | FIELD_IDENTITY(KEY_POSITION),                 \
	  "Key switch: remote, program or run")                                                   \
	X(FLAGS, "processor_flags", STRING, FIELD_LIST | FIELD_ENUM,                              \
	  "What else its status says: forces, faults, edits, protection")                         \
	X(ERROR, "major_error", UINT, 0, "Major error word")                                      \
	X(PROGRAM_ID, "program_id", UINT, 0, "Id of the program: changes with it")                \
	X(MEMORY, "memory_bytes", UINT, 0, "Size of its memory")                                  \
	X(OWNER, "program_owner", UINT, 0, "Node that owns the program")                          \
	X(NODE, "node", UINT, 0, "Its node on Data Highway Plus")                                 \
	X(DATA_FILES, "data_files", UINT, 0, "Data table files")                                  \
	X(PROGRAM_FILES, "program_files", UINT, 0, "Program files")                               \
	X(DATA, "data", BYTES, 0, "Data without fields of its own")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	PCCC_FIELDS(X)
#undef X
	    PCCC_FIELD_COUNT
};

extern const struct field pccc_fields[PCCC_FIELD_COUNT];

#define PUT(id) FIELD_LOCAL(F_##id)

/* Puts what a request says. */
void pccc_put_request(struct dissection *d, struct pccc_code code,
		      const struct pccc_request *request);
/* How many items these values are, and their records. */
size_t pccc_count_items(const struct pccc_request *request, struct cursor values);
void pccc_put_items(struct dissection *d, const struct pccc_request *request, struct cursor values,
		    enum operation operation, enum phase phase, enum outcome outcome);
/* A type/data parameter (1770-6.5.16, 7-28): leaves the elements' bytes in data. */
const char *pccc_read_type(struct cursor *data, struct pccc_request *out);

const char *pccc_status_name(uint8_t status);
const char *pccc_extended_name(uint8_t code);
/* Puts the fields of a diagnostic status. */
const char *pccc_put_status(struct dissection *d, struct cursor data);
