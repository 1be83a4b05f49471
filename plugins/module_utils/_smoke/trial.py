# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few documents of a shard, and a page whose text is known, processed as its supervisor would, beside the real run.

Everything it writes is below ``<results>/_smoke/<node>/<trial>``, where no marker of the real run is looked for.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._errors import FarmError, NotYetError
from .._pipelines.registry import kind_of
from .._records.codec import RecordError
from .._records.document import Document, DocumentState, key_of
from .._records.finished import read_finished_of, unfinished
from .._records.manifest import read_manifest, to_csv
from .._records.markers import read_marker_of_stage
from .._records.math import read_open_of
from .._records.names import (
    SUMMARY_NAME,
    manifest_uri,
    markdown_uri,
    output_folder,
    trial_manifests,
    trial_results,
)
from .._records.stage import Stage
from .._records.summary import Summary, read_summary
from .._records.waiting import waits
from .._runner.config import RunConfig
from .._runner.host.control import ShardControl
from .._runner.host.systemd import TRIAL
from .._runner.layout import Layout
from .._s3.connection import Connection
from .._s3.objects import put_bytes, read_bytes
from .._s3.uri import S3Uri
from .known_page import KnownPage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# What a trial does not leave to the operator: it shows soon whether the node can work.
FIXED_OPTIONS: Mapping[str, Any] = {"max_attempts": 1, "prefetch": 1, "grace_seconds": 0.0, "outage_seconds": 60.0}
# A document that is at fault itself must not fail its node, and one that works shows enough.
_DOCUMENTS = 3
# Of a cut of pieces those that are looked into: each takes a listing of markers.
_PIECES = 8
# Loading the models, and what lies between the last document and the supervisor's end.
_OVERHEAD_SECONDS = 1800


@dataclass(frozen=True)
class Outcome:
    """What became of a trial.

    Attributes:
        tried: the documents' addresses; none where there was nothing to try or the shard is being processed.
        done: how many of them succeeded.
        failures: why others did not, one sentence each.
        untried: why nothing was tried; empty where something was. Not "skipped", which is a name of Ansible's own.
        similarity: of what was read of the known page to what stands there, 0..1; ``None`` where nothing was processed,
            and where the pipeline makes no text.
    """

    tried: tuple[str, ...]
    done: int = 0
    failures: tuple[str, ...] = ()
    untried: str = ""
    similarity: float | None = None

    def to_result(self) -> dict[str, Any]:
        """Return it as a module's result."""
        return {**asdict(self), "changed": not self.untried}


def shortest(documents: Iterable[Document]) -> list[Document]:
    """Return the few shortest documents, those of unknown length last."""
    return sorted(documents, key=lambda each: (each.pages == 0, each.pages, each.bytes or 0, each.uri))[:_DOCUMENTS]


def trial_config(config: RunConfig, what: str = "") -> RunConfig:
    """Return the configuration of a trial: the same work, in places of its own.

    Another machine may have the same node's name and shard at the same time, and has another place.

    Args:
        config: of the real run.
        what: is tried, for whoever looks for it; empty where that is no more than whether the node can work.
    """
    began = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    name = "-".join(filter(None, (what, began, secrets.token_hex(4))))
    results = trial_results(config.results_uri, config.node, name)
    return replace(
        config,
        manifests=str(trial_manifests(results)),
        results=str(results),
        workdir=str(Path(config.workdir) / "smoke"),
    )


def try_pipeline(config: RunConfig, connection: Connection, *, check_mode: bool) -> Outcome:
    """Process the known page and the shortest pending documents of the shard, and return what became of them.

    A pipeline that makes no text is tried on documents alone, and one of the stages after ``text`` on the page alone:
    what these will have to do is not known before that has ended.

    Raises:
        FarmError: the page was not read as it should be, no document was done, or nothing could be processed at all.
    """
    if ShardControl(config, connection).is_running():
        return Outcome((), untried=f"shard {config.shard} is being processed")
    client = connection.client()
    pending, where = pending_documents(client, config)
    if not pending:
        return Outcome((), untried=f"no document of {where} is pending")
    chosen = shortest(pending) if config.stage is Stage.TEXT else []
    tried = tuple(document.uri for document in chosen)
    if check_mode:
        return Outcome(tried)
    trial = trial_config(config)
    kind, options = kind_of(config.pipeline), config.pipeline_options
    page = KnownPage(config.stage, is_recognised=kind.recognises(options)) if kind.makes_text(options) else None
    canary = page.put(client, trial.results_uri, trial.shard) if page else None
    documents = [*([canary] if canary else []), *chosen]
    put_bytes(client, manifest_uri(S3Uri.parse(trial.manifests), trial.shard), to_csv(documents), "text/csv")
    _process(trial, connection, documents)
    failures = tuple(map(str, _failures(client, trial, chosen)))
    similarity, problems = None, []
    if page and canary:
        similarity, problem = _read_canary(client, trial, page, canary)
        problems += [f"did not read the {page.name}: {problem}"] if problem else []
    if chosen and len(failures) == len(chosen):
        problems.append(f"could process none of {len(chosen)} documents of {where}: {' '.join(failures)}")
    if problems:
        raise FarmError(
            f"{config.node} is not fit. Pipeline {config.pipeline} {' It '.join(problems)} "
            f"The log is {Layout.of(trial).log}, results are in {trial.results}."
        )
    return Outcome(tried, len(chosen) - len(failures), failures, similarity=similarity)


