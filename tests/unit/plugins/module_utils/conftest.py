# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from types import ModuleType

import pytest

from tests.support.clock import Clock, ClockOf


@pytest.fixture
def clock_of(monkeypatch: pytest.MonkeyPatch) -> ClockOf:
    """Give a module a clock of its own; asyncio, S3 and whoever else runs in this process keep theirs."""

    def install(module: ModuleType) -> Clock:
        clock = Clock()
        monkeypatch.setattr(module, "time", clock)
        return clock

    return install
