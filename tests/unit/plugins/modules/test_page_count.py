# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._page_counts.counting import LOGGER
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules.page_count import options_from, write_copy, write_log

PARAMETERS: dict[str, Any] = {
    "bucket": "b",
    "prefix": "in/",
    "s3_output": "s3://b/out",
    "max_workers": 64,
    "chunk_size": 1000,
    "include_size": True,
    "resume_from": None,
}


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    handlers, level, propagate = list(LOGGER.handlers), LOGGER.level, LOGGER.propagate
    yield LOGGER
    for handler in set(LOGGER.handlers) - set(handlers):
        LOGGER.removeHandler(handler)
        handler.close()
    LOGGER.setLevel(level)
    LOGGER.propagate = propagate


def test_options_name_the_source_and_the_output() -> None:
    options = options_from(PARAMETERS)
    assert (options.source, options.output) == (S3Uri("b", "in/"), S3Uri("b", "out"))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("max_workers", 0, "max_workers is 0"),
        ("chunk_size", -1, "chunk_size is -1"),
        ("s3_output", "/local/folder", "is not an S3 address"),
    ],
)
def test_an_option_without_sense_is_named(name: str, value: object, message: str) -> None:
    with pytest.raises(FarmError, match=message):
        options_from(PARAMETERS | {name: value})


def test_the_copy_is_written_once_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    assert write_copy(path, b"table")
    assert not write_copy(path, b"table")
    assert write_copy(path, b"other")
    assert path.read_bytes() == b"other"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=r"Cannot write output_file .*no/counts\.csv: No such file"):
        write_copy(tmp_path / "no" / "counts.csv", b"table")


def test_the_log_has_the_level_and_every_line_at_once(tmp_path: Path, logger: logging.Logger) -> None:
    path = tmp_path / "counts.log"
    write_log(str(path), "INFO")
    logger.debug("unseen")
    logger.info("seen")
    assert path.read_text().endswith("INFO seen\n")
    assert "unseen" not in path.read_text()


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=r"Cannot write log_file .*: No such file"):
        write_log(str(tmp_path / "no" / "counts.log"), "INFO")
