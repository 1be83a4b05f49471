# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a version of NVIDIA's driver is new enough for what pipelines and OCR backends bring along of CUDA."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .._errors import FarmError

# The least branch for any CUDA 12 and for any CUDA 13 (docs.nvidia.com/deploy/cuda-compatibility).
CUDA_12 = "525"
CUDA_13 = "580"
_VERSION = re.compile(r"\d+(?:\.\d+)*")


def driver_problem(version: str, needs: Mapping[str, str]) -> str:
    """Return what a driver is too old for, as a sentence; empty where it is new enough.

    Args:
        version: of the driver, as ``580.105.08``, or a branch of it, as ``580``.
        needs: the least version by the name of what needs it; empty for any.

    Raises:
        FarmError: one of them is no version.
    """
    older = {name: least for name, least in needs.items() if least and _is_older(version, least)}
    if not older:
        return ""
    named = " and ".join(f"{name} needs {least} or newer" for name, least in sorted(older.items()))
    return f"NVIDIA's driver {version} is too old: {named}."


def _is_older(version: str, least: str) -> bool:
    has, wanted = version_parts(version), version_parts(least)
    # Of a branch its newest version will be installed.
    return has < wanted[: len(has)]


def version_parts(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, by which versions are compared.

    Raises:
        FarmError: it is none.
    """
    if _VERSION.fullmatch(version) is None:
        raise FarmError(f"{version!r} is no version of NVIDIA's driver: give a branch, as 580, or numbers with dots.")
    return tuple(map(int, version.split(".")))
