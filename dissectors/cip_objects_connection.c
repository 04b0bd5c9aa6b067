/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The Connection Manager (CIP Volume 1, 3-5). */

#include "dissectors/cip_private.h"

static const struct cip_service services[] = {
	{ .code = 0x4e, .name = "forward_close", .operation = OPERATION_SESSION },
	{ .code = CIP_UNCONNECTED_SEND,
	  .name = "unconnected_send",
	  .operation = OPERATION_UNKNOWN },
	{ .code = 0x54, .name = "forward_open", .operation = OPERATION_SESSION },
	{ .code = 0x56, .name = "get_connection_data", .operation = OPERATION_DIAGNOSE },
	{ .code = 0x57, .name = "search_connection_data", .operation = OPERATION_DIAGNOSE },
	{ .code = 0x5a, .name = "get_connection_owner", .operation = OPERATION_DIAGNOSE },
	{ .code = 0x5b, .name = "large_forward_open", .operation = OPERATION_SESSION },
};

const struct cip_object cip_object_connection_manager = {
	.class = CIP_CLASS_CONNECTION_MANAGER,
	.name = "connection_manager",
	.services = services,
	.n_services = ARRAY_SIZE(services),
};
