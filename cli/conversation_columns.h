/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* conversation_columns.h - the columns of conversations, by which others filter them too. */

#include "cli/tree.h"

#define CONVERSATION_COLUMNS 32

extern const struct column conversation_columns[CONVERSATION_COLUMNS];
