# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pipeline raises: a document that failed, a GPU that cannot be used."""

from __future__ import annotations

from .._errors import FarmError
from .._records.failure_classes import FailureClass

_MESSAGE_CHARACTERS = 2000


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

    def __str__(self) -> str:
        return f"{self.failure_class.value}: {self.message}"


class GpuFault(FarmError):  # noqa: N818 - the usual word for it
    """A slot's GPU cannot be used; the message says why. It is no document's fault."""
