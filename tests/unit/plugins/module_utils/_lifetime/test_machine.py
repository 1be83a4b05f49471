# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._lifetime.machine import Machine, is_at_work

NOW = 1_000_000.0


class Node:
    """A machine whose processes and systemd say what they are told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._programs = folder / "bin"
        self._proc = folder / "proc"
        self.mark = folder / "mark"
        self.hold = folder / "hold"
        for each in (self._programs, self._proc):
            each.mkdir()
        monkeypatch.setenv("PATH", f"{self._programs}:{os.defpath}")
        self.systemctl("exit 0")
        self.process(1, "/usr/lib/systemd/systemd\0--system\0")
        self.process(2, "")
        self.process(3, "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups\0")
        self.machine = Machine(self._proc, self.mark, self.hold)

    def systemctl(self, script: str) -> None:
        program = self._programs / "systemctl"
        program.write_text(f'#!/bin/sh\necho "$@" > {self._programs}/asked\n{script}\n')
        program.chmod(0o755)

    def asked(self) -> str:
        return (self._programs / "asked").read_text().strip()

    def process(self, number: int, command: str) -> None:
        (self._proc / str(number)).mkdir()
        (self._proc / str(number) / "cmdline").write_text(command)

    def started(self, text: str) -> None:
        (self._proc / "stat").write_text(text)

    def happened(self, seconds_ago: float) -> None:
        self.mark.touch()
        os.utime(self.mark, (NOW - seconds_ago, NOW - seconds_ago))


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Node:
    return Node(tmp_path, monkeypatch)


def test_a_machine_that_has_just_started_is_not_quiet(node: Node) -> None:
    assert node.machine.quiet_seconds(NOW) == 0
    assert node.mark.exists()


def test_it_is_quiet_since_something_happened_last(node: Node) -> None:
    node.happened(900)
    assert node.machine.quiet_seconds(NOW) == 900
    # Looking at it is nothing that happens.
    assert node.machine.quiet_seconds(NOW + 60) == 960


def test_a_clock_that_was_set_back_makes_nothing_quiet(node: Node) -> None:
    node.happened(-900)
    assert node.machine.quiet_seconds(NOW) == 0


@pytest.mark.parametrize(
    "command",
    [
        "sshd: ec2-user [priv]\0",
        "sshd: ec2-user@notty\0",
        "sshd-session: ec2-user@pts/0\0",
        "/usr/bin/ssm-session-worker\0operator-0123\0",
    ],
)
def test_whoever_is_connected_keeps_it_from_being_quiet(node: Node, command: str) -> None:
    node.happened(900)
    node.process(4, command)
    assert node.machine.quiet_seconds(NOW) == 0
    assert node.mark.stat().st_mtime > NOW


def test_a_program_that_mentions_ssh_is_nobody(node: Node) -> None:
    node.happened(900)
    node.process(4, "grep\0sshd: ec2-user\0")
    assert node.machine.quiet_seconds(NOW) == 900


def test_a_supervisor_keeps_it_from_being_quiet(node: Node) -> None:
    node.happened(900)
    node.systemctl("echo glossapi-shard@1.service loaded active running glossapi.farm shard 1")
    assert node.machine.quiet_seconds(NOW) == 0
    assert "--state=active,activating" in node.asked()
    assert node.asked().endswith("glossapi-shard@*.service")


def test_what_systemd_does_not_say_is_told(node: Node) -> None:
    node.happened(900)
    node.systemctl("exit 1")
    with pytest.raises(FarmError, match="systemd does not say what runs"):
        node.machine.quiet_seconds(NOW)
    with pytest.raises(FarmError, match="systemd does not say what runs"):
        is_at_work()


def test_a_mark_that_cannot_be_written_is_told(node: Node) -> None:
    machine = Machine(Path("/nowhere"), Path("/nowhere/mark"), node.hold)
    with pytest.raises(FarmError, match="/nowhere/mark cannot be written"):
        machine.quiet_seconds(NOW)


def test_a_file_holds_it(node: Node) -> None:
    assert not node.machine.is_held()
    node.hold.touch()
    assert node.machine.is_held()


def test_the_kernel_says_when_it_started(node: Node) -> None:
    node.started("cpu 1 2 3\nbtime 1700000000\nprocesses 5\n")
    assert node.machine.booted_at() == 1_700_000_000


def test_a_kernel_that_does_not_say_is_told(node: Node) -> None:
    with pytest.raises(FarmError, match="cannot be read"):
        node.machine.booted_at()
    node.started("cpu 1 2 3\n")
    with pytest.raises(FarmError, match="does not say when"):
        node.machine.booted_at()
