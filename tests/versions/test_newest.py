# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo with the newest Ansible, once; ``make newest`` and ``make oldest`` run much more."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.versions.environments import NEWEST, NoPythonError, environment

# Of Ansible and AWS's collections themselves, whatever is asked of them: nothing here can end them.
_OF_OTHERS = (
    r"The 'tags' host variable is deprecated\.",
    r"Instantiating (filter|test) PluginLoader with aliases is deprecated\.",
    r"Importing 'to_text' from 'ansible\.module_utils\._text' is deprecated\.",
    r".*iam_role\.assume_role_policy_document_raw will no longer be returned\.",
)


@pytest.fixture(scope="module")
def printed(repository: Path, tessdata: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the demo said."""
    try:
        python = environment(NEWEST)
    except NoPythonError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("demo")
    finished = subprocess.run(
        [str(python), "-m", "demo.run", "--folder", str(folder), "--tessdata", str(tessdata)],
        cwd=repository,
        env={**os.environ, "PYTHONPATH": ".ansible/collections", "ANSIBLE_DEPRECATION_WARNINGS": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout[-20_000:]
    return finished.stdout + (folder / "ansible.log").read_text()


def test_the_demo_accounts_for_every_document(printed: str) -> None:
    assert re.search(r"^input 56 = 53 done \+ 3 failed \+ 0 pending \(balances\)", printed, re.MULTILINE)


def test_nothing_that_the_collection_does_is_deprecated(printed: str) -> None:
    told = re.findall(r"\[DEPRECATION WARNING\]: (.*)", printed)
    # The warnings were on.
    assert told
    assert [text for text in told if not any(re.match(of_others, text) for of_others in _OF_OTHERS)] == []


def test_nothing_else_is_warned_of(printed: str) -> None:
    warned = re.findall(r"\[WARNING\]: (.*)", printed)
    assert [text for text in warned if not text.startswith("Deprecation warnings can be disabled")] == []
