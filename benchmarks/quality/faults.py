# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to text between a page and its text layer: each function takes a good page and returns a bad one."""

from __future__ import annotations

import random
import re
import string
import unicodedata
from collections.abc import Callable

# In the order of the Latin letters in whose places Adobe's Symbol has them.
_SYMBOL = str.maketrans(
    dict(zip("αβχδεφγηιϕκλμνοπθρστυϖωξψζ", string.ascii_lowercase, strict=True))
    | dict(zip("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", string.ascii_uppercase, strict=True))
)
Fault = Callable[[str, random.Random], str]

_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
_SPECKS = ".,'|-~:;`\u2018\u00b7_4171"
_LETTER = re.compile(r"[^\W\d_]")
_LATIN_FOR_GREEK = str.maketrans("αβεηικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aßenikvoptuxwABEZHIKMNOPTYX")
_GREEK_FOR_LATIN = str.maketrans("aoviuptknABEZHIKMNOPTYX", "αονιυρτκηΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
# What a recogniser without Greek letters makes of their shapes.
_SHAPES = str.maketrans(
    "άέήίόύώαβγδεζηθικλνξοπρςστυφχωΓΔΘΛΞΠΣΦΨΩ",
    "aénióúwaBydezn8ikAvgonpcotupxwTA0AEIEOYQ",
)


def decoded(written: str, read: str) -> Fault:
    """Return the fault of bytes in one encoding that are read as another."""

    def fault(text: str, _chance: random.Random) -> str:
        return text.encode(written, "ignore").decode(read, "replace" if read.startswith("utf") else "ignore")

    return fault


def windows_1252_with_controls(text: str, _chance: random.Random) -> str:
    """UTF-8 read as Windows-1252, where bytes without a meaning become control characters."""
    return "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8", "surrogatepass")
    )


def private_use(text: str, _chance: random.Random) -> str:
    """A font without ToUnicode whose characters are left as private-use code points."""
    return _LETTER.sub(lambda match: chr(0xF000 + (ord(match[0]) & 0xFF)), text)


def shifted(text: str, chance: random.Random) -> str:
    """Letters that are a fixed distance off, as where glyph numbers are taken for codes."""
    distance = chance.choice([-3, -2, -1, 1, 2, 3, 5, 7, 11])
    return "".join(chr(ord(char) + distance) if _LETTER.match(char) else char for char in text)


def glyph_numbers(text: str, _chance: random.Random) -> str:
    """Codes that are 29 too low, spaces too: the usual order of glyphs in TrueType fonts."""
    return "".join(chr(ord(char) - 29) if "=" <= char <= "~" else "\x03" if char == " " else char for char in text)


def substituted(text: str, chance: random.Random) -> str:
    """Letters exchanged one for another, as in a subset font with an encoding of its own."""
    letters = sorted({char for char in text.lower() if _LETTER.match(char)})
    mixed = letters[:]
    chance.shuffle(mixed)
    table = dict(zip(letters, mixed, strict=True)) | {
        one.upper(): other.upper() for one, other in zip(letters, mixed, strict=True)
    }
    return "".join(table.get(char, char) for char in text)


def latin_recogniser(text: str, chance: random.Random) -> str:
    """Greek by the shapes of its letters, each read one way or another."""
    return "".join(char.translate(_SHAPES) if chance.random() < 0.85 else char for char in text)


def latin_lookalikes(text: str, chance: random.Random) -> str:
    """Greek words some of whose letters are the Latin ones that look the same."""
    return _by_word(text, chance, 0.8, lambda word: word.translate(_LATIN_FOR_GREEK))


def greek_lookalikes(text: str, chance: random.Random) -> str:
    """Latin words some of whose letters are the Greek ones that look the same."""
    return _by_word(text, chance, 0.8, lambda word: word.translate(_GREEK_FOR_LATIN))


