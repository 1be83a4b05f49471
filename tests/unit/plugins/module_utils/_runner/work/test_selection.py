# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi_math.kind import GlossApiMathKind
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import kind_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.manifest import read_manifest
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import formulas_uri, marker_uri, math_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.service import supervise
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import Selection, select
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.markers import make_marker
from tests.support.shards import TestShard

# Times out until there is a file `fast`.
SLOW = """
import time
if name == "slow" and not os.path.exists({fast!r}):
    time.sleep(600)
if name == "bad":
    sys.exit(3)
"""


def selected(shard: TestShard) -> Selection:
    documents = read_manifest(shard.client, S3Uri.parse(shard.config.manifests), shard.config.shard)
    return select(shard.client, shard.client, shard.config, documents)


def process(shard: TestShard) -> None:
    layout = Layout(Path(shard.config.workdir), 1)
    layout.create()
    shard.config.save(layout.config)
    assert supervise(shard.config) == 0


@pytest.fixture
def failed(shard: TestShard, tmp_path: Path) -> TestShard:
    """A shard with one document done, one timed out, and one that failed in the pipeline."""
    shard.cut({"slow.pdf": 3, "bad.pdf": 2, "good.pdf": 1})
    script = SLOW.format(fast=str(tmp_path / "fast"))
    slow = shard.with_script(script, max_attempts=1, timeout_base=2.0)
    process(slow)
    assert slow.marker("slow.pdf", DocumentState.FAILED).failure_class == "timeout"
    return slow


def test_a_class_of_failures_is_retried_once_by_each_request(failed: TestShard, tmp_path: Path) -> None:
    assert selected(failed).pending == 0
    retry = replace(failed, config=replace(failed.config, retry=("timeout",), timeout_factor=1.5))
    work = selected(retry)
    assert [(each.document.pages, each.number, each.last) for each in work.attempts] == [(3, 2, 2)]
    assert [(each.tried, each.whole_time) for each in work.attempts] == [(True, True)]
    assert (work.pending, work.retried, work.stale) == (1, 1, 0)
    assert set(work.finished) == {"bad.pdf", "good.pdf"}
    process(retry)
    again = failed.marker("slow.pdf", DocumentState.FAILED)
    assert (again.attempts, again.retry) == (2, "timeout x1.5")
    assert again.message == "not finished after 3 s, 3 pages"
    assert selected(retry).pending == 0
    labelled = replace(retry, config=replace(retry.config, retry_label="after the repair"))
    assert selected(labelled).pending == 1
    (tmp_path / "fast").touch()
    process(labelled)
    assert failed.states()["slow.pdf"] is DocumentState.DONE
    assert selected(replace(labelled, config=replace(labelled.config, retry_label="and again"))).pending == 0


def test_documents_are_stale_by_their_input_or_the_pipelines_options_until_they_are_done_again(
    failed: TestShard,
) -> None:
    redo = replace(failed, config=replace(failed.config, redo_stale=True))
    assert selected(redo).stale == 0
    put_bytes(failed.client, failed.bucket.join("good.pdf"), b"another edition", "application/pdf")
    work = selected(redo)
    assert [each.document.uri for each in work.attempts] == [str(failed.bucket.join("good.pdf"))]
    assert not work.attempts[0].tried
    process(redo)
    assert selected(redo).stale == 0
    other = replace(redo, config=replace(redo.config, pipeline_options={"command": ["true"]}))
    assert selected(other).stale == 3


def test_an_interruption_is_an_attempt_and_a_document_that_had_two_is_tried_once_more_alone(shard: TestShard) -> None:
    shard.cut({f"{number}.pdf": 9 - number for number in range(4)})
    documents = read_manifest(shard.client, S3Uri.parse(shard.config.manifests), 1)
    interruptions = {document.uri: number for number, document in enumerate(documents)}
    work = select(shard.client, shard.client, shard.config, documents, interruptions)
    assert [(each.number, each.last, each.tried) for each in work.attempts] == [
        (1, 2, False),
        (2, 2, True),
        (3, 3, True),
        (3, 3, True),
    ]
    assert [(each.interruptions, bool(each.alone), each.own_worker) for each in work.attempts] == [
        (0, False, False),
        (1, False, False),
        (2, True, True),
        (3, True, True),
    ]


def test_the_longest_come_first_and_a_key_too_long_for_a_marker_not_at_all(shard: TestShard) -> None:
    shard.cut({"short.pdf": 1, "/".join(["k" * 200] * 5): 5, "long.pdf": 9})
    work = selected(shard)
    assert [each.document.pages for each in work.attempts] == [9, 1]
    assert work.pending == 3


