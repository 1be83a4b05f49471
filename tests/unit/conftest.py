# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.loaders import JSONFileLoader


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, also to ansible-test, which has a configuration of its own."""
    config.addinivalue_line("markers", "slow: takes a core for a while, or starts processes that do")


@pytest.fixture(scope="session", autouse=True)
def aws_descriptions() -> Iterator[None]:
    """Have botocore read what it knows of AWS once: each client of a new session reads it again, for 0.2 s."""
    read = cache(JSONFileLoader().load_file)

    def load_file(_loader: JSONFileLoader, file_path: str) -> Any:
        return read(file_path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JSONFileLoader, "load_file", load_file)
        yield
