/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* What the specification 2.1 of Sigma says of modifiers, values and conditions, sentence by
 * sentence: each row is a detection, a record that it matches and one that it does not.
 *
 * A record is written as fields "name=value&name=value", with %XX for any byte. */

#include "capture/base/time_zone.h"
#include "tests/unit/rule_world.h"

#include <time.h>

#define TEXT       "weir.test.text"
#define TEXTS      "weir.test.texts"
#define NUMBER     "weir.test.number"
#define TIME       "weir.test.time"
#define IS(search) "  s:\n    " search "\n  condition: s\n"

struct row {
	const char *name, *detection, *matches, *differs;
};

/* ---- records from a line ---- */

#define VALUE_MAX 256
#define LIST_MAX  8

struct field_text {
	char name[64], bytes[VALUE_MAX];
	size_t n;
};

/* Takes one "name=value" from the line and returns what follows. */
static const char *take_field(const char *at, struct field_text *out)
{
	size_t name = strcspn(at, "=");
	unsigned byte;

	assert_true(at[name] == '=' && name < sizeof(out->name));
	snprintf(out->name, sizeof(out->name), "%.*s", (int)name, at);
	out->n = 0;
	for (at += name + 1; *at != '\0' && *at != '&'; at++) {
		assert_true(out->n + 1 < sizeof(out->bytes));
		byte = (unsigned char)*at;
		if (byte == '%') {
			assert_int_equal(sscanf(at + 1, "%2x", &byte), 1);
			at += 2;
		}
		out->bytes[out->n++] = (char)byte;
	}
	out->bytes[out->n] = '\0';
	return *at == '&' ? at + 1 : at;
}

static int64_t read_time(const char *text)
{
	struct tm tm = { .tm_isdst = 0 };

	assert_int_equal(sscanf(text, "%d-%d-%dT%d:%d:%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
				&tm.tm_hour, &tm.tm_min, &tm.tm_sec),
			 6);
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return timegm(&tm) * NS_PER_S;
}

/* What stands in a record's head. */
static bool put_head(struct record *head, const struct field_text *field)
{
	if (strcmp(field->name, "source.ip") == 0) {
		assert_int_equal(ip_parse(field->bytes, &head->source.ip), 0);
	} else if (strcmp(field->name, "destination.ip") == 0) {
		assert_int_equal(ip_parse(field->bytes, &head->destination.ip), 0);
	} else if (strcmp(field->name, "@timestamp") == 0) {
		head->time = read_time(field->bytes);
	} else {
		return false;
	}
	return true;
}

static void put_texts(struct world *w, uint16_t id, char *text)
{
	static char kept[VALUE_MAX]; /* a list of texts is stored by reference */
	const char *items[LIST_MAX];
	size_t n = 0;

	snprintf(kept, sizeof(kept), "%s", text);
	for (char *at = strtok(kept, ","); at != NULL && n < LIST_MAX; at = strtok(NULL, ",")) {
		items[n++] = at;
	}
	record_put_statics(&w->writer, id, items, n);
}

static void put_field(struct world *w, struct field_text *field)
{
	uint16_t id = world_field(w, field->name);

	switch (field_by_id(w->registry, id)->type) {
	case FIELD_BOOL:
		record_put_bool(&w->writer, id, strcmp(field->bytes, "true") == 0);
		break;
	case FIELD_INT:
		record_put_int(&w->writer, id, strtoll(field->bytes, NULL, 10));
		break;
	case FIELD_UINT:
		record_put_uint(&w->writer, id, strtoull(field->bytes, NULL, 10));
		break;
	case FIELD_DOUBLE:
		record_put_double(&w->writer, id, strtod(field->bytes, NULL));
		break;
	case FIELD_TIME:
		record_put_time(&w->writer, id, read_time(field->bytes));
		break;
	default:
		if (strcmp(field->name, TEXTS) == 0) {
			put_texts(w, id, field->bytes);
		} else {
			record_put_bytes(&w->writer, id, cur_of(field->bytes, field->n));
		}
	}
}

/* Judges the record; how many rules it hits. */
static uint64_t judge(struct world *w, const char *line)
{
	struct record head = world_head(w, OPERATION_WRITE);
	struct field_text field;
	uint64_t before = rule_engine_counters(w->engine).hits;

	for (const char *at = line; *at != '\0';) {
		at = take_field(at, &field);
		put_head(&head, &field);
	}
	world_open(w, &head);
	for (const char *at = line; *at != '\0';) {
		at = take_field(at, &field);
		if (!put_head(&head, &field)) {
			put_field(w, &field);
		}
	}
	world_judge(w);
	return rule_engine_counters(w->engine).hits - before;
}

/* What the rows of one table share; NULL: nothing is named. */
struct setting {
	const char *placeholders, *time_zone;
};

static void check(struct world *w, const struct row *row, const char *zone_name)
{
	struct time_zone *zone;
	char text[2048];

	snprintf(text, sizeof(text),
		 "title: t\nlogsource: {category: ot, product: weir}\ndetection:\n%s",
		 row->detection);
	world_load(w, text);
	if (w->counts.rules != 1) {
		fail_msg("%s: %s%s", row->name, row->detection, w->problems);
	}
	assert_int_equal(time_zone_read(&zone, zone_name != NULL ? zone_name : "", NULL), 0);
	rule_set_use_time_zone(w->set, zone);
	world_start(w);
	if (judge(w, row->matches) != 1) {
		fail_msg("%s: does not match '%s':\n%s", row->name, row->matches, row->detection);
	}
	if (judge(w, row->differs) != 0) {
		fail_msg("%s: matches '%s':\n%s", row->name, row->differs, row->detection);
	}
	world_unload(w);
}

