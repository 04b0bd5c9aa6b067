/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The objects that have rows, by class. An object is a file of rows (cip_objects_*.c) and a line
 * here; classes of more than one byte are few and stand in a list of their own. */

#include "dissectors/cip_private.h"

static const struct cip_object *const objects[256] = {
	[CIP_CLASS_CONNECTION_MANAGER] = &cip_object_connection_manager,
};

/* Classes from 256 on. */
static const struct cip_object *const far_objects[] = {
	NULL,
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
		if (far_objects[i] != NULL && far_objects[i]->class == class) {
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
