# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import (
    Forwarded,
    Product,
    Recognised,
    Task,
    WorkerUnfit,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.main import process

TASK = Task("s3://b/a.pdf", "a.pdf", 1, Path("/i"), Path("/w"))


class Raising:
    def __init__(self, error: Exception) -> None:
        self._error = error

    def process(self, task: Task) -> Product:
        assert task is TASK
        raise self._error


@pytest.mark.parametrize(
    ("error", "failure_class"),
    [
        (DocumentFailure(FailureClass.ENCRYPTED, "locked"), FailureClass.ENCRYPTED),
        (MemoryError(), FailureClass.OUT_OF_MEMORY),
        (ValueError("odd"), FailureClass.PIPELINE),
        (OSError(errno.EACCES, "denied"), FailureClass.PIPELINE),
    ],
)
def test_whatever_a_pipeline_raises_becomes_the_documents_failure(
    error: Exception, failure_class: FailureClass
) -> None:
    outcome = process(Raising(error), TASK, forwards=False)
    assert isinstance(outcome, DocumentFailure)
    assert outcome.failure_class is failure_class


class ReadingScans:
    def process(self, _task: Task) -> Product:
        raise DocumentFailure(FailureClass.NEEDS_OCR, "no text layer")


def test_what_needs_ocr_is_handed_on_where_a_stage_for_it_follows_and_fails_where_none_does(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(SCAN)
    task = Task("s3://b/a.pdf", "a.pdf", 1, tmp_path / "a.pdf", tmp_path)
    outcome = process(ReadingScans(), task, forwards=True)
    assert isinstance(outcome, Forwarded)
    assert (outcome.open_pages, outcome.message) == ((1,), "no text layer")
    failure = process(ReadingScans(), task, forwards=False)
    assert isinstance(failure, DocumentFailure)
    assert failure.failure_class is FailureClass.NEEDS_OCR


class Dividing(Raising):
    def recognise(self, task: Task) -> Recognised:
        return Recognised(len(task.part))


def test_a_part_of_a_document_is_recognised_and_not_judged() -> None:
    part = replace(TASK, part=(1, 5))
    assert process(Dividing(ValueError("not to be called")), part, forwards=False) == Recognised(2)
    # A supervisor gives a part to no other pipeline.
    outcome = process(ReadingScans(), part, forwards=True)
    assert isinstance(outcome, DocumentFailure)
    assert "a part of a document for a pipeline that takes whole ones" in outcome.message


def test_a_full_disk_is_not_the_documents_failure() -> None:
    assert isinstance(process(Raising(OSError(errno.ENOSPC, "full")), TASK, forwards=False), WorkerUnfit)
