# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from collections.abc import Iterator

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.polling import first_reason


def test_the_first_reason_ends_it_and_an_error_is_none() -> None:
    def answers() -> Iterator[str | None]:
        yield None
        yield None
        yield "a reason"
        yield "never asked for"

    ask = answers()
    asked = []

    def look() -> str | None:
        asked.append(1)
        if len(asked) == 2:
            raise FarmError("S3 is out of reach")
        return next(ask)

    assert asyncio.run(first_reason(look, 0)) == "a reason"
    assert len(asked) == 4
