# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model is to run on."""

from __future__ import annotations

from types import SimpleNamespace


class AcceleratorOptions(SimpleNamespace):
    """A device and its threads."""
