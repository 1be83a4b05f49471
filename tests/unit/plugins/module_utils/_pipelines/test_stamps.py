# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a repository prints on each page of a scan is not the page's text."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_text import PageText, TextSource
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.stamps import without_stamps
from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import Verdict
from tests.support.page_kinds import drawing, joined, pictured, scribbled

STAMP = "Library of the University\n09/12/2017 12:37:0{} - 192.0.2.{}"


def pages(*texts: str) -> list[PageText]:
    return [PageText(text, TextSource.LAYER, bool(text), number) for number, text in enumerate(texts, start=1)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Four pages, the last of which shows no picture."""
    path = tmp_path / "a.pdf"
    path.write_bytes(joined(*[pictured(scribbled(seed)) for seed in range(3)], drawing("A")))
    return path


def test_a_scan_with_a_stamp_on_each_page_has_no_text(source: Path) -> None:
    found = without_stamps(pages(*(STAMP.format(number, number) for number in range(4))), source)
    assert [page.quality.verdict for page in found] == [Verdict.EMPTY] * 3 + [Verdict.GOOD]


def test_a_page_with_a_line_of_its_own_keeps_all_of_them(source: Path) -> None:
    stamps = [STAMP.format(number, number) for number in range(4)]
    stamps[1] += "\nΕικόνα 3. Ο χάρτης."
    found = without_stamps(pages(*stamps), source)
    assert [bool(page.text) for page in found] == [False, True, False, True]
    assert found[1].text == stamps[1]


@pytest.mark.parametrize(
    "texts",
    [
        ("Παράρτημα Α", "Παράρτημα Α", "Χάρτες", "Πίνακες"),
        ("στήλη " * 90, "στήλη " * 90, "στήλη " * 90, ""),
        ("", "", "", ""),
    ],
)
def test_what_few_pages_share_and_long_pages_stay_as_they_are(texts: tuple[str, ...], source: Path) -> None:
    assert without_stamps(pages(*texts), source) == tuple(pages(*texts))


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ([STAMP, STAMP], [False, False]),
        ([STAMP, STAMP + "\nΕικόνα 3. Ο χάρτης."], [False, True]),
        (["Χάρτης 1", "Χάρτης 2"], [True, True]),
        ([STAMP], [True]),
    ],
    ids=["stamped", "a line of its own", "plates", "a single page"],
)
def test_two_pages_are_stamped_where_both_say_the_same_line(texts: list[str], kept: list[bool], source: Path) -> None:
    assert [bool(page.text) for page in without_stamps(pages(*texts), source)] == kept
