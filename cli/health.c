/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/health.h"

#include "cli/first_look.h"
#include "cli/setup.h"
#include "cli/summary.h"
#include "store/sensor_note.h"

#include <errno.h>
#include <inttypes.h>

int health_begin(struct health *health, const struct config *config, const char *name,
		 const struct log_sink *log)
{
	*health = (struct health) { .config = config,
				    .log = log,
				    .name = name,
				    .started = TIME_NONE,
				    .clock = TIME_NONE,
				    .told = TIME_NONE,
				    .interval_from = TIME_NONE };
	for (size_t i = 0; i < config->capture.n_interfaces; i++) {
		health->ports[i].name = config->capture.interfaces[i].name;
	}
	return record_writer_init(&health->writer, NULL);
}

void health_end(struct health *health)
{
	record_writer_end(&health->writer);
}

void health_record(struct health *health, const struct record *record)
{
	health->clock = time_max(health->clock, record->time);
	if (record->vlan == 0 || record->source_interface >= health->config->capture.n_interfaces) {
		return;
	}
	struct health_port *port = &health->ports[record->source_interface];
	for (size_t i = 0; i < port->n_vlans; i++) {
		if (port->vlans[i] == record->vlan) {
			return;
		}
	}
	if (port->n_vlans < HEALTH_VLANS_MAX) {
		port->vlans[port->n_vlans++] = record->vlan;
	}
}

/* A sensor record of our own goes the way of all records: rules judge it, the journal keeps it. */
static void losses_record(struct health *health, uint64_t drops, double percent, int64_t now)
{
	const struct record head = { .time = time_max(now, health->clock),
				     .start = health->interval_from,
				     .duration = -1,
				     .protocol = PROTOCOL_NONE };

	record_begin(&health->writer, RECORD_SENSOR, &head);
	record_put_static(&health->writer, CORE_SENSOR_EVENT, "drops");
	record_put_uint(&health->writer, CORE_SENSOR_COUNT, drops);
	record_put_double(&health->writer, CORE_SENSOR_SHARE, percent);
	record_put_static(&health->writer, CORE_SENSOR_WHAT, "packets");
	record_commit(&health->writer);
	analysis_record(health->analysis, record_last(&health->writer));
}

static void losses_look(struct health *health, const struct pipeline_counters *counters,
			int64_t now)
{
	uint64_t all = counters->dropped_kernel + counters->dropped_interface;
	uint64_t drops = all - health->interval_drops;
	uint64_t packets = counters->decode.frames - health->interval_packets;
	double percent = drops > 0 ? 100.0 * (double)drops / ((double)drops + (double)packets) : 0;

	if (drops > 0) {
		log_warning(health->log,
			    "%" PRIu64 " packets lost (%.2f %% of %" PRIu64
			    "): raise capture.buffer "
			    "or capture.workers",
			    drops, percent, drops + packets);
	}
	if (percent > health->config->health.drops) {
		losses_record(health, drops, percent, now);
	}
	health->interval_from = now;
	health->interval_drops = all;
	health->interval_packets = counters->decode.frames;
}

/* What the sensor saw and lost since it began, and the head of its journal, by which the receiver
 * can tell later that no row before was changed. */
static void hour_document(const struct health *health, const struct pipeline_counters *counters,
			  int64_t now, struct store *store, struct buffer *out)
{
	struct inventory_counters inventory =
	    inventory_counters(analysis_inventory(health->analysis));
	struct json json = json_to(out);
	char hash[65];
	uint64_t sequence = store_journal_head(store, hash);

	sensor_note_begin(&json,
			  &(struct sensor_note) { .event = "health",
						  .id = sensor_id_of(health->name) ^ (uint64_t)now,
						  .time = now,
						  .sensor = health->name });
	json_object(&json, "health");
	json_uint(&json, "packets", counters->decode.frames);
	json_uint(&json, "packets_lost", counters->dropped_kernel + counters->dropped_interface);
	json_uint(&json, "duplicates", counters->tracker.duplicates);
	json_uint(&json, "records", counters->records.records);
	json_uint(&json, "records_lost", counters->records.dropped);
	json_uint(&json, "blind_intervals", counters->engine.blind_records);
	json_uint(&json, "blind_bytes", counters->engine.blind_bytes);
	json_uint(&json, "assets", inventory.assets);
	json_uint(&json, "conversations", inventory.conversations);
	json_end(&json);
	json_object(&json, "journal");
	json_uint(&json, "sequence", sequence);
	json_text(&json, "hash", hash);
	json_end(&json);
	sensor_note_end(&json);
}

/* When it begins, and every hour. */
static void hour_look(struct health *health, const struct pipeline_counters *counters, int64_t now)
{
	struct store *store = analysis_store(health->analysis);
	struct buffer text = { 0 };

	if (store == NULL || (health->told != TIME_NONE && now - health->told < NS_PER_HOUR)) {
		return;
	}
	health->told = now;
	hour_document(health, counters, now, store, &text);
	if (!text.failed) {
		(void)!store_health(store, now, text.data, text.length);
	}
	buffer_free(&text);
}

void health_second(struct health *health, const struct pipeline_counters *counters,
		   const struct live_counters *ports, int64_t now)
{
	if (health->started == TIME_NONE) {
		health->started = health->interval_from = now;
	}
	for (size_t i = 0; i < health->config->capture.n_interfaces; i++) {
		struct health_port *port = &health->ports[i];

		port->rate = ports[i].received - port->before.received;
		if (ports[i].downs > port->before.downs) {
			log_warning(health->log, "interface %s went down; waiting for it",
				    port->name);
		}
		port->before = ports[i];
	}
	if (!health->looked && now - health->started >= FIRST_LOOK_AFTER) {
		health->looked = true;
		log_info(health->log, "%s", first_look_text(first_look(counters)));
	}
	if (now - health->interval_from >= health->config->health.interval) {
		losses_look(health, counters, now);
	}
	hour_look(health, counters, now);
}

