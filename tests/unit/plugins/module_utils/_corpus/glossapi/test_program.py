# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

import pytest
from pyarrow import parquet

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi import program
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.layout import write_layout
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.glossapi.stages import (
    STAGES,
    GlossapiOptions,
    StagesResult,
    run_stages,
)
from tests.support.glossapi_corpus import a_dataset_file, doc_id, use_stand_in

pytestmark = pytest.mark.slow

_TEXTS = {"a": "# One \n# Two\n", "b": "# Three\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder."""
    (tmp_path / "folder").mkdir()
    return tmp_path / "folder"


def run(folder: Path, texts: dict[str, str], *stages: str) -> StagesResult:
    write_layout(folder, a_dataset_file(texts))
    return run_stages(GlossapiOptions(stages, sys.executable), folder)


def test_all_stages_leave_their_files(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_stand_in(monkeypatch, tmp_path)
    found = run(folder, _TEXTS, *STAGES)
    assert found.problems == ()
    assert list(found.products) == ["cleaned", "measures", "sections", "annotated", "jsonl"]
    texts = {row["filename"]: row["text"] for row in parquet.read_table(found.products["cleaned"]).to_pylist()}
    assert texts == {doc_id("a"): "# One\n# Two\n", doc_id("b"): "# Three\n"}
    measures = parquet.read_table(found.products["measures"]).to_pylist()
    assert [row["greek_badness_score"] for row in measures] == [12.0, 12.0]
    assert parquet.read_table(found.products["annotated"]).num_rows == 3


def test_a_stage_that_fails_is_named_and_what_those_before_have_made_is_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_stand_in(monkeypatch, tmp_path)
    found = run(folder, {**_TEXTS, "c": "# RAISE\n"}, *STAGES)
    assert found.problems == (f"stage section failed: ValueError: cannot parse {doc_id('c')}",)
    assert list(found.products) == ["cleaned", "measures"]


@pytest.mark.parametrize(("word", "stage"), [("LOSE", "clean"), ("SKIP", "section")])
def test_a_document_that_a_stage_leaves_out_is_named(
    word: str, stage: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_stand_in(monkeypatch, tmp_path)
    found = run(folder, {**_TEXTS, "c": f"# {word}\n"}, *STAGES)
    assert f"stage {stage} has left out {doc_id('c')}" in found.problems
    assert list(found.products)[-1] == "jsonl"


@pytest.mark.parametrize(
    ("trap", "stage", "why"),
    [
        ("noise_fails", "clean", "no document has a greek_badness_score"),
        ("prediction_fails", "annotate", "Error during prediction: no attribute of that name"),
    ],
)
def test_what_corpus_says_in_its_log_alone_fails_the_stage(
    trap: str, stage: str, why: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_stand_in(monkeypatch, tmp_path, trap)
    (problem,) = run(folder, _TEXTS, *STAGES).problems
    assert problem.startswith(f"stage {stage} failed: StageError: {why}")


def test_what_a_stage_needs_and_is_not_there_is_told_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_model", lambda: tmp_path / "model")
    missing = list(program._missing(STAGES))
    assert [each.split(",")[0] for each in missing] == [
        "stage clean needs glossAPI's Rust part glossapi_rs_cleaner",
        "stage clean needs glossAPI's Rust part glossapi_rs_noise",
        f"stage annotate needs {tmp_path / 'model'}",
    ]
    assert list(program._missing(["section", "jsonl"])) == []
