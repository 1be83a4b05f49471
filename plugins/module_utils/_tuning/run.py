# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents once, worked on by the node as in a real run, with one number and in places of their own.

As with a smoke trial (``_smoke/trial.py``), all is written below ``<results>/_smoke/<node>/``: no document is marked in
the real run, and none is in its account.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .._errors import FarmError
from .._records.codec import RecordError
from .._records.document import Document
from .._records.finished import read_finished_of
from .._records.manifest import to_csv
from .._records.markers import Marker, read_marker_of_stage
from .._records.names import manifest_uri
from .._records.page_counts import CountRow
from .._records.stage import Stage
from .._records.tuning import PAGES_IN_FLIGHT, WORKERS, TuningTrial
from .._runner.config import RunConfig
from .._runner.host.control import ShardControl
from .._runner.host.systemd import TRIAL
from .._s3.connection import Connection
from .._s3.objects import put_bytes
from .._s3.uri import S3Uri
from .._smoke.known_page import hand_on
from .._smoke.trial import trial_config
from .gpu_use import GpuWatch
from .outcome import trial_of

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# What a trial does not leave to the operator: it is a measurement, in which no document stops the others.
FIXED_OPTIONS: Mapping[str, Any] = {"max_attempts": 1, "grace_seconds": 0.0, "max_failure_share": 1.0}


def numbered(config: RunConfig, varied: str, number: int) -> RunConfig:
    """Return the configuration with this number of what is varied."""
    if varied == WORKERS:
        return replace(config, workers_per_gpu=number)
    return replace(config, pipeline_options=config.pipeline_options | {PAGES_IN_FLIGHT: number})


def run_trial(
    config: RunConfig, connection: Connection, rows: Sequence[CountRow], varied: str, number: int, seconds: float
) -> TuningTrial:
    """Process the documents, and return what became of them.

    What a number cannot do, a trial of it tells; nothing that runs is left.

    Args:
        config: of the real run.
        connection: how to reach S3.
        rows: the documents.
        varied: see :class:`TuningBasis`; ``number`` of it.
        seconds: for the trial, the start of workers included.

    Raises:
        S3Error: S3 cannot be reached.
    """
    trial = trial_config(numbered(config, varied, number), f"tune-{config.stage}-{number}")
    client = connection.client()
    documents = [Document(row.uri, row.pages or 0, row.bytes) for row in rows]
    put_bytes(client, manifest_uri(S3Uri.parse(trial.manifests), trial.shard), to_csv(documents), "text/csv")
    if config.stage is Stage.OCR:
        for row in rows:
            hand_on(client, trial.results_uri, row.uri, row.etag, row.pages or 0, trial.shard)
    # Where nodes have services, in the sandbox of the real run's.
    control = ShardControl(trial, connection, TRIAL)
    # Left by one that was interrupted.
    control.stop()
    with GpuWatch(Path(config.workdir), config.slots) as watch:
        said = _process(control, seconds)
    markers = list(_markers(client, trial, documents))
    return trial_of(number, markers, control.progress(), watch.samples, said)


def _process(control: ShardControl, seconds: float) -> str:
    """Return why the supervisor did not finish, empty where it did."""
    try:
        control.start()
        control.wait(seconds)
    except FarmError as error:
        return f"Not finished within {seconds / 60:g} minutes." if control.is_running() else str(error)
    finally:
        control.stop()
    return ""


def _markers(client: S3Client, trial: RunConfig, documents: Sequence[Document]) -> Iterator[Marker]:
    for key, state in read_finished_of(client, trial.results_uri, documents).items():
        marker = read_marker_of_stage(client, trial.results_uri, key, state, trial.stage)
        if isinstance(marker, RecordError):
            raise marker
        # Not what the trial itself has handed on.
        if marker is not None and marker.stage == trial.stage.value:
            yield marker
