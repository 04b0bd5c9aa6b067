/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* config_output.c - the outputs of the configuration. */

#include "cli/config_private.h"
#include "cli/filter.h"
#include "store/document_form.h"
#include "store/forwarder.h"
#include "store/network_link.h"

#include <string.h>

#define OF(member)   offsetof(struct config_output, member)
#define TO(receiver) (1U << (receiver))

#define TO_FILE    TO(RECEIVER_FILE)
#define TO_SYSLOG  TO(RECEIVER_SYSLOG)
#define TO_SPLUNK  TO(RECEIVER_SPLUNK)
#define TO_ELASTIC TO(RECEIVER_ELASTICSEARCH)
#define TO_RELP    TO(RECEIVER_RELP)
#define TO_KAFKA   TO(RECEIVER_KAFKA)
#define TO_MQTT    TO(RECEIVER_MQTT)
#define TO_HTTP    (TO_SPLUNK | TO_ELASTIC)
#define TO_LINK    (TO_SYSLOG | TO_RELP | TO_KAFKA | TO_MQTT)
#define TO_ALL     (TO_FILE | TO_HTTP | TO_LINK)

enum address_shape { SHAPE_PATH, SHAPE_HOST_PORT, SHAPE_URL };

static const struct {
	const char *name;
	enum address_shape shape;
	bool several;
	const char *wants;
} receivers[RECEIVERS] = {
	[RECEIVER_NONE] = { "", SHAPE_PATH, false, "" },
	[RECEIVER_FILE] = { "file", SHAPE_PATH, false, "a path" },
	[RECEIVER_SYSLOG] = { "syslog", SHAPE_HOST_PORT, false, "HOST:PORT" },
	[RECEIVER_SPLUNK] = { "splunk", SHAPE_URL, false, "a URL such as https://HOST:8088" },
	[RECEIVER_ELASTICSEARCH] = { "elasticsearch", SHAPE_URL, true,
				     "URLs such as https://HOST:9200" },
	[RECEIVER_RELP] = { "relp", SHAPE_HOST_PORT, false, "HOST:PORT" },
	[RECEIVER_KAFKA] = { "kafka", SHAPE_HOST_PORT, true, "HOST:PORT, or a list of them" },
	[RECEIVER_MQTT] = { "mqtt", SHAPE_HOST_PORT, false, "HOST:PORT" },
};

/* One row a key, in the order of docs/forwarding.md. */
static const struct key output_keys[] = {
	{ "output", "name", KEY_TEXT, OF(name), 0, 0, TO_ALL },
	{ "output", "file", KEY_RECEIVER, 0, RECEIVER_FILE, 0, TO_FILE },
	{ "output", "syslog", KEY_RECEIVER, 0, RECEIVER_SYSLOG, 0, TO_SYSLOG },
	{ "output", "splunk", KEY_RECEIVER, 0, RECEIVER_SPLUNK, 0, TO_SPLUNK },
	{ "output", "elasticsearch", KEY_RECEIVER, 0, RECEIVER_ELASTICSEARCH, 0, TO_ELASTIC },
	{ "output", "relp", KEY_RECEIVER, 0, RECEIVER_RELP, 0, TO_RELP },
	{ "output", "kafka", KEY_RECEIVER, 0, RECEIVER_KAFKA, 0, TO_KAFKA },
	{ "output", "mqtt", KEY_RECEIVER, 0, RECEIVER_MQTT, 0, TO_MQTT },
	{ "output", "transport", KEY_TRANSPORT, OF(transport), 0, 0, TO_LINK },
	{ "output", "form", KEY_FORM, OF(form), 0, 0, TO_FILE | TO_LINK },
	{ "output", "facility", KEY_NUMBER, OF(facility), 0, 23, TO_SYSLOG | TO_RELP },
	{ "output", "ca", KEY_TEXT, OF(ca), 0, 0, TO_HTTP | TO_LINK },
	{ "output", "certificate", KEY_TEXT, OF(certificate), 0, 0, TO_HTTP | TO_LINK },
	{ "output", "key", KEY_TEXT, OF(key), 0, 0, TO_HTTP | TO_LINK },
	{ "output", "server_name", KEY_TEXT, OF(server_name), 0, 0, TO_SYSLOG | TO_RELP },
	{ "output", "user", KEY_TEXT, OF(user), 0, 0, TO_ELASTIC | TO_KAFKA | TO_MQTT },
	{ "output", "password_file", KEY_TEXT, OF(password_file), 0, 0,
	  TO_ELASTIC | TO_KAFKA | TO_MQTT },
	{ "output", "token_file", KEY_TEXT, OF(token_file), 0, 0, TO_HTTP },
	{ "output", "mechanism", KEY_TEXT, OF(mechanism), 0, 0, TO_KAFKA },
	{ "output", "index", KEY_TEXT, OF(index), 0, 0, TO_SPLUNK },
	{ "output", "acknowledge", KEY_BOOL, OF(acknowledge), 0, 0, TO_SPLUNK },
	{ "output", "acknowledge_within", KEY_DURATION, OF(acknowledge_within), 0, 0, TO_SPLUNK },
	{ "output", "namespace", KEY_TEXT, OF(name_space), 0, 0, TO_ELASTIC },
	{ "output", "dead_letters", KEY_TEXT, OF(dead_letters), 0, 0, TO_HTTP },
	{ "output", "topic", KEY_TEXT, OF(topic), 0, 0, TO_KAFKA | TO_MQTT },
	{ "output", "send", KEY_SEND, OF(send), 0, 0, TO_ALL },
	{ "output", "level", KEY_LEVEL, OF(level), 0, 0, TO_ALL },
	{ "output", "filter", KEY_TEXTS, OF(filter), 0, 0, TO_ALL },
	{ "output", "backlog", KEY_BOOL, OF(backlog), 0, 0, TO_ALL },
	{ "output", "rotate_size", KEY_SIZE, OF(rotate_size), 0, UINT64_C(1) << 40, TO_FILE },
	{ "output", "rotate_every", KEY_DURATION, OF(rotate_every), 0, 0, TO_FILE },
	{ "output", "keep", KEY_NUMBER, OF(keep), 0, 1000000, TO_FILE },
	{ "output", "compress", KEY_BOOL, OF(compress), 0, 0, TO_FILE | TO_HTTP | TO_KAFKA },
};

