# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is tried and kept; what a trial does is in test_run.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import LaterSchemaError
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import table_uri, tuning_uri
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow, write_table
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import Tuning, TuningTrial, read_tuning
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.host.control import ShardControl
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.machine_kind import machine_kind
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects, put_bytes, put_if_unchanged
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.module_utils._tuning import tune as module
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.tune import Found, Request, tune
from tests.support.config import a_config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROWS = [CountRow(f"s3://raw/{number}.pdf", 10, "etag", 1 + number % 90, "") for number in range(400)]
RESULTS = {
    1: TuningTrial(1, 1.0),
    2: TuningTrial(2, 1.9),
    3: TuningTrial(3, 1.95),
    4: TuningTrial(4, memory_ran_out=True, problem="A GPU ran out of memory."),
    5: TuningTrial(5, problem="Not finished within 1 minutes."),
}


class Farm:
    """One node's configuration, and the trials that were made on it.

    Attributes:
        tried: numbers, with the documents and the seconds.
    """

    def __init__(self, client: S3Client, bucket: S3Uri, connection: Connection, folder: Path) -> None:
        self.client = client
        self.results = bucket.join("results")
        self.config = a_config(
            pipeline="glossapi", slots=("0", "1"), results=str(self.results), workdir=str(folder / "work")
        )
        self.counts = table_uri(bucket)
        self.tried: list[tuple[int, list[CountRow], float]] = []
        self._connection = connection
        self.count(ROWS)

    def count(self, rows: list[CountRow]) -> None:
        put_bytes(self.client, self.counts, write_table(rows), "text/csv")

    def try_it(self, number: int, *numbers: int, check_mode: bool = False, **others: Any) -> Found:
        request = Request(str(self.counts), number, numbers or (number,), documents=3, most_pages=60, minutes=1)
        return tune(self.config, self._connection, replace(request, **others), check_mode=check_mode)

    def run(
        self,
        _config: RunConfig,
        _connection: Connection,
        rows: list[CountRow],
        _varied: str,
        number: int,
        seconds: float,
    ) -> TuningTrial:
        self.tried.append((number, rows, seconds))
        return RESULTS[number]

    @property
    def numbers(self) -> list[int]:
        return [number for number, _rows, _seconds in self.tried]

    def kept(self) -> Tuning | None:
        return read_tuning(self.client, self.results, Stage.TEXT, machine_kind())

    def keep(self, body: bytes) -> None:
        put_bytes(self.client, tuning_uri(self.results, Stage.TEXT, machine_kind()), body, "application/json")


