# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Markdown of single pages, from docling's document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def page_markdown(document: dict[str, Any], pages: Iterable[int]) -> dict[int, str]:
    """Return the Markdown of each of the pages, numbered from 1, as docling writes it.

    Args:
        document: as docling exports it.
        pages: their numbers.
    """
    # Part of docling: it is there where the document comes from.
    from docling_core.types.doc import DoclingDocument

    whole = DoclingDocument.model_validate(document)
    return {number: whole.export_to_markdown(page_no=number) for number in pages}
