# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timer's program as one file, for nodes that have no collection."""

from __future__ import annotations

from .._children.bundle import make_program
from . import alarm, group, main, telling


def lifetime_program() -> bytes:
    """Return it: a zip that Python runs, with all of the library that it imports.

    Raises:
        FarmError: the source of a module cannot be had.
    """
    start = f"import sys\n\nfrom {main.__name__} import run_and_exit\n\nrun_and_exit(sys.argv[1:])\n"
    return make_program([main.__name__, telling.__name__, alarm.__name__, group.__name__], start)