@pytest.fixture
def farm(
    client: S3Client, bucket: S3Uri, connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Farm:
    made = Farm(client, bucket, connection, tmp_path)
    monkeypatch.setattr(module, "run_trial", made.run)
    return made


def test_each_number_is_tried_with_the_same_documents_and_the_best_is_named_at_the_end(farm: Farm) -> None:
    found = [farm.try_it(number, 1, 2, 3, 4) for number in (1, 2, 3, 4)]
    assert [each.best for each in found] == [0, 0, 0, 2]
    assert all(each.changed for each in found)
    assert found[-1].told == "Best is 2, which farm_workers_per_gpu: auto takes."
    assert len(found[-1].table) == 5
    documents = farm.tried[0][1]
    assert len(documents) == 6
    assert all((row.pages or 0) <= 60 for row in documents)
    assert farm.tried == [(number, documents, 60) for number in (1, 2, 3, 4)]
    kept = farm.kept()
    assert kept is not None
    assert (kept.best, kept.trials, kept.node) == (2, tuple(RESULTS[number] for number in (1, 2, 3, 4)), "node-1")


def test_a_second_run_tries_nothing_and_says_the_same(farm: Farm) -> None:
    first = [farm.try_it(number, 1, 2, 4) for number in (1, 2, 4)][-1]
    second = [farm.try_it(number, 1, 2, 4) for number in (1, 2, 4)]
    assert farm.numbers == [1, 2, 4]
    assert not any(each.changed for each in second)
    assert second[0] == replace(first, changed=False)


def test_what_another_node_has_found_meanwhile_is_kept(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    def two_at_once(*arguments: Any) -> TuningTrial:
        monkeypatch.setattr(module, "run_trial", farm.run)
        farm.try_it(2, 1, 2)
        return farm.run(*arguments)

    monkeypatch.setattr(module, "run_trial", two_at_once)
    assert farm.try_it(1, 1, 2).best == 2
    kept = farm.kept()
    assert kept is not None
    assert kept.trials == (RESULTS[1], RESULTS[2])


def test_what_another_node_writes_at_the_same_moment_is_kept(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*arguments: Any) -> str | None:
        monkeypatch.setattr(module, "put_if_unchanged", put_if_unchanged)
        farm.try_it(2, 1, 2)
        return put_if_unchanged(*arguments)

    monkeypatch.setattr(module, "put_if_unchanged", too_late)
    assert farm.try_it(1, 1, 2).best == 2
    assert farm.numbers == [1, 2]
    kept = farm.kept()
    assert kept is not None
    assert kept.trials == (RESULTS[1], RESULTS[2])


def test_it_can_be_asked_for_again_and_what_did_not_finish_is(farm: Farm) -> None:
    farm.try_it(5)
    assert farm.try_it(5).changed
    farm.try_it(1)
    farm.try_it(1, again=True)
    assert farm.numbers == [5, 5, 1, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda farm: setattr(farm, "config", replace(farm.config, pipeline_options={"threads": 2})),
        lambda farm: farm.count(ROWS[200:]),
        lambda farm: farm.count([row._replace(etag="new") for row in ROWS]),
        lambda farm: setattr(farm, "config", replace(farm.config, slots=("0",))),
        lambda farm: farm.keep(b"?"),
    ],
    ids=["other options", "other table", "documents changed", "other GPUs", "unreadable"],
)
def test_what_was_found_of_something_else_is_replaced(farm: Farm, change: Callable[[Farm], None]) -> None:
    farm.try_it(1)
    change(farm)
    assert farm.try_it(2, 2).changed
    kept = farm.kept()
    assert kept is not None
    assert kept.trials == (RESULTS[2],)


def test_a_result_of_a_later_version_is_left_alone(farm: Farm) -> None:
    farm.keep(b'{"schema": 2}')
    with pytest.raises(LaterSchemaError):
        farm.try_it(1)
    assert farm.tried == []


def test_check_mode_tries_and_writes_nothing(farm: Farm) -> None:
    before = len(list(list_objects(farm.client, farm.results)))
    found = farm.try_it(1, 1, 2, check_mode=True)
    assert (found.changed, found.best, farm.tried) == (True, 0, [])
    assert len(list(list_objects(farm.client, farm.results))) == before
    farm.try_it(1)
    assert not farm.try_it(1, check_mode=True).changed


def test_a_pipeline_without_anything_to_vary_is_told_and_not_tried(farm: Farm) -> None:
    farm.config = replace(farm.config, pipeline="pdftext")
    found = farm.try_it(1)
    assert (found.changed, found.varied, farm.tried) == (False, "", [])
    assert "pdftext has nothing to vary" in found.told


def test_a_node_that_works_is_left_alone(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ShardControl, "is_running", lambda _control: True)
    with pytest.raises(FarmError, match=r"Shard 1 is being processed on node-1.*stop it first"):
        farm.try_it(1)
    # What is known needs no GPU.
    monkeypatch.setattr(ShardControl, "is_running", lambda _control: False)
    farm.try_it(1)
    monkeypatch.setattr(ShardControl, "is_running", lambda _control: True)
    assert farm.try_it(1).best == 1


@pytest.mark.parametrize(
    ("number", "others", "told"),
    [
        (3, {"numbers": (1, 2)}, r"number is 3: it must be one of numbers, \[1, 2\]"),
        (0, {}, "workers_per_gpu cannot be 0: give 1 or more"),
        (33, {}, "workers_per_gpu is 33: it must be at most 32"),
        (1, {"documents": 0}, "documents is 0: it must be above 0"),
        (1, {"minutes": -1}, "minutes is -1: it must be above 0"),
    ],
)
def test_what_makes_no_sense_is_refused(farm: Farm, number: int, others: dict[str, Any], told: str) -> None:
    with pytest.raises(FarmError, match=told):
        farm.try_it(number, **others)
    assert farm.tried == []


def test_a_table_that_is_missing_or_has_no_such_document_is_told(farm: Farm) -> None:
    farm.count([CountRow("s3://raw/long.pdf", 1, "etag", 900, "")])
    with pytest.raises(NotYetError, match="has no document of 1 to 60 pages"):
        farm.try_it(1)
    with pytest.raises(NotYetError, match="There is no page count table"):
        farm.try_it(1, counts=f"{farm.counts}.no")
