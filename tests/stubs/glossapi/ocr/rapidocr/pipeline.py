# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The maker of the layout models, whose errors the extractor hides."""

from __future__ import annotations

from glossapi.traps import has


def build_layout_pipeline(*, device: str, formula_enrichment: bool = False) -> None:
    """Load them."""
    assert device
    assert formula_enrichment in (True, False)
    if has("no_layout_model"):
        raise OSError("the layout model is not in the cache")
