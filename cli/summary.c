/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/summary.h"

#include "cli/cell.h"

#include <inttypes.h>
#include <stdio.h>

#define CODE_TEXT_SIZE 64

/* The objects from code to count of a protocol, in the order of the contract. */
static const char *const class_keys[MESSAGE_CLASSES + 1] = {
	[MESSAGE_REQUEST] = "requests",     [MESSAGE_RESPONSE] = "responses",
	[MESSAGE_EXCEPTION] = "exceptions", [MESSAGE_USERDATA] = "userdata",
	[MESSAGE_CLASSES] = "errors",
};

static void code_text(size_t protocol, const struct code_count *code, char *out)
{
	const struct dissector *dissector = dissector_at(protocol);

	if (dissector->code_text != NULL) {
		dissector->code_text((enum message_class)code->class, code->code, out,
				     CODE_TEXT_SIZE);
	} else {
		snprintf(out, CODE_TEXT_SIZE, "%" PRIu32, code->code);
	}
}

static void protocol_codes(struct json *json, const struct pipeline_counters *pipeline,
			   size_t protocol, unsigned class)
{
	char text[CODE_TEXT_SIZE];

	json_object(json, class_keys[class]);
	for (size_t i = 0; i < pipeline->n_codes; i++) {
		const struct code_count *code = &pipeline->codes[i];

		if (code->protocol == protocol && code->class == class) {
			code_text(protocol, code, text);
			json_uint(json, text, code->count);
		}
	}
	json_end(json);
}

/* Which share of a protocol's messages can be read. */
static double readable_percent(const struct protocol_counters *counters)
{
	uint64_t all = counters->messages + counters->encrypted;

	return all > 0 ? (double)(counters->messages * 1000 / all) / 10 : 100;
}

bool summary_protocol_seen(const struct protocol_counters *counters)
{
	return counters->messages > 0 || counters->malformed > 0 || counters->unknown > 0 ||
	       counters->encrypted > 0;
}

/* What was wholly understood: neither unknown nor malformed. */
static uint64_t decoded(const struct protocol_counters *counters)
{
	uint64_t not_decoded = counters->unknown + counters->malformed;

	return counters->messages > not_decoded ? counters->messages - not_decoded : 0;
}

void summary_protocol(struct json *json, const struct pipeline_counters *pipeline, size_t protocol)
{
	const struct protocol_counters *counters = &pipeline->engine.protocols[protocol];

	json_uint(json, "messages", counters->messages);
	json_uint(json, "unknown", counters->unknown);
	json_uint(json, "malformed", counters->malformed);
	json_uint(json, "gap_bytes", counters->gap_bytes);
	json_uint(json, "decoded", decoded(counters));
	json_uint(json, "encrypted", counters->encrypted);
	if (counters->encrypted > 0) {
		json_uint(json, "encrypted_bytes", counters->encrypted_bytes);
		json_double(json, "readable_percent", readable_percent(counters));
	}
	for (unsigned class = 0; class <= MESSAGE_CLASSES; class ++) {
		protocol_codes(json, pipeline, protocol, class);
	}
}

void summary_protocols(struct json *json, const struct pipeline_counters *pipeline)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (summary_protocol_seen(&pipeline->engine.protocols[i])) {
			json_object(json, dissector_at(i)->name);
			summary_protocol(json, pipeline, i);
			json_end(json);
		}
	}
}

#define NOTE_SIZE 128

static void alerts_json(struct json *json, const struct summary *summary)
{
	json_object(json, "alerts");
	for (int level = LEVELS - 1; level >= 0; level--) {
		json_uint(json, alert_level_name((enum alert_level)level),
			  summary->rules.alerts[level]);
	}
	json_end(json);
}

static void held_json(void *context, const char *id, const char *title, uint64_t held)
{
	(void)title;
	json_uint(context, id, held);
}

/* What exceptions held back, so that it is never silently lost. */
static void exceptions_json(struct json *json, const struct summary *summary)
{
	if (summary->exceptions == NULL) {
		return;
	}
	json_object(json, "exceptions");
	json_text(json, "hash", rule_exceptions_hash(summary->exceptions));
	json_uint(json, "held", summary->rules.held);
	json_object(json, "rules");
	rule_engine_held(summary->engine, held_json, json);
	json_end(json);
	json_end(json);
}

/* What did not judge; out has NOTE_SIZE bytes. NULL: all did. */
static const char *learning_note(const struct summary *summary, char *out)
{
	if (!summary->judged) {
		return "rules were not used";
	}
	if (!summary->learning) {
		return NULL;
	}
	snprintf(out, NOTE_SIZE,
		 "no baseline: %zu rules about what is new were not judged (weir rules list "
		 "needs=baseline)",
		 summary->rules_of_baseline);
	return out;
}

