# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write ``_text/trigram_tables.py`` from wordfreq 3.1: ``python -m benchmarks.quality.make_tables``.

For each script: how surprising a letter is after the two before it, in whole bits, over the word lists of the languages
that are written in it. A word counts by the fourth root of its frequency, between running text and a dictionary, so
that the words of a field count, too. Accents are left out: capitals of Greek have none, and polytonic Greek is then
read by the table of modern Greek.
"""

from __future__ import annotations

import base64
import math
import textwrap
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import wordfreq

from ansible_collections.glossapi.farm.plugins.module_utils._text.characters import ALPHABETS, BASES

_TARGET = Path(__file__).parents[2] / "plugins/module_utils/_text/trigram_tables.py"
# The languages of a script and their weights; the collection's own count most.
_LANGUAGES: dict[str, dict[str, float]] = {
    "LATIN": {
        "en": 3,
        "de": 2,
        "fr": 2,
        "it": 1,
        "es": 1,
        "pt": 0.5,
        "nl": 0.5,
        "ro": 0.5,
        "tr": 0.5,
        "pl": 0.5,
        "hu": 0.3,
    }
    | {"fi": 0.3, "sv": 0.3},
    "GREEK": {"el": 1},
    "CYRILLIC": {"ru": 2, "uk": 1, "bg": 1, "mk": 1},
    "HEBREW": {"he": 1},
    "ARABIC": {"ar": 1, "fa": 1},
}
_GREEKLISH_WEIGHT = 1.0
_GREEKLISH = {
    **dict(zip("αβγδεζηικλμνοπρστυφω", "avgdeziiklmnoprstyfo", strict=True)),
    "θ": "th",
    "ξ": "ks",
    "χ": "ch",
    "ψ": "ps",
}
_POWER = 0.25
# Probability, of all trigrams, that a pair of letters lends to what never followed it.
_SMOOTHING = 1e-5
_MOST_BITS = 14
_HEADER = '''# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How surprising a letter is after two others, by script: written by ``benchmarks/quality/make_tables.py``.

Counted in the word lists of wordfreq 3.1 (Robyn Speer, doi:10.5281/zenodo.7199437; the lists are CC BY-SA 4.0); no word
of them is in here. A table has a byte, in bits, for each three of the script's letters, in the order of
``characters.ALPHABETS`` after the edge of a word; it is compressed by zlib and written in base 85. ``TYPICAL`` is the
mean over the words that were counted, in bits a letter.
"""

from __future__ import annotations
'''


def _folded(word: str, alphabet: str) -> str:
    """Return the word in the alphabet's letters, or nothing where it has others."""
    bases = [BASES[char] for char in word.lower()]
    return "".join(bases) if all(set(base) <= set(alphabet) for base in bases) else ""


def _words(script: str) -> Iterator[tuple[str, float]]:
    """Yield each folded word with its weight; those of a language add up to the language's."""
    for language, weight in _LANGUAGES[script].items():
        frequencies: Counter[str] = Counter()
        for word, frequency in wordfreq.get_frequency_dict(language).items():
            frequencies[_folded(word, ALPHABETS[script])] += frequency
        del frequencies[""]
        total = sum(frequency**_POWER for frequency in frequencies.values())
        for word, frequency in frequencies.items():
            yield word, frequency**_POWER / total * weight
    if script == "LATIN":
        for word, weight in _words("GREEK"):
            yield "".join(_GREEKLISH[char] for char in word), weight * _GREEKLISH_WEIGHT


def _table(script: str) -> tuple[bytes, float]:
    """Return a script's table, and the mean of its costs, in bits a letter."""
    alphabet = ALPHABETS[script]
    place = {char: number for number, char in enumerate("^" + alphabet)}
    trigrams: Counter[tuple[int, int, int]] = Counter()
    for word, weight in _words(script):
        places = [0, *(place[char] for char in word), 0]
        for trigram in zip(places, places[1:], places[2:], strict=False):
            trigrams[trigram] += weight  # type: ignore[assignment]
    total = sum(trigrams.values())
    pairs: Counter[tuple[int, int]] = Counter()
    letters: Counter[int] = Counter()
    for (one, other, last), weight in trigrams.items():
        pairs[one, other] += weight
        letters[last] += weight
    size = len(alphabet) + 1
    costs = bytearray()
    for one in range(size):
        for other in range(size):
            for last in range(size):
                likely = trigrams[one, other, last] / total + _SMOOTHING * max(letters[last] / total, 1e-4)
                bits = -math.log2(likely / (pairs[one, other] / total + _SMOOTHING))
                costs.append(min(max(round(bits), 0), _MOST_BITS))
    mean = sum(weight * costs[(one * size + other) * size + last] for (one, other, last), weight in trigrams.items())
    return bytes(costs), mean / total


def main() -> None:
    """Write the module."""
    lines = [_HEADER]
    typical = {}
    encoded = {}
    for script in _LANGUAGES:
        costs, typical[script] = _table(script)
        encoded[script] = base64.b85encode(zlib.compress(costs, 9)).decode()
        print(f"{script}: {len(costs)} bytes, {len(encoded[script])} written, {typical[script]:.2f} bits a letter")
    lines.append("TYPICAL = {" + ", ".join(f'"{script}": {mean:.2f}' for script, mean in typical.items()) + "}\n")
    lines.append("TABLES = {")
    for script, text in encoded.items():
        parts = "\n".join(f'        "{part}"' for part in textwrap.wrap(text, 108))
        lines.append(f'    "{script}": (\n{parts}\n    ),')
    lines.append("}\n")
    _TARGET.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
