/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* UMAS: what Schneider's engineering tools speak to Modicon M340, M580 and related controllers, in
 * Modbus function 90.  There is no public standard; the codes are those that independent
 * analyses agree on, checked against a capture of a real session.
 *
 *	request: session 1 | code 1 | data      answer: session 1 | 0xFE done, 0xFD refused | data
 *
 * Direction trap: published tables call codes 0x30-0x32 "upload", meaning from the PC into the
 * controller.  Here download is into the controller, upload out of it. */

#include "dissectors/dissector.h"
#include "dissectors/modbus_adu.h"

enum { ANSWER_REFUSED = 0xfd, ANSWER_DONE = 0xfe };

#define UMAS_FIELDS(X)                                                                           \
	X(FUNCTION_CODE, "function_code", UINT, 0, "UMAS code of the request")                   \
	X(SESSION, "session", UINT, 0, "Session byte: 0 before a reservation")                   \
	X(TRANSACTION, "transaction_id", UINT, 0, "Transaction id of the MBAP header around it") \
	X(REQUEST_BYTES, "request_bytes", UINT, 0, "Data bytes of the request")                  \
	X(ANSWER_BYTES, "response_bytes", UINT, 0, "Data bytes of the answer")                   \
	X(ERROR, "error", UINT, 0, "First data byte of a refusal")                               \
	X(BLOCK, "block", UINT, 0, "Number of the block transferred")                            \
	X(DEVICE, "device", STRING, FIELD_IDENTITY(MODEL),                                       \
	  "Device name that an identification gives")                                            \
	X(PROJECT, "project", STRING, FIELD_IDENTITY(PROJECT),                                   \
	  "Readable text of the project information")                                            \
	X(CLIENT, "client", STRING, 0, "Name of the station that reserves the controller")       \
	X(DATA, "data", BYTES, 0, "Data of a code without fields of its own")

enum {
#define X(id, name, type, flags, meaning) F_##id,
	UMAS_FIELDS(X)
#undef X
};

static const struct field umas_fields[] = {
#define X(id, name, type, flags, meaning) \
	[F_##id] = { "weir.umas." name, FIELD_##type, flags, NULL, meaning, NULL },
	UMAS_FIELDS(X)
#undef X
};

#define PUT(id) FIELD_LOCAL(F_##id)

static const struct {
	const char *name;
	enum operation operation;
} functions[256] = {
	[0x01] = { "init_communication", OPERATION_SESSION },
	[0x02] = { "read_id", OPERATION_IDENTIFY },
	[0x03] = { "read_project_info", OPERATION_IDENTIFY },
	[0x04] = { "read_plc_info", OPERATION_DIAGNOSE },
	[0x06] = { "read_card_info", OPERATION_IDENTIFY },
	[0x0a] = { "repeat", OPERATION_DIAGNOSE },
	[0x10] = { "take_plc_reservation", OPERATION_AUTHENTICATE },
	[0x11] = { "release_plc_reservation", OPERATION_SESSION },
	[0x12] = { "keep_alive", OPERATION_SESSION },
	[0x20] = { "read_memory_block", OPERATION_READ },
	[0x22] = { "read_variables", OPERATION_READ },
	[0x23] = { "write_variables", OPERATION_WRITE },
	[0x24] = { "read_coils_registers", OPERATION_READ },
	[0x25] = { "write_coils_registers", OPERATION_WRITE },
	[0x30] = { "initialize_download", OPERATION_PROGRAM_DOWNLOAD },
	[0x31] = { "download_block", OPERATION_PROGRAM_DOWNLOAD },
	[0x32] = { "end_download", OPERATION_PROGRAM_DOWNLOAD },
	[0x33] = { "initialize_upload", OPERATION_PROGRAM_UPLOAD },
	[0x34] = { "upload_block", OPERATION_PROGRAM_UPLOAD },
	[0x35] = { "end_upload", OPERATION_PROGRAM_UPLOAD },
	[0x39] = { "read_ethernet_master_data", OPERATION_READ },
	[0x40] = { "start_plc", OPERATION_START },
	[0x41] = { "stop_plc", OPERATION_STOP },
	[0x50] = { "monitor_plc", OPERATION_READ },
	[0x58] = { "check_plc", OPERATION_DIAGNOSE },
	[0x70] = { "read_io_object", OPERATION_READ },
	[0x71] = { "write_io_object", OPERATION_WRITE },
	[0x73] = { "get_status_module", OPERATION_DIAGNOSE },
};

/* The last run of at least 4 printable characters: names stand behind binary fields. */
static struct cursor last_text(struct cursor bytes)
{
	struct cursor found = cur_of(NULL, 0), start = bytes;
	size_t run = 0;

	while (cur_left(&bytes) > 0) {
		uint8_t c = cur_u8(&bytes);

		run = c >= 0x20 && c < 0x7f ? run + 1 : 0;
		if (run == 0) {
			start = bytes;
		} else if (run >= 4) {
			struct cursor from = start;

			found = cur_sub(&from, run);
		}
	}
	return found;
}

static void put_text(struct dissection *d, uint16_t field, struct cursor data)
{
	struct cursor text = last_text(data);

	if (cur_left(&text) > 0) {
		record_put_bytes(d->writer, field, text);
	}
}

static enum parsed umas_request(struct dissection *d, const struct modbus_adu *adu,
				struct cursor pdu)
{
	uint8_t session = cur_u8(&pdu), code = cur_u8(&pdu);

	if (!cur_ok(&pdu)) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, MESSAGE_REQUEST, code);
	transaction_open(d, adu->key);
	transaction_note(d, code);
	dissect_unit(d, adu->unit);
	record_put_static(d->writer, CORE_FUNCTION, functions[code].name);
	record_put_uint(d->writer, PUT(FUNCTION_CODE), code);
	record_put_uint(d->writer, PUT(SESSION), session);
	record_put_uint(d->writer, PUT(TRANSACTION), adu->transaction);
	record_put_uint(d->writer, PUT(REQUEST_BYTES), cur_left(&pdu));
	if (code == 0x10) {
		put_text(d, PUT(CLIENT), pdu);
	} else if (code == 0x31 || code == 0x34) {
		cur_skip(&pdu, 2);
		record_put_uint(d->writer, PUT(BLOCK), cur_le16(&pdu));
	} else if (functions[code].name == NULL && cur_left(&pdu) > 0) {
		record_put_bytes(d->writer, PUT(DATA), cur_sub_most(&pdu, 64));
	}
	transaction_ask(d, functions[code].operation, false);
	return functions[code].name != NULL ? PARSED : PARSED_UNKNOWN;
}

