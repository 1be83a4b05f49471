# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for docling-core's document."""

from __future__ import annotations

from typing import Any


class DoclingDocument:
    """Knows the Markdown of its pages."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._texts = [item for item in document["texts"] if item.get("label") != "formula"]

    @classmethod
    def model_validate(cls, document: dict[str, Any]) -> DoclingDocument:
        """Return the document."""
        return cls(document)

    def export_to_markdown(self, *, page_no: int) -> str:
        """Return one page's Markdown: a list of its texts, to be told from the texts themselves."""
        return "\n\n".join(f"- {item['text']}" for item in self._texts if item["prov"][0]["page_no"] == page_no)
