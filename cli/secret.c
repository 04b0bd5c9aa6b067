/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int secret_read(char out[SECRET_MAX], const char *path, struct problem *problem)
{
	static const char space[] = " \t\r\n";
	char line[SECRET_MAX];
	const char *begin;
	size_t length;
	bool read, whole;
	FILE *file;

	out[0] = '\0';
	if (path[0] == '\0') {
		return 0;
	}
	file = fopen(path, "re");
	if (file == NULL) {
		return problem_set(problem, -errno, "%s: %s", path, strerror(errno));
	}
	read = fgets(line, sizeof(line), file) != NULL;
	whole = read && (strchr(line, '\n') != NULL || getc(file) == EOF);
	fclose(file);
	begin = read ? line + strspn(line, space) : "";
	length = strlen(begin);
	while (length > 0 && strchr(space, begin[length - 1]) != NULL) {
		length--;
	}
	if (!whole || length == 0) {
		return problem_set(problem, -EINVAL,
				   "%s: wants one line with the secret, shorter than %d bytes",
				   path, SECRET_MAX);
	}
	memcpy(out, begin, length);
	out[length] = '\0';
	return 0;
}
