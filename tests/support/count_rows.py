# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Page count rows with every kind of key: commas, quotes, line ends, other scripts and bytes that are not UTF-8."""

from __future__ import annotations

from hypothesis import strategies as st

from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import CountRow

_KEYS = st.binary(min_size=1, max_size=3) | st.text(
    alphabet=st.sampled_from('ab ,"\n\r/!λ\U0001f600'), min_size=1, max_size=4
).map(str.encode)
COUNTS = st.sampled_from(
    [(3, ""), (12, "repaired: xref rebuilt"), (None, 'corrupt: "no", trailer'), (None, "empty: 0 bytes")]
)


def rows(key: st.SearchStrategy[bytes] = _KEYS) -> st.SearchStrategy[CountRow]:
    """Return a strategy for rows of documents with such keys."""
    return st.builds(
        lambda key, size, etag, count: CountRow(
            "s3://b/" + key.decode("utf-8", "surrogateescape"), size, etag, count[0], count[1]
        ),
        key,
        st.none() | st.integers(min_value=0, max_value=10**13),
        st.sampled_from(["e", "e-2", 'x, "y"']),
        COUNTS,
    )
