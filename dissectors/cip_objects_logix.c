/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Objects of which a Logix controller's project is made.  Rockwell has published none of them; the
 * rows say what captures of its programming software show:
 *
 *  - download: stop (0x8E), claim (0x74), reset of the user memory (0x72; the only request that
 *    takes the controller 0.4 s, behind which everything is made anew), creates of program,
 * routine, task, map and data (0x68 to 0x70, 0x7E), values (0x6A/0x50), changes (0xAC), start
 * (0x8E);
 *  - upload: find_instances (0x4B) of all these classes, values (0x6A/0x4F), routines (0x6D/0x4C).
 */

#include "capture/base/digest.h"
#include "dissectors/cip_private.h"

/* ---- parts of a project ---- */

/* Offset 4, bytes 2. */
static const char *ask_part(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	(void)request;
	record_put_uint(d->writer, PUT(TAG_OFFSET), cur_le32(data));
	record_put_uint(d->writer, PUT(PART_BYTES), cur_le16(data));
	return cur_ok(data) ? NULL : "length";
}

/* Code is not kept, but its hash tells a change of logic from the same logic loaded again. */
static void put_part(struct dissection *d, struct cursor *code)
{
	struct digest digest = { 0 };
	char text[DIGEST_TEXT_SIZE];

	digest_add(&digest, *code);
	record_put_uint(d->writer, PUT(PART_BYTES), cur_left(code));
	record_put_text(d->writer, PUT(PART_DIGEST), digest_end(&digest, text));
	cur_skip(code, cur_left(code));
}

/* The offset again, 4, and code. */
static const char *answer_routine(struct dissection *d, const struct cip_request *request,
				  const struct cip_reply *reply, struct cursor *data)
{
	(void)request;
	if (!reply->success) {
		return NULL;
	}
	record_put_uint(d->writer, PUT(TAG_OFFSET), cur_le32(data));
	if (!cur_ok(data)) {
		return "length";
	}
	put_part(d, data);
	return NULL;
}

static const char *answer_part(struct dissection *d, const struct cip_request *request,
			       const struct cip_reply *reply, struct cursor *data)
{
	struct cursor look = *data;

	(void)request;
	if (reply->success && cur_left(data) > 0) {
		record_put_bytes(d->writer, CORE_ITEM_DATA, cur_sub_most(&look, 64));
		cur_skip(data, cur_left(data));
	}
	return NULL;
}

/* Offset 4, 0, bytes 2, data. */
static const char *ask_write_part(struct dissection *d, const struct cip_request *request,
				  struct cursor *data)
{
	uint32_t offset = cur_le32(data);
	struct cursor part;

	(void)request;
	cur_skip(data, 1);
	part = cur_sub(data, cur_le16(data));
	if (!cur_ok(data)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(TAG_OFFSET), offset);
	record_put_uint(d->writer, PUT(PART_BYTES), cur_left(&part));
	record_put_bytes(d->writer, CORE_ITEM_DATA, cur_sub_most(&part, 64));
	return NULL;
}

static const struct cip_service part_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_PROGRAM_DOWNLOAD },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x4b, .name = "find_instances", .operation = OPERATION_PROGRAM_UPLOAD },
	{ .code = 0x4d, .name = "force", .operation = OPERATION_FORCE },
	{ .code = 0x4e, .name = "remove_forces", .operation = OPERATION_FORCE },
};

static const struct cip_service data_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_PROGRAM_DOWNLOAD },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x4b, .name = "find_instances", .operation = OPERATION_PROGRAM_UPLOAD },
	{ .code = 0x4f,
	  .name = "read_data",
	  .operation = OPERATION_READ,
	  .ask = ask_part,
	  .answer = answer_part },
	{ .code = 0x50, .name = "write_data", .operation = OPERATION_WRITE, .ask = ask_write_part },
	{ .code = 0x51, .name = "modify_data", .operation = OPERATION_WRITE },
};

static const struct cip_service routine_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_PROGRAM_DOWNLOAD },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x4b, .name = "find_instances", .operation = OPERATION_PROGRAM_UPLOAD },
	{ .code = 0x4c,
	  .name = "read_routine",
	  .operation = OPERATION_PROGRAM_UPLOAD,
	  .answer = answer_routine },
};

#define PART(number, word, rows)                                                                 \
	{                                                                                        \
		.class = number, .name = word, .services = rows, .n_services = ARRAY_SIZE(rows), \
		.set = OPERATION_PROGRAM_DOWNLOAD                                                \
	}

const struct cip_object cip_object_program = PART(0x68, "program", part_services);
const struct cip_object cip_object_map = PART(0x69, "module_map", part_services);
const struct cip_object cip_object_data = PART(0x6a, "data_table", data_services);
const struct cip_object cip_object_routine = PART(0x6d, "routine", routine_services);
const struct cip_object cip_object_message_part = PART(0x6e, "message", part_services);
const struct cip_object cip_object_task = PART(0x70, "task", part_services);
const struct cip_object cip_object_module = PART(0x7e, "module_connection", part_services);
/* Classes of which only find_instances is known. */
const struct cip_object cip_object_parts[CIP_PARTS] = {
	PART(0x8c, NULL, part_services),  PART(0x8d, NULL, part_services),
	PART(0xb0, NULL, part_services),  PART(0xb1, NULL, part_services),
	PART(0x32b, NULL, part_services), PART(0x32d, NULL, part_services),
	PART(0x331, NULL, part_services), PART(0x332, NULL, part_services),
	PART(0x338, NULL, part_services),
};

