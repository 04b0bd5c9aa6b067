/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sigma_attribute.c - checks and takes the attributes of a rule that are not its detection (rules
 * specification, "Components"). */

#include "rules/attack.h"
#include "rules/iec62443.h"
#include "rules/iso27001.h"
#include "rules/sigma.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define TITLE_MAX 256

static int take_text(struct loader *loader, const struct yaml_node *node, const char **out)
{
	if (node->kind != YAML_SCALAR || yaml_is_null(node) || node->length == 0) {
		return sigma_error(loader, node, "%s must be a text", node->key);
	}
	if (memchr(node->text, '\0', node->length) != NULL) {
		return sigma_error(loader, node, "%s has a NUL in it", node->key);
	}
	*out = arena_text(&loader->set->arena, node->text, node->length);
	return *out != NULL ? 0 : sigma_error(loader, node, "out of memory");
}

/* Characters, not bytes. */
static size_t count_characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		n += ((uint8_t)*text & 0xc0) != 0x80;
	}
	return n;
}

static int take_title(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	int error = take_text(loader, node, &rule->title);

	if (error == 0 && count_characters(rule->title) > TITLE_MAX) {
		return sigma_error(loader, node, "the title has more than 256 characters");
	}
	return error;
}

static bool is_uuid(const char *text)
{
	size_t i = 0;

	for (; text[i] != '\0'; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? text[i] != '-' : !isxdigit((unsigned char)text[i])) {
			return false;
		}
	}
	return i == 36;
}

static int take_id(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	int error = take_text(loader, node, &rule->uuid);

	if (error == 0 && !is_uuid(rule->uuid)) {
		return sigma_error(loader, node, "id must be a UUID");
	}
	return error;
}

static int take_name(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	return take_text(loader, node, &rule->name);
}

static int take_author(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	return take_text(loader, node, &rule->author);
}

static int take_date(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	static const char form[] = "dddd-dd-dd";
	const char *text = NULL;
	int error = take_text(loader, node, &text);

	for (size_t i = 0; error == 0 && i < sizeof(form); i++) {
		if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != form[i]) {
			return sigma_error(loader, node, "%s must be written YYYY-MM-DD",
					   node->key);
		}
	}
	/* The date of the last change is the version; "modified" wins over "date". */
	if (error == 0 && (rule->version == NULL || strcmp(node->key, "modified") == 0)) {
		rule->version = text;
	}
	return error;
}

static int take_texts(struct loader *loader, const struct yaml_node *node, struct texts *out)
{
	const char **items;

	if (node->kind != YAML_LIST) {
		return sigma_error(loader, node, "%s must be a list", node->key);
	}
	items = arena_take(&loader->set->arena, (node->n_children + 1) * sizeof(*items));
	out->items = items;
	out->n = 0;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		if (at->kind != YAML_SCALAR || yaml_is_null(at)) {
			return sigma_error(loader, at, "%s must be a list of texts", node->key);
		}
		if (items == NULL || (items[out->n++] = arena_text(&loader->set->arena, at->text,
								   at->length)) == NULL) {
			return sigma_error(loader, at, "out of memory");
		}
	}
	return 0;
}

static int check_texts(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	struct texts ignored;

	(void)rule;
	return take_texts(loader, node, &ignored);
}

static int take_references(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	return take_texts(loader, node, &rule->references);
}

/* One text, or a list of them. */
static int take_falsepositives(struct loader *loader, const struct yaml_node *node,
			       struct rule *rule)
{
	const char **one;

	if (node->kind != YAML_SCALAR) {
		return take_texts(loader, node, &rule->falsepositives);
	}
	one = arena_take(&loader->set->arena, sizeof(*one));
	rule->falsepositives = (struct texts) { one, 1 };
	return one != NULL ? take_text(loader, node, one) : -ENOMEM;
}

static int check_fields(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	int error = check_texts(loader, node, rule);

	for (const struct yaml_node *at = node->child; error == 0 && at != NULL; at = at->next) {
		error =
		    sigma_field(loader, at, at->text, at->length) == FIELD_NOT_FOUND ? -EINVAL : 0;
	}
	return error;
}

static int take_level(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	if (node->kind != YAML_SCALAR || !alert_level_from_name(node->text, &rule->level)) {
		return sigma_error(loader, node,
				   "level must be informational, low, medium, high "
				   "or critical");
	}
	return 0;
}

static int take_status(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	static const char *const words[] = { "stable", "test", "experimental", "deprecated",
					     "unsupported" };

	for (size_t i = 0; node->kind == YAML_SCALAR && i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], node->text) == 0) {
			rule->status = words[i];
			return 0;
		}
	}
	return sigma_error(loader, node,
			   "status must be stable, test, experimental, deprecated or unsupported");
}

static int check_taxonomy(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	(void)rule;
	if (node->kind == YAML_SCALAR &&
	    (strcmp(node->text, "sigma") == 0 || strcmp(node->text, "ecs") == 0)) {
		return 0;
	}
	return sigma_error(loader, node,
			   "the fields here are those of ECS: taxonomy can be sigma or ecs");
}

