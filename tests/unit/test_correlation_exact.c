/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Correlations over random streams of records, hit by hit against a reference that looks at the
 * whole history each time.  The seed is printed; WEIR_SEED sets it. */

#include "tests/unit/rule_world.h"

#include <math.h>
#include <time.h>

#define HITS_MAX 2048
#define EVENTS   400
#define SPAN     10 /* seconds of a window */
#define RULES    3
#define HOSTS    3

struct hit {
	unsigned event, rule, host;
	int64_t time;
	int number;
};

struct history {
	struct hit hits[HITS_MAX];
	size_t n;
	bool active[HOSTS]; /* the verdict of each group's last hit */
};

/* What a row's correlation measures after the hits so far, at `now`, in the group; NAN: nothing. */
typedef double measure_function(const struct history *history, unsigned host, int64_t now);

static bool counts(const struct hit *hit, unsigned host, int64_t now)
{
	return hit->host == host && hit->time > now - SPAN * NS_PER_S;
}

static double events(const struct history *h, unsigned host, int64_t now)
{
	double n = 0;

	for (size_t i = 0; i < h->n; i++) {
		n += counts(&h->hits[i], host, now);
	}
	return n > 0 ? n : NAN;
}

static double values(const struct history *h, unsigned host, int64_t now)
{
	bool seen[64] = { false };
	double n = 0;

	for (size_t i = 0; i < h->n; i++) {
		if (counts(&h->hits[i], host, now) && !seen[h->hits[i].number]) {
			seen[h->hits[i].number] = true;
			n++;
		}
	}
	return n > 0 ? n : NAN;
}

static double temporal(const struct history *h, unsigned host, int64_t now)
{
	bool seen[RULES] = { false };
	double n = 0;

	for (size_t i = 0; i < h->n; i++) {
		if (counts(&h->hits[i], host, now) && !seen[h->hits[i].rule]) {
			seen[h->hits[i].rule] = true;
			n++;
		}
	}
	return n > 0 ? n : NAN;
}

/* The longest beginning of the list of rules that distinct events hit in order, from hit `from` on;
 * `after` is the event before. */
static unsigned longest(const struct history *h, unsigned host, int64_t now, size_t from,
			unsigned rule, int64_t after)
{
	unsigned best = rule;

	for (size_t i = from; i < h->n && rule < RULES && best < RULES; i++) {
		const struct hit *hit = &h->hits[i];

		if (counts(hit, host, now) && hit->rule == rule && (int64_t)hit->event > after) {
			unsigned n = longest(h, host, now, i + 1, rule + 1, hit->event);

			best = n > best ? n : best;
		}
	}
	return best;
}

static double ordered(const struct history *h, unsigned host, int64_t now)
{
	return isnan(events(h, host, now)) ? (double)NAN : (double)longest(h, host, now, 0, 0, -1);
}

static double sum(const struct history *h, unsigned host, int64_t now)
{
	double all = 0, n = 0;

	for (size_t i = 0; i < h->n; i++) {
		if (counts(&h->hits[i], host, now)) {
			all += h->hits[i].number;
			n++;
		}
	}
	return n > 0 ? all : NAN;
}

static double average(const struct history *h, unsigned host, int64_t now)
{
	return sum(h, host, now) / events(h, host, now);
}

/* The smallest value that 75 % of the values do not exceed. */
static double percentile(const struct history *h, unsigned host, int64_t now)
{
	double n = events(h, host, now);

	for (int value = 0; !isnan(n) && value < 64; value++) {
		double below = 0;

		for (size_t i = 0; i < h->n; i++) {
			below += counts(&h->hits[i], host, now) && h->hits[i].number <= value;
		}
		if (below * 100 >= 75 * n) {
			return value;
		}
	}
	return NAN;
}

