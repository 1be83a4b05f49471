# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting a command by its name; any Python 3 can read this file, so that it can tell an earlier one what it lacks."""

from __future__ import annotations

import sys
from importlib import import_module

_LEAST = (3, 11)
_WHICH = "on a node, the Python that the setting farm_node_python names"


def launch(name: str) -> int:
    """Run the command and return its exit status.

    Args:
        name: of its module in this package.
    """
    if sys.version_info < _LEAST:
        has, needs = (".".join(map(str, version[:2])) for version in (sys.version_info, _LEAST))
        return _refuse(f"{name} needs Python {needs} or later, and this is {has}: run it with another ({_WHICH}).")
    try:
        return int(import_module(f"{__package__}.{name}").main(sys.argv[1:]))
    except ModuleNotFoundError as error:
        packages = "the packages of the collection's requirements/node.in"
        return _refuse(f"{name} needs {error.name}: run it with a Python that has {packages} ({_WHICH}).")


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