const char *config_receiver_name(enum config_receiver receiver)
{
	return receivers[receiver].name;
}

static struct config_output output_defaults(void)
{
	struct config_output output = {
		.transport = LINK_TLS,
		.form = FORM_JSON,
		.facility = 16, /* local0 */
		.acknowledge = true,
		.acknowledge_within = 5 * NS_PER_MINUTE,
		.name_space = "default",
		.topic = "weir",
		.level = LEVEL_INFORMATIONAL,
		.rotate_size = 100 << 20,
		.rotate_every = NS_PER_DAY,
		.keep = 30,
		.compress = true,
	};

	for (size_t i = 0; i < FORWARD_TABLES; i++) {
		output.send[i] = true;
	}
	return output;
}

static bool is_output_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < FORWARD_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
		   n;
}

/* ---- addresses ---- */

static bool is_url(const char *text)
{
	const char *scheme = strncmp(text, "https://", 8) == 0  ? text + 8
			     : strncmp(text, "http://", 7) == 0 ? text + 7
								: "";

	/* A secret does not belong there: it would be shown. */
	return strcspn(scheme, "/?#") > 0 && strpbrk(scheme, " @?#\"\\") == NULL;
}

static bool is_address(enum address_shape shape, const char *text)
{
	char host[CONFIG_TEXT_MAX], port[CONFIG_TEXT_MAX];

	switch (shape) {
	case SHAPE_PATH:
		return text[0] != '\0';
	case SHAPE_HOST_PORT:
		return config_host_port(text, host, port);
	case SHAPE_URL:
		return is_url(text);
	}
	return false;
}

static void receiver_read(struct reading *reading, const struct key *key,
			  const struct yaml_node *node, struct config_output *output)
{
	enum config_receiver receiver = (enum config_receiver)key->least;
	struct config_texts *addresses = &output->addresses;
	bool right;

	if (output->receiver != RECEIVER_NONE) {
		config_mistake_at(reading, node->key_line, node->key_column,
				  "an output goes to one receiver, not to %s and %s",
				  receivers[output->receiver].name, key->name);
		return;
	}
	output->receiver = receiver;
	config_texts_read(reading, key, node, addresses);
	right = addresses->n > 0 && (addresses->n == 1 || receivers[receiver].several);
	for (size_t i = 0; i < addresses->n; i++) {
		right = right && is_address(receivers[receiver].shape, addresses->items[i]);
	}
	if (!right) {
		config_mistake_at(reading, node->line, node->column, "%s wants %s", key->name,
				  receivers[receiver].wants);
	}
}

/* ---- one output ---- */

static void filter_check(struct reading *reading, const struct yaml_node *node,
			 const struct config_texts *terms)
{
	struct problem problem = { "" };
	struct filter *filter = NULL;
	int error = filter_new(&filter, NULL, 0);

	for (size_t i = 0; error == 0 && i < terms->n; i++) {
		error = filter_add(filter, terms->items[i], NULL, &problem);
	}
	if (error < 0) {
		config_mistake_at(reading, node->line, node->column, "filter: %s", problem.text);
	}
	filter_free(filter);
}

