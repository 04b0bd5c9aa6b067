/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Random rules over random records: through the index, with its cells, anchors and gates, a record
 * hits the rules that it hits when each of them is judged.  The seed is printed; WEIR_SEED sets
 * it. */

#include "tests/unit/rule_world.h"

#include <time.h>

#define RULES_MOST 1500
#define VALUES_MAX 8
#define NONE       PROTOCOL_NONE

/* ---- rules ---- */

enum lists { ALONE, MAY_LIST, MUST_LIST };

/* What a rule may ask for: a field with modifiers, and values. */
static const struct subject {
	const char *key;
	enum lists lists;
	const char *values[VALUES_MAX];
} subjects[] = {
	{ "weir.kind", MAY_LIST, { "transaction", "item", "FLOW", "'*tion'", "conversation" } },
	{ "weir.kind|neq", MAY_LIST, { "transaction", "item", "blind" } },
	{ "weir.operation", MAY_LIST, { "read", "WRITE", "stop", "'r*'", "'*'", "null" } },
	{ "weir.operation|neq", MAY_LIST, { "read", "write", "null" } },
	{ "weir.operation|contains", MAY_LIST, { "rite", "ea", "o" } },
	{ "weir.operation|cased", MAY_LIST, { "Read", "write" } },
	{ "weir.operation|re", MAY_LIST, { "'^r'", "'p$'" } },
	{ "weir.operation|exists", ALONE, { "true", "false" } },
	{ "event.outcome", MAY_LIST, { "success", "failure", "unknown", "null", "'?a*'" } },
	{ "event.outcome|neq", MAY_LIST, { "success", "failure" } },
	{ "network.protocol", MAY_LIST, { "modbus", "dnp3", "'m*'", "quic", "null", "'*'" } },
	{ "network.protocol|neq", MAY_LIST, { "modbus", "quic" } },
	{ "network.protocol|startswith", MAY_LIST, { "mod", "q", "s7" } },
	{ "weir.phase", MAY_LIST, { "request", "complete", "null" } },
	{ "weir.transaction.status",
	  MAY_LIST,
	  { "answered", "orphan_response", "'orphan*'", "unanswered", "null", "'*'" } },
	{ "weir.transaction.status|neq", MAY_LIST, { "answered", "orphan_response" } },
	{ "weir.transaction.status|contains|all", MUST_LIST, { "orphan", "response", "an" } },
	{ "weir.malformed", MAY_LIST, { "length", "checksum", "'*'", "null" } },
	{ "weir.malformed|exists", ALONE, { "true", "false" } },
	{ "weir.malformed|neq", MAY_LIST, { "length", "null" } },
	{ "source.ip", MAY_LIST, { "10.0.0.1", "10.0.0.2", "'10.0.0.*'", "null", "fe80::1" } },
	{ "source.ip|neq", MAY_LIST, { "10.0.0.1", "fe80::1" } },
	{ "source.ip|cidr", MAY_LIST, { "10.0.0.2/31", "10.0.0.0/8", "'fe80::/10'", "'::/0'" } },
	{ "source.ip|fieldref", ALONE, { "destination.ip" } },
	{ "source.port", MAY_LIST, { "502", "50000", "'5*'" } },
	{ "network.type", MAY_LIST, { "ipv4", "IPV6", "null" } },
	{ "weir.unit_id", MAY_LIST, { "1", "'0x2'", "3", "null", "'*'" } },
	{ "weir.unit_id|neq", MAY_LIST, { "1", "2" } },
	{ "weir.unit_id|gt", MAY_LIST, { "1", "2" } },
	{ "weir.unit_id|lte", MAY_LIST, { "1", "1.5" } },
	{ "weir.test.number", MAY_LIST, { "-5", "0", "7", "7.5", "18446744073709551615" } },
	{ "weir.test.number|lt", MAY_LIST, { "0", "-5" } },
	{ "weir.test.real", MAY_LIST, { "1.5", "0", "7" } },
	{ "weir.conversation.new", MAY_LIST, { "true", "'FALSE'", "null" } },
	{ "weir.source.role", MAY_LIST, { "hmi", "Engineering", "'*i'", "null", "''" } },
	{ "weir.test.text", MAY_LIST, { "pump", "'PUMP 2'", "'pump*'", "'p?mp'", "''", "null" } },
	{ "weir.test.text|neq", MAY_LIST, { "pump", "'*valve*'", "null" } },
	{ "weir.test.text|cased", MAY_LIST, { "Pump", "pump" } },
	{ "weir.test.text|contains", MAY_LIST, { "pump", "VALVE", "'um?'", "2", "''", "'a*b'" } },
	{ "weir.test.text|contains|cased", MAY_LIST, { "Pump", "alv" } },
	{ "weir.test.text|contains|neq", MAY_LIST, { "pump", "valve" } },
	{ "weir.test.text|contains|all", MUST_LIST, { "pump", "valve", "2", "'*'" } },
	{ "weir.test.text|startswith", MAY_LIST, { "pu", "'the '" } },
	{ "weir.test.text|endswith", MAY_LIST, { "ump", "VE" } },
	{ "weir.test.text|re", MAY_LIST, { "'^p'", "'e$'", "'[0-9]'" } },
	{ "weir.test.text|re|i|neq", ALONE, { "'PUMP'" } },
	{ "weir.test.text|windash|contains", MAY_LIST, { "' -stop'", "'/run'" } },
	{ "weir.test.text|wide|contains", MAY_LIST, { "plc" } },
	{ "weir.test.text|exists", ALONE, { "true", "false" } },
	{ "weir.test.text|fieldref", ALONE, { "weir.source.name", "weir.test.texts" } },
	{ "weir.source.name", MAY_LIST, { "pump", "valve" } },
	{ "weir.test.texts", MAY_LIST, { "pump", "'VALVE'", "'*2'", "null" } },
	{ "weir.test.texts|all", MUST_LIST, { "pump", "valve", "'*2'" } },
	{ "weir.test.texts|neq", MAY_LIST, { "pump", "valve" } },
	{ "weir.test.texts|contains", MAY_LIST, { "ump", "alv" } },
	{ "weir.test.numbers", MAY_LIST, { "7", "400" } },
	{ "weir.test.numbers|all", MUST_LIST, { "7", "400" } },
	{ "weir.test.numbers|gt", MAY_LIST, { "8", "399" } },
	{ "'@timestamp|minute'", MAY_LIST, { "12", "13" } },
	{ "'@timestamp|hour|gt'", ALONE, { "9", "10" } },
};