static double share(const struct history *h, unsigned host, int64_t now)
{
	double same = 0, n = events(h, host, now);
	int newest = 0;

	for (size_t i = 0; i < h->n; i++) {
		newest = counts(&h->hits[i], host, now) ? h->hits[i].number : newest;
	}
	for (size_t i = 0; i < h->n; i++) {
		same += counts(&h->hits[i], host, now) && h->hits[i].number == newest;
	}
	return n > 0 ? 100 * same / n : NAN;
}

static const struct row {
	const char *type, *field;
	measure_function *measure;
	int lowest, highest; /* of the random bound */
} rows[] = {
	{ "event_count", NULL, events, 1, 20 },
	{ "value_count", "field: weir.test.number", values, 1, 8 },
	{ "temporal", NULL, temporal, 1, RULES },
	{ "temporal_ordered", NULL, ordered, 1, RULES },
	{ "value_sum", "field: weir.test.number", sum, 1, 200 },
	{ "value_avg", "field: weir.test.number", average, 1, 20 },
	{ "value_percentile", "field: weir.test.number, percentile: 75", percentile, 1, 20 },
	{ "value_percentile", "field: weir.test.number", share, 5, 60 },
};

static const char *const criteria[] = { "gt", "gte", "lt", "lte", "eq", "neq" };

static bool holds(double measure, unsigned criterion, int bound)
{
	const bool results[] = { measure > bound,
				 measure >= bound,
				 measure < bound,
				 measure <= bound,
				 !(measure < bound) && !(measure > bound),
				 measure < bound || measure > bound };

	return !isnan(measure) && results[criterion];
}

/* An event with code 1, 2 or 3 hits two rules of three, in the order in which they are loaded. */
#define RULE(name, one, two)                                            \
	"title: " name "\nname: " name                                  \
	"\nlogsource: {category: ot, product: weir}\ndetection:\n  s: " \
	"{weir.modbus.function_code: [" one ", " two "]}\n  condition: s\n---\n"

static bool hits(unsigned rule, unsigned code)
{
	return code == rule + 1 || code == (rule + 1) % 3 + 1;
}

static void note_hits(void *context, const char *id, const char *title, enum alert_level level,
		      uint64_t n)
{
	(void)title, (void)level;
	if (strcmp(id, "c") == 0) {
		*(uint64_t *)context = n;
	}
}

static uint64_t fired(const struct world *w)
{
	uint64_t n = 0;

	rule_engine_hits(w->engine, note_hits, &n);
	return n;
}

/* Takes the hits of an event into the history, one by one; returns how often the row fires. */
static unsigned expect(struct history *h, const struct row *row, unsigned criterion, int bound,
		       struct hit hit, unsigned code)
{
	unsigned fires = 0;

	for (hit.rule = 0; hit.rule < RULES; hit.rule++) {
		bool before, now;

		if (!hits(hit.rule, code)) {
			continue;
		}
		before = h->active[hit.host] &&
			 holds(row->measure(h, hit.host, hit.time), criterion, bound);
		assert_true(h->n < HITS_MAX);
		h->hits[h->n++] = hit;
		now = holds(row->measure(h, hit.host, hit.time), criterion, bound);
		fires += now && !before;
		h->active[hit.host] = now;
	}
	return fires;
}

static void judge(struct world *w, const struct hit *hit, unsigned code)
{
	struct record head;

	w->now = hit->time;
	head = world_head(w, OPERATION_WRITE);
	head.source.ip = ip_from_v4(0x0a000100 + hit->host);
	world_open(w, &head);
	world_put_uint(w, "weir.modbus.function_code", code);
	record_put_int(&w->writer, world_field(w, "weir.test.number"), hit->number);
	world_judge(w);
	for (size_t i = 0; i < w->n_alerts; i++) {
		json_value_free(w->alerts[i].json);
	}
	w->n_alerts = 0;
}

