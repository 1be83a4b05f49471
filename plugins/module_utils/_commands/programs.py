# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands as programs of one file each, for machines that have no collection."""

from __future__ import annotations

from .._children.bundle import make_program

# As modules, so that Ansible ships them with a module that makes programs of them.
from . import launch, open_archive_page_counts, split_manifest_by_pages

_COMMANDS = (open_archive_page_counts, split_manifest_by_pages)


def command_programs() -> dict[str, bytes]:
    """Return each command's program by its name: a zip that Python runs, with all of the library that it imports.

    Raises:
        FarmError: the source of a module cannot be had.
    """
    programs = {}
    for command in _COMMANDS:
        name = command.__name__.rpartition(".")[2]
        start = f"import sys\n\nfrom {launch.__name__} import launch\n\nsys.exit(launch({name!r}))\n"
        programs[f"{name}.py"] = make_program([launch.__name__, command.__name__], start)
    return programs
