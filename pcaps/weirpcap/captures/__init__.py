# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The captures themselves, grouped by what they are about."""

from . import (attack, cip, damaged, enip, identity, links, messages, mirror,  # noqa: F401
               streams, tunnels, umas)
from . import cip_objects, pccc  # noqa: F401
