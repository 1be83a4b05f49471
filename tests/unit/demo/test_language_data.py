# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import (
    Repository,
    Source,
    WeightFile,
    WeightsList,
)
from demo import language_data
from demo.language_data import fetch, main
from tests.support.model_hub import layout, npm_package, sha256, stored

pytestmark = pytest.mark.server

DATA = {"ell": "ελληνικά".encode(), "eng": b"English"}
WEIGHTS = WeightsList(
    (
        layout(),
        *(
            Repository(
                source=Source.NPM,
                repo=f"@tesseract.js-data/{name}",
                revision="1.0.0",
                used_by=("tesseract",),
                folder="tessdata",
                files=(WeightFile(f"best/{name}.gz", sha256(data), len(data), f"{name}.traineddata"),),
            )
            for name, data in DATA.items()
        ),
    )
)


@pytest.fixture
def npm(tmp_path: Path) -> list[str]:
    """A program that puts a package where it is told to, as npm does, and notes what it was asked for."""
    script = tmp_path / "npm.py"
    script.write_text(
        "import pathlib, shutil, sys\n"
        "_pack, _silent, _destination, folder, package = sys.argv[1:]\n"
        "here = pathlib.Path(__file__).parent\n"
        "(here / 'asked').open('a').write(package + '\\n')\n"
        "shutil.copy(here / (package.partition('/')[2][:3] + '.tgz'), folder)\n"
    )
    for language, data in DATA.items():
        pack(tmp_path, language, data)
    return [sys.executable, str(script)]


def pack(folder: Path, language: str, data: bytes, name: str = "best") -> None:
    (folder / f"{language}.tgz").write_bytes(npm_package(f"{name}/{language}.gz", gzip.compress(data)))


def test_both_languages_are_fetched_once(tmp_path: Path, npm: list[str]) -> None:
    folder = tmp_path / "new" / "tessdata"
    fetch(WEIGHTS, folder, npm)
    fetch(WEIGHTS, folder, npm)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        f"{language}.traineddata": data for language, data in DATA.items()
    }
    assert (tmp_path / "asked").read_text() == "@tesseract.js-data/ell@1.0.0\n@tesseract.js-data/eng@1.0.0\n"


def test_what_is_damaged_is_fetched_again(tmp_path: Path, npm: list[str]) -> None:
    fetch(WEIGHTS, tmp_path / "a", npm)
    damaged = tmp_path / "a" / "ell.traineddata"
    damaged.write_bytes(DATA["ell"][:-1] + b"?")
    fetch(WEIGHTS, tmp_path / "a", npm)
    assert damaged.read_bytes() == DATA["ell"]


@pytest.mark.parametrize("data", [b"English!", b"englisH", b"x" * 10_000_000])
def test_what_is_not_as_pinned_is_not_kept(tmp_path: Path, npm: list[str], data: bytes) -> None:
    pack(tmp_path, "eng", data)
    with pytest.raises(ValueError, match=r"best/eng\.gz of @tesseract\.js-data/eng@1\.0\.0 is sha256:"):
        fetch(WEIGHTS, tmp_path / "a", npm)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["ell.traineddata"]


def test_a_package_without_the_file_is_named(
    tmp_path: Path, npm: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pack(tmp_path, "ell", DATA["ell"], "4.1.0")
    (tmp_path / "list.json").write_bytes(stored(WEIGHTS))
    monkeypatch.setattr(language_data, "LIST", tmp_path / "list.json")
    monkeypatch.setattr(sys, "argv", ["language_data", str(tmp_path / "a"), *npm])
    assert main() == 1
    assert "@tesseract.js-data/ell@1.0.0: it has no best/ell.gz" in capsys.readouterr().err


def test_a_failure_of_npm_is_one(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        fetch(WEIGHTS, tmp_path / "a", ["false"])
