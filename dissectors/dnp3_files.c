/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Files of DNP3: group 70 (IEEE 1815-2012, A.30).  A file is opened by name, and known by a handle
 * until it is closed; what it was opened for says what its blocks are. */

#include "dissectors/dnp3_private.h"

enum { MODE_READ = 1, MODE_WRITE = 2, MODE_APPEND = 3 };

static const char *status_name(uint8_t status)
{
	static const char *const names[256] = {
		[0] = "success",         [1] = "permission_denied",
		[2] = "invalid_mode",    [3] = "file_not_found",
		[4] = "file_locked",     [5] = "too_many_open",
		[6] = "invalid_handle",  [7] = "write_block_size",
		[8] = "comm_lost",       [9] = "cannot_abort",
		[16] = "not_opened",     [17] = "handle_expired",
		[18] = "buffer_overrun", [19] = "fatal",
		[20] = "block_sequence", [255] = "undefined",
	};

	return names[status];
}

static void put_time(struct dissection *d, uint64_t milliseconds)
{
	int64_t time = dnp3_time(milliseconds);

	/* 0: the device does not know. */
	if (time != TIME_NONE && milliseconds != 0) {
		record_put_time(d->writer, PUT(FILE_CREATED), time);
	}
}

/* A.30.3: three bits each of world, group and owner, from the lowest. */
static void put_permissions(struct dissection *d, uint16_t permissions)
{
	static const char letters[] = "rwxrwxrwx";
	char text[sizeof(letters)];

	for (unsigned i = 0; i < 9; i++) {
		text[i] = (permissions >> (8 - i) & 1) != 0 ? letters[i] : '-';
	}
	text[9] = '\0';
	record_put_text(d->writer, PUT(FILE_PERMISSIONS), text);
}

/* A name at its offset from the start of the object. */
static void put_string(struct dissection *d, uint16_t field, struct cursor object, uint16_t offset,
		       uint16_t size)
{
	cur_skip(&object, offset);
	if (size > 0) {
		struct cursor name = cur_sub(&object, size);

		if (cur_ok(&name)) {
			record_put_bytes(d->writer, field, name);
		}
	}
}

/* Variation 2: user name and password, for an authentication key. */
static void put_key(struct dissection *d, struct cursor object)
{
	struct cursor data = object;
	uint16_t user = cur_le16(&data), user_size = cur_le16(&data);
	uint16_t password_size;
	uint32_t key;

	cur_skip(&data, 2);
	password_size = cur_le16(&data);
	key = cur_le32(&data);
	put_string(d, PUT(FILE_USER), object, user, user_size);
	if (password_size > 0) {
		record_put_uint(d->writer, PUT(FILE_PASSWORD), password_size);
	}
	if (key != 0) {
		record_put_bool(d->writer, PUT(FILE_KEY), true);
	}
}

/* Variation 3: command. */
static void put_command(struct dissection *d, struct cursor object)
{
	static const char *const modes[] = { "null", "read", "write", "append" };
	struct cursor data = object;
	uint16_t offset = cur_le16(&data), size = cur_le16(&data);
	uint64_t created = dnp3_le48(&data);
	uint16_t permissions = cur_le16(&data);
	uint32_t key = cur_le32(&data), bytes = cur_le32(&data);
	uint16_t mode = cur_le16(&data), request;

	cur_skip(&data, 2); /* the largest block: what is granted is in the answer */
	request = cur_le16(&data);
	if (!cur_ok(&data)) {
		return;
	}
	put_string(d, PUT(FILE_NAME), object, offset, size);
	put_string(d, CORE_TARGET, object, offset, size);
	record_put_static(d->writer, PUT(FILE_MODE), mode < ARRAY_SIZE(modes) ? modes[mode] : NULL);
	if (mode == MODE_WRITE || mode == MODE_APPEND) {
		put_permissions(d, permissions);
		put_time(d, created);
		record_put_uint(d->writer, PUT(FILE_SIZE), bytes);
	}
	if (key != 0) {
		record_put_bool(d->writer, PUT(FILE_KEY), true);
	}
	record_put_uint(d->writer, PUT(FILE_REQUEST), request);
}

