# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents as stage ``ocr`` has them where stage ``text`` found nothing at all."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage


def without_layer(task: Task) -> Task:
    """Return the task of recognising every page of a document."""
    numbers = tuple(range(1, task.pages + 1))
    layer = task.folder.with_suffix(".layer.json")
    layer.write_bytes(Layer(task.uri, tuple(map(LayerPage, numbers))).to_json())
    return replace(task, layer=layer, open_pages=numbers)
