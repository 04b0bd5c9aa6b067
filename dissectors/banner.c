/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/banner.h"

#include "dissectors/text.h"

void banner_begin(struct dissection *d, const char *function)
{
	struct record *record;

	if (d->from_client) {
		banner_beside(d, 0, function);
		return;
	}
	record = dissect_record(d, RECORD_TRANSACTION, OPERATION_SESSION);
	record->phase = PHASE_COMPLETE;
	record->outcome = OUTCOME_SUCCESS;
	record_put_static(d->writer, CORE_FUNCTION, function);
	dissect_about_sender(d, false);
}

void banner_beside(struct dissection *d, uint64_t record, const char *function)
{
	transaction_resume(d, record);
	dissect_record(d, RECORD_ITEM, OPERATION_IDENTIFY)->phase = PHASE_COMPLETE;
	record_put_static(d->writer, CORE_FUNCTION, function);
	dissect_about_sender(d, false);
}

/* The first that is found: a distribution says more than its kernel. */
static const struct {
	const char *word, *system;
} systems[] = {
	{ "ubuntu", "Ubuntu" },     { "raspbian", "Raspbian" },   { "debian", "Debian" },
	{ "centos", "CentOS" },     { "red hat", "Red Hat" },     { "rhel", "Red Hat" },
	{ "fedora", "Fedora" },     { "opensuse", "openSUSE" },   { "suse", "SUSE" },
	{ "openwrt", "OpenWrt" },   { "freebsd", "FreeBSD" },     { "openbsd", "OpenBSD" },
	{ "netbsd", "NetBSD" },     { "vxworks", "VxWorks" },     { "wind river", "VxWorks" },
	{ "qnx", "QNX" },           { "windows", "Windows" },     { "win32", "Windows" },
	{ "win64", "Windows" },     { "microsoft", "Windows" },   { "sunos", "Solaris" },
	{ "solaris", "Solaris" },   { "freertos", "FreeRTOS" },   { "nucleus rtos", "Nucleus" },
	{ "routeros", "RouterOS" }, { "cisco ios", "Cisco IOS" }, { "linux", "Linux" },
};

const char *banner_system(struct cursor text)
{
	for (size_t i = 0; i < ARRAY_SIZE(systems); i++) {
		if (text_find(text, systems[i].word) != TEXT_NOT_FOUND) {
			return systems[i].system;
		}
	}
	return NULL;
}

void banner_put_system(struct dissection *d, uint16_t field, struct cursor text)
{
	const char *system = banner_system(text);

	if (system != NULL) {
		record_put_static(d->writer, field, system);
	}
}

bool banner_put(struct dissection *d, uint16_t field, struct cursor text)
{
	struct cursor trimmed = text_trim(text);

	if (!text_printable(trimmed)) {
		return false;
	}
	record_put_bytes(d->writer, field, trimmed);
	return true;
}

static bool is_host_name(struct cursor name)
{
	if (cur_left(&name) == 0 || text_is_address(name) || text_is(name, "localhost")) {
		return false;
	}
	while (cur_left(&name) > 0) {
		uint8_t c = cur_u8(&name), low = (uint8_t)(c | 0x20);

		if (!(low >= 'a' && low <= 'z') && !(c >= '0' && c <= '9') && c != '-' &&
		    c != '.' && c != '_') {
			return false;
		}
	}
	return true;
}

void banner_put_name(struct dissection *d, uint16_t full, uint16_t host, struct cursor name)
{
	if (is_host_name(name)) {
		bool dotted = text_find(name, ".") != TEXT_NOT_FOUND;

		record_put_bytes(d->writer, dotted ? full : host, name);
	}
}
