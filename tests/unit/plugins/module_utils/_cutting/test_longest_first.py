# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.longest_first import (
    LongestFirst,
    deal_apart,
    deal_in_turn,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._records.work import Work

Dealt = tuple[bytes, int, bytes, int]
_KEYS = st.dictionaries(st.binary(min_size=1, max_size=3), st.sampled_from([0, 1, 2, 255, 256, 2**40]), max_size=20)


def work(key: bytes, pages: int, size: bytes = b"7") -> Work:
    return key, b"s3://b/" + key, pages, size


def singly(kinds: list[LongestFirst], weights: tuple[float, ...]) -> list[Dealt]:
    return [
        (uri, pages, size, shard)
        for uris, sizes, pages, shards in deal_apart(kinds, weights)
        for uri, size, shard in zip(uris, sizes, shards, strict=True)
    ]


def dealt(*kinds: dict[bytes, int]) -> list[Dealt]:
    taken = []
    for kind in kinds:
        longest = LongestFirst()
        longest.add([work(key, pages) for key, pages in kind.items()])
        taken.append(longest)
    return singly(taken, (1.0, 1.0))


@given(_KEYS, _KEYS)
def test_all_come_longest_first_then_by_uri_and_each_kind_in_equal_numbers_of_equal_pages(
    one: dict[bytes, int], other: dict[bytes, int]
) -> None:
    found = dealt(one, other)
    order = [(-pages, uri) for uri, pages, _size, _shard in found]
    assert order == sorted(order)
    assert len(found) == len(one) + len(other)
    assert sorted(dealt(one)) == sorted(each for each in dealt(one, {}))
    assert {size for _uri, _pages, size, _shard in found} <= {b"7"}


def test_two_kinds_are_dealt_each_for_itself() -> None:
    found = dealt({b"a": 5, b"c": 5}, {b"b": 5, b"d": 5})
    assert [(uri, shard) for uri, _pages, _size, shard in found] == [
        (b"s3://b/a", 0), (b"s3://b/b", 0), (b"s3://b/c", 1), (b"s3://b/d", 1)
    ]  # fmt: skip


def test_one_kind_after_the_other_fills_shards_that_are_its_own() -> None:
    pending, none, failed = LongestFirst(), LongestFirst(), LongestFirst()
    pending.add([work(b"a", 2), work(b"b", 9), work(b"c", 3)])
    failed.add([work(b"d", 8)])
    found = deal_in_turn([pending, none, failed], 6)
    assert [(list(uris), list(shards)) for uris, _sizes, _pages, shards in found] == [
        ([b"s3://b/b"], [0]), ([b"s3://b/c"], [1]), ([b"s3://b/a"], [1]), ([b"s3://b/d"], [2])
    ]  # fmt: skip


def test_a_size_that_is_not_known_stays_so_and_0_is_one() -> None:
    longest = LongestFirst()
    longest.add([work(b"a", 1, b""), work(b"b", 1, b"0")])
    assert [size for _uri, _pages, size, _shard in singly([longest], (1.0,))] == [b"", b"0"]
    assert (longest.documents, longest.pages) == (2, 2)


@pytest.mark.parametrize(("pages", "size"), [(2**64, b"1"), (1, b"%d" % 2**64)])
def test_what_no_document_can_have_is_refused(pages: int, size: bytes) -> None:
    with pytest.raises(FarmError, match=r"for 's3://b/a': count the pages again"):
        LongestFirst().add([work(b"a", pages, size)])
