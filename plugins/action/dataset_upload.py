# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show the progress of ``dataset_upload`` while it runs."""

from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.plugin_utils.log_tail import LogTailAction


class ActionModule(LogTailAction):
    """See :class:`LogTailAction`."""
