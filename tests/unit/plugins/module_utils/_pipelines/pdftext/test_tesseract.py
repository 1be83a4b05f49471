# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdftext.tesseract import (
    Tesseract,
    choose_languages,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


@pytest.mark.parametrize(
    ("installed", "chosen"),
    [(["osd", "eng", "ell"], "ell+eng"), (["eng"], "eng"), (["ell", "deu"], "ell"), (["osd"], "")],
)
def test_greek_and_english_are_read_where_installed(installed: list[str], chosen: str) -> None:
    assert choose_languages(installed) == chosen


def test_a_machine_without_the_program_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert Tesseract.find() is None


def test_its_error_is_the_documents_failure(tmp_path: Path) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\ncat > /dev/null\necho no such data >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(DocumentFailure, match="status 1: no such data") as raised:
        Tesseract(str(program), "ell").read(1, 1, b"\0")
    assert raised.value.failure_class is FailureClass.PIPELINE
