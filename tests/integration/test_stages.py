# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both stages with real PDFium and real tesseract: each document ends in a state that a person would agree with."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr import backend
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.ended import is_open
from ansible_collections.glossapi.farm.plugins.module_utils._records.forwarded import read_forwarded
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    json_uri,
    markdown_uri,
    marker_uri,
    output_folder,
    quality_uri,
    status_folder,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import Quality
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.service import supervise
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import in_wrong_encoding, page_lines, scan, thesis, with_wrong_layer
from tests.support.page_kinds import (
    RUSSIAN,
    SHORT_PAGES,
    drawing,
    from_top_to_bottom,
    in_language,
    joined,
    lines,
    pictured,
    right_to_left,
    scribbled,
    sideways,
    turned,
    written,
)
from tests.support.pdfs import pdf
from tests.support.shards import TestShard, make_shard, until

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DONE, FAILED, FORWARDED = DocumentState.DONE, DocumentState.FAILED, DocumentState.FORWARDED


def pictures(pages: int) -> bytes:
    grey = Image.linear_gradient("L").resize((600, 800))
    body = BytesIO()
    grey.save(body, "PDF", save_all=True, append_images=[grey] * (pages - 1))
    return body.getvalue()


_PROSE = page_lines(random.Random(24), 1)[2:]
_STAMP = ("Library of the University", "09/12/2017 12:37 - 192.0.2.1")
_SPECKS = ("q . r", "t '", "k")

# A document of each kind, and how it ends: its state, what its marker says, and where its pages' text is from.
KINDS: Mapping[str, tuple[Callable[[], bytes], DocumentState, str, dict[str, int]]] = {
    "one-page": (lambda: thesis(1, 11), DONE, "text", {"layer": 1}),
    "half-scanned": (lambda: joined(thesis(2, 12), scan(2, 13)), DONE, "ocr", {"layer": 2, "ocr": 2}),
    "one-plate-in-twelve-pages": (lambda: joined(thesis(11, 14), pictures(1)), DONE, "text", {"layer": 12}),
    "wrong-layer": (lambda: with_wrong_layer(thesis(1, 15)), DONE, "ocr", {"ocr": 1}),
    "wrong-on-the-page-too": (lambda: thesis(2, 20, in_wrong_encoding), FAILED, "unreadable", {}),
    "blank": (lambda: pdf(3), FAILED, "empty_output", {}),
    "blank-pages-between": (lambda: joined(thesis(1, 17), pdf(3), thesis(1, 18)), DONE, "text", {"layer": 5}),
    "pictures": (lambda: pictures(2), FAILED, "empty_output", {}),
    "formulas": (
        lambda: lines(["x2 + y2 = z2", "f(x) dx = F(b) - F(a)", "a = b + c"], ["E = mc2"], ["f(x) dx = F(b) - F(a)"]),
        DONE,
        "text",
        {"layer": 3},
    ),
    "encrypted": (lambda: pdf(1, "secret"), FAILED, "encrypted", {}),
    "two-thousand-pages": (
        lambda: lines(*[[f"{number}. Παράρτημα", *_PROSE[:2]] for number in range(1, 2001)]),
        DONE,
        "text",
        {"layer": 2000},
    ),
    "short-pages": (lambda: lines(*SHORT_PAGES), DONE, "text", {"layer": 5}),
    "right-to-left": (right_to_left, DONE, "text", {"layer": 1}),
    "from-top-to-bottom": (from_top_to_bottom, DONE, "text", {"layer": 1}),
    "sideways": (lambda: joined(sideways(_PROSE), turned(sideways(_PROSE))), DONE, "text", {"layer": 2}),
    "labels-of-a-drawing": (lambda: drawing(*"AdBdCnm"), DONE, "text", {"layer": 1}),
    "noise-over-a-scan": (lambda: pictured(written(_PROSE), layer=_SPECKS), DONE, "ocr", {"ocr": 1}),
    "stamped-scan": (lambda: pictured(*[written(_PROSE)] * 3, layer=_STAMP), DONE, "ocr", {"ocr": 3}),
    "noise-over-a-picture": (lambda: pictured(scribbled(6), layer=_SPECKS), FAILED, "empty_output", {}),
    "scribbles-between": (
        lambda: joined(thesis(3, 21), pictured(scribbled(6), scribbled(2))),
        DONE,
        "ocr",
        {"layer": 3, "ocr": 2},
    ),
    "wrong-language-declared": (lambda: in_language(thesis(1, 22), "en-US"), DONE, "text", {"layer": 1}),
    "wrong-language-declared-in-a-scan": (lambda: in_language(scan(1, 23), "de-DE"), DONE, "ocr", {"ocr": 1}),
    "language-that-no-recogniser-has": (lambda: pictured(written(RUSSIAN)), FAILED, "unreadable", {}),
}


