# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.output_checks import (
    Start,
    check_length,
    check_page_count,
    check_pages_with_text,
    count_characters,
    is_stub,
    parse_json,
    read_json,
    read_markdown,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


def test_a_file_that_was_there_before_is_not_fresh_until_it_is_written_again(tmp_path: Path) -> None:
    path = tmp_path / "out" / "a.md"
    path.parent.mkdir()
    path.write_text("old")
    start = Start.of(tmp_path)
    assert not start.is_fresh(path)
    path.write_text("new")
    assert start.is_fresh(path)


def test_an_old_file_moved_into_place_is_not_fresh(tmp_path: Path) -> None:
    old = tmp_path / "elsewhere.md"
    old.write_text("of another run")
    os.utime(old, (time.time() - 3600,) * 2)
    folder = tmp_path / "out"
    folder.mkdir()
    start = Start.of(folder)
    old.rename(folder / "a.md")
    with pytest.raises(DocumentFailure, match="older than the attempt") as raised:
        read_markdown(folder / "a.md", start)
    assert raised.value.failure_class is FailureClass.PIPELINE


@pytest.mark.parametrize("jump_seconds", [-7200, 7200])
def test_a_clock_that_jumps_meanwhile_makes_no_file_old(
    jump_seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = Start.of(tmp_path)
    path = tmp_path / "a.md"
    path.write_text("written before the jump")
    now = time.time() + jump_seconds
    monkeypatch.setattr(time, "time", lambda: now)
    assert start.is_fresh(path)
    os.utime(path, (now, now))
    assert start.is_fresh(path)


@pytest.mark.parametrize(
    ("content", "failure_class", "reason"),
    [
        (b"", FailureClass.EMPTY_OUTPUT, "no text"),
        (b" \n\t\n", FailureClass.EMPTY_OUTPUT, "no text"),
        (b"<!-- image -->\n\n<!-- image -->\n", FailureClass.EMPTY_OUTPUT, "no text"),
        (b"\xff\xfe", FailureClass.PIPELINE, "not UTF-8"),
        ("# DeepSeek OCR — a.pdf\n\n[[Blank page]]\n".encode(), FailureClass.PIPELINE, "stub"),
    ],
)
def test_markdown_without_the_documents_text_is_refused(
    content: bytes, failure_class: FailureClass, reason: str, tmp_path: Path
) -> None:
    start = Start.of(tmp_path)
    (tmp_path / "a.md").write_bytes(content)
    with pytest.raises(DocumentFailure, match=reason) as raised:
        read_markdown(tmp_path / "a.md", start)
    assert raised.value.failure_class is failure_class


def test_a_missing_file_is_an_empty_output_and_a_link_is_refused(tmp_path: Path) -> None:
    start = Start.of(tmp_path)
    with pytest.raises(DocumentFailure, match=r"no a\.md") as raised:
        read_markdown(tmp_path / "a.md", start)
    assert raised.value.failure_class is FailureClass.EMPTY_OUTPUT
    (tmp_path / "b.md").write_text("text")
    (tmp_path / "a.md").symlink_to("b.md")
    with pytest.raises(DocumentFailure, match="not a regular file"):
        read_markdown(tmp_path / "a.md", start)


@pytest.mark.parametrize(
    "text",
    [
        "# DeepSeek OCR (stub) — a.pdf\n\nPages: 12\n",
        "# DeepSeek OCR (stub) — a.pdf\n\nPages: unknown\n\n<!-- content_debug: stub output -->\n",
        "# DeepSeek OCR\n\nSource: a.pdf\n\nPages: 12\n",
        "# DeepSeek OCR\n\nSource: a.pdf\n\nPages: 3\n\n--- page 1 ---\n[... possibly truncated ...]\n",
        "# DeepSeek OCR v2 - a.pdf\n\n[[Blank page]]\n",
        "# OlmOCR — a.pdf\n\n[[Blank page]]\n",
    ],
)
def test_a_stub_of_any_backend_is_recognised(text: str) -> None:
    assert is_stub(text)


@pytest.mark.parametrize(
    "text",
    [
        "# DeepSeek OCR: a survey\n\nAbstract. We compare ...",
        "# DeepSeek OCR — a.pdf\n\nΛ\n\n[[Blank page]]\n",
        "# Θέσεις\n\n[[Blank page]]\n",
        "",
    ],
)
def test_a_document_about_ocr_is_no_stub(text: str) -> None:
    assert not is_stub(text)


@pytest.mark.parametrize(("characters", "pages"), [(0, 0), (5, 9), (200, 10), (6000, 300)])
def test_little_text_is_enough_for_few_pages_and_for_an_unknown_number(characters: int, pages: int) -> None:
    check_length(characters, pages, has_ocr=False)


@pytest.mark.parametrize(
    ("has_ocr", "failure_class"), [(False, FailureClass.NEEDS_OCR), (True, FailureClass.EMPTY_OUTPUT)]
)
def test_a_long_document_with_hardly_any_text_was_not_read(has_ocr: bool, failure_class: FailureClass) -> None:
    with pytest.raises(DocumentFailure) as raised:
        check_length(5999, 300, has_ocr=has_ocr)
    assert raised.value.failure_class is failure_class
    with pytest.raises(DocumentFailure, match="text on 149 of 300 pages") as raised:
        check_pages_with_text(149, 300, has_ocr=has_ocr)
    assert raised.value.failure_class is failure_class


def test_half_the_pages_may_be_plates() -> None:
    check_pages_with_text(150, 300, has_ocr=True)
    check_pages_with_text(0, 9, has_ocr=True)


def test_white_space_and_comments_are_no_text() -> None:
    assert count_characters("<!-- page 1 -->\n\nab\n<!-- two\nlines -->c") == 3
    assert count_characters(" Λ β\n\tΞ ") == 3


def test_the_number_of_pages_must_be_somebodys_count() -> None:
    check_page_count(12, (12, 13))
    check_page_count(13, (12, 13))
    check_page_count(7, (0, 0))
    with pytest.raises(DocumentFailure, match="the output has 11 pages, the document 12 or 13"):
        check_page_count(11, (12, 13, 12))


def test_json_must_parse_and_be_an_object(tmp_path: Path) -> None:
    start = Start.of(tmp_path)
    (tmp_path / "a.json").write_text('{"pages": {}}')
    assert read_json(tmp_path / "a.json", start) == {"pages": {}}
    for body in (b"", b"{", b"\xff", b"[]", b"null"):
        with pytest.raises(DocumentFailure, match=r"a\.json is"):
            parse_json(body, "a.json")
