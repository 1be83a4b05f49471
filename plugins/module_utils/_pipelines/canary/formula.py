# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page with a formula that is known, what stage ``text`` leaves of it, and how well its formula was read.

The formula is no famous one, which a model might write down without having looked. Its letters are drawn in a font that
each reader of PDFs has to have, so that none is in the file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from .text import LINES

# As the model's LaTeX has it without its commands, braces and spaces.
FORMULA = "a2+7b=c3-15"
# What has to be right of it, as a share. Noise has less than half; how exact the model is nobody has measured yet.
LEAST_SIMILARITY = 0.7
_WIDTH, _HEIGHT = 595, 842
# Of the formula, in points from the page's lower left corner.
_LEFT, _BASE, _RIGHT, _TOP, _BOTTOM = 200, 400, 390, 424, 392
_SIZE, _SMALL, _RAISED = 24, 15, 10
# Characters with where they stand right of the formula's beginning, whether in italics, and whether raised.
_SIGNS = (
    ("a", 2, True, False),
    ("2", 15, False, True),
    ("+", 30, False, False),
    ("7", 50, False, False),
    ("b", 63, True, False),
    ("=", 83, False, False),
    ("c", 105, True, False),
    ("3", 117, False, True),
    ("\\226", 132, False, False),
    ("1", 152, False, False),
    ("5", 164, False, False),
)
_DISPLAYED = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]+")
_SIGN = re.compile(r"[0-9A-Za-z=+-]")
_SHOWN_CHARACTERS = 120


@dataclass(frozen=True)
class FormulaReading:
    """What stage ``math`` made of the formula.

    Attributes:
        similarity: twice the signs that both formulas have in the same order, over those of both; 1 for the same.
        problem: why a model that reads like this is of no use, as a sentence; empty where it is.
    """

    similarity: float
    problem: str = ""


def page() -> bytes:
    """Return the page as a PDF."""
    shown = (
        f"/{'I' if is_italic else 'R'} {_SMALL if is_raised else _SIZE} Tf "
        f"1 0 0 1 {_LEFT + right} {_BASE + (_RAISED if is_raised else 0)} Tm ({sign}) Tj"
        for sign, right, is_italic, is_raised in _SIGNS
    )
    drawing = "\n".join(["BT", *shown, "ET"]).encode()
    font = "<< /Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont /Times-{} >>"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents 4 0 R "
            "/Resources << /Font << /R 5 0 R /I 6 0 R >> >> >>"
        ).encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        font.format("Roman").encode(),
        font.format("Italic").encode(),
    )
    body, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        starts.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def document() -> bytes:
    """Return docling's document of the page: the canary's text, by which it is judged, and the formula, not read."""
    text = " ".join(line for line in LINES if line)
    texts = [_item(0, "text", text, (40, 700, 555, 800)), _item(1, "formula", "", (_LEFT, _BOTTOM, _RIGHT, _TOP))]
    root = {"self_ref": "#/body", "content_layer": "body", "name": "_root_", "label": "unspecified"}
    return json.dumps(
        {
            "schema_name": "DoclingDocument",
            "version": "1.3.0",
            "name": "canary",
            "furniture": root | {"self_ref": "#/furniture", "children": []},
            "body": root | {"children": [{"$ref": item["self_ref"]} for item in texts]},
            "groups": [],
            "texts": texts,
            "pictures": [],
            "tables": [],
            "key_value_items": [],
            "form_items": [],
            "pages": {"1": {"size": {"width": _WIDTH, "height": _HEIGHT}, "page_no": 1}},
        }
    ).encode()


def read_formula(markdown: str) -> FormulaReading:
    """Return how well the Markdown has the formula of the page."""
    shown = " ".join(_DISPLAYED.findall(markdown))
    found = "".join(_SIGN.findall(_COMMAND.sub("", shown)))
    # More than twice the formula is wrong however it goes on: a model that repeats itself may write a page of it.
    matcher = SequenceMatcher(None, FORMULA, found[: 2 * len(FORMULA)], autojunk=False)
    similarity = 2 * sum(block.size for block in matcher.get_matching_blocks()) / (len(FORMULA) + len(found))
    if similarity >= LEAST_SIMILARITY:
        return FormulaReading(similarity)
    if not shown.strip():
        return FormulaReading(similarity, "no formula came out.")
    latex = " ".join(shown.split())[:_SHOWN_CHARACTERS]
    share = f"{similarity:.0%} of its signs are right, and {LEAST_SIMILARITY:.0%} have to be"
    return FormulaReading(similarity, f"{share}. It wrote {latex!r} for {FORMULA}.")


def _item(number: int, label: str, text: str, box: tuple[int, int, int, int]) -> dict[str, object]:
    left, bottom, right, top = box
    place = {"l": left, "b": bottom, "r": right, "t": top, "coord_origin": "BOTTOMLEFT"}
    return {
        "self_ref": f"#/texts/{number}",
        "parent": {"$ref": "#/body"},
        "children": [],
        "content_layer": "body",
        "label": label,
        "prov": [{"page_no": 1, "bbox": place, "charspan": [0, len(text)]}],
        "orig": text,
        "text": text,
    }
