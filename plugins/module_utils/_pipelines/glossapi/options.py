# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of pipeline ``glossapi``, of its OCR and its formulas, and the environment their workers start with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ..._errors import FarmError
from ..._weights.folder import HUB_FOLDER, RAPIDOCR_FOLDER, verify
from ..weights_options import weights_problem

NAME = "glossapi"
OCR_NAME = "glossapi_rapidocr"
MATH_NAME = "glossapi_math"
DOCLING, SAFE = "docling", "safe"
_PATHS = ("hf_home", "rapidocr_models", "weights")
# These change where and how fast the work is done, not what comes out.
_WITHOUT_EFFECT_ON_OUTPUT = ("threads", *_PATHS)


@dataclass(frozen=True)
class GlossApiOptions:
    """How documents are converted.

    Attributes:
        backend: ``docling`` on a GPU, or ``safe``, the text layer alone, on a CPU.
        ocr: recognise characters on every page, whatever its text layer has.
        math: turn formulas into LaTeX.
        images_scale: at which pages are rendered for the models; 1.0 is 72 dpi.
        threads: CPU threads of each worker; ``None`` for an equal share of the CPUs.
        hf_home: folder of the Hugging Face models; ``None`` for the supervisor's own ``HF_HOME``.
        rapidocr_models: folder of RapidOCR's ONNX models; ``None`` for those glossAPI brings.
        weights: folder of pinned weights, in the place of the two before; ``None`` for none.
        weights_digest: of the list that has them.
    """

    backend: str = DOCLING
    ocr: bool = False
    math: bool = False
    images_scale: float = 1.25
    threads: int | None = None
    hf_home: str | None = None
    rapidocr_models: str | None = None
    weights: str | None = None
    weights_digest: str | None = None

    @classmethod
    def parse(cls, options: dict[str, Any]) -> GlossApiOptions:
        """Return the options of the pipeline, which reads text layers, with what was not given at its default.

        Raises:
            FarmError: one is unknown, of the wrong type, or does not go with another.
        """
        if "ocr" in options:
            raise FarmError(
                f"Pipeline {NAME} has no option ocr any more: pages whose text layer is no text are recognised at "
                f"stage ocr (farm_stages), with farm_ocr_backend {OCR_NAME} by glossAPI's own OCR. Remove it."
            )
        return cls._parse(NAME, options, {"ocr": False})

    @classmethod
    def parse_for_ocr(cls, options: dict[str, Any]) -> GlossApiOptions:
        """Return the options of the OCR backend, with what was not given at its default.

        Raises:
            FarmError: one is unknown or of the wrong type.
        """
        return cls._parse(OCR_NAME, options, {"backend": DOCLING, "ocr": True, "math": False})

    @classmethod
    def parse_for_math(cls, options: dict[str, Any]) -> GlossApiOptions:
        """Return the options of the pipeline that reads formulas alone, with what was not given at its default.

        Raises:
            FarmError: one is unknown or of the wrong type.
        """
        of_pages = {"images_scale": 1.25, "rapidocr_models": None}
        return cls._parse(MATH_NAME, options, {"backend": DOCLING, "ocr": False, "math": True, **of_pages})

    @classmethod
    def _parse(cls, name: str, options: dict[str, Any], fixed: dict[str, Any]) -> GlossApiOptions:
        known = [field.name for field in fields(cls) if field.name not in fixed]
        unknown = sorted(set(options) - set(known))
        if unknown:
            raise FarmError(f"Pipeline {name} does not know the option {unknown[0]!r}: it has {', '.join(known)}.")
        parsed = cls(**options | fixed)
        problem = parsed._wrong_option()
        if problem:
            option, advice = problem
            raise FarmError(f"The option {option} of pipeline {name} is {getattr(parsed, option)!r}: {advice}.")
        problem_of_weights = parsed._weights_problem()
        if problem_of_weights:
            raise FarmError(f"Pipeline {name} {problem_of_weights}.")
        if parsed.backend == SAFE and parsed.math:
            raise FarmError(
                f"Backend {SAFE} of pipeline {name} reads the text layer only: set math to false, or backend to "
                f"{DOCLING}."
            )
        return parsed

    def _wrong_option(self) -> tuple[str, str] | None:
        """Return an option of a wrong type or range, and what is right."""
        if self.backend not in (DOCLING, SAFE):
            return "backend", f"choose {DOCLING} or {SAFE}"
        if not isinstance(self.math, bool):
            return "math", "use true or false"
        scale = self.images_scale
        if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale <= 10:
            return "images_scale", "use a number up to 10"
        if self.threads is not None and (type(self.threads) is not int or self.threads < 1):
            return "threads", "use a number from 1"
        for name in _PATHS:
            value = getattr(self, name)
            if value is not None and (not isinstance(value, str) or not Path(value).is_absolute()):
                return name, "give the absolute path of a folder"
        return None

    def _weights_problem(self) -> str:
        """Return what is wrong with the options of weights, as the end of a sentence; empty where nothing is."""
        if self.weights and self.weights_digest and (self.hf_home or self.rapidocr_models):
            return "has its models from weights: leave out hf_home and rapidocr_models"
        return weights_problem(self.weights, self.weights_digest)

    def verify_weights(self, user: str) -> None:
        """Check that the folder of weights, where one is given, has all that a pipeline or OCR backend loads.

        Raises:
            FarmError: see :func:`verify`.
        """
        if self.weights and self.weights_digest:
            verify(Path(self.weights), user, self.weights_digest)

    @property
    def uses_gpu(self) -> bool:
        """Whether a worker needs its slot's GPU."""
        return self.backend == DOCLING

    def for_hash(self) -> dict[str, Any]:
        """Return those that change what comes out, defaults filled in.

        Documents that were finished before weights could be pinned keep their hash.
        """
        options = {name: value for name, value in asdict(self).items() if name not in _WITHOUT_EFFECT_ON_OUTPUT}
        if self.weights_digest is None:
            del options["weights_digest"]
        return options

    def thread_count(self, cpus: int, workers: int) -> int:
        """Return how many threads each of ``workers`` on a machine with ``cpus`` gets."""
        return self.threads or max(1, cpus // workers)

    def environment(self, folder: Path, threads: int) -> dict[str, str]:
        """Return the variables that glossAPI and its libraries read when they are loaded.

        Args:
            folder: the worker's own.
            threads: see :meth:`thread_count`.
        """
        values = {
            # Without these torch and OpenBLAS take every CPU, in each of the workers.
            "OMP_NUM_THREADS": str(threads),
            "MKL_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": str(threads),
            "GLOSSAPI_IMAGES_SCALE": str(self.images_scale),
            # By default it is a file that all workers and earlier runs share, by file name.
            "GLOSSAPI_SKIPLIST_PATH": str(folder / "skiplist.txt"),
            "HF_HOME": self.hf_home,
            "GLOSSAPI_RAPIDOCR_ONNX_DIR": self.rapidocr_models,
        }
        if self.weights is not None:
            values |= {
                "HF_HOME": f"{self.weights}/{HUB_FOLDER}",
                # Nothing is fetched while documents are processed, whatever a library finds missing.
                "HF_HUB_OFFLINE": "1",
                "GLOSSAPI_RAPIDOCR_ONNX_DIR": f"{self.weights}/{RAPIDOCR_FOLDER}",
            }
        return {name: value for name, value in values.items() if value is not None}
