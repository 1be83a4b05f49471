# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._nodes.kernel import (
    installed_kernels,
    kernel_packages,
    newest_kernel,
)


@pytest.mark.parametrize(
    ("release", "prefix"),
    [
        ("6.1.158-178.288.amzn2023.x86_64", "kernel"),
        ("6.12.55-74.119.amzn2023.x86_64", "kernel6.12"),
        ("6.18.2-7.9.amzn2023.aarch64", "kernel6.18"),
    ],
)
def test_each_line_of_kernels_has_its_own_package_names(release: str, prefix: str) -> None:
    assert kernel_packages(release) == [f"{prefix}-devel-{release}", f"{prefix}-modules-extra-{release}"]


@pytest.mark.parametrize("release", ["6.8.0-1021-aws", "", "6.1.158", "5.14.0-427.el9.x86_64"])
def test_a_kernel_of_another_system_is_refused(release: str) -> None:
    with pytest.raises(FarmError, match="image of Amazon Linux 2023"):
        kernel_packages(release)


def test_the_newest_kernel_is_found_by_number_not_by_letter() -> None:
    releases = [
        "6.12.9-7.8.amzn2023.x86_64",
        "6.12.10-1.1.amzn2023.x86_64",
        "6.12.10-1.12.amzn2023.x86_64",
        "6.12.10-1.9.amzn2023.x86_64",
        "6.1.158-178.288.amzn2023.x86_64",
    ]
    assert newest_kernel(releases) == "6.12.10-1.12.amzn2023.x86_64"
    assert newest_kernel([]) == ""


def test_rescue_images_are_no_kernels(tmp_path: Path) -> None:
    release = "6.12.55-74.119.amzn2023.x86_64"
    for name in (f"vmlinuz-{release}", "vmlinuz-0-rescue-8d2fa5e1", f"config-{release}", "vmlinuz"):
        (tmp_path / name).touch()
    assert installed_kernels(tmp_path) == [release]
