# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import Heartbeat, Readings
from ansible_collections.glossapi.farm.plugins.module_utils._status.watch import Watch
from tests.support.progress import make_progress
from tests.support.queued import queued_progress


def test_each_look_tells_a_line_and_trouble_only_when_it_is_new() -> None:
    def heard(age: float, *problems: str, **fields: Any) -> Readings[Heartbeat]:
        return Readings({1: Heartbeat(make_progress(**fields), age)}, problems)

    well, silent = heard(1.0), heard(400.0)
    still_silent = heard(430.0)
    drained = heard(460.0, drained={"0": "Xid 79"})
    unreadable = heard(2.0, "shard 2: what?")
    looks = iter([well, silent, still_silent, drained, well, unreadable])
    told: list[str] = []
    watch = Watch([1], lambda: next(looks), 300, told.append)
    assert watch.look() == {1: make_progress()}
    line = "2 of 4 documents done"
    assert [text[: len(line)] for text in told] == [line]
    watch.look()
    assert told[2:] == ["shard 1: no heartbeat from OpenArchive-Shard-1 for 6 min 40 s: run process.yml again"]
    watch.look()
    assert len(told) == 4
    watch.look()
    assert told[-1] == "shard 1: slot 0 of OpenArchive-Shard-1 works no more: Xid 79"
    watch.look()
    assert told[-1].startswith(line)
    watch.look()
    assert told[-1] == "shard 2: what?"


def test_of_a_queue_those_who_take_pieces_now_are_told() -> None:
    looks = iter([Readings[Heartbeat]({}), Readings({4: Heartbeat(queued_progress(4), 1.0)})])
    told: list[str] = []
    watch = Watch(None, lambda: next(looks), 300, told.append)
    watch.look()
    assert watch.look() == {4: queued_progress(4)}
    assert [line.partition("; supervisors: ")[2] for line in told] == ["none yet", "1 running"]
    assert "14 documents and 1200 pages" in told[1]
