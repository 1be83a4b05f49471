# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi_math``: the formulas in docling's document, from the pages of the PDF, with docling's model.

glossAPI's own ``enrich_from_docling_json`` (0.1.3) does the same, but loads the model anew for each document, reads
code too, and on a page with code before a formula writes what it reads to another formula. So the model is asked as
docling asks it while it converts, and what it says is cleaned by glossAPI's rules.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any

from ..._errors import FarmError
from ..._records.failure_classes import FailureClass
from ..._records.markers import Formulas
from ..failures import DocumentFailure
from ..glossapi.causes import failure_from
from ..glossapi.device import Device
from ..glossapi.output import check_formulas, formulas_of
from ..glossapi.page_texts import page_texts, read_pages
from ..output_checks import parse_json
from ..task import Product, Task
from .crops import Place, crops

_ACCEPTED = 1.0


class GlossApiMath:
    """Reads the formulas of one document at a time, several of them at once.

    Args:
        device: what the model runs on.
        threads: CPU threads it may use.

    Raises:
        GpuFault: the device cannot be used.
        FarmError: the model cannot be loaded.
        ImportError: glossAPI or docling is not installed.
    """

    def __init__(self, device: Device, threads: int) -> None:
        from docling.datamodel.accelerator_options import AcceleratorOptions
        from docling.datamodel.base_models import ItemAndImageEnrichmentElement
        from docling.models.code_formula_model import CodeFormulaModel, CodeFormulaModelOptions
        from docling_core.types.doc import DoclingDocument
        from glossapi.text_sanitize import accept_latex, sanitize_latex

        device.prepare(ocr=False)
        self._document = DoclingDocument
        self._element = ItemAndImageEnrichmentElement
        self._accept, self._sanitize = accept_latex, sanitize_latex
        try:
            self._model = CodeFormulaModel(
                enabled=True,
                artifacts_path=None,
                options=CodeFormulaModelOptions(do_code_enrichment=False, do_formula_enrichment=True),
                accelerator_options=AcceleratorOptions(device=device.accelerator.lower(), num_threads=threads),
            )
        except Exception as error:
            raise FarmError(f"The formula model cannot be loaded: {type(error).__name__}: {error}") from error

    def process(self, task: Task) -> Product:
        """Write ``document.md`` and ``document.json`` with the formulas into the task's folder.

        Raises:
            DocumentFailure: docling's document or the PDF cannot be read, or of several formulas none was.
            OSError: the disk is full.
        """
        if task.document is None:
            raise AssertionError("stage math has a document without what stage text made of it")
        content = parse_json(task.document.read_bytes(), "docling's document")
        document = self._parse(content)
        items = [item for item in document.texts if item.label == "formula"]
        # One that stands nowhere cannot be looked at.
        self._read(document, [item for item in items if item.prov], task)
        formulas = formulas_of(content)
        for formula, item in zip(formulas, items, strict=True):
            formula["text"] = item.text
        check_formulas(content)
        read = sum(bool(formula["text"]) and self._accept(formula["text"]) >= _ACCEPTED for formula in formulas)
        markdown, sidecar = task.folder / "document.md", task.folder / "document.json"
        markdown.write_text(document.export_to_markdown(), encoding="utf-8")
        sidecar.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        return Product(
            pages=page_texts(read_pages(content), task.input, has_ocr=False),
            markdown=markdown,
            json=sidecar,
            formulas=Formulas(len(formulas), read),
        )

    def _parse(self, content: dict[str, Any]) -> Any:
        try:
            return self._document.model_validate(content)
        except ValueError as error:
            raise DocumentFailure(FailureClass.PIPELINE, f"this is no document of docling: {error}") from error

    def _read(self, document: Any, items: Sequence[Any], task: Task) -> None:
        """Give the formulas of docling's document their LaTeX."""
        places = (_place(document, item) for item in items)
        pictures = crops(task.input, places, self._model.images_scale, self._model.expansion_factor)
        size = int(self._model.elements_batch_size)
        for start in range(0, len(items), size):
            batch = items[start : start + size]
            elements = [
                self._element(item=item, image=picture)
                for item, picture in zip(batch, islice(pictures, len(batch)), strict=True)
            ]
            try:
                for item in self._model(document, elements):
                    item.text = self._sanitize(item.text.strip())[0]
            except Exception as error:
                message = f"{type(error).__name__}: {error}"
                raise failure_from([message], "the formula model raised an error") from error


def _place(document: Any, item: Any) -> Place:
    """Return where a formula stands, from the top left corner of its page."""
    where = item.prov[0]
    size = document.pages[where.page_no].size
    box = where.bbox.to_top_left_origin(page_height=size.height)
    return Place(where.page_no, (size.width, size.height), (box.l, box.t, box.r, box.b))