static void run(struct world *w, const struct row *row, unsigned criterion, int bound)
{
	static struct history history;
	char text[2048];
	uint64_t wanted = 0;
	int64_t now = WORLD_START;

	memset(&history, 0, sizeof(history));
	snprintf(text, sizeof(text),
		 RULE("a0", "1", "2") RULE("a1", "2", "3") RULE(
		     "a2", "3",
		     "1") "title: c\nname: c\ncorrelation:\n  type: %s\n  rules: [a0, a1, a2]\n"
			  "  group-by: [source.ip]\n  timespan: %ds\n  condition: {%s%s%s: %d}\n",
		 row->type, SPAN, row->field != NULL ? row->field : "",
		 row->field != NULL ? ", " : "", criteria[criterion], bound);
	world_load(w, text);
	assert_string_equal(w->problems, "");
	world_start(w);
	for (unsigned i = 0; i < EVENTS; i++) {
		unsigned code = 1 + (unsigned)rand() % 3;
		struct hit hit = { .event = i, .host = (unsigned)rand() % HOSTS };

		now += rand() % 4 == 0 ? rand() % 6 * NS_PER_S : rand() % 2 * NS_PER_S;
		hit.time = now;
		hit.number = rand() % (rand() % 3 == 0 ? 40 : 8);
		wanted += expect(&history, row, criterion, bound, hit, code);
		judge(w, &hit, code);
		if (fired(w) != wanted) {
			fail_msg("%s %s %d: after event %u it fired %llu times instead of %llu",
				 row->type, criteria[criterion], bound, i,
				 (unsigned long long)fired(w), (unsigned long long)wanted);
		}
		if (rand() % 16 == 0) {
			rule_engine_tick(w->engine, now);
		}
	}
	world_unload(w);
}

static void agrees_with_brute_force(void **state)
{
	const char *given = getenv("WEIR_SEED");
	unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	struct world w;

	(void)state;
	printf("WEIR_SEED=%u\n", seed);
	srand(seed);
	world_begin(&w);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (unsigned criterion = 0; criterion < ARRAY_SIZE(criteria); criterion++) {
			int range = rows[i].highest - rows[i].lowest + 1;

			run(&w, &rows[i], criterion, rows[i].lowest + rand() % range);
		}
	}
	world_end(&w);
}

/* What a chain of correlations tells: the alert names the steps, when they were and where they are
 * found. */
static void tells_its_steps(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(
	    &w,
	    RULE("a0", "1", "7")
		RULE("a1", "2",
		     "8") "title: Many\nname: many\ncorrelation: {type: event_count, rules: [a0], "
			  "group-by: [source.ip], timespan: 1m, condition: {gte: 2}}\n---\n"
			  "title: Story\nname: c\ncorrelation: {type: temporal_ordered, rules: "
			  "[many, a1], "
			  "group-by: [source.ip], timespan: 1h}\n");
	assert_string_equal(w.problems, "");
	world_start(&w);
	world_modbus(&w, OPERATION_WRITE, 2);
	world_modbus(&w, OPERATION_WRITE, 1);
	w.now += NS_PER_S;
	world_modbus(&w, OPERATION_WRITE, 1);
	assert_int_equal(w.n_alerts, 0); /* a1 came before */
	w.now += NS_PER_S;
	world_modbus(&w, OPERATION_WRITE, 2);
	assert_int_equal(w.n_alerts, 1);
	assert_string_equal(w.alerts[0].rule_id, "c");
	assert_int_equal(json_value_int(w.alerts[0].json, "weir.correlation.count", 0), 2);
	{
		const struct json_value *rules =
		    json_value_at(w.alerts[0].json, "weir.correlation.rules");
		const struct json_value *times =
		    json_value_at(w.alerts[0].json, "weir.correlation.times");

		assert_int_equal(json_value_count(rules), 2);
		assert_string_equal(json_value_text(json_value_element(rules, 0), ""), "Many");
		assert_string_equal(json_value_text(json_value_element(rules, 1), ""), "a1");
		assert_string_equal(json_value_text(json_value_element(times, 0), ""),
				    "2026-01-15T10:12:34.000Z");
		assert_int_equal(
		    json_value_count(json_value_at(w.alerts[0].json, "weir.correlation.events")),
		    2);
	}
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_brute_force),
		cmocka_unit_test(tells_its_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
