/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

#include "names_world.h"

#include "dissectors/news.h"
#include "dissectors/text.h"

static struct cursor text(const char *s)
{
	return cur_of(s, strlen(s));
}

/* ---- texts ---- */

static bool same(struct cursor a, const char *b)
{
	return cur_ok(&a) && cur_equal(a, text(b));
}

static void texts(void **state)
{
	struct cursor at, line;
	char out[4];

	(void)state;
	assert_true(same(text_trim(text(" \ta b \r")), "a b"));
	assert_true(same(text_trim(text("  ")), ""));
	assert_true(same(text_until_nul(cur_of("ab\0c", 4)), "ab"));
	assert_true(same(text_until_nul(text("ab")), "ab"));
	assert_true(same(text_behind(text("xx--y"), "--"), "y"));
	at = text_behind(text("xx-"), "--");
	assert_false(cur_ok(&at));
	assert_true(text_is(text("SERVER"), "Server"));
	assert_false(text_is(text("SERVER:"), "Server"));
	assert_string_equal(text_copy(text("abcdef"), out, sizeof(out)), "abc");
	at = text("a\r\n\nb");
	assert_true(text_next_line(&at, &line) && same(line, "a"));
	assert_true(text_next_line(&at, &line) && same(line, ""));
	assert_true(text_next_line(&at, &line) && same(line, "b"));
	assert_false(text_next_line(&at, &line));
	/* What is not there stays so. */
	at = cur_bad();
	assert_false(text_next_line(&at, &line));
	assert_int_equal(cur_left(&at), 0);
}

static void news(void **state)
{
	struct news said = { 0 };
	char what[2] = "a";

	(void)state;
	assert_true(news_is(&said, text("a"), 0, 0));
	assert_false(news_is(&said, text("a"), 0, NEWS_AGAIN - 1));
	assert_true(news_is(&said, text("a"), 1, NEWS_AGAIN - 1));
	assert_true(news_is(&said, text("a"), 0, NEWS_AGAIN));
	assert_false(news_is(&said, text("a"), 0, NEWS_AGAIN + 1));
	/* Time that goes back far does not silence it. */
	assert_true(news_is(&said, text("a"), 0, -NEWS_AGAIN));
	/* As many things by turns as there is room for; the one said longest ago goes. */
	said = (struct news) { 0 };
	for (int64_t i = 0; i < NEWS_KEPT; i++) {
		what[0] = (char)('a' + i);
		assert_true(news_is(&said, text(what), 0, i));
	}
	assert_false(news_is(&said, text("a"), 0, NEWS_KEPT));
	assert_true(news_is(&said, text("z"), 0, NEWS_KEPT));
	assert_true(news_is(&said, text("a"), 0, NEWS_KEPT));
	assert_false(news_is(&said, text(what), 0, NEWS_KEPT));
}

/* ---- SSDP ---- */

#define RESPONSE                                                                         \
	"HTTP/1.1 200 OK\r\nst: urn:schemas-upnp-org:device:InternetGatewayDevice:2\r\n" \
	"USN: uuid:1\r\nServer:Linux UPnP/1.0\r\n\r\n"

static void ssdp_response_from_any_port(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_datagram(w, PLC, 40000, 50000, RESPONSE, strlen(RESPONSE));
	assert_int_equal(world_count(w, "weir.function=response"), 1);
	assert_int_equal(world_count(w, "weir.ssdp.service=urn:schemas-upnp-org:device:"
					"InternetGatewayDevice:2 weir.ssdp.duty=router "
					"weir.ssdp.usn=uuid:1 weir.ssdp.server=Linux UPnP/1.0"),
			 1);
	assert_int_equal(w->last.about, ABOUT_DESTINATION);
	world_free(w);
}

static void ssdp_is_not_guessed(void **state)
{
	static const char *const others[] = {
		"HTTP/1.1 200 OK\r\nUSN: uuid:1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nST:\r\nUSN: uuid:1\r\n\r\n",
		"NOTIFY sip:a SIP/2.0\r\n\r\n",
		"NOTIFY * HTTP/1.1\r\nNT: urn:x\r\n\r\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		struct engine_world *w = world_new(NULL);

		send_datagram(w, PLC, 40000, 50000, others[i], strlen(others[i]));
		assert_int_equal(world_protocol(w, "ssdp")->messages, 0);
		world_free(w);
	}
}

/* ---- WS-Discovery ---- */

#define HELLO                                                                                      \
	"<s:Envelope><s:Header><a:Action s:x='1'> http://x/discovery/Hello </a:Action>"            \
	"</s:Header><s:Body><d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>"              \
	"<d:Scopes>onvif://www.onvif.org/name/A%20B onvif://www.onvif.org/hardware/M1%</d:Scopes>" \
	"</s:Body></s:Envelope>"

static void wsd_hello(void **state)
{
	struct engine_world *w = world_new(NULL);

	(void)state;
	send_datagram(w, HMI, 50000, 3702, HELLO, strlen(HELLO));
	assert_int_equal(world_count(w, "weir.function=hello"), 1);
	assert_int_equal(world_count(w, "weir.wsd.service=NetworkVideoTransmitter "
					"weir.wsd.service=Device weir.wsd.device_name=A B "
					"weir.wsd.model=M1%"),
			 1);
	assert_int_equal(w->last.about, ABOUT_SOURCE);
	world_free(w);
}

static void cut(void **state)
{
	(void)state;
	cut_everywhere(50000, 3702, HELLO, strlen(HELLO), 1);
	cut_everywhere(50000, 1900, RESPONSE, strlen(RESPONSE), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts),
		cmocka_unit_test(news),
		cmocka_unit_test(ssdp_response_from_any_port),
		cmocka_unit_test(ssdp_is_not_guessed),
		cmocka_unit_test(wsd_hello),
		cmocka_unit_test(cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
