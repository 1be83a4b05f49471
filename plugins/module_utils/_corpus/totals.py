# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dataset comes to, added up row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .._records.dataset import DatasetRow


@dataclass
class DatasetTotals:
    """Of all documents of a dataset.

    Attributes:
        documents: how many.
        duplicates: of these, those whose text an earlier one has, too.
        pages: of the documents.
        characters: of their texts.
        sources: pages by where their text comes from.
        verdicts: pages by verdict.
        made_by: documents by stage, pipeline, its revision, and the digest of its weights.
    """

    documents: int = 0
    duplicates: int = 0
    pages: int = 0
    characters: int = 0
    sources: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    made_by: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    def add(self, rows: Iterable[DatasetRow]) -> None:
        """Take some documents."""
        for row in rows:
            self.documents += 1
            self.duplicates += bool(row.duplicate_of)
            self.pages += row.pages
            self.characters += row.characters
            self.sources.update(layer=row.pages_layer, ocr=row.pages_ocr, program=row.pages_program)
            self.verdicts.update(good=row.pages_good, poor=row.pages_poor, empty=row.pages_empty, blank=row.pages_blank)
            self.made_by[row.stage, row.pipeline, row.revision, row.weights] += 1
