# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What became of the documents of a trial with one number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from .._formatting import counted, one_line
from .._pipelines.glossapi.causes import is_gpu_memory
from .._records.document import DocumentState
from .._records.failure_classes import FailureClass
from .._records.machine import MachineSample
from .._records.markers import Marker
from .._records.progress import Progress
from .._records.tuning import TuningTrial
from .gpu_use import use_of
from .speed import Span, Speed, speed_of

# What too many workers do to a document that is in order.
_CROWDED = (FailureClass.TIMEOUT, FailureClass.OUT_OF_MEMORY, FailureClass.GPU, FailureClass.CRASH)
_MOST_CHARACTERS = 300


def trial_of(
    number: int, markers: Sequence[Marker], progress: Progress | None, samples: Sequence[MachineSample], said: str
) -> TuningTrial:
    """Return the trial with this number.

    Args:
        markers: of the documents that ended.
        progress: the supervisor's last account; ``None`` where it did not get so far.
        samples: of the machine meanwhile.
        said: why the supervisor did not finish; empty where it did.
    """
    spans = [_span(marker) for marker in markers if marker.state is not DocumentState.FAILED]
    speed = speed_of(spans) if spans else Speed(0.0, 0.0, 0.0)
    use = use_of(samples, speed.begin, speed.end)
    ran_out = _ran_out(progress, said)
    return TuningTrial(
        number,
        speed.pages_per_second,
        use.memory_used,
        use.memory_total,
        use.utilization,
        ran_out,
        _problem(markers, progress, said, ran_out=ran_out),
    )


def _span(marker: Marker) -> Span:
    end = datetime.fromisoformat(marker.finished_at).timestamp()
    return Span(end - marker.seconds, end, marker.pages or 0)


def _ran_out(progress: Progress | None, said: str) -> bool:
    texts = [said]
    if progress is not None:
        if progress.crowded or progress.failures.get(FailureClass.GPU_MEMORY.value):
            return True
        texts += [progress.message, *progress.drained.values()]
    return any(map(is_gpu_memory, texts))


def _problem(markers: Sequence[Marker], progress: Progress | None, said: str, *, ran_out: bool) -> str:
    """Return why the number is no choice, as a sentence on one line; empty where it is one."""
    failures = [marker for marker in markers if marker.state is DocumentState.FAILED]
    crowded = [each for each in failures if each.failure_class in {cause.value for cause in _CROWDED}]
    drained = "; ".join(dict.fromkeys(progress.drained.values())) if progress else ""
    text = ""
    if ran_out:
        text = "A GPU ran out of memory."
    elif said:
        text = said
    elif drained:
        text = f"Workers stopped: {drained}"
    elif crowded:
        text = f"{counted(len(crowded), 'document', 'documents')} failed: {_reason(crowded[0])}"
    elif len(failures) == len(markers):
        text = " ".join(["No document was done.", *map(_reason, failures[:1])])
    return one_line(text)[:_MOST_CHARACTERS]


def _reason(marker: Marker) -> str:
    return f"{marker.failure_class}, {marker.message}."
