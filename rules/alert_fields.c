/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/rules.h"

const struct field alert_fields[] = {
	{ "weir.level", FIELD_STRING, FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "Of an alert: informational, low, medium, high or critical", NULL },
	{ "weir.alert.id", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "The same in all documents of one alert", NULL },
	{ "weir.alert.count", FIELD_UINT, FIELD_OF_ALERTS, NULL, "Hits so far", NULL },
	{ "weir.alert.first", FIELD_TIME, FIELD_OF_ALERTS, NULL, "First hit", NULL },
	{ "weir.alert.last", FIELD_TIME, FIELD_OF_ALERTS, NULL, "Latest hit", NULL },
	{ "weir.alert.operations", FIELD_STRING, FIELD_LIST | FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "Operations of the session", NULL },
	{ "weir.alert.truncated", FIELD_BOOL, FIELD_OF_ALERTS, NULL,
	  "Evidence was left out to keep the document below 4,500 bytes", NULL },
	{ "weir.attack.version", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "Version of ATT&CK for ICS that the techniques are from", NULL },
	{ "weir.correlation.count", FIELD_UINT, FIELD_OF_ALERTS, NULL,
	  "Events or values that the correlation counted", NULL },
	{ "weir.correlation.value", FIELD_DOUBLE, FIELD_OF_ALERTS, NULL,
	  "Sum, average, percentile or share that a correlation measured", NULL },
	{ "weir.correlation.rules", FIELD_STRING, FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "Titles of the rules that a temporal correlation is made of", NULL },
	{ "weir.correlation.times", FIELD_TIME, FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "Their latest hits, in the same order", NULL },
	{ "weir.correlation.events", FIELD_STRING, FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "The event.id of these hits", NULL },
	{ "weir.iec62443.sr", FIELD_STRING, FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "Requirements of IEC 62443-3-3 concerned", NULL },
	{ "weir.iec62443.relation", FIELD_STRING, FIELD_LIST | FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "How the alert relates to each of them", NULL },
	{ "weir.iso27001.control", FIELD_STRING, FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "Controls of ISO/IEC 27001:2022 Annex A concerned", NULL },
	{ "weir.rule_set.hash", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "Identifies the rules that were loaded", NULL },
};

const size_t alert_n_fields = ARRAY_SIZE(alert_fields);
