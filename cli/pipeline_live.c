/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Live capture.  Each worker is a thread that reads its share of every port, and its ring drops
 * when analysis cannot follow: a live source never waits.  The caller's thread takes the records,
 * in order of time as far as the workers' watermarks allow, and lets time pass.
 *
 * What others need of a worker's counters it copies once a second, under a lock of its own. */

#include "cli/pipeline_private.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WORKERS_MAX  16
#define PORTS_MAX    PACKET_SOURCE_MAX
#define WAIT_MS      10
#define READ_MAX     1024              /* frames of one port before the next port's turn */
#define LATE         (100 * NS_PER_MS) /* how much later than its time a frame may arrive */
#define DRAIN_ROUNDS 64

struct port {
	struct live_port *live;
	bool up, lost;
};

/* What a worker tells the others, once a second. */
struct snapshot {
	pthread_mutex_t lock;
	struct pipeline_counters counters;
	struct live_counters ports[PORTS_MAX];
};

struct runner {
	struct live_run *run;
	struct worker worker;
	struct decoder *decoder;
	struct port ports[PORTS_MAX];
	struct snapshot snapshot;
	pthread_t thread;
	struct packet packet;
	int64_t clock, ticked, told, first;
	int64_t watermark; /* atomic: no record before this time will come */
	bool started, done;
};

struct live_run {
	const struct pipeline_live_options *live;
	const struct pipeline_options *options;
	struct runner *runners;
	unsigned n;
	unsigned n_lost; /* atomic: ports that are gone for good, over all workers */
};

static int64_t now_of(const struct live_run *run)
{
	return run->live->now(run->options->context);
}

/* ---- worker ---- */

static void on_frame(void *context, const struct frame *frame)
{
	struct runner *runner = context;
	bool conflict = false;

	runner->first = runner->first == TIME_NONE ? frame->time : runner->first;
	runner->clock = time_max(runner->clock, frame->clock);
	if (decode_frame(runner->decoder, frame, &runner->packet, &conflict) == DECODE_PACKET) {
		worker_packet(&runner->worker, &runner->packet);
	}
	if (unlikely(conflict)) {
		worker_fragment_conflict(&runner->worker, &runner->packet);
	}
}

static void look_at_port(struct runner *runner, size_t i)
{
	struct port *port = &runner->ports[i];
	const char *name = runner->run->live->ports[i].interface;
	bool up = live_is_up(port->live);

	/* All workers see it; the first one says it. */
	if (up != port->up && runner == runner->run->runners) {
		engine_sensor(runner->worker.engine, up ? "interface_up" : "interface_down", name,
			      1, 0);
	}
	port->up = up;
}

/* Reads what one port has. Returns the number of frames. */
static int read_port(struct runner *runner, size_t i)
{
	struct port *port = &runner->ports[i];
	int n;

	if (port->lost) {
		return 0;
	}
	n = live_read(port->live, 0, READ_MAX, on_frame, runner);
	if (n < 0) {
		port->lost = true;
		__atomic_add_fetch(&runner->run->n_lost, 1, __ATOMIC_RELAXED);
		engine_sensor(runner->worker.engine, "interface_lost",
			      runner->run->live->ports[i].interface, 1, 0);
		log_error(runner->run->options->log,
			  "%s: the interface is gone (%s); start again when it is back",
			  runner->run->live->ports[i].interface, strerror(-n));
		return 0;
	}
	look_at_port(runner, i);
	return n;
}

static int read_ports(struct runner *runner)
{
	size_t n_ports = runner->run->live->n_ports;
	int n = 0;

	for (size_t i = 0; i < n_ports; i++) {
		n += read_port(runner, i);
	}
	return n;
}

static void wait_for_frames(struct runner *runner)
{
	struct pollfd polls[PORTS_MAX];
	size_t n_ports = runner->run->live->n_ports;

	for (size_t i = 0; i < n_ports; i++) {
		const struct port *port = &runner->ports[i];
		bool deaf = port->lost || !port->up;

		polls[i] = (struct pollfd) { .fd = deaf ? -1 : live_descriptor(port->live),
					     .events = POLLIN };
	}
	(void)poll(polls, n_ports, WAIT_MS);
}

static void tell(struct runner *runner, int64_t now)
{
	struct snapshot *snapshot = &runner->snapshot;

	if (now - runner->told < NS_PER_S / 2) {
		return;
	}
	runner->told = now;
	pthread_mutex_lock(&snapshot->lock);
	pipeline_counters_end(&snapshot->counters);
	snapshot->counters =
	    (struct pipeline_counters) { .first = runner->first, .last = runner->clock };
	snapshot->counters.decode = *decoder_counters(runner->decoder);
	worker_count(&runner->worker, &snapshot->counters);
	for (size_t i = 0; i < runner->run->live->n_ports; i++) {
		if (!runner->ports[i].lost) {
			live_counters_read(runner->ports[i].live, &snapshot->ports[i]);
		}
	}
	pthread_mutex_unlock(&snapshot->lock);
}

