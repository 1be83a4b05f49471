# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.trial import require_reading
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


class Reader:
    """Reads what it is told to, of the scan alone."""

    def __init__(self, text: str | None = None, failure: DocumentFailure | None = None) -> None:
        self._text, self._failure = text, failure

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        assert (document.read_bytes(), list(pages), list(folder.iterdir())) == (SCAN, [1], [])
        if self._failure:
            raise self._failure
        return {} if self._text is None else {1: self._text}


def test_a_backend_that_reads_the_page_may_work_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "canary").mkdir()
    (tmp_path / "canary" / "left").touch()
    require_reading(Reader(TEXT), "reader", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        (Reader(""), "does not read a scan whose text is known: no text came out"),
        (Reader("nEPI THE ANArNnEHE " + TEXT[-230:]), "the recogniser has no Greek"),
        (Reader(TEXT[: len(TEXT) // 2]), "of its characters are right"),
        (Reader(), "has given up a scan"),
        (Reader(failure=DocumentFailure(FailureClass.PIPELINE, "no model")), "cannot read .*: pipeline: no model"),
    ],
)
def test_one_that_does_not_is_refused_with_why(tmp_path: Path, reader: Reader, reason: str) -> None:
    with pytest.raises(FarmError, match=f"reader .*{reason}"):
        require_reading(reader, "reader", tmp_path)
    assert list(tmp_path.iterdir()) == []
