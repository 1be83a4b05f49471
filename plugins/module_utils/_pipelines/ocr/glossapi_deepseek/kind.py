# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``glossapi_deepseek`` as the farm knows it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ...._errors import FarmError
from ...driver import CUDA_13
from ...glossapi.revision import commit_of
from ...kind import GpuNeed, WorkerContext
from ..backend import OcrBackend, OcrBackendKind
from ..server.driver import require_driver
from .options import NAME, DeepSeekOptions


class DeepSeekKind(OcrBackendKind):
    """glossAPI's own way to DeepSeek-OCR-2, on GPUs."""

    name = NAME
    summary = "V(glossapi_deepseek) recognises pages with DeepSeek-OCR-2 by glossAPI's own script for it, on GPUs."
    options_help = """
        V(glossapi_deepseek) has C(checkout), the absolute path of glossAPI's sources at a commit that has the script,
        C(environment), that of the Python environment which glossAPI describes for it, C(model), that of the model's
        folder, or in its place C(weights) and C(weights_digest), the folder and the list of pinned weights, and
        C(commit), what the sources have to be at. C(render_dpi) (default V(144)), C(max_new_tokens) (V(2048)),
        C(batch_size) (V(160)) and C(gpu_memory_utilization) (V(0.9)) are glossAPI's own unless given.
        A worker refuses to start where one of them is missing, the script ends or does not load its engine, or does
        not read a scan whose text is known.
    """

    def check(self, options: dict[str, Any]) -> None:
        """Check the options.

        Raises:
            FarmError: see :meth:`DeepSeekOptions.parse`.
        """
        DeepSeekOptions.parse(options)

    def create(self, worker: WorkerContext) -> OcrBackend:
        """Return the backend of a worker, its engine loaded.

        Raises:
            GpuFault: the driver is too old for the engine.
            FarmError: an option is wrong, something is missing, altered or at another commit, or the script does not
                start.
            ImportError: PDFium is not installed.
        """
        # Imported now: a worker without PDFium must not blame its first document for that.
        import pypdfium2  # noqa: F401

        from .backend import DeepSeekBackend
        from .engine import Engine

        options = DeepSeekOptions.parse(worker.options)
        options.require_files()
        _require_commit(options)
        model = options.model_folder()
        require_driver(self.minimum_driver(worker.options))
        engine = Engine(options, model, worker.folder / "deepseek", _say)
        engine.start()
        name = f"{self.name} {self.revision(worker.options)}"
        return DeepSeekBackend(engine, name=name, folder=worker.folder)

    def revision(self, options: dict[str, Any]) -> str:
        """Return the versions of vLLM and of glossAPI's sources, the latter a commit.

        Raises:
            FarmError: an option is wrong, the script or its Python is missing, or no commit is known of them.
        """
        parsed = DeepSeekOptions.parse(options)
        parsed.require_files()
        found = sorted(Path(parsed.environment).glob("lib/python*/site-packages/vllm-*.dist-info"))
        vllm = found[0].name.removeprefix("vllm-").removesuffix(".dist-info") if found else "of unknown version"
        return f"vLLM {vllm}, glossAPI {_commit(parsed)}"

    def gpu_need(self, _options: dict[str, Any]) -> GpuNeed:
        """Return that it does not work without."""
        return GpuNeed.ALWAYS

    def minimum_driver(self, _options: dict[str, Any]) -> str:
        """Return what the CUDA of glossAPI's environment for it asks for."""
        return CUDA_13

    def workers_per_gpu(self, _options: dict[str, Any], _wanted: int) -> int:
        """Return one, whatever is wanted: its engine takes the GPU's memory."""
        return 1

    def range_pages(self, options: dict[str, Any]) -> int:
        """Return how many pages the engine has at once: a shorter range would not fill it.

        Raises:
            FarmError: see :meth:`check`.
        """
        return DeepSeekOptions.parse(options).batch_size

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return those of :meth:`DeepSeekOptions.for_hash`.

        Raises:
            FarmError: see :meth:`check`.
        """
        return DeepSeekOptions.parse(options).for_hash()

    def weights_digest(self, options: dict[str, Any]) -> str:
        """Return the digest of the list that pins the model; empty where none does.

        Raises:
            FarmError: see :meth:`check`.
        """
        return DeepSeekOptions.parse(options).weights_digest or ""


def _commit(options: DeepSeekOptions) -> str:
    """Return the commit that the sources are at.

    Raises:
        FarmError: none is known: what was read could not be told from what another one reads.
    """
    commit = commit_of(options.script)
    if not commit:
        raise FarmError(f"{options.checkout} is no checkout: no commit of glossAPI is known. Have git make it.")
    return commit


def _require_commit(options: DeepSeekOptions) -> None:
    commit = _commit(options)
    if options.commit is not None and commit != options.commit:
        raise FarmError(
            f"{options.checkout} is at commit {commit} of glossAPI, and the option commit of OCR backend {NAME} is "
            f"{options.commit}: check that out there, or change the option."
        )


def _say(line: str) -> None:
    """Have what the script says where this worker's log goes."""
    sys.stderr.write(f"glossAPI: {line}\n")


DEEPSEEK = DeepSeekKind()
