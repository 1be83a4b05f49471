# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._nodes.commands import run


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["sh", "-c", "echo one; echo two >&2; exit 3"], (3, "one\ntwo")),
        (["sh", "-c", "echo $LC_ALL"], (0, "C.UTF-8")),
    ],
)
def test_status_and_both_outputs_are_returned(command: list[str], expected: tuple[int, str]) -> None:
    assert run(command, 60) == expected


def test_what_does_not_end_or_is_not_there_has_a_status_of_its_own() -> None:
    status, told = run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)
    assert (status, "did not end within 0.2 s" in told) == (124, True)
    status, told = run(["/no/such/program"], 60)
    assert (status, "/no/such/program" in told) == (127, True)
