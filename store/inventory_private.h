/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* inventory_private.h - what the files of the inventory share; nobody else includes it.
 *
 * Two kinds of objects are facts: a binding (this address was seen with this MAC in this VLAN) and
 * a conversation.  Everything that was learned hangs on one of them.  An asset is a key, a MAC or
 * an IP address in a domain, together with the bindings that identity.c gave to it: derived, so
 * it can be recomputed from the bindings at any time, whatever the order in which they came. */

#include "capture/packet.h"
#include "dissectors/core_fields.h"
#include "store/geo.h"
#include "store/inventory.h"
#include "store/json_value.h"
#include "store/kinds.h"
#include "store/oui.h"
#include "store/response_time.h"
#include "store/rhythm.h"
#include "store/table.h"

#define NAMES_MAX 256 /* protocols and applications that are told apart */
#define NAME_NONE 0

enum evidence {
	EVIDENCE_ASKED = 1,     /* somebody sent to it */
	EVIDENCE_SENT = 2,      /* it sent, its MAC is not known */
	EVIDENCE_FRAME = 4,     /* a frame from this MAC carried it as source */
	EVIDENCE_CLAIM = 8,     /* this MAC has it, by link-layer evidence: ARP, DHCP... */
	EVIDENCE_NAMED = 16,    /* something was said about it: no evidence that it is there */
	EVIDENCE_ASSERTED = 32, /* ... said by the MAC unasked: it uses the address itself */
	EVIDENCE_ASSIGNED = 64, /* ... said by another: a DHCP server, a PROFINET controller */
};

/* Why two keys are one device. */
enum union_reason {
	UNION_NONE,
	UNION_ADDRESS, /* one address on both, without a claim */
	UNION_PORT,    /* one carries a single address of the other */
	UNION_TEAM,    /* neighbouring MACs claim one address */
	UNION_CHASSIS, /* both say that they are of one chassis */
	UNION_SERIAL,  /* both say one serial number */
	UNION_PERSON,  /* a person says so */
	UNION_REASONS
};

/* A unit: its kind and its number in one word; UNIT_NONE is the device at the address itself. */
#define UNIT_NONE           (-1)
#define UNIT_KIND_BITS      24
#define UNITS_MAX           256 /* a conversation */
#define FUNCTIONS_MAX       32  /* a conversation */
#define TARGETS_MAX         32  /* a conversation */
#define ATTRIBUTES_MAX      512 /* a binding */
#define ATTRIBUTES_KIND_MAX 64  /* ... of one kind about one unit, former ones included */

/* One fact about a device, from one source. */
struct attribute {
	uint8_t kind;       /* enum identity */
	uint8_t source;     /* attribute_source() */
	uint8_t confidence; /* percent */
	bool itself;        /* of the device at the address, not of one behind it */
	int32_t unit;       /* that the message named, or UNIT_NONE */
	int64_t first, last;
	int64_t until; /* when another value took its place; TIME_NONE: it stands */
	char *value;
};

/* Bits of names, one each for client and server. */
struct name_set {
	uint64_t bits[NAMES_MAX / 64];
};

struct asset;
struct given; /* edit_private.h */

struct binding {
	struct table_entry entry;
	/* The key: domain, VLAN, MAC and IP; MAC or IP may be none. */
	struct ip ip;
	struct mac mac;
	uint16_t domain;
	uint32_t vlan;
	/* What was learned. */
	uint8_t evidence;
	bool believed; /* its claim counts: it is no answer for another (proxy ARP); derived */
	bool former;   /* the address has moved on since; derived */
	bool cyclic;   /* asked for the same thing again and again */
	bool it_client, it_server;
	uint16_t source; /* the interface that brought it last */
	int64_t first, last;
	int64_t gap;                     /* its rhythm: the longest time between two sightings */
	int64_t first_claim, last_claim; /* TIME_NONE without EVIDENCE_CLAIM */
	uint64_t packets, bytes;         /* that it sent */
	uint32_t client_operations, server_operations; /* bit: enum operation */
	struct name_set client, server;
	struct attribute *attributes;
	size_t n_attributes;
	uint32_t attributes_version; /* counts their changes */
	int32_t other_unit;          /* of the units behind it that answered, the first */
	bool other_units;            /* a second one answered */
	bool other_unit_seen;
	uint64_t saved_digest; /* of what was handed to the store last */
	/* Where it belongs. */
	struct asset *mac_key, *ip_key; /* NULL when the key has no MAC, no IP */
	struct binding *next_of_mac, *next_of_ip;
	struct asset *asset;
	struct binding *asset_next, *asset_previous;
};