static const char *const keywords[] = { "stopped", "'PLC'", "'p*c'", "the", "'?'" };
static const char *const services[] = { NULL, NULL, "modbus", "dnp3", "flow", "conversation" };

/* All rules of a round as text, and the service of each. */
static char text[RULES_MOST * 1024];
static size_t text_length;
static const char *service_of[RULES_MOST];
static size_t begin_of[RULES_MOST + 1];
/* What asks only who did something, and perhaps what: it may leave the items of a transaction
 * alone, which the transaction itself answers for. */
static bool only_who[RULES_MOST], asks_more;

static unsigned below(unsigned n)
{
	return (unsigned)rand() % n;
}

static void put(const char *format, ...) PRINTF_LIKE(1, 2);

static void put(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_length +=
	    (size_t)vsnprintf(text + text_length, sizeof(text) - text_length, format, arguments);
	va_end(arguments);
	assert_true(text_length < sizeof(text));
}

static void put_values(const struct subject *subject)
{
	size_t n = 0;
	unsigned begin;

	while (n < VALUES_MAX && subject->values[n] != NULL) {
		n++;
	}
	begin = below((unsigned)n);
	if (subject->lists == ALONE || (subject->lists == MAY_LIST && below(2) == 0)) {
		put("%s", subject->values[begin]);
		return;
	}
	/* Neighbours in the table, from any place: no value twice. */
	put("[%s", subject->values[begin]);
	for (unsigned i = 1; i < n && (i < 2 || below(3) > 0); i++) {
		put(", %s", subject->values[(begin + i) % n]);
	}
	put("]");
}

