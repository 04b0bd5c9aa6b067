/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/alert_line.h"
#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/config.h"
#include "cli/evidence_keeper.h"
#include "cli/first_look.h"
#include "cli/forwarding.h"
#include "cli/health.h"
#include "cli/log.h"
#include "cli/pipeline.h"
#include "cli/reload.h"
#include "cli/request.h"
#include "cli/sandbox.h"
#include "cli/setup.h"
#include "cli/socket.h"
#include "cli/stop.h"
#include "cli/summary.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct run_values {
	struct text_list interfaces, rules;
	const char *config, *database, *alerts, *events, *filter, *socket;
	uint64_t workers;
	bool no_database;
};

#define AT(member) offsetof(struct run_values, member)

static const struct option options[] = {
	{ 'i', "interface", "IFACE[:DOMAIN]", OPTION_LIST, AT(interfaces),
	  "listen here (may be repeated); replaces the configured ones" },
	{ 0, "config", "FILE", OPTION_TEXT, AT(config),
	  "configuration (default: " CONFIG_PATH ")" },
	{ 0, "db", "FILE", OPTION_TEXT, AT(database), "database, instead of the configured one" },
	{ 0, "no-db", NULL, OPTION_FLAG, AT(no_database), "keep everything in memory" },
	{ 0, "alerts", "FILE", OPTION_TEXT, AT(alerts),
	  "alerts as JSON lines (-: standard output)" },
	{ 0, "events", "FILE", OPTION_TEXT, AT(events),
	  "all records as JSON lines (-: standard output)" },
	{ 0, "rules", "DIR", OPTION_LIST, AT(rules), "rules of this folder (may be repeated)" },
	{ 0, "filter", "BPF", OPTION_TEXT, AT(filter), "only packets that it selects" },
	{ 0, "workers", "N", OPTION_NUMBER, AT(workers), "capture threads, 1 to 16" },
	{ 0, "socket", "FILE", OPTION_TEXT, AT(socket), "socket for weir status" },
};

/* A running sensor: everything that the callbacks need. */
struct sensor {
	struct config config;
	struct run_values values;
	struct log_sink log;
	char name[CONFIG_TEXT_MAX];
	char configuration_hash[17];
	struct field_registry *registry;
	uint16_t bases[PROTOCOL_NONE];
	struct item_demand items;
	struct judges judges;
	struct judges_source judged_from;
	const char *folders[CONFIG_TEXTS_MAX];
	struct reload *reload;
	struct analysis *analysis;
	struct health health;
	struct socket_server *socket;
	struct forwarding *forwarding; /* NULL: no outputs */
	struct evidence_desk *desk;    /* NULL: no packets are kept */
	struct evidence_keeper *evidence;
	char evidence_folder[CONFIG_TEXT_MAX]; /* empty: the same */
	const char *interfaces[CONFIG_INTERFACES_MAX];
	struct buffer status;
	FILE *events, *alerts;
};

