/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* field.h - the field registry: every name that a record, a rule, a query or a document may use.
 *
 * Each room offers const tables of struct field; a registry instance is built from them at
 * start and sealed.  From it come JSON keys, rule fields, `weir fields` and mappings.  Names
 * are ECS names where ECS has the field, else they begin with "weir.".  Enumerated values are
 * lower case.  A field is either stored in records (get == NULL) or computed from the event.
 * A sealed registry is read-only and may be used by all threads. */

#include "capture/base/address.h"
#include "capture/base/problem.h"
#include "dissectors/record.h"

enum field_type {
	FIELD_BOOL,
	FIELD_INT,
	FIELD_UINT,
	FIELD_DOUBLE,
	FIELD_STRING,
	FIELD_BYTES, /* hexadecimal in text forms */
	FIELD_IP,
	FIELD_MAC,
	FIELD_TIME,
	FIELD_TYPES
};

/* One value; which member holds it follows from the field's type. */
struct field_scalar {
	union {
		bool boolean;
		int64_t integer; /* FIELD_INT, FIELD_TIME */
		uint64_t natural;
		double real;
		struct ip ip;
		struct mac mac;
		struct {
			const char *bytes; /* FIELD_STRING, FIELD_BYTES: not NUL-terminated */
			size_t length;
		};
	};
};

/* What a field holds in an event. Borrowed: valid as long as the event and this struct, which must
 * not be copied (texts that are made on the way lie in it). */
struct field_value {
	enum field_type type;
	bool list;
	unsigned count;          /* elements; 1 when it is not a list */
	struct field_scalar one; /* the value when it is not a list */
	const uint8_t *raw;      /* private: encoded list; see field_at() */
	unsigned width;
	char scratch[24];
};

/* What higher rooms know about a record, for computed fields: one slot a room. */
enum event_context { EVENT_STORE, EVENT_RULES, EVENT_CONTEXTS };

struct event {
	const struct record *record;
	const void *context[EVENT_CONTEXTS]; /* NULL when that room has nothing to say */
};

enum field_flags {
	FIELD_LIST = 1,         /* holds a list */
	FIELD_SECRET = 2,       /* only "present" and a length are ever kept */
	FIELD_ENUM = 4,         /* one of a fixed set of lower-case words */
	FIELD_HIDDEN = 8,       /* for rules, not written into documents */
	FIELD_OF_ALERTS = 16,   /* only alert documents have it: no rule may ask for it */
	FIELD_HINT = 32,        /* of an identity field: free text of the vendor, believed less */
	FIELD_OF_BASELINE = 64, /* says nothing before it is known what is normal */
	FIELD_OF_ENDS = 128,    /* about the two ends: of an item as of its transaction */
	/* Bits 8 to 15 are FIELD_IDENTITY(). */
	FIELD_PROSE = 1 << 16,      /* sentences for a person: found by their words */
	FIELD_ALWAYS = 1 << 17,     /* every document of the kind has it; for schemas */
	FIELD_OF_OUTPUTS = 1 << 18, /* beside FIELD_OF_ALERTS: outputs add it to any document */
};

/* What a field may tell of the device that the record is about: its identity in the inventory. */
enum identity {
	IDENTITY_VENDOR,
	IDENTITY_PRODUCT_NAME,
	IDENTITY_PRODUCT_CODE, /* order number, catalogue number */
	IDENTITY_MODEL,
	IDENTITY_REVISION, /* of the firmware, unless there are several */
	IDENTITY_APPLICATION,
	IDENTITY_VENDOR_URL,
	IDENTITY_SERVER_ID,
	IDENTITY_SERVER_TEXT,
	IDENTITY_PROJECT,
	IDENTITY_RUN_INDICATOR,
	IDENTITY_SERIAL_NUMBER,
	IDENTITY_HARDWARE_VERSION,
	IDENTITY_FIRMWARE_VERSION,
	IDENTITY_BOOT_VERSION,
	IDENTITY_DEVICE_NAME,
	IDENTITY_DEVICE_TYPE,
	IDENTITY_MODULE_NAME,
	IDENTITY_PLANT_ID,
	IDENTITY_LOCATION,
	IDENTITY_DESCRIPTION,
	IDENTITY_OWNER,
	IDENTITY_MEMORY_CARD,
	IDENTITY_MODE,             /* run, stop, program... */
	IDENTITY_KEY_POSITION,     /* of the mode switch */
	IDENTITY_PROTECTION_LEVEL, /* what a client may do without a password */
	IDENTITY_STATUS,
	/* Names. */
	IDENTITY_HOST_NAME,   /* as DHCP, NetBIOS, mDNS, SNMP, SMB... know it; without a domain */
	IDENTITY_DOMAIN_NAME, /* fully qualified */
	IDENTITY_GROUP_NAME,  /* Windows domain or workgroup */
	IDENTITY_CHASSIS_ID,  /* one text for all interfaces of a device: they are one asset */
	IDENTITY_PORT_NAME,   /* of the port at which it was seen */
	/* What it is and runs. */
	IDENTITY_CATEGORY, /* "plc", "switch", "printer"...: a type of rules/roles.yaml, as said */
	IDENTITY_DUTY,     /* "router", "bridge", "dhcp_server", "io_controller"...; many */
	IDENTITY_SERVICE,  /* "http", "_ipp._tcp"...: what it says it offers; many */
	IDENTITY_OPERATING_SYSTEM,
	IDENTITY_SOFTWARE,     /* a server's or client's own words: "nginx/1.22.1"; many */
	IDENTITY_OBJECT_ID,    /* SNMP sysObjectID */
	IDENTITY_VENDOR_ID,    /* number of its maker in the protocol's own registry */
	IDENTITY_DEVICE_ID,    /* number of the product, the maker's own */
	IDENTITY_VENDOR_CLASS, /* DHCP option 60 */
	IDENTITY_FINGERPRINT,  /* what its software asks for, in its order: a hint of the system */
	IDENTITY_CERTIFICATE,  /* subject of its certificate */
	IDENTITY_CERTIFICATE_ISSUER,
	IDENTITY_USER, /* account that is logged on there, as seen in clear */
	/* Where it is. */
	IDENTITY_GATEWAY,            /* its default router */
	IDENTITY_NETMASK,            /* "255.255.255.0", "/64" */
	IDENTITY_MANAGEMENT_ADDRESS, /* at which it is managed; many */
	IDENTITY_REDUNDANCY, /* "mrp", "hsr", "prp", "vrrp", "hsrp": what it takes part in; many */
	IDENTITY_RISK,       /* "clear_text_password", "community_seen"...: what is weak; many */
	/* What only a person says. */
	IDENTITY_GIVEN_NAME,
	IDENTITY_TYPE,        /* "plc", "hmi"... */
	IDENTITY_LEVEL,       /* of Purdue: "0" to "5", "3.5" */
	IDENTITY_ZONE,        /* IEC 62443 */
	IDENTITY_CRITICALITY, /* "low", "medium", "high", "critical" */
	IDENTITY_ASSET_TAG,   /* number in the books */
	IDENTITY_NOTE,
	IDENTITIES
};

