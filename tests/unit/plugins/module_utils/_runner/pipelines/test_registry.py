# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.pipelines.registry import (
    NAMES,
    check_options,
    worker_environment,
)


def test_an_unknown_pipeline_is_refused_with_those_there_are() -> None:
    assert NAMES == ("command", "pdftext")
    with pytest.raises(FarmError, match="choose one of command, pdftext"):
        check_options("glosapi", {})


def test_each_pipeline_checks_its_own_options() -> None:
    check_options("pdftext", {})
    check_options("command", {"command": "true"})
    with pytest.raises(FarmError, match="needs the option command"):
        check_options("command", {})


def test_a_worker_sees_the_gpu_that_nvidia_smi_knows_by_its_slots_name() -> None:
    environment = worker_environment("3")
    assert environment == {"CUDA_VISIBLE_DEVICES": "3", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
