# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node of the fleet runs, as one file: it has no collection."""

from __future__ import annotations

from .._children.bundle import make_program
from . import main


def fleet_program() -> bytes:
    """Return it: a zip that Python runs, with all of the library that it imports.

    Raises:
        FarmError: the source of a module cannot be had.
    """
    start = f"import sys\n\nfrom {main.__name__} import run_and_exit\n\nrun_and_exit(sys.argv[1:])\n"
    return make_program([main.__name__], start)
