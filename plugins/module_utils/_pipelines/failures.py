# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a document failed, in one word for the report and one sentence for people."""

from __future__ import annotations

from enum import Enum

from .._errors import FarmError

_MESSAGE_CHARACTERS = 2000


class FailureClass(Enum):
    """The classes a marker of a failed document may have."""

    DOWNLOAD = "download"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    NEEDS_OCR = "needs_ocr"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    GPU = "gpu"
    CRASH = "crash"
    EMPTY_OUTPUT = "empty_output"
    PIPELINE = "pipeline"
    UPLOAD = "upload"


# The others follow from the document itself: another attempt would end the same way.
_WORTH_ANOTHER_ATTEMPT = frozenset(
    {
        FailureClass.TIMEOUT,
        FailureClass.OUT_OF_MEMORY,
        FailureClass.GPU,
        FailureClass.CRASH,
        FailureClass.PIPELINE,
    }
)


class DocumentFailure(Exception):  # noqa: N818 - it is the outcome of a document, not an error of the program
    """One document cannot be processed; the others can.

    Attributes:
        failure_class: what kind of failure it is.
        message: what happened, shortened to what a marker should carry.
    """

    def __init__(self, failure_class: FailureClass, message: str) -> None:
        super().__init__(failure_class, message)
        self.failure_class = failure_class
        self.message = message if len(message) <= _MESSAGE_CHARACTERS else f"...{message[-_MESSAGE_CHARACTERS:]}"

    @property
    def is_final(self) -> bool:
        """Whether another attempt could not end differently."""
        return self.failure_class not in _WORTH_ANOTHER_ATTEMPT

    def __str__(self) -> str:
        return f"{self.failure_class.value}: {self.message}"


class GpuFault(FarmError):  # noqa: N818 - the usual word for it
    """A slot's GPU cannot be used; the message says why. It is no document's fault."""
