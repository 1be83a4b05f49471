# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Making the dataset of a collection: its files, the table of its documents, its card.

Documents go by in the order of their keys, and a file ends with the document that fills it. So the files of a dataset
follow from the collection alone, and one whose documents and number are as they were is kept without reading them.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from .._errors import FarmError
from .._files import TemporaryFile
from .._records.codec import UnreadableRecordError
from .._records.dataset import DatasetPart, DatasetRow
from .._records.document import DocumentState
from .._records.names import (
    dataset_file_name,
    dataset_folder,
    dataset_part_uri,
    number_of_dataset_object,
    require_label,
)
from .._s3.objects import read_bytes_if_exists
from .._s3.parallel import READERS, read_each
from .._s3.uri import S3Uri
from .._status.account import Account, read_account
from .card import CardOptions, card
from .duplicates import Duplicates
from .folder import DatasetFolder
from .glossapi.processing import Processed, Processing
from .glossapi.stages import GlossapiOptions
from .metadata import MetadataTable
from .part_file import PartFile
from .record import line_of, row_of
from .source import Done, Text, done_documents, read_text
from .totals import DatasetTotals
from .unread import Unread

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Read = Callable[[Done], Text | str]

# Of the whole package: what glossAPI does is told in the same log.
LOG = logging.getLogger(__name__.rpartition(".")[0])

# Of lines, with another number files are made anew.
_FORMAT = 2
# Texts that are kept until their turn comes: each may have megabytes.
_TEXTS_AHEAD = 64
# Documents that are named one by one; the rest is counted.
MOST_NAMED = 25
# Of a file, before it is compressed; the document that fills it comes on top.
_MOST_FILE_BYTES = 4_000_000_000
_METADATA = "metadata.parquet"
MANIFEST = "manifest.json"
CARD = "README.md"
_JSON = "application/json"
_ZSTANDARD = "application/zstd"
_PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True)
class DatasetOptions:
    """What is to be made.

    Attributes:
        manifests: prefix of the cut that has the collection.
        summary_name: of that cut.
        results: prefix of the documents' results.
        card: what the card is to say.
        file_bytes: bytes of lines, before they are compressed, with which a file is full.
        glossapi: what glossAPI is to make of it.

    Raises:
        FarmError: the label is none, or a file would hold nothing, or more than S3 takes at once.
    """

    manifests: S3Uri
    summary_name: str
    results: S3Uri
    card: CardOptions
    file_bytes: int = 500_000_000
    glossapi: GlossapiOptions = field(default_factory=GlossapiOptions)

    def __post_init__(self) -> None:
        require_label(self.card.label, "The label")
        if not 1 <= self.file_bytes <= _MOST_FILE_BYTES:
            raise FarmError(
                f"file_bytes is {self.file_bytes}: a file must hold 1 byte or more, and {_MOST_FILE_BYTES} at most, as "
                "S3 takes 5 GB by one request."
            )

    @property
    def folder(self) -> S3Uri:
        """Where the dataset goes."""
        return dataset_folder(self.results, self.card.label)


@dataclass
class Dataset:
    """What was made.

    Attributes:
        totals: of its documents.
        account: documents of the collection by state.
        files: how many it has.
        bytes: of all of them.
        written: how many files are others than before.
        left_out: documents that are done, and whose text could not be read.
        problems: why, for the first :data:`MOST_NAMED` of these.
        changed: whether anything is another than before.
        glossapi: what glossAPI has made of it.
    """

    totals: DatasetTotals = field(default_factory=DatasetTotals)
    account: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    written: int = 0
    left_out: int = 0
    problems: list[str] = field(default_factory=list)
    changed: bool = False
    glossapi: Processed = field(default_factory=Processed)


