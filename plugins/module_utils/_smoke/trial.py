# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few documents of a shard, and a page whose text is known, processed as its supervisor would, beside the real run.

Everything it writes is below ``<results>/_smoke/<node>/<time>``, where no marker of the real run is looked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._errors import FarmError
from .._pipelines.canary.documents import LAYERED, SCAN
from .._pipelines.canary.reading import problem_of, read
from .._pipelines.registry import kind_of
from .._records.document import Document, DocumentState, key_of
from .._records.failure_classes import FailureClass
from .._records.finished import read_finished_of, unfinished
from .._records.layer import Layer, LayerPage
from .._records.manifest import read_manifest, to_csv
from .._records.markers import Marker
from .._records.names import (
    canary_uri,
    manifest_uri,
    markdown_uri,
    marker_uri,
    output_folder,
    pages_uri,
    trial_manifests,
    trial_results,
)
from .._records.stage import Stage
from .._runner.config import RunConfig
from .._runner.host.control import ShardControl
from .._runner.layout import Layout
from .._s3.connection import Connection
from .._s3.objects import look_at, put_bytes, read_bytes
from .._s3.uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# What a trial does not leave to the operator: it shows soon whether the node can work.
FIXED_OPTIONS: Mapping[str, Any] = {"max_attempts": 1, "prefetch": 1, "grace_seconds": 0.0, "outage_seconds": 60.0}
# A document that is at fault itself must not fail its node, and one that works shows enough.
_DOCUMENTS = 3
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
        similarity: of the text of the known page to what it should be, 0..1; ``None`` where nothing was processed, and
            where the pipeline makes no text.
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


def trial_config(config: RunConfig, name: str) -> RunConfig:
    """Return the configuration of a trial of this name: the same work, in places of its own."""
    results = trial_results(config.results_uri, config.node, name)
    return replace(
        config,
        manifests=str(trial_manifests(results)),
        results=str(results),
        workdir=str(Path(config.workdir) / "smoke"),
    )


def try_pipeline(config: RunConfig, connection: Connection, *, check_mode: bool) -> Outcome:
    """Process the known page and the shortest pending documents of the shard, and return what became of them.

    A pipeline that makes no text is tried on documents alone, and one of stage ``ocr`` on the page alone: what it will
    have to recognise is not known before stage ``text`` has ended. One of stage ``math`` is not tried.

    Raises:
        FarmError: the page was not read as it should be, no document was done, or nothing could be processed at all.
    """
    if ShardControl(config, connection).is_running():
        return Outcome((), untried=f"shard {config.shard} is being processed")
    if config.stage is Stage.MATH:
        return Outcome((), untried="what stage math has to read is known when stage text has ended")
    client = connection.client()
    documents = read_manifest(client, S3Uri.parse(config.manifests), config.shard)
    pending = _unfinished(client, config, documents)
    if not pending:
        return Outcome((), untried=f"no document of shard {config.shard} is pending")
    is_ocr = config.stage is Stage.OCR
    chosen = [] if is_ocr else shortest(pending)
    tried = tuple(document.uri for document in chosen)
    if check_mode:
        return Outcome(tried)
    trial = trial_config(config, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
    kind, options = kind_of(config.pipeline), config.pipeline_options
    is_recognised = kind.recognises(options)
    canary = _put_canary(client, trial, SCAN if is_recognised else LAYERED) if kind.makes_text(options) else None
    if canary and is_ocr:
        _hand_on(client, trial, canary)
    documents = [*([canary] if canary else []), *chosen]
    put_bytes(client, manifest_uri(S3Uri.parse(trial.manifests), trial.shard), to_csv(documents), "text/csv")
    _process(trial, connection, documents)
    failures = tuple(map(str, _failures(client, trial, chosen)))
    similarity, problems = None, []
    if canary:
        similarity, problem = _read_canary(client, trial, canary, is_recognised=is_recognised)
        page = "scan" if is_recognised else "page with a text layer"
        problems += [f"did not read the {page} whose text is known: {problem}"] if problem else []
    if chosen and len(failures) == len(chosen):
        problems.append(f"could process none of {len(chosen)} documents of shard {config.shard}: {' '.join(failures)}")
    if problems:
        raise FarmError(
            f"{config.node} is not fit. Pipeline {config.pipeline} {' It '.join(problems)} "
            f"The log is {Layout.of(trial).log}, results are in {trial.results}."
        )
    return Outcome(tried, len(chosen) - len(failures), failures, similarity=similarity)


def _unfinished(client: S3Client, config: RunConfig, documents: list[Document]) -> list[Document]:
    """Return the documents that a stage may have to work on, now or when the one before has ended."""
    states = read_finished_of(client, config.results_uri, documents)
    if config.stage is Stage.OCR:
        states = {key: state for key, state in states.items() if state is not DocumentState.FORWARDED}
    return unfinished(documents, states)


def _hand_on(client: S3Client, trial: RunConfig, canary: Document) -> None:
    """Leave of the known page what stage ``text`` leaves of a scan."""
    key = key_of(canary.uri)
    marker = Marker(
        uri=canary.uri,
        etag=look_at(client, S3Uri.parse(canary.uri)).etag,
        pages=1,
        shard=trial.shard,
        failure_class=FailureClass.NEEDS_OCR.value,
        open_pages=(1,),
    )
    layer = Layer(canary.uri, (LayerPage(1),)).to_json()
    put_bytes(client, pages_uri(output_folder(trial.results_uri, trial.shard), key), layer, "application/json")
    uri = marker_uri(trial.results_uri, key, DocumentState.FORWARDED)
    put_bytes(client, uri, marker.to_json(), "application/json")


def _put_canary(client: S3Client, trial: RunConfig, body: bytes) -> Document:
    uri = canary_uri(trial.results_uri)
    put_bytes(client, uri, body, "application/pdf")
    return Document(str(uri), 1, len(body))


def _read_canary(client: S3Client, trial: RunConfig, canary: Document, *, is_recognised: bool) -> tuple[float, str]:
    """Return how similar the known page's text is to what it should be, and what is wrong, empty where nothing is."""
    for failure in _failures(client, trial, [canary]):
        is_noise = is_recognised and failure.failure_class == FailureClass.UNREADABLE.value
        return 0.0, f"the recogniser does not know Greek and English. {failure}" if is_noise else str(failure)
    uri = markdown_uri(output_folder(trial.results_uri, trial.shard), key_of(canary.uri))
    reading = read(read_bytes(client, uri).decode(errors="replace"))
    return round(reading.similarity, 4), problem_of(reading, is_recognised=is_recognised)


def _process(trial: RunConfig, connection: Connection, documents: list[Document]) -> None:
    control = ShardControl(trial, connection)
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
        if states.get(key_of(document.uri)) is DocumentState.FAILED:
            uri = marker_uri(trial.results_uri, key_of(document.uri), DocumentState.FAILED)
            marker = Marker.from_json(read_bytes(client, uri), str(uri))
            yield _Failure(document.uri, marker.failure_class, marker.message)
        elif key_of(document.uri) not in states:
            yield _Failure(document.uri, None, None)
