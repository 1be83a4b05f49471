# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import encode
from ansible_collections.glossapi.farm.plugins.module_utils._comparison import worker
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


class Backend:
    """Reads the numbers of pages, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        assert (document, folder) == (Path("pages.pdf"), Path("files"))
        if self._error:
            raise self._error
        return {page: f"page {page} \ud83d" for page in pages if page != 2}


def task(folder: Path) -> dict[str, Any]:
    return {"document": "pages.pdf", "pages": 3, "folder": "files", "texts": str(folder / "texts.json")}


def test_what_is_read_goes_through_a_file_and_a_page_that_was_given_up_is_not_in_it(tmp_path: Path) -> None:
    answer = worker.read(Backend(), task(tmp_path))
    assert answer.keys() == {"seconds"}
    assert answer["seconds"] >= 0
    assert json.loads((tmp_path / "texts.json").read_bytes()) == {"1": "page 1 \ud83d", "3": "page 3 \ud83d"}


@pytest.mark.parametrize(
    ("error", "name", "told"),
    [
        (DocumentFailure(FailureClass.CORRUPT, "page 2"), "failure", "corrupt: page 2"),
        (ValueError("odd"), "failure", "ValueError: odd"),
        (GpuFault("the GPU is lost"), "fault", "the GPU is lost"),
    ],
)
def test_nothing_that_a_backend_raises_ends_it(tmp_path: Path, error: Exception, name: str, told: str) -> None:
    assert worker.read(Backend(error), task(tmp_path))[name] == told
    assert not (tmp_path / "texts.json").exists()


def test_a_backend_that_cannot_be_made_says_why(tmp_path: Path, library_path: Path) -> None:
    orders = {
        "backend": "tesseract",
        "options": {"tessdata": str(tmp_path)},
        "workers": 1,
        "output": "s3://results",
    }
    finished = subprocess.run(
        [sys.executable, "-m", worker.__name__],
        input=encode(orders),
        env={**os.environ, "PYTHONPATH": str(library_path)},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 1
    assert f"{tmp_path}/ell.traineddata is missing" in json.loads(finished.stdout)["problem"]
