# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import os

import pytest
from pyarrow import parquet

from ansible_collections.glossapi.farm.plugins.module_utils import _files
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.metadata import MetadataTable
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import DatasetRow

_ROWS = (DatasetRow("1", "λ", pages=3, score=0.5), DatasetRow("2", "β", duplicate_of="1"))


def made() -> MetadataTable:
    table = MetadataTable()
    table.add("one", _ROWS)
    table.add("two", _ROWS[:1])
    table.close()
    return table


def test_it_has_each_row_and_its_file_in_their_order() -> None:
    with made().file.open() as file:
        whole = parquet.ParquetFile(io.BytesIO(file.read()))
    assert whole.metadata.num_row_groups == 2
    rows = [vars(row) | {"file": name} for row, name in zip((*_ROWS, _ROWS[0]), ("one", "one", "two"), strict=True)]
    assert whole.read().to_pylist() == rows
    assert whole.schema_arrow.field("score").type == "double"
    assert whole.schema_arrow.field("pages").type == "int64"


def test_the_same_rows_give_the_same_bytes() -> None:
    assert made().file.md5() == made().file.md5()


def test_a_full_disk_names_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> int:
        raise OSError(28, os.strerror(28))

    table = MetadataTable()
    monkeypatch.setattr(_files, "write_all", full)
    with pytest.raises(FarmError, match=r"Cannot keep a file of the dataset in .*No space left"):
        table.add("one", _ROWS)
