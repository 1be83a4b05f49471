# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of each file of a dataset.

What it was made from, what it says of its documents but their text, and what glossAPI has made of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .codec import decode, encode


@dataclass(frozen=True)
class DatasetRow:
    """A document of a dataset. No field is ever null, as loaders take a column's type from its first rows.

    Attributes:
        doc_id: SHA-256 of the document's key, in hexadecimal digits.
        filename: the key's last part without its suffix, as glossAPI names documents.
        uri: of the document.
        etag: of the document that was read.
        pages: of the document, 0 where nobody knows.
        bytes: of the text as UTF-8.
        characters: of the text.
        text_sha256: of the text, in hexadecimal digits.
        duplicate_of: ``doc_id`` of the first document that has the same text; empty for the first itself.
        verdict: on the text; ``unmeasured`` where it was not measured.
        score: of the text, 0 to 1; 0 where it was not measured.
        pages_layer: pages whose text is their text layer.
        pages_ocr: pages that were recognised.
        pages_program: pages, or sections of about 2,000 characters, that a command of the operator's has made.
        pages_good: pages of each verdict.
        pages_poor: see ``pages_good``.
        pages_empty: see ``pages_good``.
        pages_blank: see ``pages_good``.
        formulas_found: by stage ``math``.
        formulas_read: of these.
        stage: that ended the document.
        pipeline: by which.
        revision: of the pipeline; empty where it has none.
        options_hash: of its options.
        weights: digest of the list of its models' weights; empty where they were not pinned.
        finished_at: as ``2026-11-27 22:00:00 UTC``; empty where nobody knows.
    """

    doc_id: str = ""
    filename: str = ""
    uri: str = ""
    etag: str = ""
    pages: int = 0
    bytes: int = 0
    characters: int = 0
    text_sha256: str = ""
    duplicate_of: str = ""
    verdict: str = ""
    score: float = 0.0
    pages_layer: int = 0
    pages_ocr: int = 0
    pages_program: int = 0
    pages_good: int = 0
    pages_poor: int = 0
    pages_empty: int = 0
    pages_blank: int = 0
    formulas_found: int = 0
    formulas_read: int = 0
    stage: str = ""
    pipeline: str = ""
    revision: str = ""
    options_hash: str = ""
    weights: str = ""
    finished_at: str = ""


@dataclass(frozen=True)
class DatasetPart:
    """What one file of a dataset was made from, by which it is kept as it is while that does not change.

    Attributes:
        inputs: digest of the documents that it was made from, and of how.
        documents: how many these are.
        full: whether it had reached its size; another document may have its place in one that had not.
        sha256: of the file, in hexadecimal digits.
        compressed_bytes: of the file.
        etag: of the file.
        rows: its documents, in their order.
    """

    inputs: str = ""
    documents: int = 0
    full: bool = False
    sha256: str = ""
    compressed_bytes: int = 0
    etag: str = ""
    rows: tuple[DatasetRow, ...] = ()

    def to_json(self) -> bytes:
        """Return the object's content."""
        return encode(vars(self) | {"rows": [vars(row) for row in self.rows]})

    @classmethod
    def from_json(cls, body: bytes, where: str) -> DatasetPart:
        """Return what the object found at ``where`` has.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "a part of a dataset", where)


@dataclass(frozen=True)
class GlossapiProduct:
    """A file that glossAPI has made.

    Attributes:
        name: in the dataset's folder.
        bytes: of it.
        sha256: of it, in hexadecimal digits.
        etag: of it.
    """

    name: str = ""
    bytes: int = 0
    sha256: str = ""
    etag: str = ""


@dataclass(frozen=True)
class GlossapiPart:
    """What glossAPI has made of one file of a dataset, which is kept while that file and how it is made do not change.

    Where it cannot be read glossAPI's stages are run again on that file.

    Attributes:
        inputs: digest of the dataset's file, of the stages, and of glossAPI's revision.
        stages: that were run, in their order.
        revision: glossAPI's version, and its commit where that is known.
        documents: of the dataset's file.
        problems: a stage that failed, and documents that a stage has left out; empty where all went well.
        products: the files.
    """

    inputs: str = ""
    stages: tuple[str, ...] = ()
    revision: str = ""
    documents: int = 0
    problems: tuple[str, ...] = ()
    products: tuple[GlossapiProduct, ...] = ()

    def to_json(self) -> bytes:
        """Return the object's content."""
        return encode(vars(self) | {"products": [vars(product) for product in self.products]})

    @classmethod
    def from_json(cls, body: bytes, where: str) -> GlossapiPart:
        """Return what the object found at ``where`` has.

        Raises:
            FarmError: see :func:`decode`.
        """
        return decode(body, cls, "what glossAPI has made of a part of a dataset", where)