/* What one interface brings (silence.c). */
struct mirror {
	int64_t attentive; /* until when it was silent */
	bool silent;
	int64_t since;    /* when it fell silent */
	uint64_t devices; /* that were heard every few seconds before */
};

struct kind_rule;

/* What an asset was judged to be (role.c). */
struct asset_verdict {
	uint64_t signature; /* of what was known of its addresses; 0: not judged yet */
	int64_t made;       /* the clock then */
	uint64_t risks;     /* bits, in the order of their rules */
	const struct kind_rule *rule[KINDS]; /* NULL: none fits */
	const char *value[KINDS];
	const char *vendor;  /* in its canonical spelling, or NULL */
	const char *told[2]; /* type and role that were last told */
};

struct asset {
	struct table_entry entry;
	struct ip ip;   /* none: the key is the MAC */
	struct mac mac; /* none: the key is the IP */
	uint16_t domain;
	uint64_t id;            /* the stable id of the key */
	const char *oui_vendor; /* of the MAC, or NULL */
	int64_t first;          /* earliest sighting of the key */
	struct binding *keyed;  /* all bindings with this key */
	/* Derived by identity.c. */
	struct asset *root; /* the key that stands for the device: itself unless united */
	struct binding *members;
	bool router, uncertain, conflict;
	uint8_t united;            /* enum union_reason: why it is not its own root */
	bool is_virtual;           /* a MAC that several routers share (VRRP, HSRP, GLBP) */
	bool apart;                /* a person says that it is a device of its own */
	bool pinned;               /* named in a pin: stays without bindings */
	bool silent;               /* gone silent, against its own rhythm */
	bool announced;            /* an asset_change said that it exists */
	bool stored;               /* the database has a row of it */
	bool dirty;                /* what that row says is out of date */
	uint64_t digest;           /* of what that row says; 0: not known */
	uint64_t said_digest;      /* asset_digest() then, likewise */
	const struct given *given; /* what persons said of this key, or NULL */
	/* Of role.c and kinds_facts.c. */
	struct inventory *inventory;
	struct asset_verdict verdict;
	struct conversation *talks[2]; /* as source, as destination; see facts_index() */
	uint32_t stamp;                /* for which count it was looked at last */
	uint8_t stamped;
};

struct operation_count {
	uint64_t count, failures;
	int64_t first, last;
	uint64_t told, told_failures; /* by summaries (traffic.c) */
	struct rhythm *rhythm;        /* from the second one on, or NULL */
	uint8_t operation;
	uint8_t frames; /* bits: the times in which it was done */
	bool answered;  /* at least once */
};

struct unit_count {
	uint32_t id;
	uint64_t asked, answered;
};

/* What the addresses of a function count. */
enum space {
	SPACE_NONE, /* its targets are texts */
	SPACE_COIL,
	SPACE_DISCRETE_INPUT,
	SPACE_INPUT_REGISTER,
	SPACE_HOLDING_REGISTER,
	SPACES
};

/* A function or service of the protocol. */
struct function_count {
	const char *name; /* as dissectors give it, or of inventory->function_names */
	uint64_t count, failures;
	uint8_t space;            /* enum space */
	uint8_t next;             /* the row that came after it the last time */
	uint8_t without;          /* records that named no target */
	uint16_t field, position; /* the one that says where a range begins, and its place */
};

/* What an operation was about: a text, or a range of addresses that grew together. */
struct target_key {
	uint32_t from, to; /* of a range; of a text, `from` is its hash */
	uint32_t unit;     /* when has_unit, else 0 */
	uint8_t operation, space;
	bool has_unit;
};

struct target_count {
	struct target_key key;
	uint8_t next; /* as in struct function_count */
	char *text;   /* NULL: a range */
	uint64_t count, failures;
	uint64_t over; /* what was thrown out for it: count may be too high by that */
	int64_t first, last;
	int64_t told;                /* when it was last said to be new; 0: never */
	uint32_t told_from, told_to; /* which part of a range */
	uint32_t judged;             /* for which struct normal_state */
	bool outside;                /* not all of it is normal */
};

