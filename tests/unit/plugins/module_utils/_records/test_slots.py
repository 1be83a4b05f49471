# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.slots import by_reason, gpu_of, slot_names


def test_a_worker_that_has_a_gpu_to_itself_is_called_as_the_gpu() -> None:
    assert slot_names(["0", "1"], 1) == ("0", "1")


def test_few_documents_are_spread_over_the_gpus() -> None:
    assert slot_names(["0", "1"], 2) == ("0:1", "1:1", "0:2", "1:2")


def test_each_slot_knows_its_gpu() -> None:
    for gpus in (("0", "1"), ("GPU-8932f937", "MIG-GPU-8932f937/1/0"), ("0,1", "2")):
        for workers in (1, 3):
            names = slot_names(gpus, workers)
            assert len(set(names)) == len(gpus) * workers
            assert [gpu_of(name) for name in names] == list(gpus) * workers


def test_slots_of_a_gpu_that_work_no_more_for_one_reason_are_told_together() -> None:
    drained = {"1:2": "Xid 79", "0:2": "no start", "1:1": "Xid 79", "0:1": "no model"}
    assert by_reason(drained) == [("0:1", "no model"), ("0:2", "no start"), ("1:1, 1:2", "Xid 79")]
    assert by_reason({"0": "Xid 79", "1": "Xid 79"}) == [("0", "Xid 79"), ("1", "Xid 79")]