static void ports_status(const struct health *health, const struct pipeline_counters *counters,
			 const struct live_counters *ports, struct json *json)
{
	json_array(json, "interfaces");
	for (size_t i = 0; i < health->config->capture.n_interfaces; i++) {
		const struct health_port *port = &health->ports[i];
		const struct source_counters *source = &counters->tracker.sources[i];

		json_object(json, NULL);
		json_text(json, "name", port->name);
		json_uint(json, "domain", health->config->capture.interfaces[i].domain);
		json_uint(json, "packets", ports[i].received);
		json_uint(json, "packets_per_second", port->rate);
		json_uint(json, "dropped_kernel", ports[i].dropped_kernel);
		json_uint(json, "dropped_interface", ports[i].dropped_interface);
		json_uint(json, "downs", ports[i].downs);
		json_uint(json, "duplicates", source->duplicates);
		if (source->tcp_flows > 0) {
			json_double(json, "both_directions_percent",
				    100.0 * (double)source->tcp_two_sided /
					(double)source->tcp_flows);
		}
		json_array(json, "vlans");
		for (size_t j = 0; j < port->n_vlans; j++) {
			json_uint(json, NULL, port->vlans[j]);
		}
		json_end(json);
		json_end(json);
	}
	json_end(json);
}

static void flows_status(const struct pipeline_counters *counters, struct json *json)
{
	const struct tracker_counters *tracker = &counters->tracker;

	json_uint(json, "packets", counters->decode.frames);
	json_uint(json, "bytes", counters->decode.bytes);
	json_uint(json, "duplicates", tracker->duplicates);
	json_uint(json, "flows", tracker->flows);
	json_uint(json, "flows_open", tracker->flows_open);
	if (tracker->tcp_flows > 0) {
		json_double(json, "tcp_both_directions_percent",
			    100.0 * (double)tracker->tcp_two_sided / (double)tracker->tcp_flows);
	}
	json_uint(json, "group_packets", tracker->group_packets);
	json_uint(json, "records", counters->records.records);
	json_uint(json, "records_dropped", counters->records.dropped);
	json_object(json, "blind");
	json_uint(json, "intervals", counters->engine.blind_records);
	json_uint(json, "bytes", counters->engine.blind_bytes);
	json_end(json);
}

static void analysis_status(const struct health *health, struct json *json)
{
	struct inventory_counters inventory =
	    inventory_counters(analysis_inventory(health->analysis));
	struct rule_engine *engine = analysis_rules(health->analysis);
	struct store *store = analysis_store(health->analysis);
	struct baseline_keeper_info baseline = analysis_baseline_info(health->analysis);

	json_uint(json, "assets", inventory.assets);
	json_uint(json, "conversations", inventory.conversations);
	json_object(json, "alerts");
	for (int level = LEVELS - 1; engine != NULL && level >= 0; level--) {
		json_uint(json, alert_level_name((enum alert_level)level),
			  rule_engine_counters(engine).alerts[level]);
	}
	json_end(json);
	json_object(json, "baseline");
	json_text(json, "state", baseline_state_name(baseline.state));
	if (baseline.until != TIME_NONE) {
		json_time(json, "until", baseline.until);
	}
	json_uint(json, "lines", baseline_count(baseline.baseline));
	json_uint(json, "findings", engine != NULL ? rule_engine_counters(engine).findings : 0);
	json_uint(json, "facts_refused", inventory.facts_refused);
	json_end(json);
	json_uint(json, "alerts_held", engine != NULL ? rule_engine_counters(engine).held : 0);
	if (store != NULL) {
		struct store_counters counters = store_counters(store);

		json_object(json, "store");
		json_uint(json, "journal_seq", counters.journal_seq);
		json_uint(json, "operations", counters.operation_rows);
		json_uint(json, "operations_dropped", counters.operations_dropped);
		json_uint(json, "changes_dropped", counters.changes_dropped);
		json_uint(json, "failures", counters.failures);
		json_end(json);
	}
}

static void evidence_status(const struct health *health, struct json *json)
{
	struct evidence_keeper_counters counters;

	json_object(json, "evidence");
	json_bool(json, "kept", health->evidence != NULL);
	if (health->evidence != NULL) {
		counters = evidence_keeper_counters(health->evidence);
		json_uint(json, "files", counters.folder.files);
		json_uint(json, "bytes", counters.folder.bytes);
		json_uint(json, "missed", counters.missed);
		json_uint(json, "failed", counters.failed);
	}
	json_end(json);
}

void health_status(const struct health *health, const struct pipeline_counters *counters,
		   const struct live_counters *ports, int64_t now, struct buffer *out)
{
	struct json json = json_to(out);

	json_object(&json, NULL);
	json_text(&json, "sensor", health->name);
	json_text(&json, "version", WEIR_VERSION);
	json_time(&json, "started", health->started);
	json_time(&json, "time", now);
	json_text(&json, "mirror",
		  health->looked ? first_look_text(first_look(counters)) : "looking");
	ports_status(health, counters, ports, &json);
	flows_status(counters, &json);
	analysis_status(health, &json);
	evidence_status(health, &json);
	forwarding_status(health->forwarding, &json);
	json_object(&json, "protocols");
	summary_protocols(&json, counters);
	json_end(&json);
	json_end(&json);
}
