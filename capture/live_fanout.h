/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* live_fanout.h - spreads the frames of an interface over the sockets of several workers so
 * that two hosts always meet in one of them, in both directions and whatever the ports. */

#include "capture/base/common.h"

/* Joins the bound packet socket to the fanout group (PACKET_FANOUT_CBPF). link_type is libpcap's
 * DLT_ value. What arrived between bind() and this call is in the socket's ring whoever else has
 * it, so the first frames of a group may be there twice. 0 or negative errno. */
int live_fanout_join(int descriptor, uint16_t group, int link_type) MUST_USE;
