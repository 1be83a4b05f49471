# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for docling's formula model, with the traps of ``glossapi``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from glossapi.traps import has


class CodeFormulaModelOptions(SimpleNamespace):
    """What it is to read."""


class CodeFormulaModel:
    """Reads the size of each picture, or the formula of the canary."""

    elements_batch_size = 2
    images_scale = 1.0
    expansion_factor = 0.5

    def __init__(self, *, enabled: bool, artifacts_path: None, options: Any, accelerator_options: Any) -> None:
        assert enabled
        assert artifacts_path is None
        assert not options.do_code_enrichment
        assert accelerator_options.device == "cuda:0"
        if has("no_models"):
            raise OSError("couldn't connect to the hub to load this file")

    def __call__(self, _document: Any, elements: Iterable[Any]) -> Iterator[Any]:
        """Give each formula its text."""
        batch = list(elements)
        assert len(batch) <= self.elements_batch_size
        if has("cuda_memory"):
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")
        for element in batch:
            width, height = element.image.size
            element.item.text = "" if has("formulas_lost") else f"{width} \\times {height} "
            if has("formula_known"):
                element.item.text = "a^{2} + 7 b = c^{3} - 15"
            if has("formula_open"):
                element.item.text += "{"
            yield element.item
