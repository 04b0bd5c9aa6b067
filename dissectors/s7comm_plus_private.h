/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* s7comm_plus_private.h - what the files of S7comm-plus share:
 * s7comm_plus.c (header, parts of a message, pairing), s7comm_plus_functions.c (the functions),
 * s7comm_plus_items.c (variables, notifications), s7comm_plus_objects.c (trees of objects, program
 * blocks), s7comm_plus_values.c (how values are written), s7comm_plus_names.c (numbers and their
 * meaning), s7comm_plus_tls.c (TLS instead). */

#include "capture/base/digest.h"
#include "dissectors/dissector.h"

enum s7p_opcode {
	S7P_RESPONSE2 = 0x02, /* of old S7-1200 to what needs no answer */
	S7P_REQUEST = 0x31,
	S7P_RESPONSE = 0x32,
	S7P_NOTIFICATION = 0x33
};

enum s7p_code {
	S7P_EXPLORE = 0x04bb,
	S7P_CREATE_OBJECT = 0x04ca,
	S7P_SET_MULTI_VARIABLES = 0x0542,
	S7P_GET_MULTI_VARIABLES = 0x054c,
};

/* Counted as userdata. */
enum s7p_userdata {
	S7P_COUNT_NOTIFICATION = 1,
	S7P_COUNT_SYSTEM_EVENT,
	S7P_COUNT_KEEP_ALIVE,
	S7P_COUNT_UNKNOWN
};

