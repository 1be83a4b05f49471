# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError, NotYetError
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts import (
    CountRow,
    encode_row,
    write_table,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.page_counts_source import (
    fetch_counts,
    lines_of,
    open_counts,
    rows_of,
)

ROWS = [CountRow("s3://raw/a\nb, c.pdf", None, "etag", 3, ""), CountRow("s3://raw/μ.pdf", 2, "etag", None, "empty: 0")]


def test_a_local_table_is_read(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_bytes(write_table(ROWS))
    table = fetch_counts(Mock(), str(tmp_path / "counts.csv"))
    assert list(rows_of(table(), "it")) == list(rows_of(table(), "it")) == ROWS


def test_a_malformed_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("uri,bytes,etag,pages,error\ns3://raw/a.pdf,1,e,many,\n")
    with pytest.raises(FarmError, match=r"counts\.csv: .*line 2.*'many'"):
        list(rows_of(open_counts(Mock(), str(tmp_path / "counts.csv")), "counts.csv"))


def test_a_missing_table_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotYetError, match=r"no page count table at .*none\.csv: count the pages first"):
        fetch_counts(Mock(), str(tmp_path / "none.csv"))


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match=r"Cannot read the page count table .*: Is a directory"):
        open_counts(Mock(), str(tmp_path))


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_the_lines_of_a_table_are_as_we_write_them_whoever_wrote_it(line_end: bytes) -> None:
    rows = [ROWS[1], ROWS[1]._replace(uri="s3://raw/x, y.pdf")]
    assert list(lines_of(write_table(rows).replace(b"\n", line_end), "it")) == list(map(encode_row, rows))


def test_the_lines_of_a_malformed_table_are_refused() -> None:
    with pytest.raises(FarmError, match="it: Not a page count table"):
        lines_of(b"rubbish", "it")