static bool asks_who(const char *key)
{
	static const char *const keys[] = { "source.ip",    "source.port",    "network.type",
					    "network.prot", "weir.operation", "'@timestamp" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (strncmp(key, keys[i], strlen(keys[i])) == 0) {
			return true;
		}
	}
	return false;
}

static void put_map(void)
{
	unsigned first = below(ARRAY_SIZE(subjects)), step = 1 + below(20);
	unsigned n = 1 + below(3);

	put("{");
	for (unsigned i = 0; i < n; i++) {
		const struct subject *subject =
		    &subjects[(first + i * step) % ARRAY_SIZE(subjects)];

		asks_more = asks_more || !asks_who(subject->key);
		put("%s%s: ", i > 0 ? ", " : "", subject->key);
		put_values(subject);
	}
	put("}");
}

static void put_search(void)
{
	unsigned kind = below(12), n = 1 + below(3);

	if (kind > 2) {
		put_map();
	} else if (kind == 0) {
		asks_more = true;
		put("[%s, %s]", keywords[below(ARRAY_SIZE(keywords))], keywords[0]);
	} else {
		put("[");
		for (unsigned i = 0; i < n; i++) {
			put("%s", i > 0 ? ", " : "");
			put_map();
		}
		put("]");
	}
}

/* Conditions over one, two and three search identifiers: a digit is one of them, perhaps negated,
 * and
 * '+' a joint. */
static const char *const shapes[][6] = {
	{ "0", "0", "not (0)", "all of s*", "1 of s*", "not 1 of s*" },
	{ "0+1", "0+1", "(0+1)", "not (0+1)", "all of s*", "not all of s*" },
	{ "0+1+2", "(0+1)+2", "0+(1+2)", "not (0+1)+2", "0+not (1+2)", "1 of s*" },
};

static void put_condition(unsigned searches)
{
	unsigned shape = below(ARRAY_SIZE(shapes[0]));

	put("  condition: ");
	for (const char *at = shapes[searches - 1][shape]; *at != '\0'; at++) {
		if (*at == '+') {
			put(below(2) == 0 ? " and " : " or ");
		} else if (*at >= '0' && *at <= '2' && strstr(at, " of") != at + 1) {
			put("%ss%c", below(4) == 0 ? "not " : "", *at);
		} else {
			put("%c", *at);
		}
	}
	put("\n");
}

static void put_rule(unsigned i)
{
	unsigned searches = 1 + below(3);
	const char *service = services[below(ARRAY_SIZE(services))];

	begin_of[i] = text_length;
	asks_more = false;
	service_of[i] = service;
	put("---\ntitle: r%u\nname: r%u\nlogsource: {category: ot, product: "
	    "weir%s%s}\ndetection:\n",
	    i, i, service != NULL ? ", service: " : "", service != NULL ? service : "");
	for (unsigned k = 0; k < searches; k++) {
		put("  s%u: ", k);
		put_search();
		put("\n");
	}
	put_condition(searches);
	only_who[i] = !asks_more;
}

/* ---- records ---- */

static const char *any(const char *const *items, size_t n)
{
	return items[below((unsigned)n)];
}

#define ANY(items) any(items, ARRAY_SIZE(items))

static struct record random_head(struct world *w)
{
	static const enum record_kind kinds[] = {
		RECORD_TRANSACTION, RECORD_TRANSACTION,  RECORD_TRANSACTION,  RECORD_ITEM,
		RECORD_ITEM,        RECORD_FLOW,         RECORD_CONVERSATION, RECORD_BLIND,
		RECORD_POLICY,      RECORD_ASSET_CHANGE, RECORD_SENSOR,
	};
	static const enum operation operations[] = { OPERATION_UNKNOWN, OPERATION_READ,
						     OPERATION_WRITE, OPERATION_STOP,
						     OPERATION_REPORT };
	static const char *const addresses[] = { "10.0.0.1", "10.0.0.2", "10.0.0.3", "fe80::1" };
	static const char *const protocols[] = { "modbus", "dnp3", "s7comm", "arp" };
	struct record head = world_head(w, operations[below(ARRAY_SIZE(operations))]);

