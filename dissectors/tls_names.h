/* SPDX-License-Identifier: Apache-2.0
 * SPDX-FileCopyrightText: The Weir authors */
#pragma once

/* tls_names.h - words for the numbers of TLS. */

#include <stdint.h>

#define TLS_VERSION_1_2 0x0303
#define TLS_VERSION_1_3 0x0304

/* "1.2"; "3.0" is SSL's; "unknown". */
const char *tls_version_text(uint16_t version);
/* NULL: none that is known here. */
const char *tls_cipher_name(uint16_t cipher);
const char *tls_message_name(uint32_t type);
