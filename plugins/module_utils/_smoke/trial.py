# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A few documents of a shard processed as its supervisor would, beside the real run.

Everything it writes is below ``<results>/_smoke/<node>/<time>``, where no marker of the real run is looked for.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._errors import FarmError
from .._records.document import Document, DocumentState, key_of
from .._records.finished import read_finished_of, unfinished
from .._records.manifest import read_manifest, to_csv
from .._records.markers import Marker
from .._records.names import manifest_uri, marker_uri, trial_manifests, trial_results
from .._runner.config import RunConfig
from .._runner.host.control import ShardControl
from .._s3.connection import Connection
from .._s3.objects import put_bytes, read_bytes
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
        skipped: why nothing was tried; empty where something was.
    """

    tried: tuple[str, ...]
    done: int = 0
    failures: tuple[str, ...] = ()
    skipped: str = ""

    def to_result(self) -> dict[str, Any]:
        """Return it as a module's result."""
        return {**asdict(self), "changed": bool(self.tried)}


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
    """Process the shortest pending documents of the shard and return what became of them.

    Raises:
        FarmError: none of them was done, or nothing could be processed at all.
    """
    if ShardControl(config, connection).is_running():
        return Outcome((), skipped=f"shard {config.shard} is being processed")
    client = connection.client()
    documents = read_manifest(client, S3Uri.parse(config.manifests), config.shard)
    pending = unfinished(documents, read_finished_of(client, config.results_uri, documents))
    if not pending:
        return Outcome((), skipped=f"no document of shard {config.shard} is pending")
    chosen = shortest(pending)
    tried = tuple(document.uri for document in chosen)
    if check_mode:
        return Outcome(tried)
    trial = trial_config(config, time.strftime("%Y%m%dT%H%M%SZ", time.gmtime()))
    put_bytes(client, manifest_uri(S3Uri.parse(trial.manifests), trial.shard), to_csv(chosen), "text/csv")
    _process(trial, connection, chosen)
    failures = tuple(_failures(client, trial, chosen))
    if len(failures) == len(chosen):
        raise FarmError(
            f"Pipeline {config.pipeline} could process none of {len(chosen)} documents of shard {config.shard} on "
            f"{config.node}: {' '.join(failures)} Their log is {trial.workdir}/logs/shard_{config.shard}.log."
        )
    return Outcome(tried, len(chosen) - len(failures), failures)


def _process(trial: RunConfig, connection: Connection, documents: list[Document]) -> None:
    control = ShardControl(trial, connection)
    # Left by a trial whose controller went away.
    control.stop()
    control.start()
    seconds = trial.max_attempts * sum(trial.timeout(document.pages) for document in documents)
    control.wait(seconds + _OVERHEAD_SECONDS)


def _failures(client: S3Client, trial: RunConfig, documents: list[Document]) -> Iterable[str]:
    states = read_finished_of(client, trial.results_uri, documents)
    for document in documents:
        if states.get(key_of(document.uri)) is DocumentState.FAILED:
            uri = marker_uri(trial.results_uri, key_of(document.uri), DocumentState.FAILED)
            marker = Marker.from_json(read_bytes(client, uri), str(uri))
            yield f"{document.uri}: {marker.failure_class}, {marker.message}."
        elif key_of(document.uri) not in states:
            yield f"{document.uri} has no marker."