def collect(client: S3Client, options: DatasetOptions, *, check_mode: bool = False) -> Dataset:
    """Make the dataset, or go on with it where an earlier run ended.

    Memory does not grow with the collection. In check mode it ends at the first file that would be another.

    Raises:
        NotYetError: there is no cut or no table.
        LaterSchemaError: a later version of the collection has made files of it.
        FarmError: no document is done, the table is malformed, another run makes the same dataset of other
            documents, glossAPI cannot run its stages, or there is no room on this machine.
        S3Error: S3 could not be read or written.
    """
    _summary, collection, account = read_account(
        client, options.manifests, options.results, options.summary_name, verify_outputs=False
    )
    made = Dataset(account=_states(account))
    if not made.account["done"]:
        raise FarmError(f"No document of {options.results} is done: there is no text to collect yet.")

    def read(document: Done) -> Text | str:
        return read_text(client, options.results, document)

    return write_dataset(client, options, made, done_documents(collection), read, check_mode=check_mode)


def write_dataset(
    client: S3Client,
    options: DatasetOptions,
    made: Dataset,
    documents: Iterator[Done],
    read: Read,
    *,
    check_mode: bool = False,
) -> Dataset:
    """Write what :func:`collect` does, of documents from anywhere.

    Args:
        client: of the S3 that takes the dataset.
        options: see there.
        made: has the account, and gets the rest.
        documents: in the order of their keys.
        read: returns what a document has come to, or why that cannot be told; is called in threads.
        check_mode: see :func:`collect`.

    Raises:
        FarmError: there is no room on this machine, or another run makes the same dataset of other documents.
        S3Error: S3 could not be read or written.
    """
    return _Making(client, options, made, read, check_mode=check_mode).make(documents)


def _states(account: Account) -> dict[str, int]:
    states: dict[DocumentState | None, str] = {DocumentState.DONE: "done", DocumentState.FAILED: "failed"}
    counts = {"input": 0, "done": 0, "failed": 0, "pending": 0}
    for (_shard, state), sums in account.sums.items():
        counts["input"] += sums.documents
        counts[states.get(state, "pending")] += sums.documents
    return counts