static void run(const struct row *rows, size_t n, const struct setting *setting)
{
	struct world w;

	world_begin(&w);
	w.placeholders = setting->placeholders;
	for (size_t i = 0; i < n; i++) {
		check(&w, &rows[i], setting->time_zone);
	}
	world_end(&w);
}

#define RUN(rows) run(rows, ARRAY_SIZE(rows), &(struct setting) { NULL, NULL })

/* ---- values ---- */

static void values(void **state)
{
	static const struct row rows[] = {
		{ "case is ignored", IS(TEXT ": Pump"), TEXT "=pUMP", TEXT "=pump 2" },
		{ "* is any text", IS(TEXT ": 'pump*'"), TEXT "=pump 12", TEXT "=the pump" },
		{ "* is also none", IS(TEXT ": 'pump*'"), TEXT "=pump", TEXT "=pum" },
		{ "* within", IS(TEXT ": 'a*b*c'"), TEXT "=a1b2b3c", TEXT "=a1c2b" },
		{ "? is one character", IS(TEXT ": 'prog?.exe'"), TEXT "=progA.exe",
		  TEXT "=prog.exe" },
		{ "two ? are two", IS(TEXT ": 'pro??2'"), TEXT "=prog12", TEXT "=prog112" },
		{ "? is a whole UTF-8 character", IS(TEXT ": 'a?b'"), TEXT "=a%C3%A4b",
		  TEXT "=a%C3%A4%C3%A4b" },
		{ "a plain backslash", IS(TEXT ": 'C:\\dir'"), TEXT "=c:\\dir", TEXT "=c:dir" },
		{ "the same, doubled", IS(TEXT ": 'C:\\\\dir'"), TEXT "=c:\\dir",
		  TEXT "=c:\\\\dir" },
		{ "\\* is a star", IS(TEXT ": 'a\\*b'"), TEXT "=a*b", TEXT "=a\\xb" },
		{ "\\? is a question mark", IS(TEXT ": 'a\\?b'"), TEXT "=a?b", TEXT "=axb" },
		{ "\\\\* is a backslash and any text", IS(TEXT ": 'a\\\\*'"), TEXT "=a\\bc",
		  TEXT "=a*" },
		{ "\\\\\\* is a backslash and a star", IS(TEXT ": 'a\\\\\\*b'"), TEXT "=a\\*b",
		  TEXT "=a\\xb" },
		{ "three backslashes are two", IS(TEXT ": 'a\\\\\\b'"), TEXT "=a\\\\b",
		  TEXT "=a\\b" },
		{ "four backslashes are two", IS(TEXT ": 'a\\\\\\\\b'"), TEXT "=a\\\\b",
		  TEXT "=a\\\\\\b" },
		{ "no escapes but these", IS(TEXT ": 'a\\nb'"), TEXT "=a\\nb", TEXT "=a%0Ab" },
		{ "a number", IS(NUMBER ": 16"), NUMBER "=16", NUMBER "=-16" },
		{ "a number in quotes", IS(NUMBER ": '0x10'"), NUMBER "=16", NUMBER "=10" },
		{ "a number in a text", IS(TEXT ": 16"), TEXT "=16", TEXT "=160" },
		{ "a truth value", IS("weir.conversation.new: true"), "weir.conversation.new=true",
		  "weir.conversation.new=false" },
		{ "a list is or", IS(TEXT ": [pump, valve]"), TEXT "=valve", TEXT "=door" },
		{ "null", IS(TEXT ": null"), NUMBER "=1", TEXT "=pump" },
		{ "null is not empty", IS(TEXT ": null"), "", TEXT "=" },
		{ "empty", IS(TEXT ": ''"), TEXT "=", TEXT "=pump" },
		{ "empty is not null", IS(TEXT ": ''"), TEXT "=", "" },
		{ "null in a list", IS(TEXT ": [null, pump]"), NUMBER "=1", TEXT "=valve" },
		{ "not null",
		  "  s: {" NUMBER ": 1}\n  f: {" TEXT ": null}\n  condition: s and not f\n",
		  NUMBER "=1&" TEXT "=x", NUMBER "=1" },
		{ "a list of the record", IS(TEXTS ": beta"), TEXTS "=alpha,Beta", TEXTS "=alpha" },
		{ "its own percent signs", IS(TEXT ": '%name%'"), TEXT "=%25name%25",
		  TEXT "=name" },
	};

	(void)state;
	RUN(rows);
}

/* ---- the modifiers appendix, chapter by chapter ---- */

