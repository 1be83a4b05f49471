# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import os
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet as reading

from ansible_collections.glossapi.farm.plugins.module_utils import _files
from ansible_collections.glossapi.farm.plugins.module_utils._counting import parquet
from ansible_collections.glossapi.farm.plugins.module_utils._counting.parquet import to_parquet
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from tests.support.count_rows import rows


def table(found: list[CountRow]) -> TemporaryFile:
    file = TemporaryFile()
    file.write(write_table(found))
    return file


def read(file: TemporaryFile) -> Any:
    with file.open() as body:
        return reading.ParquetFile(io.BytesIO(body.read()))


@given(st.lists(rows()))
def test_every_row_has_its_place_and_its_values(found: list[CountRow]) -> None:
    values = read(to_parquet(table(found))).read().to_pylist()
    assert values == [
        row._asdict() | {"uri": row.uri.encode("utf-8", "surrogateescape").decode(errors="backslashreplace")}
        for row in found
    ]


def test_rows_lie_in_groups_and_the_same_table_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_ROWS", 100)
    monkeypatch.setattr(parquet, "_BLOCK_BYTES", 1000)
    found = [
        CountRow(f"s3://raw/{number:03}.pdf", number, f"e{number}", number or None, "") for number in range(1, 501)
    ]
    file = to_parquet(table(found))
    whole = read(file)
    assert whole.metadata.num_rows == 500
    assert 4 <= whole.metadata.num_row_groups <= 5
    assert file.md5() == to_parquet(table(found)).md5()


def test_a_full_disk_names_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    rows_of_one = table([CountRow("s3://raw/a.pdf", 1, "e", 1, "")])

    def full(*_arguments: object) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(_files, "write_all", full)
    with pytest.raises(FarmError, match="No space left on device"):
        to_parquet(rows_of_one)
