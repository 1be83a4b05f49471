# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``ansible-playbook`` with modules that were packed, and plugins that were compiled, before.

Ansible packs each module with the library that it imports, and compiles what a collection's plugins are made of, once
in a run, and forgets both at the end; that is much of what a playbook costs. Here a run finds what earlier ones made.
"""

from __future__ import annotations

import gc
import shlex
import sys
from pathlib import Path
from types import CodeType
from typing import Any

# An option for it: the settings are as they were when a playbook checked them.
CHECKED = '--extra-vars={"settings_unchecked": false}'


def ansible_playbook() -> list[str]:
    """Return the command; what it packs is kept for all runs of it in this run of pytest."""
    # The program, which is this file too, does not have the tests in its path.
    from tests.support.run_folder import run_folder

    # Without this file's folder in the path, where html is not Python's own.
    return [sys.executable, "-P", __file__, str(run_folder("packed-modules")), str(run_folder("compiled-plugins"))]


def write_program(folder: Path) -> None:
    """Write the command as a program of Ansible's name, for those who look for that in the ``PATH``."""
    program = folder / "ansible-playbook"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(ansible_playbook())} "$@"\n')
    program.chmod(0o755)


def _keep_compiled(folder: Path) -> None:
    """Compile the collection's plugins and what they import once: Ansible itself does so in each run."""
    from ansible.utils.collection_loader import _collection_finder

    from tests.support.kept_work import kept_code

    def compiled(source: bytes | str, filename: str, **options: Any) -> CodeType:
        content = source if isinstance(source, bytes) else source.encode()
        # With the name, which is in what is compiled.
        return kept_code(folder, f"{filename}\n".encode() + content, lambda: compile(source, filename, **options))

    vars(_collection_finder)["compile"] = compiled


def _main() -> None:
    # It lives for seconds, and looks for rubbish a tenth of them.
    gc.disable()
    from ansible import constants
    from ansible.cli.playbook import main

    # A link: the run removes its own folder at the end, and no more. Ansible itself lets one process at a time pack.
    Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache").symlink_to(sys.argv.pop(1))
    sys.path.append(str(Path(__file__).parents[2]))
    from tests.support.kept_work import keep_service_models

    _keep_compiled(Path(sys.argv.pop(1)))
    keep_service_models()
    del sys.path[-1]
    sys.argv[0] = "ansible-playbook"
    main()


if __name__ == "__main__":
    _main()
