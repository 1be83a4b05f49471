# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils import _files
from ansible_collections.glossapi.farm.plugins.module_utils._counting.sorting import RowSorter
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, encode_row, uri_of_row
from tests.support.count_rows import rows


@given(st.lists(rows()), st.integers(min_value=0, max_value=200), st.integers(min_value=1, max_value=5))
def test_rows_come_back_sorted_by_uri_and_those_of_one_uri_as_they_were_added(
    found: list[CountRow], bytes_in_memory: int, step: int
) -> None:
    lines = list(map(encode_row, found))
    sorter = RowSorter(bytes_in_memory)
    for first in range(0, len(lines), step):
        sorter.add(lines[first : first + step])
    batches = list(sorter.sorted())
    assert [line for batch in batches for line in batch] == sorted(lines, key=uri_of_row)
    assert len({uri for batch in batches for uri in set(map(uri_of_row, batch))}) == sum(
        len(set(map(uri_of_row, batch))) for batch in batches
    )


def test_a_full_disk_names_the_folder_and_what_it_must_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def full(*_arguments: object) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(_files, "write_all", full)
    sorter = RowSorter(bytes_in_memory=0)
    with pytest.raises(FarmError, match=rf"in {tmp_path}: No space left.* 4 copies of the table, which has 0\.0 GB"):
        sorter.add([encode_row(CountRow("s3://b/a.pdf", 1, "e", 1, ""))])
