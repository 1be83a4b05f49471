# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import os

import pytest
import zstandard

from ansible_collections.glossapi.farm.plugins.module_utils import _files
from ansible_collections.glossapi.farm.plugins.module_utils._corpus import part_file
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.part_file import PartFile
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import DatasetRow

_ROW = DatasetRow("id")


def test_it_is_full_with_the_document_that_fills_it_and_is_one_frame_of_zstandard() -> None:
    part = PartFile(10)
    part.add(_ROW, b"12345678\n")
    assert not part.is_full
    part.add(_ROW, b"9" * 50 + b"\n")
    assert part.is_full
    part.close()
    assert part.rows == [_ROW, _ROW]
    with part.file.open() as file:
        assert (
            zstandard.ZstdDecompressor().stream_reader(io.BytesIO(file.read())).read()
            == b"12345678\n" + b"9" * 50 + b"\n"
        )


def test_it_is_full_with_as_many_documents_as_memory_is_to_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_file, "MOST_DOCUMENTS", 2)
    part = PartFile(1000)
    part.add(_ROW, b"1\n")
    assert not part.is_full
    part.add(_ROW, b"2\n")
    assert part.is_full


def test_a_full_disk_names_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> int:
        raise OSError(28, os.strerror(28))

    part = PartFile(1000)
    part.add(_ROW, b"1\n")
    monkeypatch.setattr(_files, "write_all", full)
    with pytest.raises(FarmError, match=r"Cannot keep a file of the dataset in .*No space left"):
        part.close()
