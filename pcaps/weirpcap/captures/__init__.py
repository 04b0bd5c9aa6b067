# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The captures themselves, grouped by what they are about."""

from . import (attack, damaged, identity, links, messages, mirror, s7comm_plus,  # noqa: F401
               streams, tunnels, umas)