#define S7P_FIELDS(X)                                                                             \
	X(VERSION, "version", UINT, 0, "Protocol version of the header")                          \
	X(OPCODE, "opcode", UINT, 0, "Opcode of a message that is none of the known ones")        \
	X(FUNCTION_CODE, "function_code", UINT, 0, "Function code")                               \
	X(SEQUENCE, "sequence", UINT, 0, "Sequence number, the same in request and answer")       \
	X(SESSION, "session_id", UINT, 0, "Session of the request")                               \
	X(INTEGRITY, "integrity", BOOL, 0, "The message carries a digest that protects it")       \
	X(FRAGMENTED, "fragmented", BOOL, 0, "The message came in several parts")                 \
	X(OBJECT, "object_id", UINT, 0, "Object that the request is about")                       \
	X(OBJECT_NAME, "object", STRING, 0, "Name of that object")                                \
	X(CLASS, "class_id", UINT, 0, "Class of the object that is created")                      \
	X(CLASS_NAME, "class", STRING, FIELD_ENUM, "Name of that class")                          \
	X(ATTRIBUTE, "attribute_id", UINT, FIELD_LIST, "Attributes of the object")                \
	X(ATTRIBUTE_NAME, "attribute", STRING, FIELD_ENUM, "Name of the first of them")           \
	X(RECURSIVE, "recursive", BOOL, 0, "What lies below the object is explored too")          \
	X(METHOD, "method_id", UINT, 0, "Method that is invoked")                                 \
	X(CREATED, "created_ids", UINT, FIELD_LIST, "Ids of the objects that were created")       \
	X(RETURN_VALUE, "return_value", UINT, 0, "Return value of the answer, if not 0")          \
	X(ERROR_CODE, "error_code", INT, 0, "Code in it; what is negative is an error")           \
	X(ERROR, "error", STRING, FIELD_ENUM, "General kind of the error")                        \
	X(VALUE, "value", DOUBLE, 0, "Value that was set or got, if one number")                  \
	X(TIME, "time", TIME, 0, "Value that was set or got, if a time")                          \
	X(TEXT, "text", STRING, 0, "Value that was set or got, if a text")                        \
	X(SECRET_BYTES, "secret_bytes", UINT, FIELD_SECRET,                                       \
	  "Length of a key, challenge or password")                                               \
	X(PRODUCT, "product", STRING, 0, "Version of the device, as it names itself")             \
	X(VENDOR, "vendor", STRING, FIELD_IDENTITY(VENDOR), "Vendor of such order numbers")       \
	X(ORDER_NUMBER, "order_number", STRING, FIELD_IDENTITY(PRODUCT_CODE), "Order number")     \
	X(FAMILY, "family", STRING, FIELD_IDENTITY(MODEL), "Family of such order numbers")        \
	X(FIRMWARE, "firmware", STRING, FIELD_IDENTITY(FIRMWARE_VERSION), "Firmware version")     \
	X(HARDWARE, "hardware", UINT, FIELD_IDENTITY(HARDWARE_VERSION), "Hardware version")       \
	X(SERIAL, "serial_number", STRING, FIELD_IDENTITY(SERIAL_NUMBER), "Serial number")        \
	X(MODULE_ORDER_NUMBER, "module.order_number", STRING, 0,                                  \
	  "Order number of a module of the station")                                              \
	X(MODULE_SERIAL, "module.serial_number", STRING, 0, "Its serial number")                  \
	X(MODULE_FIRMWARE, "module.firmware", STRING, 0, "Its firmware version")                  \
	X(MODE, "mode", STRING, FIELD_ENUM | FIELD_IDENTITY(MODE), "Operating state of the CPU")  \
	X(PROTECTION, "protection_level", UINT, FIELD_IDENTITY(PROTECTION_LEVEL),                 \
	  "Protection level of the CPU or the session: 1 is full access")                         \
	X(HOST, "client.host", STRING, 0, "Name of the client's station")                         \
	X(USER, "client.user", STRING, 0, "User that the client names")                           \
	X(APPLICATION, "client.application", STRING, 0, "Program that the client names")          \
	X(COMMENT, "client.comment", STRING, 0, "Comment of the client")                          \
	X(CLIENT_ID, "client.id", STRING, 0, "Address and adapter that the client names")         \
	X(SYMBOL_CRC, "symbol_crc", UINT, 0, "Checksum of the symbol that a variable is read by") \
	X(SUBSCRIPTION, "subscription_id", UINT, 0, "Subscription that a notification is for")    \
	X(NOTIFICATION, "notification", UINT, 0, "Number of the notification")                    \
	X(CONFIRMED_BYTES, "confirmed_bytes", UINT, 0, "Bytes that a system event confirms")      \
	X(BLOCK_NAME, "block.name", STRING, 0, "Name of the program block")                       \
	X(BLOCK_LANGUAGE, "block.language", STRING, FIELD_ENUM, "Language that it is written in") \
	X(BLOCK_MODIFIED, "block.modified", TIME, 0, "Its last change")                           \
	X(BLOCK_BYTES, "block.load_memory_bytes", UINT, 0, "Load memory that it takes")           \
	X(BLOCK_SHA256, "block.sha256", STRING, 0,                                                \
	  "Hash of its code, or of a data block's initial values")                                \
	X(TLS_VERSION, "tls.version", STRING, FIELD_ENUM,                                         \
	  "Version of TLS that was agreed or offered")                                            \
	X(TLS_SERVER_NAME, "tls.server_name", STRING, 0, "Server name that the client asks for")  \
	X(TLS_CIPHER, "tls.cipher", UINT, 0, "Cipher suite that the server chose")                \
	X(TLS_ALERT, "tls.alert", UINT, 0, "Alert that ended the handshake")                      \
	X(DATA, "data", BYTES, 0, "First bytes of a function without fields of its own")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	S7P_FIELDS(X)
#undef X
	    S7P_FIELD_COUNT
};

#define PUT(id) FIELD_LOCAL(F_##id)

/* One message, its header read. */
struct s7p_message {
	uint8_t version, opcode, flags;
	bool integrity;
	bool fragmented;
	bool last; /* all of it is there */
	uint16_t function, sequence;
	uint32_t session;
};

/* Of a flow. */
struct s7p_side {
	bool under_way; /* parts of a message were gathered */
	bool walking;   /* and are read as they come: see s7p_walk */
	bool deaf;      /* what comes is the end of a message whose start was not seen */
	bool tls;
	uint8_t parts;        /* key of the parts: 0 or 1 */
	uint32_t record_left; /* bytes of the TLS record under way */
};

struct s7p_state {
	struct s7p_side side[2];
	uint32_t file_manager; /* object that accesses files, once it was created */
	bool tls_told;         /* that what is said is encrypted */
};

/* ---- values: s7comm_plus_values.c ---- */

