/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* iec62443_table.c - system requirements of IEC 62443-3-3:2013, and what an alert has to do with
 * each of them.  Ids and short titles are the standard's; the rest of its text is not here. */

#include "rules/iec62443.h"

#include <string.h>
#include <strings.h>

static const struct iec62443_requirement requirements[] = {
	{ "SR 1.1", "Human user identification and authentication", RELATION_SUPPORTING,
	  "a person acted without a login that the network shows" },
	{ "SR 1.2", "Software process and device identification and authentication",
	  RELATION_CHALLENGED, "a device or program acts that was not known to do so" },
	{ "SR 1.3", "Account management", RELATION_SUPPORTING,
	  "an account or identifier is used in an unusual way" },
	{ "SR 1.4", "Identifier management", RELATION_SUPPORTING,
	  "an identifier is used by more than one device" },
	{ "SR 1.5", "Authenticator management", RELATION_CHALLENGED,
	  "a password or key crossed the network, was weak or was guessed" },
	{ "SR 1.6", "Wireless access management", RELATION_SUPPORTING,
	  "a wireless device takes part in the network" },
	{ "SR 1.7", "Strength of password-based authentication", RELATION_SUPPORTING,
	  "a password that is easy to guess was tried or accepted" },
	{ "SR 1.8", "Public key infrastructure (PKI) certificates", RELATION_CHALLENGED,
	  "a certificate is missing, expired or not trusted" },
	{ "SR 1.9", "Strength of public key authentication", RELATION_CHALLENGED,
	  "a connection uses weak keys or algorithms" },
	{ "SR 1.10", "Authenticator feedback", RELATION_SUPPORTING,
	  "an answer to a login told more than it should" },
	{ "SR 1.11", "Unsuccessful login attempts", RELATION_CHALLENGED,
	  "logins failed again and again" },
	{ "SR 1.12", "System use notification", RELATION_SUPPORTING,
	  "a login page or banner was seen" },
	{ "SR 1.13", "Access via untrusted networks", RELATION_CHALLENGED,
	  "access came from an untrusted network" },
	{ "SR 2.1", "Authorization enforcement", RELATION_CHALLENGED,
	  "something was done that only few may do" },
	{ "SR 2.2", "Wireless use control", RELATION_SUPPORTING, "wireless use was seen" },
	{ "SR 2.3", "Use control for portable and mobile devices", RELATION_CHALLENGED,
	  "a portable or unknown device was connected" },
	{ "SR 2.4", "Mobile code", RELATION_CHALLENGED,
	  "a program or script was sent to a device" },
	{ "SR 2.5", "Session lock", RELATION_SUPPORTING, "a session stays open" },
	{ "SR 2.6", "Remote session termination", RELATION_CHALLENGED, "a remote session is open" },
	{ "SR 2.7", "Concurrent session control", RELATION_CHALLENGED,
	  "several sessions control one device at once" },
	{ "SR 2.8", "Auditable events", RELATION_DETECTED,
	  "the event is recorded here, outside of the device" },
	{ "SR 2.9", "Audit storage capacity", RELATION_DETECTED,
	  "the record of events itself is concerned" },
	{ "SR 2.10", "Response to audit processing failures", RELATION_DETECTED,
	  "the recording of events was disturbed, and that is told" },
	{ "SR 2.11", "Timestamps", RELATION_CHALLENGED,
	  "the clock that time stamps rely on was changed" },
	{ "SR 2.12", "Non-repudiation", RELATION_SUPPORTING,
	  "the record tells who did it, as far as the network shows" },
	{ "SR 3.1", "Communication integrity", RELATION_CHALLENGED,
	  "traffic may have been forged, redirected or replayed" },
	{ "SR 3.2", "Malicious code protection", RELATION_CHALLENGED,
	  "malicious code may have been carried" },
	{ "SR 3.3", "Security functionality verification", RELATION_SUPPORTING,
	  "a security function did not work as expected" },
	{ "SR 3.4", "Software and information integrity", RELATION_CHALLENGED,
	  "program, firmware or configuration of a device was changed" },
	{ "SR 3.5", "Input validation", RELATION_CHALLENGED,
	  "a device was sent what its protocol does not allow" },
	{ "SR 3.6", "Deterministic output", RELATION_SUPPORTING,
	  "an output was forced or fell to a fixed state" },
	{ "SR 3.7", "Error handling", RELATION_SUPPORTING, "a device answered with errors" },
	{ "SR 3.8", "Session integrity", RELATION_CHALLENGED,
	  "a session was disturbed or taken over" },
	{ "SR 3.9", "Protection of audit information", RELATION_CHALLENGED,
	  "a log or counter that tells of events was cleared" },
	{ "SR 4.1", "Information confidentiality", RELATION_CHALLENGED,
	  "data that should stay in was read out" },
	{ "SR 4.2", "Information persistence", RELATION_SUPPORTING,
	  "data stays behind on a device" },
	{ "SR 4.3", "Use of cryptography", RELATION_CHALLENGED,
	  "a connection is not protected, or only weakly" },
	{ "SR 5.1", "Network segmentation", RELATION_CHALLENGED,
	  "traffic crossed between parts of the network" },
	{ "SR 5.2", "Zone boundary protection", RELATION_CHALLENGED,
	  "traffic crossed a boundary that no rule allows" },
	{ "SR 5.3", "General purpose person-to-person communication restrictions",
	  RELATION_CHALLENGED, "communication between persons was seen in the control network" },
	{ "SR 5.4", "Application partitioning", RELATION_SUPPORTING,
	  "one device serves parts that should be apart" },
	{ "SR 6.1", "Audit log accessibility", RELATION_DETECTED,
	  "the record can be read by those who need it" },
	{ "SR 6.2", "Continuous monitoring", RELATION_DETECTED,
	  "it was found because the network is monitored all the time" },
	{ "SR 7.1", "Denial of service protection", RELATION_CHALLENGED,
	  "a device was stopped, restarted or flooded" },
	{ "SR 7.2", "Resource management", RELATION_SUPPORTING,
	  "a device was busy beyond what it can do" },
	{ "SR 7.3", "Control system backup", RELATION_SUPPORTING,
	  "a backup was made, or is missing" },
	{ "SR 7.4", "Control system recovery and reconstitution", RELATION_SUPPORTING,
	  "a device was put back or started again" },
	{ "SR 7.5", "Emergency power", RELATION_SUPPORTING, "a device lost power or came back" },
	{ "SR 7.6", "Network and security configuration settings", RELATION_CHALLENGED,
	  "settings of the network or of security were changed" },
	{ "SR 7.7", "Least functionality", RELATION_CHALLENGED,
	  "a function was used that is not needed in operation" },
	{ "SR 7.8", "Control system component inventory", RELATION_DETECTED,
	  "the inventory was found to have changed" },
};

static const char *const relations[] = {
	[RELATION_CHALLENGED] = "challenged",
	[RELATION_DETECTED] = "detected",
	[RELATION_SUPPORTING] = "supporting",
};

const struct iec62443_requirement *iec62443_requirement(const char *tag)
{
	for (size_t i = 0; i < ARRAY_SIZE(requirements); i++) {
		const char *number = requirements[i].id + strlen("SR ");

		if (strncasecmp(tag, "sr-", 3) == 0 && strcmp(tag + 3, number) == 0) {
			return &requirements[i];
		}
	}
	return NULL;
}

const char *iec62443_relation(const struct iec62443_requirement *requirement)
{
	return relations[requirement->relation];
}
