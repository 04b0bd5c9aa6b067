/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "inventory_world.h"
#include "store/edit.h"
#include "store/inventory_private.h"
#include "store/inventory_state.h"

#include <errno.h>

#define MAC_A "00:80:f4:00:00:0a"
#define MAC_B "00:80:f4:00:00:0b"
#define MAC_C "00:0e:8c:00:00:0c"

/* Rows as the database would keep them. */
struct row {
	struct asset_edit edit;
	char texts[7][80];
};

struct fixture {
	struct world *world;
	struct asset_finder *finder;
	struct editor editor;
	struct row rows[32];
	size_t n_rows;
};

static const char *copy(char out[80], const char *text)
{
	if (text == NULL) {
		return NULL;
	}
	snprintf(out, 80, "%s", text);
	return out;
}

static int keep(void *context, const struct asset_edit *edit)
{
	struct fixture *f = context;
	struct row *row = &f->rows[f->n_rows++];

	assert_true(f->n_rows <= ARRAY_SIZE(f->rows));
	row->edit = (struct asset_edit) {
		.time = edit->time,
		.user = copy(row->texts[0], edit->user),
		.asset = copy(row->texts[1], edit->asset),
		.kind = copy(row->texts[2], edit->kind),
		.name = copy(row->texts[3], edit->name),
		.old_value = copy(row->texts[4], edit->old_value),
		.new_value = copy(row->texts[5], edit->new_value),
		.reason = copy(row->texts[6], edit->reason),
	};
	return 0;
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	void *world = NULL;

	(void)world_set_up(&world);
	f->world = world;
	f->editor = (struct editor) { .user = "maria",
				      .reason = "audit",
				      .time = WORLD_START + NS_PER_HOUR,
				      .keep = keep,
				      .context = f };
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	void *world = f->world;

	asset_finder_free(f->finder);
	(void)world_tear_down(&world);
	free(f);
	return 0;
}

static int find_error(struct fixture *f, const char *text, struct asset **out,
		      struct problem *problem)
{
	f->finder = asset_finder_free(f->finder);
	assert_int_equal(asset_finder_new(&f->finder, f->world->inventory), 0);
	return asset_find(f->finder, text, out, problem);
}

static struct asset *find(struct fixture *f, const char *text)
{
	struct problem problem = { "" };
	struct asset *asset = NULL;

	if (find_error(f, text, &asset, &problem) != 0) {
		print_error("%s\n", problem.text);
	}
	assert_non_null(asset);
	return asset;
}

static int set(struct fixture *f, const char *asset, enum identity kind, const char *value)
{
	f->editor.time++;
	return inventory_set(f->world->inventory, find(f, asset), kind, value, &f->editor);
}

/* What the document of an asset says below weir.asset, or host. */
static void assert_says(struct fixture *f, const char *address, const char *path,
			const char *wanted)
{
	const char *text = world_assets(f->world);
	size_t n = count_lines(text);
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		struct json_value *line = line_at(text, i);
		const struct json_value *ips = json_value_at(line, "host.ip");

		for (size_t k = 0; k < json_value_count(ips); k++) {
			if (strcmp(json_value_text(json_value_element(ips, k), ""), address) != 0) {
				continue;
			}
			found = true;
			if (wanted == NULL) {
				assert_null(json_value_at(line, path));
			} else {
				assert_string_equal(json_value_text(line, path), wanted);
			}
		}
		json_value_free(line);
	}
	assert_true(found);
}

static void two_hosts(struct fixture *f)
{
	world_arp(f->world, 0, (struct end) { "10.0.0.1", MAC_A }, "10.0.0.2");
	world_arp(f->world, 0, (struct end) { "10.0.0.2", MAC_B }, "10.0.0.1");
}

