# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.markers import Marker
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage


def test_stages_come_in_their_order_and_markers_of_before_there_were_any_are_of_the_first() -> None:
    assert list(Stage) == ["text", "ocr", "math"]
    assert Marker().stage == Stage.TEXT
