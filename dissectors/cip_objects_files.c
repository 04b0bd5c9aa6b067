/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Files and firmware: the File object (CIP Volume 1, 5-42), and the object with which Rockwell's
 * tools flash modules (class 0xA1), of which captures show:
 *
 *	0x4B update: bytes 4 | 4                         answer: 2 | transfer bytes 4, 2, ...
 *	0x4D transfer: offset 4 | data
 *	0x51: bytes 4 | 4 | 2 | 2 | serial number 4      before, to find out who can
 *
 * The bytes are hashed as they pass and not kept. */

#include "capture/base/digest.h"
#include "dissectors/cip_private.h"

/* ---- a transfer ---- */

struct transfer {
	struct digest digest;
	uint64_t bytes, size; /* size 0: not told */
	uint32_t blocks;
	bool ended;
};

#define FILE_MEMORY 0x66690000U /* and the instance */
#define NVS_MEMORY  0x6e760000U

static uint32_t memory_key(const struct cip_request *request)
{
	return (request->class == 0x37 ? FILE_MEMORY : NVS_MEMORY) | (request->instance & 0xffff);
}

static void transfer_begin(struct dissection *d, const struct cip_request *request, uint64_t size)
{
	struct transfer *transfer = dissect_memory(d, memory_key(request), sizeof(struct transfer));

	if (transfer != NULL) {
		*transfer = (struct transfer) { .size = size };
		digest_begin(&transfer->digest);
	}
}

static void put_end(struct dissection *d, struct transfer *transfer)
{
	char text[DIGEST_TEXT_SIZE];

	record_put_uint(d->writer, PUT(FILE_PASSED), transfer->bytes);
	record_put_uint(d->writer, PUT(FILE_BLOCKS), transfer->blocks);
	record_put_text(d->writer, PUT(FILE_DIGEST), digest_end(&transfer->digest, text));
	transfer->ended = true;
}

/* `last`: nothing follows. */
static void transfer_add(struct dissection *d, const struct cip_request *request,
			 struct cursor bytes, bool last)
{
	struct transfer *transfer = dissect_memory_find(d, memory_key(request));

	if (transfer == NULL || transfer->ended) {
		return;
	}
	digest_add(&transfer->digest, bytes);
	transfer->bytes += cur_left(&bytes);
	transfer->blocks++;
	if (last || (transfer->size != 0 && transfer->bytes >= transfer->size)) {
		put_end(d, transfer);
	}
}

/* Whether the part at this offset is the next one: one that failed is sent again. */
static bool transfer_at(struct dissection *d, const struct cip_request *request, uint32_t offset)
{
	const struct transfer *transfer = dissect_memory_find(d, memory_key(request));

	return transfer != NULL && transfer->bytes == offset;
}

/* The number of the next part, modulo 256. */
static uint8_t transfer_number(struct dissection *d, const struct cip_request *request)
{
	const struct transfer *transfer = dissect_memory_find(d, memory_key(request));

	return transfer != NULL ? (uint8_t)transfer->blocks : 0;
}

/* ---- File object ---- */

#define INSTANCE_EDS 200 /* the device's own description and icon */

static enum operation download_operation(const struct cip_request *request)
{
	return request->instance == INSTANCE_EDS ? OPERATION_FILE_WRITE : OPERATION_FIRMWARE_UPDATE;
}

static const char *put_name(struct dissection *d, struct cursor *value)
{
	return cip_put_international(d, PUT(FILE_NAME), value);
}

static const char *ask_upload(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	record_put_uint(d->writer, PUT(FILE_BLOCK_SIZE), cur_u8(data));
	transfer_begin(d, request, 0);
	return cur_ok(data) ? NULL : "length";
}

static const char *answer_upload(struct dissection *d, const struct cip_request *request,
				 const struct cip_reply *reply, struct cursor *data)
{
	(void)request;
	if (!reply->success) {
		return NULL;
	}
	record_put_uint(d->writer, PUT(FILE_SIZE), cur_le32(data));
	cur_skip(data, cur_left(data) > 0 ? 1 : 0);
	return cur_ok(data) ? NULL : "length";
}

