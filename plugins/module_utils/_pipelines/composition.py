# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document's Markdown and JSON, composed of its pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .page_text import PageText, TextSource
from .task import Product, Task


def compose(task: Task, pipeline: str, pages: Sequence[PageText]) -> Product:
    """Write ``document.md`` and ``document.json`` into the task's folder.

    Args:
        task: the document.
        pipeline: what read it, for people.
        pages: its text.
    """
    markdown, sidecar = task.folder / "document.md", task.folder / "document.json"
    markdown.write_text(to_markdown(pages), encoding="utf-8")
    content = json.dumps(to_json(task.uri, pipeline, pages), ensure_ascii=False, indent=1)
    sidecar.write_text(f"{content}\n", encoding="utf-8")
    return Product(pages=tuple(pages), markdown=markdown, json=sidecar)


def to_markdown(pages: Sequence[PageText]) -> str:
    """Return the pages one after the other, each under a comment with its number."""
    return "\n".join(_page_markdown(number, page) for number, page in enumerate(pages, start=1))


def to_json(uri: str, pipeline: str, pages: Sequence[PageText]) -> dict[str, Any]:
    """Return what is known of the text: where it comes from, and how each page was read.

    Args:
        uri: of the document.
        pipeline: what read it, for people.
        pages: its text.
    """
    return {
        "uri": uri,
        "pipeline": pipeline,
        "pages": len(pages),
        "characters": sum(len(page.text) for page in pages),
        "characters_per_page": [len(page.text) for page in pages],
        "method_per_page": list(map(_method, pages)),
    }


def _page_markdown(number: int, page: PageText) -> str:
    remark = ": no text layer" if _method(page) == "unread" else ""
    text = page.markdown or page.text
    body = f"\n{text}\n" if text else ""
    return f"<!-- page {number}{remark} -->\n{body}"


def _method(page: PageText) -> str:
    """Return how the text was had: ``text_layer``, ``ocr``, ``blank`` or ``unread``."""
    if page.source is TextSource.OCR:
        return "ocr"
    if page.text:
        return "text_layer"
    return "unread" if page.has_ink else "blank"
