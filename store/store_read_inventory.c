/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Documents of the inventory in order.  Two walks over one snapshot: the first keeps of each chosen
 * document its order and its row, the second reads these rows. */

#include "store/store_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct chosen {
	struct store_order order;
	int64_t row;
};

struct choosing {
	struct chosen *list;
	size_t n, room;
};

static const char *const tables[] = {
	[STORE_ASSETS] = "asset",
	[STORE_CONVERSATIONS] = "conversation",
};

static int compare(const void *a, const void *b)
{
	const struct chosen *x = a, *y = b;
	int order = memcmp(&x->order, &y->order, sizeof(x->order));

	return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static int add(struct choosing *choosing, const struct store_order *order, int64_t row)
{
	if (choosing->n == choosing->room) {
		size_t room = choosing->room * 2 + 1024;
		struct chosen *list = realloc(choosing->list, room * sizeof(*list));

		if (list == NULL) {
			return -ENOMEM;
		}
		choosing->list = list;
		choosing->room = room;
	}
	choosing->list[choosing->n++] = (struct chosen) { *order, row };
	return 0;
}

static int prepare(struct store *store, const char *format, enum store_noun noun,
		   sqlite3_stmt **out)
{
	char sql[128];

	sqlite3_snprintf(sizeof(sql), sql, format, tables[noun]);
	return sqlite3_prepare_v2(store->reader, sql, -1, out, NULL) == SQLITE_OK
		   ? 0
		   : store_error(store->reader);
}

static int choose_all(struct store *store, enum store_noun noun, int64_t since,
		      const struct store_choice *choice, struct choosing *choosing)
{
	sqlite3_stmt *statement = NULL;
	int step = SQLITE_DONE;
	int error = prepare(store, "SELECT rowid, json FROM %s WHERE last >= ?1", noun, &statement);

	if (error != 0) {
		return error;
	}
	sqlite3_bind_int64(statement, 1, since); /* TIME_NONE is before all */
	while (error == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *json = (const char *)sqlite3_column_text(statement, 1);
		size_t n = (size_t)sqlite3_column_bytes(statement, 1);
		struct store_order order = { { 0 } };

		if (json != NULL && choice->choose(choice->context, json, n, &order)) {
			error = add(choosing, &order, sqlite3_column_int64(statement, 0));
		}
	}
	sqlite3_finalize(statement);
	return error != 0 || step == SQLITE_DONE ? error : store_error(store->reader);
}

static int hand_over(struct store *store, enum store_noun noun, const struct store_choice *choice,
		     const struct choosing *choosing)
{
	sqlite3_stmt *statement = NULL;
	bool more = true;
	int error = prepare(store, "SELECT json FROM %s WHERE rowid = ?1", noun, &statement);

	for (size_t i = 0; error == 0 && more && i < choosing->n; i++) {
		if (choice->skip != NULL && choice->skip(choice->context)) {
			continue;
		}
		sqlite3_bind_int64(statement, 1, choosing->list[i].row);
		if (sqlite3_step(statement) == SQLITE_ROW) {
			const char *json = (const char *)sqlite3_column_text(statement, 0);
			size_t n = (size_t)sqlite3_column_bytes(statement, 0);

			more = json == NULL || choice->handler(choice->context, json, n);
		} else {
			error = store_error(store->reader);
		}
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	return error;
}

int store_read_inventory(struct store *store, enum store_noun noun, int64_t since,
			 const struct store_choice *choice)
{
	struct choosing choosing = { .list = NULL };
	int error = sqlite3_exec(store->reader, "BEGIN", NULL, NULL, NULL) == SQLITE_OK
			? 0
			: store_error(store->reader);

	if (error != 0) {
		return error;
	}
	error = choose_all(store, noun, since, choice, &choosing);
	if (error == 0 && choosing.n > 0) {
		qsort(choosing.list, choosing.n, sizeof(*choosing.list), compare);
		error = hand_over(store, noun, choice, &choosing);
	}
	free(choosing.list);
	(void)sqlite3_exec(store->reader, "COMMIT", NULL, NULL, NULL);
	return error;
}
