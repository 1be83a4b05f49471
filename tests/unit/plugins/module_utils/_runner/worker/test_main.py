# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Product, Task, WorkerUnfit
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
    outcome = process(Raising(error), TASK)
    assert isinstance(outcome, DocumentFailure)
    assert outcome.failure_class is failure_class


def test_a_full_disk_is_not_the_documents_failure() -> None:
    assert isinstance(process(Raising(OSError(errno.ENOSPC, "full")), TASK), WorkerUnfit)