static void put_text(struct dissection *d, struct cursor text)
{
	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, PUT(FILE_TEXT), text);
	}
}

/* Variation 4: command status. In a request (close, abort) only the handle says anything. */
static void put_status(struct dissection *d, struct cursor data, bool request)
{
	uint32_t handle = cur_le32(&data), size = cur_le32(&data);
	uint16_t block = cur_le16(&data), id = cur_le16(&data);
	uint8_t status = cur_u8(&data);

	if (!cur_ok(&data)) {
		return;
	}
	record_put_uint(d->writer, PUT(FILE_HANDLE), handle);
	if (request) {
		return;
	}
	if (size > 0) {
		record_put_uint(d->writer, PUT(FILE_SIZE), size);
	}
	if (block > 0) {
		record_put_uint(d->writer, PUT(FILE_BLOCK_SIZE), block);
	}
	record_put_uint(d->writer, PUT(FILE_REQUEST), id);
	record_put_static(d->writer, PUT(FILE_STATUS), status_name(status));
	put_text(d, data);
}

/* Variations 5 (transport) and 6 (its status): the highest bit of the block says that it is the
 * last. */
static void put_block(struct dissection *d, struct cursor data, bool status)
{
	uint32_t handle = cur_le32(&data), block = cur_le32(&data);

	if (!cur_ok(&data)) {
		return;
	}
	record_put_uint(d->writer, PUT(FILE_HANDLE), handle);
	record_put_uint(d->writer, PUT(FILE_BLOCK), block & 0x7fffffff);
	if (block >> 31 != 0) {
		record_put_bool(d->writer, PUT(FILE_LAST), true);
	}
	if (status) {
		record_put_static(d->writer, PUT(FILE_STATUS), status_name(cur_u8(&data)));
		put_text(d, data);
	} else if (cur_left(&data) > 0) {
		record_put_uint(d->writer, PUT(FILE_BYTES), cur_left(&data));
	}
}

/* Variation 7: what a file or an entry of a directory is. */
static void put_descriptor(struct dissection *d, struct cursor object, bool request)
{
	static const char *const types[] = { "directory", "file" };
	struct cursor data = object;
	uint16_t offset = cur_le16(&data), size = cur_le16(&data), type = cur_le16(&data);
	uint32_t bytes = cur_le32(&data);
	uint64_t created = dnp3_le48(&data);
	uint16_t permissions = cur_le16(&data), id = cur_le16(&data);

	if (!cur_ok(&data)) {
		return;
	}
	put_string(d, PUT(FILE_NAME), object, offset, size);
	if (request) {
		put_string(d, CORE_TARGET, object, offset, size);
		return;
	}
	record_put_static(d->writer, PUT(FILE_TYPE), type < ARRAY_SIZE(types) ? types[type] : NULL);
	record_put_uint(d->writer, PUT(FILE_SIZE), bytes);
	put_time(d, created);
	put_permissions(d, permissions);
	record_put_uint(d->writer, PUT(FILE_REQUEST), id);
}

static void put_object(struct dissection *d, unsigned variation, struct cursor object, bool request)
{
	if (variation == 2) {
		put_key(d, object);
	} else if (variation == 3) {
		put_command(d, object);
	} else if (variation == 4) {
		put_status(d, object, request);
	} else if (variation == 5 || variation == 6) {
		put_block(d, object, variation == 6);
	} else if (variation == 7) {
		put_descriptor(d, object, request);
	} else if (variation == 8 && cur_left(&object) > 0) {
		record_put_bytes(d->writer, PUT(FILE_NAME), object);
		record_put_bytes(d->writer, CORE_TARGET, object);
	}
}

/* The first object of the first header, which is all there is in practice. */
static struct cursor first_object(const struct dnp3_header *header)
{
	struct dnp3_header h = *header;
	struct cursor object = cur_of(NULL, 0);
	uint32_t point;

	(void)dnp3_object_next(&h, &point, &object);
	return object;
}

