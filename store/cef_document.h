/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* cef_document.h - a document in the Common Event Format of ArcSight (version 0 of the format): a
 * header of seven parts and extensions. */

#include "capture/base/buffer.h"

/* Adds one document (JSON without newline) as one line without newline. */
void cef_document_write(struct buffer *out, const char *json, size_t length);
