# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may tell text from garbage: each returns a number for a page that is higher the more it is text.

Ours, and ready packages: dictionaries (wordfreq, simplemma) and recognisers of languages (py3langid, lingua).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import LIMITS, assess

Contender = Callable[[str], float]

_WORD = re.compile(r"[^\W\d_]{2,}")
_LANGUAGES = ("el", "en", "de", "fr")


def ours() -> Contender:
    """Return the score of ``_text/quality.py``, whose limit is 0.5 whatever the development half would have."""
    return lambda text: assess(text).score


def wordfreq_words() -> Contender:
    """Return the share of words that wordfreq has in one of four languages."""
    from wordfreq import get_frequency_dict

    known = {word for language in _LANGUAGES for word in get_frequency_dict(language)}
    return lambda text: _share(known.__contains__, text)


def wordfreq_for_trigrams() -> Contender:
    """Return the share of words that wordfreq has, with all measures of ours but those that rest on trigrams."""
    known = wordfreq_words()

    def judge(text: str) -> float:
        measures = assess(text).measures
        others = sum(limit.excess(measures) ** 2 for limit in LIMITS if limit.measure not in ("surprise", "unlikely"))
        return known(text) if others < 1 else -1.0

    return judge


def simplemma_words() -> Contender:
    """Return the share of words that simplemma knows in one of four languages."""
    from simplemma import is_known

    return lambda text: _share(lambda word: is_known(word, lang=_LANGUAGES), text)


def py3langid_probability() -> Contender:
    """Return how sure py3langid is of one of four languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return lambda text: max(float(share) for name, share in identifier.rank(text) if name in _LANGUAGES)


def lingua_confidence() -> Contender:
    """Return how sure lingua is of the likeliest of its languages."""
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().build()
    return lambda text: max((value.value for value in detector.compute_language_confidence_values(text)), default=0.0)


def _share(is_known: Callable[[str], bool], text: str) -> float:
    words = _WORD.findall(text.lower())
    # As many as on any page without words: nothing speaks against it.
    return sum(map(is_known, words)) / len(words) if words else 1.0


CONTENDERS: dict[str, Callable[[], Contender]] = {
    "_text/quality": ours,
    "wordfreq in the place of trigrams": wordfreq_for_trigrams,
    "wordfreq": wordfreq_words,
    "simplemma": simplemma_words,
    "py3langid": py3langid_probability,
    "lingua": lingua_confidence,
}
