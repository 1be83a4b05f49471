# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of good pages beside prose, made of prose as a thesis has them."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Maker = Callable[[list[str], random.Random], str]

_GREEKLISH = {
    **dict(zip("αβγδεζηικλμνοπρσςτυφωΑΒΓΔΕΖΗΙΚΛΜΝΟΠΡΣΤΥΦΩ", "avgdeziiklmnoprsstyfoAVGDEZIIKLMNOPRSTYFO", strict=True)),
    "θ": "th",
    "ξ": "ks",
    "χ": "ch",
    "ψ": "ps",
    "Θ": "Th",
    "Ξ": "Ks",
    "Χ": "Ch",
    "Ψ": "Ps",
}
_GREEKLISH_BY_SHAPE = _GREEKLISH | {"η": "h", "θ": "8", "ω": "w", "χ": "x", "ξ": "3", "υ": "u", "β": "b"}
_SURNAMES = [
    "Παπαδόπουλος",
    "Γεωργίου",
    "Δημητριάδης",
    "Κωνσταντινίδου",
    "Αναγνωστάκης",
    "Καραγιάννη",
    "Οικονόμου",
    "Σταματόπουλος",
    "Βλαχογιάννης",
    "Smith",
    "Müller",
    "Dubois",
    "Nguyen",
    "Kowalczyk",
    "Rodríguez",
    "O'Connor",
    "Szabó",
    "Öztürk",
    "Johansson",
    "van~der~Berg",
    "Yamamoto",
    "Zhang",
    "Čapek",
]
_CITIES = [
    "Αθήνα",
    "Θεσσαλονίκη",
    "Πάτρα",
    "Ηράκλειο",
    "London",
    "Berlin",
    "Paris",
    "New~York",
    "Cambridge",
    "Wien",
]
_PUBLISHERS = [
    "Πατάκης",
    "Καστανιώτης",
    "Gutenberg",
    "Springer",
    "Wiley",
    "Elsevier",
    "Routledge",
    "Παπαζήσης",
    "Springer-Verlag",
]
_SPECIES = [
    "Pinus halepensis",
    "Quercus coccifera",
    "Olea europaea",
    "Caretta caretta",
    "Escherichia coli",
    "Thunnus thynnus",
    "Sparus aurata",
    "Staphylococcus aureus",
    "Posidonia oceanica",
    "Drosophila melanogaster",
    "Saccharomyces cerevisiae",
]


_AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY"
_ACRONYMS = [
    "ΔΕΗ",
    "ΟΤΕ",
    "ΕΚΤ",
    "ΔΝΤ",
    "ΑΕΠ",
    "ΦΠΑ",
    "ΕΣΠΑ",
    "ΥΠΕΧΩΔΕ",
    "ΕΜΠ",
    "ΑΠΘ",
    "ΕΚΠΑ",
    "ΟΟΣΑ",
    "ΝΑΤΟ",
    "OECD",
    "GDP",
    "UNESCO",
    "ISO",
    "HTML",
    "XML",
    "SPSS",
    "ANOVA",
    "DNA",
    "mRNA",
    "PCR",
    "ELISA",
    "GIS",
    "GPS",
    "NOx",
    "LED",
    "LCD",
    "CPU",
    "GPU",
    "RAM",
    "TCP/IP",
    "HTTP",
    "FTP",
    "SQL",
]


