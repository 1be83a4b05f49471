# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor's account of its shard while it runs.

For people and dashboards; the markers alone are the truth. Written atomically to
``<workdir>/state/shard_<n>.json`` and, every few seconds, to
``<results>/status/_progress/shard-<n>.json``.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from .._errors import FarmError
from .._s3.uri import S3Uri
from .machine import MachineSample
from .markers import STATUS_FOLDER

PROGRESS_FOLDER = "_progress"
STATES = ("running", "stopped", "finished", "failed")


@dataclass(frozen=True)
class Progress:
    """The state of one shard's supervisor.

    Attributes:
        state: ``running``; ``stopped`` on request with work left; ``finished`` with nothing pending;
            ``failed`` when the supervisor itself could not go on, ``message`` says why.
        started_at: when this supervisor started, seconds since the epoch.
        updated_at: when this was written, seconds since the epoch.
        documents: documents in the shard; ``pages`` their pages.
        done: documents done, those of earlier supervisors included; ``pages_done`` their pages.
        failed: documents failed, those of earlier supervisors included; ``pages_failed`` their pages.
        pages_per_second: done by this supervisor since it started.
        failures: failed documents of this supervisor by class.
        slots: what each worker slot does now: the document's uri, or an empty string.
        drained: slots that work no more, and why.
        machine: the node, ``None`` where it was not looked at.
    """

    shard: int
    node: str
    state: str
    started_at: float
    updated_at: float
    documents: int
    pages: int
    done: int
    pages_done: int
    failed: int
    pending: int
    pages_per_second: float
    pipeline: str
    pages_failed: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    drained: dict[str, str] = field(default_factory=dict)
    message: str = ""
    machine: MachineSample | None = None

    @property
    def pages_pending(self) -> int:
        """Pages of documents that are neither done nor failed."""
        return self.pages - self.pages_done - self.pages_failed

    def to_json(self) -> bytes:
        """Return the file's or object's content."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Progress:
        """Return the progress whose content is ``body``.

        Raises:
            FarmError: it is not a progress file; the message names ``where`` it was found.
        """
        try:
            fields = json.loads(body)
            machine = fields.get("machine")
            return cls(**fields | {"machine": MachineSample.from_fields(machine) if machine else None})
        except (ValueError, TypeError, AttributeError) as error:
            raise FarmError(f"{where} is not a progress file ({error}).") from error


def progress_uri(results: S3Uri, shard: int) -> S3Uri:
    """Return where the supervisor of ``shard`` puts its progress."""
    return results.join(STATUS_FOLDER, PROGRESS_FOLDER, f"shard-{shard}.json")


def lease_uri(results: S3Uri, shard: int) -> S3Uri:
    """Return where the supervisor of ``shard`` says that the shard is its own."""
    return results.join(STATUS_FOLDER, PROGRESS_FOLDER, f"shard-{shard}.lease")


def supervisor_log_uri(results: S3Uri, shard: int) -> S3Uri:
    """Return where a supervisor of ``shard`` that ends puts the end of its log."""
    return results.join(STATUS_FOLDER, PROGRESS_FOLDER, f"shard-{shard}.log")
