# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats that the adapter names."""

from __future__ import annotations


class InputFormat:
    """A format by its name."""

    PDF = "pdf"
