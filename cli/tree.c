/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* A tree is the text itself, checked once: a query looks at few values of many long documents, so
 * values are found by walking over the text, and nothing is built. */

#include "cli/tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_KEY_MAX    128
#define CHECK_DEPTH_MAX 32
/* Documents are our own and flat; a list of objects of lists is all there is. */
#define VISIT_DEPTH_MAX 16
#define TEXTS_FIRST     2048 /* bytes of values that need no memory of their own */

struct texts {
	struct texts *next;
	char bytes[];
};

/* Values that were asked for, unescaped. */
struct store_of_texts {
	size_t used;
	struct texts *more;
	char first[TEXTS_FIRST];
};

/* A value: where its text begins and where the whole document ends. */
struct tree {
	const char *at, *end;
	struct store_of_texts *texts;
};

struct root {
	struct tree tree; /* first: freed by it */
	struct store_of_texts texts;
	char copy[]; /* of the text, if it is the tree's own */
};

/* ---- walking over text ---- */

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
		at++;
	}
	return at;
}

/* From behind the opening quote to the closing one; the end when there is none. */
static const char *string_end(const char *at, const char *end)
{
	while (at < end && *at != '"') {
		at += *at == '\\' && end - at > 1 ? 2 : 1;
	}
	return at;
}

/* Behind the value that begins here, which was checked. */
static const char *skip_value(const char *at, const char *end)
{
	unsigned depth = 0;

	do {
		if (*at == '"') {
			at = string_end(at + 1, end);
			at += at < end ? 1 : 0;
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			depth--;
			at++;
		} else if (depth > 0) {
			at++;
		} else {
			at += strcspn(at, ",]} \t\n\r");
		}
	} while (depth > 0 && at < end);
	return at;
}

/* A walk over the members of an object or the elements of a list. */
struct walk {
	const char *at, *end;
	bool object;
	const char *key; /* of the member, without quotes; list: empty */
	size_t key_length;
	struct tree member;
};

static struct walk walk_begin(const struct tree *tree)
{
	return (struct walk) { .at = tree->at + 1,
			       .end = tree->end,
			       .object = *tree->at == '{',
			       .key = "",
			       .member = { .end = tree->end, .texts = tree->texts } };
}

static bool walk_next(struct walk *walk)
{
	const char *at = skip_space(walk->at, walk->end);

	if (at < walk->end && *at == ',') {
		at = skip_space(at + 1, walk->end);
	}
	if (at >= walk->end || *at == '}' || *at == ']') {
		return false;
	}
	if (walk->object) {
		const char *close = string_end(at + 1, walk->end);

		walk->key = at + 1;
		walk->key_length = (size_t)(close - walk->key);
		at = skip_space(close + 1, walk->end);
		at = skip_space(at + 1, walk->end); /* the colon */
	}
	walk->member.at = at;
	return true;
}

static void walk_over(struct walk *walk)
{
	walk->at = skip_value(walk->member.at, walk->end);
}

/* ---- checking ---- */

struct check {
	const char *at, *end;
};

static bool take(struct check *check, char wanted)
{
	check->at = skip_space(check->at, check->end);
	if (check->at >= check->end || *check->at != wanted) {
		return false;
	}
	check->at++;
	return true;
}

/* How many bytes follow the first of a UTF-8 sequence (RFC 3629, section 4), and between which
 * bounds the second must be. -1: none begins so. */
static int utf8_rest(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	*high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	if (first >= 0xc2 && first <= 0xdf) {
		return 1;
	}
	if (first >= 0xe0 && first <= 0xef) {
		return 2;
	}
	return first >= 0xf0 && first <= 0xf4 ? 3 : -1;
}

static bool check_utf8(struct check *check)
{
	unsigned char low, high;
	int rest = utf8_rest((unsigned char)*check->at++, &low, &high);

	for (int i = 0; i < rest; i++) {
		unsigned char byte;

		if (check->at >= check->end) {
			return false;
		}
		byte = (unsigned char)*check->at++;
		if (byte < (i == 0 ? low : 0x80) || byte > (i == 0 ? high : 0xbf)) {
			return false;
		}
	}
	return rest > 0;
}

