/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cip_names.h - the words for CIP's numbers: vendors, device types, classes, status codes. All are
 * texts that outlive records; NULL: nobody assigned the number. */

#include "capture/base/common.h"

const char *cip_vendor_name(uint32_t id);
const char *cip_device_type_name(uint32_t id);
/* Classes that ODVA assigned; those of vendors are named by the objects in cip_objects.c. */
const char *cip_class_word(uint32_t id);
const char *cip_status_name(uint8_t status);
/* Extended status behind a general status: of the Connection Manager and whatever failed on the way
 * to a target (1), of Logix controllers (255). Others are the objects' own. */
const char *cip_extended_status_name(uint8_t status, uint32_t extended);
