# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many counts in one integer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._text.fields import LETTERS, ONE, Counts, unpack
from ansible_collections.glossapi.farm.plugins.module_utils._text.trigrams import MODELLED

_COUNTS = st.builds(Counts, *[st.integers(0, 2**31 - 1)] * len(Counts._fields))


@given(_COUNTS, _COUNTS)
def test_packed_counts_add_up_field_by_field(one: Counts, other: Counts) -> None:
    packed = sum(unit * count for counts in (one, other) for unit, count in zip(ONE, counts, strict=True))
    assert unpack(packed) == tuple(map(sum, zip(one, other, strict=True)))


def test_each_script_with_a_table_has_a_field() -> None:
    assert LETTERS.keys() == MODELLED
    assert all(
        unpack(letter) == Counts(*[0] * len(ONE))._replace(**{name.lower(): 1}) for name, letter in LETTERS.items()
    )