/* What the baseline says of a conversation (normal.c), until the generation changes. */
struct normal {
	uint32_t generation; /* 0: not judged yet */
	int64_t until;       /* it is judged again */
	bool known[2];       /* its ends */
	bool conversation;
	uint32_t operations; /* bits: normal now */
	uint32_t late;       /* normal at another time */
	uint32_t told;       /* bits of operations; NORMAL_TOLD: the conversation */
	int64_t told_at;
	uint32_t stopped, paced; /* bits of operations whose poll stopped, or has another pace */
	uint8_t watch;           /* bits of enum zone_watch */
};
#define NORMAL_TOLD (UINT32_C(1) << OPERATIONS)

/* Side 0 is the source, 1 the destination. */
/* What the naming engine said of flows that no dissector claims. */
enum verdict { VERDICT_APPLICATION, VERDICT_CATEGORY, VERDICT_RISK, VERDICTS };

extern const char *const verdict_keys[VERDICTS]; /* "applications"... in documents */

struct conversation {
	struct table_entry entry;
	/* The key: both addresses as seen, VLAN, domain, protocol, IP protocol. */
	struct ip ip[2];
	struct mac mac[2]; /* part of the key only when there is no IP */
	uint32_t vlan;
	uint16_t domain;
	uint8_t protocol; /* a name */
	uint8_t ip_protocol;
	uint16_t port;           /* of the destination, first seen */
	struct binding *side[2]; /* NULL: multicast, or evicted */
	int64_t first, last;
	uint64_t saved_digest; /* of what was handed to the store last */
	uint32_t held;         /* bits of operations that are not learned */
	struct normal normal;
	uint64_t requests, failures, unanswered, flows;
	uint64_t bytes[2], packets[2];
	struct response_time response;
	uint8_t slot[OPERATIONS]; /* index in operations + 1; 0: never done */
	struct operation_count *operations;
	struct unit_count *units;
	struct function_count *functions;
	struct target_count *targets;
	uint16_t n_operations, n_units, last_unit;
	uint16_t function_position; /* of its name, in the record that came last */
	uint8_t n_functions, last_function, n_targets, last_target;
	uint8_t flags;                 /* of its latest record: enum record_flags */
	uint32_t details;              /* bytes of what is allocated for it, operations apart */
	uint64_t functions_refused;    /* transactions of functions beyond the cap */
	uint64_t targets_dropped;      /* rows thrown out for others */
	uint8_t verdicts[VERDICTS][8]; /* names; NAME_NONE ends */
	struct conversation *next_of_asset[2]; /* of facts_index() */
};

/* What is known of one flow: the cache that makes a polling read cheap. */
struct sighting {
	struct endpoint source, destination;
	uint32_t generation, epoch;
	uint8_t protocol;
	bool used;
	bool answered;                     /* the destination sent something: its MAC is its own */
	struct conversation *conversation; /* NULL: none yet */
	struct binding *side[2];           /* NULL: no asset (multicast, no address) */
	uint64_t bytes[2], packets[2];     /* totals of the flow's last record */
};

struct sightings {
	struct sighting *flows;
	size_t n;
};

/* Ids of fields that protocols offer; FIELD_NOT_FOUND when the protocol is not built in. */
struct inventory_field_ids {
	uint16_t exception_code;
	uint16_t address, quantity, write_address, write_quantity; /* Modbus */
	uint16_t values, written_values;
	uint16_t packet_interval;            /* EtherNet/IP implicit messages */
	uint16_t block_checksum, block_hash; /* S7comm, S7comm-plus */
};

#define ATTRIBUTE_SOURCES_MAX 192

/* A person's word: these keys are one device. */
struct identity_pin {
	struct asset *a, *b;
};
#define FUNCTION_NAMES_MAX 1024 /* that a database gave back, or that are no constants */

