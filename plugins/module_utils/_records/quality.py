# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was found out about a document's text, page by page: ``quality.json`` beside its Markdown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .codec import decode, encode


@dataclass(frozen=True)
class PageQuality:
    """One page of a document, or about 2,000 characters of one whose pages nobody told.

    Attributes:
        page: its number, from 1; ``None`` where it is no page.
        source: ``layer`` for the document's own text, ``ocr`` for recognised text, ``program`` for that of a command.
        verdict: ``good``, ``poor``, ``empty`` or ``blank``.
        score: 0 to 1, below 0.5 for poor text.
        characters: without white space.
        measure: which of the measures speaks most against it, and ``value`` what that is; empty and 0 for none.
        backend: what recognised it, and its revision; empty where nothing did.
    """

    page: int | None = None
    source: str = ""
    verdict: str = ""
    score: float = 0.0
    characters: int = 0
    measure: str = ""
    value: float = 0.0
    backend: str = ""


@dataclass(frozen=True)
class QualitySummary:
    """What a marker says of its document's text.

    Attributes:
        verdict: of the document.
        score: 0 to 1, the mean over its pages without the blank ones.
        pages: how many pages come from each source.
        verdicts: how many pages have each verdict.
    """

    verdict: str = ""
    score: float = 0.0
    pages: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Quality:
    """What is recorded of a document.

    Attributes:
        uri: of the document.
        verdict: of the document.
        score: see :class:`QualitySummary`.
        pages: in their order.
        normalised: how many places each rule changed in the Markdown.
    """

    uri: str = ""
    verdict: str = ""
    score: float = 0.0
    pages: tuple[PageQuality, ...] = ()
    normalised: dict[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> QualitySummary:
        """What the document's marker says of it."""
        sources, verdicts = Counter[str](), Counter[str]()
        for page in self.pages:
            sources[page.source] += 1
            verdicts[page.verdict] += 1
        return QualitySummary(self.verdict, self.score, dict(sources), dict(verdicts))

    def to_json(self) -> bytes:
        """Return the body of its object."""
        return encode(vars(self) | {"pages": [vars(page) for page in self.pages]})

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Quality:
        """Return what is recorded in an object found at ``where``.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "the quality of a document", where)
