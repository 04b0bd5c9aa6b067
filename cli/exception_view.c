/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/exception_view.h"

static const char *state_of(const struct rule_exception_info *info, bool used)
{
	if (info->expired) {
		return "expired";
	}
	return used && info->hits == 0 ? "never used" : "active";
}

void exception_view_write(struct json *json, const struct rule_exception_info *info, bool used)
{
	json_text(json, "name", info->name);
	json_text(json, "state", state_of(info, used));
	json_text(json, "action", info->action);
	json_uint(json, "rules", info->n_rules);
	if (used) {
		json_uint(json, "hits", info->hits);
		json_uint(json, "held", info->held);
	}
	if (info->last != TIME_NONE) {
		json_time(json, "last", info->last);
	}
	json_time(json, "expires", info->expires);
	json_text(json, "owner", info->owner);
	json_text(json, "reason", info->reason);
	json_text(json, "file", info->file);
	json_uint(json, "line", info->line);
}

static void answer_one(void *context, const struct rule_exception_info *info)
{
	struct json *json = context;

	json_object(json, NULL);
	exception_view_write(json, info, true);
	json_end(json);
}

void exceptions_answer(const struct request_place *place, const struct tree *request,
		       struct json *json)
{
	struct rule_engine *engine = analysis_rules(place->analysis);

	(void)request;
	if (engine == NULL || place->reload == NULL) {
		json_text(json, "error", "no sensor judges by rules here");
		return;
	}
	json_array(json, "exceptions");
	rule_engine_exceptions_each(engine, answer_one, json);
	json_end(json);
}
