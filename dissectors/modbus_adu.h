/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* modbus_adu.h - what Modbus hands a protocol that rides in one of its function codes (d->parent).
 * `key` pairs a request with its answer. */

#include "capture/base/common.h"

struct modbus_adu {
	uint64_t key;
	uint16_t transaction;
	uint8_t unit, function;
	bool response;
};

/* The unit ids with which a server on TCP means itself. */
bool modbus_unit_is_device(uint32_t unit);
