/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/person.h"

#include <pwd.h>
#include <stdio.h>

const char *person_name(uid_t uid, char out[PERSON_NAME_SIZE])
{
	struct passwd entry, *found = NULL;
	char texts[2048];

	if (getpwuid_r(uid, &entry, texts, sizeof(texts), &found) == 0 && found != NULL &&
	    found->pw_name[0] != '\0') {
		snprintf(out, PERSON_NAME_SIZE, "%s", found->pw_name);
	} else {
		snprintf(out, PERSON_NAME_SIZE, "uid %u", (unsigned)uid);
	}
	return out;
}
