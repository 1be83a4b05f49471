# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real OCR by backend ``glossapi_rapidocr`` on a CPU: real glossAPI, docling and RapidOCR with its wheel's models.

GLOSSAPI_FARM_OCR asks for it, beside what test_glossapi_checkout.py needs: a page takes up to a minute. Of docling's
models the layout network has random weights and finds nothing, so that each line is a paragraph.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
from pathlib import Path

import pytest
from font_roboto import font_files
from PIL import Image, ImageDraw, ImageFont

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Results
from tests.support.glossapi_worker import Installation, checkout_of_glossapi, started, worker

OCR = "glossapi_rapidocr"
LINES = (
    "Summary. This page was written to find out whether a machine can read it.",
    "The springs of the mountain were measured every month for six years, and",
    "their temperature changes with the height of the rain that fell before.",
    "None of the 17 instruments had to be replaced, and two were calibrated.",
)
_DPI = 150
_FIRST_WITHOUT_OCR = (0, 1, 4)
_MODELS = "import pathlib, rapidocr; print(pathlib.Path(rapidocr.__file__).parent / 'models')"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The real glossAPI."""
    if "GLOSSAPI_FARM_OCR" not in os.environ:
        pytest.skip("GLOSSAPI_FARM_OCR does not ask for it")
    found = checkout_of_glossapi(tmp_path_factory.mktemp("models"))
    if found is None:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI names no checkout of glossAPI")
    return found


@pytest.fixture
def options(checkout: Installation) -> dict[str, object]:
    """The pipeline's, with the models of RapidOCR's wheel: Chinese and English."""
    models = subprocess.check_output([checkout.python, "-c", _MODELS], text=True).strip()
    return {"rapidocr_models": models}


def does_ocr(checkout: Installation) -> bool:
    """Whether it still does OCR while it extracts: upstream's branch ``development`` does not."""
    project = (checkout.sources.parent / "pyproject.toml").read_text()
    (version,) = [line.split('"')[1] for line in project.splitlines() if line.startswith("version = ")]
    return tuple(int(part) for part in version.split(".")) < _FIRST_WITHOUT_OCR


def scan(path: Path) -> Path:
    """Write a page that is a picture and nothing else."""
    picture = Image.new("L", (8 * _DPI, 11 * _DPI), 255)
    font = ImageFont.truetype(str(font_files["Roboto"]), 28)
    for number, line in enumerate(LINES):
        ImageDraw.Draw(picture).text((_DPI, (1 + 0.4 * number) * _DPI), line, fill=0, font=font)
    path.parent.mkdir()
    picture.save(path, resolution=_DPI)
    return path


def refusal(checkout: Installation, options: dict[str, object], folder: Path) -> str:
    """Return the log of a worker that does not get ready."""
    folder.mkdir()
    with started(checkout, options, folder, OCR) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(600) == 1
    return (folder / "log").read_text()


def test_a_glossapi_without_ocr_or_a_recogniser_without_greek_is_refused(
    checkout: Installation, options: dict[str, object], tmp_path: Path
) -> None:
    log = refusal(checkout, options, tmp_path / "refused")
    reason = "the recogniser has no Greek" if does_ocr(checkout) else "does not do what it was asked for: OCR off"
    assert reason in log


def test_a_scan_is_read(
    checkout: Installation, options: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not does_ocr(checkout):
        pytest.skip("this glossAPI has no OCR in its extraction")
    monkeypatch.setenv("GLOSSAPI_FARM_NO_GREEK", "")
    with worker(checkout, options, tmp_path, OCR) as ask:
        for name in ("first", "second"):
            results = ask(scan(tmp_path / name / "scan.pdf"), 1)
            assert isinstance(results, Results), results
            assert results.markdown is not None
            assert results.quality is not None
            read = " ".join(results.markdown.read_text().split())
            # RapidOCR leaves out a blank here and there.
            assert difflib.SequenceMatcher(None, " ".join(LINES), read, autojunk=False).ratio() > 0.97, read
            (page,) = json.loads(results.quality.read_text())["pages"]
            assert (page["page"], page["source"], page["verdict"]) == (1, "ocr", "good")