def pending_documents(client: S3Client, config: RunConfig) -> tuple[list[Document], str]:
    """Return documents that a stage may have to work on, now or when the one before has ended, and what has them.

    Of pieces from a queue any may be the node's: they are the last piece's that has such documents, which are short.

    Raises:
        FarmError: a manifest is missing or malformed.
        S3Error: S3 could not be read.
    """
    manifests = S3Uri.parse(config.manifests)
    pieces = _last_pieces(client, manifests)
    for piece in pieces:
        if pending := _unfinished(client, config, read_manifest(client, manifests, piece)):
            return pending, f"piece {piece}"
    if pieces:
        return [], f"the last {len(pieces)} pieces"
    documents = read_manifest(client, manifests, config.shard)
    return _unfinished(client, config, documents), f"shard {config.shard}"


def _last_pieces(client: S3Client, manifests: S3Uri) -> list[int]:
    """Return the last pieces that have documents, the last first; none of a cut that has a shard for each node."""
    try:
        summary = read_summary(client, manifests, SUMMARY_NAME)
    except NotYetError:
        summary = Summary()
    shards = [each.shard for each in summary.shards if each.documents] if summary.piece_pages else []
    return shards[: -_PIECES - 1 : -1]


def _unfinished(client: S3Client, config: RunConfig, documents: list[Document]) -> list[Document]:
    states = read_finished_of(client, config.results_uri, documents)
    opened = read_open_of(client, config.results_uri, documents) if config.stage is Stage.MATH else set()
    ended = {
        key: state for key, state in states.items() if not waits(config.stage, state, has_open_formulas=key in opened)
    }
    return unfinished(documents, ended)


def _read_canary(client: S3Client, trial: RunConfig, page: KnownPage, canary: Document) -> tuple[float, str]:
    """Return how similar what was read is to what stands on the known page, and what is wrong, empty for nothing."""
    for failure in _failures(client, trial, [canary]):
        return 0.0, f"{page.explain(failure.failure_class)}{failure}"
    uri = markdown_uri(output_folder(trial.results_uri, trial.shard), key_of(canary.uri))
    similarity, problem = page.judge(read_bytes(client, uri).decode(errors="replace"))
    return round(similarity, 4), problem


def _process(trial: RunConfig, connection: Connection, documents: list[Document]) -> None:
    # Where nodes have services, in the sandbox of the real run's: what only works outside of it is no proof.
    control = ShardControl(trial, connection, TRIAL)
    # Left by a trial whose controller went away.
    control.stop()
    control.start()
    seconds = trial.max_attempts * sum(trial.timeout(document.pages) for document in documents)
    control.wait(seconds + _OVERHEAD_SECONDS)


@dataclass(frozen=True)
class _Failure:
    uri: str
    failure_class: str | None
    message: str | None

    def __str__(self) -> str:
        return (
            f"{self.uri}: {self.failure_class}, {self.message}." if self.failure_class else f"{self.uri} has no marker."
        )


def _failures(client: S3Client, trial: RunConfig, documents: list[Document]) -> Iterator[_Failure]:
    states = read_finished_of(client, trial.results_uri, documents)
    for document in documents:
        key = key_of(document.uri)
        state = states.get(key)
        marker = read_marker_of_stage(client, trial.results_uri, key, state, trial.stage) if state else None
        if isinstance(marker, RecordError):
            raise marker
        if marker is None:
            yield _Failure(document.uri, None, None)
        elif marker.state is DocumentState.FAILED:
            yield _Failure(document.uri, marker.failure_class, marker.message)
