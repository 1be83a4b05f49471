# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo in an installed collection, as ``make demo`` runs it: the whole farm, then the same command again.

Where the machine has a Python for it, the newest Ansible does what there is to do; the usual one then finds nothing
left. ``make newest`` and ``make oldest`` have one Ansible for all of it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.collection_archive import build, install
from tests.versions.environments import NEWEST, NoPythonError, chosen, environment

_EMULATED_NODES = 4
# Of Ansible and AWS's collections themselves, whatever is asked of them: nothing here can end them.
_OF_OTHERS = (
    r"The 'tags' host variable is deprecated\.",
    r"Instantiating (filter|test) PluginLoader with aliases is deprecated\.",
    r"Importing 'to_text' from 'ansible\.module_utils\._text' is deprecated\.",
    r".*iam_role\.assume_role_policy_document_raw will no longer be returned\.",
)


@dataclass(frozen=True)
class _Runs:
    """What the demo printed when it ran twice.

    Attributes:
        folder: of the demo.
        not_newest: why the first was not the newest Ansible's; empty where it was.
    """

    first: str
    second: str
    folder: Path
    not_newest: str


@pytest.fixture(scope="module")
def demo(repository: Path, tessdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Return what runs the demo in a folder, and returns what it printed."""
    installed = install(build(repository, tmp_path_factory.mktemp("archive")), tmp_path_factory.mktemp("collections"))
    link = ".ansible/collections/ansible_collections/glossapi/farm"
    subprocess.run(["make", link], cwd=installed, check=True, capture_output=True)  # noqa: S607

    def run(folder: Path, *options: str, python: Path = Path(sys.executable), **variables: str) -> str:
        finished = subprocess.run(
            [str(python), "-m", "demo.run", "--folder", str(folder), "--tessdata", str(tessdata), *options],
            cwd=installed,
            env={**os.environ, "PYTHONPATH": ".ansible/collections", "ANSIBLE_NOCOLOR": "1", **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout[-20_000:] + finished.stderr
        return finished.stdout + finished.stderr + (folder / "ansible.log").read_text()

    return run


@pytest.fixture(scope="module")
def runs(demo: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> _Runs:
    folder = tmp_path_factory.mktemp("demo")
    newest, not_newest = _newest()
    first = demo(folder, python=newest, ANSIBLE_DEPRECATION_WARNINGS="true")
    return _Runs(first, demo(folder), folder, not_newest)


def _newest() -> tuple[Path, str]:
    """Return the Python for the first run, and why it is not the newest Ansible's, empty where it is."""
    if chosen() is not None:
        return Path(sys.executable), "" if chosen() == NEWEST else "another Ansible was chosen"
    try:
        return environment(NEWEST), ""
    except NoPythonError as error:
        return Path(sys.executable), str(error)


def _changes(printed: str) -> dict[str, int]:
    """Return the number of changed tasks of each host in the play recap."""
    return {host: int(count) for host, count in re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", printed, re.MULTILINE)}


def test_every_document_is_accounted_for(runs: _Runs) -> None:
    account = re.search(
        r"^input (\d+) = (\d+) done \+ (\d+) failed \+ (\d+) pending \(balances\)", runs.first, re.MULTILINE
    )
    assert account is not None
    total, done, failed, pending = map(int, account.groups())
    assert total == done + failed + pending
    assert pending == 0
    # The scan is read, and so is the picture of the text whose encoding is wrong, which shows the same wrong letters.
    assert failed == 3
    # The blank sheets, and the drawing, in which OCR finds no text either.
    assert "2 empty_output, 1 unreadable" in runs.first
    assert "skipped before the cut: 1 corrupt, 1 empty, 1 encrypted" in runs.first


def test_the_report_is_also_a_page(runs: _Runs) -> None:
    (page,) = re.findall(r"^the report as a page: (.+)$", runs.first, re.MULTILINE)
    text = Path(page).read_text()
    assert "glossapi-farm-demo" in text
    assert "Shards of stage text" in text
    assert "Shards of stage ocr" in text
    # Of a run of seconds, too.
    assert "Nothing was measured yet" not in text
    assert "OpenArchive-Shard-4" in text
    kept = [Path(page).with_name(f"report-{stage}.txt").read_text() for stage in ("text", "ocr")]
    assert Path(page).with_suffix(".txt").read_text() == kept[1]
    assert "OpenArchive-Shard-4" in kept[0]


def test_four_nodes_come_from_the_inventory_and_all_work(runs: _Runs) -> None:
    nodes = {host: count for host, count in _changes(runs.first).items() if host.startswith("OpenArchive-Shard-")}
    # Each tries the pipelines of both stages, then starts its shard, and again for the pages to recognise.
    assert nodes.keys() == {f"OpenArchive-Shard-{number}" for number in range(1, _EMULATED_NODES + 1)}
    assert sorted(nodes.values()) == [4, 4, 4, 4]


def test_a_second_run_changes_nothing_and_says_so(runs: _Runs) -> None:
    assert set(_changes(runs.second).values()) == {0}
    assert "nothing new to do: every object in S3 is as it was" in runs.second


@pytest.mark.thorough
def test_check_mode_on_an_empty_farm_says_what_cannot_be_told_yet(demo: Callable[..., str], tmp_path: Path) -> None:
    checked = demo(tmp_path, "--", "--check")
    assert "There is no page count table at s3://demo-manifests/farm/page_counts_master.csv" in checked
    assert _changes(checked)["localhost"] > 0
    # What it says it would do, it has not done.
    assert "counted 59 of 59 listed, 0 known" in demo(tmp_path)


@pytest.mark.thorough
def test_check_mode_on_a_finished_farm_changes_nothing_and_shows_the_report(
    runs: _Runs, demo: Callable[..., str]
) -> None:
    checked = demo(runs.folder, "--", "--check")
    assert set(_changes(checked).values()) == {0}
    assert "(balances)" in checked


def test_every_page_was_counted_in_the_first_run(runs: _Runs) -> None:
    assert "counted 59 of 59 listed, 0 known" in runs.first


def test_the_plan_is_shown_before_and_what_was_measured_after_it(runs: _Runs) -> None:
    assert "627 pages left" in runs.first
    assert "0.05 s a page and GPU, or worker without one, assumed" in runs.first
    assert "0 pages left, 0 s until the last shard is finished" in runs.second
    assert "a page and GPU, or worker without one, measured over " in runs.second
    assert "spent: $" in runs.first


def test_nothing_that_the_collection_does_is_deprecated_in_the_newest_ansible(runs: _Runs) -> None:
    if runs.not_newest:
        pytest.skip(runs.not_newest)
    told = re.findall(r"\[DEPRECATION WARNING\]: (.*)", runs.first)
    # The warnings were on.
    assert told
    assert [text for text in told if not any(re.match(of_others, text) for of_others in _OF_OTHERS)] == []


def test_nothing_else_is_warned_of(runs: _Runs) -> None:
    warned = re.findall(r"\[WARNING\]: (.*)", runs.first)
    assert [text for text in warned if not text.startswith("Deprecation warnings can be disabled")] == []
