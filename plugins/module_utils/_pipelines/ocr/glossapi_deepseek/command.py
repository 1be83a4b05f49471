# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How glossAPI's script is started: its command line, below the launcher's, and its environment."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from pathlib import Path

from ..server.keeper import server_environment
from . import launcher
from .options import DeepSeekOptions

# In the process's folder.
INPUT, OUTPUT, TEMPORARY = "input", "output", "tmp"
# In the first of these. The script names what it writes after it.
FILE = "document.pdf"


def command(options: DeepSeekOptions, model: Path, folder: Path, descriptor: int) -> list[str]:
    """Return the command that starts the script by the launcher.

    Args:
        options: of the backend.
        model: the model's folder.
        folder: the process's own.
        descriptor: of what the launcher tells things by.
    """
    arguments = {
        "--input-dir": folder / INPUT,
        "--output-dir": folder / OUTPUT,
        "--model-dir": model,
        "--ocr-profile": "markdown_grounded",
        "--repair-mode": "auto",
        "--render-dpi": options.render_dpi,
        "--max-new-tokens": options.max_new_tokens,
        "--batch-size": options.batch_size,
        "--gpu-memory-utilization": options.gpu_memory_utilization,
        "--worker-id": "worker",
        # A document that ends it is tried again by the farm, which knows what else was going on.
        "--work-max-attempts": 1,
    }
    words = [str(word) for argument in arguments.items() for word in argument]
    # As an argument and no file: where this library comes from an archive there is none.
    start = [str(options.python), "-c", inspect.getsource(launcher), str(descriptor)]
    return [*start, str(options.script), str(Path(options.checkout) / "src"), str(folder / "queue.db"), *words]


def environment(options: DeepSeekOptions, folder: Path, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the script's environment: that of a server, with the Python environment's programs and CUDA's libraries.

    Args:
        options: of the backend.
        folder: the process's own.
        inherited: the worker's.
    """
    variables = server_environment(inherited, folder / TEMPORARY)
    root = Path(options.environment)
    # CUDA's libraries that came with the packages, which vLLM's own processes look for.
    libraries = [str(path) for path in sorted(root.glob("lib/python*/site-packages/nvidia/*/lib"))]
    found = [*libraries, *filter(None, [variables.get("LD_LIBRARY_PATH")])]
    return {
        **variables,
        "VIRTUAL_ENV": str(root),
        "PATH": os.pathsep.join([str(root / "bin"), variables.get("PATH", os.defpath)]),
        **({"LD_LIBRARY_PATH": os.pathsep.join(found)} if found else {}),
    }
