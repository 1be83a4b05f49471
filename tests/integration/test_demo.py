# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo`` as a user runs it: the whole farm, then the same command again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_EMULATED_NODES = 4


@pytest.fixture(scope="module")
def runs(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What two runs of the demo printed."""
    folder = tmp_path_factory.mktemp("demo")
    printed = []
    for _run in range(2):
        finished = subprocess.run(
            [sys.executable, "-m", "demo.run", "--folder", str(folder)],
            cwd=repository,
            env={**os.environ, "PYTHONPATH": ".ansible/collections", "ANSIBLE_NOCOLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        printed.append(finished.stdout)
    return printed


def _changes(printed: str) -> dict[str, int]:
    """Return the number of changed tasks of each host in the play recap."""
    return {host: int(count) for host, count in re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", printed, re.MULTILINE)}


def test_every_document_is_accounted_for(runs: list[str]) -> None:
    account = re.search(
        r"^input (\d+) = (\d+) done \+ (\d+) failed \+ (\d+) pending \(balances\)", runs[0], re.MULTILINE
    )
    assert account is not None
    total, done, failed, pending = map(int, account.groups())
    assert total == done + failed + pending
    assert pending == 0
    # Only the scan can fail, and does not where tesseract is installed.
    assert failed <= 1
    assert "skipped before the cut: 1 corrupt, 1 empty, 1 encrypted" in runs[0]


def test_four_nodes_come_from_the_inventory_and_all_work(runs: list[str]) -> None:
    nodes = {host: count for host, count in _changes(runs[0]).items() if host.startswith("OpenArchive-Shard-")}
    assert nodes == {f"OpenArchive-Shard-{number}": 1 for number in range(1, _EMULATED_NODES + 1)}


def test_a_second_run_changes_nothing_and_says_so(runs: list[str]) -> None:
    assert set(_changes(runs[1]).values()) == {0}
    assert runs[1].endswith("nothing new to do: every object in S3 is as it was\n")
