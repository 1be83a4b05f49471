# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._nodes import driver
from ansible_collections.glossapi.farm.plugins.module_utils._nodes.driver import look
from tests.support.node_programs import Stub

RELEASE = "6.12.55-74.119.amzn2023.x86_64"
FOUR = "echo NVIDIA A10G; " * 4


@pytest.fixture
def stub(programs: Stub) -> Stub:
    """Write programs beside those that every test here needs."""
    programs("uname", f'[ "$1" = -r ] && echo {RELEASE}')
    programs("modinfo", f'[ "$*" = "-k {RELEASE} -F version nvidia" ] && echo 580.105.08')
    programs("nvidia-smi", FOUR)
    return programs


@pytest.mark.usefixtures("stub")
def test_exactly_the_expected_gpus_on_the_running_kernels_module_are_no_problem(tmp_path: Path) -> None:
    found = look(tmp_path)
    assert found.problem(4) == ""
    assert (found.kernel, found.module_version, len(found.gpus)) == (RELEASE, "580.105.08", 4)
    assert found.is_installed


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("expected", [3, 5, 0])
def test_one_gpu_too_many_or_too_few_is_a_problem(tmp_path: Path, expected: int) -> None:
    assert f"reports 4 GPUs, not {expected}: NVIDIA A10G" in look(tmp_path).problem(expected)


def test_a_module_that_dkms_did_not_build_is_told_from_a_driver_that_is_not_installed(
    stub: Stub, tmp_path: Path
) -> None:
    stub("modinfo", "echo modinfo: ERROR: Module nvidia not found. >&2; exit 1")
    assert look(tmp_path).problem(4).startswith("The driver is not installed: there is no NVIDIA module")
    source = tmp_path / "usr/src/nvidia-580.1/dkms.conf"
    source.parent.mkdir(parents=True)
    source.touch()
    assert f"See `dkms autoinstall -k {RELEASE}`." in look(tmp_path).problem(4)
    for number, name in enumerate(("old", "new")):
        log = tmp_path / f"var/lib/dkms/nvidia/580.{number}/build/make.log"
        log.parent.mkdir(parents=True)
        log.write_text("first line\n" + "…\n" * 30 + f"nvidia.c:1: error: {name}\n")
        os.utime(log, (number, number))
    problem = look(tmp_path).problem(4)
    assert problem.startswith(
        f"dkms failed although dnf succeeded: there is no NVIDIA module for the running kernel {RELEASE}"
    )
    assert problem.endswith("nvidia.c:1: error: new")
    assert "580.1/build/make.log:" in problem
    assert "first line" not in problem
    assert not look(tmp_path).is_installed


def test_a_driver_that_does_not_answer_is_quoted(stub: Stub, tmp_path: Path) -> None:
    stub("nvidia-smi", "echo Failed to initialize NVML: Driver/library version mismatch; exit 18")
    found = look(tmp_path)
    assert "Driver/library version mismatch" in found.problem(4)
    assert found.gpus == ()
    assert found.is_installed


def test_a_driver_that_fails_without_a_word_is_a_problem_too(stub: Stub, tmp_path: Path) -> None:
    stub("nvidia-smi", "exit 9")
    assert "does not answer: status 9." in look(tmp_path).problem(0)


@pytest.mark.usefixtures("stub")
def test_a_missing_tool_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "bin/nvidia-smi").unlink()
    found = look(tmp_path)
    assert "There is no nvidia-smi" in found.problem(0)
    assert not found.is_installed


def test_a_tool_that_hangs_is_a_problem(stub: Stub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_SECONDS", 1)
    stub("nvidia-smi", f"exec {sys.executable} -c 'import time; time.sleep(60)'")
    assert "did not end within 1 s" in look(tmp_path).problem(4)


@pytest.mark.usefixtures("stub")
def test_the_persistence_daemon_is_found_by_its_unit(tmp_path: Path) -> None:
    assert not look(tmp_path).has_daemon
    unit = tmp_path / "usr/lib/systemd/system/nvidia-persistenced.service"
    unit.parent.mkdir(parents=True)
    unit.touch()
    assert look(tmp_path).has_daemon


def test_a_machine_without_uname_is_an_error(stub: Stub, tmp_path: Path) -> None:
    stub("uname", "echo no; exit 1")
    with pytest.raises(FarmError, match="uname -r failed: no"):
        look(tmp_path)
