# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

from ansible_collections.glossapi.farm.plugins.module_utils._cutting import summary
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions
from ansible_collections.glossapi.farm.plugins.module_utils._cutting.shard_file import ShardFile
from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._records.summary import Summary


def summarize(shards: list[list[Document]], weights: list[float], skipped: dict[str, int]) -> Summary:
    files = []
    for documents in shards:
        file = ShardFile()
        for uri, pages, size in documents:
            file.add([uri.encode()], pages, [b"" if size is None else b"%d" % size])
        files.append(file)
    return summary.summarize(files, CutOptions(tuple(weights)), skipped)


SHORT = Document("s3://raw/short.pdf", 1, 100)
GIANT = Document("s3://raw/giant.pdf", 999, None)


def test_a_summary_is_json_with_all_numbers() -> None:
    found = json.loads(summarize([[GIANT], [SHORT], []], [3.0, 1.0, 0.0], {"too_short": 2, "finished": 1}).to_json([4]))

    assert found["schema"] == 1
    assert found["shards"][0] == {
        "shard": 1, "weight": 3.0, "documents": 1, "pages": 999, "bytes": 0, "share": 0.999
    }  # fmt: skip
    assert found["totals"] == {"rows": 5, "documents": 2, "pages": 1000, "bytes": 100}
    assert found["skipped"] == {"finished": 1, "too_short": 2}
    assert found["imbalance"] == found["imbalance_lower_bound"] == 1.332
    assert found["emptied"] == [4]


def test_reasons_are_in_order_and_no_page_is_no_part_of_any() -> None:
    found = summarize([[Document("s3://raw/unknown.pdf", 0, 1)]], [1.0], {"too_short": 2, "finished": 1})
    assert list(found.skipped) == ["finished", "too_short"]
    assert found.shards[0].share == 0.0


def test_ratios_have_six_digits_and_bytes_are_those_of_all_shards() -> None:
    first = [Document("s3://raw/a.pdf", 4, 1), Document("s3://raw/b.pdf", 2, 1)]
    found = summarize([first, [SHORT]], [1.0, 1.0], {})
    assert [shard.share for shard in found.shards] == [0.857143, 0.142857]
    assert (found.imbalance, found.imbalance_lower_bound) == (1.714286, 1.142857)
    assert found.totals.bytes == 102


def test_a_document_larger_than_its_part_is_pointed_out() -> None:
    assert summarize([[GIANT], [SHORT]], [1.0, 1.0], {}).notes == (
        "s3://raw/giant.pdf alone has 999 pages, more than the 500 that are a shard's part.",
    )
    # The fastest node's part is the largest.
    assert summarize([[GIANT], [SHORT]], [3.0, 1.0], {}).notes == (
        "s3://raw/giant.pdf alone has 999 pages, more than the 750 that are a shard's part.",
    )
    assert summarize([[SHORT], [SHORT]], [1.0, 1.0], {}).notes == ()


def test_nothing_to_do_is_pointed_out() -> None:
    assert summarize([[]], [1.0], {}).notes == ("The table has no row.",)
    assert summarize([[]], [1.0], {"finished": 2, "too_short": 1}).notes == (
        "No document is left to process: all 3 rows are skipped.",
    )


def test_empty_shards_and_unknown_pages_are_pointed_out_but_no_shard_that_is_to_be_empty() -> None:
    unknown, usual = Document("s3://raw/unknown.pdf", 0, 1), Document("s3://raw/usual.pdf", 10, 100)
    assert summarize([[usual, unknown], [usual], [], []], [1.0, 1.0, 1.0, 0.0], {"too_short": 9}).notes == (
        "There are too few documents for every shard: 1 of 4 shards are empty.",
        "1 documents of 0 or unknown pages count as 0 pages: they are dealt by number and finish last.",
        "s3://raw/usual.pdf alone has 10 pages, more than the 7 that are a shard's part.",
        "s3://raw/usual.pdf alone has 10 pages, more than the 7 that are a shard's part.",
    )


def test_failed_reads_are_pointed_out_as_they_can_be_counted_again() -> None:
    assert summarize([[SHORT]], [1.0], {"read_error": 2, "too_short": 1}).notes == (
        "2 documents could not be read when they were counted: count the pages again.",
    )
