# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What shard_info returns of a farm, for tests of the page that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sin
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._records.history import (
    MOST_POINTS,
    NO_DURATIONS,
    History,
    Point,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker, Output
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.quality import QualitySummary
from ansible_collections.glossapi.farm.plugins.module_utils._records.shard_quality import ShardQuality
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._status.account import Sums
from ansible_collections.glossapi.farm.plugins.module_utils._status.costs import PaidTime
from ansible_collections.glossapi.farm.plugins.module_utils._status.farm import MOST_NAMED
from ansible_collections.glossapi.farm.plugins.module_utils._status.formula_failures import FormulaFailures
from ansible_collections.glossapi.farm.plugins.module_utils._status.reconciliation import ShardStatus
from ansible_collections.glossapi.farm.plugins.module_utils._status.text_quality import MOST_WORST, TextQuality
from ansible_collections.glossapi.farm.plugins.module_utils._status.values import values_of
from tests.support.markers import make_marker
from tests.support.progress import NOTHING, make_farm, make_progress

_START = 1_764_000_000.0
_MACHINE = MachineSample(
    _START, (GpuSample(0, 97.0, 18432.0, 23552.0, 61.0), GpuSample(1, None, None, None, None)), 3_800 * 10**9, 10**12
)


def report_values(
    names: Sequence[str] = ("θέσεις/πρώτη.pdf",), message: str = "took longer than 900 s", shards: int = 2
) -> dict[str, Any]:
    """Return the values of a farm in the middle of its work.

    Args:
        names: keys of the documents that failed, all of the first shard.
        message: of their failure.
        shards: how many; the last one was not started.
    """
    documents = 100 + len(names)
    cut = [
        ShardStatus(1, documents, 5000, 80, 4000, len(names), 100, 20, {"timeout": len(names)}),
        *(ShardStatus(number, 100, 4000, 0, 0, 0, 0, 100, {}) for number in range(2, shards + 1)),
    ]
    points = tuple(Point(_START + 60.0 * number, 40 * number, (50.0 + number % 50, None)) for number in range(100))
    farm = make_farm(
        cut,
        progress={
            number: make_progress(
                shard=number,
                node=f"OpenArchive-Shard-{number}",
                started_at=_START,
                updated_at=_START + 6000,
                machine=_MACHINE,
                drained={"1": "NVRM Xid 79"},
            )
            for number in range(1, shards)
        },
        paid=PaidTime(other_seconds=6000.0),
        ages=dict.fromkeys(range(1, shards), 4.0),
        histories={1: History(points, (3, 0, 40, *NO_DURATIONS[3:-1], 1))},
        failed_documents=tuple(
            make_marker(
                uri=f"s3://raw/{name}",
                failure_class="timeout",
                message=message,
                log=f"s3://results/status/_logs/{name}.2.log",
            )
            for name in names
        ),
        formula_failures=FormulaFailures(
            {"out_of_memory": len(names)},
            tuple(
                make_marker(uri=f"s3://raw/{name}", failure_class="out_of_memory", message=message) for name in names
            ),
        ),
        skipped={"encrypted": 3},
    )
    return values_of(farm, waited="", price_per_hour=5.672, silent_after=60, max_failure_share=0.2, stale=None)


_CLASSES = ("timeout", "unreadable", "out_of_memory", "corrupt", "crash", "download")
# One shard's documents, of which half are handed on to stage ocr, and the pages of each.
_DOCUMENTS = 25_000
_PAGES = 80
_FINISH = {
    "expected": "2025-12-03T14:05:00+00:00",
    "earliest": "2025-12-02T22:00:00+00:00",
    "latest": "2025-12-04T09:30:00+00:00",
}


def farm_of_days(nodes: int) -> list[dict[str, Any]]:
    """Return the values of stages ``text`` and ``ocr`` of a farm that has worked for days, in the middle of the second.

    Its third node is silent, and the fourth has broken; every shard has failures of every class, and has named as many
    of them as it may.
    """
    return [_stage_of_days(nodes, stage) for stage in (Stage.TEXT, Stage.OCR)]


def _stage_of_days(nodes: int, stage: Stage) -> dict[str, Any]:
    numbers = range(1, nodes + 1)
    is_ocr = stage is Stage.OCR
    end = _START + 5 * 86400
    farm = make_farm(
        [_shard_of_days(number, stage) for number in numbers],
        progress={number: _progress_of_days(number, stage, end) for number in numbers},
        paid=PaidTime(other_seconds=nodes * 400_000.0),
        ages={number: 900.0 if is_ocr and number == 3 else 4.0 for number in numbers},
        histories={number: _history_of_days(number, end) for number in numbers},
        failed_documents=tuple(
            make_marker(
                uri=f"s3://openarchives-raw/{name}",
                shard=number,
                failure_class=failure_class,
                message="3 of 120 pages are not text: 7 (poor, odd 0.4, ocr), 9 (poor, odd 0.3, ocr), 12 (empty, ocr)",
                log=f"s3://openarchives-results/farm/status/_logs/{name}.2.log",
            )
            for number in numbers
            for failure_class in _CLASSES
            for name in (f"pergamos/διατριβές/{number}/{failure_class}/{each}.pdf" for each in range(MOST_NAMED))
        ),
        recognised=Sums(nodes * 3_000, nodes * 3_000 * _PAGES),
        poor=Sums(nodes * 40, nodes * 40 * _PAGES),
        stage=stage,
        no_shard=_rest_of_days(nodes) if is_ocr else NOTHING,
        skipped={"encrypted": 31 * nodes},
        text_quality=TextQuality(
            {number: _quality_of_days(number) for number in numbers}, tuple(map(_worst_of_days, range(MOST_WORST)))
        ),
    )
    values = values_of(farm, waited="", price_per_hour=5.672, silent_after=120, max_failure_share=0.2, stale=None)
    values["finish"] = _FINISH if is_ocr else None
    for shard in values["shards"]:
        shard["rate"] = shard["pages_per_second"] if shard["state"] == "running" else None
        shard["finish"] = _FINISH if shard["rate"] else None
    return values


def _shard_of_days(number: int, stage: Stage) -> ShardStatus:
    failures = dict.fromkeys(_CLASSES, 40)
    failed = sum(failures.values())
    if stage is Stage.TEXT:
        done, forwarded = _DOCUMENTS // 2, _DOCUMENTS // 2 - failed
        documents = done + forwarded + failed
    else:
        documents = _DOCUMENTS // 2
        done = 3_000 + 150 * (number % 7)
        forwarded = documents - done - failed
    return ShardStatus(
        number,
        documents,
        documents * _PAGES,
        done,
        done * _PAGES,
        failed,
        failed * _PAGES,
        forwarded,
        failures,
        forwarded,
        forwarded * _PAGES,
    )


def _rest_of_days(nodes: int) -> ShardStatus:
    """What stage ``text`` has done, which is in no shard of stage ``ocr``."""
    documents = nodes * _DOCUMENTS // 2
    return replace(
        NOTHING, documents=documents, pages=documents * _PAGES, done=documents, pages_done=documents * _PAGES
    )


def _progress_of_days(number: int, stage: Stage, end: float) -> Progress:
    state = "finished" if stage is Stage.TEXT else "broken" if number == 4 else "running"
    gpus = tuple(GpuSample(gpu, 90.0 + (number + gpu) % 10, 18432.0, 23552.0, 61.0 + gpu) for gpu in range(4))
    return make_progress(
        shard=number,
        node=f"OpenArchive-Shard-{number}",
        state=state,
        message="more than a fifth of the last 50 documents were unreadable" if state == "broken" else "",
        started_at=_START,
        updated_at=end,
        pages_per_second=2.5 + 0.1 * (number % 7),
        machine=MachineSample(end, gpus, 3_800 * 10**9, 2 * 10**12),
        drained={"3": "NVRM Xid 79"} if stage is Stage.OCR and number == 2 else {},
    )


def _history_of_days(number: int, end: float) -> History:
    step = (end - _START) / MOST_POINTS
    points = tuple(
        Point(
            _START + step * each,
            (3000 + 100 * (number % 7)) * each + round(9000 * sin(each / 9 + number)),
            tuple(85.0 + (each + gpu) % 15 for gpu in range(4)),
        )
        for each in range(MOST_POINTS)
    )
    return History(points, (30, 200, 900, 2000, 1400, 700, 400, 200, 90, 40, 10, 3, 1))


def _quality_of_days(number: int) -> ShardQuality:
    documents = 3_000 + 10 * number
    verdicts = {"good": documents * 70, "blank": documents * 8, "poor": documents, "empty": documents}
    return ShardQuality(
        documents, documents * (0.9 + 0.001 * number), {"layer": documents * 30, "ocr": documents * 50}, verdicts
    )


def _worst_of_days(number: int) -> Marker:
    key = f"pergamos/διατριβές/παλαιές/{number}.pdf"
    folder = "s3://openarchives-results/farm/shard-3"
    return make_marker(
        uri=f"s3://openarchives-raw/{key}",
        quality=QualitySummary(
            "good", 0.52 + 0.004 * number, {"layer": 12, "ocr": 68}, {"good": 70, "poor": 8, "empty": 2}
        ),
        outputs=(Output(f"{folder}/quality/{key}.json", "e", 9), Output(f"{folder}/markdown/{key}.md", "e", 9)),
        stage="ocr",
    )
