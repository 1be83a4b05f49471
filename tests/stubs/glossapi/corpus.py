# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of Corpus that the adapter may use, and the part that it must not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from glossapi.gloss_extract import GlossExtract
from glossapi.traps import has


class Corpus:
    """Makes its folders when it is made, and its extractor when it is primed."""

    def __init__(self, input_dir: Path, output_dir: Path) -> None:
        self.input_dir = Path(input_dir)
        self.output_dir = Path(output_dir)
        for name in ("markdown", "sections", "clean_markdown", "logs"):
            (self.output_dir / name).mkdir(parents=True, exist_ok=True)
        self.extractor: GlossExtract | None = None

    def extract(self, **options: Any) -> None:
        """Release the models after each call, as glossAPI does: a worker must not use this."""
        raise AssertionError(f"extract() was called with {options}")

    if not has("old_release"):

        def prime_extractor(
            self,
            input_format: str = "all",
            num_threads: int | None = None,
            accel_type: str = "CUDA",
            *,
            force_ocr: bool = False,
            formula_enrichment: bool = False,
            export_doc_json: bool = True,
            phase1_backend: str = "auto",
        ) -> None:
            """Make the converter; later commits take force_ocr and do nothing with it."""
            assert input_format == "pdf"
            assert num_threads
            if self.extractor is None:
                self.extractor = GlossExtract()
            self.extractor.export_doc_json = export_doc_json
            is_safe = phase1_backend == "safe" and not (force_ocr or formula_enrichment)
            if not is_safe and accel_type.lower().startswith("cpu"):
                raise RuntimeError("GPU OCR was requested but accel_type='CPU'")
            self.extractor.use_pypdfium_backend = is_safe
            self.extractor.ensure_extractor(
                enable_ocr=force_ocr and not has("ocr_ignored"), formula_enrichment=formula_enrichment
            )