static int64_t clock_now(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* ---- configuration ---- */

static void print_mistake(void *context, const char *text)
{
	(void)context;
	fprintf(stderr, "%s\n", text);
}

static int text_take(char *out, const char *option, const char *text, struct problem *problem)
{
	if (text == NULL) {
		return 0;
	}
	if (strlen(text) >= CONFIG_TEXT_MAX) {
		return problem_set(problem, -EINVAL, "--%s: value too long", option);
	}
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

/* The command line wins over the file. */
static int values_take(struct config *config, const struct run_values *values,
		       struct problem *problem)
{
	const struct {
		char *out;
		const char *option, *text;
	} texts[] = {
		{ config->store.database, "db", values->no_database ? "" : values->database },
		{ config->output.alerts, "alerts", values->alerts },
		{ config->output.events, "events", values->events },
		{ config->capture.filter, "filter", values->filter },
		{ config->run.socket, "socket", values->socket },
	};
	int error = 0;

	for (size_t i = 0; error == 0 && i < ARRAY_SIZE(texts); i++) {
		error = text_take(texts[i].out, texts[i].option, texts[i].text, problem);
	}
	if (values->interfaces.n > 0) {
		config->capture.n_interfaces = 0;
	}
	for (size_t i = 0; error == 0 && i < values->interfaces.n; i++) {
		error = config_add_interface(config, values->interfaces.items[i], problem);
	}
	if (error == 0 && values->workers > 16) {
		error = problem_set(problem, -EINVAL, "--workers wants 1 to 16");
	}
	config->capture.workers = values->workers > 0 ? values->workers : config->capture.workers;
	if (error == 0 && config->capture.n_interfaces == 0) {
		error = problem_set(problem, -EINVAL, "wants an interface: -i IFACE");
	}
	return error;
}

/* 0; -EINVAL: mistakes were printed, or problem says what is wrong. */
static int configure(struct sensor *sensor, struct problem *problem)
{
	const char *path = sensor->values.config != NULL ? sensor->values.config : CONFIG_PATH;
	struct problem missing = { "" };
	int error;

	sensor->config = config_defaults();
	error = config_read(&sensor->config, path, print_mistake, NULL, &missing);
	if (error < 0 && (error != -ENOENT || sensor->values.config != NULL)) {
		return problem_set(problem, error, "%s",
				   missing.text[0] != '\0' ? missing.text
							   : "the configuration has mistakes");
	}
	config_sensor_name(&sensor->config, sensor->name);
	return values_take(&sensor->config, &sensor->values, problem);
}

/* ---- callbacks of the pipeline, all on the analysis thread ---- */

static void on_record(void *context, const struct record *record)
{
	struct sensor *sensor = context;

	health_record(&sensor->health, record);
	analysis_record(sensor->analysis, record);
}

/* What a person asks for, at the time of the clock. */
static void on_request(void *context, const char *user, const char *request, size_t length,
		       struct buffer *answer)
{
	struct sensor *sensor = context;
	const struct request_place place = {
		.analysis = sensor->analysis,
		.time = clock_now(NULL),
		.user = user,
		.reload = sensor->reload,
		.evidence = sensor->evidence_folder,
	};

	request_answer(&place, request, length, answer);
}

/* The workers go on; what they find is judged by the new rules from the next record on. */
static void look_for_reload(struct sensor *sensor)
{
	struct item_demand items;

	if (hangup_came()) {
		(void)reload_begin(sensor->reload, "SIGHUP");
	}
	if (!reload_poll(sensor->reload, sensor->analysis, clock_now(NULL))) {
		return;
	}
	analysis_items(sensor->analysis, &items);
	item_demand_use(&sensor->items, &items);
}

static void on_tick(void *context, int64_t clock)
{
	struct sensor *sensor = context;

	sensor->health.clock = time_max(sensor->health.clock, clock);
	analysis_tick(sensor->analysis, clock);
	evidence_keeper_tick(sensor->evidence, clock);
	look_for_reload(sensor);
	socket_server_serve(sensor->socket, on_request, sensor);
}

/* Without a file for alerts a person is reading: one line an alert. */
static void on_alert(void *context, const struct alert_document *alert)
{
	struct sensor *sensor = context;

	evidence_keeper_alert(sensor->evidence, alert);
	if (sensor->alerts == NULL && strcmp(alert->action, "alert-opened") == 0) {
		alert_line_print(alert->json, alert->length, stdout);
	}
}

static void on_second(void *context, const struct pipeline_counters *counters,
		      const struct live_counters *ports)
{
	struct sensor *sensor = context;
	int64_t now = clock_now(NULL);

	health_second(&sensor->health, counters, ports, now);
	buffer_clear(&sensor->status);
	health_status(&sensor->health, counters, ports, now, &sensor->status);
	if (!sensor->status.failed) {
		socket_server_publish(sensor->socket, sensor->status.data, sensor->status.length);
	}
	if (sensor->events != NULL) {
		fflush(sensor->events);
	}
	if (sensor->alerts != NULL) {
		fflush(sensor->alerts);
	}
}

/* ---- beginning and end ---- */

static int evidence_begin(struct sensor *sensor, struct problem *problem)
{
	const struct config *config = &sensor->config;
	const struct evidence_keeper_options keeping = {
		.desk = sensor->desk,
		.folder = sensor->evidence_folder,
		.keep = config->evidence.keep,
		.bytes_max = config->evidence.size,
		.before = config->evidence.before,
		.after = config->evidence.after,
		.interfaces = sensor->interfaces,
		.n_interfaces = config->capture.n_interfaces,
		.log = &sensor->log,
	};

	return sensor->desk != NULL ? evidence_keeper_new(&sensor->evidence, &keeping, problem) : 0;
}

static int analysis_begin(struct sensor *sensor, struct problem *problem)
{
	const struct config *config = &sensor->config;
	struct inventory_files files = { .n_geo = config->inventory.geoip.n };
	const struct analysis_options analysis = {
		.registry = sensor->registry,
		.rules = sensor->judges.rules,
		.exceptions = sensor->judges.exceptions,
		.db_path = config->store.database[0] != '\0' ? config->store.database : NULL,
		.learning = config->baseline.learning,
		.frames = &config->baseline.frames,
		.files = &files,
		.keep_operations = config->store.keep,
		.operations_max = config->store.operations_max,
		.events = sensor->events,
		.alerts = sensor->alerts,
		.policy = sensor->judges.policy,
		.now = clock_now(NULL),
		.on_alert = on_alert,
		.context = sensor,
		.sensor_name = sensor->name,
		.sensor_id = sensor_id_of(sensor->name),
		.configuration_hash = sensor->configuration_hash,
		.log = &sensor->log,
	};
	int error;

	if (config->inventory.roles[0] != '\0') {
		files.kinds = config->inventory.roles;
	}
	for (size_t i = 0; i < files.n_geo; i++) {
		files.geo[i] = config->inventory.geoip.items[i];
	}
	error = analysis_new(&sensor->analysis, &analysis, problem);
	if (error == 0) {
		error = evidence_begin(sensor, problem);
	}
	sensor->health.analysis = sensor->analysis;
	sensor->health.evidence = sensor->evidence;
	if (error == 0) {
		analysis_items(sensor->analysis, &sensor->items);
	}
	return error;
}

/* Outputs are opened by the user that the sensor has become: he puts files aside later. */
static int forwarding_begin(struct sensor *sensor, struct problem *problem)
{
	const struct config *config = &sensor->config;
	const struct forwarding_options forward = {
		.outputs = &config->forward,
		.database = config->store.database,
		.store = analysis_store(sensor->analysis),
		.sensor = sensor->name,
		.log = &sensor->log,
	};
	int error;

	if (config->forward.n == 0) {
		return 0;
	}
	if (forward.store == NULL) {
		return problem_set(problem, -EINVAL, "forward.outputs want a database");
	}
	error = forwarding_new(&sensor->forwarding, &forward, problem);
	sensor->health.forwarding = sensor->forwarding;
	return error;
}

/* The ports are open: give up every privilege. What root opened for a user who could not stays
 * open; who keeps his user opens his files only now, because capabilities belong to a thread and
 * the store starts one. */
static int on_opened(void *context, const int *descriptors, size_t n_descriptors,
		     struct problem *problem)
{
	struct sensor *sensor = context;
	const char *user = sensor->config.run.user;
	const struct sandbox_options sandbox = {
		.capture_descriptors = descriptors,
		.n_capture_descriptors = n_descriptors,
		.user = user[0] != '\0' && geteuid() == 0 ? user : NULL,
		/* The resolver of names cannot do without. */
		.message_calls = forwarding_needs_network(&sensor->config.forward),
		.log = &sensor->log,
	};
	int error = sandbox_enter(&sandbox, problem);

	if (error == 0 && sensor->analysis == NULL) {
		error = analysis_begin(sensor, problem);
	}
	if (error == 0) {
		error = forwarding_begin(sensor, problem);
	}
	if (error == 0) {
		error = socket_server_start(sensor->socket);
	}
	if (error == 0) {
		log_info(&sensor->log, "listening on %zu interface%s; Ctrl-C ends",
			 sensor->config.capture.n_interfaces,
			 sensor->config.capture.n_interfaces == 1 ? "" : "s");
	}
	return error;
}

static int stream_open(const char *path, FILE **out, struct problem *problem)
{
	if (path[0] == '\0') {
		return 0;
	}
	*out = strcmp(path, "-") == 0 ? stdout : fopen(path, "ae");
	return *out != NULL
		   ? 0
		   : problem_set(problem, -errno, "cannot write %s: %s", path, strerror(errno));
}

/* Whom root becomes; NULL: not started as root, or there is no such user. */
static const struct passwd *user_to_become(const struct config *config)
{
	const char *user = config->run.user[0] != '\0' ? config->run.user : "nobody";

	return geteuid() == 0 ? getpwnam(user) : NULL;
}

/* The folder and file of the database are made on the first start, and belong to the user that the
 * sensor becomes: he writes there from then on. What cannot be made is said when it is opened. */
static void database_place_make(const struct config *config)
{
	const struct passwd *owner = user_to_become(config);
	char path[CONFIG_TEXT_MAX];
	const char *folder;
	int file;

	memcpy(path, config->store.database, sizeof(path));
	if (path[0] == '\0') {
		return;
	}
	folder = dirname(path);
	if (mkdir(folder, 0750) == 0 && owner != NULL) {
		(void)!chown(folder, owner->pw_uid, owner->pw_gid);
	}
	file = open(config->store.database, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (file >= 0) {
		if (owner != NULL) {
			(void)!fchown(file, owner->pw_uid, owner->pw_gid);
		}
		close(file);
	}
}

/* The same for the packets behind alerts: nobody else may look into that folder. */
static int evidence_place_make(struct sensor *sensor, struct problem *problem)
{
	const struct passwd *owner = user_to_become(&sensor->config);
	const char *folder = sensor->evidence_folder;

	config_evidence_folder(&sensor->config, sensor->evidence_folder);
	if (sensor->config.capture.evidence == 0 || folder[0] == '\0') {
		return 0;
	}
	if (mkdir(folder, 0700) == 0) {
		if (owner != NULL) {
			(void)!chown(folder, owner->pw_uid, owner->pw_gid);
		}
	} else if (errno != EEXIST) {
		int error = -errno;

		return problem_set(problem, error,
				   "cannot make %s for packets of alerts: %s (evidence.folder; "
				   "evidence.size: 0 keeps none)",
				   folder, strerror(-error));
	}
	for (size_t i = 0; i < sensor->config.capture.n_interfaces; i++) {
		sensor->interfaces[i] = sensor->config.capture.interfaces[i].name;
	}
	return evidence_desk_new(&sensor->desk, (unsigned)sensor->config.capture.workers);
}

/* Where rules, exceptions and policy are read from, now and again later. */
static void judges_place(struct sensor *sensor)
{
	const struct config *config = &sensor->config;
	struct text_list folders = sensor->values.rules;

	for (size_t i = 0; folders.n == 0 && i < config->rules.folders.n; i++) {
		sensor->folders[i] = config->rules.folders.items[i];
	}
	if (folders.n == 0) {
		folders = (struct text_list) { sensor->folders, config->rules.folders.n };
	}
	sensor->judged_from = (struct judges_source) {
		.registry = sensor->registry,
		.folders = folders,
		.placeholders = config->rules.placeholders,
		.time_zone = config->rules.time_zone,
		.exceptions = config->rules.exceptions,
		.policy = config->policy.file,
		.log = &sensor->log,
	};
}

/* glibc changes the user of every thread, but capabilities are each thread's own: without a change
 * of user the store's thread may start only after they are gone. */
static bool user_changes(const struct config *config)
{
	const struct passwd *user = user_to_become(config);

	return user != NULL && user->pw_uid != 0;
}

static int sensor_begin(struct sensor *sensor, struct problem *problem)
{
	int error = registry_setup(&sensor->registry, sensor->bases, problem);

	if (error == 0) {
		error = config_hash(&sensor->config, sensor->configuration_hash);
	}
	if (error == 0) {
		judges_place(sensor);
		error = judges_load(&sensor->judges, &sensor->judged_from, problem);
	}
	if (error == 0) {
		error = reload_new(&sensor->reload, &sensor->judged_from, &sensor->judges);
	}
	if (error == 0) {
		error = stream_open(sensor->config.output.events, &sensor->events, problem);
	}
	if (error == 0) {
		error = stream_open(sensor->config.output.alerts, &sensor->alerts, problem);
	}
	if (error == 0) {
		error = health_begin(&sensor->health, &sensor->config, sensor->name, &sensor->log);
	}
	if (error == 0) {
		error = socket_server_new(&sensor->socket, sensor->config.run.socket, problem);
	}
	if (error == 0) {
		database_place_make(&sensor->config);
		error = evidence_place_make(sensor, problem);
	}
	return error == 0 && user_changes(&sensor->config) ? analysis_begin(sensor, problem)
							   : error;
}

static void say_finding(void *context, const char *finding, const char *command)
{
	const struct sensor *sensor = context;

	log_warning(&sensor->log, "%s; silence it with: %s", finding, command);
}

static int sensor_listen(struct sensor *sensor, struct pipeline_counters *counters,
			 struct problem *problem)
{
	const struct config *config = &sensor->config;
	struct pipeline_port ports[CONFIG_INTERFACES_MAX];
	struct pipeline_live_options live = {
		.ports = ports,
		.n_ports = config->capture.n_interfaces,
		.live = live_defaults(),
		.on_opened = on_opened,
		.on_second = on_second,
		.now = clock_now,
	};
	const struct pipeline_options pipeline = {
		.workers = (unsigned)config->capture.workers,
		.registry = sensor->registry,
		.field_bases = sensor->bases,
		.items = &sensor->items,
		.log = &sensor->log,
		.evidence_bytes = config->capture.evidence,
		.desk = sensor->desk,
		.on_record = on_record,
		.on_tick = on_tick,
		.context = sensor,
		.stop = stop_watch(),
	};

	live.live.filter = config->capture.filter[0] != '\0' ? config->capture.filter : NULL;
	live.live.buffer_bytes = config->capture.buffer;
	live.live.snap_length = (int)config->capture.snap_length;
	live.live.promiscuous = config->capture.promiscuous;
	live.live.hardware_time = config->capture.hardware_time;
	live.live.log = &sensor->log;
	for (size_t i = 0; i < config->capture.n_interfaces; i++) {
		ports[i].interface = config->capture.interfaces[i].name;
		ports[i].domain = config->capture.interfaces[i].domain;
		live_port_talks(ports[i].interface, say_finding, sensor);
	}
	hangup_watch();
	int error = pipeline_live(&live, &pipeline, counters, problem);
	/* What the workers answered last. */
	evidence_keeper_tick(sensor->evidence, clock_now(NULL));
	int finished = sensor->analysis != NULL ? analysis_finish(sensor->analysis, problem) : 0;
	return error < 0 ? error : finished;
}

static void summary_print(const struct sensor *sensor, const struct pipeline_counters *counters)
{
	struct buffer out = { 0 };
	const struct summary summary = {
		.pipeline = counters,
		.inventory = inventory_counters(analysis_inventory(sensor->analysis)),
		.rules = rule_engine_counters(analysis_rules(sensor->analysis)),
		.exceptions = sensor->judges.exceptions,
		.engine = analysis_rules(sensor->analysis),
		.judged = true,
	};

	summary_text(&out, &summary);
	fwrite(out.data != NULL ? out.data : "", 1, out.length, stderr);
	buffer_free(&out);
}

static int sensor_end(struct sensor *sensor, struct problem *problem)
{
	int error = 0;

	if (sensor->events != NULL && (fflush(sensor->events) != 0 || ferror(sensor->events))) {
		error = problem_set(problem, -EIO, "events could not be written");
	}
	if (sensor->alerts != NULL && (fflush(sensor->alerts) != 0 || ferror(sensor->alerts))) {
		error = problem_set(problem, -EIO, "alerts could not be written");
	}
	if (sensor->events != NULL && sensor->events != stdout) {
		fclose(sensor->events);
	}
	if (sensor->alerts != NULL && sensor->alerts != stdout) {
		fclose(sensor->alerts);
	}
	reload_free(sensor->reload);
	socket_server_free(sensor->socket);
	forwarding_free(sensor->forwarding);
	evidence_keeper_free(sensor->evidence);
	evidence_desk_free(sensor->desk);
	analysis_free(sensor->analysis);
	health_end(&sensor->health);
	judges_free(&sensor->judges);
	field_registry_free(sensor->registry);
	buffer_free(&sensor->status);
	return error;
}

static int sensor_whole(struct sensor *sensor, struct problem *problem)
{
	struct pipeline_counters counters = { .first = TIME_NONE, .last = TIME_NONE };
	int error = sensor_begin(sensor, problem);

	if (error == 0) {
		error = sensor_listen(sensor, &counters, problem);
	}
	if (error == 0) {
		summary_print(sensor, &counters);
	}
	pipeline_counters_end(&counters);
	int ended = sensor_end(sensor, problem);
	return error < 0 ? error : ended;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct sensor sensor = { .log = log_to_stderr(true) };
	struct text_list rest = { 0 };
	struct problem problem = { "" };
	int exit_code = EXIT_USAGE;

	if (!command_parse(command, argc, argv, &sensor.values, &rest, &exit_code)) {
		return exit_code;
	}
	if (rest.n > 0) {
		exit_code = command_misused(command, "takes no argument '%s'", rest.items[0]);
	} else if (configure(&sensor, &problem) < 0) {
		exit_code = command_misused(command, "%s", problem.text);
	} else {
		int error = sensor_whole(&sensor, &problem);

		problem_set(&problem, error, "%s", strerror(-error));
		exit_code =
		    error < 0 ? command_failed(exit_code_of(error), problem.text) : EXIT_FINE;
	}
	options_end(options, ARRAY_SIZE(options), &sensor.values, &rest);
	return exit_code;
}

const struct command command_run = {
	.name = "run",
	.arguments = "-i IFACE[:DOMAIN]...",
	.summary = "listen on mirror ports until stopped",
	.details =
	    "Never sends a packet. Opens the interfaces, then gives up all privileges. Says after\n"
	    "30 s whether the mirror looks complete. Ctrl-C (SIGINT) or SIGTERM end it in order.\n"
	    "Alerts are printed, one line each, unless --alerts or the configuration names a "
	    "file.\n",
	.examples = "  weir run -i eth1\n"
		    "  weir run -i tap0 -i tap1:2 --config weir.yaml\n"
		    "  weir run -i eth1 --no-db --alerts - | logger -t weir\n",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