struct inventory {
	struct inventory_options options;
	struct inventory_counters counters;
	struct inventory_field_ids ids;
	char *attribute_sources[ATTRIBUTE_SOURCES_MAX];
	size_t n_attribute_sources;
	size_t details; /* bytes, of all conversations */
	char **function_names;
	size_t n_function_names, function_names_capacity;
	struct oui *oui;
	struct table given; /* what persons said, by id of the key */
	uint32_t edits;     /* counts it */
	struct kinds *kinds;
	struct geo *geo;      /* NULL: no database */
	int64_t judged;       /* when all assets were; 0: never */
	uint32_t index_epoch; /* for which facts_index() was made */
	uint32_t stamp;       /* counts what is counted once a peer */
	struct name_set names_looked_up, industrial_names;
	int64_t clock, first; /* latest and first packet time; TIME_NONE before the first */
	uint32_t epoch;       /* counts evictions: what flows cached before is stale */
	struct inventory_normal normal;
	struct target_key outside;  /* of the record at work, when it is a new target */
	bool target_grew;           /* by the record at work */
	uint8_t frame_bit;          /* of the time that it is; 0: they are not told apart */
	uint32_t normal_generation; /* counts what changes its say; 0: there is none */
	int64_t watched;            /* clock when polls were last looked at */
	struct table facts;         /* normal_facts.c */
	struct seen *facts_list;
	size_t n_facts;
	bool words;        /* some MAC said of which chassis it is: a new one may be the other */
	bool stale;        /* the assets do not follow from the bindings: resolve */
	int64_t resolved;  /* clock of the last time */
	int64_t heard;     /* latest record: what the capture brings at all */
	int64_t attentive; /* since when there was no pause in that */
	int64_t began;     /* clock when silence was first looked for */
	int64_t listened;  /* the same, last */
	struct mirror mirrors[PACKET_SOURCE_MAX];
	struct identity_pin *pins;
	size_t n_pins, pins_capacity;
	bool loading; /* what the database gives back is no change */
	bool out_of_memory;
	struct table bindings, keys, conversations;
	struct binding **binding_list; /* in order of creation, as the next two */
	struct asset **key_list;
	struct conversation **conversation_list;
	size_t n_bindings, n_keys, n_conversations;
	size_t bindings_capacity, keys_capacity, conversations_capacity;
	char *names[NAMES_MAX];
	unsigned n_names;
	struct sightings workers[UINT8_MAX + 1];
	struct sighting uncached;
	struct enrichment enrichment;
	struct record_writer writer;
	const struct record *cause; /* the record at work, for asset_change */
	uint64_t changes_of_cause;
};

/* ---- lists (inventory.c) ---- */

/* Appends to a growing list of pointers. -ENOMEM. */
int list_append(void ***list, size_t *n, size_t *capacity, void *object) MUST_USE;

/* ---- names (name.c) ---- */

/* The number of a name, at most NAMES_MAX - 1 of them; what finds no room is `other`. */
uint8_t name_intern(struct inventory *inventory, const char *text, size_t length);
const char *name_text(const struct inventory *inventory, uint8_t name);
void name_set_add(struct name_set *set, uint8_t name);
bool name_set_has(const struct name_set *set, uint8_t name);

/* ---- binding.c ---- */

struct binding_key {
	struct ip ip;
	struct mac mac;
	uint16_t domain;
	uint32_t vlan;
};

/* Notes a sighting: makes the binding if need be, adds the evidence, and gives it to its asset.
 * NULL: no asset can have this address, or a cap or memory refused it. */
struct binding *binding_see(struct inventory *inventory, const struct binding_key *key,
			    unsigned evidence, int64_t time);
/* The binding with this key, or NULL. */
struct binding *binding_find(const struct inventory *inventory, const struct binding_key *key);
/* Makes it without any evidence. */
struct binding *binding_new(struct inventory *inventory, const struct binding_key *key,
			    int64_t time);
void binding_free(struct binding *binding);
/* Makes room by dropping ghosts and what was not seen for longest. */
void binding_evict(struct inventory *inventory);

/* The key with this address (one of both), or NULL. */
struct asset *binding_key_find(const struct inventory *inventory, uint16_t domain,
			       const struct ip *ip, const struct mac *mac);
/* The key with this address (one of both; in that domain), made if need be. NULL: no memory. */
struct asset *binding_key_of(struct inventory *inventory, uint16_t domain, const struct ip *ip,
			     const struct mac *mac);

/* ---- identity.c ---- */

/* Gives one binding that is new, or has new evidence, to its asset; recomputes all when it
 * contradicts what was thought. */
void identity_settle(struct inventory *inventory, struct binding *binding, unsigned new_evidence);
/* Recomputes what is stale: at once, or when a tick thinks it is time. */
void identity_resolve(struct inventory *inventory);
void identity_tick(struct inventory *inventory);
/* Calls back for keys that are one device by what they say (identity_word.c). */
typedef void identity_unite(struct asset *a, struct asset *b, enum union_reason why);
void unite_by_word(struct inventory *inventory, identity_unite *unite);
/* A person's word about two keys: they are one device, or they are two, whatever the evidence.
 * It stands until the opposite is said. -ENOMEM. */
