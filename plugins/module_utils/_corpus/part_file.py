# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of a dataset while it is made: compressed lines in a temporary file."""

from __future__ import annotations

from contextlib import AbstractContextManager

from .._files import Sink, TemporaryFile, disk_errors
from .._records.dataset import DatasetRow

# What glossAPI compresses its own by.
_COMPRESSION = "zstd"
# Of small documents a file has no more, as the rows of one are in memory.
MOST_DOCUMENTS = 10_000


class PartFile:
    """Takes documents until it is full. It ends with the document that fills it, whatever comes after.

    Args:
        size: bytes of lines, before they are compressed, with which it is full.

    Attributes:
        rows: of its documents.
        file: its content, whole after :meth:`close`.
    """

    def __init__(self, size: int) -> None:
        import pyarrow as pa

        self.rows: list[DatasetRow] = []
        self._size = size
        self._bytes = 0
        with dataset_disk_errors(0):
            self.file = TemporaryFile()
        self._stream = pa.CompressedOutputStream(pa.PythonFile(Sink(self.file), mode="w"), _COMPRESSION)

    def add(self, row: DatasetRow, line: bytes) -> None:
        """Take a document.

        Raises:
            FarmError: there is no room for it on this machine.
        """
        with dataset_disk_errors(self.file.bytes):
            self._stream.write(line)
        self.rows.append(row)
        self._bytes += len(line)

    @property
    def is_full(self) -> bool:
        """Whether it takes no more."""
        return self._bytes >= self._size or len(self.rows) >= MOST_DOCUMENTS

    def close(self) -> None:
        """End the file.

        Raises:
            FarmError: there is no room for it on this machine.
        """
        with dataset_disk_errors(self.file.bytes):
            self._stream.close()


def dataset_disk_errors(so_far: int) -> AbstractContextManager[None]:
    """Turn a full disk into an error, where a file of a dataset has ``so_far`` bytes already."""
    return disk_errors("a file of the dataset", f"it and the table of all documents; it has {so_far / 1e6:.0f} MB")
