# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which documents wait for a stage: the one place that says so, for cuts, supervisors, the account and the plan."""

from __future__ import annotations

from collections.abc import Mapping

from .document import DocumentState
from .stage import Stage

# The state, ``None`` without a marker, of documents that a stage has to do with next.
STATE_BEFORE: Mapping[Stage, DocumentState | None] = {
    Stage.TEXT: None,
    Stage.OCR: DocumentState.FORWARDED,
    Stage.MATH: DocumentState.DONE,
}


def waits(stage: Stage, state: DocumentState | None, *, has_open_formulas: bool = False) -> bool:
    """Whether a document waits for the stage.

    Args:
        stage: which.
        state: of the marker that counts; ``None`` where the document has none.
        has_open_formulas: whether stage ``text`` has found formulas in it that stage ``math`` has not ended.
    """
    return state is STATE_BEFORE[stage] and (has_open_formulas or stage is not Stage.MATH)
