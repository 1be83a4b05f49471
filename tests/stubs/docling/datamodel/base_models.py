# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the adapter names of it."""

from __future__ import annotations

from types import SimpleNamespace


class InputFormat:
    """A format by its name."""

    PDF = "pdf"


class ItemAndImageEnrichmentElement(SimpleNamespace):
    """An item, and its picture."""
