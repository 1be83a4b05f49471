# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.action.dataset_upload import ActionModule
from ansible_collections.glossapi.farm.plugins.plugin_utils.log_tail import LogTailAction


def test_the_task_shows_its_modules_log_while_it_runs() -> None:
    assert issubclass(ActionModule, LogTailAction)
