# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import sys

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.programs import Answer, ask
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError


def test_a_program_answers_with_its_status() -> None:
    script = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    assert asyncio.run(ask(sys.executable, "-c", script, seconds=60)) == Answer(3, "out\n", "err\n")


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(FarmError, match="no-such-program cannot be run"):
        asyncio.run(ask("no-such-program", seconds=60))


def test_a_program_that_hangs_is_ended() -> None:
    with pytest.raises(FarmError, match="does not answer within"):
        asyncio.run(ask(sys.executable, "-c", "import time; time.sleep(600)", seconds=0.1))
