# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""PDFs of the kinds that a person reads without a thought and a program may not."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from io import BytesIO

from font_roboto import font_files
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FONT = "Roboto"
_INVISIBLE = 3
# In Adobe's collection of Chinese glyphs.
_SPACE, _FIRST_GLYPH, _SMALL_GREEK = 1, 549, "αβγδεζηθικλμνξοπρστυφχψω"
pdfmetrics.registerFont(TTFont(_FONT, font_files[_FONT]))

HEBREW = "הפרק הזה מתאר כיצד מפלס מי התהום במישור משתנה כאשר החקלאים משקים את השדות בלילה"
COLUMNS = (
    "στην πεδιαδα τα νερα ανεβηκαν δυο μετρα",
    "οταν οι γεωργοι ποτιζουν τη νυχτα",
    "και η παραγωγη δεν αλλαζει καθολου",
)
# A title page, numbers of pages, a plate's caption, the letter of an appendix.
SHORT_PAGES = (["ΔΙΔΑΚΤΟΡΙΚΗ ΔΙΑΤΡΙΒΗ", "Μυτιλήνη 2014"], ["iv"], ["17"], ["Εικόνα 3. Ο χάρτης."], ["Β΄"])
RUSSIAN = (
    "В этой главе описано, как меняется уровень подземных вод",
    "на равнине, когда крестьяне поливают свои поля ночью.",
    "Двенадцать колодцев измеряли три года, и результаты",
    "сравнили с количеством осадков в каждой деревне.",
)


def joined(*documents: bytes) -> bytes:
    """Return the pages of all documents in one."""
    writer = PdfWriter()
    for document in documents:
        for page in PdfReader(BytesIO(document)).pages:
            writer.add_page(page)
    return _bytes_of(writer)


def lines(*pages: Sequence[str]) -> bytes:
    """Return a PDF with these lines on each page."""
    body = BytesIO()
    canvas = Canvas(body)
    for page in pages:
        canvas.setFont(_FONT, 12)
        for number, text in enumerate(page):
            canvas.drawString(72, 800 - 14 * number, text)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def sideways(texts: Sequence[str]) -> bytes:
    """Return a page whose lines run upwards, as a wide table's do."""
    body = BytesIO()
    canvas = Canvas(body, pagesize=A4)
    canvas.rotate(90)
    canvas.setFont(_FONT, 11)
    for number, text in enumerate(texts):
        canvas.drawString(60, -60 - 14 * number, text)
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def turned(document: bytes) -> bytes:
    """Return the document with pages that a reader turns by a quarter before they are shown."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(document)))
    for page in writer.pages:
        page[NameObject("/Rotate")] = page.rotate(90)["/Rotate"]
    return _bytes_of(writer)


def from_top_to_bottom(texts: Sequence[str] = COLUMNS) -> bytes:
    """Return a page whose lines run down, as in Chinese books, the first one on the right."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light", isVertical=True))
    body = BytesIO()
    canvas = Canvas(body, pageCompression=0)
    canvas.setFont("STSong-Light", 14)
    for column, text in enumerate(texts):
        glyphs = [_FIRST_GLYPH + _SMALL_GREEK.index(char) if char != " " else _SPACE for char in text]
        canvas.drawString(500 - 30 * column, 780, "".join(map(chr, glyphs)))
    canvas.showPage()
    canvas.save()
    # PDFium does not know the table that reportlab names; it does know the numbers of the font's glyphs.
    return body.getvalue().replace(b"/UniGB-UCS2-V", b"/Identity-V  ")


def right_to_left(text: str = HEBREW) -> bytes:
    """Return a page with a line of Hebrew, its letters one after the other from the left, as typesetters write them.

    The font has none: other letters are seen, and the text layer says which they are.
    """
    letters = sorted(set(text) - {" "})
    drawn = dict(zip(letters, (chr(ord("а") + number) for number in range(len(letters))), strict=True))
    document = lines(["".join(drawn.get(char, char) for char in reversed(text))])
    return _with_letters(document, {shown: letter for letter, shown in drawn.items()})


def in_language(document: bytes, language: str) -> bytes:
    """Return the document as one that says it is in another language than it may be."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(document)))
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    return _bytes_of(writer)


def written(texts: Sequence[str]) -> Image.Image:
    """Return a picture of lines of text at 150 dpi."""
    picture = Image.new("L", (1240, 1754), 255)
    font = ImageFont.truetype(font_files[_FONT], 30)
    ImageDraw.Draw(picture).multiline_text((110, 120), "\n".join(texts), 20, font, spacing=14)
    return picture


def scribbled(seed: int) -> Image.Image:
    """Return a picture of scribbles, some of which are taken for letters."""
    chance = random.Random(seed)
    picture = Image.new("L", (1240, 1754), 255)
    draw = ImageDraw.Draw(picture)
    for _line in range(12):
        x, y = chance.randint(100, 900), chance.randint(100, 1600)
        points = [(x, y)]
        for _point in range(20):
            x, y = x + chance.randint(5, 22), y + chance.randint(-25, 25)
            points.append((x, y))
        draw.line(points, fill=0, width=4, joint="curve")
    return picture


def pictured(*pictures: Image.Image, layer: Sequence[str] = ()) -> bytes:
    """Return a page for each picture, with the lines of an invisible text layer over each."""
    body = BytesIO()
    canvas = Canvas(body, pagesize=A4)
    for picture in pictures:
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        text = canvas.beginText(80, 700)
        text.setFont(_FONT, 12, leading=60)
        text.setTextRenderMode(_INVISIBLE)
        text.textLines("\n".join(layer))
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def drawing(*labels: str) -> bytes:
    """Return a page of lines and boxes with a letter here and there."""
    body = BytesIO()
    canvas = Canvas(body)
    for number, label in enumerate(labels):
        canvas.rect(60 + 40 * number, 600 - 30 * number, 80, 50)
        canvas.drawString(90 + 40 * number, 620 - 30 * number, label)
    canvas.showPage()
    canvas.save()
    return body.getvalue()


def _with_letters(document: bytes, letters: Mapping[str, str]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(document)))

    def exchange(row: re.Match[bytes]) -> bytes:
        shown = chr(int(row[2], 16))
        return b"<%s> <%04X>" % (row[1], ord(letters.get(shown, shown)))

    for item in writer._objects:
        mapping = item.get("/ToUnicode") if isinstance(item, DictionaryObject) else None
        stream = mapping.get_object() if mapping is not None else None
        if isinstance(stream, StreamObject):
            stream.set_data(re.sub(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4})>", exchange, stream.get_data()))
    return _bytes_of(writer)


def _bytes_of(writer: PdfWriter) -> bytes:
    body = BytesIO()
    writer.write(body)
    return body.getvalue()
