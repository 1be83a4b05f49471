# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import json

import pytest
from pyarrow import json as arrow_json

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.record import UNMEASURED, line_of, row_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from tests.support.markers import make_marker

_URI = "s3://raw/a/Έκθεση.v2.pdf"


def test_a_row_has_what_the_marker_and_the_text_tell() -> None:
    quality = QualitySummary("good", 0.91, {"layer": 2, "ocr": 3}, {"good": 4, "blank": 1})
    marker = make_marker(quality=quality, formulas=Formulas(5, 4), pages=5, revision="0.1.3", weights="w")
    row = row_of(_URI, marker, "λόγος")
    assert (row.filename, row.uri, row.pages) == ("Έκθεση.v2", _URI, 5)
    assert (row.bytes, row.characters) == (10, 5)
    assert (row.verdict, row.score) == ("good", 0.91)
    assert (row.pages_layer, row.pages_ocr, row.pages_program) == (2, 3, 0)
    assert (row.pages_good, row.pages_poor, row.pages_empty, row.pages_blank) == (4, 0, 0, 1)
    assert (row.formulas_found, row.formulas_read) == (5, 4)
    assert (row.pipeline, row.revision, row.weights, row.stage) == ("pdftext", "0.1.3", "w", "text")


def test_documents_of_the_same_name_in_other_folders_are_others() -> None:
    marker = make_marker()
    one, other = (row_of(f"s3://raw/{folder}/a.pdf", marker, "x") for folder in "ab")
    assert one.filename == other.filename
    assert one.doc_id != other.doc_id
    # A copy of the collection has the same ids.
    assert row_of("s3://copy/a/a.pdf", marker, "x").doc_id == one.doc_id


def test_a_text_that_was_not_measured_says_so_and_no_field_is_null() -> None:
    row = row_of(_URI, make_marker(pages=None), "x")
    assert (row.verdict, row.score, row.pages) == (UNMEASURED, 0.0, 0)
    assert None not in vars(row).values()


def test_a_line_is_what_glossapi_writes() -> None:
    row = row_of(_URI, make_marker(), "# λόγος\n")
    line = line_of(row, "# λόγος\n")
    assert line.count(b"\n") == 1
    assert "λόγος".encode() in line
    fields = json.loads(line)
    assert list(fields) == ["text", "doc_id", "chunk_id", "filename", "pipeline_metadata"]
    assert fields["text"] == "# λόγος\n"
    assert fields["pipeline_metadata"] == vars(row)
    assert fields["doc_id"] == row.doc_id


@pytest.mark.parametrize("finished_at", ["2026-11-24T10:00:00+00:00", ""])
def test_what_loaders_take_a_column_for_does_not_hang_on_when_the_document_was_done(finished_at: str) -> None:
    row = row_of(_URI, make_marker(finished_at=finished_at), "x")
    assert row.finished_at == ("2026-11-24 10:00:00 UTC" if finished_at else "")
    (metadata,) = arrow_json.read_json(io.BytesIO(line_of(row, "x"))).column("pipeline_metadata").to_pylist()
    assert metadata == vars(row)
