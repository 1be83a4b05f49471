# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of a comparison of OCR backends: its pages, how each backend did, and what it read on each page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .codec import UnreadableRecordError, decode, encode


@dataclass(frozen=True)
class SamplePage:
    """A page that backends are compared on.

    Attributes:
        uri: of its document.
        etag: of the document that it was taken from.
        page: its number in the document, from 1.
        is_open: whether stage ``text`` has handed it on to stage ``ocr``.
    """

    uri: str = ""
    etag: str = ""
    page: int = 0
    is_open: bool = False


@dataclass(frozen=True)
class Sample:
    """The pages of a comparison, which stay as they are, so that a backend that comes later has the same.

    Without them nothing can be compared: whoever cannot read this stops.

    Attributes:
        wanted: how many were asked for.
        pages: those that were found, in their order.
        sha256: of the PDF of these pages, in hexadecimal digits.
        left_out: why documents that were to have pages here have none, a sentence each.
    """

    wanted: int = 0
    pages: tuple[SamplePage, ...] = ()
    sha256: str = ""
    left_out: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """Return the object's content."""
        return encode(vars(self) | {"pages": [vars(page) for page in self.pages]})

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Sample:
        """Return what the object found at ``where`` has.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "the sample of a comparison", where)


@dataclass(frozen=True)
class BackendRun:
    """How one backend did on the pages of a comparison; written when its readings are there.

    One that cannot be read counts as none: the backend is compared again.

    Attributes:
        backend: of the registry.
        options_hash: of its options, as markers have it.
        revision: of engine and models; empty where it did not start.
        sample: SHA-256 of the pages' PDF.
        problem: why it could not be compared, as a sentence; empty where it was.
        node: on which.
        slot: the GPU that it had, or what stands for one.
        workers: that shared it.
        start_seconds: until all workers were ready, the scan whose text is known included.
        seconds: from the first page to the last, without the start.
        price_per_hour: of the node in USD.
        slots: GPUs of the node, or what stands for them, that share its price.
    """

    backend: str = ""
    options_hash: str = ""
    revision: str = ""
    sample: str = ""
    problem: str = ""
    node: str = ""
    slot: str = ""
    workers: int = 0
    start_seconds: float = 0.0
    seconds: float = 0.0
    price_per_hour: float = 0.0
    slots: int = 1

    def to_json(self) -> bytes:
        """Return the object's content."""
        return encode(vars(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> BackendRun:
        """Return what the object found at ``where`` has.

        Raises:
            UnreadableRecordError: no slot shares the node's price.
            FarmError: see :func:`decode`.
        """
        name = "how a backend did in a comparison"
        run = decode(body, cls, name, where)
        if run.slots < 1:
            raise UnreadableRecordError(f"{where} is not {name} (slots is {run.slots}, and a node has 1 or more).")
        return run


@dataclass(frozen=True)
class Reading:
    """What a backend read on one page.

    Attributes:
        number: of the page in the sample, from 1.
        text: what stands on it; empty where nothing was read.
        verdict: on the text by itself; empty where the page was given up.
        score: of the text, 0 to 1.
        seconds: the page's share of the time of the call that it was read in.
        together: how many pages that call had.
        failure: why the page was given up; empty where it was not.
    """

    number: int = 0
    text: str = ""
    verdict: str = ""
    score: float = 0.0
    seconds: float = 0.0
    together: int = 0
    failure: str = ""

    def to_json(self) -> bytes:
        """Return the line of the page."""
        return encode(vars(self))

    @classmethod
    def from_json(cls, body: bytes, where: str) -> Reading:
        """Return what a line of the object found at ``where`` has.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "what a backend read on a page", where)


def readings_to_jsonl(readings: Iterable[Reading]) -> bytes:
    """Return the lines of all pages."""
    return b"".join(reading.to_json() for reading in readings)


def readings_from_jsonl(body: bytes, where: str) -> tuple[Reading, ...]:
    """Return what the lines of the object found at ``where`` have.

    Raises:
        FarmError: see :func:`decode`.
    """
    # Only at line feeds: texts may have other characters that some take for a line's end.
    return tuple(Reading.from_json(line, where) for line in body.split(b"\n") if line)
