# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What glossAPI left of one document, and whether it is the document.

glossAPI calls documents successful whose Markdown it suppressed, of which a part failed, or that have no
text. It tells the truth in files beside: ``sidecars/extract/doc.json``, ``markdown/doc.chunks.json`` for
more than 600 pages, ``json/metrics/doc.metrics.json`` and docling's ``json/doc.docling.json``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..._records.failure_classes import FailureClass
from ..failures import DocumentFailure
from ..output_checks import (
    Start,
    check_page_count,
    count_characters,
    missing_text,
    parse_json,
    read_json,
    read_markdown,
)
from ..page_text import TextSource, sections_of
from ..task import Product
from ..text_length import check_text_length
from .options import GlossApiOptions
from .page_markdown import page_markdown
from .page_texts import page_texts, read_pages

# One name for every document: glossAPI takes what is before the first known suffix for its identity.
STEM = "doc"
# One formula may be beyond the model; so many are not.
_FORMULAS_TO_JUDGE_BY = 5
_FAILURE_MODES = {"timeout": FailureClass.TIMEOUT}


@dataclass(frozen=True)
class GlossApiOutput:
    """The files of one document below a folder of its own.

    Attributes:
        start: of the attempt.
        options: what was asked for.
    """

    folder: Path
    start: Start
    options: GlossApiOptions

    @property
    def markdown_folder(self) -> Path:
        """What glossAPI is told to write to."""
        return self.folder / "markdown"

    @property
    def _markdown(self) -> Path:
        return self.markdown_folder / f"{STEM}.md"

    @property
    def _chunks(self) -> Path:
        return self.markdown_folder / f"{STEM}.chunks.json"

    def check(self, pages: tuple[int, ...], source: Path, long_document: dict[str, Any] | None = None) -> Product:
        """Return the document's files, all checks passed.

        Args:
            pages: how many the document has by those who counted; 0 where one does not know.
            source: the document.
            long_document: docling's document of a long one, of which glossAPI leaves none.

        Raises:
            DocumentFailure: they are not what was asked for.
        """
        sidecar = read_json(self.folder / "sidecars" / "extract" / f"{STEM}.json", self.start)
        self._check_sidecar(sidecar)
        text = self._read_markdown()
        document = self._read_document() or long_document
        found = self._count_pages(sidecar, document)
        if found:
            check_page_count(found, pages)
        measured = found or max(pages, default=0)
        if document is None:
            check_text_length(count_characters(text), measured, source, has_ocr=self.options.ocr)
            return Product(pages=sections_of(text, self._source), markdown=self._markdown)
        if not self.options.ocr:
            # Of recognised pages, what has no text is a picture. A layer of page numbers alone was not the text.
            check_text_length(count_characters(text), measured, source, has_ocr=False)
        self._check_ocr_ran()
        if self.options.math:
            check_formulas(document)
        path = self.folder / f"{STEM}.json"
        path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        # Where it does not say what stands on which page, the Markdown does for all.
        texts = page_texts(read_pages(document), source, has_ocr=self.options.ocr) or sections_of(text, self._source)
        return Product(
            pages=texts,
            markdown=self._markdown,
            json=path,
            page_markdown=partial(page_markdown, document),
            open_formulas=0 if self.options.math else len(formulas_of(document)),
        )

    @property
    def _source(self) -> TextSource:
        return TextSource.OCR if self.options.ocr else TextSource.LAYER

    def _check_sidecar(self, sidecar: dict[str, Any]) -> None:
        mode = sidecar.get("failure_mode")
        if mode:
            raise DocumentFailure(
                _FAILURE_MODES.get(str(mode), FailureClass.PIPELINE),
                f"glossAPI calls it a success and notes a {mode} beside",
            )
        if sidecar.get("no_partial_output"):
            raise DocumentFailure(FailureClass.PIPELINE, "only a part was converted, and glossAPI suppressed that")
        if self.options.uses_gpu and sidecar.get("extraction_mode") == "pypdfium":
            raise DocumentFailure(
                FailureClass.PIPELINE, "the text layer was read on the CPU, though docling was asked for"
            )

    def _read_markdown(self) -> str:
        try:
            return read_markdown(self._markdown, self.start)
        except DocumentFailure as failure:
            if failure.failure_class is FailureClass.EMPTY_OUTPUT:
                if self.options.ocr and self._markdown.exists():
                    # Pictures, which only those who know the other pages can judge.
                    return ""
                raise DocumentFailure(missing_text(has_ocr=self.options.ocr), failure.message) from failure
            raise

    def _count_pages(self, sidecar: dict[str, Any], document: dict[str, Any] | None) -> int:
        """Return how many pages the output covers, 0 where it does not say."""
        if not self._chunks.exists():
            return int(sidecar.get("page_count") or 0) if document is None else len(document.get("pages") or ())
        end = 0
        for entry in read_json(self._chunks, self.start).get("entries") or ():
            if entry["status"] != "ok" or entry["page_start"] != end + 1:
                raise DocumentFailure(
                    FailureClass.PIPELINE,
                    f"pages {entry['page_start']} to {entry['page_end']} ended as {entry['status']}, and those before "
                    f"reach to {end}",
                )
            end = int(entry["page_end"])
        return end

    def _read_document(self) -> dict[str, Any] | None:
        """Return docling's document as glossAPI has left it; ``None`` for long ones and backend ``safe``."""
        name = f"{STEM}.docling.json"
        path = self.folder / "json" / name
        if path.exists():
            return read_json(path, self.start)
        compressed = path.with_name(f"{name}.zst")
        if compressed.exists():
            import zstandard

            try:
                with compressed.open("rb") as file:
                    body = zstandard.ZstdDecompressor().stream_reader(file).read()
            except zstandard.ZstdError as error:
                raise DocumentFailure(FailureClass.PIPELINE, f"{compressed.name} is broken: {error}") from error
            return parse_json(body, name)
        return None

    def _check_ocr_ran(self) -> None:
        path = self.folder / "json" / "metrics" / f"{STEM}.metrics.json"
        if not self.options.ocr or not path.exists():
            return
        timings = read_json(path, self.start).get("timings")
        # Empty where docling does not measure; each step that ran has an entry where it does.
        if timings and not (timings.get("ocr") or {}).get("count"):
            raise DocumentFailure(FailureClass.PIPELINE, "OCR was asked for and did not run on any page")


def formulas_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the formulas in docling's document."""
    return [item for item in document.get("texts") or () if item.get("label") == "formula"]


def check_formulas(document: dict[str, Any]) -> None:
    """Check that formulas were decoded: docling leaves those without a text that it did not.

    Raises:
        DocumentFailure: there are several and none was.
    """
    texts = [str(item.get("text") or "") for item in formulas_of(document)]
    if len(texts) >= _FORMULAS_TO_JUDGE_BY and not any(text.strip() for text in texts):
        raise DocumentFailure(FailureClass.PIPELINE, f"none of {len(texts)} formulas was decoded")
