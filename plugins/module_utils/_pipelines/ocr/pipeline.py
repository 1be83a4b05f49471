# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage ``ocr``: recognises the pages whose text layer is no text, and keeps of each page what reads better."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace

from ..._records.failure_classes import FailureClass
from ..._records.layer import Layer
from ..composition import compose
from ..failures import DocumentFailure
from ..forwarding import read_layer
from ..output_checks import check_pages_with_text
from ..page_text import PageText, TextSource
from ..task import Product, Recognised, Task
from .backend import OcrBackend
from .part import Part, read_parts


class OcrPipeline:
    """Goes on with what stage ``text`` has handed on.

    Args:
        backend: recognises pages.
        name: of the backend, with its revision, as it is recorded of each page that it recognised.
    """

    def __init__(self, backend: OcrBackend, name: str) -> None:
        self._backend = backend
        self._name = name

    def process(self, task: Task) -> Product:
        """Write ``document.md`` and ``document.json`` into the task's folder.

        Raises:
            DocumentFailure: the document cannot be read, or nothing was recognised on any page.
            GpuFault: the GPU cannot be used any more.
        """
        if task.layer is None:
            raise AssertionError("stage ocr has a document without its text layer")
        before = read_layer(Layer.from_json(task.layer.read_bytes(), str(task.layer)))
        parts = [self._recognise(task, task.open_pages)] if task.ranges is None else read_parts(task)
        texts = {number: (text, part.backend) for part in parts for number, text in part.texts.items()}
        pages = tuple(_better(page, *texts.get(page.page or 0, (None, ""))) for page in before)
        with_text = sum(bool(page.text) for page in pages)
        check_pages_with_text(with_text, len(pages), has_ocr=True)
        if not with_text:
            raise DocumentFailure(
                FailureClass.EMPTY_OUTPUT, f"none of {len(pages)} pages has text: {self._name} found none either"
            )
        return compose(task, f"text layer and {self._name}", pages)

    def recognise(self, task: Task) -> Recognised:
        """Recognise the pages of the task's part into its folder.

        Raises:
            DocumentFailure: the document cannot be read.
            GpuFault: the GPU cannot be used any more.
        """
        part = self._recognise(task, task.part)
        part.write(task.folder)
        return Recognised(len(part.texts))

    def _recognise(self, task: Task, pages: Sequence[int]) -> Part:
        folder = task.folder / "pages"
        folder.mkdir()
        texts = self._backend.recognise(task.input, pages, folder)
        shutil.rmtree(folder)
        return Part(tuple(pages), self._name, texts)


def _better(layer: PageText, recognised: str | None, backend: str) -> PageText:
    """Return what reads better; ``recognised`` is ``None`` for a page that was not recognised."""
    if recognised is None:
        return layer
    ocr = PageText(recognised, TextSource.OCR, page=layer.page, backend=backend)
    if ocr.quality.says_nothing:
        # A picture, and at the most specks and scratches that were taken for letters.
        ocr = replace(ocr, text="", has_ink=False)
    if not layer.text or (layer.quality.verdict.is_bad and layer.quality.says_nothing):
        return ocr
    return ocr if ocr.text and ocr.quality.score > layer.quality.score else layer
