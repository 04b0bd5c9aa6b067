/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_object_fields.h - fields that objects (cip_objects_*.c) put; those of every message are in
 * cip_private.h. */

#define CIP_OBJECT_FIELDS(X)                                                                  \
	X(REVISION, "object.revision", UINT, 0, "Revision of a class")                        \
	X(MAX_INSTANCE, "object.max_instance", UINT, 0, "Highest instance number of a class") \
	X(INSTANCES, "object.instances", UINT, 0, "Instances of a class")
