# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The labelled pages: good ones of each kind, and bad ones by each fault, of about 500 characters."""

from __future__ import annotations

import random
import sysconfig
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.faults import (
    ACCENT_FAULTS,
    COMMON_FAULTS,
    GREEK_FAULTS,
    LATIN_FAULTS,
    POLYTONIC_FAULTS,
    Fault,
)
from benchmarks.quality.kinds import KINDS
from benchmarks.quality.sources import Document

CHARACTERS = 500
_SEED = 20261127
_FAULTS: dict[str, dict[str, Fault]] = {
    "el": COMMON_FAULTS | GREEK_FAULTS,
    "polytonic": COMMON_FAULTS | POLYTONIC_FAULTS,
    "en": COMMON_FAULTS | LATIN_FAULTS,
    "de": COMMON_FAULTS | LATIN_FAULTS | ACCENT_FAULTS,
    "fr": COMMON_FAULTS | LATIN_FAULTS | ACCENT_FAULTS,
}
# Letters beyond ASCII that a page must have for a wrong encoding to show: one in forty.
_ACCENTS = 12


@dataclass(frozen=True)
class Page:
    """A page with its label; ``kind`` is the language or kind of a good page, or ``language: fault``."""

    text: str
    good: bool
    kind: str
    held_out: bool


def pages(documents: Iterable[Document], each: int) -> list[Page]:
    """Return at most ``each`` good pages of each kind and half, and at most a fifth as many by each fault."""
    chance = random.Random(_SEED)
    blocks: dict[tuple[str, bool], list[list[str]]] = defaultdict(list)
    for document in documents:
        blocks[document.kind, document.held_out].extend(_blocks(document.text))
    found = []
    for (kind, held_out), some in sorted(blocks.items()):
        chance.shuffle(some)
        texts = ["\n".join(block) for block in some]
        found += [Page(text, True, kind, held_out) for text in texts[:each]]
        for name, fault in _FAULTS.get(kind, {}).items():
            sound = [text for text in texts if sum(map(str.isalpha, text)) > len(text) * 0.6]
            sound = [text for text in sound if name not in ACCENT_FAULTS or _beyond_ascii(text) >= _ACCENTS]
            if kind in ("el", "polytonic"):
                sound = [text for text in sound if _beyond_ascii(text) > len(text) / 2]
            broken = [fault(text, chance) for text in chance.sample(sound, min(len(sound), each // 5))]
            found += [Page(text, False, f"{kind}: {name}", held_out) for text in broken]
        for name, (language, make) in KINDS.items():
            if language == kind:
                found += [Page(make(block, chance)[:CHARACTERS], True, name, held_out) for block in some[: each // 2]]
    for held_out in (False, True):
        mixed = zip(blocks["el", held_out], blocks["en", held_out], strict=False)
        pairs = [[line for pair in zip(*two, strict=False) for line in pair] for two in list(mixed)[: each // 2]]
        found += [Page("\n".join(lines)[:CHARACTERS], True, "mixed", held_out) for lines in pairs]
    found += _code(each // 2)
    return found


def _beyond_ascii(text: str) -> int:
    return sum(char > "\x7f" for char in text)


def _blocks(text: str) -> Iterator[list[str]]:
    """Yield runs of lines of about a page; long lines are cut between words."""
    block: list[str] = []
    length = 0
    for line in _lines(text):
        block.append(line)
        length += len(line) + 1
        if length >= CHARACTERS:
            yield block
            block, length = [], 0


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        rest = line.strip()
        while len(rest) > CHARACTERS // 4:
            cut = rest.rfind(" ", 0, CHARACTERS // 4)
            cut = cut if cut > 0 else CHARACTERS // 4
            yield rest[:cut]
            rest = rest[cut:].strip()
        if rest:
            yield rest


def _code(each: int) -> Iterator[Page]:
    """Yield pages of Python's own library."""
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
    for number, path in enumerate(files[: each * 2]):
        text = path.read_text(encoding="utf-8", errors="replace")
        start = len(text) // 2
        # this.py is a page of garbage, on purpose.
        if len(text) > 2 * CHARACTERS and path.name != "this.py":
            yield Page(text[start : start + CHARACTERS], True, "code", bool(number & 1))
