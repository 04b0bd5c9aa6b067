/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The objects that have rows, by class. An object is a file of rows (cip_objects_*.c) and a line
 * here; classes of more than one byte are few and stand in a list of their own. */

#include "dissectors/cip_private.h"

static const struct cip_object *const objects[256] = {
	[CIP_CLASS_IDENTITY] = &cip_object_identity,
	[CIP_CLASS_MESSAGE_ROUTER] = &cip_object_message_router,
	[CIP_CLASS_ASSEMBLY] = &cip_object_assembly,
	[CIP_CLASS_CONNECTION_MANAGER] = &cip_object_connection_manager,
	[0x0f] = &cip_object_parameter,
	[0x37] = &cip_object_file,
	[0x39] = &cip_object_safety_supervisor,
	[0x3a] = &cip_object_safety_validator,
	[0x43] = &cip_object_time_sync,
	[0x5d] = &cip_object_cip_security,
	[0x5e] = &cip_object_enip_security,
	[0x5f] = &cip_object_certificates,
	[0x64] = &cip_object_program_name,
	[CIP_CLASS_PCCC] = &cip_object_pccc,
	[0x68] = &cip_object_program,
	[0x69] = &cip_object_map,
	[0x6a] = &cip_object_data,
	[CIP_CLASS_SYMBOL] = &cip_object_symbol,
	[0x6c] = &cip_object_template,
	[0x6d] = &cip_object_routine,
	[0x6e] = &cip_object_message_part,
	[0x70] = &cip_object_task,
	[0x72] = &cip_object_memory,
	[0x74] = &cip_object_semaphore,
	[0x7e] = &cip_object_module,
	[0x8c] = &cip_object_parts[0],
	[0x8d] = &cip_object_parts[1],
	[0xb0] = &cip_object_parts[2],
	[0xb1] = &cip_object_parts[3],
	[0x8b] = &cip_object_wall_clock,
	[0x8e] = &cip_object_controller,
	[0xa1] = &cip_object_flash,
	[0xac] = &cip_object_changes,
	[0xf4] = &cip_object_port,
	[0xf5] = &cip_object_tcpip,
	[0xf6] = &cip_object_ethernet_link,
};

/* Classes from 256 on. */
static const struct cip_object *const far_objects[] = {
	&cip_object_parts[4], &cip_object_parts[5], &cip_object_parts[6],
	&cip_object_parts[7], &cip_object_parts[8],
};

static const struct cip_object nobody = { .class = 0 };

const struct cip_object *cip_object_of(uint32_t class, bool symbolic)
{
	if (symbolic) {
		class = CIP_CLASS_SYMBOL;
	}
	if (class < ARRAY_SIZE(objects)) {
		return objects[class] != NULL ? objects[class] : &nobody;
	}
	for (size_t i = 0; i < ARRAY_SIZE(far_objects); i++) {
		if (far_objects[i]->class == class) {
			return far_objects[i];
		}
	}
	return &nobody;
}

const struct cip_service *cip_service_of(const struct cip_object *object, uint8_t code)
{
	for (size_t i = 0; i < object->n_services; i++) {
		if (object->services[i].code == code) {
			return &object->services[i];
		}
	}
	return code < CIP_COMMON_SERVICES && cip_common_services[code].name != NULL
		   ? &cip_common_services[code]
		   : NULL;
}

const struct cip_attribute *cip_attribute_of(const struct cip_object *object, uint32_t id)
{
	for (size_t i = 0; i < object->n_attributes; i++) {
		if (object->attributes[i].id == id) {
			return &object->attributes[i];
		}
	}
	return NULL;
}

enum operation cip_operation_of(const struct cip_service *service,
				const struct cip_request *request)
{
	if (service == NULL) {
		return OPERATION_UNKNOWN;
	}
	return service->refine != NULL ? service->refine(request) : service->operation;
}

const char *cip_object_name(const struct cip_object *object, uint32_t class)
{
	return object->name != NULL ? object->name : cip_class_word(class);
}
