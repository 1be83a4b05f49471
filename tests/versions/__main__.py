# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make oldest`` and ``make newest``: the tests that play playbooks, with a version of Ansible."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from tests.versions.environments import VERSIONS, NoPythonError, environment

_SETTINGS = "tests/integration/test_settings.py"
_PROCESS = "tests/integration/test_process_playbooks.py"
# What hangs on the version: the demo, which nearly every playbook is part of; the inventory; all that asks AWS's
# collections for something; action and connection plugins; what Ansible says of arguments; blocks that are rescued.
_TESTS = (
    "tests/integration/test_provision.py",
    "tests/integration/test_demo.py",
    "tests/integration/test_inventory.py",
    "tests/integration/test_reach.py",
    "tests/integration/test_smoke_playbook.py",
    f"{_SETTINGS}::test_all_that_is_missing_or_misspelt_is_told_at_once",
    f"{_SETTINGS}::test_wrong_types_and_choices_are_told_at_once",
    f"{_SETTINGS}::test_a_list_given_as_text_is_refused_with_how_to_give_it",
    f"{_PROCESS}::test_a_shard_without_a_node_is_named_before_and_after_with_the_way_on",
    f"{_PROCESS}::test_a_stop_releases_what_is_in_work_and_the_same_command_finishes_it",
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
        [
            str(python),
            "-m",
            "pytest",
            "--dist",
            "loadfile",
            "--numprocesses",
            "2",
            "--durations=10",
            *tests,
            *arguments.options,
        ],
        env=os.environ | {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
