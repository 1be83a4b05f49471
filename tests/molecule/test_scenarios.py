# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run every molecule scenario on booted nodes, some at the same time, and leave nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from emulators.nodes.fleet import remove_all
from emulators.nodes.host import install_tools, obstacle
from emulators.nodes.image import have_image
from tests.support.ansible_playbook import write_program
from tests.support.run_folder import run_folder

_ROOT = Path(__file__).parents[2]
_FOLDER = _ROOT / "extensions" / "molecule"
# The longest first, or the last one would run alone.
_LONG = ("configure", "roles", "fleet", "glossapi", "shard_worker", "nvidia_driver")
# Played by the scenario roles.
_TOGETHER = {
    Path(play["ansible.builtin.import_playbook"]).parent.name
    for play in yaml.safe_load((_FOLDER / "roles/converge.yml").read_text())
}
_SCENARIOS = [*_LONG, *sorted({file.parent.name for file in _FOLDER.glob("*/molecule.yml")} - {*_LONG, *_TOGETHER})]
_LIMIT_SECONDS = 5400
_LINES_BEFORE, _LINES = 10, 60
# As they were before tests were cut off from the network: a scenario may need a package. AWS stays out of its reach.
_PROXIES = {
    name: os.environ.get(name) for upper in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY") for name in (upper, upper.lower())
}

pytestmark = pytest.mark.skipif(bool(obstacle()), reason=obstacle())

Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Run]]]:
    """Start the selected scenarios, two more than there are cores: half of their time is waiting."""
    install_tools()
    have_image()
    write_program(run_folder("programs"))
    selected = [item.callspec.params["scenario"] for item in request.session.items if hasattr(item, "callspec")]
    with ThreadPoolExecutor((os.cpu_count() or 1) + 2) as pool:
        try:
            yield {scenario: pool.submit(_run, scenario) for scenario in selected}
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            remove_all(_ROOT)


def _run(scenario: str) -> Run:
    binaries = Path(sys.executable).parent
    environment = {name: value for name, value in {**os.environ, **_PROXIES}.items() if value is not None}
    # A scenario runs Ansible six times or more.
    path = (str(run_folder("programs")), str(binaries), os.environ["PATH"])
    return subprocess.run(
        [binaries / "molecule", "test", "--scenario-name", scenario],
        cwd=_ROOT,
        env={**environment, "PATH": os.pathsep.join(path), "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_LIMIT_SECONDS,
        check=False,
    )


@pytest.mark.parametrize("scenario", _SCENARIOS)
def test_a_scenario_converges_changes_nothing_twice_and_survives_what_it_breaks(
    scenario: str, runs: dict[str, Future[Run]]
) -> None:
    finished = runs[scenario].result()
    if finished.returncode != 0:
        pytest.fail(f"`molecule test -s {scenario}` failed:\n{_what_failed(finished.stdout)}", pytrace=False)


def _what_failed(output: str) -> str:
    """Return the lines from the first failed task on: the fact that matters must not be lost where output is cut."""
    lines = output.splitlines()
    failed = (number for number, line in enumerate(lines) if line.startswith(("fatal:", "failed:", "[ERROR]", "ERROR")))
    first = next(failed, len(lines))
    return "\n".join(lines[max(first - _LINES_BEFORE, 0) :][:_LINES])
