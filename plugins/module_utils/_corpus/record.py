# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One document of a dataset: its row, and its line of JSON."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import PurePosixPath

from .._records.dataset import DatasetRow
from .._records.document import key_of
from .._records.markers import Formulas, Marker
from .._records.quality import QualitySummary

UNMEASURED = "unmeasured"


def row_of(uri: str, marker: Marker, text: str) -> DatasetRow:
    """Return the row of a document that is done, of which nobody has looked yet whether another has the same text.

    Args:
        uri: of the document.
        marker: by which it is done.
        text: its Markdown.
    """
    key = key_of(uri)
    encoded = text.encode()
    quality = marker.quality or QualitySummary(UNMEASURED)
    formulas = marker.formulas or Formulas()
    return DatasetRow(
        doc_id=sha256(key.encode()).hexdigest(),
        filename=PurePosixPath(key).stem,
        uri=uri,
        etag=marker.etag,
        pages=marker.pages or 0,
        bytes=len(encoded),
        characters=len(text),
        text_sha256=sha256(encoded).hexdigest(),
        verdict=quality.verdict,
        score=quality.score,
        pages_layer=quality.pages.get("layer", 0),
        pages_ocr=quality.pages.get("ocr", 0),
        pages_program=quality.pages.get("program", 0),
        pages_good=quality.verdicts.get("good", 0),
        pages_poor=quality.verdicts.get("poor", 0),
        pages_empty=quality.verdicts.get("empty", 0),
        pages_blank=quality.verdicts.get("blank", 0),
        formulas_found=formulas.found,
        formulas_read=formulas.read,
        stage=marker.stage,
        pipeline=marker.pipeline,
        revision=marker.revision,
        options_hash=marker.options_hash,
        weights=marker.weights,
        # Loaders take what is ISO 8601 for a time, and fail at the first that is empty.
        finished_at=marker.finished_at.replace("T", " ").replace("+00:00", " UTC"),
    )


def line_of(row: DatasetRow, text: str) -> bytes:
    """Return the document's line: ``text``, ``doc_id``, ``filename``, and the whole row as ``pipeline_metadata``.

    The names, and ``chunk_id``, are those of ``Corpus.jsonl_sharded`` of glossAPI.
    """
    fields = {
        "text": text,
        "doc_id": row.doc_id,
        "chunk_id": 0,
        "filename": row.filename,
        "pipeline_metadata": vars(row),
    }
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"
