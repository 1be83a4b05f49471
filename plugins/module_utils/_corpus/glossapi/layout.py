# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder that glossAPI's ``Corpus`` expects, for the documents of one file of a dataset.

It reads one folder of Markdown and one table whole, compares names by walking lists, and knows a document by its file's
name: so it gets the documents of one file of the dataset at a time, under names that no two share and none of its rules
for suffixes takes apart.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..._files import TemporaryFile


def write_layout(folder: Path, file: TemporaryFile) -> int:
    """Write ``markdown/<doc_id>.md`` and ``download_results/download_results.parquet``, and return how many documents.

    One text is in memory at a time.

    Args:
        folder: empty.
        file: of the dataset, lines of JSON compressed by Zstandard.

    Raises:
        OSError: there is no room for it.
    """
    for name in ("input", "markdown", "download_results"):
        (folder / name).mkdir()
    rows = [_write(folder / "markdown", line) for line in _lines(file)]
    _write_table(folder / "download_results" / "download_results.parquet", rows)
    return len(rows)


def _lines(file: TemporaryFile) -> Iterator[dict[str, Any]]:
    import pyarrow as pa

    with file.open() as opened, pa.CompressedInputStream(pa.PythonFile(opened, mode="r"), "zstd") as stream:
        # Other ends of lines than this one may be in a text.
        for line in io.BufferedReader(stream):
            yield json.loads(line)


def _write(folder: Path, line: dict[str, Any]) -> dict[str, Any]:
    """Write the text, and return the document's row as glossAPI's downloader would have written it."""
    document = line["pipeline_metadata"]
    with (folder / f"{line['doc_id']}.md").open("w", encoding="utf-8", newline="") as markdown:
        markdown.write(line["text"])
    return {
        # Its stages take a document for a PDF by this.
        "filename": f"{line['doc_id']}.pdf",
        "url": document["uri"],
        "download_success": True,
        "download_error": "",
        "file_ext": "pdf",
        "is_duplicate": bool(document["duplicate_of"]),
        "duplicate_of": document["duplicate_of"],
        "filename_base": line["filename"],
        "page_count": document["pages"] or None,
        "processing_stage": "download,extract",
    }


def _write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    text, yes_or_no = pa.string(), pa.bool_()
    schema = pa.schema(
        {
            "filename": text,
            "url": text,
            "download_success": yes_or_no,
            "download_error": text,
            "file_ext": text,
            "is_duplicate": yes_or_no,
            "duplicate_of": text,
            "filename_base": text,
            "page_count": pa.int64(),
            "processing_stage": text,
        }
    )
    parquet.write_table(pa.Table.from_pylist(rows, schema=schema), path)
