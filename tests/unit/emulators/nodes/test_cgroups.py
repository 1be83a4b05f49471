# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from emulators.nodes import cgroups
from emulators.nodes.cgroups import Cgroup


@pytest.fixture
def hierarchies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Have folders in place of this machine's hierarchies."""
    found = [tmp_path / "unified", tmp_path / "cpuset"]
    for each in found:
        each.mkdir()
    monkeypatch.setattr(cgroups, "_hierarchies", lambda: found)
    return found


def test_a_group_is_made_in_every_hierarchy_and_removed_with_the_parent(hierarchies: list[Path]) -> None:
    group = Cgroup("f1-0")
    group.create()
    assert all((each / "glossapi-nodes" / "f1-0").is_dir() for each in hierarchies)
    group.remove()
    assert [list(each.iterdir()) for each in hierarchies] == [[], []]


def test_the_parent_stays_while_another_node_has_a_group(hierarchies: list[Path]) -> None:
    first, second = Cgroup("f1-0"), Cgroup("f1-1")
    first.create()
    second.create()
    first.remove()
    assert [each.name for each in (hierarchies[0] / "glossapi-nodes").iterdir()] == ["f1-1"]


def test_a_cpuset_gets_what_its_parent_has_before_a_process_is_moved_there(hierarchies: list[Path]) -> None:
    cpuset = hierarchies[1]
    group = cpuset / "glossapi-nodes" / "f1-0"
    group.mkdir(parents=True)
    for folder, cpus in ((cpuset, "0-1"), (group.parent, ""), (group, "")):
        (folder / "cpuset.cpus").write_text(cpus)
    Cgroup("f1-0").create()
    assert (group / "cpuset.cpus").read_text() == "0-1"


def test_processes_of_groups_below_are_the_groups_too(hierarchies: list[Path]) -> None:
    group = Cgroup("f1-0")
    group.create()
    below = hierarchies[0] / "glossapi-nodes" / "f1-0" / "system.slice"
    below.mkdir()
    (below / "cgroup.procs").write_text("12\n13\n")
    group.add(11)
    assert group.processes() == {11, 12, 13}
