# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results, Task, WorkerUnfit
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work import slot as slot_module
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.exclusive import Alone, ExclusiveAccess
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.fetcher import Fetched
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.outage import Outage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.pace import Pace
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.ranges import Ranges
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.slot import Slot, SlotUnfit
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.time_limit import TimeLimits
from tests.support.clock import Clock, ClockOf
from tests.support.config import a_config

if TYPE_CHECKING:
    from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.process import WorkerProcess

CONFIG = a_config(timeout_base=1, timeout_per_page=1, outage_seconds=1)
RESULTS = Results()


class Log:
    async def tail(self) -> bytes:
        return b"what it said"


class Worker:
    """Answers as it is told and notes what is done to it."""

    def __init__(self, *answers: Outcome | Exception, worn: bool = False) -> None:
        self._answers = list(answers)
        self._worn = worn
        self.log = Log()
        self.revision = "r1"
        self.uncounted = 0.0
        self.documents = 0
        self.memory_bytes = 0
        self.history: list[str] = []

    async def start(self) -> None:
        if self._answers and isinstance(self._answers[0], FarmError | OSError):
            self.history.append("no start")
            raise self._answers.pop(0)  # type: ignore[misc]

    async def process(self, _task: Task, timeout_seconds: float, memory_bytes: int) -> Outcome:
        self.documents += 1
        self.memory_bytes = memory_bytes
        self.history.append(f"process {timeout_seconds:.0f}")
        return cast("Outcome", self._answers.pop(0))

    def is_worn(self, _documents: int, _growth_bytes: int) -> bool:
        return self._worn

    async def kill(self) -> None:
        self.documents = 0
        self.history.append("kill")


class SlowWorker(Worker):
    """Takes seven seconds for each document."""

    def __init__(self, clock: Clock, *answers: Outcome) -> None:
        super().__init__(*answers)
        self._clock = clock

    async def process(self, task: Task, timeout_seconds: float, memory_bytes: int) -> Outcome:
        self._clock.sleep(7)
        return await super().process(task, timeout_seconds, memory_bytes)


class LateWorker(Worker):
    """Takes all of the time that it is given, and a little to be ended."""

    def __init__(self, clock: Clock, *answers: Outcome) -> None:
        super().__init__(*answers)
        self._clock = clock

    async def process(self, task: Task, timeout_seconds: float, memory_bytes: int) -> Outcome:
        self._clock.sleep(timeout_seconds + 0.1)
        return await super().process(task, timeout_seconds, memory_bytes)


class Hardware:
    """Says a reason each time it is asked, ``None`` when it has none left."""

    def __init__(self, *reasons: str | None, restart: str | None = None) -> None:
        self._reasons = list(reasons)
        self._restart = restart
        self.asked = 0

    async def check_slot(self, slot: str) -> str | None:
        assert slot == "0"
        self.asked += 1
        return self._reasons.pop(0) if self._reasons else None

    async def restart_reason(self, slot: str) -> str | None:
        assert slot == "0"
        return self._restart


class FullDisk(Worker):
    """Has no room for the first page's picture, and notes what it finds in its folder."""

    async def process(self, task: Task, timeout_seconds: float, memory_bytes: int) -> Outcome:
        self.history += [path.name for path in task.folder.iterdir()]
        (task.folder / "pages").mkdir()
        return await super().process(task, timeout_seconds, memory_bytes)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document's folder, as its download leaves it."""
    monkeypatch.chdir(tmp_path)
    Path("f").mkdir()


def fetched_of(attempt: Attempt) -> Fetched:
    return Fetched(attempt, Path("f"), Path("f/a.pdf"), "etag", 1)


def slot_of(
    worker: Worker, health: Hardware | None = None, config: RunConfig = CONFIG, pace: Pace | None = None
) -> Slot:
    limits = TimeLimits(config, pace or Pace("0", []))
    return Slot("0", {"0": cast("WorkerProcess", worker)}, config, limits, ExclusiveAccess(), health)


