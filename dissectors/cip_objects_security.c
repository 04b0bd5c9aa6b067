/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* Objects that protect: Safety Supervisor and Safety Validator (CIP Volume 5), CIP Security,
 * EtherNet/IP Security and Certificate Management (Volume 8).  Their requests carry passwords and
 * keys: of those only the length is kept. */

#include "dissectors/cip_private.h"

/* ---- safety ---- */

/* Data that may hold a password (16 bytes) or a key. */
static const char *ask_secret(struct dissection *d, const struct cip_request *request,
			      struct cursor *data)
{
	(void)request;
	record_put_bool(d->writer, PUT(SECRET), true);
	record_put_uint(d->writer, PUT(SECRET_BYTES), cur_left(data));
	cur_skip(data, cur_left(data));
	return NULL;
}

static const char *ask_reset(struct dissection *d, const struct cip_request *request,
			     struct cursor *data)
{
	record_put_uint(d->writer, PUT(SAFETY_RESET), cur_u8(data));
	return cur_ok(data) ? ask_secret(d, request, data) : "length";
}

static const char *ask_mode(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	record_put_uint(d->writer, PUT(SAFETY_MODE), cur_u8(data));
	return cur_ok(data) ? ask_secret(d, request, data) : "length";
}

static const char *ask_lock(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	record_put_bool(d->writer, PUT(SAFETY_LOCK), cur_u8(data) != 0);
	return cur_ok(data) ? ask_secret(d, request, data) : "length";
}

/* Target UNID: network number 6 and node 4. */
static const char *ask_unid(struct dissection *d, const struct cip_request *request,
			    struct cursor *data)
{
	(void)request;
	record_put_bytes(d->writer, PUT(SAFETY_NETWORK), cur_sub(data, 6));
	record_put_uint(d->writer, PUT(SAFETY_NODE), cur_le32(data));
	return cur_ok(data) ? NULL : "length";
}

static const struct cip_service supervisor_services[] = {
	{ .code = 0x05, .name = "reset", .operation = OPERATION_RESTART, .ask = ask_secret },
	{ .code = 0x4c, .name = "recover", .operation = OPERATION_CONTROL },
	{ .code = 0x4e, .name = "perform_diagnostics", .operation = OPERATION_DIAGNOSE },
	{ .code = 0x4f,
	  .name = "configure_request",
	  .operation = OPERATION_CONFIG_WRITE,
	  .ask = ask_secret },
	{ .code = 0x50, .name = "validate_configuration", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x51,
	  .name = "set_password",
	  .operation = OPERATION_CONFIG_WRITE,
	  .ask = ask_secret },
	{ .code = 0x52,
	  .name = "configuration_lock",
	  .operation = OPERATION_CONFIG_WRITE,
	  .ask = ask_lock },
	{ .code = 0x53,
	  .name = "mode_change",
	  .operation = OPERATION_MODE_CHANGE,
	  .ask = ask_mode },
	{ .code = 0x54,
	  .name = "safety_reset",
	  .operation = OPERATION_MEMORY_RESET,
	  .ask = ask_reset },
	{ .code = 0x55,
	  .name = "reset_password",
	  .operation = OPERATION_CONFIG_WRITE,
	  .ask = ask_secret },
	{ .code = 0x56,
	  .name = "propose_tunid",
	  .operation = OPERATION_CONFIG_WRITE,
	  .ask = ask_unid },
	{ .code = 0x57,
	  .name = "apply_tunid",
	  .operation = OPERATION_CONFIG_WRITE,
	  .ask = ask_unid },
	{ .code = 0x58, .name = "propose_tunid_list", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x59, .name = "apply_tunid_list", .operation = OPERATION_CONFIG_WRITE },
};

static const struct cip_attribute supervisor_attributes[] = {
	{ .id = 11, .name = "device_status", .type = CIP_USINT, .field = PUT(SAFETY_STATUS) },
	{ .id = 12, .name = "exception_status", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 15, .name = "alarm_enable", .type = CIP_BOOL, .field = CIP_NO_FIELD },
	{ .id = 16, .name = "warning_enable", .type = CIP_BOOL, .field = CIP_NO_FIELD },
	{ .id = 25, .name = "configuration_unid", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 27, .name = "target_unid", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 28,
	  .name = "output_connection_point_owners",
	  .type = CIP_REST,
	  .field = CIP_NO_FIELD },
};

