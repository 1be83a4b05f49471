# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.machine_kind import (
    kind_of_gpus,
    machine_kind,
)
from emulators.imds import ImdsServer


def install(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.server
def test_an_instance_of_ec2_is_of_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_EC2_METADATA_DISABLED")
    with ImdsServer() as imds:
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", imds.endpoint_url)
        identity = {"instanceId": "i-1", "availabilityZone": "us-east-1a", "pendingTime": "2026-11-24T12:00:00Z"}
        imds.identify({**identity, "instanceType": "g5.12xlarge"})
        assert machine_kind() == "g5.12xlarge"


def test_another_machine_is_of_its_gpus_or_of_its_cpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert machine_kind() == f"{os.cpu_count()}-cpus"
    install(tmp_path, "echo NVIDIA A10G; echo NVIDIA A10G", monkeypatch)
    assert machine_kind() == "2-NVIDIA-A10G"


def test_a_driver_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "echo no devices; exit 6", monkeypatch)
    with pytest.raises(FarmError, match=r"nvidia-smi does not name the GPUs .* status 6: no devices"):
        machine_kind()


def test_a_machine_with_several_models_has_all_of_them_in_its_name() -> None:
    assert kind_of_gpus("Tesla T4\nNVIDIA L4/24\nTesla T4\n") == "1-NVIDIA-L4-24-2-Tesla-T4"
