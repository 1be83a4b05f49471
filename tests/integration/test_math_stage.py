# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage ``math`` after stage ``text``, by their supervisors and workers, with stand-ins for glossAPI and docling."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.job import CutJob, cut_shards
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi_math.kind import GlossApiMathKind
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas, Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    json_uri,
    math_uri,
    output_folder,
    shards_folder,
    status_folder,
    table_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import Summary
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.service import supervise
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes, read_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import Farm, look, read_farm
from ansible_collections.glossapi.farm.plugins.module_utils._status.formula_failures import FormulaFailures
from ansible_collections.glossapi.farm.plugins.module_utils._status.outlook import farm_outlook
from ansible_collections.glossapi.farm.plugins.module_utils._status.table import report
from tests.support.shards import TestShard, make_shard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

STUBS = Path(__file__).parents[1] / "stubs"
KEYS = ("a.pdf", "d/a.pdf")
PROSE = "The springs of the mountain were measured every month for six years, and none of them had to be replaced."
DONE = DocumentState.DONE


def document() -> bytes:
    drawing = canvas.Canvas("", pagesize=(595, 842))
    for number in range(12):
        drawing.drawString(40, 700, PROSE[number:])
        drawing.showPage()
    return bytes(drawing.getpdfdata())


@dataclass
class Stages:
    """A farm of one shard, whose stages are worked off one after the other."""

    text: TestShard
    math: TestShard
    connection: Connection
    traps: Path

    @property
    def manifests(self) -> S3Uri:
        return self.text.bucket

    def cut(self, stage: Stage, *, again: bool = False) -> Summary:
        shards = shards_folder(self.manifests, stage)
        results = self.text.config.results_uri
        job = CutJob(
            str(table_uri(self.manifests)),
            shards,
            CutOptions((1.0,), keep_failed=True),
            exclude_finished=None if again else status_folder(results),
            stage=stage,
            handed_on=None if stage is Stage.TEXT else results,
        )
        return cut_shards(self.connection, job, write=True)[0]

    def work(self, shard: TestShard, *traps: str) -> None:
        self.traps.write_text(" ".join(traps))
        layout = Layout.of(shard.config)
        layout.create()
        shard.config.save(layout.config)
        assert supervise(shard.config) == 0

    def farm(self, stage: Stage) -> tuple[Farm, int]:
        """Return what the account says, and how many documents a wait for the stage has to wait for."""
        results = self.text.config.results_uri
        found = look(
            self.text.client,
            shards_folder(self.manifests, stage),
            results,
            "shard_summary.json",
            stage,
            verify_outputs=True,
        )
        return read_farm(self.text.client, results, found), found.pending

    def math_marker(self, key: str) -> Marker:
        uri = math_uri(self.text.config.results_uri, key)
        return Marker.from_json(read_bytes(self.text.client, uri), str(uri))


@pytest.fixture
def stages(
    client: S3Client,
    bucket: S3Uri,
    connection: Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    library_path: Path,
) -> Stages:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, (library_path, STUBS))))
    monkeypatch.setenv("GLOSSAPI_STUB_TRAPS", str(tmp_path / "traps"))
    shard = make_shard(client, bucket, connection, tmp_path)
    text = replace(
        shard.config, pipeline="glossapi", pipeline_options={}, math_follows=True, timeout_base=600.0, max_attempts=1
    )
    math = replace(
        text,
        pipeline="glossapi_math",
        math_follows=False,
        manifests=str(shards_folder(bucket, Stage.MATH)),
        # Of two documents, both may fail without the run being broken.
        max_failure_share=1.0,
    )
    rows = ["uri,bytes,etag,pages,error"]
    body = document()
    for key in KEYS:
        uploaded = put_bytes(client, bucket.join(key), body, "application/pdf")
        rows.append(f"{bucket.join(key)},{len(body)},{uploaded},12,")
    put_bytes(client, table_uri(bucket), "".join(f"{row}\n" for row in rows).encode(), "text/csv")
    return Stages(replace(shard, config=text), replace(shard, config=math), connection, tmp_path / "traps")