ATTEMPT = Attempt(Document("s3://b/a.pdf", 4, 1))


def test_a_document_that_is_alone_may_have_the_memory_of_all_slots() -> None:
    worker = Worker(RESULTS, RESULTS)
    slot = slot_of(worker, config=replace(CONFIG, slots=("0", "1", "2")))
    asyncio.run(slot.process(fetched_of(ATTEMPT)))
    share = worker.memory_bytes
    assert share > 0
    asyncio.run(slot.process(fetched_of(replace(ATTEMPT, alone=Alone.ON_MACHINE))))
    assert worker.memory_bytes // 3 == share


def test_a_document_has_its_time_and_its_pipelines_revision() -> None:
    worker = Worker(RESULTS)
    finished = asyncio.run(slot_of(worker).process(fetched_of(ATTEMPT)))
    assert (finished.outcome, finished.revision, finished.slot, finished.etag) == (RESULTS, "r1", "0", "etag")
    assert worker.history == ["process 5"]


def paced(seconds: float) -> Pace:
    """Return what was measured on 200 documents as long as the one of the tests."""
    pace = Pace("0", [])
    for _ in range(200):
        TimeLimits(ROOMY, pace).add(ATTEMPT, seconds)
    return pace


ROOMY = replace(CONFIG, timeout_base=10, timeout_per_page=1000)


def test_a_document_has_some_times_what_others_needed_and_is_cut_short_where_it_takes_longer(
    clock_of: ClockOf,
) -> None:
    late = DocumentFailure(FailureClass.TIMEOUT, "not finished")
    worker = LateWorker(clock_of(slot_module), late, late, DocumentFailure(FailureClass.CRASH, "gone"))
    slot = slot_of(worker, config=ROOMY, pace=paced(100))
    first, again, other = (replace(ATTEMPT), replace(ATTEMPT, whole_time=True), replace(ATTEMPT))
    for attempt in (first, again, other):
        asyncio.run(slot.process(fetched_of(attempt)))
    assert (first.cut_short, again.cut_short, other.cut_short) == (True, False, False)
    limits = [int(each.removeprefix("process ")) for each in worker.history if each != "kill"]
    assert 300 <= limits[0] < 400
    assert limits[1:] == [4010, limits[0]]


def test_a_pipeline_that_gives_up_by_a_limit_of_its_own_was_not_cut_short() -> None:
    pace = paced(100)
    attempt = replace(ATTEMPT)
    worker = Worker(DocumentFailure(FailureClass.TIMEOUT, "the pipeline's own limit"))
    asyncio.run(slot_of(worker, config=ROOMY, pace=pace).process(fetched_of(attempt)))
    assert (attempt.cut_short, sum(pace.timings.shares)) == (False, 200)


def test_a_slot_learns_from_what_was_processed_and_from_what_was_cut_short_alone(clock_of: ClockOf) -> None:
    pace = paced(100)
    clock = clock_of(slot_module)
    outcomes = (RESULTS, DocumentFailure(FailureClass.TIMEOUT, "late"), DocumentFailure(FailureClass.CRASH, "gone"))
    counts = []
    for outcome in outcomes:
        worker = LateWorker(clock, outcome)
        asyncio.run(slot_of(worker, config=ROOMY, pace=pace).process(fetched_of(replace(ATTEMPT))))
        counts.append(sum(pace.timings.shares))
    assert counts == [201, 202, 202]


NO_GPU_MEMORY = DocumentFailure(FailureClass.GPU_MEMORY, "CUDA out of memory")


def beside(worker: Worker, *names: str) -> tuple[Slot, dict[str, Worker]]:
    """Return slot 0:1 with this worker, and the workers of all slots."""
    workers = {"0:1": worker} | {name: Worker() for name in names}
    limits = TimeLimits(CONFIG, Pace(workers, []))
    return Slot("0:1", cast("dict[str, WorkerProcess]", workers), CONFIG, limits, ExclusiveAccess(), None), workers


