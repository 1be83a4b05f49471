# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text layer of a document that stage ``ocr`` goes on with, page by page, as stage ``text`` read it."""

from __future__ import annotations

from dataclasses import dataclass

from .codec import decode, encode


@dataclass(frozen=True)
class LayerPage:
    """One page.

    Attributes:
        page: its number, from 1.
        text: by which it is judged; empty where it has none.
        has_ink: whether the page shows something that may be text.
        markdown: what goes into the document's Markdown, where that is other than the text.
        is_drawn: whether its text is known to stand on a page without pictures.
    """

    page: int
    text: str = ""
    has_ink: bool = True
    markdown: str = ""
    is_drawn: bool = False


@dataclass(frozen=True)
class Layer:
    """All pages of the document ``uri``, in their order."""

    uri: str = ""
    pages: tuple[LayerPage, ...] = ()

    def to_json(self) -> bytes:
        """Return the body of its object."""
        return encode(vars(self) | {"pages": [vars(page) for page in self.pages]})

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Layer:
        """Return the text layer in an object or file found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "the text layer of a document", where)
