/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */

/* live_fanout.c - the classic BPF program behind PACKET_FANOUT_CBPF.
 *
 * The program's result modulo the number of sockets names the socket.  It hashes the unordered
 * pair of IP addresses; the protocol addresses of ARP alike, so that ARP meets the IP packets of
 * its hosts; the pair of MAC addresses for all else.  Fragments need no defragmentation, as
 * ports are not looked at.
 *
 * Before a frame comes here the kernel has moved its outer VLAN tag into metadata, so the
 * EtherType seen is the one behind it.  One more tag (802.1ad) is stepped over here.  For a
 * frame that arrives, offset 0 is its network header; for one that the host itself sends it
 * is the link header: X holds the difference.  Loads at SKF_LL_OFF reach the link header in
 * both cases.  A load past the end of the frame ends the program with 0. */

#include "capture/live_fanout.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <pcap/dlt.h>
#include <string.h>
#include <sys/socket.h>

#define LINK(offset)     ((uint32_t)(SKF_LL_OFF + (offset)))
#define METADATA(offset) ((uint32_t)(SKF_AD_OFF + (offset)))

/* Scratch memory: where the network header starts, a word kept aside, the hash so far. */
enum { CELL_NETWORK, CELL_WORD, CELL_HASH };

/* CELL_HASH = CELL_HASH * 31 + word at `a` + word at `b`, both from the network header. */
#define MIX_PAIR(a, b)                                                                       \
	BPF_STMT(BPF_LDX | BPF_MEM, CELL_NETWORK), BPF_STMT(BPF_LD | BPF_W | BPF_IND, (a)),  \
	    BPF_STMT(BPF_ST, CELL_WORD), BPF_STMT(BPF_LD | BPF_W | BPF_IND, (b)),            \
	    BPF_STMT(BPF_LDX | BPF_MEM, CELL_WORD), BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),  \
	    BPF_STMT(BPF_ST, CELL_WORD), BPF_STMT(BPF_LD | BPF_MEM, CELL_HASH),              \
	    BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 31), BPF_STMT(BPF_LDX | BPF_MEM, CELL_WORD), \
	    BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0), BPF_STMT(BPF_ST, CELL_HASH)

/* Where the parts of the program begin. */
enum {
	AT_TAG = 8,
	AT_CHOICE = 16,
	AT_IP4 = 20,
	AT_ARP = 33,
	AT_IP6 = 46,
	AT_MAC = 95,
	AT_END = 100,
	PROGRAM_LENGTH = 104
};

#define FROM(at, to) ((uint8_t)((to) - (at)-1))

static void write_program(struct sock_filter program[PROGRAM_LENGTH], uint32_t link_header)
{
	const struct sock_filter source[PROGRAM_LENGTH] = {
		BPF_STMT(BPF_LDX | BPF_IMM, 0),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, METADATA(SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
		BPF_STMT(BPF_LDX | BPF_IMM, link_header),
		BPF_STMT(BPF_STX, CELL_NETWORK),
		BPF_STMT(BPF_LD | BPF_IMM, 0),
		BPF_STMT(BPF_ST, CELL_HASH),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, METADATA(SKF_AD_PROTOCOL)),
		[AT_TAG] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021Q, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_8021AD, 0, FROM(AT_TAG + 1, AT_CHOICE)),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2), /* the EtherType behind the tag */
		BPF_STMT(BPF_ST, CELL_WORD),
		BPF_STMT(BPF_MISC | BPF_TXA, 0),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 4),
		BPF_STMT(BPF_ST, CELL_NETWORK),
		BPF_STMT(BPF_LD | BPF_MEM, CELL_WORD),
		[AT_CHOICE] =
		    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, FROM(AT_CHOICE, AT_IP4), 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_ARP, FROM(AT_CHOICE + 1, AT_ARP), 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, FROM(AT_CHOICE + 2, AT_IP6), 0),
		BPF_STMT(BPF_JMP | BPF_JA, FROM(AT_CHOICE + 3, AT_MAC)),
		[AT_IP4] = MIX_PAIR(12, 16), /* RFC 791 3.1 */
		BPF_STMT(BPF_JMP | BPF_JA, FROM(AT_ARP - 1, AT_END)),
		[AT_ARP] = MIX_PAIR(14, 24), /* RFC 826: sender and target protocol address */
		BPF_STMT(BPF_JMP | BPF_JA, FROM(AT_IP6 - 1, AT_END)),
		[AT_IP6] = MIX_PAIR(8, 24), /* RFC 8200 3 */
		MIX_PAIR(12, 28),
		MIX_PAIR(16, 32),
		MIX_PAIR(20, 36),
		BPF_STMT(BPF_JMP | BPF_JA, FROM(AT_MAC - 1, AT_END)),
		[AT_MAC] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LINK(2)), /* last 4 bytes of each */
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, LINK(8)),
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
		BPF_STMT(BPF_ST, CELL_HASH),
		[AT_END] = BPF_STMT(BPF_LD | BPF_MEM, CELL_HASH),
		BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 0x9e3779b1), /* 2^32 / golden ratio */
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 16),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	memcpy(program, source, sizeof(source));
}

int live_fanout_join(int descriptor, uint16_t group, int link_type)
{
	struct sock_filter code[PROGRAM_LENGTH];
	struct sock_fprog program = { .len = PROGRAM_LENGTH, .filter = code };
	int argument = group | PACKET_FANOUT_CBPF << 16;

	write_program(code, link_type == DLT_EN10MB ? ETH_HLEN : 0);
	if (setsockopt(descriptor, SOL_PACKET, PACKET_FANOUT, &argument, sizeof(argument)) != 0 ||
	    setsockopt(descriptor, SOL_PACKET, PACKET_FANOUT_DATA, &program, sizeof(program)) !=
		0) {
		return -errno;
	}
	return 0;
}