	head.kind = (uint8_t)kinds[below(ARRAY_SIZE(kinds))];
	head.key = 0; /* each is a hit of its own */
	head.protocol = below(4) == 0 ? NONE : world_protocol(ANY(protocols));
	assert_int_equal(ip_parse(ANY(addresses), &head.source.ip), 0);
	assert_int_equal(ip_parse(ANY(addresses), &head.destination.ip), 0);
	head.ip_version = below(5) == 0 ? 0 : ip_is_v4(&head.source.ip) ? 4 : 6;
	if (head.kind != RECORD_TRANSACTION && head.kind != RECORD_ITEM) {
		head.phase = PHASE_NONE;
		return head;
	}
	head.outcome = (uint8_t)below(OUTCOMES);
	head.phase = below(2) == 0 ? PHASE_COMPLETE : PHASE_REQUEST;
	head.status = (uint8_t)below(TRANSACTION_STATUSES);
	head.flags = below(4) == 0 ? RECORD_MALFORMED : 0;
	return head;
}

static void put_texts(struct world *w)
{
	static const char *const texts[] = {
		"pump",    "Pump",     "pump 2", "the valve",
		"",        "pimp",     "valve",  "the pump 2 and a valve",
		"x -stop", "cmd /run", "a b",    "2",
	};
	static const char *const names[] = { "pump", "VALVE", "pump 2" };
	static const char *lists[3];

	if (below(3) > 0) {
		world_put_text(w, "weir.test.text", ANY(texts));
	} else if (below(4) == 0) {
		record_put_bytes(&w->writer, world_field(w, "weir.test.text"),
				 cur_of("x\0p\0l\0c\0", 8));
	}
	if (below(3) == 0) {
		world_put_text(w, "message", below(2) == 0 ? "the PLC stopped" : "nothing");
	}
	if (below(2) == 0) {
		world_put_text(w, "weir.source.name", ANY(texts));
	}
	if (below(3) == 0) {
		for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
			lists[i] = ANY(names);
		}
		record_put_statics(&w->writer, world_field(w, "weir.test.texts"), lists,
				   1 + below(3));
	}
}

static void put_numbers(struct world *w)
{
	static const int64_t numbers[] = { -5, 0, 7, INT64_MIN };
	static const double reals[] = { 1.5, 0, -1 };
	static const uint32_t list[] = { 7, 400, 9 };

	if (below(2) == 0) {
		world_put_uint(w, "weir.unit_id", below(4));
	}
	if (below(2) == 0) {
		record_put_int(&w->writer, world_field(w, "weir.test.number"),
			       numbers[below(ARRAY_SIZE(numbers))]);
	}
	if (below(3) == 0) {
		record_put_double(&w->writer, world_field(w, "weir.test.real"),
				  reals[below(ARRAY_SIZE(reals))]);
	}
	if (below(3) == 0) {
		record_put_uint32s(&w->writer, world_field(w, "weir.test.numbers"), list + below(2),
				   1 + below(2));
	}
	if (below(3) == 0) {
		record_put_bool(&w->writer, world_field(w, "weir.conversation.new"), below(2) == 0);
	}
}

static struct event random_event(struct world *w)
{
	static const char *const roles[] = { "hmi", "engineering", "plc" };
	static const char *const wrong[] = { "length", "checksum" };
	static const char *const names[] = { "quic", "modbus", "tls" };
	struct record head = random_head(w);

	world_open(w, &head);
	if (head.kind == RECORD_FLOW && head.protocol == NONE && below(2) == 0) {
		world_put_text(w, "weir.flow.protocol", ANY(names));
	}
	if ((head.flags & RECORD_MALFORMED) != 0) {
		world_put_text(w, "weir.malformed", ANY(wrong));
	}
	if (below(2) == 0) {
		world_put_text(w, "weir.source.role", ANY(roles));
	}
	put_texts(w);
	put_numbers(w);
	return world_event(w);
}

