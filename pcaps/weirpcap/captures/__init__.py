# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The captures themselves, grouped by what they are about: every module of this folder."""

from importlib import import_module
from pkgutil import iter_modules

for module in sorted(module.name for module in iter_modules(__path__)):
    import_module("." + module, __name__)
