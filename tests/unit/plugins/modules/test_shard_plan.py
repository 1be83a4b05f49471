# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import (
    SUMMARY_NAME,
    formulas_uri,
    marker_uri,
    progress_uri,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._status.supervisors import (
    Heartbeat,
    Readings,
    read_heartbeats,
)
from ansible_collections.glossapi.farm.plugins.modules import shard_plan
from tests.support.cuts import put_cut
from tests.support.markers import make_marker
from tests.support.module_options import documented_options
from tests.support.progress import make_progress
from tests.support.queued import queued_progress

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def _parameters(bucket: S3Uri) -> dict[str, Any]:
    return {
        "manifests": str(bucket.join("m")),
        "results": str(bucket.join("r")),
        "summary_name": "shard_summary.json",
        "nodes": None,
        "cut_required": True,
        "price_per_hour": 5.0,
        "seconds_per_page": 2.0,
        "slots": 4,
        "stages": ["text"],
        "ocr_manifests": None,
        "ocr_share": None,
        "ocr_seconds_per_page": None,
        "math_manifests": None,
        "formulas_per_page": None,
        "seconds_per_formula": None,
    }


def _of_both(bucket: S3Uri) -> dict[str, Any]:
    return _parameters(bucket) | {
        "stages": ["text", "ocr"],
        "ocr_manifests": str(bucket.join("o")),
        "ocr_share": 0.25,
        "ocr_seconds_per_page": 8.0,
    }


def _of_all(bucket: S3Uri) -> dict[str, Any]:
    return _of_both(bucket) | {
        "stages": ["text", "ocr", "math"],
        "math_manifests": str(bucket.join("f")),
        "formulas_per_page": 0.5,
        "seconds_per_formula": 4.0,
    }


def _put(client: S3Client, uri: S3Uri, body: bytes | str) -> None:
    put_bytes(client, uri, body if isinstance(body, bytes) else body.encode(), "application/json")


def _cut(client: S3Client, folder: S3Uri, pages: int) -> None:
    summary = {"totals": {"documents": 3}, "shards": [{"shard": 1, "documents": 3, "pages": pages}]}
    _put(client, folder.join("shard_summary.json"), json.dumps(summary))


def _hand_on(client: S3Client, bucket: S3Uri, key: str, pages: int) -> None:
    marker = make_marker(open_pages=tuple(range(1, pages + 1)))
    _put(client, marker_uri(bucket.join("r"), key, DocumentState.FORWARDED), marker.to_json())


def _text_has(client: S3Client, bucket: S3Uri, **fields: Any) -> None:
    progress = make_progress(documents=3, pages=7200, pages_failed=0, pages_per_second=0.0, **fields)
    _put(client, progress_uri(bucket.join("r"), 1), progress.to_json())


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    assert documented_options(shard_plan) == shard_plan.ARGUMENTS


def test_every_returned_value_is_documented(connection: Connection, client: S3Client, bucket: S3Uri) -> None:
    summary = b'{"totals": {"documents": 3}, "shards": [{"shard": 1, "documents": 3, "pages": 7200}]}'
    put_bytes(client, bucket.join("m", "shard_summary.json"), summary, "application/json")
    values = shard_plan.shard_plan(connection, _parameters(bucket))
    documented = yaml.safe_load(shard_plan.RETURN)
    assert values.keys() - {"changed"} == documented.keys()
    assert values["shards"][0].keys() == documented["shards"]["sample"][0].keys()
    assert values["stages"][0].keys() == documented["stages"]["sample"][0].keys()
    assert (values["pages"], values["hours"], values["dollars"]) == (7200, 1.0, 5.0)


