# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the documents of the canary, a page whose text is known: ``python -m demo.canary``.

The scan is a picture alone. The other document is the same file, to which an update adds a layer of invisible text, as
scanners' own programs leave it. No font is in either, so that nothing but a picture of the text is passed on; the
layer's codes are UTF-16, which the font's ToUnicode says. Nodes get modules of Python alone, so both are in one.
"""

from __future__ import annotations

import base64
import textwrap
import time
from io import BytesIO
from pathlib import Path
from typing import cast

from font_roboto import font_files
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import LINES

TARGET = Path(__file__).parents[1] / "plugins/module_utils/_pipelines/canary/documents.py"
_DPI = 200
# A4, in pixels.
_SIZE = (1654, 2339)
_LEFT, _TOP, _LEADING = 160, 200, 48
_FONT_PIXELS = 33
_POINTS = 72 / _DPI
_WHITE, _BLACK_BELOW = 255, 140
_EPOCH = time.gmtime(0)
_COLUMNS = 112
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""
_HEADER = '''# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of ``text.py`` as two PDF files, in base 85: written by ``demo/canary.py``.

The letters on the picture are those of the font Roboto; the font itself is not in here.
"""

from __future__ import annotations

from base64 import b85decode
'''


def picture() -> Image.Image:
    """Return the page in black and white."""
    image = Image.new("L", _SIZE, _WHITE)
    font = ImageFont.truetype(font_files["Roboto"], _FONT_PIXELS)
    drawing = ImageDraw.Draw(image)
    for number, line in enumerate(LINES):
        drawing.text((_LEFT, _TOP + number * _LEADING), line, 0, font)
    return image.point(lambda grey: _WHITE * (grey >= _BLACK_BELOW), "1")


def scan() -> bytes:
    """Return the page as a PDF that has its picture alone."""
    body = BytesIO()
    picture().save(body, "PDF", resolution=_DPI, creationDate=_EPOCH, modDate=_EPOCH)
    return body.getvalue()


def update(document: bytes) -> bytes:
    """Return what makes of the scan, when it comes after it, a PDF that has its text, invisible, over its picture."""
    writer = PdfWriter(BytesIO(document), incremental=True)
    page = writer.pages[0]
    resources = cast("DictionaryObject", page["/Resources"])
    resources[NameObject("/Font")] = DictionaryObject({NameObject("/F1"): writer._add_object(_font(writer))})
    content = DecodedStreamObject()
    content.set_data(_layer())
    layer = writer._add_object(content.flate_encode())
    page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), layer])
    body = BytesIO()
    writer.write(body)
    return body.getvalue().removeprefix(document)


def module() -> str:
    """Return the source of the module that has both documents."""
    document = scan()
    return f"{_HEADER}\nSCAN = {_source(document)}\nLAYERED = SCAN + {_source(update(document))}\n"


def main() -> None:
    """Write the module."""
    TARGET.write_text(module(), encoding="ascii")


def _source(content: bytes) -> str:
    lines = textwrap.wrap(base64.b85encode(content).decode(), _COLUMNS, break_on_hyphens=False)
    return "\n".join(["b85decode(", *(f'    "{line}"' for line in lines), ")"])


def _layer() -> bytes:
    height = _SIZE[1]
    lines = [f"\nBT 3 Tr /F1 {_FONT_PIXELS * _POINTS:.2f} Tf"]
    for number, line in enumerate(LINES):
        if line:
            base = height - (_TOP + number * _LEADING + _FONT_PIXELS)
            code = line.encode("utf-16-be").hex()
            lines.append(f"1 0 0 1 {_LEFT * _POINTS:.2f} {base * _POINTS:.2f} Tm <{code}> Tj")
    return "\n".join([*lines, "ET"]).encode()


def _font(writer: PdfWriter) -> DictionaryObject:
    """Return a font without glyphs, whose codes are UTF-16."""
    name = NameObject("/Canary")
    descriptor = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/FontDescriptor"),
            NameObject("/FontName"): name,
            NameObject("/Flags"): NumberObject(4),
            NameObject("/FontBBox"): ArrayObject(NumberObject(value) for value in (0, -200, 600, 900)),
            NameObject("/ItalicAngle"): NumberObject(0),
            NameObject("/Ascent"): NumberObject(900),
            NameObject("/Descent"): NumberObject(-200),
            NameObject("/CapHeight"): NumberObject(700),
            NameObject("/StemV"): NumberObject(80),
        }
    )
    system = {"/Registry": TextStringObject("Adobe"), "/Ordering": TextStringObject("Identity")}
    descendant = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType2"),
            NameObject("/BaseFont"): name,
            NameObject("/CIDSystemInfo"): DictionaryObject(
                {NameObject(key): value for key, value in system.items()} | {NameObject("/Supplement"): NumberObject(0)}
            ),
            NameObject("/FontDescriptor"): writer._add_object(descriptor),
            NameObject("/CIDToGIDMap"): NameObject("/Identity"),
            NameObject("/DW"): NumberObject(530),
        }
    )
    to_unicode = DecodedStreamObject()
    to_unicode.set_data(_TO_UNICODE)
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): name,
            NameObject("/Encoding"): NameObject("/Identity-H"),
            NameObject("/DescendantFonts"): ArrayObject([writer._add_object(descendant)]),
            NameObject("/ToUnicode"): writer._add_object(to_unicode.flate_encode()),
        }
    )


if __name__ == "__main__":
    main()