int identity_pin(struct inventory *inventory, struct asset *a, struct asset *b,
		 bool together) MUST_USE;
/* Says in words why the asset is one device: a sentence for each of its addresses, and for each
 * key that was united with it. */
void identity_reasons(const struct asset *asset,
		      void (*handler)(void *context, const char *sentence), void *context);
/* Whether the key stands for a device now. A router may have no address of its own. */
bool asset_is_live(const struct asset *asset);
/* Only ever asked for. */
bool asset_is_ghost(const struct asset *asset);

/* ---- identity_claim.c ---- */

/* The MAC that has the IP in this VLAN by link-layer evidence: the newest claim; or NULL. */
const struct binding *identity_owner(const struct asset *ip_key, uint32_t vlan);
/* Works out which claims of a MAC count. True when that of another than `news` changed. */
bool claims_weigh(struct asset *mac_key, const struct binding *news);

/* What became of an address that was `earlier`'s when `later` claims it. */
enum succession { SUCCESSION_MOVED, SUCCESSION_TEAM, SUCCESSION_CONFLICT };
enum succession claims_compare(const struct binding *a, const struct binding *b);
/* Whether the one that never claimed the address was silent long before the other claimed it. */
bool claims_took_over(const struct binding *earlier, const struct binding *later);
/* Marks a conflict, or the earlier holder of an address that moved. */
void claims_settle(struct binding *b);
/* A MAC that the members of a router group share. */
bool mac_is_shared(const struct mac *mac);

/* ---- change.c ---- */

void change_asset(struct inventory *inventory, const struct asset *asset, const char *what,
		  const char *old_value, const char *new_value);

/* Says that a table was full, and how many went. */
/* A conversation record that comes of the record at work: what happened to it. */
void change_conversation(struct inventory *inventory, const struct conversation *conversation,
			 const char *what, const char *old_value, const char *new_value);
/* The same of one of its operations, whatever record is at work. */
void change_conversation_operation(struct inventory *inventory,
				   const struct conversation *conversation,
				   enum operation operation, const char *what,
				   const char *old_value, const char *new_value);
void change_cap(struct inventory *inventory, const char *table, uint64_t gone);
/* What became of an interface (inventory->mirrors), with how many devices, and which share. */
void change_mirror(struct inventory *inventory, size_t source, const char *what, uint64_t devices,
		   double percent);

/* ---- inventory.c ---- */

/* When the ends of a record were last seen to do something: a record that a tick makes (a time-out,
 * the end of a flow) is later than that. */
int64_t inventory_seen_at(const struct record *record);

/* ---- silence.c ---- */

/* A sighting after a longer pause than ever before. */
void silence_pause(struct inventory *inventory, struct binding *b, int64_t gap);
/* A sighting at that time. */
static inline void silence_sighting(struct inventory *inventory, struct binding *b, int64_t at)
{
	int64_t gap = at - b->last;

	if (likely(gap > 0)) {
		if (unlikely(gap > b->gap)) {
			silence_pause(inventory, b, gap);
		}
		b->last = at;
		b->source =
		    inventory->cause != NULL ? inventory->cause->source_interface : b->source;
	}
}
/* From when on a device was sure to be heard. */
int64_t silence_attentive(const struct inventory *inventory, const struct binding *b);
/* A record came at that time: the capture is not silent. */
void silence_heard(struct inventory *inventory, int64_t at);
/* Looks for devices that fell silent. */
void silence_tick(struct inventory *inventory);

/* ---- attribute.c ---- */

void attribute_end(struct inventory *inventory);
/* Takes what an answer to an identification says about its device. */
void attribute_record(struct inventory *inventory, struct binding *device,
		      const struct record *record);
/* Sets one attribute: the newest value of a source stands, earlier ones stay as history. */
void attribute_set(struct inventory *inventory, struct binding *binding,
		   const struct attribute *attribute);
/* Takes back one that was saved, a former one too. */
void attribute_restore(struct inventory *inventory, struct binding *binding,
		       const struct attribute *attribute);
/* Whether a unit of this protocol (index of its dissector) is the device at the address itself. */
bool attribute_is_itself(uint8_t protocol, uint32_t unit);
/* A unit behind this address answered by itself. */
void attribute_unit_answered(struct binding *b, int32_t unit);

