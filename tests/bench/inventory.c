/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* inventory DATABASE ASSETS CONVERSATIONS - makes a database of a large plant, for measuring
 * queries.
 *
 * Every asset claims its address by ARP and says by Modbus 43/14 what it is; conversations go from
 * each asset to the ones behind it. */

#include "cli/setup.h"
#include "dissectors/core_fields.h"
#include "dissectors/dissector.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START (1700000000 * NS_PER_S)

struct plant {
	struct field_registry *registry;
	struct record_writer writer;
	struct inventory *inventory;
	uint64_t number;
};

static struct endpoint host(uint32_t i)
{
	const uint8_t ip[16] = { 0,
				 0,
				 0,
				 0,
				 0,
				 0,
				 0,
				 0,
				 0,
				 0,
				 0xff,
				 0xff,
				 10,
				 (uint8_t)(i >> 16),
				 (uint8_t)(i >> 8),
				 (uint8_t)i };
	struct endpoint end = { .port = 40000 };

	memcpy(end.ip.bytes, ip, sizeof(ip));
	end.mac =
	    (struct mac) { { 0, 0x80, 0xf4, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i } };
	return end;
}

static uint8_t protocol(const char *name)
{
	uint8_t index = dissector_index(name);

	if (index == PROTOCOL_NONE) {
		fprintf(stderr, "inventory: %s is not built in\n", name);
		exit(1);
	}
	return index;
}

static struct record *begin(struct plant *plant, const char *name, struct endpoint from,
			    struct endpoint to)
{
	struct record *r = record_begin(&plant->writer, RECORD_TRANSACTION, NULL);

	r->time = START + (int64_t)++plant->number * NS_PER_US;
	r->start = TIME_NONE;
	r->duration = 2 * NS_PER_MS;
	r->number = plant->number;
	r->flow = (uint32_t)(plant->number & 0xffff);
	r->generation = (uint32_t)plant->number;
	r->protocol = protocol(name);
	r->phase = PHASE_COMPLETE;
	r->outcome = OUTCOME_SUCCESS;
	r->ip_protocol = 6;
	r->ip_version = 4;
	r->source = from;
	r->destination = to;
	r->destination.port = 502;
	return r;
}

static void commit(struct plant *plant)
{
	record_commit(&plant->writer);
	(void)inventory_record(plant->inventory, record_last(&plant->writer));
}

static void claim(struct plant *plant, uint32_t i)
{
	const struct endpoint sender = host(i);
	struct record *r = begin(plant, "arp", sender, (struct endpoint) { .port = 0 });

	r->operation = OPERATION_REPORT;
	r->ip_version = 0;
	r->flags |= RECORD_IDENTITY;
	r->about = ABOUT_NAMED;
	r->binds = true;
	record_put_ip(&plant->writer, CORE_SUBJECT_IP, &sender.ip);
	record_put_mac(&plant->writer, CORE_SUBJECT_MAC, &sender.mac);
	commit(plant);
}

static void put(struct plant *plant, const char *field, const char *text)
{
	record_put_text(&plant->writer, field_find(plant->registry, field), text);
}

static void identify(struct plant *plant, uint32_t i)
{
	struct record *r = begin(plant, "modbus", host(i / 100 * 100), host(i));
	char text[64];

	r->operation = OPERATION_IDENTIFY;
	r->flags |= RECORD_UNIT;
	record_put_uint(&plant->writer, CORE_UNIT_ID, 255);
	put(plant, "weir.modbus.device_id.vendor_name", i % 3 == 0 ? "Schneider Electric" : "Acme");
	snprintf(text, sizeof(text), "BMX P34 %04u", i % 1000);
	put(plant, "weir.modbus.device_id.product_code", text);
	put(plant, "weir.modbus.device_id.revision", "v2.90");
	commit(plant);
}

static void talk(struct plant *plant, uint32_t i, uint32_t assets)
{
	struct record *r =
	    begin(plant, "modbus", host(i % assets), host((i % assets + i / assets + 1) % assets));

	r->operation = OPERATION_READ;
	r->flags |= RECORD_UNIT;
	record_put_uint(&plant->writer, CORE_UNIT_ID, 255);
	commit(plant);
}

static int fill(struct plant *plant, const char *path, uint32_t assets, uint32_t conversations)
{
	struct inventory_options options = inventory_defaults();
	struct store_options store_options = store_defaults();
	struct problem problem = { "" };
	struct store *store = NULL;
	int error;

	options.registry = plant->registry;
	options.conversations_max = (size_t)conversations + 2 * (size_t)assets;
	store_options.path = path;
	store_options.queue_bytes_max = SIZE_MAX / 2;
	error = inventory_new(&plant->inventory, &options, &problem);
	if (error == 0) {
		error = store_open(&store, &store_options, &problem);
	}
	for (uint32_t i = 0; error == 0 && i < assets; i++) {
		claim(plant, i);
	}
	inventory_tick(plant->inventory, START + NS_PER_HOUR / 2);
	for (uint32_t i = 0; error == 0 && i < assets; i++) {
		identify(plant, i);
	}
	for (uint32_t i = 0; error == 0 && i < conversations; i++) {
		talk(plant, i, assets);
	}
	if (error == 0) {
		error = store_inventory(store, plant->inventory);
	}
	if (error == 0) {
		error = store_flush(store);
	}
	store_close(store, NULL);
	if (error != 0) {
		fprintf(stderr, "inventory: %s (%s)\n", problem.text, strerror(-error));
	}
	return error;
}

int main(int argc, char **argv)
{
	uint16_t bases[PROTOCOL_NONE];
	struct plant plant = { .number = 0 };
	int error;

	if (argc != 4) {
		fputs("usage: inventory DATABASE ASSETS CONVERSATIONS\n", stderr);
		return 2;
	}
	error = registry_setup(&plant.registry, bases, NULL);
	if (error == 0) {
		error = record_writer_init(&plant.writer, NULL);
	}
	if (error == 0) {
		error = fill(&plant, argv[1], (uint32_t)strtoul(argv[2], NULL, 10),
			     (uint32_t)strtoul(argv[3], NULL, 10));
	}
	inventory_free(plant.inventory);
	record_writer_end(&plant.writer);
	field_registry_free(plant.registry);
	return error == 0 ? 0 : 1;
}
