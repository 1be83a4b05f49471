# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.driver import CUDA_12, driver_problem


@pytest.mark.parametrize(
    ("version", "least"),
    [("580.105.08", "580"), ("580", "580.65.06"), ("580.65.06", "580.65.06"), ("1000.1", "580"), ("470", "")],
)
def test_a_driver_is_new_enough_by_its_numbers_and_a_branch_by_its_newest(version: str, least: str) -> None:
    assert driver_problem(version, {"server": least}) == ""


@pytest.mark.parametrize(("version", "least"), [("570", "580.65"), ("580.65.05", "580.65.06"), ("99", CUDA_12)])
def test_one_that_is_too_old_is_told_with_what_needs_which(version: str, least: str) -> None:
    problem = driver_problem(version, {"server": least, "pdftext": "", "tesseract": "1"})
    assert problem == f"NVIDIA's driver {version} is too old: server needs {least} or newer."


def test_all_that_need_a_newer_one_are_named() -> None:
    problem = driver_problem("470", {"server": "580", "glossapi": CUDA_12})
    assert problem.endswith("glossapi needs 525 or newer and server needs 580 or newer.")


@pytest.mark.parametrize(("version", "least"), [("open", "580"), ("580", "13.x"), ("580*", "580")])
def test_what_is_no_version_is_told(version: str, least: str) -> None:
    with pytest.raises(FarmError, match="is no version of NVIDIA's driver"):
        driver_problem(version, {"server": least})