@pytest.mark.parametrize("redo_stale", [False, True])
def test_a_key_that_no_object_can_have_holds_up_nothing(shard: TestShard, *, redo_stale: bool) -> None:
    config = replace(shard.config, redo_stale=redo_stale)
    documents = [Document(str(shard.bucket.join(key)), 1, 1) for key in ("a" * 1025, "a\udce9.pdf")]
    for document in documents:
        work = select(shard.client, shard.client, config, [document])
        assert (work.attempts, work.pending) == ([], 1)


def test_a_marker_that_cannot_be_understood_asks_for_nothing_and_holds_up_nothing(
    failed: TestShard, caplog: pytest.LogCaptureFixture
) -> None:
    uri = marker_uri(failed.config.results_uri, failed.bucket.join("bad.pdf").key, DocumentState.FAILED)
    put_bytes(failed.client, uri, b'{"schema": 2}', "application/json")
    again = replace(failed.config, retry=("timeout", "pipeline"), redo_stale=True)
    work = selected(replace(failed, config=again))
    assert [each.document.uri for each in work.attempts] == [str(failed.bucket.join("slow.pdf"))]
    assert "bad.pdf.failed was written by a later version" in caplog.text


def test_stage_math_has_the_documents_that_are_done_and_whose_formulas_are_open(
    shard: TestShard, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ("open.pdf", "read.pdf", "unread.pdf", "plain.pdf", "anew.pdf", "failed.pdf", "pending.pdf")
    shard.cut({key: number for number, key in enumerate(keys, start=1)})
    results = shard.config.results_uri

    def put(uri: S3Uri, **fields: Any) -> None:
        put_bytes(shard.client, uri, make_marker(**fields).to_json(), "application/json")

    for key in ("open.pdf", "read.pdf", "unread.pdf", "anew.pdf", "failed.pdf"):
        put(formulas_uri(results, key), open_formulas=3)
    for key in keys[:5]:
        # One was processed anew, and then had no formulas.
        put(marker_uri(results, key, DocumentState.DONE), open_formulas=0 if key in ("plain.pdf", "anew.pdf") else 3)
    put(marker_uri(results, "failed.pdf", DocumentState.FAILED), failure_class="timeout")
    math = replace(shard, config=replace(shard.config, pipeline="glossapi_math", pipeline_options={}))
    same = {"stage": "math", "pipeline": "glossapi_math", "options_hash": kind_of("glossapi_math").options_hash({})}
    put(math_uri(results, "read.pdf"), **same)
    for key in ("unread.pdf", "anew.pdf"):
        put(math_uri(results, key), **same, failure_class="timeout", message="too long")
    work = selected(math)
    assert [S3Uri.parse(each.document.uri).key.rpartition("/")[2] for each in work.attempts] == ["open.pdf"]
    assert (work.pending, work.retried, work.stale) == (1, 0, 0)
    assert work.finished["failed.pdf"] is DocumentState.FAILED
    again = selected(replace(math, config=replace(math.config, retry=("timeout",))))
    assert (again.pending, again.retried) == (2, 1)
    assert {each.number for each in again.attempts} == {1, 2}
    monkeypatch.setattr(GlossApiMathKind, "revision", lambda _kind, _options: "0.1.3")
    other = {"weights": "/w", "weights_digest": "d" * 64}
    redone = selected(replace(math, config=replace(math.config, pipeline_options=other, redo_stale=True)))
    assert (redone.pending, redone.stale) == (3, 2)


def test_stage_math_does_nothing_again_of_a_document_that_was_handed_on_since(shard: TestShard) -> None:
    shard.cut({"scan.pdf": 1})
    results = shard.config.results_uri
    for uri, fields in (
        (formulas_uri(results, "scan.pdf"), {"open_formulas": 3}),
        (math_uri(results, "scan.pdf"), {"stage": "math", "failure_class": "timeout", "message": "too long"}),
        (marker_uri(results, "scan.pdf", DocumentState.FORWARDED), {"open_pages": (1,)}),
    ):
        put_bytes(shard.client, uri, make_marker(**fields).to_json(), "application/json")
    config = replace(shard.config, pipeline="glossapi_math", pipeline_options={}, retry=("timeout",))
    work = selected(replace(shard, config=config))
    assert (work.attempts, work.retried, work.stale) == ([], 0, 0)
    assert work.finished == {"scan.pdf": DocumentState.FORWARDED}
