# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ansible-playbook`` with modules that were packed before.

Ansible packs each module with the library that it imports, once in a run, and forgets it at the end; that is much of
what a playbook costs. Here a run finds what the runs before it have packed.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import sys
import tempfile
from pathlib import Path


def ansible_playbook() -> list[str]:
    """Return the command, whose runs share what they pack for as long as this process lives."""
    # Without this file's folder in the path, where html is not Python's own.
    return [sys.executable, "-P", __file__, _packed()]


@functools.cache
def _packed() -> str:
    folder = tempfile.mkdtemp(prefix="packed-modules-")
    atexit.register(shutil.rmtree, folder)
    return folder


def _main() -> None:
    from ansible import constants
    from ansible.cli.playbook import main

    # A link: the run removes its own folder at the end, and no more.
    Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache").symlink_to(sys.argv.pop(1))
    sys.argv[0] = "ansible-playbook"
    main()


if __name__ == "__main__":
    _main()