const struct cip_object cip_object_safety_supervisor = {
	.class = 0x39,
	.name = "safety_supervisor",
	.services = supervisor_services,
	.n_services = ARRAY_SIZE(supervisor_services),
	.attributes = supervisor_attributes,
	.n_attributes = ARRAY_SIZE(supervisor_attributes),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

static const struct cip_service validator_services[] = {
	{ .code = 0x4b, .name = "reset_errors", .operation = OPERATION_CONTROL },
};

const struct cip_object cip_object_safety_validator = {
	.class = 0x3a,
	.name = "safety_validator",
	.services = validator_services,
	.n_services = ARRAY_SIZE(validator_services),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

/* ---- security ---- */

static const char *put_security_state(struct dissection *d, struct cursor *value)
{
	static const char *const states[] = { "factory_default", "configuration_in_progress",
					      "configured", "incomplete" };
	uint8_t state = cur_u8(value);

	if (!cur_ok(value)) {
		return "attribute_length";
	}
	record_put_static(d->writer, PUT(SECURITY_STATE),
			  state < ARRAY_SIZE(states) ? states[state] : NULL);
	return NULL;
}

/* Keys: a list whose end is that of the value. */
static const char *put_keys(struct dissection *d, struct cursor *value)
{
	return ask_secret(d, NULL, value);
}

static const struct cip_attribute security_attributes[] = {
	{ .id = 1, .name = "state", .put = put_security_state },
	{ .id = 2, .name = "security_profiles", .type = CIP_UINT, .field = PUT(SECURITY_PROFILES) },
	{ .id = 3,
	  .name = "security_profiles_configured",
	  .type = CIP_UINT,
	  .field = PUT(SECURITY_PROFILES_SET) },
};

static const uint16_t security_all[] = { 1, 2, 3 };

static const struct cip_service security_services[] = {
	{ .code = 0x05, .name = "reset", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4b, .name = "begin_configuration", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4c, .name = "kick_timer", .operation = OPERATION_SESSION },
	{ .code = 0x4d, .name = "end_configuration", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4e, .name = "object_cleanup", .operation = OPERATION_CONFIG_WRITE },
};

const struct cip_object cip_object_cip_security = {
	.class = 0x5d,
	.name = "cip_security",
	.services = security_services,
	.n_services = ARRAY_SIZE(security_services),
	.attributes = security_attributes,
	.n_attributes = ARRAY_SIZE(security_attributes),
	.all = security_all,
	.n_all = ARRAY_SIZE(security_all),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

static const struct cip_attribute enip_security_attributes[] = {
	{ .id = 1, .name = "state", .put = put_security_state },
	{ .id = 2, .name = "capability_flags", .type = CIP_UDINT, .field = CIP_NO_FIELD },
	{ .id = 3, .name = "available_cipher_suites", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 4, .name = "allowed_cipher_suites", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 5, .name = "pre_shared_keys", .put = put_keys },
	{ .id = 6, .name = "active_device_certificates", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 7, .name = "trusted_authorities", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 8, .name = "certificate_revocation_list", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 9, .name = "verify_client_certificate", .type = CIP_BOOL, .field = CIP_NO_FIELD },
	{ .id = 10, .name = "send_certificate_chain", .type = CIP_BOOL, .field = CIP_NO_FIELD },
	{ .id = 11, .name = "check_expiration", .type = CIP_BOOL, .field = CIP_NO_FIELD },
};

static const struct cip_service enip_security_services[] = {
	{ .code = 0x05, .name = "reset", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4b, .name = "begin_configuration", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4c, .name = "kick_timer", .operation = OPERATION_SESSION },
	{ .code = 0x4d, .name = "apply_configuration", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4e, .name = "abort_configuration", .operation = OPERATION_CONFIG_WRITE },
};

const struct cip_object cip_object_enip_security = {
	.class = 0x5e,
	.name = "ethernet_ip_security",
	.services = enip_security_services,
	.n_services = ARRAY_SIZE(enip_security_services),
	.attributes = enip_security_attributes,
	.n_attributes = ARRAY_SIZE(enip_security_attributes),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};

static const struct cip_attribute certificate_attributes[] = {
	{ .id = 1, .name = "name", .type = CIP_SHORT_STRING, .field = CIP_NO_FIELD },
	{ .id = 2, .name = "state", .type = CIP_USINT, .field = CIP_NO_FIELD },
	{ .id = 3, .name = "device_certificate", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 4, .name = "ca_certificate", .type = CIP_REST, .field = CIP_NO_FIELD },
	{ .id = 5, .name = "encoding", .type = CIP_USINT, .field = CIP_NO_FIELD },
};

static const struct cip_service certificate_services[] = {
	{ .code = 0x08, .name = "create", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x09, .name = "delete", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4b, .name = "create_csr", .operation = OPERATION_CONFIG_WRITE },
	{ .code = 0x4c, .name = "verify_certificate", .operation = OPERATION_CONFIG_WRITE },
};

const struct cip_object cip_object_certificates = {
	.class = 0x5f,
	.name = "certificate_management",
	.services = certificate_services,
	.n_services = ARRAY_SIZE(certificate_services),
	.attributes = certificate_attributes,
	.n_attributes = ARRAY_SIZE(certificate_attributes),
	.get = OPERATION_DIAGNOSE,
	.set = OPERATION_CONFIG_WRITE,
};
