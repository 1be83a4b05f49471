# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which kind of machine this is: what was measured on one is taken for all of its kind."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from contextlib import suppress

from ..._aws.metadata import metadata_service, read_instance
from ..._children.programs import ask
from ..._errors import FarmError
from .gpus import PROGRAM, is_installed

_ARGUMENTS = ("--query-gpu=name", "--format=csv,noheader")
_SECONDS = 30.0
_UNFIT_FOR_A_NAME = re.compile(r"[^A-Za-z0-9.]+")


def machine_kind() -> str:
    """Return the instance's type, as ``g5.12xlarge``; elsewhere its GPUs, or how many CPUs it has.

    Raises:
        FarmError: there are GPUs, and nvidia-smi does not name them.
    """
    service = metadata_service()
    # Nobody answers where this is no instance of EC2.
    with suppress(OSError, ValueError):
        if service is not None:
            return read_instance(service).type
    return asyncio.run(_gpu_models()) if is_installed() else f"{os.cpu_count()}-cpus"


async def _gpu_models() -> str:
    answer = await ask(PROGRAM, *_ARGUMENTS, seconds=_SECONDS)
    if answer.status:
        said = f"{answer.output} {answer.errors}".strip()
        raise FarmError(f"{PROGRAM} does not name the GPUs but ended with status {answer.status}: {said[:500]}")
    return kind_of_gpus(answer.output)


def kind_of_gpus(names: str) -> str:
    """Return a name for a machine with GPUs of these models, a model a line: ``4-NVIDIA-A10G``."""
    models = Counter(_UNFIT_FOR_A_NAME.sub("-", name.strip()) for name in names.splitlines() if name.strip())
    return "-".join(f"{count}-{model}" for model, count in sorted(models.items()))