static bool check_escape(struct check *check)
{
	char c = check->at + 1 < check->end ? check->at[1] : '\0';

	check->at += 2;
	if (c != 'u') {
		return c != '\0' && strchr("\"\\/bfnrt", c) != NULL;
	}
	for (unsigned i = 0; i < 4; i++, check->at++) {
		if (check->at >= check->end || *check->at == '\0' ||
		    strchr("0123456789abcdefABCDEF", *check->at) == NULL) {
			return false;
		}
	}
	return true;
}

static bool check_string(struct check *check)
{
	if (!take(check, '"')) {
		return false;
	}
	while (check->at < check->end && *check->at != '"') {
		unsigned char c = (unsigned char)*check->at;

		if (c == '\\') {
			if (!check_escape(check)) {
				return false;
			}
		} else if (c >= 0x80) {
			if (!check_utf8(check)) {
				return false;
			}
		} else if (c < 0x20) {
			return false;
		} else {
			check->at++;
		}
	}
	return take(check, '"');
}

static size_t digits(struct check *check)
{
	size_t n = 0;

	for (; check->at < check->end && *check->at >= '0' && *check->at <= '9'; check->at++) {
		n++;
	}
	return n;
}

/* RFC 8259, section 6. */
static bool check_number(struct check *check)
{
	bool zero;

	check->at += *check->at == '-';
	zero = check->at < check->end && *check->at == '0';
	if (zero ? digits(check) != 1 : digits(check) == 0) {
		return false;
	}
	if (check->at < check->end && *check->at == '.') {
		check->at++;
		if (digits(check) == 0) {
			return false;
		}
	}
	if (check->at < check->end && (*check->at == 'e' || *check->at == 'E')) {
		check->at++;
		check->at +=
		    check->at < check->end && (*check->at == '+' || *check->at == '-') ? 1 : 0;
		return digits(check) > 0;
	}
	return true;
}

static bool check_word(struct check *check, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(check->end - check->at) < n || memcmp(check->at, word, n) != 0) {
		return false;
	}
	check->at += n;
	return true;
}

static bool check_value(struct check *check, unsigned depth);

/* The members of an object or the elements of a list, after its bracket. */
static bool check_members(struct check *check, bool object, unsigned depth)
{
	char close = object ? '}' : ']';

	if (take(check, close)) {
		return true;
	}
	do {
		if (object && !(check_string(check) && take(check, ':'))) {
			return false;
		}
		if (!check_value(check, depth)) {
			return false;
		}
	} while (take(check, ','));
	return take(check, close);
}

static bool check_value(struct check *check, unsigned depth)
{
	check->at = skip_space(check->at, check->end);
	if (check->at >= check->end || depth > CHECK_DEPTH_MAX) {
		return false;
	}
	switch (*check->at) {
	case '{':
	case '[':
		check->at++;
		return check_members(check, check->at[-1] == '{', depth + 1);
	case '"':
		return check_string(check);
	case 't':
		return check_word(check, "true");
	case 'f':
		return check_word(check, "false");
	case 'n':
		return check_word(check, "null");
	default:
		return check_number(check);
	}
}

/* Where the object begins and ends; false: it is none. */
static bool find_object(const char *json, size_t length, const char **begin, const char **end)
{
	struct check check = { json, json + length };

	check.at = skip_space(check.at, check.end);
	*begin = check.at;
	*end = check.end;
	return check.at < check.end && *check.at == '{' && check_value(&check, 0) &&
	       skip_space(check.at, check.end) == check.end;
}

static int read_object(struct tree **out, const char *json, size_t length, bool copy)
{
	const char *begin, *end;
	struct root *root;

	if (!find_object(json, length, &begin, &end)) {
		return -EINVAL;
	}
	root = malloc(sizeof(*root) + (copy ? (size_t)(end - begin) : 0));
	if (root == NULL) {
		return -ENOMEM;
	}
	if (copy) {
		memcpy(root->copy, begin, (size_t)(end - begin));
		end = root->copy + (end - begin);
		begin = root->copy;
	}
	root->tree = (struct tree) { begin, end, &root->texts };
	root->texts.used = 0;
	root->texts.more = NULL;
	*out = &root->tree;
	return 0;
}

int tree_read(struct tree **out, const char *json, size_t length)
{
	return read_object(out, json, length, false);
}

