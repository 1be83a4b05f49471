# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of Corpus that the adapter may use, and the part that it must not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from glossapi.traps import has

if TYPE_CHECKING:
    from glossapi.gloss_extract import GlossExtract


class Corpus:
    """Makes its folders when it is made, and its extractor when it is primed."""

    def __init__(self, input_dir: Path, output_dir: Path, section_classifier_model_path: Path | None = None) -> None:
        self.input_dir = Path(input_dir)
        self.output_dir = Path(output_dir)
        self.section_classifier_model_path = section_classifier_model_path
        self.markdown_dir = self.output_dir / "markdown"
        self.sections_parquet = self.output_dir / "sections" / "sections_for_annotation.parquet"
        self.fully_annotated_parquet = self.output_dir / "fully_annotated_sections.parquet"
        for name in ("markdown", "sections", "clean_markdown", "logs"):
            (self.output_dir / name).mkdir(parents=True, exist_ok=True)
        self.extractor: GlossExtract | None = None

    def extract(self, **options: Any) -> None:
        """Release the models after each call, as glossAPI does: a worker must not use this."""
        raise AssertionError(f"extract() was called with {options}")

    def clean(self, *, drop_bad: bool = True) -> None:
        """Clean by the Rust parts, and note their measures; of a part that fails only the log tells."""
        from glossapi import stages

        assert not drop_bad
        stages.clean(self.output_dir)
        self.markdown_dir = self.output_dir / "clean_markdown"

    def section(self) -> None:
        """Cut each text at its headers."""
        from glossapi import stages

        stages.section(self.markdown_dir, self.sections_parquet)

    def annotate(self, annotation_type: str = "text") -> None:
        """Label the sections; without its model it ends as if it had."""
        from glossapi import stages

        assert annotation_type == "text"
        if self.section_classifier_model_path is not None and self.section_classifier_model_path.exists():
            stages.annotate(self.sections_parquet, self.fully_annotated_parquet)

    def jsonl_sharded(self, output_dir: Path, **options: Any) -> list[Path]:
        """Write a line for each text."""
        from glossapi import stages

        assert options["shard_size_bytes"] > 1 << 40
        return [stages.jsonl(self.markdown_dir, output_dir, options["text_key"], options["metadata_key"])]

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
            # What reads documents is not wanted where their texts alone are there.
            from glossapi.gloss_extract import GlossExtract

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
