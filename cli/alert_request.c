/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/alert_request.h"

#include "capture/base/hash.h"
#include "store/json_value.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define DOCUMENT_MAX 4500

/* What is said of alerts, and of findings. */
static const struct {
	const char *request, *action, *state;
	bool findings;
} actions[] = {
	{ "acknowledge", "alert-acknowledged", "acknowledged", false },
	{ "close", "alert-closed", "closed", false },
	{ "reopen", "alert-reopened", "open", false },
	{ "accept", "finding-accepted", "accepted", true },
	{ "reject", "finding-rejected", "rejected", true },
};

static bool is_one(const struct json_value *document, bool finding)
{
	const char *kind = json_value_text(document, "event.dataset");
	const char *id = json_value_text(document, "weir.alert.id");

	return kind != NULL && strcmp(kind, finding ? "weir.finding" : "weir.alert") == 0 &&
	       id != NULL && strlen(id) == 16 && strspn(id, "0123456789abcdef") == 16;
}

/* The id of the new document: of this alert, this action and this moment. */
static void event_id(const char *alert, const char *action, int64_t time, char out[17])
{
	uint64_t h = hash_stable(HASH_STABLE_START, alert, strlen(alert));

	h = hash_stable(hash_stable(h, action, strlen(action)), &time, sizeof(time));
	snprintf(out, 17, "%016llx", (unsigned long long)hash_stable_end(h));
}

static int fill_in(struct json_value *document, const struct request_place *place, size_t action,
		   const char *reason, const char *id)
{
	struct buffer time = { 0 };
	struct json json = json_to(&time);
	int error = json_value_set_text(document, "event.action", actions[action].action);

	json_time(&json, NULL, place->time);
	if (error == 0 && time.length > 2) {
		/* Without its quotation marks. */
		time.data[time.length - 1] = '\0';
		error = json_value_set_text(document, "@timestamp", time.data + 1);
	}
	buffer_free(&time);
	if (error == 0) {
		error = json_value_set_text(document, "event.id", id);
	}
	if (error == 0) {
		error = json_value_set_text(document, "weir.alert.state", actions[action].state);
	}
	if (error == 0) {
		error = json_value_set_text(document, "weir.alert.by", place->user);
	}
	return error == 0 ? json_value_set_text(document, "weir.alert.reason", reason) : error;
}

/* What the alert's own documents say is left out first where both are too long. */
static void write_short(struct json_value *document, struct buffer *out)
{
	static const char *const spare[] = {
		"rule.reference",        "rule.author",          "threat.technique.reference",
		"weir.iec62443.reason",  "weir.iso27001.reason", "weir.alert.next_step",
		"weir.alert.explanation"
	};

	json_value_write(document, out);
	for (size_t i = 0; i < ARRAY_SIZE(spare) && out->length >= DOCUMENT_MAX; i++) {
		json_value_remove(document, spare[i]);
		buffer_clear(out);
		json_value_write(document, out);
	}
	buffer_text(out, "\n");
}

/* NULL, or what is wrong. */
static const char *answer(const struct request_place *place, struct json_value *document,
			  size_t action, const char *reason)
{
	struct buffer line = { 0 };
	char id[17];
	int error;

	if (!is_one(document, actions[action].findings)) {
		return actions[action].findings ? "the document is no finding"
						: "the document is no alert";
	}
	event_id(json_value_text(document, "weir.alert.id"), actions[action].action, place->time,
		 id);
	error = fill_in(document, place, action, reason, id);
	if (error == 0) {
		write_short(document, &line);
		error = line.failed
			    ? -ENOMEM
			    : analysis_alert_said(place->analysis, place->time, id, line.data,
						  line.length, actions[action].findings);
	}
	buffer_free(&line);
	return error == 0 ? NULL : strerror(-error);
}

void alert_answer(const struct request_place *place, const struct tree *request, struct json *json)
{
	const char *named = tree_text(request, "action"), *text = tree_text(request, "document");
	const char *reason = tree_text(request, "reason"), *wrong = "no such action";
	struct json_value *document = text != NULL ? json_value_parse(text, strlen(text)) : NULL;

	for (size_t i = 0; named != NULL && i < ARRAY_SIZE(actions); i++) {
		if (strcmp(named, actions[i].request) == 0) {
			wrong = reason == NULL || reason[0] == '\0'
				    ? "a reason is wanted"
				    : answer(place, document, i, reason);
		}
	}
	json_value_free(document);
	if (wrong != NULL) {
		json_text(json, "error", wrong);
	}
	json_bool(json, "stored", wrong == NULL && analysis_store(place->analysis) != NULL);
}
