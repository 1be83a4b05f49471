# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What single characters are."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._text.characters import BASES, KINDS, SCRIPTS, Kind


@pytest.mark.parametrize(
    ("char", "kind"),
    [
        ("a", Kind.LETTER),
        ("ᾅ", Kind.LETTER),
        ("中", Kind.LETTER),
        ("\u00b5", Kind.LETTER),
        ("\u2206", Kind.LETTER),
        ("\U0001d6fc", Kind.PLAIN),
        ("ℝ", Kind.PLAIN),
        ("\u0301", Kind.MARK),
        ("\u00ad", Kind.MARK),
        ("7", Kind.DIGIT),
        ("«", Kind.PLAIN),
        ("→", Kind.PLAIN),
        ("¦", Kind.ODD),
        ("º", Kind.ODD),
        ("¨", Kind.ACCENT),
        ("\ufffd", Kind.LOST),
        ("\uf0b7", Kind.PRIVATE),
        ("\x03", Kind.CONTROL),
        ("\ud800", Kind.CONTROL),
    ],
)
def test_a_character_is_of_a_kind(char: str, kind: Kind) -> None:
    assert KINDS[char] is kind


@pytest.mark.parametrize(
    ("char", "script"),
    [("é", "LATIN"), ("ά", "GREEK"), ("\u2126", "GREEK"), ("ж", "CYRILLIC"), ("中", "CJK"), ("Ａ", "LATIN")],
)
def test_a_letter_has_a_script(char: str, script: str) -> None:
    assert SCRIPTS[char] == script


@pytest.mark.parametrize(
    ("char", "base"), [("é", "e"), ("ᾅ", "α"), ("ς", "σ"), ("ß", "ss"), ("ﬁ", "fi"), ("\u00b5", "μ"), ("й", "и")]
)
def test_a_letter_has_a_base_without_accents(char: str, base: str) -> None:
    assert BASES[char] == base
