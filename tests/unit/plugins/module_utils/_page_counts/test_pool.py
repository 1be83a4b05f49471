# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._page_counts.pool import reader_processes


@pytest.mark.parametrize(
    ("max_workers", "cores", "processes"), [(1, 8, 1), (31, 8, 1), (64, 2, 2), (64, 48, 2), (512, 8, 8), (512, 48, 16)]
)
def test_there_are_as_many_readers_as_cores_and_work_for_them(max_workers: int, cores: int, processes: int) -> None:
    assert reader_processes(max_workers, cores) == processes
