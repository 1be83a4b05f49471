# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a trial is; trials themselves are in tests/integration/test_shard_smoke.py."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._smoke.trial import Outcome, shortest, trial_config
from tests.support.config import a_config

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
    trial = trial_config(CONFIG, "20261124T180000Z")
    assert trial.results == "s3://r/farm/_smoke/OpenArchive-Shard-2/20261124T180000Z"
    assert trial.manifests == f"{trial.results}/manifests"
    assert trial.workdir == "/mnt/data/smoke"
    same = replace(trial, results=CONFIG.results, manifests=CONFIG.manifests, workdir=CONFIG.workdir)
    assert same == CONFIG


def test_only_a_trial_that_tried_something_is_a_change() -> None:
    assert Outcome(("s3://b/a",), 1).to_result()["changed"]
    assert not Outcome((), untried="nothing is pending").to_result()["changed"]
