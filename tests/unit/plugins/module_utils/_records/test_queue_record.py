# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.glossapi.farm.plugins.module_utils._records.queue_record import QueueRecord


def test_a_queue_that_was_never_filled_has_no_generation_and_nothing_was_sent() -> None:
    record = QueueRecord.from_json(b"{}", "s3://r/status/_queue/text.json")
    assert (record.generation, record.sent, record.sending) == (0, (), ())


def test_what_was_sent_is_read_as_it_was_written() -> None:
    record = QueueRecord(2, "etag", (1, 3), (4,), "crash x1", 1764000000.0)
    assert QueueRecord.from_json(record.to_json(), "there") == record
