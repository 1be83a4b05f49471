# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.driver import require_driver

SAID = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  {}  Release Build  (root@host)\nGCC version:  11.5.0\n"


@pytest.mark.parametrize(("found", "minimum"), [("580.82.07", "580"), ("580.65.06", "580.65.06"), ("595.10", "580.65")])
def test_a_driver_that_is_new_enough_is_taken(tmp_path: Path, found: str, minimum: str) -> None:
    file = tmp_path / "version"
    file.write_text(SAID.format(found))
    require_driver(minimum, file)


def test_one_that_is_older_is_told_with_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "version"
    file.write_text(SAID.format("570.133.20"))
    with pytest.raises(
        GpuFault, match=r"driver 570\.133\.20 is too old .* needs 580 or later: set farm_driver_version"
    ):
        require_driver("580", file)


def test_a_machine_without_a_driver_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GpuFault, match="No NVIDIA driver is loaded"):
        require_driver("580", tmp_path / "version")
    (tmp_path / "version").write_text("nothing\n")
    with pytest.raises(GpuFault, match="does not say which driver"):
        require_driver("580", tmp_path / "version")