def test_a_document_that_has_its_gpu_alone_has_the_memory_of_the_others_workers_there() -> None:
    for alone, gone in ((Alone.NO, set()), (Alone.ON_GPU, {"0:2", "0:3"}), (Alone.ON_MACHINE, {"0:2", "0:3"})):
        slot, workers = beside(Worker(RESULTS), "1:1", "0:2", "1:2", "0:3")
        asyncio.run(slot.process(fetched_of(replace(ATTEMPT, alone=alone))))
        assert {name for name, worker in workers.items() if worker.history == ["kill"]} == gone


@pytest.mark.parametrize(
    ("neighbour", "alone", "outcome", "crowded"),
    [
        ("0:2", Alone.NO, NO_GPU_MEMORY, True),
        ("1:1", Alone.NO, NO_GPU_MEMORY, False),
        ("0:2", Alone.ON_GPU, NO_GPU_MEMORY, False),
        ("0:2", Alone.NO, DocumentFailure(FailureClass.OUT_OF_MEMORY, "all of it"), False),
        ("0:2", Alone.NO, RESULTS, False),
    ],
)
def test_only_a_document_with_others_on_its_gpu_can_lack_memory_by_them(
    neighbour: str, alone: Alone, outcome: Outcome, *, crowded: bool
) -> None:
    slot, _workers = beside(Worker(outcome), neighbour)
    attempt = replace(ATTEMPT, alone=alone, crowded=True)
    asyncio.run(slot.process(fetched_of(attempt)))
    assert attempt.crowded is crowded


def test_a_failure_comes_with_what_the_worker_said() -> None:
    failure = DocumentFailure(FailureClass.PIPELINE, "no")
    finished = asyncio.run(slot_of(Worker(failure)).process(fetched_of(ATTEMPT)))
    assert (finished.outcome, finished.log) == (failure, b"what it said")


def test_a_suspect_shares_its_worker_with_no_other_document() -> None:
    worker = Worker(RESULTS, RESULTS)
    slot = slot_of(worker)

    async def work() -> None:
        await slot.process(fetched_of(ATTEMPT))
        await slot.process(fetched_of(Attempt(ATTEMPT.document, own_worker=True)))

    asyncio.run(work())
    assert worker.history == ["process 5", "kill", "process 5", "kill"]


def test_a_worn_worker_is_replaced_after_its_document() -> None:
    worker = Worker(RESULTS, worn=True)
    asyncio.run(slot_of(worker).process(fetched_of(ATTEMPT)))
    assert worker.history == ["process 5", "kill"]


def test_a_slot_whose_check_fails_processes_nothing() -> None:
    worker = Worker(RESULTS)
    with pytest.raises(SlotUnfit, match="Xid 79"):
        asyncio.run(slot_of(worker, Hardware("Xid 79")).process(fetched_of(ATTEMPT)))
    assert worker.history == []


@pytest.mark.parametrize(
    "failure_class", [FailureClass.GPU, FailureClass.CRASH, FailureClass.TIMEOUT, FailureClass.PIPELINE]
)
def test_a_failure_that_the_hardware_caused_is_the_slots_and_not_the_documents(failure_class: FailureClass) -> None:
    worker = Worker(DocumentFailure(failure_class, "gone"))
    with pytest.raises(SlotUnfit, match="Xid 79"):
        asyncio.run(slot_of(worker, Hardware(None, "Xid 79")).process(fetched_of(ATTEMPT)))


def test_a_gpu_that_needs_its_programs_anew_gets_another_worker() -> None:
    worker = Worker(RESULTS)
    asyncio.run(slot_of(worker, Hardware(restart="Xid 13")).process(fetched_of(ATTEMPT)))
    assert worker.history == ["kill", "process 5"]


async def process(slot: Slot, documents: int) -> None:
    for _number in range(documents):
        await slot.process(fetched_of(ATTEMPT))


def test_documents_that_go_well_do_not_have_the_slot_checked_each_time(clock_of: ClockOf) -> None:
    clock_of(slot_module)
    health = Hardware()
    asyncio.run(process(slot_of(Worker(*[RESULTS] * 5), health), 5))
    assert health.asked == 1