static void test_a_word_wins_and_is_taken_back(void **state)
{
	struct fixture *f = *state;
	struct attribute said = { .kind = IDENTITY_DEVICE_NAME,
				  .confidence = 90,
				  .itself = true,
				  .unit = UNIT_NONE,
				  .first = WORLD_START,
				  .last = WORLD_START,
				  .until = TIME_NONE,
				  .value = (char[]) { "plc1" } };

	two_hosts(f);
	attribute_set(f->world->inventory, find(f, "10.0.0.1")->members, &said);
	assert_says(f, "10.0.0.1", "host.name", "plc1");
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_GIVEN_NAME, "press 4"), 0);
	assert_string_equal(f->world->last_change, "set");
	assert_says(f, "10.0.0.1", "host.name", "press 4");
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_GIVEN_NAME, "press 4"), 1);
	assert_int_equal(set(f, "press 4", IDENTITY_OWNER, "hans"), 0);
	assert_int_equal(set(f, "PRESS 4", IDENTITY_OWNER, "eva"), 0);
	assert_says(f, "10.0.0.1", "weir.asset.owner", "eva");
	assert_says(f, "10.0.0.2", "weir.asset.owner", NULL);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_GIVEN_NAME, ""), 0);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_GIVEN_NAME, ""), 1);
	assert_says(f, "10.0.0.1", "host.name", "plc1");
	assert_int_equal(f->n_rows, 4);
	assert_string_equal(f->rows[2].edit.old_value, "hans");
	assert_string_equal(f->rows[2].edit.new_value, "eva");
	assert_string_equal(f->rows[2].edit.user, "maria");
	assert_string_equal(f->rows[2].edit.reason, "audit");
	assert_null(f->rows[3].edit.new_value);
}

static void test_documents_name_the_source(void **state)
{
	struct fixture *f = *state;

	two_hosts(f);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_ZONE, "cell-4"), 0);
	assert_non_null(strstr(world_assets(f->world),
			       "{\"name\":\"zone\",\"value\":\"cell-4\",\"source\":\"person:"
			       "maria\",\"confidence\":100"));
	assert_null(strstr(world_assets(f->world), "\"until\""));
}

/* The word is about the device, not about the address that it had. */
static void test_a_word_follows_the_device(void **state)
{
	struct fixture *f = *state;

	two_hosts(f);
	assert_int_equal(set(f, MAC_A, IDENTITY_OWNER, "eva"), 0);
	f->world->now += NS_PER_DAY;
	world_arp(f->world, 0, (struct end) { "10.0.0.9", MAC_A }, "10.0.0.2");
	world_arp(f->world, 0, (struct end) { "10.0.0.1", MAC_C }, "10.0.0.2");
	assert_says(f, "10.0.0.9", "weir.asset.owner", "eva");
	assert_says(f, "10.0.0.1", "weir.asset.owner", NULL);
	assert_ptr_equal(find(f, "10.0.0.1"), find(f, MAC_C));
}

/* An asset that was known by its address alone keeps the word when its MAC shows. */
static void test_a_word_is_found_by_the_earlier_id(void **state)
{
	struct fixture *f = *state;
	char id[17];

	world_flow(f->world, 0, (struct end) { "10.0.0.2", MAC_B },
		   (struct end) { "10.0.0.1", NULL });
	snprintf(id, sizeof(id), "%016llx", (unsigned long long)find(f, "10.0.0.1")->id);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_OWNER, "eva"), 0);
	world_arp(f->world, 0, (struct end) { "10.0.0.1", MAC_A }, "10.0.0.2");
	assert_says(f, "10.0.0.1", "weir.asset.owner", "eva");
	assert_ptr_equal(find(f, id), find(f, MAC_A));
	/* Said again, of the device now; and all of it is taken back at once. */
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_OWNER, "hans"), 0);
	assert_says(f, "10.0.0.1", "weir.asset.owner", "hans");
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_OWNER, ""), 0);
	assert_says(f, "10.0.0.1", "weir.asset.owner", NULL);
	assert_int_equal(f->n_rows, 4);
}

static void replay_rows(struct fixture *f)
{
	for (size_t i = 0; i < f->n_rows; i++) {
		assert_int_equal(inventory_restore_edit(f->world->inventory, &f->rows[i].edit), 0);
	}
	inventory_restored(f->world->inventory, WORLD_START);
}