static const char *ask_download(struct dissection *d, const struct cip_request *request,
				struct cursor *data)
{
	uint32_t size = cur_le32(data);
	uint16_t format = cur_le16(data);
	uint8_t major = cur_u8(data), minor = cur_u8(data);

	if (!cur_ok(data)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(FILE_SIZE), size);
	record_put_uint(d->writer, PUT(FILE_FORMAT), format);
	record_put_uint(d->writer, PUT(FILE_MAJOR), major);
	record_put_uint(d->writer, PUT(FILE_MINOR), minor);
	transfer_begin(d, request, 0);
	return cur_left(data) > 0 ? put_name(d, data) : NULL;
}

/* Incremental burn 4, time of it 2, bytes of a transfer 1. */
static const char *answer_download(struct dissection *d, const struct cip_request *request,
				   const struct cip_reply *reply, struct cursor *data)
{
	(void)request;
	if (!reply->success) {
		return NULL;
	}
	cur_skip(data, 6);
	record_put_uint(d->writer, PUT(FILE_BLOCK_SIZE), cur_u8(data));
	return cur_ok(data) ? NULL : "length";
}

/* 5-42.4: the type of a transfer packet. */
enum { PACKET_FIRST, PACKET_MIDDLE, PACKET_LAST, PACKET_ABORT, PACKET_ONLY };

static const char *put_transfer(struct dissection *d, const struct cip_request *request,
				struct cursor *data)
{
	static const char *const packets[] = { "first", "middle", "last", "abort", "only" };
	uint8_t number = cur_u8(data), type = cur_u8(data);
	bool last = type == PACKET_LAST || type == PACKET_ONLY;
	struct cursor bytes;

	if (!cur_ok(data)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(FILE_BLOCK), number);
	record_put_static(d->writer, PUT(FILE_PACKET),
			  type < ARRAY_SIZE(packets) ? packets[type] : NULL);
	/* The last one has a checksum behind its data. */
	bytes = cur_sub(data, last && cur_left(data) >= 2 ? cur_left(data) - 2 : cur_left(data));
	record_put_uint(d->writer, PUT(FILE_BYTES), cur_left(&bytes));
	/* One that failed comes again; behind one that was not seen there is nothing to tell. */
	if (transfer_number(d, request) == number) {
		transfer_add(d, request, bytes, last);
	}
	cur_skip(data, cur_left(data));
	return NULL;
}

static const char *ask_number(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	(void)request;
	record_put_uint(d->writer, PUT(FILE_BLOCK), cur_u8(data));
	return cur_ok(data) ? NULL : "length";
}

static const char *answer_upload_transfer(struct dissection *d, const struct cip_request *request,
					  const struct cip_reply *reply, struct cursor *data)
{
	return reply->success ? put_transfer(d, request, data) : NULL;
}

static const char *answer_number(struct dissection *d, const struct cip_request *request,
				 const struct cip_reply *reply, struct cursor *data)
{
	(void)d;
	(void)request;
	cur_skip(data, reply->success && cur_left(data) > 0 ? 1 : 0);
	return NULL;
}

static const struct cip_service file_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_FILE_WRITE },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_FILE_DELETE },
	{ .code = 0x4b,
	  .name = "initiate_upload",
	  .operation = OPERATION_FILE_READ,
	  .ask = ask_upload,
	  .answer = answer_upload },
	{ .code = 0x4c,
	  .name = "initiate_download",
	  .refine = download_operation,
	  .ask = ask_download,
	  .answer = answer_download },
	{ .code = 0x4d, .name = "initiate_partial_read", .operation = OPERATION_FILE_READ },
	{ .code = 0x4e, .name = "initiate_partial_write", .refine = download_operation },
	{ .code = 0x4f,
	  .name = "upload_transfer",
	  .operation = OPERATION_FILE_READ,
	  .ask = ask_number,
	  .answer = answer_upload_transfer },
	{ .code = 0x50,
	  .name = "download_transfer",
	  .refine = download_operation,
	  .ask = put_transfer,
	  .answer = answer_number },
	{ .code = 0x51, .name = "clear_file", .operation = OPERATION_FILE_DELETE },
};

