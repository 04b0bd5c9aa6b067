/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/elastic_bulk.h"

#include "capture/base/hash.h"
#include "capture/base/list.h"
#include "store/document_scan.h"
#include "store/json_value.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define ID_MAX        512 /* bytes of an _id */
#define OTHER_DATASET "weir.other"

enum { VALUE_ID, VALUE_DATASET, VALUES };

static const struct document_value wanted[VALUES] = {
	[VALUE_ID] = { .path = "event.id" },
	[VALUE_DATASET] = { .path = "event.dataset" },
};

/* Reasons that lie in the document (8.x and OpenSearch 2.x). With any other one the receiver or its
 * configuration is at fault, and nothing may be thrown away. */
static const char *const document_errors[] = {
	"document_parsing_exception",
	"mapper_parsing_exception",
	"strict_dynamic_mapping_exception",
	"illegal_argument_exception",
	"x_content_parse_exception",
	"parsing_exception",
	"mapper_exception",
};

/* ---- the request ---- */

bool elastic_bulk_is_name(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (!(text[i] >= 'a' && text[i] <= 'z') && !(text[i] >= '0' && text[i] <= '9') &&
		    text[i] != '.' && text[i] != '_') {
			return false;
		}
	}
	return length > 0 && length <= 100 && text[0] != '_' && text[0] != '.';
}

int elastic_bulk_take(struct elastic_bulk *bulk, const struct output_batch *batch)
{
	struct bulk_item item = { .verdict = BULK_OPEN };
	size_t at = 0;

	bulk->n = 0;
	bulk->already = 0;
	while (output_batch_next(batch, &at, &item.json, &item.length)) {
		struct bulk_item *items =
		    list_with_room(bulk->items, bulk->n, &bulk->room, sizeof(*items));

		if (items == NULL) {
			return -ENOMEM;
		}
		bulk->items = items;
		bulk->items[bulk->n++] = item;
	}
	return 0;
}

/* Of a document that has no id: a hash of it without the output's number, which is another one at
 * each output. */
static uint64_t hash_of(const struct bulk_item *item)
{
	static const char member[] = "\"output\":{";
	const char *end = item->json + item->length;
	const char *output = memmem(item->json, item->length, member, sizeof(member) - 1);
	const char *behind = output != NULL ? memchr(output, '}', (size_t)(end - output)) : NULL;
	uint64_t h = HASH_STABLE_START;

	if (behind == NULL) {
		return hash_stable_end(hash_stable(h, item->json, item->length));
	}
	h = hash_stable(h, item->json, (size_t)(output - item->json));
	h = hash_stable(h, behind, (size_t)(end - behind));
	return hash_stable_end(h);
}

static void add_item(struct elastic_bulk *bulk, const struct bulk_item *item)
{
	struct buffer *body = &bulk->body;
	struct document_value values[VALUES];
	const struct document_value *dataset = &values[VALUE_DATASET], *id = &values[VALUE_ID];

	memcpy(values, wanted, sizeof(values));
	document_scan(item->json, item->length, values, VALUES);
	buffer_text(body, "{\"create\":{\"_index\":\"logs-");
	if (dataset->text != NULL && elastic_bulk_is_name(dataset->text, dataset->length)) {
		buffer_add(body, dataset->text, dataset->length);
	} else {
		buffer_text(body, OTHER_DATASET);
	}
	buffer_text(body, "-");
	buffer_text(body, bulk->name_space);
	buffer_text(body, "\",\"_id\":\"");
	if (id->text != NULL && id->length > 0 && id->length <= ID_MAX) {
		buffer_add(body, id->text, id->length);
	} else {
		buffer_format(body, "%016" PRIx64, hash_of(item));
	}
	buffer_text(body, "\"}}\n");
	buffer_add(body, item->json, item->length);
	buffer_text(body, "\n");
}

size_t elastic_bulk_body(struct elastic_bulk *bulk, size_t from, size_t most)
{
	size_t n = 0;

	buffer_clear(&bulk->body);
	for (size_t i = 0; i < bulk->n; i++) {
		struct bulk_item *item = &bulk->items[i];

		item->sent = i >= from && item->verdict == BULK_OPEN &&
			     (n == 0 || bulk->body.length + item->length < most);
		if (item->sent) {
			add_item(bulk, item);
			n++;
		} else if (n > 0 && item->verdict == BULK_OPEN) {
			most = 0; /* the rest waits, so that the order stays */
		}
	}
	return n;
}

/* ---- the answer ---- */

static bool is_document_error(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(document_errors); i++) {
		if (strcmp(type, document_errors[i]) == 0) {
			return true;
		}
	}
	return false;
}

static enum bulk_verdict judge(const struct bulk_reason *reason, const char *failure_store)
{
	if (failure_store != NULL &&
	    (strcmp(failure_store, "used") == 0 || strcmp(failure_store, "failed") == 0)) {
		return BULK_REJECTED;
	}
	if (reason->status / 100 == 2 || reason->status == 409) {
		return BULK_TAKEN;
	}
	if (reason->status == 429 || reason->status / 100 == 5) {
		return BULK_OPEN;
	}
	return (reason->status == 400 || reason->status == 413) && is_document_error(reason->type)
		   ? BULK_REJECTED
		   : BULK_FAILED;
}

static const char *text_or(const char *text, const char *other)
{
	return text != NULL ? text : other;
}

/* One element of `items`: {"create": {"status": 201}}. */
static int read_item(struct elastic_bulk *bulk, struct bulk_item *item,
		     const struct json_value *element, bulk_told *told, void *context)
{
	const struct json_value *result = json_value_at(element, "create");
	const char *failure_store = json_value_text(result, "failure_store");
	struct bulk_reason reason = {
		.status = (unsigned)json_value_int(result, "status", 0),
		.type = text_or(json_value_text(result, "error.type"), ""),
		.reason = text_or(json_value_text(result, "error.reason"), ""),
	};

	if (reason.status < 100) {
		return -EPROTO;
	}
	item->verdict = judge(&reason, failure_store);
	if (item->verdict == BULK_REJECTED && reason.type[0] == '\0') {
		reason.type = "failure_store";
		reason.reason = failure_store != NULL ? failure_store : "";
	}
	bulk->already += reason.status == 409;
	if (item->verdict != BULK_TAKEN) {
		told(context, item, &reason);
	}
	return 0;
}

int elastic_bulk_answer(struct elastic_bulk *bulk, const char *text, size_t length, bulk_told *told,
			void *context)
{
	struct json_value *answer = json_value_parse(text, length);
	const struct json_value *items = json_value_at(answer, "items");
	size_t n = json_value_count(items), at = 0, sent = 0;
	int error = 0;

	for (size_t i = 0; i < bulk->n; i++) {
		sent += bulk->items[i].sent;
	}
	if (answer == NULL || n != sent) {
		error = -EPROTO;
	}
	for (size_t i = 0; error == 0 && i < bulk->n; i++) {
		if (bulk->items[i].sent) {
			error = read_item(bulk, &bulk->items[i], json_value_element(items, at++),
					  told, context);
		}
	}
	json_value_free(answer);
	return error;
}

void elastic_bulk_free(struct elastic_bulk *bulk)
{
	free(bulk->items);
	buffer_free(&bulk->body);
}
