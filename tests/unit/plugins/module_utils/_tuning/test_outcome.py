# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.tuning import TuningTrial
from ansible_collections.glossapi.farm.plugins.module_utils._tuning.outcome import trial_of

# Of 10:00:00 to 10:00:10 UTC.
BEGIN = 1795860000.0
DONE = Marker("s3://raw/a.pdf", pages=20, seconds=10.0, finished_at="2026-11-28T10:00:10+00:00")
CUDA = "The GPU has too little memory left for one more worker: torch.OutOfMemoryError: CUDA out of memory."


def failed(failure_class: FailureClass, message: str = "why") -> Marker:
    return Marker("s3://raw/b.pdf", failure_class=failure_class.value, message=message)


def test_documents_that_are_done_or_handed_on_make_the_speed_and_gpus_were_sampled_meanwhile() -> None:
    handed_on = Marker(pages=10, seconds=10.0, finished_at=DONE.finished_at, failure_class="needs_ocr", open_pages=(1,))
    samples = [MachineSample(BEGIN + at, (GpuSample(0, 50.0 + at, 900.0, 1000.0),)) for at in (-60, 5)]
    trial = trial_of(2, [DONE, handed_on, failed(FailureClass.CORRUPT)], Progress(state="finished"), samples, "")
    assert trial == TuningTrial(2, 3.0, 900.0, 1000.0, 55.0)


@pytest.mark.parametrize(
    ("progress", "said"),
    [
        (Progress(crowded=1), ""),
        (Progress(failures={"gpu_memory": 1}), ""),
        (Progress(drained={"0:4": CUDA}), ""),
        (Progress(state="failed", message=CUDA), "Shard 1 failed"),
        (None, CUDA),
    ],
    ids=["beside others", "alone", "a worker", "the supervisor", "at the start"],
)
def test_a_gpu_that_was_too_small_is_a_reason_of_its_own(progress: Progress | None, said: str) -> None:
    trial = trial_of(4, [DONE], progress, [], said)
    assert (trial.memory_ran_out, trial.problem, trial.is_settled) == (True, "A GPU ran out of memory.", True)
    assert trial.pages_per_second == 2.0


@pytest.mark.parametrize(
    ("markers", "progress", "said", "problem"),
    [
        ([DONE], Progress(), "Not finished\nwithin 60 minutes.", "Not finished within 60 minutes."),
        ([DONE], Progress(drained={"0:1": "lost", "0:2": "lost"}), "", "Workers stopped: lost"),
        ([DONE, failed(FailureClass.TIMEOUT)], Progress(), "", "1 document failed: timeout, why."),
        ([failed(FailureClass.CORRUPT)], Progress(), "", "No document was done. corrupt, why."),
        ([], None, "", "No document was done."),
        ([DONE], Progress(), "x" * 1000, "x" * 300),
    ],
)
def test_another_reason_not_to_choose_a_number_is_a_sentence_on_a_line(
    markers: list[Marker], progress: Progress | None, said: str, problem: str
) -> None:
    trial = trial_of(3, markers, progress, [], said)
    assert (trial.memory_ran_out, trial.problem, trial.is_settled) == (False, problem, False)


def test_a_full_disk_is_told_as_any_other_reason() -> None:
    assert trial_of(1, [], None, [], "No space left on device").problem == "No space left on device"
