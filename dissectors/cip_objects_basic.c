/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Assembly (CIP Volume 1, 5-5): process data as a block. Parameter (5-14): settings of drives and
 * sensors. PCCC: the class through which commands of DF1 come; what they are is said by another
 * dissector. */

#include "dissectors/cip_private.h"

static const struct cip_attribute assembly_attributes[] = {
	{ .id = 1, .name = "number_of_members", .type = CIP_UINT, .field = CIP_NO_FIELD },
	{ .id = 3, .name = "data", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 4, .name = "size", .type = CIP_UINT, .field = CIP_NO_FIELD },
};

const struct cip_object cip_object_assembly = {
	.class = CIP_CLASS_ASSEMBLY,
	.name = "assembly",
	.attributes = assembly_attributes,
	.n_attributes = ARRAY_SIZE(assembly_attributes),
};

static const struct cip_attribute parameter_attributes[] = {
	{ .id = 1, .name = "value", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 2, .name = "link_path_size", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 4, .name = "descriptor", .type = CIP_UINT, .field = CIP_NO_FIELD },
	{ .id = 6, .name = "data_size", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 7, .name = "name", .type = CIP_SHORT_STRING, .field = CIP_NO_FIELD },
	{ .id = 8, .name = "units", .type = CIP_SHORT_STRING, .field = CIP_NO_FIELD },
	{ .id = 9, .name = "help", .type = CIP_SHORT_STRING, .field = CIP_NO_FIELD },
	{ .id = 10, .name = "minimum", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 11, .name = "maximum", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 12, .name = "default", .type = CIP_REST, .field = CIP_NO_FIELD },
};

static const struct cip_service parameter_services[] = {
	{ .code = 0x05, .name = "reset", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4b, .name = "get_enum_string", .operation = OPERATION_READ },
};

const struct cip_object cip_object_parameter = {
	.class = 0x0f,
	.name = "parameter",
	.services = parameter_services,
	.n_services = ARRAY_SIZE(parameter_services),
	.attributes = parameter_attributes,
	.n_attributes = ARRAY_SIZE(parameter_attributes),
	.set = OPERATION_CONFIG_WRITE,
};

static const struct cip_service pccc_services[] = {
	{ .code = CIP_EXECUTE_PCCC, .name = "execute_pccc", .operation = OPERATION_UNKNOWN },
	{ .code = 0x4c, .name = "execute_dh_plus", .operation = OPERATION_UNKNOWN },
	{ .code = 0x4d, .name = "execute_local_pccc", .operation = OPERATION_UNKNOWN },
};

const struct cip_object cip_object_pccc = {
	.class = CIP_CLASS_PCCC,
	.name = "pccc",
	.services = pccc_services,
	.n_services = ARRAY_SIZE(pccc_services),
	.set = OPERATION_CONFIG_WRITE,
};
