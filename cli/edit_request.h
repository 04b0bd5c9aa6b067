/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* edit_request.h - what persons say about assets, as a JSON object that is answered by whoever has
 * the inventory: the running sensor, or the command itself on a database that no sensor writes.
 *
 *	{"command":"edit","reason":"audit 12","dry_run":false,"edits":[
 *	  {"asset":"10.0.0.3","set":{"owner":"Maria","criticality":"high"}},
 *	  {"serial":"4711","mac":"00:80:f4:00:00:03","address":"10.0.0.3","set":{"tag":"A-17"}},
 *	  {"asset":"10.0.0.3","merge":["10.0.0.4"]},
 *	  {"asset":"10.0.0.3","split":"10.0.0.4"}]}
 *
 * Of serial, mac and address the first that names one asset decides.  The answer:
 *
 *	{"stored":true,"results":[{"asset":"1f...","is":"1f... 10.0.0.3 (press 4)","changed":2},
 *	  {"error":"no asset is '4711'"}]} */

#include "cli/request.h"

request_function edit_answer;
