# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ansible-playbook`` with modules that were packed before.

Ansible packs each module with the library that it imports, once in a run, and forgets it at the end; that is much of
what a playbook costs. Here a run finds what the runs before it have packed.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

# An option for it: the settings are as they were when a playbook checked them.
CHECKED = '--extra-vars={"settings_unchecked": false}'


def ansible_playbook() -> list[str]:
    """Return the command; what it packs is kept for all runs of it in this run of pytest."""
    # The program, which is this file too, does not have the tests in its path.
    from tests.support.run_folder import run_folder

    # Without this file's folder in the path, where html is not Python's own.
    return [sys.executable, "-P", __file__, str(run_folder("packed-modules"))]


def write_program(folder: Path) -> None:
    """Write the command as a program of Ansible's name, for those who look for that in the ``PATH``."""
    program = folder / "ansible-playbook"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(ansible_playbook())} "$@"\n')
    program.chmod(0o755)


def _main() -> None:
    from ansible import constants
    from ansible.cli.playbook import main

    # A link: the run removes its own folder at the end, and no more. Ansible itself lets one process at a time pack.
    Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache").symlink_to(sys.argv.pop(1))
    sys.argv[0] = "ansible-playbook"
    main()


if __name__ == "__main__":
    _main()