/* ---- user memory ---- */

/* Address 4, and what goes there: the compiled code of a routine. */
static const char *ask_memory(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	(void)request;
	record_put_uint(d->writer, PUT(MEMORY_ADDRESS), cur_le32(data));
	if (!cur_ok(data)) {
		return "length";
	}
	put_part(d, data);
	return NULL;
}

static const struct cip_service memory_services[] = {
	{ .code = 0x05, .name = "reset", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x08, .name = "allocate", .operation = OPERATION_PROGRAM_DOWNLOAD },
	{ .code = 0x09, .name = "free", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x4b,
	  .name = "write_memory",
	  .operation = OPERATION_PROGRAM_DOWNLOAD,
	  .ask = ask_memory },
	{ .code = 0x4c, .name = "read_memory", .operation = OPERATION_READ },
};

const struct cip_object cip_object_memory = {
	.class = 0x72,
	.name = "user_memory",
	.services = memory_services,
	.n_services = ARRAY_SIZE(memory_services),
	.set = OPERATION_CONFIG_WRITE,
};

/* ---- who may change the project ---- */

/* 1: others are locked out. */
static const char *ask_claim(struct dissection *d, const struct cip_request *request,
			     struct cursor *data)
{
	(void)request;
	if (cur_left(data) > 0) {
		record_put_bool(d->writer, PUT(EXCLUSIVE), cur_u8(data) != 0);
	}
	return NULL;
}

static const struct cip_service semaphore_services[] = {
	{ .code = 0x4b, .name = "claim", .operation = OPERATION_AUTHENTICATE, .ask = ask_claim },
	{ .code = 0x4c, .name = "release", .operation = OPERATION_SESSION },
};

const struct cip_object cip_object_semaphore = {
	.class = 0x74,
	.name = "edit_lock",
	.services = semaphore_services,
	.n_services = ARRAY_SIZE(semaphore_services),
};

static const struct cip_service change_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_PROGRAM_DOWNLOAD },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x4b, .name = "read_changes", .operation = OPERATION_DIAGNOSE },
	{ .code = 0x4f, .name = "edit", .operation = OPERATION_ONLINE_EDIT },
};

const struct cip_object cip_object_changes = {
	.class = 0xac,
	.name = "controller_changes",
	.services = change_services,
	.n_services = ARRAY_SIZE(change_services),
	.get = OPERATION_DIAGNOSE,
};

/* ---- the controller ---- */

static const struct cip_service controller_services[] = {
	{ .code = 0x06, .name = "start", .operation = OPERATION_START },
	{ .code = 0x07, .name = "stop", .operation = OPERATION_STOP },
	{ .code = 0x5c, .name = "go_online", .operation = OPERATION_AUTHENTICATE },
};

const struct cip_object cip_object_controller = {
	.class = 0x8e,
	.name = "controller",
	.services = controller_services,
	.n_services = ARRAY_SIZE(controller_services),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

static const struct cip_attribute name_attributes[] = {
	{ .id = 1, .name = "name", .type = CIP_STRING, .field = PUT(PROGRAM_NAME) },
	{ .id = 2, .name = "description", .type = CIP_STRING, .field = PUT(PROGRAM_TEXT) },
};

static const uint16_t name_all[] = { 1, 2 };

static const char *put_project(struct dissection *d, const struct cip_request *request,
			       const struct cip_reply *reply, struct cursor *data)
{
	const char *wrong;

	(void)request;
	if (!reply->success) {
		return NULL;
	}
	dissect_identity(d);
	wrong = cip_put_value(d, CIP_STRING, PUT(PROGRAM_NAME), data);
	/* Not all modules that have a name have a description. */
	return wrong != NULL || cur_left(data) < 2
		   ? wrong
		   : cip_put_value(d, CIP_STRING, PUT(PROGRAM_TEXT), data);
}

static const struct cip_service name_services[] = {
	{ .code = CIP_GET_ALL,
	  .name = "get_attributes_all",
	  .operation = OPERATION_DIAGNOSE,
	  .answer = put_project },
	{ .code = 0x06, .name = "start", .operation = OPERATION_START },
	{ .code = 0x07, .name = "stop", .operation = OPERATION_STOP },
};

const struct cip_object cip_object_program_name = {
	.class = 0x64,
	.name = "program_name",
	.services = name_services,
	.n_services = ARRAY_SIZE(name_services),
	.attributes = name_attributes,
	.n_attributes = ARRAY_SIZE(name_attributes),
	.all = name_all,
	.n_all = ARRAY_SIZE(name_all),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};
