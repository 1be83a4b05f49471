# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch import health
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.gpus import parse_gpus
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.health import (
    GpuHealth,
    Look,
    drain_reason,
    gpu_health,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.xids import parse_xids
from tests.support.config import a_config
from tests.support.machine import FATAL, LISTING, OTHER, RESTART, GpuMachine

SLOTS = ("0", "1")
GPUS = tuple(parse_gpus(LISTING))


def seen(*lines: str, **errors: str) -> Look:
    return Look(GPUS, {name.removeprefix("gpu"): error for name, error in errors.items()}, tuple(parse_xids(lines)))


@pytest.mark.parametrize("need", [GpuNeed.ALWAYS, GpuNeed.PERHAPS])
def test_a_gpu_with_a_fatal_error_is_drained_and_no_other(need: GpuNeed) -> None:
    look = seen(OTHER, FATAL)
    assert drain_reason("0", look, need) is None
    for slot in ("1", "GPU-b", "0,1"):
        reason = drain_reason(slot, look, need)
        assert reason is not None
        assert "Xid 79 (GPU has fallen off the bus.). Reboot the machine." in reason


def test_a_gpu_with_a_fatal_error_is_drained_with_all_its_slots() -> None:
    look = seen(FATAL)
    assert drain_reason("1:1", look, GpuNeed.ALWAYS) == drain_reason("1:2", look, GpuNeed.ALWAYS) is not None
    assert drain_reason("0:2", look, GpuNeed.ALWAYS) is None


def test_each_worker_on_a_gpu_is_started_again_after_an_error_that_none_of_them_survives(machine: GpuMachine) -> None:
    async def check() -> list[list[bool]]:
        watch = GpuHealth(GpuNeed.ALWAYS, SLOTS)
        found = []
        for line in (OTHER, RESTART, OTHER):
            await watch.check_slot("0:1")
            found.append([await watch.restart_reason(slot) is not None for slot in ("0:1", "1:1", "1:2")])
            machine.log(line)
        return found

    assert asyncio.run(check()) == [[False] * 3, [False] * 3, [False, True, True]]


@pytest.mark.parametrize("line", [RESTART, OTHER])
def test_other_errors_drain_nothing(line: str) -> None:
    assert drain_reason("1", seen(line), GpuNeed.ALWAYS) is None


@pytest.mark.parametrize(("slot", "words"), [("2", "lists no GPU '2', but 0, 1"), ("", "lists no GPU ''")])
def test_a_gpu_that_is_not_there_drains_the_slot_that_needs_it(slot: str, words: str) -> None:
    assert words in str(drain_reason(slot, seen(), GpuNeed.ALWAYS))
    assert drain_reason(slot, seen(), GpuNeed.PERHAPS) is None


def test_a_gpu_that_does_not_answer_drains_its_slot_where_that_needs_it() -> None:
    look = seen(gpu1="nvidia-smi does not answer within 30 s.")
    assert drain_reason("1", look, GpuNeed.ALWAYS) == "GPU 1 does not answer: nvidia-smi does not answer within 30 s."
    assert drain_reason("0", look, GpuNeed.ALWAYS) is None
    assert drain_reason("1", look, GpuNeed.PERHAPS) is None


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GpuMachine:
    return GpuMachine(tmp_path, monkeypatch)


def test_slots_that_ask_at_the_same_time_share_a_look(machine: GpuMachine) -> None:
    async def check() -> list[str | None]:
        health = GpuHealth(GpuNeed.ALWAYS, SLOTS)
        return list(await asyncio.gather(*(health.check_slot(slot) for slot in ("0", "1", "0", "1"))))

    machine.log(FATAL)
    reasons = asyncio.run(check())
    assert [reason is None for reason in reasons] == [True, False, True, False]
    # The first one's look had begun when the others asked; those share the next.
    assert sorted(machine.calls) == ["journalctl"] * 2 + ["nvidia-smi"] * 2


def test_what_the_kernel_said_before_a_slot_asks_is_always_seen_even_where_the_wall_clock_is_set_back(
    machine: GpuMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = count(1_700_000_000, -86_400)
    monkeypatch.setattr(time, "time", lambda: next(days))

    async def check() -> list[str | None]:
        health = GpuHealth(GpuNeed.ALWAYS, SLOTS)
        before = await health.check_slot("1")
        machine.log(FATAL)
        return [before, await health.check_slot("1")]

    before, after = asyncio.run(check())
    assert before is None
    assert after is not None


def test_a_gpu_that_is_lost_is_asked_for_again_and_then_no_more(
    machine: GpuMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_RETRY_SECONDS", 0.01)

    async def check() -> list[bool]:
        watch = GpuHealth(GpuNeed.ALWAYS, SLOTS)
        before = await watch.check_slot("1")
        machine.lose(1)
        after = [await watch.check_slot(slot) for slot in ("1", "0")]
        return [reason is None for reason in (before, *after)]

    assert asyncio.run(check()) == [True, False, True]
    # For all; for all and each, twice; for all and the one that is left.
    assert machine.calls.count("nvidia-smi") == 1 + 2 * 3 + 2


def test_a_worker_is_started_again_once_for_each_new_error_of_its_gpu(
    machine: GpuMachine,
) -> None:
    async def check() -> list[bool]:
        watch = GpuHealth(GpuNeed.ALWAYS, SLOTS)
        found = []
        for line in ("before the worker", RESTART, "nothing new", RESTART, OTHER):
            await watch.check_slot("0")
            found.append([await watch.restart_reason(slot) is not None for slot in ("0", "1")])
            machine.log(line)
        return [has_1 for has_0, has_1 in found if not has_0]

    machine.log(RESTART)
    assert asyncio.run(check()) == [False, False, True, False, True]


def config(pipeline: str, options: dict[str, Any]) -> RunConfig:
    return a_config(pipeline=pipeline, pipeline_options=options)


def test_pipelines_on_a_cpu_are_not_watched(machine: GpuMachine) -> None:
    assert gpu_health(config("pdftext", {})) is None
    assert gpu_health(config("glossapi", {"backend": "safe"})) is None
    assert gpu_health(config("glossapi", {})) is not None
    assert gpu_health(config("command", {"command": "a"})) is not None
    assert machine.calls == []


def test_a_machine_without_gpus_is_not_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gpu_health(config("glossapi", {})) is None


def test_a_kernel_log_that_may_not_be_read_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    program = tmp_path / "journalctl"
    program.write_text("#!/bin/sh\necho -- No entries --\necho Hint: you are not seeing messages >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for _time in range(2):
        assert asyncio.run(health.kernel_log()) == []
    (record,) = caplog.records
    assert "systemd-journal" in record.getMessage()
    assert "Hint" in record.getMessage()
