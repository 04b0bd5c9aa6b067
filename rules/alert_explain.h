/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* alert_explain.h - what an alert says to a person: one sentence in plain words, what to do next,
 * and how much it matters; private to this room.  docs/alerts.md has the tables. */

#include "rules/engine.h"

/* One sentence: who did what to whom, and what came of it. */
void alert_explanation(const struct alert_source *source, struct buffer *out);

/* The rule's own, else by what was done. */
const char *alert_next_step(const struct alert_source *source);

/* 0 to 100: from the level, raised or lowered by how much the plant depends on what was touched,
 * and by what its zone wants of the requirements concerned. */
unsigned alert_risk(const struct alert_source *source);