static void generic_modifiers(void **state)
{
	static const struct row rows[] = {
		{ "contains", IS(TEXT "|contains: pump"), TEXT "=the PUMPs", TEXT "=the pum p" },
		{ "contains, a wildcard", IS(TEXT "|contains: 'p?mp'"), TEXT "=a pomp b",
		  TEXT "=a pmp b" },
		{ "contains, a star", IS(TEXT "|contains: '\\*'"), TEXT "=a*b", TEXT "=ab" },
		{ "contains, a number", IS(NUMBER "|contains: 34"), NUMBER "=12345",
		  NUMBER "=12435" },
		{ "contains, a list", IS(TEXT "|contains: [x, pump]"), TEXT "=pumps",
		  TEXT "=valve" },
		{ "startswith", IS(TEXT "|startswith: adm"), TEXT "=Administrator",
		  TEXT "=the admin" },
		{ "startswith, an address", IS("source.ip|startswith: '10.1.'"),
		  "source.ip=10.1.2.3", "source.ip=110.1.2.3" },
		{ "endswith", IS(TEXT "|endswith: '\\cmd.exe'"), TEXT "=C:\\CMD.exe",
		  TEXT "=C:\\cmd.exe /c" },
		{ "all", IS(TEXT "|contains|all: [stop, plc]"), TEXT "=plc: stop", TEXT "=stop" },
		{ "all, before", IS(TEXT "|all|contains: [stop, plc]"), TEXT "=plc: stop",
		  TEXT "=plc" },
		{ "all, expressions", IS(TEXT "|re|all: ['^a', 'b$']"), TEXT "=a to b",
		  TEXT "=a to c" },
		{ "all, a list of the record", IS(TEXTS "|all: [alpha, beta]"),
		  TEXTS "=beta,gamma,alpha", TEXTS "=beta,gamma" },
		{ "exists", IS(TEXT "|exists: true"), TEXT "=x", "" },
		{ "exists, though empty", IS(TEXT "|exists: true"), TEXT "=", NUMBER "=1" },
		{ "exists not", IS(TEXT "|exists: false"), NUMBER "=1", TEXT "=" },
		{ "cased", IS(TEXT "|cased: Pump"), TEXT "=Pump", TEXT "=pump" },
		{ "cased, contains", IS(TEXT "|contains|cased: Pump"), TEXT "=a Pump",
		  TEXT "=a pump" },
		{ "cased, startswith", IS(TEXT "|cased|startswith: Pu"), TEXT "=Pump",
		  TEXT "=pump" },
		{ "cased, endswith", IS(TEXT "|endswith|cased: mP"), TEXT "=pumP", TEXT "=pump" },
		{ "neq", IS(TEXT "|neq: pump"), TEXT "=pump 2", TEXT "=Pump" },
		{ "neq, a number", IS(NUMBER "|neq: 5"), NUMBER "=6", NUMBER "=5" },
		{ "neq, a wildcard", IS(TEXT "|neq: 'pump*'"), TEXT "=a pump", TEXT "=pump 2" },
		{ "neq, all of a list", IS(TEXT "|neq: [pump, valve]"), TEXT "=door",
		  TEXT "=valve" },
		{ "neq, contains", IS(TEXT "|contains|neq: pump"), TEXT "=valve", TEXT "=pumps" },
		{ "neq, cased", IS(TEXT "|cased|neq: Pump"), TEXT "=pump", TEXT "=Pump" },
		{ "neq, absent", IS(TEXT "|neq: pump"), NUMBER "=1", TEXT "=PUMP" },
		{ "neq, null", IS(TEXT "|neq: null"), TEXT "=", NUMBER "=1" },
		{ "neq, a list of the record", IS(TEXTS "|neq: beta"), TEXTS "=alpha,gamma",
		  TEXTS "=alpha,beta" },
		{ "neq, cidr", IS("source.ip|cidr|neq: 10.0.0.0/8"), "source.ip=192.168.0.1",
		  "source.ip=10.9.9.9" },
		{ "neq, re", IS(TEXT "|re|neq: '^a'"), TEXT "=ba", TEXT "=ab" },
		{ "neq, exists", IS(TEXT "|exists|neq: true"), NUMBER "=1", TEXT "=a" },
	};

	(void)state;
	RUN(rows);
}