/* A unit by its number in a protocol (index of its dissector). */
int32_t unit_of(uint8_t protocol, uint32_t id);
uint32_t unit_id(int32_t unit);
/* "unit", "outstation", "slot". */
const char *unit_kind_name(int32_t unit);
/* The unit of a kind that has this name (NULL: "unit"). */
int32_t unit_from_name(const char *kind, uint32_t id);

/* The unit that speaks for the device at this address when it says nothing of its own, or
 * UNIT_NONE. */
int32_t attribute_only_unit(const struct binding *b);
/* The best value that the asset has for a unit (UNIT_NONE: the device), or NULL. A device of which
 * one unit alone ever answered is what this unit says that it is: most clients ask unit 1. */
const struct attribute *attribute_best(const struct asset *asset, enum identity kind, int32_t unit);
const char *attribute_kind_name(enum identity kind);
bool attribute_kind_from_name(const char *name, uint8_t *out);
/* Who said it, "protocol:function": the number of this text, made if need be. */
uint8_t attribute_source(struct inventory *inventory, const char *text);
const char *attribute_source_name(const struct inventory *inventory, uint8_t source);

/* ---- role.c ---- */

/* A word, the id of the rule that gave it, and its reason; all NULL: no rule fits. Texts live as
 * long as the inventory. */
struct judgement {
	const char *value, *rule, *because;
};

#define ASSET_RISKS_MAX 64

/* What an asset is (any but KIND_RISK). Cheap while nothing new is known of it. */
struct judgement asset_judged(const struct asset *asset, enum kind_of of);
/* Its risks, at most ASSET_RISKS_MAX; returns how many. */
size_t asset_risks(const struct asset *asset, struct judgement *out);
/* Its role; "unknown" rather than NULL. */
const char *asset_role_of(const struct asset *asset);
/* Its maker in the canonical spelling, or NULL. */
const char *asset_vendor(const struct asset *asset);
/* Judges assets again: all of them, or those that did something since. */
void kinds_refresh(struct inventory *inventory, bool all);
/* The same, when it is time for it; says which roles and types changed. */
void kinds_tick(struct inventory *inventory);

/* ---- asset.c ---- */

#define ASSET_ID_SIZE 17

/* Sets id and vendor of a new key. */
void asset_setup(struct inventory *inventory, struct asset *key);
/* Whether the key of a binding of the asset is a name of it: its own MACs, and addresses that have
 * no other home. */
bool asset_is_known_by(const struct asset *asset, const struct asset *key);
/* The stable id as text; out has ASSET_ID_SIZE bytes. */
const char *asset_id_text(uint64_t id, char *out);
/* Who made it, as the best source spells it, or NULL. */
const char *asset_vendor_said(const struct asset *asset);
/* Of what its document says that may change without any sight of it: by a better binding, by the
 * doings of others, by a person. Never 0. */
uint64_t asset_digest(const struct asset *asset);
/* What people call it, or NULL. */
const char *asset_name(const struct asset *asset);
/* Its zone: by the policy, else what a person said; or NULL. */
const char *asset_zone(const struct inventory *inventory, const struct asset *asset);
/* Its first address: the lowest IP, else the MAC. */
struct ip asset_ip(const struct asset *asset);
struct mac asset_mac(const struct asset *asset);
/* Text of its first address; out has IP_TEXT_SIZE bytes. */
const char *asset_address(const struct asset *asset, char *out);

/* ---- conversation.c ---- */

/* The conversation of a record with these two ends; made if need be. NULL: memory. */
struct conversation *conversation_see(struct inventory *inventory, const struct record *record,
				      struct binding *const *side);
/* Counts a record. */
void conversation_count(struct inventory *inventory, const struct sighting *sighting,
			const struct record *record);
void conversation_flow(struct inventory *inventory, struct sighting *sighting,
		       const struct record *record);
void conversation_evict(struct inventory *inventory);
void conversation_free(struct conversation *conversation);
struct conversation *conversation_add(struct inventory *inventory, const struct conversation *key);
struct operation_count *conversation_operation(struct conversation *conversation,
					       enum operation operation);
struct unit_count *conversation_unit(struct inventory *inventory, struct conversation *conversation,
				     uint32_t id);
/* Whether so many more bytes of details may be allocated; they count from then on. */
bool conversation_room(struct inventory *inventory, struct conversation *conversation,
		       size_t bytes);
