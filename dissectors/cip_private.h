/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_private.h - what cip.c (requests and answers), cip_common.c (services that all objects have)
 * and cip_objects_*.c (objects: their services and attributes as rows) share. */

#include "dissectors/cip_names.h"
#include "dissectors/cip_object_fields.h"
#include "dissectors/cip_path.h"
#include "dissectors/dissector.h"

#define CIP_REPLY 0x80

enum {
	CIP_CLASS_IDENTITY = 0x01,
	CIP_CLASS_MESSAGE_ROUTER = 0x02,
	CIP_CLASS_ASSEMBLY = 0x04,
	CIP_CLASS_CONNECTION_MANAGER = 0x06,
	CIP_CLASS_PCCC = 0x67,
	CIP_CLASS_SYMBOL = 0x6b,
};

enum {
	CIP_GET_ALL = 0x01,
	CIP_SET_ALL = 0x02,
	CIP_GET_LIST = 0x03,
	CIP_SET_LIST = 0x04,
	CIP_MULTIPLE = 0x0a,
	CIP_GET_SINGLE = 0x0e,
	CIP_SET_SINGLE = 0x10,
	CIP_COMMON_SERVICES = 0x1d, /* 0x01 to 0x1c */
	CIP_SIGNED = 0x36,          /* of the Logix message router */
	CIP_AUDITED = 0x37,
	CIP_EXECUTE_PCCC = 0x4b,
	CIP_UNCONNECTED_SEND = 0x52,
};

enum { CIP_SUCCESS = 0, CIP_PARTIAL = 6 };

struct cip_object;

/* One service request, for its decoders; also beside its answer, when what is not kept is empty. */
struct cip_request {
	uint8_t service;
	bool item;   /* one of several in a Multiple Service Packet: an item record is open */
	bool routed; /* it goes to a module, whose number is in the record */
	const struct cip_object *object; /* never NULL */
	unsigned parts;                  /* enum cip_path_parts */
	uint32_t class, outer_class;     /* the last class, and the first if there are more */
	uint32_t instance, attribute;    /* 0 when not in the path: ask parts */
	const struct cip_path *path;     /* NULL beside an answer unless `keep` */
	struct cursor data;              /* behind the path; beside an answer only with `keep` */
};

struct cip_reply {
	uint8_t service;    /* that answers: a router answers for itself with Unconnected Send */
	uint8_t status;     /* general status */
	uint8_t n_extended; /* words of extended status; the first is in extended */
	uint16_t extended;
	bool whole;   /* up to its status */
	bool success; /* status is success or partial transfer: data is the service's answer */
};

/* A service of an object: a row. Decoders put fields into the open record, consume what they read
 * of *data and return what contradicts the specification, or NULL. What they leave is put as data.
 * Within an item record they put the same fields. */
struct cip_service {
	uint8_t code;
	bool keep; /* the answer's decoder needs path and data of the request */
	const char *name;
	enum operation operation;
	const char *(*ask)(struct dissection *d, const struct cip_request *request,
			   struct cursor *data);
	const char *(*answer)(struct dissection *d, const struct cip_request *request,
			      const struct cip_reply *reply, struct cursor *data);
	/* With `keep`: whether this answer can be read without the request. May be NULL: none can.
	 */
	bool (*alone)(const struct cip_reply *reply, struct cursor data);
	/* The operation, when it depends on more than the service. May be NULL. */
	enum operation (*refine)(const struct cip_request *request);
	/* Item records of a message that has several items: behind transaction_ask() when the
	 * operation is reported at once, and behind transaction_done(). Not called for a service
	 * inside a Multiple Service Packet. May be NULL. */
	void (*items)(struct dissection *d, const struct cip_request *request,
		      const struct cip_reply *reply, struct cursor data, enum phase phase);
};

/* How the value of an attribute is read (CIP Volume 1, appendix C-5). */
enum cip_type {
	CIP_REST, /* whatever is there */
	CIP_BOOL,
	CIP_USINT,
	CIP_UINT,
	CIP_UDINT,
	CIP_ULINT,
	CIP_SINT,
	CIP_INT,
	CIP_DINT,
	CIP_LINT,
	CIP_REAL,
	CIP_LREAL,
	CIP_SHORT_STRING, /* length 1, characters */
	CIP_STRING,       /* length 2, characters */
	CIP_EPATH,        /* words 2, segments */
};

