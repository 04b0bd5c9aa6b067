/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* yaml_scalar.c - what a plain scalar means in the core schema, YAML 1.2.2 10.3.2. */

#include "capture/base/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(const struct yaml_node *node)
{
	return node != NULL && node->kind == YAML_SCALAR && !node->quoted;
}

static bool is_one_of(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(text, words[i]) == 0) {
			return true;
		}
	}
	return false;
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const char *const words[] = { "", "~", "null", "Null", "NULL" };

	return is_plain(node) && is_one_of(node->text, words, ARRAY_SIZE(words));
}

bool yaml_as_bool(const struct yaml_node *node, bool *out)
{
	static const char *const words[] = { "true", "True", "TRUE", "false", "False", "FALSE" };

	if (!is_plain(node) || !is_one_of(node->text, words, ARRAY_SIZE(words))) {
		return false;
	}
	*out = is_one_of(node->text, words, 3);
	return true;
}

static const char *after_sign(const char *text)
{
	return *text == '-' || *text == '+' ? text + 1 : text;
}

/* Text is one or more characters of the set, and nothing else. */
static bool is_all(const char *text, const char *set)
{
	size_t n = 0;

	while (text[n] != '\0' && strchr(set, text[n]) != NULL) {
		n++;
	}
	return n > 0 && text[n] == '\0';
}

bool yaml_as_int(const struct yaml_node *node, int64_t *out)
{
	const char *text;
	int base = 10;
	long long value;

	if (!is_plain(node)) {
		return false;
	}
	text = node->text;
	if (strncmp(text, "0x", 2) == 0 && is_all(text + 2, "0123456789abcdefABCDEF")) {
		base = 16;
		text += 2;
	} else if (strncmp(text, "0o", 2) == 0 && is_all(text + 2, "01234567")) {
		base = 8;
		text += 2;
	} else if (!is_all(after_sign(text), "0123456789")) {
		return false;
	}
	errno = 0;
	value = strtoll(text, NULL, base);
	if (errno != 0) {
		return false;
	}
	*out = value;
	return true;
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_float(const char *p)
{
	size_t whole, part = 0;

	p = after_sign(p);
	whole = strspn(p, "0123456789");
	p += whole;
	if (*p == '.') {
		part = strspn(p + 1, "0123456789");
		p += 1 + part;
	}
	if (whole + part == 0) {
		return false;
	}
	if (*p == 'e' || *p == 'E') {
		return is_all(after_sign(p + 1), "0123456789");
	}
	return *p == '\0';
}

bool yaml_as_double(const struct yaml_node *node, double *out)
{
	static const char *const infinite[] = { ".inf", ".Inf", ".INF" };
	static const char *const nan_words[] = { ".nan", ".NaN", ".NAN" };
	const char *text;
	int64_t integer;

	if (!is_plain(node)) {
		return false;
	}
	text = node->text;
	if (is_float(text)) {
		*out = strtod(text, NULL);
		return true;
	}
	if (yaml_as_int(node, &integer)) {
		*out = (double)integer;
		return true;
	}
	if (is_one_of(text, nan_words, ARRAY_SIZE(nan_words))) {
		*out = (double)NAN;
		return true;
	}
	if (is_one_of(after_sign(text), infinite, ARRAY_SIZE(infinite))) {
		*out = *text == '-' ? -HUGE_VAL : HUGE_VAL;
		return true;
	}
	return false;
}