def test_formulas_that_stage_text_found_are_read_by_stage_math(stages: Stages) -> None:
    text, math = stages.text, stages.math
    stages.cut(Stage.TEXT)
    stages.work(text)
    before = {key: text.marker(key, DONE) for key in KEYS}
    assert [marker.open_formulas for marker in before.values()] == [5, 5]
    assert "formula-not-decoded" not in text.text("a.pdf")

    cut = stages.cut(Stage.MATH)
    assert (cut.totals.documents, cut.totals.pages) == (2, 10)
    farm, pending = stages.farm(Stage.MATH)
    assert pending == 2
    account = farm.reconciliation
    assert (account.input, account.done, account.pending, account.open_formulas) == (2, 2, 0, 2)
    assert account.balances
    assert "with formulas: 2 documents wait for stage math" in report(farm, farm_outlook(farm, 60, time.time()))

    stages.work(math)
    for key in KEYS:
        assert "$$400 \\times 100$$" in text.text(key)
        after = text.marker(key, DONE)
        assert replace(after, outputs=(), quality=None, formulas=None) == replace(before[key], outputs=(), quality=None)
        assert after.quality == before[key].quality
        there = {output.uri: output.etag for output in after.outputs}
        for uri, etag in there.items():
            found = S3Uri.parse(uri)
            assert text.client.head_object(Bucket=found.bucket, Key=found.key)["ETag"].strip('"') == etag
        assert (after.formulas, stages.math_marker(key).stage) == (Formulas(5, 5), "math")
        body = read_bytes(text.client, json_uri(output_folder(text.config.results_uri, 1), key))
        assert [item["text"] for item in json.loads(body)["texts"][-5:]] == [r"400 \times 100"] * 5

    farm, pending = stages.farm(Stage.MATH)
    assert (pending, farm.reconciliation.open_formulas, farm.reconciliation.done) == (0, 0, 2)
    assert farm.reconciliation.balances
    assert "stage math" not in report(farm, farm_outlook(farm, 60, time.time()))
    # Again, with nothing to do.
    stages.work(math, "no_models")
    assert stages.cut(Stage.MATH).totals.documents == 0


def test_a_document_whose_formulas_cannot_be_read_stays_done_until_they_are_asked_for_again(stages: Stages) -> None:
    text, math = stages.text, stages.math
    stages.cut(Stage.TEXT)
    stages.work(text)
    before = [(text.marker(key, DONE), text.text(key)) for key in KEYS]
    stages.cut(Stage.MATH)
    stages.work(math, "formulas_lost")
    assert [(text.marker(key, DONE), text.text(key)) for key in KEYS] == before
    assert text.states() == dict.fromkeys(KEYS, DONE)
    marker = stages.math_marker("a.pdf")
    assert (marker.failure_class, marker.message) == ("pipeline", "none of 5 formulas was decoded")
    farm, pending = stages.farm(Stage.MATH)
    assert (pending, farm.reconciliation.done, farm.reconciliation.failed) == (0, 2, 0)
    assert "done without their formulas: 2 pipeline" in report(farm, farm_outlook(farm, 60, time.time()))
    assert [(found.uri, found.message) for found in farm.formula_failures.named] == [
        (marker.uri, "none of 5 formulas was decoded") for marker in map(stages.math_marker, KEYS)
    ]

    # Another cut, of what waits, has what failed.
    cut = stages.cut(Stage.MATH)
    assert (cut.totals.documents, cut.failed_documents, cut.failed_pages) == (2, 2, 10)
    stages.work(math, "no_models")
    again = replace(math, config=replace(math.config, retry=("pipeline",)))
    stages.work(again)
    assert text.marker("a.pdf", DONE).formulas == Formulas(5, 5)
    assert stages.math_marker("a.pdf").attempts == 2
    assert stages.farm(Stage.MATH)[0].formula_failures == FormulaFailures()
    stages.work(again, "no_models")
    assert stages.cut(Stage.MATH).totals.documents == 0


def test_formulas_that_other_weights_have_read_are_read_again_whatever_was_cut_since(
    stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.cut(Stage.TEXT)
    stages.work(stages.text)
    stages.cut(Stage.MATH)
    stages.work(stages.math)
    assert stages.cut(Stage.MATH).totals.documents == 0
    redo = replace(stages.math, config=replace(stages.math.config, pipeline_options={"threads": 1}, redo_stale=True))
    assert stages.cut(Stage.MATH, again=True).totals.documents == 2
    # The workers' own is a stand-in, which this process does not have.
    monkeypatch.setattr(GlossApiMathKind, "revision", lambda _kind, _options: stages.math_marker(KEYS[0]).revision)
    stages.work(redo, "no_models")
    for key in KEYS:
        marker = stages.math_marker(key)
        body = replace(marker, options_hash="of others").to_json()
        put_bytes(stages.text.client, math_uri(stages.text.config.results_uri, key), body, "application/json")
    stages.work(redo)
    assert [stages.math_marker(key).options_hash for key in KEYS] == [marker.options_hash] * 2
    # Read from what it has left itself the first time.
    assert stages.text.text("a.pdf").count("$$400 \\times 100$$") == 5
    stages.work(redo, "no_models")


@pytest.mark.parametrize("change", [{"math_follows": False}, {"pipeline_options": {"math": True}}])
def test_nothing_waits_for_a_stage_that_does_not_follow_or_has_nothing_to_do(
    stages: Stages, change: dict[str, Any]
) -> None:
    stages.cut(Stage.TEXT)
    stages.work(replace(stages.text, config=replace(stages.text.config, **change)))
    assert stages.text.marker("a.pdf", DONE).open_formulas == 0
    assert stages.farm(Stage.TEXT)[0].reconciliation.open_formulas == 0
    assert stages.cut(Stage.MATH).totals.documents == 0
