/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "store/http_client.h"

#include "capture/base/buffer.h"
#include "capture/base/time.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define CONNECT_SECONDS 10L
#define STALL_SECONDS   20L
#define WHOLE_SECONDS   60L
#define GZIP_LEVEL      1
#define GZIP_WINDOW     (15 + 16) /* the largest, with gzip's header (zlib's manual) */

struct http_client {
	CURL *curl;
	char *authorization; /* header */
	bool compress, deflates;
	z_stream deflate;
	struct buffer packed, answer;
	char error[CURL_ERROR_SIZE];
};

/* What libcurl ended with, as an errno that says about the same; all others are EIO. */
static const struct {
	CURLcode code;
	int error;
} errors[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, EHOSTUNREACH },
	{ CURLE_COULDNT_CONNECT, ECONNREFUSED },
	{ CURLE_OPERATION_TIMEDOUT, ETIMEDOUT },
	{ CURLE_OUT_OF_MEMORY, ENOMEM },
	{ CURLE_SEND_ERROR, ECONNRESET },
	{ CURLE_RECV_ERROR, ECONNRESET },
	{ CURLE_GOT_NOTHING, ECONNRESET },
	{ CURLE_PARTIAL_FILE, ECONNRESET },
	{ CURLE_PEER_FAILED_VERIFICATION, EACCES },
	{ CURLE_SSL_CACERT_BADFILE, ENOENT },
	{ CURLE_SSL_CERTPROBLEM, EACCES },
	{ CURLE_WRITE_ERROR, EMSGSIZE },
};

static int failed(const struct http_client *client, CURLcode code, const char *url,
		  struct problem *problem)
{
	const char *what = client->error[0] != '\0' ? client->error : curl_easy_strerror(code);
	int error = EIO;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		error = errors[i].code == code ? errors[i].error : error;
	}
	return problem_set(problem, -error, "%s: %s", url, what);
}

/* ---- life ---- */

static pthread_once_t global_once = PTHREAD_ONCE_INIT;

/* OpenSSL is there already, and stays. */
static void global_init(void)
{
	(void)curl_global_init(CURL_GLOBAL_ALL);
}

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
	struct http_client *client = context;

	buffer_add(&client->answer, bytes, size * n);
	return client->answer.failed ? 0 : size * n;
}

static bool is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

static bool set_text(CURL *curl, CURLoption option, const char *text)
{
	return !is_given(text) || curl_easy_setopt(curl, option, text) == CURLE_OK;
}

static bool set_number(CURL *curl, CURLoption option, long value)
{
	return curl_easy_setopt(curl, option, value) == CURLE_OK;
}

static bool set_up(struct http_client *client, const struct http_options *options)
{
	CURL *curl = client->curl;

	return set_text(curl, CURLOPT_PROTOCOLS_STR, "http,https") &&
	       set_text(curl, CURLOPT_USERAGENT, "weir/" WEIR_VERSION) &&
	       set_text(curl, CURLOPT_CAINFO, options->ca) &&
	       set_text(curl, CURLOPT_SSLCERT, options->certificate) &&
	       set_text(curl, CURLOPT_SSLKEY, options->key) &&
	       set_text(curl, CURLOPT_USERNAME, options->user) &&
	       set_text(curl, CURLOPT_PASSWORD, options->password) &&
	       set_number(curl, CURLOPT_NOSIGNAL, 1) &&
	       set_number(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2) &&
	       set_number(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) &&
	       set_number(curl, CURLOPT_TIMEOUT, WHOLE_SECONDS) &&
	       set_number(curl, CURLOPT_LOW_SPEED_LIMIT, 1) &&
	       set_number(curl, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS) &&
	       set_number(curl, CURLOPT_TCP_KEEPALIVE, 1) &&
	       curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, client->error) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, client) == CURLE_OK;
}

static char *authorization_header(const char *value)
{
	struct buffer text = { 0 };

	buffer_text(&text, "Authorization: ");
	buffer_text(&text, value);
	if (text.failed) {
		buffer_free(&text);
	}
	return text.data;
}

static bool prepare(struct http_client *client, const struct http_options *options)
{
	pthread_once(&global_once, global_init);
	client->answer.limit = HTTP_ANSWER_MAX;
	client->compress = options->compress;
	if (is_given(options->authorization)) {
		client->authorization = authorization_header(options->authorization);
		if (client->authorization == NULL) {
			return false;
		}
	}
	if (options->compress) {
		client->deflates = deflateInit2(&client->deflate, GZIP_LEVEL, Z_DEFLATED,
						GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) == Z_OK;
		if (!client->deflates) {
			return false;
		}
	}
	client->curl = curl_easy_init();
	return client->curl != NULL && set_up(client, options);
}

