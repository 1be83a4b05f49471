# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which document comes next, and whether a failed one is tried again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from ansible_collections.glossapi.farm.plugins.module_utils._runner.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._shards.document import Document


@dataclass
class Attempt:
    """A document that somebody works on.

    Attributes:
        number: 1 for the first attempt.
        seconds: time in workers so far, all attempts together.
    """

    document: Document
    number: int = 1
    seconds: float = 0.0


class AttemptQueue:
    """The documents that are neither done nor failed, in the order to work on them.

    A document that failed goes behind all others: one that kills its worker is likely to do so again,
    and must not hold up the rest.
    """

    def __init__(self, documents: Iterable[Document], max_attempts: int) -> None:
        self._waiting = deque(Attempt(document) for document in documents)
        self._max_attempts = max_attempts
        self._claimed = 0

    @property
    def waiting(self) -> int:
        """Documents nobody works on."""
        return len(self._waiting)

    @property
    def open(self) -> int:
        """Documents without an outcome, those in work included."""
        return len(self._waiting) + self._claimed

    def claim(self) -> Attempt:
        """Take the next document.

        Raises:
            IndexError: nothing is waiting.
        """
        attempt = self._waiting.popleft()
        self._claimed += 1
        return attempt

    def settle(self) -> None:
        """Note that a claimed document has its outcome."""
        self._claimed -= 1

    def retry(self, attempt: Attempt, failure: DocumentFailure) -> bool:
        """Put a failed document back, unless the failure is final or it was the last attempt."""
        if failure.is_final or attempt.number >= self._max_attempts:
            return False
        self._claimed -= 1
        self._waiting.append(Attempt(attempt.document, attempt.number + 1, attempt.seconds))
        return True
