/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Templates: how the structures of a Logix controller are made (class 0x6C, 1756-PM020).
 *
 *	read: offset 4 | bytes 2
 *	answer: each member: info 2, type 2, offset 4; "name;flags" 0; each member's name 0
 *
 * The number of members is an attribute, which is asked for before; an answer that holds all of a
 * template tells it as well, as there is a name for each. */

#include "dissectors/cip_private.h"

#define MEMBER 8 /* bytes that describe one */

static const char *ask_template(struct dissection *d, const struct cip_request *request,
				struct cursor *data)
{
	(void)request;
	record_put_uint(d->writer, PUT(TAG_OFFSET), cur_le32(data));
	record_put_uint(d->writer, CORE_ITEM_COUNT, cur_le16(data));
	return cur_ok(data) ? NULL : "length";
}

/* A text up to a 0, or to the end. */
static struct cursor next_name(struct cursor *names)
{
	struct cursor look = *names, name;
	size_t n = 0;

	while (cur_left(&look) > 0 && cur_u8(&look) != 0) {
		n++;
	}
	name = cur_sub(names, n);
	cur_skip(names, cur_left(names) > 0 ? 1 : 0);
	return name;
}

/* What stands in front of the semicolon, if that is a name. */
static struct cursor structure_name(struct cursor text)
{
	struct cursor look = text;
	size_t n = 0;

	while (cur_left(&look) > 0) {
		uint8_t c = cur_u8(&look);

		if (c == ';') {
			return n > 0 ? cur_sub(&text, n) : cur_of(NULL, 0);
		}
		if (c <= ' ' || c >= 0x7f) {
			break;
		}
		n++;
	}
	return cur_of(NULL, 0);
}

struct template
{
	size_t members;
	struct cursor name, names; /* of the structure; of the members */
};

/* Finds out how many members there are: so many descriptions stand in front of the name, and so
 * many names behind it. False for a part of a template. */
static bool read_template(struct cursor data, struct template *out)
{
	struct cursor rest = data;

	for (size_t n = 1; cur_left(&rest) > MEMBER && n <= DISSECT_ITEMS_MAX; n++) {
		struct cursor names, count;
		size_t found = 0;

		cur_skip(&rest, MEMBER);
		names = rest;
		*out = (struct template) { .members = n, .name = structure_name(names) };
		if (cur_left(&out->name) == 0) {
			continue;
		}
		(void)next_name(&names);
		out->names = count = names;
		while (cur_left(&count) > 0 && found <= n) {
			struct cursor name = next_name(&count);

			found += cur_left(&name) > 0;
		}
		if (found == n) {
			return true;
		}
	}
	return false;
}

static bool is_whole(const struct cip_request *request, const struct cip_reply *reply)
{
	struct cursor asked = request->data;

	return reply != NULL && reply->status == CIP_SUCCESS && cur_le32(&asked) == 0 &&
	       cur_ok(&asked);
}

static const char *answer_template(struct dissection *d, const struct cip_request *request,
				   const struct cip_reply *reply, struct cursor *data)
{
	struct template template;

	if (is_whole(request, reply) && read_template(*data, &template)) {
		record_put_bytes(d->writer, PUT(TEMPLATE_NAME), template.name);
		record_put_uint(d->writer, PUT(TEMPLATE_MEMBERS), template.members);
		if (!request->item) {
			transaction_items(d, template.members, 0);
		}
		cur_skip(data, cur_left(data));
	}
	return NULL;
}

/* Each member by its name, with type and elements. */
static void put_member(struct dissection *d, struct cursor structure, struct cursor name,
		       struct cursor *description)
{
	uint16_t info = cur_le16(description), type = cur_le16(description);
	uint32_t offset = cur_le32(description);
	char text[RECORD_STRING_MAX];
	size_t n = 0;

	while (cur_left(&structure) > 0 && n < 80) {
		text[n++] = (char)cur_u8(&structure);
	}
	text[n++] = '.';
	while (cur_left(&name) > 0 && n + 1 < sizeof(text)) {
		text[n++] = (char)cur_u8(&name);
	}
	record_put_bytes(d->writer, CORE_ITEM_ADDRESS, cur_of(text, n));
	if ((type & 0x8000) != 0) {
		record_put_static(d->writer, CORE_ITEM_TYPE, "structure");
		record_put_uint(d->writer, PUT(TAG_TEMPLATE), type & 0x0fffU);
	} else {
		record_put_static(d->writer, CORE_ITEM_TYPE, cip_tag_type_name(type & 0xff));
	}
	/* Bit 13: an array of so many elements. Of a bit the info is its place. */
	record_put_uint(d->writer, CORE_ITEM_COUNT, (type & 0x2000) != 0 ? info : 1);
	record_put_uint(d->writer, PUT(TAG_OFFSET), offset);
}

static void template_items(struct dissection *d, const struct cip_request *request,
			   const struct cip_reply *reply, struct cursor data, enum phase phase)
{
	struct template template;

	if (!is_whole(request, reply) || !read_template(data, &template)) {
		return;
	}
	for (size_t i = 0; i < template.members; i++) {
		struct cursor name = next_name(&template.names);

		if (!item_begin(d, OPERATION_DIAGNOSE, phase, OUTCOME_SUCCESS, i)) {
			return;
		}
		put_member(d, template.name, name, &data);
		record_commit(d->writer);
	}
}

static const struct cip_service template_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_PROGRAM_DOWNLOAD },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_PROGRAM_DELETE },
	{ .code = 0x4b, .name = "find_instances", .operation = OPERATION_PROGRAM_UPLOAD },
	{ .code = 0x4c,
	  .keep = true,
	  .name = "read_template",
	  .operation = OPERATION_DIAGNOSE,
	  .ask = ask_template,
	  .answer = answer_template,
	  .items = template_items },
};

static const struct cip_attribute template_attributes[] = {
	{ .id = 1, .name = "structure_handle", .type = CIP_UINT, .field = PUT(TAG_HANDLE) },
	{ .id = 2, .name = "member_count", .type = CIP_UINT, .field = PUT(TEMPLATE_MEMBERS) },
	{ .id = 4, .name = "definition_words", .type = CIP_UDINT, .field = PUT(TEMPLATE_WORDS) },
	{ .id = 5, .name = "structure_bytes", .type = CIP_UDINT, .field = PUT(TEMPLATE_BYTES) },
};

const struct cip_object cip_object_template = {
	.class = 0x6c,
	.name = "template",
	.services = template_services,
	.n_services = ARRAY_SIZE(template_services),
	.attributes = template_attributes,
	.n_attributes = ARRAY_SIZE(template_attributes),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_PROGRAM_DOWNLOAD,
};
