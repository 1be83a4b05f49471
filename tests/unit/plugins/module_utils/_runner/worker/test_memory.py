# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import psutil
import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.memory import memory_limit
from tests.support.config import a_config


def test_workers_share_the_machines_memory_and_one_that_is_alone_has_all_of_it() -> None:
    config = a_config(slots=("0", "1", "2", "3"))
    total = psutil.virtual_memory().total
    assert memory_limit(config, alone=False) == pytest.approx(0.9 * total / 4, rel=0.01)
    assert memory_limit(config, alone=True) == pytest.approx(0.9 * total, rel=0.01)


def test_workers_that_share_a_gpu_share_the_memory_too() -> None:
    alone, shared = (
        memory_limit(a_config(pipeline="glossapi", workers_per_gpu=workers), alone=False) for workers in (1, 3)
    )
    assert alone // 3 == shared


def test_what_the_operator_says_holds_for_every_document() -> None:
    config = a_config(worker_memory_bytes=1 << 30)
    assert {memory_limit(config, alone=alone) for alone in (False, True)} == {1 << 30}
