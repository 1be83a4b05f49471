# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import DocumentState
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._records.waiting import waits


@pytest.mark.parametrize(
    ("state", "has_open_formulas", "expected"),
    [
        (None, False, [Stage.TEXT]),
        # Its marker is about to be written, or its supervisor has died.
        (None, True, [Stage.TEXT]),
        (DocumentState.FORWARDED, False, [Stage.OCR]),
        (DocumentState.FORWARDED, True, [Stage.OCR]),
        (DocumentState.FAILED, True, []),
        (DocumentState.DONE, False, []),
        (DocumentState.DONE, True, [Stage.MATH]),
    ],
)
def test_a_document_waits_for_one_stage_at_most(
    state: DocumentState | None, has_open_formulas: bool, expected: list[Stage]
) -> None:
    assert [stage for stage in Stage if waits(stage, state, has_open_formulas=has_open_formulas)] == expected