/* Marks a field that tells this; ORed to its flags. */
#define FIELD_IDENTITY(what) ((unsigned)(IDENTITY_##what + 1) << 8)

struct field {
	const char *name;
	enum field_type type;
	unsigned flags;
	const char *unit; /* "ns", "bytes" or NULL */
	const char *meaning;
	/* Computes the value; false: absent in this event. NULL: the record stores it. */
	bool (*get)(const struct event *event, struct field_value *out);
};

/* What the field tells of a device; IDENTITIES: nothing. */
static inline enum identity field_identity(const struct field *field)
{
	unsigned mark = field->flags >> 8 & 0xff;

	return mark != 0 ? (enum identity)(mark - 1) : IDENTITIES;
}

struct field_registry;

int field_registry_new(struct field_registry **out) MUST_USE;
struct field_registry *field_registry_free(struct field_registry *registry);

/* Adds a table (kept by reference); *base gets the id of its first field. -EEXIST: a name is
 * there already with another type; -EINVAL: malformed name; -ENOSPC: more than 4,096 fields. A
 * name that is there with the same type is shared only through the core table, never twice. */
int field_registry_add(struct field_registry *registry, const struct field *table, size_t n,
		       uint16_t *base, struct problem *problem) MUST_USE;

/* Ends building; works out the order of documents. -EINVAL: a name is both leaf and object. */
int field_registry_seal(struct field_registry *registry, struct problem *problem) MUST_USE;

#define FIELD_NOT_FOUND UINT16_MAX
uint16_t field_find(const struct field_registry *registry, const char *name);
size_t field_count(const struct field_registry *registry);
const struct field *field_by_id(const struct field_registry *registry, uint16_t id);
/* The id of the i-th field in document order: names that share a prefix stand together, and
 * prefixes come in the order in which they were first added. */
uint16_t field_in_order(const struct field_registry *registry, size_t i);
const char *field_type_name(enum field_type type);

/* The value of a field in an event; false when absent. */
bool field_get(const struct field_registry *registry, const struct event *event, uint16_t id,
	       struct field_value *out);

/* The value of one stored field met by record_next_field(). */
void field_of_record(enum field_type type, const struct record_field *stored,
		     struct field_value *out);

/* Element i < value->count. */
struct field_scalar field_at(const struct field_value *value, unsigned i);

/* Builders for get functions. */
bool field_is_text(struct field_value *out, const char *text);  /* NULL: absent */
bool field_is_hex(struct field_value *out, uint64_t value);     /* 16 digits, as text; 0: absent */
bool field_is_decimal(struct field_value *out, uint32_t value); /* as text */
bool field_is_uint(struct field_value *out, uint64_t value);
bool field_is_int(struct field_value *out, int64_t value);
bool field_is_bool(struct field_value *out, bool value);
bool field_is_ip(struct field_value *out, const struct ip *ip);    /* none: absent */
bool field_is_mac(struct field_value *out, const struct mac *mac); /* none: absent */
bool field_is_time(struct field_value *out, int64_t time);         /* TIME_NONE: absent */

/* The value as text ("502", "true", an address, hex...), for tables, group-by keys and keyword
 * searches. Appends element i to a buffer of size bytes, cut if need be; returns the length that
 * was written. */
size_t field_scalar_text(enum field_type type, const struct field_scalar *scalar, char *out,
			 size_t size);
