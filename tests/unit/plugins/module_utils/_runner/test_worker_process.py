# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker_process import describe_status


@pytest.mark.parametrize(
    ("status", "words"), [(None, "closed its pipe"), (3, "ended with status 3"), (-11, "was ended by SIGSEGV")]
)
def test_the_end_of_a_worker_is_told_in_words(status: int | None, words: str) -> None:
    assert describe_status(status) == words
