/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/zone_suggestion.h"

#include "dissectors/dissector.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROTOCOLS_MAX 32 /* of one conduit; with more there are several */

/* Bands of levels, in the order of the file. */
enum band {
	BAND_ENTERPRISE,
	BAND_DMZ,
	BAND_OPERATIONS,
	BAND_SUPERVISION,
	BAND_CONTROL,
	BAND_UNKNOWN,
	BAND_INTERNET,
	BANDS
};

static const struct {
	const char *name, *level; /* level NULL: not said */
} bands[BANDS] = {
	[BAND_ENTERPRISE] = { "enterprise", "4" }, [BAND_DMZ] = { "dmz", "3.5" },
	[BAND_OPERATIONS] = { "operations", "3" }, [BAND_SUPERVISION] = { "supervision", "2" },
	[BAND_CONTROL] = { "control", "1" },       [BAND_UNKNOWN] = { "unassigned", NULL },
	[BAND_INTERNET] = { "internet", NULL },
};

/* What one protocol is used for between two zones; of a conduit, what several are. */
struct draft {
	enum band from, to;
	uint32_t operations;
	const char *protocols[PROTOCOLS_MAX];
	size_t n_protocols; /* 0: unknown */
	size_t pairs;
	bool joined; /* to an earlier one */
};

struct suggesting {
	const struct zone_observation *observation;
	struct draft *drafts;
	size_t n_drafts, room;
	struct buffer *out;
	bool failed;
};

static enum band band_of(const struct policy_end *end)
{
	static const struct {
		const char *level;
		enum band band;
	} levels[] = { { "5", BAND_ENTERPRISE }, { "4", BAND_ENTERPRISE },  { "3.5", BAND_DMZ },
		       { "3", BAND_OPERATIONS }, { "2", BAND_SUPERVISION }, { "1", BAND_CONTROL },
		       { "0", BAND_CONTROL } };

	if (ip_is_public(&end->ip)) {
		return BAND_INTERNET;
	}
	for (size_t i = 0; end->level != NULL && i < ARRAY_SIZE(levels); i++) {
		if (strcmp(end->level, levels[i].level) == 0) {
			return levels[i].band;
		}
	}
	return BAND_UNKNOWN;
}

static void put(struct suggesting *s, const char *format, ...) PRINTF_LIKE(2, 3);

static void put(struct suggesting *s, const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	buffer_text(s->out, text);
}

/* ---- members ---- */

static bool in_one_network(const struct ip *a, const struct ip *b)
{
	/* A /24, or a /64. */
	return memcmp(a->bytes, b->bytes, ip_is_v4(a) ? 15 : 8) == 0;
}

/* Whether the network of the device holds no band but its own. */
static bool network_is_pure(const struct zone_observation *o, const struct observed_end *device)
{
	for (size_t i = 0; i < o->n_devices; i++) {
		if (in_one_network(&o->devices[i].end.ip, &device->end.ip) &&
		    band_of(&o->devices[i].end) != band_of(&device->end)) {
			return false;
		}
	}
	return true;
}

static bool is_first_of_network(const struct zone_observation *o, size_t at)
{
	for (size_t i = 0; i < at; i++) {
		if (in_one_network(&o->devices[i].end.ip, &o->devices[at].end.ip)) {
			return false;
		}
	}
	return true;
}

/* What a device calls itself stands in a comment: printable, and never a new line. */
static void put_comment(struct suggesting *s, const struct policy_end *end)
{
	const char *texts[] = { end->name, end->type, end->vendor };
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		for (const char *at = texts[i]; at != NULL && *at != '\0'; at++) {
			if (at == texts[i]) {
				put(s, any ? ", " : " # ");
				any = true;
			}
			put(s, "%c", *at >= ' ' && *at < 0x7f ? *at : '?');
		}
	}
	put(s, "\n");
}

static void put_network(struct suggesting *s, const struct ip *ip)
{
	struct ip base = *ip;
	char text[IP_TEXT_SIZE];
	size_t kept = ip_is_v4(ip) ? 15 : 8;

	memset(base.bytes + kept, 0, sizeof(base.bytes) - kept);
	put(s, "      - network: %s/%d\n", ip_text(&base, text), ip_is_v4(ip) ? 24 : 64);
}

static void put_members(struct suggesting *s, enum band band)
{
	const struct zone_observation *o = s->observation;
	char text[IP_TEXT_SIZE];

	put(s, "    members:\n");
	if (band == BAND_INTERNET) {
		put(s, "      - internet: true\n");
		return;
	}
	for (size_t i = 0; i < o->n_devices; i++) {
		const struct observed_end *device = &o->devices[i];

		if (band_of(&device->end) != band) {
			continue;
		}
		if (!network_is_pure(o, device)) {
			put(s, "      - network: %s", ip_text(&device->end.ip, text));
			put_comment(s, &device->end);
		} else if (is_first_of_network(o, i)) {
			put_network(s, &device->end.ip);
		}
	}
}

/* ---- zones ---- */

static bool band_is_used(const struct suggesting *s, enum band band)
{
	for (size_t i = 0; i < s->observation->n_devices; i++) {
		if (band_of(&s->observation->devices[i].end) == band) {
			return true;
		}
	}
	for (size_t i = 0; i < s->n_drafts; i++) {
		if (s->drafts[i].from == band || s->drafts[i].to == band) {
			return true;
		}
	}
	return false;
}

