# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of OCR backend ``server``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ...._errors import FarmError
from ...._weights.folder import MODELS_FOLDER, verify
from ...weights_options import weights_digest_problem
from .preset import ENVIRONMENT, GPU, PORT, WEIGHTS, Preset

NAME = "server"
DEFAULT_PAGES_IN_FLIGHT = 48
# A request keeps a thread, and a picture of a few MB.
MOST_PAGES_IN_FLIGHT = 512
_FOLDERS = ("weights", "environment")


@dataclass(frozen=True)
class ServerOptions:
    """Which model is served, and where it is.

    Attributes:
        preset: the model.
        weights: absolute path of the folder with the model, or with ``weights_digest`` of the folder of all pinned
            weights, which has it below; ``None`` where the command names none.
        weights_digest: of the list that has the model, in hexadecimal; ``None`` where it is not pinned.
        environment: absolute path of the Python environment with the server; likewise.
        pages_in_flight: pages that the workers of a GPU have in work at once, all together.
    """

    preset: Preset
    weights: str | None = None
    weights_digest: str | None = None
    environment: str | None = None
    pages_in_flight: int = DEFAULT_PAGES_IN_FLIGHT

    @classmethod
    def parse(cls, options: dict[str, Any]) -> ServerOptions:
        """Return the options.

        Raises:
            FarmError: one is unknown, missing or wrong, or see :meth:`Preset.parse`.
        """
        known = [field.name for field in fields(cls)]
        unknown = sorted(options.keys() - set(known))
        if unknown:
            raise FarmError(f"OCR backend {NAME} does not know the option {unknown[0]!r}: it has {', '.join(known)}.")
        if "preset" not in options:
            raise FarmError(f"OCR backend {NAME} needs the option preset, the content of a preset's file.")
        for name in _FOLDERS:
            folder = options.get(name)
            if folder is not None and not (isinstance(folder, str) and Path(folder).is_absolute()):
                raise FarmError(
                    f"The option {name} of OCR backend {NAME} is {folder!r}: give the absolute path of a folder."
                )
        pages = options.get("pages_in_flight", DEFAULT_PAGES_IN_FLIGHT)
        if not isinstance(pages, int) or isinstance(pages, bool) or not 1 <= pages <= MOST_PAGES_IN_FLIGHT:
            raise FarmError(
                f"The option pages_in_flight of OCR backend {NAME} is {pages!r}: give 1 to {MOST_PAGES_IN_FLIGHT}."
            )
        parsed = cls(**options | {"preset": Preset.parse(options["preset"])})
        problem = weights_digest_problem(parsed.weights, parsed.weights_digest)
        if problem:
            raise FarmError(f"OCR backend {NAME} {problem}.")
        for placeholder, name, folder in parsed._folders():
            if folder is None:
                raise FarmError(
                    f"The command of preset {parsed.preset.name!r} has {placeholder}: give the option {name} of OCR "
                    f"backend {NAME}, the absolute path of a folder."
                )
        return parsed

    @property
    def model(self) -> str | None:
        """The folder of the model."""
        return f"{self.weights}/{MODELS_FOLDER}/{self.preset.name}" if self.weights_digest else self.weights

    def require_folders(self) -> None:
        """Check that the folders which the command names are there, and that a pinned model is what was pinned.

        Raises:
            FarmError: one is not, or see :func:`verify`.
        """
        if self.weights and self.weights_digest:
            verify(Path(self.weights), self.preset.name, self.weights_digest)
        for _placeholder, name, folder in self._folders():
            if folder is None or not Path(folder).is_dir():
                raise FarmError(
                    f"{folder}, the option {name} of OCR backend {NAME}, is no folder: put there what preset "
                    f"{self.preset.name!r} needs ({self.preset.revision}), or name the folder that has it."
                )

    def command(self, gpu: str) -> tuple[str, ...]:
        """Return the command that starts the server, but for its port.

        Args:
            gpu: the GPU's name, as in ``CUDA_VISIBLE_DEVICES``.
        """
        values = {WEIGHTS: self.model, ENVIRONMENT: self.environment, GPU: gpu}
        return tuple(_filled_in(word, values) for word in self.preset.command)

    def for_hash(self) -> dict[str, Any]:
        """Return what changes the text that comes out.

        Documents that were finished before models could be pinned keep their hash.
        """
        digest = {"weights_digest": self.weights_digest} if self.weights_digest else {}
        return self.preset.for_hash() | digest

    def _folders(self) -> Iterator[tuple[str, str, str | None]]:
        """Return each placeholder of a folder that the command has, the option for it, and the folder."""
        folders = ((WEIGHTS, "weights", self.model), (ENVIRONMENT, "environment", self.environment))
        for placeholder, name, folder in folders:
            if any(placeholder in word for word in self.preset.command):
                yield placeholder, name, folder


def with_port(command: tuple[str, ...], port: int) -> list[str]:
    """Return a command that is complete."""
    return [word.replace(PORT, str(port)) for word in command]


def _filled_in(word: str, values: dict[str, str | None]) -> str:
    for placeholder, value in values.items():
        word = word.replace(placeholder, value or "")
    return word