class _Making:
    """One dataset while it is made, file by file."""

    def __init__(
        self, client: S3Client, options: DatasetOptions, made: Dataset, read: Read, *, check_mode: bool
    ) -> None:
        self._client = client
        self._read = read
        self._options = options
        self._folder = DatasetFolder(client, options.folder)
        self._made = made
        self._check_mode = check_mode
        self._duplicates = Duplicates()
        self._metadata = MetadataTable()
        self._processing = Processing(client, self._folder, options.glossapi, check_mode=check_mode)
        made.glossapi = self._processing.made
        self._listed: list[dict[str, Any]] = []

    def make(self, done: Iterator[Done]) -> Dataset:
        """Make it of these documents."""
        documents = Unread(done)
        number = 0
        while not documents.are_over():
            saved = self._saved(number)
            if saved is not None and self._fits(saved, documents):
                part = saved
            elif self._check_mode:
                self._made.changed = True
                return self._made
            else:
                part = self._write(number, documents, saved)
            self._take(number, part)
            self._processing.take(number, part)
            number += 1
        self._metadata.close()
        self._made.files = number
        self._write_table()
        self._write_texts()
        self._delete_from(number)
        return self._made

    def _saved(self, number: int) -> DatasetPart | None:
        """Return what is known of the file with this number, if it is there as it was written."""
        uri = dataset_part_uri(self._folder.uri, number)
        body = read_bytes_if_exists(self._client, uri) if uri in self._folder.etags else None
        if body is None:
            return None
        try:
            part = DatasetPart.from_json(body, str(uri))
        except UnreadableRecordError as error:
            LOG.info("%s The file is made anew.", error)
            return None
        return part if part.etag == self._folder.etags.get(self._file_uri(number)) else None

    def _file_uri(self, number: int) -> S3Uri:
        return self._folder.uri.join(dataset_file_name(number))

    def _fits(self, part: DatasetPart, documents: Unread[Done]) -> bool:
        """Whether the file would be made the same of the next documents, which are then taken."""
        taken = documents.take(part.documents)
        if (
            part.inputs == self._inputs(taken)
            # What could not be read then may be there now.
            and part.documents == len(part.rows)
            and (part.full or documents.are_over())
            and all(row.duplicate_of == self._first(row) for row in part.rows)
        ):
            return True
        documents.put_back(taken)
        return False

    def _inputs(self, documents: Iterable[Done]) -> str:
        digest = sha256(f"{_FORMAT} {self._options.file_bytes}\n".encode())
        for document in documents:
            digest.update(document.uri.encode() + b"\n" + document.version)
        return digest.hexdigest()

    def _first(self, row: DatasetRow) -> str:
        return self._duplicates.first(row.text_sha256, row.doc_id)

    def _write(self, number: int, documents: Unread[Done], saved: DatasetPart | None) -> DatasetPart:
        """Make the file with this number of the next documents, in the place of ``saved``."""
        file = PartFile(self._options.file_bytes)
        taken: list[Done] = []
        # Those that are read ahead of their turn when the file is full are read again for the next.
        ahead: deque[Done] = deque()

        def read_ahead() -> Iterator[Done]:
            for document in documents:
                ahead.append(document)
                yield document

        with closing(read_each(self._read, read_ahead(), READERS, _TEXTS_AHEAD)) as texts:
            for document, found in texts:
                taken.append(ahead.popleft())
                if isinstance(found, Text):
                    row = row_of(document.uri, found.marker, found.markdown)
                    row = replace(row, duplicate_of=self._first(row))
                    file.add(row, line_of(row, found.markdown))
                else:
                    self._leave_out(document, found)
                if file.is_full:
                    break
        documents.put_back(ahead)
        file.close()
        part = DatasetPart(
            inputs=self._inputs(taken),
            documents=len(taken),
            full=file.is_full,
            sha256=file.file.sha256(),
            compressed_bytes=file.file.bytes,
            etag=saved.etag if saved is not None else "",
            rows=tuple(file.rows),
        )
        if saved is None or saved.sha256 != part.sha256:
            part = replace(part, etag=self._folder.put(self._file_uri(number), file.file, _ZSTANDARD))
            self._made.written += 1
        if part != saved:
            self._made.changed = True
            self._folder.put(dataset_part_uri(self._folder.uri, number), part.to_json(), _JSON)
        return part

    def _leave_out(self, document: Done, why: str) -> None:
        self._made.left_out += 1
        if len(self._made.problems) < MOST_NAMED:
            self._made.problems.append(f"{document.uri}: {why}.")

    def _take(self, number: int, part: DatasetPart) -> None:
        name = dataset_file_name(number)
        self._made.totals.add(part.rows)
        self._made.bytes += part.compressed_bytes
        self._metadata.add(name, part.rows)
        self._listed.append(
            {"name": name, "bytes": part.compressed_bytes, "sha256": part.sha256, "documents": len(part.rows)}
        )
        documents, done = self._made.totals.documents, self._made.account["done"]
        LOG.info("%d of %d documents in %d files, %.1f MB", documents, done, number + 1, self._made.bytes / 1e6)

    def _write_table(self) -> None:
        file = self._metadata.file
        self._listed.append({"name": _METADATA, "bytes": file.bytes, "sha256": file.sha256()})
        self._have(_METADATA, file, _PARQUET)

    def _write_texts(self) -> None:
        made = self._made
        made.changed |= made.glossapi.changed
        text = card(self._options.card, made.totals, made.account, made.left_out, made.glossapi)
        self._have(CARD, text.encode(), "text/markdown; charset=utf-8")
        self._have(MANIFEST, (json.dumps(self._manifest(), indent=1) + "\n").encode(), _JSON)

    def _manifest(self) -> dict[str, Any]:
        glossapi = self._made.glossapi
        made_by = {"glossapi": {"revision": glossapi.revision, "stages": glossapi.stages}} if glossapi.stages else {}
        return {"files": self._listed + glossapi.listed, **made_by}

    def _have(self, name: str, content: bytes | TemporaryFile, content_type: str) -> None:
        uri = self._folder.uri.join(name)
        if not self._folder.has(uri, content):
            self._made.changed = True
            if not self._check_mode:
                self._folder.put(uri, content, content_type)

    def _delete_from(self, number: int) -> None:
        """Delete the files from this number on, of a run that had more: whoever loads all would load them, too."""
        for uri in list(self._folder.etags):
            found = number_of_dataset_object(self._folder.uri, uri)
            if found is not None and found >= number:
                self._made.changed = True
                if not self._check_mode:
                    self._folder.delete(uri)
