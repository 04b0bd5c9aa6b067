/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* decode.c - the decoder object, and the loop that walks the layers of one frame. */

#include "capture/base/hash.h"
#include "capture/decoding.h"

#include <errno.h>
#include <stdlib.h>

#define LAYERS_MAX     32
#define ETHER_TYPE_ARP 0x0806

struct decode_options decode_defaults(void)
{
	return (struct decode_options) {
		.fragment_bytes_max = 1 << 20,
		.fragment_datagrams_max = 256,
		.fragment_timeout = 30 * NS_PER_S,
	};
}

int decoder_new(struct decoder **out, const struct decode_options *options)
{
	struct decoder *decoder = calloc(1, sizeof(*decoder));
	int result;

	if (decoder == NULL) {
		return -ENOMEM;
	}
	result = fragment_table_new(&decoder->fragments, options, &decoder->counters);
	if (result < 0) {
		free(decoder);
		return result;
	}
	*out = decoder;
	return 0;
}

struct decoder *decoder_free(struct decoder *decoder)
{
	if (decoder != NULL) {
		fragment_table_free(decoder->fragments);
		free(decoder);
	}
	return NULL;
}

void decoder_tick(struct decoder *decoder, int64_t clock)
{
	fragment_tick(decoder->fragments, clock);
}

const struct decode_counters *decoder_counters(const struct decoder *decoder)
{
	return &decoder->counters;
}

enum layer decoding_malformed(struct decoding *d)
{
	d->packet->malformed = true;
	d->rest = cur_of(NULL, 0);
	d->missing = 0;
	return LAYER_END;
}

struct cursor decoding_short(struct decoding *d, size_t n)
{
	bool on_wire = n <= decoding_announced(d) || d->cut;

	(void)decoding_malformed(d);
	d->packet->malformed = !on_wire;
	d->packet->truncated = on_wire;
	return cur_bad();
}

bool decoding_tunnel(struct decoding *d, enum tunnel_type type, uint32_t id)
{
	struct packet *p = d->packet;

	if (p->n_tunnels == PACKET_TUNNEL_MAX) {
		d->decoder->counters.too_many_layers++;
		return false;
	}
	p->tunnels[p->n_tunnels++] = (struct tunnel) { .id = id, .type = (uint8_t)type };
	d->decoder->counters.tunnels[type]++;
	return true;
}

static enum layer step(struct decoding *d, enum layer layer)
{
	switch (layer) {
	case LAYER_ETHERNET:
		return decode_ethernet(d);
	case LAYER_ETHER_TYPE:
		return decode_ether_type(d);
	case LAYER_LLC:
		return decode_llc(d);
	case LAYER_PPP:
		return decode_ppp(d);
	case LAYER_PPPOE:
		return decode_pppoe(d);
	case LAYER_MPLS:
		return decode_mpls(d);
	case LAYER_IPV4:
		return decode_ipv4(d);
	case LAYER_IPV6:
		return decode_ipv6(d);
	case LAYER_GRE:
		return decode_gre(d);
	case LAYER_END:
		break;
	}
	return LAYER_END;
}

/* Counts a packet without IP, or a held fragment, or one without TCP. */
static void count_other(struct decode_counters *counters, const struct decoding *d)
{
	const struct packet *p = d->packet;

	counters->truncated += p->truncated;
	counters->malformed += p->malformed;
	if (p->ip_version == 0) {
		if (p->ether_type == ETHER_TYPE_ARP) {
			counters->arp++;
		} else {
			counters->not_ip++;
		}
	} else if (!d->held) {
		switch (p->ip_protocol) {
		case IP_PROTOCOL_TCP:
			counters->tcp++;
			break;
		case IP_PROTOCOL_UDP:
			counters->udp++;
			break;
		case IP_PROTOCOL_ICMP:
		case IP_PROTOCOL_ICMP6:
			counters->icmp++;
			break;
		default:
			counters->other_ip++;
		}
	}
}

static void finish(struct decoding *d)
{
	struct packet *p = d->packet;
	struct decode_counters *counters = &d->decoder->counters;

	p->payload = d->rest;
	p->payload_length = (uint32_t)decoding_announced(d);
	p->truncated = p->truncated || d->missing > 0;
	counters->ipv4 += p->ip_version == 4;
	counters->ipv6 += p->ip_version == 6;
	count_other(counters, d);
}

static void begin(struct packet *p, const struct frame *frame)
{
	p->time = frame->time;
	p->clock = frame->clock;
	p->number = frame->number;
	p->frame = frame->bytes;
	p->captured = frame->captured;
	p->length = frame->length;
	p->link_type = frame->link_type;
	p->source = frame->source;
	p->domain = frame->domain;
	p->network = cur_of(NULL, 0);
	/* Clearing all of it would take compilers a slow string instruction. */
	memset(&p->n_vlans, 0, sizeof(*p) - offsetof(struct packet, n_vlans));
}

/* Layer by layer. */
static enum decode_result decode_layers(struct decoder *decoder, const struct frame *frame,
					struct packet *out, bool *conflict)
{
	struct decoding d = {
		.decoder = decoder,
		.packet = out,
		.rest = cur_of(frame->bytes, frame->captured),
		.missing = frame->length > frame->captured ? frame->length - frame->captured : 0,
	};
	enum layer layer = decode_link(&d, frame->link_type);

	for (unsigned n = 0; layer != LAYER_END; n++) {
		if (n == LAYERS_MAX) {
			decoder->counters.too_many_layers++;
			break;
		}
		layer = step(&d, layer);
	}
	finish(&d);
	if (conflict != NULL) {
		*conflict = d.conflict;
	}
	return d.held ? DECODE_HELD : DECODE_PACKET;
}

enum decode_result decode_frame(struct decoder *decoder, const struct frame *frame,
				struct packet *out, bool *conflict)
{
	begin(out, frame);
	decoder->counters.frames++;
	decoder->counters.bytes += frame->length;
	if (likely(decode_plain(&decoder->counters, frame, out))) {
		if (conflict != NULL) {
			*conflict = false;
		}
		return DECODE_PACKET;
	}
	return decode_layers(decoder, frame, out, conflict);
}

static uint64_t hash_pair(const void *a, const void *b, size_t n)
{
	uint64_t x = hash_bytes(a, n, 0), y = hash_bytes(b, n, 0);

	return hash_word(x + y, x ^ y);
}

uint64_t packet_pair_hash(const struct packet *packet)
{
	struct cursor arp = packet->payload, sender, target;

	if (packet->ip_version != 0) {
		return hash_pair(&packet->ip_source, &packet->ip_destination, sizeof(struct ip));
	}
	if (packet->ether_type == ETHER_TYPE_ARP) {
		cur_skip(&arp, 4);
		uint8_t hardware = cur_u8(&arp), protocol = cur_u8(&arp);
		cur_skip(&arp, (size_t)2 + hardware);
		sender = cur_sub(&arp, protocol);
		cur_skip(&arp, hardware);
		target = cur_sub(&arp, protocol);
		if (cur_ok(&target) && protocol == 4) {
			struct ip a = ip_from_v4(cur_be32(&sender));
			struct ip b = ip_from_v4(cur_be32(&target));

			return hash_pair(&a, &b, sizeof(a));
		}
	}
	return hash_pair(&packet->mac_source, &packet->mac_destination, sizeof(struct mac));
}