const char *dnp3_put_file(struct dissection *d, const struct dnp3_message *m,
			  const struct dnp3_header *h)
{
	/* Bytes before the name, text or block. */
	static const uint8_t shortest[] = {
		[2] = 12, [3] = 26, [4] = 13, [5] = 8, [6] = 9, [7] = 20
	};
	struct cursor object = first_object(h), look = object;
	struct dnp3_text text = { .n = 0 };

	if (h->variation < ARRAY_SIZE(shortest) && cur_left(&object) < shortest[h->variation]) {
		return "file_object";
	}
	if (!m->response && h->variation >= 4 && h->variation <= 6) {
		dnp3_say(&text, "file handle ");
		dnp3_say_number(&text, cur_le32(&look));
		dnp3_put_said(d, CORE_TARGET, &text);
	}
	put_object(d, h->variation, object, !m->response);
	return NULL;
}

/* ---- what it was opened for ---- */

static enum operation operation_of_mode(struct cursor command)
{
	uint16_t mode;

	cur_skip(&command, 20);
	mode = cur_le16(&command);
	return mode == MODE_WRITE || mode == MODE_APPEND ? OPERATION_FILE_WRITE
							 : OPERATION_FILE_READ;
}

static struct dnp3_open_file *find_open(struct dnp3_state *state, uint16_t outstation,
					uint32_t handle)
{
	for (size_t i = 0; i < ARRAY_SIZE(state->files); i++) {
		struct dnp3_open_file *file = &state->files[i];

		if (file->used && file->handle == handle && file->outstation == outstation) {
			return file;
		}
	}
	return NULL;
}

/* Open, close, abort and block requests are a read or a write, as the mode said. */
enum operation dnp3_file_operation(struct dissection *d, const struct dnp3_message *m,
				   const struct dnp3_header *h)
{
	struct cursor object = first_object(h);
	const struct dnp3_open_file *file;

	if (h->group != 70) {
		return OPERATION_FILE_READ;
	}
	if (h->variation == 3) {
		return operation_of_mode(object);
	}
	if (h->variation == 4) {
		file = find_open(d->state, m->outstation, cur_le32(&object));
		return file != NULL ? (enum operation)file->operation : OPERATION_FILE_READ;
	}
	return m->function == DNP3_WRITE ? OPERATION_FILE_WRITE : OPERATION_FILE_READ;
}

/* Remembers what a handle is for, or forgets it. */
static void note_open(struct dissection *d, const struct dnp3_message *m, struct cursor status,
		      enum operation operation, bool opened)
{
	struct dnp3_state *state = d->state;
	uint32_t handle = cur_le32(&status);
	struct dnp3_open_file *file = find_open(state, m->outstation, handle);

	if (!opened) {
		if (file != NULL) {
			file->used = false;
		}
		return;
	}
	if (file == NULL) {
		file = &state->files[state->next_file];
		state->next_file = (uint8_t)((state->next_file + 1U) % ARRAY_SIZE(state->files));
	}
	*file = (struct dnp3_open_file) { .handle = handle,
					  .outstation = m->outstation,
					  .operation = (uint8_t)operation,
					  .used = true };
}

bool dnp3_file_answered(struct dissection *d, const struct dnp3_message *m,
			const struct dnp3_header *h, unsigned asked, enum operation operation)
{
	struct cursor object = first_object(h), look = object;
	uint8_t status = 0;

	if (h->variation == 4 || h->variation == 6) {
		cur_skip(&look, h->variation == 4 ? 12 : 8);
		status = cur_u8(&look);
	}
	if (h->variation == 4 && (asked == DNP3_OPEN_FILE || asked == DNP3_CLOSE_FILE)) {
		note_open(d, m, object, operation, asked == DNP3_OPEN_FILE && status == 0);
	}
	return status != 0;
}

void dnp3_item_file(struct dissection *d, const struct dnp3_header *h, struct cursor data,
		    struct dnp3_items *items)
{
	/* Blocks and statuses are in the transaction's record; entries are not. */
	if (h->variation == 7 && dnp3_item_begin(d, h, items, items->outcome, "file")) {
		put_descriptor(d, data, false);
		record_commit(d->writer);
	}
}