int tree_read_copy(struct tree **out, const char *json, size_t length)
{
	return read_object(out, json, length, true);
}

struct tree *tree_free(struct tree *tree)
{
	struct texts *next;

	for (struct texts *texts = tree != NULL ? tree->texts->more : NULL; texts != NULL;
	     texts = next) {
		next = texts->next;
		free(texts);
	}
	free(tree);
	return NULL;
}

/* ---- values ---- */

static char *text_room(struct store_of_texts *texts, size_t size)
{
	if (size <= sizeof(texts->first) - texts->used) {
		char *room = texts->first + texts->used;

		texts->used += size;
		return room;
	}
	struct texts *more = malloc(sizeof(*more) + size);
	if (more == NULL) {
		return NULL;
	}
	more->next = texts->more;
	texts->more = more;
	return more->bytes;
}

static uint32_t hex4(const char *at)
{
	char digits4[5] = { at[0], at[1], at[2], at[3], '\0' };

	return (uint32_t)strtoul(digits4, NULL, 16);
}

static char *put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	return out;
}

/* One \uXXXX, or two that are a pair; half a pair is U+FFFD. Returns behind it. */
static const char *take_unicode(const char *at, const char *end, uint32_t *out)
{
	*out = hex4(at + 2);
	at += 6;
	if (*out < 0xd800 || *out > 0xdfff) {
		return at;
	}
	if (*out < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
		uint32_t low = hex4(at + 2);

		if (low >= 0xdc00 && low <= 0xdfff) {
			*out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
			return at + 6;
		}
	}
	*out = 0xfffd;
	return at;
}

/* Copies a string without its escapes, which never makes it longer. */
static const char *text_of(struct store_of_texts *texts, const char *at, const char *end)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	char *out = text_room(texts, (size_t)(end - at) + 1), *to = out;

	if (out == NULL) {
		return "";
	}
	while (at < end) {
		const char *escape = memchr(at, '\\', (size_t)(end - at));
		size_t plain = (size_t)((escape != NULL ? escape : end) - at);

		memcpy(to, at, plain);
		to += plain;
		at += plain;
		if (escape != NULL && at[1] == 'u') {
			uint32_t c;

			at = take_unicode(at, end, &c);
			to = put_utf8(to, c);
		} else if (escape != NULL) {
			*to++ = meanings[strchr(names, at[1]) - names];
			at += 2;
		}
	}
	*to = '\0';
	return out;
}

static const char *string_value(const struct tree *value)
{
	return value != NULL && *value->at == '"'
		   ? text_of(value->texts, value->at + 1, string_end(value->at + 1, value->end))
		   : NULL;
}

static bool is_number(const struct tree *value)
{
	return *value->at == '-' || (*value->at >= '0' && *value->at <= '9');
}

/* Numbers are followed by something that is no part of them: the document is an object. */
static void number_value(const struct tree *value, struct tree_value *out)
{
	char *end;

	out->is_number = true;
	out->number = strtod(value->at, &end);
	errno = 0;
	out->integer = strtoll(value->at, &end, 10);
	out->is_integer = errno == 0 && *end != '.' && *end != 'e' && *end != 'E';
}

struct visit {
	bool (*visit)(void *context, const struct tree_value *value);
	void *context;
	bool found; /* a value was visited */
};

static bool visit_scalar(struct visit *visit, const struct tree *value)
{
	struct tree_value out = { .text = NULL };
	char number[32];

	visit->found = true;
	if (*value->at == '"') {
		out.text = string_value(value);
	} else if (is_number(value)) {
		number_value(value, &out);
		out.text = number;
		if (out.is_integer) {
			snprintf(number, sizeof(number), "%" PRId64, out.integer);
		} else {
			snprintf(number, sizeof(number), "%.6g", out.number);
		}
	} else {
		out.text = *value->at == 't' ? "true" : "false";
	}
	return visit->visit(visit->context, &out);
}

/* ---- paths ---- */

/* What is left of the path behind the key: the key is the whole path, or ends before a dot (keys
 * may have dots themselves). NULL: another key. */
