# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding how many workers are to share a GPU, or how many pages to be in flight, on this kind of machine.

One number is tried at a call. What was found is kept after each, so that an interrupted search goes on, and one that is
complete does nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from .._cutting.sample import sample
from .._errors import FarmError, NotYetError
from .._records.codec import UnreadableRecordError
from .._records.names import tuning_uri
from .._records.page_counts import CountRow
from .._records.page_counts_source import open_counts, rows_of
from .._records.tuning import Tuning, TuningTrial
from .._runner.config import RunConfig
from .._runner.host.control import ShardControl
from .._runner.host.options import problems_of
from .._runner.host.tuned import basis_of
from .._runner.watch.machine_kind import machine_kind
from .._s3.connection import Connection
from .._s3.objects import if_exists, put_if_unchanged, read_version
from .._s3.uri import S3Uri
from .choice import best_of
from .run import numbered, run_trial
from .table import advice_of, table_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Request:
    """What is to be tried.

    Attributes:
        counts: address of the page-count table that the documents are drawn from.
        number: to try now.
        numbers: all that are compared, this one among them.
        documents: how many are drawn for each GPU; none has more than ``most_pages`` pages.
        minutes: that a trial may take.
        again: whether to try it although it was.
    """

    counts: str
    number: int
    numbers: tuple[int, ...]
    documents: int
    most_pages: int
    minutes: float
    again: bool = False


@dataclass(frozen=True)
class Found:
    """What is known after a trial.

    Attributes:
        changed: whether there was one, or would be.
        varied: the option that is varied; empty where there is none.
        best: the number to take; 0 while trials are missing, and where none is a choice.
        machine: the kind of machine that it holds for.
        told: what follows, as a sentence; ``table`` the trials so far, as lines.
    """

    changed: bool = False
    varied: str = ""
    best: int = 0
    machine: str = ""
    told: str = ""
    table: tuple[str, ...] = ()

    def to_result(self) -> dict[str, Any]:
        """Return it as a module's result."""
        return {**vars(self), "table": list(self.table)}


def tune(config: RunConfig, connection: Connection, request: Request, *, check_mode: bool) -> Found:
    """Try the documents with one number, unless that is known, and return what is known then.

    Raises:
        FarmError: the request makes no sense, the node is at work, there is no document to try, or something cannot be
            read or written.
    """
    _require(request)
    basis, machine = basis_of(config), machine_kind()
    if not basis.varied:
        return Found(
            machine=machine,
            told=f"Pipeline {config.pipeline} has nothing to vary: it has a worker for each of its slots.",
        )
    for number in request.numbers:
        _require_possible(numbered(config, basis.varied, number), basis.varied, number)
    client = connection.client()
    rows = _draw(client, request, len(config.slots))
    uri = tuning_uri(config.results_uri, config.stage, machine)
    nothing = Tuning(basis, _digest(rows))
    known, etag = _known(client, uri, nothing)
    before = _trials(known).get(request.number)
    must = request.again or before is None or not before.is_settled
    learnt: dict[int, TuningTrial] = {}
    measured: dict[str, Any] = {}
    if must and not check_mode:
        if ShardControl(config, connection).is_running():
            raise FarmError(
                f"Shard {config.shard} is being processed on {config.node}, so that its GPUs are busy: stop it first "
                "(stop.yml), or name another node (--limit)."
            )
        seconds = request.minutes * _SECONDS_PER_MINUTE
        learnt[request.number] = run_trial(config, connection, rows, basis.varied, request.number, seconds)
        measured = {"node": config.node, "measured_at": time.time()}
        # Meanwhile another node of this kind may have tried another number.
        known, etag = _known(client, uri, nothing)
    while True:
        tuning = replace(known, **_judged(_trials(known) | learnt, request.numbers), **measured)
        is_new = tuning != known
        if check_mode or not is_new or put_if_unchanged(client, uri, tuning.to_json(), etag) is not None:
            break
        known, etag = _known(client, uri, nothing)
    return Found(must or is_new, basis.varied, tuning.best, machine, advice_of(tuning), tuple(table_of(tuning)))


def _require(request: Request) -> None:
    if request.number not in request.numbers:
        raise FarmError(f"number is {request.number}: it must be one of numbers, {list(request.numbers)}.")
    for name in ("documents", "most_pages", "minutes"):
        if getattr(request, name) <= 0:
            raise FarmError(f"{name} is {getattr(request, name)}: it must be above 0.")


def _require_possible(config: RunConfig, varied: str, number: int) -> None:
    problems = problems_of(config) if number > 0 else [f"{varied} cannot be {number}: give 1 or more."]
    if problems:
        raise FarmError(" ".join(problems))


def _draw(client: S3Client, request: Request, gpus: int) -> list[CountRow]:
    with open_counts(client, request.counts) as table:
        rows = sample(rows_of(table, request.counts), request.documents * gpus, request.most_pages)
    if not rows:
        raise NotYetError(
            f"{request.counts} has no document of 1 to {request.most_pages} pages that can be read, and so nothing to "
            "try: allow more pages, or count others."
        )
    return rows


def _digest(rows: Sequence[CountRow]) -> str:
    lines = "\n".join(f"{row.uri} {row.etag}" for row in rows)
    return hashlib.sha256(lines.encode("utf-8", "surrogateescape")).hexdigest()


def _known(client: S3Client, uri: S3Uri, nothing: Tuning) -> tuple[Tuning, str | None]:
    """Return what is known of the same documents, ``nothing`` where that is nothing, and the etag of what is there."""
    found = if_exists(lambda: read_version(client, uri))
    if found is None:
        return nothing, None
    try:
        known = Tuning.from_json(found.body, str(uri))
    except UnreadableRecordError:
        # Whatever it was, a search makes it anew.
        return nothing, found.etag
    is_same = not known.basis.difference(nothing.basis) and known.documents == nothing.documents
    return known if is_same else nothing, found.etag


def _trials(tuning: Tuning) -> dict[int, TuningTrial]:
    return {trial.number: trial for trial in tuning.trials}


def _judged(trials: Mapping[int, TuningTrial], numbers: Sequence[int]) -> dict[str, Any]:
    """Return the fields of a result: all trials, and the best of them once each of the numbers was tried."""
    tried = tuple(trials[number] for number in sorted(trials))
    return {"trials": tried, "best": best_of(tried) if trials.keys() >= set(numbers) else 0}
