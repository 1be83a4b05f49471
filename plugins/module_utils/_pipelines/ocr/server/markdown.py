# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One Markdown out of the ways in which models write a page: HTML tables, LaTeX, marks of places and of pages."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

# All of an answer is in a block of code.
_FENCED = re.compile(r"\A\s*```(?:markdown|md|html)?[ \t]*\n(.*?)\n?```\s*\Z", re.DOTALL)
# Where on the page something stands, what kind of block it is, and other marks between the model and its tokenizer.
_PLACES = re.compile(r"<\|(ref|det)\|>.*?<\|/\1\|>", re.DOTALL)
_MARKS = re.compile(r"<\|[^|<>\n]{1,40}\|>|<-{3} ?Page Split ?-{3}>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
# Pictures that a model would have cut out; what it says of them does not stand on the page.
_PICTURES = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)|<img\b[^<>]*>", re.IGNORECASE)
_TABLE = re.compile(r"<table\b[^<>]*>(.*?)(?:</table>|\Z)", re.DOTALL | re.IGNORECASE)
_ROW = re.compile(r"<tr\b[^<>]*>(.*?)(?=<tr\b|</tr>|\Z)", re.DOTALL | re.IGNORECASE)
_CELL = re.compile(r"<t[hd]\b([^<>]*)>(.*?)(?=<t[hd]\b|</t[hd]>|\Z)", re.DOTALL | re.IGNORECASE)
_TABLES_TAG = re.compile(r"<(/?)(table|caption|colgroup|col|t[rdh]|thead|tbody|tfoot)\b[^<>]*>", re.IGNORECASE)
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?(\d{1,3})", re.IGNORECASE)
_MATH = re.compile(r"<math\b([^<>]*)>(.*?)</math>", re.DOTALL | re.IGNORECASE)
_ANY_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_SUPER_AND_SUB = re.compile(r"</?su[bp]>", re.IGNORECASE)
# Others stay as they are, and so does what has no attributes: a<b and c>d is no bold text.
_TAG = re.compile(
    r"<(/?)(h[1-6]|p|div|section|br|hr|ul|ol|li|b|strong|i|em|u|span|small|big|a|del|caption|center|input|pre|code)"
    r"((?:\s+(?:[a-z-]+=(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)|checked|disabled))*)\s*/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_INLINE_LATEX = re.compile(r"(?<!\\)\\\((.+?)(?<!\\)\\\)", re.DOTALL)
_DISPLAY_LATEX = re.compile(r"(?<!\\)\\\[(.+?)(?<!\\)\\\]", re.DOTALL)
# A reference whose brackets were escaped.
_NUMBERS = re.compile("[\\d\\s,;\u2013-]+")
_EMPTY_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")
_MOST_COLUMNS = 200


def to_markdown(text: str) -> str:
    """Return what a model wrote of a page, in Markdown alone.

    Tables become those of pipes, in which a cell over several columns or rows has its text in the first; formulas stand
    between dollars. What is no HTML that models write stays as it is.
    """
    fenced = _FENCED.fullmatch(text)
    text = fenced[1] if fenced else text
    text = _PICTURES.sub("", _MARKS.sub("", _PLACES.sub("", text)))
    text = _TABLE.sub(lambda found: _table(found[1]), _unnested(_MATH.sub(_formula, text)))
    # Once, and last: a tag that stands on the page is none of the answer's.
    plain = _ENTITY.sub(lambda found: html.unescape(found[0]), _TAG.sub(_tag, text))
    plain = _INLINE_LATEX.sub(lambda found: f"${found[1].strip()}$", plain)
    plain = _DISPLAY_LATEX.sub(_display, plain)
    lines = (line.rstrip() for line in plain.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _formula(found: re.Match[str]) -> str:
    latex = found[2].strip()
    return f"\n\n$$\n{latex}\n$$\n\n" if "block" in found[1].lower() else f"${latex}$"


def _display(found: re.Match[str]) -> str:
    if _NUMBERS.fullmatch(found[1]):
        return f"[{found[1]}]"
    return f"$$\n{found[1].strip()}\n$$"


def _tag(found: re.Match[str]) -> str:
    closes, name, attributes = bool(found[1]), found[2].lower(), found[3].lower()
    if name[0] == "h" and name[1:].isdigit():
        return "\n\n" if closes else f"\n\n{'#' * int(name[1:])} "
    if name == "input":
        return "[x] " if "checked" in attributes else "[ ] "
    if name == "li":
        return "" if closes else "\n- "
    return _REPLACED.get(name, "")


_REPLACED = {
    **dict.fromkeys(("p", "div", "section", "ul", "ol", "hr", "caption", "center"), "\n\n"),
    **dict.fromkeys(("b", "strong"), "**"),
    **dict.fromkeys(("i", "em"), "*"),
    "br": "\n",
}


def _unnested(text: str) -> str:
    """Return a text in which a table in another's cell is the text of that cell."""
    depth = 0

    def change(found: re.Match[str]) -> str:
        nonlocal depth
        closes, is_table = bool(found[1]), found[2].lower() == "table"
        depth += is_table and not closes
        is_inner = depth > 1
        depth -= is_table and closes and depth > 0
        return " " if is_inner else found[0]

    return _TABLES_TAG.sub(change, text)


def _table(content: str) -> str:
    rows = [_cells(found[1]) for found in _ROW.finditer(content)]
    grid = _grid([row for row in rows if row])
    if not grid:
        return ""
    columns = max(map(len, grid))
    lines = [f"| {' | '.join(row + [''] * (columns - len(row)))} |" for row in grid]
    return "\n\n" + "\n".join([lines[0], f"|{' --- |' * columns}", *lines[1:]]) + "\n\n"


def _cells(row: str) -> list[tuple[str, int, int]]:
    """Return each cell of a row: its text, and over how many columns and rows it goes."""
    cells = []
    for found in _CELL.finditer(row):
        spans = {kind.lower(): max(1, int(count)) for kind, count in _SPAN.findall(found[1])}
        cells.append((_cell_text(found[2]), spans.get("col", 1), spans.get("row", 1)))
    return cells


def _cell_text(content: str) -> str:
    kept = _outside(_SUPER_AND_SUB, content, lambda part: _ANY_TAG.sub(" ", part))
    kept = _ENTITY.sub(_cells_entity, kept)
    return " ".join(kept.split()).replace("|", r"\|")


def _cells_entity(found: re.Match[str]) -> str:
    """Return what would break the table once it is no entity any more; the others are left for later."""
    plain = html.unescape(found[0])
    return plain if plain == "|" or plain.isspace() else found[0]


def _outside(pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    """Return a text in which all but what the pattern finds is changed."""
    parts, end = [], 0
    for found in pattern.finditer(text):
        parts += [change(text[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*parts, change(text[end:])])


def _grid(rows: list[list[tuple[str, int, int]]]) -> list[list[str]]:
    """Return the texts of a table's cells, row by row, with empty ones where another goes on."""
    grid: list[list[str]] = []
    # By column, how many rows more a cell from above takes.
    taken: dict[int, int] = {}
    for row in rows:
        line: list[str] = []
        below: dict[int, int] = {}
        for text, columns, height in row:
            while taken.get(len(line)):
                line.append("")
            for column in range(min(columns, _MOST_COLUMNS - len(line))):
                if height > 1:
                    below[len(line)] = height - 1
                line.append("" if column else text)
        taken = {column: count - 1 for column, count in taken.items() if count > 1} | below
        grid.append(line)
    return grid
