# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a stage got done on a kind of machine, by how many workers shared a GPU or how many pages were in flight."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from .._s3.objects import read_bytes_if_exists
from .._s3.uri import S3Uri
from .codec import UNKNOWN_TIME, decode, encode
from .names import tuning_uri
from .stage import Stage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# What was varied, by the name of the option.
WORKERS, PAGES_IN_FLIGHT = "workers_per_gpu", "pages_in_flight"


@dataclass(frozen=True)
class TuningBasis:
    """What a result is true of, beside the stage and the machine.

    Attributes:
        options_hash: of the pipeline's options, and of the number of workers where that is not what is varied.
        gpus: how many, or what stands for them, had workers.
        varied: :data:`WORKERS` or :data:`PAGES_IN_FLIGHT`.
    """

    pipeline: str = ""
    options_hash: str = ""
    gpus: int = 0
    varied: str = WORKERS

    def difference(self, wanted: TuningBasis) -> str:
        """Return what this is of, where that is not what is wanted; empty where it is the same."""
        if self.pipeline != wanted.pipeline:
            return f"is of pipeline {self.pipeline}, not {wanted.pipeline}"
        if self.options_hash != wanted.options_hash:
            return f"is of other options of pipeline {self.pipeline}"
        if self.gpus != wanted.gpus:
            return f"is of {self.gpus} GPUs with workers, not {wanted.gpus}"
        return f"is of {self.varied}" if self.varied != wanted.varied else ""


@dataclass(frozen=True)
class TuningTrial:
    """The documents once, with one number.

    Attributes:
        number: of workers that share a GPU, or of pages in flight.
        pages_per_second: of the whole node, while all of its workers had a document.
        memory_used: most that a GPU had in use at any time, in MiB; ``None`` where there is none, or it does not say.
        memory_total: of the same GPU, in MiB.
        utilization: of the GPUs meanwhile, in percent, on average; likewise.
        memory_ran_out: whether a GPU was too small for it.
        problem: why the number is no choice, as a sentence; empty where it is one.
    """

    number: int = 0
    pages_per_second: float = 0.0
    memory_used: float | None = None
    memory_total: float | None = None
    utilization: float | None = None
    memory_ran_out: bool = False
    problem: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether another trial would show the same: it was measured, or a GPU is too small for it."""
        return self.memory_ran_out or not self.problem


@dataclass(frozen=True)
class Tuning:
    """The trials on one kind of machine, for one stage.

    Attributes:
        documents: digest of the documents that were tried.
        trials: by their number.
        best: the number to take; 0 where trials are missing, or none is a choice.
        node: where the last of them was.
        measured_at: when, in seconds since the epoch.
    """

    basis: TuningBasis = field(default_factory=TuningBasis)
    documents: str = ""
    trials: tuple[TuningTrial, ...] = ()
    best: int = 0
    node: str = ""
    measured_at: float = UNKNOWN_TIME

    def to_json(self) -> bytes:
        """Return the object's content."""
        return encode(asdict(self), indent=1)

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Tuning:
        """Return the result whose object body is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "a result of tune.yml", where)


def read_tuning(client: S3Client, results: S3Uri, stage: Stage, machine: str) -> Tuning | None:
    """Return what was found for a stage on this kind of machine, ``None`` where nothing was.

    Raises:
        FarmError: see :meth:`Tuning.from_json`.
        S3Error: it cannot be read.
    """
    uri = tuning_uri(results, stage, machine)
    body = read_bytes_if_exists(client, uri)
    return None if body is None else Tuning.from_json(body, str(uri))
