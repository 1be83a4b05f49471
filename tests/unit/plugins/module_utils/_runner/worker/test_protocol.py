# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import encode
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import (
    Recognised,
    Results,
    Task,
    WorkerUnfit,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Formulas, Output
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.protocol import (
    gpu_fault_from_message,
    gpu_fault_to_message,
    outcome_from_message,
    outcome_to_message,
    task_from_message,
    task_to_message,
)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"layer": Path("/w/layer"), "open_pages": (1, 3)},
        {"document": Path("/w/document")},
        {"open_pages": (1, 3), "part": (3,)},
        {"open_pages": (1, 3), "ranges": Path("/w")},
    ],
)
def test_a_task_arrives_as_it_was_sent(more: dict[str, Any]) -> None:
    task = Task("s3://b/a\nü.pdf", "a\nü.pdf", 3, Path("/w/in.pdf"), Path("/w"), **more)
    line = encode(task_to_message(task))
    assert line.count(b"\n") == 1
    assert task_from_message(json.loads(line)) == task


@pytest.mark.parametrize(
    "results",
    [
        Results(Path("/w/a.md"), Path("/w/a.json"), Path("/w/q.json")),
        Results(uploaded=(Output("s3://r/a.md", "e", 4),)),
        Results(Path("/w/a.md"), open_formulas=3),
        Results(Path("/w/a.md"), formulas=Formulas(3, 2)),
    ],
)
def test_what_is_kept_arrives_as_it_was_sent(results: Results) -> None:
    assert outcome_from_message(json.loads(encode(outcome_to_message(results)))) == results


def test_a_failure_arrives_with_its_class_and_message() -> None:
    sent = DocumentFailure(FailureClass.NEEDS_OCR, "no text")
    received = outcome_from_message(json.loads(encode(outcome_to_message(sent))))
    assert isinstance(received, DocumentFailure)
    assert (received.failure_class, received.message) == (sent.failure_class, sent.message)


def test_what_was_recognised_of_a_document_is_neither_kept_nor_handed_on() -> None:
    assert outcome_from_message(json.loads(encode(outcome_to_message(Recognised(0))))) == Recognised(0)


def test_an_unfit_worker_is_no_failure_of_the_document() -> None:
    received = outcome_from_message(json.loads(encode(outcome_to_message(WorkerUnfit("the disk is full")))))
    assert isinstance(received, WorkerUnfit)
    assert str(received) == "the disk is full"


def test_a_gpu_fault_arrives_in_place_of_ready() -> None:
    received = gpu_fault_from_message(json.loads(encode(gpu_fault_to_message(GpuFault("torch sees no device")))))
    assert isinstance(received, GpuFault)
    assert str(received) == "torch sees no device"
    assert gpu_fault_from_message({"ready": "1a2b"}) is None
    assert gpu_fault_from_message(None) is None