static enum parsed umas_answer(struct dissection *d, const struct modbus_adu *adu,
			       struct cursor pdu)
{
	struct pending *asked = transaction_find(d, adu->key);
	uint8_t session = cur_u8(&pdu), result = cur_u8(&pdu);
	uint8_t code = asked != NULL ? (uint8_t)pending_note(asked) : 0;

	if (!cur_ok(&pdu)) {
		return PARSED_NOT_MINE;
	}
	dissect_count(d, MESSAGE_RESPONSE, code);
	transaction_answer(d, asked, OPERATION_UNKNOWN);
	if (asked == NULL) {
		dissect_unit(d, adu->unit);
		record_put_uint(d->writer, PUT(SESSION), session);
	}
	record_put_uint(d->writer, PUT(ANSWER_BYTES), cur_left(&pdu));
	if (result == ANSWER_REFUSED) {
		dissect_count_error(d, code);
		record_put_uint(d->writer, PUT(ERROR), cur_u8(&pdu));
	} else if (code == 0x02) {
		put_text(d, PUT(DEVICE), pdu);
	} else if (code == 0x03) {
		put_text(d, PUT(PROJECT), pdu);
	}
	transaction_done(d, result == ANSWER_DONE      ? OUTCOME_SUCCESS
			    : result == ANSWER_REFUSED ? OUTCOME_FAILURE
						       : OUTCOME_UNKNOWN);
	return PARSED;
}

static enum claim umas_probe(struct cursor bytes, bool usual_port, enum sender *sender)
{
	(void)bytes;
	(void)usual_port;
	(void)sender;
	return CLAIM_NO; /* only its parent hands it anything */
}

static enum parsed umas_parse(struct dissection *d, struct cursor pdu)
{
	const struct modbus_adu *adu = d->parent;

	return adu->response ? umas_answer(d, adu, pdu) : umas_request(d, adu, pdu);
}

static const struct over umas_over[] = { { OVER_PARENT, "modbus", 90 } };

const struct dissector dissector_umas = {
	.name = "umas",
	.title = "UMAS (Schneider Electric, Modbus function 90)",
	.over = umas_over,
	.n_over = ARRAY_SIZE(umas_over),
	.probe = umas_probe,
	.parse = umas_parse,
	.unit_is_device = modbus_unit_is_device,
	.fields = umas_fields,
	.n_fields = ARRAY_SIZE(umas_fields),
};
