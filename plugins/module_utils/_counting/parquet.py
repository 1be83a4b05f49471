# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page-count table as Parquet, for who wants to query it; written by row groups, in memory that does not grow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._files import Sink, TemporaryFile
from .._records.page_counts import COLUMNS
from .sorting import table_disk_errors

# Of the CSV, read at once, and of a row group.
_BLOCK_BYTES = 8 << 20
_ROWS = 250_000


def to_parquet(table: TemporaryFile) -> TemporaryFile:
    r"""Return the table as Parquet: the same rows in the same order, columns and empty texts alike.

    ``bytes`` and ``pages`` are numbers, null where the table has none. A key that is no UTF-8 has its odd bytes as
    ``\xff``. The same table gives the same bytes by the same release of pyarrow.

    Args:
        table: sorted, as it is written to S3.

    Raises:
        ImportError: pyarrow is not installed.
        FarmError: there is no room for it on this machine.
    """
    import pyarrow as pa
    from pyarrow import parquet

    file = TemporaryFile()
    schema = pa.schema({name: pa.int64() if name in {"bytes", "pages"} else pa.string() for name in COLUMNS})
    with (
        table_disk_errors(table.bytes),
        pa.PythonFile(Sink(file), mode="w") as sink,
        parquet.ParquetWriter(sink, schema, compression="zstd") as writer,
    ):
        for rows in _row_groups(_batches(table, schema), schema):
            writer.write_table(rows, row_group_size=rows.num_rows)
    return file


def _batches(table: TemporaryFile, schema: Any) -> Iterator[Any]:
    """Yield the rows, some at a time."""
    import pyarrow as pa
    from pyarrow import csv

    texts = {name: pa.binary() for name in COLUMNS}
    numbers = {field.name: field.type for field in schema if field.type == pa.int64()}
    with (
        table.open() as file,
        csv.open_csv(
            file,
            csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(column_types=texts | numbers, strings_can_be_null=False),
        ) as reader,
    ):
        for batch in reader:
            yield pa.record_batch([_column(batch.column(field.name), field.type) for field in schema], schema=schema)


def _column(values: Any, kind: Any) -> Any:
    import pyarrow as pa

    if values.type == kind:
        return values
    try:
        return values.cast(kind)
    except pa.ArrowInvalid:
        return pa.array([value.decode(errors="backslashreplace") for value in values.to_pylist()], kind)


def _row_groups(batches: Iterator[Any], schema: Any) -> Iterator[Any]:
    import pyarrow as pa

    waiting: list[Any] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= _ROWS:
            yield pa.Table.from_batches(waiting, schema)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting, schema)
