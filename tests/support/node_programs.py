# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of a node, as shell scripts."""

from __future__ import annotations

from collections.abc import Callable

# Writes one, by its name and script.
Stub = Callable[[str, str], None]
