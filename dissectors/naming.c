/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "dissectors/naming.h"

#include "dissectors/naming_api.h"

#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define NAME_SIZE 48

struct naming {
	ndpi_module *module;
	size_t n_flows;
	uint64_t refused;
	char (*names)[NAME_SIZE]; /* lower-case protocol names, by nDPI's id; made when needed */
	size_t n_names;
};

/* nDPI owns this memory's layout: it is a struct ndpi_flow_struct. */
struct naming_flow {
	struct ndpi_flow_struct state;
};

/* Making a module sets up what nDPI, and libgcrypt below it, have once a process; two threads that
 * do so at once abort.  The lock stands for that state of theirs, so it belongs to no object here.
 */
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static ndpi_module *new_module(void)
{
	ndpi_module *module;

	pthread_mutex_lock(&making);
	module = naming_api_module();
	if (module != NULL) {
		naming_api_enable_all(module);
		ndpi_finalize_initialization(module);
	}
	pthread_mutex_unlock(&making);
	return module;
}

int naming_new(struct naming **out)
{
	struct naming *naming = calloc(1, sizeof(*naming));

	if (naming == NULL) {
		return -ENOMEM;
	}
	naming->module = new_module();
	if (naming->module == NULL) {
		free(naming);
		return -ENOMEM;
	}
	naming->n_names = ndpi_get_ndpi_num_supported_protocols(naming->module);
	naming->names = calloc(naming->n_names, sizeof(*naming->names));
	if (naming->names == NULL) {
		naming_free(naming);
		return -ENOMEM;
	}
	*out = naming;
	return 0;
}

struct naming *naming_free(struct naming *naming)
{
	if (naming != NULL) {
		ndpi_exit_detection_module(naming->module);
		free(naming->names);
		free(naming);
	}
	return NULL;
}

/* Lower-case name of a protocol id; NULL for "unknown". */
static const char *lower_name(struct naming *naming, uint16_t id)
{
	char *name;
	const char *from;

	if (id == NDPI_PROTOCOL_UNKNOWN || id >= naming->n_names) {
		return NULL;
	}
	name = naming->names[id];
	if (name[0] == '\0') {
		from = ndpi_get_proto_name(naming->module, id);
		for (size_t i = 0; i < NAME_SIZE - 1 && from[i] != '\0'; i++) {
			name[i] = (char)tolower((unsigned char)from[i]);
		}
	}
	return name;
}

static void conclude(struct naming *naming, struct naming_flow **flow, ndpi_protocol found,
		     struct naming_verdict *verdict)
{
	uint16_t master = naming_api_master(found), application = naming_api_application(found);

	*verdict = (struct naming_verdict) { .risks = (*flow)->state.risk };
	verdict->protocol =
	    lower_name(naming, master != NDPI_PROTOCOL_UNKNOWN ? master : application);
	if (master != NDPI_PROTOCOL_UNKNOWN && application != master) {
		verdict->application = lower_name(naming, application);
	}
	if (verdict->protocol != NULL) {
		verdict->category = ndpi_category_get_name(naming->module, found.category);
	}
	ndpi_free_flow_data(&(*flow)->state);
	free(*flow);
	*flow = NULL;
	naming->n_flows--;
}

bool naming_packet(struct naming *naming, struct naming_flow **flow, struct cursor network,
		   int64_t time, bool last, struct naming_verdict *verdict)
{
	size_t n = size_min(cur_left(&network), UINT16_MAX);
	ndpi_protocol found;

	if (*flow == NULL) {
		*verdict = (struct naming_verdict) { .protocol = NULL };
		if (naming->n_flows >= NAMING_FLOWS_MAX) {
			naming->refused++;
			return true;
		}
		*flow = calloc(1, sizeof(**flow));
		if (*flow == NULL) {
			naming->refused++;
			return true;
		}
		naming->n_flows++;
	}
	found = naming_api_packet(naming->module, &(*flow)->state, cur_sub(&network, n).p,
				  (uint16_t)n, (uint64_t)(time / NS_PER_MS));
	if (naming_api_application(found) == NDPI_PROTOCOL_UNKNOWN && !last) {
		return false;
	}
	if (naming_api_application(found) == NDPI_PROTOCOL_UNKNOWN) {
		found = naming_api_give_up(naming->module, &(*flow)->state);
	}
	conclude(naming, flow, found, verdict);
	return true;
}

void naming_end(struct naming *naming, struct naming_flow **flow, struct naming_verdict *verdict)
{
	if (*flow != NULL) {
		conclude(naming, flow, naming_api_give_up(naming->module, &(*flow)->state),
			 verdict);
	}
}

size_t naming_risks(uint64_t risks, const char *names[NAMING_RISKS_MAX])
{
	size_t n = 0;

	for (unsigned bit = 0; bit < NDPI_MAX_RISK && n < NAMING_RISKS_MAX; bit++) {
		if ((risks >> bit & 1) != 0) {
			names[n++] = ndpi_risk2str((ndpi_risk_enum)bit);
		}
	}
	return n;
}

uint64_t naming_refused(const struct naming *naming)
{
	return naming != NULL ? naming->refused : 0;
}