static void string_modifiers(void **state)
{
	static const struct row rows[] = {
		{ "windash, hyphen", IS(TEXT "|windash|contains: ' -f '"), TEXT "=x /f y",
		  TEXT "=x f y" },
		{ "windash, slash", IS(TEXT "|windash|contains: ' /f '"), TEXT "=x -f y",
		  TEXT "=x \\f y" },
		{ "windash, as it stands", IS(TEXT "|windash|contains: ' -f '"), TEXT "=x -f y",
		  TEXT "=x --f y" },
		{ "windash, en dash", IS(TEXT "|windash|contains: ' -f'"), TEXT "=x %E2%80%93f",
		  TEXT "=x %E2%80%92f" },
		{ "windash, em dash", IS(TEXT "|windash|contains: ' -f'"), TEXT "=x %E2%80%94f",
		  TEXT "=x f" },
		{ "windash, horizontal bar", IS(TEXT "|windash|contains: ' -f'"),
		  TEXT "=x %E2%80%95f", TEXT "=x %E2%80%90f" },
		{ "windash, from a horizontal bar",
		  IS(TEXT "|windash|contains: ' \xe2\x80\x95"
			  "f'"),
		  TEXT "=x -f", TEXT "=x f" },
		{ "windash, each on its own", IS(TEXT "|windash: '-a -b'"), TEXT "=/a -b",
		  TEXT "=/a b" },
		{ "windash, both", IS(TEXT "|windash: '-a /b'"), TEXT "=/a -b", TEXT "=a -b" },
		{ "re", IS(TEXT "|re: 'pump [0-9]'"), TEXT "=the pump 7", TEXT "=the pump x" },
		{ "re is cased", IS(TEXT "|re: Pump"), TEXT "=Pump", TEXT "=pump" },
		{ "re, .", IS(TEXT "|re: '^a.c$'"), TEXT "=abc", TEXT "=ac" },
		{ "re, ^", IS(TEXT "|re: '^pump'"), TEXT "=pump 1", TEXT "=a pump" },
		{ "re, $", IS(TEXT "|re: 'pump$'"), TEXT "=a pump", TEXT "=pump 1" },
		{ "re, *", IS(TEXT "|re: '^ab*c$'"), TEXT "=ac", TEXT "=adc" },
		{ "re, +", IS(TEXT "|re: '^ab+c$'"), TEXT "=abbc", TEXT "=ac" },
		{ "re, ?", IS(TEXT "|re: '^ab?c$'"), TEXT "=ac", TEXT "=abbc" },
		{ "re, {n,m}", IS(TEXT "|re: '^a{2,3}$'"), TEXT "=aaa", TEXT "=aaaa" },
		{ "re, [a-z]", IS(TEXT "|re: '^[a-c]$'"), TEXT "=b", TEXT "=d" },
		{ "re, [^a-z]", IS(TEXT "|re: '^[^a-c]$'"), TEXT "=d", TEXT "=b" },
		{ "re, ()", IS(TEXT "|re: '^(ab)+$'"), TEXT "=abab", TEXT "=aba" },
		{ "re, |", IS(TEXT "|re: '^(on|off)$'"), TEXT "=off", TEXT "=of" },
		{ "re, no wildcards", IS(TEXT "|re: '^a*$'"), TEXT "=aaa", TEXT "=ab" },
		{ "re, a list", IS(TEXT "|re: ['^a', 'b$']"), TEXT "=cb", TEXT "=cc" },
		{ "re, a number", IS(NUMBER "|re: '^1[56]$'"), NUMBER "=16", NUMBER "=161" },
		{ "re, i", IS(TEXT "|re|i: '^PUMP$'"), TEXT "=pump", TEXT "=pumps" },
		{ "re without m", IS(TEXT "|re: '^b'"), TEXT "=b", TEXT "=a%0Ab" },
		{ "re, m", IS(TEXT "|re|m: '^b$'"), TEXT "=a%0Ab%0Ac", TEXT "=a b c" },
		{ "re without s", IS(TEXT "|re: 'a.b'"), TEXT "=a b", TEXT "=a%0Ab" },
		{ "re, s", IS(TEXT "|re|s: 'a.b'"), TEXT "=a%0Ab", TEXT "=ab" },
		{ "re, i, m, s", IS(TEXT "|re|i|m|s: '^B.C$'"), TEXT "=a%0Ab%0Ac%0Ad",
		  TEXT "=ab%0Acd" },
	};

	(void)state;
	RUN(rows);
}

static void encoding_modifiers(void **state)
{
	static const struct row rows[] = {
		{ "base64, whole", IS(TEXT "|base64: foobar!"),
		  TEXT "=Zm9vYmFyIQ==", TEXT "=foobar!" },
		{ "base64, contains", IS(TEXT "|base64|contains: foobar"),
		  TEXT "=x Zm9vYmFyIQ==", TEXT "=x Zm9vYmF6IQ==" },
		{ "base64, cased", IS(TEXT "|base64|cased: foobar!"),
		  TEXT "=Zm9vYmFyIQ==", TEXT "=zM9VyMfYiq==" },
		{ "base64offset, 0", IS(TEXT "|base64offset|contains: stop plc"),
		  TEXT "=c3RvcCBwbGMgbm93", TEXT "=c3RvcCBwbWMgbm93" },
		{ "base64offset, 1", IS(TEXT "|base64offset|contains: stop plc"),
		  TEXT "=cnVuIHN0b3AgcGxjIG5vdw==", TEXT "=stop plc" },
		{ "base64offset, 2", IS(TEXT "|base64offset|contains: stop plc"),
		  TEXT "=YSBzdG9wIHBsYyBub3c=", TEXT "=YSBzdG9w" },
		{ "utf16le", IS(TEXT "|utf16le: cmd"), TEXT "=c%00m%00d%00", TEXT "=%00c%00m%00d" },
		{ "utf16be", IS(TEXT "|utf16be: cmd"), TEXT "=%00c%00m%00d", TEXT "=c%00m%00d%00" },
		{ "utf16", IS(TEXT "|utf16: cmd"), TEXT "=%FF%FEc%00m%00d%00",
		  TEXT "=c%00m%00d%00" },
		{ "wide", IS(TEXT "|wide: cmd"), TEXT "=c%00m%00d%00", TEXT "=cmd" },
		{ "wide, contains", IS(TEXT "|wide|contains: cmd"), TEXT "=a%00c%00m%00d%00.%00",
		  TEXT "=a%00c%00m%00.%00" },
		{ "wide, ignoring case", IS(TEXT "|wide: CMD"), TEXT "=c%00M%00d%00",
		  TEXT "=c%00M%00" },
		{ "wide, beyond ASCII", IS(TEXT "|wide: '\xc3\xa4'"), TEXT "=%E4%00",
		  TEXT "=%C3%A4" },
		{ "wide, a surrogate pair", IS(TEXT "|wide: '\xf0\x9f\x98\x80'"),
		  TEXT "=%3D%D8%00%DE", TEXT "=%00%DE%3D%D8" },
		{ "wide, base64", IS(TEXT "|wide|base64: ping"),
		  TEXT "=cABpAG4AZwA=", TEXT "=cGluZw==" },
		{ "wide, base64offset, 0", IS(TEXT "|wide|base64offset|contains: stop plc"),
		  TEXT "=cwB0AG8AcAAgAHAAbABjACAAbgBvAHcA", TEXT "=c3RvcCBwbGMgbm93" },
		{ "wide, base64offset, 1", IS(TEXT "|utf16le|base64offset|contains: stop plc"),
		  TEXT "=eHMAdABvAHAAIABwAGwAYwA=", TEXT "=eHN0b3AgcGxj" },
		{ "wide, base64offset, 2", IS(TEXT "|utf16le|base64offset|contains: stop plc"),
		  TEXT "=egB6AHlzAHQAbwBwACAAcABsAGMA", TEXT "=egB6AHlzAHQAbwBw" },
	};

	(void)state;
	RUN(rows);
}

