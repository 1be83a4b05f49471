# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools

from demo.story import Steps, failure

_SETTINGS = "TASK [glossapi.farm.settings : Check that every setting is known] ***"


def _shown(said: list[str]) -> list[str]:
    shown: list[str] = []
    clock = itertools.count(0.0, 1.5)
    steps = Steps(shown.append, lambda: next(clock))
    for line in said:
        steps.line(line)
    steps.end()
    steps.end()
    return "".join(shown).splitlines()


def test_each_play_is_a_line_with_its_seconds() -> None:
    said = ["[WARNING]: odd", "PLAY [Count] *****", _SETTINGS, "ok: [localhost]", "TASK [Count] ***", "ok: [localhost]"]
    said += ["PLAY [Cut shards] ***", "TASK [Cut shards] ***", "changed: [localhost]"]
    assert _shown(said) == [f"Count {'.' * 54}   1.5 s", f"Cut shards {'.' * 49}   1.5 s"]


def test_a_play_that_skipped_all_its_tasks_had_nothing_to_do() -> None:
    said = ["PLAY [Fetch weights] ***", _SETTINGS, "ok: [localhost]", "TASK [Fetch] ***", "skipping: [localhost]"]
    assert _shown(said) == [f"Fetch weights {'.' * 46} nothing to do"]


def test_a_play_without_tasks_of_its_own_is_not_shown() -> None:
    said = ["PLAY [Wait for the nodes] ***", "skipping: no hosts matched", "PLAY [Check the settings] ***", _SETTINGS]
    assert _shown([*said, "ok: [localhost]"]) == []


def test_a_play_that_was_interrupted_ends_its_line() -> None:
    shown: list[str] = []
    steps = Steps(shown.append)
    for line in ["PLAY [Count] ***", "TASK [Count] ***"]:
        steps.line(line)
    steps.interrupted()
    steps.end()
    assert "".join(shown) == f"Count {'.' * 54} interrupted\n"


def test_of_a_failure_the_first_task_is_shown_and_no_more() -> None:
    said = ["TASK [a] ***", "ok: [localhost]", "fatal: [localhost]: FAILED! => ", "    msg: no disk", "", "PLAY RECAP"]
    assert failure(said) == "fatal: [localhost]: FAILED! =>\n    msg: no disk"
    assert failure(["[ERROR]: no inventory", "", "more"]) == "[ERROR]: no inventory"
    assert len(failure(["failed: [a]", *["x"] * 99]).splitlines()) == 15
    assert failure(["ok: [localhost]"]) == ""
