/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "cli/evidence_request.h"

#include "capture/base/write_whole.h"
#include "cli/evidence_files.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (INT32_MAX / 2)

/* ---- the answer ---- */

/* The row is durable before anything is handed out. */
static int note_reading(const struct request_place *place, const char *alert)
{
	struct store *store = analysis_store(place->analysis);
	struct buffer line = { 0 };
	struct json json = json_to(&line);
	int error;

	if (store == NULL) {
		return 0;
	}
	json_object(&json, NULL);
	json_time(&json, "@timestamp", place->time);
	json_object(&json, "event");
	json_text(&json, "action", "evidence-read");
	json_end(&json);
	json_object(&json, "weir");
	json_object(&json, "alert");
	json_text(&json, "id", alert);
	json_text(&json, "by", place->user);
	json_end(&json);
	json_end(&json);
	json_end(&json);
	error = line.failed
		    ? -ENOMEM
		    : store_journal(store, "evidence", place->time, alert, line.data, line.length);
	buffer_free(&line);
	return error == 0 ? store_flush(store) : error;
}

/* NULL: too long, or no memory. */
static char *to_base64(const struct buffer *file)
{
	char *text = file->length < FILE_MAX ? malloc(file->length / 3 * 4 + 8) : NULL;

	if (text != NULL) {
		(void)EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)file->data,
				      (int)file->length);
	}
	return text;
}

void evidence_answer(const struct request_place *place, const struct tree *request,
		     struct json *json)
{
	const char *alert = tree_text(request, "alert");
	struct buffer file = { 0 };
	struct problem problem = { "" };
	char *text = NULL;
	int error;

	if (place->evidence == NULL || place->evidence[0] == '\0') {
		json_text(json, "error", "no packets of alerts are kept (evidence.folder)");
		return;
	}
	error = evidence_file_read(place->evidence, alert != NULL ? alert : "", &file, &problem);
	if (error == 0 && (text = to_base64(&file)) == NULL) {
		error = problem_set(&problem, -ENOMEM, "out of memory");
	}
	if (error == 0 && (error = note_reading(place, alert)) < 0) {
		problem_set(&problem, error, "the reading cannot be noted in the journal: %s",
			    strerror(-error));
	}
	if (error == 0) {
		json_text(json, "data", text);
	} else {
		json_text(json, "error", problem.text);
	}
	json_bool(json, "stored", error == 0 && analysis_store(place->analysis) != NULL);
	free(text);
	buffer_free(&file);
}

/* ---- the question ---- */

/* The bytes that a base64 text stands for; their number, or -EPROTO. */
static ssize_t from_base64(const char *text, unsigned char *out)
{
	size_t length = strlen(text), padding = 0;
	int n =
	    length < FILE_MAX ? EVP_DecodeBlock(out, (const unsigned char *)text, (int)length) : -1;

	while (padding < 2 && padding < length && text[length - 1 - padding] == '=') {
		padding++;
	}
	return n < (int)padding ? -EPROTO : n - (ssize_t)padding;
}

static int write_file(const char *path, const unsigned char *bytes, size_t n,
		      struct problem *problem)
{
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error = descriptor < 0 ? -errno : write_whole(descriptor, bytes, n);

	if (descriptor >= 0) {
		error = close(descriptor) < 0 && error == 0 ? -errno : error;
		if (error < 0) {
			(void)unlink(path);
		}
	}
	return error == 0
		   ? 0
		   : problem_set(problem, error, "cannot write %s: %s", path, strerror(-error));
}

static int answer_write(const struct tree *answer, const char *path, uint64_t *bytes,
			struct problem *problem)
{
	const char *text = tree_text(answer, "data"), *wrong = tree_text(answer, "error");
	unsigned char *file = text != NULL ? malloc(strlen(text) + 4) : NULL;
	ssize_t n = file != NULL ? from_base64(text, file) : -EPROTO;
	int error;

	if (wrong != NULL) {
		error =
		    problem_set(problem, -ENODATA, "%s (-r CAPTURE takes them from there)", wrong);
	} else if (n < 0) {
		error = problem_set(problem, -EPROTO, "the sensor's answer makes no sense");
	} else {
		error = write_file(path, file, (size_t)n, problem);
		*bytes = (uint64_t)n;
	}
	free(file);
	return error;
}

int evidence_fetch(const struct channel_values *from, const char *alert, const char *path,
		   uint64_t *bytes, struct problem *problem)
{
	struct buffer request = { 0 }, answer = { 0 };
	struct json json = json_to(&request);
	struct channel *channel = NULL;
	struct tree *tree = NULL;
	int error = channel_open(&channel, from, problem), closed;

	json_object(&json, NULL);
	json_text(&json, "command", "evidence");
	json_text(&json, "alert", alert);
	json_end(&json);
	if (error == 0) {
		error = request.failed
			    ? problem_set(problem, -ENOMEM, "out of memory")
			    : channel_ask(channel, request.data, request.length, &answer, problem);
	}
	if (error == 0 && tree_read(&tree, answer.data, answer.length) < 0) {
		error = problem_set(problem, -EPROTO, "the sensor's answer makes no sense");
	}
	if (error == 0) {
		error = answer_write(tree, path, bytes, problem);
	}
	tree_free(tree);
	buffer_free(&request);
	buffer_free(&answer);
	closed = channel_close(channel, problem);
	return error < 0 ? error : closed;
}
