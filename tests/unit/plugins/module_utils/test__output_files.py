# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._output_files import (
    append_log,
    check_folder,
    copy_output,
    write_output,
)


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.Logger("of a test")
    yield logger
    for handler in logger.handlers:
        handler.close()


def test_an_output_is_written_once_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    assert write_output(path, b"table")
    assert not write_output(path, b"table")
    assert write_output(path, b"other")
    assert path.read_bytes() == b"other"
    assert list(tmp_path.iterdir()) == [path]


def test_a_large_output_is_compared_and_copied_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    for content, changed in ((b"table", True), (b"table", False), (b"tables", True), (b"", True)):
        assert copy_output(path, io.BytesIO(content)) is changed
        assert path.read_bytes() == content
    with pytest.raises(FarmError, match="Cannot write output_file"):
        copy_output(tmp_path, io.BytesIO(b"table"))


def test_an_output_may_be_read_by_anybody(tmp_path: Path) -> None:
    write_output(tmp_path / "report.txt", b"all is well\n")
    assert (tmp_path / "report.txt").stat().st_mode & 0o777 == 0o644


def test_an_output_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=r"Cannot write output_file .*no/counts\.csv: No such file"):
        write_output(tmp_path / "no" / "counts.csv", b"table")


def test_an_output_needs_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (Path("counts.csv"), tmp_path / "counts.csv"):
        check_folder(path)
    with pytest.raises(FarmError, match=r"there is no folder .*/no\. Make it, or name another\."):
        check_folder(tmp_path / "no" / "counts.csv")


def test_the_log_has_the_level_and_every_line_at_once(tmp_path: Path, logger: logging.Logger) -> None:
    path = tmp_path / "counts.log"
    append_log(logger, str(path), "INFO")
    logger.debug("unseen")
    logger.info("seen")
    assert path.read_text().endswith(" INFO seen\n")
    assert "unseen" not in path.read_text()
    assert not logger.propagate


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path, logger: logging.Logger) -> None:
    with pytest.raises(FarmError, match=r"Cannot write log_file .*: No such file"):
        append_log(logger, str(tmp_path / "no" / "counts.log"), "INFO")
