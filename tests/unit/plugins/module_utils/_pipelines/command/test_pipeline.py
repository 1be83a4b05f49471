# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.command.pipeline import (
    LeftFiles,
    check_files,
    find_files,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.output_checks import Start
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


@pytest.mark.parametrize("folder", [".", "markdown"])
def test_the_one_markdown_file_and_its_json_are_found(folder: str, tmp_path: Path) -> None:
    for name in ("markdown", "json"):
        (tmp_path / name).mkdir()
    (tmp_path / folder / "report.md").write_text("text")
    (tmp_path / "json" / "report.json").write_text("{}")
    (tmp_path / "json" / "other.json").write_text("{}")
    files = find_files(tmp_path)
    assert files is not None
    assert files.markdown == tmp_path / folder / "report.md"
    assert files.json == tmp_path / "json" / "report.json"


def test_an_empty_file_is_no_product(tmp_path: Path) -> None:
    (tmp_path / "report.md").touch()
    assert find_files(tmp_path) is None


def test_of_two_markdown_files_none_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a")
    (tmp_path / "b.md").write_text("b")
    with pytest.raises(DocumentFailure, match=r"2 Markdown files: a\.md, b\.md"):
        find_files(tmp_path)


def task(folder: Path, pages: int) -> Task:
    return Task("s3://b/a.pdf", "a.pdf", pages, folder / "no-pdf", folder)


@pytest.mark.parametrize(
    ("markdown", "sidecar", "failure_class", "reason"),
    [
        ("# DeepSeek OCR (stub) - a.pdf\n\nPages: 3\n", "{}", FailureClass.PIPELINE, "stub"),
        ("text " * 30, "{not json", FailureClass.PIPELINE, r"a\.json is not JSON"),
        ("Library of the University", "{}", FailureClass.EMPTY_OUTPUT, "22 characters of text for 30 pages"),
    ],
)
def test_what_a_command_left_is_not_believed(
    markdown: str, sidecar: str, failure_class: FailureClass, reason: str, tmp_path: Path
) -> None:
    start = Start.of(tmp_path)
    files = LeftFiles(tmp_path / "a.md", tmp_path / "a.json")
    (tmp_path / "a.md").write_text(markdown)
    (tmp_path / "a.json").write_text(sidecar)
    with pytest.raises(DocumentFailure, match=reason) as raised:
        check_files(files, start, task(tmp_path, pages=30 if "Library" in markdown else 3))
    assert raised.value.failure_class is failure_class


def test_what_a_command_made_of_a_document_passes(tmp_path: Path) -> None:
    start = Start.of(tmp_path)
    (tmp_path / "a.md").write_text("a word and another " * 40)
    check_files(LeftFiles(tmp_path / "a.md"), start, task(tmp_path, pages=30))