static void number_and_address_modifiers(void **state)
{
	static const struct row rows[] = {
		{ "lt", IS(NUMBER "|lt: 5"), NUMBER "=4", NUMBER "=5" },
		{ "lte", IS(NUMBER "|lte: 5"), NUMBER "=5", NUMBER "=6" },
		{ "gt", IS(NUMBER "|gt: 5"), NUMBER "=6", NUMBER "=5" },
		{ "gte", IS(NUMBER "|gte: 5"), NUMBER "=5", NUMBER "=4" },
		{ "lt, negative", IS(NUMBER "|lt: -4"), NUMBER "=-5", NUMBER "=-4" },
		{ "gt, a fraction", IS("weir.test.real|gt: 0.25"), "weir.test.real=0.5",
		  "weir.test.real=0.25" },
		{ "gt, neq", IS(NUMBER "|gt|neq: 5"), NUMBER "=5", NUMBER "=6" },
		{ "gt is no text", IS(NUMBER "|gt: 9"), NUMBER "=10", NUMBER "=8" },
		{ "an absent number", IS(NUMBER "|lt: 5"), NUMBER "=-1", TEXT "=1" },
		{ "a list is or", IS(NUMBER "|gt: [100, 5]"), NUMBER "=6", NUMBER "=5" },
		{ "cidr, version 4", IS("source.ip|cidr: 10.1.2.0/23"), "source.ip=10.1.3.255",
		  "source.ip=10.1.4.0" },
		{ "cidr, one host", IS("source.ip|cidr: 10.1.2.3/32"), "source.ip=10.1.2.3",
		  "source.ip=10.1.2.2" },
		{ "cidr, everything", IS("source.ip|cidr: 0.0.0.0/0"), "source.ip=192.0.2.1",
		  "source.ip=2001:db8::1" },
		{ "cidr, version 6", IS("source.ip|cidr: '2001:db8::/32'"),
		  "source.ip=2001:db8:ff::1", "source.ip=2001:db9::1" },
		{ "cidr, versions apart", IS("source.ip|cidr: '::/0'"), "source.ip=fe80::1",
		  "source.ip=10.0.0.1" },
		{ "cidr, a list", IS("source.ip|cidr: [10.0.0.0/8, 'fe80::/10']"),
		  "source.ip=febf::1", "source.ip=fec0::1" },
	};

	(void)state;
	RUN(rows);
}

static void time_modifiers(void **state)
{
	static const struct row rows[] = {
		{ "minute", IS(TIME "|minute: 0"), TIME "=2026-01-15T10:00:59",
		  TIME "=2026-01-15T10:01:00" },
		{ "hour", IS(TIME "|hour: 23"), TIME "=2026-01-15T23:59:59",
		  TIME "=2026-01-16T00:00:00" },
		{ "hour, order", IS(TIME "|hour|gte: 22"), TIME "=2026-01-15T22:00:00",
		  TIME "=2026-01-15T21:59:59" },
		{ "hour, order before", IS(TIME "|gte|hour: 22"), TIME "=2026-01-15T22:00:00",
		  TIME "=2026-01-15T21:59:59" },
		{ "hour, a list", IS(TIME "|hour: [0, 1, 2]"), TIME "=2026-01-15T02:30:00",
		  TIME "=2026-01-15T03:00:00" },
		{ "hour, neq", IS(TIME "|hour|neq: 2"), TIME "=2026-01-15T03:00:00",
		  TIME "=2026-01-15T02:30:00" },
		{ "day, a leap year", IS(TIME "|day: 29"), TIME "=2028-02-29T12:00:00",
		  TIME "=2027-03-01T12:00:00" },
		{ "week, the first", IS(TIME "|week: 1"), TIME "=2025-12-29T00:00:00",
		  TIME "=2025-12-28T23:59:59" },
		{ "week, the last", IS(TIME "|week: 53"), TIME "=2027-01-03T23:59:59",
		  TIME "=2027-01-04T00:00:00" },
		{ "month", IS(TIME "|month: 1"), TIME "=2026-01-31T23:59:59",
		  TIME "=2026-02-01T00:00:00" },
		{ "year", IS(TIME "|year: 2026"), TIME "=2026-12-31T23:59:59",
		  TIME "=2027-01-01T00:00:00" },
		{ "before 1970", IS(TIME "|hour: 23"), TIME "=1969-12-31T23:59:59",
		  TIME "=1970-01-01T00:00:00" },
		{ "of the record itself", IS("'@timestamp|minute': 30"),
		  "@timestamp=2026-01-15T10:30:00", "@timestamp=2026-01-15T10:31:00" },
	};

	(void)state;
	RUN(rows);
}

