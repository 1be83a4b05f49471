# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time that a document is given, and what is not counted against it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext


class DocumentClock:
    """What a pipeline may say of the time of the document in work; here, that nobody counts it."""

    def paused(self) -> AbstractContextManager[None]:
        """Stop the clock for a context, in which the pipeline waits for what is no document's doing."""
        return nullcontext()

    def give_back(self, seconds: float) -> None:
        """Do not count the last ``seconds``: they were lost by no document's doing."""