static void test_rows_give_it_all_back(void **state)
{
	struct fixture *f = *state;

	two_hosts(f);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_OWNER, "eva"), 0);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_NOTE, "x"), 0);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_NOTE, ""), 0);
	f->editor.time++;
	assert_int_equal(inventory_merge(f->world->inventory, find(f, "10.0.0.1"),
					 find(f, "10.0.0.2"), &f->editor),
			 0);
	f->finder = asset_finder_free(f->finder);
	world_renew(f->world);
	/* Before anything is seen, and then to what is. */
	replay_rows(f);
	assert_int_equal(f->world->changes, 0);
	assert_int_equal(count_lines(world_assets(f->world)), 0);
	two_hosts(f);
	assert_int_equal(count_lines(world_assets(f->world)), 1);
	assert_says(f, "10.0.0.2", "weir.asset.owner", "eva");
	assert_says(f, "10.0.0.2", "weir.asset.note", NULL);
	/* What no version of ours wrote is passed over. */
	f->rows[0].edit.kind = "paint";
	f->rows[1].edit.name = "colour";
	f->rows[2].edit.asset = "no id";
	f->rows[3].edit.new_value = "nowhere";
	replay_rows(f);
}

static void test_merge_and_split(void **state)
{
	struct fixture *f = *state;
	struct inventory *inventory = f->world->inventory;
	struct problem problem = { "" };

	two_hosts(f);
	assert_int_equal(count_lines(world_assets(f->world)), 2);
	assert_int_equal(
	    inventory_merge(inventory, find(f, "10.0.0.1"), find(f, "10.0.0.2"), &f->editor), 0);
	assert_string_equal(f->world->last_change, "merged_by_person");
	assert_int_equal(count_lines(world_assets(f->world)), 1);
	assert_int_equal(
	    inventory_merge(inventory, find(f, "10.0.0.1"), find(f, "10.0.0.2"), &f->editor), 1);
	assert_int_equal(inventory_split(inventory, find(f, MAC_A), MAC_A, &f->editor, &problem),
			 -EINVAL);
	assert_int_equal(inventory_split(inventory, find(f, MAC_A), MAC_C, &f->editor, NULL),
			 -EINVAL);
	assert_int_equal(inventory_split(inventory, find(f, MAC_A), "x", &f->editor, NULL),
			 -EINVAL);
	assert_int_equal(inventory_split(inventory, find(f, MAC_A), MAC_B, &f->editor, NULL), 0);
	assert_string_equal(f->world->last_change, "split_by_person");
	assert_int_equal(count_lines(world_assets(f->world)), 2);
	assert_int_equal(f->n_rows, 2);
	assert_string_equal(f->rows[0].edit.kind, "merge");
	assert_string_equal(f->rows[1].edit.kind, "split");
	assert_string_equal(f->rows[1].edit.new_value, "0/00-80-F4-00-00-0B");
}

static void test_a_dry_run_does_nothing(void **state)
{
	struct fixture *f = *state;
	struct inventory *inventory = f->world->inventory;

	two_hosts(f);
	f->editor.keep = NULL;
	f->world->changes = 0;
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_OWNER, "eva"), 0);
	assert_int_equal(set(f, "10.0.0.1", IDENTITY_OWNER, ""), 1);
	assert_int_equal(
	    inventory_merge(inventory, find(f, "10.0.0.1"), find(f, "10.0.0.2"), &f->editor), 0);
	assert_int_equal(count_lines(world_assets(f->world)), 2);
	assert_says(f, "10.0.0.1", "weir.asset.owner", NULL);
	assert_int_equal(f->world->changes, 0);
}