static void put_zones(struct suggesting *s)
{
	put(s, "zones:\n");
	for (unsigned i = 0; i < BANDS; i++) {
		if (!band_is_used(s, (enum band)i)) {
			continue;
		}
		put(s, "  - name: %s\n", bands[i].name);
		if (bands[i].level != NULL) {
			put(s, "    level: %s\n", bands[i].level);
		}
		put_members(s, (enum band)i);
	}
}

/* ---- conduits ---- */

/* Operations that go with any other. */
#define ALWAYS                                                                      \
	(UINT32_C(1) << OPERATION_SESSION | UINT32_C(1) << OPERATION_AUTHENTICATE | \
	 UINT32_C(1) << OPERATION_UNKNOWN)

static bool same_protocol(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static struct draft *draft_for(struct suggesting *s, const char *protocol, enum band from,
			       enum band to)
{
	for (size_t i = 0; i < s->n_drafts; i++) {
		struct draft *draft = &s->drafts[i];

		if (draft->from == from && draft->to == to &&
		    same_protocol(draft->n_protocols > 0 ? draft->protocols[0] : NULL, protocol)) {
			return draft;
		}
	}
	if (s->n_drafts == s->room) {
		size_t room = s->room * 2 + 32;
		struct draft *drafts = realloc(s->drafts, room * sizeof(*drafts));

		if (drafts == NULL) {
			s->failed = true;
			return NULL;
		}
		s->drafts = drafts;
		s->room = room;
	}
	s->drafts[s->n_drafts] = (struct draft) {
		.from = from, .to = to, .protocols = { protocol }, .n_protocols = protocol != NULL
	};
	return &s->drafts[s->n_drafts++];
}

static void add_crossing(struct suggesting *s, const struct crossing *crossing)
{
	enum band from = band_of(&crossing->source.end), to = band_of(&crossing->destination.end);
	struct draft *draft = from != to ? draft_for(s, crossing->protocol, from, to) : NULL;

	if (draft != NULL) {
		draft->operations |= crossing->operations & ~ALWAYS;
		draft->pairs++;
	}
}

/* Protocols that are used for the same are one conduit. */
static void join_drafts(struct suggesting *s)
{
	for (size_t i = 0; i < s->n_drafts; i++) {
		struct draft *draft = &s->drafts[i];

		for (size_t k = 0; k < i && !draft->joined; k++) {
			struct draft *to = &s->drafts[k];

			if (!to->joined && to->from == draft->from && to->to == draft->to &&
			    to->operations == draft->operations && to->n_protocols > 0 &&
			    draft->n_protocols > 0 && to->n_protocols < PROTOCOLS_MAX) {
				to->protocols[to->n_protocols++] = draft->protocols[0];
				to->pairs += draft->pairs;
				draft->joined = true;
			}
		}
	}
}

static bool is_ours(const char *protocol)
{
	for (size_t i = 0; i < dissector_count(); i++) {
		if (strcmp(dissector_at(i)->name, protocol) == 0) {
			return true;
		}
	}
	return false;
}

/* What the naming engine says is data from the wire only in that it chose among its own words. */
static void put_protocols(struct suggesting *s, const struct draft *draft)
{
	put(s, "    protocols: [");
	for (size_t i = 0; i < draft->n_protocols; i++) {
		bool ours = is_ours(draft->protocols[i]);

		put(s, ours ? "%s%s" : "%s\"app:%s\"", i > 0 ? ", " : "", draft->protocols[i]);
	}
	put(s, "%s]\n", draft->n_protocols == 0 ? "\"app:unknown\"" : "");
}

static void put_operations(struct suggesting *s, uint32_t operations)
{
	bool any = false;

	if (operations == 0) {
		put(s, "    operations: [session]\n");
		return;
	}
	put(s, "    operations: [");
	for (unsigned i = 0; i < OPERATIONS; i++) {
		if ((operations >> i & 1) != 0) {
			put(s, "%s%s", any ? ", " : "", operation_name((enum operation)i));
			any = true;
		}
	}
	put(s, "]\n");
}

static void put_conduits(struct suggesting *s)
{
	put(s, "conduits:%s\n", s->n_drafts == 0 ? " []" : "");
	for (size_t i = 0; i < s->n_drafts; i++) {
		const struct draft *draft = &s->drafts[i];
		const char *from = bands[draft->from].name, *to = bands[draft->to].name;
		size_t number = 1;

		if (draft->joined) {
			continue;
		}
		for (size_t k = 0; k < i; k++) {
			number += s->drafts[k].from == draft->from &&
				  s->drafts[k].to == draft->to && !s->drafts[k].joined;
		}
		put(s, "  - name: %s-to-%s-%zu # %zu conversation%s\n", from, to, number,
		    draft->pairs, draft->pairs == 1 ? "" : "s");
		put(s, "    from: %s\n    to: %s\n", from, to);
		put_protocols(s, draft);
		put_operations(s, draft->operations);
		put(s, "    # owner, ticket and expires: who answers for it, and until when\n");
	}
}

void zone_suggest(const struct zone_observation *observation, struct buffer *out)
{
	struct suggesting s = { .observation = observation, .out = out };

	for (size_t i = 0; i < observation->n_crossings; i++) {
		add_crossing(&s, &observation->crossings[i]);
	}
	join_drafts(&s);
	put(&s,
	    "# Zones and conduits as they were observed (weir zones suggest): a draft to edit.\n"
	    "# A zone holds devices of like purpose and like need for protection; give it a\n"
	    "# target security level: sl_t: [IAC, UC, SI, DC, RDF, TRE, RA], 0 to 4 each.\n"
	    "version: 1\ndefault: deny\n");
	put_zones(&s);
	put_conduits(&s);
	out->failed = out->failed || s.failed;
	free(s.drafts);
}