static int check_related(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	static const char *const types[] = { "derived", "obsolete", "merged", "renamed",
					     "similar" };

	(void)rule;
	if (node->kind != YAML_LIST) {
		return sigma_error(loader, node, "related must be a list");
	}
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		const struct yaml_node *id = yaml_get(at, "id"), *type = yaml_get(at, "type");
		bool known = false;

		for (size_t i = 0; type != NULL && i < ARRAY_SIZE(types); i++) {
			known = known || strcmp(types[i], type->text) == 0;
		}
		if (id == NULL || !is_uuid(id->text) || !known) {
			return sigma_error(loader, at,
					   "related needs an id (UUID) and a type: derived, "
					   "obsolete, merged, renamed or similar");
		}
	}
	return 0;
}

/* JSON schema: ^[a-z0-9_-]+\.[a-z0-9._-]+$ */
static bool is_tag(const char *tag)
{
	const char *dot = strchr(tag, '.');

	return dot != NULL && dot != tag && dot[1] != '\0' &&
	       tag[strspn(tag, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

/* What a tag of ours points at must exist. */
static int check_tag(struct loader *loader, const struct yaml_node *node)
{
	const char *tag = node->text, *rest = strchr(tag, '.') + 1;

	if (strncmp(tag, "iec62443.", 9) == 0 && iec62443_requirement(rest) == NULL) {
		return sigma_error(loader, node, "'%.60s': no such requirement (iec62443.sr-2.1)",
				   tag);
	}
	if (strncmp(tag, "iso27001.", 9) == 0 && iso27001_control(rest) == NULL) {
		return sigma_error(loader, node, "'%.60s': no such control (iso27001.a-8.16)", tag);
	}
	if (strncmp(tag, "attack.t", 8) == 0 && isdigit((unsigned char)tag[8]) &&
	    attack_technique(rest) == NULL) {
		sigma_warning(loader, node,
			      "'%.60s' is no technique of ATT&CK for ICS %s: alerts leave it out",
			      tag, ATTACK_VERSION);
	}
	return 0;
}

static int take_tags(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	int error = take_texts(loader, node, &rule->tags);

	for (const struct yaml_node *at = node->child; error == 0 && at != NULL; at = at->next) {
		error =
		    is_tag(at->text)
			? check_tag(loader, at)
			: sigma_error(loader, at, "'%.60s' is no tag: lower case, namespace.name",
				      at->text);
	}
	return error;
}

static int check_generate(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	bool generate;

	(void)rule;
	return yaml_as_bool(node, &generate)
		   ? 0
		   : sigma_error(loader, node, "generate must be true or false");
}

static int take_requirement(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	bool complete = node->kind == YAML_SCALAR && strcmp(node->text, "complete_capture") == 0;
	bool baseline = node->kind == YAML_SCALAR && strcmp(node->text, "baseline") == 0;

	rule->requires_complete = rule->requires_complete || complete;
	rule->requires_baseline = rule->requires_baseline || baseline;
	return complete || baseline ? 0
				    : sigma_error(loader, node,
						  "weir_requires can be complete_capture "
						  "and baseline");
}

/* Our own attribute: what the rule argues from, beside what it sees. */
static int take_requires(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	int error = 0;

	if (node->kind != YAML_LIST) {
		return take_requirement(loader, node, rule);
	}
	for (const struct yaml_node *at = node->child; error == 0 && at != NULL; at = at->next) {
		error = take_requirement(loader, at, rule);
	}
	return error;
}

static int take_description(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	return take_text(loader, node, &rule->description);
}

static int take_license(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	return take_text(loader, node, &rule->license);
}

static int take_next_step(struct loader *loader, const struct yaml_node *node, struct rule *rule)
{
	return take_text(loader, node, &rule->next_step);
}

static const struct attribute {
	const char *name;
	int (*take)(struct loader *loader, const struct yaml_node *node, struct rule *rule);
} attributes[] = {
	{ "title", take_title },
	{ "id", take_id },
	{ "name", take_name },
	{ "author", take_author },
	{ "date", take_date },
	{ "modified", take_date },
	{ "description", take_description },
	{ "license", take_license },
	{ "references", take_references },
	{ "falsepositives", take_falsepositives },
	{ "fields", check_fields },
	{ "scope", check_texts },
	{ "level", take_level },
	{ "status", take_status },
	{ "taxonomy", check_taxonomy },
	{ "related", check_related },
	{ "tags", take_tags },
	{ "generate", check_generate },
	{ "weir_requires", take_requires },
	{ "weir_next_step", take_next_step },
};

int sigma_attributes(struct loader *loader, const struct yaml_node *root, struct rule *rule)
{
	int result = 0;

	for (const struct yaml_node *at = root->child; at != NULL; at = at->next) {
		int error = 0;
		bool known = false;

		for (size_t i = 0; i < ARRAY_SIZE(attributes) && !known; i++) {
			known = strcmp(attributes[i].name, at->key) == 0;
			error = known ? attributes[i].take(loader, at, rule) : 0;
		}
		if (!known && strncmp(at->key, "weir_", 5) == 0) {
			error = sigma_error(loader, at, "unknown attribute '%.60s'", at->key);
		}
		result = result == 0 ? error : result;
	}
	if (yaml_get(root, "title") == NULL) {
		return sigma_error(loader, root, "a rule needs a title");
	}
	return result;
}