static void serve_evidence(struct runner *runner)
{
	evidence_desk_serve(runner->run->options->desk, (unsigned)(runner - runner->run->runners),
			    runner->worker.evidence);
}

static void pass_time(struct runner *runner, int64_t now, bool idle)
{
	serve_evidence(runner);
	if (now - runner->ticked >= TICK_INTERVAL || now < runner->ticked) {
		runner->ticked = now;
		worker_tick(&runner->worker, now - LATE, runner->packet.number);
		decoder_tick(runner->decoder, now - LATE);
		tell(runner, now);
	}
	__atomic_store_n(&runner->watermark,
			 idle ? time_max(runner->clock, now - LATE) : runner->clock,
			 __ATOMIC_RELEASE);
}

static void *work(void *context)
{
	struct runner *runner = context;

	while (!pipeline_stopped(runner->run->options)) {
		int n = read_ports(runner);

		pass_time(runner, now_of(runner->run), n == 0);
		if (n == 0) {
			wait_for_frames(runner);
		}
	}
	/* What the kernel already has still counts. */
	for (int i = 0; i < DRAIN_ROUNDS && read_ports(runner) > 0; i++) {
	}
	worker_finish(&runner->worker, time_max(runner->clock, now_of(runner->run) - LATE),
		      runner->packet.number);
	runner->told = 0;
	tell(runner, now_of(runner->run));
	__atomic_store_n(&runner->watermark, INT64_MAX, __ATOMIC_RELEASE);
	__atomic_store_n(&runner->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* ---- analysis ---- */

/* Takes the records that are sure to be next. Returns the time up to which all came. */
static int64_t take_records(struct live_run *run)
{
	for (;;) {
		int64_t low = INT64_MAX;
		const struct record *best = NULL;
		struct record_ring *from = NULL;

		for (unsigned i = 0; i < run->n; i++) {
			struct runner *runner = &run->runners[i];
			int64_t watermark = __atomic_load_n(&runner->watermark, __ATOMIC_ACQUIRE);
			const struct record *record = record_ring_peek(runner->worker.ring);

			if (record == NULL) {
				low = watermark < low ? watermark : low;
			} else if (best == NULL || record_compare(record, best) < 0) {
				best = record;
				from = runner->worker.ring;
			}
		}
		if (best == NULL || (run->n > 1 && low < best->time)) {
			return low;
		}
		run->options->on_record(run->options->context, best);
		record_ring_release(from);
	}
}

/* Adds up what the workers told last; ports of one interface over all workers. */
static void add_snapshots(struct live_run *run, struct pipeline_counters *sum,
			  struct live_counters *ports)
{
	*sum = (struct pipeline_counters) { .first = TIME_NONE, .last = TIME_NONE };
	for (size_t i = 0; i < run->live->n_ports; i++) {
		ports[i] = (struct live_counters) { 0 };
	}
	for (unsigned k = 0; k < run->n; k++) {
		struct snapshot *snapshot = &run->runners[k].snapshot;

		pthread_mutex_lock(&snapshot->lock);
		counters_add(sum, &snapshot->counters);
		for (size_t i = 0; i < run->live->n_ports; i++) {
			const struct live_counters *port = &snapshot->ports[i];

			ports[i].received += port->received;
			ports[i].dropped_kernel += port->dropped_kernel;
			/* The adapter counts once, whoever asks. */
			ports[i].dropped_interface =
			    port->dropped_interface > ports[i].dropped_interface
				? port->dropped_interface
				: ports[i].dropped_interface;
			ports[i].downs =
			    port->downs > ports[i].downs ? port->downs : ports[i].downs;
		}
		pthread_mutex_unlock(&snapshot->lock);
	}
	for (size_t i = 0; i < run->live->n_ports; i++) {
		sum->dropped_kernel += ports[i].dropped_kernel;
		sum->dropped_interface += ports[i].dropped_interface;
	}
}

static void each_second(struct live_run *run)
{
	struct pipeline_counters sum;
	struct live_counters ports[PORTS_MAX];

	if (run->live->on_second == NULL) {
		return;
	}
	add_snapshots(run, &sum, ports);
	run->live->on_second(run->options->context, &sum, ports);
	pipeline_counters_end(&sum);
}

static bool all_done(const struct live_run *run)
{
	for (unsigned i = 0; i < run->n; i++) {
		if (run->runners[i].started &&
		    !__atomic_load_n(&run->runners[i].done, __ATOMIC_ACQUIRE)) {
			return false;
		}
	}
	return true;
}

/* Until the workers are done. -ENODEV: no port is left. */
static int analyse(struct live_run *run)
{
	int64_t ticked = now_of(run), second = ticked;

	for (;;) {
		bool done = all_done(run);
		int64_t through = take_records(run), now = now_of(run);

		if (done) {
			return 0;
		}
		if (now - ticked >= TICK_INTERVAL || now < ticked) {
			ticked = now;
			run->options->on_tick(run->options->context,
					      through < now ? through : now - LATE);
		}
		if (now - second >= NS_PER_S || now < second) {
			second = now;
			each_second(run);
		}
		if (__atomic_load_n(&run->n_lost, __ATOMIC_RELAXED) ==
		    run->n * run->live->n_ports) {
			return -ENODEV;
		}
		nanosleep(&(struct timespec) { .tv_nsec = 2 * NS_PER_MS }, NULL);
	}
}

/* ---- life ---- */

static int open_port(struct runner *runner, size_t i, struct problem *problem)
{
	const struct pipeline_live_options *live = runner->run->live;
	struct live_options options = live->live;
	int error;

	options.interface = live->ports[i].interface;
	options.domain = live->ports[i].domain;
	options.source = (uint16_t)i;
	options.n_workers = runner->run->n;
	options.fanout_group = (uint16_t)((unsigned)getpid() * 31 + i);
	options.buffer_bytes = live->live.buffer_bytes / runner->run->n;
	options.log = runner == runner->run->runners ? runner->run->options->log : NULL;
	error = live_open(&runner->ports[i].live, &options, problem);
	runner->ports[i].up = error == 0;
	return error;
}

static int runner_init(struct live_run *run, unsigned index, struct problem *problem)
{
	struct runner *runner = &run->runners[index];
	struct decode_options decode = decode_defaults();
	int error = worker_init(
	    &runner->worker,
	    &(struct worker_options) { .registry = run->options->registry,
				       .field_bases = run->options->field_bases,
				       .items = run->options->items,
				       .index = index,
				       .n_workers = run->n,
				       .ring_bytes = RING_BYTES,
				       .hash_seed = (uint64_t)now_of(run),
				       .evidence_bytes = run->options->evidence_bytes });

	runner->run = run;
	runner->first = TIME_NONE;
	pthread_mutex_init(&runner->snapshot.lock, NULL);
	if (error == 0) {
		decode.fragment_bytes_max /= run->n;
		error = decoder_new(&runner->decoder, &decode);
	}
	for (size_t i = 0; error == 0 && i < run->live->n_ports; i++) {
		error = open_port(runner, i, problem);
	}
	return error;
}

static void runner_end(struct live_run *run, struct runner *runner)
{
	for (size_t i = 0; i < run->live->n_ports; i++) {
		live_close(runner->ports[i].live);
	}
	decoder_free(runner->decoder);
	worker_end(&runner->worker);
	pipeline_counters_end(&runner->snapshot.counters);
	pthread_mutex_destroy(&runner->snapshot.lock);
}

static int opened(struct live_run *run, struct problem *problem)
{
	int descriptors[WORKERS_MAX * PORTS_MAX];
	size_t n = 0;

	for (unsigned k = 0; k < run->n; k++) {
		for (size_t i = 0; i < run->live->n_ports; i++) {
			descriptors[n++] = live_descriptor(run->runners[k].ports[i].live);
		}
	}
	return run->live->on_opened(run->options->context, descriptors, n, problem);
}

static int start(struct live_run *run)
{
	int error = 0;

	for (unsigned i = 0; error == 0 && i < run->n; i++) {
		error = pthread_create(&run->runners[i].thread, NULL, work, &run->runners[i]);
		run->runners[i].started = error == 0;
	}
	return -error;
}

int pipeline_live(const struct pipeline_live_options *live, const struct pipeline_options *options,
		  struct pipeline_counters *counters, struct problem *problem)
{
	struct live_run run = { .live = live, .options = options, .n = options->workers };
	struct live_counters ports[PORTS_MAX];
	unsigned made = 0;
	int error = 0;

	*counters = (struct pipeline_counters) { .first = TIME_NONE, .last = TIME_NONE };
	run.n = run.n < 1 ? 1 : run.n > WORKERS_MAX ? WORKERS_MAX : run.n;
	run.runners = calloc(run.n, sizeof(*run.runners));
	if (run.runners == NULL) {
		return problem_set(problem, -ENOMEM, "out of memory");
	}
	while (error == 0 && made < run.n) {
		error = runner_init(&run, made++, problem);
	}
	if (error == 0) {
		error = opened(&run, problem);
	}
	if (error == 0) {
		error = start(&run);
	}
	if (error == 0) {
		error = analyse(&run);
	}
	for (unsigned i = 0; i < made; i++) {
		if (run.runners[i].started) {
			pthread_join(run.runners[i].thread, NULL);
		}
	}
	if (error == 0) {
		take_records(&run);
	}
	/* For the alerts of the last moment; the workers are gone. */
	for (unsigned i = 0; i < made; i++) {
		serve_evidence(&run.runners[i]);
	}
	add_snapshots(&run, counters, ports);
	for (unsigned i = 0; i < made; i++) {
		runner_end(&run, &run.runners[i]);
	}
	free(run.runners);
	return error == -ENODEV ? problem_set(problem, error, "no interface is left to listen on")
				: error;
}
