# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stages of the stand-in leave where glossAPI does; a text with SKIP is left out, one with RAISE fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import glossapi_rs_cleaner
import glossapi_rs_noise
import pyarrow as pa
from pyarrow import parquet

from glossapi.traps import has


def clean(folder: Path) -> None:
    """Overlay the table with the measures of both parts."""
    cleaned, report = folder / "clean_markdown", folder / "cleaning_report.parquet"
    glossapi_rs_cleaner.run_complete_pipeline(str(folder / "markdown"), str(cleaned), str(report), [], 1, True)
    table = folder / "download_results" / "download_results.parquet"
    rows = {Path(row["filename"]).stem: row for row in parquet.read_table(table).to_pylist()}
    for row in parquet.read_table(report).to_pylist():
        rows[Path(row["file_name"]).stem]["mojibake_badness_score"] = row["badness_score_all_chars"]
    for path, score, *_others in glossapi_rs_noise.score_markdown_directory_detailed(str(cleaned), 1):
        rows[Path(path).stem]["greek_badness_score"] = None if has("noise_fails") else score
    parquet.write_table(pa.Table.from_pylist(list(rows.values())), table)


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if "RAISE" in text:
            raise ValueError(f"cannot parse {path.stem}")
        if "SKIP" not in text:
            yield path.stem, text


def section(folder: Path, target: Path) -> None:
    """Write a row for each part of a text that begins with a header."""
    rows = [
        {"id": number, "filename": name, "header": part.partition("\n")[0], "section": part}
        for name, text in _texts(folder)
        for number, part in enumerate(filter(None, text.split("# ")))
    ]
    parquet.write_table(pa.Table.from_pylist(rows), target)


def annotate(source: Path, target: Path) -> None:
    """Label each section, all alike where the classifier fails."""
    if has("prediction_fails"):
        print("Error during prediction: no attribute of that name")
    rows = [{**row, "predicted_section": "άλλο"} for row in parquet.read_table(source).to_pylist()]
    parquet.write_table(pa.Table.from_pylist(rows), target)


def jsonl(folder: Path, target: Path, text_key: str, metadata_key: str) -> Path:
    """Write them as JSON, compressed by Zstandard."""
    target.mkdir()
    path = target / "train-000000.jsonl.zst"
    with pa.CompressedOutputStream(pa.OSFile(str(path), "wb"), "zstd") as stream:
        for name, text in _texts(folder):
            line = {text_key: text, "doc_id": name, "chunk_id": 0, metadata_key: {}, "filename": name}
            stream.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    return path