static void output_check(struct reading *reading, const struct yaml_node *node,
			 const struct config_outputs *outputs, const struct config_output *output)
{
	if (!is_output_name(output->name)) {
		config_mistake_at(
		    reading, node->line, node->column,
		    "an output wants a name of letters, digits, '-' and '_', shorter than %d",
		    FORWARD_NAME_MAX);
	}
	if (output->receiver == RECEIVER_NONE) {
		config_mistake_at(reading, node->line, node->column,
				  "an output wants a receiver: file, syslog, splunk, "
				  "elasticsearch, relp, kafka or mqtt");
	}
	if (output->transport == LINK_UDP && output->receiver != RECEIVER_SYSLOG) {
		config_mistake_at(reading, node->line, node->column,
				  "an output to %s goes over tls or tcp, not over udp",
				  receivers[output->receiver].name);
	}
	filter_check(reading, node, &output->filter);
	for (size_t i = 0; i < outputs->n; i++) {
		const struct config_output *other = &outputs->items[i];

		if (strcmp(other->name, output->name) == 0 ||
		    (output->receiver == RECEIVER_FILE && other->receiver == RECEIVER_FILE &&
		     strcmp(other->addresses.items[0], output->addresses.items[0]) == 0)) {
			config_mistake_at(reading, node->line, node->column,
					  "two outputs have the name or the file of '%s'",
					  output->name);
		}
	}
}

/* A key that its kind of receiver does not have would be one that does nothing. */
static void keys_check(struct reading *reading, const struct yaml_node *node,
		       const struct config_output *output)
{
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		for (size_t i = 0; i < ARRAY_SIZE(output_keys); i++) {
			const struct key *key = &output_keys[i];

			if (output->receiver != RECEIVER_NONE && key->kind != KEY_RECEIVER &&
			    strcmp(key->name, at->key) == 0 &&
			    (key->receivers & TO(output->receiver)) == 0) {
				config_mistake_at(reading, at->key_line, at->key_column,
						  "an output to %s has no key '%s'",
						  receivers[output->receiver].name, at->key);
			}
		}
	}
}

static void output_read(struct reading *reading, const struct yaml_node *node,
			struct config_output *out)
{
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		const struct key *key = NULL;

		for (size_t i = 0; i < ARRAY_SIZE(output_keys); i++) {
			key = strcmp(output_keys[i].name, at->key) == 0 ? &output_keys[i] : key;
		}
		if (key == NULL) {
			config_mistake_at(reading, at->key_line, at->key_column,
					  "unknown key '%s' of an output", at->key);
		} else if (key->kind == KEY_RECEIVER) {
			receiver_read(reading, key, at, out);
		} else {
			config_value_read(reading, key, out, at);
		}
	}
}

void config_outputs_read(struct reading *reading, const struct yaml_node *node,
			 struct config_outputs *out)
{
	if (node->kind != YAML_LIST && !yaml_is_null(node)) {
		config_mistake_at(reading, node->line, node->column,
				  "forward.outputs wants a list");
		return;
	}
	out->n = 0;
	for (const struct yaml_node *at = node->child; at != NULL; at = at->next) {
		struct config_output output = output_defaults();

		if (at->kind != YAML_MAP) {
			config_mistake_at(reading, at->line, at->column,
					  "an output is a map of keys");
		} else if (out->n == CONFIG_OUTPUTS_MAX) {
			config_mistake_at(reading, at->line, at->column, "more than %d outputs",
					  CONFIG_OUTPUTS_MAX);
			return;
		} else {
			output_read(reading, at, &output);
			keys_check(reading, at, &output);
			output_check(reading, at, out, &output);
			out->items[out->n++] = output;
		}
	}
}

/* ---- writing ---- */

static void output_write(const struct config_output *output, FILE *out)
{
	const char *between = "";

	for (size_t i = 0; i < ARRAY_SIZE(output_keys); i++) {
		const struct key *key = &output_keys[i];

		if ((key->receivers & TO(output->receiver)) == 0) {
			continue;
		}
		fprintf(out, "%s%s: ", between, key->name);
		between = ", ";
		if (key->kind != KEY_RECEIVER) {
			config_value_write(output, key, out);
		} else if (output->addresses.n == 1) {
			config_text_write(out, output->addresses.items[0]);
		} else {
			config_texts_write(&output->addresses, out);
		}
	}
}

void config_outputs_write(const struct config_outputs *outputs, FILE *out)
{
	fputc('[', out);
	for (size_t i = 0; i < outputs->n; i++) {
		fputs(i > 0 ? ", {" : "{", out);
		output_write(&outputs->items[i], out);
		fputc('}', out);
	}
	fputc(']', out);
}
