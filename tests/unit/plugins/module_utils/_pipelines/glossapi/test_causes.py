# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import logging

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi.causes import (
    Messages,
    cause_of,
    failure_from,
    is_gpu_memory,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB", FailureClass.GPU_MEMORY),
        ("CUDA error: out of memory", FailureClass.GPU_MEMORY),
        ("CUDA failure 2: out of memory ; GPU=0", FailureClass.GPU_MEMORY),
        (
            "BFCArena: Failed to allocate memory for requested buffer of size 9",
            FailureClass.GPU_MEMORY,
        ),
        ("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate", FailureClass.GPU_MEMORY),
        ("[enforce fail at alloc_cpu.cpp] out of memory", FailureClass.OUT_OF_MEMORY),
        ("cannot convert (MemoryError: )", FailureClass.OUT_OF_MEMORY),
        ("RuntimeError: CUDA error: an illegal memory access was encountered", FailureClass.GPU),
        ("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", FailureClass.GPU),
        ("PyPDFium failed on page 3 of doc.pdf: data format error", FailureClass.CORRUPT),
        ("Stage layout failed for run 1", None),
        ("The GPU is fine", None),
    ],
)
def test_a_message_tells_what_kind_of_failure_it_was(text: str, cause: FailureClass | None) -> None:
    assert cause_of(["nothing of interest", text]) is cause
    assert is_gpu_memory(text) == (cause is FailureClass.GPU_MEMORY)
    assert failure_from([text], "it failed").failure_class is (cause or FailureClass.PIPELINE)


def test_a_full_disk_is_raised_as_one() -> None:
    with pytest.raises(OSError, match="no space") as raised:
        cause_of(["Failed to write: [Errno 28] No space left on device: '/x/doc.md'"])
    assert raised.value.errno == errno.ENOSPC


def test_the_last_warnings_are_kept_with_their_exceptions() -> None:
    logger = logging.Logger("of this test")
    messages = Messages()
    logger.addHandler(messages)
    logger.info("no warning")
    for number in range(60):
        logger.warning("number %d", number)
    try:
        raise ValueError("odd")
    except ValueError:
        logger.exception("failed")
    assert len(messages.texts) == 50
    assert messages.texts[-2:] == ["number 59", "failed (ValueError: odd)"]
    messages.clear()
    assert messages.texts == []