def test_before_stage_text_ran_its_pages_and_the_share_are_planned(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    _cut(client, bucket.join("m"), 7200)
    values = shard_plan.shard_plan(connection, _of_both(bucket))
    text, ocr = values["stages"]
    assert (text["stage"], text["pages"], text["assumed_pages"], text["hours"]) == ("text", 7200, 0, 1.0)
    assert (ocr["stage"], ocr["pages"], ocr["assumed_pages"], ocr["hours"]) == ("ocr", 1800, 1800, 1.0)
    # What the first of the stages takes is where it always was; hours and dollars are the sum.
    assert (values["pages"], values["hours"], values["dollars"]) == (7200, 2.0, 10.0)
    assert "all stages: 2 h 0 min, $10.00" in values["report"]


def test_while_stage_text_runs_what_it_handed_on_is_counted_and_only_the_rest_assumed(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    _cut(client, bucket.join("m"), 7200)
    _text_has(client, bucket, pages_done=1200, pages_forwarded=2000)
    _hand_on(client, bucket, "a.pdf", 30)
    # A cut of what had been handed on before is not all that there will be.
    _cut(client, bucket.join("o"), 10)
    ocr = shard_plan.shard_plan(connection, _of_both(bucket))["stages"][1]
    assert (ocr["pages"], ocr["assumed_pages"]) == (1030, 1000)


def test_when_stage_text_is_finished_nothing_is_assumed(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    _cut(client, bucket.join("m"), 7200)
    _text_has(client, bucket, pages_done=5200, pages_forwarded=2000)
    _hand_on(client, bucket, "a.pdf", 30)
    _hand_on(client, bucket, "b.pdf", 20)
    ocr = shard_plan.shard_plan(connection, _of_both(bucket))["stages"][1]
    assert (ocr["pages"], ocr["assumed_pages"], ocr["measured_pages"]) == (50, 0, 0)
    # Then it has a cut, and supervisors of its own.
    _cut(client, bucket.join("o"), 50)
    running = make_progress(documents=3, pages=50, pages_done=10, pages_failed=0, pages_per_second=0.1)
    _put(client, progress_uri(bucket.join("r"), 1, Stage.OCR), running.to_json())
    values = shard_plan.shard_plan(connection, _of_both(bucket))
    ocr = values["stages"][1]
    assert (ocr["pages"], ocr["assumed_pages"], ocr["measured_pages"], ocr["seconds_per_page"]) == (40, 0, 10, 20.0)
    assert values["hours"] == ocr["hours"] == pytest.approx(40 * 20 / 4 / 3600)


def test_a_cut_of_stage_ocr_from_before_stage_text_worked_again_is_not_all_there_is(
    connection: Connection, client: S3Client, bucket: S3Uri, monkeypatch: pytest.MonkeyPatch
) -> None:
    _cut(client, bucket.join("m"), 7200)
    _cut(client, bucket.join("o"), 10)
    _text_has(client, bucket, pages_done=5200, pages_forwarded=2000)
    _hand_on(client, bucket, "later.pdf", 30)

    def later_than_the_cut(*where: Any) -> Readings[Heartbeat]:
        found = read_heartbeats(*where)
        return Readings({shard: Heartbeat(each.progress, each.age - 60) for shard, each in found.by_shard.items()})

    monkeypatch.setattr(shard_plan, "read_heartbeats", later_than_the_cut)
    ocr = shard_plan.shard_plan(connection, _of_both(bucket))["stages"][1]
    assert (ocr["pages"], ocr["assumed_pages"]) == (30, 0)


def test_stage_ocr_alone_has_what_was_handed_on_and_nothing_of_what_is_not_read(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    _cut(client, bucket.join("m"), 7200)
    _hand_on(client, bucket, "a.pdf", 30)
    values = shard_plan.shard_plan(connection, _of_both(bucket) | {"stages": ["ocr"]})
    assert [(each["stage"], each["pages"]) for each in values["stages"]] == [("ocr", 30)]
    assert values["pages"] == 30


def test_formulas_are_assumed_where_the_text_layer_is_until_stage_text_has_found_them(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    _cut(client, bucket.join("m"), 7200)
    values = shard_plan.shard_plan(connection, _of_all(bucket))
    math = values["stages"][2]
    # Of 7200 pages 1800 are taken to be recognised, and have none.
    assert (math["stage"], math["pages"], math["assumed_pages"], math["hours"]) == ("math", 2700, 2700, 0.75)
    assert (values["hours"], values["dollars"]) == (2.75, 13.75)
    assert "stage math\nshard  formulas  hours" in values["report"]
    _text_has(client, bucket, pages_done=7200)
    for key, formulas in (("a.pdf", 30), ("b.pdf", 12)):
        _put(client, formulas_uri(bucket.join("r"), key), make_marker(open_formulas=formulas).to_json())
        _put(client, marker_uri(bucket.join("r"), key, DocumentState.DONE), b"{}")
    math = shard_plan.shard_plan(connection, _of_all(bucket))["stages"][2]
    assert (math["pages"], math["assumed_pages"], math["measured_pages"]) == (42, 0, 0)
    # Then it has a cut, and supervisors of its own.
    _cut(client, bucket.join("f"), 42)
    running = make_progress(documents=3, pages=42, pages_done=2, pages_failed=0, pages_per_second=0.02)
    _put(client, progress_uri(bucket.join("r"), 1, Stage.MATH), running.to_json())
    math = shard_plan.shard_plan(connection, _of_all(bucket) | {"stages": ["text", "math"]})["stages"][1]
    assert (math["pages"], math["measured_pages"], math["seconds_per_page"]) == (40, 2, 100.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ocr_manifests": None, "ocr_share": None}, "Stage ocr needs ocr_manifests, ocr_share."),
        ({"ocr_seconds_per_page": 0.0}, "ocr_seconds_per_page is 0.0: it must be above 0."),
        ({"ocr_share": 2.0}, "ocr_share is 2.0"),
        ({"stages": []}, r"stages is \[\]: name what is to be planned, text, ocr, math\."),
        ({"stages": ["math"]}, "Stage math needs math_manifests, formulas_per_page, seconds_per_formula."),
    ],
)
def test_what_stage_ocr_cannot_be_planned_by_is_refused(
    wrong: dict[str, Any], message: str, connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    _cut(client, bucket.join("m"), 7200)
    with pytest.raises(FarmError, match=message):
        shard_plan.shard_plan(connection, _of_both(bucket) | wrong)


def test_without_a_cut_there_is_nothing_to_plan_yet(connection: Connection, bucket: S3Uri) -> None:
    with pytest.raises(NotYetError, match="cut the shards first"):
        shard_plan.shard_plan(connection, _parameters(bucket))


def test_who_need_not_have_a_cut_is_told_nothing_of_it(connection: Connection, client: S3Client, bucket: S3Uri) -> None:
    any_will_do = _parameters(bucket) | {"cut_required": False}
    assert shard_plan.shard_plan(connection, any_will_do) == {"changed": False, "skipped": True}
    _cut(client, bucket.join("m"), 100)
    assert shard_plan.shard_plan(connection, any_will_do)["pages"] == 100


def test_options_are_checked_before_anything_is_read(bucket: S3Uri) -> None:
    with pytest.raises(FarmError, match="slots is 0"):
        shard_plan.shard_plan(Connection(), _parameters(bucket) | {"slots": 0})


def test_of_pieces_the_nodes_do_what_is_left_in_equal_parts(
    connection: Connection, client: S3Client, bucket: S3Uri
) -> None:
    documents = [Document(f"s3://raw/{number}.pdf", 3600, 9) for number in range(6)]
    pieces = {number: [document] for number, document in enumerate(documents, 1)}
    told = put_cut(client, bucket.join("m"), pieces)
    shards = tuple(ShardSummary(number, documents=1, pages=3600) for number in pieces)
    _put(client, bucket.join("m", SUMMARY_NAME), replace(told, shards=shards, piece_pages=3600).to_json([]))
    done = marker_uri(bucket.join("r"), "0.pdf", DocumentState.DONE)
    _put(client, done, make_marker().to_json())
    with pytest.raises(FarmError, match="nodes is None: the documents are cut in pieces"):
        shard_plan.shard_plan(connection, _parameters(bucket))
    values = shard_plan.shard_plan(connection, _parameters(bucket) | {"nodes": 5})
    assert (values["pages"], values["hours"], values["dollars"]) == (18000, 0.5, 12.5)
    assert [each["shard"] for each in values["shards"]] == [1, 2, 3, 4, 5]
    measured = queued_progress(12, started_at=0.0, updated_at=100.0)
    _put(client, progress_uri(bucket.join("r"), 12), measured.to_json())
    values = shard_plan.shard_plan(connection, _parameters(bucket) | {"nodes": 5})
    assert (values["seconds_per_page"], values["measured_pages"]) == (0.5, 400)
