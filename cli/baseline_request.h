/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* baseline_request.h - what persons do to the baseline, as requests.
 *
 *	{"command":"baseline","action":"stage","first":true,"lines":["asset 10.0.0.3",...]}
 *	{"command":"baseline","action":"accept","reason":"CHG-12"}
 *	{"command":"baseline","action":"import","reason":"as reviewed"}
 *	{"command":"baseline","action":"reject","reason":"not known to us"}
 *	{"command":"baseline","action":"freeze","reason":"..."}
 *	{"command":"baseline","action":"learn","reason":"...","time":604800000000000}
 *
 * Lines are staged first, in as many requests as they need; accept, import and reject take what is
 * staged.  accept adds them, import puts them in the place of all, and of reject's, which name
 * operations, none is learned.  The answer: {"state":"frozen","lines":812,"added":3,"removed":0,
 * "hash":"..."}, or "error". */

#include "cli/request.h"

request_function baseline_answer;
