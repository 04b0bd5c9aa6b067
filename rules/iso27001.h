/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* iso27001.h - the controls of ISO/IEC 27001 Annex A that rules name. */

#include "capture/base/common.h"

#define ISO27001_EDITION "ISO/IEC 27001:2022"

struct iso27001_control {
	const char *id; /* "A.8.16" */
	const char *title;
	const char *reason; /* one line; NULL: traffic says nothing about it */
};

/* By the second part of a tag, "a-8.16"; NULL when there is none. */
const struct iso27001_control *iso27001_control(const char *tag);
