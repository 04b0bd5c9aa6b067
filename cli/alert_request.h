/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* alert_request.h - what a person says of an alert: a row of the journal, and a document for
 *whoever gets alerts.
 *
 *	{"command":"alert","action":"acknowledge","reason":"planned, CHG-12","document":"{...}"}
 *
 * action: acknowledge, close or reopen; of a finding accept or reject.  document: the alert as it
 *was last told, which the new document repeats, so that it can be found by all that the alert is
 *found by.  Who and when are filled in here.  The answer has "stored", or "error". */

#include "cli/request.h"

request_function alert_answer;