/* Numbers of variable length, most significant bits first, seven a byte. */
uint32_t s7p_vlq32(struct cursor *bytes);
uint64_t s7p_vlq64(struct cursor *bytes);
int64_t s7p_signed_vlq(struct cursor *bytes, bool wide);

enum s7p_event {
	S7P_MORE,   /* the next token is not there as a whole: nothing was consumed */
	S7P_END,    /* the value or tree has ended */
	S7P_BAD,    /* nothing that is known */
	S7P_PASSED, /* something was passed over */
	S7P_OBJECT, /* an object begins: see object, class */
	S7P_OBJECT_END,
	S7P_ATTRIBUTE /* an attribute of the innermost object: its value comes next */
};

#define S7P_DEPTH 20

/* Passes over values and objects nested in each other, in as many parts as they come. */
struct s7p_pass {
	uint8_t depth;
	uint32_t skip; /* bytes of a text, blob or list to pass over first */
	uint32_t object, class, attribute;
	struct {
		uint8_t kind, type;
		uint32_t left;
	} level[S7P_DEPTH];
};

void s7p_pass_value(struct s7p_pass *pass);   /* begins at a value's flags */
void s7p_pass_objects(struct s7p_pass *pass); /* begins at a list of objects */
enum s7p_event s7p_pass_step(struct s7p_pass *pass, struct cursor *bytes);

/* A value: flags and type, how many elements it has, and the bytes behind these. */
struct s7p_value {
	uint8_t type;
	bool array, sparse;
	uint32_t count;
	struct cursor raw;
};

/* False, with *bytes bad, when it is not there as a whole or unknown. */
bool s7p_value_read(struct cursor *bytes, struct s7p_value *out);
const char *s7p_type_name(uint8_t type);
/* Its numbers, at most max of them; 0 when it holds none. */
size_t s7p_value_numbers(const struct s7p_value *value, double *out, size_t max);
/* A text, a blob, or an array of bytes; empty when it is none. */
struct cursor s7p_value_text(const struct s7p_value *value);
struct cursor s7p_value_bytes(const struct s7p_value *value);
/* A whole number that is not negative; 0 when it is none. */
uint64_t s7p_value_natural(const struct s7p_value *value);
/* The member of a structure with this id; false when there is none. */
bool s7p_value_member(const struct s7p_value *value, uint32_t id, struct s7p_value *out);

/* ---- names: s7comm_plus_names.c ---- */

enum {
	S7P_CPU = 48,
	S7P_CPU_PROXY = 49,
	S7P_CPU_COMMON = 50,
	S7P_CPU_EXEC_UNIT = 52,
	S7P_NAME = 233,
	S7P_SESSION_VERSION = 306,
	S7P_SESSION_VERSION_TEXT = 319,
	S7P_REFERENCE_LIST = 1048,
	S7P_EFFECTIVE_PROTECTION = 1842,
	S7P_OPERATING_STATE_REQUEST = 2167,
	S7P_DIAGNOSTIC_STATE = 2237,
	S7P_DB_VALUE = 2550,
	S7P_MODIFYING_JOB = 2691,
	S7P_PROTECTION = 3451,
	S7P_OPERATING_STATE = 3486,
	S7P_AREA_VALUE = 3736,
	S7P_IM0 = 3753,
};

struct s7p_attribute {
	uint16_t id;
	const char *name;
	enum operation set, get; /* OPERATION_UNKNOWN: as the function says */
	bool secret;
	bool content; /* the code or data of a block */
};

struct s7p_class {
	uint16_t id;
	const char *name;
	enum operation create;
	const char *block; /* "OB", "DB"...: a program block, written so with its number */
};

/* NULL: not known. */
const char *s7p_function_name(uint16_t code);
const struct s7p_attribute *s7p_attribute(uint32_t id);
const struct s7p_class *s7p_class(uint32_t id);
const char *s7p_object(uint32_t id);
const char *s7p_language(uint32_t code);
const char *s7p_error(uint64_t return_value);
const char *s7p_mode(uint64_t operating_state);
/* "DB", "OB"... of an object that is a program block by its id, or NULL. */
const char *s7p_block_of(uint32_t object);
/* Objects that the client makes for a while: sessions; subscriptions and jobs. */
bool s7p_is_session(uint32_t object);
bool s7p_is_transient(uint32_t object);
/* "cpu_exec_unit", "DB 5" (gap: a space between), "object 0x8a110001". */
size_t s7p_object_text(uint32_t object, bool gap, char *out, size_t size);

