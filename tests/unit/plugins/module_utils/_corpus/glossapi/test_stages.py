# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi import stages as module
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.stages import (
    STAGES,
    GlossapiOptions,
    glossapi_revision,
    run_stages,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from tests.support.glossapi_corpus import use_sources, use_stand_in


def test_stages_are_run_in_their_order() -> None:
    assert GlossapiOptions(("jsonl", "clean"), "python").in_order == ("clean", "jsonl")
    assert GlossapiOptions().in_order == ()


@pytest.mark.parametrize(
    ("stages", "python", "message"),
    [
        (("download",), "python", "has no stage download: name some of clean, section, annotate, jsonl"),
        (("annotate",), "python", "name section, too"),
        (("section",), "", "stages section of glossAPI need a Python"),
    ],
)
def test_stages_that_cannot_be_are_refused(stages: tuple[str, ...], python: str, message: str) -> None:
    with pytest.raises(FarmError, match=message):
        GlossapiOptions(stages, python)


def test_which_glossapi_is_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_in(monkeypatch, tmp_path)
    assert glossapi_revision(GlossapiOptions(STAGES, sys.executable))


def test_a_python_without_glossapi_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_sources(monkeypatch, tmp_path)
    with pytest.raises(FarmError, match=r"cannot run stages of glossAPI: it cannot import.*No module named 'glossapi'"):
        glossapi_revision(GlossapiOptions(("section",), sys.executable))


def test_a_python_that_is_none_is_told() -> None:
    with pytest.raises(FarmError, match="/nowhere/python, cannot be run: No such file"):
        glossapi_revision(GlossapiOptions(("section",), "/nowhere/python"))


def test_a_process_that_ends_early_is_told_with_the_end_of_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "glossapi").mkdir()
    (tmp_path / "glossapi" / "__init__.py").write_text("import os\nprint('last words', flush=True)\nos._exit(3)\n")
    use_sources(monkeypatch, tmp_path, tmp_path)
    with pytest.raises(FarmError, match="ended with status 3 before its stages did: last words"):
        run_stages(GlossapiOptions(("section",), sys.executable), tmp_path)


def test_what_it_leaves_running_in_another_session_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "glossapi").mkdir()
    (tmp_path / "glossapi" / "__init__.py").write_text(
        "import os, subprocess\n"
        "left = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        f"open({str(tmp_path / 'left')!r}, 'w').write(str(left.pid))\n"
        "os._exit(3)\n"
    )
    use_sources(monkeypatch, tmp_path, tmp_path)
    with pytest.raises(FarmError, match="ended with status 3"):
        run_stages(GlossapiOptions(("section",), sys.executable), tmp_path)
    status = Path(f"/proc/{(tmp_path / 'left').read_text()}/stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_stage_that_hangs_is_ended_after_a_time_that_grows_with_the_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexec sleep 600\n")
    python.chmod(0o755)
    (tmp_path / "markdown").mkdir()
    for name in "ab":
        (tmp_path / "markdown" / f"{name}.md").touch()
    monkeypatch.setattr(module, "_START_SECONDS", 0.0)
    monkeypatch.setattr(module, "_DOCUMENT_SECONDS", 0.25)
    with pytest.raises(FarmError, match=r"had not ended after 0\.5 s, which is for what hangs, and was ended"):
        run_stages(GlossapiOptions(("section",), str(python)), tmp_path)
