# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kernels of Amazon Linux 2023: which are installed, and what their packages are called.

Runs on a node's own Python, 3.9.
"""

from __future__ import annotations

import re
from pathlib import Path

from .._errors import FarmError

# As in 6.1.158-178.288.amzn2023.x86_64: version, and what orders builds of one version.
_RELEASE = re.compile(r"(\d+)\.(\d+)\.\d+-\S+\.(?:x86_64|aarch64)")
# The kernel that Amazon Linux 2023 came with has plain package names; each later line has its own since
# release 2023.8.20250721 (docs.aws.amazon.com/linux/al2023/release-notes).
_PLAIN = (6, 1)
_SUBPACKAGES = ("devel", "modules-extra")
_IMAGE = "vmlinuz-"


def kernel_packages(release: str) -> list[str]:
    """Return the packages, with their version, that building and loading modules for this kernel needs.

    Args:
        release: what ``uname -r`` says.

    Raises:
        FarmError: it is not a kernel of Amazon Linux 2023.
    """
    match = _RELEASE.fullmatch(release)
    if match is None or ".amzn2023." not in release:
        raise FarmError(
            f"The running kernel {release!r} is not one of Amazon Linux 2023, so its packages are not known: use an "
            "image of Amazon Linux 2023, or one that brings a working NVIDIA driver."
        )
    line = (int(match[1]), int(match[2]))
    name = "kernel" if line == _PLAIN else f"kernel{line[0]}.{line[1]}"
    return [f"{name}-{subpackage}-{release}" for subpackage in _SUBPACKAGES]


def newest_kernel(releases: list[str]) -> str:
    """Return the newest of these kernels, which is the one the next boot takes; an empty string for none."""
    return max(releases, key=_order, default="")


def installed_kernels(boot: Path) -> list[str]:
    """Return the releases of the kernels in ``/boot``, without rescue images."""
    names = (path.name[len(_IMAGE) :] for path in boot.glob(f"{_IMAGE}*"))
    return sorted(name for name in names if _RELEASE.fullmatch(name))


def _order(release: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", release.partition(".amzn")[0])]
