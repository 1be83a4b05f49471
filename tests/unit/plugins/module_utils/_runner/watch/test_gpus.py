# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.gpus import (
    Gpu,
    Listing,
    is_installed,
    named,
    names_of,
    parse_gpus,
    read_gpus,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.xids import PciAddress
from tests.support.machine import GpuMachine

ANSWER = """\
0, GPU-1111, 00000000:00:1B.0, 97, 18211, 23028, 61
1, GPU-2222, 00000000:00:1C.0, [N/A], [GPU requires reset], 23028, [Unknown Error]
"""
FIRST = Gpu(0, "GPU-1111", PciAddress(0, 0, 0x1B), 97, 18211, 23028, 61)
SECOND = Gpu(1, "GPU-2222", PciAddress(0, 0, 0x1C), None, None, 23028, None)


def install(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_gpus_are_read_with_what_the_driver_does_not_say_left_open() -> None:
    assert parse_gpus(ANSWER) == [FIRST, SECOND]
    assert parse_gpus("") == []


@pytest.mark.parametrize("text", ["No devices were found", "Unable to determine the device handle for GPU 0", "0, 1"])
def test_another_answer_is_passed_on(text: str) -> None:
    with pytest.raises(FarmError, match=text):
        parse_gpus(text)


def test_a_slot_names_its_gpus_as_cuda_does() -> None:
    assert names_of("0, 1") == ["0", "1"]
    assert names_of("0,1:2") == ["0", "1"]
    assert names_of("") == []
    gpus = [FIRST, SECOND]
    assert named("1", gpus) is SECOND
    assert named("GPU-2222", gpus) is SECOND
    assert named("7", gpus) is None


def test_nvidia_smi_is_asked_for_what_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = tmp_path / "answer"
    answer.write_text(ANSWER)
    fields = "index,uuid,pci.bus_id,utilization.gpu,memory.used,memory.total,temperature.gpu"
    script = f'[ "$*" = "--query-gpu={fields} --format=csv,noheader,nounits" ] && cat {answer}'
    install(tmp_path, script, monkeypatch)
    assert is_installed()
    assert asyncio.run(read_gpus([])) == Listing((FIRST, SECOND), {})


def test_a_lost_gpu_does_not_hide_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = GpuMachine(tmp_path, monkeypatch)
    machine.lose(1)
    listing = asyncio.run(read_gpus(["0", "1"]))
    assert [gpu.index for gpu in listing.gpus] == [0]
    assert list(listing.errors) == ["1"]
    assert "status 15: Unable to determine the device handle" in listing.errors["1"]


def test_a_machine_without_the_driver_has_no_nvidia_smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not is_installed()
    assert "cannot be run" in asyncio.run(read_gpus(["0"])).errors["0"]
