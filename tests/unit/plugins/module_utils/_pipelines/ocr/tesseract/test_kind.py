# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import WorkerContext
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.kind import TESSERACT
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import Repository, Source, WeightFile
from tests.support.model_hub import a_list, sha256, stored


def worker(folder: Path, **options: object) -> WorkerContext:
    return WorkerContext(options, 1, folder, S3Uri("r"), Connection())


def test_a_worker_does_not_start_with_a_wrong_option_or_without_greek(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match="does not know the option 'lang'"):
        TESSERACT.create(worker(tmp_path, lang="ell"))
    with pytest.raises(FarmError, match=r"ell\.traineddata is missing"):
        TESSERACT.create(worker(tmp_path, tessdata=str(tmp_path)))


def test_wrong_options_are_told_before(tmp_path: Path) -> None:
    TESSERACT.check({"tessdata": str(tmp_path)})
    with pytest.raises(FarmError, match="give a list"):
        TESSERACT.check({"languages": "ell"})


def test_tesseract_runs_one_thread_in_each_worker(tmp_path: Path) -> None:
    assert TESSERACT.environment(worker(tmp_path)) == {"OMP_THREAD_LIMIT": "1"}


def test_the_languages_change_what_is_read_and_the_folder_does_not() -> None:
    assert TESSERACT.output_options({"tessdata": "/data"}) == {"languages": ["ell", "eng"]}


def test_the_revision_needs_the_data(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=r"ell\.traineddata is missing"):
        TESSERACT.revision({"tessdata": str(tmp_path)})


def test_pinned_language_data_that_was_altered_is_refused(tmp_path: Path) -> None:
    file = WeightFile("best/ell.gz", sha256(b"data"), 4, "ell.traineddata")
    weights = a_list(Repository(Source.NPM, "@data/ell", "1.0.0", ("tesseract",), (file,), "tessdata"))
    options = {"weights": str(tmp_path), "weights_digest": weights.digest}
    assert TESSERACT.weights_digest(options) == weights.digest
    assert TESSERACT.weights_digest({}) == ""
    (tmp_path / "weights.json").write_bytes(stored(weights))
    (tmp_path / "tessdata").mkdir()
    (tmp_path / "tessdata" / "ell.traineddata").write_bytes(b"Data")
    with pytest.raises(FarmError, match=r"ell\.traineddata is altered: it is sha256"):
        TESSERACT.create(worker(tmp_path, **options))