static void test_who_is_meant(void **state)
{
	struct fixture *f = *state;
	struct problem problem = { "" };
	struct asset *asset = NULL, *other = NULL;
	char id[17];

	two_hosts(f);
	/* The same address in two VLANs: two machines of one kind. */
	world_arp(f->world, 7, (struct end) { "10.0.0.1", MAC_C }, "10.0.0.2");
	assert_int_equal(find_error(f, "10.0.0.1", &asset, &problem), -EEXIST);
	assert_non_null(strstr(problem.text, "'10.0.0.1' is not one asset: "));
	asset = find(f, MAC_C);
	assert_ptr_equal(find(f, "00-0E-8C-00-00-0C"), asset);
	assert_ptr_equal(find(f, asset_id(asset, id)), asset);
	other = find(f, MAC_A);
	assert_ptr_not_equal(other, asset);
	assert_int_equal(find_error(f, "10.9.9.9", &asset, NULL), -ENOENT);
	assert_int_equal(find_error(f, "0123456789abcdef", &asset, NULL), -ENOENT);
	assert_int_equal(find_error(f, "", &asset, NULL), -ENOENT);
	assert_int_equal(set(f, MAC_A, IDENTITY_GIVEN_NAME, "twin"), 0);
	assert_int_equal(set(f, MAC_B, IDENTITY_GIVEN_NAME, "Twin"), 0);
	assert_int_equal(find_error(f, "twin", &asset, NULL), -EEXIST);
}

static void test_serial_numbers(void **state)
{
	struct fixture *f = *state;
	struct attribute said = { .kind = IDENTITY_SERIAL_NUMBER,
				  .confidence = 90,
				  .itself = true,
				  .unit = UNIT_NONE,
				  .first = WORLD_START,
				  .last = WORLD_START,
				  .until = TIME_NONE,
				  .value = (char[]) { "S C-X4711" } };
	struct asset *asset = NULL;

	two_hosts(f);
	attribute_set(f->world->inventory, find(f, "10.0.0.2")->members, &said);
	(void)find(f, "10.0.0.2");
	assert_int_equal(asset_find_by_serial(f->finder, "s c-x4711", &asset, NULL), 0);
	assert_ptr_equal(asset, find(f, "10.0.0.2"));
	assert_int_equal(asset_find_by_serial(f->finder, "s c-x471", &asset, NULL), -ENOENT);
	assert_int_equal(asset_find_by_address(f->finder, "10.0.0.2", &asset, NULL), 0);
	assert_int_equal(asset_find_by_address(f->finder, "s c-x4711", &asset, NULL), -ENOENT);
}

static void test_values(void **state)
{
	struct problem problem = { "" };
	char text[300];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[256] = '\0';
	assert_int_equal(edit_check(IDENTITY_NOTE, text, NULL), 0);
	text[256] = 'x';
	text[257] = '\0';
	assert_int_equal(edit_check(IDENTITY_NOTE, text, NULL), -EINVAL);
	assert_int_equal(edit_check(IDENTITY_NOTE, "two\nlines", NULL), -EINVAL);
	assert_int_equal(edit_check(IDENTITY_CRITICALITY, "high", NULL), 0);
	assert_int_equal(edit_check(IDENTITY_CRITICALITY, "", NULL), 0);
	assert_int_equal(edit_check(IDENTITY_CRITICALITY, "huge", &problem), -EINVAL);
	assert_non_null(strstr(problem.text, "low, medium, high, critical"));
	assert_int_equal(edit_check(IDENTITY_LEVEL, "3.5", NULL), 0);
	assert_int_equal(edit_check(IDENTITY_LEVEL, "6", NULL), -EINVAL);
	assert_int_equal(edit_check(IDENTITY_VENDOR, "x", NULL), -EINVAL);
	assert_int_equal(edit_field("tag"), IDENTITY_ASSET_TAG);
	assert_int_equal(edit_field("vendor"), IDENTITIES);
	assert_string_equal(edit_field_name(IDENTITY_GIVEN_NAME), "name");
	assert_null(edit_field_name(IDENTITY_VENDOR));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_word_wins_and_is_taken_back),
		TEST(test_documents_name_the_source),
		TEST(test_a_word_follows_the_device),
		TEST(test_a_word_is_found_by_the_earlier_id),
		TEST(test_rows_give_it_all_back),
		TEST(test_merge_and_split),
		TEST(test_a_dry_run_does_nothing),
		TEST(test_who_is_meant),
		TEST(test_serial_numbers),
		TEST(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
