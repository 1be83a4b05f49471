# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.child import Child, is_ready, library_environment
from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import owned_by
from tests.support.shards import until

# For what hangs.
HANG_SECONDS = 120
# Of this run alone: another checkout may be tested beside it.
OWNER = f"owner-of-the-child-test-{os.getpid()}"
ATTACH = """
import os, subprocess, sys, time
from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import attach
parent = attach()
"""
ECHO = f"{ATTACH}parent.tell_ready('r1')\nfor message in parent: parent.tell([message])\n"
Result = TypeVar("Result")
Run = Callable[[str, Callable[[Child], Awaitable[Result]]], Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run[object]:
    """Return a function that has something done with a child that runs the source it is given."""
    monkeypatch.syspath_prepend(tmp_path)

    def run_with(source: str, work: Callable[[Child], Awaitable[object]]) -> object:
        (tmp_path / "module_of_the_test.py").write_text(source, encoding="utf-8")

        async def started() -> object:
            child = await Child.start("module_of_the_test", owner=OWNER)
            try:
                return await work(child)
            finally:
                await child.kill()

        return asyncio.run(started())

    return run_with


def test_a_child_is_ready_and_answers_each_message_until_its_input_ends(run: Run[object]) -> None:
    async def work(child: Child) -> None:
        first = await child.first_message()
        assert is_ready(first)
        assert first["ready"] == "r1"
        assert [await child.ask(message, HANG_SECONDS) for message in (1, {"λ": None})] == [[1], [{"λ": None}]]
        child.end_input()
        assert await child.receive() is None
        assert await child.status(HANG_SECONDS) == 0

    run(ECHO, work)


def test_what_a_child_says_in_place_of_being_ready_is_passed_on(run: Run[object]) -> None:
    async def work(child: Child) -> object:
        return await child.first_message()

    message = run(f"{ATTACH}parent.tell({{'gpu': 'none'}})\n", work)
    assert message == {"gpu": "none"}
    assert not is_ready(message)


@pytest.mark.parametrize("source", ["raise SystemExit(3)\n", "import os; os.write(1, b'no message\\n')\n"])
def test_a_child_that_ends_before_it_is_ready_says_nothing(run: Run[object], source: str) -> None:
    async def work(child: Child) -> object:
        return await child.first_message(HANG_SECONDS)

    assert run(source, work) is None


def test_a_child_has_its_own_time_to_start_and_another_for_each_answer(run: Run[object]) -> None:
    async def work(child: Child) -> None:
        assert await child.first_message(0.05) is None
        assert is_ready(await child.first_message())
        with pytest.raises(TimeoutError):
            await child.ask("question", 0.05)

    run(f"{ATTACH}time.sleep(1)\nparent.tell_ready()\ntime.sleep(600)\n", work)


def test_a_child_that_dies_gives_no_answer_but_its_status(run: Run[object]) -> None:
    async def work(child: Child) -> None:
        await child.first_message()
        assert await child.ask("question", HANG_SECONDS) is None
        assert await child.status(HANG_SECONDS) == -signal.SIGSEGV

    run(f"{ATTACH}parent.tell_ready()\nnext(iter(parent))\nos.kill(os.getpid(), 11)\n", work)


def test_that_a_child_is_gone_is_seen_although_the_loop_has_not_run(run: Run[object]) -> None:
    async def work(child: Child) -> None:
        await child.first_message()
        assert not child.ended
        process = psutil.Process(child.process_id)
        process.kill()
        psutil.wait_procs([process], timeout=HANG_SECONDS)
        assert child.ended

    run(ECHO, work)


def test_a_killed_child_leaves_nothing_that_it_started(run: Run[object]) -> None:
    sleeper = "subprocess.Popen(['sleep', '600'], start_new_session=True)"

    async def work(child: Child) -> None:
        assert is_ready(await child.first_message())
        # For a moment after its start /proc does not have a process's environment.
        await asyncio.to_thread(until, lambda: len(owned_by(OWNER)) == 2)

    run(f"{ATTACH}{sleeper}\nparent.tell_ready()\ntime.sleep(600)\n", work)
    assert owned_by(OWNER) == []


def test_a_child_that_ended_by_itself_leaves_nothing_that_holds_its_pipes(run: Run[object]) -> None:
    holder = "subprocess.Popen(['sleep', '600'], start_new_session=True, stdout=answers)"

    async def work(child: Child) -> None:
        await child.first_message()
        assert await child.ask("question", HANG_SECONDS) is None

    run(f"import os\nanswers = os.dup(1)\n{ATTACH}parent.tell_ready()\nnext(iter(parent))\n{holder}\n", work)
    assert owned_by(OWNER) == []


@pytest.mark.parametrize("first", [{"ready": "1a2b"}, {"ready": ""}, {"ready": None}])
def test_a_child_is_ready_whatever_it_tells_of_itself(first: object) -> None:
    assert is_ready(first)


@pytest.mark.parametrize("first", [None, "noise", {"gpu": "gone"}, 5])
def test_nothing_else_is_taken_for_being_ready(first: object) -> None:
    assert not is_ready(first)


def test_a_child_finds_what_this_process_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend("/an/archive.zip")
    assert library_environment()["PYTHONPATH"].startswith(f"/an/archive.zip{os.pathsep}")


def test_a_process_without_a_mark_in_a_session_of_its_own_ends_with_the_child(run: Run[object]) -> None:
    program = (
        f"{ATTACH}left = subprocess.Popen(['sleep', '600'], env={{}}, start_new_session=True)\n"
        "parent.tell(left.pid)\nfor message in parent: pass\n"
    )

    async def work(child: Child) -> object:
        return await child.first_message()

    left = run(program, work)
    assert isinstance(left, int)
    # Its end is the machine's first process' to take note of.
    until(lambda: not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE)
