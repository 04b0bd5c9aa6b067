# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The captures themselves, grouped by what they are about."""

from . import (attack, damaged, dnp3, dnp3_authentication, dnp3_links,  # noqa: F401
               identity, links, messages, mirror, streams, tunnels, umas)
from . import (attack, damaged, identity, links, messages, mirror, s7comm_plus,  # noqa: F401
from . import (attack, cip, damaged, enip, identity, links, messages, mirror,  # noqa: F401
               streams, tunnels, umas)
from . import (attack, cotp, damaged, identity, links, messages, mirror,  # noqa: F401
               s7comm, s7comm_loading, streams, tunnels, umas)
from . import cip_objects, pccc  # noqa: F401