#define CIP_NO_FIELD UINT16_MAX /* its value goes into the core item fields */

/* An attribute of an object's instances: a row. */
struct cip_attribute {
	uint16_t id;
	const char *name;
	enum cip_type type;
	uint16_t field; /* PUT(...) or CIP_NO_FIELD */
	/* Reads the value instead; consumes exactly it. May be NULL. */
	const char *(*put)(struct dissection *d, struct cursor *value);
	/* What a request that sets it does; OPERATION_UNKNOWN: as the object says. */
	enum operation set;
};

/* An object class: a row of cip_objects.c. */
struct cip_object {
	uint32_t class;
	const char *name;
	const struct cip_service *services; /* beside the common ones, which they come before */
	size_t n_services;
	const struct cip_attribute *attributes;
	size_t n_attributes;
	const uint16_t *all; /* attributes of an instance in the order of Get_Attributes_All */
	size_t n_all;
	enum operation get, set; /* of the common services; UNKNOWN: read and write */
};

/* By class; one without rows for classes that nobody described. `symbolic`: the path is a tag. */
const struct cip_object *cip_object_of(uint32_t class, bool symbolic);
/* NULL: unknown to the object and not a common service. */
const struct cip_service *cip_service_of(const struct cip_object *object, uint8_t code);
const struct cip_attribute *cip_attribute_of(const struct cip_object *object, uint32_t id);
enum operation cip_operation_of(const struct cip_service *service,
				const struct cip_request *request);
/* "identity": of the object, or of the class if it has no rows; NULL: unknown. */
const char *cip_object_name(const struct cip_object *object, uint32_t class);

/* ---- what decoders use (cip_common.c) ---- */

/* Reads one value and puts it into this field, or into the core item fields. Returns what is wrong.
 */
const char *cip_put_value(struct dissection *d, enum cip_type type, uint16_t field,
			  struct cursor *value);
const char *cip_put_attribute(struct dissection *d, const struct cip_attribute *attribute,
			      struct cursor *value);

extern const struct cip_service cip_common_services[CIP_COMMON_SERVICES];

/* ---- objects ---- */

extern const struct cip_object cip_object_connection_manager, cip_object_message_router;

/* STRINGI (Volume 1, C-5): strings in several languages; the first is kept. */
const char *cip_put_international(struct dissection *d, uint16_t field, struct cursor *value);
/* Name of an elementary type of tags, or of a structure; NULL: unknown. */
const char *cip_tag_type_name(uint16_t code);

extern const struct cip_object cip_object_assembly, cip_object_parameter, cip_object_pccc;
extern const struct cip_object cip_object_identity, cip_object_file, cip_object_flash;
extern const struct cip_object cip_object_tcpip, cip_object_ethernet_link, cip_object_port;
extern const struct cip_object cip_object_time_sync, cip_object_wall_clock;
extern const struct cip_object cip_object_safety_supervisor, cip_object_safety_validator;
extern const struct cip_object cip_object_cip_security, cip_object_enip_security;
extern const struct cip_object cip_object_certificates;
extern const struct cip_object cip_object_symbol, cip_object_template;
extern const struct cip_object cip_object_program, cip_object_map, cip_object_data;
extern const struct cip_object cip_object_routine, cip_object_message_part, cip_object_task;
extern const struct cip_object cip_object_module, cip_object_memory, cip_object_semaphore;
extern const struct cip_object cip_object_changes, cip_object_controller;
extern const struct cip_object cip_object_program_name;

#define CIP_PARTS 9
extern const struct cip_object cip_object_parts[CIP_PARTS];

/* ---- fields ---- */

