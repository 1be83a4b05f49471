# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError


def test_what_an_earlier_step_has_not_written_is_also_a_failure_an_operator_can_act_on() -> None:
    with pytest.raises(FarmError, match="count first"):
        raise NotYetError("There is no table: count first.")
