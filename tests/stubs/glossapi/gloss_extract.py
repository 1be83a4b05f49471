# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Extraction as glossAPI does it: what fails is logged and called a success."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdfium2
import zstandard
from docling_core.types.doc import DoclingDocument

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from glossapi.traps import has

_LONG_PDF_PAGES = 600
_CHUNK_PAGES = 200


class Converter:
    """The models, with the options they were loaded with."""

    def __init__(self, options: SimpleNamespace) -> None:
        self.options = options
        self.reader: Any = None

    def initialize_pipeline(self, _format: str) -> None:
        """Load them."""
        if has("no_models"):
            raise OSError("couldn't connect to the hub to load this file")
        if has("no_layout_model"):
            raise AttributeError("'NoneType' object has no attribute 'kind'")
        if self.options.do_ocr:
            # As docling 2.48 does.
            from rapidocr import RapidOCR

            self.reader = RapidOCR(params={"Det.use_cuda": True, "Cls.use_cuda": True, "Rec.use_cuda": True})


class GlossExtract:
    """Writes markdown, sidecars, JSON and metrics for each document."""

    def __init__(self) -> None:
        self._log = logging.getLogger("glossapi.gloss_extract")
        self._log.propagate = False
        with Path("conversion.log").open("a") as file:
            file.write("started\n")
        self.converter: Converter | None = None
        self._active_pdf_options: SimpleNamespace | None = None
        self.pipeline_options = SimpleNamespace()
        self.export_doc_json = False
        self.use_pypdfium_backend = True
        self.external_state_updates = False
        self._texts: list[str] = []
        self.batch_result_callback: Callable[[list[str], list[str]], None] | None = None

    def ensure_extractor(self, *, enable_ocr: bool = False, formula_enrichment: bool = False) -> None:
        """Make the converter; the defaults have neither OCR nor formulas."""
        options = self.pipeline_options if has("no_layout_model") else SimpleNamespace()
        options.do_ocr, options.do_formula_enrichment = enable_ocr, formula_enrichment
        self._active_pdf_options = options
        self.converter = Converter(self._active_pdf_options)

    def release_resources(self) -> None:
        """Forget the converter and its options."""
        self.converter = self._active_pdf_options = None

    def extract_path(
        self, input_doc_paths: list[Path], output_dir: Path, batch_size: int = 5, *, skip_existing: bool = True
    ) -> None:
        """Extract; the callback alone tells how it went, and only with external_state_updates."""
        assert batch_size
        if skip_existing:
            return
        if self.converter is None and not self.use_pypdfium_backend:
            self.ensure_extractor()
        output_dir.mkdir(parents=True, exist_ok=True)
        for path in input_doc_paths:
            is_good = self._process(path, output_dir)
            if has("silent"):
                continue
            if self.external_state_updates and self.batch_result_callback:
                self.batch_result_callback([path.name] if is_good else [], [] if is_good else [path.name])
        if has("released"):
            self.release_resources()

    def _process(self, path: Path, output_dir: Path) -> bool:
        assert path.suffix == ".pdf", "glossAPI does not find *.PDF"
        if has("raises"):
            raise RuntimeError("CUDA error: an illegal memory access was encountered")
        for trap, message in _LOGGED.items():
            if has(trap):
                self._log.error("Failed to process file %s: %s", path.name, message)
                return trap.endswith("_hidden")
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            self._log.error("PyPDFium failed to open %s: %s", path.name, error)
            return False
        texts = [self._text(document, index) for index in range(len(document))]
        if texts == [""] and self._active_pdf_options is not None and self._active_pdf_options.do_ocr:
            # The one scan that it is ever given.
            texts = [TEXT]
        document.close()
        if self.use_pypdfium_backend:
            return self._write_safe(path, output_dir, texts)
        return self._write_docling(path, output_dir, texts)

    def _text(self, document: pypdfium2.PdfDocument, index: int) -> str:
        if has("page_lost") and index == 1:
            self._log.warning("PyPDFium failed on page %d of %s: %s", index + 1, "doc.pdf", "data format error")
            return ""
        if has("page_texts_lost") and index > 1:
            return ""
        page_text = document[index].get_textpage()
        text = str(page_text.get_text_bounded()).strip()
        page_text.close()
        return text

    def _write_safe(self, path: Path, output_dir: Path, texts: list[str]) -> bool:
        (output_dir / f"{path.stem}.md").write_text("\n\n".join(text for text in texts if text))
        self._write_sidecar(output_dir, path.stem, {"extraction_mode": "pypdfium", "page_count": len(texts)})
        return True

    def _write_docling(self, path: Path, output_dir: Path, texts: list[str]) -> bool:
        assert self._active_pdf_options is not None
        options = self._active_pdf_options
        marks = [name for name, on in (("ocr", options.do_ocr), ("math", options.do_formula_enrichment)) if on]
        if has("options_lost"):
            options.do_ocr = options.do_formula_enrichment = False
        read = [f"{text} [{'+'.join(marks)}]" if text or options.do_ocr else "" for text in texts]
        read = texts if has("page_texts_lost") else read
        if len(texts) > _LONG_PDF_PAGES or has("chunk_partial") or has("chunk_lost"):
            return self._write_chunks(path, output_dir, read)
        sidecar: dict[str, Any] = {"extraction_mode": "standard", "page_count": len(texts)} | _sidecar_traps()
        self._write_sidecar(output_dir, path.stem, sidecar)
        self._write_markdown(output_dir / f"{path.stem}.md", path, read, suppressed="no_partial_output" in sidecar)
        self._write_json(output_dir.parent / "json", path.stem, read)
        return True

    def _write_markdown(self, markdown: Path, path: Path, texts: list[str], *, suppressed: bool) -> None:
        content = "\n\n".join(text for text in texts if text)
        if has("empty"):
            content = ""
        if has("images_only"):
            content = "\n\n".join(["<!-- image -->"] * len(texts))
        if has("stub"):
            content = f"# DeepSeek OCR (stub) - {path.name}\n\nPages: {len(texts)}\n"
        if not suppressed:
            markdown.write_text(content)
        if has("stale"):
            then = time.time() - 3600
            os.utime(markdown, (then, then))

    def _write_chunks(self, path: Path, output_dir: Path, texts: list[str]) -> bool:
        ranges = [
            (start, min(start + _CHUNK_PAGES - 1, len(texts))) for start in range(1, len(texts) + 1, _CHUNK_PAGES)
        ]
        entries = [{"page_start": start, "page_end": end, "status": "ok"} for start, end in ranges]
        self._texts = texts
        for each in ranges:
            self._convert_with_timeout(path, timeout_s=600, page_range=each)
        if has("chunk_partial"):
            entries[-1]["status"] = "partial"
        if has("chunk_lost"):
            entries.pop()
        (output_dir / f"{path.stem}.chunks.json").write_text(json.dumps({"entries": entries}))
        self._write_sidecar(output_dir, path.stem, {"extraction_mode": "chunked", "page_count": len(texts)})
        (output_dir / f"{path.stem}.md").write_text("\n\n".join(texts))
        return True

    def _convert_with_timeout(
        self, _path: Path, *, timeout_s: int, page_range: tuple[int, int] | None = None
    ) -> SimpleNamespace:
        """Convert a part of a long document."""
        assert timeout_s
        assert page_range
        start, end = page_range
        return SimpleNamespace(document=DoclingDocument(self._document(self._texts[start - 1 : end], start)))

    def _write_sidecar(self, output_dir: Path, stem: str, content: dict[str, Any]) -> None:
        if has("no_sidecar"):
            return
        folder = output_dir.parent / "sidecars" / "extract"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}.json").write_text(json.dumps(content))

    def _write_json(self, folder: Path, stem: str, texts: list[str]) -> None:
        assert self._active_pdf_options is not None
        if not self.export_doc_json or has("json_missing"):
            return
        if has("json_failed"):
            self._log.warning("JSON export failed for %s: %s", stem, "export_to_dict failed")
            return
        metrics = folder / "metrics"
        metrics.mkdir(parents=True, exist_ok=True)
        timings = {"layout": {"count": len(texts)}}
        if self._active_pdf_options.do_ocr and not has("ocr_not_run"):
            timings["ocr"] = {"count": len(texts)}
        (metrics / f"{stem}.metrics.json").write_text(json.dumps({"timings": timings}))
        body = json.dumps(self._document(texts)).encode()
        if has("json_plain"):
            (folder / f"{stem}.docling.json").write_bytes(body)
            return
        content = zstandard.ZstdCompressor().compress(body)
        (folder / f"{stem}.docling.json.zst").write_bytes(content[:-4] if has("json_cut") else content)

    def _document(self, texts: list[str], first: int = 1) -> dict[str, Any]:
        """Return docling's document of these pages, the first of which has this number, and five formulas."""
        assert self._active_pdf_options is not None
        kept = texts[:-1] if has("page_missing") else texts
        document: dict[str, Any] = {
            "pages": {
                str(number): {"page_no": number, "size": {"width": 595, "height": 842}}
                for number, _text in enumerate(kept, start=first)
            },
            "texts": [
                {"text": text, "prov": [{"page_no": number}]} for number, text in enumerate(texts, start=first) if text
            ],
        }
        formula = "x^2" if self._active_pdf_options.do_formula_enrichment and not has("formulas_lost") else ""
        where = [{"page_no": first, "bbox": {"l": 100, "t": 200, "r": 300, "b": 150}}]
        document["texts"] += [{"label": "formula", "text": formula, "orig": "x2", "prov": where} for _ in range(5)]
        return document


_LOGGED = {
    "failed": "Stage layout failed for run 1",
    "cuda_error": "CUDA error: device-side assert triggered",
    "cuda_memory_hidden": "CUDA out of memory. Tried to allocate 2.00 GiB",
    "disk_full": "[Errno 28] No space left on device: 'doc.md'",
}


def _sidecar_traps() -> dict[str, Any]:
    traps: dict[str, dict[str, Any]] = {
        "partial": {"no_partial_output": True},
        "failed_hidden": {"failure_mode": "failure", "no_partial_output": True},
        "timeout_hidden": {"failure_mode": "timeout"},
        "text_layer_only": {"extraction_mode": "pypdfium"},
    }
    return {name: value for trap, values in traps.items() if has(trap) for name, value in values.items()}
