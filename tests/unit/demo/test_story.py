# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import itertools

import pytest

from demo.story import Steps, failure

_SETTINGS = "TASK [glossapi.farm.settings : Check that every setting is known] ***"


def _shown(said: list[str], terminal: bool = False) -> str:
    shown: list[str] = []
    clock = itertools.count(0.0, 1.5)
    steps = Steps(shown.append, terminal, lambda: next(clock))
    for line in said:
        steps.line(line)
    steps.end()
    steps.end()
    return "".join(shown)


def _play(name: str, *tasks: str) -> list[str]:
    """Return what Ansible prints of a play with the settings' check and further tasks, which end as it is said."""
    said = [f"PLAY [{name}] *****", _SETTINGS, "ok: [localhost]"]
    return [*said, *(line for task in tasks for line in (f"TASK [{name}] ***", f"{task}: [localhost]"))]


def test_each_play_is_a_line_with_its_seconds() -> None:
    said = ["[WARNING]: odd", *_play("Count", "ok"), *_play("Cut shards", "skipping", "changed")]
    assert _shown(said) == f"Count {'.' * 54}   1.5 s\nCut shards {'.' * 49}   1.5 s\n"
    assert _shown(said, terminal=True) == _shown(said)


def test_what_a_server_answers_and_what_ansible_warns_of_are_not_shown() -> None:
    page = ["<!DOCTYPE HTML>", "<html><title>404 Not Found</title>", "[DEPRECATION WARNING]: a call that goes away"]
    assert _shown([*page, *_play("Count", "ok"), *page]) == _shown(_play("Count", "ok"))


def test_a_play_that_skipped_all_its_tasks_is_not_shown_and_a_terminal_forgets_it() -> None:
    said = [*_play("Fetch weights", "skipping"), *_play("Count", "ok")]
    assert _shown(said) == f"Count {'.' * 54}   1.5 s\n"
    assert _shown(said, terminal=True) == f"Fetch weights {'.' * 46} \r\x1b[K{_shown(said)}"


def test_a_play_without_tasks_of_its_own_is_not_shown() -> None:
    assert _shown(["PLAY [Wait for the nodes] ***", "skipping: no hosts matched", *_play("Check the settings")]) == ""


def test_the_plays_of_a_stage_are_one_step() -> None:
    said = [*_play("Cut what waits for stage ocr", "skipping"), *_play("Start the shards of stage ocr", "changed")]
    said += [*_play("Wait and report on stage ocr", "ok"), *_play("Wait and report on stage math", "skipping")]
    assert _shown(said) == f"Process stage ocr {'.' * 42}   1.5 s\n"


def test_a_play_that_comes_again_counts_with_what_follows_it() -> None:
    said = [*_play("Create the buckets", "ok"), *_play("Create the buckets", "ok"), *_play("Count", "ok")]
    assert _shown(said) == f"Create the buckets {'.' * 41}   1.5 s\nCount {'.' * 54}   1.5 s\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_a_play_that_was_interrupted_ends_its_line(terminal: bool) -> None:
    shown: list[str] = []
    steps = Steps(shown.append, terminal)
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
