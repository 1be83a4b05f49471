# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import psutil

from tests.stress import busy, main
from tests.support.shards import until


def test_each_loop_computes_and_none_is_left() -> None:
    with busy(2) as loops:
        processes = [psutil.Process(process.pid) for process in loops]
        until(lambda: all(sum(process.cpu_times()[:2]) > 0.2 for process in processes), 300)
    assert not any(process.is_running() for process in processes)


def test_the_status_is_the_commands() -> None:
    assert main(["sh", "-c", "exit 3"]) == 3
