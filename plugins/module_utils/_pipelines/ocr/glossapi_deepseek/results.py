# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What glossAPI's script has made of each page, by its metrics: its exit status and its files alone say nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SEPARATOR = re.compile(r"(?:\A|\n)<!-- page:\d+ -->\n<--- Page Split --->(?:\n|\Z)")


class UnknownShape(Exception):  # noqa: N818 - it is what was found, not an error of the program
    """What the script left is not what is known of it; the message says what."""


@dataclass(frozen=True)
class PageRange:
    """Pages that follow each other, which the script has as a document of their own.

    Attributes:
        first: number of the first page, from 1; likewise the last.
    """

    first: int
    last: int

    def argument(self, file: str) -> str:
        """Return how the script is asked for them."""
        return f"{file}:{self.first}:{self.last}"

    def name(self, file: str) -> str:
        """Return the name by which the script calls its files of them."""
        return f"{Path(file).stem}__p{self.first:05d}-{self.last:05d}"

    @property
    def pages(self) -> range:
        """Their numbers."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Answer:
    """What the engine said to one picture.

    Attributes:
        characters: of its text, without white space around it.
        cut_off: whether it was at its limit of tokens.
    """

    characters: int
    cut_off: bool


@dataclass(frozen=True)
class PageResult:
    """What became of a page.

    Attributes:
        text: what stands there; ``None`` where that is not known, as it was given up.
        why: it was given up, for people.
    """

    text: str | None
    why: str = ""


def ranges_of(pages: Sequence[int]) -> list[PageRange]:
    """Return the ranges that have these pages, in ascending order, and no others."""
    ranges: list[PageRange] = []
    for page in sorted(pages):
        if ranges and ranges[-1].last == page - 1:
            ranges[-1] = PageRange(ranges[-1].first, page)
        else:
            ranges.append(PageRange(page, page))
    return ranges


def read_results(
    output: Path, file: str, ranges: Sequence[PageRange], answers: Sequence[Answer]
) -> dict[int, PageResult]:
    """Return what became of each page that the script has metrics of.

    Args:
        output: the script's folder.
        file: name of the document.
        ranges: what was asked for, in ascending order.
        answers: the engine's, in the order in which it gave them: one for each page that is not blank, and after them
            one for each that was read a second time.

    Raises:
        UnknownShape: a file, a field or a page's text is not where it is known to be.
    """
    pages = [
        (number, text, metric)
        for each in ranges
        if _metrics_file(output, file, each).exists()
        for number, text, metric in _read_range(output, file, each)
    ]
    cut_off = _cut_off(pages, answers)
    return {number: _judge(text, metric, cut_off=number in cut_off) for number, text, metric in pages}


def _metrics_file(output: Path, file: str, pages: PageRange) -> Path:
    return output / "json" / "metrics" / f"{pages.name(file)}.metrics.json"


def _read_range(output: Path, file: str, pages: PageRange) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    path = _metrics_file(output, file, pages)
    try:
        metrics = json.loads(path.read_bytes())
        count, of_pages = metrics["page_count"], metrics["page_metrics"]
        by_number = {int(metric["page_number"]): metric for metric in of_pages}
    except (ValueError, KeyError, TypeError) as error:
        raise UnknownShape(
            f"{path.name} has no page_count and page_metrics: {type(error).__name__}: {error}"
        ) from error
    if count == 0:
        # It has found no such page.
        return
    markdown = output / "markdown" / f"{pages.name(file)}.md"
    try:
        # Not as text: ends of lines are to stay as they are.
        content = markdown.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise UnknownShape(f"{markdown.name} cannot be read: {error}") from error
    texts = [text.strip() for text in _SEPARATOR.split(content)]
    if len(texts) != count or not all(1 <= number <= count for number in by_number):
        raise UnknownShape(f"{markdown.name} has {len(texts)} pages, and its metrics are of {count}")
    for number, metric in sorted(by_number.items()):
        characters = _number(metric, "final_chars", path)
        if len(texts[number - 1]) != characters:
            raise UnknownShape(
                f"page {number} in {markdown.name} has {len(texts[number - 1])} signs, and by its metrics {characters}"
            )
        for name in ("page_dropped_after_repair", "empty_page_skipped", "garbage_early_stop_applied", "repair_applied"):
            if not isinstance(metric.get(name), bool):
                raise UnknownShape(f"{path.name} does not say {name} of page {number}")
        _number(metric, "raw_chars", path)
        yield pages.first + number - 1, texts[number - 1], metric


def _number(metric: Mapping[str, Any], name: str, path: Path) -> int:
    value = metric.get(name)
    if type(value) is not int:
        raise UnknownShape(f"{path.name} does not say {name} of page {metric.get('page_number')}")
    return value


def _cut_off(pages: Sequence[tuple[int, str, Mapping[str, Any]]], answers: Sequence[Answer]) -> set[int]:
    """Return the pages whose text, the second one where that was taken, was cut off."""
    first = [(number, metric["raw_chars"]) for number, _text, metric in pages if not metric["empty_page_skipped"]]
    second = [
        (number, metric["repair_raw_chars"])
        for number, _text, metric in pages
        if type(metric.get("repair_raw_chars")) is int
    ]
    asked = first + second
    if [characters for _number, characters in asked] != [answer.characters for answer in answers[: len(asked)]]:
        raise UnknownShape("its metrics are not of what the engine has read, in this order")
    said = zip(asked, answers, strict=False)
    # Of both the second is the last.
    last = {number: answer.cut_off for (number, _characters), answer in said}
    return {number for number, cut_off in last.items() if cut_off}


def _judge(text: str, metric: Mapping[str, Any], *, cut_off: bool) -> PageResult:
    if metric["empty_page_skipped"]:
        return PageResult("")
    if metric["page_dropped_after_repair"]:
        return PageResult(None, "it repeated itself twice, and glossAPI has dropped its text")
    if cut_off:
        return PageResult(None, "its text was cut off at the limit of tokens (max_new_tokens)")
    if metric["garbage_early_stop_applied"] and not metric["repair_applied"]:
        return PageResult(None, "its text was cut off where it repeated itself, and the second try had none")
    if not metric["raw_chars"]:
        return PageResult(None, "the model said nothing to a page that is not blank")
    return PageResult(text)
