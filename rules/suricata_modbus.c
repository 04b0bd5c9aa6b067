/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* suricata_modbus.c - the keyword modbus: functions, access, units (user guide, "Modbus Keyword").
 */

#include "rules/suricata_private.h"

#include <stdio.h>
#include <string.h>

/* MODBUS Application Protocol V1.1b3, 4.2 and 5: categories of function codes. */
static const struct {
	const char *name;
	uint8_t codes[48];
} categories[] = {
	{ "user",
	  { 65, 66, 67, 68, 69, 70, 71, 72, 100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
	    110 } },
	{ "reserved", { 9, 10, 13, 14, 41, 42, 90, 91, 125, 126, 127 } },
	{ "assigned", { 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24, 43 } },
};

/* What reads or writes which table. */
static const struct {
	const char *access, *table;
	uint8_t codes[10];
} accesses[] = {
	{ "read", "", { 1, 2, 3, 4, 23, 24 } },
	{ "read", "coils", { 1 } },
	{ "read", "discretes", { 2 } },
	{ "read", "holding", { 3, 23, 24 } },
	{ "read", "input", { 4 } },
	{ "write", "", { 5, 6, 15, 16, 22, 23 } },
	{ "write", "coils", { 5, 15 } },
	{ "write", "holding", { 6, 16, 22, 23 } },
};

static bool add_codes(struct draft *draft, const uint8_t *codes, size_t n, bool negate)
{
	struct clause *clause = draft_clause(draft, "weir.modbus.function_code", GROUP_ALWAYS);

	for (size_t i = 0; clause != NULL && i < n && codes[i] != 0; i++) {
		if (!clause_add_number(draft, clause, codes[i])) {
			return false;
		}
	}
	if (clause != NULL) {
		clause->negate = negate;
	}
	return clause != NULL;
}

static bool modbus_function(struct draft *draft, const char *word)
{
	bool negate = word[0] == '!';
	uint64_t code;

	word += negate;
	word += strspn(word, " ");
	if (suricata_number(word, &code)) {
		return suricata_condition(draft, "weir.modbus.function_code", word - negate);
	}
	if (strcmp(word, "all") == 0 && !negate) {
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(categories); i++) {
		if (strcmp(word, categories[i].name) == 0) {
			return add_codes(draft, categories[i].codes,
					 ARRAY_SIZE(categories[i].codes), negate);
		}
	}
	/* Whatever is neither for users nor reserved is public; assigned or not. */
	if (strcmp(word, "public") == 0 && !negate) {
		return add_codes(draft, categories[0].codes, ARRAY_SIZE(categories[0].codes),
				 true) &&
		       add_codes(draft, categories[1].codes, ARRAY_SIZE(categories[1].codes), true);
	}
	return draft_refuse(draft, "modbus: function %.40s", word);
}

static bool modbus_access(struct draft *draft, const char *text)
{
	char access[8] = "", table[12] = "";

	sscanf(text, "%7s %11s", access, table);
	for (size_t i = 0; i < ARRAY_SIZE(accesses); i++) {
		if (strcmp(accesses[i].access, access) == 0 &&
		    strcmp(accesses[i].table, table) == 0) {
			return add_codes(draft, accesses[i].codes, ARRAY_SIZE(accesses[i].codes),
					 false);
		}
	}
	return draft_refuse(draft, "modbus: access %.40s", text);
}

static bool modbus_word(struct draft *draft, char *word)
{
	char *rest = word + strcspn(word, " ");

	rest += strspn(rest, " ");
	if (strncmp(word, "function", 8) == 0) {
		return modbus_function(draft, rest);
	}
	if (strncmp(word, "access", 6) == 0) {
		return modbus_access(draft, rest);
	}
	if (strncmp(word, "unit", 4) == 0) {
		return suricata_condition(draft, "weir.unit_id", rest);
	}
	if (strncmp(word, "subfunction", 11) == 0) {
		return suricata_condition(draft, "weir.modbus.subfunction", rest);
	}
	if (strncmp(word, "address", 7) == 0 && rest[0] == '<' && rest[1] != '>') {
		/* Some address below: then the first one is. */
		return suricata_condition(draft, "weir.modbus.address", rest);
	}
	return draft_refuse(draft,
			    strncmp(word, "address", 7) == 0
				? "an address inside of what a request names is no field, only the "
				  "first one is"
				: "modbus: %.40s",
			    word);
}

bool suricata_modbus(struct draft *draft, const struct keyword *keyword, const char *value)
{
	(void)keyword;
	return draft_service(draft, "modbus") && suricata_words(draft, value, modbus_word);
}
