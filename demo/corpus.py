# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the demo's documents: Greek academic work in miniature, and everything that goes wrong in one.

Real PDF libraries write them: reportlab the text, Pillow the scan, pypdf the encrypted one.
"""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

from font_roboto import font_files
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, StreamObject
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_SEED = 1821
_THESES = 48
_LONGEST_THESIS_PAGES = 120
_LINES_PER_PAGE = 42
_SENTENCES_PER_PAGE = 24
_FONT = "Roboto"
_FONT_FILE = font_files["Roboto"]
_TOPICS = ("Αρχαιολογία", "Υδρογεωλογία", "Μηχανική μάθηση", "Νεοελληνική φιλολογία", "Σεισμολογία", "Δίκαιο")
# A sentence takes one of each, so that a page hardly says the same twice, as prose does not.
_PARTS = (
    (
        "Στην παρούσα διατριβή", "Κατά την έρευνα πεδίου", "Στο δεύτερο κεφάλαιο", "Από τη βιβλιογραφία",
        "Με βάση τις μετρήσεις", "Σε κάθε σταθμό", "Για πρώτη φορά", "Παρά τις δυσκολίες",
        "Σύμφωνα με τα αρχεία", "Όπως έχει δειχθεί", "Έπειτα από σύγκριση", "Στην ίδια περίοδο",
    ),
    (
        "ο συγγραφέας", "η μελέτη αυτή", "η ομάδα μας", "ο επιβλέπων", "η επιτροπή", "το εργαστήριο",
        "η δεύτερη ανάλυση", "ο κατάλογος", "η νέα μέθοδος", "το πείραμα", "η προηγούμενη εργασία", "ο ερευνητής",
    ),
    (
        "εξετάζει αναλυτικά", "περιγράφει", "παρουσιάζει με σαφήνεια", "υπολογίζει εκ νέου", "συγκρίνει",
        "αμφισβητεί", "τεκμηριώνει", "επιβεβαιώνει εν μέρει", "συνοψίζει", "ερμηνεύει", "αναθεωρεί", "καταγράφει",
    ),
    (
        "τις μεθόδους συλλογής του δείγματος", "τη μέση τιμή της σειράς", "τα όρια του μοντέλου",
        "την εξέλιξη των οικισμών", "τη χρονολόγηση των ευρημάτων", "τις επιπτώσεις στο περιβάλλον",
        "την ποιότητα του νερού", "τα κείμενα της εποχής", "τη συχνότητα των σεισμών",
        "τις αποφάσεις των δικαστηρίων", "τη γλώσσα των μαθητών", "την αντοχή των υλικών",
    ),
    (
        "και θέτει νέα ερωτήματα", "χωρίς να εξαντλεί το θέμα", "με στοιχεία από δύο αρχεία", "ως προς τον χρόνο",
        "σε τρεις περιοχές της χώρας", "μετά τον πόλεμο", "για λόγους που εξηγούνται παρακάτω",
        "και ευχαριστεί όσους βοήθησαν", "με τη βοήθεια ερωτηματολογίου", "όσο το επιτρέπουν οι πηγές",
        "και στις δύο γλώσσες", "πριν από την τελική κρίση",
    ),
)  # fmt: skip
_ENGLISH = "The corpus was annotated twice, and the agreement between annotators is reported."

pdfmetrics.registerFont(TTFont(_FONT, _FONT_FILE))


def write_corpus(folder: Path) -> list[Path]:
    """Write every document below ``folder`` that is not there yet, and return all their paths.

    The documents are the same at every run, byte for byte except for the encrypted one.
    """
    chance = random.Random(_SEED)
    documents: dict[str, Callable[[], bytes]] = {}
    for number in range(1, _THESES + 1):
        # Page counts of theses are heavy-tailed: most are short, a few are very long.
        pages = min(_LONGEST_THESIS_PAGES, int(2 + chance.paretovariate(0.9)))
        seed = chance.randrange(2**32)
        documents[f"theses/{number // 20:02d}/thesis-{number:03d}.pdf"] = partial(thesis, pages, seed)
    documents |= {
        "university-a/report.pdf": lambda: thesis(6, 1),
        "university-b/report.pdf": lambda: thesis(9, 2),
        "university-b/Έκθεση πεπραγμένων.PDF": lambda: thesis(4, 3),
        "scans/typescript-1962.pdf": lambda: scan(2, 4),
        "scans/separator-sheets.pdf": lambda: as_pdf([_sheet(), _sheet()]),
        "drawings/faults-of-the-basin.pdf": drawing,
        "broken/encrypted.pdf": lambda: encrypted(thesis(3, 5)),
        "broken/half-an-upload.pdf": lambda: thesis(3, 6)[:1500],
        "broken/empty.pdf": lambda: b"",
        "broken/wrong-encoding.pdf": lambda: thesis(2, 7, in_wrong_encoding),
        "broken/wrong-layer.pdf": lambda: with_wrong_layer(thesis(1, 8)),
    }
    return [_write_once(folder / name, make) for name, make in documents.items()]


def thesis(pages: int, seed: int, change: Callable[[str], str] = str) -> bytes:
    """Return a PDF with a text layer, mostly Greek; A4, ``pages`` pages, each line as ``change`` has it."""
    chance = random.Random(seed)
    body = BytesIO()
    # invariant: no time of day and no random id, so that the same seed gives the same bytes.
    canvas = Canvas(body, pagesize=A4, invariant=1)
    for page in range(1, pages + 1):
        text = canvas.beginText(60, A4[1] - 70)
        text.setFont(_FONT, 11, leading=16)
        for line in page_lines(chance, page):
            text.textLine(change(line))
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return body.getvalue()


def scan(pages: int, seed: int) -> bytes:
    """Return a PDF whose pages are pictures of text at 150 dpi, with no text layer."""
    chance = random.Random(seed)
    font = ImageFont.truetype(_FONT_FILE, 26)
    pictures = []
    for page in range(1, pages + 1):
        picture = _sheet()
        ImageDraw.Draw(picture).multiline_text((110, 120), "\n".join(page_lines(chance, page)), 20, font, spacing=12)
        pictures.append(picture)
    return as_pdf(pictures)


def as_pdf(pictures: list[Image.Image]) -> bytes:
    """Return a PDF with a picture at 150 dpi on each page, and no text layer."""
    body = BytesIO()
    pictures[0].save(body, "PDF", resolution=150, save_all=True, append_images=pictures[1:])
    return body.getvalue()


def drawing() -> bytes:
    """Return a PDF with a page of lines alone: nothing is to be read on it, and only who looks at it can tell."""
    body = BytesIO()
    canvas = Canvas(body, pagesize=A4, invariant=1)
    canvas.line(40, 40, A4[0] - 40, A4[1] - 60)
    canvas.line(40, A4[1] / 2, A4[0] - 90, 40)
    canvas.save()
    return body.getvalue()


def _sheet() -> Image.Image:
    """Return an empty page of A4."""
    return Image.new("L", (1240, 1754), 255)


def in_wrong_encoding(line: str) -> str:
    """Return a line of Greek as it looks where its bytes are taken for Western European ones."""
    return line.encode("cp1253").decode("latin-1")


def with_wrong_layer(document: bytes) -> bytes:
    """Return the document with pages that look as before, and a text layer in the letters of a wrong encoding."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(document)))
    for item in writer._objects:
        mapping = (
            item["/ToUnicode"].get_object() if isinstance(item, DictionaryObject) and "/ToUnicode" in item else None
        )
        if isinstance(mapping, StreamObject):
            mapping.set_data(re.sub(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4})>", _wrong_letter, mapping.get_data()))
    body = BytesIO()
    writer.write(body)
    return body.getvalue()


def _wrong_letter(line: re.Match[bytes]) -> bytes:
    letter = chr(int(line[2], 16)).encode("cp1253", "ignore").decode("latin-1")
    return b"<%s> <%04X>" % (line[1], ord(letter or " "))


def encrypted(document: bytes) -> bytes:
    """Return the document so that it opens with a password only."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(document)))
    writer.encrypt(user_password="unknown", algorithm="AES-256")
    body = BytesIO()
    writer.write(body)
    return body.getvalue()


def page_lines(chance: random.Random, page: int) -> list[str]:
    """Return the lines of one page; a document's pages draw from one ``chance`` in their order."""
    heading = f"{page}. {chance.choice(_TOPICS)}"
    sentences = [" ".join(map(chance.choice, _PARTS)) + "." for _number in range(_SENTENCES_PER_PAGE)]
    prose = " ".join([*sentences[:-1], _ENGLISH, sentences[-1]])
    return [heading, "", *textwrap.wrap(prose, 78)][:_LINES_PER_PAGE]


def _write_once(path: Path, make: Callable[[], bytes]) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())
    return path
