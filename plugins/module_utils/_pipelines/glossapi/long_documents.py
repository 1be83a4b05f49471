# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docling's document of a PDF of more than 600 pages.

glossAPI has these converted in parts of 200 pages and writes the Markdown of each, and no document of docling: nobody
would know what stands on which page, and stage ``math`` no formula.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LOG = logging.getLogger(__name__)
# In points, as glossAPI writes short documents.
_DECIMALS = 3


@contextmanager
def kept_parts(extractor: Any) -> Iterator[list[Any]]:
    """Have docling's document of each part kept that glossAPI has converted meanwhile, in the list that is yielded."""
    parts: list[Any] = []
    convert = extractor._convert_with_timeout

    def convert_and_keep(*arguments: Any, **options: Any) -> Any:
        result = convert(*arguments, **options)
        if "page_range" in options:
            parts.append(result.document)
        return result

    extractor._convert_with_timeout = convert_and_keep
    try:
        yield parts
    finally:
        # The method of its class is there again.
        del extractor._convert_with_timeout


def joined(parts: list[Any]) -> dict[str, Any] | None:
    """Return one document of docling with all pages of the parts, by their numbers in the PDF.

    ``None`` where there is no part, or where docling does not put them together so: the document's Markdown is whole
    all the same.
    """
    if not parts:
        return None
    from docling_core.types.doc import DoclingDocument

    numbers = sorted(number for part in parts for number in part.pages)
    try:
        whole = DoclingDocument.concatenate(parts)
    except Exception as error:
        _LOG.warning("docling cannot put %d parts together: %s: %s", len(parts), type(error).__name__, error)
        return None
    if sorted(whole.pages) != numbers:
        _LOG.warning("docling has given other numbers to the pages of %d parts", len(parts))
        return None
    return dict(whole.export_to_dict(coord_precision=_DECIMALS, confid_precision=_DECIMALS))
