# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Builds captures byte by byte, from the link layer to Modbus, always the same bytes."""
