# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.engines import (
    LibraryEngine,
    Picture,
    ProgramEngine,
    engine_version,
    load_engine,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.language_data import LanguageData

PICTURE = Picture(3, 2, b"\0" * 6, 300)
DATA = LanguageData(Path("/data"), ("ell", "eng"))


class Api:
    """Tesseract's, as tesserocr has it."""

    loaded: tuple[str, ...] = ("eng", "ell")
    text = "κείμενο"

    def __init__(self, **arguments: Any) -> None:
        self.arguments = arguments
        self.picture: tuple[Any, ...] = ()
        self.dpi = 0

    def GetLoadedLanguages(self) -> list[str]:  # noqa: N802 - its name
        return list(self.loaded)

    def SetImageBytes(self, *picture: Any) -> None:  # noqa: N802 - its name
        self.picture = picture

    def SetSourceResolution(self, dpi: int) -> None:  # noqa: N802 - its name
        self.dpi = dpi

    def GetUTF8Text(self) -> str:  # noqa: N802 - its name
        if self.text == "crash" and self.dpi == PICTURE.dpi and len(self.picture[0]) == len(PICTURE.pixels):
            raise RuntimeError("no image")
        return f"{self.text} {len(self.picture[0])} {self.picture[1:]} {self.dpi}"


def library(api: type[Api] = Api) -> Any:
    return SimpleNamespace(
        PyTessBaseAPI=api,
        PSM=SimpleNamespace(AUTO="auto"),
        OEM=SimpleNamespace(LSTM_ONLY="lstm"),
        __version__="2.13.0",
        tesseract_version=lambda: "tesseract 5.5.4\n leptonica-1.87.0",
    )


def test_the_library_is_given_the_picture_and_how_fine_it_is() -> None:
    assert LibraryEngine(library(), DATA).read(PICTURE) == "κείμενο 6 (3, 2, 1, 3) 300"


def test_the_library_is_told_the_languages_and_where_they_are() -> None:
    seen: list[dict[str, Any]] = []

    class Seen(Api):
        def __init__(self, **arguments: Any) -> None:
            super().__init__(**arguments)
            seen.append(arguments)

    LibraryEngine(library(Seen), DATA)
    assert seen == [{"path": "/data", "lang": "ell+eng", "psm": "auto", "oem": "lstm"}]


def test_a_language_that_the_library_left_out_is_named() -> None:
    class WithoutGreek(Api):
        loaded = ("eng",)

    with pytest.raises(FarmError, match=r"cannot load the language data of ell in /data: the file is damaged"):
        LibraryEngine(library(WithoutGreek), DATA)


def test_a_library_that_loads_nothing_is_refused() -> None:
    class Nothing(Api):
        def __init__(self, **arguments: Any) -> None:
            raise RuntimeError(f"Failed to init API of {arguments['lang']}")

    with pytest.raises(FarmError, match=r"language data of ell\+eng in /data: Failed to init API of"):
        LibraryEngine(library(Nothing), DATA)


def test_a_library_that_reads_nothing_at_all_is_refused() -> None:
    class Broken(Api):
        def GetUTF8Text(self) -> str:  # noqa: N802 - its name
            raise RuntimeError("illegal instruction")

    with pytest.raises(FarmError, match="it cannot read a blank page"):
        LibraryEngine(library(Broken), DATA)


def test_a_page_that_the_library_fails_on_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    class Fragile(Api):
        text = "crash"

    assert LibraryEngine(library(Fragile), DATA).read(PICTURE) is None
    assert "gave up a page: RuntimeError: no image" in caplog.text


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """What is not a blank page is answered by the lines that a test adds."""
    path = tmp_path / "tesseract"
    path.write_text('#!/bin/sh\nread type width height most\n[ "$width" = 64 ] && cat > /dev/null && exit 0\n')
    path.chmod(0o755)
    return path


def answer(program: Path, lines: str) -> None:
    program.write_text(program.read_text() + lines)


def test_the_program_is_given_the_picture_and_what_to_read(program: Path) -> None:
    answer(program, 'echo "$@" "$width" "$height"; wc -c\n')
    said = ProgramEngine(str(program), DATA).read(PICTURE)
    assert said is not None
    options = "stdin stdout --tessdata-dir /data -l ell+eng --oem 1 --psm 3 --dpi 300"
    assert said.split("\n")[:2] == [f"{options} 3 2", "6"]


def test_a_page_that_the_program_fails_on_is_given_up(program: Path, caplog: pytest.LogCaptureFixture) -> None:
    answer(program, "cat > /dev/null; echo too wide >&2; exit 3\n")
    with caplog.at_level(logging.WARNING):
        assert ProgramEngine(str(program), DATA).read(PICTURE) is None
    assert "with status 3: too wide" in caplog.text


def test_a_page_without_end_is_given_up(program: Path) -> None:
    engine = ProgramEngine(str(program), DATA)
    answer(program, "exec sleep 600\n")
    engine._seconds = 1.0
    assert engine.read(PICTURE) is None


@pytest.mark.parametrize("lines", ["echo \"Failed loading language 'ell'\" >&2; exit 0", "echo no data >&2; exit 1"])
def test_a_program_that_goes_on_without_a_language_is_refused(tmp_path: Path, lines: str) -> None:
    path = tmp_path / "tesseract"
    path.write_text(f"#!/bin/sh\ncat > /dev/null; {lines}\n")
    path.chmod(0o755)
    with pytest.raises(FarmError, match=r"language data of ell\+eng in /data: (Failed loading|no data)"):
        ProgramEngine(str(path), DATA)


def test_the_library_comes_before_the_program(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setitem(sys.modules, "tesserocr", library())
    assert isinstance(load_engine(DATA), LibraryEngine)
    assert engine_version() == "tesseract 5.5.4 (tesserocr 2.13.0)"
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    assert isinstance(load_engine(DATA), ProgramEngine)


def test_the_programs_version_is_its_first_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    path = tmp_path / "tesseract"
    path.write_text("#!/bin/sh\necho tesseract 4.1.1; echo ' leptonica-1.82.0'\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine_version() == "tesseract 4.1.1"


def test_a_machine_without_either_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    monkeypatch.setenv("PATH", "/nowhere")
    for what in (lambda: load_engine(DATA), engine_version):
        with pytest.raises(FarmError, match="not installed: install the Python package tesserocr"):
            what()
