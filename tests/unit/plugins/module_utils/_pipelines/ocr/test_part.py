# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.part import Part, read_parts
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task


def task_of(folder: Path, *open_pages: int) -> Task:
    return Task("s3://b/a.pdf", "a.pdf", 3, folder / "a.pdf", folder / "work", open_pages=open_pages, ranges=folder)


def write(folder: Path, part: Part) -> None:
    folder.mkdir()
    part.write(folder)


def test_parts_are_read_as_they_were_written_whatever_a_recogniser_says(tmp_path: Path) -> None:
    first = Part((1, 3), "reader 1.0", {1: "ά\r\n\x00\ud800 \U0001f600", 3: ""})
    second = Part((7,), "reader 1.1", {})
    write(tmp_path / "work-1", first)
    write(tmp_path / "work-7", second)
    assert sorted(read_parts(task_of(tmp_path, 1, 3, 7)), key=lambda part: part.pages) == [first, second]


def test_a_part_that_is_gone_is_no_blank_page(tmp_path: Path) -> None:
    write(tmp_path / "work-1", Part((1, 3), "reader 1.0", {1: "text"}))
    with pytest.raises(FarmError, match=r"s3://b/a\.pdf a part is gone"):
        read_parts(task_of(tmp_path, 1, 3, 7))