/* As clocks show it where the plant is: in 2026 they go from 2 to 3 on 29 March at 01:00 UTC, and
 * from 3 to 2 on 25 October at 01:00 UTC. */
static void time_modifiers_in_a_zone(void **state)
{
	static const struct row rows[] = {
		{ "winter", IS(TIME "|hour: 1"), TIME "=2026-03-29T00:59:59",
		  TIME "=2026-03-29T01:00:00" },
		{ "summer begins", IS(TIME "|hour: 3"), TIME "=2026-03-29T01:00:00",
		  TIME "=2026-03-29T03:00:00" },
		{ "an hour that is left out", IS(TIME "|hour|neq: 2"), TIME "=2026-03-29T01:00:00",
		  TIME "=2026-03-30T00:30:00" },
		{ "summer", IS(TIME "|hour: 23"), TIME "=2026-07-15T21:00:00",
		  TIME "=2026-07-15T22:00:00" },
		{ "an hour that comes twice", IS(TIME "|hour: 2"), TIME "=2026-10-25T00:30:00",
		  TIME "=2026-10-24T23:30:00" },
		{ "the second of them", IS(TIME "|hour: 2"), TIME "=2026-10-25T01:30:00",
		  TIME "=2026-10-25T02:30:00" },
		{ "the day is that of the place", IS(TIME "|day: 16"), TIME "=2026-01-15T23:00:00",
		  TIME "=2026-01-15T22:59:59" },
		{ "the month, too", IS(TIME "|month: 7"), TIME "=2026-06-30T22:00:00",
		  TIME "=2026-06-30T21:59:59" },
		{ "the year, too", IS(TIME "|year: 2027"), TIME "=2026-12-31T23:00:00",
		  TIME "=2026-12-31T22:59:59" },
		{ "the week, too", IS(TIME "|week: 2"), TIME "=2026-01-04T23:00:00",
		  TIME "=2026-01-04T22:59:59" },
		{ "minutes stay", IS(TIME "|minute: 30"), TIME "=2026-07-15T21:30:00",
		  TIME "=2026-07-15T21:00:00" },
		{ "after what the table lists", IS(TIME "|hour: 14"), TIME "=2060-07-15T12:00:00",
		  TIME "=2060-01-15T12:00:00" },
		{ "a time as text stays", IS(TIME "|startswith: '2026-07-15T21'"),
		  TIME "=2026-07-15T21:30:00", TIME "=2026-07-15T19:30:00" },
	};

	(void)state;
	run(rows, ARRAY_SIZE(rows), &(struct setting) { .time_zone = "Europe/Berlin" });
}

static void references(void **state)
{
	static const struct row rows[] = {
		{ "fieldref", IS("weir.source.name|fieldref: weir.destination.name"),
		  "weir.source.name=PLC&weir.destination.name=plc",
		  "weir.source.name=PLC&weir.destination.name=plc 2" },
		{ "fieldref, cased", IS("weir.source.name|fieldref|cased: weir.destination.name"),
		  "weir.source.name=PLC&weir.destination.name=PLC",
		  "weir.source.name=PLC&weir.destination.name=plc" },
		{ "fieldref, neq", IS("weir.source.name|fieldref|neq: weir.destination.name"),
		  "weir.source.name=a&weir.destination.name=b",
		  "weir.source.name=a&weir.destination.name=a" },
		{ "fieldref, one is absent", IS("weir.source.name|fieldref: weir.destination.name"),
		  "weir.source.name=a&weir.destination.name=a", "weir.source.name=a" },
		{ "fieldref, no wildcards", IS("weir.source.name|fieldref: weir.destination.name"),
		  "weir.source.name=a*&weir.destination.name=a*",
		  "weir.source.name=ab&weir.destination.name=a*" },
		{ "fieldref, addresses", IS("source.ip|fieldref: destination.ip"),
		  "source.ip=10.0.0.9&destination.ip=10.0.0.9",
		  "source.ip=10.0.0.9&destination.ip=10.0.0.8" },
		{ "fieldref, a list of the record", IS(TEXT "|fieldref: " TEXTS),
		  TEXT "=beta&" TEXTS "=alpha,beta", TEXT "=gamma&" TEXTS "=alpha,beta" },
	};

	(void)state;
	RUN(rows);
}

