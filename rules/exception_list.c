/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "rules/exceptions_private.h"

static struct rule_exception_info info_of(const struct rule_exceptions *exceptions, size_t i,
					  int64_t now)
{
	const struct exception *entry = &exceptions->items[i];

	return (struct rule_exception_info) {
		.name = entry->name,
		.owner = entry->owner,
		.reason = entry->reason,
		.action = exception_action_name(entry->action),
		.file = exceptions->file,
		.line = entry->line,
		.n_rules = entry->n_rules,
		.expires = entry->expires,
		.expired = now != TIME_NONE && now >= entry->expires,
		.last = TIME_NONE,
	};
}

void rule_exceptions_each(const struct rule_exceptions *exceptions, int64_t now,
			  void (*handler)(void *context, const struct rule_exception_info *info),
			  void *context)
{
	for (size_t i = 0; i < exceptions->n; i++) {
		struct rule_exception_info info = info_of(exceptions, i, now);

		handler(context, &info);
	}
}

void exception_state_each(const struct exception_state *state,
			  void (*handler)(void *context, const struct rule_exception_info *info),
			  void *context)
{
	for (size_t i = 0; state->exceptions != NULL && i < state->exceptions->n; i++) {
		struct rule_exception_info info = info_of(state->exceptions, i, state->clock);

		info.hits = state->uses[i].hits;
		info.held = state->uses[i].held;
		info.last = state->uses[i].last;
		handler(context, &info);
	}
}
