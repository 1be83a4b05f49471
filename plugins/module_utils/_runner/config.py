# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one supervisor is told to do: a file without secrets, and an environment with them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from .._errors import FarmError
from .._files import write_atomically
from .._pipelines.registry import DEFAULT, kind_of
from .._records.codec import UnreadableRecordError, decode, encode
from .._records.names import output_folder
from .._records.slots import slot_names
from .._records.stage import Stage
from .._s3.connection import Connection
from .._s3.uri import S3Uri

# What child_environment sets that nobody may read.
_SECRET_VARIABLES = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# How to reach S3, which modules take as the usual options of amazon.aws.
CONNECTION_FIELDS = frozenset({"region", "endpoint_url", "profile", "verify"})
# Metadata of a field: the least and the greatest value of the option, or what it must be above, and whether a trial of
# a few documents takes it too.
LEAST, MOST, ABOVE, TRIAL = "least", "most", "above", "trial"


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """What one supervisor is told to do; but for the connection, each field is an option of the module shard_run.

    Attributes:
        manifests: ``s3://`` prefix that has ``shard_<n>.csv``.
        results: ``s3://`` prefix that takes results, markers and progress.
        workdir: absolute path of the local folder for state, logs and documents in work.
        node: the name markers carry.
        slots: what workers are given as ``CUDA_VISIBLE_DEVICES``, a GPU each; see :attr:`worker_slots`.
        workers_per_gpu: how many work on each of them; 0 leaves it to the pipeline.
        timeout_base: seconds every document may take.
        timeout_per_page: seconds it may take on top for each of its pages.
        requester_pays: whether requests for documents say that they are on this account's bill.
        max_attempts: how often a document that times out, ends its worker or fails in the pipeline is tried.
        prefetch: documents that may wait on the disk.
        prefetch_bytes: how much of the disk documents that wait may take.
        grace_seconds: how long a stop waits for documents in work.
        max_failure_share: which share of the last documents may fail in the same way before what they have in common
            stops; 1 for no limit.
        outage_seconds: how long S3 may fail before the supervisor gives up.
        worker_documents: documents after which a worker is replaced.
        worker_growth_bytes: growth of its memory after its first document at which it is replaced.
        worker_memory_bytes: memory that it and what it has started may occupy; 0 for an even share of the machine's.
        timeout_factor: by which both times are multiplied.
        retry: classes of failed documents that are processed again.
        retry_label: tells this request to retry from an earlier one with the same options.
        ocr_follows: hand documents whose text layer is no text on to stage ``ocr``, instead of failing them.
        math_follows: leave the formulas of documents that are done to stage ``math``.
        redo_stale: process documents again whose markers say that they were made from or by something else.
        interruption_notices: stop when EC2 gives notice that it takes the machine away.
        help_others: lend documents to other shards' nodes that have nothing left, and borrow theirs likewise.
        piece_minutes: about how much work is lent at once, by the lender's speed.
        queue: URL of the queue whose pieces are worked on instead of the shard; empty for none.
        budget: USD that all shards' nodes together may cost; 0 for no limit.
        price_per_hour: of one node in USD, with a budget.
        verify: ``True``, ``False``, or the path of a CA bundle.
    """

    shard: int
    manifests: str
    results: str
    workdir: str
    node: str
    pipeline: str = field(default=DEFAULT, metadata={TRIAL: True})
    pipeline_options: dict[str, Any] = field(default_factory=dict, metadata={TRIAL: True})
    slots: tuple[str, ...] = field(default=("0",), metadata={TRIAL: True})
    workers_per_gpu: int = field(default=0, metadata={LEAST: 0, MOST: 32, TRIAL: True})
    timeout_base: float = field(default=300.0, metadata={LEAST: 0, TRIAL: True})
    timeout_per_page: float = field(default=30.0, metadata={LEAST: 0, TRIAL: True})
    requester_pays: bool = field(default=False, metadata={TRIAL: True})
    max_attempts: int = field(default=2, metadata={LEAST: 1})
    prefetch: int = field(default=8, metadata={LEAST: 1})
    prefetch_bytes: int = field(default=20_000_000_000, metadata={LEAST: 1})
    grace_seconds: float = field(default=60.0, metadata={LEAST: 0})
    outage_seconds: float = field(default=600.0, metadata={LEAST: 0})
    max_failure_share: float = field(default=0.2, metadata={LEAST: 0, MOST: 1})
    worker_documents: int = field(default=500, metadata={LEAST: 1})
    worker_growth_bytes: int = field(default=8_000_000_000, metadata={LEAST: 1})
    worker_memory_bytes: int = field(default=0, metadata={LEAST: 0})
    timeout_factor: float = field(default=1.0, metadata={ABOVE: 0})
    ocr_follows: bool = field(default=False, metadata={TRIAL: True})
    math_follows: bool = field(default=False, metadata={TRIAL: True})
    retry: tuple[str, ...] = ()
    retry_label: str = ""
    redo_stale: bool = False
    interruption_notices: bool = False
    help_others: bool = False
    piece_minutes: float = field(default=30.0, metadata={ABOVE: 0})
    queue: str = ""
    budget: float = field(default=0.0, metadata={LEAST: 0})
    price_per_hour: float = field(default=0.0, metadata={LEAST: 0})
    region: str | None = None
    endpoint_url: str | None = None
    profile: str | None = None
    verify: bool | str | None = None

    @property
    def retry_name(self) -> str:
        """What tells this request to retry from others; empty where none is made."""
        if not self.retry:
            return ""
        return " ".join([*sorted(self.retry), f"x{self.timeout_factor:g}", *filter(None, [self.retry_label])])

    @property
    def stage(self) -> Stage:
        """At which the pipeline works.

        Raises:
            FarmError: there is no such pipeline.
        """
        return kind_of(self.pipeline).stage

    @property
    def worker_slots(self) -> tuple[str, ...]:
        """The names of the slots, each with one worker.

        Raises:
            FarmError: there is no such pipeline, or one of its options is wrong.
        """
        return slot_names(self.slots, self.sharing)

    @property
    def sharing(self) -> int:
        """How many workers share a GPU, or what stands for one: what is asked for, or what the pipeline says.

        Raises:
            FarmError: there is no such pipeline, or one of its options is wrong.
        """
        return kind_of(self.pipeline).workers_per_gpu(self.pipeline_options, self.workers_per_gpu)

    @property
    def results_uri(self) -> S3Uri:
        """The prefix of the results."""
        return S3Uri.parse(self.results)

    @property
    def output_uri(self) -> S3Uri:
        """The prefix of this shard's results."""
        return output_folder(self.results_uri, self.shard)

    def connection(self) -> Connection:
        """Return how to reach S3; credentials come from boto3's chain, the environment first."""
        return Connection(region=self.region, endpoint_url=self.endpoint_url, profile=self.profile, verify=self.verify)

    def input_connection(self, connection: Connection) -> Connection:
        """Return how to reach the documents' bucket, where ``connection`` reaches that of the results."""
        return replace(connection, requester_pays=self.requester_pays)

    def timeout(self, pages: int) -> float:
        """Return how many seconds a document of so many pages may take."""
        return self.timeout_factor * (self.timeout_base + self.timeout_per_page * pages)

    @property
    def timings_basis(self) -> str:
        """What the time of a document depends on, beside the document and the node."""
        digest = kind_of(self.pipeline).options_hash(self.pipeline_options)
        workers = self.sharing
        beside = f" x{workers}" if workers > 1 else ""
        return f"{self.pipeline} {digest} {self.timeout_base:g} {self.timeout_per_page:g}{beside}"

    def save(self, path: Path) -> None:
        """Write the file a supervisor starts from, readable by its owner only."""
        write_atomically(path, encode(asdict(self), indent=1), durable=True)

    @classmethod
    def load(cls, path: Path) -> RunConfig:
        """Return what :meth:`save` wrote, perhaps by another version of the collection.

        Raises:
            FarmError: the file is missing or something else.
        """
        try:
            return decode(path.read_bytes(), cls, "a supervisor's configuration", str(path))
        except (OSError, UnreadableRecordError) as error:
            raise FarmError(
                f"{error} The supervisor cannot start without it: start the shard again (shard_run)."
            ) from error


def child_environment(connection: Connection, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a supervisor that reaches S3 as ``connection`` does.

    Explicit keys travel here and nowhere else: an environment is readable by its owner alone, while
    arguments and files are not. The region and endpoint are set too, for commands that use S3 themselves.
    """
    environment = dict(os.environ if inherited is None else inherited)
    if connection.access_key:
        # A profile or token left from the caller would be mixed with these keys.
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"):
            environment.pop(name, None)
    values = {
        "AWS_ACCESS_KEY_ID": connection.access_key,
        "AWS_SECRET_ACCESS_KEY": connection.secret_key,
        "AWS_SESSION_TOKEN": connection.session_token,
        "AWS_PROFILE": connection.profile,
        "AWS_DEFAULT_REGION": connection.region,
        "AWS_REGION": connection.region,
        "AWS_ENDPOINT_URL": connection.endpoint_url,
        "AWS_CA_BUNDLE": connection.verify if isinstance(connection.verify, str) else None,
    }
    return environment | {name: value for name, value in values.items() if value}


def own_secrets() -> list[str]:
    """Return the secrets in this process's environment, which must be in no log that others may read."""
    return [os.environ[name] for name in _SECRET_VARIABLES if os.environ.get(name)]
