# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import NoReturn

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.forked import ForkFailure, call_forked

_LONG = 60.0


def test_what_the_call_returns_comes_back_whatever_its_length() -> None:
    assert call_forked(lambda: b"", _LONG) == b""
    assert call_forked(lambda: b"x" * 1_000_000, _LONG) == b"x" * 1_000_000


def test_what_is_loaded_here_is_there_too_and_what_happens_there_is_not_here() -> None:
    seen = [1]
    assert call_forked(lambda: bytes([*seen, seen.append(2) or len(seen)]), _LONG) == b"\1\2"  # type: ignore[func-returns-value]
    assert seen == [1]


def test_a_call_without_end_is_killed(tmp_path: Path) -> None:
    process_id = tmp_path / "id"

    def hang() -> NoReturn:
        process_id.write_text(str(os.getpid()))
        while True:
            signal.pause()

    assert call_forked(hang, 1.0) is None
    assert not process_id.exists() or not Path("/proc", process_id.read_text()).exists()


def test_an_exception_is_told() -> None:
    def fail() -> bytes:
        raise ValueError("no such page")

    with pytest.raises(ForkFailure, match=r"^ValueError: no such page$"):
        call_forked(fail, _LONG)


def test_a_crash_is_told_by_its_signal() -> None:
    def crash() -> bytes:
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGSEGV)
        time.sleep(_LONG)
        return b""

    with pytest.raises(ForkFailure, match="SIGSEGV"):
        call_forked(crash, _LONG)
