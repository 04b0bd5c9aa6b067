/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/kafka_message.h"

#include "store/document_scan.h"

enum value {
	VALUE_TIME,
	VALUE_ASSET,
	VALUE_DESTINATION,
	VALUE_SOURCE,
	VALUE_SENSOR,
	VALUE_EVENT,
	VALUE_DATASET,
	VALUE_OUTPUT,
	VALUE_SEQUENCE,
	VALUES
};

static const struct document_value wanted[VALUES] = {
	[VALUE_TIME] = { .path = "@timestamp" },
	[VALUE_ASSET] = { .path = "weir.asset.id" },
	[VALUE_DESTINATION] = { .path = "weir.destination.asset" },
	[VALUE_SOURCE] = { .path = "weir.source.asset" },
	[VALUE_SENSOR] = { .path = "observer.name" },
	[VALUE_EVENT] = { .path = "event.id" },
	[VALUE_DATASET] = { .path = "event.dataset" },
	[VALUE_OUTPUT] = { .path = "weir.output.name" },
	[VALUE_SEQUENCE] = { .path = "weir.output.sequence" },
};

/* The first that there is names the key. */
static const enum value keys[] = { VALUE_ASSET, VALUE_DESTINATION, VALUE_SOURCE, VALUE_SENSOR };
static const enum value headers[] = { VALUE_EVENT, VALUE_DATASET, VALUE_SENSOR, VALUE_OUTPUT,
				      VALUE_SEQUENCE };

static rd_kafka_headers_t *headers_of(const struct document_value *values)
{
	rd_kafka_headers_t *out = rd_kafka_headers_new(ARRAY_SIZE(headers));

	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		const struct document_value *value = &values[headers[i]];

		if (value->text != NULL) {
			(void)rd_kafka_header_add(out, value->path, -1, value->text,
						  (ssize_t)value->length);
		}
	}
	return out;
}

static const struct document_value *key_of(const struct document_value *values)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(keys) && values[keys[i]].text == NULL) {
		i++;
	}
	return &values[keys[i]];
}

/* 0: librdkafka takes the time of sending. */
static int64_t time_of(const struct kafka_message *message, const struct document_value *value)
{
	int64_t time = message->untimed || value->text == NULL
			   ? 0
			   : document_time_ms(value->text, value->length);

	return time > 0 ? time : 0;
}

/* Takes the headers, if there is no error. */
static rd_kafka_resp_err_t produce(rd_kafka_t *producer, const struct kafka_message *message,
				   const struct document_value *values, const struct buffer *body,
				   rd_kafka_headers_t *with)
{
	const struct document_value *key = key_of(values);
	const rd_kafka_vu_t parts[] = {
		{ RD_KAFKA_VTYPE_TOPIC, { .cstr = message->topic } },
		{ RD_KAFKA_VTYPE_MSGFLAGS, { .i = RD_KAFKA_MSG_F_COPY } },
		{ RD_KAFKA_VTYPE_KEY, { .mem = { (void *)(uintptr_t)key->text, key->length } } },
		{ RD_KAFKA_VTYPE_VALUE, { .mem = { body->data, body->length } } },
		{ RD_KAFKA_VTYPE_TIMESTAMP, { .i64 = time_of(message, &values[VALUE_TIME]) } },
		{ RD_KAFKA_VTYPE_HEADERS, { .headers = with } },
		{ RD_KAFKA_VTYPE_OPAQUE, { .ptr = message->opaque } },
	};
	rd_kafka_error_t *error = rd_kafka_produceva(producer, parts, ARRAY_SIZE(parts));
	rd_kafka_resp_err_t code = rd_kafka_error_code(error);

	rd_kafka_error_destroy(error);
	return code;
}

rd_kafka_resp_err_t kafka_message_produce(rd_kafka_t *producer, const struct kafka_message *message,
					  struct buffer *body)
{
	struct document_value values[VALUES];
	rd_kafka_headers_t *with;
	rd_kafka_resp_err_t error;

	memcpy(values, wanted, sizeof(values));
	document_scan(message->json, message->length, values, VALUES);
	buffer_clear(body);
	document_form_write(body, message->form, message->json, message->length);
	if (body->failed) {
		return RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE;
	}
	with = headers_of(values);
	error = produce(producer, message, values, body, with);
	if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
		rd_kafka_headers_destroy(with);
	}
	return error;
}