def test_a_slot_whose_documents_go_well_is_checked_again_after_ten_seconds(clock_of: ClockOf) -> None:
    health = Hardware()
    slot = slot_of(SlowWorker(clock_of(slot_module), *[RESULTS] * 5), health)
    asyncio.run(process(slot, 5))
    # After 0, 14 and 28 seconds.
    assert health.asked == 3


def test_a_documents_time_is_that_of_all_its_tries_whatever_the_time_of_day(
    monkeypatch: pytest.MonkeyPatch, clock_of: ClockOf
) -> None:
    monkeypatch.setattr(slot_module, "_UNFIT_PAUSE_SECONDS", 0)
    attempt = Attempt(ATTEMPT.document, seconds=100)
    worker = SlowWorker(clock_of(slot_module), WorkerUnfit("the disk is full"), RESULTS)
    asyncio.run(slot_of(worker, config=replace(CONFIG, outage_seconds=60)).process(fetched_of(attempt)))
    assert attempt.seconds == 114


def test_what_a_worker_says_does_not_count_is_not_the_documents_time(clock_of: ClockOf) -> None:
    pace = paced(100)
    attempt = replace(ATTEMPT, seconds=0)
    worker = SlowWorker(clock_of(slot_module), RESULTS)
    worker.uncounted = 5.0
    asyncio.run(slot_of(worker, config=ROOMY, pace=pace).process(fetched_of(attempt)))
    assert attempt.seconds == 2
    assert sum(pace.timings.shares) == 201


def test_a_worker_that_does_not_start_is_tried_again_and_then_the_slot_is_unfit() -> None:
    worker = Worker(FarmError("once"), RESULTS)
    asyncio.run(slot_of(worker).process(fetched_of(ATTEMPT)))
    assert worker.history == ["no start", "process 5"]
    broken = Worker(FarmError("first"), FarmError("second"), FarmError("third"))
    with pytest.raises(SlotUnfit, match="third") as unfit:
        asyncio.run(slot_of(broken).process(fetched_of(ATTEMPT)))
    # The others on its GPU may have started, as where its memory does not do for one more.
    assert not unfit.value.takes_gpu


def test_a_gpu_that_cannot_be_used_makes_the_slot_unfit_at_once() -> None:
    with pytest.raises(SlotUnfit, match="no device") as unfit:
        asyncio.run(slot_of(Worker(GpuFault("no device"))).process(fetched_of(ATTEMPT)))
    assert unfit.value.takes_gpu


@pytest.mark.parametrize("part", [(), (3, 4)])
def test_what_was_written_before_the_disk_was_full_is_gone_when_the_document_is_tried_again(
    part: tuple[int, ...],
) -> None:
    ranges = Ranges(1, number=1, last=1, tried=False, seconds=0.0) if part else None
    worker = FullDisk(WorkerUnfit("the disk is full"), RESULTS)
    finished = asyncio.run(slot_of(worker).process(fetched_of(replace(ATTEMPT, ranges=ranges, part=part))))
    assert finished.outcome is RESULTS
    assert "pages" not in worker.history


@pytest.mark.parametrize("unfit", [WorkerUnfit("the disk is full"), OSError(28, "the disk is full")])
def test_a_full_disk_is_waited_out_and_is_no_documents_failure(unfit: WorkerUnfit | OSError) -> None:
    config = replace(CONFIG, outage_seconds=0.2)
    finished = asyncio.run(slot_of(Worker(unfit, RESULTS), config=config).process(fetched_of(ATTEMPT)))
    assert finished.outcome == RESULTS


def test_a_disk_that_stays_full_is_an_outage() -> None:
    config = replace(CONFIG, outage_seconds=0)
    with pytest.raises(Outage, match=r"the disk is full.*free some space"):
        asyncio.run(slot_of(Worker(WorkerUnfit("the disk is full")), config=config).process(fetched_of(ATTEMPT)))
