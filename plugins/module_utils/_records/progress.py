# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A supervisor's account of its shard while it runs.

For people and dashboards; the markers alone are the truth. Written to the node's disk and, every few seconds, to S3.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

from .codec import UNKNOWN_TIME, decode, encode
from .effort import Effort
from .machine import MachineSample
from .outlook import Outlook

# How a supervisor that too many documents failed under has ended.
BROKEN = "broken"
STATES = ("running", "stopped", "finished", "failed", BROKEN)
# The stored name of a field, where it is another.
_RENAMED = {"class": "failure_class"}


@dataclass(frozen=True)
class Progress:
    """The state of one shard's supervisor.

    Attributes:
        state: ``running``; ``stopped`` on request with work left; ``finished`` with nothing pending;
            ``failed`` when the supervisor itself could not go on, ``message`` says why; ``broken`` when too many
            documents failed in the same way, likewise.
        started_at: when this supervisor started, seconds since the epoch.
        updated_at: when this was written, seconds since the epoch.
        documents: documents in the shard; ``pages`` their pages.
        done: documents done, those of earlier supervisors included; ``pages_done`` their pages.
        failed: documents failed, those of earlier supervisors included; ``pages_failed`` their pages.
        forwarded: documents handed on to the next stage, likewise; ``pages_forwarded`` their pages.
        queued_pages: of documents that nobody has begun or been lent, and that may be lent; one of unknown pages is 1.
        lent: documents that other shards' nodes have to do, among the pending ones.
        helping: the shards whose documents this supervisor has borrowed.
        helped: documents of other shards that this supervisor has done, handed on or failed.
        pages_helped: pages of those that it has done or handed on.
        pages_per_second: done or handed on by this supervisor since it started, for other shards too.
        failures: failed documents of this supervisor by class.
        slots: what each slot's worker does now: the document's uri, or an empty string; named as in ``slots.py``.
        drained: slots that work no more, and why.
        crowded: how many of the last 50 documents ran out of their GPU's memory beside others there, and came again.
        failure_class: of the documents that failed where the state is ``broken``; else ``None``. Stored as ``class``.
        effort: of all of the shard's supervisors; ``None`` where an earlier version of the collection wrote this.
        machine: the node, ``None`` where it was not looked at.
        outlook: its rate now and the time left, likewise ``None`` of an earlier version.
    """

    shard: int = 0
    node: str = ""
    state: str = "running"
    started_at: float = UNKNOWN_TIME
    updated_at: float = UNKNOWN_TIME
    documents: int = 0
    pages: int = 0
    done: int = 0
    pages_done: int = 0
    failed: int = 0
    pages_failed: int = 0
    forwarded: int = 0
    pages_forwarded: int = 0
    pending: int = 0
    queued_pages: int = 0
    lent: int = 0
    helping: tuple[int, ...] = ()
    helped: int = 0
    pages_helped: int = 0
    pages_per_second: float = 0.0
    pipeline: str = ""
    failures: dict[str, int] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    drained: dict[str, str] = field(default_factory=dict)
    crowded: int = 0
    message: str = ""
    failure_class: str | None = None
    effort: Effort | None = None
    machine: MachineSample | None = None
    outlook: Outlook | None = None

    @property
    def pages_pending(self) -> int:
        """Pages of documents that this stage has not ended."""
        return self.pages - self.pages_done - self.pages_failed - self.pages_forwarded

    def to_json(self) -> bytes:
        """Return the file's or object's content."""
        fields = asdict(self)
        for stored, field_name in _RENAMED.items():
            fields[stored] = fields.pop(field_name)
        return encode(fields, indent=1)

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Progress:
        """Return the progress whose content is ``body``, found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "a supervisor's progress", where, _RENAMED)
