/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* naming_api.h - the calls of nDPI that changed their form, as one form.  Debian 12 and 13 have
 * 4.2.  From 4.6 on a packet comes with an optional hint; from 4.10 on the module takes a global
 * context; from 5.0 on protocols need not be enabled and a give-up has no guess parameters. */

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <ndpi_api.h>
#pragma GCC diagnostic pop

#define NDPI_AT_LEAST(major, minor) \
	(NDPI_MAJOR > (major) || (NDPI_MAJOR == (major) && NDPI_MINOR >= (minor)))

typedef struct ndpi_detection_module_struct ndpi_module;

#if NDPI_AT_LEAST(4, 10)
static inline ndpi_module *naming_api_module(void)
{
	return ndpi_init_detection_module(NULL);
}
#else
static inline ndpi_module *naming_api_module(void)
{
	return ndpi_init_detection_module(ndpi_no_prefs);
}
#endif

#if NDPI_AT_LEAST(5, 0)
static inline void naming_api_enable_all(ndpi_module *module)
{
	(void)module;
}

static inline ndpi_protocol naming_api_give_up(ndpi_module *module, struct ndpi_flow_struct *flow)
{
	return ndpi_detection_giveup(module, flow);
}

static inline uint16_t naming_api_master(ndpi_protocol p)
{
	return p.proto.master_protocol;
}

static inline uint16_t naming_api_application(ndpi_protocol p)
{
	return p.proto.app_protocol;
}
#else
static inline void naming_api_enable_all(ndpi_module *module)
{
	NDPI_PROTOCOL_BITMASK all;

	NDPI_BITMASK_SET_ALL(all);
	ndpi_set_protocol_detection_bitmask2(module, &all);
}

static inline ndpi_protocol naming_api_give_up(ndpi_module *module, struct ndpi_flow_struct *flow)
{
	u_int8_t guessed = 0;

	return ndpi_detection_giveup(module, flow, 1, &guessed);
}

static inline uint16_t naming_api_master(ndpi_protocol p)
{
	return p.master_protocol;
}

static inline uint16_t naming_api_application(ndpi_protocol p)
{
	return p.app_protocol;
}
#endif

#if NDPI_AT_LEAST(4, 6)
static inline ndpi_protocol naming_api_packet(ndpi_module *module, struct ndpi_flow_struct *flow,
					      const uint8_t *bytes, uint16_t length, uint64_t ms)
{
	return ndpi_detection_process_packet(module, flow, bytes, length, ms, NULL);
}
#else
static inline ndpi_protocol naming_api_packet(ndpi_module *module, struct ndpi_flow_struct *flow,
					      const uint8_t *bytes, uint16_t length, uint64_t ms)
{
	return ndpi_detection_process_packet(module, flow, bytes, length, ms);
}
#endif
