# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi``: glossAPI (github.com/eellak/glossAPI, 0.1.3), its models loaded once in each worker.

It relies on attributes that are not glossAPI's public interface, so its commit has to be pinned. Why not
``Corpus.extract()``: after each call it releases the models, and the next one goes on without OCR and
formulas; it reports nothing; documents of one file name overwrite each other; a failed document is a
success when it is tried again. ``GlossExtract.extract_path()`` with a folder for each document and a
callback has none of that. What it calls a success is checked in :mod:`output`.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path
from typing import Any

from ..._errors import FarmError
from ..._records.failure_classes import FailureClass
from ..failures import DocumentFailure
from ..output_checks import Start
from ..pdf_input import count_pages
from ..task import Product, Task
from .causes import Messages, cause_of, failure_from
from .device import Device
from .long_documents import joined, kept_parts
from .options import NAME, GlossApiOptions
from .output import STEM, GlossApiOutput
from .revision import revision

_LOG = logging.getLogger(__name__)


class GlossApiPipeline:
    """Converts documents one at a time in a folder of their own.

    Args:
        options: how.
        threads: CPU threads it may use.
        folder: the worker's own, for what glossAPI writes that is of no document.
        device: what the models run on.

    Raises:
        GpuFault: the device cannot be used, or would not be.
        FarmError: glossAPI is not one that does what is asked for.
        ImportError: it, or what it needs, is not installed.
    """

    def __init__(self, options: GlossApiOptions, threads: int, folder: Path, device: Device) -> None:
        self._options = options
        self._threads = threads
        self._device = device
        self._messages = Messages()
        device.prepare(ocr=options.ocr)
        self._corpus = _create_corpus(folder)
        self._prime()
        self._load_models()
        # glossAPI's own loggers do not pass on what they are told.
        for logger in (logging.getLogger(), self._extractor._log):
            logger.addHandler(self._messages)

    def process(self, task: Task) -> Product:
        """Convert one document.

        Raises:
            DocumentFailure: it failed, or what came out is not what was asked for.
            GpuFault: the GPU cannot be used any more.
            OSError: the disk is full.
        """
        self._messages.clear()
        self._require_options_before()
        folder = task.folder / NAME
        folder.mkdir()
        # The document under a name of its own would be skipped as .PDF, or taken for another's.
        source = folder / f"{STEM}.pdf"
        _link(task.input, source)
        output = GlossApiOutput(folder, Start.of(folder), self._options)
        try:
            with kept_parts(self._extractor) as parts:
                self._extract(source, output.markdown_folder)
            return self._check(output, task.pages, source, parts)
        except DocumentFailure as failure:
            # Why a document cannot be read says more than what follows from it.
            if failure.failure_class in (FailureClass.PIPELINE, FailureClass.EMPTY_OUTPUT, FailureClass.NEEDS_OCR):
                count_pages(source)
            raise

    def _extract(self, source: Path, markdown: Path) -> None:
        answers: list[tuple[list[str], list[str]]] = []
        self._extractor.batch_result_callback = lambda good, bad: answers.append((list(good), list(bad)))
        try:
            self._extractor.extract_path([source], markdown, skip_existing=False)
        except (OSError, MemoryError):
            raise
        except Exception as error:
            raise failure_from([f"{type(error).__name__}: {error}"], "glossAPI raised an error") from error
        if answers != [([source.name], [])]:
            said = "reported nothing" if not answers else "reported a failure"
            raise failure_from(self._messages.texts, f"glossAPI {said}")

    def _check(self, output: GlossApiOutput, pages: int, source: Path, parts: list[Any]) -> Product:
        # Among its warnings are errors that it survived without the document.
        cause = cause_of(self._messages.texts)
        if cause is not None:
            raise failure_from(self._messages.texts, "glossAPI hid an error")
        # Models released behind a document are loaded again before the next one.
        wrong = self._wrong_options() if self._extractor.converter is not None else ""
        if wrong:
            raise DocumentFailure(FailureClass.PIPELINE, f"glossAPI changed its options on the way: {wrong}")
        long_document = joined(parts) if self._options.uses_gpu else None
        product = output.check((pages, _pages_by_pdfium(source)), source, long_document)
        lost = [text for text in self._messages.texts if "JSON export failed" in text]
        if product.json is None and lost:
            raise DocumentFailure(FailureClass.PIPELINE, lost[0])
        return product

    @property
    def _extractor(self) -> Any:
        return self._corpus.extractor

    def _prime(self) -> None:
        options = self._options
        try:
            self._corpus.prime_extractor(
                input_format="pdf",
                num_threads=self._threads,
                accel_type=self._device.accelerator,
                force_ocr=options.ocr,
                formula_enrichment=options.math,
                export_doc_json=True,
                phase1_backend=options.backend,
            )
        except Exception as error:
            raise FarmError(f"glossAPI cannot be prepared: {type(error).__name__}: {error}") from error
        wrong = self._wrong_options()
        if wrong:
            raise FarmError(
                f"glossAPI does not do what it was asked for: {wrong}. Check out the commit this collection names, or "
                "change the pipeline's options."
            )
        self._extractor.external_state_updates = True

    def _load_models(self) -> None:
        """Load the models now: the first document's time is not for that, and OCR's sessions can be looked at."""
        if not self._options.uses_gpu:
            return
        from docling.datamodel.base_models import InputFormat

        try:
            self._extractor.converter.initialize_pipeline(InputFormat.PDF)
        except Exception as error:
            cause = self._hidden_error() or error
            raise FarmError(f"The models cannot be loaded: {type(cause).__name__}: {cause}") from cause
        if self._options.ocr:
            self._device.check_sessions()

    def _hidden_error(self) -> Exception | None:
        """Return why the layout models could not be loaded, ``None`` where glossAPI did not hide it.

        Without OCR it hides it and goes on with other options, for which docling then has a less telling error.
        """
        if self._extractor._active_pdf_options is not self._extractor.pipeline_options:
            return None
        from glossapi.ocr.rapidocr.pipeline import build_layout_pipeline

        try:
            build_layout_pipeline(device=self._device.accelerator, formula_enrichment=self._options.math)
        except Exception as error:
            return error
        return None

    def _require_options_before(self) -> None:
        wrong = self._wrong_options()
        if wrong:
            _LOG.warning("preparing glossAPI again: %s", wrong)
            self._prime()
            self._load_models()

    def _wrong_options(self) -> str:
        """Return what glossAPI would do otherwise than asked for; an empty string for nothing."""
        extractor, options = self._extractor, self._options
        is_safe = bool(extractor.use_pypdfium_backend)
        if is_safe == options.uses_gpu:
            return f"the backend is {'safe' if is_safe else 'docling'}"
        if not options.uses_gpu:
            return ""
        active = extractor._active_pdf_options
        if extractor.converter is None or active is None:
            return "its models were released"
        states = {"OCR": (options.ocr, active.do_ocr), "formulas": (options.math, active.do_formula_enrichment)}
        return ", ".join(
            f"{name} {'on' if has else 'off'}" for name, (wanted, has) in states.items() if bool(has) != wanted
        )


def _create_corpus(folder: Path) -> Any:
    from glossapi import Corpus

    if not hasattr(Corpus, "prime_extractor"):
        raise FarmError(
            f"The installed glossAPI ({revision()}) has no prime_extractor: install 0.1.3 from its repository, PyPI "
            "has only older releases."
        )
    empty = folder / "empty"
    empty.mkdir(exist_ok=True)
    return Corpus(empty, folder / "corpus")


def _link(path: Path, name: Path) -> None:
    try:
        os.link(path, name)
    except OSError:
        shutil.copyfile(path, name)


def _pages_by_pdfium(path: Path) -> int:
    try:
        return count_pages(path)
    except DocumentFailure:
        return 0
