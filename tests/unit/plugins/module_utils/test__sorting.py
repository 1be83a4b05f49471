# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager, nullcontext
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._sorting import Lines, Sorter, split

_FIRST = itemgetter(slice(0, 1))


def _any_disk(_so_far: int) -> AbstractContextManager[None]:
    return nullcontext()


@given(st.lists(st.binary(min_size=1, max_size=3)), st.integers(min_value=0, max_value=30), st.integers(1, 5))
def test_lines_come_back_sorted_by_their_key_and_those_of_one_key_as_they_were_added(
    lines: Lines, bytes_in_memory: int, step: int
) -> None:
    sorter = Sorter(_FIRST, _any_disk, bytes_in_memory)
    for first in range(0, len(lines), step):
        sorter.add(lines[first : first + step])
    batches = list(sorter.sorted())
    assert [line for batch in batches for line in batch] == sorted(lines, key=_FIRST)
    assert len(set(map(_FIRST, lines))) == sum(len(set(map(_FIRST, batch))) for batch in batches)
    assert list(sorter.sorted()) == batches


def test_long_runs_are_merged_block_by_block() -> None:
    lines = [b"%05d" % number for number in range(20_000)]
    sorter = Sorter(bytes, _any_disk, bytes_in_memory=15_000)
    for first in range(7):
        sorter.add(lines[first::7])
    batches = list(sorter.sorted())
    assert [line for batch in batches for line in batch] == lines
    assert max(map(len, batches)) < 15_000


@given(st.lists(st.sampled_from([b"a", b"b", b"c", b"d"])).map(sorted), st.integers(min_value=1, max_value=3))
def test_lines_of_one_key_are_not_split(lines: Lines, size: int) -> None:
    parts = list(split(lines, size, _FIRST))
    assert [line for part in parts for line in part] == lines
    assert all(one[-1] != other[0] for one, other in pairwise(parts))
    assert all(len(part) >= size for part in parts[:-1])


def test_runs_have_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sorter = Sorter(_FIRST, _any_disk, bytes_in_memory=0)
    sorter.add([b"a"])
    assert list(tmp_path.iterdir()) == []
    assert list(sorter.sorted()) == [[b"a"]]
