# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of languages."""

from __future__ import annotations

from collections.abc import Iterable

from .._errors import FarmError

_LANGUAGES = {
    "LATIN": "en de fr it es pt nl ro tr pl cs sk sl hr hu fi sv da no nb nn is et lv lt sq la ca eu gl ga id vi",
    "GREEK": "el grc",
    "CYRILLIC": "ru uk bg mk be sr",
    "HEBREW": "he yi",
    "ARABIC": "ar fa ur",
    "CJK": "zh ja ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "COPTIC": "cop",
    "SYRIAC": "syr",
    "DEVANAGARI": "hi sa",
    "THAI": "th",
}
_KNOWN = {code for codes in _LANGUAGES.values() for code in codes.split()}


def scripts_of(languages: Iterable[str]) -> frozenset[str]:
    """Return the scripts that languages are written in, as Unicode names them.

    Args:
        languages: codes of ISO 639-1, or 639-2 where there is none.

    Raises:
        FarmError: a language is not known, or there is none.
    """
    wanted = set(languages)
    unknown = sorted(wanted - _KNOWN)
    if unknown or not wanted:
        raise FarmError(
            f"The languages of the text have {', '.join(map(repr, unknown)) or 'no code'}: "
            f"name one or more of {', '.join(sorted(_KNOWN))}."
        )
    return frozenset(script for script, codes in _LANGUAGES.items() if wanted & set(codes.split()))
