# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.outlook import Outlook
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from tests.support.progress import make_progress


def test_a_supervisor_of_an_earlier_version_has_none_and_one_that_has_just_begun_knows_no_time() -> None:
    assert Progress.from_json(b"{}", "there").outlook is None
    said = make_progress(outlook=Outlook(1.5))
    assert Progress.from_json(said.to_json(), "there").outlook == Outlook(1.5, None, None, None)