static void quality_json(struct json *json, const struct summary *summary)
{
	const struct pipeline_counters *pipeline = summary->pipeline;

	json_uint(json, "truncated", pipeline->decode.truncated);
	json_uint(json, "malformed", pipeline->decode.malformed);
	json_object(json, "fragments");
	json_uint(json, "seen", pipeline->decode.fragments);
	json_uint(json, "reassembled", pipeline->decode.fragments_reassembled);
	json_uint(json, "conflicting", pipeline->decode.fragments_conflicting);
	json_end(json);
	json_object(json, "streams");
	json_uint(json, "retransmissions", pipeline->tracker.retransmissions);
	json_uint(json, "out_of_order", pipeline->tracker.out_of_order);
	json_uint(json, "gaps", pipeline->tracker.gaps);
	json_uint(json, "gap_bytes", pipeline->tracker.gap_bytes);
	json_uint(json, "conflicts", pipeline->tracker.conflicts);
	json_end(json);
	json_object(json, "requests");
	json_uint(json, "unanswered", pipeline->engine.requests_unanswered);
	json_uint(json, "orphan_responses", pipeline->engine.orphan_responses);
	json_end(json);
	json_uint(json, "flows_one_sided", pipeline->tracker.flows_one_sided);
	json_uint(json, "filtered", pipeline->filtered);
	json_uint(json, "dropped", pipeline->dropped_kernel + pipeline->dropped_interface);
}

/* What the caps of the tables cost. */
static void caps_json(struct json *json, const struct summary *summary)
{
	const struct pipeline_counters *pipeline = summary->pipeline;

	json_object(json, "caps");
	json_uint(json, "flows_evicted", pipeline->tracker.flows_evicted);
	json_uint(json, "stream_bytes_refused", pipeline->tracker.stream_bytes_refused);
	json_uint(json, "fragments_evicted", pipeline->decode.fragments_evicted);
	json_uint(json, "requests_evicted", pipeline->engine.requests_evicted);
	json_uint(json, "records_dropped", pipeline->records.dropped);
	json_uint(json, "values_cut", pipeline->records.values_cut);
	json_uint(json, "assets_evicted", summary->inventory.assets_evicted);
	json_uint(json, "conversations_evicted", summary->inventory.conversations_evicted);
	json_uint(json, "alerts_evicted", summary->rules.alerts_evicted);
	json_uint(json, "details_refused", summary->inventory.details_refused);
	json_uint(json, "facts_refused", summary->inventory.facts_refused);
	json_end(json);
}

static void files_json(struct json *json, const struct summary *summary)
{
	if (summary->files != NULL) {
		json_object(json, "files");
		json_uint(json, "cut", summary->files->cut_files);
		json_uint(json, "damaged", summary->files->damaged_files);
		json_uint(json, "oversized", summary->files->oversized);
		json_uint(json, "dropped_by_capture", summary->files->dropped);
		json_end(json);
	}
}

void summary_json(struct buffer *out, const struct summary *summary)
{
	const struct pipeline_counters *pipeline = summary->pipeline;
	char text[NOTE_SIZE];
	const char *note = learning_note(summary, text);
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_uint(&json, "schema", 1);
	json_uint(&json, "packets", pipeline->decode.frames);
	json_uint(&json, "bytes", pipeline->decode.bytes);
	json_uint(&json, "duplicates", pipeline->tracker.duplicates);
	json_uint(&json, "flows", pipeline->tracker.flows);
	json_uint(&json, "records", pipeline->records.records);
	json_uint(&json, "assets", summary->inventory.assets);
	json_uint(&json, "conversations", summary->inventory.conversations);
	alerts_json(&json, summary);
	exceptions_json(&json, summary);
	json_object(&json, "blind");
	json_uint(&json, "intervals", pipeline->engine.blind_records);
	json_uint(&json, "bytes", pipeline->engine.blind_bytes);
	json_end(&json);
	json_object(&json, "protocols");
	summary_protocols(&json, pipeline);
	json_end(&json);
	if (pipeline->first != TIME_NONE) {
		json_time(&json, "first", pipeline->first);
		json_time(&json, "last", pipeline->last);
	}
	quality_json(&json, summary);
	caps_json(&json, summary);
	files_json(&json, summary);
	if (note != NULL) {
		json_text(&json, "note", note);
	}
	if (summary->interrupted) {
		json_bool(&json, "interrupted", true);
	}
	json_end(&json);
	buffer_text(out, "\n");
}

/* ---- for a person ---- */

static void text_span(struct buffer *out, const struct pipeline_counters *pipeline)
{
	char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE], span[32];

	if (pipeline->first == TIME_NONE) {
		return;
	}
	buffer_format(out, "time           %s to %s (%s)\n",
		      time_text_local(pipeline->first, first),
		      time_text_local(pipeline->last, last),
		      text_of_duration(pipeline->last - pipeline->first, span, sizeof(span)));
}