/* ---- what each rule says ---- */

struct hits {
	bool of[RULES_MOST];
};

static void note(void *context, size_t rule, const struct event *event)
{
	struct hits *hits = context;

	(void)event;
	assert_false(hits->of[rule]);
	hits->of[rule] = true;
}

static void hear_nothing(void *context, const struct alert_document *alert)
{
	(void)context, (void)alert;
}

static bool is_of_service(const struct record *record, const char *service)
{
	if (service == NULL) {
		return true;
	}
	if (strcmp(service, "flow") == 0) {
		return record->kind == RECORD_FLOW;
	}
	if (strcmp(service, "conversation") == 0) {
		return record->kind == RECORD_CONVERSATION;
	}
	return record->protocol == world_protocol(service);
}

/* docs/rules.md, "Which record of a transaction is judged". */
static bool is_its_record(const struct rule *rule, const struct record *record)
{
	bool reported_twice = operation_reports_request((enum operation)record->operation);

	if ((record->kind != RECORD_TRANSACTION && record->kind != RECORD_ITEM) ||
	    rule->names_phase) {
		return true;
	}
	if (rule->names_outcome) {
		return record->phase != PHASE_REQUEST;
	}
	return record->phase == PHASE_REQUEST || !reported_twice ||
	       record->status == TRANSACTION_ORPHAN ||
	       (record->kind == RECORD_TRANSACTION && record->status == TRANSACTION_NONE);
}

static unsigned compare(struct world *w, const struct judge *judge, const struct hits *hits,
			const struct event *event, unsigned number)
{
	unsigned n = 0;

	for (size_t i = 0; i < w->set->n_rules; i++) {
		const struct rule *rule = w->set->rules[i];
		bool wanted = is_of_service(event->record, service_of[i]) &&
			      is_its_record(rule, event->record) &&
			      judge_condition(judge, event, rule->condition);

		bool may_miss = only_who[i] && event->record->kind == RECORD_ITEM;

		if (hits->of[i] != wanted && (hits->of[i] || !may_miss)) {
			fail_msg("record %u %s this rule through the index alone:\n%.*s", number,
				 wanted ? "misses" : "hits", (int)(begin_of[i + 1] - begin_of[i]),
				 text + begin_of[i]);
		}
		n += wanted;
	}
	return n;
}

static unsigned run(struct world *w, unsigned rules, unsigned records)
{
	struct rule_engine_options options = world_options(w);
	static struct hits hits;
	struct judge judge;
	unsigned n = 0;

	text_length = 0;
	for (unsigned i = 0; i < rules; i++) {
		put_rule(i);
	}
	begin_of[rules] = text_length;
	world_load(w, text);
	if (w->counts.rules != rules) {
		fail_msg("%s", w->problems);
	}
	options.on_alert = hear_nothing;
	options.on_hit = note;
	options.context = &hits;
	assert_int_equal(rule_engine_new(&w->engine, w->set, &options), 0);
	assert_int_equal(judge_init(&judge, w->registry), 0);
	for (unsigned i = 0; i < records; i++) {
		struct event event = random_event(w);

		memset(&hits, 0, sizeof(hits));
		rule_engine_event(w->engine, &event);
		n += compare(w, &judge, &hits, &event, i);
		w->now += NS_PER_S;
	}
	judge_end(&judge);
	world_unload(w);
	return n;
}

static void agrees_with_every_rule(void **state)
{
	const char *given = getenv("WEIR_SEED");
	unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	unsigned n = 0;
	struct world w;

	(void)state;
	printf("WEIR_SEED=%u\n", seed);
	srand(seed);
	world_begin(&w);
	for (unsigned round = 0; round < 30; round++) {
		n += run(&w, 1 + below(100), 200);
	}
	n += run(&w, RULES_MOST, 100);
	printf("%u hits\n", n);
	assert_true(n > 1000);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_every_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