#define CIP_MESSAGE_FIELDS(X)                                                                     \
	X(SERVICE, "service", UINT, 0, "Service without the reply bit")                           \
	X(CLASS, "class", UINT, 0, "Class of the object asked (the last in the path)")            \
	X(CLASS_NAME, "class_name", STRING, FIELD_ENUM, "Name of that class")                     \
	X(OUTER_CLASS, "outer_class", UINT, 0, "First class of a path that has several")          \
	X(INSTANCE, "instance", UINT, 0, "Instance of the object asked; 0 is the class itself")   \
	X(ATTRIBUTE, "attribute", UINT, 0, "Attribute asked for in the path")                     \
	X(ATTRIBUTE_NAME, "attribute_name", STRING, FIELD_ENUM, "Name of that attribute")         \
	X(ATTRIBUTES, "attributes", UINT, FIELD_LIST, "Attributes of an attribute list")          \
	X(ATTRIBUTE_STATUS, "attribute_status", UINT, FIELD_LIST,                                 \
	  "Status of each attribute of a list")                                                   \
	X(SYMBOL, "symbol", BOOL, 0, "The path is a tag by its name")                             \
	X(ROUTE, "route", STRING, 0, "Ports and link addresses on the way: 1/0, 2/10.0.0.7, 1/3") \
	X(HOPS, "route_hops", UINT, 0, "Port segments of the route")                              \
	X(WRAPPER, "wrapper", STRING, FIELD_ENUM,                                                 \
	  "Service that this one was wrapped in: unconnected_send, signed...")                    \
	X(STATUS, "status", UINT, 0, "General status of the answer")                              \
	X(STATUS_NAME, "status_name", STRING, FIELD_ENUM,                                         \
	  "Name of a general status that is not 0")                                               \
	X(EXTENDED_STATUS, "extended_status", UINT, 0, "First extended status of the answer")     \
	X(EXTENDED_STATUS_NAME, "extended_status_name", STRING, FIELD_ENUM,                       \
	  "Name of the extended status")                                                          \
	X(REMAINING_PATH, "remaining_path_words", UINT, 0,                                        \
	  "Words of the route that a failing router had not used yet")                            \
	X(ENCAPSULATION, "encapsulation_status", STRING, FIELD_ENUM,                              \
	  "The encapsulation refused the request: how")                                           \
	X(CONNECTION, "connection.id", UINT, 0, "Connection that the message belongs to")         \
	X(SEQUENCE, "sequence", UINT, 0, "Sequence count of connected data")                      \
	X(TICK, "timeout_ms", UINT, 0, "Time that an unconnected send may take")                  \
	X(DATA, "data", BYTES, 0, "Data of the request that has no fields of its own, its start") \
	X(DATA_BYTES, "data_bytes", UINT, 0, "The length of all of it")                           \
	X(ANSWER_DATA, "answer_data", BYTES, 0, "The same of the answer")                         \
	X(ANSWER_BYTES, "answer_bytes", UINT, 0, "The length of all of it")

#define CIP_ROUTER_FIELDS(X)                                                                  \
	X(OBJECT_CLASSES, "object.classes", UINT, FIELD_LIST, "Classes that the device has")  \
	X(MAX_CONNECTIONS, "object.max_connections", UINT, 0, "Connections that it can have") \
	X(ACTIVE_CONNECTIONS, "object.active_connections", UINT, FIELD_LIST,                  \
	  "Connections that it has")