static void placeholders(void **state)
{
	static const struct row rows[] = {
		{ "expand, one value", IS(TEXT "|expand: '%pump%'"), TEXT "=P-101",
		  TEXT "=%25pump%25" },
		{ "expand, a list of values", IS(TEXT "|expand: '%valves%'"), TEXT "=V-2",
		  TEXT "=V-3" },
		{ "expand, a pattern", IS(TEXT "|expand: '%servers%'"), TEXT "=srv07",
		  TEXT "=the srv07" },
		{ "expand, within a text", IS(TEXT "|expand: 'open %valves% now'"),
		  TEXT "=open V-1 now", TEXT "=open V-1" },
		{ "expand, each combination", IS(TEXT "|expand: '%valves% %valves%'"),
		  TEXT "=V-2 V-1", TEXT "=V-2 V-4" },
		{ "expand, in a list", IS(TEXT "|expand: ['%pump%', door]"), TEXT "=door",
		  TEXT "=P-102" },
		{ "expand, contains", IS(TEXT "|contains|expand: '%pump%'"), TEXT "=a P-101 b",
		  TEXT "=a P-10 b" },
		{ "expand, contains all", IS(TEXT "|expand|contains|all: ['%pump%', '%one%']"),
		  TEXT "=V-1 and P-101", TEXT "=P-101" },
		{ "expand, cidr", IS("source.ip|cidr|expand: '%plant%'"), "source.ip=10.2.0.1",
		  "source.ip=10.3.0.1" },
		{ "expand, numbers", IS(NUMBER "|expand: '%codes%'"), NUMBER "=6", NUMBER "=7" },
		{ "expand, an order", IS(NUMBER "|gt|expand: '%codes%'"), NUMBER "=6",
		  NUMBER "=5" },
		{ "expand, neq", IS(TEXT "|expand|neq: '%valves%'"), TEXT "=V-3", TEXT "=V-1" },
		{ "expand, an expression", IS(TEXT "|re|expand: '^%one%$'"), TEXT "=V-1",
		  TEXT "=V-1x" },
		{ "expand, nothing to expand", IS(TEXT "|expand: '100 %'"), TEXT "=100 %25",
		  TEXT "=100" },
		{ "expand, an escaped percent sign", IS(TEXT "|expand: '\\%plain%one%'"),
		  TEXT "=%25plainV-1", TEXT "=V-1one%25" },
		{ "expand, an escaped name", IS(TEXT "|expand: '\\%one\\%'"), TEXT "=%25one%25",
		  TEXT "=V-1" },
		{ "expand, behind a backslash", IS(TEXT "|expand: 'C:\\\\%one%'"), TEXT "=C:\\V-1",
		  TEXT "=C:%25one%25" },
		{ "without expand", IS(TEXT ": '%one%'"), TEXT "=%25one%25", TEXT "=V-1" },
	};
	char path[] = "/tmp/weir_placeholders_XXXXXX";
	static const char text[] = "pump: P-101\nvalves: [V-1, V-2]\none: V-1\nservers: 'srv*'\n"
				   "plant: [10.1.0.0/16, 10.2.0.0/16]\ncodes: [5, 6]\n";
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	run(rows, ARRAY_SIZE(rows), &(struct setting) { .placeholders = path });
	unlink(path);
}

/* ---- search identifiers ---- */

static void searches(void **state)
{
	static const struct row rows[] = {
		{ "a map is and", IS(TEXT ": a\n    " NUMBER ": 1"), TEXT "=a&" NUMBER "=1",
		  TEXT "=a&" NUMBER "=2" },
		{ "a map of lists", IS(TEXT ": [a, b]\n    " NUMBER ": [1, 2]"),
		  TEXT "=b&" NUMBER "=1", TEXT "=c&" NUMBER "=1" },
		{ "one field twice", IS(TEXT "|startswith: a\n    " TEXT "|endswith: b"),
		  TEXT "=ab", TEXT "=ba" },
		{ "a list of maps is or", IS("- " TEXT ": a\n    - " NUMBER ": 1"),
		  TEXT "=b&" NUMBER "=1", TEXT "=b&" NUMBER "=2" },
		{ "each map of a list is and",
		  IS("- " TEXT ": a\n      " NUMBER ": 1\n    - " TEXT ": b\n      " NUMBER ": 2"),
		  TEXT "=b&" NUMBER "=2", TEXT "=a&" NUMBER "=2" },
		{ "keywords are or", IS("- stopped\n    - started"), "message=PLC Started now",
		  "message=PLC is running" },
		{ "keywords with |all are and", IS("'|all':\n      - plc\n      - stopped"),
		  "message=stopped the PLC", "message=stopped the drive" },
		{ "keywords with a wildcard", IS("- 'plc*stop'"), "message=the plc will stop now",
		  "message=stop the plc" },
		{ "a single keyword", "  k: stopped\n  condition: k\n", "message=it stopped",
		  "message=it runs" },
		{ "keywords and maps", IS("- stopped\n    - " NUMBER ": 1"),
		  "message=x&" NUMBER "=1", "message=x&" NUMBER "=2" },
	};

	(void)state;
	RUN(rows);
}

/* ---- conditions: each search identifier holds when its name is part of the text ---- */

#define WHEN(condition)                                                             \
	"  a1: {" TEXT "|contains: a1}\n  a2: {" TEXT "|contains: a2}\n  b: {" TEXT \
	"|contains: b}\n  _c: {" TEXT "|contains: c}\n  condition: " condition "\n"

