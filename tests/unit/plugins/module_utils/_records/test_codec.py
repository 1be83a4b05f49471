# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils import _records as records
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records import history
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import (
    SCHEMA,
    LaterSchemaError,
    UnreadableRecordError,
    decode,
    encode,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import (
    BackendRun,
    Reading,
    Sample,
    SamplePage,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import (
    DatasetPart,
    DatasetRow,
    GlossapiPart,
    GlossapiProduct,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort
from ansible_collections.glossapi.farm.plugins.module_utils._records.fleet import (
    FleetNode,
    FleetSettings,
    FleetStage,
    NodeState,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.history import NO_DURATIONS, History, Point
from ansible_collections.glossapi.farm.plugins.module_utils._records.in_work import InWork
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.loan import LentDocument, Loan, LoanState
from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas, Marker, Output
from ansible_collections.glossapi.farm.plugins.module_utils._records.node import NodeRecord, NodeRun
from ansible_collections.glossapi.farm.plugins.module_utils._records.outlook import Outlook
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import PageQuality, Quality, QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.queue_record import QueueRecord
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import Scored, ShardQuality
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import ShardSummary, Summary, Totals
from ansible_collections.glossapi.farm.plugins.module_utils._records.timings import Timings
from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import Tuning, TuningBasis, TuningTrial
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from tests.support.config import a_config
from tests.support.markers import make_marker
from tests.support.progress import make_progress

_WHERE = "s3://there"
# Threads that change as often as they can, and records that nobody has read before.
_AT_ONCE = """
import sys, threading
from dataclasses import field, make_dataclass
from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import convert

sys.setswitchinterval(1e-6)
for _round in range(100):
    part = make_dataclass("Part", [("number", int, 0), ("text", str, "")])
    record = make_dataclass("Record", [("one", part), ("more", tuple[part, ...], ()), ("names", dict[str, int], None)])
    ready = threading.Barrier(8)

    def read():
        ready.wait()
        convert({"one": {"number": 1}, "more": [{"text": "a"}], "names": {}}, record, "a record", "here")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
"""


@dataclass(frozen=True)
class Stored:
    """A kind of record: one of it, its stored form, how it is read, and what an empty object says."""

    record: Any
    body: bytes
    read: Callable[[bytes, str], object]
    empty: object | None


_MARKER = make_marker(
    uri="s3://raw/a/Έκθεση.pdf",
    failure_class="timeout",
    message="too long",
    quality=QualitySummary("poor", 0.3, {"layer": 2}, {"poor": 2}),
    outputs=(Output("s3://results/run/shard-2/markdown/a/Έκθεση.pdf.md", "def", 100),),
    stage="ocr",
    open_pages=(2, 3),
    formulas=Formulas(5, 4),
)
_PROGRESS = make_progress(
    failures={"timeout": 1},
    slots={"0": "s3://raw/a.pdf"},
    crowded=3,
    effort=Effort(60.5, 7),
    queued_pages=50,
    lent=2,
    helping=(3,),
    helped=4,
    pages_helped=40,
    machine=MachineSample(2.0, (GpuSample(0, 97.0, None, 23028.0, 61.0),), 100, 50),
    outlook=Outlook(1.5, 60.0, 50.0, 70.0),
)
_TIMINGS = Timings("pdftext").with_document(4, 7.5).with_share(0.5)
_HISTORY = History((Point(60.0, 4, (97.0, None)),), (1,) * len(NO_DURATIONS), Effort(60.0, 4), _TIMINGS)
_SUMMARY = Summary(
    (ShardSummary(1, 1.0, 2, 30, 100, 1.0),), Totals(3, 2, 30, 100), {"corrupt": 1}, 1.0, 1.0, ("A note",)
)
_QUALITY = Quality(
    "s3://raw/a.pdf", "good", 0.9, (PageQuality(1, "ocr", "good", 0.9, 900, "odd", 0.01),), {"ohm sign": 1}
)
_SHARD_QUALITY = ShardQuality(2, 1.5, {"ocr": 3}, {"good": 3}, (Scored("a/Έκθεση.pdf", 0.6),))
_LAYER = Layer("s3://raw/a.pdf", (LayerPage(1, "λόγος", markdown="# λόγος"), LayerPage(2, "", has_ink=False)))
_OWNER = Owner("token", "node", released=True)
_IN_WORK = InWork(True, ("s3://raw/a/Έκθεση.pdf",), {"s3://raw/b.pdf": 1})
_QUEUE = QueueRecord(3, "etag", (1, 2), (4,), "timeout x3", 1764000000.0)
_FLEET = FleetSettings(
    "us-east-1", 5, 4, (FleetStage(Stage.TEXT, {"queue": "https://q"}),), "s3://m", "secret", "/t", {"budget": 1.5}
)
_FLEET_NODE = FleetNode("i-0123456789abcdef0", NodeState.UNFIT, "text", 7, "no GPU")
_LOAN = Loan("name", LoanState.LENT, "node", "terms", 90.0, (LentDocument("s3://raw/Έκθεση.pdf", 7, None, 1, 2),))
_NODE = NodeRecord(
    "OpenArchive-Shard-1",
    "i-0123456789abcdef0",
    "g5.12xlarge",
    True,
    "ended",
    "idle",
    "nothing to do for 1 h",
    True,
    2.5,
    0.02,
    (NodeRun(60.0, 120.0, 0.04),),
)
_PART = DatasetPart("digest", 2, True, "sha", 90, "etag", (DatasetRow("id", "Έκθεση", pages=3, score=0.5),))
_TUNING = Tuning(
    TuningBasis("glossapi", "hash", 4, "pages_in_flight"),
    "digest",
    (TuningTrial(2, 1.5, 9000.0, 23028.0, 90.0, True, "A reason."),),
    2,
    "OpenArchive-Shard-1",
    60.0,
)
_GLOSSAPI = GlossapiPart(
    "digest", ("section",), "0.1.3", 2, ("left out",), (GlossapiProduct("name", 3, "sha", "etag"),)
)
_SAMPLE = Sample(2, (SamplePage("s3://raw/Έκθεση.pdf", "etag", 7, True),), "sha", ("s3://raw/b.pdf: gone.",))
_RUN = BackendRun("server", "hash", "model", "sha", "no server", "node", "1", 4, 61.5, 2.5, 5.672, 4)
_READING = Reading(3, "λόγος", "good", 0.9, 1.5, 6, "too late")
_CONFIG = a_config(slots=("0", "1"), pipeline_options={"a": 1}, retry=("gpu",))


def _load(body: bytes, where: str) -> RunConfig:
    return decode(body, RunConfig, "a supervisor's configuration", where)


RECORDS = {
    "marker": Stored(_MARKER, _MARKER.to_json(), Marker.from_json, Marker()),
    "progress": Stored(_PROGRESS, _PROGRESS.to_json(), Progress.from_json, Progress()),
    "history": Stored(_HISTORY, history.to_json(_HISTORY), history.from_json, History()),
    "lease": Stored(_OWNER, _OWNER.to_json(), Owner.from_json, Owner()),
    "in work": Stored(_IN_WORK, _IN_WORK.to_json(), InWork.from_json, InWork()),
    "queue": Stored(_QUEUE, _QUEUE.to_json(), QueueRecord.from_json, QueueRecord()),
    "fleet's settings": Stored(_FLEET, _FLEET.to_json(), FleetSettings.from_json, FleetSettings()),
    "fleet's node": Stored(_FLEET_NODE, _FLEET_NODE.to_json(), FleetNode.from_json, FleetNode()),
    "loan": Stored(_LOAN, _LOAN.to_json(), Loan.from_json, Loan()),
    "node": Stored(_NODE, _NODE.to_json(), NodeRecord.from_json, NodeRecord()),
    # Without knowing which shard it is, a supervisor would do harm; an account over no shard would be no account.
    "configuration": Stored(_CONFIG, encode(asdict(_CONFIG)), _load, None),
    "quality": Stored(_QUALITY, _QUALITY.to_json(), Quality.from_json, Quality()),
    "shard's quality": Stored(_SHARD_QUALITY, _SHARD_QUALITY.to_json(), ShardQuality.from_json, ShardQuality()),
    "layer": Stored(_LAYER, _LAYER.to_json(), Layer.from_json, Layer()),
    "part of a dataset": Stored(_PART, _PART.to_json(), DatasetPart.from_json, DatasetPart()),
    "tuning": Stored(_TUNING, _TUNING.to_json(), Tuning.from_json, Tuning()),
    "product of glossAPI": Stored(_GLOSSAPI, _GLOSSAPI.to_json(), GlossapiPart.from_json, GlossapiPart()),
    "sample of a comparison": Stored(_SAMPLE, _SAMPLE.to_json(), Sample.from_json, Sample()),
    "backend of a comparison": Stored(_RUN, _RUN.to_json(), BackendRun.from_json, BackendRun()),
    "reading of a comparison": Stored(_READING, _READING.to_json(), Reading.from_json, Reading()),
    "summary": Stored(_SUMMARY, _SUMMARY.to_json([]), Summary.from_json, None),
}
_NEEDED = {"summary": {"shards"}, "configuration": {"shard", "manifests", "results", "workdir", "node"}}
_STORED_AS = {"failure_class": "class"}

every_record = pytest.mark.parametrize("name", RECORDS)


def _fields(name: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(RECORDS[name].body)
    return fields


def _read(name: str, fields: object) -> object:
    return RECORDS[name].read(json.dumps(fields).encode(), _WHERE)


@every_record
def test_it_comes_back_as_it_was_with_its_schema(name: str) -> None:
    assert RECORDS[name].read(RECORDS[name].body, _WHERE) == RECORDS[name].record
    assert _fields(name)["schema"] == SCHEMA


@every_record
def test_a_later_versions_field_is_ignored(name: str) -> None:
    assert _read(name, _fields(name) | {"later": {"a": [1]}}) == RECORDS[name].record


def test_a_later_versions_field_is_ignored_inside_too() -> None:
    fields = _fields("progress")
    fields["machine"]["gpus"][0]["watts"] = 300
    assert _read("progress", fields) == _PROGRESS


@every_record
def test_each_field_that_is_missing_has_its_default(name: str) -> None:
    stored = RECORDS[name]
    read = {}
    for missing in _fields(name).keys() - _NEEDED.get(name, set()):
        read[missing] = _read(name, {field: value for field, value in _fields(name).items() if field != missing})
    assert {type(each) for each in read.values()} == {type(stored.record)}
    if stored.empty is None:
        return
    for field in fields(stored.record):
        stored_name = _STORED_AS.get(field.name, field.name)
        if stored_name in read:
            expected = replace(stored.record, **{field.name: getattr(stored.empty, field.name)})
            assert read[stored_name] == expected, field.name


def test_no_record_is_left_out() -> None:
    files = Path(records.__path__[0]).glob("*.py")
    modules = [import_module(f"{records.__name__}.{file.stem}") for file in files]
    kinds = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and hasattr(kind, "from_json") and kind.__module__ == module.__name__
    }
    kinds |= {type(RECORDS[name].record) for name in ("history",)} | {RunConfig}
    assert {type(stored.record) for stored in RECORDS.values()} == kinds


@every_record
@pytest.mark.parametrize("schema", [SCHEMA + 1, "1", 1.5, None])
def test_a_later_schema_asks_for_an_update_and_for_no_deletion(name: str, schema: object) -> None:
    with pytest.raises(LaterSchemaError, match=r"^s3://there was written by .* update the collection\.$") as refused:
        _read(name, _fields(name) | {"schema": schema})
    assert "delete" not in str(refused.value)


@every_record
def test_an_empty_object_says_nothing(name: str) -> None:
    empty = RECORDS[name].empty
    if empty is None:
        with pytest.raises(UnreadableRecordError, match=r"Cut the shards again|required field"):
            _read(name, {})
    else:
        assert _read(name, {}) == empty


@every_record
@pytest.mark.parametrize(
    "body", [b"", b"?", b"[]", b"3", b"\xff", b"[" * 100_000, b'{"a": NaN}', b'{"a": "\\ud800"}', b'{"\\ud800": 1}']
)
def test_what_is_no_record_is_refused_with_its_place_and_no_advice_to_delete_it(name: str, body: bytes) -> None:
    with pytest.raises(UnreadableRecordError, match=r"^s3://there is not ") as refused:
        RECORDS[name].read(body, _WHERE)
    assert "delete" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "fields", "path"),
    [
        ("marker", {"pages": "seven"}, "pages"),
        ("marker", {"outputs": [1]}, r"outputs\[0\]"),
        ("progress", {"machine": {"gpus": [3]}}, r"machine\.gpus\[0\]"),
        ("lease", {"released": "no"}, "released"),
        ("loan", {"state": "given"}, "state"),
        ("summary", {"shards": [{"shard": "one"}]}, "shards"),
    ],
)
def test_a_field_of_another_type_is_named(name: str, fields: dict[str, Any], path: str) -> None:
    with pytest.raises(UnreadableRecordError, match=path):
        _read(name, fields)


def test_what_cannot_be_read_is_an_error_for_operators() -> None:
    assert issubclass(UnreadableRecordError, FarmError)
    assert encode({"b": 1, "a": "Έκθεση"}) == '{"a": "Έκθεση", "b": 1, "schema": 1}\n'.encode()


def test_threads_that_meet_a_record_at_once_do_not_crash_the_process(library_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-c", _AT_ONCE],
        env={**os.environ, "PYTHONPATH": str(library_path)},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