def random_greek(text: str, chance: random.Random) -> str:
    """Greek letters by chance."""
    return _LETTER.sub(lambda _match: chance.choice(_GREEK), text)


def random_latin(text: str, chance: random.Random) -> str:
    """Latin letters by chance."""
    return _LETTER.sub(lambda _match: chance.choice(string.ascii_letters), text)


def random_characters(text: str, chance: random.Random) -> str:
    """Any ASCII characters."""
    return "".join(chance.choice(string.printable[:95]) for _ in text)


def shuffled(text: str, chance: random.Random) -> str:
    """Each word's letters in any order."""
    return re.sub(r"\w{3,}", lambda match: "".join(chance.sample(match[0], len(match[0]))), text)


def backwards(text: str, _chance: random.Random) -> str:
    """Each line from its end to its start."""
    return "\n".join(line[::-1] for line in text.split("\n"))


def one_line(text: str, _chance: random.Random) -> str:
    """The page's first line, again and again."""
    line = " ".join(text.split())[:60]
    return "\n".join([line] * (len(text) // 60))


def loop(text: str, chance: random.Random) -> str:
    """A model that begins well and then repeats a few words for ever."""
    words = text.split()
    start, length = len(words) // 4, chance.randint(1, 8)
    return " ".join(words[:start] + words[start : start + length] * (len(words) * 3 // (4 * length)))


def one_character(text: str, chance: random.Random) -> str:
    """A model that repeats one letter for ever."""
    return text[: len(text) // 4] + chance.choice("αao0.") * (len(text) * 3 // 4)


def spaced(text: str, _chance: random.Random) -> str:
    """Each letter on its own."""
    return " ".join(text.replace(" ", ""))


def replacement_characters(text: str, chance: random.Random) -> str:
    """Letters that could not be mapped."""
    return "".join("�" if _LETTER.match(char) and chance.random() < 0.15 else char for char in text)


def unaccented_lost(text: str, _chance: random.Random) -> str:
    """Characters outside ASCII that were lost, and of Greek all but what is the same in Latin."""
    return text.encode("ascii", "replace").decode()


def half(fault: Fault) -> Fault:
    """Return the fault in every other line or half of the words: one of a page's fonts is broken."""

    def partial(text: str, chance: random.Random) -> str:
        words = text.split(" ")
        middle = len(words) // 2
        return " ".join(words[:middle]) + " " + fault(" ".join(words[middle:]), chance)

    return partial


def _by_word(text: str, chance: random.Random, share: float, change: Callable[[str], str]) -> str:
    return "".join(change(word) if chance.random() < share else word for word in re.split(r"(\s+)", text))


def scattered(text: str, chance: random.Random) -> str:
    """A few letters and signs, as a recogniser sees them in specks and scratches."""
    letters = [char for char in text if _LETTER.match(char)]
    rows = []
    for _row in range(chance.randint(2, 9)):
        marks = [
            "".join(chance.sample(letters, chance.choice([1, 1, 1, 2])))
            if chance.random() < 0.7
            else chance.choice(_SPECKS)
            for _mark in range(chance.randint(1, 4))
        ]
        rows.append(" ".join([*marks, chance.choice(letters)]))
    # Three letters at the least: fewer may be a page's number.
    return "\n".join([chance.choice(letters), *rows])


def no_glyph(text: str, _chance: random.Random) -> str:
    """Each letter is the box that a font has for what it does not have."""
    return _LETTER.sub("□", text)


def dingbats(text: str, _chance: random.Random) -> str:
    """Codes that were taken for those of a font of signs."""
    return _LETTER.sub(lambda match: chr(0x2701 + ord(match[0]) % 0xBE), text)


def wrong_letters(text: str, chance: random.Random) -> str:
    """Every fourth letter is another one, as a recogniser reads a bad scan."""
    letters = _GREEK if sum("α" <= char <= "ω" for char in text) > len(text) / 3 else string.ascii_lowercase
    return _LETTER.sub(lambda match: chance.choice(letters) if chance.random() < 0.25 else match[0], text)


def dust(_text: str, chance: random.Random) -> str:
    """What a recogniser sees in a picture's grain."""
    return "\n".join(
        "".join(chance.choice(" .,'-_~:;|/\\il1") for _place in range(chance.randint(2, 20))) for _row in range(30)
    )


def symbol_font(text: str, _chance: random.Random) -> str:
    """Greek by the places that its letters have in Adobe's Symbol, which has no accents."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return bare.translate(_SYMBOL)


def character_codes(text: str, _chance: random.Random) -> str:
    """Numbers of characters, as programs write them for other programs."""
    return re.sub(r"[^\x00-\x7f]", lambda match: f"&#{ord(match[0])};", text)


GREEK_FAULTS: dict[str, Fault] = {
    "cp1253 as latin-1": decoded("cp1253", "latin-1"),
    "cp1253 as cp1252": decoded("cp1253", "cp1252"),
    "iso8859-7 as latin-1": decoded("iso8859-7", "latin-1"),
    "cp1253 as mac": decoded("cp1253", "mac_roman"),
    "cp1253 as mac greek": decoded("cp1253", "mac_greek"),
    "cp1253 as cp1251": decoded("cp1253", "cp1251"),
    "mac greek as cp1252": decoded("mac_greek", "cp1252"),
    "mac greek as cp1253": decoded("mac_greek", "cp1253"),
    "cp737 as cp1252": decoded("cp737", "cp1252"),
    "cp737 as cp1253": decoded("cp737", "cp1253"),
    "utf-8 as cp1252": windows_1252_with_controls,
    "utf-8 as latin-1": decoded("utf-8", "latin-1"),
    "utf-8 as cp1253": decoded("utf-8", "cp1253"),
    "utf-8 as mac": decoded("utf-8", "mac_roman"),
    "cp1253 as utf-8": decoded("cp1253", "utf-8"),
    "lost": unaccented_lost,
    "latin recogniser": latin_recogniser,
    "latin look-alikes": latin_lookalikes,
    "random greek": random_greek,
    "cp1253 as gbk": decoded("cp1253", "gbk"),
    "utf-8 as gbk": decoded("utf-8", "gbk"),
    "symbol font": symbol_font,
    "character codes": character_codes,
    "half cp1253 as latin-1": half(decoded("cp1253", "latin-1")),
}
POLYTONIC_FAULTS: dict[str, Fault] = {
    "utf-8 as cp1252": windows_1252_with_controls,
    "utf-8 as cp1253": decoded("utf-8", "cp1253"),
    "lost": unaccented_lost,
    "latin recogniser": latin_recogniser,
    "latin look-alikes": latin_lookalikes,
    "random greek": random_greek,
}
LATIN_FAULTS: dict[str, Fault] = {
    "greek look-alikes": greek_lookalikes,
    "random latin": random_latin,
    "random characters": random_characters,
    "glyph numbers": glyph_numbers,
}
# Only where there are letters beyond ASCII; a word in ten is hit, and the rest is text.
ACCENT_FAULTS: dict[str, Fault] = {
    "utf-8 as cp1252": windows_1252_with_controls,
    "latin-1 as cp1253": decoded("latin-1", "cp1253"),
    "cp1252 as mac": decoded("cp1252", "mac_roman"),
}
COMMON_FAULTS: dict[str, Fault] = {
    "private use": private_use,
    "shifted": shifted,
    "substituted": substituted,
    "shuffled": shuffled,
    "backwards": backwards,
    "one line": one_line,
    "loop": loop,
    "one character": one_character,
    "spaced": spaced,
    "replacement characters": replacement_characters,
    "scattered": scattered,
    "no glyph": no_glyph,
    "dingbats": dingbats,
    "wrong letters": wrong_letters,
    "dust": dust,
    "half shifted": half(shifted),
    "half private use": half(private_use),
}