static void conditions(void **state)
{
	static const struct row rows[] = {
		{ "a name", WHEN("b"), TEXT "=b", TEXT "=a1" },
		{ "and", WHEN("a1 and b"), TEXT "=a1 b", TEXT "=a1" },
		{ "or", WHEN("a1 or b"), TEXT "=b", TEXT "=a2" },
		{ "not", WHEN("not b"), TEXT "=a1", TEXT "=b" },
		{ "not not", WHEN("not not b"), TEXT "=b", TEXT "=a1" },
		{ "and not", WHEN("a1 and not b"), TEXT "=a1", TEXT "=a1 b" },
		{ "and binds more than or", WHEN("a1 or a2 and b"), TEXT "=a1", TEXT "=a2" },
		{ "the same, other way round", WHEN("a2 and b or a1"), TEXT "=a1", TEXT "=b" },
		{ "brackets", WHEN("(a1 or a2) and b"), TEXT "=a2 b", TEXT "=a1" },
		{ "not binds more than and", WHEN("not a1 and b"), TEXT "=b", TEXT "=a1" },
		{ "the same, none holds", WHEN("not a1 and b"), TEXT "=b a2", TEXT "=a2" },
		{ "not binds more than or", WHEN("not a1 or b"), TEXT "=a1 b", TEXT "=a1" },
		{ "not of brackets", WHEN("not (a1 and b)"), TEXT "=a1", TEXT "=a1 b" },
		{ "brackets in brackets", WHEN("not (a1 and (a2 or b))"), TEXT "=a1",
		  TEXT "=a1 b" },
		{ "1 of a pattern", WHEN("1 of a*"), TEXT "=a2", TEXT "=b" },
		{ "all of a pattern", WHEN("all of a*"), TEXT "=a1 a2", TEXT "=a2 b" },
		{ "a pattern with its star in front", WHEN("1 of *1"), TEXT "=a1", TEXT "=a2" },
		{ "a pattern with its star within", WHEN("all of *a*"), TEXT "=a1 a2", TEXT "=a1" },
		{ "a pattern without a star", WHEN("1 of b"), TEXT "=b", TEXT "=a1" },
		{ "a pattern of hidden names", WHEN("1 of _*"), TEXT "=c", TEXT "=b" },
		{ "1 of them", WHEN("1 of them"), TEXT "=b", TEXT "=d" },
		{ "1 of them, without hidden names", WHEN("1 of them"), TEXT "=a1", TEXT "=c" },
		{ "all of them", WHEN("all of them"), TEXT "=a1 a2 b", TEXT "=a1 a2 c" },
		{ "not 1 of a pattern", WHEN("not 1 of a*"), TEXT "=b", TEXT "=a1" },
		{ "not all of a pattern", WHEN("not all of a*"), TEXT "=a1", TEXT "=a1 a2" },
		{ "not 1 of them", WHEN("not 1 of them"), TEXT "=c", TEXT "=b" },
		{ "x of binds more than not", WHEN("not 1 of a* and b"), TEXT "=b", TEXT "=a1" },
		{ "x of binds more than and", WHEN("b and 1 of a*"), TEXT "=b a1", TEXT "=b" },
		{ "one pattern and not another", WHEN("1 of a* and not 1 of b*"), TEXT "=a1",
		  TEXT "=a1 b" },
		{ "all of them, at least one absent", WHEN("all of a* or b"), TEXT "=b",
		  TEXT "=a1" },
		{ "a list is or", WHEN("[a1, a2 and b]"), TEXT "=a2 b", TEXT "=a2" },
		{ "several lines", WHEN("|\n    a1 and\n      b"), TEXT "=a1 b", TEXT "=b" },
	};

	(void)state;
	RUN(rows);
}

#define DOCUMENT(name, value)                                                         \
	"title: " name "\nname: " name "\nlogsource: {category: ot, product: weir}\n" \
	"detection:\n  s: {" TEXT "|contains: " value "}\n  condition: s\n"

/* Documents of a file are rules of their own; one for another product does not disturb them. */
static void several_documents(void **state)
{
	struct world w;

	(void)state;
	world_begin(&w);
	world_load(
	    &w,
	    "---\n" DOCUMENT("one", "a1") "---\n" DOCUMENT(
		"two",
		"a2") "---\n"
		      "title: other\nlogsource: {product: windows}\ndetection:\n  s: {Image: x}\n"
		      "  condition: s\n---\n" DOCUMENT("three", "[a2, b]") "...\n");
	assert_string_equal(w.problems, "");
	assert_int_equal(w.counts.rules, 3);
	assert_int_equal(w.counts.skipped, 1);
	world_start(&w);
	assert_int_equal(judge(&w, TEXT "=a1"), 1);
	assert_int_equal(judge(&w, TEXT "=a2"), 2);
	assert_int_equal(judge(&w, TEXT "=b"), 1);
	assert_int_equal(judge(&w, TEXT "=a1 a2"), 3);
	assert_int_equal(judge(&w, TEXT "=x"), 0);
	world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(generic_modifiers),
		cmocka_unit_test(string_modifiers),
		cmocka_unit_test(encoding_modifiers),
		cmocka_unit_test(number_and_address_modifiers),
		cmocka_unit_test(time_modifiers),
		cmocka_unit_test(time_modifiers_in_a_zone),
		cmocka_unit_test(references),
		cmocka_unit_test(placeholders),
		cmocka_unit_test(searches),
		cmocka_unit_test(conditions),
		cmocka_unit_test(several_documents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
