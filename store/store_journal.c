/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* The journal's hash chain: SHA-256 over the hash before and every value of the row, each with its
 * length, so that no two different rows have the same input. */

#include "store/store_private.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>

static bool add_number(EVP_MD_CTX *digest, uint64_t number)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < sizeof(bytes); i++) {
		bytes[i] = (uint8_t)(number >> 8 * i);
	}
	return EVP_DigestUpdate(digest, bytes, sizeof(bytes)) == 1;
}

static bool add_text(EVP_MD_CTX *digest, const char *text)
{
	size_t n = strlen(text);

	return add_number(digest, n) && EVP_DigestUpdate(digest, text, n) == 1;
}

static bool add_all(EVP_MD_CTX *digest, const struct chain *before, const struct item *item)
{
	bool good = EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1 &&
		    EVP_DigestUpdate(digest, before->hash, HASH_SIZE) == 1 &&
		    add_number(digest, before->seq + 1) && add_number(digest, (uint64_t)item->time);

	for (unsigned i = 0; i < item->n_texts; i++) {
		good = good && add_text(digest, item->texts[i]);
	}
	return good;
}

int journal_hash(const struct chain *before, const struct item *item, uint8_t out[HASH_SIZE])
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	bool good = digest != NULL && add_all(digest, before, item) &&
		    EVP_DigestFinal_ex(digest, out, NULL) == 1;

	EVP_MD_CTX_free(digest);
	return good ? 0 : -ENOMEM;
}

int journal_head(sqlite3 *db, struct chain *out)
{
	sqlite3_stmt *statement = NULL;
	int step;

	*out = (struct chain) { .seq = 0 };
	if (sqlite3_prepare_v2(db, "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", -1,
			       &statement, NULL) != SQLITE_OK) {
		return store_error(db);
	}
	step = sqlite3_step(statement);
	if (step == SQLITE_ROW && sqlite3_column_bytes(statement, 1) == HASH_SIZE) {
		out->seq = (uint64_t)sqlite3_column_int64(statement, 0);
		memcpy(out->hash, sqlite3_column_blob(statement, 1), HASH_SIZE);
	}
	sqlite3_finalize(statement);
	return step == SQLITE_ROW || step == SQLITE_DONE ? 0 : store_error(db);
}

static bool is_hash(sqlite3_stmt *row, int column, const uint8_t *hash)
{
	return sqlite3_column_bytes(row, column) == HASH_SIZE &&
	       memcmp(sqlite3_column_blob(row, column), hash, HASH_SIZE) == 0;
}

/* Checks one row against the chain, and moves the chain on. */
static bool row_holds(sqlite3_stmt *row, struct chain *chain)
{
	struct item item = { .time = sqlite3_column_int64(row, 1), .n_texts = 3 };
	uint8_t hash[HASH_SIZE];

	for (unsigned i = 0; i < item.n_texts; i++) {
		item.texts[i] = (const char *)sqlite3_column_text(row, 2 + (int)i);
		if (item.texts[i] == NULL) {
			return false;
		}
	}
	if ((uint64_t)sqlite3_column_int64(row, 0) != chain->seq + 1 ||
	    !is_hash(row, 5, chain->hash) || journal_hash(chain, &item, hash) != 0 ||
	    !is_hash(row, 6, hash)) {
		return false;
	}
	chain->seq++;
	memcpy(chain->hash, hash, HASH_SIZE);
	return true;
}

int store_verify_journal(struct store *store, uint64_t *seq, struct problem *problem)
{
	struct chain chain = { .seq = 0 };
	sqlite3_stmt *statement = NULL;
	int step, result = 0;

	if (sqlite3_prepare_v2(store->reader,
			       "SELECT seq, time, kind, id, json, previous_hash, hash"
			       " FROM journal ORDER BY seq",
			       -1, &statement, NULL) != SQLITE_OK) {
		return problem_set(problem, store_error(store->reader), "%s: %s", store->path,
				   sqlite3_errmsg(store->reader));
	}
	while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
		if (!row_holds(statement, &chain)) {
			*seq = (uint64_t)sqlite3_column_int64(statement, 0);
			problem_set(problem, 1,
				    "%s: the journal's chain is broken at row %llu: it was "
				    "changed, or rows before it are missing",
				    store->path, (unsigned long long)*seq);
			result = 1;
			break;
		}
	}
	if (result == 0 && step != SQLITE_DONE) {
		result = problem_set(problem, store_error(store->reader), "%s: %s", store->path,
				     sqlite3_errmsg(store->reader));
	}
	sqlite3_finalize(statement);
	return result;
}

uint64_t store_journal_row_hash(struct store *store, uint64_t seq, char hash[65])
{
	sqlite3_stmt *statement = NULL;
	uint64_t found = 0;

	if (sqlite3_prepare_v2(store->reader,
			       "SELECT seq, lower(hex(hash)) FROM journal"
			       " WHERE ?1 = 0 OR seq = ?1 ORDER BY seq DESC LIMIT 1",
			       -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_bind_int64(statement, 1, (sqlite3_int64)seq) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_bytes(statement, 1) == 2 * HASH_SIZE) {
		found = (uint64_t)sqlite3_column_int64(statement, 0);
		memcpy(hash, sqlite3_column_text(statement, 1), 2 * HASH_SIZE + 1);
	}
	sqlite3_finalize(statement);
	return found;
}
