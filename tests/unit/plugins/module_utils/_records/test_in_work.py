# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.in_work import InWork


def test_what_was_in_work_when_a_supervisor_vanished_was_interrupted_once_more() -> None:
    vanished = InWork(True, ("s3://b/a.pdf", "s3://b/b.pdf"), {"s3://b/a.pdf": 1, "s3://b/c.pdf": 2})
    assert vanished.interrupted == {"s3://b/a.pdf": 2, "s3://b/b.pdf": 1, "s3://b/c.pdf": 2}


def test_what_a_supervisor_had_in_work_that_ended_in_order_was_not() -> None:
    assert InWork(False, ("s3://b/a.pdf",), {"s3://b/c.pdf": 1}).interrupted == {"s3://b/c.pdf": 1}
