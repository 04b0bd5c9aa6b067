/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* write_whole.h - bytes into a file descriptor, all of them. */

#include "capture/base/common.h"

/* Goes on after a part was written or a signal came. 0 or negative errno. */
int write_whole(int descriptor, const void *bytes, size_t n) MUST_USE;
