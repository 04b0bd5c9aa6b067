/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "bench_messages.h"

#include <string.h>

static uint8_t *put_be16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

static uint8_t *put_le16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	return at + 2;
}

static uint8_t *put_le32(uint8_t *at, size_t value)
{
	return put_le16(put_le16(at, value), value >> 16);
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t n)
{
	memcpy(at, bytes, n);
	return at + n;
}

/* ---- Modbus: functions 3 and 4 in turn, ten registers from 100 on ---- */

/* MBAP header (Messaging on TCP/IP V1.0b 3.1.3) and function code. */
static uint8_t *put_mbap(uint8_t *at, const struct bench_poll *poll, size_t pdu_bytes)
{
	at = put_be16(at, poll->number & 0xffff);
	at = put_be16(at, 0);
	at = put_be16(at, pdu_bytes + 1);
	*at++ = 1; /* unit */
	*at++ = poll->number % 2 != 0 ? 4 : 3;
	return at;
}

static size_t modbus_request(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t *end = put_mbap(at, poll, 5);

	end = put_be16(put_be16(end, 100), BENCH_VALUES);
	return (size_t)(end - at);
}

static size_t modbus_answer(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t *end = put_mbap(at, poll, 2 + 2 * BENCH_VALUES);

	*end++ = 2 * BENCH_VALUES;
	for (size_t i = 0; i < BENCH_VALUES; i++) {
		end = put_be16(end, 1000 * i + poll->values[i]);
	}
	return (size_t)(end - at);
}

/* ---- S7comm: read var of ten words of a data block ---- */

/* TPKT (RFC 1006), COTP data (ISO 8073 13.7), S7 head. */
static uint8_t *put_s7(uint8_t *at, const struct bench_poll *poll, uint8_t rosctr, size_t parameter,
		       size_t data)
{
	size_t head = rosctr == 3 ? 12 : 10;

	at = put_be16(at, 0x0300);
	at = put_be16(at, 7 + head + parameter + data);
	at = put(at, "\x02\xf0\x80\x32", 4);
	*at++ = rosctr;
	at = put_be16(at, 0);
	at = put_be16(at, poll->number & 0xffff);
	at = put_be16(at, parameter);
	at = put_be16(at, data);
	return rosctr == 3 ? put_be16(at, 0) : at;
}

static size_t s7comm_request(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t *end = put_s7(at, poll, 1, 14, 0);

	/* Read var, one item: any type, ten words of DB 5 from byte 20 on. */
	end = put(end, "\x04\x01\x12\x0a\x10\x04\x00\x0a\x00\x05\x84\x00\x00\xa0", 14);
	return (size_t)(end - at);
}

static size_t s7comm_answer(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t *end = put_s7(at, poll, 3, 2, 4 + 2 * BENCH_VALUES);

	end = put(end, "\x04\x01\xff\x04", 4);
	end = put_be16(end, (size_t)16 * BENCH_VALUES);
	for (size_t i = 0; i < BENCH_VALUES; i++) {
		end = put_be16(end, 1000 * i + poll->values[i]);
	}
	return (size_t)(end - at);
}

/* ---- DNP3: read of ten analog inputs ---- */

/* IEEE 1815-2012 9.2.2.4: the CRC of link frames. */
static uint8_t *put_crc(const uint8_t *from, uint8_t *at)
{
	uint16_t crc = 0;

	for (const uint8_t *byte = from; byte < at; byte++) {
		crc ^= *byte;
		for (int bit = 0; bit < 8; bit++) {
			crc = (uint16_t)((crc & 1) != 0 ? crc >> 1 ^ 0xa6bc : crc >> 1);
		}
	}
	return put_le16(at, (uint16_t)~crc);
}

