# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""OCR backend ``server`` as the farm knows it."""

from __future__ import annotations

import os
import sys
from typing import Any

from ...._errors import FarmError
from ...kind import GpuNeed, WorkerContext
from ..backend import OcrBackend, OcrBackendKind
from .driver import require_driver
from .options import NAME, ServerOptions

# Documents of a page or two keep no more pages in flight than there are workers, and each worker takes memory.
WORKERS_PER_GPU = 12


class ServerKind(OcrBackendKind):
    """A model of the preset, behind one inference server a GPU."""

    name = NAME
    summary = "V(server) has pages read by a vision-language model, behind an inference server for each GPU."
    options_help = """
        V(server) has C(preset), the content of a preset (a model's command, prompt and limits; F(docs/operations.md)
        has its keys), C(weights), the absolute path of the folder with the model, or with C(weights_digest), the digest
        of its part of the list, that of the folder of all pinned weights, C(environment), that of the Python
        environment with the server, and C(pages_in_flight), how many pages the workers of a GPU have in work at
        once, whichever of them has pages (default V(48)).
        A worker refuses to start where the command is missing, the server does not become healthy, or does not read a
        scan whose text is known.
    """

    def check(self, options: dict[str, Any]) -> None:
        """Check the options.

        Raises:
            FarmError: see :meth:`ServerOptions.parse`.
        """
        ServerOptions.parse(options)

    def create(self, worker: WorkerContext) -> OcrBackend:
        """Return the backend of a worker, its GPU's server healthy.

        Raises:
            GpuFault: the driver is too old for the server.
            FarmError: an option is wrong, a folder is missing, or the server cannot be started.
            ImportError: something is not installed.
        """
        from .backend import ServerBackend
        from .chat import ChatClient
        from .link import Link
        from .messages import Orders
        from .permits import Permits

        options = ServerOptions.parse(worker.options)
        preset = options.preset
        options.require_folders()
        minimum_driver = self.minimum_driver(worker.options)
        if minimum_driver:
            require_driver(minimum_driver)
        client = ChatClient(preset, options.pages_in_flight)
        gpu = os.environ.get("CUDA_VISIBLE_DEVICES", "")
        # Beside the folders of the workers, which are emptied when one is replaced.
        folder = worker.folder.parent / "servers"
        orders = Orders(
            command=options.command(gpu),
            health=preset.health,
            start_seconds=preset.start_seconds,
            folder=str(folder / f"run_{gpu or 'none'}"),
            master=os.getppid(),
        )
        link = Link(folder, gpu, orders, _say)
        try:
            link.wait_until_ready()
        except FarmError:
            link.close()
            raise
        return ServerBackend(
            preset,
            link,
            client,
            Permits(folder / f"pages_{gpu or 'none'}", options.pages_in_flight),
            name=f"{self.name} {preset.revision}",
            folder=worker.folder,
            clock=worker.clock,
        )

    def revision(self, options: dict[str, Any]) -> str:
        """Return the preset's name, and its repositories with their commits.

        Raises:
            FarmError: see :meth:`check`.
        """
        return ServerOptions.parse(options).preset.revision

    def gpu_need(self, options: dict[str, Any]) -> GpuNeed:
        """Return whether the preset needs a GPU.

        Raises:
            FarmError: see :meth:`check`.
        """
        return GpuNeed.ALWAYS if ServerOptions.parse(options).preset.gpu else GpuNeed.NEVER

    def minimum_driver(self, options: dict[str, Any]) -> str:
        """Return what the preset asks for; empty for a server on CPUs.

        Raises:
            FarmError: see :meth:`check`.
        """
        preset = ServerOptions.parse(options).preset
        return preset.minimum_driver if preset.gpu else ""

    def workers_per_gpu(self, options: dict[str, Any], wanted: int) -> int:
        """Return twelve where nothing is wanted: they share a server, and each has another document for it.

        Each needs a page in work, so there are no more than pages may be.

        Raises:
            FarmError: see :meth:`check`.
        """
        return min(wanted or WORKERS_PER_GPU, ServerOptions.parse(options).pages_in_flight)

    def output_options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return what changes the text: model, prompt, resolution and limits.

        Raises:
            FarmError: see :meth:`check`.
        """
        return ServerOptions.parse(options).for_hash()

    def weights_digest(self, options: dict[str, Any]) -> str:
        """Return the digest of the list that pins the model; empty where none does.

        Raises:
            FarmError: see :meth:`check`.
        """
        return ServerOptions.parse(options).weights_digest or ""


def _say(line: str) -> None:
    """Have what the server says where this worker's log goes."""
    sys.stderr.write(f"server: {line}\n")


SERVER = ServerKind()
