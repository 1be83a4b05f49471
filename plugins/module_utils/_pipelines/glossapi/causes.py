# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why glossAPI failed, from what it logged: it swallows the errors themselves."""

from __future__ import annotations

import errno
import logging
import re
from collections import deque

from ..._records.failure_classes import FailureClass
from ..failures import DocumentFailure

_MESSAGES = 50
_MESSAGE_CHARACTERS = 500
_GPU_MEMORY = re.compile(
    r"CUDA.*out of memory|CUBLAS_STATUS_ALLOC_FAILED|Failed to allocate memory for requested buffer", re.IGNORECASE
)
# In this order: running out of a GPU's memory is an error of CUDA too. The last of these is onnxruntime's.
_CAUSES = (
    (FailureClass.GPU_MEMORY, _GPU_MEMORY),
    (FailureClass.OUT_OF_MEMORY, re.compile(r"out of memory|MemoryError", re.IGNORECASE)),
    (
        FailureClass.GPU,
        re.compile(r"CUDA error|CUDA failure|CUDNN_STATUS|CUBLAS_STATUS|cuDNN error|device-side assert|GPU is lost"),
    ),
    (FailureClass.CORRUPT, re.compile(r"failed on page \d+")),
)
_DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded")


class Messages(logging.Handler):
    """Keeps the last warnings and errors of the loggers it is added to."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._messages: deque[str] = deque(maxlen=_MESSAGES)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's message, and its exception's."""
        error = record.exc_info[1] if record.exc_info else None
        text = record.getMessage() + (f" ({type(error).__name__}: {error})" if error else "")
        self._messages.append(text[:_MESSAGE_CHARACTERS])

    def clear(self) -> None:
        """Forget them, before the next document."""
        self._messages.clear()

    @property
    def texts(self) -> list[str]:
        """The messages, the oldest first."""
        return list(self._messages)


def is_gpu_memory(text: str) -> bool:
    """Whether the text tells that a GPU's memory ran out."""
    return bool(_GPU_MEMORY.search(text))


def cause_of(texts: list[str]) -> FailureClass | None:
    """Return the class that the messages tell of, ``None`` where they do not.

    Raises:
        OSError: the disk is full, which is no document's fault.
    """
    if any(_DISK_FULL.search(text) for text in texts):
        raise OSError(errno.ENOSPC, "no space left for glossAPI's files")
    return next((cause for cause, pattern in _CAUSES if any(pattern.search(text) for text in texts)), None)


def failure_from(texts: list[str], message: str) -> DocumentFailure:
    """Return the failure of a document, of the class the messages tell of.

    Raises:
        OSError: see :func:`cause_of`.
    """
    return DocumentFailure(cause_of(texts) or FailureClass.PIPELINE, "; ".join([message, *texts[-3:]]))
