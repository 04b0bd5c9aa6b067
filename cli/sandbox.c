/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* sandbox.c - privileges.  The system-call filter is sandbox_filter.c. */

#include "cli/sandbox.h"

#include "cli/sandbox_filter.h"

#include <cap-ng.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct identity {
	uid_t uid;
	gid_t gid;
	char name[64];
};

static int find_user(struct identity *out, const char *name, struct problem *problem)
{
	char buffer[16384];
	struct passwd entry, *found = NULL;

	if (strlen(name) >= sizeof(out->name)) {
		return problem_set(problem, -ENOENT, "there is no user %s", name);
	}
	int r = getpwnam_r(name, &entry, buffer, sizeof(buffer), &found);
	if (found == NULL) {
		return problem_set(problem, r == 0 ? -ENOENT : -r, "there is no user %s", name);
	}
	out->uid = entry.pw_uid;
	out->gid = entry.pw_gid;
	memcpy(out->name, name, strlen(name) + 1);
	return 0;
}

/* glibc makes each of the calls in every thread. */
static int become(const struct identity *user, struct problem *problem)
{
	if (initgroups(user->name, user->gid) != 0 ||
	    setresgid(user->gid, user->gid, user->gid) != 0 ||
	    setresuid(user->uid, user->uid, user->uid) != 0) {
		return problem_set(problem, -errno, "cannot become user %s: %s", user->name,
				   strerror(errno));
	}
	if (user->uid != 0 && setuid(0) == 0) {
		return problem_set(problem, -EPERM, "root came back after becoming user %s",
				   user->name);
	}
	return 0;
}

static int drop_root(const struct sandbox_options *options, struct problem *problem)
{
	struct identity user = { .name = "" };
	const char *name = options->user != NULL ? options->user : "nobody";

	if (options->keep_root || (geteuid() != 0 && options->user == NULL)) {
		return 0;
	}
	int r = find_user(&user, name, problem);
	if (r < 0) {
		return r;
	}
	if (geteuid() != 0) {
		return user.uid == geteuid()
			   ? 0
			   : problem_set(problem, -EPERM,
					 "cannot become user %s: started neither as root nor as "
					 "that user",
					 name);
	}
	log_info(options->log, "becoming user %s", name);
	return become(&user, problem);
}

static int drop_bounding_set(struct problem *problem)
{
	capng_get_caps_process();
	if (!capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP)) {
		return 0; /* not ours to change; without new privileges it has no effect */
	}
	capng_clear(CAPNG_SELECT_BOUNDS);
	return capng_apply(CAPNG_SELECT_BOUNDS) == 0
		   ? 0
		   : problem_set(problem, -EPERM, "cannot clear the capability bounding set");
}

static int drop_capabilities(struct problem *problem)
{
	capng_get_caps_process();
	capng_clear(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT);
	if (capng_apply(CAPNG_SELECT_CAPS | CAPNG_SELECT_AMBIENT) != 0 ||
	    capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE) {
		return problem_set(problem, -EPERM, "cannot drop capabilities");
	}
	return 0;
}

/* True when the status of this thread shows a permitted capability. */
static bool thread_has_capabilities(const char *thread)
{
	char path[64], line[256];
	bool found = false;

	snprintf(path, sizeof(path), "/proc/self/task/%.20s/status", thread);
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		return false; /* it has ended */
	}
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "CapPrm:", 7) == 0) {
			found = strtoull(line + 7, NULL, 16) != 0;
		}
	}
	fclose(file);
	return found;
}

static int check_threads(struct problem *problem)
{
	DIR *threads = opendir("/proc/self/task");
	bool found = false;

	if (threads == NULL) {
		return problem_set(problem, -errno, "cannot read /proc/self/task: %s",
				   strerror(errno));
	}
	for (const struct dirent *d = readdir(threads); d != NULL; d = readdir(threads)) {
		found = found || (d->d_name[0] != '.' && thread_has_capabilities(d->d_name));
	}
	closedir(threads);
	return found ? problem_set(problem, -EBUSY, "another thread keeps capabilities") : 0;
}

static int forbid_new_privileges(struct problem *problem)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
		   ? 0
		   : problem_set(problem, -errno, "cannot forbid new privileges: %s",
				 strerror(errno));
}

int sandbox_enter(const struct sandbox_options *options, struct problem *problem)
{
	int r = drop_bounding_set(problem);

	r = r < 0 ? r : drop_root(options, problem);
	r = r < 0 ? r : drop_capabilities(problem);
	r = r < 0 ? r : check_threads(problem);
	r = r < 0 ? r : forbid_new_privileges(problem);
	if (r < 0) {
		return r;
	}
	/* Other processes of the same user cannot take descriptors out of this one. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
		return problem_set(problem, -errno, "cannot close the process to debuggers: %s",
				   strerror(errno));
	}
	return sandbox_filter_live(options, problem);
}

int sandbox_offline(struct problem *problem)
{
	int r = forbid_new_privileges(problem);

	return r < 0 ? r : sandbox_filter_offline(problem);
}
