/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The table: rows used in turn, each linked into one chain for either direction's id. */

#include "dissectors/cip_connections.h"

#include "capture/base/hash.h"

#define CHAINS 1024 /* a power of two */
#define NONE   0    /* row numbers are counted from 1, so that a zeroed table is empty */

struct row {
	struct cip_connection connection; /* first, so that one leads to its row */
	struct ip originator, target;
	uint32_t domain, vlan;
	uint16_t next[2];
	bool used;
};

struct table {
	uint16_t heads[2][CHAINS];
	uint16_t turn, n_made; /* the row to use next; rows that were ever used */
	struct row rows[CIP_CONNECTIONS];
};

_Static_assert(sizeof(struct table) <= CIP_CONNECTIONS_BYTES, "the table has its room");

static unsigned chain_of(uint32_t id)
{
	return (unsigned)(hash_word(0, id) % CHAINS);
}

static uint16_t number_of(const struct table *table, const struct row *row)
{
	return (uint16_t)(row - table->rows + 1);
}

static void link_row(struct table *table, struct row *row, unsigned direction)
{
	uint16_t *head = &table->heads[direction][chain_of(row->connection.end[direction].id)];

	row->next[direction] = *head;
	*head = number_of(table, row);
}

static void unlink_row(struct table *table, struct row *row, unsigned direction)
{
	uint16_t *at = &table->heads[direction][chain_of(row->connection.end[direction].id)];

	while (*at != NONE && *at != number_of(table, row)) {
		at = &table->rows[*at - 1].next[direction];
	}
	if (*at != NONE) {
		*at = row->next[direction];
	}
}

static void remove_row(struct table *table, struct row *row)
{
	if (row->used) {
		unlink_row(table, row, CIP_O_TO_T);
		unlink_row(table, row, CIP_T_TO_O);
		row->used = false;
	}
}

/* Whether the row is a connection between the hosts of this flow that `side` opened. */
static bool opened_by(const struct row *row, const struct dissection *d, unsigned side)
{
	const struct flow_key *key = &d->flow->key;

	return ip_equal(&row->originator, &key->ip[side]) &&
	       ip_equal(&row->target, &key->ip[side ^ 1U]) && row->vlan == key->vlan &&
	       row->domain == key->domain;
}

void cip_connection_add(void *shared, const struct dissection *d, const struct cip_connection *made)
{
	struct table *table = shared;
	const struct cip_connection *same =
	    cip_connection_by_serial(shared, d, made->serial, made->vendor, made->originator);
	struct row *row;

	if (same != NULL) {
		cip_connection_remove(shared, same);
	}
	row = &table->rows[table->turn];
	table->turn = (uint16_t)((table->turn + 1U) % CIP_CONNECTIONS);
	remove_row(table, row);
	table->n_made = (uint16_t)size_max(table->n_made, number_of(table, row));
	row->connection = *made;
	row->originator = d->flow->key.ip[d->flow->client];
	row->target = d->flow->key.ip[d->flow->client ^ 1U];
	row->domain = d->flow->key.domain;
	row->vlan = d->flow->key.vlan;
	row->used = true;
	link_row(table, row, CIP_O_TO_T);
	link_row(table, row, CIP_T_TO_O);
}

const struct cip_connection *cip_connection_find(void *shared, const struct dissection *d,
						 uint32_t id, enum cip_direction *direction)
{
	struct table *table = shared;
	unsigned chain = chain_of(id);

	for (unsigned way = CIP_O_TO_T; way <= CIP_T_TO_O; way++) {
		unsigned originator = way == CIP_O_TO_T ? d->side : d->side ^ 1U;

		for (uint16_t at = table->heads[way][chain]; at != NONE;
		     at = table->rows[at - 1].next[way]) {
			const struct row *row = &table->rows[at - 1];

			if (row->connection.end[way].id == id && opened_by(row, d, originator)) {
				*direction = (enum cip_direction)way;
				return &row->connection;
			}
		}
	}
	return NULL;
}

const struct cip_connection *cip_connection_by_serial(void *shared, const struct dissection *d,
						      uint16_t serial, uint16_t vendor,
						      uint32_t originator)
{
	struct table *table = shared;

	for (size_t i = 0; i < table->n_made; i++) {
		const struct row *row = &table->rows[i];

		if (row->used && row->connection.serial == serial &&
		    row->connection.vendor == vendor && row->connection.originator == originator &&
		    opened_by(row, d, d->flow->client)) {
			return &row->connection;
		}
	}
	return NULL;
}

void cip_connection_remove(void *shared, const struct cip_connection *connection)
{
	struct table *table = shared;

	for (size_t i = 0; i < table->n_made; i++) {
		if (&table->rows[i].connection == connection) {
			remove_row(table, &table->rows[i]);
		}
	}
}
