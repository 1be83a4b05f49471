# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many counts in one integer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._text.fields import LETTERS, Field, unpack

_COUNTS = st.dictionaries(st.sampled_from(Field), st.integers(0, 2**31 - 1))


@given(_COUNTS, _COUNTS)
def test_packed_counts_add_up_field_by_field(one: dict[Field, int], other: dict[Field, int]) -> None:
    packed = sum(field.value * count for counts in (one, other) for field, count in counts.items())
    assert unpack(packed) == {field: one.get(field, 0) + other.get(field, 0) for field in Field}


def test_each_script_with_a_table_has_a_field() -> None:
    assert {name: Field[name] for name in ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC")} == LETTERS