static const char *put_file_revision(struct dissection *d, struct cursor *value)
{
	uint8_t major = cur_u8(value), minor = cur_u8(value);

	record_put_uint(d->writer, PUT(FILE_MAJOR), major);
	record_put_uint(d->writer, PUT(FILE_MINOR), minor);
	return cur_ok(value) ? NULL : "attribute_length";
}

static const char *put_file_state(struct dissection *d, struct cursor *value)
{
	static const char *const states[] = { "nonexistent",
					      "empty",
					      "loaded",
					      "upload_initiated",
					      "download_initiated",
					      "upload_in_progress",
					      "download_in_progress",
					      "storing" };
	uint8_t state = cur_u8(value);

	record_put_static(d->writer, PUT(FILE_STATE),
			  state < ARRAY_SIZE(states) ? states[state] : NULL);
	return cur_ok(value) ? NULL : "attribute_length";
}

static const struct cip_attribute file_attributes[] = {
	{ .id = 1, .name = "state", .put = put_file_state },
	{ .id = 2, .name = "instance_name", .put = put_name },
	{ .id = 3, .name = "format_version", .type = CIP_UINT, .field = PUT(FILE_FORMAT) },
	{ .id = 4, .name = "file_name", .put = put_name },
	{ .id = 5, .name = "file_revision", .put = put_file_revision },
	{ .id = 6, .name = "file_size", .type = CIP_UDINT, .field = PUT(FILE_SIZE) },
	{ .id = 7, .name = "checksum", .type = CIP_INT, .field = CIP_NO_FIELD },
	{ .id = 8, .name = "invocation_method", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 10, .name = "access_rule", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 11, .name = "encoding", .type = CIP_USINT, .field = CIP_NO_FIELD },
};

const struct cip_object cip_object_file = {
	.class = 0x37,
	.name = "file",
	.services = file_services,
	.n_services = ARRAY_SIZE(file_services),
	.attributes = file_attributes,
	.n_attributes = ARRAY_SIZE(file_attributes),
	.set = OPERATION_FILE_WRITE,
};

/* ---- flash memory of Rockwell modules ---- */

static const char *ask_update(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	uint32_t size = cur_le32(data);

	cur_skip(data, 4);
	if (!cur_ok(data)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(FILE_SIZE), size);
	if (request->service == 0x4b) {
		transfer_begin(d, request, size);
	}
	return NULL;
}

static const char *ask_block(struct dissection *d, const struct cip_request *request,
			     struct cursor *data)
{
	uint32_t offset = cur_le32(data);

	if (!cur_ok(data)) {
		return "length";
	}
	record_put_uint(d->writer, PUT(FILE_OFFSET), offset);
	record_put_uint(d->writer, PUT(FILE_BYTES), cur_left(data));
	if (transfer_at(d, request, offset)) {
		transfer_add(d, request, *data, false);
	}
	cur_skip(data, cur_left(data));
	return NULL;
}

static const struct cip_service flash_services[] = {
	{ .code = 0x4b,
	  .name = "update",
	  .operation = OPERATION_FIRMWARE_UPDATE,
	  .ask = ask_update },
	{ .code = 0x4d,
	  .name = "transfer",
	  .operation = OPERATION_FIRMWARE_UPDATE,
	  .ask = ask_block },
	{ .code = 0x51,
	  .name = "update_of_serial_number",
	  .operation = OPERATION_FIRMWARE_UPDATE,
	  .ask = ask_update },
};

const struct cip_object cip_object_flash = {
	.class = 0xa1,
	.name = "flash_memory",
	.services = flash_services,
	.n_services = ARRAY_SIZE(flash_services),
	.set = OPERATION_CONFIG_WRITE,
};