@pytest.fixture
def stages(
    client: S3Client,
    bucket: S3Uri,
    connection: Connection,
    tmp_path: Path,
    library_path: Path,
    tessdata: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[TestShard, TestShard]:
    """The two stages of one shard, on the same documents."""
    # A supervisor in this process starts workers, which must find the library as it does.
    monkeypatch.setenv("PYTHONPATH", str(library_path))
    shard = make_shard(client, bucket, connection, tmp_path)
    text = replace(shard.config, pipeline="pdftext", pipeline_options={}, ocr_follows=True, timeout_base=600.0)
    ocr = replace(text, pipeline="tesseract", pipeline_options={"tessdata": str(tessdata)}, ocr_follows=False)
    return replace(shard, config=text), replace(shard, config=ocr)


def put(shard: TestShard, documents: Mapping[str, bytes]) -> None:
    shard.cut(dict.fromkeys(documents, 1))
    for key, body in documents.items():
        put_bytes(shard.client, shard.bucket.join(key), body, "application/pdf")


def put_edition(shard: TestShard, key: str, body: bytes) -> None:
    """Upload another edition of a document that has ended.

    S3 tells times in seconds, and the later marker counts: the edition's has to be of a later second than those so far.
    """
    marked = max(item.modified for item in list_objects(shard.client, status_folder(shard.config.results_uri)))
    uri = shard.bucket.join(key)

    def is_later() -> bool:
        put_bytes(shard.client, uri, body, "application/pdf")
        return all(item.modified > marked for item in list_objects(shard.client, uri))

    until(is_later)


def work(shard: TestShard) -> None:
    layout = Layout(Path(shard.config.workdir), shard.config.shard)
    layout.create()
    shard.config.save(layout.config)
    assert supervise(shard.config) == 0


def recognised(shard: TestShard) -> set[str]:
    facts = read_forwarded(shard.client, shard.config.results_uri).read().up_to(b"z")
    return {key.decode() for key, fact in facts.items() if is_open(fact)}


def test_each_kind_of_document_ends_as_a_person_would_have_it(stages: tuple[TestShard, TestShard]) -> None:
    text, ocr = stages
    put(text, {f"{name}.pdf": make() for name, (make, *_end) in KINDS.items()})
    work(text)
    handed_on = {key for key, state in text.states().items() if state is FORWARDED}
    assert handed_on == {
        f"{name}.pdf"
        for name, (_make, _state, what, _sources) in KINDS.items()
        if what in ("ocr", "unreadable") or name in ("pictures", "noise-over-a-picture")
    }
    work(ocr)
    ended = {}
    for name in KINDS:
        state = ocr.states()[f"{name}.pdf"]
        marker = ocr.marker(f"{name}.pdf", state)
        sources = marker.quality.pages if marker.quality else {}
        ended[name] = (state, marker.failure_class or marker.stage, sources)
    assert ended == {name: tuple(end) for name, (_make, *end) in KINDS.items()}


def test_of_a_document_whose_pages_disagree_the_layer_is_kept_where_it_is_good(
    stages: tuple[TestShard, TestShard],
) -> None:
    text, ocr = stages
    put(text, {"a.pdf": joined(thesis(2, 12), scan(1, 13))})
    work(text)
    marker = text.marker("a.pdf", FORWARDED)
    assert (marker.open_pages, marker.pages) == ((3,), 1)
    work(ocr)
    quality = Quality.from_json(read_bytes(ocr.client, quality_uri(ocr.config.output_uri, "a.pdf")), "there")
    assert [(page.source, page.verdict, bool(page.backend)) for page in quality.pages] == [
        ("layer", "good", False),
        ("layer", "good", False),
        ("ocr", "good", True),
    ]
    markdown = ocr.text("a.pdf")
    assert [f"<!-- page {number} -->" in markdown for number in (1, 2, 3)] == [True] * 3


@pytest.mark.thorough
def test_another_ocr_redoes_ocr_alone_and_another_edition_both_stages(stages: tuple[TestShard, TestShard]) -> None:
    text, ocr = stages
    put(text, {"layer.pdf": thesis(1, 11), "scan.pdf": scan(1, 13)})
    work(text)
    work(ocr)
    before = {key: ocr.marker(key, DONE) for key in ("layer.pdf", "scan.pdf")}
    layer = text.marker("scan.pdf", FORWARDED)

    options = ocr.config.pipeline_options | {"languages": ["eng", "ell"]}
    redo_text = replace(text, config=replace(text.config, redo_stale=True))
    redo_ocr = replace(ocr, config=replace(ocr.config, redo_stale=True, pipeline_options=options))
    work(redo_text)
    work(redo_ocr)
    assert text.marker("scan.pdf", FORWARDED) == layer
    assert ocr.marker("layer.pdf", DONE) == before["layer.pdf"]
    assert ocr.marker("scan.pdf", DONE).options_hash != before["scan.pdf"].options_hash

    put_edition(text, "scan.pdf", scan(2, 14))
    work(redo_text)
    assert text.states() == {"layer.pdf": DONE, "scan.pdf": FORWARDED}
    assert text.marker("scan.pdf", FORWARDED).open_pages == (1, 2)
    work(redo_ocr)
    assert ocr.states() == {"layer.pdf": DONE, "scan.pdf": DONE}
    assert recognised(text) == {"scan.pdf"}

    # An edition with a text layer: what was recognised of the one before is no longer what counts.
    put_edition(text, "scan.pdf", thesis(1, 14))
    work(redo_text)
    assert text.states() == {"layer.pdf": DONE, "scan.pdf": DONE}
    assert text.marker("scan.pdf", DONE).stage == "text"
    assert recognised(text) == set()


def test_a_long_scan_that_all_slots_recognise_comes_out_as_one_that_a_slot_has_to_itself(
    stages: tuple[TestShard, TestShard], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    text, ocr = stages
    # Its first page has a text layer, and stays out of the ranges.
    pages = [written(_PROSE[first : first + 4]) for first in range(4)]
    put(text, {"long.pdf": joined(thesis(1, 11), pictured(*pages))})
    work(text)
    folder = output_folder(ocr.config.results_uri, 1)

    def outputs() -> list[bytes]:
        uris = (markdown_uri(folder, "long.pdf"), json_uri(folder, "long.pdf"), quality_uri(folder, "long.pdf"))
        return [read_bytes(ocr.client, uri) for uri in uris]

    work(ocr)
    whole, before = outputs(), ocr.marker("long.pdf", DONE)
    done = marker_uri(ocr.config.results_uri, "long.pdf", DONE)
    ocr.client.delete_object(Bucket=done.bucket, Key=done.key)
    monkeypatch.setattr(backend, "RANGE_PAGES", 1)
    with caplog.at_level(logging.INFO):
        work(ocr)
    for span in ("2 to 2", "3 to 3", "4 to 4", "5 to 5"):
        assert f"recognised pages {span} of {ocr.bucket.join('long.pdf')}" in caplog.text
    assert outputs() == whole
    after = ocr.marker("long.pdf", DONE)
    changing: dict[str, Any] = {"seconds": 0.0, "finished_at": "", "gpu": ""}
    assert replace(after, **changing) == replace(before, **changing)


@pytest.mark.thorough
def test_a_document_that_changes_between_the_stages_is_not_composed_of_both(
    stages: tuple[TestShard, TestShard],
) -> None:
    text, ocr = stages
    put(text, {"scan.pdf": scan(1, 13)})
    work(text)
    put_edition(text, "scan.pdf", scan(2, 14))
    work(ocr)
    marker = ocr.marker("scan.pdf", FAILED)
    assert (marker.failure_class, marker.stage) == ("changed", "ocr")
    assert "has changed since its text layer was read" in (marker.message or "")
    # As it says: from the first stage on.
    work(replace(text, config=replace(text.config, redo_stale=True)))
    work(ocr)
    assert ocr.states() == {"scan.pdf": DONE}


@pytest.mark.thorough
def test_without_stage_ocr_such_a_document_fails_and_says_what_it_needs(stages: tuple[TestShard, TestShard]) -> None:
    text, ocr = stages
    put(text, {"scan.pdf": scan(1, 13)})
    alone = replace(text, config=replace(text.config, ocr_follows=False))
    work(alone)
    assert alone.marker("scan.pdf", FAILED).failure_class == "needs_ocr"
    # Once there is one, a request to retry hands it on.
    work(replace(text, config=replace(text.config, retry=("needs_ocr",))))
    assert text.states() == {"scan.pdf": FORWARDED}
    work(ocr)
    assert ocr.states() == {"scan.pdf": DONE}