static const char *path_behind(const struct walk *walk, const char *path)
{
	const char *key = walk->key;
	size_t length = walk->key_length;

	if (memchr(key, '\\', length) != NULL) {
		key = text_of(walk->member.texts, key, key + length);
		length = strlen(key);
	}
	if (length == 0 || strncmp(path, key, length) != 0 ||
	    (path[length] != '\0' && path[length] != '.')) {
		return NULL;
	}
	return path + length + (path[length] == '.' ? 1 : 0);
}

static bool visit_value(struct visit *visit, const struct tree *value, const char *path,
			unsigned depth);

static bool visit_list(struct visit *visit, const struct tree *list, const char *path,
		       unsigned depth)
{
	struct walk walk = walk_begin(list);

	for (; walk_next(&walk); walk_over(&walk)) {
		if (!visit_value(visit, &walk.member, path, depth + 1)) {
			return false;
		}
	}
	return true;
}

static bool visit_object(struct visit *visit, const struct tree *object, const char *path,
			 unsigned depth)
{
	struct walk walk = walk_begin(object);

	visit->found = false;
	for (; walk_next(&walk); walk_over(&walk)) {
		const char *rest = *path == '\0' ? "" : path_behind(&walk, path);

		if (rest != NULL && !visit_value(visit, &walk.member, rest, depth + 1)) {
			return false;
		}
		if (*path != '\0' && visit->found) {
			return true;
		}
	}
	return true;
}

static bool visit_keys(struct visit *visit, const struct tree *object)
{
	struct walk walk = walk_begin(object);

	for (; walk_next(&walk); walk_over(&walk)) {
		const struct tree_value name = { .text = text_of(object->texts, walk.key,
								 walk.key + walk.key_length) };

		visit->found = true;
		if (!visit->visit(visit->context, &name)) {
			return false;
		}
	}
	return true;
}

static bool visit_value(struct visit *visit, const struct tree *value, const char *path,
			unsigned depth)
{
	if (depth > VISIT_DEPTH_MAX) {
		return true;
	}
	if (*value->at == '[') {
		return visit_list(visit, value, path, depth);
	}
	if (*value->at == '{' && strcmp(path, "*") == 0) {
		return visit_keys(visit, value);
	}
	if (*value->at == '{') {
		return visit_object(visit, value, path, depth);
	}
	return *path != '\0' || *value->at == 'n' || visit_scalar(visit, value);
}

bool tree_visit(const struct tree *tree, const char *path,
		bool (*visit)(void *context, const struct tree_value *value), void *context)
{
	struct visit state = { visit, context, false };

	return visit_value(&state, tree, path, 0);
}

/* The first value at the path, whatever it is. */
static bool value_at(const struct tree *value, const char *path, unsigned depth, struct tree *out)
{
	if (*path == '\0' || depth > VISIT_DEPTH_MAX) {
		*out = *value;
		return true;
	}
	if (*value->at != '{') {
		return false;
	}
	struct walk walk = walk_begin(value);
	for (; walk_next(&walk); walk_over(&walk)) {
		const char *rest = path_behind(&walk, path);

		if (rest != NULL && value_at(&walk.member, rest, depth + 1, out)) {
			return true;
		}
	}
	return false;
}

const char *tree_text(const struct tree *tree, const char *path)
{
	struct tree value;

	return value_at(tree, path, 0, &value) ? string_value(&value) : NULL;
}

double tree_number(const struct tree *tree, const char *path)
{
	struct tree_value number = { .number = 0 };
	struct tree value;

	if (value_at(tree, path, 0, &value) && is_number(&value)) {
		number_value(&value, &number);
	}
	return number.number;
}

bool tree_true(const struct tree *tree, const char *path)
{
	struct tree value;

	return value_at(tree, path, 0, &value) && *value.at == 't';
}

void tree_members(const struct tree *tree, const char *path,
		  void (*visit)(void *context, const char *key, const struct tree *member),
		  void *context)
{
	struct tree value;

	if (!value_at(tree, path, 0, &value) || (*value.at != '{' && *value.at != '[')) {
		return;
	}
	struct walk walk = walk_begin(&value);
	for (; walk_next(&walk); walk_over(&walk)) {
		visit(context, text_of(value.texts, walk.key, walk.key + walk.key_length),
		      &walk.member);
	}
}

const struct column *column_find(const struct column *columns, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(columns[i].name, name) == 0) {
			return &columns[i];
		}
	}
	return NULL;
}
