/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/rules.h"

const struct field alert_fields[] = {
	{ "weir.level", FIELD_STRING, FIELD_ALWAYS | FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "Of an alert: informational, low, medium, high or critical", NULL },
	{ "event.risk_score", FIELD_DOUBLE, FIELD_OF_ALERTS, NULL,
	  "0 to 100: from the level, and how much the plant depends on what was touched", NULL },
	{ "weir.alert.explanation", FIELD_STRING, FIELD_PROSE | FIELD_OF_ALERTS, NULL,
	  "What happened, in one sentence", NULL },
	{ "weir.alert.next_step", FIELD_STRING, FIELD_PROSE | FIELD_OF_ALERTS, NULL,
	  "What to do about it", NULL },
	{ "weir.alert.id", FIELD_STRING, FIELD_ALWAYS | FIELD_OF_ALERTS, NULL,
	  "The same in all documents of one alert", NULL },
	{ "weir.alert.count", FIELD_UINT, FIELD_ALWAYS | FIELD_OF_ALERTS, NULL, "Hits so far",
	  NULL },
	{ "weir.alert.first", FIELD_TIME, FIELD_ALWAYS | FIELD_OF_ALERTS, NULL, "First hit", NULL },
	{ "weir.alert.last", FIELD_TIME, FIELD_ALWAYS | FIELD_OF_ALERTS, NULL, "Latest hit", NULL },
	{ "weir.alert.operations", FIELD_STRING, FIELD_LIST | FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "Operations of the session", NULL },
	{ "weir.alert.state", FIELD_STRING, FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "open, acknowledged or closed, as a person said", NULL },
	{ "weir.alert.by", FIELD_STRING, FIELD_OF_ALERTS, NULL, "Who said so", NULL },
	{ "weir.alert.reason", FIELD_STRING, FIELD_PROSE | FIELD_OF_ALERTS, NULL, "And why", NULL },
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
	{ "weir.iec62443.reason", FIELD_STRING, FIELD_PROSE | FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "What was seen, in the view of each of them", NULL },
	{ "weir.iec62443.edition", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "Edition of the standard that the numbers are from", NULL },
	{ "weir.iso27001.control", FIELD_STRING, FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "Controls of ISO/IEC 27001:2022 Annex A concerned", NULL },
	{ "weir.iso27001.reason", FIELD_STRING, FIELD_PROSE | FIELD_LIST | FIELD_OF_ALERTS, NULL,
	  "What was seen, in the view of each of them", NULL },
	{ "weir.iso27001.edition", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "Edition of the standard that the numbers are from", NULL },
	{ "weir.configuration.hash", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "Hash of the sensor's configuration, defaults and command line included", NULL },
	{ "weir.baseline.hash", FIELD_STRING, FIELD_OF_ALERTS, NULL,
	  "Identifies the baseline that was in force", NULL },
	{ "weir.baseline.verdict", FIELD_STRING, FIELD_ENUM | FIELD_OF_ALERTS, NULL,
	  "Of a rule that argues from what is normal: finding, while that is learned, else "
	  "not_normal; held: another rule of high level, so that it is not learned",
	  NULL },
	{ "weir.rule_set.hash", FIELD_STRING, FIELD_ALWAYS | FIELD_OF_ALERTS, NULL,
	  "Identifies the rules that were loaded", NULL },
};

const size_t alert_n_fields = ARRAY_SIZE(alert_fields);

#define ONE  FIELD_OF_ALERTS
#define MANY FIELD_LIST | FIELD_OF_ALERTS

const struct field alert_head_fields[] = {
	{ "event.action", FIELD_STRING, ONE | FIELD_ALWAYS, NULL,
	  "alert-opened, alert-updated, alert-closed, alert-acknowledged or alert-reopened", NULL },
	{ "event.severity", FIELD_UINT, ONE | FIELD_ALWAYS, NULL, "The level: 21, 47, 73 or 99",
	  NULL },
	{ "event.module", FIELD_STRING, ONE | FIELD_ALWAYS, NULL, "weir", NULL },
	{ "rule.name", FIELD_STRING, ONE | FIELD_ALWAYS, NULL, "Title of the rule", NULL },
	{ "rule.id", FIELD_STRING, ONE, NULL, "Id of the rule, or its name without one", NULL },
	{ "rule.uuid", FIELD_STRING, ONE, NULL, "Id of the rule, if a UUID", NULL },
	{ "rule.version", FIELD_STRING, ONE, NULL, "When the rule was last changed", NULL },
	{ "rule.reference", FIELD_STRING, ONE, NULL, "First reference of the rule", NULL },
	{ "rule.author", FIELD_STRING, MANY, NULL, "Who wrote the rule", NULL },
	{ "threat.framework", FIELD_STRING, ONE, NULL, "MITRE ATT&CK", NULL },
	{ "threat.tactic.id", FIELD_STRING, MANY, NULL, "Tactics of ATT&CK for ICS", NULL },
	{ "threat.tactic.name", FIELD_STRING, MANY, NULL, "Their names, in the same order", NULL },
	{ "threat.technique.id", FIELD_STRING, MANY, NULL, "Techniques of ATT&CK for ICS", NULL },
	{ "threat.technique.name", FIELD_STRING, MANY, NULL, "Their names, in the same order",
	  NULL },
	{ "threat.technique.reference", FIELD_STRING, MANY, NULL, "Where they are described",
	  NULL },
};

const size_t alert_n_head_fields = ARRAY_SIZE(alert_head_fields);
