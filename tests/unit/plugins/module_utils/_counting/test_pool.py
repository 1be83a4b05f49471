# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._counting.pool import fallbacks_per_reader, reader_processes


@pytest.mark.parametrize(
    ("max_workers", "cores", "processes"), [(1, 8, 1), (31, 8, 1), (64, 2, 2), (64, 48, 2), (512, 8, 8), (512, 48, 16)]
)
def test_there_are_as_many_readers_as_cores_and_work_for_them(max_workers: int, cores: int, processes: int) -> None:
    assert reader_processes(max_workers, cores) == processes


@pytest.mark.parametrize(
    ("in_flight", "processes", "cores", "children"),
    [(1, 1, 8, 1), (64, 1, 2, 2), (32, 2, 2, 2), (16, 2, 2, 1), (32, 16, 48, 2), (128, 1, 8, 8)],
)
def test_a_reader_has_a_fallback_for_a_few_slots_and_no_more_than_its_cores_but_two(
    in_flight: int, processes: int, cores: int, children: int
) -> None:
    assert fallbacks_per_reader(in_flight, processes, cores) == children
