# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.glossapi.farm.plugins.module_utils._records.machine import GpuSample, MachineSample
from ansible_collections.glossapi.farm.plugins.module_utils._records.progress import Progress
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.watch.metrics import sample_machine, to_prometheus
from tests.support.machine import GpuMachine
from tests.support.progress import make_progress

SLOTS = ("0", "1")
PROGRESS = make_progress(
    shard=2,
    updated_at=2.5,
    documents=6,
    pages=60,
    done=3,
    pages_done=30,
    failed=2,
    pages_failed=20,
    pages_per_second=0.5,
    helped=7,
    failures={"timeout": 2},
    slots={"0": "s3://raw/a.pdf", 'odd"slot\n': ""},
    drained={'odd"slot\n': "torch sees 0 GPUs"},
    machine=MachineSample(2.0, (GpuSample(0, 97.0, 18211.0, 23028.0, 61.0), GpuSample(1, *[None] * 4)), 100, 50),
)


def samples(progress: Progress) -> dict[tuple[str, str], float]:
    """Return the numbers by name and by the label beside shard and stage, as Prometheus reads them."""
    found = {}
    for family in text_string_to_metric_families(to_prometheus(progress, Stage.OCR).decode()):
        assert family.type == "gauge"
        assert family.documentation
        for sample in family.samples:
            labels = dict(sample.labels)
            assert (labels.pop("shard"), labels.pop("stage")) == ("2", "ocr")
            found[sample.name.removeprefix("glossapi_farm_"), "".join(labels.values())] = sample.value
    return found


def test_prometheus_reads_what_the_supervisor_knows() -> None:
    assert samples(PROGRESS) == {
        ("documents", "done"): 3,
        ("documents", "failed"): 2,
        ("documents", "pending"): 1,
        ("pages", "done"): 30,
        ("pages", "failed"): 20,
        ("pages", "pending"): 10,
        ("failures", "timeout"): 2,
        ("helped_documents", ""): 7,
        ("pages_per_second", ""): 0.5,
        ("supervisor_state", "running"): 1,
        ("supervisor_state", "stopped"): 0,
        ("supervisor_state", "finished"): 0,
        ("supervisor_state", "failed"): 0,
        ("supervisor_state", "broken"): 0,
        ("slot_busy", "0"): 1,
        ("slot_busy", 'odd"slot\n'): 0,
        ("slot_drained", "0"): 0,
        ("slot_drained", 'odd"slot\n'): 1,
        ("updated_timestamp_seconds", ""): 2.5,
        ("disk_size_bytes", ""): 100,
        ("disk_free_bytes", ""): 50,
        ("gpu_utilization_ratio", "0"): 0.97,
        ("gpu_memory_used_bytes", "0"): 18211 * 1024**2,
        ("gpu_memory_size_bytes", "0"): 23028 * 1024**2,
        ("gpu_temperature_celsius", "0"): 61,
    }


def test_a_machine_that_was_not_looked_at_yet_has_no_metrics() -> None:
    assert not {name for name, _label in samples(replace(PROGRESS, machine=None)) if name.startswith(("disk", "gpu"))}


def install(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_sample_has_its_time_the_gpus_and_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "echo '0, GPU-a, 00000000:00:1B.0, 97, 18211, 23028, 61'", monkeypatch)
    before = time.time()
    sample = asyncio.run(sample_machine(tmp_path, SLOTS))
    assert before <= sample.sampled_at <= time.time()
    assert sample.gpus == (GpuSample(0, 97, 18211, 23028, 61),)
    assert 0 < sample.disk_free_bytes < sample.disk_bytes


def test_a_machine_without_gpus_has_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert asyncio.run(sample_machine(tmp_path, SLOTS)).gpus == ()


def test_a_gpu_that_does_not_answer_is_told_of_once_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    GpuMachine(tmp_path, monkeypatch).lose(1)
    for _time in range(2):
        assert [gpu.index for gpu in asyncio.run(sample_machine(tmp_path, SLOTS)).gpus] == [0]
    (record,) = caplog.records
    assert record.getMessage().startswith("GPU 1 cannot be sampled: nvidia-smi ended with status 15")