static void text_protocols(struct buffer *out, const struct pipeline_counters *pipeline)
{
	bool any = false;

	for (size_t i = 0; i < dissector_count(); i++) {
		const struct protocol_counters *counters = &pipeline->engine.protocols[i];

		if (!summary_protocol_seen(counters)) {
			continue;
		}
		buffer_format(out, "%-14s %s: %" PRIu64 " messages", any ? "" : "protocols",
			      dissector_at(i)->name, counters->messages);
		if (counters->by_class[MESSAGE_EXCEPTION] + counters->errors > 0) {
			buffer_format(out, ", %" PRIu64 " refused by the device",
				      counters->by_class[MESSAGE_EXCEPTION] + counters->errors);
		}
		if (counters->malformed > 0) {
			buffer_format(out, ", %" PRIu64 " malformed", counters->malformed);
		}
		if (counters->unknown > 0) {
			buffer_format(out, ", %" PRIu64 " with an unknown code", counters->unknown);
		}
		if (counters->encrypted > 0) {
			buffer_format(out, ", %" PRIu64 " encrypted (readable %.1f %%)",
				      counters->encrypted, readable_percent(counters));
		}
		buffer_text(out, "\n");
		any = true;
	}
	if (!any) {
		buffer_text(out, "protocols      none that Weir dissects\n");
	}
}

static void text_alerts(struct buffer *out, const struct summary *summary)
{
	char text[NOTE_SIZE];
	const char *note = learning_note(summary, text);
	bool any = false;

	buffer_text(out, "alerts        ");
	for (int level = LEVELS - 1; level >= 0; level--) {
		if (summary->rules.alerts[level] > 0) {
			buffer_format(out, "%s %" PRIu64 " %s", any ? "," : "",
				      summary->rules.alerts[level],
				      alert_level_name((enum alert_level)level));
			any = true;
		}
	}
	buffer_format(out, "%s%s%s%s\n", any ? "" : " none", note != NULL ? " (" : "",
		      note != NULL ? note : "", note != NULL ? ")" : "");
}

static void held_text(void *context, const char *id, const char *title, uint64_t held)
{
	(void)id;
	buffer_format(context, "               %" PRIu64 " %s\n", held, title);
}

static void text_exceptions(struct buffer *out, const struct summary *summary)
{
	if (summary->exceptions != NULL) {
		buffer_format(out, "exceptions     %" PRIu64 " hits raised no alert\n",
			      summary->rules.held);
		rule_engine_held(summary->engine, held_text, out);
	}
}

/* One line for each thing that was not seen or not understood, if there is any. */
static void text_quality(struct buffer *out, const struct summary *summary)
{
	const struct pipeline_counters *pipeline = summary->pipeline;
	const struct {
		uint64_t count;
		const char *text;
	} rows[] = {
		{ pipeline->engine.blind_records,
		  "holes in sessions (packets not in the capture)" },
		{ pipeline->tracker.conflicts,
		  "overlaps with different content (evasion or damage)" },
		{ pipeline->decode.fragments_conflicting,
		  "IP fragments that overlap with different content" },
		{ pipeline->decode.truncated, "packets cut by the snap length" },
		{ pipeline->decode.malformed, "malformed packets" },
		{ pipeline->engine.requests_unanswered, "requests without an answer" },
		{ pipeline->tracker.flows_one_sided, "TCP flows of which one direction was seen" },
		{ pipeline->engine.port_mismatches,
		  "flows that do not speak what their port says" },
		{ pipeline->dropped_kernel + pipeline->dropped_interface, "packets lost" },
		{ pipeline->records.dropped, "records lost: analysis was too slow" },
		{ pipeline->tracker.flows_evicted, "flows forgotten: table full" },
		{ summary->inventory.assets_evicted, "assets forgotten: table full" },
		{ summary->files != NULL ? summary->files->cut_files + summary->files->damaged_files
					 : 0,
		  "files cut short or damaged" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].count > 0) {
			buffer_format(out, "note           %s: %" PRIu64 "\n", rows[i].text,
				      rows[i].count);
		}
	}
}

void summary_text(struct buffer *out, const struct summary *summary)
{
	const struct pipeline_counters *pipeline = summary->pipeline;
	char bytes[32];

	text_span(out, pipeline);
	buffer_format(out, "packets        %" PRIu64 " (%s)", pipeline->decode.frames,
		      text_of_bytes(pipeline->decode.bytes, bytes, sizeof(bytes)));
	if (pipeline->tracker.duplicates > 0) {
		buffer_format(out, ", %" PRIu64 " duplicates of the mirror left out",
			      pipeline->tracker.duplicates);
	}
	if (pipeline->filtered > 0) {
		buffer_format(out, ", %" PRIu64 " refused by the filter", pipeline->filtered);
	}
	buffer_format(out, "\nflows          %" PRIu64 "\nrecords        %" PRIu64 "\n",
		      pipeline->tracker.flows, pipeline->records.records);
	buffer_format(out, "assets         %" PRIu64 "\nconversations  %" PRIu64 "\n",
		      summary->inventory.assets, summary->inventory.conversations);
	text_protocols(out, pipeline);
	text_alerts(out, summary);
	text_exceptions(out, summary);
	text_quality(out, summary);
	if (summary->interrupted) {
		buffer_text(out, "note           interrupted before the end\n");
	}
}
