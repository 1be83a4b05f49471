# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trial is; trials themselves are in tests/integration/test_shard_smoke.py."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import SUMMARY_NAME, marker_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.trial import (
    Outcome,
    pending_documents,
    shortest,
    trial_config,
)
from tests.support.config import a_config
from tests.support.cuts import put_cut

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONFIG = a_config(
    shard=2,
    manifests="s3://m/farm/shards",
    results="s3://r/farm",
    workdir="/mnt/data",
    node="OpenArchive-Shard-2",
)


def test_the_three_shortest_documents_are_tried_and_unknown_lengths_last() -> None:
    documents = [Document(f"s3://b/{pages}-{number}", pages, number) for pages in (9, 0, 2, 1) for number in (2, 1)]
    assert [each.uri for each in shortest(documents)] == ["s3://b/1-1", "s3://b/1-2", "s3://b/2-1"]
    assert [each.uri for each in shortest(documents[2:4])] == ["s3://b/0-1", "s3://b/0-2"]


def test_a_trial_does_the_same_work_in_places_of_its_own() -> None:
    trial = trial_config(CONFIG)
    assert re.fullmatch(r"s3://r/farm/_smoke/OpenArchive-Shard-2/\d{8}T\d{6}Z-[0-9a-f]{8}", trial.results)
    assert trial.manifests == f"{trial.results}/manifests"
    assert trial.workdir == "/mnt/data/smoke"
    same = replace(trial, results=CONFIG.results, manifests=CONFIG.manifests, workdir=CONFIG.workdir)
    assert same == CONFIG


def test_two_machines_with_the_name_of_one_node_have_a_place_each_at_any_moment() -> None:
    trials = [trial_config(CONFIG, "tune-text-2") for _machine in range(2)]
    assert all("/OpenArchive-Shard-2/tune-text-2-" in trial.results for trial in trials)
    assert len({place for trial in trials for place in (trial.results, trial.manifests)}) == 4


def test_only_a_trial_that_tried_something_is_a_change() -> None:
    assert Outcome(("s3://b/a",), 1).to_result()["changed"]
    assert not Outcome((), untried="nothing is pending").to_result()["changed"]


def test_a_node_that_takes_pieces_tries_the_shortest_that_are_left_whatever_its_number(
    client: S3Client, bucket: S3Uri
) -> None:
    config = replace(CONFIG, shard=7, manifests=str(bucket.join("m")), results=str(bucket.join("r")))
    pieces = {number: [Document(f"s3://raw/{number}.pdf", 10 - number, 1)] for number in range(1, 4)}
    summary = put_cut(client, bucket.join("m"), pieces)
    shards = (*(ShardSummary(number, documents=1) for number in pieces), ShardSummary(4))
    body = replace(summary, piece_pages=9, shards=shards).to_json([])
    put_bytes(client, bucket.join("m", SUMMARY_NAME), body, "application/json")
    assert pending_documents(client, config) == (pieces[3], "piece 3")

    for number in (3, 2):
        put_bytes(client, marker_uri(bucket.join("r"), f"{number}.pdf", DocumentState.DONE), b"{}", "application/json")
    assert pending_documents(client, config) == (pieces[1], "piece 1")
    put_bytes(client, marker_uri(bucket.join("r"), "1.pdf", DocumentState.FAILED), b"{}", "application/json")
    assert pending_documents(client, config) == ([], "the last 3 pieces")


def test_a_node_with_a_shard_of_its_own_tries_that(client: S3Client, bucket: S3Uri) -> None:
    config = replace(CONFIG, shard=1, manifests=str(bucket.join("m")), results=str(bucket.join("r")))
    put_cut(client, bucket.join("m"), {1: [Document("s3://raw/a.pdf", 3, 1)], 2: [Document("s3://raw/b.pdf", 1, 1)]})
    assert pending_documents(client, config) == ([Document("s3://raw/a.pdf", 3, 1)], "shard 1")
