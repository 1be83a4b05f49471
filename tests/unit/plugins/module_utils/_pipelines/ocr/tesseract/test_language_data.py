# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.language_data import (
    FOLDER_VARIABLE,
    LanguageData,
    find_language_data,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.options import TesseractOptions


@pytest.fixture(autouse=True)
def without_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


def folder_with(folder: Path, *languages: str) -> Path:
    folder.mkdir(parents=True)
    for language in languages:
        (folder / f"{language}.traineddata").write_text(language)
    return folder


def test_the_options_folder_comes_before_the_environments_and_that_before_the_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = folder_with(tmp_path / "of program", "ell", "eng")
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n[ $1 = --list-langs ] && echo 'List of available languages in \"{own}/\" (2):'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    assert find_language_data(TesseractOptions()) == LanguageData(own, ("ell", "eng"))
    named = folder_with(tmp_path / "of environment", "ell", "eng")
    monkeypatch.setenv(FOLDER_VARIABLE, str(named))
    assert find_language_data(TesseractOptions()).folder == named
    given = folder_with(tmp_path / "of option", "grc")
    assert find_language_data(TesseractOptions(("grc",), str(given))) == LanguageData(given, ("grc",))


def test_without_greek_it_is_refused_and_says_how_to_have_it(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "data", "eng")
    with pytest.raises(FarmError, match=r"data/ell\.traineddata is missing: .* tesseract-ocr-ell\), or name"):
        find_language_data(TesseractOptions(tessdata=str(folder)))


def test_where_no_folder_is_known_one_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FarmError, match=r"^No folder of tesseract's language data is known\. .*tesseract-ocr-ell"):
        find_language_data(TesseractOptions())
    old = tmp_path / "tesseract"
    old.write_text("#!/bin/sh\necho 'List of available languages (2):'\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FarmError, match="No folder"):
        find_language_data(TesseractOptions())


def test_the_revision_has_each_languages_digest(tmp_path: Path) -> None:
    data = LanguageData(folder_with(tmp_path / "data", "ell", "eng"), ("ell", "eng"))
    digests = [hashlib.sha256(language.encode()).hexdigest()[:12] for language in data.languages]
    assert data.revision == f"ell {digests[0]}, eng {digests[1]}"
    assert data.joined == "ell+eng"
