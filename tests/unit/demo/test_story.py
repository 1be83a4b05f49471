# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools

from demo.story import Steps, failure


def test_each_play_is_a_line_with_its_seconds() -> None:
    shown: list[str] = []
    clock = itertools.count(0.0, 1.5)
    steps = Steps(shown.append, lambda: next(clock))
    said = ["[WARNING]: odd", "PLAY [Count] *****", "TASK [Count] ***", "ok: [localhost]", "PLAY [Cut shards] ***"]
    for line in said:
        steps.line(line)
    steps.end()
    steps.end()
    assert "".join(shown).splitlines() == [f"Count {'.' * 54}   1.5 s", f"Cut shards {'.' * 49}   1.5 s"]


def test_of_a_failure_the_first_task_is_shown_and_no_more() -> None:
    said = ["TASK [a] ***", "ok: [localhost]", "fatal: [localhost]: FAILED! => ", "    msg: no disk", "", "PLAY RECAP"]
    assert failure(said) == "fatal: [localhost]: FAILED! =>\n    msg: no disk"
    assert failure(["[ERROR]: no inventory", "", "more"]) == "[ERROR]: no inventory"
    assert len(failure(["failed: [a]", *["x"] * 99]).splitlines()) == 15
    assert failure(["ok: [localhost]"]) == ""
