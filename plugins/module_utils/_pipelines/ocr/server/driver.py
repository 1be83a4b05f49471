# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether NVIDIA's driver is new enough for what reads pages in an environment of its own, with a CUDA of its own."""

from __future__ import annotations

import re
from pathlib import Path

from ...driver import version_parts
from ...failures import GpuFault

VERSION_FILE = Path("/proc/driver/nvidia/version")
_VERSION = re.compile(r"\b\d+\.\d+(?:\.\d+)?\b")


def require_driver(minimum: str, file: Path = VERSION_FILE) -> None:
    """Check that the driver that is loaded is of this version or a later one.

    Args:
        minimum: as ``580`` or ``580.65``.
        file: in which the driver says what it is.

    Raises:
        GpuFault: it is older, or none is loaded.
    """
    try:
        said = file.read_text()
    except OSError as error:
        raise GpuFault(
            f"No NVIDIA driver is loaded ({error}), and what reads pages needs {minimum} or later."
        ) from error
    found = _VERSION.search(said)
    if found is None:
        raise GpuFault(f"{file} does not say which driver is loaded, and what reads pages needs {minimum} or later.")
    if version_parts(found[0]) < version_parts(minimum):
        raise GpuFault(
            f"NVIDIA's driver {found[0]} is too old for what reads pages, which needs {minimum} or later: set "
            "farm_driver_version, and configure the node again."
        )
