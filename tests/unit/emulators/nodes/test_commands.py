# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys

import pytest

from emulators.nodes.commands import run


def test_a_programs_output_is_returned() -> None:
    assert run(sys.executable, "-c", "print(input().upper())", text="text\n") == "TEXT\n"


def test_a_failure_has_the_status_and_what_the_program_said() -> None:
    with pytest.raises(RuntimeError, match=r"status 3\n(?s:.*)why"):
        run(sys.executable, "-c", "import sys; print('why', file=sys.stderr); sys.exit(3)")


def test_a_program_that_is_missing_is_named() -> None:
    with pytest.raises(RuntimeError, match="no-such-program is not installed"):
        run("no-such-program")
