# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.summary import summarize
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document

SHORT = Document("s3://raw/short.pdf", 1, 100)
GIANT = Document("s3://raw/giant.pdf", 999, None)


def test_a_summary_is_json_with_all_numbers() -> None:
    summary = json.loads(summarize([[GIANT], [SHORT], []], [1.0, 1.0, 0.0], {"too_short": 2}).to_json([4]))

    assert summary["schema"] == 1
    assert summary["shards"][0] == {
        "shard": 1, "weight": 1.0, "documents": 1, "pages": 999, "bytes": 0, "share": 0.999
    }  # fmt: skip
    assert summary["totals"] == {"rows": 4, "documents": 2, "pages": 1000, "bytes": 100}
    assert summary["skipped"] == {"too_short": 2}
    assert summary["imbalance"] == summary["imbalance_lower_bound"] == 1.998
    assert summary["emptied"] == [4]


def test_a_document_larger_than_a_shard_is_pointed_out() -> None:
    (note,) = summarize([[GIANT], [SHORT]], [1.0, 1.0], {}).notes
    assert note.startswith("s3://raw/giant.pdf alone has 999 pages")


def test_nothing_to_do_is_pointed_out() -> None:
    assert summarize([[]], [1.0], {}).notes == ("The table has no row.",)
    assert "all 3 rows are skipped" in summarize([[]], [1.0], {"finished": 3}).notes[0]


def test_empty_shards_and_unknown_pages_are_pointed_out() -> None:
    unknown = Document("s3://raw/unknown.pdf", 0, 1)
    notes = " ".join(summarize([[SHORT, unknown], []], [1.0, 1.0], {}).notes)
    assert "1 of 2 shards are empty" in notes
    assert "1 documents of 0 or unknown pages" in notes


def test_failed_reads_are_pointed_out_as_they_can_be_counted_again() -> None:
    assert "2 documents could not be read" in summarize([[SHORT]], [1.0], {"read_error": 2}).notes[0]