int http_client_new(struct http_client **out, const struct http_options *options,
		    struct problem *problem)
{
	struct http_client *client = calloc(1, sizeof(*client));

	if (client == NULL || !prepare(client, options)) {
		http_client_free(client);
		return problem_set(problem, -ENOMEM, "cannot make a client of HTTP");
	}
	*out = client;
	return 0;
}

struct http_client *http_client_free(struct http_client *client)
{
	if (client != NULL) {
		curl_easy_cleanup(client->curl);
		if (client->deflates) {
			(void)deflateEnd(&client->deflate);
		}
		buffer_free(&client->packed);
		buffer_free(&client->answer);
		free(client->authorization);
		free(client);
	}
	return NULL;
}

/* ---- a request ---- */

/* The body with gzip, in `packed`. */
static int pack(struct http_client *client, const struct http_request *request)
{
	z_stream *stream = &client->deflate;
	uint8_t block[65536];
	int state = Z_OK;

	buffer_clear(&client->packed);
	if (request->length > UINT32_MAX || deflateReset(stream) != Z_OK) {
		return -EINVAL;
	}
	stream->next_in = (Bytef *)(uintptr_t)request->body;
	stream->avail_in = (uInt)request->length;
	while (state == Z_OK) {
		stream->next_out = block;
		stream->avail_out = sizeof(block);
		state = deflate(stream, Z_FINISH);
		buffer_add(&client->packed, block, sizeof(block) - stream->avail_out);
	}
	return state == Z_STREAM_END && !client->packed.failed ? 0 : -ENOMEM;
}

static bool add_header(struct curl_slist **list, const char *name, const char *value)
{
	char text[160];
	int n = snprintf(text, sizeof(text), "%s%s", name, value);
	struct curl_slist *longer =
	    n > 0 && (size_t)n < sizeof(text) ? curl_slist_append(*list, text) : NULL;

	*list = longer != NULL ? longer : *list;
	return longer != NULL;
}

static bool make_headers(const struct http_client *client, const struct http_request *request,
			 struct curl_slist **list)
{
	bool fine = true;

	if (client->authorization != NULL) {
		struct curl_slist *longer = curl_slist_append(*list, client->authorization);

		fine = longer != NULL;
		*list = fine ? longer : *list;
	}
	if (request->type != NULL) {
		/* Nobody is asked first whether he wants the body. */
		fine = fine && add_header(list, "Content-Type: ", request->type) &&
		       add_header(list, "Expect:", "") &&
		       (!client->compress || add_header(list, "Content-Encoding: ", "gzip"));
	}
	for (size_t i = 0; fine && request->headers != NULL && request->headers[i] != NULL; i++) {
		fine = add_header(list, "", request->headers[i]);
	}
	return fine;
}

static bool set_body(struct http_client *client, const struct http_request *request)
{
	const void *body = client->compress ? client->packed.data : request->body;
	size_t length = client->compress ? client->packed.length : request->length;

	if (request->type == NULL) {
		return set_number(client->curl, CURLOPT_HTTPGET, 1);
	}
	return set_number(client->curl, CURLOPT_POST, 1) &&
	       curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body) == CURLE_OK &&
	       curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length) ==
		   CURLE_OK;
}

static void read_answer(struct http_client *client, struct http_answer *answer)
{
	curl_off_t wait = 0;
	long status = 0;

	(void)curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(client->curl, CURLINFO_RETRY_AFTER, &wait);
	*answer = (struct http_answer) {
		.status = (unsigned)status,
		.body = client->answer.data != NULL ? client->answer.data : "",
		.length = client->answer.length,
		.retry_after = wait > 0 && wait < 86400 ? wait * NS_PER_S : 0,
	};
}

int http_send(struct http_client *client, const struct http_request *request,
	      struct http_answer *answer, struct problem *problem)
{
	struct curl_slist *headers = NULL;
	int error = 0;

	buffer_free(&client->answer);
	client->answer.limit = HTTP_ANSWER_MAX;
	client->error[0] = '\0';
	if (request->type != NULL && client->compress) {
		error = pack(client, request);
	}
	if (error == 0 && (!make_headers(client, request, &headers) || !set_body(client, request) ||
			   !set_text(client->curl, CURLOPT_URL, request->url) ||
			   curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers) != 0)) {
		error = -ENOMEM;
	}
	if (error == 0) {
		CURLcode code = curl_easy_perform(client->curl);

		error = code == CURLE_OK ? 0 : failed(client, code, request->url, problem);
	}
	/* The list has to stay until here. */
	(void)curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(headers);
	if (error < 0) {
		return problem_set(problem, error, "%s: %s", request->url, strerror(-error));
	}
	read_answer(client, answer);
	return 0;
}
