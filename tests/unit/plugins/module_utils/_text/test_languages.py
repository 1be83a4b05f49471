# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of languages."""

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._text.languages import scripts_of


def test_languages_have_the_scripts_they_are_written_in() -> None:
    assert scripts_of(["el", "en", "grc"]) == {"GREEK", "LATIN"}
    assert scripts_of(["ja"]) == {"CJK", "HIRAGANA", "KATAKANA"}


@pytest.mark.parametrize(("languages", "named"), [(["klingon", "el"], "'klingon'"), ([], "no code")])
def test_what_is_no_language_is_named(languages: list[str], named: str) -> None:
    with pytest.raises(FarmError, match=named):
        scripts_of(languages)
