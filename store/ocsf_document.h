/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* ocsf_document.h - a document as an event of the Open Cybersecurity Schema Framework 1.8.0.
 *
 * Alerts and findings become Detection Finding (2004), assets and their changes Device Inventory
 * Info (5001), what has two ends Network Activity (4001), and all else the Base Event (0).  What
 * the schema has no attribute for is whole in `unmapped`, so that nothing is lost. */

#include "capture/base/buffer.h"

/* Adds one document (JSON without newline) as one line without newline. What is no JSON becomes a
 * Base Event without anything. */
void ocsf_document_write(struct buffer *out, const char *json, size_t length);