#define CIP_CONNECTION_FIELDS(X)                                                                   \
	X(CONNECTION_SERIAL, "connection.serial", UINT, 0,                                         \
	  "Serial number that the originator gave the connection")                                 \
	X(ORIGINATOR_VENDOR_ID, "connection.originator_vendor_id", UINT, 0,                        \
	  "Vendor id of the originator")                                                           \
	X(ORIGINATOR_VENDOR, "connection.originator_vendor", STRING, 0, "Its name")                \
	X(ORIGINATOR_SERIAL, "connection.originator_serial", STRING, 0,                            \
	  "Serial number of the originator, hexadecimal")                                          \
	X(TRANSPORT_CLASS, "connection.transport_class", UINT, 0,                                  \
	  "0 and 1 are I/O, 2 and 3 messages")                                                     \
	X(TRIGGER, "connection.trigger", STRING, FIELD_ENUM,                                       \
	  "cyclic, change_of_state or application")                                                \
	X(O_T_RPI, "connection.o_to_t_rpi_us", UINT, 0,                                            \
	  "Interval asked for from originator to target, in microseconds")                         \
	X(T_O_RPI, "connection.t_to_o_rpi_us", UINT, 0, "The same from target to originator")      \
	X(O_T_SIZE, "connection.o_to_t_size", UINT, 0,                                             \
	  "Bytes of data with its counters, from originator to target")                            \
	X(T_O_SIZE, "connection.t_to_o_size", UINT, 0, "The same from target to originator")       \
	X(O_T_TYPE, "connection.o_to_t_type", STRING, FIELD_ENUM,                                  \
	  "null, multicast or point_to_point")                                                     \
	X(T_O_TYPE, "connection.t_to_o_type", STRING, FIELD_ENUM,                                  \
	  "null, multicast or point_to_point")                                                     \
	X(O_T_PRIORITY, "connection.o_to_t_priority", STRING, FIELD_ENUM,                          \
	  "low, high, scheduled or urgent")                                                        \
	X(T_O_PRIORITY, "connection.t_to_o_priority", STRING, FIELD_ENUM,                          \
	  "low, high, scheduled or urgent")                                                        \
	X(O_T_VARIABLE, "connection.o_to_t_variable", BOOL, 0, "Its data may be shorter")          \
	X(T_O_VARIABLE, "connection.t_to_o_variable", BOOL, 0, "Its data may be shorter")          \
	X(REDUNDANT, "connection.redundant_owner", BOOL, 0, "More than one originator may own it") \
	X(MULTIPLIER, "connection.timeout_multiplier", UINT, 0,                                    \
	  "Intervals without data after which it times out")                                       \
	X(CONNECTION_ROUTE, "connection.route", STRING, 0,                                         \
	  "Ports and link addresses that the connection takes")                                    \
	X(CONNECTION_HOPS, "connection.route_hops", UINT, 0, "Port segments of that route")        \
	X(CONNECTION_PATH, "connection.path", STRING, 0,                                           \
	  "What it leads to: a class and connection points, or a tag")                             \
	X(KEY_VENDOR, "connection.key_vendor_id", UINT, 0,                                         \
	  "Electronic key: the vendor that must be there; 0 is any")                               \
	X(KEY_TYPE, "connection.key_device_type_id", UINT, 0, "Electronic key: device type")       \
	X(KEY_PRODUCT, "connection.key_product_code", UINT, 0, "Electronic key: product code")     \
	X(KEY_REVISION, "connection.key_revision", STRING, 0, "Electronic key: revision")          \
	X(KEY_COMPATIBLE, "connection.key_compatible", BOOL, 0,                                    \
	  "Electronic key: a compatible device will do")                                           \
	X(SAFETY, "connection.safety", BOOL, 0, "A CIP Safety connection")                         \
	X(INHIBIT, "connection.production_inhibit_us", UINT, 0,                                    \
	  "Shortest time between two productions")                                                 \
	X(CONFIGURATION, "connection.configuration", BYTES, 0,                                     \
	  "Configuration that the Forward Open brings along, its start")                           \
	X(CONFIGURATION_BYTES, "connection.configuration_bytes", UINT, 0,                          \
	  "The length of all of it")                                                               \
	X(O_T_ID, "connection.o_to_t_id", UINT, 0, "Connection id from originator to target")      \
	X(T_O_ID, "connection.t_to_o_id", UINT, 0, "Connection id from target to originator")      \
	X(O_T_API, "connection.o_to_t_api_us", UINT, 0, "Interval that the target grants")         \
	X(T_O_API, "connection.t_to_o_api_us", UINT, 0, "The same from target to originator")      \
	X(T_O_ADDRESS, "connection.t_to_o_address", IP, 0, "Where the target sends its data")      \
	X(T_O_PORT, "connection.t_to_o_port", UINT, 0, "The port there")                           \
	X(O_T_ADDRESS, "connection.o_to_t_address", IP, 0, "Where the originator sends its data")  \
	X(O_T_PORT, "connection.o_to_t_port", UINT, 0, "The port there")                           \
	X(CONNECTIONS, "connection.count", UINT, 0, "Connections to the path")                     \
	X(CONNECTIONS_OWNED, "connection.owned", UINT, 0, "Those of them that own it")             \
	X(LAST_ACTION, "connection.last_action", UINT, 0,                                          \
	  "0 no owner, 1 owner idle, 2 owner running, 255 not told")                               \
	X(CONNECTION_NUMBER, "connection.number", UINT, 0,                                         \
	  "Number of the connection in the device")                                                \
	X(CONNECTION_STATE, "connection.state", UINT, 0, "State of the connection there")

#define CIP_FIELDS(X)            \
	CIP_MESSAGE_FIELDS(X)    \
	CIP_CONNECTION_FIELDS(X) \
	CIP_ROUTER_FIELDS(X)     \
	CIP_OBJECT_FIELDS(X)

enum {
#define X(id, name, type, flags, meaning) F_##id,
	CIP_FIELDS(X)
#undef X
	    CIP_FIELD_COUNT
};

extern const struct field cip_fields[CIP_FIELD_COUNT];

#define PUT(id) FIELD_LOCAL(F_##id)
