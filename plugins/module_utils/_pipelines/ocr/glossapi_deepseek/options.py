# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of OCR backend ``glossapi_deepseek``."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from ...._errors import FarmError
from ...._weights.folder import LIST_NAME, placed, verify
from ...._weights.listing import WeightsList
from ...weights_options import weights_problem

NAME = "glossapi_deepseek"
# Of glossAPI's sources.
SCRIPT = PurePosixPath("src/glossapi/ocr/deepseek/run_pdf_ocr_vllm.py")
_MODEL_FILE = "config.json"
_PATHS = ("checkout", "environment", "model", "weights")
_COMMIT = re.compile("[0-9a-f]{40}")
# A number may be from one to another; beyond the second the model's own limit of tokens, and an A0 page's pixels.
_RANGES = {"render_dpi": (36, 400), "max_new_tokens": (256, 8192), "batch_size": (1, 512)}


@dataclass(frozen=True)
class DeepSeekOptions:
    """Where glossAPI's script is and what it needs, and how it reads; numbers are glossAPI's own unless given.

    Attributes:
        checkout: absolute path of glossAPI's sources, of a commit that has the script.
        environment: absolute path of the Python environment that the script runs in.
        model: absolute path of the model's folder; ``None`` where it is among the pinned weights.
        commit: what the checkout has to be at; ``None`` for any.
        weights: folder of pinned weights, in the place of ``model``; ``None`` for none.
        weights_digest: of the list that has them.
        render_dpi: of the picture of a page.
        max_new_tokens: of the text of a page, with the places of its parts; what is longer is cut off.
        batch_size: pages that the engine has at once, whose pictures are in memory three times.
        gpu_memory_utilization: the share of the GPU's memory that the engine takes.
    """

    checkout: str
    environment: str
    model: str | None = None
    commit: str | None = None
    weights: str | None = None
    weights_digest: str | None = None
    render_dpi: int = 144
    max_new_tokens: int = 2048
    batch_size: int = 160
    gpu_memory_utilization: float = 0.9

    @classmethod
    def parse(cls, options: dict[str, Any]) -> DeepSeekOptions:
        """Return the options.

        Raises:
            FarmError: one is unknown, missing or wrong, or does not go with another.
        """
        known = [field.name for field in fields(cls)]
        unknown = sorted(options.keys() - set(known))
        if unknown:
            raise FarmError(f"OCR backend {NAME} does not know the option {unknown[0]!r}: it has {', '.join(known)}.")
        for name in ("checkout", "environment"):
            if options.get(name) is None:
                raise FarmError(f"OCR backend {NAME} needs the option {name}, the absolute path of a folder.")
        parsed = cls(**options)
        problem = parsed._wrong_option()
        if problem:
            option, advice = problem
            raise FarmError(f"The option {option} of OCR backend {NAME} is {getattr(parsed, option)!r}: {advice}.")
        problem_of_weights = parsed._weights_problem()
        if problem_of_weights:
            raise FarmError(f"OCR backend {NAME} {problem_of_weights}.")
        return parsed

    def _wrong_option(self) -> tuple[str, str] | None:
        """Return an option of a wrong type or range, and what is right."""
        for name in _PATHS:
            path = getattr(self, name)
            if path is not None and not (isinstance(path, str) and Path(path).is_absolute()):
                return name, "give the absolute path of a folder"
        if self.commit is not None and not (isinstance(self.commit, str) and _COMMIT.fullmatch(self.commit)):
            return "commit", "give the 40 digits of a commit of glossAPI"
        for name, (least, most) in _RANGES.items():
            number = getattr(self, name)
            if type(number) is not int or not least <= number <= most:
                return name, f"give {least} to {most}"
        share = self.gpu_memory_utilization
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
            return "gpu_memory_utilization", "give a share above 0, and 1 at most"
        return None

    def _weights_problem(self) -> str:
        """Return what is wrong with the options of the model, as the end of a sentence; empty where nothing is."""
        if self.model is None and self.weights is None:
            return "needs the option model, the absolute path of the model's folder, or weights and weights_digest"
        if self.model is not None and self.weights is not None:
            return "has its model from weights: leave out model"
        return weights_problem(self.weights, self.weights_digest)

    @property
    def script(self) -> Path:
        """The script that is run."""
        return Path(self.checkout) / SCRIPT

    @property
    def python(self) -> Path:
        """The Python that runs it."""
        return Path(self.environment) / "bin" / "python"

    def require_files(self) -> None:
        """Check that the script and its Python are there.

        Raises:
            FarmError: one is not.
        """
        if not self.script.is_file():
            raise FarmError(
                f"{self.script} is missing: have {self.checkout}, the option checkout of OCR backend {NAME}, be "
                "glossAPI's sources at a commit of its branch development, which has this script."
            )
        if not self.python.is_file():
            raise FarmError(
                f"{self.python} is missing: have {self.environment}, the option environment of OCR backend {NAME}, be "
                "the Python environment that glossAPI's dependency_setup/deepseek_uv describes."
            )

    def model_folder(self) -> Path:
        """Return the folder of the model, which is whole and unaltered where it is pinned.

        Raises:
            FarmError: it is not there, or not what is pinned.
        """
        if self.weights and self.weights_digest:
            folder = Path(self.weights)
            verify(folder, NAME, self.weights_digest)
            weights = WeightsList.from_json((folder / LIST_NAME).read_bytes(), str(folder / LIST_NAME)).of(NAME)
            found = [(folder / each.path).parent for each in placed(weights) if each.file.file == _MODEL_FILE]
            if not found:
                raise FarmError(f"The list of weights in {folder} has no {_MODEL_FILE} for OCR backend {NAME}: pin it.")
            return found[0]
        model = Path(self.model or "")
        if not (model / _MODEL_FILE).is_file():
            raise FarmError(
                f"{model / _MODEL_FILE} is missing: have {model}, the option model of OCR backend {NAME}, be the "
                "folder of deepseek-ai/DeepSeek-OCR-2 from the model hub."
            )
        return model

    def for_hash(self) -> dict[str, Any]:
        """Return those that change what is read, defaults filled in."""
        return {
            "commit": self.commit,
            "max_new_tokens": self.max_new_tokens,
            "render_dpi": self.render_dpi,
            "weights_digest": self.weights_digest,
        }