/* A link frame with user data in blocks of 16. Master 1, outstation 10. */
static size_t put_link(uint8_t *at, uint8_t control, const uint8_t *data, size_t n)
{
	size_t destination = control == 0xc4 ? 10 : 1, source = control == 0xc4 ? 1 : 10;
	uint8_t *end = put(at, "\x05\x64", 2);

	*end++ = (uint8_t)(5 + n);
	*end++ = control;
	end = put_le16(put_le16(end, destination), source);
	end = put_crc(at, end);
	for (size_t done = 0; done < n;) {
		size_t part = n - done < 16 ? n - done : 16;
		uint8_t *block = end;

		end = put_crc(block, put(block, data + done, part));
		done += part;
	}
	return (size_t)(end - at);
}

static size_t dnp3_request(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t data[16], *end = data;

	*end++ = (uint8_t)(0xc0 | (poll->number & 0x3f)); /* one segment */
	*end++ = (uint8_t)(0xc0 | (poll->number & 0x0f));
	*end++ = 1;
	/* g30v2, points 0 to 9. */
	end = put(end, "\x1e\x02\x00\x00\x09", 5);
	return put_link(at, 0xc4, data, (size_t)(end - data));
}

static size_t dnp3_answer(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t data[64], *end = data;

	*end++ = (uint8_t)(0xc0 | (poll->number & 0x3f));
	*end++ = (uint8_t)(0xc0 | (poll->number & 0x0f));
	*end++ = 129;
	end = put(end, "\x00\x00\x1e\x02\x00\x00\x09", 7);
	for (size_t i = 0; i < BENCH_VALUES; i++) {
		*end++ = 0x01; /* online */
		end = put_le16(end, 1000 * i + poll->values[i]);
	}
	return put_link(at, 0x44, data, (size_t)(end - data));
}

/* ---- EtherNet/IP: read tag of ten DINT, unconnected ---- */

/* SendRRData with a null address and an unconnected data item (CIP volume 2, 2-4.7 and 2-6). */
static uint8_t *put_enip(uint8_t *at, const struct bench_poll *poll, size_t cip_bytes)
{
	at = put_le16(at, 0x6f);
	at = put_le16(at, 16 + cip_bytes);
	at = put_le32(at, 0x00010203);
	at = put_le32(at, 0);
	at = put_le32(at, poll->number);
	at = put_le32(at, 0);
	at = put_le32(at, 0);
	at = put(at, "\0\0\0\0\x05\0\x02\0\0\0\0\0\xb2\0", 14);
	return put_le16(at, cip_bytes);
}

static const char tag[10] = "Tank_Level";

static size_t cip_request(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t *end = put_enip(at, poll, 16);

	end = put(end, "\x4c\x06\x91\x0a", 4);
	end = put(end, tag, sizeof(tag));
	end = put_le16(end, BENCH_VALUES);
	return (size_t)(end - at);
}

static size_t cip_answer(uint8_t *at, const struct bench_poll *poll)
{
	uint8_t *end = put_enip(at, poll, 6 + 4 * BENCH_VALUES);

	end = put(end, "\xcc\0\0\0\xc4\0", 6);
	for (size_t i = 0; i < BENCH_VALUES; i++) {
		end = put_le32(end, 1000 * i + poll->values[i]);
	}
	return (size_t)(end - at);
}

static const struct bench_protocol protocols[] = {
	{ "modbus", 502, modbus_request, modbus_answer },
	{ "s7comm", 102, s7comm_request, s7comm_answer },
	{ "dnp3", 20000, dnp3_request, dnp3_answer },
	{ "cip", 44818, cip_request, cip_answer },
};

const struct bench_protocol *bench_protocol_at(size_t i)
{
	return i < sizeof(protocols) / sizeof(protocols[0]) ? &protocols[i] : NULL;
}

const struct bench_protocol *bench_protocol_find(const char *name)
{
	const struct bench_protocol *protocol;

	for (size_t i = 0; (protocol = bench_protocol_at(i)) != NULL; i++) {
		if (strcmp(protocol->name, name) == 0) {
			return protocol;
		}
	}
	return NULL;
}
