# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import UnreadableRecordError
from ansible_collections.glossapi.farm.plugins.module_utils._records.comparison import (
    BackendRun,
    Reading,
    readings_from_jsonl,
    readings_to_jsonl,
)


def test_readings_are_a_line_each_whatever_their_texts_have() -> None:
    readings = (Reading(1, "one\n\u2028two\x85three\x00"), Reading(2), Reading(3, failure="too late"))
    lines = readings_to_jsonl(readings)
    assert lines.count(b"\n") == 3
    assert readings_from_jsonl(lines, "s3://there") == readings
    assert readings_from_jsonl(b"", "s3://there") == ()


def test_half_a_line_is_no_reading() -> None:
    with pytest.raises(UnreadableRecordError, match=r"^s3://there is not what a backend read on a page"):
        readings_from_jsonl(readings_to_jsonl([Reading(1), Reading(2)])[:-9], "s3://there")


def test_a_run_on_a_node_without_a_slot_cannot_be_read() -> None:
    assert BackendRun.from_json(BackendRun(slots=4).to_json(), "s3://there").slots == 4
    with pytest.raises(UnreadableRecordError, match=r"^s3://there is not how a backend did in .* \(slots is 0, and"):
        BackendRun.from_json(BackendRun(slots=0).to_json(), "s3://there")
