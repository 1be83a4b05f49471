# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make oldest`` and ``make newest``: the tests that play playbooks, with a version of Ansible."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from tests.versions.environments import VERSIONS, NoPythonError, environment

# What every playbook is part of, the inventory, and all that asks AWS's collections for something.
_TESTS = (
    "tests/integration/test_demo.py",
    "tests/integration/test_inventory.py",
    "tests/integration/test_process_playbooks.py",
    "tests/integration/test_provision.py",
    "tests/integration/test_settings.py",
    "tests/integration/test_smoke_playbook.py",
)


def main() -> int:
    """Run the tests, and return pytest's exit status; 0 where there is no Python for this Ansible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", choices=VERSIONS)
    parser.add_argument("options", nargs="*", help="of pytest, and tests in place of the usual ones; after --")
    arguments = parser.parse_args()
    version = VERSIONS[arguments.version]
    try:
        python = environment(version)
    except NoPythonError as error:
        print(f"skipped: {error}")
        return 0
    tests = () if any("tests/" in option for option in arguments.options) else _TESTS
    return subprocess.run(
        [str(python), "-m", "pytest", "--dist", "loadfile", "--numprocesses", "2", *tests, *arguments.options],
        env=os.environ | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
