# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.effort import Effort


def test_efforts_add_up() -> None:
    assert Effort(1.5, 3) + Effort(2.0, 4) == Effort(3.5, 7)
    assert Effort() + Effort(2.0, 4) == Effort(2.0, 4)
