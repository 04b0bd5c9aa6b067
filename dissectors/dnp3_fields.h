/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* dnp3_fields.h - the fields of DNP3, and nothing else. */

#include "dissectors/field.h"

#define DNP3_FIELDS(X)                                                                            \
	X(MASTER, "master", UINT, 0, "Link address of the master")                                \
	X(BROADCAST, "broadcast", STRING, FIELD_ENUM,                                             \
	  "The message is to all outstations: dont_confirm, shall_confirm or optional_confirm")   \
	X(SELF_ADDRESS, "self_address", BOOL, 0,                                                  \
	  "The message is to address 65532: whichever outstation is there")                       \
	X(LINK_FUNCTION, "link.function_code", UINT, 0, "Function code of a link frame")          \
	X(LINK_DIRECTION, "link.direction", STRING, FIELD_ENUM,                                   \
	  "Who sent a link frame without user data: from_master or from_outstation")              \
	X(LINK_ANSWER, "link.answer", STRING, FIELD_ENUM,                                         \
	  "Link function of the answer: ack, nack, link_status or not_supported")                 \
	X(LINK_BUSY, "link.data_flow_control", BOOL, 0, "The receiver's buffers are full")        \
	X(BAD_BLOCKS, "bad_crc_blocks", UINT, FIELD_LIST,                                         \
	  "Data blocks of 16 bytes whose CRC is wrong, counted from 0")                           \
	X(ANSWER_BAD_BLOCKS, "response_bad_crc_blocks", UINT, FIELD_LIST,                         \
	  "The same of a response")                                                               \
	X(BAD_SEGMENT, "bad_crc_segment", UINT, 0, "Link frame of the message they are in")       \
	X(TRANSPORT_ERROR, "transport_error", STRING, FIELD_ENUM,                                 \
	  "What was wrong with transport segments: sequence, no_first, incomplete or too_long")   \
	X(FUNCTION_CODE, "function_code", UINT, 0, "Application function code")                   \
	X(RESPONSE_CODE, "response_code", UINT, 0,                                                \
	  "Application function code of the answer where it is not 129")                          \
	X(SEQUENCE, "sequence", UINT, 0, "Application sequence number")                           \
	X(FRAGMENT, "fragment", STRING, FIELD_ENUM,                                               \
	  "Which fragment of a message in several: first, middle or final")                       \
	X(CONFIRM, "confirm_requested", BOOL, 0, "The sender asks for a confirmation")            \
	X(UNSOLICITED, "unsolicited", STRING, FIELD_ENUM,                                         \
	  "What an unsolicited response brings: initial_null, null or events")                    \
	X(IIN, "iin", STRING, FIELD_LIST | FIELD_ENUM, "Internal indications that are set")       \
	X(OBJECTS, "objects", STRING, FIELD_LIST, "Objects of the request, as g30v1, each once")  \
	X(QUALIFIERS, "qualifiers", UINT, FIELD_LIST, "Qualifier octets of these")                \
	X(ANSWER_OBJECTS, "response_objects", STRING, FIELD_LIST, "Objects of the response")      \
	X(UNKNOWN_OBJECT, "unknown_object", STRING, 0,                                            \
	  "Object whose length nobody knows; what follows it could not be read")                  \
	X(CLASS, "class", STRING, FIELD_ENUM, "Class that points are assigned to")                \
	X(SELECT, "select", STRING, FIELD_ENUM,                                                   \
	  "How an operate goes with a select: matched, repeated, different, expired, refused, "   \
	  "missing, or unseen where the capture began in between")                                \
	X(CROB_OPERATION, "crob.operation", STRING, FIELD_ENUM,                                   \
	  "Operation of a control relay output block")                                            \
	X(CROB_TRIP_CLOSE, "crob.trip_close", STRING, FIELD_ENUM, "Its trip-close code")          \
	X(CROB_QUEUE, "crob.queue", BOOL, 0, "Its obsolete queue bit")                            \
	X(CROB_CLEAR, "crob.clear", BOOL, 0, "Its clear bit")                                     \
	X(CROB_COUNT, "crob.count", UINT, 0, "How often it is to be done")                        \
	X(CROB_ON, "crob.on_time", UINT, 0, "Milliseconds on")                                    \
	X(CROB_OFF, "crob.off_time", UINT, 0, "Milliseconds off")                                 \
	X(TIME, "time", TIME, 0, "Time that is set")                                              \
	X(INTERVAL, "interval", UINT, 0, "Interval of a freeze or indexed time")                  \
	X(DELAY, "delay", UINT, 0, "Delay in milliseconds that the outstation states")            \
	X(FILE_NAME, "file.name", STRING, 0, "Name of the file")                                  \
	X(FILE_HANDLE, "file.handle", UINT, 0, "Handle of the open file")                         \
	X(FILE_MODE, "file.mode", STRING, FIELD_ENUM, "What it is opened for")                    \
	X(FILE_SIZE, "file.size", UINT, 0, "Its size in bytes; of a directory, its entries")      \
	X(FILE_TYPE, "file.type", STRING, FIELD_ENUM, "file or directory")                        \
	X(FILE_CREATED, "file.created", TIME, 0, "Time of its creation")                          \
	X(FILE_PERMISSIONS, "file.permissions", STRING, 0,                                        \
	  "Permissions of owner, group and world: rwxr-x---")                                     \
	X(FILE_BLOCK_SIZE, "file.block_size", UINT, 0, "Largest block")                           \
	X(FILE_REQUEST, "file.request_id", UINT, 0, "Request id")                                 \
	X(FILE_BLOCK, "file.block", UINT, 0, "Number of the block")                               \
	X(FILE_LAST, "file.last_block", BOOL, 0, "It is the last one")                            \
	X(FILE_BYTES, "file.block_bytes", UINT, 0, "Bytes in the block")                          \
	X(FILE_STATUS, "file.status", STRING, FIELD_ENUM, "Status that the outstation answers")   \
	X(FILE_TEXT, "file.status_text", STRING, 0, "Text beside it")                             \
	X(FILE_USER, "file.user_name", STRING, 0, "User who asks for an authentication key")      \
	X(FILE_PASSWORD, "file.password_length", UINT, 0,                                         \
	  "Length of the password; it is not kept")                                               \
	X(FILE_KEY, "file.authentication_key_present", BOOL, 0,                                   \
	  "An authentication key other than 0 is there; it is not kept")                          \
	X(SET_ID, "data_set.id", UINT, 0, "Id of the data set")                                   \
	X(SET_NAME, "data_set.name", STRING, 0, "Its name")                                       \
	X(SET_NAMESPACE, "data_set.namespace", STRING, 0, "Name space of its prototype")          \
	X(SET_ELEMENTS, "data_set.elements", UINT, 0, "Elements that it has")                     \
	X(ATTRIBUTE, "attribute", STRING, FIELD_ENUM, "Device attribute, by name")                \
	X(VENDOR, "device.vendor_name", STRING, FIELD_IDENTITY(VENDOR), "Attribute 252")          \
	X(PRODUCT, "device.product_name", STRING, FIELD_IDENTITY(PRODUCT_NAME),                   \
	  "Attribute 250: product name and model")                                                \
	X(SERIAL, "device.serial_number", STRING, FIELD_IDENTITY(SERIAL_NUMBER), "Attribute 248") \
	X(SOFTWARE, "device.software_version", STRING, FIELD_IDENTITY(FIRMWARE_VERSION),          \
	  "Attribute 242")                                                                        \
	X(HARDWARE, "device.hardware_version", STRING, FIELD_IDENTITY(HARDWARE_VERSION),          \
	  "Attribute 243")                                                                        \
	X(OWNER, "device.owner", STRING, FIELD_IDENTITY(OWNER), "Attribute 244")                  \
	X(LOCATION, "device.location", STRING, FIELD_IDENTITY(LOCATION), "Attribute 245")         \
	X(ID_CODE, "device.id_code", STRING, FIELD_IDENTITY(PLANT_ID), "Attribute 246")           \
	X(DEVICE_NAME, "device.name", STRING, FIELD_IDENTITY(DEVICE_NAME), "Attribute 247")       \
	X(SYSTEM_NAME, "device.system_name", STRING, FIELD_IDENTITY(PROJECT), "Attribute 208")    \
	X(CONFORMANCE, "device.conformance", STRING, FIELD_IDENTITY(DESCRIPTION),                 \
	  "Attribute 249: DNP3 subset and conformance")                                           \
	X(CONFIGURATION, "device.configuration", STRING, FIELD_IDENTITY(APPLICATION),             \
	  "Attribute 196: configuration id")                                                      \
	X(AUTH_MESSAGE, "authentication.message", STRING, FIELD_ENUM,                             \
	  "What the authentication object is")                                                    \
	X(AUTH_ANSWER, "authentication.answer", STRING, FIELD_ENUM,                               \
	  "What the authentication object of the answer is")                                      \
	X(AUTH_AGGRESSIVE, "authentication.aggressive", BOOL, 0,                                  \
	  "The message authenticates itself in advance")                                          \
	X(AUTH_USER, "authentication.user_number", UINT, 0, "User number")                        \
	X(AUTH_USER_NAME, "authentication.user_name", STRING, 0, "User name")                     \
	X(AUTH_SEQUENCE, "authentication.challenge_sequence", UINT, 0,                            \
	  "Challenge sequence number")                                                            \
	X(AUTH_KEY_SEQUENCE, "authentication.key_change_sequence", UINT, 0,                       \
	  "Key change sequence number")                                                           \
	X(AUTH_STATUS_SEQUENCE, "authentication.status_change_sequence", UINT, 0,                 \
	  "User status change sequence number")                                                   \
	X(AUTH_MAC, "authentication.mac_algorithm", STRING, FIELD_ENUM, "MAC algorithm")          \
	X(AUTH_MAC_LENGTH, "authentication.mac_length", UINT, 0, "Bytes of the MAC")              \
	X(AUTH_REASON, "authentication.reason", STRING, FIELD_ENUM, "Why it is challenged")       \
	X(AUTH_CHALLENGE, "authentication.challenge_length", UINT, 0,                             \
	  "Bytes of the challenge data")                                                          \
	X(AUTH_KEY_STATUS, "authentication.key_status", STRING, FIELD_ENUM,                       \
	  "State of the session keys: ok, not_init, comm_fail or auth_fail")                      \
	X(AUTH_KEY_WRAP, "authentication.key_wrap_algorithm", STRING, FIELD_ENUM,                 \
	  "Key wrap algorithm")                                                                   \
	X(AUTH_KEY_LENGTH, "authentication.key_data_length", UINT, 0,                             \
	  "Bytes of wrapped keys, signature or certificate; they are not kept")                   \
	X(AUTH_METHOD, "authentication.key_change_method", STRING, FIELD_ENUM,                    \
	  "Key change method")                                                                    \
	X(AUTH_OPERATION, "authentication.user_operation", STRING, FIELD_ENUM,                    \
	  "What happens to the user: add, delete or change")                                      \
	X(AUTH_ROLE, "authentication.user_role", STRING, FIELD_ENUM, "Role of the user")          \
	X(AUTH_EXPIRY, "authentication.role_expiry_days", UINT, 0, "Days until the role ends")    \
	X(AUTH_ERROR, "authentication.error", STRING, FIELD_ENUM, "Error that is reported")       \
	X(AUTH_ERROR_TEXT, "authentication.error_text", STRING, 0, "Text beside it")              \
	X(AUTH_ASSOCIATION, "authentication.association", UINT, 0, "Association id")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	DNP3_FIELDS(X)
#undef X
	    DNP3_FIELD_COUNT
};

extern const struct field dnp3_fields[DNP3_FIELD_COUNT];

#define PUT(id) FIELD_LOCAL(F_##id)