/* A text that grows to what there is room for. */
struct s7p_text {
	char *out;
	size_t n, size;
};

void s7p_say(struct s7p_text *text, const char *word);
void s7p_say_number(struct s7p_text *text, uint32_t number);

/* ---- objects: s7comm_plus_objects.c ---- */

/* A tree of objects as it passes, from which the program blocks are told. */
struct s7p_walk {
	struct s7p_pass pass;
	uint64_t record; /* the transaction whose items the blocks are */
	uint32_t items;
	uint8_t operation, phase;
	bool failed;
	uint32_t wanted; /* attribute whose value comes next and is read */
	uint8_t hashing; /* depth of the value that is hashed, or 0 */
	uint8_t block;   /* depth of the block under way, or 0 */
	struct {
		uint32_t object, class, number, language, bytes;
		uint64_t modified;
		uint8_t name_length;
		char name[80];
		struct digest digest;
	} of;
};

void s7p_walk_begin(struct s7p_walk *walk, enum operation operation, enum phase phase);
/* Reads on. Leaves in *bytes what needs more; false when the tree has ended. */
bool s7p_walk_on(struct dissection *d, struct s7p_walk *walk, struct cursor *bytes);

/* The object at the start of a tree. */
struct s7p_first {
	uint32_t object, class;
	struct cursor name;
	struct cursor attributes; /* from its first attribute on */
};

bool s7p_first_object(struct cursor tree, struct s7p_first *out);
/* The value of an attribute among those at the start; false when it is not there. */
bool s7p_attribute_of(struct cursor attributes, uint32_t id, struct s7p_value *out);

/* ---- items: s7comm_plus_items.c ---- */

/* The address of a variable. */
struct s7p_address {
	uint32_t crc, area, sub, n_ids;
	struct cursor ids;
};

bool s7p_address_read(struct cursor *bytes, struct s7p_address *out);
size_t s7p_address_text(const struct s7p_address *address, char *out, size_t size);
/* Puts type and value of an item that is open. */
void s7p_put_item_value(struct dissection *d, const struct s7p_value *value);
void s7p_put_mode(struct dissection *d, uint64_t operating_state);
/* What setting this does; `value` may be NULL. */
enum operation s7p_set_operation(uint32_t attribute, const struct s7p_value *value);

/* Of what one request sets, whether `one` is rather what it does. */
bool s7p_weighs_more(enum operation one, enum operation other);

enum operation s7p_ask_set_multi(struct dissection *d, const struct s7p_message *m,
				 struct cursor *data);
void s7p_ask_set_multi_items(struct dissection *d, enum operation operation, struct cursor data,
			     enum phase phase, struct cursor answer);
enum operation s7p_ask_get_multi(struct dissection *d, const struct s7p_message *m,
				 struct cursor *data);
enum parsed s7p_notification(struct dissection *d, const struct s7p_message *m, struct cursor data);
/* Counts items of an answer and those that failed. */
void s7p_count_get_multi(struct cursor answer, size_t *n, size_t *failed);
void s7p_answer_get_multi_items(struct dissection *d, enum operation operation, struct cursor asked,
				struct cursor answer);
size_t s7p_count_errors(struct cursor list);
/* The subscribed variables. */
void s7p_subscription_items(struct dissection *d, const struct s7p_value *list);

/* ---- functions: s7comm_plus_functions.c ---- */

void s7p_put_head(struct dissection *d, const struct s7p_message *m);
enum parsed s7p_request(struct dissection *d, const struct s7p_message *m, struct cursor *data,
			struct s7p_walk *walk);
enum parsed s7p_response(struct dissection *d, const struct s7p_message *m, struct cursor *data,
			 struct s7p_walk *walk);
/* Whether this message is read as its parts come. */
bool s7p_is_tree(const struct s7p_message *m);

/* ---- TLS: s7comm_plus_tls.c ---- */

enum parsed s7p_tls(struct dissection *d, struct cursor bytes);
