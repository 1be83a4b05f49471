# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a dataset's documents as Parquet: all that is known of each but its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from .._files import Sink, TemporaryFile
from .._records.dataset import DatasetRow
from .part_file import dataset_disk_errors


class MetadataTable:
    """Takes the rows of one file of the dataset after the other, a row group each.

    Attributes:
        file: its content, whole after :meth:`close`.
    """

    def __init__(self) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        kinds = {"str": pa.string(), "int": pa.int64(), "float": pa.float64()}
        schema: Any = pa.schema({field.name: kinds[str(field.type)] for field in fields(DatasetRow)})
        self._schema = schema.append(pa.field("file", pa.string()))
        with dataset_disk_errors(0):
            self.file = TemporaryFile()
        self._writer = parquet.ParquetWriter(pa.PythonFile(Sink(self.file), mode="w"), self._schema, compression="zstd")

    def add(self, name: str, rows: Iterable[DatasetRow]) -> None:
        """Take the rows of the file with this name.

        Raises:
            FarmError: there is no room for them on this machine.
        """
        import pyarrow as pa

        table = pa.Table.from_pylist([vars(row) | {"file": name} for row in rows], schema=self._schema)
        with dataset_disk_errors(self.file.bytes):
            self._writer.write_table(table)

    def close(self) -> None:
        """End the table.

        Raises:
            FarmError: there is no room for it on this machine.
        """
        with dataset_disk_errors(self.file.bytes):
            self._writer.close()
