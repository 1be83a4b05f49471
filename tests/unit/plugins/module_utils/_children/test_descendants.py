# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.descendants import (
    children_of,
    descendants_of,
    private_bytes,
)

_MEBIBYTE = 1 << 20
# A process with 40 MiB, whose child, in a session of its own, has 60.
_CHILD = f"taken = b'x' * {60 * _MEBIBYTE}; import time; print('up', flush=True); time.sleep(600)"
_PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {_CHILD!r}], stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
taken = b"x" * {40 * _MEBIBYTE}
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def family() -> Iterator[tuple[int, int]]:
    """A process and its child."""
    with subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        yield parent.pid, child
        os.kill(child, 9)
        parent.kill()


def test_what_a_process_started_is_found_whatever_its_session(family: tuple[int, int]) -> None:
    parent, child = family
    assert children_of(parent) == [child]
    assert descendants_of(parent) == [child]
    assert parent in children_of(os.getpid())
    assert descendants_of(os.getpid())[-1] == child


def test_the_memory_of_a_process_is_that_of_all_it_started(family: tuple[int, int]) -> None:
    parent, child = family
    assert 60 * _MEBIBYTE < private_bytes(child) < 90 * _MEBIBYTE
    assert 100 * _MEBIBYTE < private_bytes(parent) < 150 * _MEBIBYTE


def test_a_process_that_is_gone_has_neither() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    assert (descendants_of(gone.pid), private_bytes(gone.pid)) == ([], 0)