/* A table of n rows that grows at powers of two, with room for one more; NULL: none. */
void *conversation_grown(struct inventory *inventory, struct conversation *conversation, void *rows,
			 size_t n, size_t row_size);
/* The row that its activity is told by: of the most frequent operation; NULL: there is none. */
const struct operation_count *conversation_busiest(const struct conversation *conversation);
/* How regularly an operation happens. */
enum pattern operation_pattern(const struct operation_count *row);
/* The conversation of the protocol in whose flows this one rides, and whose bytes are its bytes;
 * NULL: it has flows of its own. */
const struct conversation *conversation_carrier(const struct inventory *inventory,
						const struct conversation *conversation);

/* ---- conversation_targets.c ---- */

/* Counts what a transaction was done with and to. unit: what it names, if has_unit. */
void conversation_target(struct inventory *inventory, struct conversation *conversation,
			 const struct record *record, bool has_unit, uint32_t unit);
/* Frees what these functions allocated. */
void conversation_targets_free(struct conversation *conversation);
void function_names_free(struct inventory *inventory);
/* Adds a row that a database gives back; the text of a target is copied, NULL for a range. */
void conversation_restore_function(struct inventory *inventory, struct conversation *conversation,
				   const struct function_count *row);
void conversation_restore_target(struct inventory *inventory, struct conversation *conversation,
				 const struct target_count *row, const char *text);
/* "coil", "holding register"...; NULL for SPACE_NONE. */
const char *space_name(enum space space);
bool space_from_name(const char *name, uint8_t *out);
/* "holding registers 0-9", or the text; out has TARGET_TEXT_SIZE bytes and may be returned. */
#define TARGET_TEXT_SIZE 64
const char *target_text(const struct target_count *row, char *out);

/* ---- normal.c ---- */

/* Asks the baseline about the conversation. */
void normal_judge(struct inventory *inventory, struct conversation *conversation);
/* Whether the baseline has an address of the asset; true when there is none to be in. */
bool normal_knows(const struct inventory *inventory, const struct asset *asset);
/* Whether what an operation is about is normal; text as in struct target_count. */
bool normal_target(const struct inventory *inventory, const struct conversation *conversation,
		   const struct target_key *key, const char *text);
/* What was judged is judged again: an asset has other addresses, a zone other members. */
void normal_stale(struct inventory *inventory);
/* The time that it is; NULL: times are not told apart. */
const char *normal_frame(const struct inventory *inventory);
/* Names of times, in order, joined by commas; out may be returned. */
const char *frames_text(const struct inventory *inventory, uint8_t frames, char *out, size_t size);
uint8_t frames_from_text(const struct inventory *inventory, const char *text);
/* Says what is not normal of a record, once a day. */
void normal_tell(struct inventory *inventory, struct conversation *conversation,
		 const struct record *record);
/* The protocol of a conversation, as lines of a baseline name it. */
const char *normal_protocol(const struct inventory *inventory,
			    const struct conversation *conversation);

struct baseline_talk;

/* What the baseline says of the two addresses as seen; else of others of theirs; or NULL. */
const struct baseline_talk *normal_talk(const struct inventory *inventory,
					const struct conversation *conversation);

/* ---- normal_facts.c ---- */

struct state_row;

/* Programs and values in a record of the conversation. */
void normal_facts(struct inventory *inventory, struct conversation *conversation,
		  const struct record *record);
/* Adds all as lines of a baseline. */
int normal_facts_learned(const struct inventory *inventory, struct baseline_lines *lines) MUST_USE;
int normal_facts_save(struct inventory *inventory,
		      int (*handler)(void *context, const struct state_row *row),
		      void *context) MUST_USE;
/* -EINVAL: no such line. */
int normal_facts_restore(struct inventory *inventory, const char *line) MUST_USE;
void normal_facts_free(struct inventory *inventory);

/* ---- normal_rhythm.c ---- */

void normal_rhythm_tick(struct inventory *inventory);

/* ---- traffic.c ---- */

/* What was counted so far is not told. */
void traffic_skip(struct conversation *conversation);

/* ---- conversation_state.c ---- */

/* Functions, targets and rhythms as members of a saved state, and back. */
void put_activity(struct json *json, const struct conversation *conversation);
void get_activity(struct inventory *inventory, const struct json_value *value,
		  struct conversation *conversation);
