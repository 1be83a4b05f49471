# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from math import inf, nan

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._cutting.options import CutOptions, shard_weights
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError


def test_shards_without_weights_are_equally_fast() -> None:
    assert shard_weights(3, None) == shard_weights(3, []) == (1.0, 1.0, 1.0)


@pytest.mark.parametrize(("shards", "weights"), [(0, None), (-1, None), (2, [1.0]), (2, [1.0, 1.0, 1.0])])
def test_shards_and_weights_must_agree(shards: int, weights: list[float] | None) -> None:
    with pytest.raises(FarmError, match="shards"):
        shard_weights(shards, weights)


@pytest.mark.parametrize("weight", [-1.0, nan, inf, 1e-9, 1e12])
def test_a_weight_must_be_a_speed(weight: float) -> None:
    with pytest.raises(FarmError, match="shard 2 has"):
        CutOptions(weights=(1.0, weight))


def test_one_shard_at_least_must_get_documents() -> None:
    with pytest.raises(FarmError, match="every shard has 0"):
        CutOptions(weights=(0.0, 0.0))


@pytest.mark.parametrize("pages", [0, -1, 10**9])
def test_a_piece_must_have_pages(pages: int) -> None:
    with pytest.raises(FarmError, match=f"piece_pages is {pages}: it must be from 1 to"):
        CutOptions(piece_pages=pages)


def test_pieces_have_neither_weights_nor_a_limit() -> None:
    with pytest.raises(FarmError, match="weights: a cut of pieces has none"):
        CutOptions((1.0,), piece_pages=5)
    with pytest.raises(FarmError, match="limit_per_shard: a cut of pieces has none"):
        CutOptions(piece_pages=5, limit_per_shard=1)


def test_limits_must_be_possible() -> None:
    with pytest.raises(FarmError, match="min_pages is -1"):
        CutOptions(weights=(1.0,), min_pages=-1)
    with pytest.raises(FarmError, match="limit_per_shard is 0"):
        CutOptions(weights=(1.0,), limit_per_shard=0)