def _accentless(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def capitals(lines: list[str], _chance: random.Random) -> str:
    """Headings in capitals, which in Greek have no accents."""
    return _accentless("\n".join(lines).upper())


def greeklish(lines: list[str], chance: random.Random) -> str:
    """Greek in Latin letters, by sound or by shape."""
    table = chance.choice([_GREEKLISH, _GREEKLISH_BY_SHAPE])
    return "".join(table.get(char, char) for char in _accentless("\n".join(lines)))


def contents(lines: list[str], chance: random.Random) -> str:
    """A table of contents with leaders."""
    rows, page = [], 1
    for number, line in enumerate(lines, start=1):
        page += chance.randint(0, 9)
        leader = chance.choice([" . . . . . . . . . . ", " ..................... ", "\t", " … "])
        rows.append(f"{chance.randint(1, 9)}.{number} {line[:45].strip()}{leader}{page}")
    return "\n".join(rows)


def references(lines: list[str], chance: random.Random) -> str:
    """A bibliography."""
    rows = []
    for line in lines:
        names = ", ".join(
            f"{chance.choice(_SURNAMES)}, {chance.choice('ΑΓΔΚMJRPHΣ')}." for _ in range(chance.randint(1, 4))
        )
        year, volume, page = chance.randint(1950, 2024), chance.randint(1, 60), chance.randint(1, 900)
        where = f"{chance.choice(_CITIES)}: {chance.choice(_PUBLISHERS)}, σσ. {page}-{page + 12}"
        rows.append(
            f"{names.replace('~', ' ')} ({year}). {line[:60].strip()}. {volume}({chance.randint(1, 4)}), {where}."
        )
    return "\n".join(rows).replace("~", " ")


def numbers(_lines: list[str], chance: random.Random) -> str:
    """A table of numbers alone."""
    return "\n".join(
        f"{row}  "
        + "  ".join(
            chance.choice(
                [f"{chance.random():.3f}", f"{chance.randint(0, 9999)}", "–", f"{chance.random() * 100:.1f}%"]
            ).replace(".", ",")
            for _ in range(7)
        )
        for row in range(1, 13)
    )


def markdown_table(lines: list[str], chance: random.Random) -> str:
    """A table as docling writes it."""
    words = " ".join(lines).split()
    rows = [
        "| "
        + " | ".join(
            " ".join(words[place : place + 2]) if column == 0 else f"{chance.random() * 50:.2f}" for column in range(4)
        )
        + " |"
        for place in range(0, min(len(words), 24), 2)
    ]
    return "\n".join([rows[0], "|---" * 4 + "|", *rows[1:]])


def formulas(_lines: list[str], chance: random.Random) -> str:
    """Formulas as a text layer has them, and as docling writes those that it did not recognise."""
    letters = "abcdefijkmnpqrstuvwxyzαβγδεθλμνπρστφχψωΣΠΔΩ∂∇"

    def term() -> str:
        one, other = chance.choice(letters), chance.choice(letters)
        return chance.choice(
            [
                f"{one}{chance.randint(0, 9)}",
                f"{one}({other})",
                f"∂{one}/∂{other}",
                f"∑{one}_{other}",
                f"\\frac{{{one}}}{{{other}}}",
                f"√{one}",
                f"|{one}|²",
                f"∫{one} d{other}",
            ]
        )

    rows = [
        " + ".join(term() for _ in range(3))
        + f" {chance.choice('=≤≥≈')} "
        + " − ".join(term() for _ in range(2))
        + f"   ({number})"
        for number in range(1, 14)
    ]
    return "\n".join([*rows[:7], "<!-- formula-not-decoded -->", *rows[7:]])


def species(lines: list[str], chance: random.Random) -> str:
    """Greek with the Latin names of species."""
    words = " ".join(lines).split()
    return " ".join(word if number % 6 else f"{word} {chance.choice(_SPECIES)}" for number, word in enumerate(words))


def entities(lines: list[str], _chance: random.Random) -> str:
    """Markdown with entities and comments."""
    return "\n\n".join(
        f"## {line[:30]}\n\n{line} &amp; &lt;{number}&gt;\n\n<!-- image -->" for number, line in enumerate(lines)
    )


def broken_lines(lines: list[str], chance: random.Random) -> str:
    """Words broken at the ends of narrow lines."""
    words = [
        word[: (cut := chance.randint(2, len(word) - 2))] + "-\n" + word[cut:]
        if len(word) > 6 and chance.random() < 0.3
        else word
        for word in " ".join(lines).split()
    ]
    return " ".join(words)


def dense_notes(lines: list[str], chance: random.Random) -> str:
    """Footnotes full of abbreviations and figures."""
    marks = ["π.χ.", "βλ.", "ό.π.", "σ.", "ΦΕΚ Α΄", "ν.", "αρ.", "κ.ά.", "op. cit.", "ibid.", "pp.", "vol.", "τ."]
    words = " ".join(lines).split()
    return " ".join(
        f"{word} {chance.choice(marks)} {chance.randint(1, 999)}" if number % 3 == 0 else word
        for number, word in enumerate(words)
    )


def title_page(lines: list[str], chance: random.Random) -> str:
    """A title in few words, an author, a town and a year."""
    words = " ".join(lines).split()
    author = f"{chance.choice('ΑΓΔΚMJRPHΣ')}. {chance.choice(_SURNAMES)}".replace("~", " ")
    city = chance.choice(_CITIES).replace("~", " ")
    return f"{_accentless(' '.join(words[:6]).upper())}\n\n{author}\n\n{city} {chance.randint(1950, 2024)}"


def page_number(_lines: list[str], chance: random.Random) -> str:
    """A number alone, as a page has it, or a letter of an appendix."""
    return chance.choice(
        [str(chance.randint(1, 400)), f"- {chance.randint(1, 99)} -", "iv", "xiii", "xxxviii", "Β΄", "A", "(α)", "Α.1"]
    )


def caption(lines: list[str], chance: random.Random) -> str:
    """A figure's caption, and the labels of its axes and parts."""
    label = chance.choice(["Σχήμα", "Εικόνα", "Πίνακας", "Fig.", "Figure", "Σχ."])
    words = " ".join(lines).split()[: chance.randint(2, 9)]
    axes = "\n".join(str(step * chance.choice([1, 5, 20])) for step in range(chance.randint(4, 9)))
    return f"{axes}\nx\ny (m)\n(α)\n(β)\n{label} {chance.randint(1, 9)}.{chance.randint(1, 20)}: {' '.join(words)}"


def axes(_lines: list[str], chance: random.Random) -> str:
    """A drawing without a caption: the labels of its axes alone."""
    steps = [str(step * 10) for step in range(chance.randint(4, 9))]
    return "\n".join([*steps, *chance.sample("xyztTPVωλ", 2)])


def equations(_lines: list[str], chance: random.Random) -> str:
    """A page of few and short formulas."""
    return "\n".join(
        chance.choice(["x2 + y2 = z2", "f(x) dx = F(b) - F(a)", "a = b + c", "E = mc2", "∀x ∈ A: f(x) ≤ y", "λ → 0"])
        for _row in range(chance.randint(1, 5))
    )


def genes(_lines: list[str], chance: random.Random) -> str:
    """A sequence of nucleotides, with its name or numbered, in capitals or small letters."""
    bases = "".join(chance.choice("ACGT") for _ in range(480))
    if chance.random() < 0.5:
        rows = [bases[start : start + 60] for start in range(0, 480, 60)]
        return "\n".join([f">NC_{chance.randint(1, 999999):06d}.1 Escherichia coli, complete genome", *rows])
    tens = [bases[start : start + 10].lower() for start in range(0, 480, 10)]
    return "\n".join(f"{row * 60 + 1:9d} {' '.join(tens[row * 6 : row * 6 + 6])}" for row in range(8))


def proteins(_lines: list[str], chance: random.Random) -> str:
    """Sequences of amino acids, in tens or one above the other with gaps."""
    if chance.random() < 0.5:
        return " ".join("".join(chance.choice(_AMINO_ACIDS) for _ in range(10)) for _ in range(40))
    names = ("HUMAN", "MOUSE", "YEAST", "ECOLI")
    return "\n\n".join(
        "\n".join(f"{name}  {''.join(chance.choice(_AMINO_ACIDS + '---') for _ in range(50))}  {end}" for name in names)
        for end in (50, 100)
    )


def acronyms(_lines: list[str], chance: random.Random) -> str:
    """A list of them without what they mean."""
    return "\n".join(chance.sample(_ACRONYMS, 20))


def questionnaire(lines: list[str], chance: random.Random) -> str:
    """Questions with the same answers to tick again and again."""
    words = " ".join(lines).split()
    answers = chance.choice(
        ["□ Καθόλου  □ Λίγο  □ Αρκετά  □ Πολύ  □ Πάρα πολύ", "□ Ναι  □ Όχι", "1 2 3 4 5", "□ □ □ □ □"]
    )
    return "\n".join(f"{row + 1}. {' '.join(words[row * 5 : row * 5 + 5])};\n{answers}" for row in range(6))


def short_form(_lines: list[str], chance: random.Random) -> str:
    """Two or three words to tick."""
    return chance.choice(["Ναι Όχι", "ΝΑΙ   ΟΧΙ", "Ναι ☐\nΌχι ☐", "Yes No", "Α □ Β □ Γ □ Δ □", "Άνδρας ☐ Γυναίκα ☐"])


def boxes(_lines: list[str], chance: random.Random) -> str:
    """A form with a box for each letter."""
    labels = ["Α.Φ.Μ.", "Όνομα", "Επώνυμο", "Τηλέφωνο", "Δ.Ο.Υ.", "Τ.Κ.", "Ημερομηνία"]
    return "\n".join(f"{chance.choice(labels)}: {'□' * chance.randint(5, 20)}" for _row in range(12))


KINDS: dict[str, tuple[str, Maker]] = {
    "capitals": ("el", capitals),
    "greeklish": ("el", greeklish),
    "contents": ("el", contents),
    "references": ("el", references),
    "numbers": ("el", numbers),
    "markdown table": ("el", markdown_table),
    "formulas": ("el", formulas),
    "species": ("el", species),
    "entities": ("el", entities),
    "broken lines": ("el", broken_lines),
    "notes": ("el", dense_notes),
    "title page": ("el", title_page),
    "page number": ("el", page_number),
    "caption": ("el", caption),
    "axes": ("el", axes),
    "equations": ("el", equations),
    "caption en": ("en", caption),
    "title page de": ("de", title_page),
    "genes": ("en", genes),
    "proteins": ("en", proteins),
    "acronyms": ("el", acronyms),
    "questionnaire": ("el", questionnaire),
    "short form": ("el", short_form),
    "boxes": ("el", boxes),
    "capitals en": ("en", capitals),
    "contents de": ("de", contents),
    "references fr": ("fr", references),
}
SENTENCE = re.compile(r"(?<=[.;!?·])\s+")
